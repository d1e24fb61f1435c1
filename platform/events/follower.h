// Follows the feed of a service, or of this one, and gives each event its effect exactly once: see FollowSpec.
//
// A thread of its own reads batches from the peer (EventFeed.FollowEvents) into a short queue and commits them, many events a
// transaction, with the cursor. It connects again after a loss, goes on where it was after a restart, and takes a snapshot when it
// is new, its types have changed, or the peer does not keep the events any more. Metrics, labelled service, source and follower:
// fivestrand_feed_lag_events, fivestrand_feed_lag_seconds, fivestrand_feed_delay_seconds, fivestrand_feed_follower_stopped,
// fivestrand_feed_follower_failures_total, fivestrand_feed_events_applied_total, fivestrand_feed_snapshots_total.
#ifndef FIVESTRAND_PLATFORM_EVENTS_FOLLOWER_H_
#define FIVESTRAND_PLATFORM_EVENTS_FOLLOWER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "platform/events/follow_spec.h"

namespace prometheus {
class Registry;
}

namespace fivestrand::log {
class Logger;
}

namespace fivestrand::rpc {
class Client;
}

namespace fivestrand::events {

struct FollowerOptions {
  // The service that follows, for metrics and the log.
  std::string service;
  // The first three are needed and outlive the follower.
  const resource::Registry* registry = nullptr;
  prometheus::Registry* metrics = nullptr;
  log::Logger* logger = nullptr;
  // The connection to the source; null while there is none. Any thread.
  std::function<std::shared_ptr<rpc::Client>()> client;
  // An identity token of this service.
  std::function<absl::StatusOr<std::string>()> token;
  // By which event times are counted: the store's.
  std::function<absl::Time()> clock;

  // The cursor is acknowledged at most this often, so that the source can trim, and as often as the second when it stands still.
  absl::Duration acknowledge_interval = absl::Seconds(5);
  absl::Duration acknowledge_idle = absl::Hours(1);
  // A stream is opened anew before the token that opened it ends.
  absl::Duration stream_age = absl::Minutes(4);
  // Pauses after a failure, doubled from the first to the last.
  absl::Duration first_pause = absl::Milliseconds(100);
  absl::Duration last_pause = absl::Seconds(2);
  // And after an effect that fails for good.
  absl::Duration stopped_pause = absl::Seconds(1);
  absl::Duration last_stopped_pause = absl::Minutes(1);
};

class Follower {
 public:
  Follower(FollowSpec spec, FollowerOptions options);
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;
  ~Follower();

  void Start();
  // Waits for the transaction under way. Called before the client and the store go.
  void Stop();

  // Whether the mirrors, or what else the effects keep, have been whole once: since the first snapshot, in this run or an earlier
  // one.
  bool whole() const;
  // The durable cursor; 0 before the first snapshot.
  std::int64_t cursor() const;
  // What is wrong in one sentence that holds no personal data; empty while nothing is.
  std::string trouble() const;
  const FollowSpec& spec() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fivestrand::events

#endif  // FIVESTRAND_PLATFORM_EVENTS_FOLLOWER_H_
