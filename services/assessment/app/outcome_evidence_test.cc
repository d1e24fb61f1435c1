// The figures of the elements 5.1, 5.3 and 5.6 through the service, and the comparison that improvement threads ask for.
#include "services/assessment/store/outcome_evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "fivestrand/assessment/v1/analysis.pb.h"
#include "fivestrand/evidence/v1/evidence.pb.h"

#include "platform/evidence/measure.h"
#include "platform/service/reading_journal.h"
#include "platform/store/store.h"
#include "services/assessment/app/test_analysis_fixture.h"
#include "services/assessment/domain/outcome_measures.h"

namespace fivestrand::assessment {
namespace {

using fivestrand::testing::EngineKind;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class OutcomeEvidenceTest : public AnalysisTest {};

INSTANTIATE_TEST_SUITE_P(Engines, OutcomeEvidenceTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return fivestrand::testing::EngineName(info.param); });

TEST_P(OutcomeEvidenceTest, ComparesWithSimilarPupils) {
  v1::CompareProgressRequest request;
  request.set_parent("trusts/acorn");
  request.set_subject("trusts/acorn/subjects/maths");
  request.set_baseline_window("trusts/acorn/assessmentWindows/spring-26");
  request.set_window("trusts/acorn/assessmentWindows/autumn-26");
  for (int pupil = 1; pupil <= 40; ++pupil) request.add_pupils(absl::StrCat("trusts/acorn/pupils/p", pupil));
  const std::string method = "fivestrand.assessment.v1.AnalysisService.CompareProgress";
  const auto comparison = trust_.service().Call<v1::ProgressComparison>(lead_, method, request);
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  EXPECT_FALSE(comparison->too_few());
  EXPECT_GE(comparison->pupils(), 20);
  EXPECT_GE(comparison->similar_pupils(), 20);
  EXPECT_NEAR(comparison->difference(), comparison->change() - comparison->similar_change(), 1e-9);
  EXPECT_LT(comparison->difference_low(), comparison->difference_high());
  // Whoever may not see pupils cannot choose them.
  EXPECT_TRUE(trust_.service().Call<v1::ProgressComparison>(director_, method, request)->too_few());
  request.clear_pupils();
  for (int pupil = 1; pupil <= 15; ++pupil) request.add_pupils(absl::StrCat("trusts/acorn/pupils/p", pupil));
  EXPECT_TRUE(trust_.service().Call<v1::ProgressComparison>(lead_, method, request)->too_few());
}

TEST_P(OutcomeEvidenceTest, ReadingsAreComputedAgainWhenTheTrustSetsItsThreshold) {
  using fivestrand::store::Row;
  using fivestrand::store::Session;
  fivestrand::store::Store& store = trust_.service().store();
  const auto keeper = std::shared_ptr<store::FrameKeeper>(&trust_.keeper(), [](auto*) {});
  service::ReadingJournal journal(store, std::make_shared<store::OutcomeEvidence>(keeper), "assessment", {"trust", "school"});
  const auto soon = [] {
    return absl::Now() + absl::Seconds(20);
  };
  // As after the organisation's first snapshot.
  const absl::Status followed = store.Write(soon(), [](fivestrand::store::WriteTransaction& transaction) {
    return transaction
        .Execute(
            "INSERT INTO feed_cursor (follower, source, resource_types, cursor, snapshot, snapshot_time) VALUES "
            "('organisation', 'leadership', '', 0, '', 0)",
            {})
        .status();
  });
  ASSERT_TRUE(followed.ok()) << followed;
  // The trust's gap of its three looked-after pupils in the last window: what was written down, after the journal has looked.
  struct Kept {
    std::int64_t written = 0;
    std::int64_t revision = 0;
    evidence::v1::Reading reading;
  };
  const auto look = [&] {
    Kept kept;
    const auto outcome = journal.Update(absl::FromCivil(absl::CivilSecond(2026, 11, 24, 10), absl::UTCTimeZone()));
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    if (outcome.ok()) kept.written = outcome->written;
    const absl::Status read = store.Read(soon(), [&](Session& session) {
      return session.Query(
          "SELECT record, revision FROM reading WHERE scope = 'trusts/acorn' AND measure = 'pupil-groups.gap' AND delete_time IS "
          "NULL",
          {}, [&](const Row& row) {
            evidence::v1::Reading reading;
            EXPECT_TRUE(reading.ParseFromString(std::string(row.Blob(0))));
            const evidence::v1::Cut& cut = reading.cut();
            if (cut.group() == type::v1::PUPIL_GROUP_LAC && cut.subject().empty() && reading.period().label() == "autumn-26") {
              kept.reading = reading;
              kept.revision = row.Int(1);
            }
            return absl::OkStatus();
          });
    });
    EXPECT_TRUE(read.ok()) << read;
    return kept;
  };
  Kept kept = look();
  EXPECT_EQ(kept.revision, 1);
  EXPECT_EQ(kept.reading.no_value_reason(), evidence::v1::TOO_FEW);
  EXPECT_EQ(look().written, 0);
  trust_.SetThreshold(3);
  kept = look();
  EXPECT_GT(kept.written, 0);
  EXPECT_EQ(kept.revision, 2);
  EXPECT_TRUE(kept.reading.has_value());
  EXPECT_EQ(look().written, 0);
  trust_.SetThreshold(0);
  kept = look();
  EXPECT_EQ(kept.revision, 3);
  EXPECT_FALSE(kept.reading.has_value());
}

TEST_P(OutcomeEvidenceTest, FiguresOfTheElements) {
  ASSERT_TRUE(evidence::CheckMeasures(domain::OutcomeMeasures()).ok());
  evidence::v1::SummariseEvidenceRequest request;
  request.set_parent(kNorth);
  const std::string method = "fivestrand.evidence.v1.EvidenceService.SummariseEvidence";
  const auto response = trust_.service().Call<evidence::v1::SummariseEvidenceResponse>(director_, method, request);
  ASSERT_TRUE(response.ok()) << response.status();
  std::map<std::string, std::vector<evidence::v1::MeasureSummary>> by_measure;
  for (const auto& summary : response->summaries()) by_measure[summary.measure().measure()].push_back(summary);
  ASSERT_THAT(by_measure["outcomes.at-expected"], Not(IsEmpty()));
  const evidence::v1::MeasureSummary& at_expected = by_measure["outcomes.at-expected"].front();
  EXPECT_EQ(at_expected.trend_size(), 3);
  EXPECT_EQ(at_expected.latest().period().label(), "autumn-26");
  EXPECT_TRUE(at_expected.latest().final());
  // Reading and maths of sixty pupils.
  EXPECT_EQ(at_expected.latest().denominator(), 120);
  ASSERT_THAT(by_measure["outcomes.combined"], Not(IsEmpty()));
  EXPECT_EQ(by_measure["outcomes.combined"].front().latest().denominator(), 60);
  ASSERT_THAT(by_measure["assessment-tracking.on-time"], Not(IsEmpty()));
  // All were put in after the last day.
  EXPECT_EQ(by_measure["assessment-tracking.on-time"].front().latest().denominator(), 180);
  EXPECT_EQ(by_measure["assessment-tracking.on-time"].front().latest().numerator(), 0);
  std::map<int, evidence::v1::Reading> gaps;
  for (const auto& summary : by_measure["pupil-groups.gap"]) gaps[summary.latest().cut().group()] = summary.latest();
  ASSERT_THAT(gaps, SizeIs(3));
  EXPECT_TRUE(gaps[type::v1::PUPIL_GROUP_DISADVANTAGED].has_value());
  EXPECT_TRUE(gaps[type::v1::PUPIL_GROUP_SEND].has_value());
  EXPECT_FALSE(gaps[type::v1::PUPIL_GROUP_LAC].has_value());
  EXPECT_EQ(gaps[type::v1::PUPIL_GROUP_LAC].no_value_reason(), evidence::v1::TOO_FEW);

  // Against the analysis of the same.
  v1::AnalyseResultsRequest same = Ask(kNorth);
  same.mutable_filter()->add_windows("trusts/acorn/assessmentWindows/autumn-26");
  for (const char* subject : {"reading", "maths"})
    same.mutable_filter()->add_subjects(absl::StrCat("trusts/acorn/subjects/", subject));
  same.set_gap_group(type::v1::PUPIL_GROUP_DISADVANTAGED);
  const auto analysed = trust_.Analyse(head_, same);
  ASSERT_TRUE(analysed.ok()) << analysed.status();
  EXPECT_NEAR(gaps[type::v1::PUPIL_GROUP_DISADVANTAGED].value(), analysed->cells(0).gap().value() * 100, 1e-9);
  EXPECT_NEAR(at_expected.latest().value(), analysed->cells(0).figure().value(), 1e-9);
}

}  // namespace
}  // namespace fivestrand::assessment
