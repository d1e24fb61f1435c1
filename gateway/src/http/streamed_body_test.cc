// Requests that are handled while their bodies arrive.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"

#include "gateway/src/http/test_connection.h"

namespace fivestrand::gateway::http {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr char kChunked[] = "POST /f HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string WithLength(size_t size) {
  return absl::StrCat("POST /f HTTP/1.1\r\nHost: a\r\nContent-Length: ", size, "\r\n\r\n");
}

class StreamedBodyTest : public ConnectionTest {
 protected:
  StreamedBodyTest() {
    host.handler_.streams = true;
    host.handler_.handle = [this](std::shared_ptr<Exchange> exchange) {
      EXPECT_EQ(exchange->request().body, "");
      exchange->OnAbort([this] { gone = true; });
      held = std::move(exchange);
    };
  }
  // Asks for everything, one part after the other.
  void ReadAll() {
    held->ReadBody([this](BodyPart part) {
      parts.push_back(part);
      body += part.data;
      if (!part.last && part.error_status == 0) ReadAll();
    });
  }
  void Ask() {
    held->ReadBody([this](BodyPart part) {
      body += part.data;
      parts.push_back(std::move(part));
    });
  }
  void Respond(int status) {
    Response response;
    response.status = status;
    const auto exchange = std::move(held);
    exchange->Respond(std::move(response));
  }

  std::shared_ptr<Exchange> held;
  std::vector<BodyPart> parts;
  std::string body;
  bool gone = false;
};

