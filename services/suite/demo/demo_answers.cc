#include "services/suite/demo/demo_answers.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "fivestrand/cpd/v1/coaching_service.pb.h"
#include "fivestrand/cpd/v1/learning_service.pb.h"
#include "fivestrand/leadership/v1/visibility_service.pb.h"
#include "fivestrand/welfare/v1/welfare_service.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "services/suite/demo/demo_learning.h"

namespace fivestrand::demo {
namespace {

using namespace leadership::v1;  // NOLINT: the others are named
using calendar::ToProto;

constexpr absl::Duration kWait = absl::Seconds(60);

std::string Name(std::string_view collection, std::string_view id) {
  return absl::StrCat(kTrust, "/", std::string(collection), "/", std::string(id));
}

}  // namespace

Answers::Answers(const DemoPlan& plan, Calls& leadership, Calls& cpd, Calls& welfare)
    : plan_(plan), leadership_(leadership), cpd_(cpd), welfare_(welfare), today_(calendar::DayOf(leadership.options().now)) {}

absl::Status Answers::Coach(const std::string& thread, const DemoPerson& coach, const DemoPerson& coachee, absl::CivilDay start,
                            absl::CivilDay end, const char* element, const char* focus, const char* outcome) {
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string token,
                              cpd_.Token(coach.person.name(), coach.grants.front().role(), {Id(coach.posts.front().school())}));
  const std::string id = FixedId(start, {"thread-coaching", coachee.person.name()});
  cpd::v1::CreateCoachingCycleRequest request;
  request.set_parent(kTrust);
  request.set_coaching_cycle_id(id);
  auto& cycle = *request.mutable_coaching_cycle();
  cycle.set_coach(coach.person.name());
  cycle.set_coachee(coachee.person.name());
  *cycle.mutable_start_date() = ToProto(start);
  *cycle.mutable_planned_end_date() = ToProto(end);
  cycle.set_cadence(cpd::v1::CoachingCycle::WEEKLY);
  cycle.set_element(element);
  cycle.set_focus(focus);
  cycle.set_improvement_thread(thread);
  cpd::v1::CoachingCycle made;
  // The thread reaches cpd a moment after it was opened.
  FIVESTRAND_RETURN_IF_ERROR(cpd_.Await("the thread in cpd", kWait, [&]() -> absl::StatusOr<bool> {
    FIVESTRAND_RETURN_IF_ERROR(cpd_.Call("CoachingService.CreateCoachingCycle", token, request, &made));
    return true;
  }));
  cpd_.Count(1);
  for (absl::CivilDay day = start + 1; day <= std::min(end, today_ - 1); day += 7) {
    // Easter, and half terms.
    if ((day > absl::CivilDay(2026, 3, 27) && day < absl::CivilDay(2026, 4, 13)) ||
        (day > absl::CivilDay(2026, 2, 13) && day < absl::CivilDay(2026, 2, 23)) ||
        (day > absl::CivilDay(2026, 5, 22) && day < absl::CivilDay(2026, 6, 1)))
      continue;
    cpd::v1::CreateCoachingSessionRequest session;
    session.set_parent(kTrust);
    session.set_coaching_session_id(FixedId(day, {"thread-session", id}));
    session.mutable_coaching_session()->set_cycle(Name("coachingCycles", id));
    SetTime(day, 15 * 60 + 30, session.mutable_coaching_session()->mutable_planned_time());
    session.mutable_coaching_session()->set_note("Looked at two books, rehearsed the next step.");
    cpd::v1::CoachingSession held;
    FIVESTRAND_RETURN_IF_ERROR(UnlessDone(cpd_.Call("CoachingService.CreateCoachingSession", token, session, &held)));
  }
  if (end >= today_) return absl::OkStatus();
  cpd::v1::CompleteCycleRequest complete;
  complete.set_name(Name("coachingCycles", id));
  *complete.mutable_end_date() = ToProto(end);
  complete.set_outcome(outcome);
  return UnlessDone(cpd_.Call("CoachingService.CompleteCycle", token, complete, &made));
}

