// Events and bookings through a real server, on both engines.
#include <algorithm>
#include <atomic>
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "fivestrand/options/v1/options.pb.h"

#include "platform/rpc/client.h"
#include "platform/rpc/server.h"
#include "platform/status/status.h"
#include "services/cpd/app/test_cpd.h"
#include "services/cpd/domain/times.h"

namespace fivestrand::cpd {
namespace {

using testing::EngineKind;
using ::testing::HasSubstr;
using testing::TestService;

class BookingTest : public ::testing::TestWithParam<EngineKind> {
 protected:
  template <typename Response>
  absl::StatusOr<Response> Call(const identity::Caller& caller, const char* method, const google::protobuf::Message& request) {
    return cpd_.Call<Response>(caller, absl::StrCat(kLearning, method), request);
  }
  v1::Booking Read(const std::string& name) {
    v1::GetBookingRequest get;
    get.set_name(name);
    auto booking = Call<v1::Booking>(TestCpd::Lead(), "GetBooking", get);
    EXPECT_TRUE(booking.ok()) << booking.status();
    return booking.ok() ? *booking : v1::Booking();
  }
  absl::StatusOr<v1::Booking> Cancel(const identity::Caller& caller, const std::string& name) {
    v1::CancelBookingRequest cancel;
    cancel.set_name(name);
    return Call<v1::Booking>(caller, "CancelBooking", cancel);
  }
  absl::StatusOr<v1::EventRegister> Record(const identity::Caller& caller, const v1::CpdEvent& event, const std::string& booking,
                                           v1::Attendance::Presence presence) {
    v1::RecordAttendanceRequest record;
    record.set_event(event.name());
    record.set_date_id(event.dates(0).date_id());
    auto& entry = *record.add_entries();
    entry.set_booking(booking);
    entry.set_presence(presence);
    return Call<v1::EventRegister>(caller, "RecordAttendance", record);
  }

  TestCpd cpd_{GetParam()};
  const identity::Caller teacher_ = TestCpd::Teacher("teacher");
  const identity::Caller coach_ = TestCpd::Teacher("coach");
  const identity::Caller colleague_ = TestCpd::Teacher("colleague", "elmwood");
};

TEST_P(BookingTest, APlaceATurnAndMovingUp) {
  const v1::CpdEvent event = cpd_.MakeEvent(1);
  EXPECT_EQ(event.title(), "Phonics, day by day") << "the course's";
  auto first = cpd_.Book(event.name(), teacher_, "teaching");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->state(), v1::Booking::BOOKED);
  EXPECT_EQ(first->school(), "trusts/acorn/schools/northgate");
  EXPECT_EQ(first->element(), "teaching");
  EXPECT_TRUE(absl::IsAlreadyExists(cpd_.Book(event.name(), teacher_).status()));
  auto second = cpd_.Book(event.name(), coach_);
  auto third = cpd_.Book(event.name(), colleague_);
  ASSERT_TRUE(second.ok() && third.ok());
  EXPECT_EQ(second->state(), v1::Booking::WAITING);
  EXPECT_EQ(third->state(), v1::Booking::WAITING);

  EXPECT_TRUE(absl::IsPermissionDenied(Cancel(coach_, first->name()).status())) << "not another's";
  auto cancelled = Cancel(teacher_, first->name());
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_EQ(cancelled->state(), v1::Booking::CANCELLED);
  EXPECT_EQ(Read(second->name()).state(), v1::Booking::BOOKED) << "who waited longest";
  EXPECT_EQ(Read(third->name()).state(), v1::Booking::WAITING);
  auto again = cpd_.Book(event.name(), teacher_);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->state(), v1::Booking::WAITING) << "at the end of the list";

  v1::UpdateCpdEventRequest more;
  more.mutable_cpd_event()->set_name(event.name());
  more.mutable_cpd_event()->set_seats(2);
  more.mutable_update_mask()->add_paths("seats");
  ASSERT_TRUE(Call<v1::CpdEvent>(TestCpd::Lead(), "UpdateCpdEvent", more).ok());
  EXPECT_EQ(Read(third->name()).state(), v1::Booking::BOOKED) << "a place more";
  EXPECT_EQ(Read(again->name()).state(), v1::Booking::WAITING);
  more.mutable_cpd_event()->set_seats(1);
  EXPECT_TRUE(absl::IsFailedPrecondition(Call<v1::CpdEvent>(TestCpd::Lead(), "UpdateCpdEvent", more).status()));
}

