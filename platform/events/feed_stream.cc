#include "platform/events/feed_stream.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace fivestrand::events {
namespace {

constexpr int kBatchEvents = 256;
constexpr std::size_t kBatchBytes = 256 * 1024;
// A follower learns its position also when no event is for it, and that the stream lives.
constexpr absl::Duration kPosition = absl::Seconds(1);
constexpr absl::Duration kHeartbeat = absl::Seconds(5);

}  // namespace

bool FeedStream::Wants(const v1::Event& event) const {
  if (!types.empty() && std::find(types.begin(), types.end(), event.resource_type()) == types.end()) return false;
  if (full) return true;
  return event.resource() == parent || absl::StartsWith(event.resource(), absl::StrCat(parent, "/"));
}

int FeedStream::Add(v1::Event event, std::int64_t newest) {
  bytes_ += event.record().size() + event.resource().size() + 64;
  *batch_.add_events() = std::move(event);
  return batch_.events_size() >= kBatchEvents || bytes_ >= kBatchBytes ? SendBatch(newest) : 0;
}

int FeedStream::Flush(std::int64_t newest, absl::Time now) {
  if (!batch_.events().empty() || told_ < 0) return SendBatch(newest);
  if (now - last_sent >= (told_ == cursor ? kHeartbeat : kPosition)) SendBatch(newest);
  return 0;
}

int FeedStream::SendBatch(std::int64_t newest) {
  const int count = batch_.events_size();
  batch_.set_cursor(cursor);
  batch_.set_newest_cursor(std::max(newest, cursor));
  writer->Write(batch_);
  told_ = cursor;
  last_sent = absl::Now();
  batch_.Clear();
  bytes_ = 0;
  return count;
}

}  // namespace fivestrand::events
