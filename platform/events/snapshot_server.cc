#include "platform/events/snapshot_server.h"

#include <algorithm>
#include <atomic>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fivestrand/events/v1/events.pb.h"

#include "platform/calendar/timestamp.h"
#include "platform/events/event_codec.h"
#include "platform/resource/registry.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "platform/store/followers.h"
#include "platform/store/outbox.h"

namespace fivestrand::events {
namespace {

constexpr std::size_t kMaxSnapshots = 4;
// The read transaction of a snapshot keeps a log from being cut, so it must end.
constexpr absl::Duration kSnapshotTimeout = absl::Minutes(10);
constexpr absl::Duration kStallTimeout = absl::Seconds(30);
constexpr absl::Duration kWriteTimeout = absl::Seconds(10);
// gRPC says nothing when a reader has caught up.
constexpr absl::Duration kLook = absl::Milliseconds(1);
constexpr std::int64_t kPage = 500;
constexpr int kBatchRecords = 500;
constexpr std::size_t kBatchBytes = 256 * 1024;
constexpr std::size_t kMaxQueued = 8;

// Of one snapshot.
class SnapshotWriter {
 public:
  SnapshotWriter(std::shared_ptr<rpc::StreamWriter> writer, const std::atomic<bool>& stopping)
      : writer_(std::move(writer)), stopping_(stopping) {}

  // The first message: the position alone, so that also an empty snapshot has one.
  absl::Status Begin(std::int64_t cursor) {
    cursor_ = cursor;
    return Send();
  }
  void BeginType(const std::string& type) { batch_.set_resource_type(type); }
  v1::Event* Add() {
    v1::Event* event = batch_.add_records();
    event->set_kind(v1::RECORDED);
    event->set_resource_type(batch_.resource_type());
    return event;
  }
  // After each record: sends what has come together.
  absl::Status Added() {
    const v1::Event& event = batch_.records(batch_.records_size() - 1);
    bytes_ += event.record().size() + event.resource().size() + 64;
    return batch_.records_size() >= kBatchRecords || bytes_ >= kBatchBytes ? Send() : absl::OkStatus();
  }
  absl::Status EndType() {
    batch_.set_complete(true);
    return Send();
  }
  // Waits until everything is on its way: the end of a stream gives its reader little time.
  absl::Status Drain() { return AwaitRoom(1); }

 private:
  absl::Status AwaitRoom(std::size_t limit) {
    const absl::Time until = absl::Now() + kStallTimeout;
    while (writer_->queued() >= limit) {
      if (!writer_->open()) return status::Cancelled();
      if (stopping_) return status::Unavailable(status::Reason::kDraining, "the service is about to stop", absl::Seconds(1));
      if (absl::Now() > until) {
        return status::Exhausted(status::Reason::kOverloaded, "the snapshot was read too slowly", absl::Seconds(1));
      }
      absl::SleepFor(kLook);
    }
    return absl::OkStatus();
  }

  absl::Status Send() {
    batch_.set_cursor(cursor_);
    FIVESTRAND_RETURN_IF_ERROR(AwaitRoom(kMaxQueued));
    if (!writer_->Write(batch_)) return status::Cancelled();
    const std::string type = batch_.resource_type();
    batch_.Clear();
    batch_.set_resource_type(type);
    bytes_ = 0;
    return absl::OkStatus();
  }

  const std::shared_ptr<rpc::StreamWriter> writer_;
  const std::atomic<bool>& stopping_;
  std::int64_t cursor_ = 0;
  v1::SnapshotBatch batch_;
  std::size_t bytes_ = 0;
};

bool Asked(const v1::StreamSnapshotRequest& request, const std::string& type) {
  const auto& types = request.resource_types();
  return types.empty() || std::find(types.begin(), types.end(), type) != types.end();
}

absl::Status WriteRecords(store::Session& session, const resource::Declaration& declaration, SnapshotWriter& out) {
  out.BeginType(declaration.type);
  const std::string sql = absl::StrCat("SELECT trust, path, revision, update_time, record FROM ", declaration.table,
                                       " WHERE delete_time IS NULL AND (trust, path) > ($1, $2) ORDER BY trust, path LIMIT $3");
  std::string trust, path;
  for (std::int64_t rows = kPage; rows == kPage;) {
    rows = 0;
    const std::string after_trust = trust, after_path = path;
    FIVESTRAND_RETURN_IF_ERROR(session.Query(sql, {after_trust, after_path, kPage}, [&](const store::Row& row) -> absl::Status {
      ++rows;
      trust.assign(row.Text(0));
      path.assign(row.Text(1));
      v1::Event* event = out.Add();
      event->set_resource(absl::StrCat("trusts/", trust, path.empty() ? "" : "/", path));
      event->set_revision(row.Int(2));
      *event->mutable_event_time() = calendar::ToTimestamp(row.Time(3));
      const std::string_view record = row.Blob(4);
      event->set_record(record.data(), record.size());
      return out.Added();
    }));
  }
  return out.EndType();
}

absl::Status WriteSource(store::Session& session, const SnapshotSource& source, SnapshotWriter& out) {
  out.BeginType(source.resource_type);
  std::string last;
  for (std::int64_t rows = kPage; rows == kPage;) {
    rows = 0;
    const std::string after = last;
    FIVESTRAND_RETURN_IF_ERROR(source.read(session, after, kPage, [&](const v1::Event& record) -> absl::Status {
      ++rows;
      last = record.resource();
      v1::Event* event = out.Add();
      event->set_resource(record.resource());
      event->set_revision(record.revision());
      event->set_record(record.record());
      if (record.has_event_time()) *event->mutable_event_time() = record.event_time();
      return out.Added();
    }));
  }
  return out.EndType();
}

}  // namespace

class SnapshotServer::Impl {
 public:
  Impl(const resource::Registry& registry, std::vector<SnapshotSource> sources)
      : registry_(registry), sources_(std::move(sources)) {}
  ~Impl() { Stop(); }

