#include "gateway/src/edge/edge.h"

#include <gmock/gmock.h>
#include <thread>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"

#include "gateway/src/edge/edge_fixture.h"
#include "gateway/src/transcode/testdata/library.pb.h"

namespace fivestrand::gateway::edge {
namespace {

using test::v1::Book;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(EdgeTest, RestReachesTheMethodWithIdentityAndIds) {
  edge.Serve(Path("GetBook"), [](const TestEdge::Call& call) {
    test::v1::GetBookRequest request;
    EXPECT_TRUE(request.ParseFromString(call.request));
    EXPECT_EQ(request.name(), "shelves/a/books/b");
    EXPECT_THAT(call.Get("authorization"), StartsWith("Bearer "));
    EXPECT_EQ(call.Get("x-request-id"), "req-7");
    EXPECT_EQ(call.Get("traceparent"), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    EXPECT_EQ(call.Get("x-custom"), "v");
    EXPECT_EQ(call.Get("cookie"), "");
    EXPECT_LT(call.seconds_left, 3);
    Book book;
    book.set_name(request.name());
    book.set_page_count(12);
    book.set_etag("\"3\"");
    return TestEdge::Reply{{book.SerializeAsString()}, grpc::Status::OK};
  });
  const std::string answer =
      Ask("GET", "/test/v1/shelves/a/books/b",
          {Bearer(), "X-Request-Id: req-7", "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "X-Custom: v",
           "X-Timeout: 2.5", "X-Forwarded-For: 1.2.3.4"});
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 200 OK"), HasSubstr("ETag: \"3\"\r\n"), HasSubstr("X-Request-Id: req-7\r\n"),
                            HasSubstr("Content-Type: application/json\r\n"), HasSubstr("Cache-Control: no-store\r\n"),
                            HasSubstr("X-Content-Type-Options: nosniff\r\n")));
  EXPECT_EQ(Body(answer), "{\"name\":\"shelves/a/books/b\",\"pageCount\":\"12\",\"etag\":\"\\\"3\\\"\"}");
}

TEST_F(EdgeTest, RestErrorsKeepTheirDetails) {
  edge.Serve(Path("GetBook"), [](const TestEdge::Call&) {
    return TestEdge::Reply{{}, status::ToGrpcStatus(status::NotFound("fivestrand/Book", "shelves/a/books/b"), "r")};
  });
  const std::string answer = Ask("GET", "/test/v1/shelves/a/books/b", {Bearer()});
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 404 Not Found"), HasSubstr("\"reason\":\"RESOURCE_NOT_FOUND\""),
                            HasSubstr("{\"error\":{\"code\":5,")));
}

TEST_F(EdgeTest, UnknownPathsVerbsKeysAndTypes) {
  EXPECT_THAT(Ask("GET", "/v1/nothing", {Bearer()}), AllOf(StartsWith("HTTP/1.1 404 "), HasSubstr("METHOD_NOT_SERVED")));
  EXPECT_THAT(Ask("PUT", "/test/v1/shelves/a/books/b", {Bearer()}),
              AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: GET, PATCH, DELETE\r\n")));
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/books/b?x=1", {Bearer()}),
              AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("\"field\":\"x\"")));
  EXPECT_THAT(Ask("POST", "/test/v1/shelves/a/books", {Bearer(), "Content-Type: text/plain"}, "{}"), StartsWith("HTTP/1.1 415 "));
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/books/b", {Bearer(), "X-Timeout: soon"}),
              AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("X-Timeout")));
}

TEST_F(EdgeTest, NobodyGetsInWithoutAToken) {
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/books/b"),
              AllOf(StartsWith("HTTP/1.1 401 "), HasSubstr("WWW-Authenticate: Bearer\r\n")));
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/books/b", {"Authorization: Bearer abc.def.ghi"}), StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/books/b", {"Authorization: Basic eDp5"}), StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/books/b", {"Cookie: fivestrand=made-up"}), StartsWith("HTTP/1.1 401 "));
}

TEST_F(EdgeTest, AServiceThatIsAwayIsNamed) {
  edge.StopServices();
  const std::string answer = Ask("GET", "/test/v1/shelves/a/books/b", {Bearer()});
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("UPSTREAM_UNAVAILABLE"), HasSubstr("leadership"),
                            HasSubstr("Retry-After: 1\r\n"), Not(HasSubstr("127.0.0.1"))));
}

