#include "services/cpd/domain/coaching_rules.h"

#include <algorithm>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/message_differencer.h>

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/calendar/timestamp.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/cpd/domain/times.h"

namespace fivestrand::cpd::domain {
namespace {

using google::protobuf::util::MessageDifferencer;
using resource::WriteContext;

absl::CivilDay Today(const WriteContext& context) {
  return calendar::DayOf(context.now());
}

absl::Status Within(const WriteContext& context, absl::CivilDay day, std::string_view field) {
  const absl::CivilDay today = Today(context);
  if (day >= today - kFurthestDays && day <= today + kFurthestDays) return absl::OkStatus();
  return status::InvalidField(context.Field(field), "must lie within 800 days of today");
}

// Reads the cycle of a new session or step and takes its two people over. Whoever is neither must not learn whether there is such
// a cycle, so both answers are the one that the row check gives.
template <typename Record>
absl::Status TakeFromCycle(WriteContext& context, Record* record, v1::CoachingCycle* cycle) {
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, context.Read(record->cycle(), cycle));
  if (!found || (cycle->coach() != context.actor() && cycle->coachee() != context.actor()))
    return status::Denied(context.call().method->full_name());
  if (cycle->state() != v1::CoachingCycle::ACTIVE)
    return status::Precondition("COACHING_CYCLE_ENDED", cycle->name(), "the cycle has ended");
  record->set_coach(cycle->coach());
  record->set_coachee(cycle->coachee());
  return absl::OkStatus();
}

}  // namespace

absl::Status CoachingCycleStrategy::Write(WriteContext& context, const v1::CoachingCycle* before, v1::CoachingCycle* after) {
  if (before == nullptr) {
    if (after->coach().empty()) after->set_coach(std::string(context.actor()));
    if (after->coachee().empty()) after->set_coachee(std::string(context.actor()));
    if (after->coach() == after->coachee())
      return status::InvalidField(context.Field("coachee"), "must be somebody else than the coach");
    after->set_state(v1::CoachingCycle::ACTIVE);
    after->clear_end_date();
    if (after->cadence() == v1::CoachingCycle::CADENCE_UNSPECIFIED) after->set_cadence(v1::CoachingCycle::FORTNIGHTLY);
    FIVESTRAND_RETURN_IF_ERROR(Within(context, ToDay(after->start_date()), "start_date"));
    const absl::CivilDay day = std::max(ToDay(after->start_date()), Today(context));
    FIVESTRAND_ASSIGN_OR_RETURN(*after->mutable_school(), rows_->SchoolOf(context.transaction(), after->coachee(), day));
  } else if (before->state() != v1::CoachingCycle::ACTIVE) {
    v1::CoachingCycle was = *before, is = *after;
    for (v1::CoachingCycle* cycle : {&was, &is}) {
      cycle->clear_focus();
      cycle->clear_outcome();
      cycle->clear_etag();
    }
    if (!MessageDifferencer::Equals(was, is))
      return status::Precondition("COACHING_CYCLE_ENDED", after->name(), "only the texts of a cycle that has ended can change");
  } else if (!MessageDifferencer::Equals(before->start_date(), after->start_date())) {
    FIVESTRAND_RETURN_IF_ERROR(Within(context, ToDay(after->start_date()), "start_date"));
  }
  if (after->has_planned_end_date() && ToDay(after->planned_end_date()) < ToDay(after->start_date()))
    return status::InvalidField(context.Field("planned_end_date"), "must not be before start_date");
  return absl::OkStatus();
}

absl::Status CoachingSessionStrategy::Write(WriteContext& context, const v1::CoachingSession* before, v1::CoachingSession* after) {
  if (before != nullptr) {
    if (before->state() == v1::CoachingSession::PLANNED ||
        MessageDifferencer::Equals(before->planned_time(), after->planned_time()))
      return absl::OkStatus();
    return status::Precondition("SESSION_NOT_PLANNED", after->name(), "only a planned session can be moved");
  }
  v1::CoachingCycle cycle;
  FIVESTRAND_RETURN_IF_ERROR(TakeFromCycle(context, after, &cycle));
  const absl::Time planned = calendar::ToTime(after->planned_time());
  FIVESTRAND_RETURN_IF_ERROR(Within(context, calendar::DayOf(planned), "planned_time"));
  if (calendar::DayOf(planned) < ToDay(cycle.start_date()))
    return status::InvalidField(context.Field("planned_time"), "must not be before the cycle begins");
  if (planned > context.now() + kClockDifference) {
    after->set_state(v1::CoachingSession::PLANNED);
    after->clear_held_time();
  } else {
    after->set_state(v1::CoachingSession::HELD);
    *after->mutable_held_time() = after->planned_time();
  }
  return absl::OkStatus();
}

