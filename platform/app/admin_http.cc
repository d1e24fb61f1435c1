#include "platform/app/admin_http.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "platform/status/status.h"

namespace fivestrand::app {
namespace {

constexpr std::size_t kMaxRequest = 8 * 1024;
constexpr absl::Duration kTimeLimit = absl::Seconds(2);

std::string_view ReasonOf(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 503:
      return "Service Unavailable";
    default:
      return "Error";
  }
}

// False when the time is over.
bool WaitFor(int fd, short events, absl::Time deadline) {
  const int64_t left = absl::ToInt64Milliseconds(deadline - absl::Now());
  pollfd waiting{fd, events, 0};
  return left > 0 && poll(&waiting, 1, static_cast<int>(left)) > 0;
}

std::string ReadHead(int connection, absl::Time deadline) {
  std::string head;
  char buffer[2048];
  while (head.find("\r\n\r\n") == std::string::npos) {
    if (head.size() > kMaxRequest || !WaitFor(connection, POLLIN, deadline)) return "";
    const ssize_t got = recv(connection, buffer, sizeof(buffer), 0);
    if (got <= 0) return "";
    head.append(buffer, static_cast<std::size_t>(got));
  }
  return head;
}

void WriteAll(int connection, std::string_view data, absl::Time deadline) {
  while (!data.empty() && WaitFor(connection, POLLOUT, deadline)) {
    const ssize_t sent = send(connection, data.data(), data.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN) return;
    if (sent > 0) data.remove_prefix(static_cast<std::size_t>(sent));
  }
}

absl::Status CannotListen(const std::string& address) {
  return status::Unavailable(status::Reason::kUnspecified, absl::StrCat("cannot listen on ", address, ": ", std::strerror(errno)),
                             absl::Seconds(1));
}

}  // namespace

absl::StatusOr<std::unique_ptr<AdminHttp>> AdminHttp::Listen(const std::string& address, Handler handler) {
  const std::size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon == std::string::npos ? 0 : colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (host.empty() || getaddrinfo(host.c_str(), address.c_str() + colon + 1, &hints, &found) != 0) {
    return status::InvalidField("admin_listen", absl::StrCat(address, " is not a numeric host and a port"));
  }
  const int listener = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  const bool bound = bind(listener, found->ai_addr, found->ai_addrlen) == 0 && listen(listener, 64) == 0;
  freeaddrinfo(found);
  if (!bound) {
    absl::Status failure = CannotListen(address);
    close(listener);
    return failure;
  }
  return std::unique_ptr<AdminHttp>(new AdminHttp(listener, eventfd(0, EFD_CLOEXEC), std::move(handler)));
}

AdminHttp::AdminHttp(int listener, int stop, Handler handler) : listener_(listener), stop_(stop), handler_(std::move(handler)) {
  sockaddr_storage bound{};
  socklen_t size = sizeof(bound);
  getsockname(listener_, reinterpret_cast<sockaddr*>(&bound), &size);
  port_ = ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&bound)->sin6_port
                                            : reinterpret_cast<sockaddr_in*>(&bound)->sin_port);
  // One may hang on a slow scraper while the other answers probes.
  for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { Serve(); });
}

AdminHttp::~AdminHttp() {
  eventfd_write(stop_, 1);
  for (std::thread& thread : threads_) thread.join();
  close(listener_);
  close(stop_);
}

void AdminHttp::Serve() {
  while (true) {
    pollfd waiting[] = {{listener_, POLLIN, 0}, {stop_, POLLIN, 0}};
    if (poll(waiting, 2, -1) < 0 && errno != EINTR) return;
    if (waiting[1].revents != 0) return;
    // The other thread may have been faster; then there is nothing to accept.
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    Answer(connection);
    close(connection);
  }
}

void AdminHttp::Answer(int connection) {
  const absl::Time deadline = absl::Now() + kTimeLimit;
  const std::string head = ReadHead(connection, deadline);
  if (head.empty()) return;
  const std::string_view line = std::string_view(head).substr(0, head.find("\r\n"));
  const std::size_t first = line.find(' ');
  const std::size_t second = line.find(' ', first + 1);
  AdminAnswer answer;
  bool with_body = true;
  if (first == std::string_view::npos || second == std::string_view::npos || line.substr(second + 1, 5) != "HTTP/") {
    answer.status = 400;
  } else {
    const std::string_view method = line.substr(0, first);
    std::string_view path = line.substr(first + 1, second - first - 1);
    path = path.substr(0, path.find('?'));
    with_body = method != "HEAD";
    if (method == "GET" || method == "HEAD" || method == "PUT") {
      answer = handler_(method == "HEAD" ? "GET" : method, path);
    } else {
      answer.status = 405;
    }
  }
  if (answer.body.empty()) answer.body = absl::StrCat(std::string(ReasonOf(answer.status)), "\n");
  std::string out = absl::StrCat("HTTP/1.1 ", answer.status, " ", std::string(ReasonOf(answer.status)),
                                 "\r\nContent-Type: ", answer.content_type, "\r\nContent-Length: ", answer.body.size(),
                                 "\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n");
  if (with_body) out += answer.body;
  WriteAll(connection, out, deadline);
  // What the peer still sends is read away, so that closing does not take the answer with it.
  shutdown(connection, SHUT_WR);
  char rest[512];
  while (WaitFor(connection, POLLIN, deadline) && recv(connection, rest, sizeof(rest), 0) > 0) {
  }
}

}  // namespace fivestrand::app
