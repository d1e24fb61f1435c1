// Keeps the frames of the trusts as the store is: loads them, and brings them up to date before each answer.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_STORE_FRAME_KEEPER_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_STORE_FRAME_KEEPER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "services/assessment/domain/disclosure_cache.h"
#include "services/assessment/domain/frame.h"
#include "services/assessment/domain/frame_names.h"
#include "services/assessment/domain/frame_source.h"
#include "services/assessment/store/result_observer.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::store {
class Session;
}

namespace fivestrand::assessment::store {

class TrustKeeper;

using domain::TrustFrame;

struct FrameKeeperOptions {
  std::function<absl::Time()> clock = [] {
    return absl::Now();
  };
  // Frames beyond this are forgotten, those used longest ago first; one is always kept.
  std::size_t max_bytes = std::size_t{2} << 30;
  // Threads that read the store while a trust is loaded.
  int loaders = 2;
  // Changes of schools, subjects and classes, which come without an event of this store, are looked for this often.
  absl::Duration organisation_age = absl::Seconds(5);
};

// Thread-safe. To be told of commits of this process (ResultObserver); those of other processes it finds in the outbox.
class FrameKeeper : public ResultObserver, public domain::FrameSource {
 public:
  // The registry and its store outlive this.
  explicit FrameKeeper(const resource::Registry& registry, FrameKeeperOptions options = {});
  ~FrameKeeper() override;

  // The trust, given by resource id, with everything that the session sees, and every commit of this process that was answered
  // before the session began. Loads it when it is not in memory. A frame without windows for a trust that has no results.
  absl::StatusOr<Frames> Read(fivestrand::store::Session& session, std::string_view trust);

  absl::StatusOr<Frames> Read(std::string_view trust, absl::Time deadline) override;
  absl::StatusOr<std::vector<domain::RowText>> Describe(const TrustFrame& frame, absl::Span<const domain::FrameRow> rows,
                                                        std::uint16_t baseline, absl::Time deadline) override;
  absl::StatusOr<std::vector<std::uint32_t>> PupilNumbers(std::string_view trust, absl::Span<const std::string_view> pupils,
                                                          absl::Time deadline) override;
  domain::DisclosureCache& disclosures() override { return disclosures_; }
  void StartLoading() override;
  void StopLoading() override;

  void OnResults(const ResultCommit& commit) override;

  struct Counters {
    std::int64_t full_loads = 0;
    std::int64_t window_loads = 0;
    std::int64_t loaded_rows = 0;
    double load_seconds = 0;
    std::size_t bytes = 0;
  };
  Counters counters() const;

 private:
  std::shared_ptr<TrustKeeper> KeeperOf(std::string_view trust);
  void Forget(const std::string& but);

  const resource::Registry& registry_;
  const FrameKeeperOptions options_;
  domain::DisclosureCache disclosures_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<TrustKeeper>> trusts_ ABSL_GUARDED_BY(mutex_);
  std::int64_t uses_ ABSL_GUARDED_BY(mutex_) = 0;
  std::atomic<bool> stop_{false};
  std::thread loading_;
};

// The keeper of a registry, for parts of a service that are made one by one. Thread-safe.
class SharedFrames {
 public:
  // The same for as long as somebody holds it.
  std::shared_ptr<FrameKeeper> For(const resource::Registry& registry);

 private:
  absl::Mutex mutex_;
  const resource::Registry* registry_ ABSL_GUARDED_BY(mutex_) = nullptr;
  std::weak_ptr<FrameKeeper> keeper_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fivestrand::assessment::store

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_STORE_FRAME_KEEPER_H_
