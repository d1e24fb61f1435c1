#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/cpd/v1/coaching.pb.h"
#include "fivestrand/cpd/v1/coaching_service.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "services/suite/demo/demo_dice.h"
#include "services/suite/demo/demo_learning.h"
#include "services/suite/demo/demo_records.h"

namespace fivestrand::demo {
namespace {

using namespace cpd::v1;  // NOLINT: this file is about nothing else
using calendar::ToProto;

constexpr absl::Duration kWait = absl::Seconds(60);
constexpr int kSessions = 9;

constexpr std::array kFocuses = {"Checking that everybody has understood before moving on",
                                 "Modelling a new idea in small steps",
                                 "Calm starts: pupils working within two minutes",
                                 "Questions to those who do not put their hand up",
                                 "Scaffolds that come away in time",
                                 "Feedback that pupils act upon in the lesson"};
constexpr std::array kSteps = {"Ask three named pupils before taking a volunteer.",
                               "Narrate the positive for the first minute.",
                               "Show the worked example before handing out the task.",
                               "Use whiteboards at the end of each part.",
                               "Pause for five seconds after a question.",
                               "Have the challenge on the second slide, not on the last.",
                               "Circulate along the same route, and note two misconceptions.",
                               "End with one question that tells who needs help tomorrow."};
constexpr std::array kSeen = {"All three answered, one with help.", "It held for most of the lesson.",
                              "The class was ready in under two minutes.", "Two pupils still hid; look again next time."};
constexpr std::array kNotes = {"Went through the clip together, then rehearsed twice.",
                               "Chose the next step; tried it out standing up.",
                               "A good fortnight. Kept the step for one more week.", "Looked at books from three pupils first."};

std::string Name(const char* collection, std::string_view id) {
  return absl::StrCat(kTrust, "/", collection, "/", std::string(id));
}

struct Pair {
  std::string id;
  const DemoPerson* coach;
  const DemoPerson* coachee;
  absl::CivilDay start;
  // Days on which they meet, in order.
  std::vector<absl::CivilDay> days;
  bool completed = false;
};

// As many as a school has capacity for.
int PairsOf(std::string_view school) {
  if (school == "kingsbridge") return 14;
  if (school == "northgate") return 12;
  if (school == "hazelmere" || school == "the-orchard") return 9;
  return school == "ashdown-junior" ? 7 : 6;
}

class Loader {
 public:
  Loader(const DemoPlan& plan, Calls& calls)
      : plan_(plan), calls_(calls), seed_(calls.options().seed), today_(calendar::DayOf(calls.options().now)) {}

  absl::Status Load() {
    for (const DemoSchool& school : plan_.schools) {
      FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<Pair> pairs, PairsIn(school));
      for (const Pair& pair : pairs) {
        FIVESTRAND_ASSIGN_OR_RETURN(
            const std::string token,
            calls_.Token(pair.coach->person.name(), pair.coach->grants.front().role(), {Id(school.school.name())}));
        FIVESTRAND_RETURN_IF_ERROR(Cycle(school, pair, token));
      }
    }
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<std::vector<Pair>> PairsIn(const DemoSchool& school) const {
    FIVESTRAND_ASSIGN_OR_RETURN(const calendar::SchoolCalendar calendar, CalendarOf(plan_, school));
    const StaffOf staff = StaffIn(plan_, school);
    const std::vector<const DemoPerson*>& teachers = staff.teachers;
    std::vector<const DemoPerson*> coaches = staff.senior_leaders;
    coaches.insert(coaches.end(), staff.middle_leaders.begin(), staff.middle_leaders.end());
    std::vector<Pair> pairs;
    const std::string id = Id(school.school.name());
    for (int i = 0; i < PairsOf(id) && i < static_cast<int>(teachers.size()); ++i) {
      Pair pair;
      pair.coach = coaches[static_cast<std::size_t>(i) % coaches.size()];
      pair.coachee = teachers[static_cast<std::size_t>(i)];
      // A third each from the first autumn, from January, and from this autumn.
      const absl::CivilDay waves[] = {absl::CivilDay(2025, 9, 15), absl::CivilDay(2026, 1, 12), absl::CivilDay(2026, 9, 14)};
      pair.start = waves[i % 3] + 7 * (i % 4) + i % 5;
      pair.id = FixedId(pair.start, {"coaching", pair.coachee->person.name()});
      for (absl::CivilDay day = pair.start; static_cast<int>(pair.days.size()) < kSessions && day < today_ + 14; day += 14) {
        absl::CivilDay meets = day;
        while (!calendar.IsSchoolDay(meets) && meets < day + 6) meets += 1;
        const bool held = meets >= today_ || Fixed(seed_, pair.id, calendar::FormatDay(day)) < 0.93;
        if (calendar.IsSchoolDay(meets) && held) pair.days.push_back(meets);
      }
      pair.completed = static_cast<int>(pair.days.size()) == kSessions && pair.days.back() + 7 < today_;
      if (pair.start <= today_) pairs.push_back(std::move(pair));
    }
    return pairs;
  }

