#include "platform/events/feed_server.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fivestrand/events/v1/events.pb.h"

#include "platform/events/change_reach.h"
#include "platform/events/event_codec.h"
#include "platform/events/feed_stream.h"
#include "platform/events/snapshot_server.h"
#include "platform/resource/registry.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/store/followers.h"
#include "platform/store/outbox.h"

namespace fivestrand::events {
namespace {

constexpr std::size_t kRecentEvents = 2048;
constexpr std::int64_t kPage = 500;
// A stream whose reader leaves this many messages unread is not given more.
constexpr std::size_t kMaxQueued = 256;
constexpr absl::Duration kHeartbeat = absl::Seconds(15);
constexpr absl::Duration kReadTimeout = absl::Seconds(10);

}  // namespace

class FeedServer::Impl {
 public:
  Impl(const resource::Registry& registry, const std::string& service, std::vector<SnapshotSource> snapshots,
       prometheus::Registry* metrics)
      : registry_(registry),
        snapshots_(registry, std::move(snapshots)),
        reach_(registry),
        cursor_gauge_(prometheus::BuildGauge()
                          .Name("fivestrand_outbox_cursor")
                          .Help("Newest event of this service's outbox.")
                          .Register(*metrics)
                          .Add({{"service", service}})),
        lag_gauge_(prometheus::BuildGauge()
                       .Name("fivestrand_feed_unsent_events")
                       .Help("Events that the slowest open stream of the feed has not been sent yet.")
                       .Register(*metrics)
                       .Add({{"service", service}})),
        streams_gauge_(prometheus::BuildGauge()
                           .Name("fivestrand_feed_streams")
                           .Help("Open event and change streams.")
                           .Register(*metrics)
                           .Add({{"service", service}})),
        sent_(prometheus::BuildCounter()
                  .Name("fivestrand_feed_events_sent_total")
                  .Help("Events and changes sent to streams.")
                  .Register(*metrics)
                  .Add({{"service", service}})) {}

  ~Impl() { Stop(); }

