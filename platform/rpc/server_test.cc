#include "platform/rpc/server.h"

#include <atomic>
#include <grpcpp/channel.h>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "fivestrand/type/v1/role.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"

#include "platform/rpc/bytes.h"
#include "platform/rpc/test_notes.h"
#include "platform/status/status.h"

namespace fivestrand::rpc {
namespace {

using rpctest::v1::CreateNoteRequest;
using rpctest::v1::GetNoteRequest;
using rpctest::v1::ListNotesRequest;
using rpctest::v1::Note;
using rpctest::v1::SyncNotesRequest;
using status::Reason;
using status::ReasonOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class ServerTest : public ::testing::Test {
 protected:
  std::unique_ptr<Server> NewServer() { return std::make_unique<Server>(notes_.Options()); }

  // Starts a server with one body for GetNote.
  void Serve(UnaryBody body, Runs where = Runs::kInline, ServerOptions options = {}) {
    if (options.name.empty()) options = notes_.Options();
    auto server = std::make_unique<Server>(std::move(options));
    server->Unary(NoteMethod("GetNote"), where, std::move(body));
    notes_.Start(std::move(server));
  }

  absl::Status Get(const CallOptions& options) { return notes_.Call("GetNote", TestNotes::Get(), &note_, options); }
  absl::Status Get() { return Get(TestNotes::With(notes_.Token())); }

  // Bytes in, status out.
  absl::Status Raw(const std::string& path, const std::string& request, std::string* reply, const CallOptions& options) {
    absl::Notification done;
    absl::Status result;
    notes_.client->CallAsync(path, ToByteBuffer(request), options, [&](absl::Status status, grpc::ByteBuffer bytes) {
      result = std::move(status);
      *reply = ToString(bytes);
      done.Notify();
    });
    done.WaitForNotification();
    return result;
  }

  TestNotes notes_;
  Note note_;
};

absl::Status Echo(const CallContext&, const GetNoteRequest& request, Note* note) {
  note->set_name(request.name());
  return absl::OkStatus();
}

absl::Status Nothing(const CallContext&, const google::protobuf::Message&, Reply*) {
  return absl::OkStatus();
}

TEST_F(ServerTest, AnswersWithTheMethodsOwnTypes) {
  auto server = NewServer();
  server->Handle<GetNoteRequest, Note>(NoteMethod("GetNote"), Runs::kInline, &Echo);
  notes_.Start(std::move(server));
  ASSERT_TRUE(Get().ok());
  EXPECT_EQ(note_.name(), "trusts/t/schools/s/notes/n");
}

TEST_F(ServerTest, AnswersWithBytesAsTheyLie) {
  Note stored;
  std::atomic<std::size_t> size{3};
  Serve([&](const CallContext&, const google::protobuf::Message&, Reply* reply) {
    Note note;
    note.set_body(std::string(size, 'b'));
    reply->SetBytes(note.SerializeAsString());
    return absl::OkStatus();
  });
  for (const std::size_t length : {3, 1990, 5000, 3000000}) {
    size = length;
    ASSERT_TRUE(Get().ok());
    EXPECT_EQ(note_.body().size(), length);
  }
}

TEST_F(ServerTest, RefusesCallsWithoutAGoodToken) {
  Serve(&Nothing);
  EXPECT_EQ(ReasonOf(Get({})), Reason::kInvalidToken);
  for (const std::string& token : {std::string("nonsense"), notes_.ExpiredToken(), notes_.Token() + "x"}) {
    const absl::Status status = Get(TestNotes::With(token));
    EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated);
    EXPECT_EQ(ReasonOf(status), Reason::kInvalidToken);
  }
  CallOptions basic;
  basic.metadata.emplace_back("authorization", "Basic abc");
  EXPECT_EQ(ReasonOf(Get(basic)), Reason::kInvalidToken);
}

TEST_F(ServerTest, RefusesWhatTheCallersGrantsDoNotReach) {
  auto server = NewServer();
  for (const char* method : {"GetNote", "ListNotes", "SyncNotes", "ReadSealedNote"}) {
    server->Unary(NoteMethod(method), Runs::kInline, &Nothing);
  }
  notes_.Start(std::move(server));
  const auto get = [&](const std::string& name) {
    return notes_.Call("GetNote", TestNotes::Get(name), &note_);
  };
  EXPECT_TRUE(get("trusts/t/schools/s/notes/n").ok());
  EXPECT_EQ(ReasonOf(get("trusts/t/schools/other/notes/n")), Reason::kPermissionDenied);
  EXPECT_EQ(ReasonOf(get("trusts/other/schools/s/notes/n")), Reason::kPermissionDenied);
  EXPECT_EQ(ReasonOf(get("nonsense")), Reason::kPermissionDenied);
  EXPECT_EQ(ReasonOf(get("trusts/t/schools/s/notes/UPPER")), Reason::kInvalidField);
  EXPECT_EQ(ReasonOf(get("trusts/t/schools/s/notes/-")), Reason::kInvalidField);
  EXPECT_EQ(ReasonOf(get("")), Reason::kInvalidField);

  identity::Caller teacher = TestNotes::Headteacher("t", "s");
  teacher.grants[0].role = type::v1::ROLE_TEACHER;
  EXPECT_EQ(ReasonOf(Get(TestNotes::With(notes_.Token(teacher)))), Reason::kPermissionDenied);
  // A member may, whatever the role, in the own trust.
  EXPECT_TRUE(notes_.Call("ReadSealedNote", TestNotes::Get(), &note_, TestNotes::With(notes_.Token(teacher))).ok());
  EXPECT_EQ(ReasonOf(notes_.Call("ReadSealedNote", TestNotes::Get("trusts/other/schools/s/notes/n"), &note_)),
            Reason::kPermissionDenied);
  // A person is no process.
  EXPECT_EQ(ReasonOf(notes_.Call("SyncNotes", SyncNotesRequest(), &note_)), Reason::kPermissionDenied);
  EXPECT_TRUE(notes_.Call("SyncNotes", SyncNotesRequest(), &note_, TestNotes::With(notes_.Token(TestNotes::Process()))).ok());
  // A list may ask for any school.
  ListNotesRequest list;
  list.set_parent("trusts/t/schools/-");
  EXPECT_TRUE(notes_.Call("ListNotes", list, &note_).ok());
}

TEST_F(ServerTest, GivesTheBodyWhatItNeedsToKnow) {
  std::string seen;
  Serve([&](const CallContext& context, const google::protobuf::Message&, Reply*) {
    seen =
        absl::StrCat(context.caller->subject, "|", std::string(context.scope), "|", std::string(context.trust), "|",
                     std::string(context.school), "|", context.access.allowed ? "allowed" : "denied", "|", context.request_id, "|",
                     context.traceparent, "|", context.method->name(), "|", context.deadline > context.now ? "time left" : "late");
    return absl::OkStatus();
  });
  CallOptions options = TestNotes::With(notes_.Token());
  options.request_id = "0b8f3a52-6d0e-4a4f-8f0e-0a1b2c3d4e5f";
  options.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  ASSERT_TRUE(Get(options).ok());
  EXPECT_EQ(seen,
            "trusts/t/people/head|trusts/t/schools/s/notes/n|t|s|allowed|0b8f3a52-6d0e-4a4f-8f0e-0a1b2c3d4e5f|"
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01|GetNote|time left");
  options.request_id = "no good\tid";
  options.traceparent = "00-00000000000000000000000000000000-b7ad6b7169203331-01";
  options.metadata.emplace_back("x-other", "y");
  options.request_id = "bad";
  ASSERT_TRUE(Get(options).ok());
  EXPECT_THAT(seen, Not(HasSubstr("|bad|")));
  EXPECT_THAT(seen, Not(HasSubstr("|00-")));
}

TEST_F(ServerTest, NamesEveryViolation) {
  auto server = NewServer();
  server->Unary(NoteMethod("CreateNote"), Runs::kInline, &Nothing);
  notes_.Start(std::move(server));
  CreateNoteRequest request;
  request.set_parent("trusts/t/schools/s");
  request.mutable_note()->set_body(std::string(300, 'x'));
  request.mutable_note()->set_kind(static_cast<Note::Kind>(7));
  const absl::Status status = notes_.Call("CreateNote", request, &note_);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  std::vector<std::string> fields;
  for (const auto& violation : status::ViolationsOf(status)) fields.push_back(violation.field);
  EXPECT_THAT(fields, ElementsAre("note.title", "note.body", "note.kind"));
}

TEST_F(ServerTest, RefusesBodiesThatAreBrokenOrTooLarge) {
  ServerOptions options = notes_.Options();
  options.max_message_bytes = 1000;
  Serve(&Nothing, Runs::kInline, std::move(options));
  std::string reply;
  const std::string path = PathOf(NoteMethod("GetNote"));
  EXPECT_EQ(ReasonOf(Raw(path, "\xff\xff", &reply, TestNotes::With(notes_.Token()))), Reason::kMalformedBody);
  EXPECT_EQ(ReasonOf(Raw(path, "\x0a\x02\xff\xfe", &reply, TestNotes::With(notes_.Token()))), Reason::kMalformedBody)
      << "text that is not UTF-8";
  EXPECT_EQ(ReasonOf(Raw(path, std::string(1001, '\n'), &reply, TestNotes::With(notes_.Token()))), Reason::kRequestTooLarge);
  EXPECT_EQ(Raw(path, std::string(4000000, '\n'), &reply, TestNotes::With(notes_.Token())).code(),
            absl::StatusCode::kResourceExhausted);
}

TEST_F(ServerTest, DeadlinesAreTheClientsWithinTheServersBounds) {
  absl::Duration left;
  ServerOptions options = notes_.Options();
  options.max_deadline = absl::Seconds(30);
  Serve(
      [&](const CallContext& context, const google::protobuf::Message&, Reply*) {
        left = context.deadline - absl::Now();
        return absl::OkStatus();
      },
      Runs::kInline, std::move(options));
  ASSERT_TRUE(Get(TestNotes::With(notes_.Token(), absl::Hours(1))).ok());
  EXPECT_LE(left, absl::Seconds(30));
  EXPECT_GT(left, absl::Seconds(25));
  ASSERT_TRUE(Get(TestNotes::With(notes_.Token(), absl::Seconds(20))).ok());
  EXPECT_LE(left, absl::Seconds(21)) << "gRPC rounds up by at most a hundredth";
  EXPECT_GT(left, absl::Seconds(15));
  ASSERT_TRUE(Get(TestNotes::With(notes_.Token(), absl::InfiniteDuration())).ok());
  EXPECT_LE(left, absl::Seconds(10));
  EXPECT_GT(left, absl::Seconds(5));
}

TEST_F(ServerTest, AWaitingCallWhoseTimeIsOverIsNotServed) {
  absl::Notification first_runs;
  absl::Notification release;
  std::atomic<int> served{0};
  ServerOptions options = notes_.Options();
  options.pool_threads = 1;
  Serve(
      [&](const CallContext&, const google::protobuf::Message&, Reply*) {
        if (served.fetch_add(1) == 0) {
          first_runs.Notify();
          release.WaitForNotification();
        }
        return absl::OkStatus();
      },
      Runs::kPool, std::move(options));
  std::thread first([&] { EXPECT_TRUE(Get().ok()); });
  first_runs.WaitForNotification();
  const absl::Duration timeout = absl::Milliseconds(50);
  std::thread late([&] {
    Note note;
    const absl::Status status = notes_.Call("GetNote", TestNotes::Get(), &note, TestNotes::With(notes_.Token(), timeout));
    EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  });
  while (notes_.Metric("fivestrand_rpc_pool_queue_depth") != 1) std::this_thread::yield();
  // The server's deadline is counted from when it took the call in, and gRPC rounds up by at most a hundredth.
  const absl::Time over = absl::Now() + timeout * 1.02;
  late.join();
  while (absl::Now() < over) std::this_thread::yield();
  release.Notify();
  first.join();
  notes_.server->Shutdown(absl::Now() + absl::Seconds(10));
  EXPECT_EQ(served, 1);
}

TEST_F(ServerTest, RefusesWhatItCannotQueue) {
  absl::Notification release;
  std::atomic<int> running{0};
  ServerOptions options = notes_.Options();
  options.pool_threads = 1;
  options.pool_queue = 1;
  Serve(
      [&](const CallContext&, const google::protobuf::Message&, Reply*) {
        ++running;
        release.WaitForNotification();
        return absl::OkStatus();
      },
      Runs::kPool, std::move(options));
  std::vector<std::thread> waiting;
  const auto call = [&] {
    Note note;
    EXPECT_TRUE(notes_.Call("GetNote", TestNotes::Get(), &note).ok());
  };
  waiting.emplace_back(call);
  while (running == 0) std::this_thread::yield();
  waiting.emplace_back(call);
  while (notes_.Metric("fivestrand_rpc_pool_queue_depth") != 1) std::this_thread::yield();
  const absl::Status refused = Get();
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(refused), Reason::kOverloaded);
  EXPECT_EQ(status::RetryAfter(refused), absl::Seconds(1));
  release.Notify();
  for (auto& thread : waiting) thread.join();
  EXPECT_EQ(notes_.Metric("fivestrand_rpc_refused_total", "pool_queue"), 1);
}

TEST_F(ServerTest, RefusesMoreCallsThanItsLimit) {
  absl::Notification release;
  absl::Notification runs;
  ServerOptions options = notes_.Options();
  options.max_concurrent_calls = 1;
  Serve(
      [&](const CallContext&, const google::protobuf::Message&, Reply*) {
        if (!runs.HasBeenNotified()) runs.Notify();
        release.WaitForNotification();
        return absl::OkStatus();
      },
      Runs::kPool, std::move(options));
  std::thread first([&] { EXPECT_TRUE(Get().ok()); });
  runs.WaitForNotification();
  Note note;
  EXPECT_EQ(ReasonOf(notes_.Call("GetNote", TestNotes::Get(), &note)), Reason::kOverloaded);
  release.Notify();
  first.join();
  EXPECT_TRUE(Get().ok());
}

TEST_F(ServerTest, AnAsynchronousBodyAnswersFromAnyThread) {
  absl::Notification asked;
  std::function<void()> answer;
  std::thread answering([&] {
    asked.WaitForNotification();
    answer();
  });
  auto server = NewServer();
  server->AsyncUnary(NoteMethod("GetNote"), Runs::kInline,
                     [&](std::shared_ptr<const CallContext> context, const google::protobuf::Message& request, auto done) {
                       answer = [context, &request, done] {
                         Note note;
                         note.set_name(static_cast<const GetNoteRequest&>(request).name());
                         note.set_title(std::string(context->school));
                         Reply reply;
                         reply.Set(note);
                         done(absl::OkStatus(), std::move(reply));
                         done(absl::InternalError("a second answer counts for nothing"), Reply());
                       };
                       asked.Notify();
                     });
  notes_.Start(std::move(server));
  EXPECT_TRUE(Get().ok());
  answering.join();
  EXPECT_EQ(note_.name(), "trusts/t/schools/s/notes/n");
  EXPECT_EQ(note_.title(), "s");
  answer = nullptr;
}

TEST_F(ServerTest, ADroppedAnswerIsAnInternalError) {
  auto server = NewServer();
  server->AsyncUnary(NoteMethod("GetNote"), Runs::kInline, [](auto, const auto&, auto) {});
  notes_.Start(std::move(server));
  EXPECT_EQ(ReasonOf(Get()), Reason::kInternalError);
  EXPECT_THAT(notes_.log(), HasSubstr("the body dropped its answer"));
}

TEST_F(ServerTest, HidesCausesAndLogsThemOnce) {
  Serve([](const CallContext&, const google::protobuf::Message&, Reply*) -> absl::Status {
    return absl::UnknownError("disk on fire");
  });
  CallOptions options = TestNotes::With(notes_.Token());
  options.request_id = "request-4711";
  const absl::Status status = Get(options);
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("fire")));
  EXPECT_THAT(notes_.log(),
              HasSubstr("\"level\":\"error\",\"message\":\"call failed\",\"server\":\"notes\",\"method\":\"fivestrand.rpctest.v1."
                        "NoteService.GetNote\""));
  EXPECT_THAT(notes_.log(), HasSubstr("\"request_id\":\"request-4711\""));
  EXPECT_THAT(notes_.log(), HasSubstr("\"cause\":\"disk on fire\""));
}

