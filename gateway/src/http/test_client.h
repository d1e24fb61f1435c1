// A client for tests.
#ifndef FIVESTRAND_GATEWAY_SRC_HTTP_TEST_CLIENT_H_
#define FIVESTRAND_GATEWAY_SRC_HTTP_TEST_CLIENT_H_

#include <algorithm>
#include <arpa/inet.h>
#include <cstdint>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace fivestrand::gateway::http {

// A blocking client with a time limit on every read.
class TestClient {
 public:
  explicit TestClient(uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    timeval limit{10, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~TestClient() { close(fd_); }

  bool Send(std::string_view data) {
    while (!data.empty()) {
      const ssize_t sent = send(fd_, data.data(), data.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      data.remove_prefix(sent);
    }
    return true;
  }
  // Reads until `until` was seen, or the end.
  std::string Read(std::string_view until) {
    std::string all;
    char buffer[16 * 1024];
    for (;;) {
      const ssize_t got = recv(fd_, buffer, sizeof buffer, 0);
      if (got <= 0) return all;
      const size_t from = all.size() - std::min(all.size(), until.size());
      all.append(buffer, got);
      if (!until.empty() && all.find(until, from) != std::string::npos) return all;
    }
  }
  int fd() const { return fd_; }
  bool connected() const { return connected_; }

 private:
  const int fd_;
  bool connected_ = false;
};

}  // namespace fivestrand::gateway::http

#endif  // FIVESTRAND_GATEWAY_SRC_HTTP_TEST_CLIENT_H_
