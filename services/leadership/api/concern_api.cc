#include "services/leadership/api/concern_api.h"

#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "fivestrand/leadership/v1/improvement_service.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/calendar/timestamp.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/leadership/api/loop_access.h"
#include "services/leadership/domain/loop/lifecycle.h"
#include "services/leadership/domain/loop/loop_source.h"
#include "services/leadership/domain/loop/stamps.h"

namespace fivestrand::leadership::api {
namespace {

using resource::WriteContext;
using resource::WriteSpec;
using v1::Concern;

const google::protobuf::MethodDescriptor* Method(std::string_view name) {
  return rpc::FindMethod("fivestrand.leadership.v1.ImprovementService." + std::string(name));
}

template <typename Request>
WriteSpec SpecOf(const Request& request) {
  return WriteSpec{.request_id = request.request_id(), .resource_type = "fivestrand/Concern"};
}

// Changes a concern that the caller may answer.
template <typename Request>
absl::Status Answer(const resource::Registry& registry, WriteContext& write, const Request& request, std::string_view verb,
                    Concern* concern, absl::FunctionRef<absl::Status()> change) {
  const LoopAccess access(registry, write.call());
  write.set_check_rows(true);
  FIVESTRAND_RETURN_IF_ERROR(write.Update(request.name(), {.etag = request.etag()}, verb, concern, [&]() -> absl::Status {
    FIVESTRAND_RETURN_IF_ERROR(access.CheckAnswer(*concern));
    // The one check is made: handed on, it may leave the caller's own sight.
    write.set_check_rows(false);
    return change();
  }));
  access.Redact(concern);
  return absl::OkStatus();
}

absl::StatusOr<domain::RuleRun> RunOf(const rpc::CallContext& context, const v1::EvaluateRulesRequest& request) {
  domain::RuleRun run{.trust = request.parent(), .measure = request.measure(), .scope = request.scope(), .cut = request.cut()};
  status::FieldViolations wrong;
  if (run.measure.empty() != run.scope.empty()) wrong.Add("scope", "and measure must be given together");
  if (run.measure.empty() && request.has_cut()) wrong.Add("cut", "needs measure and scope");
  if (!run.scope.empty() && run.scope != run.trust &&
      (names::TrustNameOf(run.scope) != run.trust || names::SchoolNameOf(run.scope) != run.scope))
    wrong.Add("scope", "must be the trust or one of its schools");
  if (request.has_as_of()) {
    FIVESTRAND_RETURN_IF_ERROR(CheckHistorian(context));
    run.as_of = calendar::FromProto(request.as_of());
    if (!run.as_of || *run.as_of > calendar::DayOf(context.now))
      wrong.Add("as_of", "must be a day that exists and does not lie ahead");
    if (run.measure.empty()) wrong.Add("as_of", "needs measure and scope");
  }
  FIVESTRAND_RETURN_IF_ERROR(wrong.ToStatus());
  return run;
}

}  // namespace

void BindConcerns(resource::Registry& registry, std::shared_ptr<const domain::LoopSource> source, rpc::Server& server) {
  registry.HandleWrite<v1::AcknowledgeConcernRequest, Concern>(
      server, Method("AcknowledgeConcern"), &SpecOf<v1::AcknowledgeConcernRequest>,
      [&registry](WriteContext& write, const v1::AcknowledgeConcernRequest& request, Concern* concern) {
        return Answer(registry, write, request, "acknowledge", concern, [&]() -> absl::Status {
          FIVESTRAND_ASSIGN_OR_RETURN(const absl::Time time, EventTime(write, request.has_event_time(), request.event_time(),
                                                                       calendar::ToTime(concern->raise_time())));
          return domain::Acknowledge(time, concern);
        });
      });
  registry.HandleWrite<v1::DismissConcernRequest, Concern>(
      server, Method("DismissConcern"), &SpecOf<v1::DismissConcernRequest>,
      [&registry](WriteContext& write, const v1::DismissConcernRequest& request, Concern* concern) {
        return Answer(registry, write, request, "dismiss", concern, [&]() -> absl::Status {
          FIVESTRAND_RETURN_IF_ERROR(CheckPresent(write.call()));
          return domain::Dismiss(request.reason(), write.now(), concern);
        });
      });
  registry.HandleWrite<v1::HandOnConcernRequest, Concern>(
      server, Method("HandOnConcern"), &SpecOf<v1::HandOnConcernRequest>,
      [&registry, source](WriteContext& write, const v1::HandOnConcernRequest& request, Concern* concern) {
        return Answer(registry, write, request, "hand on", concern, [&]() -> absl::Status {
          FIVESTRAND_RETURN_IF_ERROR(CheckPresent(write.call()));
          const std::string_view trust = names::TrustNameOf(request.name());
          FIVESTRAND_ASSIGN_OR_RETURN(const domain::PostBook posts, source->Posts(write.transaction(), trust));
          if (posts.HasLeft(request.accountable(), calendar::DayOf(write.now())))
            return status::Invalid(status::Reason::kReferenceNotFound, "accountable", "must be somebody who is in the trust today");
          return domain::HandOn(request.accountable(), concern);
        });
      });
  server.Handle<v1::EvaluateRulesRequest, v1::EvaluateRulesResponse>(
      Method("EvaluateRules"), rpc::Runs::kPool,
      [source](const rpc::CallContext& context, const v1::EvaluateRulesRequest& request,
               v1::EvaluateRulesResponse* response) -> absl::Status {
        if (request.parent() != names::TrustNameOf(request.parent()))
          return status::InvalidField("parent", "must be trusts/{trust}");
        FIVESTRAND_ASSIGN_OR_RETURN(const domain::RuleRun run, RunOf(context, request));
        FIVESTRAND_ASSIGN_OR_RETURN(const domain::RuleOutcome outcome, source->RunRules(run, context.deadline));
        response->set_raised(outcome.raised);
        response->set_joined(outcome.joined);
        response->set_resolved(outcome.resolved);
        return absl::OkStatus();
      });
}

}  // namespace fivestrand::leadership::api
