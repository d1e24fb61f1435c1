#include "services/assessment/domain/upn.h"

#include <cstddef>

#include "absl/strings/ascii.h"

namespace fivestrand::assessment::domain {
namespace {

// Without I, O and S, which read as digits.
constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRTUVWXYZ";
constexpr std::size_t kLength = 13;
// Numbers of local authorities begin here.
constexpr int kLowestAuthority = 201;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::string NormalUpn(std::string_view text) {
  std::string upn;
  for (const char c : text) {
    if (!absl::ascii_isspace(static_cast<unsigned char>(c))) upn.push_back(absl::ascii_toupper(static_cast<unsigned char>(c)));
  }
  return upn;
}

char UpnCheckLetter(std::string_view last_twelve) {
  if (last_twelve.size() != kLength - 1) return 0;
  std::size_t sum = 0;
  for (std::size_t i = 0; i < last_twelve.size(); ++i) {
    std::size_t value = 0;
    if (IsDigit(last_twelve[i])) {
      value = static_cast<std::size_t>(last_twelve[i] - '0');
    } else if (i + 1 == last_twelve.size() && kLetters.find(last_twelve[i]) != std::string_view::npos) {
      value = kLetters.find(last_twelve[i]);
    } else {
      return 0;
    }
    // Positions count from 1, and the letter itself stands at 1.
    sum += value * (i + 2);
  }
  return kLetters[sum % kLetters.size()];
}

std::string_view UpnFault(std::string_view upn) {
  if (upn.size() != kLength) return "must have 13 characters";
  if (kLetters.find(upn[0]) == std::string_view::npos) return "must begin with a letter other than I, O and S";
  const char expected = UpnCheckLetter(upn.substr(1));
  if (expected == 0) return "must have digits after its letter; only the last character may be a letter, but not I, O or S";
  const int authority = (upn[1] - '0') * 100 + (upn[2] - '0') * 10 + (upn[3] - '0');
  if (authority < kLowestAuthority) return "must have the number of a local authority after its letter";
  if (expected != upn[0]) return "must have the check letter that its digits ask for; is one of them mistyped?";
  return {};
}

}  // namespace fivestrand::assessment::domain