  absl::Status Cycle(const DemoSchool& school, const Pair& pair, const std::string& token) {
    Dice dice(seed_, pair.id);
    CreateCoachingCycleRequest request;
    request.set_parent(kTrust);
    request.set_coaching_cycle_id(pair.id);
    CoachingCycle& cycle = *request.mutable_coaching_cycle();
    cycle.set_coach(pair.coach->person.name());
    cycle.set_coachee(pair.coachee->person.name());
    *cycle.mutable_start_date() = ToProto(pair.start);
    *cycle.mutable_planned_end_date() = ToProto(pair.start + 14 * 12);
    cycle.set_cadence(CoachingCycle::FORTNIGHTLY);
    cycle.set_element("teaching");
    cycle.set_focus(dice.Pick(kFocuses));
    CoachingCycle made;
    // A service that does not know yet where the coachee works would take it for a post of the trust.
    if (!known_) {
      request.set_validate_only(true);
      FIVESTRAND_RETURN_IF_ERROR(calls_.Await("the posts in cpd", kWait, [&]() -> absl::StatusOr<bool> {
        const absl::Status status = calls_.CallOnce("CoachingService.CreateCoachingCycle", token, request, &made);
        if (absl::IsAlreadyExists(status)) return true;
        FIVESTRAND_RETURN_IF_ERROR(status);
        return made.school() == school.school.name();
      }));
      known_ = true;
      request.set_validate_only(false);
    }
    FIVESTRAND_RETURN_IF_ERROR(calls_.Call("CoachingService.CreateCoachingCycle", token, request, &made));
    calls_.Count(1);
    GetCoachingCycleRequest get;
    get.set_name(Name("coachingCycles", pair.id));
    FIVESTRAND_RETURN_IF_ERROR(calls_.Call("CoachingService.GetCoachingCycle", token, get, &made));
    if (made.state() != CoachingCycle::ACTIVE) return absl::OkStatus();
    FIVESTRAND_RETURN_IF_ERROR(Sessions(pair, token));
    FIVESTRAND_RETURN_IF_ERROR(Steps(pair, token, dice));
    if (!pair.completed) return absl::OkStatus();
    CompleteCycleRequest complete;
    complete.set_name(get.name());
    *complete.mutable_end_date() = ToProto(pair.days.back() + 3);
    complete.set_outcome("Secure now; looked at once more next half term.");
    return UnlessDone(calls_.Call("CoachingService.CompleteCycle", token, complete, &made));
  }

  absl::Status Sessions(const Pair& pair, const std::string& token) {
    return calls_.Batch<BatchCreateCoachingSessionsRequest, BatchCreateCoachingSessionsResponse>(
        "CoachingService.BatchCreateCoachingSessions", token, kTrust, pair.days,
        [&](absl::CivilDay day, CreateCoachingSessionRequest* request) {
          Dice dice(seed_, pair.id, day);
          request->set_coaching_session_id(FixedId(day, {"session", pair.id}));
          CoachingSession& session = *request->mutable_coaching_session();
          session.set_cycle(Name("coachingCycles", pair.id));
          SetTime(day, 15 * 60 + 30, session.mutable_planned_time());
          session.set_place("Coachee's classroom");
          if (day < today_) session.set_note(dice.Pick(kNotes));
        });
  }

  // One at a time: the next begins when the one before is achieved.
  absl::Status Steps(const Pair& pair, const std::string& token, Dice& dice) {
    for (std::size_t i = 0; i < pair.days.size(); i += 2) {
      const absl::CivilDay day = pair.days[i], due = day + 14;
      if (day >= today_) break;
      const std::string text = dice.Pick(kSteps), seen = dice.Pick(kSeen);
      const bool late = dice.Chance(0.15);
      CreateActionStepRequest request;
      request.set_parent(kTrust);
      request.set_action_step_id(FixedId(day, {"step", pair.id}));
      ActionStep& step = *request.mutable_action_step();
      step.set_cycle(Name("coachingCycles", pair.id));
      *step.mutable_due_date() = ToProto(due);
      step.set_text(text);
      step.set_rehearsed("Twice, with the first minute of tomorrow's lesson.");
      ActionStep made;
      FIVESTRAND_RETURN_IF_ERROR(UnlessDone(calls_.Call("CoachingService.CreateActionStep", token, request, &made)));
      calls_.Count(1);
      const absl::CivilDay achieved = due + (late ? 9 : -2);
      if (achieved >= today_) break;
      AchieveStepRequest achieve;
      achieve.set_name(Name("actionSteps", request.action_step_id()));
      *achieve.mutable_achieved_date() = ToProto(achieved);
      achieve.set_seen(seen);
      FIVESTRAND_RETURN_IF_ERROR(UnlessDone(calls_.Call("CoachingService.AchieveStep", token, achieve, &made)));
    }
    return absl::OkStatus();
  }

  const DemoPlan& plan_;
  Calls& calls_;
  const std::uint64_t seed_;
  const absl::CivilDay today_;
  bool known_ = false;
};

}  // namespace

absl::Status LoadCoaching(const DemoPlan& plan, Calls& calls, const std::function<void(std::string_view)>& step) {
  FIVESTRAND_RETURN_IF_ERROR(Loader(plan, calls).Load());
  step("coaching");
  return absl::OkStatus();
}

}  // namespace fivestrand::demo
