// The server on real sockets of the loopback interface.
#include "gateway/src/http/server.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "absl/synchronization/mutex.h"

#include "gateway/src/http/test_certificate.h"
#include "gateway/src/http/test_client.h"

namespace fivestrand::gateway::http {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// Tests wait by the standard library's means, so that ThreadSanitizer follows them.
class EchoHandler : public Handler {
 public:
  size_t BodyLimit(const Request&) override { return 4 * 1024 * 1024; }
  void Handle(std::shared_ptr<Exchange> exchange) override { handle(std::move(exchange)); }
  Response Refuse(int status, std::string_view detail) override {
    Response response;
    response.status = status;
    response.body = std::string(detail);
    return response;
  }
  std::function<void(std::shared_ptr<Exchange>)> handle = [](std::shared_ptr<Exchange> exchange) {
    Response response;
    response.body = exchange->request().body.empty() ? exchange->request().target : exchange->request().body;
    exchange->Respond(std::move(response));
  };
};

std::unique_ptr<Server> StartServer(Handler* handler, ServerOptions options = {}) {
  auto server = Server::Start(std::move(options), handler);
  EXPECT_TRUE(server.ok()) << server.status();
  return *std::move(server);
}

TEST(Server, KeepsConnectionsAndAnswersOnEach) {
  EchoHandler handler;
  ServerOptions options;
  options.threads = 2;
  auto server = StartServer(&handler, options);
  TestClient one(server->port()), two(server->port());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(one.Send("GET /one HTTP/1.1\r\nHost: a\r\n\r\n"));
    ASSERT_TRUE(two.Send("GET /two HTTP/1.1\r\nHost: a\r\n\r\n"));
    EXPECT_THAT(one.Read("/one"), StartsWith("HTTP/1.1 200 OK\r\nDate: "));
    EXPECT_THAT(two.Read("/two"), HasSubstr("Content-Length: 4\r\n"));
  }
}

TEST(Server, CarriesLargeBodiesBothWays) {
  EchoHandler handler;
  auto server = StartServer(&handler);
  TestClient client(server->port());
  const std::string body(3 * 1024 * 1024, 'z');
  std::thread sender([&] {
    client.Send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n");
    client.Send(body);
  });
  const std::string answer = client.Read("");
  sender.join();
  ASSERT_GT(answer.size(), body.size());
  EXPECT_EQ(answer.substr(answer.size() - body.size()), body);
}

TEST(Server, RefusesFiftyMegabytesWithoutTakingThem) {
  EchoHandler handler;
  auto server = StartServer(&handler);
  TestClient client(server->port());
  ASSERT_TRUE(client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n"));
  std::atomic<size_t> taken{0};
  std::thread sender([&] {
    const std::string piece(64 * 1024, 'x');
    while (taken < 50'000'000 && client.Send(piece)) taken += piece.size();
  });
  EXPECT_THAT(client.Read("\r\n\r\n"), StartsWith("HTTP/1.1 413 "));
  sender.join();
  EXPECT_LT(taken.load(), 20'000'000u);
}

TEST(Server, TurnsAwayWhatIsOverTheConnectionLimit) {
  EchoHandler handler;
  ServerOptions options;
  options.max_connections = 1;
  std::promise<void> refused;
  options.on_refused = [&] {
    refused.set_value();
  };
  auto server = StartServer(&handler, options);
  TestClient first(server->port());
  first.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(first.Read("/"), HasSubstr("200 OK"));
  TestClient second(server->port());
  EXPECT_EQ(second.Read(""), "");
  EXPECT_EQ(refused.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

TEST(Server, TimesOutASlowHeader) {
  EchoHandler handler;
  ServerOptions options;
  options.header_timeout = std::chrono::milliseconds(50);
  options.tick = std::chrono::milliseconds(10);
  auto server = StartServer(&handler, options);
  TestClient client(server->port());
  client.Send("GET / HT");
  EXPECT_THAT(client.Read(""), StartsWith("HTTP/1.1 408 "));
}

TEST(Server, DrainAnswersWhatIsInFlightAndTakesNoMore) {
  EchoHandler handler;
  std::promise<void> arrived, draining;
  std::shared_ptr<Exchange> held;
  handler.handle = [&](std::shared_ptr<Exchange> exchange) {
    held = std::move(exchange);
    held->OnDrain([&] { draining.set_value(); });
    arrived.set_value();
  };
  auto server = StartServer(&handler);
  TestClient client(server->port());
  client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  arrived.get_future().wait();
  std::thread drain([&] { server->Drain(absl::Seconds(30)); });
  draining.get_future().wait();
  held->loop().Post([&] {
    Response response;
    response.body = "late but whole";
    held->Respond(std::move(response));
    held = nullptr;
  });
  EXPECT_THAT(client.Read(""), HasSubstr("late but whole"));
  shutdown(client.fd(), SHUT_RDWR);
  drain.join();
  EXPECT_FALSE(TestClient(server->port()).connected());
}

TEST(Server, PostsRunInOrderInBatches) {
  EchoHandler handler;
  auto server = StartServer(&handler);
  std::vector<int> order;
  std::promise<void> done;
  for (int i = 0; i < 1000; ++i) server->loop(0).Post([&, i] { order.push_back(i); });
  server->loop(0).Post([&] { done.set_value(); });
  done.get_future().wait();
  ASSERT_EQ(order.size(), 1000u);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(order[i], i);
}

TEST(Server, ReportsWhatCannotBeBound) {
  EchoHandler handler;
  ServerOptions options;
  options.address = "not an address";
  EXPECT_EQ(Server::Start(options, &handler).status().code(), absl::StatusCode::kInvalidArgument);
  auto server = StartServer(&handler);
  ServerOptions missing;
  missing.tls_certificate_file = missing.tls_key_file = "/does/not/exist.pem";
  EXPECT_EQ(Server::Start(missing, &handler).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Server, SpeaksTls) {
  TestCertificate certificate;
  EchoHandler handler;
  std::atomic<bool> tls{false};
  auto echo = handler.handle;
  handler.handle = [&](std::shared_ptr<Exchange> exchange) {
    tls = exchange->request().tls;
    echo(std::move(exchange));
  };
  ServerOptions options;
  options.tls_certificate_file = certificate.certificate_file;
  options.tls_key_file = certificate.key_file;
  auto server = StartServer(&handler, options);
  TestClient client(server->port());
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL* ssl = SSL_new(context);
  SSL_set_fd(ssl, client.fd());
  ASSERT_EQ(SSL_connect(ssl), 1);
  const std::string body(200'000, 'q');
  const std::string request =
      "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  ASSERT_EQ(SSL_write(ssl, request.data(), request.size()), static_cast<int>(request.size()));
  std::string answer;
  char buffer[4096];
  for (int got; (got = SSL_read(ssl, buffer, sizeof buffer)) > 0;) answer.append(buffer, got);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK"));
  EXPECT_EQ(answer.substr(answer.size() - body.size()), body);
  EXPECT_TRUE(tls);
  EXPECT_TRUE(server->ReloadCertificate().ok());
  unlink(certificate.key_file.c_str());
  EXPECT_FALSE(server->ReloadCertificate().ok());
  SSL_free(ssl);
  SSL_CTX_free(context);
}

}  // namespace
}  // namespace fivestrand::gateway::http
