// The answer to a question for somebody who may see figures and not pupils: only of the family that disclosure.h chooses.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FIGURES_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FIGURES_H_

#include <vector>

#include "services/assessment/domain/disclosure_cache.h"
#include "services/assessment/domain/frame.h"
#include "services/assessment/domain/frame_query.h"

namespace fivestrand::assessment::domain {

// A cell of which `all` and each side of the gap may be shown, or not.
struct FigureCell {
  CellSums sums;
  bool shown = true, gap_group_shown = true, gap_others_shown = true;
};

// Whether a question can be answered with figures of the family: no classes, no grants by rows other than schools, and at most one
// of groups and prior attainment.
bool OnlyFigures(const FrameQuery& query);

// Cells in order of their keys. The query is one that OnlyFigures accepts.
std::vector<FigureCell> Figures(const Frame& frame, const FrameQuery& query, int threshold, DisclosureCache& cache);

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FIGURES_H_
