#include "services/assessment/domain/compiled_scale.h"

#include <gtest/gtest.h>
#include <limits>
#include <map>

#include "services/assessment/domain/framework_rules.h"
#include "services/assessment/domain/standard_scales.h"

namespace fivestrand::assessment::domain {
namespace {

class StandardScaleTest : public ::testing::Test {
 protected:
  static v1::Scale Scale(const std::string& id) {
    for (StandardScale& each : StandardScales()) {
      if (each.id != id) continue;
      NumberCodes(nullptr, &each.scale);
      return each.scale;
    }
    ADD_FAILURE() << "no scale " << id;
    return {};
  }
  static std::string Through(const CompiledScale& scale, std::string_view text) {
    const std::optional<Outcome> outcome = scale.Parse(text);
    return outcome ? scale.Write(*outcome) : "-";
  }
  static Standing StandingOf(const CompiledScale& scale, std::string_view text) {
    const std::optional<Outcome> outcome = scale.Parse(text);
    EXPECT_TRUE(outcome) << text;
    return outcome ? scale.StandingOf(*outcome) : Standing();
  }
};

TEST_F(StandardScaleTest, EveryOneIsValidAndReadsWhatItWrites) {
  for (StandardScale& each : StandardScales()) {
    NumberCodes(nullptr, &each.scale);
    status::FieldViolations wrong;
    CheckScale(
        each.scale, [](std::string_view field) { return std::string(field); }, &wrong);
    EXPECT_TRUE(wrong.ToStatus().ok()) << each.id << wrong.ToStatus();
    const CompiledScale scale(each.scale);
    for (const v1::Scale::Code& code : each.scale.codes()) EXPECT_EQ(Through(scale, code.code()), code.code()) << each.id;
    if (each.scale.kind() != v1::Scale::NUMERIC) continue;
    const std::int64_t low = each.scale.minimum_thousandths(), high = each.scale.maximum_thousandths();
    EXPECT_EQ(Through(scale, WriteThousandths(low)), WriteThousandths(low));
    EXPECT_EQ(Through(scale, WriteThousandths(high)), WriteThousandths(high));
    EXPECT_FALSE(scale.Parse(WriteThousandths(low - 1000)));
    EXPECT_FALSE(scale.Parse(WriteThousandths(high + 1000)));
    EXPECT_FALSE(scale.Parse(WriteThousandths(low + 500)));
  }
}

TEST_F(StandardScaleTest, EarlyLearningGoalsAreOneOrTwo) {
  const CompiledScale goals(Scale("early-learning-goals"));
  EXPECT_EQ(Through(goals, "1"), "1");
  EXPECT_EQ(Through(goals, "2.0"), "2") << "through a spreadsheet";
  EXPECT_EQ(Through(goals, "02"), "2");
  EXPECT_EQ(Through(goals, "a"), "A");
  for (const char* off : {"0", "3", "1.5", "-1", "expected"}) EXPECT_FALSE(goals.Parse(off)) << off;
  EXPECT_TRUE(StandingOf(goals, "2").at_standard);
  EXPECT_FALSE(StandingOf(goals, "1").at_standard);
  EXPECT_FALSE(StandingOf(goals, "A").counts);
}

TEST_F(StandardScaleTest, ThePhonicsThresholdIsDataOfItsYear) {
  v1::Scale scale = Scale("phonics");
  EXPECT_FALSE(StandingOf(CompiledScale(scale), "40").at_standard) << "nobody meets a threshold that is not announced";
  scale.set_standard_thousandths(32'000);
  const CompiledScale announced(scale);
  EXPECT_TRUE(StandingOf(announced, "32").at_standard);
  EXPECT_FALSE(StandingOf(announced, "31").at_standard);
  EXPECT_TRUE(StandingOf(announced, "A").counts);
  EXPECT_FALSE(StandingOf(announced, "A").at_standard);
  EXPECT_FALSE(StandingOf(announced, "L").counts);
  EXPECT_FALSE(announced.Parse("41"));
}

TEST_F(StandardScaleTest, TheTablesCheckHasNoPassMark) {
  const CompiledScale tables(Scale("multiplication-tables"));
  EXPECT_EQ(Through(tables, "25"), "25");
  EXPECT_FALSE(tables.Parse("26"));
  EXPECT_FALSE(StandingOf(tables, "25").at_standard);
  EXPECT_TRUE(StandingOf(tables, "25").counts);
}

TEST_F(StandardScaleTest, KeyStageTwoTestsTakeScoresAndCodes) {
  const CompiledScale test(Scale("key-stage-2-test"));
  EXPECT_TRUE(StandingOf(test, "100").at_standard);
  EXPECT_FALSE(StandingOf(test, "99").at_standard);
  EXPECT_TRUE(StandingOf(test, "110").at_higher_standard);
  EXPECT_FALSE(StandingOf(test, "109").at_higher_standard);
  for (const char* kept : {"A", "B", "T", "U"}) EXPECT_TRUE(StandingOf(test, kept).counts) << kept;
  for (const char* left : {"L", "F", "P"}) EXPECT_FALSE(StandingOf(test, left).counts) << left;
  for (const char* off : {"79", "121", "EXS", "100.5", "", " ", "1e2", "0x64", "٣"}) EXPECT_FALSE(test.Parse(off)) << off;
  EXPECT_EQ(Through(test, " 100.00 "), "100");
  EXPECT_EQ(test.expected().substr(0, 36), "must be a number from 80 to 120, or ");
}

TEST_F(StandardScaleTest, AgeRelatedOutcomesHaveAnOrderAndPoints) {
  const CompiledScale scale(Scale("age-related"));
  EXPECT_LT(StandingOf(scale, "BLW").rank, StandingOf(scale, "WTS").rank);
  EXPECT_LT(StandingOf(scale, "EXS").rank, StandingOf(scale, "gds").rank);
  EXPECT_EQ(scale.Parse("exs")->value, 3000);
  EXPECT_EQ(scale.Parse("A")->value, kNoValue);
  EXPECT_EQ(scale.Write({.code = 99}), "") << "a code that the scale does not have";
}

TEST(ThousandthsTest, ReadsExactlyWhatItWrites) {
  for (const std::int64_t value : {0, 1, -1, 10, 100, 1000, 1001, -1500, 104000, 999999, 123456789}) {
    const std::string text = WriteThousandths(value);
    ASSERT_TRUE(ParseThousandths(text)) << text;
    EXPECT_EQ(*ParseThousandths(text), value) << text;
  }
  EXPECT_EQ(ParseThousandths("104.50"), 104500);
  EXPECT_EQ(ParseThousandths("1.2340"), 1234);
  EXPECT_EQ(ParseThousandths(".5"), 500);
  for (const char* bad : {"", ".", "-", "1.2345", "1,5", "12a", "1.2.3", "--1", "99999999999999999999", "NaN", "inf"})
    EXPECT_FALSE(ParseThousandths(bad)) << bad;
}

}  // namespace
}  // namespace fivestrand::assessment::domain
