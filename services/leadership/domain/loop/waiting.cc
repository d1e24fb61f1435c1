#include "services/leadership/domain/loop/waiting.h"

#include <algorithm>

#include "platform/calendar/calendar_proto.h"
#include "services/leadership/domain/loop/lifecycle.h"
#include "services/leadership/domain/loop/school_days.h"
#include "services/leadership/domain/loop/stamps.h"
#include "services/leadership/domain/loop/threads.h"

namespace fivestrand::leadership::domain {
namespace {

void Since(absl::CivilDay since, const calendar::SchoolCalendar* calendar, absl::CivilDay today, v1::Waiting* waiting) {
  *waiting->mutable_since() = calendar::ToProto(since);
  waiting->set_school_days(SchoolDays(calendar, since, today));
}

}  // namespace

std::optional<v1::Waiting> WaitsFor(const v1::Concern& concern, const PostBook& posts, const calendar::SchoolCalendar* calendar,
                                    absl::CivilDay today) {
  if (!IsOpen(concern) || !IsUnanswered(concern)) return std::nullopt;
  v1::Waiting waiting;
  waiting.set_subject(concern.name());
  waiting.set_headline(concern.headline());
  waiting.set_school(concern.school());
  v1::Concern now = concern;
  posts.Move(today, &now);
  waiting.set_person(now.accountable());
  if (concern.state() == v1::Concern::RAISED) {
    waiting.set_next_step("Acknowledge");
    Since(DayOf(concern.raise_time()), calendar, today, &waiting);
    waiting.set_overdue(waiting.school_days() >= kOverdueSchoolDays);
    if (waiting.overdue()) waiting.set_line_above(posts.LineAbove(concern.school(), now.accountable(), today));
  } else {
    waiting.set_next_step("Open a thread or dismiss");
    Since(DayOf(concern.acknowledge_time()), calendar, today, &waiting);
  }
  return waiting;
}

std::optional<v1::Waiting> WaitsFor(const v1::ImprovementThread& thread, absl::Span<const v1::ThreadResponse> responses,
                                    const calendar::SchoolCalendar* calendar, absl::CivilDay today) {
  if (thread.state() == v1::ImprovementThread::CLOSED) return std::nullopt;
  v1::Waiting waiting;
  waiting.set_subject(thread.name());
  waiting.set_headline(thread.title());
  waiting.set_school(thread.school());
  waiting.set_person(thread.lead());
  const std::optional<absl::CivilDay> first = DateOf(thread.has_first_response_date(), thread.first_response_date());
  if (const auto impact = DateOf(thread.has_impact_date(), thread.impact_date())) {
    waiting.set_next_step("Close on the reading");
    Since(*impact, calendar, today, &waiting);
  } else if (!first) {
    waiting.set_next_step("Begin a response");
    Since(DayOf(thread.open_time()), calendar, today, &waiting);
  } else if (thread.state() == v1::ImprovementThread::AWAITING_READING) {
    waiting.set_next_step("Next reading");
    waiting.clear_person();
    absl::CivilDay last = *first;
    for (const v1::ThreadResponse& response : responses) {
      const auto done = DateOf(response.has_done_date(), response.done_date());
      if (!response.withdrawn() && done && *done <= today) last = std::max(last, *done);
    }
    Since(last, calendar, today, &waiting);
  } else {
    waiting.set_next_step("Complete the responses");
    Since(*first, calendar, today, &waiting);
  }
  return waiting;
}

}  // namespace fivestrand::leadership::domain
