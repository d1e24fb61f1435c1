#include "services/assessment/domain/frame.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

namespace fivestrand::assessment::domain {
namespace {

std::uint64_t NextStamp() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

BlockKey KeyOf(const FrameRow& row) {
  return {row.school, row.subject, row.scale};
}

// The largest unit of which every score is a multiple; 1 when there is no score.
std::int32_t StepOf(absl::Span<const FrameRow> rows) {
  std::int32_t step = 0;
  for (const FrameRow& row : rows) {
    if (row.score == 0 || (step != 0 && row.score % step == 0)) continue;
    step = std::gcd(step, row.score);
    if (step == 1) break;
  }
  return step == 0 ? 1 : step;
}

bool FitsNarrow(absl::Span<const FrameRow> rows, std::int32_t step) {
  return std::all_of(rows.begin(), rows.end(), [&](const FrameRow& row) {
    const std::int32_t units = row.score / step;
    return units >= std::numeric_limits<std::int16_t>::min() && units <= std::numeric_limits<std::int16_t>::max();
  });
}

// Cuts an array of `count` out of the memory.
template <typename T>
T* Cut(std::byte*& memory, std::size_t count) {
  T* start = reinterpret_cast<T*>(memory);
  memory += sizeof(T) * count;
  return start;
}

// Rows by block, then pupil; the order within is kept, so that of equal ones the last is the newest. Two passes of counting: the
// rows come nearly in some order of their own from the store, and a comparison sort of a million takes several times as long.
void SortRows(std::vector<FrameRow>& rows) {
  std::map<BlockKey, std::size_t> counts;
  const FrameRow* before = nullptr;
  std::size_t* count = nullptr;
  for (const FrameRow& row : rows) {
    if (before == nullptr || KeyOf(*before) != KeyOf(row)) count = &counts[KeyOf(row)];
    ++*count;
    before = &row;
  }
  std::vector<std::size_t> ends;
  std::size_t next = 0;
  for (auto& [key, size] : counts) {
    const std::size_t rows_of_key = size;
    size = next;
    next += rows_of_key;
    ends.push_back(next);
  }
  std::vector<FrameRow> sorted(rows.size());
  before = nullptr;
  for (const FrameRow& row : rows) {
    if (before == nullptr || KeyOf(*before) != KeyOf(row)) count = &counts[KeyOf(row)];
    sorted[(*count)++] = row;
    before = &row;
  }
  const auto by_pupil = [](const FrameRow& a, const FrameRow& b) {
    return a.pupil < b.pupil;
  };
  std::size_t start = 0;
  for (const std::size_t end : ends) {
    const auto first = sorted.begin() + static_cast<std::ptrdiff_t>(start),
               last = sorted.begin() + static_cast<std::ptrdiff_t>(end);
    if (!std::is_sorted(first, last, by_pupil)) std::stable_sort(first, last, by_pupil);
    start = end;
  }
  rows = std::move(sorted);
}

// Of rows of the same pupil that follow one another only the last stays.
void DropRepeated(std::vector<FrameRow>& rows) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool repeated = i + 1 < rows.size() && rows[i + 1].pupil == rows[i].pupil && KeyOf(rows[i + 1]) == KeyOf(rows[i]);
    if (!repeated) rows[kept++] = rows[i];
  }
  rows.resize(kept);
}

std::vector<std::shared_ptr<const Block>> MakeBlocks(const std::vector<FrameRow>& rows) {
  std::vector<std::shared_ptr<const Block>> blocks;
  for (std::size_t start = 0; start < rows.size();) {
    std::size_t end = start + 1;
    while (end < rows.size() && KeyOf(rows[end]) == KeyOf(rows[start])) ++end;
    blocks.push_back(Block::Make(KeyOf(rows[start]), absl::MakeConstSpan(rows).subspan(start, end - start)));
    start = end;
  }
  return blocks;
}

// The blocks of a window while changes are put in.
class WindowEdit {
 public:
  WindowEdit(std::uint16_t number, const FrameWindow* before) : number_(number), before_(before) {}

  void Apply(const FrameChange& change) {
    const FrameRow& row = change.row;
    if (!change.removed) {
      std::map<std::uint32_t, FrameRow>& there = Open(KeyOf(row));
      const auto [found, fresh] = there.insert_or_assign(row.pupil, row);
      if (!fresh) return;
      RemoveElsewhere(row, KeyOf(row));
    } else {
      RemoveElsewhere(row, std::nullopt);
    }
  }

