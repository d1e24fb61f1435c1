// The gRPC-Web wire format: messages and trailers in length-prefixed frames, plain or as base64 text.
#ifndef FIVESTRAND_GATEWAY_SRC_GRPCWEB_FRAMING_H_
#define FIVESTRAND_GATEWAY_SRC_GRPCWEB_FRAMING_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace fivestrand::gateway::grpcweb {

enum class Encoding { kBinary, kText };

// The encoding of a Content-Type or Accept: application/grpc-web[-text][+proto]; nullopt for anything else.
std::optional<Encoding> ParseContentType(std::string_view content_type);
std::string_view ContentTypeOf(Encoding encoding);

// Where the message of a request body begins: exactly one uncompressed message frame is allowed.
absl::StatusOr<size_t> FindMessage(std::string_view body);

// Decodes a text body: base64 in one piece or in several, each with its own padding. nullopt when it is not that.
std::optional<std::string> DecodeText(std::string_view text);

inline constexpr size_t kFrameHeader = 5;
// Appends the five bytes before a message of `size` bytes.
void AppendMessageHeader(size_t size, std::string* out);

// Appends the trailers frame with the status and, percent-encoded as gRPC wants it, its message.
void AppendTrailers(const absl::Status& status, std::string_view request_id,
                    const std::vector<std::pair<std::string, std::string>>& trailing, std::string* out);

// What goes out for one flush: the bytes as they are, or as base64 with padding.
std::string Encode(Encoding encoding, std::string frames);

// "10S", "500m" and so on; nullopt when it is no gRPC timeout.
std::optional<absl::Duration> ParseTimeout(std::string_view text);

// As a header value may hold it: raw bytes of a "-bin" key in base64.
std::string HeaderValue(std::string_view key, std::string_view value);

}  // namespace fivestrand::gateway::grpcweb

#endif  // FIVESTRAND_GATEWAY_SRC_GRPCWEB_FRAMING_H_
