// Which classes and drop-ins a caller may learn about: a middle leader those of their own subject or year, a teacher their own.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_DAY_REACH_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_DAY_REACH_H_

#include <string_view>
#include <vector>

#include "fivestrand/leadership/v1/organisation.pb.h"

#include "platform/identity/access.h"
#include "services/leadership/domain/day_facts.h"

namespace fivestrand::leadership::domain {

// Refers to the access decision and the names, which must outlive it.
class ClassReach {
 public:
  // `subject` is the caller's resource name; `school` the school's id.
  ClassReach(const identity::Access& access, std::string_view subject, std::string_view school)
      : access_(access), subject_(subject), school_(school) {}

  bool Includes(const Look& drop_in, const std::vector<std::string>& names) const;
  // A class that the caller teaches, or one that a drop-in within reach could be about.
  bool Includes(const v1::SchoolClass& school_class) const;

 private:
  const identity::Access& access_;
  const std::string_view subject_;
  const std::string_view school_;
};

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_DAY_REACH_H_