TEST_P(BookingTest, OnlyInTheTimeOfBooking) {
  const v1::CpdEvent event = cpd_.MakeEvent(3);
  v1::UpdateCpdEventRequest update;
  update.mutable_cpd_event()->set_name(event.name());
  cpd_.SetTime(2, update.mutable_cpd_event()->mutable_booking_open_time());
  update.mutable_update_mask()->add_paths("booking_open_time");
  ASSERT_TRUE(Call<v1::CpdEvent>(TestCpd::Lead(), "UpdateCpdEvent", update).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(cpd_.Book(event.name(), teacher_).status()));
  cpd_.service().clock().Advance(absl::Hours(3));
  auto booking = cpd_.Book(event.name(), teacher_);
  ASSERT_TRUE(booking.ok()) << booking.status();
  cpd_.service().clock().Advance(absl::Hours(60));
  EXPECT_TRUE(absl::IsFailedPrecondition(cpd_.Book(event.name(), coach_).status())) << "it has begun";
  EXPECT_TRUE(absl::IsFailedPrecondition(Cancel(teacher_, booking->name()).status()));
}

TEST_P(BookingTest, CallingAnEventOffCancelsItsBookings) {
  const v1::CpdEvent event = cpd_.MakeEvent(1);
  auto booked = cpd_.Book(event.name(), teacher_);
  auto waiting = cpd_.Book(event.name(), coach_);
  ASSERT_TRUE(booked.ok() && waiting.ok());
  v1::CancelCpdEventRequest cancel;
  cancel.set_name(event.name());
  EXPECT_TRUE(absl::IsPermissionDenied(Call<v1::CpdEvent>(teacher_, "CancelCpdEvent", cancel).status()));
  auto cancelled = Call<v1::CpdEvent>(TestCpd::Lead(), "CancelCpdEvent", cancel);
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_EQ(cancelled->sequence(), 1) << "calendars must be told";
  EXPECT_EQ(Read(booked->name()).state(), v1::Booking::CANCELLED);
  EXPECT_EQ(Read(waiting->name()).state(), v1::Booking::CANCELLED) << "nobody moves up";
  EXPECT_TRUE(absl::IsFailedPrecondition(cpd_.Book(event.name(), colleague_).status()));
}

TEST_P(BookingTest, MovingAnEventMovesItsBookings) {
  const v1::CpdEvent event = cpd_.MakeEvent(1);
  auto booking = cpd_.Book(event.name(), teacher_);
  ASSERT_TRUE(booking.ok());
  v1::UpdateCpdEventRequest move;
  *move.mutable_cpd_event() = event;
  auto& date = *move.mutable_cpd_event()->mutable_dates(0);
  cpd_.SetTime(72, date.mutable_start_time());
  cpd_.SetTime(75, date.mutable_end_time());
  auto& second = *move.mutable_cpd_event()->add_dates();
  cpd_.SetTime(96, second.mutable_start_time());
  cpd_.SetTime(97, second.mutable_end_time());
  move.mutable_update_mask()->add_paths("dates");
  auto moved = Call<v1::CpdEvent>(TestCpd::Lead(), "UpdateCpdEvent", move);
  ASSERT_TRUE(moved.ok()) << moved.status();
  EXPECT_EQ(moved->dates(0).date_id(), event.dates(0).date_id()) << "the same date, later";
  EXPECT_NE(moved->dates(1).date_id(), moved->dates(0).date_id());
  EXPECT_EQ(moved->sequence(), event.sequence() + 1);
  EXPECT_EQ(moved->booking_close_time().seconds(), moved->start_time().seconds()) << "it went along";
  EXPECT_EQ(Read(booking->name()).event_start_time().seconds(), moved->start_time().seconds());
  EXPECT_EQ(Read(booking->name()).event_end_time().seconds(), moved->end_time().seconds());
}

