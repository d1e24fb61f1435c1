// Calls that send a stream, by HTTP/2 and through a channel of the library, against a real gRPC server.
#include <atomic>
#include <gmock/gmock.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

#include "gateway/src/http/server.h"
#include "gateway/src/upstream/upstream.h"
#include "platform/status/status.h"

namespace fivestrand::gateway::upstream {
namespace {

const std::string kPath = "/test.Service/Take";

// Takes messages until the caller has sent all, and answers with their number and size. A first message "refuse" is an error at
// once, "enough" an answer at once, "wait" reads on only when the test says so.
class TakingService : public grpc::CallbackGenericService {
 public:
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override { return new Reactor(this); }
  std::atomic<int> complete{0}, cancelled{0};
  std::atomic<size_t> bytes{0};
  absl::Notification go;

 private:
  class Reactor : public grpc::ServerGenericBidiReactor {
   public:
    explicit Reactor(TakingService* service) : service_(*service) { StartRead(&message_); }
    void OnReadDone(bool ok) override {
      // Whether the caller has sent all or is gone is told by a write.
      if (!ok) return StartSendInitialMetadata();
      std::string text;
      std::vector<grpc::Slice> slices;
      if (message_.Dump(&slices).ok() && !slices.empty())
        text.assign(reinterpret_cast<const char*>(slices[0].begin()), std::min<size_t>(slices[0].size(), 10));
      ++messages_;
      size_ += message_.Length();
      service_.bytes += message_.Length();
      if (text == "refuse") return Finish(grpc::Status(grpc::StatusCode::ABORTED, "no", "details"));
      if (text == "enough") return Answer();
      if (text == "wait") {
        waiter_ = std::thread([this] {
          service_.go.WaitForNotification();
          StartRead(&message_);
        });
        return;
      }
      StartRead(&message_);
    }
    void OnSendInitialMetadataDone(bool ok) override {
      if (!ok) {
        ++service_.cancelled;
        return Finish(grpc::Status::CANCELLED);
      }
      ++service_.complete;
      Answer();
    }
    void OnWriteDone(bool) override { Finish(grpc::Status::OK); }
    void OnDone() override {
      if (waiter_.joinable()) waiter_.join();
      delete this;
    }

   private:
    void Answer() {
      const grpc::Slice slice(absl::StrCat(messages_, " ", size_));
      answer_ = grpc::ByteBuffer(&slice, 1);
      StartWrite(&answer_);
    }
    TakingService& service_;
    grpc::ByteBuffer message_, answer_;
    int messages_ = 0;
    size_t size_ = 0;
    std::thread waiter_;
  };
};

class NoHandler : public http::Handler {
 public:
  size_t BodyLimit(const http::Request&) override { return 0; }
  void Handle(std::shared_ptr<http::Exchange>) override {}
  http::Response Refuse(int, std::string_view) override { return {}; }
};

enum class By { kHttp2, kChannel };

class UploadTest : public testing::TestWithParam<By> {
 protected:
  UploadTest() : loops_(*http::Server::Start({}, &handler_)) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterCallbackGenericService(&service_);
    server_ = builder.BuildAndStart();
    UpstreamOptions options{.name = "leadership"};
    options.on_end = [this](absl::StatusCode code) {
      codes_ += static_cast<int>(code);
      ++ends_;
    };
    upstream_ = GetParam() == By::kHttp2 ? Upstream::Connect(std::move(options), absl::StrCat("127.0.0.1:", port_), nullptr)
                                         : Upstream::Over(std::move(options), server_->InProcessChannel({}));
  }
  ~UploadTest() override {
    loops_->Drain(absl::ZeroDuration());
    upstream_ = nullptr;
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
  }

  http::Loop& loop() { return loops_->loop(0); }
  // Runs on the loop and waits for it.
  void OnLoop(absl::AnyInvocable<void()> work) {
    absl::Notification done;
    loop().Post([&] {
      work();
      done.Notify();
    });
    done.WaitForNotification();
  }
  void Open(const std::string& first) {
    OnLoop([&] {
      CallSpec spec;
      spec.path = &kPath;
      spec.bytes = first;
      spec.deadline = absl::Now() + absl::Seconds(60);
      call_ = upstream_->Upload(std::move(spec), &loop(), [this](const CallEnd& end, const Message* message) {
        status_ = end.status;
        if (message != nullptr) message->AppendTo(&answer_);
        ended_.Notify();
      });
    });
  }
  void Write(const std::string& message) {
    OnLoop([&] { call_->Write(message); });
  }

