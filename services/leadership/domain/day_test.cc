#include "services/leadership/domain/day.h"

#include <map>
#include <string>
#include <vector>

#include "fivestrand/type/v1/role.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/test_calendars.h"
#include "services/leadership/domain/day_classes.h"

namespace fivestrand::leadership::domain {
namespace {

using calendar::D;
using ::testing::ElementsAre;
using v1::Beat;

constexpr char kHeadName[] = "trusts/acorn/people/head";
constexpr char kDeputyName[] = "trusts/acorn/people/deputy";
enum : std::int32_t { kNobody, kHead, kDeputy, kOldHead, kMaths, kMaple, kOak, kElm };
const calendar::DayRange kEver{D("1990-01-01"), D("2100-01-01")};

DayFacts Facts() {
  DayFacts facts;
  facts.calendar = std::make_shared<const calendar::SchoolCalendar>(calendar::TwoYears());
  facts.names = {"",
                 kHeadName,
                 kDeputyName,
                 "trusts/acorn/people/old-head",
                 "trusts/acorn/subjects/maths",
                 "trusts/acorn/schools/northgate/classes/maple",
                 "trusts/acorn/schools/northgate/classes/oak",
                 "trusts/acorn/schools/northgate/classes/elm"};
  facts.headteachers = {{kHead, kEver}};
  return facts;
}

Look At(const char* day, int hour, std::int32_t leader, std::int32_t school_class, std::int32_t subject = kMaths,
        int year_group = 8) {
  return {.time = calendar::StartOf(D(day)) + absl::Hours(hour),
          .day = D(day),
          .leader = leader,
          .school_class = school_class,
          .subject = subject,
          .teacher = kNobody,
          .year_group = year_group};
}

v1::SchoolClass Class(const char* id, const char* display_name, type::v1::YearGroup year_group) {
  v1::SchoolClass one;
  one.set_name(std::string("trusts/acorn/schools/northgate/classes/") + id);
  one.set_display_name(display_name);
  one.set_academic_year("2025-26");
  one.set_year_group(year_group);
  one.add_subjects("trusts/acorn/subjects/maths");
  return one;
}

identity::Access Everything() {
  return {.allowed = true, .everything = true};
}

// "HELD 2" by day of the week, Monday first.
std::vector<std::string> Week(const std::vector<Beat>& beats, Beat::Kind kind) {
  std::vector<std::string> said;
  for (const Beat& beat : beats) {
    if (beat.kind() == kind)
      said.push_back(Beat::Status_Name(beat.status()) + (beat.count() > 0 ? " " + std::to_string(beat.count()) : ""));
  }
  return said;
}

TEST(BeatsTest, JudgeTheWeekOfTheHeadteacher) {
  DayFacts facts = Facts();
  facts.drop_ins = {At("2025-09-08", 9, kHead, kMaple), At("2025-09-08", 10, kHead, kOak), At("2025-09-09", 9, kDeputy, kOak),
                    At("2025-09-13", 9, kHead, kOak)};
  facts.duties = {{D("2025-09-09"), kHead, v1::Duty::BREAK},
                  {D("2025-09-10"), kHead, v1::Duty::GATE_START},
                  {D("2025-09-08"), kHead, v1::Duty::GATE_END},
                  {D("2025-09-08"), kHead, v1::Duty::LUNCH}};
  const auto beats = BeatsOf(facts, kHeadName, D("2025-09-10"), D("2025-09-10"));
  ASSERT_EQ(beats.size(), 29u);
  EXPECT_THAT(Week(beats, Beat::DROP_IN), ElementsAre("HELD 2", "MISSED", "DUE", "DUE", "DUE", "NOT_DUE 1", "NOT_DUE"));
  EXPECT_THAT(Week(beats, Beat::BREAK_DUTY), ElementsAre("MISSED", "HELD 1", "DUE", "DUE", "DUE", "NOT_DUE", "NOT_DUE"));
  EXPECT_THAT(Week(beats, Beat::GATE_START), ElementsAre("MISSED", "MISSED", "HELD 1", "DUE", "DUE", "NOT_DUE", "NOT_DUE"));
  EXPECT_THAT(Week(beats, Beat::GATE_END), ElementsAre("HELD 1", "MISSED", "DUE", "DUE", "DUE", "NOT_DUE", "NOT_DUE"));
  EXPECT_EQ(calendar::FromProto(beats[0].date()), D("2025-09-08"));
}

TEST(BeatsTest, AreTheCallersOwnWhenTheyAreNotTheHeadteacher) {
  DayFacts facts = Facts();
  facts.drop_ins = {At("2025-09-08", 9, kHead, kMaple), At("2025-09-09", 9, kDeputy, kOak)};
  EXPECT_THAT(Week(BeatsOf(facts, kDeputyName, D("2025-09-10"), D("2025-09-12")), Beat::DROP_IN),
              ElementsAre("MISSED", "HELD 1", "MISSED", "MISSED", "DUE", "NOT_DUE", "NOT_DUE"));
  EXPECT_THAT(Week(BeatsOf(facts, "trusts/acorn/people/new", D("2025-09-10"), D("2025-09-12")), Beat::DROP_IN),
              ElementsAre("MISSED", "MISSED", "MISSED", "MISSED", "DUE", "NOT_DUE", "NOT_DUE"));
}

TEST(BeatsTest, FollowThePostInAWeekOfChange) {
  DayFacts facts = Facts();
  // The old head left on Monday, the new one began on Wednesday.
  facts.headteachers = {{kOldHead, {D("2020-01-01"), D("2025-09-08")}}, {kHead, {D("2025-09-10"), D("2100-01-01")}}};
  facts.drop_ins = {At("2025-09-08", 9, kOldHead, kMaple), At("2025-09-11", 9, kOldHead, kMaple),
                    At("2025-09-08", 9, kHead, kMaple), At("2025-09-10", 9, kHead, kOak)};
  EXPECT_THAT(Week(BeatsOf(facts, kHeadName, D("2025-09-11"), D("2025-09-14")), Beat::DROP_IN),
              ElementsAre("HELD 1", "NOT_DUE", "HELD 1", "MISSED", "MISSED", "NOT_DUE", "NOT_DUE"));
  // Before they held it, their own.
  EXPECT_THAT(Week(BeatsOf(facts, kHeadName, D("2025-09-09"), D("2025-09-14")), Beat::DROP_IN),
              ElementsAre("HELD 1", "MISSED", "HELD 1", "MISSED", "MISSED", "NOT_DUE", "NOT_DUE"));
}

TEST(BeatsTest, AreNotDueOnInsetHolidaysAndUnplannedDays) {
  const DayFacts facts = Facts();
  EXPECT_THAT(Week(BeatsOf(facts, kHeadName, D("2025-09-03"), D("2025-09-30")), Beat::DROP_IN),
              ElementsAre("NOT_DUE", "NOT_DUE", "MISSED", "MISSED", "MISSED", "NOT_DUE", "NOT_DUE"));
  for (const char* day : {"2025-10-29", "2030-09-11"}) {
    for (const Beat& beat : BeatsOf(facts, kHeadName, D(day), D("2025-09-30"))) EXPECT_EQ(beat.status(), Beat::NOT_DUE) << day;
  }
}

TEST(BeatsTest, ModelledLessonsAreDueByTheHalfTerm) {
  DayFacts facts = Facts();
  const auto beat = [&](const char* day, const char* today) {
    return BeatsOf(facts, kHeadName, D(day), D(today)).back();
  };
  EXPECT_EQ(beat("2025-10-14", "2025-10-14").status(), Beat::DUE);
  EXPECT_EQ(calendar::FromProto(beat("2025-10-14", "2025-10-14").date()), D("2025-10-24"));
  EXPECT_EQ(beat("2025-10-14", "2025-10-24").status(), Beat::DUE);
  EXPECT_EQ(beat("2025-10-14", "2025-10-25").status(), Beat::MISSED);
  facts.modelled_lessons = {
      {D("2025-09-12"), kHead}, {D("2025-09-15"), kHead}, {D("2025-09-15"), kDeputy}, {D("2025-11-05"), kHead}};
  EXPECT_EQ(beat("2025-10-14", "2025-10-25").status(), Beat::HELD);
  EXPECT_EQ(beat("2025-10-14", "2025-10-25").count(), 2);
  EXPECT_EQ(beat("2025-10-28", "2025-10-28").status(), Beat::NOT_DUE);
}

TEST(SpansTest, CoverTheWeekAcrossTheEndOfTheYear) {
  const DaySpans spans = SpansOf(calendar::TwoYears(), D("2026-09-02"));
  EXPECT_EQ(spans.week.start, D("2026-08-31"));
  EXPECT_EQ(spans.drop_ins.start, D("2026-08-31"));
  EXPECT_EQ(spans.drop_ins.end, D("2027-08-31"));
  EXPECT_EQ(spans.academic_year, "2026-27");
  EXPECT_EQ(spans.modelled_lessons.start, D("2026-08-31"));
  EXPECT_EQ(spans.modelled_lessons.end, D("2026-10-25"));
  const DaySpans holiday = SpansOf(calendar::TwoYears(), D("2025-10-29"));
  EXPECT_EQ(holiday.modelled_lessons, holiday.week);
}

TEST(ClassesTest, NeverSeenComesFirstThenTheLongestAgo) {
  DayFacts facts = Facts();
  facts.classes = {Class("maple", "5 Maple", type::v1::YEAR_GROUP_5), Class("oak", "6 Oak", type::v1::YEAR_GROUP_6),
                   Class("elm", "1 Elm", type::v1::YEAR_GROUP_1), Class("ash", "4 Ash", type::v1::YEAR_GROUP_4)};
  facts.drop_ins = {At("2025-09-08", 9, kHead, kMaple), At("2025-09-10", 11, kDeputy, kMaple), At("2025-09-09", 9, kHead, kOak),
                    At("2026-09-09", 9, kHead, kElm)};
  const identity::Access access = Everything();
  const auto classes = LeastLatelySeen(facts, ClassReach(access, kHeadName, "northgate"), calendar::AcademicYearRange(2025));
  std::vector<std::string> said;
  for (const auto& one : classes) said.push_back(one.display_name() + " " + std::to_string(one.drop_in_count()));
  EXPECT_THAT(said, ElementsAre("1 Elm 0", "4 Ash 0", "6 Oak 1", "5 Maple 2"));
  EXPECT_FALSE(classes[0].has_last_seen_time());
  EXPECT_EQ(classes[3].last_seen_time().seconds(), absl::ToUnixSeconds(calendar::StartOf(D("2025-09-10")) + absl::Hours(11)));
}

TEST(ClassesTest, StayWithinTheReachOfTheCaller) {
  DayFacts facts = Facts();
  facts.classes = {Class("maple", "5 Maple", type::v1::YEAR_GROUP_5), Class("oak", "6 Oak", type::v1::YEAR_GROUP_6),
                   Class("elm", "1 Elm", type::v1::YEAR_GROUP_1)};
  facts.classes[2].add_teachers("trusts/acorn/people/teacher");
  facts.drop_ins = {At("2025-09-08", 9, kHead, kMaple, kMaths, type::v1::YEAR_GROUP_5),
                    At("2025-09-09", 9, kHead, kOak, kMaths, type::v1::YEAR_GROUP_6)};
  const auto names = [&](const identity::Access& access, const char* caller) {
    std::vector<std::string> said;
    for (const auto& one : LeastLatelySeen(facts, ClassReach(access, caller, "northgate"), calendar::AcademicYearRange(2025))) {
      said.push_back(one.display_name() + " " + std::to_string(one.drop_in_count()));
    }
    return said;
  };
  identity::Grant year_five{
      .role = type::v1::ROLE_MIDDLE_LEADER, .schools = {"northgate"}, .year_groups = {type::v1::YEAR_GROUP_5}};
  const identity::Access middle{.allowed = true, .reached = {{identity::Reach::kSubjectOrYear, &year_five}}};
  EXPECT_THAT(names(middle, kDeputyName), ElementsAre("5 Maple 1"));
  identity::Grant teaches{.role = type::v1::ROLE_TEACHER, .schools = {"northgate"}};
  const identity::Access own{.allowed = true, .reached = {{identity::Reach::kOwn, &teaches}}};
  EXPECT_THAT(names(own, "trusts/acorn/people/teacher"), ElementsAre("1 Elm 0"));
  EXPECT_THAT(names({}, kHeadName), ElementsAre());
  // A class in reach, seen in a subject that is not.
  facts.classes[0].add_subjects("trusts/acorn/subjects/english");
  identity::Grant english{.role = type::v1::ROLE_MIDDLE_LEADER, .schools = {"northgate"}, .subjects = {"english"}};
  const identity::Access by_subject{.allowed = true, .reached = {{identity::Reach::kSubjectOrYear, &english}}};
  EXPECT_THAT(names(by_subject, kDeputyName), ElementsAre("5 Maple 0"));
}

TEST(LeaderDayTest, IsCompleteAndBounded) {
  DayFacts facts = Facts();
  for (int i = 0; i < 60; ++i) {
    facts.own_drop_ins.emplace_back().set_name("d" + std::to_string(i));
    facts.focuses.emplace_back().set_name("f" + std::to_string(i));
  }
  for (int i = 0; i < 250; ++i) facts.classes.push_back(Class(("c" + std::to_string(i)).c_str(), "Class", type::v1::YEAR_GROUP_5));
  const identity::Access access = Everything();
  const v1::LeaderDay day =
      LeaderDayOf(facts, kHeadName, ClassReach(access, kHeadName, "northgate"), D("2025-09-10"), D("2025-09-10"));
  EXPECT_EQ(day.day().kind(), v1::CalendarDay::SCHOOL_DAY);
  EXPECT_EQ(day.week_size(), 7);
  EXPECT_EQ(calendar::FromProto(day.week(0).date()), D("2025-09-08"));
  EXPECT_EQ(day.drop_ins_size(), 50);
  EXPECT_EQ(day.drop_ins(0).name(), "d0");
  EXPECT_EQ(day.focuses_size(), 50);
  EXPECT_EQ(day.classes_size(), 200);
}

}  // namespace
}  // namespace fivestrand::leadership::domain
