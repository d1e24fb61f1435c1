#include "platform/events/feed_server.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <google/protobuf/descriptor.h>
#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fivestrand/events/v1/events.pb.h"
#include "fivestrand/options/v1/options.pb.h"

#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/resource/registry.h"
#include "platform/resource/standard_methods.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "platform/store/outbox.h"

namespace fivestrand::events {
namespace {

constexpr std::size_t kRecentEvents = 2048;
constexpr std::int64_t kPage = 500;
// A stream whose reader leaves this many messages unread is not given more.
constexpr std::size_t kMaxQueued = 256;
constexpr absl::Duration kHeartbeat = absl::Seconds(15);
constexpr absl::Duration kReadTimeout = absl::Seconds(10);

v1::Event ToEvent(const store::StoredEvent& stored) {
  v1::Event event;
  event.set_cursor(stored.cursor);
  event.set_kind(static_cast<v1::EventKind>(stored.kind));
  event.set_resource_type(std::string(stored.resource_type));
  event.set_resource(std::string(stored.resource));
  event.set_revision(stored.revision);
  event.mutable_event_time()->set_seconds(absl::ToUnixSeconds(stored.event_time));
  event.mutable_event_time()->set_nanos(static_cast<std::int32_t>((absl::ToUnixMicros(stored.event_time) % 1000000) * 1000));
  event.set_record(std::string(stored.record));
  event.set_actor(std::string(stored.actor));
  return event;
}

// An open stream. Used by the pump's thread alone once it is in the list.
struct Stream {
  std::shared_ptr<const rpc::CallContext> context;
  std::shared_ptr<rpc::StreamWriter> writer;
  std::int64_t cursor = 0;
  std::vector<std::string> types;
  bool full = false;  // EventFeed rather than ChangeService
  std::string parent;
  // What the caller may list, by type and school.
  absl::flat_hash_map<std::string, identity::Access> access;
  absl::Time last_sent;

  bool Wants(const v1::Event& event) const {
    if (!types.empty() && std::find(types.begin(), types.end(), event.resource_type()) == types.end()) return false;
    if (full) return true;
    return event.resource() == parent || absl::StartsWith(event.resource(), absl::StrCat(parent, "/"));
  }
};

}  // namespace

class FeedServer::Impl {
 public:
  Impl(const resource::Registry& registry, prometheus::Registry* metrics)
      : registry_(registry),
        cursor_gauge_(prometheus::BuildGauge()
                          .Name("fivestrand_outbox_cursor")
                          .Help("Newest event of this service's outbox.")
                          .Register(*metrics)
                          .Add({})),
        lag_gauge_(prometheus::BuildGauge()
                       .Name("fivestrand_feed_lag_events")
                       .Help("Events that the slowest open stream of the feed has not been sent yet.")
                       .Register(*metrics)
                       .Add({})),
        streams_gauge_(prometheus::BuildGauge()
                           .Name("fivestrand_feed_streams")
                           .Help("Open event and change streams.")
                           .Register(*metrics)
                           .Add({})),
        sent_(prometheus::BuildCounter()
                  .Name("fivestrand_feed_events_sent_total")
                  .Help("Events and changes sent to streams.")
                  .Register(*metrics)
                  .Add({})) {}

  ~Impl() { Stop(); }

  void Bind(rpc::Server& server) {
    for (const auto* service : server.services()) {
      for (int i = 0; i < service->method_count(); ++i) {
        absl::StatusOr<resource::StandardMethod> standard = resource::Recognise(registry_, service->method(i));
        if (!standard.ok() || standard->verb != resource::Verb::kList) continue;
        list_permissions_[standard->entry->declaration->type] =
            service->method(i)->options().GetExtension(options::v1::policy).permission();
      }
    }
    server.ServerStream(rpc::FindMethod("fivestrand.events.v1.EventFeed.StreamEvents"), rpc::Runs::kInline,
                        [this](std::shared_ptr<const rpc::CallContext> context, const google::protobuf::Message& message,
                               std::shared_ptr<rpc::StreamWriter> writer) {
                          const auto& request = static_cast<const v1::StreamEventsRequest&>(message);
                          if (request.after() < 0) return writer->Finish(status::InvalidField("after", "must not be negative"));
                          auto stream = std::make_unique<Stream>();
                          stream->full = true;
                          stream->cursor = request.after();
                          stream->types.assign(request.resource_types().begin(), request.resource_types().end());
                          Open(std::move(stream), std::move(context), std::move(writer));
                        });
    server.ServerStream(rpc::FindMethod("fivestrand.events.v1.ChangeService.WatchChanges"), rpc::Runs::kInline,
                        [this](std::shared_ptr<const rpc::CallContext> context, const google::protobuf::Message& message,
                               std::shared_ptr<rpc::StreamWriter> writer) {
                          const auto& request = static_cast<const v1::WatchChangesRequest&>(message);
                          auto stream = std::make_unique<Stream>();
                          stream->parent = request.parent();
                          stream->types.assign(request.resource_types().begin(), request.resource_types().end());
                          // Connected: the first message must not wait for a change.
                          writer->Write(v1::Change());
                          Open(std::move(stream), std::move(context), std::move(writer));
                        });
  }

