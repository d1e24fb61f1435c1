#include "platform/service/record_service.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <stop_token>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "platform/app/app.h"
#include "platform/crypto/field_cipher.h"
#include "platform/crypto/keyring.h"
#include "platform/events/feed_server.h"
#include "platform/resource/data_keys.h"
#include "platform/resource/registry.h"
#include "platform/rpc/server.h"
#include "platform/service/app_peers.h"
#include "platform/service/assembly.h"
#include "platform/service/evidence_gauges.h"
#include "platform/service/followers.h"
#include "platform/service/pause.h"
#include "platform/service/reading_journal.h"
#include "platform/service/store_metrics.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "platform/store/audit.h"
#include "platform/store/followers.h"
#include "platform/store/housekeeping.h"
#include "platform/store/outbox.h"
#include "platform/store/store.h"

namespace fivestrand::service {
namespace {

constexpr absl::Duration kJobTimeout = absl::Seconds(30);
constexpr absl::Duration kHousekeepingInterval = absl::Minutes(10);
constexpr absl::Duration kGaugeInterval = absl::Seconds(15);
constexpr absl::Duration kUpkeepInterval = absl::Seconds(15);
// The journal looks again after this, or sooner when looking is quick: it is at work for a tenth of the time at most.
constexpr absl::Duration kJournalInterval = absl::Seconds(15), kJournalLeast = absl::Seconds(1);
// Without a new event measures change with the hour at most: a lesson ends, a day is over.
constexpr absl::Duration kGaugeMaxAge = absl::Minutes(30);
constexpr std::int64_t kHousekeepingRows = 1000;

// Every service that this one calls, once.
std::vector<std::string> PeerNames(const RecordServiceSpec& spec) {
  std::vector<std::string> names = spec.peers;
  for (const events::FollowSpec& follow : spec.follows) names.push_back(follow.source);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

// Lives from registration to the end of the program.
class RecordService {
 public:
  RecordService(app::Service& service, RecordServiceSpec spec)
      : service_(service),
        spec_(std::move(spec)),
        db_url_(service.config().Text(
            "db_url", "",
            "Where the records are: sqlite:PATH or postgresql://...; empty means a SQLite file in the data directory.")),
        keyring_file_(service.config().Path(
            "keyring_file", "",
            "Keys that protect confidential fields; empty means keyring.json in the data directory, made at the first start.")),
        outbox_age_(
            service.config().Duration("outbox_age", absl::Hours(24 * 30),
                                      "How long events are kept at most; a follower that was away for longer takes a snapshot.")),
        outbox_least_age_(service.config().Duration("outbox_least_age", absl::Hours(24),
                                                    "How long events are kept at least, also when all followers have them.")),
        migrate_(service.config().Choice("migrations", "apply", {"apply", "check"},
                                         "Whether a start brings the schema up to date, or refuses one that is not.")),
        peers_(service, PeerNames(spec_)) {}

  absl::Status Start() {
    FIVESTRAND_RETURN_IF_ERROR(Open(store::AccessMode::kServe));
    FIVESTRAND_RETURN_IF_ERROR(peers_.Open());
    parts_.peers = &peers_;
    FIVESTRAND_ASSIGN_OR_RETURN(std::unique_ptr<rpc::Server> server,
                                Assemble(spec_, &service_.ids(), service_.start_deadline(), service_.NewServerOptions(), &parts_));
    FIVESTRAND_RETURN_IF_ERROR(parts_.feed->Start());
    service_.AddCleanup("store", [this] { Close(); });
    service_.AddServer(std::move(server));
    service_.AddJob("housekeeping", [this](const std::stop_token& stop) { Housekeep(stop); });
    if (spec_.gauges || parts_.evidence)
      service_.AddJob("element gauges", [this](const std::stop_token& stop) { MeasureElements(stop); });
    if (spec_.upkeep) service_.AddJob("upkeep", [this](const std::stop_token& stop) { KeepUp(stop); });
    if (parts_.evidence) service_.AddJob("reading journal", [this](const std::stop_token& stop) { KeepJournal(stop); });
    return absl::OkStatus();
  }

  // When all servers of the program listen.
  absl::Status Started() {
    std::vector<std::string> needed;
    for (const events::FollowSpec& follow : spec_.follows) {
      if (!follow.effect) needed.push_back(follow.source);
    }
    FIVESTRAND_RETURN_IF_ERROR(peers_.Connect(needed));
    followers_ = std::make_unique<Followers>(service_, spec_, peers_, *parts_.registry);
    // Before the servers: what they wait for would otherwise be our own streams.
    service_.OnShutdown("followers", [this](absl::Time) {
      followers_->Stop();
      peers_.Close();
    });
    followers_->Start();
    return absl::OkStatus();
  }

  // The public keys of this service's own tokens.
  int PublicKeys() {
    if (const absl::Status status = peers_.Open(); !status.ok()) return Fail("keys public", status);
    std::cout << peers_.Jwks() << "\n";
    return app::kExitOk;
  }

  // Prints what it found; exit code 1 for a broken chain.
  int VerifyAudit() {
    absl::StatusOr<store::AuditReport> report = absl::InternalError("not read");
    absl::Status status = Open(store::AccessMode::kReadOnly);
    if (status.ok()) {
      status = parts_.store->Read(absl::InfiniteFuture(), [&](store::Session& session) {
        report = store::VerifyAudit(session);
        return report.status();
      });
    }
    if (!status.ok()) return Fail("audit verify", status);
    if (report->first_broken) {
      std::cout << service_.name() << ": row " << *report->first_broken << " is broken: " << report->reason << "; the "
                << report->rows << " rows before it are right\n";
      return app::kExitFailure;
    }
    std::cout << service_.name() << ": " << report->rows << " rows, the chain holds\n";
    return app::kExitOk;
  }

  int Migrate() {
    absl::Status status = Open(store::AccessMode::kServe, store::MigrationMode::kApply);
    if (!status.ok()) return Fail("store migrate", status);
    std::cout << service_.name() << ": the schema is up to date\n";
    return app::kExitOk;
  }

  int Backup(const std::vector<std::string>& arguments) {
    if (arguments.size() != 1) {
      std::cerr << "store backup takes one directory\n";
      return app::kExitUsage;
    }
    absl::Status status = Open(store::AccessMode::kReadOnly);
    const std::string path = (std::filesystem::path(arguments[0]) / absl::StrCat(service_.name(), ".db")).string();
    if (status.ok()) status = parts_.store->BackupTo(path);
    if (!status.ok()) return Fail("store backup", status);
    std::cout << service_.name() << ": written to " << path << "\n";
    return app::kExitOk;
  }

  // A new version of the keyring, and every trust's data keys wrapped with it. Not while the service runs on SQLite.
  int RotateKeys() {
    absl::Status status = Open(store::AccessMode::kServe);
    if (!status.ok()) return Fail("keys rotate", status);
    absl::StatusOr<uint32_t> version = crypto::Keyring::Rotate(keyring_path_, service_.clock()());
    if (!version.ok()) return Fail("keys rotate", version.status());
    absl::StatusOr<std::shared_ptr<const crypto::Keyring>> rotated = crypto::Keyring::Load(keyring_path_);
    if (!rotated.ok()) return Fail("keys rotate", rotated.status());
    parts_.cipher->SetKeyring(*rotated);
    std::vector<std::string> trusts;
    status = parts_.store->Read(absl::InfiniteFuture(), [&](store::Session& session) {
      return session.Query("SELECT DISTINCT trust FROM data_key", {}, [&](const store::Row& row) {
        trusts.emplace_back(row.Text(0));
        return absl::OkStatus();
      });
    });
    int rewrapped = 0;
    for (const std::string& trust : trusts) {
      if (!status.ok()) break;
      absl::StatusOr<int> count = parts_.cipher->Rewrap(trust);
      status = count.status();
      if (count.ok()) rewrapped += *count;
    }
    if (!status.ok()) return Fail("keys rotate", status);
    std::cout << service_.name() << ": keyring version " << *version << " is primary, " << rewrapped
              << " data keys wrapped again\n";
    return app::kExitOk;
  }

 private:
  int Fail(std::string_view what, const absl::Status& status) {
    std::cerr << what << " (" << service_.name() << "): " << status.message();
    if (const std::string cause = status::HiddenCause(status); !cause.empty()) std::cerr << " (" << cause << ")";
    std::cerr << "\n";
    return app::kExitFailure;
  }

  absl::Status Open(store::AccessMode access, std::optional<store::MigrationMode> migrations = std::nullopt) {
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string directory, service_.DataDirectory());
    keyring_path_ = keyring_file_->empty() ? directory + "/keyring.json" : *keyring_file_;
    if (keyring_file_->empty() && !std::filesystem::exists(keyring_path_)) {
      FIVESTRAND_RETURN_IF_ERROR(crypto::Keyring::Create(keyring_path_, service_.clock()()));
    }
    FIVESTRAND_ASSIGN_OR_RETURN(parts_.keyring, crypto::Keyring::Load(keyring_path_));
    const std::string url = db_url_->empty() ? absl::StrCat("sqlite:", directory, "/", service_.name(), ".db") : *db_url_;
    const std::vector<store::MigrationSeries> series = AllMigrations(spec_);
    store::StoreOptions options;
    options.access = access;
    options.migrations =
        migrations.value_or(*migrate_ == "apply" ? store::MigrationMode::kApply : store::MigrationMode::kRequireCurrent);
    options.clock = service_.clock();
    if (access == store::AccessMode::kServe) options.observer = NewStoreMetrics(service_.name(), &service_.metrics());
    absl::StatusOr<std::unique_ptr<store::Store>> store = store::Store::Open(url, series, std::move(options));
    if (absl::IsFailedPrecondition(store.status())) return app::SchemaMismatch(StdView(store.status().message()));
    FIVESTRAND_RETURN_IF_ERROR(store.status());
    parts_.store = *std::move(store);
    parts_.keys = resource::NewDataKeyStore(parts_.store.get());
    parts_.cipher = crypto::FieldCipher::Create(parts_.keyring, parts_.keys.get(), {.clock = service_.clock()});
    return absl::OkStatus();
  }

  // Assigning would end them from the first to the last, the store before the feed that reads it.
  void Close() { const Assembly closing = std::move(parts_); }

  // A job that failed is tried again later; the cause is for the log only.
  void Warn(std::string_view what, const absl::Status& status) {
    const std::string cause = status::HiddenCause(status);
    service_.logger().Warning(what, {{"service", service_.name()}, {"error", StdView(status.message())}, {"cause", cause}});
  }

  void Housekeep(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const absl::Time now = service_.clock()();
      absl::Status status;
      while (!stop.stop_requested()) {
        absl::StatusOr<std::int64_t> count =
            store::DeleteExpiredIdempotency(*parts_.store, absl::Now() + kJobTimeout, now, kHousekeepingRows);
        status.Update(count.status());
        if (!count.ok() || *count < kHousekeepingRows) break;
      }
      status.Update(TrimOutbox(now, stop));
      if (!status.ok()) Warn("housekeeping failed", status);
      Pause(stop, kHousekeepingInterval);
    }
  }

