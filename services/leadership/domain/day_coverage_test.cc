#include "services/leadership/domain/day_coverage.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/test_calendars.h"

namespace fivestrand::leadership::domain {
namespace {

using calendar::D;
using ::testing::ElementsAre;

const std::string kClasses = "trusts/acorn/schools/northgate/classes/";
const std::string kSubjects = "trusts/acorn/subjects/";
enum : std::int32_t { kNobody, kTenA, kNineB, kMaths, kArt, kGone, kHead };

v1::SchoolClass Class(const std::string& id, const char* display_name, type::v1::YearGroup year_group,
                      std::vector<std::string> subjects) {
  v1::SchoolClass one;
  one.set_name(kClasses + id);
  one.set_display_name(display_name);
  one.set_academic_year("2025-26");
  one.set_year_group(year_group);
  for (const std::string& subject : subjects) one.add_subjects(kSubjects + subject);
  return one;
}

v1::Subject Subject(const std::string& id, const char* display_name, bool core) {
  v1::Subject one;
  one.set_name(kSubjects + id);
  one.set_display_name(display_name);
  one.set_core(core);
  return one;
}

Look At(const char* day, std::int32_t school_class, std::int32_t subject) {
  return {.time = calendar::StartOf(D(day)) + absl::Hours(10),
          .day = D(day),
          .leader = kHead,
          .school_class = school_class,
          .subject = subject,
          .teacher = kNobody};
}

CoverageFacts Facts() {
  CoverageFacts facts;
  facts.calendar = std::make_shared<const calendar::SchoolCalendar>(calendar::TwoYears());
  facts.span = {D("2025-09-01"), D("2025-10-26")};
  facts.names = {
      "", kClasses + "10a", kClasses + "9b", kSubjects + "maths", kSubjects + "art", kClasses + "gone", "trusts/acorn/people/head"};
  facts.classes = {Class("10a", "10A", type::v1::YEAR_GROUP_10, {"maths", "english"}),
                   Class("9b", "9B", type::v1::YEAR_GROUP_9, {"maths"}), Class("9a10", "9A10", type::v1::YEAR_GROUP_9, {"maths"}),
                   Class("9a9", "9A9", type::v1::YEAR_GROUP_9, {"maths"})};
  facts.subjects = {Subject("art", "Art", false), Subject("maths", "Maths", true), Subject("english", "English", true),
                    Subject("latin", "Latin", false)};
  return facts;
}

TEST(CoverageTest, CountsDropInsByClassAndSubject) {
  CoverageFacts facts = Facts();
  facts.drop_ins = {At("2025-09-08", kTenA, kMaths),   At("2025-09-09", kTenA, kMaths), At("2025-09-10", kNineB, kArt),
                    At("2025-09-11", kNineB, kNobody), At("2025-10-28", kTenA, kMaths), At("2025-09-08", kGone, kMaths)};
  const identity::Access everything{.allowed = true, .everything = true};
  const v1::Coverage coverage = CoverageOf(facts, ClassReach(everything, "trusts/acorn/people/head", "northgate"));
  std::vector<std::string> rows, columns, cells;
  for (const auto& row : coverage.classes()) rows.push_back(row.display_name() + " " + std::to_string(row.drop_in_count()));
  for (const auto& column : coverage.subjects()) columns.push_back(column.display_name());
  for (const auto& cell : coverage.cells()) {
    cells.push_back(cell.school_class().substr(kClasses.size()) + "/" + cell.subject().substr(kSubjects.size()) + " " +
                    std::to_string(cell.drop_in_count()));
    EXPECT_EQ(cell.has_last_seen_time(), cell.drop_in_count() > 0);
  }
  EXPECT_THAT(rows, ElementsAre("9A9 0", "9A10 0", "9B 2", "10A 2"));
  EXPECT_THAT(columns, ElementsAre("English", "Maths", "Art"));
  EXPECT_THAT(cells, ElementsAre("10a/english 0", "10a/maths 2", "9a10/maths 0", "9a9/maths 0", "9b/art 1", "9b/maths 0"));
  EXPECT_EQ(calendar::FromProto(coverage.start_date()), D("2025-09-01"));
  EXPECT_EQ(calendar::FromProto(coverage.end_date()), D("2025-10-26"));
  EXPECT_EQ(coverage.classes(3).last_seen_time().seconds(),
            absl::ToUnixSeconds(calendar::StartOf(D("2025-09-09")) + absl::Hours(10)));
}

TEST(CoverageTest, ShowsOnlyWhatTheCallerMayKnow) {
  CoverageFacts facts = Facts();
  facts.drop_ins = {At("2025-09-08", kTenA, kMaths), At("2025-09-10", kNineB, kArt)};
  const identity::Grant art{.role = {}, .schools = {"northgate"}, .subjects = {"art"}};
  const identity::Access access{.allowed = true, .reached = {{identity::Reach::kSubjectOrYear, &art}}};
  EXPECT_EQ(CoverageOf(facts, ClassReach(access, "trusts/acorn/people/x", "northgate")).classes_size(), 0);
  const identity::Grant english{.role = {}, .schools = {"northgate"}, .subjects = {"english"}};
  const identity::Access by_english{.allowed = true, .reached = {{identity::Reach::kSubjectOrYear, &english}}};
  const v1::Coverage coverage = CoverageOf(facts, ClassReach(by_english, "trusts/acorn/people/x", "northgate"));
  ASSERT_EQ(coverage.classes_size(), 1);
  EXPECT_EQ(coverage.classes(0).drop_in_count(), 0) << "the drop-in was into mathematics";
}

TEST(DefaultCoverageSpanTest, IsTheHalfTermOrTheLastOne) {
  const calendar::SchoolCalendar calendar = calendar::TwoYears();
  const auto starts = [&](const char* today) {
    return DefaultCoverageSpan(calendar, D(today)).start;
  };
  EXPECT_EQ(starts("2025-10-01"), D("2025-09-01"));
  EXPECT_EQ(DefaultCoverageSpan(calendar, D("2025-10-01")).end, D("2025-10-26"));
  EXPECT_EQ(starts("2025-10-29"), D("2025-09-01"));
  EXPECT_EQ(starts("2025-11-03"), calendar.FindYear(2025)->half_terms[1].start);
  EXPECT_EQ(starts("2026-08-20"), calendar.FindYear(2025)->half_terms[5].start);
  EXPECT_EQ(DefaultCoverageSpan(calendar, D("2028-02-01")), calendar::AcademicYearRange(2027));
}

}  // namespace
}  // namespace fivestrand::leadership::domain
