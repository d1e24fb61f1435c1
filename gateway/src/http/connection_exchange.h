// The exchange that a connection hands to the handler.
#ifndef FIVESTRAND_GATEWAY_SRC_HTTP_CONNECTION_EXCHANGE_H_
#define FIVESTRAND_GATEWAY_SRC_HTTP_CONNECTION_EXCHANGE_H_

#include <memory>
#include <string>
#include <utility>

#include "gateway/src/http/connection.h"

namespace fivestrand::gateway::http {

class ConnectionExchange final : public Exchange {
 public:
  ConnectionExchange(std::shared_ptr<Connection> connection, ConnectionHost* host)
      : connection_(std::move(connection)), host_(host) {}
  ~ConnectionExchange() override;

  const Request& request() const override { return request_; }
  Request& mutable_request() override { return request_; }
  Loop& loop() const override { return host_->loop(); }

  void ReadBody(absl::AnyInvocable<void(BodyPart)> got) override;
  void Respond(Response response) override;
  void Start(ResponseHead head) override;
  void Write(std::string data) override;
  void Finish() override;
  size_t buffered() const override;
  void WhenWritable(size_t mark, absl::AnyInvocable<void()> ready) override;
  bool aborted() const override { return aborted_; }
  void OnAbort(absl::AnyInvocable<void()> gone) override { on_abort_ = std::move(gone); }
  void OnDrain(absl::AnyInvocable<void()> draining) override;

  void set_route(std::string_view kind, std::string_view pattern) override {
    kind_ = kind;
    pattern_ = pattern;
  }
  void set_request_id(std::string id) override { request_id_ = std::move(id); }
  const std::string& request_id() const override { return request_id_; }

  // For the connection.
  void MarkStart(TimePoint now, bool keep_alive, bool body_follows);
  void GiveBody(BodyPart part);
  void Abandon();  // the peer is gone
  void Drain();
  std::string HeadLines(int status, const HeaderBlock& headers, bool keep_alive, size_t extra) const;
  void Report(int status);
  void CountSent(uint64_t bytes) { sent_ += bytes; }

 private:
  // The connection while this exchange is the one being answered on it.
  bool Live() const { return !aborted_ && !done_; }

  std::shared_ptr<Connection> connection_;
  ConnectionHost* const host_;
  Request request_;
  std::string request_id_;
  std::string_view kind_, pattern_;
  TimePoint start_;
  uint64_t sent_ = 0;
  uint64_t request_bytes_ = 0;
  int status_ = 0;
  bool keep_alive_ = false;
  bool started_ = false;
  bool chunked_ = false;
  bool bodiless_ = false;
  bool done_ = false;
  bool aborted_ = false;
  bool reported_ = false;
  bool body_follows_ = false;
  absl::AnyInvocable<void(BodyPart)> on_body_;
  absl::AnyInvocable<void()> on_abort_, on_drain_;
};

}  // namespace fivestrand::gateway::http

#endif  // FIVESTRAND_GATEWAY_SRC_HTTP_CONNECTION_EXCHANGE_H_
