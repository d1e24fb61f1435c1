#include "platform/evidence/measure.h"

#include <cmath>
#include <string>

#include "platform/status/status.h"

namespace fivestrand::evidence {
namespace {

std::string Text(std::string_view text) {
  return std::string(text);
}

v1::Band Judge(v1::Direction direction, double amber, double red, double value) {
  if (std::isnan(value)) return v1::BAND_UNSPECIFIED;
  switch (direction) {
    case v1::HIGHER_IS_BETTER:
      return value < red ? v1::RED : value < amber ? v1::AMBER : v1::GREEN;
    case v1::LOWER_IS_BETTER:
      return value > red ? v1::RED : value > amber ? v1::AMBER : v1::GREEN;
    case v1::ZERO_IS_BETTER:
      return std::abs(value) > red ? v1::RED : std::abs(value) > amber ? v1::AMBER : v1::GREEN;
    default:
      return v1::BAND_UNSPECIFIED;
  }
}

// What is wrong with a definition by itself; empty when nothing is.
std::string_view Wrong(const MeasureDefinition& definition) {
  if (definition.element.empty() || definition.element_number.empty() || definition.element_title.empty())
    return "names no element";
  if (!definition.measure.starts_with(Text(definition.element) + ".")) return "is not named after its element";
  if (definition.title.empty() || definition.formula.empty()) return "has no title or formula";
  if (definition.unit == v1::UNIT_UNSPECIFIED || definition.direction == v1::DIRECTION_UNSPECIFIED ||
      definition.period_kind == v1::PERIOD_KIND_UNSPECIFIED) {
    return "leaves unit, direction or period kind unspecified";
  }
  const bool higher = definition.direction == v1::HIGHER_IS_BETTER;
  const bool ordered = higher ? definition.target >= definition.amber && definition.amber >= definition.red
                              : definition.target <= definition.amber && definition.amber <= definition.red;
  if (!ordered) return "has target, amber and red out of order";
  const auto share = [](double value) {
    return value >= 0 && value <= 1;
  };
  if (definition.unit == v1::SHARE && !(share(definition.target) && share(definition.amber) && share(definition.red))) {
    return "is a share with a limit outside 0 to 1";
  }
  if (definition.direction == v1::ZERO_IS_BETTER && definition.target < 0) return "has a negative distance from zero";
  if (definition.delta < 0 || definition.lag_periods < 0) return "has a negative delta or lag";
  return {};
}

}  // namespace

v1::Measure ToProto(const MeasureDefinition& definition) {
  v1::Measure measure;
  measure.set_measure(Text(definition.measure));
  measure.set_element(Text(definition.element));
  measure.set_element_number(Text(definition.element_number));
  measure.set_element_title(Text(definition.element_title));
  measure.set_title(Text(definition.title));
  measure.set_unit(definition.unit);
  measure.set_direction(definition.direction);
  measure.set_target(definition.target);
  measure.set_amber(definition.amber);
  measure.set_red(definition.red);
  measure.set_formula(Text(definition.formula));
  measure.set_period_kind(definition.period_kind);
  measure.set_delta(definition.delta);
  measure.set_commitment(definition.commitment);
  measure.set_lag_periods(definition.lag_periods);
  return measure;
}

const MeasureDefinition* FindMeasure(absl::Span<const MeasureDefinition> table, std::string_view measure) {
  for (const MeasureDefinition& definition : table) {
    if (definition.measure == measure) return &definition;
  }
  return nullptr;
}

absl::Status CheckMeasures(absl::Span<const MeasureDefinition> table) {
  for (const MeasureDefinition& definition : table) {
    std::string_view wrong = Wrong(definition);
    if (wrong.empty() && FindMeasure(table, definition.measure) != &definition) wrong = "is declared twice";
    if (!wrong.empty()) return status::InvalidField(definition.measure, wrong);
  }
  return absl::OkStatus();
}

v1::Band BandOf(const v1::Measure& measure, double value) {
  return Judge(measure.direction(), measure.amber(), measure.red(), value);
}

v1::Band BandOf(const MeasureDefinition& measure, double value) {
  return Judge(measure.direction, measure.amber, measure.red, value);
}

}  // namespace fivestrand::evidence
