#include "services/welfare/domain/measures.h"

#include <array>

namespace fivestrand::welfare::domain {
namespace {

using evidence::MeasureDefinition;

constexpr std::string_view kWelfare = "staff-welfare";
constexpr std::string_view kWelfareTitle = "HR director supports welfare of headteachers and all staff";
constexpr std::string_view kCulture = "culture";
constexpr std::string_view kCultureTitle = "Culture is clear at executive level and in all schools";

constexpr std::array<MeasureDefinition, 8> kMeasures = {{
    {.measure = "staff-welfare.headteacher-check-ins",
     .element = kWelfare,
     .element_number = "2.6",
     .element_title = kWelfareTitle,
     .title = "Headteachers with a check-in in the half term",
     .unit = evidence::v1::SHARE,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 1,
     .amber = 0.9,
     .red = 0.7,
     .formula =
         "Headteachers in post at the end of the half term with whom a check-in was held in it, of all of them. Only for the "
         "trust, and only over five or more. Source: check-ins (dates alone), posts.",
     .period_kind = evidence::v1::HALF_TERM,
     .delta = 0.1,
     .lag_periods = 1},
    {.measure = "staff-welfare.check-ins",
     .element = kWelfare,
     .element_number = "2.6",
     .element_title = kWelfareTitle,
     .title = "Staff with a check-in in the last twelve months",
     .unit = evidence::v1::SHARE,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 0.9,
     .amber = 0.8,
     .red = 0.5,
     .formula = "Members of staff in post at the end of the term with whom a check-in was held in the twelve months before, of all "
                "of them. Only over five or more. Source: check-ins (dates alone), posts.",
     .period_kind = evidence::v1::TERM,
     .delta = 0.1,
     .lag_periods = 1},
    {.measure = "staff-welfare.follow-ups-on-time",
     .element = kWelfare,
     .element_number = "2.6",
     .element_title = kWelfareTitle,
     .title = "Follow-ups done on time",
     .unit = evidence::v1::SHARE,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 1,
     .amber = 0.9,
     .red = 0.75,
     .formula = "Follow-ups due in the half term that were done by their day, of all that were due in it and not called off. Only "
                "when they are for five or more persons. Source: follow-ups (dates alone).",
     .period_kind = evidence::v1::HALF_TERM,
     .delta = 0.1,
     .lag_periods = 1},
    {.measure = "culture.index",
     .element = kCulture,
     .element_number = "2.1",
     .element_title = kCultureTitle,
     .title = "Culture index",
     .unit = evidence::v1::POINTS,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 75,
     .amber = 65,
     .red = 50,
     .formula = "Mean agreement with the questions on culture: 0 not at all, 100 entirely; each person's mean, then the mean of "
                "those. Never over fewer answers than the survey's group size. Source: pulse surveys.",
     .period_kind = evidence::v1::SURVEY,
     .delta = 5,
     .lag_periods = 1},
    {.measure = "culture.belonging",
     .element = kCulture,
     .element_number = "2.1",
     .element_title = kCultureTitle,
     .title = "Belonging index",
     .unit = evidence::v1::POINTS,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 75,
     .amber = 65,
     .red = 50,
     .formula = "As the culture index, over the questions on belonging. Source: pulse surveys.",
     .period_kind = evidence::v1::SURVEY,
     .delta = 5,
     .lag_periods = 1},
    {.measure = "culture.workload",
     .element = kCulture,
     .element_number = "2.1",
     .element_title = kCultureTitle,
     .title = "Workload index",
     .unit = evidence::v1::POINTS,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 65,
     .amber = 55,
     .red = 40,
     .formula = "As the culture index, over the questions after the HSE's management standards (demands, control, support, "
                "relationships, role, change), turned so that more is better. Source: pulse surveys.",
     .period_kind = evidence::v1::SURVEY,
     .delta = 5,
     .lag_periods = 1},
    {.measure = "culture.spread",
     .element = kCulture,
     .element_number = "2.1",
     .element_title = kCultureTitle,
     .title = "Spread of the culture index",
     .unit = evidence::v1::POINTS,
     .direction = evidence::v1::LOWER_IS_BETTER,
     .target = 15,
     .amber = 22,
     .red = 30,
     .formula = "Standard deviation of the points that make the culture index: how far people differ. Source: pulse surveys.",
     .period_kind = evidence::v1::SURVEY,
     .delta = 5,
     .lag_periods = 1},
    {.measure = "culture.response-rate",
     .element = kCulture,
     .element_number = "2.1",
     .element_title = kCultureTitle,
     .title = "Response rate of the pulse",
     .unit = evidence::v1::SHARE,
     .direction = evidence::v1::HIGHER_IS_BETTER,
     .target = 0.8,
     .amber = 0.65,
     .red = 0.5,
     .formula =
         "Members of staff who answered, of all who were invited. Not over fewer than the survey's group size. Source: pulse "
         "surveys.",
     .period_kind = evidence::v1::SURVEY,
     .delta = 0.1,
     .lag_periods = 1},
}};

}  // namespace

absl::Span<const MeasureDefinition> Measures() {
  return kMeasures;
}

MeasureId IdOf(const MeasureDefinition& measure) {
  return static_cast<MeasureId>(&measure - kMeasures.data());
}

bool IsWelfare(MeasureId id) {
  return id <= MeasureId::kFollowUpsOnTime;
}

bool IsTrustOnly(MeasureId id) {
  return id == MeasureId::kHeadteacherCheckIns;
}

}  // namespace fivestrand::welfare::domain
