// What a leader's day and the coverage of classes are made from.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_DAY_FACTS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_DAY_FACTS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "fivestrand/leadership/v1/organisation.pb.h"
#include "fivestrand/leadership/v1/visibility.pb.h"

#include "platform/calendar/day.h"
#include "platform/calendar/school_calendar.h"

namespace fivestrand::leadership::domain {

// A drop-in, by resource names that live in `Names` of the same facts.
struct Look {
  absl::Time time;
  absl::CivilDay day;
  std::int32_t leader = 0;
  std::int32_t school_class = 0;
  std::int32_t subject = 0;
  std::int32_t teacher = 0;
  int year_group = 0;
};

struct TimedDuty {
  absl::CivilDay day;
  std::int32_t leader = 0;
  v1::Duty::Kind kind = v1::Duty::KIND_UNSPECIFIED;
};

struct TimedLesson {
  absl::CivilDay day;
  std::int32_t leader = 0;
};

struct Holder {
  std::int32_t person = 0;
  calendar::DayRange days;
};

// Deleted records are left out everywhere.
struct DayFacts {
  std::shared_ptr<const calendar::SchoolCalendar> calendar;  // never null
  std::vector<std::string> names;                            // resource names, by number
  std::vector<Holder> headteachers;                          // of the school
  // Of everybody in the school: drop-ins of the academic year and the week, duties of the week, modelled lessons of the half term
  // and the week.
  std::vector<Look> drop_ins;
  std::vector<TimedDuty> duties;
  std::vector<TimedLesson> modelled_lessons;
  // Of the caller and the day, newest first.
  std::vector<v1::DropIn> own_drop_ins;
  std::vector<v1::Duty> own_duties;
  std::vector<v1::ModelledLesson> own_modelled_lessons;
  std::vector<v1::SchoolClass> classes;    // of the academic year
  std::vector<v1::TeachingFocus> focuses;  // by position
};

// The days from which the records of a leader's day are needed.
struct DaySpans {
  calendar::DayRange week;
  calendar::DayRange drop_ins;
  calendar::DayRange modelled_lessons;
  std::string academic_year;  // id
};

struct CoverageFacts {
  std::shared_ptr<const calendar::SchoolCalendar> calendar;  // never null
  calendar::DayRange span;
  std::vector<std::string> names;
  std::vector<Look> drop_ins;            // of the span
  std::vector<v1::SchoolClass> classes;  // of the academic years that the span touches
  std::vector<v1::Subject> subjects;     // all of the trust
};

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_DAY_FACTS_H_