absl::Status ActionStepStrategy::Write(WriteContext& context, const v1::ActionStep* before, v1::ActionStep* after) {
  if (before != nullptr) {
    if (before->state() == v1::ActionStep::OPEN) return absl::OkStatus();
    if (before->text() == after->text() && MessageDifferencer::Equals(before->due_date(), after->due_date()))
      return absl::OkStatus();
    return status::Precondition("STEP_NOT_OPEN", after->name(),
                                "what was to be done, and when, can change only while the step is open");
  }
  v1::CoachingCycle cycle;
  FIVESTRAND_RETURN_IF_ERROR(TakeFromCycle(context, after, &cycle));
  FIVESTRAND_RETURN_IF_ERROR(Within(context, ToDay(after->due_date()), "due_date"));
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string open, rows_->OpenStep(context.transaction(), after->cycle()));
  if (!open.empty())
    return status::Precondition("STEP_OPEN", open, "a cycle has one open step at a time; achieve or drop this one first");
  after->set_state(v1::ActionStep::OPEN);
  after->set_open_cycle(after->cycle());
  after->clear_achieved_date();
  after->clear_shared_with();
  return absl::OkStatus();
}

absl::Status CompleteCycle(absl::CivilDay end, absl::CivilDay today, v1::CoachingCycle* cycle) {
  if (cycle->state() != v1::CoachingCycle::ACTIVE)
    return status::Precondition("COACHING_CYCLE_ENDED", cycle->name(), "only an active cycle can be completed");
  if (ToDay(cycle->start_date()) > today)
    return status::Precondition("COACHING_CYCLE_AHEAD", cycle->name(), "the cycle has not begun; cancel it instead");
  if (end > today) return status::InvalidField("end_date", "must not lie ahead");
  if (end < ToDay(cycle->start_date())) return status::InvalidField("end_date", "must not be before the cycle's start_date");
  cycle->set_state(v1::CoachingCycle::COMPLETED);
  *cycle->mutable_end_date() = calendar::ToProto(end);
  return absl::OkStatus();
}

absl::Status CancelCycle(absl::CivilDay today, v1::CoachingCycle* cycle) {
  if (cycle->state() != v1::CoachingCycle::ACTIVE)
    return status::Precondition("COACHING_CYCLE_ENDED", cycle->name(), "only an active cycle can be cancelled");
  cycle->set_state(v1::CoachingCycle::CANCELLED);
  *cycle->mutable_end_date() = calendar::ToProto(today);
  return absl::OkStatus();
}

absl::Status HoldSession(absl::Time held, absl::Time now, v1::CoachingSession* session) {
  if (session->state() != v1::CoachingSession::PLANNED)
    return status::Precondition("SESSION_NOT_PLANNED", session->name(), "only a planned session can be held");
  if (held > now + kClockDifference) return status::Precondition("SESSION_AHEAD", session->name(), "the session lies ahead");
  session->set_state(v1::CoachingSession::HELD);
  *session->mutable_held_time() = calendar::ToTimestamp(held);
  return absl::OkStatus();
}

absl::Status CancelSession(v1::CoachingSession* session) {
  if (session->state() != v1::CoachingSession::PLANNED)
    return status::Precondition("SESSION_NOT_PLANNED", session->name(), "only a planned session can be cancelled");
  session->set_state(v1::CoachingSession::CANCELLED);
  return absl::OkStatus();
}

absl::Status AchieveStep(absl::CivilDay day, absl::CivilDay today, v1::ActionStep* step) {
  if (step->state() != v1::ActionStep::OPEN)
    return status::Precondition("STEP_NOT_OPEN", step->name(), "only an open step can be achieved");
  if (day > today) return status::InvalidField("achieved_date", "must not lie ahead");
  step->set_state(v1::ActionStep::ACHIEVED);
  *step->mutable_achieved_date() = calendar::ToProto(day);
  step->clear_open_cycle();
  return absl::OkStatus();
}

absl::Status DropStep(v1::ActionStep* step) {
  if (step->state() != v1::ActionStep::OPEN)
    return status::Precondition("STEP_NOT_OPEN", step->name(), "only an open step can be dropped");
  step->set_state(v1::ActionStep::DROPPED);
  step->clear_open_cycle();
  return absl::OkStatus();
}

absl::Status ShareStep(std::string_view actor, const std::vector<std::string>& people, v1::ActionStep* step) {
  if (step->coachee() != actor) return status::Denied("cpd.actionSteps.share");
  step->clear_shared_with();
  std::vector<std::string> once = people;
  std::sort(once.begin(), once.end());
  once.erase(std::unique(once.begin(), once.end()), once.end());
  for (const std::string& person : once) {
    if (person != step->coach() && person != step->coachee()) step->add_shared_with(person);
  }
  return absl::OkStatus();
}

}  // namespace fivestrand::cpd::domain
