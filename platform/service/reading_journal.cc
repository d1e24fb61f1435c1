#include "platform/service/reading_journal.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "fivestrand/events/v1/events.pb.h"

#include "platform/calendar/date_number.h"
#include "platform/calendar/day.h"
#include "platform/evidence/migrations.h"
#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/service/measure_journal.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "platform/store/outbox.h"
#include "platform/store/store.h"

namespace fivestrand::service {
namespace {

using evidence::v1::Reading;
using store::Param;
using store::Row;
using store::Session;

// Fourteen months: last year's same period is there to compare with.
constexpr int kDaysBack = 426;
constexpr absl::Duration kStepTimeout = absl::Seconds(30);
constexpr std::size_t kBatch = 200;
// More new events than this: everything is looked at.
constexpr std::int64_t kMaxTouching = 5000;

std::string Hex(std::string_view bytes) {
  return absl::BytesToHexString(AbslView(bytes));
}

std::string CutKey(const Reading& reading) {
  const std::string bytes = reading.cut().SerializeAsString();
  return bytes.empty() ? std::string() : Hex(resource::Digest(bytes).substr(0, 16));
}

// When a reading was computed says nothing about whether it is the same.
std::string Contents(Reading reading) {
  reading.clear_compute_time();
  return reading.SerializeAsString();
}

struct Kept {
  std::string name;
  std::int64_t revision = 0;
  bool deleted = false;
  std::string contents;
  std::string record;
};

absl::Status ParseKept(const Row& row, Kept* kept) {
  kept->name = std::string(row.Text(0));
  kept->revision = row.Int(1);
  kept->deleted = !row.IsNull(2);
  kept->record = std::string(row.Blob(3));
  Reading reading;
  if (!reading.ParseFromString(kept->record)) return status::DataLoss("stored bytes of reading do not parse");
  kept->contents = Contents(std::move(reading));
  return absl::OkStatus();
}

// A reading that is to be written, or withdrawn.
struct Change {
  std::string name;
  Reading reading;
  bool withdraw = false;
};

struct JournalState {
  std::int64_t day = 0;
  std::int64_t cursor = 0;
  std::string mirrors;
};

absl::StatusOr<bool> ReadState(Session& session, std::string_view trust, JournalState* state) {
  return session.QueryOne("SELECT day, cursor, mirrors FROM reading_journal WHERE trust = $1", {trust}, [&](const Row& row) {
    *state = {row.Int(0), row.Int(1), std::string(row.Text(2))};
    return absl::OkStatus();
  });
}

// Whether the copies are whole: of half of the people and calendars nothing can be measured.
absl::StatusOr<bool> MirrorsAreWhole(Session& session) {
  std::int64_t feeds = 0, unfinished = 0;
  FIVESTRAND_RETURN_IF_ERROR(session.Query("SELECT snapshot FROM feed_cursor", {}, [&](const Row& row) {
    ++feeds;
    if (!row.Text(0).empty()) ++unfinished;
    return absl::OkStatus();
  }));
  return feeds > 0 && unfinished == 0;
}

// By trust: differs between any two states of the tables, as a write raises the revision and a new row the count as well.
absl::Status StampMirrors(Session& session, const std::vector<std::string>& tables,
                          absl::flat_hash_map<std::string, std::string>* stamps) {
  for (const std::string& table : tables) {
    FIVESTRAND_RETURN_IF_ERROR(session.Query(
        absl::StrCat("SELECT trust, COUNT(*), CAST(COALESCE(SUM(revision), 0) AS BIGINT), COALESCE(MAX(update_time), 0) FROM ",
                     table, " GROUP BY trust"),
        {}, [&](const Row& row) {
          absl::StrAppend(&(*stamps)[std::string(row.Text(0))], table, " ", row.Int(1), " ", row.Int(2), " ", row.Int(3), "\n");
          return absl::OkStatus();
        }));
  }
  for (auto& [trust, stamp] : *stamps) stamp = Hex(resource::Digest(stamp));
  return absl::OkStatus();
}

absl::StatusOr<std::int64_t> ReadClaim(Session& session, std::string_view trust) {
  std::int64_t claim = 0;
  FIVESTRAND_RETURN_IF_ERROR(session
                                 .QueryOne("SELECT claim FROM reading_journal WHERE trust = $1", {trust},
                                           [&](const Row& row) {
                                             claim = row.Int(0);
                                             return absl::OkStatus();
                                           })
                                 .status());
  return claim;
}

absl::Status CheckClaim(Session& session, std::string_view trust, std::int64_t claim) {
  FIVESTRAND_ASSIGN_OR_RETURN(const std::int64_t now, ReadClaim(session, trust));
  return now == claim ? absl::OkStatus() : status::Conflict("another replica keeps the journal", absl::Seconds(15));
}

absl::Status WriteChange(store::WriteTransaction& transaction, const Change& change, std::string_view actor) {
  Kept kept;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found,
                              transaction.QueryOne("SELECT name, revision, delete_time, record FROM reading WHERE name = $1",
                                                   {change.name}, [&](const Row& row) { return ParseKept(row, &kept); }));
  const std::int64_t revision = kept.revision + 1;
  const std::string record = change.withdraw ? kept.record : change.reading.SerializeAsString();
  const std::string_view scope = change.reading.scope(), trust = names::TrustOf(scope);
  const Param deleted = change.withdraw ? Param(transaction.now()) : Param(nullptr);
  if (!found) {
    const std::string cut = CutKey(change.reading);
    FIVESTRAND_RETURN_IF_ERROR(
        transaction
            .Execute(
                "INSERT INTO reading (name, trust, scope, measure, cut, period_end, revision, update_time, delete_time, record) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                {change.name, trust, scope, change.reading.measure(), cut, calendar::DateNumber(change.reading.period().end_date()),
                 revision, transaction.now(), deleted, Param::Blob(record)})
            .status());
  } else {
    FIVESTRAND_RETURN_IF_ERROR(transaction
                                   .Execute("UPDATE reading SET period_end = $2, revision = $3, update_time = $4, delete_time = "
                                            "$5, record = $6 WHERE name = $1",
                                            {change.name, calendar::DateNumber(change.reading.period().end_date()), revision,
                                             transaction.now(), deleted, Param::Blob(record)})
                                   .status());
  }
  const events::v1::EventKind kind = change.withdraw ? events::v1::DELETED
                                     : !found        ? events::v1::CREATED
                                     : kept.deleted  ? events::v1::UNDELETED
                                                     : events::v1::UPDATED;
  transaction.AppendEvent({.kind = kind,
                           .resource_type = kReadingType,
                           .resource = change.name,
                           .trust = trust,
                           .revision = revision,
                           .actor = actor,
                           .record = record});
  return absl::OkStatus();
}

}  // namespace