absl::Status Answers::Book(const std::string& thread, const DemoPerson& person) {
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string token, cpd_.Token(plan_.cpd_lead, type::v1::ROLE_CPD_LEAD));
  cpd::v1::CreateBookingRequest request;
  request.set_parent(kTrust);
  request.set_booking_id(FixedId(absl::CivilDay(2026, 4, 23), {"thread-booking", person.person.name()}));
  request.mutable_booking()->set_event(Name("cpdEvents", kWritingEvent));
  request.mutable_booking()->set_person(person.person.name());
  request.mutable_booking()->set_element("pupil-groups");
  request.mutable_booking()->set_improvement_thread(thread);
  cpd::v1::Booking booking;
  FIVESTRAND_RETURN_IF_ERROR(cpd_.Call("LearningService.CreateBooking", token, request, &booking));
  cpd_.Count(1);
  for (const char* date : {"d1", "d2"}) {
    cpd::v1::RecordAttendanceRequest attend;
    attend.set_event(request.booking().event());
    attend.set_date_id(date);
    auto* entry = attend.add_entries();
    entry->set_booking(Name("bookings", request.booking_id()));
    entry->set_presence(cpd::v1::Attendance::PRESENT);
    cpd::v1::EventRegister response;
    FIVESTRAND_RETURN_IF_ERROR(cpd_.Call("LearningService.RecordAttendance", token, attend, &response));
  }
  return absl::OkStatus();
}

absl::Status Answers::LookIn(const std::string& thread, const DemoSchool& school, const SchoolClass& seen,
                             const std::string& subject, absl::CivilDay day, const char* went_well, const char* even_better_if,
                             const std::string& token) {
  CreateDropInRequest request;
  request.set_parent(school.school.name());
  request.set_drop_in_id(FixedId(day, {"thread-drop-in", seen.name()}));
  DropIn& drop_in = *request.mutable_drop_in();
  SetTime(day, 11 * 60 + 5, drop_in.mutable_start_time());
  drop_in.set_school_class(seen.name());
  drop_in.set_subject(subject);
  drop_in.set_focus(Name("teachingFocuses", "modelling"));
  drop_in.set_went_well(went_well);
  drop_in.set_even_better_if(even_better_if);
  drop_in.add_pupil_groups(type::v1::PUPIL_GROUP_DISADVANTAGED);
  drop_in.set_improvement_thread(thread);
  DropIn made;
  leadership_.Count(1);
  return leadership_.Call("VisibilityService.CreateDropIn", token, request, &made);
}

absl::Status Answers::GoTo(const std::string& thread, const DemoSchool& school, const std::string& leader, type::v1::Role role,
                           absl::CivilDay day, const char* purpose, const char* seen) {
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string token, leadership_.Token(leader, role, {Id(school.school.name())}));
  CreateVisitRequest request;
  request.set_parent(school.school.name());
  request.set_visit_id(FixedId(day, {"thread-visit", leader}));
  Visit& visit = *request.mutable_visit();
  SetTime(day, 9 * 60 + 30, visit.mutable_start_time());
  SetTime(day, 12 * 60, visit.mutable_end_time());
  visit.set_purpose(purpose);
  visit.set_seen(seen);
  visit.set_improvement_thread(thread);
  Visit made;
  leadership_.Count(1);
  return leadership_.Call("VisibilityService.CreateVisit", token, request, &made);
}

absl::Status Answers::Support(const std::string& thread, const DemoPerson& person, absl::CivilDay start, absl::CivilDay done) {
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string token, welfare_.Token(plan_.hr_director, type::v1::ROLE_HR_DIRECTOR));
  welfare::v1::CreateSupportRequest request;
  request.set_parent(kTrust);
  request.set_support_id(FixedId(start, {"thread-support", person.person.name()}));
  auto& support = *request.mutable_support();
  support.set_person(person.person.name());
  support.set_kind(welfare::v1::Support::WORKLOAD);
  *support.mutable_start_date() = ToProto(start);
  *support.add_review_dates() = ToProto(start + 28);
  support.set_note("Has carried the year group alone since January. Tired, and says so.");
  support.set_agreed("Two afternoons without a class until Easter, and a colleague for the planning.");
  support.set_improvement_thread(thread);
  welfare::v1::Support made;
  FIVESTRAND_RETURN_IF_ERROR(welfare_.Await("the thread in welfare", kWait, [&]() -> absl::StatusOr<bool> {
    FIVESTRAND_RETURN_IF_ERROR(welfare_.Call("WelfareService.CreateSupport", token, request, &made));
    return true;
  }));
  welfare_.Count(1);
  welfare::v1::FinishSupportRequest finish;
  finish.set_name(Name("supports", request.support_id()));
  *finish.mutable_done_date() = ToProto(done);
  return UnlessDone(welfare_.Call("WelfareService.FinishSupport", token, finish, &made));
}

}  // namespace fivestrand::demo