  std::shared_ptr<const FrameWindow> Finish() {
    auto window = std::make_shared<FrameWindow>();
    window->number = number_;
    window->stamp = NextStamp();
    auto opened = open_.begin();
    const auto add_opened = [&] {
      std::vector<FrameRow> rows;
      for (const auto& [pupil, row] : opened->second) rows.push_back(row);
      if (!rows.empty()) window->blocks.push_back(Block::Make(opened->first, rows));
      ++opened;
    };
    if (before_ != nullptr) {
      for (const std::shared_ptr<const Block>& block : before_->blocks) {
        while (opened != open_.end() && opened->first < block->key()) add_opened();
        if (opened != open_.end() && opened->first == block->key()) {
          add_opened();
        } else {
          window->blocks.push_back(block);
        }
      }
    }
    while (opened != open_.end()) add_opened();
    for (const auto& block : window->blocks) window->rows += block->size();
    return window;
  }

 private:
  // A block taken apart, as it stands after the changes so far.
  std::map<std::uint32_t, FrameRow>& Open(BlockKey key) {
    const auto [found, fresh] = open_.try_emplace(key);
    if (fresh && before_ != nullptr) {
      const auto block = std::lower_bound(before_->blocks.begin(), before_->blocks.end(), key,
                                          [](const auto& one, const BlockKey& wanted) { return one->key() < wanted; });
      if (block != before_->blocks.end() && (*block)->key() == key) {
        for (std::size_t i = 0; i < (*block)->size(); ++i)
          found->second.emplace_hint(found->second.end(), (*block)->pupils()[i], (*block)->RowAt(i, number_));
      }
    }
    return found->second;
  }

  // A pupil who moved school.
  void RemoveElsewhere(const FrameRow& row, std::optional<BlockKey> except) {
    for (auto& [key, rows] : open_) {
      if (key.subject == row.subject && key.scale == row.scale && key != except) rows.erase(row.pupil);
    }
    if (before_ == nullptr) return;
    for (const std::shared_ptr<const Block>& block : before_->blocks) {
      const BlockKey& key = block->key();
      if (key.subject != row.subject || key.scale != row.scale || key == except || open_.contains(key)) continue;
      if (block->Find(row.pupil) != block->size()) Open(key).erase(row.pupil);
    }
  }

  const std::uint16_t number_;
  const FrameWindow* const before_;
  std::map<BlockKey, std::map<std::uint32_t, FrameRow>> open_;
};

}  // namespace

std::shared_ptr<const Block> Block::Make(BlockKey key, absl::Span<const FrameRow> rows) {
  std::shared_ptr<Block> block(new Block);
  block->key_ = key;
  block->size_ = rows.size();
  block->step_ = StepOf(rows);
  const bool narrow = FitsNarrow(rows, block->step_);
  const std::size_t n = rows.size();
  const std::size_t bytes = n * (sizeof(std::uint32_t) + sizeof(std::uint16_t) + (narrow ? 2 : 4) + 4);
  block->memory_ = std::make_unique<std::byte[]>(bytes);
  std::byte* memory = block->memory_.get();
  // The wide ones first, so that each is aligned.
  auto* pupils = Cut<std::uint32_t>(memory, n);
  auto* wide = narrow ? nullptr : Cut<std::int32_t>(memory, n);
  auto* narrow_scores = narrow ? Cut<std::int16_t>(memory, n) : nullptr;
  auto* places = Cut<std::uint16_t>(memory, n);
  auto* years = Cut<std::uint8_t>(memory, n);
  auto* groups = Cut<std::uint8_t>(memory, n);
  auto* marks = Cut<std::uint8_t>(memory, n);
  auto* outcomes = Cut<std::uint8_t>(memory, n);

  for (const FrameRow& row : rows) {
    if (block->classes_.empty() || block->classes_.back() != row.school_class) block->classes_.push_back(row.school_class);
  }
  std::sort(block->classes_.begin(), block->classes_.end());
  block->classes_.erase(std::unique(block->classes_.begin(), block->classes_.end()), block->classes_.end());
  block->classes_.shrink_to_fit();
  for (std::size_t i = 0; i < n; ++i) {
    const FrameRow& row = rows[i];
    pupils[i] = row.pupil;
    if (narrow) {
      narrow_scores[i] = static_cast<std::int16_t>(row.score / block->step_);
    } else {
      wide[i] = row.score / block->step_;
    }
    places[i] = static_cast<std::uint16_t>(std::lower_bound(block->classes_.begin(), block->classes_.end(), row.school_class) -
                                           block->classes_.begin());
    years[i] = row.year < kYears ? row.year : 0;
    groups[i] = row.groups & (kGroupSets - 1);
    marks[i] = row.marks & ((kPriors << kMarkBits) - 1);
    outcomes[i] = row.outcome;
  }
  block->pupils_ = pupils;
  block->wide_ = wide;
  block->narrow_ = narrow_scores;
  block->class_places_ = places;
  block->years_ = years;
  block->groups_ = groups;
  block->marks_ = marks;
  block->outcomes_ = outcomes;
  block->bytes_ = bytes + sizeof(Block) + block->classes_.capacity() * sizeof(std::uint32_t);
  return block;
}

