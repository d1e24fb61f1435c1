#include "services/assessment/domain/compiled_scale.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "fivestrand/assessment/v1/framework.pb.h"

#include "platform/status/views.h"

namespace fivestrand::assessment::domain {
namespace {

constexpr std::int64_t kMaxThousandths = 1'000'000'000'000;
constexpr std::size_t kMaxShownCodes = 30;
constexpr std::size_t kMaxText = 40;

std::string_view Trim(std::string_view text) {
  return StdView(absl::StripAsciiWhitespace(AbslView(text)));
}

}  // namespace

std::optional<std::int64_t> ParseThousandths(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  std::int64_t value = 0;
  int decimals = -1;
  bool digit = false;
  for (const char c : text) {
    if (c == '.' && decimals < 0) {
      decimals = 0;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    digit = true;
    if (decimals >= 3) {
      if (c != '0') return std::nullopt;
      continue;
    }
    if (decimals >= 0) ++decimals;
    value = value * 10 + (c - '0');
    if (value > kMaxThousandths) return std::nullopt;
  }
  if (!digit) return std::nullopt;
  for (int i = std::max(decimals, 0); i < 3; ++i) value *= 10;
  if (value > kMaxThousandths) return std::nullopt;
  return negative ? -value : value;
}

std::string WriteThousandths(std::int64_t value) {
  const std::int64_t size = value < 0 ? -value : value;
  std::string text = absl::StrCat(value < 0 ? "-" : "", size / 1000);
  if (std::int64_t rest = size % 1000; rest != 0) {
    std::string digits = absl::StrCat(rest + 1000).substr(1);
    while (digits.back() == '0') digits.pop_back();
    absl::StrAppend(&text, ".", digits);
  }
  return text;
}

CompiledScale::CompiledScale(const v1::Scale& scale)
    : numeric_(scale.kind() == v1::Scale::NUMERIC),
      minimum_(scale.minimum_thousandths()),
      maximum_(scale.maximum_thousandths()),
      step_(scale.step_thousandths() == 0 ? 1000 : scale.step_thousandths()) {
  if (scale.has_standard_thousandths()) standard_ = scale.standard_thousandths();
  if (scale.has_higher_standard_thousandths()) higher_standard_ = scale.higher_standard_thousandths();
  std::string inside, outside;
  std::size_t shown = 0;
  for (const v1::Scale::Code& code : scale.codes()) {
    Code made;
    made.text = code.code();
    made.outcome.code = code.number();
    if (code.has_points_thousandths() && !code.outside()) made.outcome.value = code.points_thousandths();
    made.standing.counts = !code.outside() || code.counts_in_denominator();
    made.standing.at_standard = code.at_standard() || code.at_higher_standard();
    made.standing.at_higher_standard = code.at_higher_standard();
    made.standing.rank = code.outside() ? 0 : code.rank();
    by_text_.emplace(absl::AsciiStrToUpper(code.code()), codes_.size());
    by_number_.emplace(code.number(), codes_.size());
    codes_.push_back(std::move(made));
    if (++shown > kMaxShownCodes) continue;
    std::string& list = code.outside() ? outside : inside;
    absl::StrAppend(&list, list.empty() ? "" : ", ", code.code());
  }
  if (shown > kMaxShownCodes) absl::StrAppend(outside.empty() ? &inside : &outside, ", ...");
  if (numeric_) {
    expected_ = absl::StrCat("must be a number from ", WriteThousandths(minimum_), " to ", WriteThousandths(maximum_));
    if (step_ != 1000) absl::StrAppend(&expected_, " in steps of ", WriteThousandths(step_));
    if (!outside.empty()) absl::StrAppend(&expected_, ", or one of ", outside);
  } else {
    expected_ = absl::StrCat("must be one of ", inside, inside.empty() || outside.empty() ? "" : ", ", outside);
  }
}

std::optional<Outcome> CompiledScale::FindCode(std::string_view text) const {
  char upper[kMaxText];
  for (std::size_t i = 0; i < text.size(); ++i) upper[i] = absl::ascii_toupper(static_cast<unsigned char>(text[i]));
  const auto found = by_text_.find(absl::string_view(upper, text.size()));
  if (found == by_text_.end()) return std::nullopt;
  return codes_[found->second].outcome;
}

std::optional<Outcome> CompiledScale::Parse(std::string_view text) const {
  text = Trim(text);
  if (text.empty() || text.size() > kMaxText) return std::nullopt;
  if (std::optional<Outcome> code = FindCode(text)) return code;
  const std::optional<std::int64_t> number = ParseThousandths(text);
  if (!number) return std::nullopt;
  if (!numeric_) {
    // A code of digits that went through a spreadsheet: `1.0`, `07`.
    return *number % 1000 == 0 && *number >= 0 ? FindCode(absl::StrCat(*number / 1000)) : std::nullopt;
  }
  if (*number < minimum_ || *number > maximum_ || (*number - minimum_) % step_ != 0) return std::nullopt;
  return Outcome{.code = 0, .value = *number};
}

std::string CompiledScale::Write(const Outcome& outcome) const {
  if (outcome.code == 0) return outcome.value == kNoValue ? std::string() : WriteThousandths(outcome.value);
  const auto found = by_number_.find(outcome.code);
  return found == by_number_.end() ? std::string() : codes_[found->second].text;
}

Standing CompiledScale::StandingOf(const Outcome& outcome) const {
  if (outcome.code != 0) {
    const auto found = by_number_.find(outcome.code);
    return found == by_number_.end() ? Standing() : codes_[found->second].standing;
  }
  if (outcome.value == kNoValue) return {};
  Standing standing;
  standing.counts = true;
  standing.at_higher_standard = higher_standard_ && outcome.value >= *higher_standard_;
  standing.at_standard = standing.at_higher_standard || (standard_ && outcome.value >= *standard_);
  standing.rank = outcome.value;
  return standing;
}

}  // namespace fivestrand::assessment::domain