TEST_F(EdgeTest, ASlowServiceIsGivenUp) {
  absl::Notification gone;
  edge.Serve(Path("GetBook"), [&](const TestEdge::Call& call) {
    call.WaitUntilCancelled();
    gone.Notify();
    return TestEdge::Reply{{}, grpc::Status::CANCELLED};
  });
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/books/b", {Bearer(), "X-Timeout: 50m"}),
              AllOf(StartsWith("HTTP/1.1 504 "), HasSubstr("DEADLINE_EXCEEDED")));
  gone.WaitForNotification();
}

TEST_F(EdgeTest, AClientThatLeavesCancelsTheCall) {
  absl::Notification arrived, cancelled;
  edge.Serve(Path("GetBook"), [&](const TestEdge::Call& call) {
    arrived.Notify();
    call.WaitUntilCancelled();
    cancelled.Notify();
    return TestEdge::Reply{{}, grpc::Status::CANCELLED};
  });
  {
    TestClient client(edge.port());
    client.Send(Request("GET", "/test/v1/shelves/a/books/b", {Bearer(), "X-Timeout: 60"}));
    arrived.WaitForNotification();
  }
  EXPECT_TRUE(cancelled.WaitForNotificationWithTimeout(absl::Seconds(20)));
}

TestEdge::Reply ThreeBooks(const TestEdge::Call&) {
  TestEdge::Reply reply;
  for (int i = 1; i <= 3; ++i) {
    Book book;
    book.set_page_count(i);
    reply.messages.push_back(book.SerializeAsString());
  }
  return reply;
}

TEST_F(EdgeTest, RestStreamsLinesOrEvents) {
  edge.Serve(Path("WatchBooks"), ThreeBooks);
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/books:watch", {Bearer()}),
              AllOf(HasSubstr("Content-Type: application/x-ndjson\r\n"), HasSubstr("{\"pageCount\":\"1\"}\n\r\n"),
                    EndsWith("{\"pageCount\":\"3\"}\n\r\n0\r\n\r\n")));
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/books:watch", {Bearer(), "Accept: text/event-stream"}),
              AllOf(HasSubstr("Content-Type: text/event-stream\r\n"), HasSubstr("data: {\"pageCount\":\"2\"}\n\n\r\n")));
}

TEST_F(EdgeTest, RestStreamsEndWithTheError) {
  edge.Serve(Path("WatchBooks"), [](const TestEdge::Call& call) {
    TestEdge::Reply reply = ThreeBooks(call);
    reply.status = status::ToGrpcStatus(status::Unavailable(status::Reason::kDraining, "stopping", absl::Seconds(1)), "r");
    return reply;
  });
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/books:watch", {Bearer()}),
              AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("\r\n{\"error\":{\"code\":14,"), HasSubstr("DRAINING")));
  edge.Serve(Path("WatchBooks"), [](const TestEdge::Call&) {
    return TestEdge::Reply{{}, status::ToGrpcStatus(status::Denied("x"), "r")};
  });
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/books:watch", {Bearer()}), StartsWith("HTTP/1.1 403 "))
      << "nothing was sent yet, so the code can tell";
}

TEST_F(EdgeTest, ASlowReaderHoldsTheStreamBack) {
  static constexpr int kMessages = 2000;  // 128 MB: far more than the sockets in between hold
  absl::Notification all_sent;
  edge.Serve(Path("WatchBooks"), [&](const TestEdge::Call&) {
    TestEdge::Reply reply;
    Book book;
    book.set_title(std::string(64 * 1024, 't'));
    for (int i = 0; i < kMessages; ++i) reply.messages.push_back(book.SerializeAsString());
    reply.on_sent = [&all_sent, sent = std::make_shared<int>(0)] {
      if (++*sent == kMessages) all_sent.Notify();
    };
    return reply;
  });
  TestClient client(edge.port());
  client.Send(Request("GET", "/test/v1/shelves/a/books:watch", {Bearer()}));
  client.Read("\r\n\r\n");
  EXPECT_FALSE(all_sent.WaitForNotificationWithTimeout(absl::Seconds(1))) << "the gateway took it all";
  const std::string rest = client.Read("\r\n0\r\n\r\n");
  EXPECT_TRUE(all_sent.WaitForNotificationWithTimeout(absl::Seconds(10)));
  EXPECT_GT(rest.size(), 120'000'000u);
}

