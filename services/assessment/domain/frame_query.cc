#include "services/assessment/domain/frame_query.h"

namespace fivestrand::assessment::domain {

void CellSum::Add(const CellSum& other) {
  if (other.count == 0) return;
  if (count == 0) {
    scale = other.scale;
    mixed_scales = other.mixed_scales;
  } else {
    mixed_scales = mixed_scales || other.mixed_scales || scale != other.scale;
  }
  count += other.count;
  reached += other.reached;
  score += other.score;
}

BlockGate::BlockGate(const FrameFilter& filter, std::uint16_t window, const Block& block) : filter_(filter) {
  const BlockKey& key = block.key();
  closed_ = !filter.windows.Has(window) || !filter.schools.Has(key.school) || !filter.subjects.Has(key.subject);
  if (closed_) return;

  bool reach_classes = false;
  if (!filter.reach.empty()) {
    reach_years_ = 0;
    for (const FrameReach& reach : filter.reach) {
      if (!reach.schools.Has(key.school)) continue;
      if (!reach.limited || (reach.subjects.limited() && reach.subjects.Has(key.subject))) {
        reach_years_ = ~0u;
        reach_classes = false;
        break;
      }
      reach_years_ |= reach.years;
      reach_classes = reach_classes || reach.classes.limited();
    }
    closed_ = reach_years_ == 0 && !reach_classes;
  }
  by_class_ = filter.classes.limited() || reach_classes;
  if (closed_ || !by_class_) return;

  bool any = false;
  for (const std::uint32_t number : block.classes()) {
    std::uint8_t state = kNone;
    if (filter.classes.Has(number)) {
      state = kByYear;
      for (const FrameReach& reach : filter.reach) {
        if (reach.limited && reach.schools.Has(key.school) && reach.classes.limited() && number != kNoClass &&
            reach.classes.Has(number)) {
          state = kAll;
        }
      }
    }
    any = any || state == kAll || (state == kByYear && reach_years_ != 0);
    classes_.push_back(state);
  }
  closed_ = !any;
}

}  // namespace fivestrand::assessment::domain
