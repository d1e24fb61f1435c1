#include "services/suite/demo/demo_results.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"

#include "platform/names/names.h"
#include "platform/status/views.h"
#include "services/suite/demo/demo_calls.h"
#include "services/suite/demo/demo_dice.h"

namespace fivestrand::demo {
namespace {

using type::v1::YearGroup;

const DemoWindow kWindows[] = {
    {"2025-26-autumn-1", "Autumn 1", "2025-26", DemoWindow::kInYear, absl::CivilDay(2025, 10, 6), absl::CivilDay(2025, 10, 17), 0},
    {"2025-26-autumn-2", "Autumn 2", "2025-26", DemoWindow::kInYear, absl::CivilDay(2025, 12, 1), absl::CivilDay(2025, 12, 12), 1},
    {"2025-26-spring-1", "Spring 1", "2025-26", DemoWindow::kInYear, absl::CivilDay(2026, 2, 2), absl::CivilDay(2026, 2, 13), 2},
    {"2025-26-spring-2", "Spring 2", "2025-26", DemoWindow::kInYear, absl::CivilDay(2026, 3, 16), absl::CivilDay(2026, 3, 27), 3},
    {"2025-26-key-stage-2", "Key stage 2, 2026", "2025-26", DemoWindow::kKeyStage2, absl::CivilDay(2026, 5, 11),
     absl::CivilDay(2026, 5, 14), 0},
    {"2025-26-summer-1", "Summer 1", "2025-26", DemoWindow::kInYear, absl::CivilDay(2026, 5, 11), absl::CivilDay(2026, 5, 22), 4},
    {"2025-26-phonics", "Phonics, 2026", "2025-26", DemoWindow::kPhonics, absl::CivilDay(2026, 6, 8), absl::CivilDay(2026, 6, 19),
     0},
    {"2025-26-summer-2", "Summer 2", "2025-26", DemoWindow::kInYear, absl::CivilDay(2026, 6, 29), absl::CivilDay(2026, 7, 10), 5},
    {"2026-27-autumn-1", "Autumn 1", "2026-27", DemoWindow::kInYear, absl::CivilDay(2026, 10, 5), absl::CivilDay(2026, 10, 16), 6},
    {"2026-27-autumn-2", "Autumn 2", "2026-27", DemoWindow::kInYear, absl::CivilDay(2026, 11, 23), absl::CivilDay(2026, 12, 4), 7},
};

using type::v1::YEAR_GROUP_1;
using type::v1::YEAR_GROUP_11;
using type::v1::YEAR_GROUP_13;
using type::v1::YEAR_GROUP_6;
using type::v1::YEAR_GROUP_R;
constexpr DemoAssessed kAssessed[] = {
    {"english", "English", YEAR_GROUP_R, YEAR_GROUP_13},     {"maths", "Mathematics", YEAR_GROUP_R, YEAR_GROUP_13},
    {"science", "Science", YEAR_GROUP_R, YEAR_GROUP_13},     {"writing", "Writing", YEAR_GROUP_1, YEAR_GROUP_6},
    {"history", "History", YEAR_GROUP_1, YEAR_GROUP_11},     {"geography", "Geography", YEAR_GROUP_1, YEAR_GROUP_11},
    {"computing", "Computing", YEAR_GROUP_1, YEAR_GROUP_11}, {"art", "Art and design", YEAR_GROUP_1, YEAR_GROUP_11},
    {"music", "Music", YEAR_GROUP_1, YEAR_GROUP_11},         {"re", "Religious education", YEAR_GROUP_1, YEAR_GROUP_11},
};

// Shares at the expected standard of the disadvantaged and of the others.
struct Shares {
  double disadvantaged, others;
};

struct Story {
  const char* school;
  YearGroup year_group;
  const char* subject;
  int first_window;
  std::vector<Shares> shares;
};

const std::vector<Story>& Stories() {
  static const std::vector<Story>& stories = *new std::vector<Story>{
      // The gap widens twice, is answered after Easter, and closes.
      {"ashdown-junior",
       type::v1::YEAR_GROUP_5,
       "writing",
       0,
       {{0.667, 0.75}, {0.667, 0.75}, {0.533, 0.75}, {0.4, 0.773}, {0.533, 0.773}, {0.667, 0.773}}},
      // Falls by Christmas, is answered in January, and stays.
      {"northgate",
       type::v1::YEAR_GROUP_8,
       "maths",
       0,
       {{0.6, 0.7}, {0.48, 0.59}, {0.48, 0.59}, {0.5, 0.6}, {0.5, 0.61}, {0.52, 0.63}}},
      // Found in October, and nobody has answered.
      {"st-brannocs", type::v1::YEAR_GROUP_6, "maths", 6, {{0.5, 0.545}, {0.5, 0.57}}},
      // New this autumn.
      {"hazelmere", type::v1::YEAR_GROUP_2, "english", 6, {{0.5, 0.57}, {0.5, 0.59}}},
  };
  return stories;
}

double SchoolEffect(std::string_view school) {
  if (school == "hazelmere") return 0.05;
  if (school == "st-brannocs") return 0.01;
  if (school == "ashdown-infant") return 0.03;
  if (school == "northgate") return -0.01;
  if (school == "kingsbridge") return -0.015;
  return 0;
}

double SubjectEffect(std::string_view subject) {
  if (subject == "writing") return -0.015;
  if (subject == "maths") return 0.005;
  if (subject == "art" || subject == "music") return 0.05;
  if (subject == "computing") return 0.03;
  return 0.01;
}

double GapOf(std::string_view school) {
  if (school == "kingsbridge") return -0.16;
  if (school == "northgate") return -0.14;
  if (school == "hazelmere") return -0.08;
  return -0.11;
}
constexpr double kSenGap = -0.14;

// A year group of a school.
struct Cohort {
  std::string school;
  YearGroup year_group{};
  std::vector<const DemoPupil*> pupils;
};

std::vector<Cohort> CohortsOn(const DemoPlan& plan, const std::vector<DemoPupil>& pupils, absl::CivilDay day) {
  std::map<std::pair<std::size_t, int>, Cohort> cohorts;
  for (const DemoPupil& pupil : pupils) {
    const DemoPlace* place = pupil.On(day);
    if (place == nullptr) continue;
    Cohort& cohort = cohorts[{place->school, place->year_group}];
    cohort.school = Id(plan.schools[place->school].school.name());
    cohort.year_group = place->year_group;
    cohort.pupils.push_back(&pupil);
  }
  std::vector<Cohort> all;
  for (auto& [key, cohort] : cohorts) all.push_back(std::move(cohort));
  return all;
}

// How well each pupil of a cohort does in a subject and window.
class Cell {
 public:
  Cell(const Cohort& cohort, std::string_view subject, const DemoWindow& window, std::uint64_t seed)
      : cohort_(cohort), subject_(subject), window_(window), seed_(seed) {
    for (const DemoPupil* pupil : cohort.pupils) {
      // A subject suits some better than others, and not every window is a good one.
      const double suits = Fixed(seed, pupil->upn, subject) + Fixed(seed, subject, pupil->upn) - 1;
      const double luck = Fixed(seed, pupil->upn, subject, window.id) - 0.5;
      scores_[pupil] = pupil->ability + 0.8 * suits + 0.3 * luck;
    }
  }

