#include "services/assessment/domain/framework_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/assessment/domain/standard_scales.h"

namespace fivestrand::assessment::domain {
namespace {

v1::Scale AgeRelated() {
  for (StandardScale& each : StandardScales()) {
    if (each.id == "age-related") {
      NumberCodes(nullptr, &each.scale);
      return each.scale;
    }
  }
  return {};
}

std::vector<std::string> Fields(const status::FieldViolations& wrong) {
  std::vector<std::string> fields;
  for (const status::FieldViolation& each : wrong.violations()) fields.push_back(each.field);
  return fields;
}

std::vector<std::string> Faults(const v1::Scale& scale) {
  status::FieldViolations wrong;
  CheckScale(
      scale, [](std::string_view field) { return std::string(field); }, &wrong);
  return Fields(wrong);
}

std::vector<std::string> ChangeFaults(const v1::Scale& before, v1::Scale after) {
  NumberCodes(&before, &after);
  status::FieldViolations wrong;
  CheckScaleInUse(
      before, after, [](std::string_view field) { return std::string(field); }, &wrong);
  return Fields(wrong);
}

TEST(ScaleRulesTest, NamesWhatIsWrong) {
  v1::Scale scale = AgeRelated();
  EXPECT_THAT(Faults(scale), ::testing::IsEmpty());
  scale.mutable_codes(0)->set_code("exs");
  EXPECT_THAT(Faults(scale), ::testing::ElementsAre("codes[2].code"));
  scale = AgeRelated();
  scale.mutable_codes(0)->set_rank(9);  // Below the standard, and ranked above it.
  EXPECT_THAT(Faults(scale), ::testing::ElementsAre("codes[0].rank"));
  scale = AgeRelated();
  scale.mutable_codes(4)->set_rank(1);
  EXPECT_THAT(Faults(scale), ::testing::ElementsAre("codes[4].rank"));
  scale = AgeRelated();
  scale.set_maximum_thousandths(5);
  EXPECT_THAT(Faults(scale), ::testing::ElementsAre("minimum_thousandths"));
  v1::Scale numbers;
  numbers.set_kind(v1::Scale::NUMERIC);
  numbers.set_minimum_thousandths(80'000);
  numbers.set_maximum_thousandths(120'000);
  numbers.set_standard_thousandths(121'000);
  EXPECT_THAT(Faults(numbers), ::testing::ElementsAre("standard_thousandths"));
  v1::Scale empty;
  empty.set_kind(v1::Scale::CODES);
  EXPECT_THAT(Faults(empty), ::testing::ElementsAre("codes"));
}

TEST(ScaleRulesTest, ACodeKeepsItsNumberWhateverItsPlace) {
  const v1::Scale before = AgeRelated();
  v1::Scale after = before;
  after.mutable_codes()->SwapElements(0, 3);
  after.mutable_codes()->DeleteSubrange(1, 1);
  v1::Scale::Code* added = after.add_codes();
  added->set_code("MAS");
  NumberCodes(&before, &after);
  EXPECT_EQ(after.codes(0).code(), "GDS");
  EXPECT_EQ(after.codes(0).number(), before.codes(3).number());
  EXPECT_EQ(added->number(), before.codes_size() + 1) << "never the number of a code that went";
}

TEST(ScaleRulesTest, WhatResultsMeanCannotChange) {
  const v1::Scale before = AgeRelated();
  v1::Scale after = before;
  after.mutable_codes(2)->set_label("On track");
  v1::Scale::Code* added = after.add_codes();
  added->set_code("Q");
  added->set_outside(true);
  EXPECT_THAT(ChangeFaults(before, after), ::testing::IsEmpty()) << "labels and further codes";
  after = before;
  after.mutable_codes(1)->set_at_standard(true);
  EXPECT_THAT(ChangeFaults(before, after), ::testing::ElementsAre("codes"));
  after = before;
  after.mutable_codes()->DeleteSubrange(0, 1);
  EXPECT_THAT(ChangeFaults(before, after), ::testing::ElementsAre("codes"));

  v1::Scale phonics;
  phonics.set_kind(v1::Scale::NUMERIC);
  phonics.set_maximum_thousandths(40'000);
  v1::Scale announced = phonics;
  announced.set_standard_thousandths(32'000);
  EXPECT_THAT(ChangeFaults(phonics, announced), ::testing::IsEmpty()) << "announced after the check was taken";
  v1::Scale moved = announced;
  moved.set_standard_thousandths(31'000);
  EXPECT_THAT(ChangeFaults(announced, moved), ::testing::ElementsAre("standard_thousandths"));
  EXPECT_THAT(ChangeFaults(announced, phonics), ::testing::ElementsAre("standard_thousandths"));
}

TEST(WindowTest, FindsTheScaleOfASubjectInAYear) {
  v1::AssessmentWindow window;
  v1::AssessedSubject* young = window.add_subjects();
  young->set_subject("maths");
  young->set_scale("age-related");
  young->add_year_groups(type::v1::YEAR_GROUP_5);
  v1::AssessedSubject* old = window.add_subjects();
  old->set_subject("maths");
  old->set_scale("test");
  old->add_year_groups(type::v1::YEAR_GROUP_6);
  EXPECT_EQ(FindSubject(window, "maths", "", type::v1::YEAR_GROUP_5), young);
  EXPECT_EQ(FindSubject(window, "maths", "", type::v1::YEAR_GROUP_6), old);
  EXPECT_EQ(FindSubject(window, "maths", "", type::v1::YEAR_GROUP_4), nullptr);
  EXPECT_EQ(FindSubject(window, "maths", "test", type::v1::YEAR_GROUP_5), nullptr);
  EXPECT_EQ(FindSubject(window, "maths", "", type::v1::YEAR_GROUP_UNSPECIFIED), nullptr) << "two of them";
  EXPECT_EQ(FindSubject(window, "english", "", type::v1::YEAR_GROUP_5), nullptr);
}

}  // namespace
}  // namespace fivestrand::assessment::domain
