// Classes with when they were last seen. Shared by the day and the coverage.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_DAY_CLASSES_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_DAY_CLASSES_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "fivestrand/leadership/v1/visibility_service.pb.h"

#include "platform/calendar/day.h"
#include "services/leadership/domain/day_facts.h"
#include "services/leadership/domain/day_reach.h"

namespace fivestrand::leadership::domain {

struct Seen {
  int count = 0;
  absl::Time last = absl::InfinitePast();

  void Add(absl::Time time) {
    ++count;
    last = std::max(last, time);
  }
};

// By number of the class.
absl::flat_hash_map<std::int32_t, Seen> SeenByClass(const std::vector<Look>& drop_ins, const std::vector<std::string>& names,
                                                    const ClassReach& reach, calendar::DayRange days);

// `seen` null: never.
v1::ClassLastSeen ToClassLastSeen(const v1::SchoolClass& school_class, const Seen* seen);

// Numbers of resource names.
absl::flat_hash_map<std::string, std::int32_t> NumberNames(const std::vector<std::string>& names);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_DAY_CLASSES_H_