// What is to be done for one trust.
struct ReadingJournal::Plan {
  std::string trust;  // id
  std::vector<std::string> scopes;
  std::int64_t day = 0;
  std::int64_t cursor = 0;  // events up to here are taken in
  std::string mirrors;      // stamp of the copies that are taken in
  std::int64_t claim = 0;
};

store::MigrationSeries EvidenceMigrations() {
  return evidence::Migrations();
}

std::string ReadingName(const Reading& reading) {
  const std::string period = absl::StrCat(reading.period().kind(), "/", calendar::DateNumber(reading.period().start_date()));
  const std::string digest =
      resource::Digest(reading.measure(), absl::StrCat("\n", reading.cut().SerializeAsString()), absl::StrCat("\n", period));
  return absl::StrCat(reading.scope(), "/readings/", Hex(digest.substr(0, 16)));
}

ReadingJournal::ReadingJournal(store::Store& store, std::shared_ptr<const evidence::EvidenceSource> source,
                               std::string_view service, std::vector<std::string> mirrors)
    : store_(store),
      source_(std::move(source)),
      actor_(absl::StrCat("services/", AbslView(service))),
      mirrors_(std::move(mirrors)) {}

absl::Status ReadingJournal::Narrow(Session& session, std::int64_t trimmed_cursor, Plan* plan) {
  JournalState state;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, ReadState(session, plan->trust, &state));
  if (!found || state.day != plan->day || state.mirrors != plan->mirrors || state.cursor < trimmed_cursor) return absl::OkStatus();
  std::int64_t& checked = checked_[plan->trust];
  checked = std::max(checked, state.cursor);
  absl::flat_hash_set<std::string> schools;
  bool all = false;
  std::int64_t count = 0;
  // Own readings are no news.
  FIVESTRAND_RETURN_IF_ERROR(
      session.Query("SELECT resource FROM outbox WHERE cursor > $1 AND trust = $2 AND resource_type NOT IN "
                    "('fivestrand/Reading', 'fivestrand/Measure') ORDER BY cursor LIMIT $3",
                    {checked, plan->trust, kMaxTouching}, [&](const Row& row) {
                      const std::string_view school = names::SchoolNameOf(row.Text(0));
                      if (school.empty()) all = true;
                      schools.emplace(school);
                      ++count;
                      return absl::OkStatus();
                    }));
  if (count == 0) {
    checked = plan->cursor;
    plan->scopes.clear();
  } else if (!all && count < kMaxTouching) {
    std::erase_if(plan->scopes,
                  [&](const std::string& scope) { return !names::SchoolOf(scope).empty() && !schools.contains(scope); });
  }
  return absl::OkStatus();
}

