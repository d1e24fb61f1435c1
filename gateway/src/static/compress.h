// Compression of files that are served many times.
#ifndef FIVESTRAND_GATEWAY_SRC_STATIC_COMPRESS_H_
#define FIVESTRAND_GATEWAY_SRC_STATIC_COMPRESS_H_

#include <optional>
#include <string>
#include <string_view>

namespace fivestrand::gateway::files {

// nullopt when the result would not be smaller.
std::optional<std::string> Brotli(std::string_view data);
std::optional<std::string> Gzip(std::string_view data);

}  // namespace fivestrand::gateway::files

#endif  // FIVESTRAND_GATEWAY_SRC_STATIC_COMPRESS_H_
