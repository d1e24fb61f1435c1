#include "services/assessment/api/analysis_answer.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <tuple>

namespace fivestrand::assessment::api {
namespace {

using domain::Axis;
using domain::CellKey;
using domain::FrameNames;
using domain::Tally;

template <typename Names, typename Key>
std::vector<std::uint32_t> RanksOf(const Names& names, Key key) {
  std::vector<std::uint32_t> order(names.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return key(names[a]) < key(names[b]); });
  std::vector<std::uint32_t> ranks(names.size());
  for (std::uint32_t rank = 0; rank < order.size(); ++rank) ranks[order[rank]] = rank;
  return ranks;
}

template <typename Names>
std::string NameOf(const Names& names, std::uint32_t number) {
  return number < names.size() ? names[number].name : std::string();
}

}  // namespace

v1::Figure FigureOf(Tally tally, const domain::CellSum& sum) {
  v1::Figure figure;
  if (tally == Tally::kScore && sum.mixed_scales) {
    figure.set_state(v1::MIXED_SCALES);
    return figure;
  }
  if (sum.count == 0) {
    figure.set_state(v1::NO_SCORES);
    return figure;
  }
  figure.set_state(v1::SHOWN);
  figure.set_count(sum.count);
  const auto count = static_cast<double>(sum.count);
  if (tally == Tally::kScore) {
    figure.set_value(static_cast<double>(sum.score) / count / 1000);
  } else {
    figure.set_reached(sum.reached);
    figure.set_value(static_cast<double>(sum.reached) / count);
  }
  return figure;
}

v1::Figure Suppressed() {
  v1::Figure figure;
  figure.set_state(v1::SUPPRESSED);
  return figure;
}

v1::Figure Difference(const v1::Figure& a, const v1::Figure& b, std::int64_t count) {
  if (a.state() == v1::SUPPRESSED || b.state() == v1::SUPPRESSED) return Suppressed();
  v1::Figure figure;
  if (a.state() == v1::MIXED_SCALES || b.state() == v1::MIXED_SCALES) {
    figure.set_state(v1::MIXED_SCALES);
  } else if (a.state() != v1::SHOWN || b.state() != v1::SHOWN) {
    figure.set_state(v1::ONE_SIDED);
  } else {
    figure.set_state(v1::SHOWN);
    figure.set_value(a.value() - b.value());
    figure.set_count(count);
  }
  return figure;
}

KeyOrder::KeyOrder(const FrameNames& names, absl::Span<const Axis> axes) : ranks_(axes.size()), axes_(axes.size()) {
  for (std::size_t i = 0; i < axes.size(); ++i) {
    switch (axes[i]) {
      case Axis::kSchool:
        ranks_[i] = RanksOf(names.schools, [](const auto& school) { return std::tie(school.display_name, school.name); });
        break;
      case Axis::kSubject:
        ranks_[i] = RanksOf(names.subjects, [](const auto& subject) { return std::tie(subject.display_name, subject.name); });
        break;
      case Axis::kClass:
        ranks_[i] = RanksOf(names.classes, [](const auto& one) { return std::tie(one.name); });
        break;
      case Axis::kWindow:
        ranks_[i] = RanksOf(names.windows, [](const auto& window) { return std::tie(window.end, window.start, window.name); });
        break;
      default:
        break;
    }
  }
}

std::uint32_t KeyOrder::RankOf(std::size_t axis, std::uint32_t number) const {
  return number < ranks_[axis].size() ? ranks_[axis][number] : number;
}

bool KeyOrder::Before(const CellKey& a, const CellKey& b) const {
  for (std::size_t i = 0; i < axes_; ++i) {
    const std::uint32_t left = RankOf(i, a[i]), right = RankOf(i, b[i]);
    if (left != right) return left < right;
  }
  return false;
}

void AddKeys(const FrameNames& names, absl::Span<const Axis> axes, const CellKey& key, v1::ResultCell* cell) {
  for (std::size_t i = 0; i < axes.size(); ++i) {
    v1::CellKey* out = cell->add_keys();
    switch (axes[i]) {
      case Axis::kSchool:
        out->set_school(NameOf(names.schools, key[i]));
        break;
      case Axis::kPhase:
        out->set_phase(static_cast<type::v1::Phase>(key[i]));
        break;
      case Axis::kYear:
        out->set_year_group(static_cast<type::v1::YearGroup>(key[i]));
        break;
      case Axis::kClass:
        out->set_school_class(NameOf(names.classes, key[i]));
        break;
      case Axis::kSubject:
        out->set_subject(NameOf(names.subjects, key[i]));
        break;
      case Axis::kWindow:
        out->set_window(NameOf(names.windows, key[i]));
        break;
      case Axis::kGroup:
        out->mutable_pupil_group()->set_group(static_cast<type::v1::PupilGroup>(key[i] / 2 + 1));
        out->mutable_pupil_group()->set_others(key[i] % 2 != 0);
        break;
      case Axis::kPrior:
        out->set_prior_attainment(key[i] == 0 ? v1::PRIOR_ATTAINMENT_UNKNOWN : static_cast<v1::PriorAttainment>(key[i]));
        break;
    }
  }
}

void AddTransitions(const FrameNames& names, const std::map<domain::JoinCell::Move, std::int64_t>& moves, v1::ResultCell* cell) {
  if (moves.empty()) return;
  const std::uint16_t scale = moves.begin()->first.scale;
  if (moves.rbegin()->first.scale != scale || scale >= names.scales.size()) return;
  const std::vector<std::string>& outcomes = names.scales[scale].outcomes;
  if (outcomes.size() < 2) return;
  v1::TransitionMatrix* matrix = cell->mutable_transitions();
  const auto side = static_cast<int>(outcomes.size()) - 1;
  for (int place = 1; place <= side; ++place) matrix->add_outcomes(outcomes[static_cast<std::size_t>(place)]);
  matrix->mutable_counts()->Resize(side * side, 0);
  for (const auto& [move, count] : moves) {
    if (move.from <= side && move.to <= side) matrix->set_counts((move.from - 1) * side + move.to - 1, count);
  }
}

}  // namespace fivestrand::assessment::api