TEST_F(EdgeTest, GrpcWebPassesBytes) {
  edge.Serve(Path("ShelveBook"), [](const TestEdge::Call& call) {
    EXPECT_EQ(call.request, "any bytes");
    EXPECT_EQ(call.Get("x-token-bin"), std::string("\0\1", 2));
    return TestEdge::Reply{{"other bytes"}, grpc::Status::OK};
  });
  const std::string trailers = "grpc-status: 0\r\n";
  for (const char* type : {"application/grpc-web", "application/grpc-web+proto"}) {
    const std::string answer =
        Ask("POST", Path("ShelveBook"), {Bearer(), std::string("Content-Type: ") + type, "X-Token-Bin: AAE="}, Frame("any bytes"));
    EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 200 OK"), HasSubstr("Content-Type: application/grpc-web+proto\r\n")));
    EXPECT_EQ(Body(answer), Frame("other bytes") + std::string("\x80\0\0\0", 4) + static_cast<char>(trailers.size()) + trailers);
  }
}

TEST_F(EdgeTest, GrpcWebTextMayComeInPieces) {
  edge.Serve(Path("ShelveBook"), [](const TestEdge::Call& call) { return TestEdge::Reply{{call.request}, grpc::Status::OK}; });
  const std::string frame = Frame("text bytes");
  const std::string body = absl::Base64Escape(frame.substr(0, 4)) + absl::Base64Escape(frame.substr(4));
  const std::string answer = Ask("POST", Path("ShelveBook"), {Bearer(), "Content-Type: application/grpc-web-text"}, body);
  EXPECT_THAT(*grpcweb::DecodeText(Body(answer)), StartsWith(frame));
  EXPECT_THAT(Ask("POST", Path("ShelveBook"), {Bearer(), "Content-Type: application/grpc-web-text"}, "***"),
              StartsWith("HTTP/1.1 200 "));
}

TEST_F(EdgeTest, GrpcWebStreams) {
  edge.Serve(Path("WatchBooks"), ThreeBooks);
  TestClient client(edge.port());
  const std::string answer = Ask("POST", Path("WatchBooks"), {Bearer(), "Content-Type: application/grpc-web"}, Frame(""));
  Book book;
  book.set_page_count(2);
  EXPECT_THAT(answer, AllOf(HasSubstr(Frame(book.SerializeAsString()) + "\r\n"), HasSubstr("grpc-status: 0\r\n")));
}

TEST_F(EdgeTest, GrpcWebErrorsComeInTrailers) {
  EXPECT_THAT(Ask("POST", "/no.Service/Method", {Bearer(), "Content-Type: application/grpc-web"}, Frame("")),
              AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("grpc-status: 12\r\n")));
  EXPECT_THAT(Ask("POST", Path("CountBooks"), {Bearer(), "Content-Type: application/grpc-web"}, Frame("")),
              HasSubstr("grpc-status: 12\r\n"))
      << "for processes of the suite only";
  EXPECT_THAT(Ask("POST", Path("ShelveBook"), {"Content-Type: application/grpc-web"}, Frame("")), HasSubstr("grpc-status: 16\r\n"));
  EXPECT_THAT(Ask("POST", Path("ShelveBook"), {Bearer(), "Content-Type: application/grpc-web"}, "junk"),
              HasSubstr("grpc-status: 3\r\n"));
  EXPECT_THAT(Ask("POST", Path("ShelveBook"), {Bearer(), "Content-Type: application/grpc-web+json"}, "junk"),
              StartsWith("HTTP/1.1 415 "));
  edge.Serve(Path("ShelveBook"), [](const TestEdge::Call&) {
    return TestEdge::Reply{{}, status::ToGrpcStatus(status::StaleEtag("x"), "r")};
  });
  EXPECT_THAT(Ask("POST", Path("ShelveBook"), {Bearer(), "Content-Type: application/grpc-web"}, Frame("")),
              AllOf(HasSubstr("grpc-status: 10\r\n"), HasSubstr("grpc-status-details-bin: ")));
}

