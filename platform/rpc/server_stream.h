// One server-streaming call on the transport. Internal to platform/rpc.
#ifndef FIVESTRAND_PLATFORM_RPC_SERVER_STREAM_H_
#define FIVESTRAND_PLATFORM_RPC_SERVER_STREAM_H_

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "platform/rpc/open_stream.h"
#include "platform/rpc/prepare.h"
#include "platform/rpc/rpc_service.h"
#include "platform/rpc/stream_writer.h"

namespace fivestrand::rpc {

// Keeps itself alive while the transport owes it an event. What belongs to the transport is dropped then, so that a body may hold
// the writer for longer than the server lives.
class ServerStream final : public StreamWriter, public OpenStream, public std::enable_shared_from_this<ServerStream> {
 public:
  static void Await(ServerCore* core, MethodEntry* entry);
  ~ServerStream() override;

  using StreamWriter::WriteBytes;
  bool WriteBytes(std::shared_ptr<const std::string> bytes) override;
  void Finish(absl::Status status) override;
  void OnDone(std::function<void()> callback) override;
  void End(absl::Status why) override { Finish(std::move(why)); }
  bool open() const override;
  std::size_t queued() const override;

 private:
  // An event that calls a member function.
  class Event final : public Tag {
   public:
    using Handler = void (ServerStream::*)(bool ok);
    Event(ServerStream* stream, Handler handler) : stream_(stream), handler_(handler) {}
    void Proceed(bool ok) override;

   private:
    ServerStream* const stream_;
    const Handler handler_;
  };

  struct Wire;

  ServerStream(ServerCore* core, MethodEntry* entry);

  void OnRequested(bool ok);
  void OnWritten(bool ok);
  void OnFinished(bool ok);
  void OnEnded(bool ok);
  void OnExpired(bool ok);
  void OnStalled(bool ok);

  void Serve();
  void StartBody();
  void RunBody();
  // With the mutex held.
  void Close(absl::Status status, bool drop_queue);
  void Pump();
  // Drops the transport's side when no event is owed.
  void Release();

  ServerCore* const core_;
  MethodEntry* const entry_;
  Event requested_{this, &ServerStream::OnRequested};
  Event written_{this, &ServerStream::OnWritten};
  Event finished_{this, &ServerStream::OnFinished};
  Event ended_{this, &ServerStream::OnEnded};
  Event expired_{this, &ServerStream::OnExpired};
  Event stalled_{this, &ServerStream::OnStalled};

  std::shared_ptr<CallData> data_;
  absl::Time began_;

  mutable std::mutex mutex_;
  std::shared_ptr<ServerStream> self_;
  std::unique_ptr<Wire> wire_;
  int events_owed_ = 0;
  std::deque<std::shared_ptr<const std::string>> queue_;
  bool sending_ = false;  // A write or the finish is with the transport.
  bool finish_sent_ = false;
  bool broken_ = false;  // The peer is gone; nothing can be sent.
  bool over_ = false;    // The transport has said that the call ended.
  std::optional<absl::Status> final_;
  std::function<void()> on_done_;
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_SERVER_STREAM_H_
