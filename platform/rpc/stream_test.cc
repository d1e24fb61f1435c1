// Server streams, from both ends.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/rpc/bytes.h"
#include "platform/rpc/pulled_stream.h"
#include "platform/rpc/test_notes.h"
#include "platform/status/status.h"

namespace fivestrand::rpc {
namespace {

using rpctest::v1::Note;
using rpctest::v1::WatchNotesRequest;
using status::Reason;
using status::ReasonOf;
using ::testing::ElementsAre;

// What a reader has got; it can be told to stop reading.
class Reader {
 public:
  void Open(Client* client, const CallOptions& options, const std::string& parent = "trusts/t") {
    WatchNotesRequest request;
    request.set_parent(parent);
    call_ = client->Stream(
        PathOf(NoteMethod("WatchNotes")), ToByteBuffer(request), options,
        [this](grpc::ByteBuffer bytes) {
          if (hold_) release_.WaitForNotification();
          Note note;
          EXPECT_TRUE(ParseByteBuffer(bytes, &note));
          const std::lock_guard lock(mutex_);
          titles_.push_back(note.title());
          changed_.notify_all();
          return true;
        },
        [this](absl::Status status) {
          const std::lock_guard lock(mutex_);
          status_ = std::move(status);
          changed_.notify_all();
        });
  }
  void Hold() { hold_ = true; }
  void Release() { release_.Notify(); }
  void Cancel() { call_->Cancel(); }
  void AwaitTitles(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return titles_.size() >= count; });
  }
  absl::Status AwaitEnd() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return status_.has_value(); });
    return *status_;
  }
  std::vector<std::string> titles() {
    const std::lock_guard lock(mutex_);
    return titles_;
  }

 private:
  std::shared_ptr<StreamCall> call_;
  std::atomic<bool> hold_{false};
  absl::Notification release_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> titles_;
  std::optional<absl::Status> status_;
};

class StreamTest : public ::testing::Test {
 protected:
  void Serve(StreamBody body, ServerOptions options, Runs where = Runs::kInline) {
    auto server = std::make_unique<Server>(std::move(options));
    server->ServerStream(NoteMethod("WatchNotes"), where, std::move(body));
    notes_.Start(std::move(server));
  }
  // Keeps the writers of the streams that are opened.
  void Collect(ServerOptions options) {
    Serve(
        [this](auto, const auto&, std::shared_ptr<StreamWriter> writer) {
          writer->OnDone([this] { ++done_; });
          const std::lock_guard lock(mutex_);
          writers_.push_back(std::move(writer));
          opened_.notify_all();
        },
        std::move(options));
  }
  std::shared_ptr<StreamWriter> Writer(std::size_t index = 0) {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [&] { return writers_.size() > index; });
    return writers_[index];
  }
  CallOptions Good() {
    CallOptions options;
    options.token = notes_.Token();
    return options;
  }
  static Note Titled(const std::string& title) {
    Note note;
    note.set_title(title);
    return note;
  }
  template <typename Condition>
  static void Await(Condition condition) {
    while (!condition()) std::this_thread::yield();
  }

  std::mutex mutex_;
  std::condition_variable opened_;
  std::vector<std::shared_ptr<StreamWriter>> writers_;
  std::atomic<int> done_{0};
  TestNotes notes_;
};

TEST_F(StreamTest, SendsInOrderAndThenTheStatus) {
  Serve(
      [](std::shared_ptr<const CallContext> context, const google::protobuf::Message& request,
         std::shared_ptr<StreamWriter> writer) {
        EXPECT_EQ(std::string(context->scope), "trusts/t");
        EXPECT_EQ(static_cast<const WatchNotesRequest&>(request).parent(), "trusts/t");
        for (const char* title : {"one", "two", "three"}) EXPECT_TRUE(writer->Write(Titled(title)));
        writer->Finish(status::NotFound("fivestrand/TestNote", "trusts/t/schools/s/notes/n"));
        EXPECT_FALSE(writer->Write(Titled("too late")));
        EXPECT_FALSE(writer->open());
      },
      notes_.Options(), Runs::kPool);
  Reader reader;
  reader.Open(notes_.client.get(), Good());
  EXPECT_EQ(ReasonOf(reader.AwaitEnd()), Reason::kResourceNotFound);
  EXPECT_THAT(reader.titles(), ElementsAre("one", "two", "three"));
  Await([&] { return notes_.Metric("grpc_server_handled_total", "NotFound") == 1; });
  EXPECT_EQ(notes_.Metric("grpc_server_msg_sent_total"), 3);
}

