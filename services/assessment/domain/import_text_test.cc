#include "services/assessment/domain/import_text.h"

#include <gtest/gtest.h>

#include "services/assessment/domain/group_codes.h"

namespace fivestrand::assessment::domain {
namespace {

using absl::CivilDay;

TEST(ImportTextTest, ReadsDatesAsTheyAreExported) {
  const CivilDay day(2026, 9, 1);
  for (const char* text :
       {"2026-09-01", "01/09/2026", "1/9/2026", "1.9.2026", "01-09-2026", "1-Sep-2026", "1 September 2026", "01/09/2026 00:00",
        "2026-09-01T00:00:00", "01/09/2026 12:00:00 AM", "46266", "46266.0", " 46266 ", "'01/09/2026"}) {
    ASSERT_TRUE(ParseDate(text, true)) << text;
    EXPECT_EQ(*ParseDate(text, true), day) << text;
  }
  EXPECT_EQ(ParseDate("09/01/2026", false), day);
  for (const char* text : {"", "01/09/26", "31/06/2026", "32/01/2026", "2026-13-01", "2026", "tomorrow", "1/2/3/2026", "999999",
                           "12", "00/00/0000", "1 Foo 2026"}) {
    EXPECT_FALSE(ParseDate(text, true)) << text;
  }
  EXPECT_EQ(ParseDate("29/02/2028", true), CivilDay(2028, 2, 29));
  EXPECT_FALSE(ParseDate("29/02/2027", true));
}

TEST(ImportTextTest, ReadsYearGroups) {
  for (const char* text : {"5", "05", "Y5", "y 5", "Year 5", "Yr 5", "YEAR 05"})
    EXPECT_EQ(ParseYearGroup(text), type::v1::YEAR_GROUP_5) << text;
  for (const char* text : {"R", "Reception", "YR"}) EXPECT_EQ(ParseYearGroup(text), type::v1::YEAR_GROUP_R) << text;
  EXPECT_EQ(ParseYearGroup("N2"), type::v1::YEAR_GROUP_N2);
  EXPECT_EQ(ParseYearGroup("13"), type::v1::YEAR_GROUP_13);
  for (const char* text : {"", "0", "14", "Year", "5A", "-1", "Yx"})
    EXPECT_EQ(ParseYearGroup(text), type::v1::YEAR_GROUP_UNSPECIFIED) << text;
}

TEST(ImportTextTest, NamesAreComparedAsASpreadsheetLeavesThem) {
  EXPECT_EQ(NormalText("007"), NormalText("7"));
  EXPECT_EQ(NormalText("10B/Ma2"), NormalText("10b ma2"));
  EXPECT_EQ(NormalText("Key Stage_2"), "keystage2");
  EXPECT_NE(NormalText("5 Maple"), NormalText("5 Mable"));
  EXPECT_EQ(TrimCell("\xC2\xA0 '0123 "), "0123");
}

TEST(ImportTextTest, ReadsSexBandsAndAnswers) {
  EXPECT_EQ(ParseSex(" Girl"), v1::Pupil::FEMALE);
  EXPECT_FALSE(ParseSex("x"));
  EXPECT_EQ(ParsePriorAttainment("MID"), v1::Pupil::MIDDLE);
  EXPECT_EQ(ParseYesNo("T"), true);
  EXPECT_EQ(ParseYesNo("0"), false);
  EXPECT_FALSE(ParseYesNo("maybe"));
}

TEST(GroupCodesTest, ReadsGroupsAndChecksTheirDetail) {
  EXPECT_EQ(ParseGroup("Pupil Premium"), v1::GroupMembership::DISADVANTAGED);
  EXPECT_EQ(ParseGroup("SEN_SUPPORT"), v1::GroupMembership::SEN_SUPPORT);
  EXPECT_EQ(ParseGroup("e"), v1::GroupMembership::EHCP);
  EXPECT_FALSE(ParseGroup("club"));
  EXPECT_EQ(DetailFault(v1::GroupMembership::EHCP, "SLCN"), "");
  EXPECT_NE(DetailFault(v1::GroupMembership::EHCP, "XYZ"), "");
  EXPECT_NE(DetailFault(v1::GroupMembership::MOST_ABLE, "SLCN"), "");
  EXPECT_NE(DetailFault(v1::GroupMembership::ETHNICITY, ""), "");
  EXPECT_TRUE(NeededByTeacher(v1::GroupMembership::LOOKED_AFTER));
  EXPECT_FALSE(NeededByTeacher(v1::GroupMembership::DISADVANTAGED));
  EXPECT_FALSE(NeededByTeacher(v1::GroupMembership::ETHNICITY));
}

}  // namespace
}  // namespace fivestrand::assessment::domain
