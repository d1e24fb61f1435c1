#include "services/assessment/domain/pupil_reach.h"

#include <algorithm>

namespace fivestrand::assessment::domain {
namespace {

using identity::Grant;
using identity::Reach;
using identity::Reached;

bool Contains(const std::vector<std::string>& ids, std::string_view id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// Whether a grant that is limited to subjects, years or classes takes the pupil in; `subject` empty: any subject of the grant will
// do.
bool WithinLimits(const Grant& grant, const ReachFacts& pupil, std::string_view subject) {
  if (!grant.Limited()) return true;
  if (std::find(grant.year_groups.begin(), grant.year_groups.end(), pupil.year_group) != grant.year_groups.end()) return true;
  if (std::any_of(pupil.classes.begin(), pupil.classes.end(), [&](const std::string& id) { return Contains(grant.classes, id); }))
    return true;
  return subject.empty() ? !grant.subjects.empty() : Contains(grant.subjects, subject);
}

bool LetsIn(const Reached& reached, const ReachFacts& pupil, std::string_view subject) {
  const Grant& grant = *reached.grant;
  const bool in_schools = pupil.school.empty() ? grant.WholeTrust() : grant.CoversSchool(pupil.school);
  switch (reached.reach) {
    case Reach::kTrust:
      return true;
    case Reach::kSchool:
    case Reach::kRowSchool:
    case Reach::kSubjectOrYear:
      return in_schools && WithinLimits(grant, pupil, subject);
    case Reach::kOwn:
      return pupil.taught && (pupil.school.empty() || in_schools);
  }
  return false;
}

bool Reaches(const identity::Access& access, const ReachFacts& pupil, std::string_view subject) {
  if (!access.allowed) return false;
  return std::any_of(access.reached.begin(), access.reached.end(),
                     [&](const Reached& reached) { return LetsIn(reached, pupil, subject); });
}

}  // namespace

bool ReachesPupil(const identity::Access& access, const ReachFacts& pupil) {
  return Reaches(access, pupil, {});
}

bool ReachesResult(const identity::Access& access, const ReachFacts& pupil, std::string_view subject_id) {
  return Reaches(access, pupil, subject_id);
}

}  // namespace fivestrand::assessment::domain
