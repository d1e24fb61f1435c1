// Pulse surveys through the service's own server, on both engines: answering once, the figures, and what is left for whoever holds
// the store, with and without its keys.
#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "platform/status/status.h"
#include "services/welfare/app/test_trust.h"
#include "services/welfare/domain/pulse_box.h"

namespace fivestrand::welfare {
namespace {

using testing::EngineKind;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class PulseTest : public ::testing::TestWithParam<EngineKind> {
 protected:
  PulseTest() : trust_(GetParam()) {}

  template <typename Response, typename Request>
  absl::StatusOr<Response> As(const identity::Caller& caller, const std::string& method, const Request& request) {
    return trust_.Call<Response>(caller, absl::StrCat(kPulse, method), request);
  }
  v1::PulseResults Results(const identity::Caller& caller, const std::string& survey) {
    v1::ReadPulseResultsRequest read;
    read.set_name(survey);
    auto results = As<v1::PulseResults>(caller, "ReadPulseResults", read);
    EXPECT_TRUE(results.ok()) << results.status();
    return results.ok() ? *results : v1::PulseResults();
  }
  v1::PulseSurvey Close(const std::string& survey) {
    v1::ClosePulseSurveyRequest close;
    close.set_name(survey);
    auto closed = As<v1::PulseSurvey>(TestTrust::Hr(), "ClosePulseSurvey", close);
    EXPECT_TRUE(closed.ok()) << closed.status();
    return closed.ok() ? *closed : v1::PulseSurvey();
  }
  static const v1::PulseResults::Scope* Find(const v1::PulseResults& results, const std::string& scope) {
    for (const auto& one : results.scopes()) {
      if (one.scope() == scope) return &one;
    }
    return nullptr;
  }
  void AnswerMany(const std::string& survey, const std::string& prefix, int count, const std::vector<int>& ratings) {
    for (int i = 1; i <= count; ++i) {
      const absl::Status status = trust_.Answer(survey, absl::StrCat(prefix, i), ratings);
      ASSERT_TRUE(status.ok()) << status;
    }
  }

  TestTrust trust_;
};

TEST_P(PulseTest, EverybodyInvitedAnswersOnce) {
  const std::string survey = trust_.OpenSurvey().name();
  v1::ListOpenPulsesRequest list;
  list.set_parent(kTrust);
  auto before = As<v1::ListOpenPulsesResponse>(TestTrust::Staff("n1"), "ListOpenPulses", list);
  ASSERT_TRUE(before.ok()) << before.status();
  ASSERT_THAT(before->open_pulses(), SizeIs(1));
  EXPECT_FALSE(before->open_pulses(0).answered());
  EXPECT_EQ(before->open_pulses(0).pulse_survey().questions_size(), 14);
  ASSERT_TRUE(trust_.Answer(survey, "n1", {4}).ok());
  const absl::Status twice = trust_.Answer(survey, "n1", {1});
  EXPECT_TRUE(absl::IsAlreadyExists(twice)) << twice;
  EXPECT_EQ(std::string(twice.message()).find("people"), std::string::npos);
  auto after = As<v1::ListOpenPulsesResponse>(TestTrust::Staff("n1"), "ListOpenPulses", list);
  ASSERT_TRUE(after.ok());
  EXPECT_TRUE(after->open_pulses(0).answered());
  EXPECT_FALSE(As<v1::ListOpenPulsesResponse>(TestTrust::Staff("n2"), "ListOpenPulses", list)->open_pulses(0).answered());
  // Somebody without a post is not asked, nor is a process of the suite.
  EXPECT_TRUE(absl::IsPermissionDenied(trust_.Answer(survey, "stranger", {3})));
  v1::AnswerPulseRequest request;
  request.set_name(survey);
  EXPECT_TRUE(
      absl::IsPermissionDenied(As<v1::AnswerPulseResponse>(testing::TestService::Operator(), "AnswerPulse", request).status()));
}

TEST_P(PulseTest, WrongAnswersAreRefusedWithoutRepeatingThem) {
  const std::string survey = trust_.OpenSurvey().name();
  v1::AnswerPulseRequest request;
  request.set_name(survey);
  auto* rating = request.add_ratings();
  rating->set_question("c1");
  rating->set_value(6);
  EXPECT_TRUE(absl::IsInvalidArgument(As<v1::AnswerPulseResponse>(TestTrust::Staff("n1"), "AnswerPulse", request).status()));
  rating->set_value(3);
  *request.add_ratings() = *rating;
  EXPECT_TRUE(absl::IsInvalidArgument(As<v1::AnswerPulseResponse>(TestTrust::Staff("n1"), "AnswerPulse", request).status()));
  request.mutable_ratings(1)->set_question("zz");
  EXPECT_TRUE(absl::IsInvalidArgument(As<v1::AnswerPulseResponse>(TestTrust::Staff("n1"), "AnswerPulse", request).status()));
  request.mutable_ratings()->RemoveLast();
  EXPECT_TRUE(As<v1::AnswerPulseResponse>(TestTrust::Staff("n1"), "AnswerPulse", request).ok());
}

TEST_P(PulseTest, ASurveyOfSomeSchoolsAsksTheirStaffAlone) {
  const std::string survey = trust_.OpenSurvey(5, {"elmwood"}).name();
  EXPECT_TRUE(absl::IsPermissionDenied(trust_.Answer(survey, "n1", {3})));
  EXPECT_TRUE(trust_.Answer(survey, "e1", {3}).ok());
  v1::ListOpenPulsesRequest list;
  list.set_parent(kTrust);
  EXPECT_EQ(As<v1::ListOpenPulsesResponse>(TestTrust::Staff("n1"), "ListOpenPulses", list)->open_pulses_size(), 0);
}

TEST_P(PulseTest, FiguresOnlyFromTheGroupSizeAndOnlyWhenClosed) {
  const std::string survey = trust_.OpenSurvey(5).name();
  AnswerMany(survey, "n", 12, {5});
  AnswerMany(survey, "e", 9, {2});
  AnswerMany(survey, "o", 3, {1});
  const v1::PulseResults open = Results(TestTrust::Hr(), survey);
  ASSERT_THAT(open.scopes(), SizeIs(1));
  EXPECT_THAT(open.scopes(0).figures(), IsEmpty());
  EXPECT_EQ(open.scopes(0).answered(), 20) << "in fives";
  const v1::PulseSurvey closed = Close(survey);
  EXPECT_EQ(closed.state(), v1::PulseSurvey::CLOSED);
  EXPECT_TRUE(absl::IsFailedPrecondition(trust_.Answer(survey, "n13", {3})));

  const v1::PulseResults results = Results(TestTrust::Hr(), survey);
  const auto* trust = Find(results, kTrust);
  ASSERT_NE(trust, nullptr);
  EXPECT_EQ(trust->answered(), 24);
  ASSERT_THAT(trust->figures(), Not(IsEmpty()));
  // 12 x 100, 9 x 25 and 3 x 0 points.
  EXPECT_EQ(trust->figures(0).set(), v1::CULTURE);
  EXPECT_EQ(trust->figures(0).index(), 59);
  EXPECT_EQ(trust->figures(0).answers(), 24);
  const auto* northgate = Find(results, "trusts/acorn/schools/northgate");
  ASSERT_NE(northgate, nullptr);
  ASSERT_THAT(northgate->figures(), Not(IsEmpty()));
  EXPECT_EQ(northgate->figures(0).index(), 100);
  EXPECT_EQ(northgate->figures(0).spread(), 0);
  // Oak is too small; Elmwood would give it back, being all that is missing beside it.
  const auto* oak = Find(results, "trusts/acorn/schools/oak");
  ASSERT_NE(oak, nullptr);
  EXPECT_THAT(oak->figures(), IsEmpty());
  const auto* elmwood = Find(results, "trusts/acorn/schools/elmwood");
  ASSERT_NE(elmwood, nullptr);
  EXPECT_THAT(elmwood->figures(), IsEmpty());
  // Workload has reversed questions: agreeing with everything is not the best there.
  for (const auto& figure : northgate->figures()) {
    if (figure.set() == v1::WORKLOAD && figure.question().empty()) {
      EXPECT_EQ(figure.index(), 67);
    }
    if (figure.question() == "w1") {
      EXPECT_EQ(figure.index(), 0);
    }
  }
  // Staff see the trust's figures and their own school's.
  const v1::PulseResults teacher = Results(TestTrust::Staff("n1"), survey);
  EXPECT_THAT(teacher.scopes(), SizeIs(2));
  EXPECT_NE(Find(teacher, kTrust), nullptr);
  EXPECT_EQ(Find(teacher, "trusts/acorn/schools/elmwood"), nullptr);
}

TEST_P(PulseTest, TooFewAltogetherIsNothing) {
  const std::string survey = trust_.OpenSurvey(10).name();
  AnswerMany(survey, "n", 9, {4});
  Close(survey);
  const v1::PulseResults results = Results(TestTrust::Hr(), survey);
  for (const auto& scope : results.scopes()) EXPECT_THAT(scope.figures(), IsEmpty()) << scope.scope();
}

TEST_P(PulseTest, ItClosesByItselfAndTheTrendGoesOn) {
  const std::string first = trust_.OpenSurvey(5).name();
  AnswerMany(first, "n", 6, {2});
  trust_.service().clock().Advance(absl::Hours(24 * 8));
  EXPECT_TRUE(absl::IsFailedPrecondition(trust_.Answer(first, "n7", {3}))) << "its time is over";
  const v1::PulseResults results = Results(TestTrust::Hr(), first);
  EXPECT_EQ(results.pulse_survey().state(), v1::PulseSurvey::CLOSED);
  EXPECT_EQ(Find(results, kTrust)->figures(0).index(), 25);
  const std::string second = trust_.OpenSurvey(5).name();
  AnswerMany(second, "n", 6, {4});
  Close(second);
  const v1::PulseResults later = Results(TestTrust::Hr(), second);
  const auto* trust = Find(later, kTrust);
  ASSERT_THAT(trust->past(), SizeIs(1));
  EXPECT_EQ(trust->past(0).pulse_survey(), first);
  EXPECT_EQ(trust->past(0).figures(0).index(), 25);
  EXPECT_EQ(trust->figures(0).index(), 75);
}

TEST_P(PulseTest, WhatWasPromisedStays) {
  const v1::PulseSurvey survey = trust_.OpenSurvey(7);
  v1::UpdatePulseSurveyRequest update;
  update.mutable_pulse_survey()->set_name(survey.name());
  update.mutable_pulse_survey()->set_min_group_size(5);
  EXPECT_TRUE(absl::IsFailedPrecondition(As<v1::PulseSurvey>(TestTrust::Hr(), "UpdatePulseSurvey", update).status()));
  update.mutable_pulse_survey()->clear_min_group_size();
  update.mutable_pulse_survey()->set_title("Autumn");
  trust_.SetTime(24 * 9, update.mutable_pulse_survey()->mutable_close_time());
  auto updated = As<v1::PulseSurvey>(TestTrust::Hr(), "UpdatePulseSurvey", update);
  ASSERT_TRUE(updated.ok()) << updated.status();
  v1::CreatePulseSurveyRequest small;
  small.set_parent(kTrust);
  *small.mutable_pulse_survey() = survey;
  small.mutable_pulse_survey()->set_min_group_size(4);
  EXPECT_TRUE(absl::IsInvalidArgument(As<v1::PulseSurvey>(TestTrust::Hr(), "CreatePulseSurvey", small).status()));
  EXPECT_TRUE(absl::IsPermissionDenied(As<v1::PulseSurvey>(TestTrust::Staff("n1"), "CreatePulseSurvey", small).status()));
}

TEST_P(PulseTest, ARoundFromElsewhereGetsFiguresAndLeavesNoRows) {
  v1::ImportPulseRoundRequest request;
  request.set_parent(kTrust);
  request.mutable_pulse_survey()->set_title("Summer pulse");
  request.mutable_pulse_survey()->set_min_group_size(5);
  trust_.SetTime(-24 * 120, request.mutable_pulse_survey()->mutable_open_time());
  trust_.SetTime(-24 * 113, request.mutable_pulse_survey()->mutable_close_time());
  for (int i = 0; i < 8; ++i) {
    auto* row = request.add_rows();
    row->set_school("trusts/acorn/schools/northgate");
    for (int q = 0; q < 14; ++q) row->add_ratings(3);
  }
  auto* invited = request.add_invited();
  invited->set_school("trusts/acorn/schools/northgate");
  invited->set_persons(14);
  auto imported = As<v1::PulseSurvey>(testing::TestService::Operator(), "ImportPulseRound", request);
  ASSERT_TRUE(imported.ok()) << imported.status();
  EXPECT_EQ(imported->state(), v1::PulseSurvey::CLOSED);
  const v1::PulseResults results = Results(TestTrust::Hr(), imported->name());
  EXPECT_EQ(Find(results, "trusts/acorn/schools/northgate")->figures(0).index(), 50);
  EXPECT_EQ(Find(results, "trusts/acorn/schools/northgate")->invited(), 14);
  request.mutable_rows(3)->mutable_ratings()->RemoveLast();
  EXPECT_TRUE(absl::IsInvalidArgument(As<v1::PulseSurvey>(testing::TestService::Operator(), "ImportPulseRound", request).status()));
}

// Somebody who holds the store and not the keyring.
TEST_P(PulseTest, TheStoreAloneTellsNeitherWhoNorWhat) {
  const std::string survey = trust_.OpenSurvey(5).name();
  // The keyed part of the store is of one size before and after an answer, and made of few rows that are about everybody.
  ASSERT_TRUE(trust_.Answer(survey, "n1", {5}).ok());
  const std::vector<std::string> one = trust_.Rows("pulse_box");
  ASSERT_THAT(one, SizeIs(2)) << "one block of answers and one of hashes";
  AnswerMany(survey, "e", 11, {1});
  const std::vector<std::string> many = trust_.Rows("pulse_box");
  ASSERT_THAT(many, SizeIs(2));
  auto total = [](const std::vector<std::string>& rows) {
    std::size_t bytes = 0;
    for (const std::string& row : rows) bytes += row.size();
    return bytes;
  };
  EXPECT_EQ(total(one), total(many)) << "not even how many have answered";
  const std::string dump = trust_.Dump();
  // Nothing else in the store was written for an answer: no event, no audit row, no answer kept for a repeated request.
  for (const char* table : {"outbox", "audit", "idempotency", "record_revision"}) {
    for (const std::string& row : trust_.Rows(table)) {
      EXPECT_FALSE(Holds(row, "people/e")) << table << ": " << row;
      EXPECT_FALSE(Holds(row, "people/n1")) << table << ": " << row;
    }
  }
  // The hash of a person cannot be made without the key: no plain digest of the name is there.
  EXPECT_FALSE(Holds(trust_.service().log(), "people/"));
}

// Somebody who holds the store and the keyring while the survey is open: sees who has answered and the answers, but no pair.
TEST_P(PulseTest, NoOrderLinksHashesAndAnswers) {
  using domain::BoxedAnswer;
  std::string block = domain::EmptyBlock();
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(domain::PutAnswer({0, {i % 5 + 1, i / 5 % 5 + 1, i / 25 + 1}}, &block));
  // Places are random: answers in the order of their places are not in the order of their coming.
  std::vector<int> order;
  for (std::size_t at = 0; at < block.size(); at += 24) {
    if (block[at] == 0) continue;
    order.push_back((block[at + 2] - 1) + (block[at + 3] - 1) * 5 + (block[at + 4] - 1) * 25);
  }
  ASSERT_THAT(order, SizeIs(200));
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
  int ascents = 0;
  for (std::size_t i = 1; i < order.size(); ++i) ascents += order[i] > order[i - 1] ? 1 : 0;
  EXPECT_GT(ascents, 60) << "nor backwards";
  EXPECT_LT(ascents, 140);
}

// Somebody who holds the store and the keyring after the close.
TEST_P(PulseTest, AfterTheCloseEvenTheKeyringLinksNothing) {
  const std::string survey = trust_.OpenSurvey(5).name();
  AnswerMany(survey, "n", 8, {4});
  // The attacker opened the survey's key while it was open: a later copy of the store is nothing to it either.
  const std::vector<std::string> keys = trust_.Rows("pulse_key");
  ASSERT_THAT(keys, SizeIs(1));
  const std::vector<std::string> boxes = trust_.Rows("pulse_box");
  const auto bytes_of = [&](const std::string& row) {
    return trust_.sqlite() ? absl::HexStringToBytes(row.substr(row.find("x'") + 2, 64)) : std::string();
  };
  const std::string key = bytes_of(keys[0]), box = bytes_of(boxes[0]);
  if (trust_.sqlite()) {
    ASSERT_NE(trust_.Files().find(key), std::string::npos);
    ASSERT_NE(trust_.Files().find(box), std::string::npos);
  }
  Close(survey);
  EXPECT_THAT(trust_.Rows("pulse_key"), IsEmpty());
  EXPECT_THAT(trust_.Rows("pulse_box"), IsEmpty());
  for (const std::string& row : trust_.Rows("pulse_figure")) EXPECT_FALSE(Holds(row, "people/")) << row;
  if (!trust_.sqlite()) return;
  // Nor are the removed bytes in the file, once its log is written back.
  trust_.service().Restart();
  EXPECT_EQ(trust_.Files().find(key), std::string::npos);
  EXPECT_EQ(trust_.Files().find(box), std::string::npos);
  EXPECT_THAT(Results(TestTrust::Hr(), survey).scopes(0).figures(), Not(IsEmpty()));
}

TEST_P(PulseTest, ACancelledSurveyLeavesNothing) {
  const std::string survey = trust_.OpenSurvey(5).name();
  AnswerMany(survey, "n", 6, {4});
  v1::CancelPulseSurveyRequest cancel;
  cancel.set_name(survey);
  ASSERT_TRUE(As<v1::PulseSurvey>(TestTrust::Hr(), "CancelPulseSurvey", cancel).ok());
  EXPECT_THAT(trust_.Rows("pulse_key"), IsEmpty());
  EXPECT_THAT(trust_.Rows("pulse_box"), IsEmpty());
  EXPECT_THAT(Results(TestTrust::Hr(), survey).scopes(0).figures(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Engines, PulseTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::welfare
