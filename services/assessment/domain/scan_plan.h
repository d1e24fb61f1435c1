// How a scan turns rows into codes, and codes into cells; a part of frame_scan.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_SCAN_PLAN_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_SCAN_PLAN_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/assessment/domain/frame.h"
#include "services/assessment/domain/frame_query.h"

namespace fivestrand::assessment::domain {

inline constexpr int kMarkSets = kPriors << kMarkBits;

// What a row adds to the counts of its code, by its marks: one in the lower half when it counts, one in the upper when it reaches
// the standard as well. A block has fewer than 2^32 rows.
using Worth = std::array<std::uint64_t, kMarkSets>;

// What a question looks at, the same for every block: how rows become codes, and codes cells.
class ScanPlan {
 public:
  // The query outlives it.
  explicit ScanPlan(const FrameQuery& query);

  bool Has(Axis axis) const { return (axes_ >> static_cast<int>(axis) & 1) != 0; }
  const FrameQuery& query() const { return query_; }
  const Worth& worth() const { return worth_; }
  bool by_groups() const { return by_groups_; }
  bool by_prior() const { return by_prior_; }
  bool by_year() const { return by_year_; }
  bool by_class() const { return by_class_; }
  bool only_groups() const { return by_groups_ && !by_prior_ && !by_year_ && !by_class_; }
  // Codes of a row without its class.
  std::size_t codes() const { return static_cast<std::size_t>(years_ * priors_ * groups_); }
  int year_stride() const { return priors_ * groups_; }
  int prior_stride() const { return groups_; }
  // Sums of a base, and which of them a code adds to.
  std::size_t stride() const { return static_cast<std::size_t>(year_cells_ * prior_cells_ * group_cells_ * parts_); }
  const std::vector<std::uint16_t>& targets(std::size_t code) const { return targets_[code]; }
  int parts() const { return parts_; }
  int group_cells() const { return group_cells_; }
  int prior_cells() const { return prior_cells_; }

 private:
  void AddTargets(int year, int prior, int groups, std::vector<std::uint16_t>* targets) const;

  const FrameQuery& query_;
  const Worth worth_;
  unsigned axes_ = 0;
  bool by_groups_ = false, by_prior_ = false, by_year_ = false, by_class_ = false;
  int year_cells_ = 1, prior_cells_ = 1, group_cells_ = 1, parts_ = 1;
  int years_ = 1, priors_ = 1, groups_ = 1;
  std::vector<std::vector<std::uint16_t>> targets_;
};

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_SCAN_PLAN_H_
