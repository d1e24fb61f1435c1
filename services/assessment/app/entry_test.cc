// The grid: cells taken and refused, two people at once, windows that close, pupils who move, records that are merged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/store/audit.h"
#include "services/assessment/app/test_trust.h"

namespace fivestrand::assessment {
namespace {

using testing::EngineKind;
using testing::TestService;

class EntryTest : public ::testing::TestWithParam<EngineKind> {
 protected:
  void SetUp() override {
    trust_ = std::make_unique<TestTrust>(GetParam());
    for (int i = 1; i <= 3; ++i) trust_->AddPupil(absl::StrCat("p", i), i, "northgate", "5-maple");
  }
  std::vector<v1::CellRefusal> Refusals(const v1::BulkUpsertResultsResponse& response) {
    std::vector<v1::CellRefusal> refusals;
    for (const auto& outcome : response.outcomes()) refusals.push_back(outcome.refusal());
    return refusals;
  }
  std::int64_t Revision(const std::string& pupil) { return trust_->ResultOf(pupil).cell().revision(); }

  std::unique_ptr<TestTrust> trust_;
};

INSTANTIATE_TEST_SUITE_P(Engines, EntryTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

TEST_P(EntryTest, ATeacherTypesAndReadsBack) {
  auto grid = trust_->ReadGrid(TestTrust::Teacher());
  ASSERT_TRUE(grid.ok()) << grid.status();
  ASSERT_EQ(grid->rows_size(), 3);
  EXPECT_TRUE(grid->writable());
  EXPECT_EQ(grid->scale().name(), "trusts/acorn/scales/age-related");
  EXPECT_EQ(grid->rows(0).cell().revision(), 0);
  EXPECT_EQ(grid->rows(0).family_name(), "Family-p1");

  const auto written = trust_->Write(TestTrust::Teacher(), {{"p1", "exs"}, {"p2", "GDS"}, {"p3", "Z"}});
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_THAT(Refusals(*written),
              ::testing::ElementsAre(v1::CELL_REFUSAL_UNSPECIFIED, v1::CELL_REFUSAL_UNSPECIFIED, v1::OFF_SCALE));
  EXPECT_EQ(written->written_count(), 2);
  EXPECT_THAT(written->outcomes(2).message(), ::testing::HasSubstr("BLW, WTS, EXS, GDS"));
  EXPECT_EQ(written->outcomes(0).current().outcome(), "EXS") << "as the scale writes it";
  grid = trust_->ReadGrid(TestTrust::Teacher());
  ASSERT_TRUE(grid.ok()) << grid.status();
  EXPECT_EQ(grid->rows(0).cell().outcome(), "EXS");
  EXPECT_EQ(grid->rows(0).cell().author(), "trusts/acorn/people/teacher");
  EXPECT_GT(grid->rows(0).cell().revision(), 0);
  EXPECT_EQ(grid->rows(2).cell().outcome(), "") << "what was refused was not written";
  // Another subject, on a scale of numbers.
  const auto scores = trust_->Write(TestTrust::Teacher(), {{"p1", "104"}, {"p2", "121"}, {"p3", "a"}}, "5-maple", "reading");
  ASSERT_TRUE(scores.ok()) << scores.status();
  EXPECT_THAT(Refusals(*scores), ::testing::ElementsAre(v1::CELL_REFUSAL_UNSPECIFIED, v1::OFF_SCALE, v1::CELL_REFUSAL_UNSPECIFIED));
  EXPECT_EQ(trust_->ResultOf("p1", "reading").points_thousandths(), 104000);
  EXPECT_TRUE(trust_->ResultOf("p1", "reading").at_standard());
  EXPECT_FALSE(trust_->ResultOf("p3", "reading").has_points_thousandths());
}

TEST_P(EntryTest, TwoPeopleNeverOverwriteEachOtherSilently) {
  ASSERT_TRUE(trust_->Write(TestTrust::Teacher(), {{"p1", "WTS"}}).ok());
  const std::int64_t read = Revision("p1");
  // One changes it, the other still has the old one on the screen.
  const auto first = trust_->Write(TestTrust::Teacher(), {{"p1", "EXS", read}});
  ASSERT_EQ(first->written_count(), 1);
  const auto second = trust_->Write(TestTrust::DataLead(), {{"p1", "GDS", read}});
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->outcomes(0).refusal(), v1::CHANGED_MEANWHILE);
  EXPECT_EQ(second->outcomes(0).current().outcome(), "EXS");
  EXPECT_EQ(second->outcomes(0).current().author(), "trusts/acorn/people/teacher");
  // Who says what stands there already is not refused.
  EXPECT_EQ(trust_->Write(TestTrust::DataLead(), {{"p1", "EXS", read}})->unchanged_count(), 1);
  // Who has seen it may change it.
  EXPECT_EQ(trust_->Write(TestTrust::DataLead(), {{"p1", "GDS", second->outcomes(0).current().revision()}})->written_count(), 1);
  // A new result where another has been made is refused too.
  EXPECT_EQ(trust_->Write(TestTrust::Teacher(), {{"p1", "BLW", 0}})->outcomes(0).refusal(), v1::CHANGED_MEANWHILE);
  const v1::Result result = trust_->ResultOf("p1");
  ASSERT_EQ(result.history_size(), 2);
  EXPECT_EQ(result.history(0).outcome(), "EXS");
  EXPECT_EQ(result.history(0).author(), "trusts/acorn/people/teacher");
  EXPECT_EQ(result.history(1).outcome(), "WTS");
}

TEST_P(EntryTest, AResultThatWasTakenAwayIsNotMistakenForANewOne) {
  ASSERT_TRUE(trust_->Write(TestTrust::Teacher(), {{"p1", "WTS"}}).ok());
  const std::int64_t read = Revision("p1");
  EXPECT_EQ(trust_->Write(TestTrust::Teacher(), {{"p1", "", read}})->written_count(), 1);
  EXPECT_EQ(trust_->ResultOf("p1").cell().outcome(), "");
  ASSERT_TRUE(trust_->Write(TestTrust::Teacher(), {{"p1", "GDS"}}).ok());
  EXPECT_EQ(trust_->Write(TestTrust::DataLead(), {{"p1", "EXS", read}})->outcomes(0).refusal(), v1::CHANGED_MEANWHILE);
  const v1::Result result = trust_->ResultOf("p1");
  ASSERT_EQ(result.history_size(), 2);
  EXPECT_EQ(result.history(0).outcome(), "") << "taken away for a while";
  EXPECT_EQ(result.history(1).outcome(), "WTS");
}

TEST_P(EntryTest, AWindowThatClosesWhileSomeoneTypesRefusesEachCell) {
  ASSERT_TRUE(trust_->ReadGrid(TestTrust::Teacher()).ok());
  trust_->SetEntry(v1::AssessmentWindow::CLOSED);
  const auto response = trust_->Write(TestTrust::Teacher(), {{"p1", "EXS"}, {"p2", "Z"}});
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_THAT(Refusals(*response), ::testing::ElementsAre(v1::WINDOW_CLOSED, v1::WINDOW_CLOSED));
  EXPECT_EQ(response->written_count(), 0);
  EXPECT_EQ(trust_->ReadGrid(TestTrust::Teacher())->rows(0).refusal(), v1::WINDOW_CLOSED);
  trust_->SetEntry(v1::AssessmentWindow::OPEN);
  EXPECT_EQ(trust_->Write(TestTrust::Teacher(), {{"p1", "EXS"}})->written_count(), 1);
}

TEST_P(EntryTest, APupilWhoMovesInTheMiddleOfAWindowIsEnteredByTheNewSchool) {
  ASSERT_TRUE(trust_->Write(TestTrust::Teacher(), {{"p1", "WTS"}}).ok());
  trust_->Enrol("p1", "elmwood", "2026-11-23");
  const auto old_school = trust_->Write(TestTrust::Teacher(), {{"p1", "EXS", Revision("p1")}, {"p2", "EXS"}});
  ASSERT_TRUE(old_school.ok()) << old_school.status();
  EXPECT_THAT(Refusals(*old_school), ::testing::ElementsAre(v1::MOVED_AWAY, v1::CELL_REFUSAL_UNSPECIFIED));
  v1::CreateClassMembershipRequest membership;
  membership.set_parent(TestTrust::Pupil("p1"));
  membership.mutable_class_membership()->set_school_class(TestTrust::Class("elmwood", "5-elm"));
  *membership.mutable_class_membership()->mutable_start_date() = calendar::ToProto(absl::CivilDay(2026, 11, 23));
  trust_->Must<v1::ClassMembership>("fivestrand.assessment.v1.PupilService.CreateClassMembership", membership);
  v1::BulkUpsertResultsRequest request;
  request.set_parent(TestTrust::Class("elmwood", "5-elm"));
  request.set_subject(TestTrust::Subject("maths"));
  request.set_window(TestTrust::Window());
  auto* cell = request.add_cells();
  cell->set_pupil(TestTrust::Pupil("p1"));
  cell->set_outcome("EXS");
  cell->set_expected_revision(Revision("p1"));
  const auto new_school =
      trust_->service().Call<v1::BulkUpsertResultsResponse>(TestTrust::As(type::v1::ROLE_TEACHER, {"elmwood"}, "elsewhere"),
                                                            "fivestrand.assessment.v1.ResultService.BulkUpsertResults", request);
  ASSERT_TRUE(new_school.ok()) << new_school.status();
  EXPECT_EQ(new_school->written_count(), 1) << new_school->ShortDebugString();
  const v1::Result result = trust_->ResultOf("p1");
  EXPECT_EQ(result.school(), "trusts/acorn/schools/elmwood");
  ASSERT_EQ(result.history_size(), 1);
  EXPECT_EQ(result.history(0).outcome(), "WTS");
}

TEST_P(EntryTest, OnlyPupilsOfTheClassAndEachOnce) {
  trust_->AddPupil("oak", 50, "northgate", "5-oak");
  const auto response = trust_->Write(TestTrust::Teacher(), {{"oak", "EXS"}, {"nobody", "EXS"}, {"p1", "EXS"}, {"p1", "GDS"}});
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_THAT(Refusals(*response), ::testing::ElementsAre(v1::NOT_IN_CLASS, v1::NOT_IN_CLASS, v1::NAMED_TWICE, v1::NAMED_TWICE));
}

TEST_P(EntryTest, ASubjectThatTheWindowDoesNotAssessIsNamed) {
  const auto response = trust_->Write(TestTrust::Teacher(), {{"p1", "EXS"}}, "5-maple", "art");
  EXPECT_TRUE(absl::IsInvalidArgument(response.status())) << response.status();
}

TEST_P(EntryTest, TwoRecordsOfOnePupilAreMerged) {
  // The second record has the newer result in maths and another one in writing.
  ASSERT_TRUE(trust_->Write(TestTrust::Teacher(), {{"p1", "WTS"}}).ok());
  ASSERT_TRUE(trust_->Write(TestTrust::Teacher(), {{"p2", "BLW"}}).ok());
  ASSERT_TRUE(trust_->Write(TestTrust::Teacher(), {{"p2", "EXS", Revision("p2")}}).ok());
  ASSERT_TRUE(trust_->Write(TestTrust::Teacher(), {{"p2", "GDS"}}, "5-maple", "writing").ok());
  v1::CreateGroupMembershipRequest group;
  group.set_parent(TestTrust::Pupil("p2"));
  group.mutable_group_membership()->set_group(v1::GroupMembership::SEN_SUPPORT);
  group.mutable_group_membership()->set_detail("SLCN");
  *group.mutable_group_membership()->mutable_start_date() = calendar::ToProto(absl::CivilDay(2026, 10, 1));
  trust_->Must<v1::GroupMembership>("fivestrand.assessment.v1.PupilService.CreateGroupMembership", group);

  v1::MergePupilsRequest merge;
  merge.set_name(TestTrust::Pupil("p1"));
  merge.set_duplicate(TestTrust::Pupil("p2"));
  merge.set_validate_only(true);
  const std::string method = "fivestrand.assessment.v1.PupilService.MergePupils";
  EXPECT_EQ(trust_->Must<v1::MergePupilsResponse>(method, merge).conflicts_size(), 1);
  EXPECT_EQ(trust_->ResultOf("p1").cell().outcome(), "WTS") << "only tried";
  merge.set_validate_only(false);
  const auto merged = trust_->Must<v1::MergePupilsResponse>(method, merge);
  ASSERT_EQ(merged.conflicts_size(), 1);
  EXPECT_EQ(merged.conflicts(0).kept_outcome(), "EXS") << "the newer one";
  EXPECT_EQ(merged.conflicts(0).other_outcome(), "WTS");
  EXPECT_EQ(merged.moved_results(), 1);
  EXPECT_EQ(merged.moved_memberships(), 1) << "the group";
  EXPECT_EQ(merged.dropped_memberships(), 2) << "the same school and class";

  const v1::Result maths = trust_->ResultOf("p1");
  EXPECT_EQ(maths.cell().outcome(), "EXS");
  std::vector<std::string> history;
  for (const auto& state : maths.history()) {
    if (!state.outcome().empty()) history.push_back(state.outcome());
  }
  EXPECT_THAT(history, ::testing::UnorderedElementsAre("WTS", "BLW")) << "of both records";
  EXPECT_EQ(trust_->ResultOf("p1", "writing").cell().outcome(), "GDS");
  v1::ReadPupilOverviewRequest read;
  read.set_name(TestTrust::Pupil("p1"));
  const auto overview = trust_->Must<v1::PupilOverview>("fivestrand.assessment.v1.PupilService.ReadPupilOverview", read);
  ASSERT_EQ(overview.group_memberships_size(), 1);
  EXPECT_EQ(overview.group_memberships(0).detail(), "SLCN");
  EXPECT_EQ(overview.enrolments_size(), 1);
  v1::GetPupilRequest get;
  get.set_name(TestTrust::Pupil("p2"));
  const auto gone = trust_->Must<v1::Pupil>("fivestrand.assessment.v1.PupilService.GetPupil", get);
  EXPECT_TRUE(gone.has_delete_time());
  EXPECT_EQ(gone.merged_into(), TestTrust::Pupil("p1"));
  EXPECT_TRUE(trust_->service()
                  .store()
                  .Read(absl::InfiniteFuture(),
                        [](store::Session& session) {
                          const auto report = fivestrand::store::VerifyAudit(session);
                          EXPECT_TRUE(report.ok() && !report->first_broken);
                          return absl::OkStatus();
                        })
                  .ok());
}

TEST_P(EntryTest, PupilsAreWhereTheirEnrolmentsSayOnTheDay) {
  trust_->Enrol("p1", "elmwood", "2026-12-01");
  v1::GetPupilRequest get;
  get.set_name(TestTrust::Pupil("p1"));
  const std::string method = "fivestrand.assessment.v1.PupilService.GetPupil";
  EXPECT_EQ(trust_->Must<v1::Pupil>(method, get).school(), "trusts/acorn/schools/northgate") << "not yet";
  trust_->service().clock().Set(absl::FromCivil(absl::CivilSecond(2026, 12, 1, 9), absl::UTCTimeZone()));
  trust_->RunUpkeep();
  EXPECT_EQ(trust_->Must<v1::Pupil>(method, get).school(), "trusts/acorn/schools/elmwood");
}

}  // namespace
}  // namespace fivestrand::assessment
