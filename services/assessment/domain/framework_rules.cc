#include "services/assessment/domain/framework_rules.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/resource/write_context.h"
#include "platform/status/macros.h"

namespace fivestrand::assessment::domain {
namespace {

using resource::WriteContext;

// Numbers of codes fit into a byte, also after codes have been replaced while nothing used them.
constexpr int kMaxCodeNumber = 250;
constexpr int kMaxVersion = 1000;

FieldPath PathIn(const WriteContext& context) {
  return [&context](std::string_view field) {
    return context.Field(field);
  };
}

std::string Upper(const std::string& code) {
  return absl::AsciiStrToUpper(code);
}

void CheckCode(const v1::Scale& scale, int index, const FieldPath& path, status::FieldViolations* wrong) {
  const v1::Scale::Code& code = scale.codes(index);
  const auto at = [&](std::string_view field) {
    return path(absl::StrCat("codes[", index, "].", std::string(field)));
  };
  if (code.outside()) {
    if (code.rank() != 0) wrong->Add(at("rank"), "must be 0 outside the scale");
    if (code.at_standard() || code.at_higher_standard()) wrong->Add(at("at_standard"), "must be false outside the scale");
    if (code.has_points_thousandths()) wrong->Add(at("points_thousandths"), "must be absent outside the scale");
    return;
  }
  if (scale.kind() == v1::Scale::NUMERIC) wrong->Add(at("outside"), "must be true on a scale of numbers");
  if (code.counts_in_denominator())
    wrong->Add(at("counts_in_denominator"), "is only for codes outside the scale: the others count");
  if (code.at_higher_standard() && !code.at_standard()) wrong->Add(at("at_standard"), "must be true at the higher standard");
}

// Who is better than somebody at a standard is at it too.
void CheckOrder(const v1::Scale& scale, const FieldPath& path, status::FieldViolations* wrong) {
  for (int i = 0; i < scale.codes_size(); ++i) {
    for (int j = 0; j < scale.codes_size(); ++j) {
      const v1::Scale::Code &low = scale.codes(i), &high = scale.codes(j);
      if (low.outside() || high.outside() || low.rank() > high.rank()) continue;
      if ((low.at_standard() && !high.at_standard()) || (low.at_higher_standard() && !high.at_higher_standard())) {
        wrong->Add(path(absl::StrCat("codes[", j, "].rank")),
                   absl::StrCat("must be below that of ", low.code(), ", which is at a standard that this code is not at"));
        return;
      }
    }
  }
}

}  // namespace

void CheckScale(const v1::Scale& scale, const FieldPath& path, status::FieldViolations* wrong) {
  std::set<std::string> seen;
  int inside = 0;
  for (int i = 0; i < scale.codes_size(); ++i) {
    if (!seen.insert(Upper(scale.codes(i).code())).second)
      wrong->Add(path(absl::StrCat("codes[", i, "].code")), "stands twice; capitals do not matter");
    inside += scale.codes(i).outside() ? 0 : 1;
    CheckCode(scale, i, path, wrong);
    if (scale.codes(i).number() > kMaxCodeNumber) wrong->Add(path("codes"), "too many codes were replaced; make a new version");
  }
  CheckOrder(scale, path, wrong);
  if (scale.kind() == v1::Scale::CODES) {
    if (inside == 0) wrong->Add(path("codes"), "must have a code on the scale");
    if (scale.minimum_thousandths() != 0 || scale.maximum_thousandths() != 0 || scale.step_thousandths() != 0 ||
        scale.has_standard_thousandths() || scale.has_higher_standard_thousandths()) {
      wrong->Add(path("minimum_thousandths"), "numbers are for a scale of numbers");
    }
    return;
  }
  if (scale.minimum_thousandths() >= scale.maximum_thousandths())
    wrong->Add(path("maximum_thousandths"), "must be above minimum_thousandths");
  for (const auto& [field, has, value] :
       {std::tuple{"standard_thousandths", scale.has_standard_thousandths(), scale.standard_thousandths()},
        std::tuple{"higher_standard_thousandths", scale.has_higher_standard_thousandths(), scale.higher_standard_thousandths()}}) {
    if (has && (value < scale.minimum_thousandths() || value > scale.maximum_thousandths()))
      wrong->Add(path(field), "must lie on the scale");
  }
  if (scale.has_standard_thousandths() && scale.has_higher_standard_thousandths() &&
      scale.higher_standard_thousandths() < scale.standard_thousandths())
    wrong->Add(path("higher_standard_thousandths"), "must not be below standard_thousandths");
}

void CheckScaleInUse(const v1::Scale& before, const v1::Scale& after, const FieldPath& path, status::FieldViolations* wrong) {
  constexpr std::string_view kReason = "cannot change any more: results were made on this scale; make a new version of it";
  std::map<int, const v1::Scale::Code*> codes;
  for (const v1::Scale::Code& code : after.codes()) codes[code.number()] = &code;
  for (const v1::Scale::Code& was : before.codes()) {
    const auto found = codes.find(was.number());
    if (found == codes.end()) {
      wrong->Add(path("codes"), absl::StrCat(was.code(), " ", std::string(kReason)));
      continue;
    }
    v1::Scale::Code now = *found->second;
    now.set_label(was.label());
    if (now.SerializeAsString() != was.SerializeAsString())
      wrong->Add(path("codes"), absl::StrCat(was.code(), " ", std::string(kReason)));
  }
  if (before.minimum_thousandths() != after.minimum_thousandths() || before.maximum_thousandths() != after.maximum_thousandths() ||
      before.step_thousandths() != after.step_thousandths())
    wrong->Add(path("minimum_thousandths"), kReason);
  // A threshold that was not announced yet can be set once.
  if (before.has_standard_thousandths() &&
      (!after.has_standard_thousandths() || before.standard_thousandths() != after.standard_thousandths()))
    wrong->Add(path("standard_thousandths"), kReason);
  if (before.has_higher_standard_thousandths() &&
      (!after.has_higher_standard_thousandths() || before.higher_standard_thousandths() != after.higher_standard_thousandths()))
    wrong->Add(path("higher_standard_thousandths"), kReason);
}

void NumberCodes(const v1::Scale* before, v1::Scale* after) {
  std::map<std::string, int> known;
  int last = 0;
  if (before != nullptr) {
    for (const v1::Scale::Code& code : before->codes()) {
      known[Upper(code.code())] = code.number();
      last = std::max(last, code.number());
    }
  }
  for (v1::Scale::Code& code : *after->mutable_codes()) {
    const auto found = known.find(Upper(code.code()));
    code.set_number(found != known.end() ? found->second : ++last);
  }
}

void CheckSubjects(const google::protobuf::RepeatedPtrField<v1::AssessedSubject>& subjects, const FieldPath& path,
                   status::FieldViolations* wrong) {
  std::set<std::pair<std::string, std::string>> seen;
  for (int i = 0; i < subjects.size(); ++i) {
    if (!seen.emplace(subjects[i].subject(), subjects[i].scale()).second)
      wrong->Add(path(absl::StrCat("subjects[", i, "].subject")), "stands on the same scale already; put the year groups together");
  }
}

absl::Status ScaleStrategy::Write(WriteContext& context, const v1::Scale* before, v1::Scale* after) {
  status::FieldViolations wrong;
  const FieldPath path = PathIn(context);
  if (before == nullptr) {
    after->set_version(1);
    if (!after->supersedes().empty()) {
      v1::Scale earlier;
      FIVESTRAND_ASSIGN_OR_RETURN(const bool found, context.Read(after->supersedes(), &earlier));
      if (found) after->set_version(earlier.version() + 1);
      if (found && earlier.kind() != after->kind())
        wrong.Add(path("kind"), "must be that of the version that it supersedes; make a scale of its own");
      if (after->version() > kMaxVersion) wrong.Add(path("supersedes"), "has too many versions before it");
    }
  }
  NumberCodes(before, after);
  CheckScale(*after, path, &wrong);
  FIVESTRAND_RETURN_IF_ERROR(wrong.ToStatus());
  if (before == nullptr) return absl::OkStatus();
  FIVESTRAND_ASSIGN_OR_RETURN(const bool in_use, source_->ScaleInUse(context.transaction(), after->name()));
  if (!in_use) return absl::OkStatus();
  CheckScaleInUse(*before, *after, path, &wrong);
  return wrong.ToStatus();
}

absl::Status ScaleStrategy::Delete(WriteContext& context, const v1::Scale& before) {
  FIVESTRAND_ASSIGN_OR_RETURN(const bool in_use, source_->ScaleInUse(context.transaction(), before.name()));
  if (!in_use) return absl::OkStatus();
  return status::Precondition(status::Reason::kResourceInUse, "RESULTS_EXIST", before.name(), "results were made on this scale");
}

absl::Status FrameworkStrategy::Write(WriteContext& context, const v1::Framework* before, v1::Framework* after) {
  status::FieldViolations wrong;
  CheckSubjects(after->subjects(), PathIn(context), &wrong);
  return wrong.ToStatus();
}

absl::Status AssessmentWindowStrategy::Write(WriteContext& context, const v1::AssessmentWindow* before,
                                             v1::AssessmentWindow* after) {
  status::FieldViolations wrong;
  const FieldPath path = PathIn(context);
  if (after->entry() == v1::AssessmentWindow::ENTRY_UNSPECIFIED) after->set_entry(v1::AssessmentWindow::OPEN);
  const auto start = calendar::FromProto(after->start_date()), end = calendar::FromProto(after->end_date());
  const auto year = calendar::ParseAcademicYearId(after->academic_year());
  if (!year) wrong.Add(path("academic_year"), "must be the id of an academic year, such as 2026-27");
  if (start && end && *end < *start) wrong.Add(path("end_date"), "must not be before start_date");
  if (year && start && end) {
    const calendar::DayRange range = calendar::AcademicYearRange(*year);
    if (!range.Contains(*start) || !range.Contains(*end))
      wrong.Add(path("start_date"), "must lie in the academic year, as end_date must");
  }
  if (before == nullptr && after->subjects_size() == 0) {
    for (int i = 0; i < after->frameworks_size(); ++i) {
      v1::Framework framework;
      FIVESTRAND_ASSIGN_OR_RETURN(const bool found, context.Read(after->frameworks(i), &framework));
      // The registry says so when it is not there.
      if (found) after->mutable_subjects()->MergeFrom(framework.subjects());
    }
  }
  if (after->subjects_size() == 0) wrong.Add(path("subjects"), "must name what is assessed, or frameworks that do");
  CheckSubjects(after->subjects(), path, &wrong);
  FIVESTRAND_RETURN_IF_ERROR(wrong.ToStatus());
  if (before == nullptr) return absl::OkStatus();
  for (const v1::AssessedSubject& was : before->subjects()) {
    const bool kept = std::any_of(after->subjects().begin(), after->subjects().end(), [&](const v1::AssessedSubject& now) {
      return now.subject() == was.subject() && now.scale() == was.scale();
    });
    if (kept) continue;
    FIVESTRAND_ASSIGN_OR_RETURN(const bool used,
                                source_->ColumnInUse(context.transaction(), after->name(), was.subject(), was.scale()));
    if (used) wrong.Add(path("subjects"), "a subject and scale that has results must stay");
  }
  return wrong.ToStatus();
}

absl::Status AssessmentWindowStrategy::Delete(WriteContext& context, const v1::AssessmentWindow& before) {
  for (const v1::AssessedSubject& line : before.subjects()) {
    FIVESTRAND_ASSIGN_OR_RETURN(const bool used,
                                source_->ColumnInUse(context.transaction(), before.name(), line.subject(), line.scale()));
    if (used) return status::Precondition(status::Reason::kResourceInUse, "RESULTS_EXIST", before.name(), "the window has results");
  }
  return absl::OkStatus();
}

const v1::AssessedSubject* FindSubject(const v1::AssessmentWindow& window, std::string_view subject, std::string_view scale,
                                       type::v1::YearGroup year_group) {
  const v1::AssessedSubject* found = nullptr;
  for (const v1::AssessedSubject& line : window.subjects()) {
    if (line.subject() != subject || (!scale.empty() && line.scale() != scale)) continue;
    const bool all = year_group == type::v1::YEAR_GROUP_UNSPECIFIED || line.year_groups_size() == 0;
    if (!all && std::find(line.year_groups().begin(), line.year_groups().end(), year_group) == line.year_groups().end()) continue;
    if (found != nullptr) return nullptr;
    found = &line;
  }
  return found;
}

}  // namespace fivestrand::assessment::domain
