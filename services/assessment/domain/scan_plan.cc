#include "services/assessment/domain/scan_plan.h"

namespace fivestrand::assessment::domain {
namespace {

Worth WorthOf(Tally tally) {
  Worth worth{};
  const std::uint8_t counts = tally == Tally::kScore ? kScored : kCounts;
  const std::uint8_t reaches = tally == Tally::kExpected ? kExpected : tally == Tally::kHigher ? kHigher : 0;
  for (int marks = 0; marks < kMarkSets; ++marks) {
    if ((marks & counts) == 0) continue;
    worth[marks] = 1 | ((marks & reaches) != 0 ? std::uint64_t{1} << 32 : 0);
  }
  return worth;
}

}  // namespace

ScanPlan::ScanPlan(const FrameQuery& query) : query_(query), worth_(WorthOf(query.tally)) {
  for (const Axis axis : query.axes) axes_ |= 1u << static_cast<int>(axis);
  const FrameFilter& filter = query.filter;
  by_groups_ = Has(Axis::kGroup) || query.gap_group >= 0 || filter.with_groups != 0 || filter.without_groups != 0;
  by_prior_ = Has(Axis::kPrior) || filter.priors != 0xF;
  by_year_ = Has(Axis::kYear) || filter.years != ~0u;
  for (const FrameReach& reach : filter.reach) by_year_ = by_year_ || reach.years != 0;
  by_class_ = Has(Axis::kClass);

  // The cells of a base: years by prior attainment by groups.
  year_cells_ = Has(Axis::kYear) ? kYears : 1;
  prior_cells_ = Has(Axis::kPrior) ? kPriors : 1;
  group_cells_ = Has(Axis::kGroup) ? 2 * kGroups : 1;
  parts_ = query.gap_group >= 0 ? 3 : 1;

  years_ = by_year_ ? kYears : 1;
  priors_ = by_prior_ ? kPriors : 1;
  groups_ = by_groups_ ? kGroupSets : 1;
  targets_.resize(codes());
  for (int year = 0; year < years_; ++year) {
    for (int prior = 0; prior < priors_; ++prior) {
      for (int groups = 0; groups < groups_; ++groups) {
        if (by_groups_ && ((groups & filter.with_groups) != filter.with_groups || (groups & filter.without_groups) != 0)) continue;
        if (by_prior_ && (filter.priors >> prior & 1) == 0) continue;
        AddTargets(year, prior, groups, &targets_[(year * priors_ + prior) * groups_ + groups]);
      }
    }
  }
}

void ScanPlan::AddTargets(int year, int prior, int groups, std::vector<std::uint16_t>* targets) const {
  const int cell = (Has(Axis::kYear) ? year : 0) * prior_cells_ + (Has(Axis::kPrior) ? prior : 0);
  const auto add = [&](int group_cell) {
    const int target = (cell * group_cells_ + group_cell) * parts_;
    targets->push_back(static_cast<std::uint16_t>(target));
    if (parts_ == 3) targets->push_back(static_cast<std::uint16_t>(target + ((groups >> query_.gap_group & 1) != 0 ? 1 : 2)));
  };
  if (!Has(Axis::kGroup)) return add(0);
  for (int group = 0; group < kGroups; ++group) add(2 * group + ((groups >> group & 1) != 0 ? 0 : 1));
}

}  // namespace fivestrand::assessment::domain
