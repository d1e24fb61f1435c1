#include "services/assessment/domain/teaching.h"

#include <algorithm>
#include <string>

#include "platform/calendar/day.h"
#include "platform/names/names.h"

namespace fivestrand::assessment::domain {

bool Teaches(const leadership::v1::SchoolClass& school_class, std::string_view person, absl::CivilDay day) {
  if (school_class.academic_year() != calendar::AcademicYearId(calendar::AcademicYearOf(day))) return false;
  return std::find(school_class.teachers().begin(), school_class.teachers().end(), person) != school_class.teachers().end();
}

bool ReachesClass(const identity::Access& access, const leadership::v1::SchoolClass& school_class, std::string_view subject,
                  std::string_view caller, absl::CivilDay today) {
  identity::RowFacts row;
  row.school = names::SchoolOf(school_class.name());
  row.subject = names::IdOf(subject);
  row.year_group = school_class.year_group();
  row.class_id = names::IdOf(school_class.name());
  row.own = Teaches(school_class, caller, today);
  if (access.Includes(row)) return true;
  if (!subject.empty()) return false;
  return std::any_of(school_class.subjects().begin(), school_class.subjects().end(), [&](const std::string& taught) {
    row.subject = names::IdOf(taught);
    return access.Includes(row);
  });
}

}  // namespace fivestrand::assessment::domain
