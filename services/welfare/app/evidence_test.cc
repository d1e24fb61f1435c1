// The figures of elements 2.6 and 2.1 through EvidenceService, on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "absl/strings/str_cat.h"
#include "fivestrand/evidence/v1/evidence.pb.h"
#include "fivestrand/welfare/v1/pulse_service.pb.h"

#include "platform/evidence/measure.h"
#include "services/welfare/app/test_trust.h"
#include "services/welfare/domain/measures.h"

namespace fivestrand::welfare {
namespace {

using evidence::v1::Reading;
using testing::EngineKind;

constexpr char kNorthgate[] = "trusts/acorn/schools/northgate";
constexpr char kElmwood[] = "trusts/acorn/schools/elmwood";
constexpr char kOak[] = "trusts/acorn/schools/oak";

class EvidenceTest : public ::testing::TestWithParam<EngineKind> {
 protected:
  EvidenceTest() : trust_(GetParam()) {}

  // Null when there is none of that name.
  Reading Latest(const identity::Caller& caller, const std::string& scope, const std::string& measure) {
    evidence::v1::SummariseEvidenceRequest request;
    request.set_parent(scope);
    auto answer = trust_.Call<evidence::v1::SummariseEvidenceResponse>(
        caller, "fivestrand.evidence.v1.EvidenceService.SummariseEvidence", request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    if (answer.ok()) {
      for (const auto& summary : answer->summaries()) {
        if (summary.measure().measure() == measure) return summary.latest();
      }
    }
    Reading none;
    none.set_measure("none");
    return none;
  }

  TestTrust trust_;
  const identity::Caller ceo_ = TestTrust::As("ceo", type::v1::ROLE_CEO);
};

TEST(MeasuresTest, TheTableIsInOrder) {
  EXPECT_TRUE(evidence::CheckMeasures(domain::Measures()).ok()) << evidence::CheckMeasures(domain::Measures());
  for (std::size_t i = 0; i < domain::Measures().size(); ++i)
    EXPECT_EQ(static_cast<std::size_t>(domain::IdOf(domain::Measures()[i])), i);
}

TEST_P(EvidenceTest, NoFigureIsMadeUpBeforeTheFirstCheckIn) {
  EXPECT_EQ(Latest(ceo_, kNorthgate, "staff-welfare.check-ins").no_value_reason(), evidence::v1::NOT_KEPT_YET);
  trust_.PlanCheckIn("n3");
  EXPECT_EQ(Latest(ceo_, kTrust, "staff-welfare.check-ins").no_value_reason(), evidence::v1::NOT_KEPT_YET);
  trust_.HoldCheckIn("n3");
  const Reading reading = Latest(ceo_, kTrust, "staff-welfare.check-ins");
  EXPECT_EQ(reading.numerator(), 1);
}

TEST_P(EvidenceTest, CoverageCountsPersonsAndIsNeverAboutFew) {
  trust_.HoldCheckIn("n1");
  trust_.HoldCheckIn("n1", 30);
  trust_.HoldCheckIn("n2");
  trust_.HoldCheckIn("o1");
  trust_.PlanCheckIn("n3");
  // 14 at Northgate.
  const Reading northgate = Latest(ceo_, kNorthgate, "staff-welfare.check-ins");
  EXPECT_EQ(northgate.numerator(), 2);
  EXPECT_EQ(northgate.denominator(), 14);
  EXPECT_EQ(northgate.period().label(), "Autumn");
  EXPECT_EQ(Latest(ceo_, kElmwood, "staff-welfare.check-ins").value(), 0);
  EXPECT_TRUE(Latest(ceo_, kElmwood, "staff-welfare.check-ins").has_value());
  const Reading oak = Latest(ceo_, kOak, "staff-welfare.check-ins");
  EXPECT_FALSE(oak.has_value());
  EXPECT_EQ(oak.no_value_reason(), evidence::v1::TOO_FEW);
  const Reading all = Latest(ceo_, kTrust, "staff-welfare.check-ins");
  EXPECT_EQ(all.numerator(), 3);
  EXPECT_EQ(all.denominator(), 34);
  // Three headteachers are persons, not a figure; of one school it is none at all.
  EXPECT_EQ(Latest(ceo_, kTrust, "staff-welfare.headteacher-check-ins").no_value_reason(), evidence::v1::TOO_FEW);
  EXPECT_EQ(Latest(ceo_, kNorthgate, "staff-welfare.headteacher-check-ins").measure(), "none");
}

TEST_P(EvidenceTest, HeadteachersComeFirst) {
  for (int i = 0; i < 4; ++i) {
    trust_.organisation().AddSchool(absl::StrCat("s", i));
    trust_.Hire(absl::StrCat("h", i), absl::StrCat("s", i), leadership::v1::Post::HEADTEACHER);
  }
  trust_.HoldCheckIn("head");
  trust_.HoldCheckIn("h2");
  trust_.HoldCheckIn("elmhead", 24 * 60);  // in the half term before
  const Reading reading = Latest(ceo_, kTrust, "staff-welfare.headteacher-check-ins");
  EXPECT_EQ(reading.numerator(), 2);
  EXPECT_EQ(reading.denominator(), 7);
  EXPECT_EQ(reading.period().label(), "Autumn 2");
}

TEST_P(EvidenceTest, FollowUpsOnTime) {
  const auto promise = [&](const std::string& person, int due, int done_after) {
    v1::CreateFollowUpRequest create;
    create.set_parent(kTrust);
    create.mutable_follow_up()->set_person(TestTrust::Name(person));
    create.mutable_follow_up()->set_action("a promise");
    *create.mutable_follow_up()->mutable_due_date() = trust_.Day(due);
    auto made = trust_.Call<v1::FollowUp>(TestTrust::Hr(), absl::StrCat(kWelfare, "CreateFollowUp"), create);
    ASSERT_TRUE(made.ok()) << made.status();
    if (done_after < 0) return;
    v1::FinishFollowUpRequest finish;
    finish.set_name(made->name());
    *finish.mutable_done_date() = trust_.Day(due + done_after);
    auto done = trust_.Call<v1::FollowUp>(TestTrust::Hr(), absl::StrCat(kWelfare, "FinishFollowUp"), finish);
    ASSERT_TRUE(done.ok()) << done.status();
  };
  promise("n1", -10, 0);
  promise("n2", -10, 3);
  promise("n3", -5, -1);
  promise("n4", -4, 0);
  EXPECT_EQ(Latest(ceo_, kNorthgate, "staff-welfare.follow-ups-on-time").no_value_reason(), evidence::v1::TOO_FEW)
      << "four persons";
  promise("n5", -3, 0);
  promise("n6", 5, -1);  // not due yet
  const Reading reading = Latest(ceo_, kNorthgate, "staff-welfare.follow-ups-on-time");
  EXPECT_EQ(reading.numerator(), 3);
  EXPECT_EQ(reading.denominator(), 5);
}

TEST_P(EvidenceTest, WelfareFiguresAreForTheCeoDirectorsAndHr) {
  trust_.HoldCheckIn("n1");
  for (const identity::Caller& reader : {ceo_, TestTrust::Hr(), TestTrust::As("director", type::v1::ROLE_DIRECTOR)})
    EXPECT_TRUE(Latest(reader, kNorthgate, "staff-welfare.check-ins").has_value()) << reader.subject;
  for (const identity::Caller& other : {TestTrust::As("head", type::v1::ROLE_HEADTEACHER, {"northgate"}),
                                        TestTrust::As("eht", type::v1::ROLE_EXECUTIVE_HEADTEACHER), TestTrust::Staff("n1")}) {
    const Reading reading = Latest(other, kNorthgate, "staff-welfare.check-ins");
    EXPECT_FALSE(reading.has_value()) << other.subject;
    EXPECT_EQ(reading.no_value_reason(), evidence::v1::NOT_YOURS) << other.subject;
    EXPECT_EQ(reading.denominator(), 0) << other.subject;
  }
}

TEST_P(EvidenceTest, CultureIsReadFromClosedRounds) {
  const identity::Caller head = TestTrust::As("head", type::v1::ROLE_HEADTEACHER, {"northgate"});
  EXPECT_EQ(Latest(head, kNorthgate, "culture.index").no_value_reason(), evidence::v1::NOTHING_CONCLUDED);
  const std::string survey = trust_.OpenSurvey(5).name();
  for (int i = 1; i <= 7; ++i) ASSERT_TRUE(trust_.Answer(survey, absl::StrCat("n", i), {4}).ok());
  for (int i = 1; i <= 6; ++i) ASSERT_TRUE(trust_.Answer(survey, absl::StrCat("e", i), {2}).ok());
  for (int i = 1; i <= 2; ++i) ASSERT_TRUE(trust_.Answer(survey, absl::StrCat("o", i), {1}).ok());
  EXPECT_FALSE(Latest(head, kNorthgate, "culture.index").has_value()) << "not while it is open";
  v1::ClosePulseSurveyRequest close;
  close.set_name(survey);
  ASSERT_TRUE(trust_.Call<v1::PulseSurvey>(TestTrust::Hr(), absl::StrCat(kPulse, "ClosePulseSurvey"), close).ok());
  trust_.service().clock().Advance(absl::Hours(24));
  const Reading reading = Latest(head, kNorthgate, "culture.index");
  EXPECT_EQ(reading.value(), 75);
  EXPECT_EQ(reading.sample_size(), 7);
  EXPECT_EQ(reading.period().kind(), evidence::v1::SURVEY);
  EXPECT_EQ(reading.period().label(), "Autumn pulse");
  EXPECT_TRUE(reading.final());
  EXPECT_EQ(reading.band(), evidence::v1::GREEN);
  EXPECT_EQ(Latest(head, kNorthgate, "culture.spread").value(), 0);
  EXPECT_EQ(Latest(head, kNorthgate, "culture.response-rate").value(), 0.5);
  EXPECT_EQ(Latest(ceo_, kOak, "culture.index").no_value_reason(), evidence::v1::TOO_FEW);
  EXPECT_EQ(Latest(ceo_, kElmwood, "culture.index").no_value_reason(), evidence::v1::TOO_FEW) << "it would give Oak's back";
  EXPECT_TRUE(Latest(ceo_, kTrust, "culture.index").has_value());
  // Behind it is the survey, also when the figure is held back, and neither text nor person.
  ASSERT_EQ(reading.records_size(), 1);
  EXPECT_EQ(Latest(ceo_, kOak, "culture.index").records_size(), 1);
  EXPECT_EQ(Latest(ceo_, kNorthgate, "staff-welfare.check-ins").records_size(), 0) << "sealed";
  EXPECT_EQ(reading.records(0).collection(), absl::StrCat(kTrust, "/pulseSurveys"));
  v1::ListPulseSurveysRequest behind;
  behind.set_parent(std::string(kTrust));
  behind.set_filter(reading.records(0).filter());
  const auto found = trust_.Call<v1::ListPulseSurveysResponse>(head, absl::StrCat(kPulse, "ListPulseSurveys"), behind);
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->pulse_surveys_size(), 1);
  EXPECT_EQ(found->pulse_surveys(0).name(), survey);
  EXPECT_FALSE(Holds(reading.SerializeAsString(), "people/"));
}

INSTANTIATE_TEST_SUITE_P(Engines, EvidenceTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::welfare
