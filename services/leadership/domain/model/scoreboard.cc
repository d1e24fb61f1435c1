#include "services/leadership/domain/model/scoreboard.h"

#include <algorithm>
#include <array>

#include "services/leadership/domain/model/default_model.h"
#include "services/leadership/domain/model/model_rules.h"

namespace fivestrand::leadership::domain {
namespace {

using evidence::v1::Band;
using evidence::v1::MeasureSummary;
using Kind = ServiceAnswer::Kind;

constexpr std::array<std::string_view, 3> kPeers = {"assessment", "cpd", "welfare"};
// Leadership's drop-ins say whether teaching is adapted, assessment's results what came of it.
constexpr std::string_view kDifferentiation = "differentiation";

// A week that has just begun says nothing yet; the one before does.
Band BandOf(const MeasureSummary& summary) {
  if (summary.latest().band() != evidence::v1::BAND_UNSPECIFIED) return summary.latest().band();
  for (int i = summary.trend_size() - 1; i >= 0; --i) {
    if (summary.trend(i).band() != evidence::v1::BAND_UNSPECIFIED) return summary.trend(i).band();
  }
  return evidence::v1::BAND_UNSPECIFIED;
}

evidence::v1::NoValueReason ReasonOf(std::string_view element, absl::Span<const ServiceAnswer> answers) {
  const std::vector<std::string_view> services = ServicesOf(element);
  const auto any = [&](Kind kind) {
    return std::any_of(answers.begin(), answers.end(), [&](const ServiceAnswer& answer) {
      return answer.kind == kind && std::find(services.begin(), services.end(), answer.service) != services.end();
    });
  };
  if (any(Kind::kAway)) return evidence::v1::SERVICE_AWAY;
  return any(Kind::kNotYours) ? evidence::v1::NOT_YOURS : evidence::v1::NOT_KEPT_YET;
}

}  // namespace

absl::Span<const std::string_view> PeerServices() {
  return kPeers;
}

std::vector<std::string_view> ServicesOf(std::string_view element) {
  const v1::ModelElement* standard = FindElement(DefaultModel(), element);
  if (standard == nullptr) return {};
  std::vector<std::string_view> services = {standard->owner()};
  if (element == kDifferentiation) services.push_back("assessment");
  return services;
}

evidence::v1::ServiceAway AwayOf(const v1::ImprovementModel& model, std::string_view service,
                                 absl::Span<const std::string> elements) {
  evidence::v1::ServiceAway away;
  away.set_service(std::string(service));
  for (const v1::Strand& strand : model.strands()) {
    for (const v1::ModelElement& element : strand.elements()) {
      if (element.owner() != service) continue;
      if (elements.empty() || std::find(elements.begin(), elements.end(), element.element()) != elements.end())
        away.add_elements(element.element());
    }
  }
  return away;
}

v1::Scoreboard BuildScoreboard(const v1::ImprovementModel& model, absl::CivilDay today, absl::Span<const ScoreboardScope> scopes,
                               std::vector<ServiceAnswer> answers, const ConcernCounts& concerns) {
  v1::Scoreboard board;
  *board.mutable_model() = model;
  board.mutable_model()->clear_editor();
  RemoveAgreed(board.mutable_model(), [&](std::string_view school) {
    return std::any_of(scopes.begin(), scopes.end(), [&](const ScoreboardScope& scope) { return scope.name == school; });
  });
  absl::flat_hash_map<std::pair<std::string, std::string>, std::vector<MeasureSummary*>> by_cell;
  for (ServiceAnswer& answer : answers) {
    if (answer.kind == Kind::kAway) *board.add_away() = AwayOf(model, answer.service, {});
    for (MeasureSummary& summary : answer.summaries) {
      ApplyModel(model, today, &summary);
      by_cell[{summary.latest().scope(), summary.measure().element()}].push_back(&summary);
    }
  }
  for (const ScoreboardScope& scope : scopes) {
    v1::ScoreboardColumn& column = *board.add_columns();
    column.set_scope(scope.name);
    column.set_display_name(scope.display_name);
    for (const v1::Strand& strand : model.strands()) {
      for (const v1::ModelElement& element : strand.elements()) {
        v1::ElementStanding& standing = *column.add_elements();
        standing.set_element(element.element());
        const std::pair<std::string, std::string> cell(scope.name, element.element());
        if (const auto count = concerns.find(cell); count != concerns.end()) standing.set_open_concerns(count->second);
        const auto found = by_cell.find(cell);
        if (found == by_cell.end()) {
          standing.set_no_value_reason(ReasonOf(element.element(), answers));
          continue;
        }
        for (MeasureSummary* summary : found->second) {
          // Worse bands have greater numbers.
          standing.set_band(std::max(standing.band(), BandOf(*summary)));
          if (scopes.size() > 1) summary->clear_trend();
          *standing.add_measures() = std::move(*summary);
        }
      }
    }
  }
  return board;
}

}  // namespace fivestrand::leadership::domain
