// Chance for the demonstration: everything follows from a seed and what it is for, so that the same load always makes the same
// trust.
#ifndef FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_DICE_H_
#define FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_DICE_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string_view>

#include "absl/time/civil_time.h"

namespace fivestrand::demo {

// FNV-1a.
inline std::uint64_t Hash(std::string_view bytes, std::uint64_t hash = 0xCBF29CE484222325ull) {
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
  return hash;
}

// A number from 0 to 1 that depends on these alone.
inline double Fixed(std::uint64_t seed, std::string_view a, std::string_view b = {}, std::string_view c = {}) {
  std::uint64_t mixed = Hash(c, Hash("|", Hash(b, Hash("|", Hash(a))))) ^ (seed * 0x9E3779B97F4A7C15ull);
  // Two rounds spread what FNV leaves in the low bits.
  for (int i = 0; i < 2; ++i) {
    mixed ^= mixed >> 33;
    mixed *= 0xFF51AFD7ED558CCDull;
  }
  return static_cast<double>(mixed >> 11) / 9007199254740992.0;
}

// One source of chance for each purpose and day, so that a later `today` changes nothing before it.
class Dice {
 public:
  Dice(std::uint64_t seed, std::string_view purpose, absl::CivilDay day = absl::CivilDay(1970, 1, 1)) {
    std::uint64_t mixed = seed * 0x9E3779B97F4A7C15ull + static_cast<std::uint64_t>(day - absl::CivilDay(1970, 1, 1));
    for (char c : purpose) mixed = (mixed ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
    random_.seed(mixed);
  }
  bool Chance(double probability) { return Share() < probability; }
  double Share() { return std::uniform_real_distribution<double>(0, 1)(random_); }
  // Around 0, with standard deviation 1.
  double Normal() { return std::normal_distribution<double>(0, 1)(random_); }
  int Below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
  template <typename Array>
  auto Pick(const Array& array) {
    return array[static_cast<std::size_t>(Below(static_cast<int>(array.size())))];
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace fivestrand::demo

#endif  // FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_DICE_H_
