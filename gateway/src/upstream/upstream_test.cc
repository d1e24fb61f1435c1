// Calls over HTTP/2 against a real gRPC server, one that comes and goes, and peers that misbehave.
#include "gateway/src/upstream/upstream.h"

#include <arpa/inet.h>
#include <atomic>
#include <fstream>
#include <gmock/gmock.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <iterator>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"

#include "gateway/src/http/server.h"
#include "gateway/src/http/test_certificate.h"
#include "platform/status/status.h"

namespace fivestrand::gateway::upstream {
namespace {

using testing::HasSubstr;

const std::string kPath = "/test.Service/Method";

std::string Text(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string out;
  if (buffer.Dump(&slices).ok()) {
    for (const auto& slice : slices) out.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return out;
}

// "size N" is answered with N bytes, "many N" with N messages, "echo ..." with itself, "fail" with an error.
class EchoService : public grpc::CallbackGenericService {
 public:
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
    return new Reactor(context);
  }

 private:
  class Reactor : public grpc::ServerGenericBidiReactor {
   public:
    explicit Reactor(grpc::GenericCallbackServerContext* context) : context_(context) { StartRead(&request_); }
    void OnReadDone(bool ok) override {
      if (!ok) return;
      const std::string text = Text(request_);
      context_->AddInitialMetadata("x-initial", "i");
      context_->AddTrailingMetadata("x-trailing-bin", std::string("\0\1", 2));
      if (text == "fail") return Finish(grpc::Status(grpc::StatusCode::ABORTED, "50% \xC3\xA9", "details"));
      if (absl::StartsWith(text, "size ")) reply_ = std::string(std::stoul(text.substr(5)), 'z');
      if (absl::StartsWith(text, "many ")) left_ = std::stoi(text.substr(5));
      if (absl::StartsWith(text, "echo ")) reply_ = text;
      Send();
    }
    void OnWriteDone(bool ok) override { ok ? Send() : Finish(grpc::Status::CANCELLED); }
    void OnDone() override { delete this; }

   private:
    void Send() {
      if (left_-- <= 0) return Finish(grpc::Status::OK);
      const grpc::Slice slice(reply_);
      buffer_ = grpc::ByteBuffer(&slice, 1);
      StartWrite(&buffer_);
    }
    grpc::GenericCallbackServerContext* const context_;
    grpc::ByteBuffer request_, buffer_;
    std::string reply_ = "message";
    int left_ = 1;
  };
};

class RefusingHandler : public http::Handler {
 public:
  size_t BodyLimit(const http::Request&) override { return 0; }
  void Handle(std::shared_ptr<http::Exchange>) override {}
  http::Response Refuse(int, std::string_view) override { return {}; }
};

struct Answer {
  CallEnd end;
  std::string bytes;
};

class UpstreamTest : public testing::Test {
 protected:
  UpstreamTest() : loops(*http::Server::Start({}, &handler)) {}
  ~UpstreamTest() override {
    loops->Drain(absl::ZeroDuration());
    upstream = nullptr;
  }

  void StartServer(int at = 0) {
    grpc::ServerBuilder builder;
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddListeningPort(absl::StrCat("127.0.0.1:", at), grpc::InsecureServerCredentials(), &port);
    service = std::make_unique<EchoService>();  // one is good for one server
    builder.RegisterCallbackGenericService(service.get());
    builder.SetMaxReceiveMessageSize(64 << 20);
    server = builder.BuildAndStart();
    ASSERT_NE(server, nullptr);
  }
  void StopServer() {
    server->Shutdown(std::chrono::system_clock::now());
    server->Wait();
    server = nullptr;
    service = nullptr;
  }
  void Connect(UpstreamOptions options = {.name = "leadership"}) {
    upstream = Upstream::Connect(std::move(options), absl::StrCat("127.0.0.1:", port), nullptr);
  }

