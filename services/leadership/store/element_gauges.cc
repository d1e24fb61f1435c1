#include "services/leadership/store/element_gauges.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"

#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "services/leadership/domain/measures.h"
#include "services/leadership/domain/measures_readings.h"
#include "services/leadership/store/visibility_rows.h"

namespace fivestrand::leadership::store {
namespace {

using domain::MeasureId;
using domain::TrustFacts;

// Enough for this half term and the one before, summer holiday between them included.
constexpr int kDaysBack = 150;

std::optional<double> NewestValue(const evidence::v1::MeasureSummary& summary) {
  for (int i = summary.trend_size() - 1; i >= 0; --i) {
    if (summary.trend(i).has_value()) return summary.trend(i).value();
  }
  return std::nullopt;
}

void AddScope(const TrustFacts& facts, std::string_view scope, absl::Time now, std::vector<service::ElementGauge>* gauges) {
  const absl::CivilDay today = calendar::DayOf(now);
  domain::MeasureReadings readings(facts, {std::string(scope), {today, true}, now});
  for (std::size_t i = 0; i < domain::Measures().size(); ++i) {
    const auto id = static_cast<MeasureId>(i);
    if (!readings.Covers(id)) continue;
    const std::optional<double> value = NewestValue(readings.Summary(id, today - kDaysBack));
    const evidence::MeasureDefinition& definition = domain::DefinitionOf(id);
    if (!value) continue;
    gauges->push_back({.trust = std::string(names::TrustOf(scope)),
                       .school = std::string(names::SchoolOf(scope)),
                       .element = std::string(definition.element),
                       .measure = std::string(definition.measure),
                       .value = *value});
  }
}

}  // namespace

absl::Status ReadElementGauges(fivestrand::store::Session& session, CalendarReader& calendars, absl::Time now,
                               std::vector<service::ElementGauge>* gauges) {
  std::vector<std::string> trusts;
  FIVESTRAND_RETURN_IF_ERROR(ListTrusts(session, &trusts));
  domain::Needs needs;
  for (std::size_t i = 0; i < domain::Measures().size(); ++i) domain::AddNeeds(static_cast<MeasureId>(i), needs);
  const absl::CivilDay today = calendar::DayOf(now);
  for (const std::string& trust : trusts) {
    TrustFacts facts;
    FIVESTRAND_RETURN_IF_ERROR(ReadTrustFacts(session, calendars, trust, today - kDaysBack, today, now, needs, &facts));
    AddScope(facts, trust, now, gauges);
    for (domain::SchoolFacts& school : facts.schools) {
      TrustFacts one;
      one.trust = facts.trust;
      one.schools.push_back(std::move(school));
      AddScope(one, one.schools.front().name, now, gauges);
    }
  }
  return absl::OkStatus();
}

}  // namespace fivestrand::leadership::store
