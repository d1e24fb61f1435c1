#include "gateway/src/session/origin.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "platform/status/views.h"

namespace fivestrand::gateway::session {

bool IsUnsafe(http::Method method) {
  switch (method) {
    case http::Method::kGet:
    case http::Method::kHead:
    case http::Method::kOptions:
      return false;
    default:
      return true;
  }
}

bool IsSameOrigin(const http::Request& request) {
  if (request.headers.Count("sec-fetch-site") > 1 || request.headers.Count("origin") > 1) return false;
  if (const auto site = request.headers.Find("sec-fetch-site")) return *site == "same-origin";
  const std::string_view host = request.headers.Get("host");
  if (host.empty()) return false;
  // A proxy in front may have ended TLS, so either scheme will do: the host is what tells sites apart.
  const std::string_view origin = request.headers.Get("origin");
  for (std::string_view scheme : {"https://", "http://"}) {
    if (origin.substr(0, scheme.size()) == scheme && absl::EqualsIgnoreCase(AbslView(origin.substr(scheme.size())), AbslView(host)))
      return true;
  }
  return false;
}

bool IsLoopbackHost(std::string_view host) {
  // Without the port; an IPv6 address stands in brackets.
  const size_t port = host.starts_with('[') ? host.find(']') : host.find(':');
  if (host.starts_with('[')) return host.substr(0, port == std::string_view::npos ? host.size() : port + 1) == "[::1]";
  const auto name = AbslView(host.substr(0, port));
  return absl::EqualsIgnoreCase(name, "localhost") || name == "127.0.0.1";
}

CorsPolicy::CorsPolicy(std::vector<std::string> origins) : origins_(std::move(origins)) {}

bool CorsPolicy::Allows(std::string_view origin) const {
  return !origin.empty() && std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

void CorsPolicy::Decorate(const http::Request& request, http::HeaderBlock* headers) const {
  if (origins_.empty()) return;
  headers->AddLines("Vary: Origin\r\n");
  const std::string_view origin = request.headers.Get("origin");
  if (!Allows(origin)) return;
  headers->Add("Access-Control-Allow-Origin", origin);
  headers->AddLines(
      "Access-Control-Expose-Headers: ETag, X-Request-Id, Retry-After, grpc-status, grpc-message, grpc-status-details-bin\r\n");
}

bool CorsPolicy::IsPreflight(const http::Request& request) {
  return request.method == http::Method::kOptions && request.headers.Find("access-control-request-method").has_value();
}

http::Response CorsPolicy::AnswerPreflight(const http::Request& request) const {
  http::Response response;
  response.status = 204;
  Decorate(request, &response.headers);
  if (Allows(request.headers.Get("origin"))) {
    response.headers.AddLines(
        "Access-Control-Allow-Methods: GET, POST, PATCH, PUT, DELETE\r\n"
        "Access-Control-Allow-Headers: Authorization, Content-Type, If-Match, Idempotency-Key, X-Request-Id, X-Timeout, "
        "X-Grpc-Web, "
        "X-User-Agent, Grpc-Timeout, Traceparent, Fivestrand-Service\r\n"
        "Access-Control-Max-Age: 600\r\n");
  }
  return response;
}

}  // namespace fivestrand::gateway::session
