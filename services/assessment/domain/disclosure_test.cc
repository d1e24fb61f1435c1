// An attack with everything that an outsider could have: who is in which school, year, group and band, every figure that is shown,
// and exact arithmetic over all combinations of figures.
#include "services/assessment/domain/disclosure.h"

#include <cstddef>
#include <cstdint>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

#include "services/assessment/domain/frame.h"

namespace fivestrand::assessment::domain {
namespace {

struct Pupil {
  int school;
  int year;
  std::uint8_t groups;
  std::uint8_t prior;
};

using Trust = std::vector<Pupil>;

// Everything that can be asked about some pupils.
struct Figure {
  int school;
  int year;
  Attribute attribute;
};

std::vector<Figure> AllFigures(int schools, int first_year, int years) {
  std::vector<Figure> figures;
  for (int school = kAnySchool; school <= schools; ++school) {
    if (school == 0) continue;
    for (int year = first_year - 1; year < first_year + years; ++year) {
      for (const Attribute attribute : AllAttributes()) figures.push_back({school, year < first_year ? kAnyYear : year, attribute});
    }
  }
  return figures;
}

using Row = std::vector<std::uint64_t>;
constexpr std::uint64_t kPrime = 2147483647;

Row RowOf(const Trust& trust, const Figure& figure) {
  Row row;
  for (const Pupil& pupil : trust) {
    const bool in = (figure.school == kAnySchool || figure.school == pupil.school) &&
                    (figure.year == kAnyYear || figure.year == pupil.year) && figure.attribute.Holds(pupil.groups, pupil.prior);
    row.push_back(in ? 1 : 0);
  }
  return row;
}

std::uint64_t Inverse(std::uint64_t value) {
  std::uint64_t result = 1;
  for (std::uint64_t power = kPrime - 2; power != 0; power >>= 1) {
    if ((power & 1) != 0) result = result * value % kPrime;
    value = value * value % kPrime;
  }
  return result;
}

// Rows that span the same as these.
std::vector<Row> Reduce(std::vector<Row> rows) {
  std::size_t rank = 0;
  const std::size_t columns = rows.empty() ? 0 : rows.front().size();
  for (std::size_t column = 0; column < columns && rank < rows.size(); ++column) {
    std::size_t pivot = rank;
    while (pivot < rows.size() && rows[pivot][column] == 0) ++pivot;
    if (pivot == rows.size()) continue;
    std::swap(rows[rank], rows[pivot]);
    const std::uint64_t inverse = Inverse(rows[rank][column]);
    for (std::uint64_t& value : rows[rank]) value = value * inverse % kPrime;
    for (std::size_t other = 0; other < rows.size(); ++other) {
      const std::uint64_t times = rows[other][column];
      if (other == rank || times == 0) continue;
      for (std::size_t i = column; i < columns; ++i) rows[other][i] = (rows[other][i] + (kPrime - times) * rows[rank][i]) % kPrime;
    }
    ++rank;
  }
  rows.resize(rank);
  return rows;
}

// Whether some combination of the figures rests on pupils of `few` alone: then the figures of all others do not determine all.
bool GivesAway(const std::vector<Row>& basis, const std::vector<std::size_t>& few) {
  std::vector<Row> without = basis;
  for (Row& row : without) {
    for (const std::size_t pupil : few) row[pupil] = 0;
  }
  return Reduce(std::move(without)).size() < basis.size();
}

// Every set of fewer than k pupils. Pupils who are alike in everything are told apart: each is a column of its own.
bool Attack(const std::vector<Row>& figures, std::size_t pupils, int k, std::string* found) {
  const std::vector<Row> basis = Reduce(figures);
  std::vector<std::size_t> few;
  const auto visit = [&](auto&& self, std::size_t from) -> bool {
    if (!few.empty() && GivesAway(basis, few)) {
      for (const std::size_t pupil : few) *found += std::to_string(pupil) + " ";
      return true;
    }
    if (static_cast<int>(few.size()) + 1 >= k) return false;
    for (std::size_t pupil = from; pupil < pupils; ++pupil) {
      few.push_back(pupil);
      if (self(self, pupil + 1)) return true;
      few.pop_back();
    }
    return false;
  };
  return visit(visit, 0);
}

Trust RandomTrust(std::mt19937& random, int pupils, int schools, int years) {
  Trust trust;
  for (int i = 0; i < pupils; ++i) {
    Pupil pupil;
    pupil.school = 1 + static_cast<int>(random() % static_cast<unsigned>(schools));
    // A school of a handful now and then.
    if (schools > 1 && pupil.school == schools && random() % 3 != 0) pupil.school = 1;
    pupil.year = 8 + static_cast<int>(random() % static_cast<unsigned>(years));
    pupil.groups = 0;
    for (int group = 0; group < kGroups; ++group) {
      if (random() % 10 < (group == 2 ? 1u : 3u)) pupil.groups = static_cast<std::uint8_t>(pupil.groups | 1 << group);
    }
    // Looked after is always disadvantaged.
    if ((pupil.groups & 4) != 0) pupil.groups |= 1;
    pupil.prior = static_cast<std::uint8_t>(random() % kPriors);
    trust.push_back(pupil);
  }
  return trust;
}

std::vector<PupilClass> ClassesOf(const Trust& trust) {
  std::vector<PupilClass> classes;
  for (const Pupil& pupil : trust) {
    bool there = false;
    for (PupilClass& one : classes) {
      if (one.school == pupil.school && one.year == pupil.year && one.groups == pupil.groups && one.prior == pupil.prior) {
        ++one.pupils;
        there = true;
      }
    }
    if (!there) {
      classes.push_back({.school = static_cast<std::uint16_t>(pupil.school),
                         .year = static_cast<std::uint8_t>(pupil.year),
                         .groups = pupil.groups,
                         .prior = pupil.prior,
                         .pupils = 1});
    }
  }
  return classes;
}

struct Outcome {
  std::vector<Row> shown;
  std::vector<Row> above_threshold;
};

Outcome Ask(const Trust& trust, int schools, int years, int k) {
  const Disclosure disclosure(ClassesOf(trust), k);
  Outcome outcome;
  for (const Figure& figure : AllFigures(schools, 8, years)) {
    const Row row = RowOf(trust, figure);
    std::uint64_t pupils = 0;
    for (const std::uint64_t in : row) pupils += in;
    if (pupils == 0) continue;
    if (disclosure.MayShow(figure.school, figure.year, figure.attribute)) outcome.shown.push_back(row);
    if (pupils >= static_cast<std::uint64_t>(k)) outcome.above_threshold.push_back(row);
  }
  return outcome;
}

TEST(Disclosure, NoCombinationOfFiguresOfASmallSchoolRestsOnFewerThanThreshold) {
  std::mt19937 random(20261124);
  int given_away_by_threshold_alone = 0;
  for (int round = 0; round < 60; ++round) {
    const int k = 3 + round % 2, pupils = k == 3 ? 24 + round % 17 : 18 + round % 9;
    const Trust trust = RandomTrust(random, pupils, 1, 2 + round % 2);
    const Outcome outcome = Ask(trust, 1, 3, k);
    std::string found;
    EXPECT_FALSE(Attack(outcome.shown, trust.size(), k, &found)) << "round " << round << ": pupils " << found;
    if (Attack(outcome.above_threshold, trust.size(), k, &found)) ++given_away_by_threshold_alone;
  }
  // The attack is one: it succeeds against a bare threshold.
  EXPECT_GT(given_away_by_threshold_alone, 30);
}

TEST(Disclosure, NorOfASmallTrust) {
  std::mt19937 random(7);
  for (int round = 0; round < 30; ++round) {
    const Trust trust = RandomTrust(random, 30, 3, 2);
    const Outcome outcome = Ask(trust, 3, 2, 3);
    std::string found;
    EXPECT_FALSE(Attack(outcome.shown, trust.size(), 3, &found)) << "round " << round << ": pupils " << found;
  }
}

// So that the rule is of use: what a director needs of schools of the usual size is there.
TEST(Disclosure, SchoolsOfUsualSizeAreShown) {
  std::mt19937 random(11);
  Trust trust;
  for (int school = 1; school <= 6; ++school) {
    for (int i = 0; i < 210; ++i) {
      Pupil pupil;
      pupil.school = school;
      pupil.year = 4 + i % 6;
      pupil.groups =
          static_cast<std::uint8_t>((random() % 100 < 27 ? 1 : 0) | (random() % 100 < 17 ? 2 : 0) | (random() % 100 < 1 ? 5 : 0) |
                                    (random() % 100 < 15 ? 8 : 0) | (random() % 100 < 20 ? 16 : 0));
      pupil.prior = static_cast<std::uint8_t>(random() % kPriors);
      trust.push_back(pupil);
    }
  }
  const Disclosure disclosure(ClassesOf(trust), 6);
  for (int school = 1; school <= 6; ++school) {
    EXPECT_TRUE(disclosure.MayShow(school, kAnyYear, {}));
    for (int year = 4; year < 10; ++year) EXPECT_TRUE(disclosure.MayShow(school, year, {}));
    for (const std::uint8_t group : {0, 1, 3}) {
      EXPECT_TRUE(disclosure.MayShow(school, kAnyYear, {Attribute::Kind::kGroup, group})) << school << " " << int{group};
      EXPECT_TRUE(disclosure.MayShow(school, kAnyYear, {Attribute::Kind::kOthers, group}));
    }
  }
  // Too few in any school, enough in the trust.
  EXPECT_FALSE(disclosure.MayShow(1, kAnyYear, {Attribute::Kind::kGroup, 2}));
  EXPECT_TRUE(disclosure.MayShow(kAnySchool, kAnyYear, {Attribute::Kind::kGroup, 2}));
  for (const Attribute attribute : AllAttributes()) EXPECT_TRUE(disclosure.MayShow(kAnySchool, kAnyYear, attribute));
}

TEST(Disclosure, OneSmallYearTakesTheNextWithIt) {
  std::vector<PupilClass> classes;
  for (int year = 4; year < 10; ++year)
    classes.push_back({.school = 1, .year = static_cast<std::uint8_t>(year), .pupils = year == 6 ? 2 : 10 + year});
  const Disclosure disclosure(classes, 6);
  EXPECT_FALSE(disclosure.MayShow(1, 6, {}));
  EXPECT_FALSE(disclosure.MayShow(1, 4, {}));
  EXPECT_TRUE(disclosure.MayShow(1, 5, {}));
  EXPECT_TRUE(disclosure.MayShow(1, kAnyYear, {}));
}

TEST(Disclosure, OneSmallSchoolTakesTheNextWithIt) {
  std::vector<PupilClass> classes;
  for (int school = 1; school <= 3; ++school)
    classes.push_back({.school = static_cast<std::uint16_t>(school), .year = 8, .pupils = school == 1 ? 3 : 100 * school});
  const Disclosure disclosure(classes, 6);
  EXPECT_FALSE(disclosure.MayShow(1, kAnyYear, {}));
  EXPECT_FALSE(disclosure.MayShow(2, kAnyYear, {}));
  EXPECT_TRUE(disclosure.MayShow(3, kAnyYear, {}));
  EXPECT_TRUE(disclosure.MayShow(kAnySchool, kAnyYear, {}));
}

TEST(Disclosure, FiguresOfASchoolWhereAllAreInAGroupAreThoseOfTheSchool) {
  const std::vector<PupilClass> classes = {{.school = 1, .year = 8, .groups = 2, .pupils = 40}};
  const Disclosure disclosure(classes, 6);
  EXPECT_TRUE(disclosure.MayShow(1, kAnyYear, {Attribute::Kind::kGroup, 1}));
  EXPECT_TRUE(disclosure.MayShow(1, 8, {Attribute::Kind::kGroup, 1}));
}

TEST(Disclosure, TooFewInAllShowNothing) {
  const std::vector<PupilClass> classes = {{.school = 1, .year = 8, .pupils = 3}, {.school = 1, .year = 9, .pupils = 2}};
  const Disclosure disclosure(classes, 6);
  EXPECT_FALSE(disclosure.MayShow(1, kAnyYear, {}));
  EXPECT_FALSE(disclosure.MayShow(1, 8, {}));
  EXPECT_FALSE(disclosure.MayShow(kAnySchool, kAnyYear, {}));
  EXPECT_TRUE(disclosure.MayShow(2, kAnyYear, {}));
}

}  // namespace
}  // namespace fivestrand::assessment::domain
