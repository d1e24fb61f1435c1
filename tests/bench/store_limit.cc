#include "tests/bench/store_limit.h"

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "platform/store/store.h"
#include "services/leadership/store/migrations.h"

namespace fivestrand::bench {
namespace {

class Loop {
 public:
  Loop(store::Store& store, const leadership::v1::DropIn& drop_in, absl::Time counted_from, absl::Time stop)
      : store_(store), drop_in_(drop_in), record_(drop_in.SerializeAsString()), counted_from_(counted_from), stop_(stop) {}

  void Begin() {
    const std::int64_t n = next_.fetch_add(1);
    store_.WriteAsync({.deadline = absl::InfiniteFuture(),
                       .body = [this, n](store::WriteTransaction& transaction) { return Write(transaction, n); },
                       .done =
                           [this](absl::Status status) {
                             const absl::Time now = absl::Now();
                             if (!status.ok()) failures_.fetch_add(1);
                             if (now >= counted_from_ && now < stop_) counted_.fetch_add(1);
                             if (now < stop_) {
                               Begin();
                               return;
                             }
                             std::lock_guard lock(mutex_);
                             ++ended_;
                             wake_.notify_one();
                           }});
  }

  void Wait(int in_flight) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return ended_ == in_flight; });
  }

  std::int64_t counted() const { return counted_; }
  std::int64_t failures() const { return failures_; }

 private:
  absl::Status Write(store::WriteTransaction& transaction, std::int64_t n) {
    const std::string path = absl::StrCat("schools/s/dropIns/", absl::Hex(n, absl::kZeroPad16)),
                      name = absl::StrCat("trusts/bench/", path);
    const std::string request_id = absl::StrCat("b1e2c3d4-0000-4000-8000-", absl::Hex(n, absl::kZeroPad12)), digest(32, 'd');
    const absl::Time now = transaction.now();
    absl::Status status = transaction
                              .Execute(
                                  "INSERT INTO drop_in (trust, path, parent, revision, create_time, update_time, delete_time, "
                                  "record, sealed, leader, "
                                  "start_time, school_class, subject, teacher, focus, year_group) VALUES "
                                  "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
                                  {"bench", path, "schools/s", 1, now, now, nullptr, store::Param::Blob(record_), nullptr,
                                   drop_in_.leader(), now, drop_in_.school_class(), "", "", "", 8})
                              .status();
    status.Update(
        transaction
            .Execute(
                "INSERT INTO idempotency (actor, request_id, fingerprint, resource_type, resource, record, sealed, expire_time) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                {drop_in_.leader(), request_id, store::Param::Blob(digest), "fivestrand/DropIn", "trusts/bench/schools/s",
                 store::Param::Blob(record_), nullptr, now + absl::Hours(24)})
            .status());
    transaction.AppendAudit({.actor = drop_in_.leader(),
                             .action = "create",
                             .resource = name,
                             .trust = "bench",
                             .before_digest = "",
                             .after_digest = digest});
    transaction.AppendEvent({.kind = 1,
                             .resource_type = "fivestrand/DropIn",
                             .resource = name,
                             .trust = "bench",
                             .revision = 1,
                             .actor = drop_in_.leader(),
                             .record = record_});
    return status;
  }

  store::Store& store_;
  const leadership::v1::DropIn& drop_in_;
  const std::string record_;
  const absl::Time counted_from_, stop_;
  std::atomic<std::int64_t> next_{1}, counted_{0}, failures_{0};
  std::mutex mutex_;
  std::condition_variable wake_;
  int ended_ = 0;
};

}  // namespace

LoadResult StoreLimit(const leadership::v1::DropIn& drop_in, int in_flight, absl::Duration length) {
  std::string folder = (std::filesystem::temp_directory_path() / "fivestrand-limit-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) std::exit(1);
  LoadResult result;
  {
    const store::MigrationSeries series[] = {leadership::store::Migrations()};
    auto store = store::Store::Open(absl::StrCat("sqlite:", folder, "/limit.db"), series);
    if (!store.ok()) std::exit(1);
    const absl::Time counted_from = absl::Now() + length / 5, stop = absl::Now() + length;
    Loop loop(**store, drop_in, counted_from, stop);
    for (int i = 0; i < in_flight; ++i) loop.Begin();
    loop.Wait(in_flight);
    result.per_second = static_cast<double>(loop.counted()) / absl::ToDoubleSeconds(stop - counted_from);
    result.failures = loop.failures();
  }
  std::filesystem::remove_all(folder);
  return result;
}

}  // namespace fivestrand::bench
