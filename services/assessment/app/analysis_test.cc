// Analysis through the service: what was written is in the next answer, and who sees what.
#include <algorithm>
#include <cstdint>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/assessment/v1/analysis.pb.h"
#include "fivestrand/type/v1/role.pb.h"

#include "services/assessment/app/test_analysis_fixture.h"

namespace fivestrand::assessment {
namespace {

using fivestrand::testing::EngineKind;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

INSTANTIATE_TEST_SUITE_P(Engines, AnalysisTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return fivestrand::testing::EngineName(info.param); });

TEST_P(AnalysisTest, EqualsSqlOverTheStore) {
  std::map<std::pair<std::string, std::string>, std::pair<std::int64_t, std::int64_t>> wanted, got;
  const absl::Status status = trust_.service().store().Read(absl::InfiniteFuture(), [&](fivestrand::store::Session& session) {
    // Points of 2 and 3 are at the standard; an absent pupil has none, and counts.
    return session.Query(
        "SELECT d.name, w.name, COUNT(*), SUM(CASE WHEN value >= 2000 THEN 1 ELSE 0 END) FROM result_parts r JOIN dictionary d ON "
        "d.trust "
        "= 'acorn' AND d.kind = 6 AND d.number = r.school_number JOIN dictionary w ON w.trust = 'acorn' AND w.kind = 4 AND "
        "w.number = "
        "r.window_number GROUP BY d.name, w.name",
        {}, [&](const fivestrand::store::Row& row) {
          wanted[{absl::StrCat("trusts/acorn/schools/", std::string(row.Text(0))),
                  absl::StrCat("trusts/acorn/assessmentWindows/", std::string(row.Text(1)))}] = {row.Int(2), row.Int(3)};
          return absl::OkStatus();
        });
  });
  ASSERT_TRUE(status.ok()) << status;
  const auto response = trust_.Analyse(lead_, Ask("trusts/acorn", {v1::BY_SCHOOL, v1::BY_WINDOW}));
  ASSERT_TRUE(response.ok()) << response.status();
  for (const v1::ResultCell& cell : response->cells())
    got[{cell.keys(0).school(), cell.keys(1).window()}] = {cell.figure().count(), cell.figure().reached()};
  EXPECT_EQ(got, wanted);
  EXPECT_THAT(got, SizeIs(6));
  EXPECT_EQ(response->threshold(), 0);
  // Windows by time.
  EXPECT_EQ(response->cells(0).keys(1).window(), "trusts/acorn/assessmentWindows/autumn-25");
  EXPECT_EQ(response->cells(2).keys(1).window(), "trusts/acorn/assessmentWindows/autumn-26");
}

TEST_P(AnalysisTest, AnAnswerHoldsTheWriteBefore) {
  v1::AnalyseResultsRequest request = Ask(kNorth);
  request.mutable_filter()->add_windows("trusts/acorn/assessmentWindows/autumn-26");
  request.mutable_filter()->add_subjects("trusts/acorn/subjects/maths");
  const v1::Figure before = One(head_, request);
  EXPECT_EQ(before.count(), 60);
  const std::int64_t loads = trust_.keeper().counters().full_loads;
  for (int round = 0; round < 6; ++round) {
    const bool up = round % 2 == 0;
    trust_.Put({{1, "maths", "autumn-26", "north", up ? "GDS" : "WTS", 4}, {2, "maths", "autumn-26", "north", up ? "WTS" : "", 4}});
    const v1::Figure now = One(head_, request);
    EXPECT_EQ(now.count(), up ? 60 : 59);
    trust_.Put({{2, "maths", "autumn-26", "north", "EXS", 4}});
    EXPECT_EQ(One(head_, request).count(), 60);
  }
  // A pupil, a subject of a window and a result that were not there before.
  trust_.AddPupils(500, 1, "north", 4);
  trust_.AddGroup(500, v1::GroupMembership::EHCP, "2025-09-01");
  trust_.Put({{500, "maths", "autumn-26", "north", "GDS", 4}});
  EXPECT_EQ(One(head_, request).count(), 61);
  request.mutable_filter()->add_pupil_groups(type::v1::PUPIL_GROUP_SEND);
  EXPECT_EQ(One(head_, request).count(), 13);
  // Taken in, and not read anew.
  EXPECT_EQ(trust_.keeper().counters().full_loads, loads);
}

TEST_P(AnalysisTest, GroupsCountAsTheyWereOnTheWindowsLastDay) {
  v1::AnalyseResultsRequest request = Ask(kNorth, {v1::BY_WINDOW});
  request.mutable_filter()->add_subjects("trusts/acorn/subjects/art");
  request.mutable_filter()->add_pupil_groups(type::v1::PUPIL_GROUP_EAL);
  const auto counts = [&] {
    std::map<std::string, std::int64_t> counts;
    const auto response = trust_.Analyse(head_, request);
    EXPECT_TRUE(response.ok()) << response.status();
    for (const v1::ResultCell& cell : response->cells()) {
      const std::string& window = cell.keys(0).window();
      counts[window.substr(window.rfind('/') + 1)] = cell.figure().count();
    }
    return counts;
  };
  EXPECT_THAT(counts(), IsEmpty());
  trust_.AddGroup(1, v1::GroupMembership::ENGLISH_AS_AN_ADDITIONAL_LANGUAGE, "2026-02-13");
  EXPECT_EQ(counts(), (std::map<std::string, std::int64_t>{{"spring-26", 1}, {"autumn-26", 1}}));
  trust_.EndGroup(trust_.last_membership(), "2026-11-12");
  EXPECT_EQ(counts(), (std::map<std::string, std::int64_t>{{"spring-26", 1}}));
  trust_.AddGroup(2, v1::GroupMembership::ENGLISH_AS_AN_ADDITIONAL_LANGUAGE, "2025-10-11");
  EXPECT_EQ(counts(), (std::map<std::string, std::int64_t>{{"spring-26", 2}, {"autumn-26", 1}}));
}

TEST_P(AnalysisTest, ADirectorGetsFiguresThatHideSinglePupils) {
  const auto all = trust_.Analyse(director_, Ask("trusts/acorn", {v1::BY_SCHOOL, v1::BY_SUBJECT}));
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(all->threshold(), 6);
  EXPECT_EQ(all->cells_size(), 6);
  for (const v1::ResultCell& cell : all->cells()) EXPECT_EQ(cell.figure().state(), v1::SHOWN);

  v1::AnalyseResultsRequest looked_after = Ask("trusts/acorn", {v1::BY_SCHOOL});
  looked_after.mutable_filter()->add_pupil_groups(type::v1::PUPIL_GROUP_LAC);
  looked_after.mutable_filter()->add_windows("trusts/acorn/assessmentWindows/autumn-26");
  const auto few = trust_.Analyse(director_, looked_after);
  ASSERT_TRUE(few.ok()) << few.status();
  ASSERT_EQ(few->cells_size(), 2);
  for (const v1::ResultCell& cell : few->cells()) {
    EXPECT_EQ(cell.figure().state(), v1::SUPPRESSED);
    EXPECT_FALSE(cell.figure().has_value());
    EXPECT_EQ(cell.figure().count(), 0);
  }
  // Not across groups, not by class, not the pupils, not in any school as a headteacher.
  looked_after.mutable_filter()->add_without_pupil_groups(type::v1::PUPIL_GROUP_SEND);
  EXPECT_EQ(trust_.Analyse(director_, looked_after).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(trust_.Analyse(director_, Ask(kNorth, {v1::BY_CLASS})).status().code(), absl::StatusCode::kInvalidArgument);
  v1::ListAnalysedPupilsRequest pupils;
  pupils.set_parent(kNorth);
  EXPECT_EQ(trust_.List(director_, pupils).status().code(), absl::StatusCode::kPermissionDenied);
}

TEST_P(AnalysisTest, TheTrustSaysHowFewAreFew) {
  // Three looked-after pupils in one window and subject, one or two in each school.
  v1::AnalyseResultsRequest looked_after = Ask("trusts/acorn");
  looked_after.mutable_filter()->add_pupil_groups(type::v1::PUPIL_GROUP_LAC);
  looked_after.mutable_filter()->add_windows("trusts/acorn/assessmentWindows/autumn-26");
  looked_after.mutable_filter()->add_subjects("trusts/acorn/subjects/maths");
  const auto state = [&] {
    return One(director_, looked_after).state();
  };
  EXPECT_EQ(state(), v1::SUPPRESSED);
  trust_.SetThreshold(3);
  EXPECT_EQ(state(), v1::SHOWN);
  EXPECT_EQ(trust_.Analyse(director_, looked_after)->threshold(), 3);
  // Fewer than anybody may set: what protects least is left.
  trust_.SetThreshold(1);
  EXPECT_EQ(trust_.Analyse(director_, looked_after)->threshold(), 3);
  // Twenty pupils of a year are hidden at 21, which the contract refuses, and shown at 20.
  v1::AnalyseResultsRequest year = Ask(kNorth);
  year.mutable_filter()->add_windows("trusts/acorn/assessmentWindows/autumn-26");
  year.mutable_filter()->add_subjects("trusts/acorn/subjects/maths");
  year.mutable_filter()->add_year_groups(type::v1::YEAR_GROUP_5);
  trust_.SetThreshold(20);
  EXPECT_EQ(One(director_, year).state(), v1::SHOWN);
  trust_.SetThreshold(21);
  EXPECT_EQ(One(director_, year).state(), v1::SUPPRESSED);
  // Of a gap both sides count, for those who see the pupils too.
  year.clear_filter();
  year.mutable_filter()->add_windows("trusts/acorn/assessmentWindows/autumn-26");
  year.mutable_filter()->add_subjects("trusts/acorn/subjects/maths");
  year.set_gap_group(type::v1::PUPIL_GROUP_SEND);
  EXPECT_EQ(trust_.Analyse(head_, year)->cells(0).gap().state(), v1::SUPPRESSED);
  trust_.SetThreshold(0);
  EXPECT_EQ(trust_.Analyse(head_, year)->cells(0).gap().state(), v1::SHOWN);
  EXPECT_EQ(trust_.Analyse(director_, looked_after)->threshold(), 6);
  EXPECT_EQ(state(), v1::SUPPRESSED);
}

TEST_P(AnalysisTest, EveryoneSeesTheirOwn) {
  // A headteacher: the school, every figure.
  v1::AnalyseResultsRequest looked_after = Ask(kNorth);
  looked_after.mutable_filter()->add_pupil_groups(type::v1::PUPIL_GROUP_LAC);
  EXPECT_EQ(One(head_, looked_after).count(), 9);
  EXPECT_EQ(trust_.Analyse(head_, Ask("trusts/acorn/schools/south")).status().code(), absl::StatusCode::kPermissionDenied);
  // About the trust: as much of it.
  const auto across = trust_.Analyse(head_, Ask("trusts/acorn", {v1::BY_SCHOOL}));
  ASSERT_TRUE(across.ok()) << across.status();
  ASSERT_EQ(across->cells_size(), 1);
  EXPECT_EQ(across->cells(0).keys(0).school(), kNorth);

  // A consultant: figures of the school named.
  const identity::Caller consultant = AnalysisTrust::Person(type::v1::ROLE_EXTERNAL_CONSULTANT, {"south"});
  const auto visited = trust_.Analyse(consultant, Ask("trusts/acorn", {v1::BY_SCHOOL}));
  ASSERT_TRUE(visited.ok()) << visited.status();
  ASSERT_EQ(visited->cells_size(), 1);
  EXPECT_EQ(visited->threshold(), 6);
  EXPECT_EQ(visited->cells(0).keys(0).school(), "trusts/acorn/schools/south");
  EXPECT_EQ(trust_.Analyse(consultant, Ask(kNorth)).status().code(), absl::StatusCode::kPermissionDenied);

  // A teacher: the classes taught now. Year 4 of both schools is taught by one person, whose grant is for one school.
  const identity::Caller teacher = AnalysisTrust::Person(type::v1::ROLE_TEACHER, {"north"}, "teacher4");
  const auto classes = trust_.Analyse(teacher, Ask(kNorth, {v1::BY_CLASS, v1::BY_WINDOW}));
  ASSERT_TRUE(classes.ok()) << classes.status();
  ASSERT_EQ(classes->cells_size(), 1);
  EXPECT_EQ(classes->cells(0).keys(0).school_class(), absl::StrCat(kNorth, "/classes/4-2026-27"));
  EXPECT_EQ(classes->cells(0).figure().count(), 60);
  // Special needs and care a class teacher has to know, free meals not.
  v1::AnalyseResultsRequest groups = Ask(kNorth);
  groups.mutable_filter()->add_pupil_groups(type::v1::PUPIL_GROUP_SEND);
  EXPECT_EQ(One(teacher, groups).count(), 12);
  groups.mutable_filter()->clear_pupil_groups();
  groups.mutable_filter()->add_pupil_groups(type::v1::PUPIL_GROUP_DISADVANTAGED);
  EXPECT_EQ(trust_.Analyse(teacher, groups).status().code(), absl::StatusCode::kPermissionDenied);

  // A middle leader: the subject, in the school.
  identity::Caller leader = AnalysisTrust::Person(type::v1::ROLE_MIDDLE_LEADER, {"north"}, "leader");
  leader.grants[0].subjects = {"maths"};
  const auto maths = trust_.Analyse(leader, Ask(kNorth, {v1::BY_SUBJECT}));
  ASSERT_TRUE(maths.ok()) << maths.status();
  ASSERT_EQ(maths->cells_size(), 1);
  EXPECT_EQ(maths->cells(0).keys(0).subject(), "trusts/acorn/subjects/maths");

  // The CEO reads pupils, and does not know their groups: of those figures as a director.
  const identity::Caller ceo = AnalysisTrust::Person(type::v1::ROLE_CEO);
  EXPECT_EQ(trust_.Analyse(ceo, Ask("trusts/acorn", {v1::BY_CLASS}))->threshold(), 0);
  v1::AnalyseResultsRequest gap = Ask("trusts/acorn", {v1::BY_SCHOOL});
  gap.set_gap_group(type::v1::PUPIL_GROUP_LAC);
  const auto gaps = trust_.Analyse(ceo, gap);
  ASSERT_TRUE(gaps.ok()) << gaps.status();
  EXPECT_EQ(gaps->threshold(), 6);
  EXPECT_EQ(gaps->cells(0).gap().state(), v1::SUPPRESSED);

  for (const auto role :
       {type::v1::ROLE_HR_DIRECTOR, type::v1::ROLE_CPD_LEAD, type::v1::ROLE_ADMINISTRATOR, type::v1::ROLE_COACH}) {
    EXPECT_EQ(trust_.Analyse(AnalysisTrust::Person(role), Ask("trusts/acorn")).status().code(),
              absl::StatusCode::kPermissionDenied);
  }
}

TEST_P(AnalysisTest, GoesDownToThePupils) {
  v1::ListAnalysedPupilsRequest request;
  request.set_parent(kNorth);
  request.mutable_filter()->add_subjects("trusts/acorn/subjects/maths");
  request.mutable_filter()->add_windows("trusts/acorn/assessmentWindows/autumn-26");
  request.mutable_filter()->add_year_groups(type::v1::YEAR_GROUP_5);
  request.set_standard(v1::SHARE_AT_EXPECTED);
  request.set_baseline_window("trusts/acorn/assessmentWindows/spring-26");
  request.set_page_size(5);
  v1::AnalyseResultsRequest cell = Ask(kNorth);
  *cell.mutable_filter() = request.filter();
  const v1::Figure figure = One(head_, cell);
  ASSERT_GT(figure.count() - figure.reached(), 5);

  std::set<std::string> names;
  int pages = 0;
  do {
    const auto page = trust_.List(head_, request);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LE(page->results_size(), 5);
    for (const v1::AnalysedResult& result : page->results()) {
      EXPECT_TRUE(names.insert(result.pupil()).second);
      EXPECT_FALSE(result.at_expected());
      EXPECT_EQ(result.year_group(), type::v1::YEAR_GROUP_5);
      EXPECT_EQ(result.school(), kNorth);
      EXPECT_EQ(result.school_class(), absl::StrCat(kNorth, "/classes/5-2026-27"));
      const int number = std::stoi(result.pupil().substr(result.pupil().rfind('p') + 1));
      EXPECT_EQ(result.outcome(), Outcome(number + 'a' * 3 + 'm'));
      EXPECT_EQ(result.baseline_outcome(), Outcome(number + 's' * 3 + 'm'));
      EXPECT_EQ(std::count(result.pupil_groups().begin(), result.pupil_groups().end(), type::v1::PUPIL_GROUP_DISADVANTAGED),
                number % 3 == 0 || number % 40 == 0 ? 1 : 0);
    }
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(static_cast<std::int64_t>(names.size()), figure.count() - figure.reached());
  EXPECT_GT(pages, 1);

  // A token is good for its own question.
  request.set_page_token("");
  request.set_page_token(trust_.List(head_, request)->next_page_token());
  request.set_reached(true);
  EXPECT_EQ(trust_.List(head_, request).status().code(), absl::StatusCode::kInvalidArgument);

  // The CEO sees who it is, and not their groups.
  request.set_page_token("");
  const auto without = trust_.List(AnalysisTrust::Person(type::v1::ROLE_CEO), request);
  ASSERT_TRUE(without.ok()) << without.status();
  ASSERT_THAT(without->results(), Not(IsEmpty()));
  for (const v1::AnalysedResult& result : without->results()) EXPECT_THAT(result.pupil_groups(), IsEmpty());
  request.mutable_filter()->add_pupil_groups(type::v1::PUPIL_GROUP_DISADVANTAGED);
  EXPECT_EQ(trust_.List(AnalysisTrust::Person(type::v1::ROLE_CEO), request).status().code(), absl::StatusCode::kPermissionDenied);
}

TEST_P(AnalysisTest, ChangesAndTransitionsSinceABaseline) {
  v1::AnalyseResultsRequest request = Ask(kNorth, {v1::BY_SUBJECT});
  request.mutable_filter()->add_windows("trusts/acorn/assessmentWindows/autumn-26");
  request.set_baseline_window("trusts/acorn/assessmentWindows/spring-26");
  request.set_transitions(true);
  const auto response = trust_.Analyse(head_, request);
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_EQ(response->cells_size(), 3);
  for (const v1::ResultCell& cell : response->cells()) {
    EXPECT_EQ(cell.change().state(), v1::SHOWN);
    EXPECT_EQ(cell.change().count(), 60);
    ASSERT_EQ(cell.transitions().outcomes_size(), 3);
    EXPECT_EQ(cell.transitions().outcomes(1), "EXS");
    std::int64_t at_standard_now = 0;
    for (int from = 0; from < 3; ++from)
      at_standard_now += cell.transitions().counts(from * 3 + 1) + cell.transitions().counts(from * 3 + 2);
    EXPECT_LE(at_standard_now, cell.figure().reached());
    EXPECT_GT(at_standard_now, 0);
  }
  // For a director the difference of two figures that are shown, and no matrix.
  EXPECT_EQ(trust_.Analyse(director_, request).status().code(), absl::StatusCode::kInvalidArgument);
  request.set_transitions(false);
  const auto figures = trust_.Analyse(director_, request);
  ASSERT_TRUE(figures.ok()) << figures.status();
  EXPECT_NEAR(figures->cells(0).change().value(), response->cells(0).change().value(), 1e-9);
}

TEST_P(AnalysisTest, SaysWhichFieldIsWrong) {
  v1::AnalyseResultsRequest request = Ask(kNorth, {v1::BY_SCHOOL, v1::BY_SCHOOL});
  EXPECT_THAT(std::string(trust_.Analyse(lead_, request).status().message()), ::testing::HasSubstr("group_by"));
  request = Ask(kNorth);
  request.set_measure(v1::RESULT_MEASURE_UNSPECIFIED);
  EXPECT_THAT(std::string(trust_.Analyse(lead_, request).status().message()), ::testing::HasSubstr("measure"));
  request = Ask(kNorth);
  request.set_transitions(true);
  EXPECT_THAT(std::string(trust_.Analyse(lead_, request).status().message()), ::testing::HasSubstr("transitions"));
  // A school that has no results is no error.
  EXPECT_THAT(trust_.Analyse(lead_, Ask("trusts/acorn/schools/nowhere"))->cells(), IsEmpty());
}

class AnalysisOfReplicasTest : public AnalysisTest {};

// An SQLite file has one process.
INSTANTIATE_TEST_SUITE_P(Engines, AnalysisOfReplicasTest, ::testing::Values(EngineKind::kPostgres),
                         [](const auto& info) { return fivestrand::testing::EngineName(info.param); });

// What another process wrote is found by its events.
TEST_P(AnalysisOfReplicasTest, AnAnswerHoldsWhatAnotherProcessWrote) {
  v1::AnalyseResultsRequest request = Ask(kNorth);
  request.mutable_filter()->add_windows("trusts/acorn/assessmentWindows/autumn-26");
  request.mutable_filter()->add_subjects("trusts/acorn/subjects/maths");
  const v1::Figure before = One(head_, request);
  // Written here and there in turn: the last one counts.
  for (const bool told : {false, true, false}) {
    trust_.Put(
        {{1, "maths", "autumn-26", "north", told ? "WTS" : "GDS", 4}, {2, "maths", "autumn-26", "north", told ? "EXS" : "", 4}},
        told);
  }
  EXPECT_EQ(One(head_, request).count(), before.count() - 1);
  trust_.AddPupils(500, 1, "north", 4);
  trust_.Put({{500, "maths", "autumn-26", "north", "GDS", 4}}, false);
  EXPECT_EQ(One(head_, request).count(), before.count());
}

// A start finds everything.
TEST_P(AnalysisTest, AStartFindsEverything) {
  const v1::AnalyseResultsRequest request = Ask("trusts/acorn", {v1::BY_SCHOOL, v1::BY_PUPIL_GROUP});
  const auto before = trust_.Analyse(lead_, request);
  ASSERT_TRUE(before.ok()) << before.status();
  trust_.service().Restart();
  const auto after = trust_.Analyse(lead_, request);
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ(after->SerializeAsString(), before->SerializeAsString());
}

}  // namespace
}  // namespace fivestrand::assessment
