// A trust's results in memory, by columns: what the store has, laid out so that any cut is one pass over narrow bytes.
//
// Results of one window, school, subject and scale form a block, sorted by pupil. A block never changes once it is in a frame: a
// write makes new blocks in place of the few that it touches and a new frame that shares the others. So a reader keeps the frame
// that it began with, and neither waits for the other.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <tuple>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"

namespace fivestrand::assessment::domain {

// What a result says, in the lowest bits of FrameRow::marks.
inline constexpr std::uint8_t kCounts = 1;    // in the denominator of a share
inline constexpr std::uint8_t kExpected = 2;  // reaches the expected standard
inline constexpr std::uint8_t kHigher = 4;    // reaches the higher standard
inline constexpr std::uint8_t kScored = 8;    // `score` is one
inline constexpr int kMarkBits = 4;
// Above them, two bits: prior attainment low, middle, high, or 0 when it is not known.
inline constexpr int kPriors = 4;

// Pupil groups are bits: 1 << (number of fivestrand.type.v1.PupilGroup - 1).
inline constexpr int kGroups = 5;
inline constexpr int kGroupSets = 1 << kGroups;
// Numbers of fivestrand.type.v1.YearGroup.
inline constexpr int kYears = 17;

inline constexpr std::uint32_t kNoClass = 0;

// One result. Everything is a number that means the same for as long as the frame lives; see FrameNames.
struct FrameRow {
  std::uint32_t pupil = 0;
  std::uint32_t school_class = kNoClass;
  std::int32_t score = 0;  // thousandths; 0 without kScored
  std::uint16_t window = 0;
  std::uint16_t school = 0;
  std::uint16_t subject = 0;
  std::uint16_t scale = 0;
  std::uint8_t year = 0;
  std::uint8_t groups = 0;
  std::uint8_t marks = 0;    // with the prior attainment
  std::uint8_t outcome = 0;  // place in the scale's outcomes, by rank; 0 without one

  friend bool operator==(const FrameRow&, const FrameRow&) = default;
};

inline std::uint8_t PriorOf(std::uint8_t marks) {
  return (marks >> kMarkBits) & (kPriors - 1);
}

// One result more or less. A pupil has one result of a window, subject and scale, whatever the school it stands under.
struct FrameChange {
  FrameRow row;
  bool removed = false;  // window, subject, scale and pupil say which
};

struct BlockKey {
  std::uint16_t school = 0;
  std::uint16_t subject = 0;
  std::uint16_t scale = 0;
  friend auto operator<=>(const BlockKey&, const BlockKey&) = default;
};

// Immutable columns of equal length, in order of pupil.
class Block {
 public:
  // Rows of one key, in order of pupil, no pupil twice.
  static std::shared_ptr<const Block> Make(BlockKey key, absl::Span<const FrameRow> rows);

  const BlockKey& key() const { return key_; }
  std::size_t size() const { return size_; }
  const std::uint32_t* pupils() const { return pupils_; }
  const std::uint8_t* years() const { return years_; }
  const std::uint8_t* groups() const { return groups_; }
  const std::uint8_t* marks() const { return marks_; }
  const std::uint8_t* outcomes() const { return outcomes_; }
  // Places in `classes`.
  const std::uint16_t* class_places() const { return class_places_; }
  absl::Span<const std::uint32_t> classes() const { return classes_; }
  // Scores in units of `step` thousandths: in two bytes where they fit, which they do on every scale that schools use, else in
  // four.
  const std::int16_t* narrow_scores() const { return narrow_; }
  const std::int32_t* wide_scores() const { return wide_; }
  std::int32_t step() const { return step_; }

  std::int64_t ScoreAt(std::size_t i) const { return std::int64_t{narrow_ != nullptr ? narrow_[i] : wide_[i]} * step_; }
  FrameRow RowAt(std::size_t i, std::uint16_t window) const;
  // size() when the pupil is not there.
  std::size_t Find(std::uint32_t pupil) const;
  std::size_t bytes() const { return bytes_; }

 private:
  Block() = default;

  BlockKey key_;
  std::size_t size_ = 0, bytes_ = 0;
  std::int32_t step_ = 1;
  std::unique_ptr<std::byte[]> memory_;
  std::vector<std::uint32_t> classes_;
  const std::uint32_t* pupils_ = nullptr;
  const std::uint16_t* class_places_ = nullptr;
  const std::int16_t* narrow_ = nullptr;
  const std::int32_t* wide_ = nullptr;
  const std::uint8_t *years_ = nullptr, *groups_ = nullptr, *marks_ = nullptr, *outcomes_ = nullptr;
};

// The results of one window: blocks in order of their keys.
struct FrameWindow {
  std::uint16_t number = 0;
  // Differs between any two states of a window within a process, so that what was computed of one can be kept with it.
  std::uint64_t stamp = 0;
  std::vector<std::shared_ptr<const Block>> blocks;
  std::size_t rows = 0;
};

// A state of all windows. Immutable; copies share the windows.
class Frame {
 public:
  using Windows = std::vector<std::shared_ptr<const FrameWindow>>;

  // In order of their numbers; windows without results are not there.
  const Windows& windows() const { return windows_; }
  // Null when it has no results.
  const FrameWindow* Find(std::uint16_t window) const;

  // This frame with the changes, the last of a window, subject, scale and pupil counting.
  Frame With(absl::Span<const FrameChange> changes) const;
  // This frame with exactly these results in `window`. Takes the rows in any order and reorders them.
  Frame WithWindow(std::uint16_t window, std::vector<FrameRow> rows) const;
  Frame WithWindow(std::shared_ptr<const FrameWindow> window) const;
  // The same for one subject and scale of a window.
  Frame WithColumn(std::uint16_t window, std::uint16_t subject, std::uint16_t scale, std::vector<FrameRow> rows) const;

  std::size_t rows() const;
  std::size_t bytes() const;

 private:
  void Put(std::uint16_t number, std::shared_ptr<const FrameWindow> window);

  Windows windows_;
};

// Sorts the rows by block and pupil and makes the blocks of a window; of the same pupil in a block the last row counts.
std::shared_ptr<const FrameWindow> MakeWindow(std::uint16_t number, std::vector<FrameRow> rows);

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_H_
