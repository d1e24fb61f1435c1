#include "services/assessment/api/pupil_api.h"

#include <algorithm>
#include <string>
#include <vector>

#include "fivestrand/assessment/v1/pupil_service.pb.h"
#include "fivestrand/leadership/v1/organisation.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/resource/registry.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/assessment/api/class_access.h"
#include "services/assessment/api/pupil_access.h"
#include "services/assessment/domain/group_codes.h"

namespace fivestrand::assessment::api {
namespace {

using fivestrand::store::Session;

constexpr int kMaxClassPupils = 500;

template <typename Dated>
void NewestFirst(std::vector<Dated>* records) {
  const auto day = [](const Dated& record) {
    return calendar::FromProto(record.start_date()).value_or(absl::CivilDay(1, 1, 1));
  };
  std::sort(records->begin(), records->end(), [&](const Dated& a, const Dated& b) { return day(a) > day(b); });
}

// Who may know all groups; a class teacher, and whoever else teaches the pupil, knows of needs and care.
void TakeGroups(const resource::Registry& registry, const rpc::CallContext& context, const domain::ReachFacts& facts,
                std::vector<v1::GroupMembership> memberships, v1::PupilOverview* response) {
  const identity::Access groups =
      registry.access().DecideFor(*context.caller, "assessment.groupMemberships.get", context.scope, context.now);
  response->set_all_groups(groups.everything || domain::ReachesPupil(groups, facts));
  NewestFirst(&memberships);
  for (v1::GroupMembership& each : memberships) {
    if (response->all_groups() || (facts.taught && domain::NeededByTeacher(each.group())))
      *response->add_group_memberships() = std::move(each);
  }
}

absl::Status ReadOverview(const resource::Registry& registry, const domain::RecordSource& source, const rpc::CallContext& context,
                          const v1::ReadPupilOverviewRequest& request, v1::PupilOverview* response) {
  return registry.store().Read(context.deadline, [&](Session& session) -> absl::Status {
    domain::ReachFacts facts;
    FIVESTRAND_RETURN_IF_ERROR(
        ReadPupilInReach(registry, source, session, context, request.name(), response->mutable_pupil(), &facts));
    std::vector<v1::Enrolment> enrolments;
    FIVESTRAND_RETURN_IF_ERROR(source.EnrolmentsOf(session, request.name(), &enrolments));
    NewestFirst(&enrolments);
    for (v1::Enrolment& each : enrolments) *response->add_enrolments() = std::move(each);
    std::vector<v1::ClassMembership> classes;
    FIVESTRAND_RETURN_IF_ERROR(source.ClassMembershipsOf(session, request.name(), &classes));
    NewestFirst(&classes);
    for (v1::ClassMembership& each : classes) *response->add_class_memberships() = std::move(each);
    std::vector<v1::GroupMembership> groups;
    FIVESTRAND_RETURN_IF_ERROR(source.GroupMembershipsOf(session, request.name(), &groups));
    TakeGroups(registry, context, facts, std::move(groups), response);
    return absl::OkStatus();
  });
}

absl::Status ListClass(const resource::Registry& registry, const domain::RecordSource& source, const rpc::CallContext& context,
                       const v1::ListClassPupilsRequest& request, v1::ListClassPupilsResponse* response) {
  absl::CivilDay day = calendar::DayOf(context.now);
  if (request.has_date()) {
    const auto given = calendar::FromProto(request.date());
    if (!given) return status::InvalidField("date", "must be a day that exists");
    day = *given;
  }
  return registry.store().Read(context.deadline, [&](Session& session) -> absl::Status {
    leadership::v1::SchoolClass school_class;
    FIVESTRAND_RETURN_IF_ERROR(ReadClassInReach(registry, session, context, request.parent(), "", &school_class));
    std::vector<v1::Pupil> pupils;
    FIVESTRAND_RETURN_IF_ERROR(source.PupilsOfClass(session, request.parent(), {day, day}, kMaxClassPupils, &pupils));
    for (v1::Pupil& each : pupils) *response->add_pupils() = std::move(each);
    return absl::OkStatus();
  });
}

}  // namespace

void BindPupils(const resource::Registry& registry, std::shared_ptr<const domain::RecordSource> source, rpc::Server& server) {
  server.Handle<v1::ReadPupilOverviewRequest, v1::PupilOverview>(
      rpc::FindMethod("fivestrand.assessment.v1.PupilService.ReadPupilOverview"), rpc::Runs::kPool,
      [&registry, source](const rpc::CallContext& context, const v1::ReadPupilOverviewRequest& request,
                          v1::PupilOverview* response) { return ReadOverview(registry, *source, context, request, response); });
  server.Handle<v1::ListClassPupilsRequest, v1::ListClassPupilsResponse>(
      rpc::FindMethod("fivestrand.assessment.v1.PupilService.ListClassPupils"), rpc::Runs::kPool,
      [&registry, source](const rpc::CallContext& context, const v1::ListClassPupilsRequest& request,
                          v1::ListClassPupilsResponse* response) {
        return ListClass(registry, *source, context, request, response);
      });
}

}  // namespace fivestrand::assessment::api
