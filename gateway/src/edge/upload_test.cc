// Files on their way to a method that takes a stream, and calls to one of several services.
#include <atomic>
#include <gmock/gmock.h>
#include <thread>

#include "absl/strings/match.h"
#include "absl/synchronization/notification.h"

#include "gateway/src/edge/edge_fixture.h"
#include "gateway/src/transcode/testdata/library.pb.h"

namespace fivestrand::gateway::edge {
namespace {

using test::v1::ImportBooksRequest;
using test::v1::ImportBooksResponse;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr char kImport[] = "/test/v1/shelves/a/books:import";
constexpr char kCsv[] = "Content-Type: text/csv; charset=utf-8";

// The file as the service got it.
std::string ReadFile(const TestEdge::Call& call) {
  std::string file;
  while (const auto message = call.Next()) {
    ImportBooksRequest piece;
    EXPECT_TRUE(piece.ParseFromString(*message));
    EXPECT_TRUE(piece.has_chunk()) << "nothing but a piece";
    EXPECT_LE(piece.chunk().size(), 1u << 20);
    file += piece.chunk();
  }
  return file;
}

TestEdge::Reply Rows(int64_t rows) {
  ImportBooksResponse response;
  response.set_row_count(rows);
  return {{response.SerializeAsString()}, grpc::Status::OK};
}

class UploadTest : public EdgeTest {
 protected:
  // Takes every file whole.
  void ServeFiles() {
    edge.Serve(Path("ImportBooks"), [this](const TestEdge::Call& call) {
      ++calls;
      EXPECT_TRUE(header.ParseFromString(call.request));
      authorization = call.Get("authorization");
      seconds_left = call.seconds_left;
      file = ReadFile(call);
      if (call.Cancelled()) {
        ++broken_off;
        ended.Notify();
        return TestEdge::Reply{{}, grpc::Status::CANCELLED};
      }
      return Rows(static_cast<int64_t>(file.size()));
    });
  }

