#include "services/assessment/domain/cell_rules.h"

#include <gtest/gtest.h>

#include "services/assessment/domain/framework_rules.h"
#include "services/assessment/domain/standard_scales.h"

namespace fivestrand::assessment::domain {
namespace {

class CellRulesTest : public ::testing::Test {
 protected:
  static CompiledScale AgeRelated() {
    for (StandardScale& each : StandardScales()) {
      if (each.id != "age-related") continue;
      NumberCodes(nullptr, &each.scale);
      return CompiledScale(each.scale);
    }
    return CompiledScale(v1::Scale());
  }
  ResultRow Standing(std::string_view text, std::int64_t revision) {
    const Outcome outcome = scale_.Parse(text).value();
    return {.key = 1, .outcome = outcome.code, .value = outcome.value, .update_time = revision};
  }
  CellVerdict Judge(const ResultRow& current, std::string_view typed, std::int64_t expected) {
    return JudgeCell(scale_, v1::CELL_REFUSAL_UNSPECIFIED, current, typed, expected);
  }
  const CompiledScale scale_ = AgeRelated();
};

TEST_F(CellRulesTest, ANewCell) {
  EXPECT_EQ(Judge({}, "EXS", 0).action, CellAction::kPut);
  EXPECT_EQ(Judge({}, " ", 0).action, CellAction::kLeave);
  EXPECT_EQ(Judge({}, "Z", 0).refusal, v1::OFF_SCALE);
  EXPECT_EQ(Judge({}, "EXS", 7).refusal, v1::CHANGED_MEANWHILE) << "there was one, and somebody took it away";
}

TEST_F(CellRulesTest, ACellThatSomebodyElseHasChanged) {
  const ResultRow current = Standing("EXS", 5);
  EXPECT_EQ(Judge(current, "GDS", 5).action, CellAction::kPut);
  EXPECT_EQ(Judge(current, "", 5).action, CellAction::kRemove);
  EXPECT_EQ(Judge(current, "GDS", 4).refusal, v1::CHANGED_MEANWHILE);
  EXPECT_EQ(Judge(current, "", 4).refusal, v1::CHANGED_MEANWHILE);
  EXPECT_EQ(Judge(current, "GDS", 0).refusal, v1::CHANGED_MEANWHILE);
  EXPECT_EQ(Judge(current, "exs", 4).action, CellAction::kLeave) << "both say the same";
}

TEST_F(CellRulesTest, WhatIsWrongWithTheRowComesFirst) {
  EXPECT_EQ(JudgeCell(scale_, v1::WINDOW_CLOSED, {}, "Z", 0).refusal, v1::WINDOW_CLOSED);
  for (int refusal = v1::WINDOW_CLOSED; refusal <= v1::NAMED_TWICE; ++refusal)
    EXPECT_NE(RefusalText(static_cast<v1::CellRefusal>(refusal), scale_), "");
}

}  // namespace
}  // namespace fivestrand::assessment::domain
