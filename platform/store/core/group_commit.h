// The write queue: one thread, one connection, many requests a commit.
#ifndef FIVESTRAND_PLATFORM_STORE_CORE_GROUP_COMMIT_H_
#define FIVESTRAND_PLATFORM_STORE_CORE_GROUP_COMMIT_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "absl/status/status.h"

#include "platform/store/core/announcer.h"
#include "platform/store/core/connection.h"
#include "platform/store/core/write_session.h"
#include "platform/store/store.h"

namespace fivestrand::store {

// Thread-safe. `engine`, `announcer` and `options` outlive it.
class GroupCommit {
 public:
  GroupCommit(Engine& engine, const StoreOptions& options, Announcer& announcer, std::unique_ptr<Connection> writer);
  // Commits what waits, then stops.
  ~GroupCommit();

  void Submit(WriteRequest request);
  std::size_t depth() const;

 private:
  struct Item {
    WriteRequest request;
    absl::Status status;  // an error is final: the request takes no part in further attempts
  };
  enum class Outcome { kFinished, kAgain, kAgainAfterConflict, kAgainAfterLoss };

  void Run();
  std::optional<WriteRequest> WaitForFirst();
  std::optional<WriteRequest> TakeNext();
  void RunBatch(WriteRequest first);
  Outcome Attempt(std::vector<Item>& items, std::int64_t& cursor);
  Outcome RunItems(WriteSession& session, std::vector<Item>& items);
  absl::Status RunBody(WriteSession& session, Item& item);
  absl::Status EnsureWriter(absl::Time deadline);
  // What to do after `status` made the transaction useless; fails all items when another attempt would not help.
  Outcome Lost(std::vector<Item>& items, const absl::Status& status);
  static void FailAll(std::vector<Item>& items, const absl::Status& status);

  Engine& engine_;
  const StoreOptions& options_;
  Announcer& announcer_;
  const std::size_t batch_count_;
  std::unique_ptr<Connection> writer_;  // of the writer's thread

  // Of what follows. From the standard library, here and elsewhere in the store, because ThreadSanitizer does not see into Debian's
  // build of Abseil.
  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::deque<WriteRequest> queue_;
  bool stopping_ = false;
  bool damaged_ = false;  // the file is corrupt: no more writes

  std::thread thread_;
};

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_CORE_GROUP_COMMIT_H_
