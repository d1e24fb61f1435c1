// Keeps the frame of one trust; a part of FrameKeeper.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_STORE_TRUST_KEEPER_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_STORE_TRUST_KEEPER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "platform/store/session.h"
#include "services/assessment/domain/frame.h"
#include "services/assessment/domain/frame_names.h"
#include "services/assessment/domain/result_key.h"
#include "services/assessment/store/frame_keeper.h"
#include "services/assessment/store/frame_loader.h"

namespace fivestrand::assessment::store {

struct FeedHead;

// What one commit of this process changed, kept until the next question.
struct PendingCommit {
  std::vector<domain::ResultRow> written;
  std::vector<std::int64_t> removed;
  // Instead of rows, when there are too many.
  std::set<std::int32_t> windows;
};

// Thread-safe. A lock is held while the frame is brought up to date; answers are computed outside.
//
// Where this process is the only one, results come with each commit, and a frame is never older than what has been taken in. Where
// there may be others, the feed says which columns have changed, for this process's own commits too, and they are read again: rows
// of a commit could otherwise overtake those that another process wrote after it.
class TrustKeeper {
 public:
  // All outlive it.
  TrustKeeper(const resource::Registry& registry, const FrameKeeperOptions& options, const std::atomic<bool>& stop,
              std::string trust)
      : registry_(registry), options_(options), stop_(stop), trust_(std::move(trust)) {}

  absl::StatusOr<FrameKeeper::Frames> Read(fivestrand::store::Session& session);
  // Never waits for the store.
  void Add(PendingCommit commit);
  void Forget();

  std::size_t bytes() const { return bytes_; }
  std::int64_t full_loads() const { return full_loads_; }
  std::int64_t window_loads() const { return window_loads_; }
  std::int64_t loaded_rows() const { return loaded_rows_; }
  double load_seconds() const { return static_cast<double>(load_micros_) / 1e6; }

  std::int64_t used = 0;  // guarded by the FrameKeeper

 private:
  using Session = fivestrand::store::Session;

  void Coalesce() ABSL_EXCLUSIVE_LOCKS_REQUIRED(pending_mutex_);
  absl::Status ReadThreshold(Session& session) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Set(std::shared_ptr<const domain::FrameNames> names, domain::Frame frame) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Measure() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Everything, in sessions that begin now.
  absl::Status Load() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status LoadAll(Session& session) ABSL_NO_THREAD_SAFETY_ANALYSIS;
  absl::StatusOr<domain::Frame> ReadWindows(const domain::FrameNames& names,
                                            const std::vector<std::int32_t>& windows) ABSL_NO_THREAD_SAFETY_ANALYSIS;

  // What has changed since, in a session that begins now, so that it sees whatever has been taken in. `look`: also in the mirrors.
  absl::Status Renew(bool look) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CatchUp(Session& session, const FeedHead& head) ABSL_NO_THREAD_SAFETY_ANALYSIS;
  absl::Status RenewNames(Session& session) ABSL_NO_THREAD_SAFETY_ANALYSIS;
  absl::Status RenewNumbers(Session& session) ABSL_NO_THREAD_SAFETY_ANALYSIS;
  absl::Status RenewPupils(Session& session, const std::set<std::string>& ids) ABSL_NO_THREAD_SAFETY_ANALYSIS;
  absl::Status ReloadWindow(Session& session, std::int32_t window) ABSL_NO_THREAD_SAFETY_ANALYSIS;
  absl::Status ReloadColumn(Session& session, std::int64_t column) ABSL_NO_THREAD_SAFETY_ANALYSIS;

  absl::Status TakePending() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Apply(const std::vector<PendingCommit>& commits) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool Known(const domain::ResultRow& row) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const resource::Registry& registry_;
  const FrameKeeperOptions& options_;
  const std::atomic<bool>& stop_;
  const std::string trust_;

  absl::Mutex mutex_;
  FrameKeeper::Frames current_ ABSL_GUARDED_BY(mutex_);
  PupilTable pupils_ ABSL_GUARDED_BY(mutex_);
  std::int64_t cursor_ ABSL_GUARDED_BY(mutex_) = 0;
  int threshold_ ABSL_GUARDED_BY(mutex_) = 0;
  std::uint64_t organisation_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time next_look_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();

  absl::Mutex pending_mutex_;
  std::vector<PendingCommit> pending_ ABSL_GUARDED_BY(pending_mutex_);

  // Whether commits are to be kept: the trust is in memory or being read, and no other process writes.
  std::atomic<bool> listening_{false};
  std::atomic<bool> alone_{false};
  std::atomic<std::size_t> bytes_{0};
  std::atomic<std::int64_t> full_loads_{0}, window_loads_{0}, loaded_rows_{0}, load_micros_{0};
};

}  // namespace fivestrand::assessment::store

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_STORE_TRUST_KEEPER_H_
