#include "platform/rpc/unary_call.h"

#include <atomic>
#include <utility>

#include "platform/rpc/audit_sink.h"
#include "platform/rpc/bytes.h"
#include "platform/rpc/method_entry.h"
#include "platform/rpc/server_core.h"
#include "platform/status/grpc_status.h"
#include "platform/status/status.h"

namespace fivestrand::rpc {

// What an asynchronous body calls. Copies share it; a body that drops all of them unanswered would leave its caller waiting for
// ever, so the last one answers for it.
class UnaryCall::Answer {
 public:
  Answer(UnaryCall* call, std::shared_ptr<CallData> data) : call_(call), data_(std::move(data)) {}
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  ~Answer() { Give(status::Internal("the body dropped its answer"), Reply()); }

  void Give(absl::Status status, Reply reply) {
    if (!given_.exchange(true)) call_->Complete(std::move(status), std::move(reply));
  }

 private:
  UnaryCall* const call_;
  const std::shared_ptr<CallData> data_;
  std::atomic<bool> given_{false};
};

UnaryCall::~UnaryCall() {
  core_.RemoveWaiter();
}

void UnaryCall::Await(ServerCore* core, MethodEntry* entry) {
  auto* const call = new UnaryCall(core, entry);
  core->AddWaiter();
  entry->service->RequestUnary(entry->index, &call->transport_, &call->payload_, &call->responder_, core->queue.get(), call);
}

void UnaryCall::Proceed(bool ok) {
  if (serving_ || !ok) {
    delete this;
    return;
  }
  serving_ = true;
  core_.Accept(&entry_);
  Serve();
}

void UnaryCall::Serve() {
  began_ = absl::Now();
  entry_.metrics->Started();
  entry_.metrics->Received();
  data_ = std::make_shared<CallData>();
  Begin(&core_, entry_, transport_, data_.get());
  if (core_.in_flight.fetch_add(1, std::memory_order_relaxed) >= core_.options.max_concurrent_calls) {
    core_.CountRefusedCall();
    Finish(status::Exhausted(status::Reason::kOverloaded, "too many calls at once", absl::Seconds(1)), Reply());
    return;
  }
  if (const absl::Status status = Prepare(&core_, entry_, transport_, payload_, data_.get()); !status.ok()) {
    Finish(status, Reply());
    return;
  }
  payload_.Clear();
  if (entry_.where == Runs::kInline) {
    RunBody();
    return;
  }
  const bool queued = core_.Dispatch([this] {
    // It may have waited long; nobody listens any more.
    if (absl::Now() >= data_->context.deadline) {
      Finish(status::DeadlineExceeded(), Reply());
    } else {
      RunBody();
    }
  });
  if (!queued) Finish(status::Exhausted(status::Reason::kOverloaded, "too many calls wait", absl::Seconds(1)), Reply());
}

void UnaryCall::RunBody() {
  if (entry_.unary != nullptr) {
    Reply reply;
    absl::Status status = entry_.unary(data_->context, *data_->request, &reply);
    Complete(std::move(status), std::move(reply));
    return;
  }
  // The call can end, and `this` with it, before the body returns; the answer keeps what the body uses.
  const std::shared_ptr<CallData> data = data_;
  auto answer = std::make_shared<Answer>(this, data);
  entry_.async_unary(ContextOf(data), *data->request, [answer = std::move(answer)](absl::Status status, Reply reply) {
    answer->Give(std::move(status), std::move(reply));
  });
}

void UnaryCall::Complete(absl::Status status, Reply reply) {
  if (!status.ok() || !entry_.audit_read) {
    Finish(status, std::move(reply));
    return;
  }
  auto shared = std::make_shared<Reply>(std::move(reply));
  core_.options.audit->RecordRead(ContextOf(data_),
                                  [this, shared](absl::Status recorded) { Finish(recorded, std::move(*shared)); });
}

void UnaryCall::Finish(const absl::Status& status, Reply reply) {
  const std::shared_ptr<CallData> data = std::move(data_);
  const std::string& request_id = data->context.request_id;
  transport_.AddTrailingMetadata("x-request-id", request_id);
  core_.in_flight.fetch_sub(1, std::memory_order_relaxed);
  const absl::Duration took = absl::Now() - began_;
  if (status.ok()) {
    entry_.metrics->Sent();
    entry_.metrics->Handled(absl::StatusCode::kOk, took);
    responder_.Finish(ToByteBuffer(reply.TakeBytes()), grpc::Status::OK, this);
    return;
  }
  const grpc::Status sent = status::ToGrpcStatus(status, request_id);
  entry_.metrics->Handled(static_cast<absl::StatusCode>(sent.error_code()), took);
  core_.LogFailure(entry_, data->context, status);
  responder_.FinishWithError(sent, this);
}

}  // namespace fivestrand::rpc
