#include "gateway/src/app/gateway_config.h"

#include <arpa/inet.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::gateway {
namespace {

constexpr int64_t kMegabyte = 1024 * 1024;

std::vector<app::Value<std::string>> Targets(app::ConfigScope& scope) {
  std::vector<app::Value<std::string>> targets;
  for (const std::string_view service : kServices) {
    targets.push_back(scope.Text(
        absl::StrCat(AbslView(service), "_target"), "",
        absl::StrCat("gRPC target of the ", AbslView(service), " service; empty: the one in this process, ",
                     service == kServices[0] ? "or 127.0.0.1:9090." : "or none: its addresses then answer UNAVAILABLE.")));
  }
  return targets;
}

}  // namespace

GatewayConfig::GatewayConfig(app::ConfigScope& scope)
    : http_listen(scope.Text("http_listen", "127.0.0.1:8080", "Address of the HTTP server.")),
      http_threads(scope.Number("http_threads", 1, 1, 16, "Threads that serve HTTP connections.")),
      http_tls_cert_file(scope.Path("http_tls_cert_file", "", "Certificate chain of the HTTP server (PEM); empty: plain HTTP.")),
      http_tls_key_file(scope.Path("http_tls_key_file", "", "Key of that certificate (PEM).")),
      max_connections(
          scope.Number("max_connections", 4096, 1, 1'000'000, "HTTP connections open at once; more are closed unread.")),
      body_limit(scope.Number("body_limit", 4 * kMegabyte, 1024, 64 * kMegabyte, "Largest request body, in bytes.")),
      body_limit_for(scope.List("body_limit_for", "Other limits for single methods: package.Service.Method=bytes.")),
      upload_limit(scope.Number("upload_limit", 64 * kMegabyte, 1024, 256 * kMegabyte,
                                "Largest file that a method takes in pieces, in bytes; body_limit_for goes before it.")),
      allowed_origins(
          scope.List("allowed_origins",
                     "Origins whose pages may read answers (CORS), such as https://app.example.org; cookies are never shared.")),
      portal_dir(scope.Path("portal_dir", "", "Directory of the built portal; empty: no portal is served.")),
      demo(scope.Bool("demo", false,
                      "Lets anybody on this machine sign in as any person of the demonstration trust; needs a loopback address.")),
      signing_key_file(
          scope.Path("signing_key_file", "", "Keys that identity tokens are signed with; empty: made in the data directory.")),
      session_keyring_file(
          scope.Path("session_keyring_file", "", "Keys that session cookies are sealed with; empty: made in the data directory.")),
      targets(Targets(scope)),
      max_upstream_calls(
          scope.Number("max_upstream_calls", 2000, 1, 1'000'000, "Calls to one service under way at once; more are refused.")),
      access_log(scope.Bool("access_log", true, "Whether each request is logged.")) {}

absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view text) {
  const auto wrong = [&] {
    return status::InvalidField("http_listen", absl::StrCat(AbslView(text), " is not address:port"));
  };
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong();
  ListenAddress listen;
  uint32_t port = 0;
  if (!absl::SimpleAtoi(AbslView(text.substr(colon + 1)), &port) || port > 65535) return wrong();
  listen.port = static_cast<uint16_t>(port);
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  listen.address = host.empty() ? "0.0.0.0" : host == "localhost" ? "127.0.0.1" : std::string(host);
  in_addr v4;
  in6_addr v6;
  if (inet_pton(AF_INET, listen.address.c_str(), &v4) == 1) {
    listen.loopback = (ntohl(v4.s_addr) >> 24) == 127;
  } else if (inet_pton(AF_INET6, listen.address.c_str(), &v6) == 1) {
    listen.loopback = IN6_IS_ADDR_LOOPBACK(&v6);
  } else {
    return wrong();
  }
  return listen;
}

bool ListensOnLoopback(std::string_view listen) {
  const absl::StatusOr<ListenAddress> parsed = ParseListenAddress(listen);
  return parsed.ok() && (parsed->address == "0.0.0.0" || parsed->address == "::" || (parsed->loopback && parsed->address != "::1"));
}

absl::StatusOr<std::map<std::string, size_t>> ParseBodyLimits(const std::vector<std::string>& entries) {
  std::map<std::string, size_t> limits;
  for (const std::string& entry : entries) {
    const size_t equals = entry.find('=');
    uint64_t bytes = 0;
    if (equals == std::string::npos || equals == 0 || !absl::SimpleAtoi(entry.substr(equals + 1), &bytes) ||
        bytes > 1024 * kMegabyte) {
      return status::InvalidField("body_limit_for", absl::StrCat(entry, " is not package.Service.Method=bytes"));
    }
    limits[entry.substr(0, equals)] = bytes;
  }
  return limits;
}

}  // namespace fivestrand::gateway
