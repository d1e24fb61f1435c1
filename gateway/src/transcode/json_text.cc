#include "gateway/src/transcode/json_text.h"

#include <charconv>
#include <cmath>
#include <cstring>

#include "absl/strings/escaping.h"

#include "platform/status/views.h"

namespace fivestrand::gateway::transcode {
namespace {

// Length of the well-formed sequence at `text`, or 0.
size_t SequenceLength(std::string_view text) {
  const auto byte = [&](size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  const auto continues = [&](size_t i) {
    return i < text.size() && (byte(i) & 0xC0) == 0x80;
  };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (!continues(1) || !continues(2)) return 0;
    if (first == 0xE0 && byte(1) < 0xA0) return 0;  // overlong
    if (first == 0xED && byte(1) > 0x9F) return 0;  // surrogate
    return 3;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (!continues(1) || !continues(2) || !continues(3)) return 0;
    if (first == 0xF0 && byte(1) < 0x90) return 0;
    if (first == 0xF4 && byte(1) > 0x8F) return 0;
    return 4;
  }
  return 0;
}

bool IsPlain(unsigned char c) {
  return c >= 0x20 && c != '"' && c != '\\' && c < 0x7F;
}

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

void AppendJsonString(std::string_view text, std::string* out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out->push_back('"');
  size_t at = 0;
  while (at < text.size()) {
    size_t plain = at;
    while (plain < text.size() && IsPlain(text[plain])) ++plain;
    out->append(text.data() + at, plain - at);
    at = plain;
    if (at == text.size()) break;
    const unsigned char c = text[at];
    if (c >= 0x80) {
      const size_t length = SequenceLength(text.substr(at));
      if (length == 0) {
        out->append("\xEF\xBF\xBD");
        ++at;
      } else {
        out->append(text.data() + at, length);
        at += length;
      }
      continue;
    }
    switch (c) {
      case '"':
        out->append("\\\"");
        break;
      case '\\':
        out->append("\\\\");
        break;
      case '\n':
        out->append("\\n");
        break;
      case '\r':
        out->append("\\r");
        break;
      case '\t':
        out->append("\\t");
        break;
      default:
        out->append("\\u00");
        out->push_back(kHex[c >> 4]);
        out->push_back(kHex[c & 15]);
    }
    ++at;
  }
  out->push_back('"');
}

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

bool IsValidUtf8(std::string_view text) {
  while (!text.empty()) {
    const size_t length = SequenceLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace fivestrand::gateway::transcode