  std::atomic<int> calls{0}, broken_off{0};
  ImportBooksRequest header;
  std::string authorization, file;
  double seconds_left = 0;
  absl::Notification ended;
};

TEST_F(UploadTest, TheQueryIsTheFirstMessageAndTheBodyTheRest) {
  ServeFiles();
  const std::string body = "upn,result\nA,1\n" + std::string(100'000, 'x');
  const std::string answer = Ask("POST", absl::StrCat(kImport, "?header.mapping=m%201&header.validateOnly=true"),
                                 {Bearer(), kCsv, "X-Request-Id: r-1"}, body);
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("application/json")));
  EXPECT_EQ(Body(answer), absl::StrCat("{\"rowCount\":\"", body.size(), "\"}"));
  EXPECT_EQ(header.header().parent(), "shelves/a");
  EXPECT_EQ(header.header().mapping(), "m 1");
  EXPECT_TRUE(header.header().validate_only());
  EXPECT_EQ(file, body);
  EXPECT_THAT(authorization, StartsWith("Bearer "));
  EXPECT_GT(seconds_left, 500) << "a file may take its time";
}

TEST_F(UploadTest, AnEmptyFileIsAFile) {
  ServeFiles();
  EXPECT_EQ(Body(Ask("POST", kImport, {Bearer(), kCsv, "Content-Length: 0"})), "{}");
  EXPECT_EQ(calls, 1);
}

TEST_F(UploadTest, ChunksOfTheClientAreNoneOfTheServicesBusiness) {
  ServeFiles();
  TestClient client(edge.port());
  client.Send(absl::StrCat("POST ", kImport, " HTTP/1.1\r\nHost: localhost\r\n", Bearer(), "\r\n", kCsv,
                           "\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"));
  while (calls == 0) std::this_thread::yield();  // It is called before the file is there.
  client.Send("4\r\ndefg\r\n0\r\n\r\n");
  EXPECT_THAT(client.Read("}"), HasSubstr("{\"rowCount\":\"7\"}"));
  client.Send(Request("POST", kImport, {Bearer(), kCsv}, "again"));
  EXPECT_THAT(client.Read("}"), HasSubstr("{\"rowCount\":\"5\"}")) << "the connection is still of use";
}

TEST_F(UploadTest, ManyMegabytesGoThrough) {
  ServeFiles();
  std::string body;
  for (int i = 0; body.size() < 15'000'000; ++i) absl::StrAppend(&body, i, ",");
  EXPECT_THAT(Ask("POST", kImport, {Bearer(), "Content-Type: application/octet-stream"}, body), StartsWith("HTTP/1.1 200 "));
  EXPECT_TRUE(file == body);
}

TEST_F(UploadTest, AServiceThatTakesItsTimeSlowsTheClient) {
  absl::Notification go;
  edge.Serve(Path("ImportBooks"), [&](const TestEdge::Call& call) {
    go.WaitForNotification();
    return Rows(static_cast<int64_t>(ReadFile(call).size()));
  });
  TestClient client(edge.port());
  constexpr size_t kSize = 19'000'000;
  client.Send(absl::StrCat("POST ", kImport, " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n", Bearer(), "\r\n", kCsv,
                           "\r\nContent-Length: ", kSize, "\r\n\r\n"));
  std::atomic<size_t> sent{0};
  std::thread sender([&] {
    const std::string piece(100'000, 'x');
    while (sent < kSize && client.Send(piece)) sent += piece.size();
  });
  // Nothing tells that a sender is stuck but that it does not get on. What it could send lies in the sockets' buffers and the
  // windows.
  EXPECT_FALSE(go.WaitForNotificationWithTimeout(absl::Milliseconds(700)));
  EXPECT_LT(sent, kSize);
  go.Notify();
  sender.join();
  EXPECT_THAT(client.Read(""), HasSubstr(absl::StrCat("{\"rowCount\":\"", kSize, "\"}")));
}

TEST_F(UploadTest, AClientThatBreaksOffHasNotSentAFile) {
  ServeFiles();
  {
    TestClient client(edge.port());
    client.Send(absl::StrCat("POST ", kImport, " HTTP/1.1\r\nHost: localhost\r\n", Bearer(), "\r\n", kCsv,
                             "\r\nContent-Length: 1000\r\n\r\nabc"));
    while (calls == 0) std::this_thread::yield();
  }
  ended.WaitForNotification();
  EXPECT_EQ(broken_off, 1);
}

TEST_F(UploadTest, NonsenseInTheMiddleIsNoFileEither) {
  ServeFiles();
  TestClient client(edge.port());
  client.Send(absl::StrCat("POST ", kImport, " HTTP/1.1\r\nHost: localhost\r\n", Bearer(), "\r\n", kCsv,
                           "\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"));
  while (calls == 0) std::this_thread::yield();
  client.Send("zz\r\n");
  EXPECT_THAT(client.Read(""), AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("MALFORMED_BODY")));
  ended.WaitForNotification();
  EXPECT_EQ(broken_off, 1);
}

TEST_F(UploadTest, TheLimitIsThatOfFiles) {
  ServeFiles();
  EXPECT_THAT(Ask("POST", kImport, {Bearer(), kCsv}, std::string(5000, 'x')), StartsWith("HTTP/1.1 200 "))
      << "that of other bodies is 1000";
  EXPECT_THAT(Ask("POST", kImport, {Bearer(), kCsv, "Content-Length: 20000001"}),
              AllOf(StartsWith("HTTP/1.1 413 "), HasSubstr("REQUEST_TOO_LARGE")));
  EXPECT_EQ(calls, 1) << "refused before anybody is called";
}

TEST_F(UploadTest, IsRefusedLikeAnyWrite) {
  ServeFiles();
  const std::string cookie = SignIn();
  EXPECT_THAT(Ask("POST", kImport, {kCsv}, "x"), StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(Ask("POST", kImport, {cookie, kCsv}, "x"), AllOf(StartsWith("HTTP/1.1 403 "), HasSubstr("CSRF_REJECTED")));
  EXPECT_THAT(Ask("POST", kImport, {Bearer(), "Content-Type: application/json"}, "{}"),
              AllOf(StartsWith("HTTP/1.1 415 "), HasSubstr("text/csv")));
  EXPECT_THAT(Ask("POST", kImport, {Bearer(), "Content-Type: application/x-www-form-urlencoded"}, "x"),
              StartsWith("HTTP/1.1 415 "));
  EXPECT_THAT(Ask("POST", kImport, {Bearer()}, "x"), StartsWith("HTTP/1.1 415 "));
  for (const char* query : {"?nothing=1", "?chunk=eA", "?header.parent=shelves/b", "?header=x"}) {
    EXPECT_THAT(Ask("POST", absl::StrCat(kImport, query), {Bearer(), kCsv}, "x"), StartsWith("HTTP/1.1 400 ")) << query;
  }
  EXPECT_EQ(calls, 0);
  EXPECT_THAT(Ask("POST", kImport, {cookie, kCsv, "Sec-Fetch-Site: same-origin"}, "x"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(UploadTest, AnErrorOfTheServiceReachesAClientThatStillSends) {
  edge.Serve(Path("ImportBooks"), [](const TestEdge::Call&) {
    return TestEdge::Reply{{}, status::ToGrpcStatus(status::InvalidField("mapping", "is unknown"), "r")};
  });
  TestClient client(edge.port());
  client.Send(absl::StrCat("POST ", kImport, " HTTP/1.1\r\nHost: localhost\r\n", Bearer(), "\r\n", kCsv,
                           "\r\nContent-Length: 10000000\r\n\r\n"));
  std::thread sender([&] {
    for (int i = 0; i < 100 && client.Send(std::string(100'000, 'x')); ++i) {
    }
  });
  EXPECT_THAT(client.Read("}]}}"), AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("is unknown"), HasSubstr("Connection: close\r\n")));
  sender.join();
}

TEST_F(UploadTest, AServiceThatIsAwayIsNamed) {
  edge.StopServices();
  EXPECT_THAT(Ask("POST", kImport, {Bearer(), kCsv}, "x"),
              AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("UPSTREAM_UNAVAILABLE"), HasSubstr("leadership")));
}

TEST_F(UploadTest, GrpcWebHasNoStreamsOfRequests) {
  EXPECT_THAT(Ask("POST", Path("ImportBooks"), {Bearer(), "Content-Type: application/grpc-web"}, Frame("")),
              AllOf(HasSubstr("grpc-status: 12\r\n"), HasSubstr("gRPC-Web")));
}

TEST_F(UploadTest, DrainEndsWhatIsStillArriving) {
  ServeFiles();
  TestClient client(edge.port());
  client.Send(absl::StrCat("POST ", kImport, " HTTP/1.1\r\nHost: localhost\r\n", Bearer(), "\r\n", kCsv,
                           "\r\nContent-Length: 1000\r\n\r\nabc"));
  while (calls == 0) std::this_thread::yield();
  std::thread drain([&] { edge.Drain(); });
  EXPECT_THAT(client.Read("}"), AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("DRAINING")));
  shutdown(client.fd(), SHUT_RDWR);
  drain.join();
  ended.WaitForNotification();
}

class ChoiceTest : public EdgeTest {
 protected:
  ChoiceTest() {
    edge.Serve("/fivestrand.gateway.test.v1.CatalogueService/ListCatalogue", [](const TestEdge::Call& call) {
      test::v1::ListBooksRequest request;
      EXPECT_TRUE(request.ParseFromString(call.request));
      EXPECT_EQ(request.parent(), "shelves/a");
      return TestEdge::Reply{{""}, grpc::Status::OK};
    });
    edge.Serve("/fivestrand.gateway.test.v1.CatalogueService/WatchCatalogue", [](const TestEdge::Call&) {
      return TestEdge::Reply{{""}, grpc::Status::OK};
    });
  }
};

TEST_F(ChoiceTest, LeadershipAnswersWhoDoesNotChoose) {
  const std::string path = "/test/v1/shelves/a/catalogue";
  EXPECT_THAT(Ask("GET", path, {Bearer()}), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(Ask("GET", path + "?service=leadership", {Bearer()}), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(Ask("GET", path, {Bearer(), "Fivestrand-Service: leadership"}), StartsWith("HTTP/1.1 200 "));
}

TEST_F(ChoiceTest, AnotherIsReachedByHeaderOrParameter) {
  const auto away = AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("UPSTREAM_UNAVAILABLE"), HasSubstr("the annex service"));
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/catalogue?service=annex", {Bearer()}), away);
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/catalogue", {Bearer(), "fivestrand-service: annex"}), away);
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/catalogue:watch?service=annex", {Bearer()}), away);
  const std::string web = "Content-Type: application/grpc-web";
  const std::string path = "/fivestrand.gateway.test.v1.CatalogueService/";
  EXPECT_THAT(Ask("POST", path + "ListCatalogue", {Bearer(), web, "fivestrand-service: annex"}, Frame("\x0a\x09shelves/a")),
              AllOf(HasSubstr("grpc-status: 14\r\n"), HasSubstr("annex")));
  EXPECT_THAT(Ask("POST", path + "WatchCatalogue", {Bearer(), web, "fivestrand-service: annex"}, Frame("")),
              HasSubstr("grpc-status: 14\r\n"));
  EXPECT_THAT(Ask("POST", path + "ListCatalogue", {Bearer(), web}, Frame("\x0a\x09shelves/a")), HasSubstr("grpc-status: 0\r\n"));
}

TEST_F(ChoiceTest, NobodyIsAskedWhoIsNotKnown) {
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/catalogue?service=museum", {Bearer()}),
              AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("is none of annex, leadership")));
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/catalogue?service=annex", {Bearer(), "Fivestrand-Service: leadership"}),
              StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(Ask("POST", "/fivestrand.gateway.test.v1.CatalogueService/ListCatalogue",
                  {Bearer(), "Content-Type: application/grpc-web", "Fivestrand-Service: museum"}, Frame("")),
              HasSubstr("grpc-status: 3\r\n"));
}

TEST_F(ChoiceTest, WhereThereIsNoChoiceTheParameterIsUnknownAndTheHeaderIdle) {
  edge.Serve(Path("ListBooks"), [](const TestEdge::Call&) { return TestEdge::Reply{{""}, grpc::Status::OK}; });
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/books?service=annex", {Bearer()}), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(Ask("GET", "/test/v1/shelves/a/books", {Bearer(), "Fivestrand-Service: annex"}), StartsWith("HTTP/1.1 200 "));
}

TEST_F(ChoiceTest, PagesOfOtherOriginsMaySendTheHeader) {
  EXPECT_THAT(Ask("OPTIONS", "/v1/x", {"Origin: https://app.example", "Access-Control-Request-Method: POST"}),
              HasSubstr("Fivestrand-Service"));
}

}  // namespace
}  // namespace fivestrand::gateway::edge