  // Those at the expected standard, best first.
  std::vector<const DemoPupil*> AtStandard() const {
    std::vector<const DemoPupil*> reached;
    double wanted = 0;
    long taken = 0;
    // So many of each stratum that every group comes out at its share as nearly as whole pupils allow.
    for (auto& [share, pupils] : Strata()) {
      std::vector<const DemoPupil*> ranked = pupils;
      std::sort(ranked.begin(), ranked.end(), [this](auto* a, auto* b) { return Score(a) > Score(b); });
      wanted += std::clamp(share, 0.02, 0.98) * static_cast<double>(ranked.size());
      const long take = std::clamp(std::lround(wanted) - taken, 0l, static_cast<long>(ranked.size()));
      taken += take;
      reached.insert(reached.end(), ranked.begin(), ranked.begin() + take);
    }
    std::sort(reached.begin(), reached.end(), [this](auto* a, auto* b) { return Score(a) > Score(b); });
    return reached;
  }

  double Score(const DemoPupil* pupil) const { return scores_.at(pupil); }

 private:
  using Stratum = std::pair<double, std::vector<const DemoPupil*>>;

  std::optional<Shares> Told() const {
    if (window_.kind != DemoWindow::kInYear) return std::nullopt;
    for (const Story& story : Stories()) {
      const int at = window_.number - story.first_window;
      if (story.school == cohort_.school && story.year_group == cohort_.year_group && story.subject == subject_ && at >= 0 &&
          at < static_cast<int>(story.shares.size()))
        return story.shares[static_cast<std::size_t>(at)];
    }
    return std::nullopt;
  }

