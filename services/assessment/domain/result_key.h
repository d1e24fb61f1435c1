// Results by numbers: the key that puts a trust's results, and a window's, into one range, and the row as the store has it.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_RESULT_KEY_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_RESULT_KEY_H_

#include <cstdint>
#include <limits>

namespace fivestrand::assessment::domain {

// What the numbers of a dictionary stand for. Stored; never renumbered.
enum class DictionaryKind : std::int64_t {
  kTrust = 1,
  kPupil = 2,
  kSubject = 3,
  kWindow = 4,
  kScale = 5,
  kSchool = 6,
  // Whole resource name of a person, an application, a process or an operator.
  kAuthor = 7,
};

inline constexpr int kPupilBits = 21;
inline constexpr int kScaleBits = 9;
inline constexpr int kSubjectBits = 10;
inline constexpr int kWindowBits = 12;
inline constexpr int kTrustBits = 11;
static_assert(kPupilBits + kScaleBits + kSubjectBits + kWindowBits + kTrustBits == 63, "keys are never negative");

// The highest number that each part can have.
inline constexpr std::int64_t kMaxPupilNumber = (std::int64_t{1} << kPupilBits) - 1;
inline constexpr std::int64_t kMaxScaleNumber = (std::int64_t{1} << kScaleBits) - 1;
inline constexpr std::int64_t kMaxSubjectNumber = (std::int64_t{1} << kSubjectBits) - 1;
inline constexpr std::int64_t kMaxWindowNumber = (std::int64_t{1} << kWindowBits) - 1;
inline constexpr std::int64_t kMaxTrustNumber = (std::int64_t{1} << kTrustBits) - 1;

// Numbers are from 1; 0 in Pack gives the lower end of a range.
struct ResultKey {
  std::int32_t trust = 0;
  std::int32_t window = 0;
  std::int32_t subject = 0;
  std::int32_t scale = 0;
  std::int32_t pupil = 0;

  constexpr std::int64_t Pack() const {
    std::int64_t key = trust;
    key = (key << kWindowBits) | window;
    key = (key << kSubjectBits) | subject;
    key = (key << kScaleBits) | scale;
    return (key << kPupilBits) | pupil;
  }

  static constexpr ResultKey Unpack(std::int64_t key) {
    ResultKey parts;
    parts.pupil = static_cast<std::int32_t>(key & kMaxPupilNumber);
    key >>= kPupilBits;
    parts.scale = static_cast<std::int32_t>(key & kMaxScaleNumber);
    key >>= kScaleBits;
    parts.subject = static_cast<std::int32_t>(key & kMaxSubjectNumber);
    key >>= kSubjectBits;
    parts.window = static_cast<std::int32_t>(key & kMaxWindowNumber);
    parts.trust = static_cast<std::int32_t>(key >> kWindowBits);
    return parts;
  }

  friend constexpr bool operator==(const ResultKey&, const ResultKey&) = default;
};

// First and last key, both inclusive.
struct KeyRange {
  std::int64_t first = 0;
  std::int64_t last = 0;
};
constexpr KeyRange TrustRange(std::int32_t trust) {
  const std::int64_t first = ResultKey{.trust = trust}.Pack();
  return {first, first | ((std::int64_t{1} << (63 - kTrustBits)) - 1)};
}
constexpr KeyRange WindowRange(std::int32_t trust, std::int32_t window) {
  const std::int64_t first = ResultKey{.trust = trust, .window = window}.Pack();
  return {first, first | ((std::int64_t{1} << (kPupilBits + kScaleBits + kSubjectBits)) - 1)};
}
// All pupils of one window, subject and scale.
constexpr KeyRange ColumnRange(std::int64_t key) {
  return {key & ~kMaxPupilNumber, key | kMaxPupilNumber};
}

// A row without points or number.
inline constexpr std::int64_t kNoValue = std::numeric_limits<std::int64_t>::min();

// A row of table `result`.
struct ResultRow {
  std::int64_t key = 0;
  // Number of the code of the scale, or 0 for a number.
  std::int32_t outcome = 0;
  std::int32_t school = 0;
  std::int32_t year_group = 0;
  std::int32_t author = 0;
  // Thousandths, or kNoValue.
  std::int64_t value = kNoValue;
  // Microseconds since 1970; also the revision.
  std::int64_t update_time = 0;

  // Whether both say the same, whoever said it when.
  constexpr bool SameOutcome(const ResultRow& other) const { return outcome == other.outcome && value == other.value; }
};

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_RESULT_KEY_H_
