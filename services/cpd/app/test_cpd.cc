#include "services/cpd/app/test_cpd.h"

#include <cstdlib>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/calendar/timestamp.h"
#include "services/cpd/app/cpd_spec.h"
#include "services/cpd/domain/times.h"

namespace fivestrand::cpd {
namespace {

template <typename T>
T Must(absl::StatusOr<T> value, testing::TestService& service) {
  if (value.ok()) return *std::move(value);
  std::cerr << value.status() << "\n" << service.log();
  std::abort();
}

}  // namespace

TestCpd::TestCpd(testing::EngineKind engine)
    : service_(engine, CpdSpec(), absl::FromCivil(absl::CivilMinute(2026, 11, 24, 10, 0), absl::UTCTimeZone())),
      organisation_(service_) {
  using leadership::v1::Post;
  organisation_.AddTrust();
  for (const char* school : {"northgate", "elmwood"}) {
    organisation_.AddSchool(school);
    organisation_.AddYear(school, 2026);
  }
  for (const char* person : {"coach", "coachee", "teacher", "head", "colleague", "other-head", "lead", "manager"})
    organisation_.AddPerson(person);
  for (const char* person : {"coach", "coachee", "teacher"}) organisation_.AddPost(person, Post::TEACHER, "northgate");
  organisation_.AddPost("head", Post::HEADTEACHER, "northgate");
  organisation_.AddPost("colleague", Post::TEACHER, "elmwood");
  organisation_.AddPost("other-head", Post::HEADTEACHER, "elmwood");
  organisation_.AddPost("lead", Post::TRUST_OFFICER, "");
  organisation_.AddManager("manager", "teacher");

  v1::CreateCourseRequest course;
  course.set_parent("trusts/acorn");
  course.mutable_course()->set_title("Phonics, day by day");
  course.mutable_course()->set_kind(v1::Course::WORKSHOP);
  course_ = Must(Call<v1::Course>(Lead(), absl::StrCat(kLearning, "CreateCourse"), course), service_).name();
}

void TestCpd::SetTime(double hours, google::protobuf::Timestamp* time) {
  *time = calendar::ToTimestamp(service_.clock().Now() + absl::Hours(hours));
}

google::type::Date TestCpd::Day(int days) {
  return calendar::ToProto(calendar::DayOf(service_.clock().Now()) + days);
}

v1::CoachingCycle TestCpd::MakeCycle(const std::string& coach, const std::string& coachee) {
  v1::CreateCoachingCycleRequest create;
  create.set_parent("trusts/acorn");
  create.mutable_coaching_cycle()->set_coachee(PersonName(coachee));
  *create.mutable_coaching_cycle()->mutable_start_date() = Day(-20);
  return Must(Call<v1::CoachingCycle>(Teacher(coach), absl::StrCat(kCoaching, "CreateCoachingCycle"), create), service_);
}

v1::ActionStep TestCpd::MakeStep(const std::string& cycle, const std::string& text) {
  v1::CreateActionStepRequest create;
  create.set_parent("trusts/acorn");
  create.mutable_action_step()->set_cycle(cycle);
  create.mutable_action_step()->set_text(text);
  *create.mutable_action_step()->mutable_due_date() = Day(7);
  return Must(Call<v1::ActionStep>(Teacher("coachee"), absl::StrCat(kCoaching, "CreateActionStep"), create), service_);
}

v1::CpdEvent TestCpd::MakeEvent(int seats, double hours_ahead) {
  v1::CreateCpdEventRequest create;
  create.set_parent("trusts/acorn");
  create.mutable_cpd_event()->set_course(course_);
  create.mutable_cpd_event()->set_seats(seats);
  v1::CpdEvent::EventDate& date = *create.mutable_cpd_event()->add_dates();
  SetTime(hours_ahead, date.mutable_start_time());
  SetTime(hours_ahead + 2, date.mutable_end_time());
  date.set_place("Hall");
  return Must(Call<v1::CpdEvent>(Lead(), absl::StrCat(kLearning, "CreateCpdEvent"), create), service_);
}

absl::StatusOr<v1::Booking> TestCpd::Book(const std::string& event, const identity::Caller& caller, const std::string& element) {
  v1::BookPlaceRequest book;
  book.set_event(event);
  book.set_element(element);
  return Call<v1::Booking>(caller, absl::StrCat(kLearning, "BookPlace"), book);
}

v1::Booking TestCpd::Enter(const std::string& event, const std::string& person, const std::string& element) {
  v1::CreateBookingRequest create;
  create.set_parent("trusts/acorn");
  create.mutable_booking()->set_event(event);
  create.mutable_booking()->set_person(PersonName(person));
  create.mutable_booking()->set_element(element);
  return Must(Call<v1::Booking>(Lead(), absl::StrCat(kLearning, "CreateBooking"), create), service_);
}

}  // namespace fivestrand::cpd
