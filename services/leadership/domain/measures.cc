#include "services/leadership/domain/measures.h"

#include <array>
#include <cstddef>

namespace fivestrand::leadership::domain {
namespace {

using evidence::MeasureDefinition;

constexpr std::string_view kInSchools = "leaders-in-schools";
constexpr std::string_view kInSchoolsTitle = "CEO and executive headteachers are in schools";
constexpr std::string_view kVisible = "visible-headteacher";
constexpr std::string_view kVisibleTitle = "The headteacher is visible";

constexpr std::array<MeasureDefinition, 8> kMeasures = {{
    {.measure = "leaders-in-schools.days-since-visit",
     .element = kInSchools,
     .element_number = "1.2",
     .element_title = kInSchoolsTitle,
     .title = "Days since the last visit",
     .unit = evidence::v1::DAYS,
     .direction = evidence::v1::LOWER_IS_BETTER,
     .target = 7,
     .amber = 14,
     .red = 28,
     .formula = "Calendar days from the last visit that was made to the last day of the week, or to today. Planned and cancelled "
                "visits do "
                "not count. For the trust: the longest of its open schools. Source: visits.",
     .period_kind = evidence::v1::WEEK,
     .delta = 7,
     .lag_periods = 2},
    {.measure = "leaders-in-schools.visits",
     .element = kInSchools,
     .element_number = "1.2",
     .element_title = kInSchoolsTitle,
     .title = "Visits in the half term",
     .unit = evidence::v1::COUNT,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 3,
     .amber = 3,
     .red = 1,
     .formula = "Visits by the CEO or an executive headteacher that were made in the half term. Planned and cancelled visits do "
                "not count. "
                "For the trust: the mean over its open schools. Source: visits.",
     .period_kind = evidence::v1::HALF_TERM,
     .delta = 1},
    {.measure = "leaders-in-schools.schools-seen",
     .element = kInSchools,
     .element_number = "1.2",
     .element_title = kInSchoolsTitle,
     .title = "Schools visited in the half term",
     .unit = evidence::v1::SHARE,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 1,
     .amber = 1,
     .red = 0.8,
     .formula = "Open schools in which at least one visit was made in their half term, of all open schools. Source: visits.",
     .period_kind = evidence::v1::HALF_TERM,
     .delta = 0.1},
    {.measure = "visible-headteacher.drop-in-days",
     .element = kVisible,
     .element_number = "1.3",
     .element_title = kVisibleTitle,
     .title = "School days with a drop-in",
     .unit = evidence::v1::SHARE,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 1,
     .amber = 0.8,
     .red = 0.6,
     .formula = "School days on which the holder of the headteacher's post dropped into at least one lesson, of the school days on "
                "which the "
                "post was held. Today counts once there is a drop-in, or when it is over. For the trust: days of all open schools "
                "together. "
                "Source: drop-ins, posts, calendar.",
     .period_kind = evidence::v1::WEEK,
     .delta = 0.1,
     .commitment = true,
     .lag_periods = 2},
    {.measure = "visible-headteacher.break-duty-days",
     .element = kVisible,
     .element_number = "1.3",
     .element_title = kVisibleTitle,
     .title = "School days with a break duty",
     .unit = evidence::v1::SHARE,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 1,
     .amber = 0.8,
     .red = 0.6,
     .formula =
         "School days on which the holder of the headteacher's post was on duty at break, of the school days on which the post was "
         "held. Today counts once there is a duty, or when it is over. For the trust: days of all open schools together. Source: "
         "duties, posts, calendar.",
     .period_kind = evidence::v1::WEEK,
     .delta = 0.1,
     .commitment = true,
     .lag_periods = 2},
    {.measure = "visible-headteacher.gate-days",
     .element = kVisible,
     .element_number = "1.3",
     .element_title = kVisibleTitle,
     .title = "School days out at the gate",
     .unit = evidence::v1::SHARE,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 1,
     .amber = 0.8,
     .red = 0.6,
     .formula =
         "School days on which the holder of the headteacher's post was out and about at the start or the end of the day, of the "
         "school days on which the post was held. Today counts once there is a duty, or when it is over. For the trust: days of "
         "all "
         "open schools together. Source: duties, posts, calendar.",
     .period_kind = evidence::v1::WEEK,
     .delta = 0.1,
     .commitment = true,
     .lag_periods = 2},
    {.measure = "visible-headteacher.modelled-lessons",
     .element = kVisible,
     .element_number = "1.3",
     .element_title = kVisibleTitle,
     .title = "Lessons modelled in the half term",
     .unit = evidence::v1::COUNT,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 2,
     .amber = 2,
     .red = 1,
     .formula = "Lessons that the holder of the headteacher's post taught for others to watch in the half term. For the trust: the "
                "mean over "
                "its open schools. Source: modelled lessons, posts.",
     .period_kind = evidence::v1::HALF_TERM,
     .delta = 1},
    {.measure = "visible-headteacher.class-coverage",
     .element = kVisible,
     .element_number = "1.3",
     .element_title = kVisibleTitle,
     .title = "Classes seen in the half term",
     .unit = evidence::v1::SHARE,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 1,
     .amber = 0.8,
     .red = 0.5,
     .formula =
         "Classes of the academic year that any leader dropped into in the half term, of all classes of the year. For the trust: "
         "classes of all open schools together. Source: drop-ins, classes.",
     .period_kind = evidence::v1::HALF_TERM,
     .delta = 0.1},
}};

}  // namespace

absl::Span<const MeasureDefinition> Measures() {
  return kMeasures;
}

const MeasureDefinition& DefinitionOf(MeasureId id) {
  return kMeasures[static_cast<std::size_t>(id)];
}

std::optional<MeasureId> FindMeasureId(std::string_view measure) {
  for (std::size_t i = 0; i < kMeasures.size(); ++i) {
    if (kMeasures[i].measure == measure) return static_cast<MeasureId>(i);
  }
  return std::nullopt;
}

bool IsTrustOnly(MeasureId id) {
  return id == MeasureId::kSchoolsSeen;
}

bool IsRolling(MeasureId id) {
  return id == MeasureId::kDaysSinceVisit;
}

void AddNeeds(MeasureId id, Needs& needs) {
  switch (id) {
    case MeasureId::kDaysSinceVisit:
    case MeasureId::kVisits:
    case MeasureId::kSchoolsSeen:
      needs.visits = true;
      return;
    case MeasureId::kDropInDays:
      needs.drop_ins = needs.posts = true;
      return;
    case MeasureId::kBreakDutyDays:
    case MeasureId::kGateDays:
      needs.duties = needs.posts = true;
      return;
    case MeasureId::kModelledLessons:
      needs.modelled_lessons = needs.posts = true;
      return;
    case MeasureId::kClassCoverage:
      needs.drop_ins = needs.classes = true;
      return;
  }
}

}  // namespace fivestrand::leadership::domain
