#include "gateway/src/transcode/well_known.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"

#include "platform/status/views.h"

namespace fivestrand::gateway::transcode {
namespace {

constexpr int64_t kFirstSecond = -62135596800;  // 0001-01-01T00:00:00Z
constexpr int64_t kLastSecond = 253402300799;   // 9999-12-31T23:59:59Z
constexpr int64_t kLongestDuration = 315576000000;
constexpr int32_t kNanosPerSecond = 1'000'000'000;

void AppendFraction(int32_t nanos, std::string* out) {
  if (nanos == 0) return;
  char buffer[16];
  if (nanos % 1'000'000 == 0) {
    std::snprintf(buffer, sizeof buffer, ".%03d", nanos / 1'000'000);
  } else if (nanos % 1'000 == 0) {
    std::snprintf(buffer, sizeof buffer, ".%06d", nanos / 1'000);
  } else {
    std::snprintf(buffer, sizeof buffer, ".%09d", nanos);
  }
  out->append(buffer);
}

// Takes ".123" from the front of `*text`, up to nine digits.
bool TakeFraction(std::string_view* text, int32_t* nanos) {
  *nanos = 0;
  if (text->empty() || text->front() != '.') return true;
  text->remove_prefix(1);
  int digits = 0;
  while (!text->empty() && absl::ascii_isdigit(text->front())) {
    if (++digits > 9) return false;
    *nanos = *nanos * 10 + (text->front() - '0');
    text->remove_prefix(1);
  }
  if (digits == 0) return false;
  for (; digits < 9; ++digits) *nanos *= 10;
  return true;
}

bool TakeNumber(std::string_view* text, size_t digits, int* value) {
  if (text->size() < digits) return false;
  *value = 0;
  for (size_t i = 0; i < digits; ++i) {
    if (!absl::ascii_isdigit((*text)[i])) return false;
    *value = *value * 10 + ((*text)[i] - '0');
  }
  text->remove_prefix(digits);
  return true;
}

bool Take(std::string_view* text, char upper) {
  if (text->empty() || absl::ascii_toupper(text->front()) != upper) return false;
  text->remove_prefix(1);
  return true;
}

}  // namespace

WellKnown WellKnownKind(const google::protobuf::Descriptor* type) {
  const std::string& name = type->full_name();
  static constexpr std::string_view kPackage = "google.protobuf.";
  if (name.compare(0, kPackage.size(), kPackage) != 0) return WellKnown::kNone;
  const std::string_view simple = std::string_view(name).substr(kPackage.size());
  if (simple == "Timestamp") return WellKnown::kTimestamp;
  if (simple == "Duration") return WellKnown::kDuration;
  if (simple == "FieldMask") return WellKnown::kFieldMask;
  if (simple == "Struct") return WellKnown::kStruct;
  if (simple == "Value") return WellKnown::kValue;
  if (simple == "ListValue") return WellKnown::kListValue;
  if (simple == "Any") return WellKnown::kAny;
  for (std::string_view wrapper : {"DoubleValue", "FloatValue", "Int64Value", "UInt64Value", "Int32Value", "UInt32Value",
                                   "BoolValue", "StringValue", "BytesValue"}) {
    if (simple == wrapper) return WellKnown::kWrapper;
  }
  return WellKnown::kNone;
}

bool FormatTimestamp(int64_t seconds, int32_t nanos, std::string* out) {
  if (seconds < kFirstSecond || seconds > kLastSecond || nanos < 0 || nanos >= kNanosPerSecond) return false;
  int64_t days = seconds / 86400;
  int64_t rest = seconds % 86400;
  if (rest < 0) {
    rest += 86400;
    --days;
  }
  const absl::CivilDay day = absl::CivilDay(1970, 1, 1) + days;
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02dT%02d:%02d:%02d", static_cast<int>(day.year()), day.month(), day.day(),
                static_cast<int>(rest / 3600), static_cast<int>(rest / 60 % 60), static_cast<int>(rest % 60));
  out->append(buffer);
  AppendFraction(nanos, out);
  out->push_back('Z');
  return true;
}

bool ParseTimestamp(std::string_view text, int64_t* seconds, int32_t* nanos) {
  int year, month, day, hour, minute, second;
  if (!TakeNumber(&text, 4, &year) || !Take(&text, '-') || !TakeNumber(&text, 2, &month) || !Take(&text, '-') ||
      !TakeNumber(&text, 2, &day) || !Take(&text, 'T') || !TakeNumber(&text, 2, &hour) || !Take(&text, ':') ||
      !TakeNumber(&text, 2, &minute) || !Take(&text, ':') || !TakeNumber(&text, 2, &second) || !TakeFraction(&text, nanos)) {
    return false;
  }
  const absl::CivilSecond civil(year, month, day, hour, minute, second);
  // Normalisation would turn 31 February into March.
  if (year < 1 || civil.month() != month || civil.day() != day || hour > 23 || minute > 59 || second > 59) return false;
  *seconds = civil - absl::CivilSecond(1970, 1, 1);
  if (!Take(&text, 'Z')) {
    const int sign = Take(&text, '+') ? 1 : Take(&text, '-') ? -1 : 0;
    if (sign == 0 || !TakeNumber(&text, 2, &hour) || !Take(&text, ':') || !TakeNumber(&text, 2, &minute) || hour > 23 ||
        minute > 59)
      return false;
    *seconds -= sign * (hour * 3600 + minute * 60);
  }
  return text.empty() && *seconds >= kFirstSecond && *seconds <= kLastSecond;
}

bool FormatDuration(int64_t seconds, int32_t nanos, std::string* out) {
  if (std::llabs(seconds) > kLongestDuration || nanos <= -kNanosPerSecond || nanos >= kNanosPerSecond) return false;
  if ((seconds < 0 && nanos > 0) || (seconds > 0 && nanos < 0)) return false;
  if (seconds < 0 || nanos < 0) out->push_back('-');
  out->append(std::to_string(std::llabs(seconds)));
  AppendFraction(std::abs(nanos), out);
  out->push_back('s');
  return true;
}

bool ParseDuration(std::string_view text, int64_t* seconds, int32_t* nanos) {
  const bool negative = Take(&text, '-');
  if (text.empty() || !absl::ascii_isdigit(text.front())) return false;
  const auto number = std::from_chars(text.data(), text.data() + text.size(), *seconds);
  if (number.ec != std::errc()) return false;
  text.remove_prefix(number.ptr - text.data());
  if (!TakeFraction(&text, nanos) || text != "s" || *seconds > kLongestDuration) return false;
  if (negative) {
    *seconds = -*seconds;
    *nanos = -*nanos;
  }
  return true;
}

std::string PathToCamel(std::string_view path) {
  std::string camel;
  camel.reserve(path.size());
  bool up = false;
  for (char c : path) {
    if (c == '_') {
      up = true;
      continue;
    }
    camel.push_back(up ? absl::ascii_toupper(c) : c);
    up = false;
  }
  return camel;
}

std::string PathToSnake(std::string_view path) {
  std::string snake;
  snake.reserve(path.size() + 4);
  for (char c : path) {
    if (absl::ascii_isupper(c)) {
      snake.push_back('_');
      snake.push_back(absl::ascii_tolower(c));
    } else {
      snake.push_back(c);
    }
  }
  return snake;
}

}  // namespace fivestrand::gateway::transcode
