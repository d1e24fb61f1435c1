#include "gateway/src/grpcweb/framing.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "google/rpc/status.pb.h"

#include "platform/status/status.h"

namespace fivestrand::gateway::grpcweb {
namespace {

TEST(ContentType, KnowsTheFourAndNoOther) {
  EXPECT_EQ(ParseContentType("application/grpc-web"), Encoding::kBinary);
  EXPECT_EQ(ParseContentType("application/grpc-web+proto; charset=x"), Encoding::kBinary);
  EXPECT_EQ(ParseContentType("Application/gRPC-Web-Text"), Encoding::kText);
  EXPECT_EQ(ParseContentType("application/grpc-web-text+proto"), Encoding::kText);
  for (const char* other : {"", "application/grpc", "application/grpc-web+json", "application/grpc-webx", "application/json"}) {
    EXPECT_EQ(ParseContentType(other), std::nullopt) << other;
  }
}

TEST(FindMessage, TakesExactlyOneFrame) {
  std::string body;
  AppendMessageHeader(3, &body);
  body += "abc";
  EXPECT_EQ(*FindMessage(body), 5u);
  EXPECT_EQ(*FindMessage(std::string(5, '\0')), 5u) << "an empty message";
  for (const std::string& bad : {std::string(), std::string("\0\0\0\0", 4), body + "x", body.substr(0, 7), body + body,
                                 "\x01" + body.substr(1), "\x80" + body.substr(1), std::string("\0\xFF\xFF\xFF\xFF", 5)}) {
    EXPECT_EQ(status::ReasonOf(FindMessage(bad).status()), status::Reason::kMalformedBody);
  }
}

TEST(DecodeText, JoinsPiecesWithTheirOwnPadding) {
  EXPECT_EQ(DecodeText(""), "");
  EXPECT_EQ(DecodeText("YWJj"), "abc");
  EXPECT_EQ(DecodeText("YQ==YmM="), "abc");
  EXPECT_EQ(DecodeText("YQ==Yg==Yw=="), "abc");
  EXPECT_EQ(DecodeText("YWI"), "ab") << "the last padding may be missing";
  EXPECT_EQ(DecodeText("YW\r\nJj\n"), "abc");
  std::string binary;
  for (int i = 0; i < 256; ++i) binary.push_back(static_cast<char>(i));
  for (size_t cut = 0; cut <= binary.size(); cut += 13) {
    EXPECT_EQ(DecodeText(absl::Base64Escape(binary.substr(0, cut)) + absl::Base64Escape(binary.substr(cut))), binary) << cut;
  }
  for (const char* bad : {"Y", "YQ=", "YQ=a", "Y===", "====", "YW*j", "YQ=Y", "YR==", "YWJjY"})
    EXPECT_EQ(DecodeText(bad), std::nullopt) << bad;
}

TEST(Trailers, CarryStatusMessageAndDetails) {
  std::string out;
  AppendTrailers(absl::OkStatus(), "r", {{"x-a", "1"}, {"y-bin", std::string("\0\1", 2)}}, &out);
  EXPECT_EQ(out, std::string("\x80\0\0\0", 4) + static_cast<char>(out.size() - 5) + "grpc-status: 0\r\nx-a: 1\r\ny-bin: AAE=\r\n");
  out.clear();
  AppendTrailers(status::InvalidField("title", "50% \xC3\xA9\n"), "r", {}, &out);
  EXPECT_NE(out.find("grpc-status: 3\r\ngrpc-message: title: 50%25 %C3%A9%0A\r\n"), std::string::npos) << out;
  const std::string key = "grpc-status-details-bin: ";
  const size_t begin = out.find(key) + key.size();
  std::string bytes;
  ASSERT_TRUE(absl::Base64Unescape(out.substr(begin, out.find("\r\n", begin) - begin), &bytes));
  google::rpc::Status status;
  ASSERT_TRUE(status.ParseFromString(bytes));
  EXPECT_EQ(status.code(), 3);
  EXPECT_EQ(status.details_size(), 2);
}

TEST(ParseTimeout, KnowsTheUnits) {
  EXPECT_EQ(ParseTimeout("10S"), absl::Seconds(10));
  EXPECT_EQ(ParseTimeout("2H"), absl::Hours(2));
  EXPECT_EQ(ParseTimeout("99999999n"), absl::Nanoseconds(99999999));
  EXPECT_EQ(ParseTimeout("5m"), absl::Milliseconds(5));
  for (const char* bad : {"", "S", "10", "10s", "-1S", "1.5S", "999999999S", " 1S"})
    EXPECT_EQ(ParseTimeout(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace fivestrand::gateway::grpcweb