TEST_P(BookingTest, AttendanceHoursAndEvaluation) {
  const v1::CpdEvent event = cpd_.MakeEvent(5);
  auto booking = cpd_.Book(event.name(), teacher_, "teaching");
  auto absent = cpd_.Book(event.name(), coach_);
  ASSERT_TRUE(booking.ok() && absent.ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(Record(TestCpd::Lead(), event, booking->name(), v1::Attendance::PRESENT).status()))
      << "it lies ahead";
  v1::CheckInRequest check_in;
  check_in.set_name(booking->name());
  EXPECT_TRUE(absl::IsFailedPrecondition(Call<v1::Booking>(teacher_, "CheckIn", check_in).status()));
  cpd_.service().clock().Advance(absl::Hours(47.5));
  EXPECT_TRUE(absl::IsPermissionDenied(Call<v1::Booking>(coach_, "CheckIn", check_in).status())) << "not another";
  auto there = Call<v1::Booking>(teacher_, "CheckIn", check_in);
  ASSERT_TRUE(there.ok()) << there.status();
  EXPECT_EQ(there->state(), v1::Booking::ATTENDED);
  EXPECT_EQ(there->attended_minutes(), 120);
  EXPECT_TRUE(there->has_done_time()) << "its only date";
  cpd_.service().clock().Advance(absl::Hours(3));
  EXPECT_TRUE(absl::IsPermissionDenied(Record(coach_, event, absent->name(), v1::Attendance::PRESENT).status()));
  auto kept = Record(TestCpd::Lead(), event, absent->name(), v1::Attendance::ABSENT);
  ASSERT_TRUE(kept.ok()) << kept.status();
  EXPECT_EQ(kept->bookings_size(), 2);
  EXPECT_EQ(Read(absent->name()).state(), v1::Booking::ABSENT);

  v1::ReadLearningRecordRequest read;
  read.set_person(teacher_.subject);
  auto hours = Call<v1::LearningRecord>(teacher_, "ReadLearningRecord", read);
  ASSERT_TRUE(hours.ok()) << hours.status();
  EXPECT_EQ(hours->minutes(), 120);
  EXPECT_EQ(hours->attended_events(), 1);
  EXPECT_TRUE(
      Call<v1::LearningRecord>(TestCpd::As("manager", type::v1::ROLE_SENIOR_LEADER, {"northgate"}), "ReadLearningRecord", read)
          .ok())
      << "line-manages the teacher";
  EXPECT_TRUE(absl::IsPermissionDenied(Call<v1::LearningRecord>(coach_, "ReadLearningRecord", read).status()));

  v1::CreateEvaluationRequest evaluate;
  evaluate.set_parent("trusts/acorn");
  evaluate.mutable_evaluation()->set_booking(booking->name());
  evaluate.mutable_evaluation()->set_reaction(4);
  EXPECT_TRUE(absl::IsPermissionDenied(Call<v1::Evaluation>(coach_, "CreateEvaluation", evaluate).status())) << "another's booking";
  evaluate.mutable_evaluation()->set_use_in_practice(5);
  const absl::Status early = Call<v1::Evaluation>(teacher_, "CreateEvaluation", evaluate).status();
  EXPECT_TRUE(absl::IsInvalidArgument(early)) << early;
  EXPECT_THAT(std::string(early.message()), HasSubstr("use_in_practice"));
  evaluate.mutable_evaluation()->clear_use_in_practice();
  auto evaluation = Call<v1::Evaluation>(teacher_, "CreateEvaluation", evaluate);
  ASSERT_TRUE(evaluation.ok()) << evaluation.status();
  EXPECT_TRUE(absl::IsAlreadyExists(Call<v1::Evaluation>(teacher_, "CreateEvaluation", evaluate).status()));
  evaluate.mutable_evaluation()->set_booking(absent->name());
  EXPECT_TRUE(absl::IsFailedPrecondition(Call<v1::Evaluation>(coach_, "CreateEvaluation", evaluate).status())) << "was not there";
  cpd_.service().clock().Advance(absl::Hours(24 * 15));
  v1::UpdateEvaluationRequest later;
  later.mutable_evaluation()->set_name(evaluation->name());
  later.mutable_evaluation()->set_use_in_practice(5);
  EXPECT_TRUE(Call<v1::Evaluation>(teacher_, "UpdateEvaluation", later).ok());
}

TEST_P(BookingTest, ABookingNamesTheThreadThatItAnswers) {
  const v1::CpdEvent event = cpd_.MakeEvent(3);
  v1::BookPlaceRequest book;
  book.set_event(event.name());
  book.set_improvement_thread("trusts/acorn/improvementThreads/none");
  const absl::Status unknown = Call<v1::Booking>(teacher_, "BookPlace", book).status();
  EXPECT_TRUE(absl::IsInvalidArgument(unknown)) << unknown;
  EXPECT_THAT(std::string(unknown.message()), HasSubstr("improvement_thread"));
  book.set_improvement_thread(cpd_.organisation().AddThread("writing", "northgate"));
  auto booking = Call<v1::Booking>(teacher_, "BookPlace", book);
  ASSERT_TRUE(booking.ok()) << booking.status();
  EXPECT_EQ(booking->improvement_thread(), book.improvement_thread());
  // What the timeline reads off it, by the contract's own word.
  const auto& response = v1::Booking::descriptor()->options().GetExtension(options::v1::record).response();
  for (const std::string& field : {response.thread_field(), response.planned_field(), response.start_field(), response.done_field(),
                                   response.giver_field(), response.receiver_field(), response.state_field()}) {
    EXPECT_NE(v1::Booking::descriptor()->FindFieldByName(field), nullptr) << field;
  }
  EXPECT_TRUE(v1::CoachingCycle::descriptor()->options().GetExtension(options::v1::record).response().confidential());
}

