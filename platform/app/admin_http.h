// The admin listener: metrics, probes and build info for machines, on a port that users never reach.
#ifndef FIVESTRAND_PLATFORM_APP_ADMIN_HTTP_H_
#define FIVESTRAND_PLATFORM_APP_ADMIN_HTTP_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"

namespace fivestrand::app {

struct AdminAnswer {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

// HTTP/1.1 without keep-alive, for a scraper and a few probes: two threads, 8 KiB of request, two seconds for each.
class AdminHttp {
 public:
  // `method` is GET or PUT; `path` has no query. Called from several threads.
  using Handler = std::function<AdminAnswer(std::string_view method, std::string_view path)>;

  // `address` is host:port with a numeric IPv4 or [IPv6] host; port 0 takes a free one. UNAVAILABLE when it is taken.
  static absl::StatusOr<std::unique_ptr<AdminHttp>> Listen(const std::string& address, Handler handler);
  AdminHttp(const AdminHttp&) = delete;
  AdminHttp& operator=(const AdminHttp&) = delete;
  ~AdminHttp();

  int port() const { return port_; }

 private:
  AdminHttp(int listener, int stop, Handler handler);
  void Serve();
  void Answer(int connection);

  const int listener_;
  const int stop_;  // An eventfd that becomes readable when the threads are to end.
  const Handler handler_;
  int port_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace fivestrand::app

#endif  // FIVESTRAND_PLATFORM_APP_ADMIN_HTTP_H_
