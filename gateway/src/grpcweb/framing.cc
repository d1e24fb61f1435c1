#include "gateway/src/grpcweb/framing.h"

#include <charconv>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/status.pb.h"

#include "platform/status/rpc_status.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::gateway::grpcweb {
namespace {

constexpr char kTrailersFlag = static_cast<char>(0x80);

void AppendFrameHeader(char flag, size_t size, std::string* out) {
  const char header[kFrameHeader] = {flag, static_cast<char>(size >> 24), static_cast<char>(size >> 16),
                                     static_cast<char>(size >> 8), static_cast<char>(size)};
  out->append(header, sizeof header);
}

// gRPC's percent-encoding of grpc-message: space to tilde stay, but '%'.
std::string EncodeMessage(std::string_view message) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : message) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F && c != '%') {
      out.push_back(c);
    } else {
      out.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
  }
  return out;
}

int Base64Value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

}  // namespace

std::optional<Encoding> ParseContentType(std::string_view content_type) {
  const auto type = absl::StripAsciiWhitespace(AbslView(content_type.substr(0, content_type.find(';'))));
  const auto is = [&](absl::string_view name) {
    return absl::EqualsIgnoreCase(type, name);
  };
  if (is("application/grpc-web+proto") || is("application/grpc-web")) return Encoding::kBinary;
  if (is("application/grpc-web-text+proto") || is("application/grpc-web-text")) return Encoding::kText;
  return std::nullopt;
}

std::string_view ContentTypeOf(Encoding encoding) {
  return encoding == Encoding::kBinary ? "application/grpc-web+proto" : "application/grpc-web-text+proto";
}

absl::StatusOr<size_t> FindMessage(std::string_view body) {
  const auto malformed = [](std::string_view why) {
    return status::Invalid(status::Reason::kMalformedBody, "body", why);
  };
  if (body.size() < kFrameHeader) return malformed("holds no message frame");
  if (body[0] != 0)
    return malformed(body[0] == 1 ? "is compressed, which is not taken here" : "begins with a frame that is no message");
  size_t size = 0;
  for (size_t i = 1; i < kFrameHeader; ++i) size = size << 8 | static_cast<unsigned char>(body[i]);
  if (size != body.size() - kFrameHeader) return malformed("is not exactly one message frame");
  return kFrameHeader;
}

std::optional<std::string> DecodeText(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3);
  uint32_t bits = 0;
  int digits = 0, padding = 0;
  for (const char c : text) {
    if (c == '\r' || c == '\n') continue;
    if (c == '=') {
      ++padding;
      if (digits + padding < 4) continue;
    } else {
      const int value = Base64Value(c);
      if (value < 0 || padding > 0) return std::nullopt;
      bits = bits << 6 | static_cast<uint32_t>(value);
      if (++digits < 4) continue;
    }
    // Four characters: three bytes, less one for each padding.
    if (padding > 2) return std::nullopt;
    bits <<= 6 * padding;
    if (padding > 0 && (bits & ((1u << (8 * padding)) - 1)) != 0) return std::nullopt;
    out.push_back(static_cast<char>(bits >> 16));
    if (padding < 2) out.push_back(static_cast<char>(bits >> 8));
    if (padding < 1) out.push_back(static_cast<char>(bits));
    bits = 0;
    digits = padding = 0;
  }
  // The last piece may leave its padding away.
  if (padding > 0 || digits == 1) return std::nullopt;
  if (digits > 0) {
    bits <<= 6 * (4 - digits);
    out.push_back(static_cast<char>(bits >> 16));
    if (digits == 3) out.push_back(static_cast<char>(bits >> 8));
  }
  return out;
}

void AppendMessageHeader(size_t size, std::string* out) {
  AppendFrameHeader(0, size, out);
}

void AppendTrailers(const absl::Status& status, std::string_view request_id,
                    const std::vector<std::pair<std::string, std::string>>& trailing, std::string* out) {
  std::string lines;
  if (status.ok()) {
    lines = "grpc-status: 0\r\n";
  } else {
    google::rpc::Status rpc;
    status::ToRpcStatus(status, request_id, &rpc);
    absl::StrAppend(&lines, "grpc-status: ", rpc.code(), "\r\ngrpc-message: ", EncodeMessage(rpc.message()),
                    "\r\ngrpc-status-details-bin: ", absl::Base64Escape(rpc.SerializeAsString()), "\r\n");
  }
  for (const auto& [key, value] : trailing) absl::StrAppend(&lines, key, ": ", HeaderValue(key, value), "\r\n");
  AppendFrameHeader(kTrailersFlag, lines.size(), out);
  out->append(lines);
}

std::string Encode(Encoding encoding, std::string frames) {
  return encoding == Encoding::kBinary ? std::move(frames) : absl::Base64Escape(frames);
}

std::optional<absl::Duration> ParseTimeout(std::string_view text) {
  int64_t amount = 0;
  if (text.size() < 2 || text.size() > 9) return std::nullopt;
  const auto result = std::from_chars(text.data(), text.data() + text.size() - 1, amount);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size() - 1 || amount < 0) return std::nullopt;
  switch (text.back()) {
    case 'H':
      return absl::Hours(amount);
    case 'M':
      return absl::Minutes(amount);
    case 'S':
      return absl::Seconds(amount);
    case 'm':
      return absl::Milliseconds(amount);
    case 'u':
      return absl::Microseconds(amount);
    case 'n':
      return absl::Nanoseconds(amount);
    default:
      return std::nullopt;
  }
}

std::string HeaderValue(std::string_view key, std::string_view value) {
  return key.ends_with("-bin") ? absl::Base64Escape(AbslView(value)) : std::string(value);
}

}  // namespace fivestrand::gateway::grpcweb
