// One connection's life, without a socket: parse, hand over, write back, time out. A transport moves the bytes.
#ifndef FIVESTRAND_GATEWAY_SRC_HTTP_CONNECTION_H_
#define FIVESTRAND_GATEWAY_SRC_HTTP_CONNECTION_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"

#include "gateway/src/http/exchange.h"
#include "gateway/src/http/parser.h"
#include "gateway/src/http/server.h"

namespace fivestrand::gateway::http {

using TimePoint = std::chrono::steady_clock::time_point;

class Connection;
class ConnectionExchange;

// What a connection needs from the loop that it lives on.
class ConnectionHost {
 public:
  virtual ~ConnectionHost() = default;
  virtual const ServerOptions& options() const = 0;
  virtual Handler& handler() = 0;
  virtual Loop& loop() = 0;
  virtual TimePoint Now() = 0;
  // "Date: ...\r\n"
  virtual std::string_view DateLine() = 0;
  virtual bool draining() const = 0;
  // The connection is done with; the host drops it.
  virtual void Closed(Connection* connection) = 0;
};

// Not thread-safe: everything happens on the host's loop. Owned by a shared_ptr.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(ConnectionHost* host, bool tls, bool loopback_peer);
  virtual ~Connection();

  // The transport is ready (after the TLS handshake if there is one).
  void Open();
  // Completions of AsyncRead and AsyncWrite. `ok` is false at end of stream and on any error.
  void OnRead(bool ok, size_t count);
  void OnWritten(bool ok, size_t count);
  // Looks at the timeouts.
  void Tick(TimePoint now);
  void BeginDrain();
  // Gives up at once.
  void Close();
  bool closed() const { return state_ == State::kClosed; }

 protected:
  // At most one read and one write are under way. Buffers stay valid until the completion.
  virtual void AsyncRead(char* into, size_t size) = 0;
  virtual void AsyncWrite(absl::Span<const std::string_view> buffers) = 0;
  // Half-close: nothing more will be written.
  virtual void ShutdownSend() = 0;
  // Outstanding operations complete with ok = false.
  virtual void CloseTransport() = 0;

 private:
  friend class ConnectionExchange;
  // kStreaming: the request is being handled while its body arrives.
  enum class State { kHandshake, kIdle, kHeader, kBody, kStreaming, kHandling, kLingering, kClosed };
  struct OutBuffer {
    std::string owned;
    std::shared_ptr<const std::string> shared;
    std::string_view rest;
  };

  void StartRead();
  void Process();
  bool Step();
  bool StepBody();
  void HeaderDone();
  void Dispatch(State state);
  // The exchange wants the next part of its body.
  void AskBody();
  void Refuse(int status, std::string_view detail);
  void Send(std::string data);
  void SendShared(std::shared_ptr<const std::string> data);
  void StartWrite();
  // The answer to the present request is complete.
  void AnswerDone(bool keep_alive);
  void BeginLinger();
  void Abort();
  void ArmIdle();

  ConnectionHost* const host_;
  const bool tls_;
  const bool loopback_peer_;
  State state_ = State::kHandshake;
  TimePoint deadline_;
  TimePoint phase_start_;
  uint64_t phase_bytes_ = 0;

  std::vector<char> in_;
  size_t in_begin_ = 0;
  size_t in_end_ = 0;
  bool reading_ = false;
  bool processing_ = false;
  size_t lingered_ = 0;
  size_t body_limit_ = 0;
  size_t linger_limit_ = 0;
  bool body_wanted_ = false;
  bool continue_sent_ = false;
  TimePoint body_paused_;  // since when nobody wants any

  RequestParser parser_;
  std::shared_ptr<ConnectionExchange> incoming_;  // being read
  ConnectionExchange* current_ = nullptr;         // being answered; owned by the handler
  bool keep_alive_ = false;

  std::deque<OutBuffer> out_;
  std::vector<std::string_view> out_views_;
  size_t out_bytes_ = 0;
  bool writing_ = false;
  bool close_after_write_ = false;
  bool write_window_open_ = false;
  TimePoint write_start_;
  uint64_t write_progress_ = 0;
  size_t writable_mark_ = 0;
  absl::AnyInvocable<void()> on_writable_;
};

}  // namespace fivestrand::gateway::http

#endif  // FIVESTRAND_GATEWAY_SRC_HTTP_CONNECTION_H_
