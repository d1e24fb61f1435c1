#include "services/welfare/api/pulse_close.h"

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/welfare/domain/pulse_rules.h"
#include "services/welfare/domain/pulse_tally.h"

namespace fivestrand::welfare::api {

using google::protobuf::FieldDescriptor;
using resource::WriteContext;

absl::StatusOr<std::map<std::string, int>> InvitedBySchool(fivestrand::store::Session& session, const domain::Directory& directory,
                                                           const v1::PulseSurvey& survey, absl::CivilDay day) {
  std::map<std::string, int> invited;
  FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<domain::StaffMember> staff,
                              directory.ListStaff(session, names::TrustOf(survey.name()), day));
  for (const domain::StaffMember& member : staff) {
    if (domain::Invites(survey, member.school)) ++invited[member.school];
  }
  return invited;
}

absl::Status ClosePulse(const PulseParts& parts, WriteContext& write, std::string_view name, std::string_view etag,
                        v1::PulseSurvey* survey) {
  return write.Update(name, {.etag = etag}, "close", survey, [&]() -> absl::Status {
    if (survey->state() != v1::PulseSurvey::SCHEDULED) return status::Precondition("PULSE_CLOSED", name, "it is over already");
    const FieldDescriptor* open = v1::PulseSurvey::descriptor()->FindFieldByName("open_time");
    const FieldDescriptor* close = v1::PulseSurvey::descriptor()->FindFieldByName("close_time");
    if (resource::GetTime(*survey, open) > write.now()) {
      return status::Precondition("PULSE_NOT_OPEN", name, "it has not begun; cancel it instead");
    }
    FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<domain::Ballot> ballots, parts.pulses->ReadAnswers(write.transaction(), name));
    FIVESTRAND_ASSIGN_OR_RETURN(const auto invited,
                                InvitedBySchool(write.transaction(), *parts.directory, *survey, calendar::DayOf(write.now())));
    FIVESTRAND_RETURN_IF_ERROR(parts.pulses->KeepFigures(write.transaction(), name, domain::Tally(*survey, invited, ballots)));
    FIVESTRAND_RETURN_IF_ERROR(parts.pulses->Destroy(write.transaction(), name));
    if (resource::GetTime(*survey, close) > write.now()) resource::SetTime(survey, close, write.now());
    survey->set_state(v1::PulseSurvey::CLOSED);
    return absl::OkStatus();
  });
}

absl::Status CloseDuePulses(const resource::Registry& registry, const PulseParts& parts, absl::Time now, absl::Time deadline) {
  std::vector<std::string> due;
  v1::PulseSurvey scratch;
  FIVESTRAND_RETURN_IF_ERROR(registry.store().Read(deadline, [&](fivestrand::store::Session& session) {
    due.clear();
    return registry.Scan(session, v1::PulseSurvey::descriptor(), "state = $1 AND close_time <= $2",
                         {static_cast<int>(v1::PulseSurvey::SCHEDULED), now}, &scratch, [&] {
                           due.push_back(scratch.name());
                           return absl::OkStatus();
                         });
  }));
  for (const std::string& name : due) {
    auto caller = std::make_shared<identity::Caller>();
    caller->subject = "services/welfare";
    rpc::CallContext call;
    call.method = rpc::FindMethod("fivestrand.welfare.v1.PulseService.ClosePulseSurvey");
    call.caller = caller;
    call.scope = name;
    call.trust = names::TrustOf(name);
    call.now = now;
    call.deadline = deadline;
    const absl::Status closed = registry.store().Write(deadline, [&](fivestrand::store::WriteTransaction& transaction) {
      WriteContext write(registry, call, transaction);
      v1::PulseSurvey survey;
      return ClosePulse(parts, write, name, "", &survey);
    });
    // Another replica, or a person, was first.
    if (!closed.ok() && !absl::IsFailedPrecondition(closed)) return closed;
  }
  return absl::OkStatus();
}

}  // namespace fivestrand::welfare::api
