#include "gateway/src/transcode/json_text.h"

#include <charconv>
#include <cmath>
#include <cstring>

#include "absl/strings/escaping.h"

#include "platform/status/views.h"

namespace fivestrand::gateway::transcode {
namespace {

template <class T>
void AppendReal(T value, std::string* out) {
  if (std::isnan(value)) {
    out->append("\"NaN\"");
  } else if (std::isinf(value)) {
    out->append(value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
  } else {
    char buffer[64];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value);
    out->append(buffer, end.ptr);
  }
}

template <class T>
void AppendInteger(T value, std::string* out) {
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value);
  out->append(buffer, end.ptr);
}

}  // namespace

void AppendJsonDouble(double value, std::string* out) {
  AppendReal(value, out);
}
void AppendJsonFloat(float value, std::string* out) {
  AppendReal(value, out);
}

void AppendJsonBytes(std::string_view bytes, std::string* out) {
  out->push_back('"');
  out->append(absl::Base64Escape(AbslView(bytes)));
  out->push_back('"');
}

void AppendInt(int64_t value, std::string* out) {
  AppendInteger(value, out);
}
void AppendUint(uint64_t value, std::string* out) {
  AppendInteger(value, out);
}

void AppendUtf8(uint32_t c, std::string* out) {
  const auto push = [&](uint32_t byte) {
    out->push_back(static_cast<char>(byte));
  };
  if (c < 0x80) {
    push(c);
  } else if (c < 0x800) {
    push(0xC0 | (c >> 6));
    push(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    push(0xE0 | (c >> 12));
    push(0x80 | ((c >> 6) & 0x3F));
    push(0x80 | (c & 0x3F));
  } else {
    push(0xF0 | (c >> 18));
    push(0x80 | ((c >> 12) & 0x3F));
    push(0x80 | ((c >> 6) & 0x3F));
    push(0x80 | (c & 0x3F));
  }
}

}  // namespace fivestrand::gateway::transcode
