// An open stream of the feed. Internal to platform/events; used by the pump's thread alone once it is in the pump's list.
#ifndef FIVESTRAND_PLATFORM_EVENTS_FEED_STREAM_H_
#define FIVESTRAND_PLATFORM_EVENTS_FEED_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "fivestrand/events/v1/events.pb.h"

#include "platform/identity/access.h"
#include "platform/rpc/call_context.h"
#include "platform/rpc/stream_writer.h"

namespace fivestrand::events {

// Batches that may wait for a follower to read; then the feed waits too.
inline constexpr std::size_t kMaxQueuedBatches = 8;

struct FeedStream {
  std::shared_ptr<const rpc::CallContext> context;
  std::shared_ptr<rpc::StreamWriter> writer;
  // The last event that was sent, or looked at and not wanted.
  std::int64_t cursor = 0;
  std::vector<std::string> types;
  bool full = false;     // EventFeed rather than ChangeService
  bool batched = false;  // FollowEvents
  std::string parent;
  // What the caller may list, by type and school.
  absl::flat_hash_map<std::string, identity::Access> access;
  absl::Time last_sent;

  bool Wants(const v1::Event& event) const;

  // For FollowEvents. Adds the event, at which `cursor` stands, and sends the batch when it is large enough: how many events were
  // sent.
  int Add(v1::Event event, std::int64_t newest);
  // Sends what has been added; without events, the position when it has not been told for a while.
  int Flush(std::int64_t newest, absl::Time now);

 private:
  int SendBatch(std::int64_t newest);

  v1::EventBatch batch_;
  std::size_t bytes_ = 0;
  std::int64_t told_ = -1;  // Position that a batch has told.
};

}  // namespace fivestrand::events

#endif  // FIVESTRAND_PLATFORM_EVENTS_FEED_STREAM_H_
