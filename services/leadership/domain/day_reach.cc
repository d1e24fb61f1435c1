#include "services/leadership/domain/day_reach.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "platform/names/names.h"

namespace fivestrand::leadership::domain {

bool ClassReach::Includes(const Look& drop_in, const std::vector<std::string>& names) const {
  if (access_.everything) return true;
  const auto name = [&](std::int32_t number) -> std::string_view {
    return names[static_cast<std::size_t>(number)];
  };
  return access_.Includes({.school = school_,
                           .subject = names::IdOf(name(drop_in.subject)),
                           .year_group = drop_in.year_group,
                           .class_id = names::IdOf(name(drop_in.school_class)),
                           .own = name(drop_in.leader) == subject_ || name(drop_in.teacher) == subject_});
}

bool ClassReach::Includes(const v1::SchoolClass& school_class) const {
  if (access_.everything) return true;
  identity::RowFacts row{.school = school_, .year_group = school_class.year_group(), .class_id = names::IdOf(school_class.name())};
  row.own = std::any_of(school_class.teachers().begin(), school_class.teachers().end(),
                        [this](const std::string& teacher) { return teacher == subject_; });
  if (access_.Includes(row)) return true;
  return std::any_of(school_class.subjects().begin(), school_class.subjects().end(), [&](const std::string& subject) {
    row.subject = names::IdOf(subject);
    return access_.Includes(row);
  });
}

}  // namespace fivestrand::leadership::domain
