#include "gateway/src/http/connection.h"

#include <gmock/gmock.h>

#include "gateway/src/http/test_connection.h"

namespace fivestrand::gateway::http {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

TEST_F(ConnectionTest, AnswersPipelinedRequestsInOrder) {
  std::vector<std::shared_ptr<Exchange>> waiting;
  host.handler_.handle = [&](std::shared_ptr<Exchange> exchange) {
    waiting.push_back(std::move(exchange));
  };
  connection->Arrive(
      "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxyGET /3 HTTP/1.1\r\nHost: "
      "a\r\n\r\n");
  std::string order;
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(waiting.size(), 1u) << "one at a time";
    auto exchange = std::move(waiting[0]);
    waiting.clear();
    Response response;
    response.body = exchange->request().target;
    exchange->Respond(std::move(response));
  }
  connection->Flush();
  const size_t one = connection->sent.find("/1"), two = connection->sent.find("/2"), three = connection->sent.find("/3");
  EXPECT_LT(one, two);
  EXPECT_LT(two, three);
  EXPECT_NE(three, std::string::npos);
  EXPECT_EQ(host.statuses, std::vector<int>({200, 200, 200}));
}

TEST_F(ConnectionTest, StopsReadingAheadWhileBusy) {
  std::shared_ptr<Exchange> held;
  host.handler_.handle = [&](std::shared_ptr<Exchange> exchange) {
    held = std::move(exchange);
  };
  connection->Arrive("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
  size_t taken = 0;
  while (connection->reading() && taken < 1 << 20) {
    connection->Arrive(std::string(1024, 'x'));
    taken += 1024;
  }
  EXPECT_LE(taken, 32u * 1024);
}

TEST_F(ConnectionTest, PausesWhenThePeerDoesNotReadItsAnswers) {
  connection->stalled = true;
  host.handler_.handle = [](std::shared_ptr<Exchange> exchange) {
    Response response;
    response.body = std::string(100 * 1024, 'y');
    exchange->Respond(std::move(response));
  };
  std::string many;
  for (int i = 0; i < 2000; ++i) many += "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_FALSE(connection->Arrive(many)) << "it must stop reading";
  EXPECT_LE(host.statuses.size(), 4u);
  connection->stalled = false;
  connection->Flush();
  EXPECT_GT(host.statuses.size(), 100u) << "and go on when the answers have left";
}

TEST_F(ConnectionTest, SlowHeaderIsAnswered408) {
  for (int i = 0; i < 9; ++i) {
    connection->Arrive("G");
    Wait(milliseconds(1000));
    EXPECT_FALSE(connection->closed());
  }
  Wait(milliseconds(1100));
  connection->Flush();
  EXPECT_THAT(connection->sent, StartsWith("HTTP/1.1 408 "));
  EXPECT_THAT(connection->sent, HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(connection->half_closed);
  Wait(milliseconds(2100));
  EXPECT_TRUE(connection->closed()) << "a peer that does not hang up is hung up on";
}

TEST_F(ConnectionTest, SlowBodyIsAnswered408AndASteadyOneIsNot) {
  host.options_.min_bytes_per_second = 10;
  connection->Arrive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
  for (int i = 0; i < 40; ++i) {
    connection->Arrive(std::string(20, 'x'));
    Wait(milliseconds(1000));
  }
  EXPECT_EQ(connection->sent, "") << "20 bytes a second are enough";
  for (int i = 0; i < 40 && host.statuses.empty(); ++i) {
    connection->Arrive("x");
    Wait(milliseconds(1000));
  }
  EXPECT_EQ(host.statuses, std::vector<int>({408})) << "1 byte a second is not";
}

TEST_F(ConnectionTest, IdleConnectionsAreClosed) {
  connection->Arrive("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  connection->Flush();
  Wait(milliseconds(74'000));
  EXPECT_FALSE(connection->closed());
  Wait(milliseconds(2'000));
  EXPECT_TRUE(connection->closed());
}

TEST_F(ConnectionTest, AConnectionThatNeverSpeaksIsClosedSoon) {
  Wait(milliseconds(10'100));
  EXPECT_TRUE(connection->closed());
}

TEST_F(ConnectionTest, AReaderThatStallsIsClosed) {
  bool gone = false;
  std::shared_ptr<Exchange> held;
  host.handler_.handle = [&](std::shared_ptr<Exchange> exchange) {
    held = exchange;
    exchange->OnAbort([&] { gone = true; });
    exchange->Start({});
    exchange->Write("data");
  };
  connection->Arrive("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  Wait(milliseconds(29'000));
  EXPECT_FALSE(connection->closed());
  Wait(milliseconds(2'000));
  EXPECT_TRUE(connection->closed());
  EXPECT_TRUE(gone);
  EXPECT_EQ(host.statuses, std::vector<int>({499}));
}

TEST_F(ConnectionTest, AReaderThatTricklesIsClosed) {
  host.handler_.handle = [&](std::shared_ptr<Exchange> exchange) {
    Response response;
    response.body = std::string(1'000'000, 'y');
    exchange->Respond(std::move(response));
  };
  connection->stalled = true;
  connection->Arrive("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  int seconds = 0;
  for (; seconds < 200 && !connection->closed(); ++seconds) {
    connection->Trickle();
    Wait(milliseconds(1000));
  }
  EXPECT_LT(seconds, 70);
}

TEST_F(ConnectionTest, TooLargeABodyIsRefusedUnread) {
  connection->Arrive("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 50000000\r\n\r\n");
  connection->Flush();
  EXPECT_THAT(connection->sent, StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(connection->sent, testing::Not(HasSubstr("100 Continue")));
  size_t read = 0;
  while (!connection->closed() && read < 50'000'000) {
    if (!connection->Arrive(std::string(4096, 'x'))) break;
    read += 4096;
  }
  EXPECT_LT(read, 1'000'000u);
  EXPECT_TRUE(connection->closed());
}

TEST_F(ConnectionTest, SaysContinueWhenTheBodyIsWelcome) {
  connection->Arrive("POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  connection->Flush();
  EXPECT_EQ(connection->sent, "HTTP/1.1 100 Continue\r\n\r\n");
  connection->Arrive("abc");
  connection->Flush();
  EXPECT_THAT(connection->sent, EndsWith("/a|abc"));
}

TEST_F(ConnectionTest, StreamsInChunksAndTellsWhenTheBufferHasRoom) {
  std::shared_ptr<Exchange> held;
  host.handler_.handle = [&](std::shared_ptr<Exchange> exchange) {
    held = std::move(exchange);
  };
  connection->Arrive("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  held->Start({});
  held->Write("hello");
  held->Write(std::string(17, 'x'));
  EXPECT_GT(held->buffered(), 20u);
  bool room = false;
  held->WhenWritable(10, [&] { room = true; });
  EXPECT_FALSE(room);
  connection->Flush(30);
  EXPECT_TRUE(room);
  held->Finish();
  connection->Flush();
  EXPECT_THAT(connection->sent, EndsWith("\r\n\r\n5\r\nhello\r\n11\r\nxxxxxxxxxxxxxxxxx\r\n0\r\n\r\n"));
  EXPECT_FALSE(connection->closed());
  connection->Arrive("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  held->Respond({});
  connection->Flush();
  EXPECT_THAT(connection->sent, EndsWith("Content-Length: 0\r\n\r\n")) << "the connection is still of use";
}

TEST_F(ConnectionTest, Http10StreamsUntilClose) {
  host.handler_.handle = [&](std::shared_ptr<Exchange> exchange) {
    exchange->Start({});
    exchange->Write("abc");
    exchange->Finish();
  };
  connection->Arrive("GET / HTTP/1.0\r\n\r\n");
  connection->Flush();
  EXPECT_THAT(connection->sent, EndsWith("\r\n\r\nabc"));
  EXPECT_THAT(connection->sent, testing::Not(HasSubstr("chunked")));
  EXPECT_TRUE(connection->half_closed);
}

TEST_F(ConnectionTest, HeadAndNotModifiedCarryNoBody) {
  host.handler_.handle = [&](std::shared_ptr<Exchange> exchange) {
    Response response;
    response.body = "body";
    exchange->Respond(std::move(response));
  };
  connection->Arrive("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  connection->Flush();
  EXPECT_THAT(connection->sent, EndsWith("Content-Length: 4\r\n\r\n"));
}

TEST_F(ConnectionTest, APeerThatLeavesIsNoticedWhileItsRequestIsAnswered) {
  std::shared_ptr<Exchange> held;
  bool gone = false;
  host.handler_.handle = [&](std::shared_ptr<Exchange> exchange) {
    held = std::move(exchange);
    held->OnAbort([&] { gone = true; });
  };
  connection->Arrive("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  connection->Leave();
  EXPECT_TRUE(gone);
  EXPECT_TRUE(held->aborted());
  held->Respond({});  // Must do nothing.
  EXPECT_EQ(host.statuses, std::vector<int>({499}));
  EXPECT_EQ(host.closed, 1);
}

TEST_F(ConnectionTest, AForgottenExchangeClosesTheConnection) {
  host.handler_.handle = [](std::shared_ptr<Exchange>) {
  };
  connection->Arrive("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(connection->closed());
  EXPECT_EQ(host.statuses, std::vector<int>({500}));
}

TEST_F(ConnectionTest, DrainLetsTheAnswerOutAndCloses) {
  std::shared_ptr<Exchange> held;
  bool told = false;
  host.handler_.handle = [&](std::shared_ptr<Exchange> exchange) {
    held = std::move(exchange);
    held->OnDrain([&] { told = true; });
  };
  connection->Arrive("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  host.draining_ = true;
  connection->BeginDrain();
  EXPECT_TRUE(told);
  EXPECT_FALSE(connection->closed());
  held->Respond({});
  connection->Flush();
  EXPECT_THAT(connection->sent, HasSubstr("Connection: close\r\n"));
  connection->Leave();
  EXPECT_TRUE(connection->closed());
}

TEST_F(ConnectionTest, DrainClosesAnIdleConnection) {
  connection->BeginDrain();
  EXPECT_TRUE(connection->closed());
}

TEST_F(ConnectionTest, NothingAfterABadRequestIsRead) {
  connection->Arrive("BAD\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
  connection->Flush();
  EXPECT_THAT(connection->sent, StartsWith("HTTP/1.1 400 "));
  EXPECT_EQ(host.statuses, std::vector<int>({400}));
}

}  // namespace
}  // namespace fivestrand::gateway::http
