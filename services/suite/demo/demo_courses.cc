#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/cpd/v1/learning.pb.h"
#include "fivestrand/cpd/v1/learning_service.pb.h"

#include "platform/calendar/day.h"
#include "services/suite/demo/demo_dice.h"
#include "services/suite/demo/demo_learning.h"

namespace fivestrand::demo {
namespace {

using namespace cpd::v1;  // NOLINT: this file is about nothing else

constexpr absl::Duration kWait = absl::Seconds(60);
constexpr absl::Duration kUseAfter = absl::Hours(24 * 15);

struct CourseRow {
  const char* id;
  const char* title;
  const char* description;
  Course::Kind kind;
  const char* provider;
  const char* element;
  const char* subject;  // empty: any
};
constexpr CourseRow kCourses[] = {
    {"writing", "Writing across the curriculum",
     "From talk to text: modelled writing, sentence work and feedback that moves writing on.", Course::WORKSHOP, "The trust",
     "subject-expertise", "writing"},
    {"maths-fluency", "Fluency in number", "Number facts, small steps and enough practice, for teachers of Years 3 to 8.",
     Course::PROGRAMME, "The trust", "subject-expertise", "maths"},
    {"early-reading", "Early reading and phonics", "Fidelity to the programme, keep-up sessions, and reading at home.",
     Course::WORKSHOP, "Ashdown Infant School", "curriculum", "english"},
    {"adaptive", "Adaptive teaching", "The same ambitious aim for all: scaffolds that come and go.", Course::WORKSHOP, "The trust",
     "differentiation", ""},
    {"checking", "Checking for understanding", "Every pupil answers, and the teacher acts on what comes back.", Course::WORKSHOP,
     "The trust", "teaching", ""},
    {"behaviour", "Routines and calm starts", "How to make the first minutes of every lesson the same.", Course::WORKSHOP,
     "Kingsbridge School", "teaching", ""},
    {"send-basics", "One graduated approach", "Assess, plan, do, review, as the whole trust does it.", Course::WORKSHOP,
     "The Orchard School", "trust-send", ""},
    {"disadvantage", "Closing the gap", "What works for disadvantaged pupils, and how to know that it does.", Course::CONFERENCE,
     "The trust", "pupil-groups", ""},
    {"middle-leaders", "Leading a team", "Line management, meetings that end in actions, and difficult conversations.",
     Course::PROGRAMME, "The trust", "middle-leadership", ""},
    {"coaching-skills", "Coaching with small steps", "One step at a time: rehearse, try, look again.", Course::PROGRAMME,
     "The trust", "coaching", ""},
    {"moderation", "Moderating writing", "Agreeing standards between schools with real books.", Course::NETWORK, "The trust",
     "assessment-tracking", "writing"},
    {"assessment", "Assessment that helps", "From question-level analysis to what is taught on Monday.", Course::ONLINE,
     "The trust", "data-meetings", ""},
    {"science-network", "Science subject network", "Planning together, practical work and vocabulary.", Course::NETWORK,
     "Northgate Academy", "curriculum", "science"},
    {"visit-hazelmere", "Lessons seen at Hazelmere", "A morning in classrooms, with the teachers afterwards.", Course::VISIT,
     "Hazelmere Primary School", "teaching", ""},
    {"npq", "National qualification for senior leadership", "Eighteen months, with a project in one's own school.",
     Course::QUALIFICATION, "A teaching school hub", "leadership-programme", ""},
};

struct EventRow {
  const char* id;
  const char* course;
  absl::CivilDay day;
  int dates;  // three weeks apart
  int hours;
  int seats, booked;
  const char* school;  // that gives it; empty: the trust
};
constexpr EventRow kEvents[] = {
    {"behaviour-2025-09", "behaviour", absl::CivilDay(2025, 9, 18), 1, 3, 40, 32, "kingsbridge"},
    {"early-reading-2025-09", "early-reading", absl::CivilDay(2025, 9, 25), 2, 4, 20, 14, "ashdown-infant"},
    {"npq-2025-10", "npq", absl::CivilDay(2025, 10, 2), 4, 6, 10, 8, ""},
    {"checking-2025-10", "checking", absl::CivilDay(2025, 10, 9), 1, 3, 36, 30, ""},
    {"middle-leaders-2025-11", "middle-leaders", absl::CivilDay(2025, 11, 6), 3, 4, 24, 22, ""},
    {"moderation-2025-11", "moderation", absl::CivilDay(2025, 11, 13), 1, 3, 24, 18, ""},
    {"adaptive-2025-11", "adaptive", absl::CivilDay(2025, 11, 20), 1, 3, 30, 26, ""},
    {"maths-2025-12", "maths-fluency", absl::CivilDay(2025, 12, 4), 1, 4, 24, 20, ""},
    {"disadvantage-2026-01", "disadvantage", absl::CivilDay(2026, 1, 15), 1, 6, 60, 44, ""},
    {"coaching-2026-01", "coaching-skills", absl::CivilDay(2026, 1, 22), 2, 4, 24, 21, ""},
    {"maths-2026-02", "maths-fluency", absl::CivilDay(2026, 2, 5), 2, 4, 24, 22, ""},
    {"send-2026-02", "send-basics", absl::CivilDay(2026, 2, 26), 1, 3, 30, 24, "the-orchard"},
    {"writing-2026-04", "writing", absl::CivilDay(2026, 4, 23), 2, 5, 24, 19, ""},
    {"visit-2026-03", "visit-hazelmere", absl::CivilDay(2026, 3, 12), 1, 3, 8, 8, "hazelmere"},
    {"science-2026-03", "science-network", absl::CivilDay(2026, 3, 19), 1, 3, 20, 16, "northgate"},
    {"assessment-2026-04", "assessment", absl::CivilDay(2026, 4, 23), 1, 2, 60, 40, ""},
    {"moderation-2026-05", "moderation", absl::CivilDay(2026, 5, 7), 1, 3, 24, 20, ""},
    {"adaptive-2026-05", "adaptive", absl::CivilDay(2026, 5, 14), 1, 3, 30, 22, ""},
    {"early-reading-2026-06", "early-reading", absl::CivilDay(2026, 6, 11), 1, 4, 20, 15, "ashdown-infant"},
    {"disadvantage-2026-06", "disadvantage", absl::CivilDay(2026, 6, 25), 1, 6, 60, 36, ""},
    {"behaviour-2026-09", "behaviour", absl::CivilDay(2026, 9, 17), 1, 3, 40, 34, "kingsbridge"},
    {"checking-2026-10", "checking", absl::CivilDay(2026, 10, 8), 1, 3, 36, 30, ""},
    {"writing-2026-11", "writing", absl::CivilDay(2026, 11, 5), 2, 5, 24, 22, ""},
    {"maths-2026-12", "maths-fluency", absl::CivilDay(2026, 12, 3), 2, 4, 24, 27, ""},
    {"coaching-2027-01", "coaching-skills", absl::CivilDay(2027, 1, 21), 2, 4, 24, 9, ""},
    {"middle-leaders-2027-02", "middle-leaders", absl::CivilDay(2027, 2, 4), 3, 4, 24, 6, ""},
};

constexpr std::array kComments = {"Used it the next morning.", "More time to plan together would have helped.",
                                  "The examples were from schools like ours.", "Clear, and short enough to remember.",
                                  "I want to see it taught before I try it."};

const CourseRow& CourseOf(std::string_view id) {
  return *std::find_if(std::begin(kCourses), std::end(kCourses), [&](const CourseRow& row) { return id == row.id; });
}

std::string Name(const char* collection, std::string_view id) {
  return absl::StrCat(kTrust, "/", collection, "/", std::string(id));
}

class Loader {
 public:
  Loader(const DemoPlan& plan, Calls& calls) : plan_(plan), calls_(calls), now_(calls.options().now) {
    for (const DemoSchool& school : plan.schools) {
      if (Id(school.school.name()) != "ashdown-junior") continue;
      const StaffOf staff = StaffIn(plan, school);
      told_ = {staff.teachers[0], staff.teachers[1]};
    }
  }