  absl::Status Start() {
    FIVESTRAND_RETURN_IF_ERROR(registry_.store().Read(absl::Now() + kReadTimeout, [this](store::Session& session) -> absl::Status {
      FIVESTRAND_ASSIGN_OR_RETURN(store::OutboxHead head, store::ReadOutboxHead(session));
      head_ = read_ = head.last_cursor;
      return absl::OkStatus();
    }));
    cursor_gauge_.Set(static_cast<double>(head_));
    registry_.store().SetCommitListener([this](std::int64_t cursor) {
      std::lock_guard lock(mutex_);
      head_ = cursor;
      wake_.notify_one();
    });
    thread_ = std::thread([this] { Run(); });
    return absl::OkStatus();
  }

  void Stop() {
    if (!thread_.joinable()) return;
    registry_.store().SetCommitListener(nullptr);
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
      wake_.notify_one();
    }
    thread_.join();
    for (auto& stream : streams_)
      stream->writer->Finish(status::Unavailable(status::Reason::kDraining, "the service is about to stop", absl::Seconds(1)));
    streams_.clear();
  }

 private:
  void Open(std::unique_ptr<Stream> stream, std::shared_ptr<const rpc::CallContext> context,
            std::shared_ptr<rpc::StreamWriter> writer) {
    stream->context = std::move(context);
    stream->writer = std::move(writer);
    stream->last_sent = absl::Now();
    std::lock_guard lock(mutex_);
    if (!stream->full) stream->cursor = head_;
    opened_.push_back(std::move(stream));
    wake_.notify_one();
  }

  void Run() {
    bool behind = false;
    while (true) {
      std::int64_t head = 0;
      {
        std::unique_lock lock(mutex_);
        // A reader that is slow gives no signal when it catches up, so a stream that is behind is looked at again soon.
        wake_.wait_for(lock, behind ? std::chrono::milliseconds(5) : std::chrono::milliseconds(1000),
                       [&] { return stopping_ || head_ != read_ || !opened_.empty(); });
        if (stopping_) return;
        head = head_;
        for (auto& stream : opened_) streams_.push_back(std::move(stream));
        opened_.clear();
      }
      cursor_gauge_.Set(static_cast<double>(head));
      ReadNew(head);
      std::int64_t lag = 0;
      const absl::Time now = absl::Now();
      for (auto& stream : streams_) {
        Serve(*stream);
        if (stream->writer->open()) lag = std::max(lag, read_ - stream->cursor);
        if (now - stream->last_sent >= kHeartbeat && !stream->full) {
          stream->writer->Write(v1::Change());
          stream->last_sent = now;
        }
      }
      std::erase_if(streams_, [](const auto& stream) { return !stream->writer->open(); });
      lag_gauge_.Set(static_cast<double>(lag));
      streams_gauge_.Set(static_cast<double>(streams_.size()));
      behind = lag > 0;
    }
  }

  // Brings the recent events up to `head`, as far as a read goes.
  void ReadNew(std::int64_t head) {
    if (streams_.empty()) {
      recent_.clear();
      std::lock_guard lock(mutex_);
      read_ = head;
      return;
    }
    std::int64_t read = read_;
    while (read < head) {
      absl::Status status = Page(
          read, {},
          [&](v1::Event event) {
            recent_.push_back(std::move(event));
            if (recent_.size() > kRecentEvents) recent_.pop_front();
          },
          &read);
      if (!status.ok()) break;  // Tried again with the next commit or second.
    }
    std::lock_guard lock(mutex_);
    read_ = read;
  }