  std::vector<Stratum> Strata() const {
    std::vector<Stratum> strata(4);
    if (const std::optional<Shares> told = Told()) {
      strata[0].first = told->disadvantaged;
      strata[1].first = told->others;
      for (const DemoPupil* pupil : cohort_.pupils) strata[pupil->disadvantaged ? 0 : 1].second.push_back(pupil);
      return strata;
    }
    for (const DemoPupil* pupil : cohort_.pupils) {
      const int at = (pupil->sen != 'N' ? 0 : 2) + (pupil->disadvantaged ? 0 : 1);
      strata[static_cast<std::size_t>(at)].second.push_back(pupil);
    }
    const double count = static_cast<double>(cohort_.pupils.size());
    const double sen = static_cast<double>(strata[0].second.size() + strata[1].second.size()) / count;
    const double disadvantaged = static_cast<double>(strata[0].second.size() + strata[2].second.size()) / count;
    const double gap = GapOf(cohort_.school), all = Share();
    for (int at = 0; at < 4; ++at) {
      const double group = at % 2 == 0 ? gap * (1 - disadvantaged) : -gap * disadvantaged;
      const double need = at < 2 ? kSenGap * (1 - sen) : -kSenGap * sen;
      strata[static_cast<std::size_t>(at)].first = all + group + need;
    }
    return strata;
  }

  double Share() const {
    double share = 0.755 + SchoolEffect(cohort_.school) + SubjectEffect(subject_);
    share += 0.02 * (Fixed(seed_, cohort_.school, subject_, YearTitle(cohort_.year_group)) - 0.5);
    // Grows over a year; the second begins a little higher than the first did.
    if (window_.kind == DemoWindow::kInYear) share += 0.008 * (window_.number % 6) + (window_.number >= 6 ? 0.01 : 0) - 0.015;
    if (window_.kind == DemoWindow::kPhonics) share += 0.03;
    return share;
  }

