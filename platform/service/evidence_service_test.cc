#include "platform/service/evidence_service.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fivestrand/type/v1/role.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/calendar/day.h"
#include "platform/calendar/test_calendars.h"
#include "platform/identity/access.h"
#include "platform/identity/caller.h"
#include "platform/names/names.h"
#include "platform/rpc/call_context.h"
#include "platform/status/status.h"
#include "platform/store/store.h"
#include "platform/testing/temp_store.h"

namespace fivestrand::service {
namespace {

using calendar::D;
using evidence::v1::MeasureSummary;
using evidence::v1::Reading;
using evidence::v1::SummariseEvidenceRequest;
using evidence::v1::SummariseEvidenceResponse;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kNorthgate[] = "trusts/acorn/schools/northgate";
constexpr char kElmwood[] = "trusts/acorn/schools/elmwood";

constexpr evidence::MeasureDefinition kMeasures[] = {{.measure = "outcomes.expected",
                                                      .element = "outcomes",
                                                      .element_number = "5.1",
                                                      .element_title = "Outcomes",
                                                      .title = "At the expected standard",
                                                      .unit = evidence::v1::SHARE,
                                                      .direction = evidence::v1::HIGHER_IS_BETTER,
                                                      .target = 1,
                                                      .amber = 0.8,
                                                      .red = 0.5,
                                                      .formula = "Pupils at the standard of all",
                                                      .period_kind = evidence::v1::ASSESSMENT_WINDOW}};

// Each scope has one reading, over four pupils, and one of the head's own commitment.
class PupilSource : public evidence::EvidenceSource {
 public:
  absl::Span<const evidence::MeasureDefinition> measures() const override { return kMeasures; }
  absl::Status ListScopes(store::Session&, std::vector<std::string>*) const override { return absl::OkStatus(); }
  std::string_view RecordsPermission(const evidence::MeasureDefinition&) const override { return "assessment.results.list"; }
  std::string_view SmallNumbersPermission() const override { return "assessment.pupils.get"; }

  absl::Status Read(store::Session&, const evidence::EvidenceQuestion& question,
                    std::vector<evidence::ReadingSeries>* series) const override {
    if (question.scope == "trusts/acorn/schools/none") return status::NotFound("fivestrand/School", question.scope);
    std::vector<std::string> scopes = {question.scope};
    if (question.each_school) scopes = {kElmwood, kNorthgate};
    for (const std::string& scope : scopes) {
      const evidence::ReadingContext context{kMeasures[0], scope, question.as_of, question.now, question.day_still_open};
      const evidence::v1::Period window =
          evidence::MakePeriod(evidence::v1::ASSESSMENT_WINDOW, {question.as_of - 40, question.as_of - 10}, "Autumn");
      Reading reading = question.show_small ? evidence::ShareReading(context, window, 3, 4)
                                            : evidence::NoReading(context, window, evidence::v1::TOO_FEW);
      if (question.with_records) reading.add_records()->set_collection(absl::StrCat(scope, "/results"));
      series->push_back({.measure = &kMeasures[0], .scope = scope, .readings = {reading}, .latest = {}});
      Reading own = evidence::ShareReading(context, window, 1, 2);
      own.mutable_cut()->set_person("trusts/acorn/people/head");
      series->push_back({.measure = &kMeasures[0], .scope = scope, .readings = {own}, .latest = own});
    }
    return absl::OkStatus();
  }
};

class EvidenceServiceTest : public ::testing::Test {
 protected:
  EvidenceServiceTest() {
    temp_ = *testing::TempStore::Create(testing::EngineKind::kSqlite);
    store_ = *temp_->Open({});
    using identity::Reach;
    const identity::AccessRule rules[] = {
        {type::v1::ROLE_HEADTEACHER, "evidence.readings.read", Reach::kSchool},
        {type::v1::ROLE_DIRECTOR, "evidence.readings.read", Reach::kSchool},
        {type::v1::ROLE_MIDDLE_LEADER, "evidence.readings.read", Reach::kSubjectOrYear},
        {type::v1::ROLE_HEADTEACHER, "assessment.pupils.get", Reach::kSchool},
        {type::v1::ROLE_HEADTEACHER, "assessment.results.list", Reach::kSchool},
    };
    const std::string permissions[] = {"evidence.readings.read", "assessment.pupils.get", "assessment.results.list"};
    access_.emplace(*identity::AccessTable::Compile(rules, permissions));
    answers_.emplace(*store_, *access_, std::make_shared<PupilSource>());
  }

