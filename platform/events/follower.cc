#include "platform/events/follower.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fivestrand/events/v1/events.pb.h"

#include "platform/calendar/timestamp.h"
#include "platform/events/event_codec.h"
#include "platform/events/feed_cursor.h"
#include "platform/events/follower_metrics.h"
#include "platform/log/log.h"
#include "platform/rpc/bytes.h"
#include "platform/rpc/client.h"
#include "platform/rpc/pulled_stream.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::events {
namespace {

using Failure = FollowerMetrics::Failure;
using Got = rpc::PulledStream::Got;

// Batches that are read in advance.
constexpr std::size_t kQueue = 4;
// Events of one transaction: enough that its cost is shared, few enough that other writes do not wait.
constexpr std::size_t kTransactionEvents = 512;
constexpr absl::Duration kTick = absl::Milliseconds(500);
// A source that says nothing for so long, not even where it stands, is gone.
constexpr absl::Duration kSilence = absl::Seconds(30);
constexpr absl::Duration kCallTimeout = absl::Seconds(10);

const std::string& FollowPath() {
  static const auto& path = *new std::string(rpc::PathOf(rpc::FindMethod("fivestrand.events.v1.EventFeed.FollowEvents")));
  return path;
}
const std::string& SnapshotPath() {
  static const auto& path = *new std::string(rpc::PathOf(rpc::FindMethod("fivestrand.events.v1.EventFeed.StreamSnapshot")));
  return path;
}

bool Passing(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsAborted(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsResourceExhausted(status) || absl::IsCancelled(status);
}

// Code and reason: a message could name a record, and a record can be a person.
std::string Describe(const absl::Status& status) {
  const status::Reason reason = status::ReasonOf(status);
  const std::string code = absl::StatusCodeToString(status.code());
  return reason == status::Reason::kUnspecified ? code : absl::StrCat(code, " ", AbslView(status::ReasonName(reason)));
}

}  // namespace

class Follower::Impl {
 public:
  Impl(FollowSpec spec, FollowerOptions options)
      : spec_(std::move(spec)),
        options_(std::move(options)),
        cursor_(spec_, *options_.registry),
        metrics_(options_.metrics, options_.service, spec_.source, spec_.name) {}
  ~Impl() { Stop(); }