  void Open(std::shared_ptr<const rpc::CallContext> context, const v1::StreamSnapshotRequest& request,
            std::shared_ptr<rpc::StreamWriter> writer) {
    const std::lock_guard lock(mutex_);
    for (auto at = running_.begin(); at != running_.end();) at = at->done ? running_.erase(at) : std::next(at);
    if (stopping_) {
      return writer->Finish(status::Unavailable(status::Reason::kDraining, "the service is about to stop", absl::Seconds(1)));
    }
    if (running_.size() >= kMaxSnapshots) {
      return writer->Finish(status::Exhausted(status::Reason::kOverloaded, "too many snapshots are under way", absl::Seconds(1)));
    }
    Running& running = running_.emplace_back();
    running.thread = std::jthread([this, &running, context = std::move(context), &request, writer] {
      writer->Finish(Serve(*context, request, writer));
      running.done = true;
    });
  }

  void Stop() {
    std::list<Running> running;
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      running.swap(running_);
    }
    running.clear();  // Joins.
  }

 private:
  struct Running {
    std::atomic<bool> done{false};
    std::jthread thread;
  };

  absl::Status Serve(const rpc::CallContext& context, const v1::StreamSnapshotRequest& request,
                     const std::shared_ptr<rpc::StreamWriter>& writer) {
    // Registered before the snapshot is taken, so that what follows on it cannot be trimmed meanwhile.
    const std::string follower = absl::StrCat(context.caller->subject, "/", request.follower());
    FIVESTRAND_RETURN_IF_ERROR(
        registry_.store().Write(absl::Now() + kWriteTimeout, [&](store::WriteTransaction& transaction) -> absl::Status {
          FIVESTRAND_ASSIGN_OR_RETURN(const store::OutboxHead head, store::ReadOutboxHead(transaction));
          return store::AcknowledgeEvents(transaction, follower, head.last_cursor);
        }));
    SnapshotWriter out(writer, stopping_);
    FIVESTRAND_RETURN_IF_ERROR(registry_.store().Read(absl::Now() + kSnapshotTimeout, [&](store::Session& session) -> absl::Status {
      FIVESTRAND_ASSIGN_OR_RETURN(const store::OutboxHead head, store::ReadOutboxHead(session));
      FIVESTRAND_RETURN_IF_ERROR(out.Begin(head.last_cursor));
      // In the order of declaration, which names parents first.
      for (const auto& entry : registry_.entries()) {
        if (entry->mirror || !Asked(request, entry->declaration->type)) continue;
        FIVESTRAND_RETURN_IF_ERROR(WriteRecords(session, *entry->declaration, out));
      }
      for (const SnapshotSource& source : sources_) {
        if (Asked(request, source.resource_type)) FIVESTRAND_RETURN_IF_ERROR(WriteSource(session, source, out));
      }
      return absl::OkStatus();
    }));
    return out.Drain();
  }

  const resource::Registry& registry_;
  const std::vector<SnapshotSource> sources_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::list<Running> running_;
};

SnapshotServer::SnapshotServer(const resource::Registry& registry, std::vector<SnapshotSource> sources)
    : impl_(std::make_unique<Impl>(registry, std::move(sources))) {}
SnapshotServer::~SnapshotServer() = default;

void SnapshotServer::Bind(rpc::Server& server) {
  server.ServerStream(rpc::FindMethod("fivestrand.events.v1.EventFeed.StreamSnapshot"), rpc::Runs::kInline,
                      [this](std::shared_ptr<const rpc::CallContext> context, const google::protobuf::Message& request,
                             std::shared_ptr<rpc::StreamWriter> writer) {
                        impl_->Open(std::move(context), static_cast<const v1::StreamSnapshotRequest&>(request), std::move(writer));
                      });
}

void SnapshotServer::Stop() {
  impl_->Stop();
}

}  // namespace fivestrand::events
