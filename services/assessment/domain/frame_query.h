// What is asked of a frame: which rows, into which cells.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_QUERY_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_QUERY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "services/assessment/domain/frame.h"

namespace fivestrand::assessment::domain {

enum class Tally { kExpected, kHigher, kScore };

enum class Axis { kSchool, kPhase, kYear, kClass, kSubject, kWindow, kGroup, kPrior };
inline constexpr std::size_t kMaxAxes = 3;

// A set of numbers; one that was never limited holds all.
class NumberSet {
 public:
  void Limit() { limited_ = true; }
  void Add(std::uint32_t number) {
    limited_ = true;
    if (number >= bits_.size()) bits_.resize(number + 1);
    bits_[number] = true;
  }
  bool Has(std::uint32_t number) const { return !limited_ || (number < bits_.size() && bits_[number]); }
  bool limited() const { return limited_; }

  friend bool operator==(const NumberSet&, const NumberSet&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const NumberSet& set) {
    return H::combine(std::move(h), set.limited_, set.bits_);
  }

 private:
  bool limited_ = false;
  std::vector<bool> bits_;
};

// Rows that a caller's grant lets in: of these schools, those of one of the subjects, year groups or classes; all when it is not
// limited to such.
struct FrameReach {
  NumberSet schools;
  bool limited = false;
  NumberSet subjects;
  std::uint32_t years = 0;
  NumberSet classes;
};

struct FrameFilter {
  NumberSet schools, subjects, windows, classes;
  std::uint32_t years = ~0u;     // bit by number of the year group
  std::uint8_t priors = 0xF;     // bit by PriorOf
  std::uint8_t with_groups = 0;  // every one of these
  std::uint8_t without_groups = 0;
  // A row is in when one of these lets it in. None: all rows.
  std::vector<FrameReach> reach;
};

struct FrameQuery {
  FrameFilter filter;
  std::vector<Axis> axes;  // at most kMaxAxes, none twice
  Tally tally = Tally::kExpected;
  // Bit of the group whose gap is wanted; negative: none.
  int gap_group = -1;
  // By number of the school; 0 for those beyond.
  std::vector<std::uint8_t> phase_of_school;
};

// Sums of a cell. For shares `count` is the denominator and `reached` the numerator; for a mean `count` has a score each.
struct CellSum {
  std::int64_t count = 0;
  std::int64_t reached = 0;
  std::int64_t score = 0;  // thousandths
  std::uint16_t scale = 0;
  bool mixed_scales = false;

  void Add(const CellSum& other);
};

// The values of the axes: numbers as in the frame; phase and prior as theirs; a group as 2 * bit, plus one for the others.
using CellKey = std::array<std::uint32_t, kMaxAxes>;

struct CellSums {
  CellKey key{};
  CellSum all;
  CellSum gap_group, gap_others;  // with FrameQuery::gap_group only
};

// What a filter lets in of one block. The block and the filter outlive it.
class BlockGate {
 public:
  BlockGate(const FrameFilter& filter, std::uint16_t window, const Block& block);

  // No row is in.
  bool closed() const { return closed_; }
  // Whether classes matter to it, beyond years, groups and prior attainment.
  bool by_class() const { return by_class_; }
  // Rows of this class and year, as far as the two decide.
  bool Lets(std::uint16_t class_place, std::uint8_t year) const {
    if ((filter_.years >> year & 1) == 0) return false;
    if (!by_class_) return (reach_years_ >> year & 1) != 0;
    const std::uint8_t state = classes_[class_place];
    return state == kAll || (state == kByYear && (reach_years_ >> year & 1) != 0);
  }
  bool LetsSet(std::uint8_t groups, std::uint8_t prior) const {
    return (groups & filter_.with_groups) == filter_.with_groups && (groups & filter_.without_groups) == 0 &&
           (filter_.priors >> prior & 1) != 0;
  }
  bool LetsRow(const Block& block, std::size_t i) const {
    return Lets(block.class_places()[i], block.years()[i]) && LetsSet(block.groups()[i], PriorOf(block.marks()[i]));
  }
  // Years that no class keeps out: whether a look at the year is needed at all.
  bool all_years() const { return filter_.years == ~0u && reach_years_ == ~0u; }

 private:
  static constexpr std::uint8_t kNone = 0, kByYear = 1, kAll = 2;

  const FrameFilter& filter_;
  bool closed_ = false;
  bool by_class_ = false;
  std::uint32_t reach_years_ = ~0u;
  std::vector<std::uint8_t> classes_;  // state of each place, with by_class_ only
};

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_QUERY_H_
