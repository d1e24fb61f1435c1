#include "platform/rpc/client.h"

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/rpc/bytes.h"
#include "platform/rpc/call_context.h"
#include "platform/rpc/test_notes.h"
#include "platform/status/status.h"

namespace fivestrand::rpc {
namespace {

using rpctest::v1::CreateNoteRequest;
using rpctest::v1::Note;
using status::Reason;
using status::ReasonOf;

class ClientTest : public ::testing::Test {
 protected:
  // Fails that many times before it answers.
  void ServeAfter(int failures) {
    auto server = std::make_unique<Server>(notes_.Options());
    const auto body = [this, failures](const CallContext&, const google::protobuf::Message&, Reply*) {
      return ++calls_ <= failures ? status::Unavailable(Reason::kStoreUnavailable, "later", absl::Milliseconds(1))
                                  : absl::OkStatus();
    };
    server->Unary(NoteMethod("GetNote"), Runs::kInline, body);
    server->Unary(NoteMethod("CreateNote"), Runs::kInline, body);
    notes_.Start(std::move(server));
    ClientOptions options;
    options.first_pause = absl::Milliseconds(2);
    options.last_pause = absl::Milliseconds(10);
    notes_.Connect(options);
  }

  absl::Status Create(const std::string& request_id) {
    CreateNoteRequest request;
    request.set_parent("trusts/t/schools/s");
    request.mutable_note()->set_title("title");
    request.mutable_note()->set_kind(Note::SHORT);
    request.set_request_id(request_id);
    return notes_.client->Call(NoteMethod("CreateNote"), request, &note_, TestNotes::With(notes_.Token()));
  }

  std::atomic<int> calls_{0};
  TestNotes notes_;
  Note note_;
};

TEST_F(ClientTest, RepeatsReads) {
  ServeAfter(3);
  EXPECT_TRUE(notes_.client->Call(NoteMethod("GetNote"), TestNotes::Get(), &note_, TestNotes::With(notes_.Token())).ok());
  EXPECT_EQ(calls_, 4);
}

TEST_F(ClientTest, GivesUpAfterItsTriesWithTheDetails) {
  ServeAfter(100);
  const absl::Status status = notes_.client->Call(NoteMethod("GetNote"), TestNotes::Get(), &note_, TestNotes::With(notes_.Token()));
  EXPECT_EQ(ReasonOf(status), Reason::kStoreUnavailable);
  EXPECT_EQ(status::RetryAfter(status), absl::Milliseconds(1));
  EXPECT_EQ(calls_, 4);
}

TEST_F(ClientTest, RepeatsOnlyWritesThatCannotDouble) {
  ServeAfter(1);
  EXPECT_EQ(ReasonOf(Create("")), Reason::kStoreUnavailable);
  EXPECT_EQ(calls_, 1);
  calls_ = 0;
  EXPECT_TRUE(Create("0b8f3a52-6d0e-4a4f-8f0e-0a1b2c3d4e5f").ok());
  EXPECT_EQ(calls_, 2);
}

TEST_F(ClientTest, DoesNotOutlastItsDeadline) {
  ServeAfter(1000000);
  ClientOptions options;
  options.first_pause = options.last_pause = absl::Seconds(100);
  notes_.Connect(options);
  EXPECT_EQ(notes_.client->Call(NoteMethod("GetNote"), TestNotes::Get(), &note_, TestNotes::With(notes_.Token())).code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(calls_, 1);
}

TEST_F(ClientTest, PassesOnWhatABodyGot) {
  auto server = std::make_unique<Server>(notes_.Options());
  std::string seen;
  server->Unary(NoteMethod("GetNote"), Runs::kPool,
                [&](const CallContext& context, const google::protobuf::Message& request, Reply*) {
                  Note note;
                  return notes_.client->Call(NoteMethod("ReadSealedNote"), request, &note, CallOptions::From(context));
                });
  server->Unary(NoteMethod("ReadSealedNote"), Runs::kPool,
                [&](const CallContext& context, const google::protobuf::Message&, Reply*) {
                  seen = absl::StrCat(context.caller->subject, " ", context.request_id, " ", context.traceparent);
                  EXPECT_LE(context.deadline, context.now + absl::Seconds(21));
                  return absl::OkStatus();
                });
  notes_.Start(std::move(server));
  CallOptions options = TestNotes::With(notes_.Token());
  options.request_id = "request-0815";
  options.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  ASSERT_TRUE(notes_.Call("GetNote", TestNotes::Get(), &note_, options).ok());
  EXPECT_EQ(seen, "trusts/t/people/head request-0815 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
}

TEST_F(ClientTest, ClosingEndsWhatIsUnderWay) {
  absl::Notification release;
  absl::Notification runs;
  auto server = std::make_unique<Server>(notes_.Options());
  server->Unary(NoteMethod("GetNote"), Runs::kPool, [&](const CallContext&, const google::protobuf::Message&, Reply*) {
    runs.Notify();
    release.WaitForNotification();
    return absl::OkStatus();
  });
  server->ServerStream(NoteMethod("WatchNotes"), Runs::kInline, [](auto, const auto&, auto) {});
  notes_.Start(std::move(server));
  std::vector<absl::Status> ended;
  std::mutex mutex;
  const auto record = [&](absl::Status status) {
    const std::lock_guard lock(mutex);
    ended.push_back(std::move(status));
  };
  notes_.client->CallAsync(PathOf(NoteMethod("GetNote")), ToByteBuffer(TestNotes::Get()), TestNotes::With(notes_.Token()),
                           [&](absl::Status status, grpc::ByteBuffer) { record(std::move(status)); });
  rpctest::v1::WatchNotesRequest watch;
  watch.set_parent("trusts/t");
  const auto stream = notes_.client->Stream(
      PathOf(NoteMethod("WatchNotes")), ToByteBuffer(watch), TestNotes::With(notes_.Token()), [](grpc::ByteBuffer) { return true; },
      record);
  runs.WaitForNotification();
  notes_.client.reset();
  ASSERT_EQ(ended.size(), 2u);
  for (const absl::Status& status : ended) EXPECT_EQ(status.code(), absl::StatusCode::kCancelled) << status;
  stream->Cancel();
  release.Notify();
  notes_.server->Shutdown(absl::Now() + absl::Seconds(10));
}

TEST_F(ClientTest, APeerThatIsNotThereIsUnavailable) {
  ClientOptions options;
  options.target = "127.0.0.1:1";
  notes_.Connect(options);
  EXPECT_EQ(notes_.Call("GetNote", TestNotes::Get(), &note_).code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace fivestrand::rpc