  void Bind(rpc::Server& server) {
    reach_.Learn(server);
    server.ServerStream(rpc::FindMethod("fivestrand.events.v1.EventFeed.StreamEvents"), rpc::Runs::kInline,
                        [this](std::shared_ptr<const rpc::CallContext> context, const google::protobuf::Message& message,
                               std::shared_ptr<rpc::StreamWriter> writer) {
                          const auto& request = static_cast<const v1::StreamEventsRequest&>(message);
                          if (request.after() < 0) return writer->Finish(status::InvalidField("after", "must not be negative"));
                          auto stream = std::make_unique<FeedStream>();
                          stream->full = true;
                          stream->cursor = request.after();
                          stream->types.assign(request.resource_types().begin(), request.resource_types().end());
                          Open(std::move(stream), std::move(context), std::move(writer));
                        });
    server.ServerStream(rpc::FindMethod("fivestrand.events.v1.EventFeed.FollowEvents"), rpc::Runs::kInline,
                        [this](std::shared_ptr<const rpc::CallContext> context, const google::protobuf::Message& message,
                               std::shared_ptr<rpc::StreamWriter> writer) {
                          const auto& request = static_cast<const v1::FollowEventsRequest&>(message);
                          if (request.after() < 0) return writer->Finish(status::InvalidField("after", "must not be negative"));
                          auto stream = std::make_unique<FeedStream>();
                          stream->full = stream->batched = true;
                          stream->cursor = request.after();
                          stream->types.assign(request.resource_types().begin(), request.resource_types().end());
                          Open(std::move(stream), std::move(context), std::move(writer));
                        });
    server.AsyncUnary(rpc::FindMethod("fivestrand.events.v1.EventFeed.AcknowledgeEvents"), rpc::Runs::kInline,
                      [this](std::shared_ptr<const rpc::CallContext> context, const google::protobuf::Message& message,
                             std::function<void(absl::Status, rpc::Reply)> done) {
                        Acknowledge(*context, static_cast<const v1::AcknowledgeEventsRequest&>(message), std::move(done));
                      });
    snapshots_.Bind(server);
    server.ServerStream(rpc::FindMethod("fivestrand.events.v1.ChangeService.WatchChanges"), rpc::Runs::kInline,
                        [this](std::shared_ptr<const rpc::CallContext> context, const google::protobuf::Message& message,
                               std::shared_ptr<rpc::StreamWriter> writer) {
                          const auto& request = static_cast<const v1::WatchChangesRequest&>(message);
                          auto stream = std::make_unique<FeedStream>();
                          stream->parent = request.parent();
                          stream->types.assign(request.resource_types().begin(), request.resource_types().end());
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
    snapshots_.Stop();
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
  void Acknowledge(const rpc::CallContext& context, const v1::AcknowledgeEventsRequest& request,
                   std::function<void(absl::Status, rpc::Reply)> done) {
    store::WriteRequest write;
    write.deadline = context.deadline;
    write.body = [follower = absl::StrCat(context.caller->subject, "/", request.follower()),
                  cursor = request.cursor()](store::WriteTransaction& transaction) {
      return store::AcknowledgeEvents(transaction, follower, cursor);
    };
    write.done = [done = std::move(done)](absl::Status status) {
      rpc::Reply reply;
      if (status.ok()) reply.Set(v1::AcknowledgeEventsResponse());
      done(std::move(status), std::move(reply));
    };
    registry_.store().WriteAsync(std::move(write));
  }

  void Open(std::unique_ptr<FeedStream> stream, std::shared_ptr<const rpc::CallContext> context,
            std::shared_ptr<rpc::StreamWriter> writer) {
    stream->context = std::move(context);
    stream->writer = std::move(writer);
    stream->last_sent = absl::Now();
    std::lock_guard lock(mutex_);
    if (!stream->full) {
      stream->cursor = head_;
      // Connected: the first message must not wait for a change, and what happens after it is not missed.
      stream->writer->Write(v1::Change());
    }
    opened_.push_back(std::move(stream));
    wake_.notify_one();
  }

  void Run() {
    bool behind = false;
    while (true) {
      std::int64_t head = 0;
      bool opened = false;
      {
        std::unique_lock lock(mutex_);
        // A reader that is slow gives no signal when it catches up, so a stream that is behind is looked at again soon.
        wake_.wait_for(lock, behind ? std::chrono::milliseconds(5) : std::chrono::milliseconds(1000),
                       [&] { return stopping_ || head_ != read_ || !opened_.empty(); });
        if (stopping_) return;
        head = head_;
        for (auto& stream : opened_) {
          opened |= stream->cursor > head;
          streams_.push_back(std::move(stream));
        }
        opened_.clear();
      }
      if (opened) EndThoseBeyond();
      cursor_gauge_.Set(static_cast<double>(head));
      ReadNew(head);
      std::int64_t lag = 0;
      const absl::Time now = absl::Now();
      for (auto& stream : streams_) {
        if (stream->batched) {
          ServeBatches(*stream, now);
        } else {
          Serve(*stream);
        }
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

  // A cursor that the feed has never reached is of an older life of this store: its follower has to start anew. Asked of the store
  // itself, for another replica may have written what this one has not heard of yet.
  void EndThoseBeyond() {
    std::int64_t last = 0;
    const absl::Status status = registry_.store().Read(absl::Now() + kReadTimeout, [&](store::Session& session) -> absl::Status {
      FIVESTRAND_ASSIGN_OR_RETURN(const store::OutboxHead head, store::ReadOutboxHead(session));
      last = head.last_cursor;
      return absl::OkStatus();
    });
    for (auto& stream : streams_) {
      if (!stream->full || stream->cursor <= last) continue;
      stream->writer->Finish(status.ok() ? status::OutOfRange("after", "is beyond the newest event") : status);
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
          [&](const store::StoredEvent& stored) {
            // After a read that broke off, what it had brought comes again.
            if (!recent_.empty() && stored.cursor <= recent_.back().cursor()) return absl::OkStatus();
            if (recent_.size() == kRecentEvents) recent_.pop_front();
            ToEvent(stored, &recent_.emplace_back());
            return absl::OkStatus();
          },
          &read);
      if (!status.ok()) break;  // Tried again with the next commit or second.
    }
    std::lock_guard lock(mutex_);
    read_ = read;
  }

  absl::Status Page(std::int64_t after, const std::vector<std::string>& types,
                    absl::FunctionRef<absl::Status(const store::StoredEvent&)> each, std::int64_t* cursor) {
    return registry_.store().Read(absl::Now() + kReadTimeout, [&](store::Session& session) -> absl::Status {
      FIVESTRAND_ASSIGN_OR_RETURN(const store::EventPage page, store::ReadEvents(session, after, kPage, types, each));
      *cursor = page.cursor;
      return absl::OkStatus();
    });
  }

  void Serve(FeedStream& stream) {
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
          stream.cursor, stream.full ? stream.types : std::vector<std::string>(),
          [&](const store::StoredEvent& stored) {
            v1::Event event;
            ToEvent(stored, &event);
            Send(stream, event);
            return absl::OkStatus();
          },
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

  // Sends what there is for a follower, in as few messages as it takes; without events, its position now and then.
  void ServeBatches(FeedStream& stream, absl::Time now) {
    while (stream.writer->open() && stream.cursor < read_ && stream.writer->queued() < kMaxQueuedBatches) {
      if (!recent_.empty() && stream.cursor + 1 >= recent_.front().cursor()) {
        auto from = recent_.begin() + (stream.cursor + 1 - recent_.front().cursor());
        for (; from != recent_.end() && stream.writer->queued() < kMaxQueuedBatches; ++from) {
          stream.cursor = from->cursor();
          if (stream.Wants(*from)) sent_.Increment(stream.Add(*from, read_));
        }
        continue;
      }
      const std::int64_t before = stream.cursor;
      std::int64_t cursor = before;
      const absl::Status status = Page(
          before, stream.types,
          [&](const store::StoredEvent& stored) {
            v1::Event event;
            ToEvent(stored, &event);
            stream.cursor = stored.cursor;
            sent_.Increment(stream.Add(std::move(event), read_));
            return absl::OkStatus();
          },
          &cursor);
      if (!status.ok()) return stream.writer->Finish(status);
      if (cursor == before) break;
      stream.cursor = cursor;
    }
    sent_.Increment(stream.Flush(read_, now));
  }

  void Send(FeedStream& stream, const v1::Event& event) {
    if (!stream.Wants(event)) return;
    if (stream.full) {
      stream.writer->Write(event);
    } else {
      if (!reach_.MayList(stream, event)) return;
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

  const resource::Registry& registry_;
  SnapshotServer snapshots_;
  ChangeReach reach_;
  prometheus::Gauge& cursor_gauge_;
  prometheus::Gauge& lag_gauge_;
  prometheus::Gauge& streams_gauge_;
  prometheus::Counter& sent_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::int64_t head_ = 0;
  std::int64_t read_ = 0;  // written by the pump's thread under the mutex
  std::vector<std::unique_ptr<FeedStream>> opened_;
  bool stopping_ = false;

  // The pump's thread only.
  std::deque<v1::Event> recent_;
  std::vector<std::unique_ptr<FeedStream>> streams_;
  std::thread thread_;
};

FeedServer::FeedServer(const resource::Registry& registry, std::string service, std::vector<SnapshotSource> snapshots,
                       prometheus::Registry* metrics)
    : impl_(std::make_unique<Impl>(registry, service, std::move(snapshots), metrics)) {}
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
