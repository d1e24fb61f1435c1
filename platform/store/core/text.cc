#include "platform/store/core/text.h"

#include <cstdint>
#include <cstring>

#include "platform/status/status.h"

namespace fivestrand::store {
namespace {

// Length of the well-formed multi-byte sequence at `p` (Unicode table 3-7), 0 when there is none.
std::size_t SequenceLength(const unsigned char* p, std::size_t left) {
  auto tail = [&](std::size_t i) {
    return i < left && p[i] >= 0x80 && p[i] <= 0xBF;
  };
  auto between = [&](unsigned char low, unsigned char high) {
    return left > 1 && p[1] >= low && p[1] <= high;
  };
  const unsigned char c = p[0];
  if (c >= 0xC2 && c <= 0xDF) return tail(1) ? 2 : 0;
  if (c >= 0xE0 && c <= 0xEF) {
    const bool second = c == 0xE0 ? between(0xA0, 0xBF) : c == 0xED ? between(0x80, 0x9F) : between(0x80, 0xBF);
    return second && tail(2) ? 3 : 0;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    const bool second = c == 0xF0 ? between(0x90, 0xBF) : c == 0xF4 ? between(0x80, 0x8F) : between(0x80, 0xBF);
    return second && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool IsStorableText(std::string_view text) {
  if (text.empty()) return true;
  if (std::memchr(text.data(), 0, text.size()) != nullptr) return false;
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t left = text.size();
  while (left > 0) {
    std::uint64_t word;
    if (left >= sizeof word) {
      std::memcpy(&word, p, sizeof word);
      if ((word & 0x8080808080808080u) == 0) {
        p += sizeof word;
        left -= sizeof word;
        continue;
      }
    }
    const std::size_t length = *p < 0x80 ? 1 : SequenceLength(p, left);
    if (length == 0) return false;
    p += length;
    left -= length;
  }
  return true;
}

absl::Status CheckParams(Params params) {
  for (const Param& param : params) {
    if (param.kind() == Param::Kind::kText && !IsStorableText(param.bytes())) {
      return status::InvalidField("text", "must be UTF-8 without NUL bytes");
    }
  }
  return absl::OkStatus();
}

}  // namespace fivestrand::store
