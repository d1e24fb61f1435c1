#include "services/assessment/api/analysis_question.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::assessment::api {
namespace {

using domain::Axis;
using domain::FrameFilter;
using domain::FrameNames;
using domain::FrameQuery;
using domain::NumberSet;
using domain::Tally;

using Numbers = absl::flat_hash_map<std::string, std::uint32_t>;

template <typename Names>
NumberSet SetOf(const Names& asked, const Numbers& numbers) {
  NumberSet set;
  if (!asked.empty()) set.Limit();
  for (const std::string& name : asked) {
    const auto found = numbers.find(name);
    if (found != numbers.end()) set.Add(found->second);
  }
  return set;
}

absl::Status Group(int group, std::string_view field, std::uint8_t* bits) {
  if (group < 1 || group > domain::kGroups) return status::InvalidField(field, "must be a group of pupils");
  *bits = static_cast<std::uint8_t>(*bits | 1 << (group - 1));
  return absl::OkStatus();
}

absl::StatusOr<Axis> AxisOf(int dimension) {
  switch (dimension) {
    case v1::BY_SCHOOL:
      return Axis::kSchool;
    case v1::BY_PHASE:
      return Axis::kPhase;
    case v1::BY_YEAR_GROUP:
      return Axis::kYear;
    case v1::BY_CLASS:
      return Axis::kClass;
    case v1::BY_SUBJECT:
      return Axis::kSubject;
    case v1::BY_WINDOW:
      return Axis::kWindow;
    case v1::BY_PUPIL_GROUP:
      return Axis::kGroup;
    case v1::BY_PRIOR_ATTAINMENT:
      return Axis::kPrior;
    default:
      return status::InvalidField("group_by", "must be a dimension");
  }
}

// A school is in when the filter and the parent let it in.
void LimitSchools(std::string_view parent, const v1::ResultFilter& filter, const FrameNames& names, NumberSet* schools) {
  *schools = SetOf(filter.schools(), names.school_numbers);
  const std::string_view school = names::SchoolOf(parent);
  const bool one = !school.empty();
  if (!one && filter.phases().empty()) return;
  NumberSet both;
  both.Limit();
  for (std::size_t number = 0; number < names.schools.size(); ++number) {
    const domain::SchoolName& candidate = names.schools[number];
    const bool in_phase = filter.phases().empty() ||
                          std::find(filter.phases().begin(), filter.phases().end(), int{candidate.phase}) != filter.phases().end();
    if (candidate.name.empty() || !schools->Has(static_cast<std::uint32_t>(number)) || (one && candidate.name != parent) ||
        !in_phase)
      continue;
    both.Add(static_cast<std::uint32_t>(number));
  }
  *schools = both;
}

std::uint16_t NumberOf(const Numbers& numbers, std::string_view name) {
  const auto found = numbers.find(AbslView(name));
  return found == numbers.end() ? 0 : static_cast<std::uint16_t>(found->second);
}

}  // namespace

absl::Status CheckParent(std::string_view parent) {
  const bool whole = parent == names::TrustNameOf(parent) || parent == names::SchoolNameOf(parent);
  if (parent.empty() || !whole || names::TrustOf(parent) == names::kAny || names::SchoolOf(parent) == names::kAny) {
    return status::InvalidField("parent", "must be trusts/{trust} or trusts/{trust}/schools/{school}");
  }
  return absl::OkStatus();
}

std::uint16_t WindowNumber(const FrameNames& names, std::string_view window) {
  return NumberOf(names.window_numbers, window);
}

std::uint16_t SubjectNumber(const FrameNames& names, std::string_view subject) {
  return NumberOf(names.subject_numbers, subject);
}

