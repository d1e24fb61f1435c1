#include "services/leadership/api/calendar_api.h"

#include <utility>

#include "fivestrand/leadership/v1/calendar_service.pb.h"

#include "platform/calendar/request_dates.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "services/leadership/domain/visibility_source.h"
#include "services/organisation/domain/calendar_input.h"

namespace fivestrand::leadership::api {
namespace {

constexpr int kMaxDays = 400;

absl::Status ListCalendarDays(domain::VisibilitySource& source, const rpc::CallContext& context,
                              const v1::ListCalendarDaysRequest& request, v1::ListCalendarDaysResponse* response) {
  const absl::CivilDay today = calendar::DayOf(context.now);
  FIVESTRAND_ASSIGN_OR_RETURN(const calendar::AskedSpan asked, calendar::ReadSpan(request));
  FIVESTRAND_ASSIGN_OR_RETURN(const calendar::DayRange span,
                              calendar::CheckSpan({asked.start.value_or(today), asked.end.value_or(today)}, kMaxDays));
  FIVESTRAND_ASSIGN_OR_RETURN(const auto calendar, source.ReadCalendar(request.parent(), context.deadline));
  for (absl::CivilDay day = span.start; day <= span.end; ++day)
    *response->add_calendar_days() = organisation::ToCalendarDay(*calendar, day);
  return absl::OkStatus();
}

}  // namespace

void BindCalendar(std::shared_ptr<domain::VisibilitySource> source, rpc::Server& server) {
  server.Handle<v1::ListCalendarDaysRequest, v1::ListCalendarDaysResponse>(
      rpc::FindMethod("fivestrand.leadership.v1.CalendarService.ListCalendarDays"), rpc::Runs::kPool,
      [source = std::move(source)](const rpc::CallContext& context, const v1::ListCalendarDaysRequest& request,
                                   v1::ListCalendarDaysResponse* response) {
        return ListCalendarDays(*source, context, request, response);
      });
}

}  // namespace fivestrand::leadership::api