  absl::Status TrimOutbox(absl::Time now, const std::stop_token& stop) {
    FIVESTRAND_RETURN_IF_ERROR(store::ForgetFollowers(*parts_.store, absl::Now() + kJobTimeout, now - *outbox_age_).status());
    std::int64_t up_to = 0;
    FIVESTRAND_RETURN_IF_ERROR(parts_.store->Read(absl::Now() + kJobTimeout, [&](store::Session& session) -> absl::Status {
      FIVESTRAND_ASSIGN_OR_RETURN(up_to, store::TrimmableCursor(session, now, *outbox_least_age_, *outbox_age_));
      return absl::OkStatus();
    }));
    while (up_to > 0 && !stop.stop_requested()) {
      FIVESTRAND_ASSIGN_OR_RETURN(std::int64_t count,
                                  store::TrimOutbox(*parts_.store, absl::Now() + kJobTimeout, up_to, kHousekeepingRows));
      if (count < kHousekeepingRows) break;
    }
    return absl::OkStatus();
  }

  void KeepJournal(const std::stop_token& stop) {
    auto& written = prometheus::BuildCounter()
                        .Name("fivestrand_readings_written_total")
                        .Help("Readings of closed periods that were kept, corrected or withdrawn.")
                        .Register(service_.metrics())
                        .Add({{"service", service_.name()}});
    std::vector<std::string> mirrors;
    for (const auto& entry : parts_.registry->entries()) {
      if (entry->mirror) mirrors.push_back(entry->declaration->table);
    }
    ReadingJournal journal(*parts_.store, parts_.evidence, service_.name(), std::move(mirrors));
    while (!stop.stop_requested()) {
      const absl::Time began = absl::Now();
      const absl::StatusOr<ReadingJournal::Outcome> outcome = journal.Update(service_.clock()(), stop);
      if (outcome.ok()) {
        written.Increment(static_cast<double>(outcome->written + outcome->withdrawn));
      } else {
        Warn("reading journal failed", outcome.status());
      }
      Pause(stop, outcome.ok() ? std::clamp(9 * (absl::Now() - began), kJournalLeast, kJournalInterval) : kJournalInterval);
    }
  }

