// Paths, queries and cookies in any bytes: an escaped slash never becomes a separator, and no control character comes out.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "gateway/src/http/uri.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace http = fivestrand::gateway::http;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto decoded = http::PercentDecode(text, /*keep_slash=*/true)) {
    if (std::count(decoded->begin(), decoded->end(), '/') != std::count(text.begin(), text.end(), '/')) abort();
  }
  if (const auto decoded = http::PercentDecode(text)) {
    if (decoded->size() > text.size()) abort();
  }
  if (const auto query = http::ParseQuery(text, 50)) {
    if (query->size() > 50) abort();
  }
  if (const auto cookie = http::FindCookie(text, "session")) {
    if (cookie->data() < text.data() || cookie->data() + cookie->size() > text.data() + text.size()) abort();
  }
  return 0;
}
