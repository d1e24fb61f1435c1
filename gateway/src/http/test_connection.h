// For tests: a connection on a transport of strings, with a clock that the test turns.
#ifndef FIVESTRAND_GATEWAY_SRC_HTTP_TEST_CONNECTION_H_
#define FIVESTRAND_GATEWAY_SRC_HTTP_TEST_CONNECTION_H_

#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/src/http/connection.h"
#include "gateway/src/http/connection_exchange.h"

namespace fivestrand::gateway::http {

using std::chrono::milliseconds;

class TestHandler : public Handler {
 public:
  size_t BodyLimit(const Request&) override { return 1000; }
  bool StreamsBody(const Request&) override { return streams; }
  void Handle(std::shared_ptr<Exchange> exchange) override { handle(std::move(exchange)); }
  Response Refuse(int status, std::string_view detail) override {
    Response response;
    response.status = status;
    response.body = std::string(detail);
    return response;
  }
  bool streams = false;
  std::function<void(std::shared_ptr<Exchange>)> handle = [](std::shared_ptr<Exchange> exchange) {
    Response response;
    response.body = exchange->request().target + "|" + exchange->request().body;
    exchange->Respond(std::move(response));
  };
};

class TestHost : public ConnectionHost, public Loop {
 public:
  TestHost() {
    options_.on_answer = [this](const AccessRecord& record) {
      statuses.push_back(record.status);
    };
  }
  const ServerOptions& options() const override { return options_; }
  Handler& handler() override { return handler_; }
  Loop& loop() override { return *this; }
  TimePoint Now() override { return now; }
  std::string_view DateLine() override { return "Date: now\r\n"; }
  bool draining() const override { return draining_; }
  void Closed(Connection*) override { ++closed; }
  void Post(absl::AnyInvocable<void()> work) override { work(); }
  void RunAfter(std::chrono::milliseconds, absl::AnyInvocable<void()>) override {}
  std::shared_ptr<ClientSocket> NewClientSocket(std::shared_ptr<ClientTls>) override { return nullptr; }

  ServerOptions options_;
  TestHandler handler_;
  TimePoint now = TimePoint() + std::chrono::hours(1);
  bool draining_ = false;
  int closed = 0;
  std::vector<int> statuses;
};

class StringConnection : public Connection {
 public:
  explicit StringConnection(ConnectionHost* host) : Connection(host, false, true) {}

  // Delivers bytes to the read that is under way; false when the connection does not read.
  bool Arrive(std::string_view data) {
    while (!data.empty()) {
      if (into_ == nullptr) return false;
      const size_t part = std::min(data.size(), size_);
      std::copy_n(data.data(), part, into_);
      data.remove_prefix(part);
      into_ = nullptr;
      OnRead(true, part);
    }
    return true;
  }
  void Leave() {
    into_ = nullptr;
    OnRead(false, 0);
  }
  // Lets at most `max` bytes of each write under way out.
  void Flush(size_t max = 1 << 30) {
    while (!writes_.empty() && !stalled) {
      std::string all;
      for (std::string_view view : writes_) all.append(view);
      writes_.clear();
      const size_t part = std::min(max, all.size());
      sent.append(all, 0, part);
      OnWritten(true, part);
    }
  }
  // Lets one byte of the write under way out.
  void Trickle() {
    writes_.clear();
    OnWritten(true, 1);
  }
  bool reading() const { return into_ != nullptr; }

  std::string sent;
  bool stalled = false;
  bool half_closed = false;

 protected:
  void AsyncRead(char* into, size_t size) override {
    ASSERT_EQ(into_, nullptr);
    into_ = into;
    size_ = size;
  }
  void AsyncWrite(absl::Span<const std::string_view> buffers) override {
    ASSERT_TRUE(writes_.empty());
    writes_.assign(buffers.begin(), buffers.end());
  }
  void ShutdownSend() override { half_closed = true; }
  void CloseTransport() override { into_ = nullptr; }

 private:
  char* into_ = nullptr;
  size_t size_ = 0;
  std::vector<std::string_view> writes_;
};

class ConnectionTest : public testing::Test {
 protected:
  ConnectionTest() : connection(std::make_shared<StringConnection>(&host)) { connection->Open(); }
  ~ConnectionTest() override { connection->Close(); }

  void Wait(milliseconds time) {
    host.now += time;
    connection->Tick(host.now);
  }

  TestHost host;
  std::shared_ptr<StringConnection> connection;
};

}  // namespace fivestrand::gateway::http

#endif  // FIVESTRAND_GATEWAY_SRC_HTTP_TEST_CONNECTION_H_
