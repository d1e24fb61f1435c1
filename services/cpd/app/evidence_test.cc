// The figures of elements 2.14 and 2.15 through EvidenceService, on both engines.
#include <gtest/gtest.h>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "fivestrand/evidence/v1/evidence.pb.h"

#include "services/cpd/app/test_cpd.h"
#include "services/cpd/domain/measures.h"

namespace fivestrand::cpd {
namespace {

using evidence::v1::Reading;
using testing::EngineKind;

constexpr char kNorthgate[] = "trusts/acorn/schools/northgate";

class EvidenceTest : public ::testing::TestWithParam<EngineKind> {
 protected:
  // The newest reading of a measure, as the caller sees it.
  Reading Latest(const identity::Caller& caller, const std::string& scope, const std::string& measure) {
    evidence::v1::SummariseEvidenceRequest request;
    request.set_parent(scope);
    auto response = cpd_.Call<evidence::v1::SummariseEvidenceResponse>(
        caller, "fivestrand.evidence.v1.EvidenceService.SummariseEvidence", request);
    EXPECT_TRUE(response.ok()) << response.status() << cpd_.service().log();
    if (!response.ok()) return {};
    EXPECT_EQ(response->summaries_size(), 7);
    for (const auto& summary : response->summaries()) {
      if (summary.measure().measure() == measure) return summary.latest();
    }
    ADD_FAILURE() << measure << " is missing";
    return {};
  }

  // Eight teachers of Northgate at an event that was yesterday: all booked, six of them with a need; seven were there, one was not.
  void HoldAnEvent() {
    const v1::CpdEvent event = cpd_.MakeEvent(10, -24);
    v1::RecordAttendanceRequest record;
    record.set_event(event.name());
    record.set_date_id(event.dates(0).date_id());
    for (int i = 0; i < 8; ++i) {
      const std::string person = absl::StrCat("t", i);
      cpd_.organisation().AddPerson(person);
      cpd_.organisation().AddPost(person, leadership::v1::Post::TEACHER, "northgate");
      auto& entry = *record.add_entries();
      entry.set_booking(cpd_.Enter(event.name(), person, i < 6 ? "teaching" : "").name());
      entry.set_presence(i < 7 ? v1::Attendance::PRESENT : v1::Attendance::ABSENT);
    }
    auto kept = cpd_.Call<v1::EventRegister>(TestCpd::Lead(), absl::StrCat(kLearning, "RecordAttendance"), record);
    ASSERT_TRUE(kept.ok()) << kept.status();
    for (int i = 0; i < 6; ++i) {
      v1::CreateEvaluationRequest evaluate;
      evaluate.set_parent("trusts/acorn");
      evaluate.mutable_evaluation()->set_booking(record.entries(i).booking());
      evaluate.mutable_evaluation()->set_reaction(5);
      evaluate.mutable_evaluation()->set_learning(4);
      auto made =
          cpd_.Call<v1::Evaluation>(TestCpd::Teacher(absl::StrCat("t", i)), absl::StrCat(kLearning, "CreateEvaluation"), evaluate);
      ASSERT_TRUE(made.ok()) << made.status();
    }
  }

