#include "services/assessment/domain/frame_names.h"

#include <algorithm>

namespace fivestrand::assessment::domain {
namespace {

constexpr std::uint8_t kFactMarks = (kPriors - 1) << kMarkBits;

struct Meaning {
  std::uint8_t marks = 0;
  std::uint8_t place = 0;
};

Meaning MeaningOf(const ResultRow& row, const ScaleName& scale) {
  Meaning meaning;
  if (row.outcome != 0) {
    const auto found = scale.codes.find(row.outcome);
    if (found != scale.codes.end()) meaning = {found->second.marks, found->second.place};
  } else if (row.value != kNoValue) {
    meaning.marks = kCounts;
    const bool expected = scale.has_standard && row.value >= scale.standard;
    const bool higher = scale.has_higher && row.value >= scale.higher_standard;
    if (expected) meaning.marks |= kExpected;
    if (higher) meaning.marks |= kHigher;
    if (scale.has_standard) meaning.place = higher ? 3 : expected ? 2 : 1;
  }
  if (row.value != kNoValue) meaning.marks |= kScored;
  return meaning;
}

// The class in which the pupil learns the subject; the one without subjects when no other does. Of several the first.
std::uint32_t ClassOf(const FrameNames& names, const PupilFacts& facts, const FrameRow& row, std::int32_t day) {
  std::uint32_t any = kNoClass, taught = kNoClass;
  for (const DatedFact& fact : facts.facts) {
    if (fact.what < kGroups || fact.start > day || fact.end < day) continue;
    const std::uint32_t number = fact.what - kGroups;
    if (number >= names.classes.size() || names.classes[number].school != row.school) continue;
    const std::vector<std::uint16_t>& subjects = names.classes[number].subjects;
    if (subjects.empty()) {
      if (any == kNoClass || number < any) any = number;
    } else if (std::binary_search(subjects.begin(), subjects.end(), row.subject)) {
      if (taught == kNoClass || number < taught) taught = number;
    }
  }
  return taught != kNoClass ? taught : any;
}

}  // namespace

std::vector<std::uint8_t> FrameNames::Phases() const {
  std::vector<std::uint8_t> phases;
  for (const SchoolName& school : schools) phases.push_back(school.phase);
  return phases;
}

void SetPupilFacts(const FrameNames& names, const PupilFacts* facts, FrameRow* row) {
  row->groups = 0;
  row->school_class = kNoClass;
  row->marks = static_cast<std::uint8_t>(row->marks & ~kFactMarks);
  if (facts == nullptr) return;
  row->marks = static_cast<std::uint8_t>(row->marks | (facts->prior & (kPriors - 1)) << kMarkBits);
  const std::int32_t day = row->window < names.windows.size() ? names.windows[row->window].end : kLastDay;
  for (const DatedFact& fact : facts->facts) {
    if (fact.what < kGroups && fact.start <= day && day <= fact.end)
      row->groups = static_cast<std::uint8_t>(row->groups | 1 << fact.what);
  }
  row->school_class = ClassOf(names, *facts, *row, day);
}

FrameRow MakeFrameRow(const ResultRow& row, const FrameNames& names, const PupilFacts* facts) {
  const ResultKey key = ResultKey::Unpack(row.key);
  FrameRow made;
  made.pupil = static_cast<std::uint32_t>(key.pupil);
  made.window = static_cast<std::uint16_t>(key.window);
  made.subject = static_cast<std::uint16_t>(key.subject);
  made.scale = static_cast<std::uint16_t>(key.scale);
  made.school = static_cast<std::uint16_t>(row.school);
  made.year = static_cast<std::uint8_t>(row.year_group);
  if (made.scale < names.scales.size()) {
    const Meaning meaning = MeaningOf(row, names.scales[made.scale]);
    made.marks = meaning.marks;
    made.outcome = meaning.place;
    if ((meaning.marks & kScored) != 0) made.score = static_cast<std::int32_t>(row.value);
  }
  SetPupilFacts(names, facts, &made);
  return made;
}

}  // namespace fivestrand::assessment::domain