TEST_F(EdgeTest, SignInAndOut) {
  const std::string people = Ask("GET", "/auth/people");
  EXPECT_THAT(people, AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("\"displayName\":\"Amina Rahman\""),
                            HasSubstr("\"schoolDisplayName\":\"Northgate\"")));
  EXPECT_THAT(Ask("GET", "/auth/me"), StartsWith("HTTP/1.1 401 "));
  const std::string cookie = SignIn();
  EXPECT_EQ(Body(Ask("GET", "/auth/me", {cookie})),
            "{\"person\":\"trusts/acorn/people/amina\",\"displayName\":\"Amina "
            "Rahman\",\"postTitle\":\"Headteacher\",\"trust\":\"trusts/acorn\","
            "\"grants\":[{\"role\":\"ROLE_HEADTEACHER\",\"schools\":[\"north\"]}],"
            "\"schools\":[{\"name\":\"trusts/acorn/schools/north\",\"displayName\":\"Northgate\"}]}");
  EXPECT_THAT(Ask("POST", "/auth/sign-out", {cookie, "Sec-Fetch-Site: cross-site"}), StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(Ask("POST", "/auth/sign-out", {cookie, "Sec-Fetch-Site: same-origin"}),
              AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("Max-Age=0")));
  EXPECT_THAT(Ask("GET", "/auth/me", {cookie}), StartsWith("HTTP/1.1 401 ")) << "a kept copy of the cookie is of no use";
}

