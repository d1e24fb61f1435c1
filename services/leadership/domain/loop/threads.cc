#include "services/leadership/domain/loop/threads.h"

#include <algorithm>
#include <string>

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/timestamp.h"
#include "platform/names/names.h"
#include "platform/status/status.h"
#include "services/leadership/domain/loop/loop_source.h"
#include "services/leadership/domain/loop/stamps.h"

namespace fivestrand::leadership::domain {

using v1::ImprovementThread;
using v1::ThreadResponse;

std::vector<Effect> PlainEffects(const std::vector<ConcernEffect>& effects) {
  std::vector<Effect> plain;
  for (const ConcernEffect& one : effects) plain.push_back(one.effect);
  return plain;
}

std::optional<absl::CivilDay> BeganOn(const ThreadResponse& response, absl::CivilDay today) {
  if (response.withdrawn()) return std::nullopt;
  const std::optional<absl::CivilDay> start = DateOf(response.has_start_date(), response.start_date());
  return start && *start <= today ? start : std::nullopt;
}

bool IsDone(const ThreadResponse& response, absl::CivilDay today) {
  const std::optional<absl::CivilDay> done = DateOf(response.has_done_date(), response.done_date());
  return done && *done <= today;
}

std::optional<absl::CivilDay> FirstResponse(absl::Span<const ThreadResponse> responses, absl::CivilDay today) {
  std::optional<absl::CivilDay> first;
  for (const ThreadResponse& response : responses) {
    const std::optional<absl::CivilDay> began = BeganOn(response, today);
    if (began && (!first || *began < *first)) first = began;
  }
  return first;
}

void Progress(absl::Span<const ThreadResponse> responses, absl::Span<const Effect> effects, absl::CivilDay today,
              ImprovementThread* thread) {
  if (thread->state() == ImprovementThread::CLOSED) return;
  const std::optional<absl::CivilDay> first = FirstResponse(responses, today);
  thread->clear_first_response_date();
  thread->clear_impact_date();
  if (!first) {
    thread->set_state(ImprovementThread::OPEN);
    return;
  }
  *thread->mutable_first_response_date() = calendar::ToProto(*first);
  const bool all_done = std::all_of(responses.begin(), responses.end(), [&](const ThreadResponse& response) {
    return response.withdrawn() || (BeganOn(response, today) && IsDone(response, today));
  });
  thread->set_state(all_done ? ImprovementThread::AWAITING_READING : ImprovementThread::RESPONDING);
  std::optional<absl::CivilDay> impact;
  for (const Effect& effect : effects) {
    if (effect.conclusive() && effect.impact && (!impact || *effect.impact < *impact)) impact = effect.impact;
  }
  if (impact) *thread->mutable_impact_date() = calendar::ToProto(*impact);
}

absl::Status Close(v1::Outcome outcome, std::string_view note, std::string_view actor, absl::Span<const Effect> effects,
                   absl::Time now, ImprovementThread* thread) {
  if (thread->state() == ImprovementThread::CLOSED)
    return status::Precondition("THREAD_CLOSED", thread->name(), "it is closed already");
  switch (outcome) {
    case v1::IMPROVED:
    case v1::UNCHANGED:
    case v1::WORSE: {
      const bool any = std::any_of(effects.begin(), effects.end(), [](const Effect& effect) { return effect.conclusive(); });
      if (!any) {
        return status::Precondition(
            "NO_CONCLUSIVE_READING", thread->name(),
            "no measure has been read since its first response and its lag; close it as SUPERSEDED with a note, or wait");
      }
      const bool on_evidence = std::any_of(effects.begin(), effects.end(),
                                           [&](const Effect& effect) { return effect.conclusive() && effect.outcome == outcome; });
      if (!on_evidence) {
        return status::Precondition("OUTCOME_NOT_ON_EVIDENCE", thread->name(), "none of its measures came to that outcome");
      }
      break;
    }
    case v1::SUPERSEDED:
      if (note.empty()) return status::InvalidField("closing_note", "is required for SUPERSEDED: the reason stays");
      break;
    default:
      return status::InvalidField("outcome", "must be IMPROVED, UNCHANGED, WORSE or SUPERSEDED");
  }
  thread->set_state(ImprovementThread::CLOSED);
  thread->set_outcome(outcome);
  thread->set_closing_note(std::string(note));
  // An operator is no person of the trust; the audit trail has them.
  if (names::TrustOf(actor) == names::TrustOf(thread->name())) thread->set_closed_by(std::string(actor));
  *thread->mutable_close_time() = calendar::ToTimestamp(now);
  return absl::OkStatus();
}

absl::Status Reopen(std::string_view reason, ImprovementThread* thread) {
  if (thread->state() != ImprovementThread::CLOSED)
    return status::Precondition("THREAD_NOT_CLOSED", thread->name(), "it is not closed");
  if (reason.empty()) return status::InvalidField("reason", "is required");
  thread->set_state(ImprovementThread::OPEN);
  thread->clear_outcome();
  thread->clear_close_time();
  thread->clear_closed_by();
  thread->clear_closing_note();
  thread->set_reopen_reason(std::string(reason));
  return absl::OkStatus();
}

}  // namespace fivestrand::leadership::domain