  TestCpd cpd_{GetParam()};
  const identity::Caller director_ = TestCpd::As("manager", type::v1::ROLE_DIRECTOR);
  const identity::Caller head_ = TestCpd::As("head", type::v1::ROLE_HEADTEACHER, {"northgate"});
};

TEST_P(EvidenceTest, FiguresOfProfessionalDevelopment) {
  HoldAnEvent();
  for (const std::string scope : {kNorthgate, "trusts/acorn"}) {
    const Reading need = Latest(director_, scope, "cpd.linked-to-need");
    EXPECT_DOUBLE_EQ(need.value(), 6.0 / 8) << need.ShortDebugString();
    EXPECT_EQ(need.period().label(), "Autumn 2");
    EXPECT_EQ(need.sample_size(), 8);
    EXPECT_EQ(need.records_size(), 0) << "a director sees figures, no record";
    EXPECT_DOUBLE_EQ(Latest(director_, scope, "cpd.attendance").value(), 7.0 / 8);
    const Reading evaluation = Latest(director_, scope, "cpd.evaluation");
    EXPECT_DOUBLE_EQ(evaluation.value(), 4.5);
    EXPECT_EQ(evaluation.period().label(), "Autumn");
  }
  // Seven times two hours, over the eight and the coach, coachee, teacher and headteacher.
  EXPECT_DOUBLE_EQ(Latest(director_, kNorthgate, "cpd.hours-per-person").value(), 14.0 / 12);
  EXPECT_GT(Latest(TestCpd::Lead(), kNorthgate, "cpd.linked-to-need").records_size(), 0) << "who may list the bookings finds them";
}

TEST_P(EvidenceTest, TooFewIsShownToNobody) {
  const v1::CpdEvent event = cpd_.MakeEvent(10, -24);
  for (const char* person : {"teacher", "coach", "coachee"}) cpd_.Enter(event.name(), person, "teaching");
  for (const identity::Caller& caller : {director_, head_, TestCpd::Lead()}) {
    for (const std::string scope : {kNorthgate, "trusts/acorn"}) {
      if (caller.subject == head_.subject && scope != kNorthgate) continue;
      const Reading need = Latest(caller, scope, "cpd.linked-to-need");
      EXPECT_FALSE(need.has_value());
      EXPECT_EQ(need.no_value_reason(), evidence::v1::TOO_FEW);
      EXPECT_EQ(need.denominator(), 0) << "nor what it would be made of";
    }
  }
}

TEST_P(EvidenceTest, FiguresOfCoachingAreForThoseWhoRunItAndTheHeadteacher) {
  cpd_.MakeCycle("coach", "coachee");
  cpd_.MakeCycle("teacher", "coachee");
  for (const identity::Caller& caller : {head_, TestCpd::Lead()}) {
    const Reading cycles = Latest(caller, kNorthgate, "coaching.active-cycles");
    EXPECT_EQ(cycles.value(), 2) << cycles.ShortDebugString();
    EXPECT_EQ(cycles.records_size(), 0) << "nobody may list them";
    EXPECT_EQ(Latest(caller, kNorthgate, "coaching.sessions-on-cadence").no_value_reason(), evidence::v1::TOO_FEW)
        << "two cycles missed what was due, and whose it was would be guessed";
  }
  for (const identity::Caller& caller : {director_, TestCpd::As("manager", type::v1::ROLE_CEO), TestCpd::Teacher("coach")}) {
    const Reading cycles = Latest(caller, kNorthgate, "coaching.active-cycles");
    EXPECT_FALSE(cycles.has_value());
    EXPECT_EQ(cycles.no_value_reason(), evidence::v1::NOT_YOURS);
  }
  cpd_.MakeCycle("head", "coachee");
  const Reading sessions = Latest(head_, kNorthgate, "coaching.sessions-on-cadence");
  ASSERT_TRUE(sessions.has_value()) << sessions.ShortDebugString();
  EXPECT_EQ(sessions.value(), 0) << "a fortnight has passed without any";
}

TEST_P(EvidenceTest, OtherPeriodsGiveNothingBack) {
  HoldAnEvent();
  evidence::v1::ListReadingsRequest request;
  request.set_parent(kNorthgate);
  request.set_measure("cpd.linked-to-need");
  request.set_period_kind(evidence::v1::WEEK);
  auto weeks =
      cpd_.Call<evidence::v1::ListReadingsResponse>(director_, "fivestrand.evidence.v1.EvidenceService.ListReadings", request);
  ASSERT_TRUE(weeks.ok()) << weeks.status();
  ASSERT_GT(weeks->readings_size(), 0);
  for (const Reading& reading : weeks->readings()) EXPECT_FALSE(reading.has_value());
  request.set_period_kind(evidence::v1::HALF_TERM);
  auto terms =
      cpd_.Call<evidence::v1::ListReadingsResponse>(director_, "fivestrand.evidence.v1.EvidenceService.ListReadings", request);
  ASSERT_TRUE(terms.ok()) << terms.status();
  ASSERT_EQ(terms->readings_size(), 2) << "of the year so far";
  EXPECT_TRUE(terms->readings(1).has_value());
}

TEST_P(EvidenceTest, NoSuchSchool) {
  evidence::v1::SummariseEvidenceRequest request;
  request.set_parent("trusts/acorn/schools/nowhere");
  EXPECT_TRUE(absl::IsNotFound(cpd_.Call<evidence::v1::SummariseEvidenceResponse>(
                                       director_, "fivestrand.evidence.v1.EvidenceService.SummariseEvidence", request)
                                   .status()));
}

TEST(MeasuresTableTest, IsSound) {
  EXPECT_TRUE(evidence::CheckMeasures(domain::Measures()).ok()) << evidence::CheckMeasures(domain::Measures());
}

INSTANTIATE_TEST_SUITE_P(Engines, EvidenceTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return std::string(testing::EngineName(info.param)); });

}  // namespace
}  // namespace fivestrand::cpd
