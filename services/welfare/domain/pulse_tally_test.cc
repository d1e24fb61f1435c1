#include "services/welfare/domain/pulse_tally.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>
#include <random>

#include "absl/strings/str_cat.h"

namespace fivestrand::welfare::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

v1::PulseSurvey Survey(int least) {
  v1::PulseSurvey survey;
  survey.set_min_group_size(least);
  for (const char* id : {"c1", "c2"}) {
    auto* question = survey.add_questions();
    question->set_id(id);
    question->set_set(v1::CULTURE);
  }
  auto* question = survey.add_questions();
  question->set_id("w1");
  question->set_set(v1::WORKLOAD);
  question->set_reversed(true);
  return survey;
}

TEST(ShownTest, OneSmallOneIsCoveredByTheNextSmallest) {
  EXPECT_THAT(Shown({12, 9, 3}, 5), ElementsAre(true, false, false));
  EXPECT_THAT(Shown({12, 9, 8}, 5), ElementsAre(true, true, true));
  EXPECT_THAT(Shown({12, 3, 3}, 5), ElementsAre(true, false, false)) << "two small ones together are six";
  EXPECT_THAT(Shown({12, 2, 2}, 5), ElementsAre(false, false, false)) << "together they are four, and all that is left covers them";
  EXPECT_THAT(Shown({12, 0, 9}, 5), ElementsAre(true, false, true)) << "nobody gives nobody back";
  EXPECT_THAT(Shown({2, 2}, 5), ElementsAre(false, false));
  EXPECT_THAT(Shown({}, 5), IsEmpty());
}

// Whoever knows the total and what is shown can work out the rest as a whole, and no more: the rest is nobody, or enough.
TEST(ShownTest, TheRestIsNeverFew) {
  std::mt19937 random(7);
  for (int round = 0; round < 5000; ++round) {
    const int least = 3 + static_cast<int>(random() % 10);
    std::vector<int> counts(1 + random() % 8);
    for (int& count : counts) count = static_cast<int>(random() % 25);
    const std::vector<bool> shown = Shown(counts, least);
    int rest = 0;
    for (size_t i = 0; i < counts.size(); ++i) {
      if (shown[i]) {
        EXPECT_GE(counts[i], least);
      }
      if (!shown[i]) rest += counts[i];
    }
    const int total = std::accumulate(counts.begin(), counts.end(), 0);
    EXPECT_TRUE(rest == 0 || rest >= least || total < least) << round;
  }
}

TEST(TallyTest, IndexIsTheMeanOfEachOnesMean) {
  std::vector<Ballot> ballots;
  for (int i = 0; i < 5; ++i) ballots.push_back({"trusts/t/schools/a", {5, 5, 5}});
  // Rates one of two questions: counts once, and as much as the others.
  for (int i = 0; i < 5; ++i) ballots.push_back({"trusts/t/schools/a", {1, 0, 1}});
  const std::vector<ScopeFigures> scopes = Tally(Survey(5), {{"trusts/t/schools/a", 20}}, ballots);
  ASSERT_THAT(scopes, SizeIs(2));
  EXPECT_EQ(scopes[0].invited, 20);
  EXPECT_EQ(scopes[0].answered, 10);
  ASSERT_FALSE(scopes[1].figures.empty());
  EXPECT_EQ(scopes[1].figures[0].index, 50);
  EXPECT_EQ(scopes[1].figures[0].spread, 50);
  EXPECT_EQ(scopes[1].figures[1].set, v1::WORKLOAD);
  EXPECT_EQ(scopes[1].figures[1].index, 50) << "turned round on both sides";
  for (const Figure& figure : scopes[1].figures) {
    if (figure.question == "c2") {
      EXPECT_EQ(figure.answers, 5);
    }
  }
}

TEST(TallyTest, AQuestionThatFewAnsweredHasNoFigure) {
  std::vector<Ballot> ballots;
  for (int i = 0; i < 8; ++i) ballots.push_back({"trusts/t/schools/a", {4, i < 4 ? 4 : 0, 4}});
  const std::vector<ScopeFigures> scopes = Tally(Survey(5), {}, ballots);
  for (const Figure& figure : scopes[0].figures) EXPECT_NE(figure.question, "c2");
}

// Random trusts, attacked: every figure of every scope, and every difference of the trust's and the shown schools', is over enough.
TEST(TallyTest, NoFigureAndNoDifferenceIsOverFew) {
  std::mt19937 random(11);
  for (int round = 0; round < 300; ++round) {
    const int least = 5 + static_cast<int>(random() % 6);
    std::map<std::string, int> invited;
    std::vector<Ballot> ballots;
    const int schools = 1 + static_cast<int>(random() % 6);
    for (int s = 0; s <= schools; ++s) {
      const std::string school = s == schools ? "" : absl::StrCat("trusts/t/schools/s", s);
      const int count = static_cast<int>(random() % 20);
      invited[school] = count + static_cast<int>(random() % 5);
      for (int i = 0; i < count; ++i) {
        ballots.push_back({school, {}});
        for (int q = 0; q < 3; ++q) ballots.back().ratings.push_back(static_cast<int>(random() % 6));
      }
    }
    const std::vector<ScopeFigures> scopes = Tally(Survey(least), invited, ballots);
    for (const Figure& total : scopes[0].figures) {
      EXPECT_GE(total.answers, least);
      int rest = total.answers;
      for (size_t s = 1; s < scopes.size(); ++s) {
        EXPECT_FALSE(scopes[s].school.empty());
        for (const Figure& figure : scopes[s].figures) {
          if (figure.set != total.set || figure.question != total.question) continue;
          EXPECT_GE(figure.answers, least);
          rest -= figure.answers;
        }
      }
      EXPECT_TRUE(rest == 0 || rest >= least) << round << " " << rest;
    }
    if (scopes[0].figures.empty()) continue;
    for (size_t s = 1; s < scopes.size(); ++s) {
      if (scopes[s].invited) {
        EXPECT_GE(*scopes[s].invited, least);
      }
    }
  }
}

}  // namespace
}  // namespace fivestrand::welfare::domain
