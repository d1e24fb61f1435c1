// Hand-made facts for the tests of measures.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MEASURES_TEST_FACTS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MEASURES_TEST_FACTS_H_

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/calendar/test_calendars.h"
#include "services/leadership/domain/measures_facts.h"
#include "services/leadership/domain/measures_school.h"

namespace fivestrand::leadership::domain {

using calendar::D;

inline constexpr Key kHead = 0;
inline constexpr Key kOther = 1;

inline std::shared_ptr<const calendar::SchoolCalendar> Share(calendar::SchoolCalendar calendar) {
  return std::make_shared<const calendar::SchoolCalendar>(std::move(calendar));
}

// Two academic years, kHead has always been the headteacher.
inline SchoolFacts School(std::string name = "trusts/acorn/schools/northgate") {
  SchoolFacts facts;
  facts.name = std::move(name);
  facts.calendar = Share(calendar::TwoYears());
  facts.headteachers = {{kHead, kAlways}};
  return facts;
}

inline TrustFacts TrustOf(std::vector<SchoolFacts> schools) {
  TrustFacts facts;
  facts.trust = "trusts/acorn";
  facts.schools = std::move(schools);
  facts.people = {"trusts/acorn/people/head", "trusts/acorn/people/other"};
  return facts;
}

inline void DropIn(SchoolFacts& facts, std::initializer_list<std::string_view> days, Key leader = kHead, Key school_class = 0) {
  for (std::string_view day : days) facts.drop_ins.push_back({D(day), leader, school_class});
}

inline void OnDuty(SchoolFacts& facts, v1::Duty::Kind kind, std::initializer_list<std::string_view> days, Key leader = kHead) {
  for (std::string_view day : days) facts.duties.push_back({D(day), leader, kind});
}

inline AsOf Closed(std::string_view day) {
  return {D(day), false};
}
inline AsOf Open(std::string_view day) {
  return {D(day), true};
}

inline calendar::Period PeriodAt(const SchoolFacts& facts, std::string_view day, calendar::Cadence cadence) {
  const auto period = calendar::PeriodOf(D(day), cadence, *facts.calendar);
  if (!period) std::abort();
  return *period;
}
inline calendar::Period WeekOf(const SchoolFacts& facts, std::string_view day) {
  return PeriodAt(facts, day, calendar::Cadence::kWeekly);
}
inline calendar::Period HalfTermOf(const SchoolFacts& facts, std::string_view day) {
  return PeriodAt(facts, day, calendar::Cadence::kHalfTermly);
}

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MEASURES_TEST_FACTS_H_
