#include "services/welfare/domain/pulse_tally.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fivestrand::welfare::domain {
namespace {

// What a figure is about: a set, or one question.
struct Target {
  v1::QuestionSet set;
  std::string question;
  std::vector<size_t> places;  // of its questions
};

std::vector<Target> TargetsOf(const v1::PulseSurvey& survey) {
  std::vector<Target> targets;
  for (v1::QuestionSet set : {v1::CULTURE, v1::BELONGING, v1::WORKLOAD}) {
    Target target{set, "", {}};
    for (int q = 0; q < survey.questions_size(); ++q) {
      if (survey.questions(q).set() == set) target.places.push_back(static_cast<size_t>(q));
    }
    if (!target.places.empty()) targets.push_back(std::move(target));
  }
  for (int q = 0; q < survey.questions_size(); ++q) {
    targets.push_back({survey.questions(q).set(), survey.questions(q).id(), {static_cast<size_t>(q)}});
  }
  return targets;
}

// One person's points, 0 to 100, over the questions that they rated; nothing when they rated none.
std::optional<double> PointsOf(const v1::PulseSurvey& survey, const Target& target, const Ballot& ballot) {
  double sum = 0;
  int rated = 0;
  for (size_t place : target.places) {
    const int rating = place < ballot.ratings.size() ? ballot.ratings[place] : 0;
    if (rating == 0) continue;
    sum += survey.questions(static_cast<int>(place)).reversed() ? 5 - rating : rating - 1;
    ++rated;
  }
  if (rated == 0) return std::nullopt;
  return sum / rated * 25;
}

struct Sums {
  int n = 0;
  double sum = 0;
  double squares = 0;

  void Add(double points) {
    ++n;
    sum += points;
    squares += points * points;
  }
  Figure ToFigure(const Target& target) const {
    const double mean = sum / n;
    const double variance = std::max(0.0, squares / n - mean * mean);
    return {target.set, target.question, n, std::round(mean), std::round(std::sqrt(variance))};
  }
};

// What can be worked out of what is shown: the rest of the total.
struct Rest {
  int people = 0;
  int groups = 0;
};

}  // namespace

std::vector<bool> Shown(absl::Span<const int> counts, int least) {
  std::vector<bool> shown(counts.size(), false);
  const int total = std::accumulate(counts.begin(), counts.end(), 0);
  if (total < least) return shown;
  for (size_t i = 0; i < counts.size(); ++i) shown[i] = counts[i] >= least;
  while (true) {
    Rest rest;
    for (size_t i = 0; i < counts.size(); ++i) {
      if (shown[i] || counts[i] == 0) continue;
      rest.people += counts[i];
      ++rest.groups;
    }
    if (rest.groups == 0 || rest.people >= least) return shown;
    // The smallest of the shown ones covers the rest up.
    size_t smallest = counts.size();
    for (size_t i = 0; i < counts.size(); ++i) {
      if (shown[i] && (smallest == counts.size() || counts[i] < counts[smallest])) smallest = i;
    }
    if (smallest == counts.size()) return shown;
    shown[smallest] = false;
  }
}

std::vector<ScopeFigures> Tally(const v1::PulseSurvey& survey, const std::map<std::string, int>& invited,
                                absl::Span<const Ballot> ballots) {
  const int least = survey.min_group_size();
  // Staff of the trust itself are a group like a school, but one that is never shown: it has no name of its own.
  std::map<std::string, size_t> places;
  for (const auto& [school, count] : invited) places.try_emplace(school, 0);
  for (const Ballot& ballot : ballots) places.try_emplace(ballot.school, 0);
  std::vector<ScopeFigures> scopes(1);
  for (auto& [school, place] : places) {
    place = scopes.size() - 1;
    scopes.push_back({school, std::nullopt, std::nullopt, {}});
  }
  std::vector<int> asked(places.size(), 0), answered(places.size(), 0);
  for (const auto& [school, count] : invited) asked[places[school]] = count;
  for (const Ballot& ballot : ballots) ++answered[places[ballot.school]];
  // A person can have moved after answering.
  for (size_t i = 0; i < asked.size(); ++i) asked[i] = std::max(asked[i], answered[i]);

  const std::vector<bool> turnout = Shown(asked, least);
  const int all_asked = std::accumulate(asked.begin(), asked.end(), 0);
  if (all_asked >= least) {
    scopes[0].invited = all_asked;
    scopes[0].answered = static_cast<int>(ballots.size());
  }
  for (size_t i = 0; i < turnout.size(); ++i) {
    if (!turnout[i]) continue;
    scopes[i + 1].invited = asked[i];
    scopes[i + 1].answered = answered[i];
  }

  for (const Target& target : TargetsOf(survey)) {
    std::vector<Sums> sums(places.size());
    Sums all;
    for (const Ballot& ballot : ballots) {
      const std::optional<double> points = PointsOf(survey, target, ballot);
      if (!points) continue;
      sums[places[ballot.school]].Add(*points);
      all.Add(*points);
    }
    if (all.n < least) continue;
    std::vector<int> counts;
    for (const Sums& one : sums) counts.push_back(one.n);
    const std::vector<bool> shown = Shown(counts, least);
    scopes[0].figures.push_back(all.ToFigure(target));
    for (size_t i = 0; i < shown.size(); ++i) {
      if (shown[i]) scopes[i + 1].figures.push_back(sums[i].ToFigure(target));
    }
  }
  if (const auto own = places.find(""); own != places.end()) scopes.erase(scopes.begin() + static_cast<long>(own->second) + 1);
  return scopes;
}

}  // namespace fivestrand::welfare::domain
