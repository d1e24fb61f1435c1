#include "services/leadership/api/day_api.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "fivestrand/leadership/v1/visibility_service.pb.h"

#include "platform/calendar/request_dates.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "services/leadership/domain/day.h"
#include "services/leadership/domain/day_coverage.h"
#include "services/leadership/domain/visibility_source.h"

namespace fivestrand::leadership::api {
namespace {

absl::Status ReadDay(domain::VisibilitySource& source, const rpc::CallContext& context, const v1::ReadDayRequest& request,
                     v1::LeaderDay* response) {
  const absl::CivilDay today = calendar::DayOf(context.now);
  FIVESTRAND_ASSIGN_OR_RETURN(const std::optional<absl::CivilDay> asked,
                              calendar::ReadDate(request.has_date(), request.date(), "date"));
  const absl::CivilDay day = asked.value_or(today);
  const std::string& caller = context.caller->subject;
  FIVESTRAND_ASSIGN_OR_RETURN(const domain::DayFacts facts, source.ReadDay(request.school(), caller, day, context.deadline));
  *response = domain::LeaderDayOf(facts, caller, domain::ClassReach(context.access, caller, context.school), day, today);
  return absl::OkStatus();
}

// Absent: the default, which depends on the calendar.
absl::StatusOr<std::optional<calendar::DayRange>> CoverageSpan(const v1::ReadCoverageRequest& request, absl::CivilDay today) {
  FIVESTRAND_ASSIGN_OR_RETURN(const calendar::AskedSpan asked, calendar::ReadSpan(request));
  if (!asked.start && !asked.end) return std::optional<calendar::DayRange>();
  const absl::CivilDay end = asked.end ? *asked.end : std::max(*asked.start, today);
  const absl::CivilDay start = asked.start ? *asked.start : calendar::AcademicYearRange(calendar::AcademicYearOf(end)).start;
  FIVESTRAND_ASSIGN_OR_RETURN(const calendar::DayRange span, calendar::CheckSpan({start, end}, domain::kMaxCoverageDays));
  return std::optional(span);
}

absl::Status ReadCoverage(domain::VisibilitySource& source, const rpc::CallContext& context, const v1::ReadCoverageRequest& request,
                          v1::Coverage* response) {
  const absl::CivilDay today = calendar::DayOf(context.now);
  FIVESTRAND_ASSIGN_OR_RETURN(const std::optional<calendar::DayRange> span, CoverageSpan(request, today));
  FIVESTRAND_ASSIGN_OR_RETURN(const domain::CoverageFacts facts,
                              source.ReadCoverage(request.school(), span, today, context.deadline));
  *response = domain::CoverageOf(facts, domain::ClassReach(context.access, context.caller->subject, context.school));
  return absl::OkStatus();
}

}  // namespace

void BindDay(std::shared_ptr<domain::VisibilitySource> source, rpc::Server& server) {
  server.Handle<v1::ReadDayRequest, v1::LeaderDay>(
      rpc::FindMethod("fivestrand.leadership.v1.VisibilityService.ReadDay"), rpc::Runs::kPool,
      [source](const rpc::CallContext& context, const v1::ReadDayRequest& request, v1::LeaderDay* response) {
        return ReadDay(*source, context, request, response);
      });
  server.Handle<v1::ReadCoverageRequest, v1::Coverage>(
      rpc::FindMethod("fivestrand.leadership.v1.VisibilityService.ReadCoverage"), rpc::Runs::kPool,
      [source = std::move(source)](const rpc::CallContext& context, const v1::ReadCoverageRequest& request,
                                   v1::Coverage* response) { return ReadCoverage(*source, context, request, response); });
}

}  // namespace fivestrand::leadership::api
