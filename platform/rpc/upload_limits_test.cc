// Client streams: sizes, times, numbers, and a stop.
#include "platform/rpc/test_uploads.h"

namespace fivestrand::rpc {
namespace {

using status::Reason;
using status::ReasonOf;

TEST_F(UploadTest, TooLargeMessagesAreRefused) {
  ServerOptions options = notes_.Options();
  options.max_message_bytes = 1000;
  Serve(Watched(), std::move(options));
  EXPECT_EQ(ReasonOf(SendAll({Chunk(2000, "trusts/t/schools/s")})), Reason::kRequestTooLarge);
  EXPECT_EQ(bodies_, 0);
  EXPECT_EQ(ReasonOf(SendAll({First(), Chunk(900), Chunk(2000), Chunk(1)})), Reason::kRequestTooLarge);
  ended_.WaitForNotification();
  EXPECT_EQ(ReasonOf(seen_), Reason::kRequestTooLarge);
}

TEST_F(UploadTest, TooMuchTogetherIsRefused) {
  ServerOptions options = notes_.Options();
  options.max_upload_bytes = 100000;
  Serve(Watched(), std::move(options));
  auto call = Open();
  EXPECT_TRUE(call->Send(First()));
  int sent = 0;
  while (call->Send(Chunk(10000))) ++sent;
  EXPECT_EQ(ReasonOf(call->Finish(&response_)), Reason::kRequestTooLarge);
  EXPECT_GE(sent, 9);
}

TEST_F(UploadTest, ABodyThatTakesItsTimeSlowsThePeer) {
  absl::Notification go;
  Serve([&](const CallContext& context, const ImportNotesRequest& first, StreamReader& rest, ImportNotesResponse* response) {
    go.WaitForNotification();
    return CountAll(context, first, rest, response);
  });
  auto call = Open();
  EXPECT_TRUE(call->Send(First()));
  std::atomic<int> sent{0};
  constexpr int kMessages = 200;
  std::thread sender([&] {
    for (int i = 0; i < kMessages; ++i, ++sent) EXPECT_TRUE(call->Send(Chunk(100000)));
  });
  // The first and the one that is read ahead; what else has left the sender lies in the transport's bounded windows. Nothing tells
  // that a sender is stuck but that it does not get on.
  Await([&] { return notes_.Metric("grpc_server_msg_received_total", "ImportNotes") == 2; });
  EXPECT_FALSE(go.WaitForNotificationWithTimeout(absl::Milliseconds(200)));
  EXPECT_LT(sent, kMessages);
  EXPECT_EQ(notes_.Metric("grpc_server_msg_received_total", "ImportNotes"), 2);
  go.Notify();
  sender.join();
  ASSERT_TRUE(call->Finish(&response_).ok());
  EXPECT_EQ(response_.messages(), kMessages + 1);
}

TEST_F(UploadTest, ASilentPeerIsGivenUp) {
  ServerOptions options = notes_.Options();
  options.upload_idle = absl::Milliseconds(500);
  Serve(Watched(), std::move(options));
  auto silent = Open();  // Never says a word.
  Await([&] { return notes_.Metric("grpc_server_handled_total", "DeadlineExceeded") == 1; });
  while (silent->Send(First())) {
  }
  EXPECT_EQ(silent->Finish(&response_).code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(bodies_, 0);
  auto call = Open();
  EXPECT_TRUE(call->Send(First()));
  ended_.WaitForNotification();
  EXPECT_EQ(seen_.code(), absl::StatusCode::kDeadlineExceeded);
  while (call->Send(Chunk(1))) {
  }
  EXPECT_EQ(call->Finish(&response_).code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(UploadTest, EndsAtTheClientsDeadline) {
  Serve(Watched());
  auto call = notes_.client->Upload(NoteMethod("ImportNotes"), TestNotes::With(notes_.Token(), absl::Seconds(1)));
  call->Send(First());
  ended_.WaitForNotification();
  EXPECT_FALSE(seen_.ok());
  call->Send(Chunk(1));
  EXPECT_EQ(call->Finish(&response_).code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(UploadTest, HasDeadlinesOfItsOwn) {
  absl::Duration allowed;
  Serve([&](const CallContext& context, const ImportNotesRequest&, StreamReader&, ImportNotesResponse*) {
    allowed = context.deadline - absl::Now();
    return absl::OkStatus();
  });
  EXPECT_TRUE(SendAll({First()}, TestNotes::With(notes_.Token(), absl::ZeroDuration())).ok());
  EXPECT_LE(allowed, absl::Minutes(10));
  EXPECT_GT(allowed, absl::Minutes(9)) << "and outlives the token";
  EXPECT_TRUE(SendAll({First()}, TestNotes::With(notes_.Token(), absl::Hours(5))).ok());
  EXPECT_LE(allowed, absl::Minutes(30));
  EXPECT_GT(allowed, absl::Minutes(29));
}

TEST_F(UploadTest, ThereAreNotTooMany) {
  ServerOptions options = notes_.Options();
  options.upload_threads = 1;
  options.upload_queue = 1;
  absl::Notification go;
  std::atomic<int> running{0};
  Serve(
      [&](const CallContext& context, const ImportNotesRequest& first, StreamReader& rest, ImportNotesResponse* response) {
        ++running;
        go.WaitForNotification();
        return CountAll(context, first, rest, response);
      },
      std::move(options));
  auto runs = Open();
  EXPECT_TRUE(runs->Send(First()));
  Await([&] { return running == 1; });
  auto waits = Open();
  EXPECT_TRUE(waits->Send(First()));
  Await([&] { return notes_.Metric("grpc_server_msg_received_total", "ImportNotes") == 2; });
  // Of two more one may come before the second is queued; never are all of them taken.
  absl::Status refused;
  Await([&] {
    refused = SendAll({First()}, TestNotes::With(notes_.Token(), absl::Seconds(1)));
    return ReasonOf(refused) == Reason::kOverloaded;
  });
  EXPECT_GE(notes_.Metric("fivestrand_rpc_refused_total", "upload_queue"), 1);
  go.Notify();
  EXPECT_TRUE(runs->Finish(&response_).ok());
  EXPECT_TRUE(waits->Finish(&response_).ok());
}

TEST_F(UploadTest, UploadsDoNotTakeTheThreadsOfOtherCalls) {
  ServerOptions options = notes_.Options();
  options.pool_threads = 1;
  auto server = std::make_unique<Server>(std::move(options));
  server->HandleClientStream<ImportNotesRequest, ImportNotesResponse>(NoteMethod("ImportNotes"), Watched());
  server->Unary(NoteMethod("GetNote"), Runs::kPool, [](const auto&, const auto&, Reply*) { return absl::OkStatus(); });
  notes_.Start(std::move(server));
  auto call = Open();
  EXPECT_TRUE(call->Send(First()));
  Await([&] { return bodies_ == 1; });
  rpctest::v1::Note note;
  EXPECT_TRUE(notes_.Call("GetNote", TestNotes::Get(), &note).ok());
  EXPECT_TRUE(call->Finish(&response_).ok());
}

TEST_F(UploadTest, AStoppingServerEndsWhatIsNotCompleteAndFinishesTheRest) {
  absl::Notification go;
  std::atomic<int> complete{0};
  Serve([&](const CallContext& context, const ImportNotesRequest& first, StreamReader& rest, ImportNotesResponse* response) {
    const absl::Status status = CountAll(context, first, rest, response);
    if (status.ok()) {
      ++complete;
      go.WaitForNotification();
    }
    return status;
  });
  auto sends = Open();
  EXPECT_TRUE(sends->Send(First()));
  auto silent = Open();
  absl::Status whole;
  std::thread other([&] { whole = SendAll({First(), Chunk(10)}); });
  Await([&] { return complete == 1; });
  std::thread stop([&] { notes_.server->Shutdown(absl::Now() + absl::Seconds(30)); });
  while (sends->Send(Chunk(1))) {
  }
  EXPECT_EQ(ReasonOf(sends->Finish(&response_)), Reason::kDraining);
  go.Notify();
  other.join();
  EXPECT_TRUE(whole.ok()) << whole;
  stop.join();
  EXPECT_EQ(complete, 1);
}

TEST_F(UploadTest, AClientThatEndsEndsItsUploads) {
  Serve(Watched());
  auto call = Open();
  EXPECT_TRUE(call->Send(First()));
  Await([&] { return bodies_ == 1; });
  notes_.client.reset();
  EXPECT_FALSE(call->Send(Chunk(1)));
  EXPECT_EQ(call->Finish(&response_).code(), absl::StatusCode::kCancelled);
  ended_.WaitForNotification();
  EXPECT_FALSE(seen_.ok());
}

}  // namespace
}  // namespace fivestrand::rpc
