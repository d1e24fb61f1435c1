#include "platform/store/store.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/store/core/announcer.h"
#include "platform/store/core/group_commit.h"
#include "platform/store/core/migrator.h"
#include "platform/store/core/reader_pool.h"
#include "platform/store/postgres/postgres_engine.h"
#include "platform/store/sqlite/sqlite_engine.h"

namespace fivestrand::store {
namespace {

// A caller that waits in Write. Shared with the request, which may still be queued when the caller has gone.
class Waiter {
 public:
  // Called by the writer before the body; false when the caller has gone.
  bool Begin() {
    const std::lock_guard lock(mutex_);
    begun_ = true;
    return !withdrawn_;
  }

  void Done(absl::Status status) {
    {
      const std::lock_guard lock(mutex_);
      status_ = std::move(status);
    }
    changed_.notify_one();
  }

  absl::Status Wait(absl::Time deadline) {
    std::unique_lock lock(mutex_);
    auto done = [this] {
      return status_.has_value();
    };
    // Years from now would overflow the clock that the wait uses.
    const absl::Time end = std::min(deadline, absl::Now() + absl::Hours(24));
    if (!changed_.wait_until(lock, absl::ToChronoTime(end), done)) {
      if (!begun_) {
        withdrawn_ = true;
        return status::DeadlineExceeded();
      }
      changed_.wait(lock, done);
    }
    return *std::move(status_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool begun_ = false;
  bool withdrawn_ = false;
  std::optional<absl::Status> status_;
};

class SqlStore final : public Store {
 public:
  SqlStore(std::unique_ptr<Engine> engine, StoreOptions options)
      : options_(std::move(options)), engine_(std::move(engine)), readers_(*engine_, options_) {}

  ~SqlStore() override {
    watch_ = nullptr;
    writes_ = nullptr;
  }

  absl::Status Start(absl::Span<const MigrationSeries> series) {
    const absl::Time deadline = absl::Now() + options_.open_timeout;
    const bool serve = options_.access == AccessMode::kServe;
    FIVESTRAND_ASSIGN_OR_RETURN(auto connection,
                                engine_->Connect(serve ? ConnectionRole::kWriter : ConnectionRole::kReader, deadline));
    connection->set_deadline(deadline);
    std::vector<MigrationSeries> all = {PlatformMigrations()};
    all.insert(all.end(), series.begin(), series.end());
    FIVESTRAND_RETURN_IF_ERROR(Migrate(*engine_, *connection, all, options_));
    if (serve) writes_ = std::make_unique<GroupCommit>(*engine_, options_, announcer_, std::move(connection));
    return absl::OkStatus();
  }

  absl::Status Read(absl::Time deadline, absl::FunctionRef<absl::Status(Session&)> body, ReadMode mode) override {
    return readers_.Read(deadline, body, mode);
  }

  void WriteAsync(WriteRequest request) override {
    if (writes_ != nullptr) return writes_->Submit(std::move(request));
    std::move(request.done)(status::Precondition("STORE_READ_ONLY", "store", "was opened for reading only"));
  }

  absl::Status Write(absl::Time deadline, absl::FunctionRef<absl::Status(WriteTransaction&)> body) override {
    auto waiter = std::make_shared<Waiter>();
    WriteRequest request;
    request.deadline = deadline;
    request.body = [waiter, body](WriteTransaction& tx) {
      // `body` refers to the caller's stack: it may be touched only while the caller waits.
      return waiter->Begin() ? body(tx) : status::DeadlineExceeded();
    };
    request.done = [waiter](absl::Status status) {
      waiter->Done(std::move(status));
    };
    WriteAsync(std::move(request));
    return waiter->Wait(deadline);
  }

  void SetCommitListener(std::function<void(std::int64_t)> listener) override {
    const std::lock_guard lock(watch_mutex_);
    const bool wanted = listener != nullptr;
    announcer_.SetListener(std::move(listener));
    if (wanted && watch_ == nullptr) {
      watch_ = engine_->Watch([this](std::int64_t cursor) { announcer_.Announce(cursor); });
    } else if (!wanted) {
      watch_ = nullptr;
    }
  }

  absl::Status BackupTo(const std::string& path) override { return engine_->BackupTo(path); }

  std::size_t queue_depth() const override { return writes_ != nullptr ? writes_->depth() : 0; }

 private:
  const StoreOptions options_;
  const std::unique_ptr<Engine> engine_;
  Announcer announcer_;
  ReaderPool readers_;
  std::unique_ptr<GroupCommit> writes_;
  std::mutex watch_mutex_;
  std::unique_ptr<CommitWatch> watch_;
};

absl::StatusOr<std::unique_ptr<Engine>> OpenEngine(std::string_view url, const StoreOptions& options) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (url.substr(0, kSqlite.size()) == kSqlite) return OpenSqliteEngine(url.substr(kSqlite.size()), options);
  for (std::string_view scheme : {"postgresql://", "postgres://"}) {
    if (url.substr(0, scheme.size()) == scheme) return OpenPostgresEngine(url, options);
  }
  return status::InvalidField("url", "must begin with sqlite: or postgresql://");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> Store::Open(std::string_view url, absl::Span<const MigrationSeries> series,
                                                   StoreOptions options) {
  if (options.readers == 0 || options.queue_limit == 0)
    return status::InvalidField("options", "readers and queue_limit must not be 0");
  FIVESTRAND_ASSIGN_OR_RETURN(auto engine, OpenEngine(url, options));
  auto store = std::make_unique<SqlStore>(std::move(engine), std::move(options));
  FIVESTRAND_RETURN_IF_ERROR(store->Start(series));
  return store;
}

}  // namespace fivestrand::store