TEST_F(ServerTest, TheLogHoldsNoTextOfExpectedRefusals) {
  Serve([](const CallContext&, const google::protobuf::Message&, Reply*) {
    return status::NotFound("fivestrand/Person", "trusts/t/people/jo");
  });
  EXPECT_EQ(Get().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(notes_.log(), HasSubstr("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(notes_.log(), Not(HasSubstr("people/")));
}

TEST_F(ServerTest, AuditedReadsAreWrittenDownBeforeTheyAreAnswered) {
  auto server = NewServer();
  server->Handle<GetNoteRequest, Note>(NoteMethod("ReadSealedNote"), Runs::kInline, &Echo);
  notes_.Start(std::move(server));
  EXPECT_TRUE(notes_.Call("ReadSealedNote", TestNotes::Get(), &note_).ok());
  EXPECT_EQ(note_.name(), "trusts/t/schools/s/notes/n");
  EXPECT_THAT(notes_.audit.rows(), ElementsAre("trusts/t/people/head read trusts/t/schools/s/notes/n"));
  notes_.audit.set_answer(status::Unavailable(Reason::kStoreUnavailable, "the trail cannot be written", absl::Seconds(1)));
  note_.Clear();
  EXPECT_EQ(ReasonOf(notes_.Call("ReadSealedNote", TestNotes::Get(), &note_)), Reason::kStoreUnavailable);
  EXPECT_EQ(note_.name(), "");
}

TEST_F(ServerTest, MethodsWithoutABodyAreUnimplemented) {
  Serve(&Nothing);
  const absl::Status status = notes_.Call("ForgetNote", TestNotes::Get(), &note_);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(ReasonOf(status), Reason::kMethodNotServed);
  std::string reply;
  EXPECT_EQ(Raw("/fivestrand.rpctest.v1.NoteService/Nothing", "", &reply, {}).code(), absl::StatusCode::kUnimplemented);
}

TEST_F(ServerTest, AnswersWithoutASocket) {
  ServerOptions options = notes_.Options();
  options.listen_address = "";
  auto server = std::make_unique<Server>(std::move(options));
  server->Handle<GetNoteRequest, Note>(NoteMethod("GetNote"), Runs::kInline, &Echo);
  ASSERT_TRUE(server->Start().ok());
  EXPECT_EQ(server->port(), 0);
  const auto client = Client::Over(server->InProcessChannel());
  EXPECT_TRUE(client->Call(NoteMethod("GetNote"), TestNotes::Get(), &note_, TestNotes::With(notes_.Token())).ok());
  EXPECT_EQ(note_.name(), "trusts/t/schools/s/notes/n");
}

TEST_F(ServerTest, ManyCallsAtOnce) {
  auto server = NewServer();
  server->Handle<GetNoteRequest, Note>(NoteMethod("GetNote"), Runs::kInline, &Echo);
  server->Handle<GetNoteRequest, Note>(NoteMethod("ReadSealedNote"), Runs::kPool, &Echo);
  notes_.Start(std::move(server));
  const std::string token = notes_.Token();
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      Note note;
      for (int i = 0; i < 100; ++i) {
        const std::string name = absl::StrCat("trusts/t/schools/s/notes/n", t, "-", i);
        const char* const method = i % 2 == 0 ? "GetNote" : "ReadSealedNote";
        if (notes_.Call(method, TestNotes::Get(name), &note, TestNotes::With(token)).ok() && note.name() == name) ++good;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 800);
  EXPECT_EQ(notes_.Metric("fivestrand_rpc_in_flight_calls"), 0);
}

}  // namespace
}  // namespace fivestrand::rpc