absl::StatusOr<FrameFilter> ReadFilter(std::string_view parent, const v1::ResultFilter& filter, const FrameNames& names,
                                       std::string_view field) {
  FrameFilter result;
  const std::string prefix = absl::StrCat(AbslView(field), ".");
  LimitSchools(parent, filter, names, &result.schools);
  result.subjects = SetOf(filter.subjects(), names.subject_numbers);
  result.classes = SetOf(filter.school_classes(), names.class_numbers);
  const NumberSet asked = SetOf(filter.windows(), names.window_numbers);
  result.windows.Limit();
  for (std::size_t number = 0; number < names.windows.size(); ++number) {
    if (!names.windows[number].name.empty() && asked.Has(static_cast<std::uint32_t>(number)))
      result.windows.Add(static_cast<std::uint32_t>(number));
  }
  if (!filter.year_groups().empty()) result.years = 0;
  for (const int year : filter.year_groups()) {
    if (year < 1 || year >= domain::kYears) return status::InvalidField(prefix + "year_groups", "must be year groups");
    result.years |= 1u << year;
  }
  for (const int group : filter.pupil_groups())
    FIVESTRAND_RETURN_IF_ERROR(Group(group, prefix + "pupil_groups", &result.with_groups));
  for (const int group : filter.without_pupil_groups())
    FIVESTRAND_RETURN_IF_ERROR(Group(group, prefix + "without_pupil_groups", &result.without_groups));
  if (!filter.prior_attainments().empty()) result.priors = 0;
  for (const int prior : filter.prior_attainments()) {
    if (prior < v1::PRIOR_ATTAINMENT_LOW || prior > v1::PRIOR_ATTAINMENT_UNKNOWN) {
      return status::InvalidField(prefix + "prior_attainments", "must be bands of prior attainment");
    }
    result.priors = static_cast<std::uint8_t>(result.priors | 1 << (prior == v1::PRIOR_ATTAINMENT_UNKNOWN ? 0 : prior));
  }
  return result;
}

absl::StatusOr<FrameQuery> ReadQuestion(const v1::AnalyseResultsRequest& request, const FrameNames& names) {
  FrameQuery query;
  FIVESTRAND_ASSIGN_OR_RETURN(query.filter, ReadFilter(request.parent(), request.filter(), names, "filter"));
  for (const int dimension : request.group_by()) {
    FIVESTRAND_ASSIGN_OR_RETURN(const Axis axis, AxisOf(dimension));
    if (std::find(query.axes.begin(), query.axes.end(), axis) != query.axes.end()) {
      return status::InvalidField("group_by", "names a dimension twice");
    }
    query.axes.push_back(axis);
  }
  if (query.axes.size() > domain::kMaxAxes) return status::InvalidField("group_by", "must be at most three dimensions");
  switch (request.measure()) {
    case v1::SHARE_AT_EXPECTED:
      query.tally = Tally::kExpected;
      break;
    case v1::SHARE_AT_HIGHER:
      query.tally = Tally::kHigher;
      break;
    case v1::MEAN_SCORE:
      query.tally = Tally::kScore;
      break;
    default:
      return status::InvalidField("measure", "must be a measure");
  }
  const auto has = [&](Axis axis) {
    return std::find(query.axes.begin(), query.axes.end(), axis) != query.axes.end();
  };
  if (request.gap_group() != type::v1::PUPIL_GROUP_UNSPECIFIED) {
    std::uint8_t bit = 0;
    FIVESTRAND_RETURN_IF_ERROR(Group(request.gap_group(), "gap_group", &bit));
    if (has(Axis::kGroup)) return status::InvalidField("gap_group", "cannot be asked for by group");
    query.gap_group = request.gap_group() - 1;
  }
  if (!request.baseline_window().empty() && has(Axis::kWindow)) {
    return status::InvalidField("baseline_window", "cannot be asked for by window");
  }
  if (request.transitions() && request.baseline_window().empty()) {
    return status::InvalidField("transitions", "need a baseline_window");
  }
  if (has(Axis::kPhase)) query.phase_of_school = names.Phases();
  return query;
}

std::uint8_t GroupsOf(const FrameFilter& filter) {
  return filter.with_groups | filter.without_groups;
}

std::uint8_t GroupsOf(const FrameQuery& query) {
  if (std::find(query.axes.begin(), query.axes.end(), Axis::kGroup) != query.axes.end()) return domain::kGroupSets - 1;
  return static_cast<std::uint8_t>(GroupsOf(query.filter) | (query.gap_group >= 0 ? 1 << query.gap_group : 0));
}

}  // namespace fivestrand::assessment::api
