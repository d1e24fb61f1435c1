// The options of the gateway.
#ifndef FIVESTRAND_GATEWAY_SRC_APP_GATEWAY_CONFIG_H_
#define FIVESTRAND_GATEWAY_SRC_APP_GATEWAY_CONFIG_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

#include "platform/app/config.h"

namespace fivestrand::gateway {

// The record services, leadership first: it says who people are.
inline constexpr std::string_view kServices[] = {"leadership", "assessment", "cpd", "welfare"};

struct GatewayConfig {
  explicit GatewayConfig(app::ConfigScope& scope);

  app::Value<std::string> http_listen;
  app::Value<int64_t> http_threads;
  app::Value<std::string> http_tls_cert_file, http_tls_key_file;
  app::Value<int64_t> max_connections;
  app::Value<int64_t> body_limit;
  app::Value<std::vector<std::string>> body_limit_for;
  app::Value<int64_t> upload_limit;
  app::Value<std::vector<std::string>> allowed_origins;
  app::Value<std::string> portal_dir;
  app::Value<bool> demo;
  app::Value<std::string> signing_key_file, session_keyring_file;
  // In the order of kServices.
  std::vector<app::Value<std::string>> targets;
  app::Value<int64_t> max_upstream_calls;
  app::Value<bool> access_log;
};

struct ListenAddress {
  std::string address;  // numeric
  uint16_t port = 0;
  bool loopback = false;
};

// "127.0.0.1:8080", "[::1]:8080", "localhost:8080", or ":8080" for every address.
absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view text);

// Whether a server with this listen address can be reached at 127.0.0.1.
bool ListensOnLoopback(std::string_view listen);

// "package.Service.Method=bytes" entries.
absl::StatusOr<std::map<std::string, size_t>> ParseBodyLimits(const std::vector<std::string>& entries);

}  // namespace fivestrand::gateway

#endif  // FIVESTRAND_GATEWAY_SRC_APP_GATEWAY_CONFIG_H_