TEST_F(StreamTest, IsRefusedLikeAnyCall) {
  Collect(notes_.Options());
  Reader no_token;
  no_token.Open(notes_.client.get(), {});
  EXPECT_EQ(ReasonOf(no_token.AwaitEnd()), Reason::kInvalidToken);
  Reader stranger;
  stranger.Open(notes_.client.get(), Good(), "trusts/other");
  EXPECT_EQ(ReasonOf(stranger.AwaitEnd()), Reason::kPermissionDenied);
  Reader nonsense;
  nonsense.Open(notes_.client.get(), Good(), "");
  EXPECT_EQ(ReasonOf(nonsense.AwaitEnd()), Reason::kInvalidField);
}

TEST_F(StreamTest, ManyThreadsMayWriteTheSameBytes) {
  Collect(notes_.Options());
  Reader reader;
  reader.Open(notes_.client.get(), Good());
  const auto writer = Writer();
  const auto bytes = std::make_shared<const std::string>(Titled(std::string(5000, 'x')).SerializeAsString());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) EXPECT_TRUE(writer->WriteBytes(bytes));
    });
  }
  for (auto& thread : threads) thread.join();
  writer->Finish(absl::OkStatus());
  EXPECT_TRUE(reader.AwaitEnd().ok());
  EXPECT_EQ(reader.titles().size(), 800u);
}

TEST_F(StreamTest, ASlowReaderIsCutOff) {
  ServerOptions options = notes_.Options();
  options.stream_queue = 10;
  Collect(std::move(options));
  Reader reader;
  reader.Hold();
  reader.Open(notes_.client.get(), Good());
  const auto writer = Writer();
  const std::string big(200000, 'x');
  int written = 0;
  while (writer->Write(Titled(big))) ++written;
  EXPECT_GE(written, 10);
  EXPECT_LT(written, 1000) << "what is with the transport is bounded too";
  reader.Release();
  EXPECT_EQ(ReasonOf(reader.AwaitEnd()), Reason::kOverloaded);
  EXPECT_LE(reader.titles().size(), static_cast<std::size_t>(written));
  EXPECT_EQ(notes_.Metric("fivestrand_rpc_slow_readers_total"), 1);
  Await([&] { return done_ == 1; });
}

TEST_F(StreamTest, AReaderThatStaysStuckIsCancelled) {
  ServerOptions options = notes_.Options();
  options.stream_queue = 10;
  options.slow_reader_grace = absl::Milliseconds(100);
  Collect(std::move(options));
  Reader reader;
  reader.Hold();
  reader.Open(notes_.client.get(), Good());
  const auto writer = Writer();
  while (writer->Write(Titled(std::string(200000, 'x')))) {
  }
  Await([&] { return done_ == 1; });
  reader.Release();
  EXPECT_FALSE(reader.AwaitEnd().ok());
}

TEST_F(StreamTest, TheBodyLearnsThatThePeerIsGone) {
  Collect(notes_.Options());
  Reader reader;
  reader.Open(notes_.client.get(), Good());
  const auto writer = Writer();
  EXPECT_TRUE(writer->Write(Titled("one")));
  reader.AwaitTitles(1);
  reader.Cancel();
  EXPECT_EQ(reader.AwaitEnd().code(), absl::StatusCode::kCancelled);
  Await([&] { return done_ == 1; });
  EXPECT_FALSE(writer->Write(Titled("two")));
  writer->Finish(absl::OkStatus());
  bool at_once = false;
  writer->OnDone([&] { at_once = true; });
  EXPECT_TRUE(at_once);
  Await([&] { return notes_.Metric("grpc_server_handled_total", "Canceled") == 1; });
  Await([&] { return notes_.Metric("fivestrand_rpc_open_streams") == 0; });
}

TEST_F(StreamTest, EndsWithItsToken) {
  Collect(notes_.Options());
  identity::Caller caller = TestNotes::Headteacher("t", "s");
  caller.expires = absl::Now() + absl::Seconds(2);
  CallOptions options;
  options.token = notes_.Token(caller);
  Reader reader;
  reader.Open(notes_.client.get(), options);
  EXPECT_EQ(ReasonOf(reader.AwaitEnd()), Reason::kInvalidToken);
  EXPECT_GE(absl::Now(), absl::FromUnixSeconds(absl::ToUnixSeconds(caller.expires)));
}