  CallSpec Spec(std::string bytes, absl::Duration time = absl::Seconds(20)) {
    CallSpec spec;
    spec.path = &kPath;
    spec.bytes = std::move(bytes);
    spec.metadata = {{"x-key", "value"}, {"x-bytes-bin", std::string("\0\1", 2)}};
    spec.deadline = absl::Now() + time;
    return spec;
  }

  Answer Ask(std::string bytes, absl::Duration time = absl::Seconds(20)) {
    Answer answer;
    absl::Notification done;
    loops->loop(0).Post([&] {
      upstream->Unary(Spec(std::move(bytes), time), &loops->loop(0), [&](const CallEnd& end, const Message* message) {
        answer.end = end;
        if (message != nullptr) message->AppendTo(&answer.bytes);
        done.Notify();
      });
    });
    done.WaitForNotification();
    return answer;
  }

  RefusingHandler handler;
  std::unique_ptr<http::Server> loops;  // for its loop only
  std::unique_ptr<EchoService> service;
  int port = 0;
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<Upstream> upstream;
};

TEST_F(UpstreamTest, CarriesBytesMetadataAndErrors) {
  StartServer();
  Connect();
  Answer answer = Ask("echo hello");
  EXPECT_TRUE(answer.end.status.ok()) << answer.end.status;
  EXPECT_EQ(answer.bytes, "echo hello");
  EXPECT_EQ(answer.end.initial, (Metadata{{"x-initial", "i"}}));
  EXPECT_EQ(answer.end.trailing, (Metadata{{"x-trailing-bin", std::string("\0\1", 2)}}));
  answer = Ask("fail");
  EXPECT_EQ(answer.end.status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(answer.end.status.message(), "50% \xC3\xA9");
  StopServer();
}

TEST_F(UpstreamTest, CarriesLargeMessagesBothWaysAndRefusesTooLargeOnes) {
  StartServer();
  Connect();
  const std::string large = "echo " + std::string(3 << 20, 'q');
  EXPECT_EQ(Ask(large).bytes, large);
  EXPECT_EQ(Ask("size 0").bytes, "");
  EXPECT_TRUE(Ask("size 0").end.status.ok());
  EXPECT_EQ(Ask("size 4194304").bytes.size(), 4194304u);
  const Answer refused = Ask("size 4194305");
  EXPECT_EQ(status::ReasonOf(refused.end.status), status::Reason::kOverloaded) << refused.end.status;
  EXPECT_EQ(Ask("echo still there").bytes, "echo still there");
  StopServer();
}

TEST_F(UpstreamTest, ManyCallsAtOnceShareAConnection) {
  StartServer();
  Connect();
  constexpr int kCalls = 1000;
  std::atomic<int> good{0}, all{0};
  absl::Notification done;
  loops->loop(0).Post([&] {
    for (int i = 0; i < kCalls; ++i) {
      const std::string text = absl::StrCat("echo ", i);
      upstream->Unary(Spec(text), &loops->loop(0), [&, text](const CallEnd&, const Message* message) {
        std::string bytes;
        if (message != nullptr) message->AppendTo(&bytes);
        good += bytes == text;
        if (++all == kCalls) done.Notify();
      });
    }
  });
  done.WaitForNotification();
  EXPECT_EQ(good, kCalls);
  StopServer();
}

TEST_F(UpstreamTest, RefusesMoreThanMayBeUnderWay) {
  StartServer();
  Connect({.name = "leadership", .max_in_flight = 2});
  std::vector<absl::Status> ends;
  absl::Notification done;
  loops->loop(0).Post([&] {
    for (int i = 0; i < 3; ++i) {
      upstream->Unary(Spec("echo x"), &loops->loop(0), [&](const CallEnd& end, const Message*) {
        ends.push_back(end.status);
        if (ends.size() == 3) done.Notify();
      });
    }
  });
  done.WaitForNotification();
  EXPECT_EQ(std::count_if(ends.begin(), ends.end(),
                          [](const absl::Status& s) { return status::ReasonOf(s) == status::Reason::kOverloaded; }),
            1);
  EXPECT_TRUE(Ask("echo again").end.status.ok()) << "those that are over do not count";
  StopServer();
}

TEST_F(UpstreamTest, StreamsOneMessageAtATime) {
  StartServer();
  Connect();
  int messages = 0;
  absl::Status end_status;
  absl::Notification done;
  std::shared_ptr<Call> call;
  loops->loop(0).Post([&] {
    StreamEvents events;
    events.on_start = [&](const Metadata& initial) {
      EXPECT_EQ(initial.size(), 1u);
    };
    events.on_message = [&](const Message& message) {
      EXPECT_EQ(message.size(), 7u);
      ++messages;
      loops->loop(0).Post([&] { call->Next(); });
    };
    events.on_end = [&](const CallEnd& end) {
      end_status = end.status;
      done.Notify();
    };
    call = upstream->Stream(Spec("many 5000"), &loops->loop(0), std::move(events));
  });
  done.WaitForNotification();
  EXPECT_TRUE(end_status.ok()) << end_status;
  EXPECT_EQ(messages, 5000);
  StopServer();
}

TEST_F(UpstreamTest, AStreamThatNobodyReadsCanBeCancelled) {
  StartServer();
  Connect();
  absl::Status end_status;
  absl::Notification first, done;
  std::shared_ptr<Call> call;
  loops->loop(0).Post([&] {
    StreamEvents events;
    events.on_message = [&](const Message&) {
      first.Notify();
    };
    events.on_end = [&](const CallEnd& end) {
      end_status = end.status;
      done.Notify();
    };
    call = upstream->Stream(Spec("many 1000000"), &loops->loop(0), std::move(events));
  });
  first.WaitForNotification();
  loops->loop(0).Post([&] { call->Cancel(); });
  done.WaitForNotification();
  EXPECT_EQ(end_status.code(), absl::StatusCode::kCancelled);
  StopServer();
}

TEST_F(UpstreamTest, FailsAtOnceWithoutAServiceAndFindsItAgain) {
  StartServer();
  Connect();
  EXPECT_TRUE(Ask("echo x").end.status.ok());
  const int there = port;
  StopServer();
  const Answer away = Ask("echo x");
  EXPECT_EQ(status::ReasonOf(away.end.status), status::Reason::kUpstreamUnavailable);
  EXPECT_THAT(std::string(away.end.status.message()), HasSubstr("leadership"));
  StartServer(there);
  absl::Status back;
  const absl::Time end = absl::Now() + absl::Seconds(20);
  do {
    back = Ask("echo x").end.status;
  } while (!back.ok() && absl::Now() < end);
  EXPECT_TRUE(back.ok()) << back;
  StopServer();
}

TEST_F(UpstreamTest, AServiceCanStopAtOnceWhenTheGatewayHasGone) {
  StartServer();
  Connect();
  EXPECT_TRUE(Ask("echo x").end.status.ok());
  loops->Drain(absl::ZeroDuration());
  upstream = nullptr;
  const absl::Time began = absl::Now();
  server->Shutdown();  // waits for the connections to end
  EXPECT_LT(absl::Now() - began, absl::Seconds(10));
  StopServer();
}

TEST_F(UpstreamTest, ARestartLosesNoCallThatWasNotBegun) {
  StartServer();
  Connect();
  EXPECT_TRUE(Ask("echo x").end.status.ok());
  const int there = port;
  // A graceful stop says so first (GOAWAY); the next call must not go onto the old connection.
  StopServer();
  StartServer(there);
  const absl::Time end = absl::Now() + absl::Seconds(20);
  absl::Status back;
  do {
    back = Ask("echo x").end.status;
  } while (!back.ok() && absl::Now() < end);
  EXPECT_TRUE(back.ok()) << back;
  StopServer();
}

// A socket that accepts connections and never says a word, or says `greeting`.
class MutePeer {
 public:
  explicit MutePeer(std::string greeting) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    listen(fd_, 16);
    socklen_t size = sizeof address;
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    thread_ = std::thread([this, greeting = std::move(greeting)] {
      for (int client; (client = accept(fd_, nullptr, nullptr)) >= 0;) {
        clients_.push_back(client);
        if (!greeting.empty()) send(client, greeting.data(), greeting.size(), MSG_NOSIGNAL);
      }
    });
  }
  ~MutePeer() {
    shutdown(fd_, SHUT_RDWR);
    thread_.join();
    close(fd_);
    for (int client : clients_) close(client);
  }
  int port = 0;

 private:
  const int fd_;
  std::vector<int> clients_;
  std::thread thread_;
};

TEST_F(UpstreamTest, APeerThatNeverAnswersIsGivenUpAtTheDeadline) {
  MutePeer peer("");
  port = peer.port;
  Connect();
  EXPECT_EQ(Ask("echo x", absl::Milliseconds(50)).end.status.code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(UpstreamTest, APeerThatSpeaksSomethingElseIsUnreachable) {
  for (const std::string& greeting :
       {std::string("HTTP/1.1 400 Bad Request\r\n\r\n"), std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF")}) {
    MutePeer peer(greeting);
    port = peer.port;
    upstream = nullptr;
    Connect();
    EXPECT_EQ(status::ReasonOf(Ask("echo x", absl::Seconds(10)).end.status), status::Reason::kUpstreamUnavailable);
    loops->Drain(absl::ZeroDuration());
    upstream = nullptr;
    loops = *http::Server::Start({}, &handler);
  }
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

TEST_F(UpstreamTest, SpeaksMutualTlsAndBelievesOnlyItsAuthority) {
  http::TestCertificate own, other;
  grpc::SslServerCredentialsOptions options(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = ReadFile(own.certificate_file);
  options.pem_key_cert_pairs.push_back({ReadFile(own.key_file), ReadFile(own.certificate_file)});
  service = std::make_unique<EchoService>();
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(options), &port);
  builder.RegisterCallbackGenericService(service.get());
  server = builder.BuildAndStart();
  const auto ask = [&](const http::TestCertificate& authority, const http::TestCertificate* client, const std::string& host) {
    upstream = Upstream::Connect({.name = "leadership"}, absl::StrCat(host, ":", port), [&authority, client] {
      return http::ClientTls::Load(authority.certificate_file, client == nullptr ? "" : client->certificate_file,
                                   client == nullptr ? "" : client->key_file);
    });
    const Answer answer = Ask("echo secret");
    loops->Drain(absl::ZeroDuration());
    upstream = nullptr;
    loops = *http::Server::Start({}, &handler);
    return answer;
  };
  EXPECT_EQ(ask(own, &own, "localhost").bytes, "echo secret");
  EXPECT_EQ(status::ReasonOf(ask(other, &own, "localhost").end.status), status::Reason::kUpstreamUnavailable);
  EXPECT_EQ(status::ReasonOf(ask(own, nullptr, "localhost").end.status), status::Reason::kUpstreamUnavailable)
      << "who shows nothing is refused";
  EXPECT_EQ(status::ReasonOf(ask(own, &own, "127.0.0.2").end.status), status::Reason::kUpstreamUnavailable)
      << "another name than the certificate's";
  StopServer();
}

TEST_F(UpstreamTest, AChannelOfTheLibraryServesAsWell) {
  StartServer();
  upstream = Upstream::Over({.name = "leadership"}, server->InProcessChannel({}));
  Answer answer = Ask("echo hello");
  EXPECT_EQ(answer.bytes, "echo hello");
  EXPECT_EQ(answer.end.initial, (Metadata{{"x-initial", "i"}}));
  EXPECT_EQ(Ask("fail").end.status.message(), "50% \xC3\xA9");
  loops->Drain(absl::ZeroDuration());
  upstream = nullptr;
  StopServer();
}

}  // namespace
}  // namespace fivestrand::gateway::upstream
