// A scale, ready to read and write outcomes.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_COMPILED_SCALE_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_COMPILED_SCALE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "services/assessment/domain/result_key.h"

namespace fivestrand::assessment::v1 {
class Scale;
}

namespace fivestrand::assessment::domain {

// What a result says, as it is stored.
struct Outcome {
  // Number of a code, or 0 for a number.
  std::int32_t code = 0;
  // The number or the code's points in thousandths, or kNoValue.
  std::int64_t value = kNoValue;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// What an outcome means.
struct Standing {
  // Stands in the denominator of a share.
  bool counts = false;
  bool at_standard = false;
  bool at_higher_standard = false;
  // Place among the outcomes of the scale, higher is better; 0 outside it. For a number: the number in thousandths.
  std::int64_t rank = 0;
};

// Immutable; safe to share between threads.
class CompiledScale {
 public:
  explicit CompiledScale(const v1::Scale& scale);

  // Reads what people type and what spreadsheets make of it: small letters, spaces around, `104.0` for 104, `1.0` for code 1.
  // Nothing when it is not on the scale. Never empty text.
  std::optional<Outcome> Parse(std::string_view text) const;
  // `must be one of WTS, EXS, GDS`, or `must be a number from 80 to 120, or one of A, B`.
  const std::string& expected() const { return expected_; }

  // As people write it; empty for a code that the scale does not have.
  std::string Write(const Outcome& outcome) const;
  Standing StandingOf(const Outcome& outcome) const;

 private:
  struct Code {
    std::string text;
    Outcome outcome;
    Standing standing;
  };

  std::optional<Outcome> FindCode(std::string_view text) const;

  bool numeric_ = false;
  std::int64_t minimum_ = 0, maximum_ = 0, step_ = 0;
  std::optional<std::int64_t> standard_, higher_standard_;
  std::vector<Code> codes_;
  // In capitals.
  absl::flat_hash_map<std::string, std::size_t> by_text_;
  absl::flat_hash_map<std::int32_t, std::size_t> by_number_;
  std::string expected_;
};

// A decimal number in thousandths: digits with at most one sign before and one point within, nothing beyond the third decimal but
// zeros. Nothing for anything else, or beyond a thousand million.
std::optional<std::int64_t> ParseThousandths(std::string_view text);
// `104`, `12.5`, `-0.25`.
std::string WriteThousandths(std::int64_t value);

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_COMPILED_SCALE_H_
