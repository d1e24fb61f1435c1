#include "services/leadership/domain/organisation_rules.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/evidence/suppress.h"
#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/leadership/domain/access.h"
#include "services/organisation/domain/calendar_input.h"

namespace fivestrand::leadership::domain {
namespace {

using resource::WriteContext;

// Both may be absent.
bool Ordered(bool has_first, const google::type::Date& first, bool has_last, const google::type::Date& last) {
  if (!has_first || !has_last) return true;
  auto a = calendar::FromProto(first), b = calendar::FromProto(last);
  return !a || !b || *a <= *b;
}

template <typename Record>
absl::Status CheckSpan(const WriteContext& context, const Record& record) {
  if (Ordered(record.has_start_date(), record.start_date(), record.has_end_date(), record.end_date())) return absl::OkStatus();
  return status::InvalidField(context.Field("end_date"), "must not be before start_date");
}

bool TrustPost(v1::Post::Kind kind) {
  return kind == v1::Post::CEO || kind == v1::Post::EXECUTIVE_HEADTEACHER || kind == v1::Post::DIRECTOR ||
         kind == v1::Post::TRUST_OFFICER;
}

}  // namespace

absl::Status TrustStrategy::Write(WriteContext& context, const v1::Trust* before, v1::Trust* after) {
  const int threshold = after->small_number_threshold();
  if (threshold == 0 || threshold >= evidence::kLeastThreshold) return absl::OkStatus();
  return status::InvalidField(
      context.Field("small_number_threshold"),
      absl::StrCat("must be ", evidence::kLeastThreshold, " to 20, or 0 for the default of ", evidence::kDefaultThreshold));
}

absl::Status SchoolStrategy::Write(WriteContext& context, const v1::School* before, v1::School* after) {
  status::FieldViolations wrong;
  if (after->status() == v1::School::STATUS_UNSPECIFIED) after->set_status(v1::School::OPEN);
  if (after->highest_age() != 0 && after->lowest_age() > after->highest_age())
    wrong.Add(context.Field("highest_age"), "must not be below lowest_age");
  if (!Ordered(after->has_open_date(), after->open_date(), after->has_close_date(), after->close_date())) {
    wrong.Add(context.Field("close_date"), "must not be before open_date");
  }
  return wrong.ToStatus();
}

absl::Status PersonStrategy::Write(WriteContext& context, const v1::Person* before, v1::Person* after) {
  return CheckSpan(context, *after);
}

absl::Status PostStrategy::Write(WriteContext& context, const v1::Post* before, v1::Post* after) {
  status::FieldViolations wrong;
  const bool trust = TrustPost(after->kind());
  if (trust && !after->school().empty()) wrong.Add(context.Field("school"), "must be empty for a post at the trust");
  if (!trust && after->kind() != v1::Post::OTHER && after->school().empty())
    wrong.Add(context.Field("school"), "is required for a post at a school");
  if (after->kind() != v1::Post::EXECUTIVE_HEADTEACHER && after->responsible_schools_size() > 0) {
    wrong.Add(context.Field("responsible_schools"), "are those of an executive headteacher");
  }
  FIVESTRAND_RETURN_IF_ERROR(wrong.ToStatus());
  return CheckSpan(context, *after);
}

absl::Status LineManagementStrategy::Write(WriteContext& context, const v1::LineManagement* before, v1::LineManagement* after) {
  if (after->manager() == after->report()) return status::InvalidField(context.Field("report"), "cannot manage themselves");
  return CheckSpan(context, *after);
}

absl::Status RoleGrantStrategy::Write(WriteContext& context, const v1::RoleGrant* before, v1::RoleGrant* after) {
  status::FieldViolations wrong;
  const type::v1::Role role = after->role();
  if (role == type::v1::ROLE_SERVICE || role == type::v1::ROLE_OPERATOR || role == type::v1::ROLE_APPLICATION) {
    wrong.Add(context.Field("role"), "cannot be granted to a person");
  }
  if (!TrustRole(role) && after->schools().empty()) wrong.Add(context.Field("schools"), "are required for a role at a school");
  if (role == type::v1::ROLE_EXTERNAL_CONSULTANT && !after->has_end_date())
    wrong.Add(context.Field("end_date"), "is required for an external consultant");
  if ((after->year_groups_size() > 0 || after->subjects_size() > 0) && role != type::v1::ROLE_MIDDLE_LEADER &&
      role != type::v1::ROLE_TEACHER) {
    wrong.Add(context.Field("subjects"), "and year groups limit the grant of a middle leader or teacher only");
  }
  FIVESTRAND_RETURN_IF_ERROR(wrong.ToStatus());
  FIVESTRAND_RETURN_IF_ERROR(CheckSpan(context, *after));
  // Confirm changes the state and nothing else; it has its own rule about who may.
  const bool confirming =
      before != nullptr && before->state() == v1::RoleGrant::PENDING && after->state() == v1::RoleGrant::CONFIRMED;
  if (confirming) return absl::OkStatus();
  after->set_requester(std::string(context.actor()));
  after->clear_confirmer();
  after->set_state(context.actor() == after->person() ? v1::RoleGrant::PENDING : v1::RoleGrant::CONFIRMED);
  return absl::OkStatus();
}

absl::Status Confirm(std::string_view actor, v1::RoleGrant* grant) {
  if (actor == grant->person() || actor == grant->requester()) return status::Denied("leadership.roleGrants.confirm");
  if (grant->state() != v1::RoleGrant::PENDING)
    return status::Precondition("GRANT_NOT_PENDING", grant->name(), "the grant does not wait for confirmation");
  grant->set_state(v1::RoleGrant::CONFIRMED);
  grant->set_confirmer(std::string(actor));
  return absl::OkStatus();
}

absl::Status AcademicYearStrategy::Write(WriteContext& context, const v1::AcademicYear* before, v1::AcademicYear* after) {
  const std::string id(names::IdOf(after->name()));
  if (!calendar::ParseAcademicYearId(id)) return status::InvalidField("academic_year_id", "must be written as 2026-27");
  // Bank holidays of the years that it touches, by what the trust keeps; without a list the rules count.
  std::vector<v1::BankHoliday> kept;
  v1::BankHoliday holiday;
  const int start = *calendar::ParseAcademicYearId(id);
  for (absl::CivilDay day = calendar::AcademicYearRange(start).start; day <= calendar::AcademicYearRange(start).end; ++day) {
    if (calendar::IsWeekend(day)) continue;
    FIVESTRAND_ASSIGN_OR_RETURN(bool found, context.Read(absl::StrCat("trusts/", std::string(names::TrustOf(after->name())),
                                                                      "/bankHolidays/", calendar::FormatDay(day)),
                                                         &holiday));
    if (found) kept.push_back(holiday);
  }
  return organisation::ValidateAcademicYear(*after, organisation::ToBankHolidays(kept).WithRulesForMissingYears(start, start + 1),
                                            context.field_prefix())
      .ToStatus();
}

absl::Status BankHolidayStrategy::Write(WriteContext& context, const v1::BankHoliday* before, v1::BankHoliday* after) {
  auto day = calendar::FromProto(after->date());
  if (!day || calendar::FormatDay(*day) != names::IdOf(after->name())) {
    return status::InvalidField(context.Field("date"), "must be the date that the id says, written as 2026-12-25");
  }
  return absl::OkStatus();
}

}  // namespace fivestrand::leadership::domain
