#include "services/leadership/domain/day_classes.h"

#include <cstddef>

#include "platform/calendar/timestamp.h"

namespace fivestrand::leadership::domain {

absl::flat_hash_map<std::int32_t, Seen> SeenByClass(const std::vector<Look>& drop_ins, const std::vector<std::string>& names,
                                                    const ClassReach& reach, calendar::DayRange days) {
  absl::flat_hash_map<std::int32_t, Seen> seen;
  for (const Look& drop_in : drop_ins) {
    if (days.Contains(drop_in.day) && reach.Includes(drop_in, names)) seen[drop_in.school_class].Add(drop_in.time);
  }
  return seen;
}

v1::ClassLastSeen ToClassLastSeen(const v1::SchoolClass& school_class, const Seen* seen) {
  v1::ClassLastSeen row;
  row.set_school_class(school_class.name());
  row.set_display_name(school_class.display_name());
  row.set_year_group(school_class.year_group());
  *row.mutable_subjects() = school_class.subjects();
  *row.mutable_teachers() = school_class.teachers();
  if (seen != nullptr && seen->count > 0) {
    row.set_drop_in_count(seen->count);
    *row.mutable_last_seen_time() = calendar::ToTimestamp(seen->last);
  }
  return row;
}

absl::flat_hash_map<std::string, std::int32_t> NumberNames(const std::vector<std::string>& names) {
  absl::flat_hash_map<std::string, std::int32_t> numbers;
  for (std::size_t i = 0; i < names.size(); ++i) numbers.emplace(names[i], static_cast<std::int32_t>(i));
  return numbers;
}

}  // namespace fivestrand::leadership::domain