  NoHandler handler_;
  std::unique_ptr<http::Server> loops_;
  TakingService service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Upstream> upstream_;
  std::atomic<int> codes_{0}, ends_{0};
  std::shared_ptr<UploadCall> call_;
  absl::Status status_;
  std::string answer_;
  absl::Notification ended_;
};

TEST_P(UploadTest, SendsEverythingAndGetsOneAnswer) {
  Open("first");
  size_t size = 5;
  for (int i = 0; i < 200; ++i) {
    Write(std::string(i * 100, 'x'));
    size += i * 100;
  }
  OnLoop([&] { call_->CloseSend(); });
  ended_.WaitForNotification();
  EXPECT_TRUE(status_.ok()) << status_;
  EXPECT_EQ(answer_, absl::StrCat("201 ", size));
  EXPECT_EQ(service_.complete, 1);
  EXPECT_EQ(ends_, 1);
  EXPECT_EQ(codes_, 0);
}

TEST_P(UploadTest, OneMessageIsEnough) {
  Open("first");
  OnLoop([&] { call_->CloseSend(); });
  ended_.WaitForNotification();
  EXPECT_EQ(answer_, "1 5");
}

TEST_P(UploadTest, AnEarlyErrorEndsIt) {
  Open("refuse");
  // The library notices only when it writes.
  while (!ended_.HasBeenNotified()) Write("more");
  EXPECT_EQ(status_.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(service_.complete, 0);
}

TEST_P(UploadTest, AnEarlyAnswerIsAnAnswer) {
  Open("enough");
  while (!ended_.HasBeenNotified()) Write("nobody wants it");
  EXPECT_TRUE(status_.ok()) << status_;
  EXPECT_EQ(answer_, "1 6");
}

TEST_P(UploadTest, HoldsBackWhatThePeerDoesNotTake) {
  Open("wait");
  size_t buffered = 0;
  constexpr int kMessages = 200;
  for (int i = 0; i < kMessages; ++i) Write(std::string(100'000, 'x'));
  OnLoop([&] { buffered = call_->buffered(); });
  EXPECT_GT(buffered, 1'000'000u) << "the windows are smaller than what was given";
  absl::Notification writable;
  OnLoop([&] { call_->WhenWritable(10'000, [&] { writable.Notify(); }); });
  EXPECT_FALSE(writable.WaitForNotificationWithTimeout(absl::Milliseconds(100)));
  service_.go.Notify();
  writable.WaitForNotification();
  OnLoop([&] {
    EXPECT_LT(call_->buffered(), 10'000u);
    call_->CloseSend();
  });
  ended_.WaitForNotification();
  EXPECT_EQ(answer_, absl::StrCat(kMessages + 1, " ", 4 + kMessages * 100'000));
}

TEST_P(UploadTest, TellsAtOnceWhenThereIsRoom) {
  Open("first");
  absl::Notification writable;
  OnLoop([&] { call_->WhenWritable(10'000, [&] { writable.Notify(); }); });
  writable.WaitForNotification();
}

TEST_P(UploadTest, CancelledIsNotComplete) {
  Open("first");
  Write("second");
  while (service_.bytes < 11) std::this_thread::yield();
  OnLoop([&] { call_->Cancel(); });
  ended_.WaitForNotification();
  EXPECT_EQ(status_.code(), absl::StatusCode::kCancelled);
  while (service_.cancelled == 0) std::this_thread::yield();
  EXPECT_EQ(service_.complete, 0);
}

INSTANTIATE_TEST_SUITE_P(Both, UploadTest, testing::Values(By::kHttp2, By::kChannel),
                         [](const auto& info) { return info.param == By::kHttp2 ? "Http2" : "Channel"; });

TEST(AbsentUpstream, FailsEveryCallAsOneThatDoesNotAnswer) {
  NoHandler handler;
  auto loops = *http::Server::Start({}, &handler);
  std::atomic<int> unreachable{0};
  const auto upstream = Upstream::Absent({.name = "cpd", .on_unreachable = [&] {
                                            ++unreachable;
                                          }});
  EXPECT_EQ(upstream->name(), "cpd");
  std::vector<absl::Status> ends;
  absl::Notification done;
  const auto ended = [&](const CallEnd& end) {
    ends.push_back(end.status);
    if (ends.size() == 3) done.Notify();
  };
  loops->loop(0).Post([&] {
    upstream->Unary({}, &loops->loop(0), [&](const CallEnd& end, const Message*) { ended(end); });
    StreamEvents events;
    events.on_end = ended;
    upstream->Stream({}, &loops->loop(0), std::move(events));
    upstream->Upload({}, &loops->loop(0), [&](const CallEnd& end, const Message*) { ended(end); })->Write("x");
    EXPECT_TRUE(ends.empty()) << "never from within the call";
  });
  done.WaitForNotification();
  for (const absl::Status& end : ends) {
    EXPECT_EQ(status::ReasonOf(end), status::Reason::kUpstreamUnavailable);
    EXPECT_THAT(std::string(end.message()), testing::HasSubstr("cpd"));
  }
  EXPECT_EQ(unreachable, 3);
  loops->Drain(absl::ZeroDuration());
}

}  // namespace
}  // namespace fivestrand::gateway::upstream