TEST_F(StreamedBodyTest, GivesThePartsAsTheyArrive) {
  connection->Arrive(WithLength(10) + "abc");
  ASSERT_NE(held, nullptr) << "handled before the body is there";
  ReadAll();
  EXPECT_EQ(body, "abc");
  connection->Arrive("defg");
  EXPECT_EQ(body, "abcdefg");
  EXPECT_FALSE(parts.back().last);
  connection->Arrive("hij");
  EXPECT_EQ(body, "abcdefghij");
  EXPECT_TRUE(parts.back().last);
  Respond(200);
  connection->Flush();
  EXPECT_THAT(connection->sent, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(connection->sent, testing::Not(HasSubstr("Connection: close")));
  host.handler_.streams = false;
  connection->Arrive("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_NE(held, nullptr);
  Respond(200);
  EXPECT_EQ(host.statuses, std::vector<int>({200, 200})) << "the connection is still of use";
}

TEST_F(StreamedBodyTest, ReadsChunksWithTheirTrailers) {
  connection->Arrive(absl::StrCat(kChunked, "3\r\nabc\r\n"));
  ReadAll();
  connection->Arrive("4;x=y\r\nde");
  connection->Arrive("fg\r");
  connection->Arrive("\n0\r\nTrailer: x\r\n\r\n");
  EXPECT_EQ(body, "abcdefg");
  EXPECT_TRUE(parts.back().last);
}

TEST_F(StreamedBodyTest, AnEmptyBodyIsOneLastPart) {
  connection->Arrive(WithLength(0));
  ReadAll();
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_TRUE(parts[0].last);
}

TEST_F(StreamedBodyTest, WhatNobodyAsksForStaysWithThePeer) {
  host.handler_.streams = true;
  host.options_.limits = {};
  connection->Arrive(WithLength(1000));
  size_t taken = 0;
  while (connection->reading() && taken < 1000) {
    connection->Arrive("x");
    ++taken;
  }
  EXPECT_EQ(body, "") << "nobody has asked";
  Ask();
  EXPECT_EQ(body.size(), taken);
  connection->Arrive("yy");
  EXPECT_EQ(body.size(), taken) << "and again nobody has";
}

TEST_F(StreamedBodyTest, TakesNoMoreThanAWindowUnasked) {
  connection->Arrive(kChunked);
  size_t taken = 0;
  while (connection->reading() && taken < 1 << 20) {
    connection->Arrive("400\r\n" + std::string(1024, 'x') + "\r\n");
    taken += 1024;
  }
  EXPECT_LE(taken, 32u * 1024);
}

TEST_F(StreamedBodyTest, SaysContinueWhenTheBodyIsAskedFor) {
  connection->Arrive("POST /f HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  connection->Flush();
  EXPECT_EQ(connection->sent, "");
  Ask();
  connection->Flush();
  EXPECT_EQ(connection->sent, "HTTP/1.1 100 Continue\r\n\r\n");
  connection->Arrive("ab");
  Ask();
  connection->Flush();
  EXPECT_EQ(connection->sent, "HTTP/1.1 100 Continue\r\n\r\n") << "once";
}

TEST_F(StreamedBodyTest, IsRefusedWithoutContinue) {
  connection->Arrive("POST /f HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  Respond(403);
  connection->Flush();
  EXPECT_THAT(connection->sent, StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(connection->sent, HasSubstr("Connection: close\r\n"));
}

TEST_F(StreamedBodyTest, AnAnswerBeforeTheEndReadsTheRestAwayAndCloses) {
  connection->Arrive(WithLength(1000) + "abc");
  Respond(400);
  connection->Flush();
  EXPECT_THAT(connection->sent, StartsWith("HTTP/1.1 400 "));
  EXPECT_TRUE(connection->half_closed);
  EXPECT_FALSE(connection->closed()) << "a peer that is still sending shall read it";
  connection->Arrive(std::string(990, 'x') + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(host.statuses, std::vector<int>({400}));
  Wait(milliseconds(15'100));
  EXPECT_TRUE(connection->closed());
}

TEST_F(StreamedBodyTest, AnAnswerWhileTheNextPartIsAwaitedForgetsIt) {
  connection->Arrive(WithLength(1000) + "abc");
  Ask();
  Ask();
  Respond(503);
  connection->Flush();
  connection->Arrive("def");
  EXPECT_EQ(body, "abc");
}

TEST_F(StreamedBodyTest, TooLargeIsRefusedBeforeOrWhileItArrives) {
  connection->Arrive(WithLength(1001));
  connection->Flush();
  EXPECT_THAT(connection->sent, StartsWith("HTTP/1.1 413 "));
  EXPECT_EQ(held, nullptr);

  auto second = std::make_shared<StringConnection>(&host);
  second->Open();
  second->Arrive(kChunked);
  ReadAll();
  for (int i = 0; i < 3 && parts.empty(); ++i) second->Arrive("190\r\n" + std::string(400, 'x') + "\r\n");
  second->Arrive("190\r\n" + std::string(400, 'x') + "\r\n");
  second->Arrive("190\r\n" + std::string(400, 'x') + "\r\n");
  EXPECT_EQ(parts.back().error_status, 413);
  Respond(413);
  second->Flush();
  EXPECT_THAT(second->sent, HasSubstr("Connection: close\r\n"));
  second->Close();
}

TEST_F(StreamedBodyTest, NonsenseIsAnError) {
  connection->Arrive(absl::StrCat(kChunked, "3\r\nabc\r\n"));
  ReadAll();
  connection->Arrive("zz\r\n");
  EXPECT_EQ(parts.back().error_status, 400);
}

TEST_F(StreamedBodyTest, APeerThatLeavesIsGoneAndHasNotSentTheLastPart) {
  connection->Arrive(WithLength(10) + "abc");
  ReadAll();
  connection->Leave();
  EXPECT_TRUE(gone);
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_FALSE(parts[0].last);
  EXPECT_EQ(host.statuses, std::vector<int>({499}));
}

TEST_F(StreamedBodyTest, OnlyThePeersOwnTimeCounts) {
  host.options_.min_bytes_per_second = 10;
  connection->Arrive(WithLength(1000) + "abc");
  Wait(milliseconds(60'000));
  EXPECT_FALSE(gone) << "nobody has asked for anything";
  ReadAll();
  for (int i = 0; i < 20; ++i) {
    connection->Arrive(std::string(20, 'x'));
    Wait(milliseconds(1000));
  }
  EXPECT_EQ(parts.back().error_status, 0) << "20 bytes a second are enough";
  for (int i = 0; i < 40 && parts.back().error_status == 0; ++i) {
    connection->Arrive("x");
    Wait(milliseconds(1000));
  }
  EXPECT_EQ(parts.back().error_status, 408) << "1 byte a second is not, asked for one by one or not";
}

TEST_F(StreamedBodyTest, DrainReachesTheHandler) {
  bool told = false;
  connection->Arrive(WithLength(10) + "abc");
  held->OnDrain([&] { told = true; });
  host.draining_ = true;
  connection->BeginDrain();
  EXPECT_TRUE(told);
  Respond(503);
  connection->Flush();
  EXPECT_THAT(connection->sent, HasSubstr("Connection: close\r\n"));
}

TEST_F(StreamedBodyTest, AForgottenExchangeClosesTheConnection) {
  connection->Arrive(WithLength(10) + "abc");
  held = nullptr;
  EXPECT_TRUE(connection->closed());
  EXPECT_EQ(host.statuses, std::vector<int>({500}));
}

}  // namespace
}  // namespace fivestrand::gateway::http
