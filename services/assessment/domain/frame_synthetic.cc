#include "services/assessment/domain/frame_synthetic.h"

#include <utility>

namespace fivestrand::assessment::domain {
namespace {

// A hash of a few numbers: the same trust every time, in any order.
std::uint32_t Mix(std::uint32_t a, std::uint32_t b, std::uint32_t c = 0) {
  std::uint64_t x = (std::uint64_t{a} << 32 | b) * 0x9E3779B97F4A7C15u + c;
  x ^= x >> 29;
  x *= 0xBF58476D1CE4E5B9u;
  x ^= x >> 32;
  return static_cast<std::uint32_t>(x);
}

std::uint8_t GroupsOf(std::uint32_t pupil, std::uint16_t window, std::uint32_t seed) {
  // One pupil in thirty joins or leaves a group now and then.
  const std::uint32_t when = Mix(pupil, seed, 7) % 30 == 0 ? window / 3u : 0;
  std::uint8_t groups = 0;
  constexpr std::uint32_t kPerThousand[kGroups] = {270, 170, 10, 150, 200};
  for (int group = 0; group < kGroups; ++group) {
    if (Mix(pupil, when, seed + 11 + static_cast<std::uint32_t>(group)) % 1000 < kPerThousand[group])
      groups = static_cast<std::uint8_t>(groups | 1 << group);
  }
  return groups;
}

}  // namespace

std::vector<FrameRow> SyntheticWindow(const SyntheticTrust& trust, std::uint16_t window) {
  std::vector<FrameRow> rows;
  rows.reserve(std::size_t{trust.pupils} * trust.subjects);
  for (std::uint16_t subject = 1; subject <= trust.subjects; ++subject) {
    for (std::uint16_t scale = 1; scale <= trust.scales; ++scale) {
      for (std::uint32_t pupil = 1; pupil <= trust.pupils; ++pupil) {
        if (Mix(pupil, subject, trust.seed + 3) % trust.scales + 1 != scale) continue;
        FrameRow row;
        row.pupil = pupil;
        row.window = window;
        row.subject = subject;
        row.scale = scale;
        row.school = static_cast<std::uint16_t>(1 + Mix(pupil, trust.seed, 1) % trust.schools);
        row.year = static_cast<std::uint8_t>(4 + Mix(pupil, trust.seed, 2) % 6);
        row.school_class = 1 + row.school * 16u + row.year;
        row.groups = GroupsOf(pupil, window, trust.seed);
        const std::uint32_t luck = Mix(pupil * 31 + subject, window, trust.seed + 5);
        const std::uint32_t prior = Mix(pupil, trust.seed, 4) % 4;
        if (luck % 50 == 0) {
          row.marks = luck % 100 == 0 ? kCounts : 0;
        } else {
          const std::int32_t points = 80 + static_cast<std::int32_t>(luck % 36) + static_cast<std::int32_t>(prior) * 2;
          row.score = points * 1000;
          row.marks =
              static_cast<std::uint8_t>(kCounts | kScored | (points >= 100 ? kExpected : 0) | (points >= 110 ? kHigher : 0));
          row.outcome = points >= 110 ? 3 : points >= 100 ? 2 : 1;
        }
        row.marks = static_cast<std::uint8_t>(row.marks | prior << kMarkBits);
        rows.push_back(row);
      }
    }
  }
  return rows;
}

Frame SyntheticFrame(const SyntheticTrust& trust) {
  Frame frame;
  for (std::uint16_t window = 1; window <= trust.windows; ++window)
    frame = frame.WithWindow(window, SyntheticWindow(trust, window));
  return frame;
}

}  // namespace fivestrand::assessment::domain