  void KeepUp(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const absl::Status status = spec_.upkeep(*parts_.registry, service_.clock()(), absl::Now() + kJobTimeout);
      if (!status.ok()) {
        Warn("upkeep failed", status);
      }
      Pause(stop, kUpkeepInterval);
    }
  }

  void MeasureElements(const std::stop_token& stop) {
    auto& family = prometheus::BuildGauge()
                       .Name("fivestrand_element_measure")
                       .Help("Newest value of a measure of the improvement model; school is empty for the trust as a whole.")
                       .Register(service_.metrics());
    prometheus::Family<prometheus::Gauge>* open_family = nullptr;
    if (spec_.open_counts) {
      open_family = &prometheus::BuildGauge()
                         .Name("fivestrand_improvement_open")
                         .Help("Open concerns and improvement threads by school and strand, those about one person left out.")
                         .Register(service_.metrics());
    }
    std::vector<prometheus::Gauge*> shown, open_shown;
    std::int64_t measured_cursor = -1;
    absl::Time measured = absl::InfinitePast();
    while (!stop.stop_requested()) {
      std::vector<ElementGauge> values;
      std::vector<OpenCount> open;
      const absl::Time now = service_.clock()();
      bool unchanged = false;
      absl::Status status = parts_.store->Read(absl::Now() + kJobTimeout, [&](store::Session& session) -> absl::Status {
        FIVESTRAND_ASSIGN_OR_RETURN(const store::OutboxHead head, store::ReadOutboxHead(session));
        unchanged = head.last_cursor == measured_cursor && now - measured < kGaugeMaxAge;
        if (unchanged) return absl::OkStatus();
        FIVESTRAND_RETURN_IF_ERROR(spec_.gauges ? spec_.gauges(*parts_.registry, session, now, &values)
                                                : ReadEvidenceGauges(*parts_.evidence, session, now, &values));
        if (spec_.open_counts) FIVESTRAND_RETURN_IF_ERROR(spec_.open_counts(*parts_.registry, session, &open));
        measured_cursor = head.last_cursor;
        measured = now;
        return absl::OkStatus();
      });
      if (unchanged) {
        Pause(stop, kGaugeInterval);
        continue;
      }
      if (status.ok()) {
        // What has no value any more must not go on showing its last one.
        for (prometheus::Gauge* gauge : shown) family.Remove(gauge);
        shown.clear();
        for (const ElementGauge& value : values) {
          auto& gauge = family.Add(
              {{"trust", value.trust}, {"school", value.school}, {"element", value.element}, {"measure", value.measure}});
          gauge.Set(value.value);
          shown.push_back(&gauge);
        }
        for (prometheus::Gauge* gauge : open_shown) open_family->Remove(gauge);
        open_shown.clear();
        for (const OpenCount& count : open) {
          auto& gauge =
              open_family->Add({{"trust", count.trust}, {"school", count.school}, {"strand", count.strand}, {"kind", count.kind}});
          gauge.Set(static_cast<double>(count.count));
          open_shown.push_back(&gauge);
        }
      } else {
        Warn("element measures failed", status);
      }
      Pause(stop, kGaugeInterval);
    }
  }

