#include "services/assessment/store/outcome_readings.h"

#include <optional>

#include "platform/evidence/reading.h"
#include "services/assessment/domain/frame_scan.h"

namespace fivestrand::assessment::store {
namespace {

using domain::Axis;
using domain::FigureCell;
using domain::FrameQuery;
using evidence::MeasureDefinition;
using evidence::v1::Reading;

absl::CivilDay DayOf(const google::type::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

}  // namespace

OutcomeAsker::OutcomeAsker(const evidence::EvidenceQuestion& question, const domain::FrameNames& names,
                           domain::DisclosureCache& disclosures, int threshold, const std::vector<std::string>& schools,
                           bool of_trust)
    : show_small_(question.show_small), disclosures_(disclosures), threshold_(threshold), of_trust_(of_trust) {
  if (of_trust) return;
  schools_.Limit();
  for (const std::string& school : schools) {
    const auto found = names.school_numbers.find(school);
    if (found != names.school_numbers.end()) schools_.Add(found->second);
  }
}

FrameQuery OutcomeAsker::Query(std::uint16_t window, domain::Tally tally, const domain::NumberSet& subjects,
                               const std::vector<Axis>& axes) const {
  FrameQuery query;
  query.filter.windows.Add(window);
  query.filter.subjects = subjects;
  query.tally = tally;
  if (!of_trust_) {
    query.axes.push_back(Axis::kSchool);
    query.filter.schools = schools_;
  }
  query.axes.insert(query.axes.end(), axes.begin(), axes.end());
  return query;
}

OutcomeSums OutcomeAsker::Ask(const domain::Frame& frame, const FrameQuery& query) {
  OutcomeSums sums;
  if (!show_small_) {
    for (const FigureCell& cell : domain::Figures(frame, query, threshold_, disclosures_)) sums.emplace(cell.sums.key, cell);
    return sums;
  }
  for (const domain::CellSums& cell : domain::Scan(frame, query, alone_).cells) {
    FigureCell figures{.sums = cell};
    figures.gap_group_shown = cell.gap_group.count >= threshold_;
    figures.gap_others_shown = cell.gap_others.count >= threshold_;
    sums.emplace(cell.key, figures);
  }
  return sums;
}

void OutcomeReadings::Begin(const v1::AssessmentWindow& window) {
  period_ = evidence::MakePeriod(evidence::v1::ASSESSMENT_WINDOW, {DayOf(window.start_date()), DayOf(window.end_date())},
                                 window.display_name());
}

std::string OutcomeReadings::ScopeOf(const domain::CellKey& key) const {
  if (of_trust_) return trust_scope_;
  return key[0] < names_.schools.size() ? names_.schools[key[0]].name : std::string();
}

void OutcomeReadings::AddShare(const MeasureDefinition& measure, const std::string& scope, const OutcomeCut& cut,
                               const domain::CellSum& sum, bool shown) {
  const evidence::ReadingContext context = Context(measure, scope);
  if (!shown) return Add(measure, scope, cut, evidence::NoReading(context, period_, evidence::v1::TOO_FEW));
  Reading reading = evidence::ShareReading(context, period_, static_cast<double>(sum.reached), static_cast<double>(sum.count));
  reading.set_sample_size(sum.count);
  Add(measure, scope, cut, std::move(reading));
}

void OutcomeReadings::AddPoints(const MeasureDefinition& measure, const std::string& scope, const OutcomeCut& cut, double share,
                                std::int64_t sample, bool shown) {
  const evidence::ReadingContext context = Context(measure, scope);
  if (!shown) return Add(measure, scope, cut, evidence::NoReading(context, period_, evidence::v1::TOO_FEW));
  Reading reading = evidence::ValueReading(context, period_, share * 100);
  reading.set_sample_size(sample);
  Add(measure, scope, cut, std::move(reading));
}

void OutcomeReadings::Take(const std::vector<std::string>& scopes, std::vector<evidence::ReadingSeries>* series) {
  for (const std::string& scope : scopes) {
    for (const MeasureDefinition* measure : question_.measures) {
      auto& cuts = readings_[{scope, measure}];
      if (cuts.empty()) {
        series->push_back({.measure = measure, .scope = scope, .readings = {}, .latest = Nothing(*measure, scope)});
      }
      for (auto& [cut, readings] : cuts)
        series->push_back({.measure = measure, .scope = scope, .readings = std::move(readings), .latest = std::nullopt});
    }
  }
}

evidence::ReadingContext OutcomeReadings::Context(const MeasureDefinition& measure, const std::string& scope) const {
  return {measure, scope, question_.as_of, question_.now, question_.day_still_open};
}

Reading OutcomeReadings::Nothing(const MeasureDefinition& measure, const std::string& scope) const {
  Reading reading = evidence::NoCalendarReading(Context(measure, scope));
  reading.set_no_value_reason(evidence::v1::NOTHING_CONCLUDED);
  return reading;
}

void OutcomeReadings::Add(const MeasureDefinition& measure, const std::string& scope, const OutcomeCut& cut, Reading reading) {
  if (cut.group != 0) reading.mutable_cut()->set_group(static_cast<type::v1::PupilGroup>(cut.group));
  if (cut.subject != 0 && cut.subject < names_.subjects.size())
    reading.mutable_cut()->set_subject(names_.subjects[cut.subject].name);
  if (cut.year != 0) reading.mutable_cut()->set_year_group(static_cast<type::v1::YearGroup>(cut.year));
  readings_[{scope, &measure}][cut].push_back(std::move(reading));
}

}  // namespace fivestrand::assessment::store