FrameRow Block::RowAt(std::size_t i, std::uint16_t window) const {
  return {.pupil = pupils_[i],
          .school_class = classes_[class_places_[i]],
          .score = static_cast<std::int32_t>(ScoreAt(i)),
          .window = window,
          .school = key_.school,
          .subject = key_.subject,
          .scale = key_.scale,
          .year = years_[i],
          .groups = groups_[i],
          .marks = marks_[i],
          .outcome = outcomes_[i]};
}

std::size_t Block::Find(std::uint32_t pupil) const {
  const std::uint32_t* found = std::lower_bound(pupils_, pupils_ + size_, pupil);
  return found != pupils_ + size_ && *found == pupil ? static_cast<std::size_t>(found - pupils_) : size_;
}

std::shared_ptr<const FrameWindow> MakeWindow(std::uint16_t number, std::vector<FrameRow> rows) {
  SortRows(rows);
  DropRepeated(rows);
  auto window = std::make_shared<FrameWindow>();
  window->number = number;
  window->stamp = NextStamp();
  window->rows = rows.size();
  window->blocks = MakeBlocks(rows);
  return window;
}

const FrameWindow* Frame::Find(std::uint16_t window) const {
  const auto found = std::lower_bound(windows_.begin(), windows_.end(), window,
                                      [](const auto& one, std::uint16_t number) { return one->number < number; });
  return found != windows_.end() && (*found)->number == window ? found->get() : nullptr;
}

void Frame::Put(std::uint16_t number, std::shared_ptr<const FrameWindow> window) {
  const auto place = std::lower_bound(windows_.begin(), windows_.end(), number,
                                      [](const auto& one, std::uint16_t wanted) { return one->number < wanted; });
  const bool there = place != windows_.end() && (*place)->number == number;
  if (window->rows == 0) {
    if (there) windows_.erase(place);
  } else if (there) {
    *place = std::move(window);
  } else {
    windows_.insert(place, std::move(window));
  }
}

Frame Frame::With(absl::Span<const FrameChange> changes) const {
  std::map<std::uint16_t, WindowEdit> edits;
  for (const FrameChange& change : changes) {
    const std::uint16_t number = change.row.window;
    edits.try_emplace(number, number, Find(number)).first->second.Apply(change);
  }
  Frame frame = *this;
  for (auto& [number, edit] : edits) frame.Put(number, edit.Finish());
  return frame;
}

Frame Frame::WithWindow(std::uint16_t window, std::vector<FrameRow> rows) const {
  Frame frame = *this;
  frame.Put(window, MakeWindow(window, std::move(rows)));
  return frame;
}

Frame Frame::WithWindow(std::shared_ptr<const FrameWindow> window) const {
  Frame frame = *this;
  const std::uint16_t number = window->number;
  frame.Put(number, std::move(window));
  return frame;
}

Frame Frame::WithColumn(std::uint16_t window, std::uint16_t subject, std::uint16_t scale, std::vector<FrameRow> rows) const {
  auto made = std::make_shared<FrameWindow>(*MakeWindow(window, std::move(rows)));
  if (const FrameWindow* before = Find(window); before != nullptr) {
    for (const std::shared_ptr<const Block>& block : before->blocks) {
      if (block->key().subject == subject && block->key().scale == scale) continue;
      made->blocks.push_back(block);
      made->rows += block->size();
    }
    std::sort(made->blocks.begin(), made->blocks.end(), [](const auto& a, const auto& b) { return a->key() < b->key(); });
  }
  return WithWindow(std::shared_ptr<const FrameWindow>(std::move(made)));
}

std::size_t Frame::rows() const {
  return std::accumulate(windows_.begin(), windows_.end(), std::size_t{0},
                         [](std::size_t sum, const auto& window) { return sum + window->rows; });
}

std::size_t Frame::bytes() const {
  std::size_t bytes = sizeof(Frame);
  for (const auto& window : windows_) {
    bytes += sizeof(FrameWindow) + window->blocks.capacity() * sizeof(window->blocks.front());
    for (const auto& block : window->blocks) bytes += block->bytes();
  }
  return bytes;
}

}  // namespace fivestrand::assessment::domain
