#include "services/cpd/api/coaching_api.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/cpd/v1/coaching_service.pb.h"
#include "fivestrand/leadership/v1/people.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/calendar/timestamp.h"
#include "platform/names/names.h"
#include "platform/resource/record_reads.h"
#include "platform/resource/registry.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/cpd/api/spans.h"
#include "services/cpd/domain/coaching_rules.h"
#include "services/cpd/domain/times.h"

namespace fivestrand::cpd::api {
namespace {

using resource::WriteContext;
using resource::WriteSpec;

constexpr int kMaxCountDays = 400;

const google::protobuf::MethodDescriptor* Method(const char* name) {
  return rpc::FindMethod(absl::StrCat("fivestrand.cpd.v1.CoachingService.", name));
}

// A verb that changes one record, which the caller must reach. Its answer may hold sealed texts.
template <typename Request, typename Record, typename Body>
void BindVerb(resource::Registry& registry, rpc::Server& server, const char* method, Body body) {
  registry.HandleWrite<Request, Record>(
      server, Method(method),
      [](const Request& request) {
        return WriteSpec{.request_id = request.request_id(),
                         .seal_answer = true,
                         .resource_type = absl::StrCat("fivestrand/", Record::descriptor()->name())};
      },
      [body](WriteContext& write, const Request& request, Record* record) -> absl::Status {
        write.set_check_rows(true);
        return body(write, request, record);
      });
}

absl::CivilDay DayOr(bool has, const google::type::Date& date, absl::CivilDay otherwise) {
  return has ? domain::ToDay(date) : otherwise;
}

// Nobody waits for sessions of a cycle that has ended.
absl::Status CancelPlanned(WriteContext& write, const domain::CpdRows& rows, const std::string& cycle) {
  FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<std::string> planned, rows.PlannedSessions(write.transaction(), cycle));
  for (const std::string& name : planned) {
    v1::CoachingSession session;
    FIVESTRAND_RETURN_IF_ERROR(write.Update(name, {}, "cancel", &session, [&] { return domain::CancelSession(&session); }));
  }
  return absl::OkStatus();
}

void BindCycles(std::shared_ptr<const domain::CpdRows> rows, resource::Registry& registry, rpc::Server& server) {
  BindVerb<v1::CompleteCycleRequest, v1::CoachingCycle>(
      registry, server, "CompleteCycle",
      [rows](WriteContext& write, const v1::CompleteCycleRequest& request, v1::CoachingCycle* cycle) -> absl::Status {
        FIVESTRAND_RETURN_IF_ERROR(write.Update(request.name(), {.etag = request.etag()}, "complete", cycle, [&] {
          const absl::CivilDay today = calendar::DayOf(write.now());
          if (!request.outcome().empty()) cycle->set_outcome(request.outcome());
          return domain::CompleteCycle(DayOr(request.has_end_date(), request.end_date(), today), today, cycle);
        }));
        return CancelPlanned(write, *rows, request.name());
      });
  BindVerb<v1::CancelCycleRequest, v1::CoachingCycle>(
      registry, server, "CancelCycle",
      [rows](WriteContext& write, const v1::CancelCycleRequest& request, v1::CoachingCycle* cycle) -> absl::Status {
        FIVESTRAND_RETURN_IF_ERROR(write.Update(request.name(), {.etag = request.etag()}, "cancel", cycle,
                                                [&] { return domain::CancelCycle(calendar::DayOf(write.now()), cycle); }));
        FIVESTRAND_RETURN_IF_ERROR(CancelPlanned(write, *rows, request.name()));
        FIVESTRAND_ASSIGN_OR_RETURN(const std::string open, rows->OpenStep(write.transaction(), request.name()));
        if (open.empty()) return absl::OkStatus();
        v1::ActionStep step;
        return write.Update(open, {}, "drop", &step, [&] { return domain::DropStep(&step); });
      });
}

void BindSessions(resource::Registry& registry, rpc::Server& server) {
  BindVerb<v1::HoldSessionRequest, v1::CoachingSession>(
      registry, server, "HoldSession",
      [](WriteContext& write, const v1::HoldSessionRequest& request, v1::CoachingSession* session) {
        return write.Update(request.name(), {.etag = request.etag()}, "hold", session, [&] {
          if (!request.note().empty()) session->set_note(request.note());
          return domain::HoldSession(calendar::ToTime(request.has_held_time() ? request.held_time() : session->planned_time()),
                                     write.now(), session);
        });
      });
  BindVerb<v1::CancelSessionRequest, v1::CoachingSession>(
      registry, server, "CancelSession",
      [](WriteContext& write, const v1::CancelSessionRequest& request, v1::CoachingSession* session) {
        return write.Update(request.name(), {.etag = request.etag()}, "cancel", session,
                            [&] { return domain::CancelSession(session); });
      });
}

void BindSteps(std::shared_ptr<const domain::CpdRows> rows, resource::Registry& registry, rpc::Server& server) {
  BindVerb<v1::AchieveStepRequest, v1::ActionStep>(
      registry, server, "AchieveStep", [](WriteContext& write, const v1::AchieveStepRequest& request, v1::ActionStep* step) {
        return write.Update(request.name(), {.etag = request.etag()}, "achieve", step, [&] {
          const absl::CivilDay today = calendar::DayOf(write.now());
          if (!request.seen().empty()) step->set_seen(request.seen());
          return domain::AchieveStep(DayOr(request.has_achieved_date(), request.achieved_date(), today), today, step);
        });
      });
  BindVerb<v1::DropStepRequest, v1::ActionStep>(
      registry, server, "DropStep", [](WriteContext& write, const v1::DropStepRequest& request, v1::ActionStep* step) {
        return write.Update(request.name(), {.etag = request.etag()}, "drop", step, [&] { return domain::DropStep(step); });
      });
  BindVerb<v1::ShareStepRequest, v1::ActionStep>(
      registry, server, "ShareStep",
      [rows](WriteContext& write, const v1::ShareStepRequest& request, v1::ActionStep* step) -> absl::Status {
        // Checked here and not by the record, which goes on naming people who have left.
        for (int i = 0; i < request.people_size(); ++i) {
          leadership::v1::Person person;
          FIVESTRAND_ASSIGN_OR_RETURN(const bool found, write.Read(request.people(i), &person));
          if (found) continue;
          return status::Invalid(status::Reason::kReferenceNotFound, absl::StrCat("people[", i, "]"),
                                 "names a person who does not exist");
        }
        FIVESTRAND_RETURN_IF_ERROR(write.Update(request.name(), {.etag = request.etag()}, "share", step, [&] {
          return domain::ShareStep(write.actor(), {request.people().begin(), request.people().end()}, step);
        }));
        return rows->KeepShares(write.transaction(), request.name(), {step->shared_with().begin(), step->shared_with().end()});
      });
}

void BindReads(std::shared_ptr<const domain::CoachingReads> reads, const resource::Registry& registry, rpc::Server& server) {
  server.Handle<v1::ReadCoachingRoomRequest, v1::CoachingRoom>(
      Method("ReadCoachingRoom"), rpc::Runs::kPool,
      [reads](const rpc::CallContext& context, const v1::ReadCoachingRoomRequest& request, v1::CoachingRoom* room) {
        return reads->ReadRoom(request.name(), context.caller->subject, context.method->full_name(), context.deadline, room);
      });
  // The trail of the call names the trust; that of each step, the step, so that its two people find who read it.
  server.AsyncUnary(Method("ListSharedSteps"), rpc::Runs::kPool,
                    [reads, &registry](std::shared_ptr<const rpc::CallContext> context, const google::protobuf::Message&,
                                       std::function<void(absl::Status, rpc::Reply)> done) {
                      v1::ListSharedStepsResponse response;
                      absl::Status status =
                          reads->ReadSharedSteps(context->trust, context->caller->subject, context->deadline, &response);
                      if (!status.ok()) return done(std::move(status), {});
                      std::vector<std::string> names;
                      for (const v1::SharedStep& shared : response.shared_steps()) names.push_back(shared.step());
                      auto reply = std::make_shared<rpc::Reply>();
                      reply->Set(response);
                      resource::RecordReads(
                          registry.store(), std::move(context), std::move(names),
                          [reply, done = std::move(done)](absl::Status written) { done(std::move(written), std::move(*reply)); });
                    });
  server.Handle<v1::ReadCoachingCountsRequest, v1::CoachingCounts>(
      Method("ReadCoachingCounts"), rpc::Runs::kPool,
      [reads](const rpc::CallContext& context, const v1::ReadCoachingCountsRequest& request,
              v1::CoachingCounts* response) -> absl::Status {
        const std::string_view parent = request.parent();
        if (parent != names::TrustNameOf(parent) && parent != names::SchoolNameOf(parent))
          return status::InvalidField("parent", "must be trusts/{trust} or trusts/{trust}/schools/{school}");
        // Part of a school's coaching would be a figure about few.
        if (!context.access.everything) return status::Denied(context.method->full_name());
        const absl::CivilDay today = calendar::DayOf(context.now);
        FIVESTRAND_ASSIGN_OR_RETURN(
            const calendar::DayRange span,
            ReadSpanOr(request, calendar::AcademicYearRange(calendar::AcademicYearOf(today)), kMaxCountDays));
        *response->mutable_start_date() = calendar::ToProto(span.start);
        *response->mutable_end_date() = calendar::ToProto(span.end);
        return reads->ReadCounts(parent, span, context.deadline, response);
      });
}

}  // namespace

void BindCoaching(std::shared_ptr<const domain::CpdRows> rows, std::shared_ptr<const domain::CoachingReads> reads,
                  resource::Registry& registry, rpc::Server& server) {
  BindCycles(rows, registry, server);
  BindSessions(registry, server);
  BindSteps(rows, registry, server);
  BindReads(std::move(reads), registry, server);
}

}  // namespace fivestrand::cpd::api
