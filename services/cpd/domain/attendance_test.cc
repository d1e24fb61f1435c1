#include <gtest/gtest.h>
#include <optional>

#include "platform/calendar/timestamp.h"
#include "services/cpd/domain/learning_rules.h"
#include "services/cpd/domain/times.h"

namespace fivestrand::cpd::domain {
namespace {

const absl::Time kFirst = absl::FromCivil(absl::CivilHour(2026, 11, 10, 15), absl::UTCTimeZone());

// Two afternoons of an hour, a week apart.
v1::CpdEvent Event() {
  v1::CpdEvent event;
  event.set_name("trusts/acorn/cpdEvents/e");
  event.set_state(v1::CpdEvent::SCHEDULED);
  for (int week = 0; week < 2; ++week) {
    v1::CpdEvent::EventDate& date = *event.add_dates();
    date.set_date_id(week == 0 ? "1" : "2");
    *date.mutable_start_time() = calendar::ToTimestamp(kFirst + week * absl::Hours(24 * 7));
    *date.mutable_end_time() = calendar::ToTimestamp(kFirst + week * absl::Hours(24 * 7) + absl::Hours(1));
  }
  *event.mutable_start_time() = event.dates(0).start_time();
  *event.mutable_end_time() = event.dates(1).end_time();
  return event;
}

class AttendanceTest : public ::testing::Test {
 protected:
  AttendanceTest() { booking_.set_state(v1::Booking::BOOKED); }
  absl::Status Record(int date, v1::Attendance::Presence presence, std::optional<int> minutes = std::nullopt) {
    return RecordAttendance(event_, event_.dates(date), presence, minutes, now_, &booking_);
  }

  const v1::CpdEvent event_ = Event();
  absl::Time now_ = kFirst + absl::Hours(24 * 8);
  v1::Booking booking_;
};

TEST_F(AttendanceTest, OneDateOfTwoIsAttendedAndNotDone) {
  ASSERT_TRUE(Record(0, v1::Attendance::PRESENT).ok());
  EXPECT_EQ(booking_.state(), v1::Booking::ATTENDED);
  EXPECT_EQ(booking_.attended_minutes(), 60);
  EXPECT_EQ(calendar::ToTime(booking_.attended_time()), kFirst);
  EXPECT_FALSE(booking_.has_done_time());
  ASSERT_TRUE(Record(1, v1::Attendance::PRESENT, 45).ok());
  EXPECT_EQ(booking_.attended_minutes(), 105);
  EXPECT_EQ(calendar::ToTime(booking_.done_time()), calendar::ToTime(event_.end_time()));
}

TEST_F(AttendanceTest, AbsentOnlyWhenAllDatesAreRecorded) {
  ASSERT_TRUE(Record(0, v1::Attendance::ABSENT, 60).ok());
  EXPECT_EQ(booking_.state(), v1::Booking::BOOKED);
  EXPECT_EQ(booking_.attended_minutes(), 0) << "whatever was sent";
  ASSERT_TRUE(Record(1, v1::Attendance::ABSENT).ok());
  EXPECT_EQ(booking_.state(), v1::Booking::ABSENT);
  EXPECT_FALSE(booking_.has_attended_time());
}

TEST_F(AttendanceTest, ACorrectionReplacesWhatWasRecorded) {
  ASSERT_TRUE(Record(0, v1::Attendance::PRESENT).ok());
  ASSERT_TRUE(Record(1, v1::Attendance::PRESENT).ok());
  ASSERT_TRUE(Record(0, v1::Attendance::ABSENT).ok());
  EXPECT_EQ(booking_.attendance_size(), 2);
  EXPECT_EQ(booking_.attended_minutes(), 60);
  EXPECT_EQ(calendar::ToTime(booking_.attended_time()), kFirst + absl::Hours(24 * 7));
  ASSERT_TRUE(Record(1, v1::Attendance::ABSENT).ok());
  EXPECT_EQ(booking_.state(), v1::Booking::ABSENT);
  EXPECT_FALSE(booking_.has_done_time());
}

TEST_F(AttendanceTest, NotAheadAndNotWithoutAPlace) {
  now_ = kFirst + absl::Hours(2);
  EXPECT_TRUE(absl::IsFailedPrecondition(Record(1, v1::Attendance::PRESENT))) << "next week";
  booking_.set_state(v1::Booking::WAITING);
  EXPECT_TRUE(absl::IsFailedPrecondition(Record(0, v1::Attendance::PRESENT)));
  EXPECT_EQ(booking_.attendance_size(), 0);
}

TEST_F(AttendanceTest, CheckingInIsForTheHourBeforeUntilItIsOver) {
  const auto id = [&](absl::Time now, const char* date) -> std::string {
    const auto found = DateToCheckIn(event_, date, now);
    return found.ok() ? (*found)->date_id() : "none";
  };
  EXPECT_EQ(id(kFirst - absl::Minutes(61), ""), "none");
  EXPECT_EQ(id(kFirst - absl::Minutes(59), ""), "1");
  EXPECT_EQ(id(kFirst + absl::Minutes(59), "1"), "1");
  EXPECT_EQ(id(kFirst + absl::Minutes(59), "2"), "none");
  EXPECT_EQ(id(kFirst + absl::Minutes(60), ""), "none");
  EXPECT_EQ(id(kFirst + absl::Hours(24 * 7), ""), "2");
}

}  // namespace
}  // namespace fivestrand::cpd::domain