  absl::Status Load() {
    FIVESTRAND_ASSIGN_OR_RETURN(token_, calls_.Token(plan_.cpd_lead, type::v1::ROLE_CPD_LEAD));
    std::vector<CourseRow> courses(std::begin(kCourses), std::end(kCourses));
    FIVESTRAND_RETURN_IF_ERROR(calls_.Await("the people in cpd", kWait, [&]() -> absl::StatusOr<bool> {
      FIVESTRAND_RETURN_IF_ERROR((calls_.Batch<BatchCreateCoursesRequest, BatchCreateCoursesResponse>(
          "LearningService.BatchCreateCourses", token_, kTrust, courses,
          [](const CourseRow& row, CreateCourseRequest* request) { FillCourse(row, request); })));
      return true;
    }));
    for (const EventRow& row : kEvents) FIVESTRAND_RETURN_IF_ERROR(Event(row));
    return absl::OkStatus();
  }

 private:
  static void FillCourse(const CourseRow& row, CreateCourseRequest* request) {
    request->set_course_id(row.id);
    Course& course = *request->mutable_course();
    course.set_title(row.title);
    course.set_description(row.description);
    course.set_kind(row.kind);
    course.set_provider(row.provider);
    course.add_elements(row.element);
    if (*row.subject != '\0') course.set_subject(Name("subjects", row.subject));
  }

