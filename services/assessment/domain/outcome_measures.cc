#include "services/assessment/domain/outcome_measures.h"

namespace fivestrand::assessment::domain {
namespace {

using evidence::MeasureDefinition;

constexpr MeasureDefinition kMeasures[] = {
    {.measure = "outcomes.combined",
     .element = "outcomes",
     .element_number = "5.1",
     .element_title = "Relentless focus on outcomes for every child",
     .title = "At the expected standard in all core subjects",
     .unit = evidence::v1::SHARE,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 0.65,
     .amber = 0.6,
     .red = 0.5,
     .formula =
         "Pupils at the expected standard or above in every core subject that their year group was assessed in, of those with a "
         "result that counts in any of them. Absent pupils count, those who have left do not.",
     .period_kind = evidence::v1::ASSESSMENT_WINDOW,
     .delta = 0.03,
     .lag_periods = 1},
    {.measure = "outcomes.at-expected",
     .element = "outcomes",
     .element_number = "5.1",
     .element_title = "Relentless focus on outcomes for every child",
     .title = "At the expected standard",
     .unit = evidence::v1::SHARE,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 0.75,
     .amber = 0.7,
     .red = 0.6,
     .formula =
         "Results at the expected standard or above, of those that count, in the core subjects together and in each subject.",
     .period_kind = evidence::v1::ASSESSMENT_WINDOW,
     .delta = 0.03,
     .lag_periods = 1},
    {.measure = "outcomes.progress",
     .element = "outcomes",
     .element_number = "5.1",
     .element_title = "Relentless focus on outcomes for every child",
     .title = "Progress from the baseline",
     .unit = evidence::v1::PERCENTAGE_POINTS,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 5,
     .amber = 0,
     .red = -3,
     .formula =
         "Share at the expected standard in the core subjects now, less the share in the baseline window of the same academic "
         "year, in percentage points.",
     .period_kind = evidence::v1::ASSESSMENT_WINDOW,
     .delta = 2,
     .lag_periods = 1},
    {.measure = "assessment-tracking.on-time",
     .element = "assessment-tracking",
     .element_number = "5.3",
     .element_title = "Trust assessment, monitoring and tracking system",
     .title = "Results entered on time",
     .unit = evidence::v1::SHARE,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 0.98,
     .amber = 0.95,
     .red = 0.85,
     .formula =
         "Results that were there by the end of the window's last day, of one for each pupil on roll that day in each subject that "
         "the window assesses in the pupil's year group. Only of windows that are over.",
     .period_kind = evidence::v1::ASSESSMENT_WINDOW,
     .delta = 0.03},
    {.measure = "pupil-groups.gap",
     .element = "pupil-groups",
     .element_number = "5.6",
     .element_title = "Focus on all learners and disadvantaged, SEND, LAC, most able",
     .title = "Gap at the expected standard",
     .unit = evidence::v1::PERCENTAGE_POINTS,
     .direction = evidence::v1::ZERO_IS_BETTER,
     .target = 5,
     .amber = 12,
     .red = 20,
     .formula =
         "Share of the group at the expected standard in the core subjects, or in one subject, less that of the pupils of the same "
         "school who are not in it, in percentage points. Groups count as they were on the window's last day.",
     .period_kind = evidence::v1::ASSESSMENT_WINDOW,
     .delta = 2,
     .lag_periods = 1},
    {.measure = "pupil-groups.most-able-higher",
     .element = "pupil-groups",
     .element_number = "5.6",
     .element_title = "Focus on all learners and disadvantaged, SEND, LAC, most able",
     .title = "Most able at the higher standard",
     .unit = evidence::v1::SHARE,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 0.7,
     .amber = 0.6,
     .red = 0.45,
     .formula =
         "Results of the most able at the higher standard, of those that count, in the core subjects. Not a gap: the most able are "
         "ahead of the others by what they are.",
     .period_kind = evidence::v1::ASSESSMENT_WINDOW,
     .delta = 0.03,
     .lag_periods = 1},
};

}  // namespace

absl::Span<const MeasureDefinition> OutcomeMeasures() {
  return kMeasures;
}

}  // namespace fivestrand::assessment::domain
