// Debian's abseil is built with a string_view type of its own, which does not convert to or from std::string_view. Our headers use
// std::string_view; these two go between at the calls into abseil. Neither copies.
#ifndef FIVESTRAND_PLATFORM_STATUS_VIEWS_H_
#define FIVESTRAND_PLATFORM_STATUS_VIEWS_H_

#include <string_view>

#include "absl/strings/string_view.h"

namespace fivestrand {

inline absl::string_view AbslView(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}
inline std::string_view StdView(absl::string_view text) {
  return std::string_view(text.data(), text.size());
}

}  // namespace fivestrand

#endif  // FIVESTRAND_PLATFORM_STATUS_VIEWS_H_
