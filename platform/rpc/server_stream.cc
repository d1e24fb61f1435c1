#include "platform/rpc/server_stream.h"

#include <chrono>
#include <grpcpp/alarm.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/async_stream.h>
#include <utility>

#include "platform/rpc/audit_sink.h"
#include "platform/rpc/bytes.h"
#include "platform/rpc/method_entry.h"
#include "platform/rpc/server_core.h"
#include "platform/status/grpc_status.h"
#include "platform/status/status.h"

namespace fivestrand::rpc {

struct ServerStream::Wire {
  Wire() : writer(&transport) {}

  grpc::ServerContext transport;
  grpc::ByteBuffer payload;
  grpc::ServerAsyncWriter<grpc::ByteBuffer> writer;
  std::optional<grpc::Alarm> expiry;
  std::optional<grpc::Alarm> stall;
};

void ServerStream::Event::Proceed(bool ok) {
  // The handler may release the last reference.
  const std::shared_ptr<ServerStream> keep = stream_->shared_from_this();
  (stream_->*handler_)(ok);
}

ServerStream::ServerStream(ServerCore* core, MethodEntry* entry) : core_(core), entry_(entry), wire_(std::make_unique<Wire>()) {}
ServerStream::~ServerStream() = default;

void ServerStream::Await(ServerCore* core, MethodEntry* entry) {
  const std::shared_ptr<ServerStream> stream(new ServerStream(core, entry));
  core->AddWaiter();
  stream->self_ = stream;
  stream->events_owed_ = 1;
  Wire& wire = *stream->wire_;
  wire.transport.AsyncNotifyWhenDone(static_cast<Tag*>(&stream->ended_));
  entry->service->RequestServerStream(entry->index, &wire.transport, &wire.payload, &wire.writer, core->queue.get(),
                                      &stream->requested_);
}

void ServerStream::OnRequested(bool ok) {
  if (ok) {
    core_->Accept(entry_);
    {
      const std::lock_guard lock(mutex_);
      ++events_owed_;  // That it ended.
    }
    Serve();
  }
  const std::lock_guard lock(mutex_);
  --events_owed_;
  Release();
}

void ServerStream::Serve() {
  began_ = absl::Now();
  entry_->metrics->Started();
  entry_->metrics->Received();
  data_ = std::make_shared<CallData>();
  Begin(core_, *entry_, wire_->transport, data_.get());
  wire_->transport.AddTrailingMetadata("x-request-id", data_->context.request_id);
  absl::Status status = core_->AddStream(shared_from_this());
  if (status.ok()) status = Prepare(core_, *entry_, wire_->transport, wire_->payload, data_.get());
  if (!status.ok()) {
    Finish(status);
    return;
  }
  wire_->payload.Clear();
  const absl::Duration left = data_->context.deadline - absl::Now();
  if (left < absl::Hours(24 * 365)) {
    const std::lock_guard lock(mutex_);
    ++events_owed_;
    wire_->expiry.emplace();
    wire_->expiry->Set(core_->queue.get(), std::chrono::system_clock::now() + absl::ToChronoMicroseconds(left),
                       static_cast<Tag*>(&expired_));
  }
  if (!entry_->audit_read) {
    StartBody();
    return;
  }
  core_->options.audit->RecordRead(ContextOf(data_), [self = shared_from_this()](absl::Status recorded) {
    if (recorded.ok()) {
      self->StartBody();
    } else {
      self->Finish(recorded);
    }
  });
}

void ServerStream::StartBody() {
  if (entry_->where == Runs::kInline) {
    RunBody();
  } else if (!core_->Dispatch([self = shared_from_this()] { self->RunBody(); })) {
    Finish(status::Exhausted(status::Reason::kOverloaded, "too many calls wait", absl::Seconds(1)));
  }
}

void ServerStream::RunBody() {
  entry_->stream(ContextOf(data_), *data_->request, shared_from_this());
}

bool ServerStream::WriteBytes(std::shared_ptr<const std::string> bytes) {
  const std::lock_guard lock(mutex_);
  if (final_.has_value()) return false;
  if (queue_.size() >= core_->options.stream_queue) {
    core_->CountSlowReader();
    Close(status::Exhausted(status::Reason::kOverloaded, "the stream was read too slowly", absl::Seconds(1)), /*drop_queue=*/true);
    return false;
  }
  queue_.push_back(std::move(bytes));
  Pump();
  return true;
}

void ServerStream::Finish(absl::Status status) {
  const std::lock_guard lock(mutex_);
  Close(std::move(status), /*drop_queue=*/false);
}

void ServerStream::Close(absl::Status status, bool drop_queue) {
  if (final_.has_value()) return;
  if (!status.ok()) core_->LogFailure(*entry_, data_->context, status);
  final_ = std::move(status);
  if (drop_queue) queue_.clear();
  if (wire_ == nullptr || over_) return;
  Pump();
  if (!finish_sent_) {
    ++events_owed_;
    wire_->stall.emplace();
    wire_->stall->Set(core_->queue.get(),
                      std::chrono::system_clock::now() + absl::ToChronoMicroseconds(core_->options.slow_reader_grace),
                      static_cast<Tag*>(&stalled_));
  }
}

void ServerStream::Pump() {
  if (sending_ || broken_ || over_ || finish_sent_) return;
  if (!queue_.empty()) {
    sending_ = true;
    ++events_owed_;
    entry_->metrics->Sent();
    wire_->writer.Write(ToByteBuffer(std::move(queue_.front())), static_cast<Tag*>(&written_));
    queue_.pop_front();
  } else if (final_.has_value()) {
    sending_ = true;
    finish_sent_ = true;
    ++events_owed_;
    wire_->writer.Finish(status::ToGrpcStatus(*final_, data_->context.request_id), static_cast<Tag*>(&finished_));
  }
}

void ServerStream::OnWritten(bool ok) {
  const std::lock_guard lock(mutex_);
  --events_owed_;
  sending_ = false;
  if (!ok) broken_ = true;
  Pump();
  Release();
}

void ServerStream::OnFinished(bool ok) {
  const std::lock_guard lock(mutex_);
  --events_owed_;
  sending_ = false;
  Release();
}

void ServerStream::OnExpired(bool ok) {
  const std::lock_guard lock(mutex_);
  --events_owed_;
  // The client's own deadline ends the call without us; what is left is the token.
  if (ok && !over_) Close(status::Unauthenticated("the token has expired"), /*drop_queue=*/false);
  Release();
}

void ServerStream::OnStalled(bool ok) {
  const std::lock_guard lock(mutex_);
  --events_owed_;
  if (ok && !over_) wire_->transport.TryCancel();
  Release();
}

void ServerStream::OnEnded(bool) {
  std::function<void()> on_done;
  {
    const std::lock_guard lock(mutex_);
    --events_owed_;
    over_ = true;
    queue_.clear();
    const bool cancelled = wire_->transport.IsCancelled();
    if (!final_.has_value()) {
      final_ = absl::Now() >= data_->context.deadline ? status::DeadlineExceeded() : status::Cancelled();
    }
    const absl::StatusCode code = cancelled && final_->ok() ? absl::StatusCode::kCancelled : final_->code();
    entry_->metrics->Handled(code, absl::Now() - began_);
    if (wire_->expiry.has_value()) wire_->expiry->Cancel();
    if (wire_->stall.has_value()) wire_->stall->Cancel();
    on_done = std::move(on_done_);
    on_done_ = nullptr;
  }
  core_->RemoveStream(this);
  if (on_done) on_done();
  const std::lock_guard lock(mutex_);
  Release();
}

void ServerStream::Release() {
  if (events_owed_ > 0 || self_ == nullptr) return;
  wire_.reset();
  self_.reset();
  core_->RemoveWaiter();
}

void ServerStream::OnDone(std::function<void()> callback) {
  {
    const std::lock_guard lock(mutex_);
    if (!over_) {
      on_done_ = std::move(callback);
      return;
    }
  }
  callback();
}

std::size_t ServerStream::queued() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

bool ServerStream::open() const {
  const std::lock_guard lock(mutex_);
  return !final_.has_value();
}

}  // namespace fivestrand::rpc