  // Staff who teach or lead, a different choice for every event; the same person once.
  std::vector<const DemoPerson*> Choose(const EventRow& row) const {
    std::vector<std::pair<double, const DemoPerson*>> ranked;
    for (const DemoPerson& person : plan_.people) {
      const auto kind = person.posts.front().kind();
      if (person.posts.front().school().empty() || person.person.has_end_date() || kind == leadership::v1::Post::HEADTEACHER)
        continue;
      // A story books them.
      if (std::find(told_.begin(), told_.end(), &person) != told_.end()) continue;
      double rank = Fixed(calls_.options().seed, person.person.name(), row.id);
      if (kind == leadership::v1::Post::SUPPORT_STAFF) rank += 0.35;
      ranked.emplace_back(rank, &person);
    }
    std::sort(ranked.begin(), ranked.end());
    std::vector<const DemoPerson*> chosen;
    for (int i = 0; i < row.booked; ++i) chosen.push_back(ranked[static_cast<std::size_t>(i)].second);
    return chosen;
  }

  absl::Status Event(const EventRow& row) {
    CreateCpdEventRequest request;
    request.set_parent(kTrust);
    request.set_cpd_event_id(row.id);
    CpdEvent& event = *request.mutable_cpd_event();
    event.set_course(Name("courses", row.course));
    if (*row.school != '\0') event.set_school(Name("schools", row.school));
    event.set_leader(plan_.cpd_lead);
    event.set_seats(row.seats);
    event.set_cost_pence(std::string_view(row.course) == "npq"            ? 90'000
                         : std::string_view(row.course) == "disadvantage" ? 8'500
                                                                          : 0);
    for (int i = 0; i < row.dates; ++i) {
      CpdEvent::EventDate& date = *event.add_dates();
      date.set_date_id(absl::StrCat("d", i + 1));
      SetTime(row.day + 21 * i, 13 * 60, date.mutable_start_time());
      SetTime(row.day + 21 * i, (13 + row.hours) * 60, date.mutable_end_time());
      date.set_place("Trust training room");
    }
    CpdEvent made;
    FIVESTRAND_RETURN_IF_ERROR(calls_.Call("LearningService.CreateCpdEvent", token_, request, &made));
    const std::vector<const DemoPerson*> people = Choose(row);
    FIVESTRAND_RETURN_IF_ERROR((calls_.Batch<BatchCreateBookingsRequest, BatchCreateBookingsResponse>(
        "LearningService.BatchCreateBookings", token_, kTrust, people,
        [&](const DemoPerson* person, CreateBookingRequest* booking) {
          booking->set_booking_id(BookingId(row, *person));
          booking->mutable_booking()->set_event(Name("cpdEvents", row.id));
          booking->mutable_booking()->set_person(person->person.name());
          if (Fixed(calls_.options().seed, person->person.name(), row.id, "need") < 0.92)
            booking->mutable_booking()->set_element(CourseOf(row.course).element);
        })));
    for (int i = 0; i < row.dates; ++i) FIVESTRAND_RETURN_IF_ERROR(Register(row, people, i));
    return Evaluations(row, people);
  }