TEST_F(EdgeTest, SignInIsForThisMachineAndThisSite) {
  const std::string body = "{\"person\":\"trusts/acorn/people/amina\"}";
  const std::string json = "Content-Type: application/json";
  EXPECT_THAT(Ask("POST", "/auth/sign-in", {json, "Sec-Fetch-Site: cross-site"}, body),
              AllOf(StartsWith("HTTP/1.1 403 "), HasSubstr("CSRF_REJECTED")));
  EXPECT_THAT(Ask("POST", "/auth/sign-in", {json}, body), StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(Ask("POST", "/auth/sign-in", {"Content-Type: text/plain", "Sec-Fetch-Site: same-origin"}, body),
              StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(Ask("POST", "/auth/sign-in", {json, "Sec-Fetch-Site: same-origin"}, "{\"person\":\"trusts/acorn/people/nobody\"}"),
              StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(Ask("GET", "/auth/sign-in"), StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(Ask("GET", "/auth/nothing"), StartsWith("HTTP/1.1 404 "));
  TestClient client(edge.port());
  client.Send("GET /auth/people HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.Read(""), StartsWith("HTTP/1.1 403 ")) << "a name that somebody pointed at this machine";
}

TEST_F(EdgeTest, SessionsCallServicesInThePersonsName) {
  const std::string cookie = SignIn();
  std::string first;
  edge.Serve(Path("GetBook"), [&](const TestEdge::Call& call) {
    const auto caller = edge.verifier().Verify(call.Get("authorization").substr(7));
    EXPECT_TRUE(caller.ok()) << caller.status();
    if (caller.ok()) {
      EXPECT_EQ((*caller)->subject, "trusts/acorn/people/amina");
      EXPECT_EQ((*caller)->grants.size(), 1u);
    }
    if (first.empty()) first = call.Get("authorization");
    EXPECT_EQ(call.Get("authorization"), first) << "one token for many calls";
    return TestEdge::Reply{{Book().SerializeAsString()}, grpc::Status::OK};
  });
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/books/b", {cookie}), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/books/b", {cookie}), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(edge.resolved(), 1) << "the second call knew the person";
  const std::string token = Ask("POST", "/auth/token", {cookie, "Origin: http://localhost"});
  EXPECT_THAT(token, AllOf(HasSubstr("{\"token\":\""), HasSubstr("\"expireTime\":\"20")));
}

TEST_F(EdgeTest, ALeaverIsOutWithinAMinute) {
  const std::string cookie = SignIn();
  edge.Serve(Path("GetBook"), [](const TestEdge::Call&) { return TestEdge::Reply{{""}, grpc::Status::OK}; });
  edge.RemovePeople();
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/books/b", {cookie}), StartsWith("HTTP/1.1 200 ")) << "known for a minute";
  edge.Advance(absl::Seconds(61));
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/books/b", {cookie}), StartsWith("HTTP/1.1 401 "));
}

TEST_F(EdgeTest, SessionsMayChangeThingsOnlyFromThePortal) {
  const std::string cookie = SignIn();
  edge.Serve(Path("CreateBook"), [](const TestEdge::Call&) { return TestEdge::Reply{{""}, grpc::Status::OK}; });
  edge.Serve(Path("ShelveBook"), [](const TestEdge::Call&) { return TestEdge::Reply{{""}, grpc::Status::OK}; });
  const std::string json = "Content-Type: application/json";
  EXPECT_THAT(Ask("POST", "/test/v1/shelves/a/books", {cookie, json}, "{}"),
              AllOf(StartsWith("HTTP/1.1 403 "), HasSubstr("CSRF_REJECTED")));
  EXPECT_THAT(Ask("POST", "/test/v1/shelves/a/books", {cookie, json, "Sec-Fetch-Site: same-site"}, "{}"),
              StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(Ask("POST", "/test/v1/shelves/a/books", {cookie, json, "Origin: http://localhost"}, "{}"),
              StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(Ask("POST", "/test/v1/shelves/a/books", {Bearer(), json}, "{}"), StartsWith("HTTP/1.1 200 "))
      << "no browser adds a token by itself";
  EXPECT_THAT(
      Ask("POST", Path("ShelveBook"), {cookie, "Content-Type: application/grpc-web", "Sec-Fetch-Site: cross-site"}, Frame("")),
      AllOf(StartsWith("HTTP/1.1 403 "), HasSubstr("grpc-status: 7\r\n")));
  EXPECT_THAT(
      Ask("POST", Path("ShelveBook"), {cookie, "Content-Type: application/grpc-web", "Sec-Fetch-Site: same-origin"}, Frame("")),
      HasSubstr("grpc-status: 0\r\n"));
}

TEST_F(EdgeTest, CookiesAreRenewedWithAnswers) {
  const std::string cookie = SignIn();
  edge.Serve(Path("GetBook"), [](const TestEdge::Call&) { return TestEdge::Reply{{""}, grpc::Status::OK}; });
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/books/b", {cookie}), Not(HasSubstr("Set-Cookie")));
  edge.Advance(absl::Minutes(11));
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/books/b", {cookie}), HasSubstr("Set-Cookie: fivestrand="));
  edge.Advance(absl::Minutes(121));
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/books/b", {cookie}), StartsWith("HTTP/1.1 401 "));
}

TEST_F(EdgeTest, KeysLimitsAndPreflights) {
  EXPECT_THAT(Ask("GET", "/.well-known/jwks.json"), HasSubstr("{\"keys\":["));
  const std::string big(2000, 'x');
  EXPECT_THAT(Ask("POST", "/test/v1/shelves/a/books", {Bearer(), "Content-Type: application/json"}, "{\"title\":\"" + big + "\"}"),
              AllOf(StartsWith("HTTP/1.1 413 "), HasSubstr("REQUEST_TOO_LARGE")));
  EXPECT_THAT(
      Ask("POST", "/test/v1/shelves/a/books/b:move", {Bearer(), "Content-Type: application/json"}, "{\"shelf\":\"" + big + "\"}"),
      Not(StartsWith("HTTP/1.1 413 ")))
      << "this method has a limit of its own";
  EXPECT_THAT(Ask("OPTIONS", "/v1/x", {"Origin: https://app.example", "Access-Control-Request-Method: PATCH"}),
              AllOf(StartsWith("HTTP/1.1 204 "), HasSubstr("Access-Control-Allow-Origin: https://app.example\r\n")));
  EXPECT_THAT(Ask("OPTIONS", "/v1/x", {"Origin: https://evil.example", "Access-Control-Request-Method: PATCH"}),
              Not(HasSubstr("Allow-Origin")));
}

TEST_F(EdgeTest, DrainEndsStreamsWithAReason) {
  absl::Notification release;
  edge.Serve(Path("WatchBooks"), [&](const TestEdge::Call& call) {
    TestEdge::Reply reply = ThreeBooks(call);
    reply.then_wait = true;
    return reply;
  });
  TestClient client(edge.port());
  client.Send("GET /test/v1/shelves/a/books:watch HTTP/1.1\r\nHost: localhost\r\n" + Bearer() + "\r\n\r\n");
  client.Read("{\"pageCount\":\"3\"}\n");
  std::thread drain([&] { edge.Drain(); });
  EXPECT_THAT(client.Read(""), AllOf(HasSubstr("{\"error\":{\"code\":14,"), HasSubstr("DRAINING"), EndsWith("0\r\n\r\n")));
  shutdown(client.fd(), SHUT_RDWR);
  drain.join();
}

}  // namespace
}  // namespace fivestrand::gateway::edge
