// The pupils of the demonstration and what they reach, before anything is loaded.
#include "services/suite/demo/demo_pupils.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/suite/demo/demo_results.h"

namespace fivestrand::demo {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::Le;

class DemoPupilsTest : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kSeed = 5;

  std::string SchoolOf(const DemoPlace& place) const { return Id(plan_.schools[place.school].school.name()); }
  static std::string Id(const std::string& name) { return name.substr(name.rfind('/') + 1); }
  static const DemoWindow& Window(std::string_view id) {
    return *std::find_if(DemoWindows().begin(), DemoWindows().end(), [&](const DemoWindow& window) { return id == window.id; });
  }

  // The results of a file by pupil, in the order of its columns.
  std::map<std::string, std::vector<std::string>> Read(const DemoWindow& window, bool late = false) const {
    std::map<std::string, std::vector<std::string>> rows;
    const std::string file = ResultFile(plan_, pupils_, window, kSeed, absl::CivilDay(2026, 11, 24), late);
    for (absl::string_view line : absl::StrSplit(file, '\n', absl::SkipEmpty())) {
      std::vector<std::string> cells = absl::StrSplit(line, ',');
      const std::string upn = cells[0];
      cells.erase(cells.begin());
      rows[upn] = std::move(cells);
    }
    return rows;
  }

  // Share of the disadvantaged at the expected standard less that of the others, in points.
  double Gap(const char* window_id, std::string_view school, type::v1::YearGroup year, std::size_t column) const {
    const DemoWindow& window = Window(window_id);
    auto rows = Read(window);
    rows.merge(Read(window, true));
    double reached[2] = {}, all[2] = {};
    for (const DemoPupil& pupil : pupils_) {
      const DemoPlace* place = pupil.On(window.end);
      if (place == nullptr || SchoolOf(*place) != school || place->year_group != year) continue;
      const std::string& outcome = rows.at(pupil.upn)[column];
      all[pupil.disadvantaged] += 1;
      reached[pupil.disadvantaged] += outcome == "EXS" || outcome == "GDS";
    }
    return 100 * (reached[1] / all[1] - reached[0] / all[0]);
  }

  const DemoPlan plan_ = MakePlan(kSeed);
  const std::vector<DemoPupil> pupils_ = MakePupils(plan_, kSeed);
};

TEST_F(DemoPupilsTest, PupilsAreInOnePlaceAtATime) {
  EXPECT_THAT(pupils_.size(), AllOf(Ge(3500u), Le(4200u)));
  std::set<std::string> upns;
  int moved = 0;
  for (const DemoPupil& pupil : pupils_) {
    EXPECT_TRUE(upns.insert(pupil.upn).second) << pupil.upn;
    ASSERT_FALSE(pupil.places.empty());
    for (std::size_t i = 0; i < pupil.places.size(); ++i) {
      const DemoPlace& place = pupil.places[i];
      EXPECT_LE(place.start, place.end);
      EXPECT_FALSE(place.classes.empty());
      if (i == 0) continue;
      EXPECT_LT(pupil.places[i - 1].end, place.start);
      moved += place.start.month() != 9;
    }
  }
  // Some change schools in the middle of a window.
  EXPECT_GE(moved, 10);
  const auto again = MakePupils(plan_, kSeed);
  ASSERT_EQ(again.size(), pupils_.size());
  EXPECT_EQ(PupilFiles(plan_, again), PupilFiles(plan_, pupils_));
  EXPECT_EQ(GroupFile(again), GroupFile(pupils_));
}

