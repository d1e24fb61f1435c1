#include "services/assessment/store/outcome_evidence.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "fivestrand/assessment/v1/framework.pb.h"
#include "fivestrand/leadership/v1/organisation.pb.h"

#include "platform/calendar/day.h"
#include "platform/evidence/reading.h"
#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/assessment/domain/combined_window.h"
#include "services/assessment/domain/outcome_measures.h"
#include "services/assessment/store/entry_counts.h"
#include "services/assessment/store/outcome_readings.h"

namespace fivestrand::assessment::store {
namespace {

using domain::Axis;
using domain::Frame;
using domain::FrameNames;
using domain::FrameQuery;
using domain::NumberSet;
using domain::OutcomeMeasure;
using domain::Tally;
using evidence::EvidenceQuestion;
using evidence::MeasureDefinition;
using evidence::ReadingSeries;
using fivestrand::store::Row;
using fivestrand::store::Session;

// Disadvantaged, SEND, looked after.
constexpr int kGapGroups[] = {0, 1, 2};
constexpr int kMostAbleBit = 3;

OutcomeMeasure IdOf(const MeasureDefinition& measure) {
  return static_cast<OutcomeMeasure>(&measure - domain::OutcomeMeasures().data());
}

absl::CivilDay DayOf(const google::type::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

// The windows that a question is about, oldest first.
absl::Status ReadWindows(Session& session, std::string_view trust, const EvidenceQuestion& question,
                         std::vector<v1::AssessmentWindow>* windows) {
  FIVESTRAND_RETURN_IF_ERROR(
      session.Query("SELECT record FROM assessment_window WHERE trust = $1 AND delete_time IS NULL ORDER BY end_date, start_date, "
                    "path LIMIT 4000",
                    {trust}, [&](const Row& row) {
                      v1::AssessmentWindow window;
                      const std::string_view bytes = row.Blob(0);
                      if (!window.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
                        return status::DataLoss("stored bytes of a window do not parse");
                      windows->push_back(std::move(window));
                      return absl::OkStatus();
                    }));
  if (question.kind != evidence::v1::PERIOD_KIND_UNSPECIFIED && question.kind != evidence::v1::ASSESSMENT_WINDOW) windows->clear();
  std::erase_if(*windows, [&](const v1::AssessmentWindow& window) {
    const absl::CivilDay start = DayOf(window.start_date()), end = DayOf(window.end_date());
    if (start > question.as_of) return true;
    return question.span.has_value() && (end < question.span->start || start > question.span->end);
  });
  const std::size_t most =
      question.span.has_value() ? evidence::kMaxReadings : static_cast<std::size_t>(std::max(question.newest, 0));
  if (windows->size() > most) windows->erase(windows->begin(), windows->end() - static_cast<std::ptrdiff_t>(most));
  return absl::OkStatus();
}

double Share(const domain::CellSum& sum) {
  return static_cast<double>(sum.reached) / static_cast<double>(sum.count);
}

// Computes all measures of one window.
class WindowReader {
 public:
  WindowReader(const OutcomeEvidence& evidence, const EvidenceQuestion& question, const TrustFrame& frame, OutcomeAsker& asker,
               OutcomeReadings& readings)
      : evidence_(evidence), question_(question), frame_(frame), names_(*frame.names), asker_(asker), readings_(readings) {
    bool any = false;
    for (std::size_t number = 0; number < names_.subjects.size(); ++number) {
      if (!names_.subjects[number].core) continue;
      core_.Add(static_cast<std::uint32_t>(number));
      any = true;
    }
    // A trust that names no core subjects means all.
    if (!any) core_ = {};
  }

  void Read(const v1::AssessmentWindow& window) {
    const auto number = names_.window_numbers.find(window.name());
    if (number == names_.window_numbers.end()) return;
    window_ = frame_.frame.Find(static_cast<std::uint16_t>(number->second));
    if (window_ == nullptr) return;
    for (const MeasureDefinition* measure : question_.measures) {
      switch (IdOf(*measure)) {
        case OutcomeMeasure::kCombined:
          ReadCombined(*measure);
          break;
        case OutcomeMeasure::kAtExpected:
          ReadAtExpected(*measure);
          break;
        case OutcomeMeasure::kProgress:
          ReadProgress(*measure);
          break;
        case OutcomeMeasure::kGap:
          ReadGaps(*measure);
          break;
        case OutcomeMeasure::kMostAble:
          ReadMostAble(*measure);
          break;
        case OutcomeMeasure::kOnTime:
          break;
      }
    }
  }

 private:
  bool All() const { return question_.cuts == evidence::Cuts::kAll; }

  FrameQuery Query(Tally tally, const NumberSet& subjects, const std::vector<Axis>& axes = {}) const {
    return asker_.Query(window_->number, tally, subjects, axes);
  }

  void ReadCombined(const MeasureDefinition& measure) {
    Frame combined;
    combined = combined.WithWindow(evidence_.Combined(*window_, core_));
    for (const auto& [key, cell] : asker_.Ask(combined, Query(Tally::kExpected, {})))
      readings_.AddShare(measure, readings_.ScopeOf(key), {}, cell.sums.all, cell.shown);
  }

  void ReadAtExpected(const MeasureDefinition& measure) {
    for (const auto& [key, cell] : asker_.Ask(frame_.frame, Query(Tally::kExpected, core_)))
      readings_.AddShare(measure, readings_.ScopeOf(key), {}, cell.sums.all, cell.shown);
    if (!All()) return;
    for (const auto& [key, cell] : asker_.Ask(frame_.frame, Query(Tally::kExpected, {}, {Axis::kSubject})))
      readings_.AddShare(measure, readings_.ScopeOf(key), {.subject = key[asker_.First()]}, cell.sums.all, cell.shown);
    for (const auto& [key, cell] : asker_.Ask(frame_.frame, Query(Tally::kExpected, core_, {Axis::kSubject, Axis::kYear}))) {
      readings_.AddShare(measure, readings_.ScopeOf(key), {.subject = key[asker_.First()], .year = key[asker_.First() + 1]},
                         cell.sums.all, cell.shown);
    }
  }

  // The newest baseline of the same academic year that came before.
  const domain::FrameWindow* Baseline() const {
    const domain::WindowName& now = names_.windows[window_->number];
    const domain::FrameWindow* found = nullptr;
    for (std::size_t number = 0; number < names_.windows.size(); ++number) {
      const domain::WindowName& one = names_.windows[number];
      if (one.name.empty() || !one.baseline || one.academic_year != now.academic_year || one.end >= now.start) continue;
      if (found == nullptr || one.end > names_.windows[found->number].end)
        found = frame_.frame.Find(static_cast<std::uint16_t>(number));
    }
    return found;
  }

  void ReadProgress(const MeasureDefinition& measure) {
    const domain::FrameWindow* baseline = Baseline();
    if (baseline == nullptr) return;
    AddProgress(measure, *baseline, core_, {});
    if (All()) AddProgress(measure, *baseline, {}, {Axis::kSubject});
  }

  void AddProgress(const MeasureDefinition& measure, const domain::FrameWindow& baseline, const NumberSet& subjects,
                   const std::vector<Axis>& axes) {
    const OutcomeSums then = asker_.Ask(frame_.frame, asker_.Query(baseline.number, Tally::kExpected, subjects, axes));
    for (const auto& [key, now] : asker_.Ask(frame_.frame, Query(Tally::kExpected, subjects, axes))) {
      const auto before = then.find(key);
      if (before == then.end()) continue;
      const bool shown = now.shown && before->second.shown;
      readings_.AddPoints(measure, readings_.ScopeOf(key), {.subject = axes.empty() ? 0 : key[asker_.First()]},
                          Share(now.sums.all) - Share(before->second.sums.all), now.sums.all.count, shown);
    }
  }

  void ReadGaps(const MeasureDefinition& measure) {
    for (const int group : kGapGroups) {
      AddGaps(measure, group, core_, {});
      if (!All()) continue;
      AddGaps(measure, group, {}, {Axis::kSubject});
      AddGaps(measure, group, core_, {Axis::kSubject, Axis::kYear});
    }
  }

  void AddGaps(const MeasureDefinition& measure, int group, const NumberSet& subjects, const std::vector<Axis>& axes) {
    FrameQuery query = Query(Tally::kExpected, subjects, axes);
    query.gap_group = group;
    for (const auto& [key, cell] : asker_.Ask(frame_.frame, query)) {
      OutcomeCut cut{.group = group + 1};
      if (!axes.empty()) cut.subject = key[asker_.First()];
      if (axes.size() > 1) cut.year = key[asker_.First() + 1];
      const domain::CellSum &in = cell.sums.gap_group, &out = cell.sums.gap_others;
      const bool shown = cell.gap_group_shown && cell.gap_others_shown && in.count != 0 && out.count != 0;
      readings_.AddPoints(measure, readings_.ScopeOf(key), cut, shown ? Share(in) - Share(out) : 0, in.count, shown);
    }
  }

  void ReadMostAble(const MeasureDefinition& measure) {
    FrameQuery query = Query(Tally::kHigher, core_);
    query.filter.with_groups = 1 << kMostAbleBit;
    for (const auto& [key, cell] : asker_.Ask(frame_.frame, query))
      readings_.AddShare(measure, readings_.ScopeOf(key), {.group = kMostAbleBit + 1}, cell.sums.all, cell.shown);
  }

  const OutcomeEvidence& evidence_;
  const EvidenceQuestion& question_;
  const TrustFrame& frame_;
  const FrameNames& names_;
  OutcomeAsker& asker_;
  OutcomeReadings& readings_;
  NumberSet core_;
  const domain::FrameWindow* window_ = nullptr;
};

absl::Status ReadSchools(Session& session, std::string_view trust, std::vector<std::string>* schools) {
  // Status 1 is PROPOSED.
  return session.Query("SELECT path FROM school WHERE trust = $1 AND delete_time IS NULL AND status <> 1 ORDER BY path LIMIT 2000",
                       {trust}, [&](const Row& row) {
                         schools->push_back(absl::StrCat("trusts/", AbslView(trust), "/", AbslView(row.Text(0))));
                         return absl::OkStatus();
                       });
}

absl::Status CheckSchool(Session& session, std::string_view trust, const std::string& school) {
  const std::string path = school.substr(names::TrustNameOf(school).size() + 1);
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found,
                              session.QueryOne("SELECT 1 FROM school WHERE trust = $1 AND path = $2 AND delete_time IS NULL",
                                               {trust, path}, [](const Row&) { return absl::OkStatus(); }));
  return found ? absl::OkStatus() : status::NotFound("fivestrand/School", school);
}

}  // namespace

absl::Span<const MeasureDefinition> OutcomeEvidence::measures() const {
  return domain::OutcomeMeasures();
}

std::string_view OutcomeEvidence::SmallNumbersPermission() const {
  // Whoever knows which groups a pupil is in: gaps are among the figures.
  return "assessment.groupMemberships.get";
}

absl::Status OutcomeEvidence::ListScopes(Session& session, std::vector<std::string>* scopes) const {
  FIVESTRAND_RETURN_IF_ERROR(
      session.Query("SELECT trust FROM trust WHERE delete_time IS NULL ORDER BY trust LIMIT 10000", {}, [&](const Row& row) {
        scopes->push_back(absl::StrCat("trusts/", AbslView(row.Text(0))));
        return absl::OkStatus();
      }));
  return session.Query("SELECT trust, path FROM school WHERE delete_time IS NULL AND status <> 1 ORDER BY trust, path LIMIT 100000",
                       {}, [&](const Row& row) {
                         scopes->push_back(absl::StrCat("trusts/", AbslView(row.Text(0)), "/", AbslView(row.Text(1))));
                         return absl::OkStatus();
                       });
}

std::shared_ptr<const domain::FrameWindow> OutcomeEvidence::Combined(const domain::FrameWindow& window,
                                                                     const NumberSet& core) const {
  {
    absl::MutexLock lock(&mutex_);
    const auto found = combined_.find(std::pair(window.stamp, core));
    if (found != combined_.end()) return found->second;
  }
  std::shared_ptr<const domain::FrameWindow> made = domain::CombinedWindow(window, core);
  absl::MutexLock lock(&mutex_);
  if (combined_.size() >= kMostKept) combined_.clear();
  return combined_.try_emplace(std::pair(window.stamp, core), std::move(made)).first->second;
}

absl::Status OutcomeEvidence::Read(Session& session, const EvidenceQuestion& question, std::vector<ReadingSeries>* series) const {
  const std::string_view trust = names::TrustOf(question.scope);
  const bool of_trust = !question.each_school && names::SchoolOf(question.scope).empty();
  std::vector<std::string> scopes;
  if (question.each_school) {
    FIVESTRAND_RETURN_IF_ERROR(ReadSchools(session, trust, &scopes));
  } else {
    if (!of_trust) FIVESTRAND_RETURN_IF_ERROR(CheckSchool(session, trust, question.scope));
    scopes.push_back(question.scope);
  }
  std::vector<v1::AssessmentWindow> windows;
  FIVESTRAND_RETURN_IF_ERROR(ReadWindows(session, trust, question, &windows));
  FIVESTRAND_ASSIGN_OR_RETURN(const FrameKeeper::Frames frame, keeper_->Read(session, trust));

  OutcomeAsker asker(question, *frame->names, keeper_->disclosures(), frame->threshold, scopes, of_trust);
  OutcomeReadings readings(question, *frame->names, question.scope, of_trust);
  WindowReader reader(*this, question, *frame, asker, readings);
  const auto on_time = std::find_if(question.measures.begin(), question.measures.end(),
                                    [](const MeasureDefinition* measure) { return IdOf(*measure) == OutcomeMeasure::kOnTime; });
  for (const v1::AssessmentWindow& window : windows) {
    readings.Begin(window);
    reader.Read(window);
    // Nothing is late while there is time.
    const absl::CivilDay end = DayOf(window.end_date());
    if (on_time == question.measures.end() || end > question.as_of || (end == question.as_of && question.day_still_open)) continue;
    std::map<std::string, EntryCount> counts;
    FIVESTRAND_RETURN_IF_ERROR(EntryCounts(session, *frame, window, question.now, &counts));
    EntryCount all;
    for (const auto& [school, count] : counts) {
      all.expected += count.expected;
      all.on_time += count.on_time;
    }
    for (const std::string& scope : scopes) {
      const EntryCount& count = of_trust ? all : counts[scope];
      if (count.expected == 0) continue;
      domain::CellSum sum{.count = count.expected, .reached = count.on_time};
      readings.AddShare(**on_time, scope, {}, sum, true);
    }
  }
  readings.Take(scopes, series);
  return absl::OkStatus();
}

absl::Status OutcomeEvidence::EntryCounts(Session& session, const TrustFrame& frame, const v1::AssessmentWindow& window,
                                          absl::Time now, std::map<std::string, EntryCount>* counts) const {
  const auto number = frame.names->window_numbers.find(window.name());
  const domain::FrameWindow* results =
      number == frame.names->window_numbers.end() ? nullptr : frame.frame.Find(static_cast<std::uint16_t>(number->second));
  const std::pair<std::string, std::uint64_t> key{window.name() + "#" + window.etag(), results == nullptr ? 0 : results->stamp};
  {
    absl::MutexLock lock(&mutex_);
    const auto found = entries_.find(key);
    if (found != entries_.end() && now - found->second.time < kEntryAge && now >= found->second.time) {
      *counts = found->second.counts;
      return absl::OkStatus();
    }
  }
  FIVESTRAND_RETURN_IF_ERROR(ReadEntryCounts(session, *frame.names, window, counts));
  absl::MutexLock lock(&mutex_);
  if (entries_.size() >= kMostKept) entries_.clear();
  entries_.insert_or_assign(key, Entries{now, *counts});
  return absl::OkStatus();
}

}  // namespace fivestrand::assessment::store
