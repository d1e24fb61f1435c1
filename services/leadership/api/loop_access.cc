#include "services/leadership/api/loop_access.h"

#include <algorithm>
#include <string>

#include "absl/algorithm/container.h"

#include "platform/calendar/timestamp.h"
#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/resource/standard_methods.h"
#include "platform/resource/write_context.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/leadership/domain/loop/stamps.h"

namespace fivestrand::leadership::api {

LoopAccess::LoopAccess(const resource::Registry& registry, const rpc::CallContext& context)
    : registry_(registry),
      context_(context),
      concerns_(Decide("leadership.concerns.get")),
      figures_(Decide("leadership.concerns.readFigures")),
      threads_(Decide("leadership.improvementThreads.list")),
      updates_(Decide("leadership.improvementThreads.update")) {}

identity::Access LoopAccess::Decide(std::string_view permission) const {
  // About the trust level, where concerns and threads live, also when the call is about a school.
  return registry_.access().DecideFor(*context_.caller, permission, names::TrustNameOf(context_.scope), context_.now);
}

bool LoopAccess::Includes(const identity::Access& access, const google::protobuf::Message& record) const {
  resource::Facts facts;
  resource::FactsOf(*registry_.Find(record.GetDescriptor())->declaration, record, context_.caller->subject, &facts);
  return access.Includes(facts.row);
}

bool LoopAccess::MaySee(const v1::Concern& concern) const {
  return Includes(concerns_, concern);
}

bool LoopAccess::MaySeeFigures(const v1::Concern& concern) const {
  const std::string& subject = context_.caller->subject;
  return Includes(figures_, concern) || (MaySee(concern) && (concern.accountable() == subject || concern.raised_by() == subject));
}

bool LoopAccess::MayList(const v1::ImprovementThread& thread) const {
  return Includes(threads_, thread);
}

bool LoopAccess::MayUpdate(const v1::ImprovementThread& thread) const {
  return Includes(updates_, thread);
}

bool LoopAccess::MaySee(const domain::ThreadStory& story) const {
  return MayList(story.thread) || absl::c_linear_search(story.contributors, context_.caller->subject) ||
         absl::c_any_of(story.concerns, [this](const v1::Concern& concern) { return MaySee(concern); });
}

absl::Status LoopAccess::CheckAnswer(const v1::Concern& concern) const {
  resource::Facts facts;
  resource::FactsOf(*registry_.Find(concern.GetDescriptor())->declaration, concern, context_.caller->subject, &facts);
  facts.row.own = concern.accountable() == context_.caller->subject;
  return context_.access.Includes(facts.row) ? absl::OkStatus() : status::Denied("leadership.concerns.answer");
}

absl::Status LoopAccess::Missing(std::string_view type, std::string_view name) const {
  return context_.access.everything ? status::NotFound(type, name) : status::Denied(context_.method->full_name());
}

void LoopAccess::Redact(v1::Concern* concern) const {
  resource::Redaction(registry_, *registry_.Find(concern->GetDescriptor()), context_).Apply(concern);
}

void LoopAccess::Redact(v1::ImprovementThread* thread) const {
  resource::Redaction(registry_, *registry_.Find(thread->GetDescriptor()), context_).Apply(thread);
}

absl::Status CheckHistorian(const rpc::CallContext& context) {
  return context.caller->IsOperator() ? absl::OkStatus() : status::Denied(context.method->full_name());
}

absl::Status CheckPresent(const rpc::CallContext& context) {
  return context.caller->IsOperator() ? status::Denied(context.method->full_name()) : absl::OkStatus();
}

absl::StatusOr<absl::Time> EventTime(const resource::WriteContext& write, bool given, const google::protobuf::Timestamp& event_time,
                                     absl::Time after) {
  if (!given) {
    FIVESTRAND_RETURN_IF_ERROR(CheckPresent(write.call()));
    return write.now();
  }
  FIVESTRAND_RETURN_IF_ERROR(CheckHistorian(write.call()));
  const absl::Time time = calendar::ToTime(event_time);
  if (time > write.now()) return status::InvalidField("event_time", "must not lie ahead");
  if (time < after) return status::InvalidField("event_time", "must not be before what it follows");
  return time;
}

}  // namespace fivestrand::leadership::api