  void Start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  }
  void Stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }

  bool whole() const { return whole_; }
  std::int64_t cursor() const { return durable_; }
  std::string trouble() const {
    const std::lock_guard lock(mutex_);
    return trouble_;
  }
  const FollowSpec& spec() const { return spec_; }

 private:
  void Run(const std::stop_token& stop) {
    absl::Duration pause = options_.first_pause;
    while (!stop.stop_requested()) {
      progressed_ = false;
      const absl::Status status = Follow(stop);
      if (stop.stop_requested()) return;
      if (progressed_) pause = options_.first_pause;
      if (status.ok()) continue;
      Fail(status);
      Pause(stop, pause);
      pause = std::min(pause * 2, options_.last_pause);
    }
  }

  // Until the stream ends. OK: go on at once.
  absl::Status Follow(const std::stop_token& stop) {
    failure_ = Failure::kStore;
    FIVESTRAND_ASSIGN_OR_RETURN(std::optional<std::int64_t> at, cursor_.Read());
    if (!at || anew_) FIVESTRAND_RETURN_IF_ERROR(TakeSnapshot(stop));
    if (stop.stop_requested()) return absl::OkStatus();
    if (!at || anew_) {
      FIVESTRAND_ASSIGN_OR_RETURN(at, cursor_.Read());
      if (!at) return status::Conflict("another replica takes over a snapshot", absl::Seconds(1));
    }
    anew_ = false;
    durable_ = looked_ = *at;
    whole_ = true;

    failure_ = Failure::kConnection;
    FIVESTRAND_ASSIGN_OR_RETURN(const std::shared_ptr<rpc::Client> client, Connect());
    FIVESTRAND_RETURN_IF_ERROR(Acknowledge(*client));
    v1::FollowEventsRequest request;
    request.set_after(*at);
    for (const std::string& type : spec_.resource_types) request.add_resource_types(type);
    FIVESTRAND_ASSIGN_OR_RETURN(const rpc::CallOptions call, Call(absl::ZeroDuration()));
    rpc::PulledStream stream(*client, FollowPath(), rpc::ToByteBuffer(request), call, kQueue);
    return ReadStream(stop, *client, stream);
  }

  absl::Status ReadStream(const std::stop_token& stop, rpc::Client& client, rpc::PulledStream& stream) {
    const absl::Time opened = absl::Now();
    absl::Time heard = opened;
    std::vector<v1::EventBatch> batches;
    while (!stop.stop_requested()) {
      failure_ = Failure::kConnection;
      grpc::ByteBuffer message;
      const Got got = stream.Next(kTick, stop, &message);
      if (got == Got::kEnd) return Ended(stream.status());
      const absl::Time now = absl::Now();
      if (got == Got::kMessage) {
        heard = now;
        batches.clear();
        std::size_t events = 0;
        do {
          if (!rpc::ParseByteBuffer(message, &batches.emplace_back())) return status::DataLoss("a batch of events does not parse");
          events += static_cast<std::size_t>(batches.back().events_size());
        } while (events < kTransactionEvents && stream.Next(absl::ZeroDuration(), stop, &message) == Got::kMessage);
        FIVESTRAND_RETURN_IF_ERROR(Apply(stop, batches));
        if (stop.stop_requested()) break;
        metrics_.Heard(looked_, batches.back().newest_cursor(), absl::Now());
        SetTrouble("");
      } else {
        metrics_.Look(now);
        if (now - heard > kSilence)
          return status::Unavailable(status::Reason::kUpstreamUnavailable, "the source is silent", absl::Seconds(1));
      }
      const absl::Duration since = now - acknowledged_at_;
      if (since >= (looked_ != acknowledged_ ? options_.acknowledge_interval : options_.acknowledge_idle)) {
        FIVESTRAND_RETURN_IF_ERROR(Persist());
        failure_ = Failure::kConnection;
        FIVESTRAND_RETURN_IF_ERROR(Acknowledge(client));
      }
      if (now - opened > options_.stream_age) return absl::OkStatus();
    }
    return absl::OkStatus();
  }

  absl::Status Ended(const absl::Status& status) {
    if (!absl::IsOutOfRange(status)) {
      return status.ok()
                 ? status::Unavailable(status::Reason::kUpstreamUnavailable, "the source has ended the feed", absl::Seconds(1))
                 : status;
    }
    Tell("the source does not keep the events any more; taking a snapshot");
    anew_ = true;
    return absl::OkStatus();
  }

  // Effects and cursor of several batches as one transaction; event by event around one that fails for good.
  absl::Status Apply(const std::stop_token& stop, const std::vector<v1::EventBatch>& batches) {
    std::vector<const v1::Event*> events;
    for (const v1::EventBatch& batch : batches) {
      for (const v1::Event& event : batch.events()) events.push_back(&event);
    }
    looked_ = std::max(looked_, batches.back().cursor());
    // A position alone is written down with the next event or acknowledgement.
    if (events.empty()) return absl::OkStatus();
    failure_ = Failure::kStore;
    bool by_effect = false;
    absl::StatusOr<std::int64_t> durable = cursor_.Apply(events, looked_, &by_effect);
    if (!durable.ok()) {
      if (!by_effect || Passing(durable.status())) return durable.status();
      for (const v1::Event* event : events) FIVESTRAND_RETURN_IF_ERROR(ApplyAtLast(stop, *event));
      if (stop.stop_requested()) return absl::OkStatus();
      durable = cursor_.Apply({}, looked_, &by_effect);
      FIVESTRAND_RETURN_IF_ERROR(durable.status());
    }
    Progressed(*durable, events.size(), calendar::ToTime(events.front()->event_time()));
    return absl::OkStatus();
  }

  // Tries until the event has had its effect, or a stop: nothing is skipped.
  absl::Status ApplyAtLast(const std::stop_token& stop, const v1::Event& event) {
    absl::Duration pause = options_.stopped_pause;
    bool stopped = false;
    while (!stop.stop_requested()) {
      const v1::Event* const one = &event;
      bool by_effect = false;
      const absl::StatusOr<std::int64_t> durable = cursor_.Apply({&one, 1}, event.cursor(), &by_effect);
      if (durable.ok()) {
        if (stopped) {
          metrics_.SetStopped(false);
          SetTrouble("");
          Tell("the follower goes on");
        }
        durable_ = *durable;
        return absl::OkStatus();
      }
      if (!by_effect || Passing(durable.status())) return durable.status();
      metrics_.Failed(Failure::kEffect);
      metrics_.SetStopped(true);
      stopped = true;
      const std::string why = Describe(durable.status());
      SetTrouble(absl::StrCat("stands still at event ", event.cursor(), " (", event.resource_type(), "): ", why));
      options_.logger->Error("the follower stands still: an event cannot have its effect",
                             {{"service", options_.service},
                              {"source", spec_.source},
                              {"follower", spec_.name},
                              {"cursor", event.cursor()},
                              {"resource_type", event.resource_type()},
                              {"error", why}});
      Pause(stop, pause);
      pause = std::min(pause * 2, options_.last_stopped_pause);
    }
    return absl::OkStatus();
  }

  absl::Status TakeSnapshot(const std::stop_token& stop) {
    failure_ = Failure::kConnection;
    FIVESTRAND_ASSIGN_OR_RETURN(const std::shared_ptr<rpc::Client> client, Connect());
    v1::StreamSnapshotRequest request;
    request.set_follower(spec_.name);
    for (const std::string& type : spec_.resource_types) request.add_resource_types(type);
    FIVESTRAND_ASSIGN_OR_RETURN(const rpc::CallOptions call, Call(absl::ZeroDuration()));
    rpc::PulledStream stream(*client, SnapshotPath(), rpc::ToByteBuffer(request), call, kQueue);
    std::int64_t cursor = -1;
    while (!stop.stop_requested()) {
      failure_ = Failure::kConnection;
      grpc::ByteBuffer message;
      const Got got = stream.Next(kSilence, stop, &message);
      if (stop.stop_requested()) return absl::OkStatus();
      if (got == Got::kNothing)
        return status::Unavailable(status::Reason::kUpstreamUnavailable, "the source is silent", absl::Seconds(1));
      if (got == Got::kEnd) {
        FIVESTRAND_RETURN_IF_ERROR(stream.status());
        if (cursor < 0) return status::DataLoss("a snapshot without a position");
        failure_ = Failure::kStore;
        FIVESTRAND_RETURN_IF_ERROR(cursor_.EndSnapshot(cursor));
        metrics_.SnapshotTaken();
        Tell("a snapshot was taken over");
        return absl::OkStatus();
      }
      v1::SnapshotBatch batch;
      if (!rpc::ParseByteBuffer(message, &batch)) return status::DataLoss("a part of a snapshot does not parse");
      failure_ = Failure::kStore;
      // Nothing is touched before the source has answered.
      if (cursor < 0) FIVESTRAND_RETURN_IF_ERROR(cursor_.BeginSnapshot());
      cursor = batch.cursor();
      FIVESTRAND_RETURN_IF_ERROR(cursor_.ApplySnapshot(batch));
      metrics_.Applied(static_cast<std::size_t>(batch.records_size()), absl::InfiniteDuration());
      progressed_ = true;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::shared_ptr<rpc::Client>> Connect() const {
    std::shared_ptr<rpc::Client> client = options_.client();
    if (client == nullptr)
      return status::Unavailable(status::Reason::kUpstreamUnavailable, "not connected to the source", absl::Seconds(1));
    return client;
  }

  absl::StatusOr<rpc::CallOptions> Call(absl::Duration timeout) const {
    rpc::CallOptions call;
    FIVESTRAND_ASSIGN_OR_RETURN(call.token, options_.token());
    call.timeout = timeout;
    return call;
  }

  // Writes a position down that no event has.
  absl::Status Persist() {
    if (durable_ >= looked_) return absl::OkStatus();
    failure_ = Failure::kStore;
    bool by_effect = false;
    FIVESTRAND_ASSIGN_OR_RETURN(durable_, cursor_.Apply({}, looked_, &by_effect));
    return absl::OkStatus();
  }

  absl::Status Acknowledge(rpc::Client& client) {
    v1::AcknowledgeEventsRequest request;
    request.set_follower(spec_.name);
    request.set_cursor(durable_);
    v1::AcknowledgeEventsResponse response;
    FIVESTRAND_ASSIGN_OR_RETURN(const rpc::CallOptions call, Call(kCallTimeout));
    FIVESTRAND_RETURN_IF_ERROR(
        client.Call(rpc::FindMethod("fivestrand.events.v1.EventFeed.AcknowledgeEvents"), request, &response, call));
    acknowledged_ = durable_;
    acknowledged_at_ = absl::Now();
    return absl::OkStatus();
  }

  void Progressed(std::int64_t durable, std::size_t events, absl::Time oldest) {
    durable_ = durable;
    looked_ = std::max(looked_, durable);
    progressed_ = true;
    metrics_.Applied(events, options_.clock() - oldest);
  }

  void Fail(const absl::Status& status) {
    metrics_.Failed(failure_);
    metrics_.Look(absl::Now());
    const std::string why =
        absl::StrCat(failure_ == Failure::kConnection ? "the source cannot be followed: " : "the store fails: ", Describe(status));
    // Once for each trouble, not for each try.
    if (!SetTrouble(why)) return;
    options_.logger->Warning("a feed is not followed",
                             {{"service", options_.service}, {"source", spec_.source}, {"follower", spec_.name}, {"error", why}});
  }

  // Whether it is another than before.
  bool SetTrouble(std::string trouble) {
    const std::lock_guard lock(mutex_);
    const bool changed = trouble_ != trouble;
    trouble_ = std::move(trouble);
    return changed;
  }

  void Tell(std::string_view what) {
    options_.logger->Info(what, {{"service", options_.service}, {"source", spec_.source}, {"follower", spec_.name}});
  }

  void Pause(const std::stop_token& stop, absl::Duration length) {
    std::unique_lock lock(pause_mutex_);
    pause_.wait_for(lock, std::stop_token(stop), absl::ToChronoMilliseconds(length), [] { return false; });
  }

  const FollowSpec spec_;
  const FollowerOptions options_;
  FeedCursor cursor_;
  FollowerMetrics metrics_;

  std::atomic<bool> whole_{false};
  std::atomic<std::int64_t> durable_{0};
  mutable std::mutex mutex_;
  std::string trouble_;

  // The thread's own.
  std::int64_t looked_ = 0;  // What has been looked at, durable or not.
  std::int64_t acknowledged_ = -1;
  absl::Time acknowledged_at_;
  bool anew_ = false;
  bool progressed_ = false;
  Failure failure_ = Failure::kConnection;
  std::mutex pause_mutex_;
  std::condition_variable_any pause_;
  std::jthread thread_;  // Last: it uses the others.
};

Follower::Follower(FollowSpec spec, FollowerOptions options) : impl_(std::make_unique<Impl>(std::move(spec), std::move(options))) {}
Follower::~Follower() = default;

void Follower::Start() {
  impl_->Start();
}
void Follower::Stop() {
  impl_->Stop();
}
bool Follower::whole() const {
  return impl_->whole();
}
std::int64_t Follower::cursor() const {
  return impl_->cursor();
}
std::string Follower::trouble() const {
  return impl_->trouble();
}
const FollowSpec& Follower::spec() const {
  return impl_->spec();
}

}  // namespace fivestrand::events
