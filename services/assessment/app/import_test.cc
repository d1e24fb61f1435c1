// Files of pupils, groups and results: every oddity of the field, all or nothing, twice the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/status/status.h"
#include "services/assessment/app/test_trust.h"

namespace fivestrand::assessment {
namespace {

using testing::EngineKind;
using testing::TestService;
using Mapping = v1::ColumnMapping;

class ImportTest : public ::testing::TestWithParam<EngineKind> {
 protected:
  void SetUp() override {
    trust_ = std::make_unique<TestTrust>(GetParam());
    for (int i = 1; i <= 3; ++i) trust_->AddPupil(absl::StrCat("p", i), i, "northgate", "5-maple");
  }
  v1::ImportAssessmentResponse Import(const v1::ImportHeader& header, std::string_view bytes) {
    auto response = trust_->Import(TestTrust::DataLead(), header, bytes);
    EXPECT_TRUE(response.ok()) << response.status() << trust_->service().log();
    return response.ok() ? *std::move(response) : v1::ImportAssessmentResponse();
  }
  static std::string Problem(const v1::ImportProblem& problem) {
    return absl::StrCat(problem.line(), "|", problem.column(), "|", problem.value());
  }
  static std::vector<std::string> Problems(const v1::ImportAssessmentResponse& response) {
    std::vector<std::string> problems;
    for (const v1::ImportProblem& each : response.problems()) problems.push_back(Problem(each));
    return problems;
  }
  std::string U(int serial) { return TestTrust::Upn(serial); }
  std::string Outcome(const std::string& pupil, std::string_view subject = "maths") {
    return trust_->ResultOf(pupil, subject).cell().outcome();
  }
  v1::PupilOverview Overview(const std::string& name) {
    v1::ReadPupilOverviewRequest read;
    read.set_name(name);
    return trust_->Must<v1::PupilOverview>("fivestrand.assessment.v1.PupilService.ReadPupilOverview", read);
  }
  std::string NameOf(int serial) {
    v1::ListPupilsRequest list;
    list.set_parent("trusts/acorn");
    list.set_filter(absl::StrCat("upn = \"", U(serial), "\""));
    const auto found = trust_->Must<v1::ListPupilsResponse>("fivestrand.assessment.v1.PupilService.ListPupils", list);
    return found.pupils_size() == 1 ? found.pupils(0).name() : "";
  }