  static std::string BookingId(const EventRow& row, const DemoPerson& person) {
    return FixedId(row.day, {row.id, person.person.name()});
  }

  bool WasThere(const EventRow& row, const DemoPerson& person) const {
    return Fixed(calls_.options().seed, person.person.name(), row.id, "there") < 0.94;
  }

  absl::Time Begins(const EventRow& row, int date) const { return calendar::StartOf(row.day + 21 * date) + absl::Hours(13); }

  absl::Status Register(const EventRow& row, const std::vector<const DemoPerson*>& people, int date) {
    if (Begins(row, date) > now_) return absl::OkStatus();
    RecordAttendanceRequest request;
    request.set_event(Name("cpdEvents", row.id));
    request.set_date_id(absl::StrCat("d", date + 1));
    for (std::size_t i = 0; i < people.size() && i < static_cast<std::size_t>(row.seats); ++i) {
      auto* entry = request.add_entries();
      entry->set_booking(Name("bookings", BookingId(row, *people[i])));
      entry->set_presence(WasThere(row, *people[i]) ? Attendance::PRESENT : Attendance::ABSENT);
    }
    request.set_request_id(Calls::RequestId(request));
    EventRegister response;
    calls_.Count(static_cast<std::size_t>(request.entries_size()));
    return calls_.Call("LearningService.RecordAttendance", token_, request, &response);
  }

  absl::Status Evaluations(const EventRow& row, const std::vector<const DemoPerson*>& people) {
    const absl::Time end = Begins(row, row.dates - 1) + absl::Hours(row.hours);
    if (end > now_) return absl::OkStatus();
    for (const DemoPerson* person : people) {
      Dice dice(calls_.options().seed, absl::StrCat("evaluation", row.id, person->person.name()));
      if (!WasThere(row, *person) || !dice.Chance(0.5)) continue;
      FIVESTRAND_ASSIGN_OR_RETURN(const std::string token, calls_.Token(person->person.name(), person->grants.front().role(),
                                                                        {Id(person->posts.front().school())}));
      CreateEvaluationRequest request;
      request.set_parent(kTrust);
      request.set_evaluation_id(FixedId(row.day, {"evaluation", row.id, person->person.name()}));
      Evaluation& evaluation = *request.mutable_evaluation();
      evaluation.set_booking(Name("bookings", BookingId(row, *person)));
      evaluation.set_reaction(dice.Chance(0.6) ? 5 : dice.Chance(0.75) ? 4 : 3);
      evaluation.set_learning(dice.Chance(0.5) ? 5 : dice.Chance(0.75) ? 4 : 3);
      if (end + kUseAfter < now_) evaluation.set_use_in_practice(dice.Chance(0.35) ? 5 : dice.Chance(0.7) ? 4 : 3);
      if (dice.Chance(0.4)) evaluation.set_comment(dice.Pick(kComments));
      Evaluation made;
      FIVESTRAND_RETURN_IF_ERROR(calls_.Call("LearningService.CreateEvaluation", token, request, &made));
      calls_.Count(1);
    }
    return absl::OkStatus();
  }

  const DemoPlan& plan_;
  Calls& calls_;
  const absl::Time now_;
  std::vector<const DemoPerson*> told_;
  std::string token_;
};

}  // namespace

absl::Status LoadCourses(const DemoPlan& plan, Calls& calls, const std::function<void(std::string_view)>& step) {
  FIVESTRAND_RETURN_IF_ERROR(Loader(plan, calls).Load());
  step("courses, bookings and registers");
  return absl::OkStatus();
}

}  // namespace fivestrand::demo
