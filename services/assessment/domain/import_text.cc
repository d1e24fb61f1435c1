#include "services/assessment/domain/import_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"

#include "platform/status/views.h"

namespace fivestrand::assessment::domain {
namespace {

// Day 0 of spreadsheets. They count a 29 February 1900 that never was, so this is right from March 1900 on.
constexpr absl::CivilDay kSpreadsheetEpoch(1899, 12, 30);
// 1920 to 2120: what a date of a school can be.
constexpr std::int64_t kFirstSerial = 7306, kLastSerial = 80720;

constexpr std::string_view kMonths[] = {"january", "february", "march",     "april",   "may",      "june",
                                        "july",    "august",   "september", "october", "november", "december"};

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

int Number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

std::string Lower(std::string_view text) {
  return absl::AsciiStrToLower(AbslView(text));
}

std::optional<absl::CivilDay> Day(int year, int month, int day) {
  if (year < 1900 || year > 2200 || month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  const absl::CivilDay made(year, month, day);
  // Civil days carry 31 June over to 1 July.
  return made.month() == month && made.day() == day ? std::optional(made) : std::nullopt;
}

// A month by its name or the first three letters of it; 0 when it is none.
int MonthOf(std::string_view text) {
  const std::string lower = Lower(text);
  for (std::size_t i = 0; i < std::size(kMonths); ++i) {
    if (lower == kMonths[i] || lower == kMonths[i].substr(0, 3) || (i == 8 && lower == "sept")) return static_cast<int>(i) + 1;
  }
  return 0;
}

std::optional<absl::CivilDay> FromSerial(std::string_view text) {
  std::string_view whole = text.substr(0, text.find('.'));
  if (whole.size() < text.size()) {
    const std::string_view fraction = text.substr(whole.size() + 1);
    if (!AllDigits(fraction)) return std::nullopt;
  }
  if (!AllDigits(whole) || whole.size() > 5) return std::nullopt;
  const std::int64_t serial = Number(whole);
  if (serial < kFirstSerial || serial > kLastSerial) return std::nullopt;
  return kSpreadsheetEpoch + serial;
}

// Cuts off ` 00:00:00`, `T00:00`, ` 12:00 AM`.
std::string_view WithoutTime(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return text;
  const std::size_t cut = text.find_last_of(" T", colon);
  return cut == std::string_view::npos ? text : text.substr(0, cut);
}

template <typename Value, std::size_t N>
std::optional<Value> Find(const std::pair<std::string_view, Value> (&names)[N], std::string_view text) {
  const std::string lower = Lower(TrimCell(text));
  for (const auto& [name, value] : names) {
    if (name == lower) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view TrimCell(std::string_view cell) {
  // U+00A0 too, which web pages and information systems put where a space belongs.
  constexpr std::string_view kHardSpace = "\xC2\xA0";
  const auto trim = [&] {
    for (std::size_t before = cell.size() + 1; cell.size() < before;) {
      before = cell.size();
      cell = StdView(absl::StripAsciiWhitespace(AbslView(cell)));
      if (cell.starts_with(kHardSpace)) cell.remove_prefix(kHardSpace.size());
      if (cell.ends_with(kHardSpace)) cell.remove_suffix(kHardSpace.size());
    }
  };
  trim();
  if (!cell.starts_with('\'')) return cell;
  cell.remove_prefix(1);
  trim();
  return cell;
}

std::string NormalText(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (!absl::ascii_isalnum(byte) && byte < 0x80) continue;
    if (c == '0' && out.empty()) continue;
    out.push_back(absl::ascii_tolower(byte));
  }
  return out;
}

std::optional<absl::CivilDay> ParseDate(std::string_view text, bool day_first) {
  text = TrimCell(text);
  if (text.empty() || text.size() > 40) return std::nullopt;
  if (auto serial = FromSerial(text)) return serial;
  text = WithoutTime(text);
  std::array<std::string_view, 3> parts;
  std::size_t count = 0, at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find_first_of("/-. ", at), text.size());
    if (end > at) {
      if (count == parts.size()) return std::nullopt;
      parts[count++] = text.substr(at, end - at);
    }
    at = end + 1;
  }
  if (count != 3) return std::nullopt;
  if (parts[0].size() == 4 && AllDigits(parts[0]) && AllDigits(parts[1]) && AllDigits(parts[2]) && parts[1].size() <= 2 &&
      parts[2].size() <= 2)
    return Day(Number(parts[0]), Number(parts[1]), Number(parts[2]));
  // Two digits of a year could mean two centuries, so they mean nothing.
  if (parts[2].size() != 4 || !AllDigits(parts[2])) return std::nullopt;
  const int year = Number(parts[2]);
  if (!AllDigits(parts[1])) {
    return AllDigits(parts[0]) && parts[0].size() <= 2 ? Day(year, MonthOf(parts[1]), Number(parts[0])) : std::nullopt;
  }
  if (!AllDigits(parts[0]) || parts[0].size() > 2 || parts[1].size() > 2) return std::nullopt;
  const int first = Number(parts[0]), second = Number(parts[1]);
  return day_first ? Day(year, second, first) : Day(year, first, second);
}

type::v1::YearGroup ParseYearGroup(std::string_view text) {
  std::string lower;
  for (const char c : TrimCell(text)) {
    if (c != ' ' && c != '.') lower.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
  }
  if (lower == "r" || lower == "reception" || lower == "yr" || lower == "yearr") return type::v1::YEAR_GROUP_R;
  if (lower == "n1" || lower == "nursery1") return type::v1::YEAR_GROUP_N1;
  if (lower == "n2" || lower == "nursery2") return type::v1::YEAR_GROUP_N2;
  std::string_view rest = lower;
  for (const std::string_view prefix : {"year", "yr", "y"}) {
    if (rest.starts_with(prefix)) {
      rest.remove_prefix(prefix.size());
      break;
    }
  }
  if (!AllDigits(rest) || rest.size() > 2) return type::v1::YEAR_GROUP_UNSPECIFIED;
  const int year = Number(rest);
  if (year < 1 || year > 13) return type::v1::YEAR_GROUP_UNSPECIFIED;
  return static_cast<type::v1::YearGroup>(type::v1::YEAR_GROUP_1 + year - 1);
}

std::optional<v1::Pupil::Sex> ParseSex(std::string_view text) {
  static constexpr std::pair<std::string_view, v1::Pupil::Sex> kNames[] = {
      {"f", v1::Pupil::FEMALE}, {"female", v1::Pupil::FEMALE}, {"girl", v1::Pupil::FEMALE},
      {"m", v1::Pupil::MALE},   {"male", v1::Pupil::MALE},     {"boy", v1::Pupil::MALE}};
  return Find(kNames, text);
}

std::optional<v1::Pupil::PriorAttainment> ParsePriorAttainment(std::string_view text) {
  static constexpr std::pair<std::string_view, v1::Pupil::PriorAttainment> kNames[] = {
      {"low", v1::Pupil::LOW},  {"l", v1::Pupil::LOW},      {"lower", v1::Pupil::LOW},     {"middle", v1::Pupil::MIDDLE},
      {"m", v1::Pupil::MIDDLE}, {"mid", v1::Pupil::MIDDLE}, {"medium", v1::Pupil::MIDDLE}, {"high", v1::Pupil::HIGH},
      {"h", v1::Pupil::HIGH},   {"higher", v1::Pupil::HIGH}};
  return Find(kNames, text);
}

std::optional<bool> ParseYesNo(std::string_view text) {
  static constexpr std::pair<std::string_view, bool> kNames[] = {{"yes", true},    {"y", true},  {"true", true}, {"t", true},
                                                                 {"1", true},      {"x", true},  {"no", false},  {"n", false},
                                                                 {"false", false}, {"f", false}, {"0", false}};
  return Find(kNames, text);
}

}  // namespace fivestrand::assessment::domain
