#include "platform/rpc/upload_stream.h"

#include <algorithm>
#include <chrono>
#include <grpcpp/alarm.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/async_stream.h>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "platform/rpc/audit_sink.h"
#include "platform/rpc/bytes.h"
#include "platform/rpc/method_entry.h"
#include "platform/rpc/server_core.h"
#include "platform/status/grpc_status.h"
#include "platform/status/status.h"

namespace fivestrand::rpc {
namespace {

absl::Status TooSlow(absl::Duration idle) {
  return status::DeadlineExceeded(absl::StrCat("nothing has come for ", absl::FormatDuration(idle)));
}

}  // namespace

struct UploadStream::Wire {
  Wire() : reader(&transport) {}

  grpc::ServerContext transport;
  grpc::ByteBuffer payload;
  grpc::ServerAsyncReader<grpc::ByteBuffer, grpc::ByteBuffer> reader;
  std::optional<grpc::Alarm> expiry;
};

void UploadStream::Event::Proceed(bool ok) {
  // The handler may release the last reference.
  const std::shared_ptr<UploadStream> keep = stream_->shared_from_this();
  (stream_->*handler_)(ok);
}

UploadStream::UploadStream(ServerCore* core, MethodEntry* entry) : core_(core), entry_(entry), wire_(std::make_unique<Wire>()) {}
UploadStream::~UploadStream() = default;

void UploadStream::Await(ServerCore* core, MethodEntry* entry) {
  const std::shared_ptr<UploadStream> stream(new UploadStream(core, entry));
  core->AddWaiter();
  stream->self_ = stream;
  stream->events_owed_ = 1;
  Wire& wire = *stream->wire_;
  wire.transport.AsyncNotifyWhenDone(static_cast<Tag*>(&stream->ended_));
  entry->service->RequestClientStream(entry->index, &wire.transport, &wire.reader, core->queue.get(), &stream->requested_);
}

void UploadStream::OnRequested(bool ok) {
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

void UploadStream::Serve() {
  began_ = absl::Now();
  entry_->metrics->Started();
  data_ = std::make_shared<CallData>();
  Begin(core_, *entry_, wire_->transport, data_.get());
  wire_->transport.AddTrailingMetadata("x-request-id", data_->context.request_id);
  absl::Status status = core_->AddStream(shared_from_this());
  // A stranger is turned away before anything is read.
  if (status.ok()) status = PrepareCaller(core_, *entry_, wire_->transport, data_.get());
  if (status.ok() && entry_->client_stream == nullptr) status = status::Unimplemented(entry_->method->full_name());
  if (!status.ok()) return Answer(std::move(status), Reply());

  wall_deadline_ = data_->context.deadline;
  const std::lock_guard lock(mutex_);
  if (final_.has_value()) return;
  ++events_owed_;
  const absl::Time first_by = std::min(wall_deadline_, absl::Now() + core_->options.upload_idle);
  wire_->expiry.emplace();
  wire_->expiry->Set(core_->queue.get(), absl::ToChronoTime(first_by), static_cast<Tag*>(&expired_));
  StartRead();
}

void UploadStream::StartRead() {
  if (over_ || complete_ || final_.has_value() || !failure_.ok()) return;
  ++events_owed_;
  wire_->payload.Clear();
  wire_->reader.Read(&wire_->payload, static_cast<Tag*>(&read_));
}

void UploadStream::OnRead(bool ok) {
  grpc::ByteBuffer first;
  {
    const std::lock_guard lock(mutex_);
    --events_owed_;
    if (final_.has_value() || over_ || !failure_.ok()) return Release();
    if (!ok) {
      // Either the peer has sent all, or the call is dead; a read tells these apart for nobody, and half a file must never pass for
      // a whole one. A write does tell: it fails on a call that is dead.
      ++events_owed_;
      wire_->reader.SendInitialMetadata(static_cast<Tag*>(&probed_));
      return;
    }
    entry_->metrics->Received();
    received_bytes_ += wire_->payload.Length();
    if (first_taken_) {
      if (received_bytes_ > core_->options.max_upload_bytes) {
        return Fail(status::Invalid(status::Reason::kRequestTooLarge, "",
                                    absl::StrCat("all messages are larger than ", core_->options.max_upload_bytes, " bytes")));
      }
      ahead_ = std::move(wire_->payload);
      changed_.notify_all();
      return;
    }
    first_taken_ = true;
    first = std::move(wire_->payload);
  }
  TakeFirst(first);
}

void UploadStream::TakeFirst(const grpc::ByteBuffer& payload) {
  if (absl::Status status = PrepareRequest(core_, *entry_, payload, data_.get()); !status.ok()) {
    return Answer(std::move(status), Reply());
  }
  if (!entry_->audit_read) return StartBody();
  core_->options.audit->RecordRead(ContextOf(data_), [self = shared_from_this()](absl::Status recorded) {
    if (recorded.ok()) {
      self->StartBody();
    } else {
      self->Answer(std::move(recorded), Reply());
    }
  });
}

void UploadStream::StartBody() {
  {
    const std::lock_guard lock(mutex_);
    if (final_.has_value() || over_) return;
    body_started_ = true;
    wire_->expiry->Cancel();
    StartRead();
  }
  if (!core_->DispatchUpload([self = shared_from_this()] { self->RunBody(); })) {
    Answer(status::Exhausted(status::Reason::kOverloaded, "too many uploads at once", absl::Seconds(5)), Reply());
  }
}

void UploadStream::RunBody() {
  absl::Status status;
  {
    // It may have waited long; nobody listens any more.
    const std::lock_guard lock(mutex_);
    if (absl::Now() >= wall_deadline_) Fail(status::DeadlineExceeded());
    status = failure_;
  }
  Reply reply;
  if (status.ok()) {
    status = entry_->client_stream(data_->context, *data_->request, *this, &reply);
    const std::lock_guard lock(mutex_);
    // Whatever the body made of half a stream, its caller must not take it for the whole.
    if (status.ok() && told_failure_) status = failure_;
  }
  Answer(std::move(status), std::move(reply));
}

absl::StatusOr<bool> UploadStream::Next(google::protobuf::Message* message) {
  grpc::ByteBuffer payload;
  {
    std::unique_lock lock(mutex_);
    const absl::Time idle_end = absl::Now() + core_->options.upload_idle;
    const auto until = absl::ToChronoTime(std::min(idle_end, wall_deadline_));
    while (failure_.ok() && !ahead_.has_value() && !complete_) {
      if (changed_.wait_until(lock, until) == std::cv_status::no_timeout) continue;
      if (failure_.ok() && !ahead_.has_value() && !complete_) {
        Fail(idle_end < wall_deadline_ ? TooSlow(core_->options.upload_idle) : status::DeadlineExceeded());
      }
    }
    if (failure_.ok() && ahead_.has_value() && ahead_->Length() > core_->options.max_message_bytes) {
      Fail(status::Invalid(status::Reason::kRequestTooLarge, "",
                           absl::StrCat("a message is larger than ", core_->options.max_message_bytes, " bytes")));
    }
    if (!failure_.ok()) {
      told_failure_ = true;
      return failure_;
    }
    if (!ahead_.has_value()) return false;
    payload = std::move(*ahead_);
    ahead_.reset();
    StartRead();
  }
  if (ParseByteBuffer(payload, message)) return true;
  const std::lock_guard lock(mutex_);
  Fail(status::Invalid(status::Reason::kMalformedBody, "",
                       absl::StrCat("a message is no ", entry_->method->input_type()->full_name())));
  told_failure_ = true;
  return failure_;
}

void UploadStream::End(absl::Status why) {
  const std::lock_guard lock(mutex_);
  // What has arrived in full is finished like any call that is under way.
  if (complete_ || final_.has_value() || over_) return;
  if (body_started_) {
    Fail(std::move(why));
  } else {
    AnswerLocked(std::move(why), Reply());
  }
}

void UploadStream::Fail(absl::Status why) {
  if (!failure_.ok()) return;
  failure_ = std::move(why);
  ahead_.reset();
  changed_.notify_all();
}

void UploadStream::Answer(absl::Status status, Reply reply) {
  const std::lock_guard lock(mutex_);
  AnswerLocked(std::move(status), std::move(reply));
}

void UploadStream::AnswerLocked(absl::Status status, Reply reply) {
  if (final_.has_value() || over_) return;
  if (!status.ok()) core_->LogFailure(*entry_, data_->context, status);
  final_ = std::move(status);
  if (wire_->expiry.has_value()) wire_->expiry->Cancel();
  ++events_owed_;
  if (final_->ok()) {
    entry_->metrics->Sent();
    wire_->reader.Finish(ToByteBuffer(reply.TakeBytes()), grpc::Status::OK, static_cast<Tag*>(&answered_));
  } else {
    wire_->reader.FinishWithError(status::ToGrpcStatus(*final_, data_->context.request_id), static_cast<Tag*>(&answered_));
  }
}

void UploadStream::OnProbed(bool ok) {
  bool empty = false;
  {
    const std::lock_guard lock(mutex_);
    --events_owed_;
    if (ok && !over_ && failure_.ok()) {
      complete_ = true;
      empty = !first_taken_;
      changed_.notify_all();
    } else {
      Fail(status::Cancelled());
    }
    if (!empty) return Release();
  }
  Answer(status::Invalid(status::Reason::kMalformedBody, "", "the stream has no message"), Reply());
}

void UploadStream::OnAnswered(bool) {
  const std::lock_guard lock(mutex_);
  --events_owed_;
  Release();
}

void UploadStream::OnExpired(bool ok) {
  const std::lock_guard lock(mutex_);
  --events_owed_;
  if (ok && !body_started_) AnswerLocked(TooSlow(core_->options.upload_idle), Reply());
  Release();
}

void UploadStream::OnEnded(bool) {
  core_->RemoveStream(this);
  const std::lock_guard lock(mutex_);
  --events_owed_;
  over_ = true;
  const bool cancelled = wire_->transport.IsCancelled();
  absl::StatusCode code = absl::StatusCode::kOk;
  if (!final_.has_value()) {
    Fail(absl::Now() >= wall_deadline_ ? status::DeadlineExceeded() : status::Cancelled());
    code = failure_.code();
  } else {
    code = cancelled && final_->ok() ? absl::StatusCode::kCancelled : final_->code();
  }
  entry_->metrics->Handled(code, absl::Now() - began_);
  if (wire_->expiry.has_value()) wire_->expiry->Cancel();
  Release();
}

void UploadStream::Release() {
  if (events_owed_ > 0 || self_ == nullptr) return;
  wire_.reset();
  self_.reset();
  core_->RemoveWaiter();
}

}  // namespace fivestrand::rpc
