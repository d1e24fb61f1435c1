#include "services/assessment/api/analysis_sight.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

#include "platform/calendar/day.h"

namespace fivestrand::assessment::api {
namespace {

using domain::FrameNames;
using domain::FrameReach;
using identity::Grant;
using identity::Reach;

// SEND and looked after: a class teacher has to know.
constexpr std::uint8_t kTeacherGroups = 0b110;
constexpr std::uint8_t kEveryGroup = domain::kGroupSets - 1;

void AddSchools(const FrameNames& names, const Grant& grant, FrameReach* reach) {
  if (grant.WholeTrust()) return;
  reach->schools.Limit();
  for (const std::string& school : grant.schools) {
    const auto found = names.school_numbers.find(absl::StrCat("trusts/", names.trust, "/schools/", school));
    if (found != names.school_numbers.end()) reach->schools.Add(found->second);
  }
}

FrameReach ReachOf(const identity::Reached& reached, const FrameNames& names, const rpc::CallContext& context) {
  const Grant& grant = *reached.grant;
  FrameReach reach;
  if (reached.reach == Reach::kTrust) return reach;
  AddSchools(names, grant, &reach);
  if (reached.reach == Reach::kOwn) {
    // The classes that the caller teaches now.
    reach.limited = true;
    reach.classes.Limit();
    const std::string year = calendar::AcademicYearId(calendar::AcademicYearOf(calendar::DayOf(context.now)));
    for (std::size_t number = 1; number < names.classes.size(); ++number) {
      const domain::ClassName& one = names.classes[number];
      if (one.academic_year == year &&
          std::find(one.teachers.begin(), one.teachers.end(), context.caller->subject) != one.teachers.end())
        reach.classes.Add(static_cast<std::uint32_t>(number));
    }
    return reach;
  }
  if (reached.reach != Reach::kSubjectOrYear || !grant.Limited()) return reach;
  reach.limited = true;
  for (const std::string& subject : grant.subjects) {
    reach.subjects.Limit();
    const auto found = names.subject_numbers.find(absl::StrCat("trusts/", names.trust, "/subjects/", subject));
    if (found != names.subject_numbers.end()) reach.subjects.Add(found->second);
  }
  for (const std::int32_t year : grant.year_groups) {
    if (year > 0 && year < domain::kYears) reach.years |= 1u << year;
  }
  for (std::size_t number = 1; number < names.classes.size() && !grant.classes.empty(); ++number) {
    const std::string& name = names.classes[number].name;
    const std::string id = name.substr(name.rfind('/') + 1);
    reach.classes.Limit();
    if (std::find(grant.classes.begin(), grant.classes.end(), id) != grant.classes.end())
      reach.classes.Add(static_cast<std::uint32_t>(number));
  }
  return reach;
}

}  // namespace

AnalysisSight::AnalysisSight(const rpc::CallContext& context, const identity::AccessTable& table, const FrameNames& names) {
  const auto decide = [&](std::string_view permission) {
    return table.DecideFor(*context.caller, permission, context.scope, context.now);
  };
  const identity::Access pupils = decide(kListPupils), figures = decide("assessment.analysis.read"), groups = decide(kReadGroups);
  if (pupils.allowed) {
    rows_.kind = Sight::Kind::kRows;
    bool own_only = !pupils.everything;
    for (const identity::Reached& reached : pupils.reached) {
      own_only = own_only && reached.reach == Reach::kOwn;
      if (!pupils.everything) rows_.reach.push_back(ReachOf(reached, names, context));
    }
    if (own_only) told_groups_ = kTeacherGroups;
  }
  // Whatever lets in to pupils lets in to their groups as well.
  const bool all_told =
      groups.everything || std::all_of(pupils.reached.begin(), pupils.reached.end(), [&](const identity::Reached& one) {
        return std::any_of(groups.reached.begin(), groups.reached.end(),
                           [&](const identity::Reached& other) { return other.grant == one.grant; });
      });
  // Another service says what it learns to those whom its own contract lets.
  if (pupils.allowed && (all_told || context.caller->IsService())) told_groups_ = kEveryGroup;
  if (figures.everything) {
    figures_.kind = Sight::Kind::kFigures;
  } else {
    for (const identity::Reached& reached : figures.reached) {
      if (reached.reach == Reach::kOwn || (reached.reach == Reach::kSubjectOrYear && reached.grant->Limited())) continue;
      figures_.kind = Sight::Kind::kFigures;
      figures_.reach.push_back(ReachOf(reached, names, context));
    }
  }
}

Sight AnalysisSight::For(std::uint8_t groups) const {
  if (rows_.kind == Sight::Kind::kRows && rows_.reach.empty() && (groups & ~told_groups_) == 0) return rows_;
  // The whole of the scope in figures is more than some of its rows.
  if (figures_.kind == Sight::Kind::kFigures && figures_.reach.empty()) return figures_;
  if (rows_.kind == Sight::Kind::kRows && (groups & ~told_groups_) == 0) return rows_;
  if (figures_.kind == Sight::Kind::kFigures) return figures_;
  return {};
}

}  // namespace fivestrand::assessment::api
