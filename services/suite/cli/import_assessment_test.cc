// The commands that send files of pupils, groups and results, against a real assessment service.
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"

#include "services/assessment/app/test_trust.h"
#include "services/suite/cli/import_assessment_command.h"

namespace fivestrand::cli {
namespace {

using assessment::TestTrust;
using ::testing::HasSubstr;

constexpr char kMapping[] = R"({"displayName": "Results", "kind": "RESULTS", "shape": "LONG", "columns": [
  {"header": "UPN", "field": "UPN"}, {"header": "Subject", "field": "SUBJECT"}, {"header": "Grade", "field": "RESULT"}]})";

class ImportAssessmentTest : public ::testing::Test {
 protected:
  ImportAssessmentTest() : folder_(::testing::TempDir() + "import_assessment_test") {
    std::filesystem::create_directories(folder_);
    trust_.AddPupil("p1", 1, "northgate", "5-maple");
  }
  ~ImportAssessmentTest() override { std::filesystem::remove_all(folder_); }

  std::string File(const std::string& name, std::string_view content) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  int Run(AssessmentImportOptions options) {
    out_.str("");
    err_.str("");
    options.trust = "trusts/acorn";
    options.window = "autumn";
    return ImportAssessmentFile({&trust_.service().client(), trust_.service().TokenFor(testing::TestService::Operator())},
                                {&out_, &err_, false}, options);
  }

  TestTrust trust_{testing::EngineKind::kSqlite};
  std::ostringstream out_, err_;
  const std::string folder_;
};

TEST_F(ImportAssessmentTest, SendsAFileWithAMappingOfItsOwn) {
  AssessmentImportOptions options{
      .path = File("results.csv", absl::StrCat("UPN,Subject,Grade\n", TestTrust::Upn(1), ",maths,EXS\n")),
      .kind = assessment::v1::RESULTS,
      .mapping = File("mapping.json", kMapping),
      .dry_run = true};
  EXPECT_EQ(Run(options), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("dry run, nothing written: would be created 1, updated 0, unchanged 0"));
  EXPECT_EQ(trust_.ResultOf("p1").cell().outcome(), "");
  options.dry_run = false;
  EXPECT_EQ(Run(options), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("import results: 1 rows; created 1, updated 0, unchanged 0"));
  EXPECT_THAT(err_.str(), HasSubstr("sending"));
  EXPECT_EQ(trust_.ResultOf("p1").cell().outcome(), "EXS");
  EXPECT_EQ(Run(options), 0);
  EXPECT_THAT(out_.str(), HasSubstr("created 0, updated 0, unchanged 1"));
}

TEST_F(ImportAssessmentTest, NamesEachBadRowAndWritesNothing) {
  EXPECT_EQ(Run({.path = File("results.csv", absl::StrCat("UPN,Subject,Grade\n", TestTrust::Upn(1), ",maths,EXS\n",
                                                          TestTrust::Upn(1), ",reading,900\n")),
                 .kind = assessment::v1::RESULTS,
                 .mapping = File("mapping.json", kMapping)}),
            1);
  EXPECT_THAT(err_.str(), HasSubstr("line 3, column Grade, \"900\": must be a number from 80 to 120"));
  EXPECT_THAT(err_.str(), HasSubstr("1 error, nothing was written"));
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(trust_.ResultOf("p1").cell().outcome(), "");
}

TEST_F(ImportAssessmentTest, TakesASavedMappingOfTheRightKindOnly) {
  const std::string file = File("results.csv", absl::StrCat("UPN,Subject,Grade\n", TestTrust::Upn(1), ",maths,EXS\n"));
  EXPECT_EQ(Run({.path = file, .kind = assessment::v1::RESULTS, .mapping = "mis"}), 1) << "there is none";
  assessment::v1::CreateColumnMappingRequest create;
  create.set_parent("trusts/acorn");
  create.set_column_mapping_id("mis");
  *create.mutable_column_mapping() =
      TestTrust::Header(assessment::v1::RESULTS, assessment::v1::ColumnMapping::LONG).column_mapping();
  trust_.Must<assessment::v1::ColumnMapping>("fivestrand.assessment.v1.ImportService.CreateColumnMapping", create);
  EXPECT_EQ(Run({.path = file, .kind = assessment::v1::PUPILS, .mapping = "mis"}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("another kind"));
  EXPECT_EQ(Run({.path = file, .kind = assessment::v1::RESULTS, .mapping = "mis"}), 0) << err_.str();
  EXPECT_EQ(Run({.path = folder_ + "/none.csv", .kind = assessment::v1::RESULTS, .mapping = "mis"}), 1);
  EXPECT_EQ(Run({.path = file, .kind = assessment::v1::RESULTS, .mapping = "mis", .start_date = "soon"}), 1);
}

}  // namespace
}  // namespace fivestrand::cli