  static identity::Caller Person(const std::string& id, type::v1::Role role, std::vector<std::string> schools = {},
                                 std::vector<std::string> subjects = {}) {
    identity::Caller caller;
    caller.subject = "trusts/acorn/people/" + id;
    caller.trust = "acorn";
    identity::Grant& grant = caller.grants.emplace_back();
    grant.role = role;
    grant.schools = std::move(schools);
    grant.subjects = std::move(subjects);
    return caller;
  }
  static identity::Caller Head() { return Person("head", type::v1::ROLE_HEADTEACHER, {"northgate"}); }
  static identity::Caller Director() { return Person("director", type::v1::ROLE_DIRECTOR); }

  // As the wrapper hands the call to the body.
  rpc::CallContext ContextOf(const identity::Caller& caller, const std::string& parent) {
    rpc::CallContext context;
    context.caller = std::make_shared<const identity::Caller>(caller);
    context.now = calendar::StartOf(D("2026-11-24")) + absl::Hours(10);
    context.deadline = absl::Now() + absl::Seconds(20);
    context.access = access_->DecideFor(*context.caller, "evidence.readings.read", parent, context.now);
    return context;
  }

  SummariseEvidenceResponse Summarise(const identity::Caller& caller, const std::string& parent, bool by_school = false) {
    SummariseEvidenceRequest request;
    request.set_parent(parent);
    request.set_by_school(by_school);
    SummariseEvidenceResponse response;
    const absl::Status status = answers_->SummariseEvidence(ContextOf(caller, parent), request, &response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }

  std::unique_ptr<testing::TempStore> temp_;
  std::unique_ptr<store::Store> store_;
  std::optional<identity::AccessTable> access_;
  std::optional<EvidenceAnswers> answers_;
};

TEST_F(EvidenceServiceTest, SmallNumbersAreForWhoeverMaySeeThePersons) {
  const auto seen = Summarise(Head(), kNorthgate);
  ASSERT_GE(seen.summaries_size(), 1);
  EXPECT_EQ(seen.summaries(0).latest().value(), 0.75);
  EXPECT_THAT(seen.summaries(0).latest().records(), SizeIs(1));
  EXPECT_FALSE(seen.summaries(0).measure().formula().empty());
  const auto hidden = Summarise(Director(), kNorthgate);
  ASSERT_EQ(hidden.summaries_size(), 1);
  EXPECT_FALSE(hidden.summaries(0).latest().has_value());
  EXPECT_EQ(hidden.summaries(0).latest().no_value_reason(), evidence::v1::TOO_FEW);
  EXPECT_THAT(hidden.summaries(0).latest().records(), IsEmpty());
}

TEST_F(EvidenceServiceTest, AFigureOfTheWholeIsNotForWhoeverReachesAPart) {
  const auto response = Summarise(Person("maths", type::v1::ROLE_MIDDLE_LEADER, {"northgate"}, {"maths"}), kNorthgate);
  ASSERT_EQ(response.summaries_size(), 1);
  const Reading& reading = response.summaries(0).latest();
  EXPECT_EQ(reading.no_value_reason(), evidence::v1::NOT_YOURS);
  EXPECT_FALSE(reading.has_value());
  EXPECT_EQ(reading.denominator(), 0);
  EXPECT_THAT(reading.records(), IsEmpty());
  EXPECT_EQ(response.summaries(0).trend(0).no_value_reason(), evidence::v1::NOT_YOURS);
}

TEST_F(EvidenceServiceTest, APersonsOwnCommitmentIsShownToThatPersonAlone) {
  const auto own = Summarise(Head(), kNorthgate);
  ASSERT_EQ(own.summaries_size(), 2);
  EXPECT_EQ(own.summaries(1).latest().cut().person(), "trusts/acorn/people/head");
  const auto seen = Summarise(Director(), kNorthgate);
  for (const MeasureSummary& summary : seen.summaries()) EXPECT_FALSE(summary.latest().has_cut());
  evidence::v1::ListReadingsRequest request;
  request.set_parent(kNorthgate);
  request.set_measure("outcomes.expected");
  evidence::v1::ListReadingsResponse response;
  ASSERT_TRUE(answers_->ListReadings(ContextOf(Director(), kNorthgate), request, &response).ok());
  ASSERT_EQ(response.readings_size(), 1);
  EXPECT_FALSE(response.readings(0).has_cut());
}

TEST_F(EvidenceServiceTest, BySchoolComesTheTrustThenEachSchoolWithinReach) {
  const auto scopes = [](const SummariseEvidenceResponse& response) {
    std::vector<std::string> scopes;
    for (const MeasureSummary& summary : response.summaries()) scopes.push_back(summary.latest().scope());
    return scopes;
  };
  const auto all = Summarise(Director(), "trusts/acorn", true);
  EXPECT_THAT(scopes(all), ElementsAre("trusts/acorn", kElmwood, kNorthgate));
  EXPECT_FALSE(all.summaries(0).measure().formula().empty());
  EXPECT_TRUE(all.summaries(1).measure().formula().empty());
  EXPECT_THAT(scopes(Summarise(Director(), "trusts/acorn/schools/-", true)), ElementsAre(kElmwood, kNorthgate));
  const auto heads = Summarise(Head(), "trusts/acorn/schools/-", true);
  EXPECT_THAT(scopes(heads), ElementsAre(kNorthgate, kNorthgate));
  EXPECT_EQ(heads.summaries_size(), 2) << "the school's, and the own commitment";
  EXPECT_EQ(heads.summaries(0).latest().no_value_reason(), evidence::v1::TOO_FEW)
      << "not all schools' pupils are the head's to see";
}

TEST_F(EvidenceServiceTest, WhatCannotBeAnsweredIsRefusedByField) {
  const auto code = [&](const std::string& parent, bool by_school, auto change) {
    SummariseEvidenceRequest request;
    request.set_parent(parent);
    request.set_by_school(by_school);
    change(request);
    SummariseEvidenceResponse response;
    return answers_->SummariseEvidence(ContextOf(Director(), parent), request, &response).code();
  };
  const auto nothing = [](auto&) {
  };
  EXPECT_EQ(code(kNorthgate, false, nothing), absl::StatusCode::kOk);
  EXPECT_EQ(code("trusts/acorn/schools/none", false, nothing), absl::StatusCode::kNotFound);
  EXPECT_EQ(code("trusts/acorn/schools/-", false, nothing), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(kNorthgate, true, nothing), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(absl::StrCat(kNorthgate, "/results/r"), false, nothing), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(kNorthgate, false,
                 [](auto& request) {
                   request.mutable_as_of()->set_year(2026);
                   request.mutable_as_of()->set_month(11);
                   request.mutable_as_of()->set_day(25);
                 }),
            absl::StatusCode::kInvalidArgument);
  SummariseEvidenceResponse none;
  SummariseEvidenceRequest other;
  other.set_parent(kNorthgate);
  other.add_elements("coaching");
  ASSERT_TRUE(answers_->SummariseEvidence(ContextOf(Director(), kNorthgate), other, &none).ok());
  EXPECT_THAT(none.summaries(), IsEmpty());
}

}  // namespace
}  // namespace fivestrand::service
