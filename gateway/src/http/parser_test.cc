#include "gateway/src/http/parser.h"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace fivestrand::gateway::http {
namespace {

using Progress = RequestParser::Progress;

struct Outcome {
  Progress progress = Progress::kNeedMore;
  int status = 0;
  Request request;
  size_t consumed = 0;
  bool keep_alive = false;
};

// Feeds `text` in pieces of `step` bytes, keeping what is not consumed, as a connection does.
Outcome Parse(std::string_view text, size_t step = 1 << 20, size_t body_limit = 1000, ParserLimits limits = {}) {
  Outcome out;
  RequestParser parser(limits);
  parser.Begin(&out.request);
  size_t available = 0;
  while (out.progress == Progress::kNeedMore && available < text.size()) {
    available = std::min(text.size(), available + step);
    for (;;) {
      out.progress = parser.Feed(text.substr(out.consumed, available - out.consumed), &out.consumed);
      if (out.progress != Progress::kHeaderDone) break;
      out.progress = parser.AllowBody(body_limit);
      if (out.progress == Progress::kError) break;
    }
  }
  out.status = parser.error_status();
  if (out.progress == Progress::kDone) out.keep_alive = parser.keep_alive();
  return out;
}

TEST(RequestParser, ReadsAGet) {
  const Outcome out = Parse("GET /v1/x?y=1 HTTP/1.1\r\nHost: a\r\nX-Two:  b c \r\n\r\nGET");
  ASSERT_EQ(out.progress, Progress::kDone);
  EXPECT_EQ(out.request.method, Method::kGet);
  EXPECT_EQ(out.request.path(), "/v1/x");
  EXPECT_EQ(out.request.query(), "y=1");
  EXPECT_EQ(out.request.headers.Get("x-two"), "b c");
  EXPECT_TRUE(out.keep_alive);
  EXPECT_EQ(out.consumed, std::string_view("GET /v1/x?y=1 HTTP/1.1\r\nHost: a\r\nX-Two:  b c \r\n\r\n").size());
}

TEST(RequestParser, ReadsBodiesByteByByte) {
  const std::string fixed = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
  const std::string chunked =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;ext=1\r\nlo\r\n0\r\nX-Smuggled: 1\r\n\r\n";
  for (size_t step : {1, 2, 7, 1000}) {
    for (const std::string& text : {fixed, chunked}) {
      const Outcome out = Parse(text, step);
      ASSERT_EQ(out.progress, Progress::kDone) << text << step;
      EXPECT_EQ(out.request.body, "hello");
      EXPECT_EQ(out.consumed, text.size());
      EXPECT_FALSE(out.request.headers.Find("x-smuggled")) << "a trailer must not become a header";
    }
  }
}

TEST(RequestParser, KnowsWhenTheConnectionEnds) {
  EXPECT_FALSE(Parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").keep_alive);
  EXPECT_FALSE(Parse("GET / HTTP/1.0\r\n\r\n").keep_alive);
  EXPECT_TRUE(Parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
}

TEST(RequestParser, TakesTheAbsoluteForm) {
  EXPECT_EQ(Parse("GET http://host:80/a?b HTTP/1.1\r\nHost: host\r\n\r\n").request.target, "/a?b");
  EXPECT_EQ(Parse("GET http://host HTTP/1.1\r\nHost: host\r\n\r\n").request.target, "/");
}

struct Bad {
  const char* why;
  const char* text;
  int status;
};

class Refuses : public testing::TestWithParam<Bad> {};

TEST_P(Refuses, WithStatus) {
  for (size_t step : {1, 1000}) {
    const Outcome out = Parse(GetParam().text, step);
    EXPECT_EQ(out.progress, Progress::kError) << GetParam().why;
    EXPECT_EQ(out.status, GetParam().status) << GetParam().why;
  }
}

INSTANTIATE_TEST_SUITE_P(
    RequestParser, Refuses,
    testing::Values(
        Bad{"no HTTP", "HELLO\r\n\r\n", 400}, Bad{"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        Bad{"version", "GET / HTTP/3.7\r\nHost: a\r\n\r\n", 505}, Bad{"no host", "GET / HTTP/1.1\r\n\r\n", 400},
        Bad{"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        Bad{"length and encoding", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
        Bad{"encoding and length", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 400},
        Bad{"two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n", 400},
        Bad{"negative length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\n\r\n", 400},
        Bad{"unknown encoding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n", 501},
        Bad{"double encoding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501},
        Bad{"chunked in 1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
        Bad{"bad chunk size", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
        Bad{"chunk without end", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", 400},
        Bad{"space before colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
        Bad{"fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400}, Bad{"not a path", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Bad{"expectation", "GET / HTTP/1.1\r\nHost: a\r\nExpect: cake\r\n\r\n", 417}));

TEST(RequestParser, LimitsHeaders) {
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 200; ++i) many += "X-" + std::to_string(i) + ": v\r\n";
  EXPECT_EQ(Parse(many + "\r\n").status, 431);
  EXPECT_EQ(Parse("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(17 * 1024, 'x') + "\r\n\r\n").status, 431);
  EXPECT_EQ(Parse("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(17 * 1024, 'x'), 100).status, 431)
      << "without waiting for the end";
  EXPECT_EQ(Parse("GET /" + std::string(15 * 1024, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n").progress, Progress::kDone);
}

TEST(RequestParser, LimitsBodies) {
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(Parse(head + "Content-Length: 1001\r\n\r\n").status, 413) << "before a byte of it is there";
  EXPECT_EQ(Parse(head + "Content-Length: 1000\r\n\r\n" + std::string(1000, 'x')).progress, Progress::kDone);
  EXPECT_EQ(Parse(head + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n").status, 413);
  EXPECT_EQ(Parse(head + "Transfer-Encoding: chunked\r\n\r\n3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\nx\r\n0\r\n\r\n").status,
            413);
}

}  // namespace
}  // namespace fivestrand::gateway::http
