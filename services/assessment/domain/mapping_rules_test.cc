#include "services/assessment/domain/mapping_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fivestrand::assessment::domain {
namespace {

using Mapping = v1::ColumnMapping;

Mapping Results(Mapping::Shape shape) {
  Mapping mapping;
  mapping.set_kind(v1::RESULTS);
  mapping.set_shape(shape);
  auto add = [&](const char* header, Mapping::Field field) {
    Mapping::Column* column = mapping.add_columns();
    column->set_header(header);
    column->set_field(field);
    return column;
  };
  add("UPN", Mapping::UPN);
  if (shape == Mapping::WIDE) {
    add("Maths Aut 1", Mapping::RESULT)->set_subject("trusts/acorn/subjects/maths");
    add("Reading Aut 1", Mapping::RESULT)->set_subject("trusts/acorn/subjects/reading");
  } else {
    add("Subject", Mapping::SUBJECT);
    add("Grade", Mapping::RESULT);
  }
  return mapping;
}

std::vector<std::string> Faults(const Mapping& mapping) {
  status::FieldViolations wrong;
  CheckMapping(
      mapping, [](std::string_view field) { return std::string(field); }, &wrong);
  std::vector<std::string> fields;
  for (const status::FieldViolation& each : wrong.violations()) fields.push_back(each.field);
  return fields;
}

TEST(MappingRulesTest, NamesWhatIsWrong) {
  EXPECT_THAT(Faults(Results(Mapping::LONG)), ::testing::IsEmpty());
  EXPECT_THAT(Faults(Results(Mapping::WIDE)), ::testing::IsEmpty());
  Mapping mapping = Results(Mapping::WIDE);
  mapping.mutable_columns(2)->clear_subject();
  EXPECT_THAT(Faults(mapping), ::testing::ElementsAre("columns[2].subject"));
  mapping = Results(Mapping::LONG);
  mapping.mutable_columns(1)->set_header("upn ");
  EXPECT_THAT(Faults(mapping), ::testing::ElementsAre("columns[1].header"));
  mapping = Results(Mapping::LONG);
  mapping.mutable_columns(0)->set_field(Mapping::SEX);
  EXPECT_THAT(Faults(mapping), ::testing::ElementsAre("columns[0].field", "columns"));
  mapping = Results(Mapping::LONG);
  mapping.mutable_columns(1)->set_field(Mapping::RESULT);
  EXPECT_THAT(Faults(mapping), ::testing::ElementsAre("columns[2].field")) << "two results in a long row";
}

TEST(MappingRulesTest, FitsAFileWhateverTheOrderAndCase) {
  const auto fitted = CompiledMapping::Fit(Results(Mapping::LONG), {"Name", "GRADE", "subject", "Upn"});
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  EXPECT_EQ(fitted->Find(Mapping::UPN)->place, 3u);
  EXPECT_EQ(fitted->Find(Mapping::RESULT)->place, 1u);
  EXPECT_EQ(fitted->Find(Mapping::WINDOW), nullptr);
  EXPECT_FALSE(CompiledMapping::Fit(Results(Mapping::LONG), {"UPN", "Subject"}).ok()) << "a column is missing";
  EXPECT_FALSE(CompiledMapping::Fit(Results(Mapping::LONG), {"UPN", "Subject", "Grade", "grade"}).ok()) << "which one?";
}

TEST(MappingRulesTest, AliasesAndBlanks) {
  Mapping mapping = Results(Mapping::LONG);
  mapping.add_blanks("-");
  mapping.add_blanks("N/A");
  Mapping::Alias* alias = mapping.add_aliases();
  alias->set_field(Mapping::RESULT);
  alias->set_text("Working At");
  alias->set_means("EXS");
  alias = mapping.add_aliases();
  alias->set_field(Mapping::RESULT);
  alias->set_text("W+");
  alias->set_means("GDS");
  const auto fitted = CompiledMapping::Fit(mapping, {"UPN", "Subject", "Grade"});
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  EXPECT_EQ(fitted->Value(Mapping::RESULT, " working at "), "EXS");
  EXPECT_EQ(fitted->Value(Mapping::RESULT, "W+"), "GDS");
  EXPECT_EQ(fitted->Value(Mapping::RESULT, "W"), "W");
  EXPECT_EQ(fitted->Value(Mapping::SUBJECT, "Working At"), "Working At") << "an alias is of its own column";
  EXPECT_EQ(fitted->Value(Mapping::RESULT, "n/a"), "");
  EXPECT_EQ(fitted->Value(Mapping::RESULT, " - "), "");
}

}  // namespace
}  // namespace fivestrand::assessment::domain
