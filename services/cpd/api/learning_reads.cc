#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fivestrand/cpd/v1/learning_service.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/identity/access.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/cpd/api/event_access.h"
#include "services/cpd/api/learning_api.h"
#include "services/cpd/api/spans.h"
#include "services/cpd/domain/event_calendar.h"
#include "services/cpd/domain/times.h"

namespace fivestrand::cpd::api {
namespace {

using fivestrand::store::Session;

constexpr int kMaxTeamDays = 400;
constexpr int kMaxRecordDays = 800;
constexpr int kYear = 365;

const google::protobuf::MethodDescriptor* Method(const char* name) {
  return rpc::FindMethod(absl::StrCat("fivestrand.cpd.v1.LearningService.", name));
}

absl::Status ReadEventCalendar(const resource::Registry& registry, const rpc::CallContext& context,
                               const v1::ReadEventCalendarRequest& request, v1::EventCalendar* response) {
  v1::CpdEvent event;
  FIVESTRAND_RETURN_IF_ERROR(registry.store().Read(context.deadline, [&](Session& session) -> absl::Status {
    FIVESTRAND_ASSIGN_OR_RETURN(const bool found, registry.Read(session, request.name(), &event));
    return found ? absl::OkStatus() : status::NotFound("fivestrand/CpdEvent", request.name());
  }));
  response->set_file_name(domain::EventCalendarFileName(event));
  response->set_text(domain::EventCalendarText(event));
  return absl::OkStatus();
}

// Oneself, whom one line-manages now, and whose bookings one may list. Of anybody else not even whether there is such a person.
absl::Status ReadLearningRecord(const domain::LearningReads& reads, const resource::Registry& registry,
                                const rpc::CallContext& context, const v1::ReadLearningRecordRequest& request,
                                v1::LearningRecord* response) {
  const absl::CivilDay today = calendar::DayOf(context.now);
  const std::string& caller = context.caller->subject;
  FIVESTRAND_ASSIGN_OR_RETURN(const calendar::DayRange span,
                              ReadSpanOr(request, calendar::AcademicYearRange(calendar::AcademicYearOf(today)), kMaxRecordDays));
  domain::PersonLearning learning;
  FIVESTRAND_RETURN_IF_ERROR(reads.ReadLearning(request.person(), caller, span, context.now, context.deadline, &learning));
  const identity::Access listed =
      registry.access().DecideFor(*context.caller, "cpd.bookings.list", names::TrustNameOf(request.person()), context.now);
  if (request.person() != caller && !learning.managed && !listed.Includes({.row_school = names::IdOf(learning.school)}))
    return status::Denied(context.method->full_name());
  *response = std::move(learning.record);
  *response->mutable_start_date() = calendar::ToProto(span.start);
  *response->mutable_end_date() = calendar::ToProto(span.end);
  return absl::OkStatus();
}

}  // namespace

void BindLearningReads(std::shared_ptr<const domain::LearningReads> reads, resource::Registry& registry, rpc::Server& server) {
  server.Handle<v1::ListOpenEventsRequest, v1::ListOpenEventsResponse>(
      Method("ListOpenEvents"), rpc::Runs::kPool,
      [reads](const rpc::CallContext& context, const v1::ListOpenEventsRequest& request, v1::ListOpenEventsResponse* response) {
        return reads->ReadOpenEvents(request, context.caller->subject, context.now, context.deadline, response);
      });
  server.Handle<v1::ReadEventCalendarRequest, v1::EventCalendar>(
      Method("ReadEventCalendar"), rpc::Runs::kPool,
      [&registry](const rpc::CallContext& context, const v1::ReadEventCalendarRequest& request, v1::EventCalendar* response) {
        return ReadEventCalendar(registry, context, request, response);
      });
  server.Handle<v1::ReadRegisterRequest, v1::EventRegister>(
      Method("ReadRegister"), rpc::Runs::kPool,
      [reads, &registry](const rpc::CallContext& context, const v1::ReadRegisterRequest& request, v1::EventRegister* response) {
        return registry.store().Read(context.deadline, [&](Session& session) -> absl::Status {
          response->Clear();
          v1::CpdEvent event;
          FIVESTRAND_RETURN_IF_ERROR(ReadReachedEvent(registry, context, session, request.event(), &event));
          return reads->ReadPlaces(session, request.event(), response);
        });
      });
  server.Handle<v1::ListTeamBookingsRequest, v1::ListTeamBookingsResponse>(
      Method("ListTeamBookings"), rpc::Runs::kPool,
      [reads](const rpc::CallContext& context, const v1::ListTeamBookingsRequest& request,
              v1::ListTeamBookingsResponse* response) -> absl::Status {
        const absl::CivilDay today = calendar::DayOf(context.now);
        FIVESTRAND_ASSIGN_OR_RETURN(const calendar::DayRange span, ReadSpanOr(request, {today, today + kYear}, kMaxTeamDays));
        return reads->ReadTeamBookings(context.caller->subject, today, span, context.deadline, response);
      });
  server.Handle<v1::ReadLearningRecordRequest, v1::LearningRecord>(
      Method("ReadLearningRecord"), rpc::Runs::kPool,
      [reads, &registry](const rpc::CallContext& context, const v1::ReadLearningRecordRequest& request,
                         v1::LearningRecord* response) {
        return ReadLearningRecord(*reads, registry, context, request, response);
      });
}

}  // namespace fivestrand::cpd::api