absl::Status ReadingJournal::MakePlans(Session& session, std::int64_t day, std::vector<Plan>* plans) {
  if (!mirrors_.empty()) {
    FIVESTRAND_ASSIGN_OR_RETURN(const bool whole, MirrorsAreWhole(session));
    if (!whole) return absl::OkStatus();
  }
  FIVESTRAND_ASSIGN_OR_RETURN(const store::OutboxHead head, store::ReadOutboxHead(session));
  std::vector<std::string> scopes;
  FIVESTRAND_RETURN_IF_ERROR(source_->ListScopes(session, &scopes));
  absl::flat_hash_map<std::string, std::string> stamps;
  FIVESTRAND_RETURN_IF_ERROR(StampMirrors(session, mirrors_, &stamps));
  absl::flat_hash_map<std::string, std::size_t> by_trust;
  for (const std::string& scope : scopes) {
    const std::string trust(names::TrustOf(scope));
    const auto [found, is_new] = by_trust.try_emplace(trust, plans->size());
    if (is_new) {
      plans->push_back(
          {.trust = trust, .scopes = {}, .day = day, .cursor = head.last_cursor, .mirrors = stamps[trust], .claim = 0});
    }
    (*plans)[found->second].scopes.push_back(scope);
  }
  // Where a trust is brought in, its own record comes last: figures of a part would say what is not so.
  std::erase_if(*plans, [](const Plan& plan) { return !absl::c_linear_search(plan.scopes, "trusts/" + plan.trust); });
  for (Plan& plan : *plans) FIVESTRAND_RETURN_IF_ERROR(Narrow(session, head.trimmed_cursor, &plan));
  std::erase_if(*plans, [](const Plan& plan) { return plan.scopes.empty(); });
  return absl::OkStatus();
}

absl::StatusOr<ReadingJournal::Outcome> ReadingJournal::Update(absl::Time now, const std::stop_token& stop) {
  std::vector<Plan> plans;
  FIVESTRAND_RETURN_IF_ERROR(store_.Read(absl::Now() + kStepTimeout, [&](Session& session) {
    plans.clear();
    return MakePlans(session, calendar::DateNumber(calendar::DayOf(now)), &plans);
  }));
  Outcome outcome;
  absl::Status failed;
  for (Plan& plan : plans) {
    if (stop.stop_requested()) return outcome;
    // One trust's trouble must not keep the others waiting.
    failed.Update(UpdateTrust(plan, now, stop, &outcome));
  }
  return failed.ok() ? absl::StatusOr<Outcome>(outcome) : failed;
}

absl::Status ReadingJournal::UpdateTrust(Plan& plan, absl::Time now, const std::stop_token& stop, Outcome* outcome) {
  FIVESTRAND_RETURN_IF_ERROR(store_.Write(absl::Now() + kStepTimeout, [&](store::WriteTransaction& transaction) -> absl::Status {
    FIVESTRAND_ASSIGN_OR_RETURN(const std::int64_t claim, ReadClaim(transaction, plan.trust));
    plan.claim = claim + 1;
    FIVESTRAND_RETURN_IF_ERROR(JournalMeasures(transaction, plan.trust, source_->measures(), actor_));
    return transaction
        .Execute(
            "INSERT INTO reading_journal (trust, day, cursor, claim) VALUES ($1, 0, 0, $2) ON CONFLICT (trust) DO UPDATE SET "
            "claim = $2",
            {plan.trust, plan.claim})
        .status();
  }));
  for (const std::string& scope : plan.scopes) {
    if (stop.stop_requested()) return absl::OkStatus();
    FIVESTRAND_RETURN_IF_ERROR(UpdateScope(plan, scope, now, outcome));
  }
  return store_.Write(absl::Now() + kStepTimeout, [&](store::WriteTransaction& transaction) -> absl::Status {
    FIVESTRAND_RETURN_IF_ERROR(CheckClaim(transaction, plan.trust, plan.claim));
    return transaction
        .Execute("UPDATE reading_journal SET day = $2, cursor = $3, mirrors = $4 WHERE trust = $1",
                 {plan.trust, plan.day, plan.cursor, plan.mirrors})
        .status();
  });
}