TEST_F(StreamTest, EndsAtTheClientsDeadline) {
  Collect(notes_.Options());
  CallOptions options = Good();
  options.timeout = absl::Milliseconds(200);
  Reader reader;
  reader.Open(notes_.client.get(), options);
  EXPECT_EQ(reader.AwaitEnd().code(), absl::StatusCode::kDeadlineExceeded);
  Writer();
  Await([&] { return done_ == 1; });
}

TEST_F(StreamTest, ThereAreNotTooMany) {
  ServerOptions options = notes_.Options();
  options.max_streams = 1;
  Collect(std::move(options));
  Reader first;
  first.Open(notes_.client.get(), Good());
  Writer();
  EXPECT_EQ(notes_.Metric("fivestrand_rpc_open_streams"), 1);
  Reader second;
  second.Open(notes_.client.get(), Good());
  EXPECT_EQ(ReasonOf(second.AwaitEnd()), Reason::kOverloaded);
  Writer()->Finish(absl::OkStatus());
  EXPECT_TRUE(first.AwaitEnd().ok());
  Await([&] { return notes_.Metric("fivestrand_rpc_open_streams") == 0; });
  Reader third;
  third.Open(notes_.client.get(), Good());
  Writer(1)->Finish(absl::OkStatus());
  EXPECT_TRUE(third.AwaitEnd().ok());
}

TEST_F(StreamTest, APulledStreamSlowsThePeerAndLosesNothing) {
  constexpr int kMany = 500;
  Collect(notes_.Options());
  WatchNotesRequest request;
  request.set_parent("trusts/t");
  PulledStream stream(*notes_.client, PathOf(NoteMethod("WatchNotes")), ToByteBuffer(request), Good(), 2);
  const auto writer = Writer();
  const std::string large(50000, 'x');
  for (int i = 0; i < kMany; ++i) ASSERT_TRUE(writer->Write(Titled(absl::StrCat(i, large))));
  // Nobody reads: what two messages in advance and the transport's window do not take waits at the sender.
  Await([&] { return writer->queued() < kMany; });
  EXPECT_GT(writer->queued(), kMany / 2);
  writer->Finish(absl::OkStatus());
  const std::stop_token never;
  grpc::ByteBuffer message;
  for (int i = 0; i < kMany; ++i) {
    ASSERT_EQ(stream.Next(absl::Seconds(30), never, &message), PulledStream::Got::kMessage);
    Note note;
    ASSERT_TRUE(ParseByteBuffer(message, &note));
    ASSERT_EQ(note.title(), absl::StrCat(i, large));
  }
  EXPECT_EQ(stream.Next(absl::Seconds(30), never, &message), PulledStream::Got::kEnd);
  EXPECT_TRUE(stream.status().ok()) << stream.status();
}

TEST_F(StreamTest, APulledStreamThatIsDroppedWhileItHoldsEnds) {
  Collect(notes_.Options());
  WatchNotesRequest request;
  request.set_parent("trusts/t");
  {
    const PulledStream stream(*notes_.client, PathOf(NoteMethod("WatchNotes")), ToByteBuffer(request), Good(), 1);
    for (int i = 0; i < 5; ++i) Writer()->Write(Titled("held"));
    Await([&] { return Writer()->queued() == 0; });
  }
  Await([&] { return done_ == 1; });
  // And a client that ends does not wait for one.
  PulledStream stream(*notes_.client, PathOf(NoteMethod("WatchNotes")), ToByteBuffer(request), Good(), 1);
  Writer(1)->Write(Titled("held"));
  Await([&] { return Writer(1)->queued() == 0; });
  notes_.client.reset();
  grpc::ByteBuffer message;
  while (stream.Next(absl::Seconds(30), {}, &message) == PulledStream::Got::kMessage) {
  }
  EXPECT_TRUE(absl::IsCancelled(stream.status())) << stream.status();
}

TEST_F(StreamTest, AStoppingServerEndsItsStreams) {
  Collect(notes_.Options());
  Reader reader;
  reader.Open(notes_.client.get(), Good());
  const auto writer = Writer();
  notes_.server->Shutdown(absl::Now() + absl::Seconds(30));
  EXPECT_EQ(ReasonOf(reader.AwaitEnd()), Reason::kDraining);
  EXPECT_EQ(done_, 1);
  notes_.server.reset();
  EXPECT_FALSE(writer->Write(Titled("after the server")));
}

}  // namespace
}  // namespace fivestrand::rpc