  app::Service& service_;
  const RecordServiceSpec spec_;
  app::Value<std::string> db_url_;
  app::Value<std::string> keyring_file_;
  app::Value<absl::Duration> outbox_age_;
  app::Value<absl::Duration> outbox_least_age_;
  app::Value<std::string> migrate_;
  std::string keyring_path_;
  AppPeers peers_;
  Assembly parts_;
  std::unique_ptr<Followers> followers_;
};

}  // namespace

absl::Status RegisterRecordService(app::AppBuilder& builder, RecordServiceSpec spec) {
  app::Service& service = builder.AddService(spec.name);
  auto record_service = std::make_shared<RecordService>(service, std::move(spec));
  service.OnStart([record_service] { return record_service->Start(); });
  service.OnStarted([record_service] { return record_service->Started(); });
  service.AddCommand("audit verify", "", "Checks the audit chain of the store and names the first broken row.",
                     [record_service](const std::vector<std::string>&) { return record_service->VerifyAudit(); });
  service.AddCommand("store migrate", "", "Brings the schema up to date.",
                     [record_service](const std::vector<std::string>&) { return record_service->Migrate(); });
  service.AddCommand("store backup", "DIRECTORY", "Writes a consistent copy of the SQLite store, while the service runs or not.",
                     [record_service](const std::vector<std::string>& arguments) { return record_service->Backup(arguments); });
  service.AddCommand("keys public", "",
                     "Prints the public keys with which this service signs its own calls, for the service_jwks_dir of the others.",
                     [record_service](const std::vector<std::string>&) { return record_service->PublicKeys(); });
  service.AddCommand("keys rotate", "",
                     "Makes a new version of the keyring and wraps the data keys with it; stop the service first on SQLite.",
                     [record_service](const std::vector<std::string>&) { return record_service->RotateKeys(); });
  return absl::OkStatus();
}

}  // namespace fivestrand::service
