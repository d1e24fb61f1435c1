// Client streams, from both ends.
#include "platform/rpc/test_uploads.h"

namespace fivestrand::rpc {
namespace {

using status::Reason;
using status::ReasonOf;

TEST_F(UploadTest, TheBodyGetsEverythingInOrderAndAnswersOnce) {
  Serve([](const CallContext& context, const ImportNotesRequest& first, StreamReader& rest, ImportNotesResponse* response) {
    EXPECT_EQ(std::string(context.scope), "trusts/t/schools/s");
    EXPECT_EQ(std::string(context.school), "s");
    EXPECT_EQ(first.parent(), "trusts/t/schools/s");
    for (std::size_t i = 2; i <= 100; ++i) {
      ImportNotesRequest next;
      EXPECT_TRUE(*rest.Next(&next));
      EXPECT_EQ(next.chunk().size(), i * 100);
    }
    ImportNotesRequest none;
    EXPECT_FALSE(*rest.Next(&none));
    EXPECT_FALSE(*rest.Next(&none)) << "the end stays the end";
    response->set_messages(100);
    return absl::OkStatus();
  });
  std::vector<ImportNotesRequest> messages = {First()};
  for (std::size_t i = 2; i <= 100; ++i) messages.push_back(Chunk(i * 100));
  const absl::Status status = SendAll(messages);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(response_.messages(), 100);
  Await([&] { return notes_.Metric("grpc_server_handled_total", "OK") == 1; });
  EXPECT_EQ(notes_.Metric("grpc_server_msg_received_total", "ImportNotes"), 100);
  EXPECT_EQ(notes_.Metric("grpc_server_msg_sent_total", "ImportNotes"), 1);
  EXPECT_GT(notes_.Metric("grpc_server_started_total", "client_stream"), 0);
  Await([&] { return notes_.Metric("fivestrand_rpc_open_streams") == 0; });
}

TEST_F(UploadTest, OneMessageIsAStream) {
  Serve(CountAll);
  ASSERT_TRUE(SendAll({First()}).ok());
  EXPECT_EQ(response_.messages(), 1);
}

TEST_F(UploadTest, WorksWithoutASocket) {
  Serve(Watched());
  auto client = Client::Over(notes_.server->InProcessChannel());
  auto call = client->Upload(NoteMethod("ImportNotes"), TestNotes::With(notes_.Token()));
  EXPECT_TRUE(call->Send(First()));
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(call->Send(Chunk(10000)));
  ASSERT_TRUE(call->Finish(&response_).ok());
  EXPECT_EQ(response_.bytes(), 200001);
}

TEST_F(UploadTest, NothingIsNoStream) {
  Serve(Watched());
  EXPECT_EQ(ReasonOf(SendAll({})), Reason::kMalformedBody);
  EXPECT_EQ(bodies_, 0);
}

TEST_F(UploadTest, IsRefusedLikeAnyCall) {
  Serve(Watched());
  EXPECT_EQ(ReasonOf(SendAll({First()}, TestNotes::With(""))), Reason::kInvalidToken);
  EXPECT_EQ(ReasonOf(SendAll({First()}, TestNotes::With(notes_.ExpiredToken()))), Reason::kInvalidToken);
  EXPECT_EQ(ReasonOf(SendAll({First("trusts/t/schools/other")})), Reason::kPermissionDenied);
  EXPECT_EQ(ReasonOf(SendAll({First("")})), Reason::kInvalidField);
  EXPECT_EQ(ReasonOf(SendAll({First("trusts/t/schools/s/notes/n")})), Reason::kInvalidField) << "not a school";
  EXPECT_EQ(bodies_, 0);
}

TEST_F(UploadTest, AStrangerNeedNotSendForBeingRefused) {
  Serve(Watched());
  auto call = notes_.client->Upload(NoteMethod("ImportNotes"), TestNotes::With("not a token"));
  // Sends until it is told; never says that this is all.
  while (call->Send(Chunk(100000))) {
  }
  EXPECT_EQ(ReasonOf(call->Finish(&response_)), Reason::kInvalidToken);
}

TEST_F(UploadTest, OnlyTheFirstMessageSaysWhatItIsAbout) {
  Serve([](const CallContext& context, const ImportNotesRequest&, StreamReader& rest, ImportNotesResponse*) {
    ImportNotesRequest next;
    EXPECT_TRUE(*rest.Next(&next));
    EXPECT_EQ(next.parent(), "trusts/t/schools/other");
    EXPECT_EQ(std::string(context.scope), "trusts/t/schools/s");
    return absl::OkStatus();
  });
  EXPECT_TRUE(SendAll({First(), Chunk(1, "trusts/t/schools/other")}).ok());
}

TEST_F(UploadTest, AMethodWithoutABodyIsNotServed) {
  Serve(Watched());
  auto call = Open("ReplaceNotes");
  call->Send(First());
  EXPECT_EQ(ReasonOf(call->Finish(&response_)), Reason::kMethodNotServed);
}

TEST_F(UploadTest, KindsAreNotMixedUp) {
  Server server(notes_.Options());
  server.HandleClientStream<ImportNotesRequest, ImportNotesResponse>(NoteMethod("CreateNote"), CountAll);
  EXPECT_FALSE(server.Start().ok());
  Server other(notes_.Options());
  other.Unary(NoteMethod("ImportNotes"), Runs::kPool, [](const auto&, const auto&, Reply*) { return absl::OkStatus(); });
  EXPECT_FALSE(other.Start().ok());
}

TEST_F(UploadTest, TheBodysErrorReachesAPeerThatStillSends) {
  Serve([](const CallContext&, const ImportNotesRequest&, StreamReader&, ImportNotesResponse*) {
    return status::InvalidField("chunk", "is not what was announced");
  });
  auto call = Open();
  while (call->Send(First())) {
  }
  EXPECT_EQ(ReasonOf(call->Finish(&response_)), Reason::kInvalidField);
}

TEST_F(UploadTest, TheBodyMayAnswerEarly) {
  Serve([](const CallContext&, const ImportNotesRequest&, StreamReader&, ImportNotesResponse* response) {
    response->set_messages(7);
    return absl::OkStatus();
  });
  auto call = Open();
  // False when the answer is there already.
  call->Send(First());
  ASSERT_TRUE(call->Finish(&response_).ok());
  EXPECT_EQ(response_.messages(), 7);
  auto sends = Open();
  while (sends->Send(First())) {
  }
  response_.Clear();
  ASSERT_TRUE(sends->Finish(&response_).ok());
  EXPECT_EQ(response_.messages(), 7) << "also when what it sent was too late";
}

TEST_F(UploadTest, ARefusalReachesAPeerWithoutASocketToo) {
  Serve(Watched());
  auto client = Client::Over(notes_.server->InProcessChannel());
  auto call = client->Upload(NoteMethod("ImportNotes"), TestNotes::With("not a token", absl::ZeroDuration()));
  while (call->Send(Chunk(100000))) {
  }
  EXPECT_EQ(ReasonOf(call->Finish(&response_)), Reason::kInvalidToken);
}

TEST_F(UploadTest, WhatIsNoMessageIsRefused) {
  Serve(Watched());
  auto call = Open();
  EXPECT_TRUE(call->Send(First()));
  rpctest::v1::Note other;  // its title takes the number of the chunk; its day is no field that the contract knows
  other.set_name("\xff\xfe");
  // False when the refusal is there before the write is done with.
  call->Send(other);
  EXPECT_EQ(ReasonOf(call->Finish(&response_)), Reason::kMalformedBody);
}

// The one that matters most: a file that broke off is never taken for a whole one.
TEST_F(UploadTest, APeerThatGoesAwayHasNotSentEverything) {
  for (int round = 0; round < 200; ++round) {
    std::atomic<int> complete{0};
    std::atomic<int> ended{0};
    TestNotes notes;
    auto server = std::make_unique<Server>(notes.Options());
    server->HandleClientStream<ImportNotesRequest, ImportNotesResponse>(
        NoteMethod("ImportNotes"),
        [&](const CallContext& context, const ImportNotesRequest& first, StreamReader& rest, ImportNotesResponse* response) {
          const absl::Status status = CountAll(context, first, rest, response);
          complete += status.ok();
          ++ended;
          return status;
        });
    notes.Start(std::move(server));
    auto over = round % 2 == 0 ? nullptr : Client::Over(notes.server->InProcessChannel());
    Client* const client = over == nullptr ? notes.client.get() : over.get();
    constexpr int kCalls = 8;
    for (int i = 0; i < kCalls; ++i) {
      auto call = client->Upload(NoteMethod("ImportNotes"), TestNotes::With(notes.Token()));
      // A busy server may have refused it by then.
      call->Send(First());
      for (int sent = 0; sent < i; ++sent) call->Send(Chunk(1000));
      if (i % 2 == 0) call->Cancel();
      // Dropped, not finished.
    }
    if (round % 5 == 0) {  // The connection itself.
      auto call = client->Upload(NoteMethod("ImportNotes"), TestNotes::With(notes.Token()));
      call->Send(First());
      call.reset();
    }
    over.reset();
    notes.client.reset();
    notes.server->Shutdown(absl::Now() + absl::Seconds(30));
    EXPECT_EQ(complete, 0) << "round " << round;
  }
}

TEST_F(UploadTest, TheBodyLearnsThatThePeerIsGone) {
  Serve(Watched());
  auto call = Open();
  EXPECT_TRUE(call->Send(First()));
  Await([&] { return bodies_ == 1; });
  call->Cancel();
  ended_.WaitForNotification();
  EXPECT_EQ(seen_.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(call->Finish(&response_).code(), absl::StatusCode::kCancelled);
  Await([&] { return notes_.Metric("grpc_server_handled_total", "Canceled") == 1; });
}

}  // namespace
}  // namespace fivestrand::rpc
