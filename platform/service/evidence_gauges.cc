#include "platform/service/evidence_gauges.h"

#include <string>
#include <string_view>

#include "platform/calendar/day.h"
#include "platform/evidence/evidence_source.h"
#include "platform/names/names.h"
#include "platform/status/macros.h"

namespace fivestrand::service {
namespace {

using evidence::MeasureDefinition;

// The open period, and the last closed one for the days on which the open one has nothing to show yet.
constexpr int kNewest = 2;

void AddNewest(const evidence::ReadingSeries& series, std::vector<ElementGauge>* gauges) {
  for (auto reading = series.readings.rbegin(); reading != series.readings.rend(); ++reading) {
    if (!reading->has_value() || reading->has_cut()) continue;
    gauges->push_back({.trust = std::string(names::TrustOf(series.scope)),
                       .school = std::string(names::SchoolOf(series.scope)),
                       .element = std::string(series.measure->element),
                       .measure = std::string(series.measure->measure),
                       .value = reading->value()});
    return;
  }
}

}  // namespace

absl::Status ReadEvidenceGauges(const evidence::EvidenceSource& source, store::Session& session, absl::Time now,
                                std::vector<ElementGauge>* gauges) {
  std::vector<std::string> scopes;
  FIVESTRAND_RETURN_IF_ERROR(source.ListScopes(session, &scopes));
  for (const std::string& scope : scopes) {
    if (!names::SchoolOf(scope).empty()) continue;
    for (const bool each_school : {false, true}) {
      evidence::EvidenceQuestion question;
      question.scope = scope;
      question.each_school = each_school;
      question.as_of = calendar::DayOf(now);
      question.day_still_open = true;
      question.now = now;
      question.newest = kNewest;
      for (const MeasureDefinition& measure : source.measures()) {
        if (source.Covers(measure, !each_school)) question.measures.push_back(&measure);
      }
      if (question.measures.empty()) continue;
      std::vector<evidence::ReadingSeries> series;
      FIVESTRAND_RETURN_IF_ERROR(source.Read(session, question, &series));
      for (const evidence::ReadingSeries& one : series) AddNewest(one, gauges);
    }
  }
  return absl::OkStatus();
}

}  // namespace fivestrand::service
