// What the measures are computed from: dates, persons and classes out of the records, and nothing else of them.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MEASURES_FACTS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MEASURES_FACTS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "fivestrand/leadership/v1/visibility.pb.h"

#include "platform/calendar/day.h"
#include "platform/calendar/school_calendar.h"

namespace fivestrand::leadership::domain {

// From beginning to end, where no date says otherwise.
inline const calendar::DayRange kAlways{absl::CivilDay(1, 1, 1), absl::CivilDay(9999, 12, 31)};

// A person or a class: a number within one TrustFacts.
using Key = std::int32_t;

// Days are those of London. Deleted records, visits that were not made and records that begin later than now are left out.
struct DropInFact {
  absl::CivilDay day;
  Key leader = 0;
  Key school_class = 0;
};

struct DutyFact {
  absl::CivilDay day;
  Key leader = 0;
  v1::Duty::Kind kind = v1::Duty::KIND_UNSPECIFIED;
};

struct ModelledLessonFact {
  absl::CivilDay day;
  Key leader = 0;
};

// That a person holds the headteacher's post.
struct Tenure {
  Key person = 0;
  calendar::DayRange days;  // to the end of kAlways while it is held
};

struct ClassFact {
  Key school_class = 0;
  int academic_year = 0;  // the year in which it starts
};

struct SchoolFacts {
  std::string name;                                          // trusts/t/schools/s
  calendar::DayRange open = kAlways;                         // days on which it is a running school of the trust
  std::shared_ptr<const calendar::SchoolCalendar> calendar;  // never null; may plan nothing
  std::vector<Tenure> headteachers;
  // In any order. Visits also hold the last one before the span that was asked for.
  std::vector<absl::CivilDay> visits;
  std::vector<DropInFact> drop_ins;
  std::vector<DutyFact> duties;
  std::vector<ModelledLessonFact> modelled_lessons;
  std::vector<ClassFact> classes;
};

struct TrustFacts {
  std::string trust;  // trusts/t
  // One when the question is about a school, else the running schools of the trust.
  std::vector<SchoolFacts> schools;
  std::vector<std::string> people;  // resource names, by Key
};

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MEASURES_FACTS_H_
