// What the numbers of a frame stand for. Immutable once built; shared by the frames that were made with it.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_NAMES_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_NAMES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "services/assessment/domain/frame.h"
#include "services/assessment/domain/result_key.h"

namespace fivestrand::assessment::domain {

// Days since 1970; the widest possible span for what has no start or end.
inline constexpr std::int32_t kFirstDay = -2'000'000'000, kLastDay = 2'000'000'000;

// What holds of a pupil from one day to another, both inclusive.
struct DatedFact {
  std::int32_t start = kFirstDay;
  std::int32_t end = kLastDay;
  // Bit of a group below kGroups; kGroups + number of a class.
  std::uint32_t what = 0;
};

struct PupilFacts {
  std::uint8_t prior = 0;
  std::vector<DatedFact> facts;
};

struct SchoolName {
  std::string name, display_name;
  std::uint8_t phase = 0;
  // Runs at present: closed and deleted schools keep their results.
  bool running = false;
};

struct SubjectName {
  std::string name, display_name;
  bool core = false;
};

struct ScaleName {
  // What the codes mean, by number of the code; a number has none.
  struct Code {
    std::uint8_t marks = 0;
    std::uint8_t place = 0;
    friend bool operator==(const Code&, const Code&) = default;
  };

  std::string name;
  bool numeric = false;
  // Results have scores: numbers, or codes with points.
  bool scored = false;
  bool has_standard = false, has_higher = false;
  std::int64_t standard = 0, higher_standard = 0;
  absl::flat_hash_map<std::int32_t, Code> codes;
  // Names of the outcomes by place, from 1; place 0 is none.
  std::vector<std::string> outcomes;

  friend bool operator==(const ScaleName&, const ScaleName&) = default;
};

struct WindowName {
  // A subject that the window assesses on a scale, in the year groups whose bit is set. Numbers are 0 while there are no results.
  struct Assessed {
    std::uint16_t subject = 0, scale = 0;
    std::uint32_t years = 0;
  };

  std::string name, display_name, academic_year;
  std::int32_t start = 0, end = 0;
  bool closed = false, baseline = false;
  std::vector<Assessed> assessed;
};

struct ClassName {
  std::string name;
  std::string academic_year;  // id
  std::uint16_t school = 0;
  // Sorted. Empty: any, as of a registration group.
  std::vector<std::uint16_t> subjects;
  // Resource names.
  std::vector<std::string> teachers;

  friend bool operator==(const ClassName&, const ClassName&) = default;
};

struct FrameNames {
  std::string trust;  // resource id
  std::int32_t trust_number = 0;
  // By number; one that the store does not have, or has no more, has an empty name.
  std::vector<SchoolName> schools;
  std::vector<SubjectName> subjects;
  std::vector<ScaleName> scales;
  std::vector<WindowName> windows;
  std::vector<ClassName> classes;  // place kNoClass is nobody's
  // Numbers by resource name.
  absl::flat_hash_map<std::string, std::uint32_t> school_numbers, subject_numbers, window_numbers, class_numbers;

  std::vector<std::uint8_t> Phases() const;
};

// The row of a frame that a stored result makes. `facts` may be null. A number that `names` has not is kept.
FrameRow MakeFrameRow(const ResultRow& row, const FrameNames& names, const PupilFacts* facts);

// What depends on dates and people alone, taken anew: prior attainment, groups, class.
void SetPupilFacts(const FrameNames& names, const PupilFacts* facts, FrameRow* row);

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_NAMES_H_