TEST_F(DemoPupilsTest, ALargeTrustIsTheSmallOneAndMoreLikeIt) {
  const DemoPlan large = MakePlan(kSeed, kMaxSchools);
  ASSERT_EQ(large.schools.size(), static_cast<std::size_t>(kMaxSchools));
  std::set<std::string> names, urns, people;
  for (const DemoSchool& school : large.schools) {
    EXPECT_TRUE(names.insert(school.school.name()).second) << school.school.name();
    EXPECT_TRUE(urns.insert(school.school.urn()).second) << school.school.urn();
    EXPECT_EQ(school.school.urn().size(), 6u);
    EXPECT_FALSE(school.executive.empty());
  }
  for (const DemoPerson& person : large.people) {
    EXPECT_TRUE(people.insert(person.person.name()).second) << person.person.name();
    for (const std::string& school : person.posts.front().responsible_schools()) EXPECT_TRUE(names.contains(school)) << school;
  }
  ASSERT_GT(large.people.size(), plan_.people.size());
  for (std::size_t i = 0; i < plan_.people.size(); ++i)
    EXPECT_EQ(large.people[i].person.SerializeAsString(), plan_.people[i].person.SerializeAsString());

  std::set<std::string> upns;
  for (const DemoPupil& pupil : MakePupils(large, kSeed)) {
    EXPECT_EQ(pupil.upn.size(), 13u);
    EXPECT_TRUE(upns.insert(pupil.upn).second) << pupil.upn;
  }
  EXPECT_GT(upns.size(), 30'000u);
}

TEST_F(DemoPupilsTest, GroupsAreAsLargeAsInSchools) {
  std::map<std::string, double> counts;
  double all = 0;
  for (const DemoPupil& pupil : pupils_) {
    const DemoPlace* place = pupil.On(absl::CivilDay(2026, 11, 24));
    if (place == nullptr) continue;
    all += 1;
    counts["disadvantaged"] += pupil.disadvantaged;
    counts["sen"] += pupil.sen != 'N';
    counts["most able"] += pupil.most_able;
    counts["looked after"] += pupil.looked_after;
  }
  EXPECT_THAT(all, AllOf(Ge(3200), Le(3500)));
  EXPECT_THAT(counts["disadvantaged"] / all, AllOf(Ge(0.2), Le(0.3)));
  EXPECT_THAT(counts["sen"] / all, AllOf(Ge(0.12), Le(0.22)));
  EXPECT_THAT(counts["most able"] / all, AllOf(Ge(0.07), Le(0.13)));
  EXPECT_THAT(counts["looked after"], AllOf(Ge(5), Le(80)));
}

TEST_F(DemoPupilsTest, AYearHasAsManyResultsAsATrustOfThisSize) {
  std::map<std::string, int> results;
  for (const DemoWindow& window : DemoWindows()) {
    for (const bool late : {false, true}) {
      for (const auto& [upn, cells] : Read(window, late)) {
        if (upn == "UPN") continue;
        results[window.academic_year] +=
            static_cast<int>(std::count_if(cells.begin(), cells.end(), [](const std::string& cell) { return !cell.empty(); }));
      }
    }
  }
  EXPECT_THAT(results["2025-26"], AllOf(Ge(150'000), Le(200'000)));
  // A window that is over, and one that began yesterday.
  EXPECT_THAT(results["2026-27"], AllOf(Ge(28'000), Le(50'000)));
}

TEST_F(DemoPupilsTest, TheGapOfTheStoryWidensTwiceAndCloses) {
  constexpr std::size_t kWriting = 3;
  std::vector<double> gaps;
  for (const char* window : {"2025-26-autumn-2", "2025-26-spring-1", "2025-26-spring-2", "2025-26-summer-1", "2025-26-summer-2"})
    gaps.push_back(std::abs(Gap(window, "ashdown-junior", type::v1::YEAR_GROUP_5, kWriting)));
  // By more than the trust's twelve points each time.
  EXPECT_GT(gaps[1] - gaps[0], 12);
  EXPECT_GT(gaps[2] - gaps[1], 12);
  EXPECT_LT(gaps[4], (gaps[1] + gaps[2]) / 2 - 12);
}

}  // namespace
}  // namespace fivestrand::demo
