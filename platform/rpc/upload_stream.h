// One client-streaming call on the transport. Internal to platform/rpc.
#ifndef FIVESTRAND_PLATFORM_RPC_UPLOAD_STREAM_H_
#define FIVESTRAND_PLATFORM_RPC_UPLOAD_STREAM_H_

#include <condition_variable>
#include <cstddef>
#include <grpcpp/support/byte_buffer.h>
#include <memory>
#include <mutex>
#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "platform/rpc/open_stream.h"
#include "platform/rpc/prepare.h"
#include "platform/rpc/reply.h"
#include "platform/rpc/rpc_service.h"
#include "platform/rpc/stream_reader.h"

namespace fivestrand::rpc {

// Keeps itself alive while the transport owes it an event; the body keeps it too. What belongs to the transport is dropped when no
// event is owed.
class UploadStream final : public StreamReader, public OpenStream, public std::enable_shared_from_this<UploadStream> {
 public:
  static void Await(ServerCore* core, MethodEntry* entry);
  ~UploadStream() override;

  absl::StatusOr<bool> Next(google::protobuf::Message* message) override;
  void End(absl::Status why) override;

 private:
  // An event that calls a member function.
  class Event final : public Tag {
   public:
    using Handler = void (UploadStream::*)(bool ok);
    Event(UploadStream* stream, Handler handler) : stream_(stream), handler_(handler) {}
    void Proceed(bool ok) override;

   private:
    UploadStream* const stream_;
    const Handler handler_;
  };

  struct Wire;

  UploadStream(ServerCore* core, MethodEntry* entry);

  void OnRequested(bool ok);
  void OnRead(bool ok);
  void OnProbed(bool ok);
  void OnAnswered(bool ok);
  void OnEnded(bool ok);
  void OnExpired(bool ok);

  void Serve();
  void TakeFirst(const grpc::ByteBuffer& payload);
  void StartBody();
  void RunBody();
  void Answer(absl::Status status, Reply reply);
  // With the mutex held.
  void AnswerLocked(absl::Status status, Reply reply);
  void StartRead();
  void Fail(absl::Status why);
  // Drops the transport's side when no event is owed.
  void Release();

  ServerCore* const core_;
  MethodEntry* const entry_;
  Event requested_{this, &UploadStream::OnRequested};
  Event read_{this, &UploadStream::OnRead};
  Event probed_{this, &UploadStream::OnProbed};
  Event answered_{this, &UploadStream::OnAnswered};
  Event ended_{this, &UploadStream::OnEnded};
  Event expired_{this, &UploadStream::OnExpired};

  std::shared_ptr<CallData> data_;
  absl::Time began_;
  absl::Time wall_deadline_ = absl::InfiniteFuture();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<UploadStream> self_;
  std::unique_ptr<Wire> wire_;
  int events_owed_ = 0;
  std::size_t received_bytes_ = 0;
  bool first_taken_ = false;
  bool body_started_ = false;  // It answers; nobody else does.
  bool complete_ = false;      // The peer has said that this was all.
  bool told_failure_ = false;
  bool over_ = false;                      // The transport has said that the call ended.
  std::optional<grpc::ByteBuffer> ahead_;  // Read, and not yet asked for.
  absl::Status failure_;                   // Why no more comes.
  std::optional<absl::Status> final_;
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_UPLOAD_STREAM_H_