absl::Status ReadingJournal::UpdateScope(const Plan& plan, const std::string& scope, absl::Time now, Outcome* outcome) {
  const absl::CivilDay today = calendar::DayOf(now), since = today - kDaysBack;
  evidence::EvidenceQuestion question;
  question.scope = scope;
  for (const evidence::MeasureDefinition& measure : source_->measures()) {
    if (source_->Covers(measure, names::SchoolOf(scope).empty())) question.measures.push_back(&measure);
  }
  question.as_of = today;
  question.day_still_open = true;
  question.now = now;
  question.span = calendar::DayRange{since, today};
  question.cuts = evidence::Cuts::kAll;

  std::vector<Change> changes;
  absl::Status read = store_.Read(absl::Now() + kStepTimeout, [&](Session& session) -> absl::Status {
    changes.clear();
    absl::flat_hash_map<std::string, Kept> kept;
    FIVESTRAND_RETURN_IF_ERROR(
        session.Query("SELECT name, revision, delete_time, record FROM reading WHERE scope = $1 AND period_end >= $2",
                      {scope, calendar::DateNumber(since)}, [&](const Row& row) -> absl::Status {
                        Kept one;
                        FIVESTRAND_RETURN_IF_ERROR(ParseKept(row, &one));
                        kept[one.name] = std::move(one);
                        return absl::OkStatus();
                      }));
    std::vector<evidence::ReadingSeries> series;
    if (!question.measures.empty()) FIVESTRAND_RETURN_IF_ERROR(source_->Read(session, question, &series));
    absl::flat_hash_set<std::string> named;
    for (evidence::ReadingSeries& one : series) {
      for (Reading& reading : one.readings) {
        if (!reading.final() || !reading.has_period() ||
            calendar::DateNumber(reading.period().end_date()) < calendar::DateNumber(since))
          continue;
        reading.clear_records();
        std::string name = ReadingName(reading);
        if (!named.insert(name).second) continue;
        const auto found = kept.find(name);
        const bool same = found != kept.end() && !found->second.deleted && found->second.contents == Contents(reading);
        if (found != kept.end()) kept.erase(found);
        if (!same) changes.push_back({std::move(name), std::move(reading)});
      }
    }
    for (auto& [name, one] : kept) {
      if (one.deleted) continue;
      Change& change = changes.emplace_back(Change{.name = name, .reading = {}, .withdraw = true});
      if (!change.reading.ParseFromString(one.record)) return status::DataLoss("stored bytes of reading do not parse");
    }
    return absl::OkStatus();
  });
  // Gone since the scopes were listed: its records are gone as well, and the readings stay as history.
  if (absl::IsNotFound(read)) return absl::OkStatus();
  FIVESTRAND_RETURN_IF_ERROR(read);
  ++outcome->scopes;
  for (std::size_t from = 0; from < changes.size(); from += kBatch) {
    const std::size_t end = std::min(changes.size(), from + kBatch);
    FIVESTRAND_RETURN_IF_ERROR(store_.Write(absl::Now() + kStepTimeout, [&](store::WriteTransaction& transaction) -> absl::Status {
      FIVESTRAND_RETURN_IF_ERROR(CheckClaim(transaction, plan.trust, plan.claim));
      for (std::size_t i = from; i < end; ++i) FIVESTRAND_RETURN_IF_ERROR(WriteChange(transaction, changes[i], actor_));
      return absl::OkStatus();
    }));
    for (std::size_t i = from; i < end; ++i) ++(changes[i].withdraw ? outcome->withdrawn : outcome->written);
  }
  return absl::OkStatus();
}

events::SnapshotSource ReadingSnapshot() {
  events::SnapshotSource source;
  source.resource_type = std::string(kReadingType);
  source.read = [](Session& session, std::string_view after, std::int64_t limit,
                   absl::FunctionRef<absl::Status(const events::v1::Event&)> each) {
    return session.Query(
        "SELECT name, revision, update_time, record FROM reading WHERE name > $1 AND delete_time IS NULL ORDER BY name LIMIT $2",
        {after, limit}, [&](const Row& row) {
          events::v1::Event event;
          event.set_kind(events::v1::RECORDED);
          event.set_resource_type(std::string(kReadingType));
          event.set_resource(std::string(row.Text(0)));
          event.set_revision(row.Int(1));
          event.mutable_event_time()->set_seconds(absl::ToUnixSeconds(row.Time(2)));
          event.set_record(std::string(row.Blob(3)));
          return each(event);
        });
  };
  return source;
}

}  // namespace fivestrand::service
