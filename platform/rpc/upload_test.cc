// Client streams, from both ends.
#include <atomic>
#include <functional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/rpc/test_notes.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::rpc {
namespace {

using rpctest::v1::ImportNotesRequest;
using rpctest::v1::ImportNotesResponse;
using status::Reason;
using status::ReasonOf;

using Body = std::function<absl::Status(const CallContext&, const ImportNotesRequest&, StreamReader&, ImportNotesResponse*)>;

ImportNotesRequest Chunk(std::size_t size, const std::string& parent = "") {
  ImportNotesRequest request;
  request.set_parent(parent);
  request.set_chunk(std::string(size, 'x'));
  return request;
}
ImportNotesRequest First(const std::string& parent = "trusts/t/schools/s") {
  return Chunk(1, parent);
}

absl::Status CountAll(const CallContext&, const ImportNotesRequest& first, StreamReader& rest, ImportNotesResponse* response) {
  int64_t messages = 1;
  int64_t bytes = static_cast<int64_t>(first.chunk().size());
  ImportNotesRequest next;
  while (true) {
    FIVESTRAND_ASSIGN_OR_RETURN(const bool more, rest.Next(&next));
    if (!more) break;
    ++messages;
    bytes += static_cast<int64_t>(next.chunk().size());
  }
  response->set_messages(messages);
  response->set_bytes(bytes);
  return absl::OkStatus();
}

class UploadTest : public ::testing::Test {
 protected:
  void Serve(Body body, ServerOptions options) {
    auto server = std::make_unique<Server>(std::move(options));
    server->HandleClientStream<ImportNotesRequest, ImportNotesResponse>(NoteMethod("ImportNotes"), std::move(body));
    notes_.Start(std::move(server));
  }
  void Serve(Body body) { Serve(std::move(body), notes_.Options()); }
  // What a body gets that reads to the end, kept for the test to look at.
  Body Watched() {
    return [this](const CallContext& context, const ImportNotesRequest& first, StreamReader& rest,
                  ImportNotesResponse* response) -> absl::Status {
      ++bodies_;
      const absl::Status status = CountAll(context, first, rest, response);
      seen_ = status;
      ended_.Notify();
      return status;
    };
  }
  std::unique_ptr<UploadCall> Open(const std::string& method = "ImportNotes") {
    return notes_.client->Upload(NoteMethod(method), TestNotes::With(notes_.Token()));
  }
  absl::Status SendAll(const std::vector<ImportNotesRequest>& messages, const CallOptions& options) {
    auto call = notes_.client->Upload(NoteMethod("ImportNotes"), options);
    for (const auto& message : messages) {
      if (!call->Send(message)) break;
    }
    return call->Finish(&response_);
  }
  absl::Status SendAll(const std::vector<ImportNotesRequest>& messages) {
    return SendAll(messages, TestNotes::With(notes_.Token()));
  }
  template <typename Condition>
  static void Await(Condition condition) {
    while (!condition()) std::this_thread::yield();
  }

  std::atomic<int> bodies_{0};
  absl::Status seen_;
  absl::Notification ended_;
  TestNotes notes_;
  ImportNotesResponse response_;
};

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
  EXPECT_TRUE(call->Send(First()));
  ASSERT_TRUE(call->Finish(&response_).ok());
  EXPECT_EQ(response_.messages(), 7);
}

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

TEST_F(UploadTest, WhatIsNoMessageIsRefused) {
  Serve(Watched());
  auto call = Open();
  EXPECT_TRUE(call->Send(First()));
  rpctest::v1::Note other;  // its title takes the number of the chunk; its day is no field that the contract knows
  other.set_name("\xff\xfe");
  EXPECT_TRUE(call->Send(other));
  EXPECT_EQ(ReasonOf(call->Finish(&response_)), Reason::kMalformedBody);
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
      EXPECT_TRUE(call->Send(First()));
      for (int sent = 0; sent < i; ++sent) call->Send(Chunk(1000));
      if (i % 2 == 0) call->Cancel();
      // Dropped, not finished.
    }
    if (round % 5 == 0) {  // The connection itself.
      auto call = client->Upload(NoteMethod("ImportNotes"), TestNotes::With(notes.Token()));
      EXPECT_TRUE(call->Send(First()));
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

TEST_F(UploadTest, ASilentPeerIsGivenUp) {
  ServerOptions options = notes_.Options();
  options.upload_idle = absl::Milliseconds(100);
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
  auto call = notes_.client->Upload(NoteMethod("ImportNotes"), TestNotes::With(notes_.Token(), absl::Milliseconds(300)));
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
