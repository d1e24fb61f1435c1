#include "services/assessment/domain/pupil_rules.h"

#include <gtest/gtest.h>

#include "platform/calendar/calendar_proto.h"

namespace fivestrand::assessment::domain {
namespace {

using absl::CivilDay;

v1::Enrolment Enrolment(const char* school, type::v1::YearGroup year, CivilDay start, std::optional<CivilDay> end) {
  v1::Enrolment made;
  made.set_school(school);
  made.set_year_group(year);
  *made.mutable_start_date() = calendar::ToProto(start);
  if (end) *made.mutable_end_date() = calendar::ToProto(*end);
  return made;
}

TEST(EnrolmentTest, ThePupilIsWhereTheNewestBegunEnrolmentSays) {
  const std::vector<v1::Enrolment> enrolments = {
      Enrolment("north", type::v1::YEAR_GROUP_5, CivilDay(2026, 9, 1), CivilDay(2026, 11, 13)),
      Enrolment("elm", type::v1::YEAR_GROUP_5, CivilDay(2026, 11, 16), std::nullopt),
      Enrolment("oak", type::v1::YEAR_GROUP_6, CivilDay(2027, 9, 1), std::nullopt)};
  v1::Pupil pupil;
  EXPECT_TRUE(ApplyEnrolments(enrolments, CivilDay(2026, 10, 1), &pupil));
  EXPECT_EQ(pupil.school(), "north");
  EXPECT_TRUE(pupil.on_roll());
  EXPECT_FALSE(ApplyEnrolments(enrolments, CivilDay(2026, 10, 2), &pupil)) << "nothing new";
  ApplyEnrolments(enrolments, CivilDay(2026, 11, 14), &pupil);
  EXPECT_EQ(pupil.school(), "north") << "the weekend between two schools";
  EXPECT_FALSE(pupil.on_roll());
  ApplyEnrolments(enrolments, CivilDay(2026, 11, 16), &pupil);
  EXPECT_EQ(pupil.school(), "elm");
  EXPECT_TRUE(pupil.on_roll());
  ApplyEnrolments(enrolments, CivilDay(2027, 9, 1), &pupil);
  EXPECT_EQ(pupil.year_group(), type::v1::YEAR_GROUP_6);
  ApplyEnrolments(enrolments, CivilDay(2026, 8, 1), &pupil);
  EXPECT_EQ(pupil.school(), "north") << "the first to come";
  EXPECT_FALSE(pupil.on_roll());
  ApplyEnrolments({}, CivilDay(2026, 8, 1), &pupil);
  EXPECT_EQ(pupil.school(), "");
}

TEST(EnrolmentTest, FirstAndLastDayBelongToIt) {
  const v1::Enrolment enrolment = Enrolment("north", type::v1::YEAR_GROUP_5, CivilDay(2026, 9, 1), CivilDay(2026, 11, 13));
  EXPECT_FALSE(HoldsOn(enrolment, CivilDay(2026, 8, 31)));
  EXPECT_TRUE(HoldsOn(enrolment, CivilDay(2026, 9, 1)));
  EXPECT_TRUE(HoldsOn(enrolment, CivilDay(2026, 11, 13)));
  EXPECT_FALSE(HoldsOn(enrolment, CivilDay(2026, 11, 14)));
}

}  // namespace
}  // namespace fivestrand::assessment::domain
