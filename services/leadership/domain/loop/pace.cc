#include "services/leadership/domain/loop/pace.h"

#include <algorithm>
#include <map>
#include <utility>

#include "services/leadership/domain/loop/school_days.h"
#include "services/leadership/domain/loop/stamps.h"

namespace fivestrand::leadership::domain {
namespace {

// The first time at which at most `share` are still waiting.
std::optional<int> Quantile(const std::vector<Step>& sorted, double share) {
  double waiting = 1;
  for (std::size_t i = 0; i < sorted.size();) {
    const int at = sorted[i].school_days;
    const double at_risk = static_cast<double>(sorted.size() - i);
    double happened = 0;
    for (; i < sorted.size() && sorted[i].school_days == at; ++i) happened += sorted[i].happened ? 1 : 0;
    waiting *= 1 - happened / at_risk;
    // Products of fractions: what is half but for its last bits is half.
    if (happened > 0 && waiting <= share + 1e-9) return at;
  }
  return std::nullopt;
}

struct Group {
  std::vector<Step> signal_to_raised, raised_to_response, response_to_impact;

  void Add(const PaceFact& fact) {
    if (fact.signal_to_raised) signal_to_raised.push_back(*fact.signal_to_raised);
    if (fact.raised_to_response) raised_to_response.push_back(*fact.raised_to_response);
    if (fact.response_to_impact) response_to_impact.push_back(*fact.response_to_impact);
  }
};

v1::PaceRow RowOf(const std::string& by, const std::string& key, const Group& group) {
  v1::PaceRow row;
  row.set_by(by);
  row.set_key(key);
  *row.mutable_signal_to_raised() = PaceOf(group.signal_to_raised);
  *row.mutable_raised_to_response() = PaceOf(group.raised_to_response);
  *row.mutable_response_to_impact() = PaceOf(group.response_to_impact);
  return row;
}

// A day on or before `as_of`; nothing when it is absent or lies after.
std::optional<absl::CivilDay> By(std::optional<absl::CivilDay> day, absl::CivilDay as_of) {
  return day && *day <= as_of ? day : std::nullopt;
}

std::optional<absl::CivilDay> StampDay(bool present, const google::protobuf::Timestamp& stamp) {
  return present ? std::optional<absl::CivilDay>(DayOf(stamp)) : std::nullopt;
}

}  // namespace

v1::PaceTime PaceOf(absl::Span<const Step> steps) {
  v1::PaceTime time;
  std::vector<Step> sorted(steps.begin(), steps.end());
  std::sort(sorted.begin(), sorted.end(), [](const Step& a, const Step& b) { return a.school_days < b.school_days; });
  const auto happened = std::count_if(sorted.begin(), sorted.end(), [](const Step& step) { return step.happened; });
  time.set_happened(happened);
  time.set_open(static_cast<std::int64_t>(sorted.size()) - happened);
  if (sorted.size() < static_cast<std::size_t>(kFewestForPace)) return time;
  if (const std::optional<int> median = Quantile(sorted, 0.5)) time.set_median(*median);
  if (const std::optional<int> ninetieth = Quantile(sorted, 0.1)) time.set_ninetieth(*ninetieth);
  return time;
}

std::optional<PaceFact> FactOf(const v1::Concern& concern, const v1::ImprovementThread* thread, std::string strand,
                               const calendar::SchoolCalendar* calendar, absl::CivilDay as_of) {
  const std::optional<absl::CivilDay> raised = By(StampDay(concern.has_raise_time(), concern.raise_time()), as_of);
  if (!raised || concern.restricted()) return std::nullopt;
  PaceFact fact;
  fact.school = concern.school();
  fact.strand = std::move(strand);
  fact.element = concern.element();
  fact.rule = v1::Rule_Name(concern.rule());
  // What a person raises has no signal before it.
  if (const auto signal = DateOf(concern.has_signal_date(), concern.signal_date()); signal && concern.rule() != v1::PERSON)
    fact.signal_to_raised = Step{SchoolDays(calendar, *signal, *raised), true};

  const std::optional<absl::CivilDay> response =
      thread == nullptr ? std::nullopt : By(DateOf(thread->has_first_response_date(), thread->first_response_date()), as_of);
  // One that ended unanswered was waited for until then, and nobody knows how much longer it would have been.
  const std::optional<absl::CivilDay> ended = By(StampDay(concern.has_end_time(), concern.end_time()), as_of);
  fact.raised_to_response = response ? Step{SchoolDays(calendar, *raised, *response), true}
                                     : Step{SchoolDays(calendar, *raised, ended.value_or(as_of)), false};
  if (response) {
    const std::optional<absl::CivilDay> impact = By(DateOf(thread->has_impact_date(), thread->impact_date()), as_of);
    const std::optional<absl::CivilDay> closed = By(StampDay(thread->has_close_time(), thread->close_time()), as_of);
    fact.response_to_impact = impact ? Step{SchoolDays(calendar, *response, *impact), true}
                                     : Step{SchoolDays(calendar, *response, closed.value_or(as_of)), false};
  }
  return fact;
}

std::vector<v1::PaceRow> PaceRows(absl::Span<const PaceFact> facts) {
  Group all;
  std::map<std::string, Group> by[4];
  constexpr const char* kNames[] = {"school", "strand", "element", "rule"};
  for (const PaceFact& fact : facts) {
    all.Add(fact);
    const std::string* keys[] = {&fact.school, &fact.strand, &fact.element, &fact.rule};
    for (int i = 0; i < 4; ++i) {
      // The trust as a whole is no school, and an element that the model does not hold is in no strand.
      if (!keys[i]->empty()) by[i][*keys[i]].Add(fact);
    }
  }
  std::vector<v1::PaceRow> rows = {RowOf("", "", all)};
  for (int i = 0; i < 4; ++i) {
    for (const auto& [key, group] : by[i]) rows.push_back(RowOf(kNames[i], key, group));
  }
  return rows;
}

}  // namespace fivestrand::leadership::domain