  const Cohort& cohort_;
  const std::string subject_;
  const DemoWindow& window_;
  const std::uint64_t seed_;
  std::map<const DemoPupil*, double> scores_;
};

using Outcomes = std::map<const DemoPupil*, std::string>;

Outcomes AgeRelated(const Cohort& cohort, const Cell& cell) {
  Outcomes outcomes;
  const std::vector<const DemoPupil*> reached = cell.AtStandard();
  const std::size_t deeper = cohort.pupils.size() * 22 / 100;
  for (std::size_t i = 0; i < reached.size(); ++i) outcomes[reached[i]] = i < deeper ? "GDS" : "EXS";
  for (const DemoPupil* pupil : cohort.pupils) {
    if (outcomes.contains(pupil)) continue;
    outcomes[pupil] = cell.Score(pupil) < -1.6 ? "BLW" : "WTS";
  }
  return outcomes;
}

// Marks of a test between these, of which `standard` is the threshold; the best get the most.
Outcomes Marks(const Cohort& cohort, const Cell& cell, int minimum, int standard, int maximum) {
  Outcomes outcomes;
  std::vector<const DemoPupil*> reached = cell.AtStandard(), others;
  for (const DemoPupil* pupil : cohort.pupils) {
    if (std::find(reached.begin(), reached.end(), pupil) == reached.end()) others.push_back(pupil);
  }
  std::sort(others.begin(), others.end(), [&](auto* a, auto* b) { return cell.Score(a) > cell.Score(b); });
  const auto spread = [&](const std::vector<const DemoPupil*>& ranked, int high, int low) {
    for (std::size_t i = 0; i < ranked.size(); ++i) {
      const double place = (static_cast<double>(i) + 0.5) / static_cast<double>(ranked.size());
      outcomes[ranked[i]] = absl::StrCat(std::lround(high - place * (high - low)));
    }
  };
  spread(reached, maximum, standard);
  spread(others, standard - 1, minimum);
  return outcomes;
}

// A few results come after the window has closed, most of them at one school.
bool ComesLate(const DemoPupil& pupil, std::string_view school, const DemoWindow& window, std::uint64_t seed) {
  const double share = school == "kingsbridge" && window.number % 3 == 0 ? 0.07 : 0.006;
  return window.kind == DemoWindow::kInYear && Fixed(seed, pupil.upn, window.id, "late") < share;
}

// Whether a pupil's results are there on a day within the window: schools enter them as they come.
bool IsThere(const DemoPupil& pupil, const DemoWindow& window, std::uint64_t seed, absl::CivilDay today) {
  if (today > window.end) return true;
  const double done = static_cast<double>(today - window.start) / static_cast<double>(window.end - window.start + 1);
  return Fixed(seed, pupil.upn, window.id, "entry") < 0.12 + 0.85 * done;
}

void AddColumn(const DemoWindow& window, const Cohort& cohort, std::string_view subject, std::uint64_t seed,
               std::map<const DemoPupil*, std::vector<std::string>>* rows, std::size_t column) {
  const Cell cell(cohort, subject, window, seed);
  Outcomes outcomes;
  if (window.kind == DemoWindow::kPhonics) {
    outcomes = Marks(cohort, cell, 8, 32, 40);
  } else if (window.kind == DemoWindow::kKeyStage2 && subject != "writing") {
    outcomes = Marks(cohort, cell, 86, 100, 117);
  } else {
    outcomes = AgeRelated(cohort, cell);
  }
  for (auto& [pupil, outcome] : outcomes) {
    // Key stage 2 has no outcome below this for those who are not on its tests' standard.
    if (window.kind == DemoWindow::kKeyStage2 && outcome == "BLW") outcome = "WTS";
    (*rows)[pupil][column] = std::move(outcome);
  }
}

std::vector<DemoAssessed> SubjectsOf(const DemoWindow& window) {
  if (window.kind == DemoWindow::kPhonics) return {{"english", "English", YEAR_GROUP_1, YEAR_GROUP_1}};
  if (window.kind == DemoWindow::kInYear) return {std::begin(kAssessed), std::end(kAssessed)};
  std::vector<DemoAssessed> subjects;
  for (const char* subject : {"english", "maths", "writing"}) {
    for (const DemoAssessed& each : kAssessed) {
      if (std::string_view(each.subject) == subject) subjects.push_back({each.subject, each.header, YEAR_GROUP_6, YEAR_GROUP_6});
    }
  }
  return subjects;
}

}  // namespace

absl::Span<const DemoWindow> DemoWindows() {
  return kWindows;
}

absl::Span<const DemoAssessed> InYearSubjects() {
  return kAssessed;
}

std::string ResultFile(const DemoPlan& plan, const std::vector<DemoPupil>& pupils, const DemoWindow& window, std::uint64_t seed,
                       absl::CivilDay today, bool late) {
  const std::vector<DemoAssessed> subjects = SubjectsOf(window);
  std::string file = "UPN";
  for (const DemoAssessed& subject : subjects) absl::StrAppend(&file, ",", subject.header);
  file += "\n";
  for (const Cohort& cohort : CohortsOn(plan, pupils, window.end)) {
    std::map<const DemoPupil*, std::vector<std::string>> rows;
    for (const DemoPupil* pupil : cohort.pupils) rows[pupil].resize(subjects.size());
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      if (cohort.year_group < subjects[i].first || cohort.year_group > subjects[i].last) continue;
      AddColumn(window, cohort, subjects[i].subject, seed, &rows, i);
    }
    for (const DemoPupil* pupil : cohort.pupils) {
      const std::vector<std::string>& row = rows[pupil];
      if (std::all_of(row.begin(), row.end(), [](const std::string& outcome) { return outcome.empty(); })) continue;
      if (!IsThere(*pupil, window, seed, today) || ComesLate(*pupil, cohort.school, window, seed) != late) continue;
      file += pupil->upn;
      for (const std::string& outcome : row) absl::StrAppend(&file, ",", outcome);
      file += "\n";
    }
  }
  return file;
}

}  // namespace fivestrand::demo