TEST_P(BookingTest, WhatCannotBeAnEventIsRefusedByField) {
  v1::CreateCpdEventRequest good;
  good.set_parent("trusts/acorn");
  *good.mutable_cpd_event() = cpd_.MakeEvent(3);
  good.mutable_cpd_event()->clear_name();
  good.set_validate_only(true);
  ASSERT_TRUE(Call<v1::CpdEvent>(TestCpd::Lead(), "CreateCpdEvent", good).ok());
  const auto refused = [&](const char* field, auto change) {
    v1::CreateCpdEventRequest bad = good;
    change(*bad.mutable_cpd_event());
    const absl::Status status = Call<v1::CpdEvent>(TestCpd::Lead(), "CreateCpdEvent", bad).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << field << " " << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(field));
  };
  refused("cpd_event.dates", [](v1::CpdEvent& event) { event.clear_dates(); });
  refused("cpd_event.seats", [](v1::CpdEvent& event) { event.set_seats(0); });
  refused("cpd_event.course", [](v1::CpdEvent& event) { event.set_course("trusts/acorn/courses/none"); });
  refused("cpd_event.dates[0].end_time",
          [](v1::CpdEvent& event) { *event.mutable_dates(0)->mutable_end_time() = event.dates(0).start_time(); });
  refused("cpd_event.dates[1].start_time", [](v1::CpdEvent& event) {
    *event.add_dates() = event.dates(0);
    event.mutable_dates(1)->clear_date_id();
  });
  refused("cpd_event.booking_open_time",
          [](v1::CpdEvent& event) { *event.mutable_booking_open_time() = event.dates(0).end_time(); });
  refused("cpd_event.booking_close_time", [](v1::CpdEvent& event) {
    *event.mutable_booking_close_time() = event.dates(0).end_time();
    event.mutable_booking_close_time()->set_seconds(event.booking_close_time().seconds() + 1);
  });
}

TEST_P(BookingTest, OpenEventsSayWhatIsLeft) {
  const v1::CpdEvent full = cpd_.MakeEvent(1, 48), empty = cpd_.MakeEvent(3, 24), past = cpd_.MakeEvent(3, -24);
  ASSERT_TRUE(cpd_.Book(full.name(), teacher_).ok());
  ASSERT_TRUE(cpd_.Book(full.name(), coach_).ok());
  v1::ListOpenEventsRequest list;
  list.set_parent("trusts/acorn");
  list.set_page_size(1);
  auto page = Call<v1::ListOpenEventsResponse>(teacher_, "ListOpenEvents", list);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->open_events_size(), 1);
  EXPECT_EQ(page->open_events(0).event().name(), empty.name()) << "soonest first";
  EXPECT_EQ(page->open_events(0).seats_left(), 3);
  EXPECT_TRUE(page->open_events(0).bookable());
  EXPECT_FALSE(page->open_events(0).has_own_booking());
  ASSERT_FALSE(page->next_page_token().empty());
  list.set_page_token(page->next_page_token());
  EXPECT_TRUE(absl::IsInvalidArgument(Call<v1::ListOpenEventsResponse>(coach_, "ListOpenEvents", list).status()))
      << "a token of another";
  page = Call<v1::ListOpenEventsResponse>(teacher_, "ListOpenEvents", list);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->open_events_size(), 1);
  EXPECT_EQ(page->open_events(0).event().name(), full.name());
  EXPECT_EQ(page->open_events(0).seats_left(), 0);
  EXPECT_EQ(page->open_events(0).seats_taken(), 1);
  EXPECT_EQ(page->open_events(0).waiting(), 1);
  EXPECT_EQ(page->open_events(0).own_booking().person(), teacher_.subject);
  EXPECT_TRUE(page->next_page_token().empty()) << "the past one is not open";
}

