// What becomes of a cell that somebody types into a grid.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_CELL_RULES_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_CELL_RULES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "fivestrand/assessment/v1/results.pb.h"

#include "services/assessment/domain/compiled_scale.h"
#include "services/assessment/domain/result_key.h"

namespace fivestrand::assessment::domain {

enum class CellAction { kRefuse, kLeave, kPut, kRemove };

struct CellVerdict {
  CellAction action = CellAction::kLeave;
  v1::CellRefusal refusal = v1::CELL_REFUSAL_UNSPECIFIED;
  // What is to be put.
  Outcome outcome;
};

// `refusal`: why nothing can be written in the row at all. `current`: what stands there; key 0 when nothing does. A cell that says
// what stands there is left alone, whoever typed it when; else `expected_revision` must be that of `current`.
CellVerdict JudgeCell(const CompiledScale& scale, v1::CellRefusal refusal, const ResultRow& current, std::string_view typed,
                      std::int64_t expected_revision);

// In plain words; of OFF_SCALE, what the scale expects.
std::string RefusalText(v1::CellRefusal refusal, const CompiledScale& scale);

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_CELL_RULES_H_