  absl::Status Page(std::int64_t after, const std::vector<std::string>& types, absl::FunctionRef<void(v1::Event)> each,
                    std::int64_t* cursor) {
    return registry_.store().Read(absl::Now() + kReadTimeout, [&](store::Session& session) -> absl::Status {
      FIVESTRAND_ASSIGN_OR_RETURN(store::EventPage page,
                                  store::ReadEvents(session, after, kPage, types, [&](const store::StoredEvent& stored) {
                                    each(ToEvent(stored));
                                    return absl::OkStatus();
                                  }));
      *cursor = page.cursor;
      return absl::OkStatus();
    });
  }

  void Serve(Stream& stream) {
    while (stream.writer->open() && stream.cursor < read_ && stream.writer->queued() < kMaxQueued) {
      if (!recent_.empty() && stream.cursor + 1 >= recent_.front().cursor()) {
        auto from = recent_.begin() + (stream.cursor + 1 - recent_.front().cursor());
        for (; from != recent_.end() && stream.writer->queued() < kMaxQueued; ++from) {
          Send(stream, *from);
          stream.cursor = from->cursor();
        }
        continue;
      }
      std::int64_t cursor = stream.cursor;
      absl::Status status = Page(
          stream.cursor, stream.full ? stream.types : std::vector<std::string>(), [&](v1::Event event) { Send(stream, event); },
          &cursor);
      if (!status.ok()) {
        // Trimmed away, or the store is gone: the follower has to start anew or try again.
        stream.writer->Finish(std::move(status));
        return;
      }
      if (cursor == stream.cursor) return;
      stream.cursor = cursor;
    }
  }

  void Send(Stream& stream, const v1::Event& event) {
    if (!stream.Wants(event)) return;
    if (stream.full) {
      stream.writer->Write(event);
    } else {
      if (!MayList(stream, event)) return;
      v1::Change change;
      change.set_kind(event.kind());
      change.set_resource_type(event.resource_type());
      change.set_resource(event.resource());
      change.set_revision(event.revision());
      stream.writer->Write(change);
    }
    sent_.Increment();
    stream.last_sent = absl::Now();
  }

  bool MayList(Stream& stream, const v1::Event& event) {
    auto permission = list_permissions_.find(event.resource_type());
    if (permission == list_permissions_.end()) return false;
    const std::string key = absl::StrCat(event.resource_type(), " ", AbslView(names::SchoolOf(event.resource())));
    auto [found, fresh] = stream.access.try_emplace(key);
    if (fresh) {
      found->second = registry_.access().DecideFor(*stream.context->caller, permission->second, event.resource(), absl::Now());
    }
    if (!found->second.allowed) return false;
    const resource::Entry* entry = registry_.Find(event.resource_type());
    if (entry == nullptr) return false;
    if (found->second.everything && entry->declaration->restricted_field == nullptr) return true;
    std::unique_ptr<google::protobuf::Message> record(resource::NewRecord(*entry->declaration, nullptr));
    if (!record->ParseFromString(event.record())) return false;
    resource::Facts facts;
    resource::FactsOf(*entry->declaration, *record, stream.context->caller->subject, &facts);
    return found->second.Includes(facts.row);
  }

  const resource::Registry& registry_;
  absl::flat_hash_map<std::string, std::string> list_permissions_;
  prometheus::Gauge& cursor_gauge_;
  prometheus::Gauge& lag_gauge_;
  prometheus::Gauge& streams_gauge_;
  prometheus::Counter& sent_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::int64_t head_ = 0;
  std::int64_t read_ = 0;  // written by the pump's thread under the mutex
  std::vector<std::unique_ptr<Stream>> opened_;
  bool stopping_ = false;

  // The pump's thread only.
  std::deque<v1::Event> recent_;
  std::vector<std::unique_ptr<Stream>> streams_;
  std::thread thread_;
};

FeedServer::FeedServer(const resource::Registry& registry, prometheus::Registry* metrics)
    : impl_(std::make_unique<Impl>(registry, metrics)) {}
FeedServer::~FeedServer() = default;
void FeedServer::Bind(rpc::Server& server) {
  impl_->Bind(server);
}
absl::Status FeedServer::Start() {
  return impl_->Start();
}
void FeedServer::Stop() {
  impl_->Stop();
}

}  // namespace fivestrand::events