  std::unique_ptr<TestTrust> trust_;
};

INSTANTIATE_TEST_SUITE_P(Engines, ImportTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

TEST_P(ImportTest, ALongFileOfResults) {
  const v1::ImportHeader header = TestTrust::Header(v1::RESULTS, Mapping::LONG);
  const std::string file = absl::StrCat("UPN,Subject,Grade\r\n", U(1), ",Maths,exs\r\n", U(2), ",maths,GDS\r\n", U(1),
                                        ",Reading,104\r\n", U(3), ",maths,\r\n");
  const auto first = Import(header, file);
  EXPECT_TRUE(first.written());
  EXPECT_EQ(first.row_count(), 4);
  EXPECT_EQ(first.created_count(), 3) << first.ShortDebugString();
  EXPECT_EQ(Outcome("p1"), "EXS");
  EXPECT_EQ(Outcome("p1", "reading"), "104");
  EXPECT_EQ(Outcome("p3"), "") << "a blank cell changes nothing";
  // The same file twice changes nothing, not even who made them when.
  const std::int64_t revision = trust_->ResultOf("p1").cell().revision();
  const auto second = Import(header, file);
  EXPECT_EQ(second.created_count() + second.updated_count(), 0);
  EXPECT_EQ(second.unchanged_count(), 3);
  EXPECT_EQ(trust_->ResultOf("p1").cell().revision(), revision);
  // A correction keeps what was.
  const auto third = Import(header, absl::StrCat("UPN;Subject;Grade\n", U(1), ";Maths;WTS\n"));
  EXPECT_EQ(third.updated_count(), 1);
  EXPECT_EQ(third.separator(), ";");
  ASSERT_EQ(trust_->ResultOf("p1").history_size(), 1);
  EXPECT_EQ(trust_->ResultOf("p1").history(0).outcome(), "EXS");
}

TEST_P(ImportTest, AWideFileOfResults) {
  const v1::ImportHeader header = TestTrust::Header(v1::RESULTS, Mapping::WIDE);
  const auto response =
      Import(header, absl::StrCat("Name\tUPN\tmaths\tREADING\n\"Gi\nven\"\t", U(1), "\tEXS\t110.0\n\t", U(2), "\t\tA\n"));
  EXPECT_TRUE(response.written()) << response.ShortDebugString();
  EXPECT_EQ(response.created_count(), 3);
  EXPECT_EQ(Outcome("p1", "reading"), "110");
  EXPECT_EQ(Outcome("p2", "reading"), "A");
  EXPECT_EQ(Outcome("p2"), "");
}

TEST_P(ImportTest, EveryBadRowIsNamedAndNothingIsWritten) {
  const v1::ImportHeader header = TestTrust::Header(v1::RESULTS, Mapping::LONG);
  const std::string file = absl::StrCat("UPN,Subject,Grade\n",                //
                                        U(1), ",Maths,EXS\n",                 // 2: right
                                        U(2), ",\"Ma\nths\",EXS\n",           // 3 and 4: a line break in a cell
                                        "A", U(1).substr(1), ",Maths,EXS\n",  // 5: wrong check letter
                                        U(77), ",Maths,EXS\n",                // 6: nobody
                                        U(2), ",Art,EXS\n",                   // 7: no subject
                                        U(2), ",Maths,XYZ\n",                 // 8: off its scale
                                        U(3), ",Reading,121\n",               // 9: off its scale
                                        U(1), ",Maths,GDS\n",                 // 10: differs from line 2
                                        U(1), ",Maths,EXS\n",                 // 11: the same as line 2
                                        ",Maths,EXS\n",                       // 12: no number
                                        U(3), ",Maths,EXS,,extra\n");         // 13: torn
  const auto response = Import(header, file);
  EXPECT_FALSE(response.written());
  const std::string wrong = U(1)[0] == 'A' ? U(1) : "A" + U(1).substr(1);
  EXPECT_THAT(Problems(response),
              ::testing::ElementsAre(absl::StrCat("5|UPN|", wrong), absl::StrCat("6|UPN|", U(77)), "7|Subject|Art", "8|Grade|XYZ",
                                     "9|Grade|121", "10|Grade|GDS", "12|UPN|", "13|4|"));
  EXPECT_EQ(response.problem_count(), 8);
  EXPECT_THAT(response.problems(3).reason(), ::testing::HasSubstr("BLW, WTS, EXS, GDS"));
  EXPECT_THAT(response.problems(5).reason(), ::testing::HasSubstr("line 2"));
  EXPECT_EQ(Outcome("p1"), "") << "all or nothing";
  // What stood in the file is for whoever sent it: nothing of it is in the log.
  EXPECT_THAT(trust_->service().log(), ::testing::Not(::testing::HasSubstr(U(77))));
}

TEST_P(ImportTest, ManyProblemsAreCountedAndAThousandAreNamed) {
  std::string file = "UPN,Subject,Grade\n";
  for (int i = 0; i < 1500; ++i) absl::StrAppend(&file, U(1), ",Maths,off", i, "\n");
  const auto response = Import(TestTrust::Header(v1::RESULTS, Mapping::LONG), file);
  EXPECT_EQ(response.problem_count(), 1500);
  EXPECT_EQ(response.problems_size(), 1000);
}

TEST_P(ImportTest, ADryRunSaysWhatWouldBe) {
  v1::ImportHeader header = TestTrust::Header(v1::RESULTS, Mapping::LONG);
  ASSERT_TRUE(trust_->Write(TestTrust::Teacher(), {{"p1", "WTS"}, {"p2", "EXS"}}).ok());
  header.set_validate_only(true);
  header.set_preview_rows(2);
  const auto response =
      Import(header, absl::StrCat("UPN,Subject,Grade\n", U(1), ",Maths,exs\n", U(2), ",Maths,EXS\n", U(3), ",Maths,EXS\n"));
  EXPECT_FALSE(response.written());
  EXPECT_EQ(response.created_count(), 1);
  EXPECT_EQ(response.updated_count(), 1);
  EXPECT_EQ(response.unchanged_count(), 1);
  EXPECT_EQ(Outcome("p1"), "WTS");
  ASSERT_EQ(response.preview_size(), 2);
  EXPECT_EQ(response.preview(0).line(), 2);
  EXPECT_EQ(response.preview(0).cells(0).meaning(), "p1");
  EXPECT_EQ(response.preview(0).cells(2).value(), "exs");
  EXPECT_EQ(response.preview(0).cells(2).meaning(), "EXS");
}

TEST_P(ImportTest, ASavedMappingWithAliasesAndBlanks) {
  v1::ImportHeader header = TestTrust::Header(v1::RESULTS, Mapping::LONG);
  v1::CreateColumnMappingRequest create;
  create.set_parent("trusts/acorn");
  create.set_column_mapping_id("mis");
  *create.mutable_column_mapping() = header.column_mapping();
  create.mutable_column_mapping()->add_blanks("-");
  Mapping::Alias* alias = create.mutable_column_mapping()->add_aliases();
  alias->set_field(Mapping::RESULT);
  alias->set_text("Working At");
  alias->set_means("EXS");
  alias = create.mutable_column_mapping()->add_aliases();
  alias->set_field(Mapping::SUBJECT);
  alias->set_text("Mathematics");
  alias->set_means("maths");
  trust_->Must<v1::ColumnMapping>("fivestrand.assessment.v1.ImportService.CreateColumnMapping", create);
  header.clear_column_mapping();
  header.set_mapping("trusts/acorn/columnMappings/mis");
  const auto response =
      Import(header, absl::StrCat("UPN,Subject,Grade\n", U(1), ",Mathematics,working at\n", U(2), ",Mathematics,-\n"));
  EXPECT_TRUE(response.written()) << response.ShortDebugString();
  EXPECT_EQ(Outcome("p1"), "EXS");
  header.set_mapping("trusts/acorn/columnMappings/none");
  EXPECT_TRUE(absl::IsInvalidArgument(trust_->Import(TestTrust::DataLead(), header, "UPN\n").status()));
}

TEST_P(ImportTest, AClosedWindowAndAPupilWhoWasNotThere) {
  v1::CreatePupilRequest late;
  late.set_parent("trusts/acorn");
  late.set_pupil_id("late");
  late.mutable_pupil()->set_upn(U(9));
  late.mutable_pupil()->set_given_name("Late");
  late.mutable_pupil()->set_family_name("Comer");
  trust_->Must<v1::Pupil>("fivestrand.assessment.v1.PupilService.CreatePupil", late);
  trust_->Enrol("late", "northgate", "2026-12-01");
  const v1::ImportHeader header = TestTrust::Header(v1::RESULTS, Mapping::LONG);
  const std::string file = absl::StrCat("UPN,Subject,Grade\n", U(9), ",Maths,EXS\n");
  EXPECT_THAT(Problems(Import(header, file)), ::testing::ElementsAre("2|Grade|EXS"));
  trust_->SetEntry(v1::AssessmentWindow::CLOSED);
  const auto closed = Import(header, absl::StrCat("UPN,Subject,Grade\n", U(1), ",Maths,EXS\n"));
  ASSERT_EQ(closed.problems_size(), 1);
  EXPECT_THAT(closed.problems(0).reason(), ::testing::HasSubstr("closed"));
}

TEST_P(ImportTest, PupilsComeInWithTheirSchoolsAndClasses) {
  const v1::ImportHeader header = TestTrust::Header(v1::PUPILS, Mapping::LONG);
  // Windows-1252, with a name of Brontë, a date of a spreadsheet, and a class in small letters.
  const std::string file = absl::StrCat("UPN;Surname;Forename;School;Year;DOB;Class\r\n",          //
                                        U(20), ";Bront\xEB;Anne;999001;5;17/01/2017;5 Maple\r\n",  //
                                        U(21), ";Zola;\xC9mile;801/2002;Year 5;42828;5-elm\r\n",   //
                                        U(1), ";Family-p1;Given;Northgate Primary;Y5;;5-OAK\r\n");
  const auto response = Import(header, file);
  EXPECT_TRUE(response.written()) << response.ShortDebugString();
  EXPECT_EQ(response.encoding(), "Windows-1252");
  const auto anne = Overview(NameOf(20));
  EXPECT_EQ(anne.pupil().family_name(), "Bront\xC3\xAB");
  EXPECT_EQ(anne.pupil().school(), "trusts/acorn/schools/northgate");
  EXPECT_EQ(anne.pupil().year_group(), type::v1::YEAR_GROUP_5);
  EXPECT_TRUE(anne.pupil().on_roll());
  ASSERT_EQ(anne.class_memberships_size(), 1);
  EXPECT_EQ(anne.class_memberships(0).school_class(), TestTrust::Class("northgate", "5-maple"));
  EXPECT_EQ(Overview(NameOf(21)).pupil().birth_date().year(), 2017);
  // The third changed class: the old membership has ended.
  const auto moved = Overview(TestTrust::Pupil("p1"));
  ASSERT_EQ(moved.class_memberships_size(), 2);
  EXPECT_EQ(moved.class_memberships(0).school_class(), TestTrust::Class("northgate", "5-oak"));
  EXPECT_TRUE(moved.class_memberships(1).has_end_date());
  EXPECT_EQ(moved.enrolments_size(), 1) << "the same school and year";

  const auto again = Import(header, file);
  EXPECT_EQ(again.created_count() + again.updated_count(), 0) << again.ShortDebugString();
}

TEST_P(ImportTest, BadRowsOfPupils) {
  const auto response = Import(TestTrust::Header(v1::PUPILS, Mapping::LONG),
                               absl::StrCat("UPN,Surname,Forename,School,Year,DOB,Class\n",      //
                                            U(20), ",,Anne,999001,5,,\n",                        //
                                            U(21), ",Zola,Emile,123456,5,,\n",                   //
                                            U(22), ",Zola,Emile,999001,15,31/06/2016,\n",        //
                                            U(23), ",Zola,Emile,999001,5,01/02/16,7 Nowhere\n",  //
                                            U(20), ",Twice,Anne,999001,5,,\n"));
  EXPECT_FALSE(response.written());
  EXPECT_THAT(Problems(response), ::testing::ElementsAre("2|Surname|", "3|School|123456", "4|DOB|31/06/2016", "4|Year|15",
                                                         "5|DOB|01/02/16", "5|Class|7 Nowhere", absl::StrCat("6|UPN|", U(20))));
  EXPECT_EQ(NameOf(20), "");
}

TEST_P(ImportTest, APupilWhoMovesSchoolsByFile) {
  v1::ImportHeader header = TestTrust::Header(v1::PUPILS, Mapping::LONG);
  *header.mutable_start_date() = calendar::ToProto(absl::CivilDay(2026, 11, 23));
  const std::string file = absl::StrCat("UPN,Surname,Forename,School,Year,DOB,Class\n", U(1), ",Family-p1,Given,999002,5,,5-elm\n");
  EXPECT_TRUE(Import(header, file).written());
  const auto overview = Overview(TestTrust::Pupil("p1"));
  EXPECT_EQ(overview.pupil().school(), "trusts/acorn/schools/elmwood");
  ASSERT_EQ(overview.enrolments_size(), 2);
  EXPECT_EQ(overview.enrolments(1).end_date().day(), 22);
  EXPECT_EQ(Import(header, file).created_count(), 0);
}

TEST_P(ImportTest, GroupsWideAndLong) {
  v1::ImportHeader wide = TestTrust::Header(v1::GROUPS, Mapping::WIDE);
  const std::string file = absl::StrCat("UPN,PP,SEN,Need\n", U(1), ",Y,K,SLCN\n", U(2), ",N,E,ASD\n", U(3), ",,N,\n");
  const auto first = Import(wide, file);
  EXPECT_TRUE(first.written()) << first.ShortDebugString();
  EXPECT_EQ(first.created_count(), 3);
  EXPECT_EQ(Overview(TestTrust::Pupil("p1")).group_memberships_size(), 2);
  EXPECT_EQ(Import(wide, file).created_count(), 0);
  // The need is met: support ends, and the plan takes its place.
  *wide.mutable_start_date() = calendar::ToProto(absl::CivilDay(2026, 11, 30));
  EXPECT_TRUE(Import(wide, absl::StrCat("UPN,PP,SEN,Need\n", U(1), ",,E,SLCN\n")).written());
  int held = 0;
  const v1::PupilOverview overview = Overview(TestTrust::Pupil("p1"));
  for (const auto& each : overview.group_memberships()) {
    if (each.group() == v1::GroupMembership::SEN_SUPPORT) {
      EXPECT_EQ(each.end_date().day(), 29);
    }
    if (each.group() == v1::GroupMembership::EHCP) {
      EXPECT_EQ(each.start_date().day(), 30);
    }
    held += each.has_end_date() ? 0 : 1;
  }
  EXPECT_EQ(held, 2);

  const v1::ImportHeader long_form = TestTrust::Header(v1::GROUPS, Mapping::LONG);
  EXPECT_TRUE(Import(long_form, absl::StrCat("UPN,Group,From\n", U(3), ",Looked after,01/09/2026\n")).written());
  const auto bad = Import(long_form, absl::StrCat("UPN,Group,From\n", U(3), ",Chess club,2026\n"));
  EXPECT_THAT(Problems(bad), ::testing::ElementsAre("2|From|2026", "2|Group|Chess club"));
}

TEST_P(ImportTest, FilesThatAreNoneAreRefused) {
  const v1::ImportHeader header = TestTrust::Header(v1::RESULTS, Mapping::LONG);
  for (const std::string& bytes :
       {std::string(), std::string("PK\x03\x04rest"), std::string("\xFF\xFEU\0P\0N\0", 8), std::string("UPN,Grade\n")}) {
    EXPECT_TRUE(absl::IsInvalidArgument(trust_->Import(TestTrust::DataLead(), header, bytes).status())) << bytes;
  }
  // A mark at the beginning is no part of the first heading.
  EXPECT_TRUE(Import(header, absl::StrCat("\xEF\xBB\xBFUPN,Subject,Grade\n", U(1), ",Maths,EXS\n")).written());
}

TEST_P(ImportTest, ProgressIsThereWhileItRuns) {
  v1::ReadImportProgressRequest request;
  request.set_parent("trusts/acorn");
  request.set_request_id("11111111-1111-4111-8111-111111111111");
  EXPECT_TRUE(absl::IsNotFound(
      trust_->service()
          .Call<v1::ImportProgress>(TestTrust::DataLead(), "fivestrand.assessment.v1.ImportService.ReadImportProgress", request)
          .status()));
  rpc::CallOptions options;
  options.token = trust_->service().TokenFor(TestTrust::DataLead());
  auto call =
      trust_->service().client().Upload(rpc::FindMethod("fivestrand.assessment.v1.ImportService.ImportAssessment"), options);
  v1::ImportAssessmentRequest message;
  *message.mutable_header() = TestTrust::Header(v1::RESULTS, Mapping::LONG);
  message.mutable_header()->set_request_id(request.request_id());
  ASSERT_TRUE(call->Send(message));
  message.set_chunk("UPN,Subject,Grade\n");
  ASSERT_TRUE(call->Send(message));
  absl::StatusOr<v1::ImportProgress> progress = absl::NotFoundError("");
  // Until the server has taken the piece.
  while (!progress.ok() || progress->byte_count() == 0) {
    progress = trust_->service().Call<v1::ImportProgress>(TestTrust::DataLead(),
                                                          "fivestrand.assessment.v1.ImportService.ReadImportProgress", request);
    ASSERT_TRUE(progress.ok() || absl::IsNotFound(progress.status())) << progress.status();
  }
  EXPECT_EQ(progress->phase(), v1::ImportProgress::RECEIVING);
  EXPECT_EQ(progress->byte_count(), 18);
  v1::ImportAssessmentResponse response;
  ASSERT_TRUE(call->Finish(&response).ok());
  EXPECT_EQ(response.row_count(), 0);
}

TEST_P(ImportTest, ResultsThatWereMadeBeforeTheyCame) {
  v1::ImportHeader header = TestTrust::Header(v1::RESULTS, Mapping::LONG);
  const absl::Time made = trust_->service().clock().Now() - absl::Hours(24 * 20);
  header.mutable_result_time()->set_seconds(absl::ToUnixSeconds(made));
  const std::string file = absl::StrCat("UPN,Subject,Grade\n", U(1), ",Maths,EXS\n");
  // Whoever keeps results day by day cannot make them look as if they had been in time.
  EXPECT_TRUE(absl::IsPermissionDenied(trust_->Import(TestTrust::DataLead(), header, file).status()));
  ASSERT_TRUE(trust_->Import(TestService::Operator(), header, file).ok());
  EXPECT_EQ(trust_->ResultOf("p1").cell().update_time().seconds(), absl::ToUnixSeconds(made));

  header.mutable_result_time()->set_seconds(absl::ToUnixSeconds(trust_->service().clock().Now() + absl::Hours(1)));
  EXPECT_TRUE(absl::IsInvalidArgument(trust_->Import(TestService::Operator(), header, file).status()));
  header.clear_result_time();
  // What stands there keeps its time: it is the same.
  ASSERT_TRUE(trust_->Import(TestService::Operator(), header, file).ok());
  EXPECT_EQ(trust_->ResultOf("p1").cell().update_time().seconds(), absl::ToUnixSeconds(made));
}

}  // namespace
}  // namespace fivestrand::assessment
