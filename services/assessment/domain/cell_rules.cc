#include "services/assessment/domain/cell_rules.h"

#include <optional>

namespace fivestrand::assessment::domain {

CellVerdict JudgeCell(const CompiledScale& scale, v1::CellRefusal refusal, const ResultRow& current, std::string_view typed,
                      std::int64_t expected_revision) {
  if (refusal != v1::CELL_REFUSAL_UNSPECIFIED) return {CellAction::kRefuse, refusal, {}};
  const bool exists = current.key != 0;
  const bool clears = typed.find_first_not_of(' ') == std::string_view::npos;
  std::optional<Outcome> outcome;
  if (!clears) {
    outcome = scale.Parse(typed);
    if (!outcome) return {CellAction::kRefuse, v1::OFF_SCALE, {}};
  }
  const bool same = clears ? !exists : exists && current.outcome == outcome->code && current.value == outcome->value;
  if (same) return {CellAction::kLeave, v1::CELL_REFUSAL_UNSPECIFIED, {}};
  if (expected_revision != current.update_time) return {CellAction::kRefuse, v1::CHANGED_MEANWHILE, {}};
  if (clears) return {CellAction::kRemove, v1::CELL_REFUSAL_UNSPECIFIED, {}};
  return {CellAction::kPut, v1::CELL_REFUSAL_UNSPECIFIED, *outcome};
}

std::string RefusalText(v1::CellRefusal refusal, const CompiledScale& scale) {
  switch (refusal) {
    case v1::WINDOW_CLOSED:
      return "the window takes no results any more";
    case v1::OFF_SCALE:
      return scale.expected();
    case v1::CHANGED_MEANWHILE:
      return "somebody else has changed it since it was read";
    case v1::NOT_IN_CLASS:
      return "the pupil is not in the class within the window";
    case v1::MOVED_AWAY:
      return "the pupil is not in this school any more";
    case v1::NAMED_TWICE:
      return "the pupil stands twice in one call";
    default:
      return {};
  }
}

}  // namespace fivestrand::assessment::domain
