// For tests: requests to the whole edge on a real socket, in front of a real gRPC server that answers as the test says.
#ifndef FIVESTRAND_GATEWAY_SRC_EDGE_EDGE_FIXTURE_H_
#define FIVESTRAND_GATEWAY_SRC_EDGE_EDGE_FIXTURE_H_

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "gateway/src/edge/test_edge.h"
#include "gateway/src/grpcweb/framing.h"
#include "gateway/src/http/test_client.h"

namespace fivestrand::gateway::edge {

using http::TestClient;

constexpr char kLibrary[] = "/fivestrand.gateway.test.v1.LibraryService/";

inline std::string Path(const std::string& method) {
  return kLibrary + method;
}

inline std::string Frame(const std::string& message) {
  std::string frame;
  grpcweb::AppendMessageHeader(message.size(), &frame);
  return frame + message;
}

class EdgeTest : public testing::Test {
 protected:
  // Sends one request, closes the connection behind it and returns the whole answer.
  std::string Ask(const std::string& method, const std::string& target, const std::vector<std::string>& headers = {},
                  const std::string& body = "") {
    TestClient client(edge.port());
    client.Send(Request(method, target, headers, body));
    return client.Read("");
  }

  std::string Request(const std::string& method, const std::string& target, const std::vector<std::string>& headers = {},
                      const std::string& body = "") {
    std::string text = absl::StrCat(method, " ", target, " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    for (const std::string& header : headers) absl::StrAppend(&text, header, "\r\n");
    if (!body.empty()) absl::StrAppend(&text, "Content-Length: ", body.size(), "\r\n");
    return absl::StrCat(text, "\r\n", body);
  }

  std::string Bearer() { return "Authorization: Bearer " + edge.AppToken(); }
  static std::string Body(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }

  // Signs in and returns the Cookie header.
  std::string SignIn() {
    const std::string answer = Ask("POST", "/auth/sign-in", {"Content-Type: application/json", "Sec-Fetch-Site: same-origin"},
                                   "{\"person\":\"trusts/acorn/people/amina\"}");
    EXPECT_EQ(answer.substr(0, 13), "HTTP/1.1 200 ") << answer;
    const size_t begin = answer.find("Set-Cookie: ") + 12;
    return "Cookie: " + answer.substr(begin, answer.find(';', begin) - begin);
  }

  TestEdge edge;
};

}  // namespace fivestrand::gateway::edge

#endif  // FIVESTRAND_GATEWAY_SRC_EDGE_EDGE_FIXTURE_H_
