#include "services/assessment/domain/pupil_rules.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/identity/caller.h"
#include "platform/names/names.h"
#include "platform/resource/write_context.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/assessment/domain/group_codes.h"
#include "services/assessment/domain/upn.h"

namespace fivestrand::assessment::domain {
namespace {

using resource::WriteContext;

absl::CivilDay StartOf(const google::type::Date& date) {
  return calendar::FromProto(date).value_or(absl::CivilDay(1, 1, 1));
}

template <typename Dated>
absl::CivilDay EndOf(const Dated& dated) {
  if (!dated.has_end_date()) return absl::CivilDay(9999, 12, 31);
  return calendar::FromProto(dated.end_date()).value_or(absl::CivilDay(9999, 12, 31));
}

template <typename Dated>
absl::Status CheckDates(const WriteContext& context, const Dated& dated) {
  if (EndOf(dated) < StartOf(dated.start_date()))
    return status::InvalidField(context.Field("end_date"), "must not be before start_date");
  return absl::OkStatus();
}

template <typename Dated>
bool Overlap(const Dated& a, const Dated& b) {
  return StartOf(a.start_date()) <= EndOf(b) && StartOf(b.start_date()) <= EndOf(a);
}

}  // namespace

template <typename Dated>
bool HoldsOn(const Dated& dated, absl::CivilDay day) {
  return StartOf(dated.start_date()) <= day && day <= EndOf(dated);
}
template bool HoldsOn(const v1::Enrolment& dated, absl::CivilDay day);
template bool HoldsOn(const v1::ClassMembership& dated, absl::CivilDay day);
template bool HoldsOn(const v1::GroupMembership& dated, absl::CivilDay day);

const v1::Enrolment* EnrolmentOn(const std::vector<v1::Enrolment>& enrolments, absl::CivilDay day, bool* holds) {
  const v1::Enrolment *begun = nullptr, *coming = nullptr;
  for (const v1::Enrolment& each : enrolments) {
    const absl::CivilDay start = StartOf(each.start_date());
    if (start <= day) {
      if (begun == nullptr || start > StartOf(begun->start_date())) begun = &each;
    } else if (coming == nullptr || start < StartOf(coming->start_date())) {
      coming = &each;
    }
  }
  *holds = begun != nullptr && day <= EndOf(*begun);
  return begun != nullptr ? begun : coming;
}

bool ApplyEnrolments(const std::vector<v1::Enrolment>& enrolments, absl::CivilDay day, v1::Pupil* pupil) {
  bool holds = false;
  const v1::Enrolment* current = EnrolmentOn(enrolments, day, &holds);
  const std::string school = current == nullptr ? std::string() : current->school();
  const auto year_group = current == nullptr ? type::v1::YEAR_GROUP_UNSPECIFIED : current->year_group();
  const bool changed = pupil->school() != school || pupil->year_group() != year_group || pupil->on_roll() != holds;
  pupil->set_school(school);
  pupil->set_year_group(year_group);
  pupil->set_on_roll(holds);
  return changed;
}

absl::Status PupilStrategy::Write(WriteContext& context, const v1::Pupil* before, v1::Pupil* after) {
  status::FieldViolations wrong;
  after->set_upn(NormalUpn(after->upn()));
  if (!after->upn().empty()) {
    if (const std::string_view fault = UpnFault(after->upn()); !fault.empty()) wrong.Add(context.Field("upn"), fault);
  }
  if (after->has_birth_date() && calendar::FromProto(after->birth_date()) &&
      *calendar::FromProto(after->birth_date()) > calendar::DayOf(context.now())) {
    wrong.Add(context.Field("birth_date"), "must not lie ahead");
  }
  FIVESTRAND_RETURN_IF_ERROR(wrong.ToStatus());
  if (before == nullptr || before->school() == after->school()) return absl::OkStatus();
  // Who may know of the groups goes by where the pupil is.
  std::vector<std::string> groups;
  FIVESTRAND_RETURN_IF_ERROR(source_->GroupMembershipNamesOf(context.transaction(), after->name(), &groups));
  for (const std::string& name : groups) {
    v1::GroupMembership membership;
    FIVESTRAND_RETURN_IF_ERROR(context.Update(name, {}, "update", &membership, [&] {
      membership.set_school(after->school());
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

absl::Status EnrolmentStrategy::BringUpToDate(WriteContext& context, std::string_view pupil_name,
                                              const std::vector<v1::Enrolment>& enrolments) {
  v1::Pupil pupil;
  return context.Update(pupil_name, {}, "update", &pupil, [&] {
    ApplyEnrolments(enrolments, calendar::DayOf(context.now()), &pupil);
    return absl::OkStatus();
  });
}

absl::Status EnrolmentStrategy::Write(WriteContext& context, const v1::Enrolment* before, v1::Enrolment* after) {
  FIVESTRAND_RETURN_IF_ERROR(CheckDates(context, *after));
  const std::string pupil(names::ParentOf(after->name()));
  std::vector<v1::Enrolment> enrolments;
  FIVESTRAND_RETURN_IF_ERROR(source_->EnrolmentsOf(context.transaction(), pupil, &enrolments));
  std::erase_if(enrolments, [&](const v1::Enrolment& each) { return each.name() == after->name(); });
  for (v1::Enrolment& other : enrolments) {
    if (!Overlap(other, *after)) continue;
    const absl::CivilDay start = StartOf(after->start_date());
    if (other.has_end_date() || StartOf(other.start_date()) >= start) {
      return status::InvalidField(context.Field("start_date"), "overlaps another enrolment of the pupil");
    }
    // The pupil has moved on: what had no end ends the day before.
    const google::type::Date end = calendar::ToProto(start - 1);
    v1::Enrolment closed;
    FIVESTRAND_RETURN_IF_ERROR(context.Update(other.name(), {}, "update", &closed, [&] {
      *closed.mutable_end_date() = end;
      return absl::OkStatus();
    }));
    *other.mutable_end_date() = end;
  }
  enrolments.push_back(*after);
  return BringUpToDate(context, pupil, enrolments);
}

absl::Status EnrolmentStrategy::Delete(WriteContext& context, const v1::Enrolment& before) {
  const std::string pupil(names::ParentOf(before.name()));
  std::vector<v1::Enrolment> enrolments;
  FIVESTRAND_RETURN_IF_ERROR(source_->EnrolmentsOf(context.transaction(), pupil, &enrolments));
  std::erase_if(enrolments, [&](const v1::Enrolment& each) { return each.name() == before.name(); });
  return BringUpToDate(context, pupil, enrolments);
}

absl::Status ClassMembershipStrategy::Write(WriteContext& context, const v1::ClassMembership* before, v1::ClassMembership* after) {
  FIVESTRAND_RETURN_IF_ERROR(CheckDates(context, *after));
  after->set_school(std::string(names::SchoolNameOf(after->school_class())));
  std::vector<v1::ClassMembership> memberships;
  FIVESTRAND_RETURN_IF_ERROR(source_->ClassMembershipsOf(context.transaction(), names::ParentOf(after->name()), &memberships));
  for (const v1::ClassMembership& other : memberships) {
    if (other.name() != after->name() && other.school_class() == after->school_class() && Overlap(other, *after))
      return status::InvalidField(context.Field("start_date"), "overlaps another membership of the same class");
  }
  return absl::OkStatus();
}

namespace {

// The access table lets whoever leads on special needs write memberships; which ones is a matter of what they say.
absl::Status CheckMayWrite(const WriteContext& context, const v1::GroupMembership& membership) {
  if (membership.group() == v1::GroupMembership::SEN_SUPPORT || membership.group() == v1::GroupMembership::EHCP)
    return absl::OkStatus();
  const identity::Caller& caller = *context.call().caller;
  const absl::Time now = context.call().now;
  const bool needs_only = (caller.HasRole(type::v1::ROLE_SENDCO, now) || caller.HasRole(type::v1::ROLE_SEND_LEAD, now)) &&
                          !caller.HasRole(type::v1::ROLE_DATA_LEAD, now);
  return needs_only ? status::Denied("assessment.groupMemberships.create") : absl::OkStatus();
}

}  // namespace

absl::Status GroupMembershipStrategy::Delete(WriteContext& context, const v1::GroupMembership& before) {
  return CheckMayWrite(context, before);
}

absl::Status GroupMembershipStrategy::Write(WriteContext& context, const v1::GroupMembership* before, v1::GroupMembership* after) {
  FIVESTRAND_RETURN_IF_ERROR(CheckMayWrite(context, *after));
  if (before != nullptr) FIVESTRAND_RETURN_IF_ERROR(CheckMayWrite(context, *before));
  FIVESTRAND_RETURN_IF_ERROR(CheckDates(context, *after));
  if (const std::string_view fault = DetailFault(after->group(), after->detail()); !fault.empty())
    return status::InvalidField(context.Field("detail"), fault);
  if (before != nullptr) return absl::OkStatus();
  v1::Pupil pupil;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, context.Read(names::ParentOf(after->name()), &pupil));
  if (found) after->set_school(pupil.school());
  return absl::OkStatus();
}

}  // namespace fivestrand::assessment::domain