TEST_P(BookingTest, TheLineManagerSeesTheTeam) {
  const v1::CpdEvent event = cpd_.MakeEvent(5);
  ASSERT_TRUE(cpd_.Book(event.name(), teacher_).ok());
  ASSERT_TRUE(cpd_.Book(event.name(), coach_).ok());
  v1::ListTeamBookingsRequest list;
  list.set_parent("trusts/acorn");
  auto team = Call<v1::ListTeamBookingsResponse>(TestCpd::As("manager", type::v1::ROLE_SENIOR_LEADER, {"northgate"}),
                                                 "ListTeamBookings", list);
  ASSERT_TRUE(team.ok()) << team.status();
  ASSERT_EQ(team->bookings_size(), 1);
  EXPECT_EQ(team->bookings(0).person(), teacher_.subject);
  auto none = Call<v1::ListTeamBookingsResponse>(coach_, "ListTeamBookings", list);
  ASSERT_TRUE(none.ok());
  EXPECT_EQ(none->bookings_size(), 0);
}

TEST_P(BookingTest, NoEventIsOversoldByTwoHundredAtOnce) {
  constexpr int kCallers = 200, kSeats = 30;
  for (int i = 0; i < kCallers; ++i) cpd_.organisation().AddPerson(absl::StrCat("p", i));
  const v1::CpdEvent event = cpd_.MakeEvent(kSeats);
  std::vector<std::string> tokens;
  for (int i = 0; i < kCallers; ++i) tokens.push_back(cpd_.service().TokenFor(TestCpd::Teacher(absl::StrCat("p", i))));
  const auto* method = rpc::FindMethod(absl::StrCat(kLearning, "BookPlace"));
  // All wait at the same door.
  absl::BlockingCounter ready(kCallers);
  std::atomic<bool> go = false;
  std::vector<v1::Booking> bookings(kCallers);
  std::vector<absl::Status> statuses(kCallers);
  std::vector<std::thread> callers;
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&, i] {
      v1::BookPlaceRequest book;
      book.set_event(event.name());
      ready.DecrementCount();
      go.wait(false);
      statuses[i] = cpd_.service().client().Call(method, book, &bookings[i], {.timeout = absl::Seconds(60), .token = tokens[i]});
    });
  }
  ready.Wait();
  go = true;
  go.notify_all();
  for (std::thread& caller : callers) caller.join();
  int booked = 0, waiting = 0;
  for (int i = 0; i < kCallers; ++i) {
    if (!statuses[i].ok()) {
      ADD_FAILURE() << statuses[i];
    } else if (bookings[i].state() == v1::Booking::BOOKED) {
      ++booked;
    } else {
      ++waiting;
    }
  }
  EXPECT_EQ(booked, kSeats);
  EXPECT_EQ(waiting, kCallers - kSeats);
  v1::ReadRegisterRequest read;
  read.set_event(event.name());
  auto places = Call<v1::EventRegister>(TestCpd::Lead(), "ReadRegister", read);
  ASSERT_TRUE(places.ok()) << places.status();
  EXPECT_EQ(places->bookings_size(), kSeats) << "as the store has it";

  // Everybody with a place gives it up at once: each place goes on once.
  std::vector<std::thread> givers;
  const auto* cancel = rpc::FindMethod(absl::StrCat(kLearning, "CancelBooking"));
  std::atomic<int> given = 0;
  for (int i = 0; i < kCallers; ++i) {
    if (bookings[i].state() != v1::Booking::BOOKED) continue;
    givers.emplace_back([&, i] {
      v1::CancelBookingRequest request;
      request.set_name(bookings[i].name());
      v1::Booking answer;
      if (cpd_.service().client().Call(cancel, request, &answer, {.timeout = absl::Seconds(60), .token = tokens[i]}).ok()) ++given;
    });
  }
  for (std::thread& giver : givers) giver.join();
  EXPECT_EQ(given, kSeats);
  places = Call<v1::EventRegister>(TestCpd::Lead(), "ReadRegister", read);
  ASSERT_TRUE(places.ok());
  EXPECT_EQ(places->bookings_size(), kSeats) << "those who waited";
  for (const v1::Booking& place : places->bookings()) {
    EXPECT_TRUE(std::none_of(bookings.begin(), bookings.end(), [&](const v1::Booking& first) {
      return first.name() == place.name() && first.state() == v1::Booking::BOOKED;
    }));
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, BookingTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return std::string(testing::EngineName(info.param)); });

}  // namespace
}  // namespace fivestrand::cpd
