#include "gateway/src/edge/call_spec.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "google/protobuf/descriptor.h"

#include "gateway/src/grpcweb/framing.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::gateway::edge {
namespace {

constexpr size_t kMaxRequestId = 64;
constexpr size_t kMaxForwarded = 32;

// Names that speak of the way to the gateway, or that it sets itself.
bool IsOwnBusiness(absl::string_view name) {
  return absl::StartsWith(name, "x-forwarded-") || absl::StartsWith(name, "grpc-") || name == "x-real-ip" ||
         name == "x-request-id" || name == "x-timeout" || name == "x-grpc-web" || name == "x-user-agent";
}

// version-trace-parent-flags, all lower-case hexadecimal.
bool IsTraceparent(std::string_view text) {
  if (text.size() != 55 || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i == 2 || i == 35 || i == 52) continue;
    if (!absl::ascii_isxdigit(text[i]) || absl::ascii_isupper(text[i])) return false;
  }
  return text.substr(0, 2) != "ff";
}

}  // namespace

std::string_view GivenRequestId(const http::Request& request) {
  const std::string_view id = request.headers.Get("x-request-id");
  const bool good = id.size() <= kMaxRequestId && std::all_of(id.begin(), id.end(), [](char c) {
                      return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
                    });
  return good ? id : std::string_view();
}

absl::StatusOr<std::optional<absl::Duration>> GivenTimeout(const http::Request& request) {
  if (const auto grpc = request.headers.Find("grpc-timeout")) {
    const auto timeout = grpcweb::ParseTimeout(*grpc);
    if (!timeout) return status::InvalidField("grpc-timeout", "is not a timeout such as 10S");
    return timeout;
  }
  const auto text = request.headers.Find("x-timeout");
  if (!text) return std::nullopt;
  if (const auto timeout = grpcweb::ParseTimeout(*text)) return timeout;
  double seconds = 0;
  if (!absl::SimpleAtod(AbslView(*text), &seconds) || !(seconds > 0) || seconds > 1e6) {
    return status::InvalidField("X-Timeout", "is not a timeout such as 2.5 or 10S");
  }
  return absl::Seconds(seconds);
}

absl::Time DeadlineOf(std::optional<absl::Duration> timeout, const google::protobuf::MethodDescriptor& method,
                      absl::Time token_expires, absl::Time now, const Deadlines& deadlines) {
  if (method.client_streaming()) return now + std::min(timeout.value_or(deadlines.initial_upload), deadlines.max_upload);
  if (!method.server_streaming()) return now + std::min(timeout.value_or(deadlines.initial), deadlines.max);
  const absl::Time end = token_expires + absl::Seconds(5);
  return timeout ? std::min(now + *timeout, end) : end;
}

upstream::Metadata MetadataOf(const http::Request& request, const session::Credentials& credentials,
                              const std::string& request_id) {
  upstream::Metadata metadata;
  metadata.reserve(4);
  metadata.emplace_back("authorization", *credentials.authorization);
  metadata.emplace_back("x-request-id", request_id);
  size_t forwarded = 0;
  for (size_t i = 0; i < request.headers.size() && forwarded < kMaxForwarded; ++i) {
    const std::string_view raw = request.headers.name(i);
    const bool trace = raw.size() == 11 && absl::EqualsIgnoreCase(AbslView(raw), "traceparent");
    const bool custom = absl::StartsWithIgnoreCase(AbslView(raw), "x-");
    const bool binary = absl::EndsWithIgnoreCase(AbslView(raw), "-bin");
    if (!trace && !custom && !binary) continue;
    const std::string name = absl::AsciiStrToLower(AbslView(raw));
    const std::string_view value = request.headers.value(i);
    if (IsOwnBusiness(name) || (trace && !IsTraceparent(value))) continue;
    std::string decoded;
    if (binary) {
      if (!absl::Base64Unescape(AbslView(value), &decoded)) continue;
    } else if (!std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c <= 0x7E; })) {
      continue;  // Metadata holds visible characters only.
    } else {
      decoded = std::string(value);
    }
    metadata.emplace_back(name, std::move(decoded));
    ++forwarded;
  }
  return metadata;
}

}  // namespace fivestrand::gateway::edge
