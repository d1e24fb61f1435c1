// The metrics of one follower. Internal to platform/events.
#ifndef FIVESTRAND_PLATFORM_EVENTS_FOLLOWER_METRICS_H_
#define FIVESTRAND_PLATFORM_EVENTS_FOLLOWER_METRICS_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
class Registry;
}  // namespace prometheus

namespace fivestrand::events {

// Used by the follower's thread.
class FollowerMetrics {
 public:
  FollowerMetrics(prometheus::Registry* metrics, const std::string& service, const std::string& source,
                  const std::string& follower);

  // Events were applied, the oldest of which was committed so long ago.
  void Applied(std::size_t events, absl::Duration delay);
  void SnapshotTaken();
  enum class Failure { kConnection, kStore, kEffect };
  void Failed(Failure failure);
  void SetStopped(bool stopped);

  // What the source told last, and when by the machine's clock.
  void Heard(std::int64_t cursor, std::int64_t newest, absl::Time now);
  // Brings the lag up to date. A follower holds everything while it is at the newest event that it was told of within a short time.
  void Look(absl::Time now);

 private:
  prometheus::Gauge& lag_events_;
  prometheus::Gauge& lag_seconds_;
  prometheus::Gauge& stopped_;
  prometheus::Histogram& delay_;
  prometheus::Counter& applied_;
  prometheus::Counter& snapshots_;
  prometheus::Counter* failures_[3];
  absl::Time heard_ = absl::InfinitePast();
  absl::Time whole_;  // When it last held everything.
  bool behind_ = true;
};

}  // namespace fivestrand::events

#endif  // FIVESTRAND_PLATFORM_EVENTS_FOLLOWER_METRICS_H_
