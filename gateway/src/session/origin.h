// Where a request comes from: protection against cross-site requests, and the origins that may read answers.
#ifndef FIVESTRAND_GATEWAY_SRC_SESSION_ORIGIN_H_
#define FIVESTRAND_GATEWAY_SRC_SESSION_ORIGIN_H_

#include <string>
#include <string_view>
#include <vector>

#include "gateway/src/http/message.h"

namespace fivestrand::gateway::session {

// Whether the method may change something.
bool IsUnsafe(http::Method method);

// Whether the browser vouches that the portal itself sent the request: Sec-Fetch-Site is same-origin or, where a browser does not
// send it, Origin names the host that was asked. A request with neither is not vouched for.
bool IsSameOrigin(const http::Request& request);

// Whether Host names this machine itself: the demonstration answers to nothing else, so that no web site can point its name at it.
bool IsLoopbackHost(std::string_view host);

// Cross-origin reading for the origins of a list. Cookies are never allowed across origins.
class CorsPolicy {
 public:
  explicit CorsPolicy(std::vector<std::string> origins);

  bool Allows(std::string_view origin) const;
  // Adds what lets the page of an allowed origin read the answer; nothing for others.
  void Decorate(const http::Request& request, http::HeaderBlock* headers) const;
  // Whether the request asks what is allowed, and the answer to that.
  static bool IsPreflight(const http::Request& request);
  http::Response AnswerPreflight(const http::Request& request) const;

 private:
  const std::vector<std::string> origins_;
};

}  // namespace fivestrand::gateway::session

#endif  // FIVESTRAND_GATEWAY_SRC_SESSION_ORIGIN_H_
