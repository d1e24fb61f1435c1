// Which figures may be shown to somebody who may not see the pupils, so that nothing about fewer than k of them can be worked out,
// whatever else is asked.
//
// Figures are sums over sets of pupils, and whoever has two figures has their difference, so it is not enough that each is over k.
// Here the figures of one window and subject that can be shown at all are a fixed family, chosen in a fixed order: each school's
// year groups, schools, the trust, and of each the groups and the bands of prior attainment. A set is taken into the family only if
// every combination of it with the sets taken before, by any weights, still rests on at least k pupils. Then every combination of
// figures of the family does: look at the last set that it uses (docs/adr/2026-11-24-figures-for-those-who-may-not-see-pupils.md
// has the proof). A figure is shown only if it is a set of the family or a sum of some.
//
// What is taken depends on who the pupils are, never on their results.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_DISCLOSURE_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_DISCLOSURE_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"

namespace fivestrand::assessment::domain {

// Pupils of one window and subject who agree in everything that figures are cut by.
struct PupilClass {
  std::uint16_t school = 0;
  std::uint8_t year = 0;
  std::uint8_t groups = 0;
  std::uint8_t prior = 0;
  std::int64_t pupils = 0;
};

// By what the pupils of a school or year group are cut, at most one at a time.
struct Attribute {
  enum class Kind : std::uint8_t { kNone, kGroup, kOthers, kPrior };
  Kind kind = Kind::kNone;
  std::uint8_t number = 0;  // bit of the group, or the band

  bool Holds(std::uint8_t groups, std::uint8_t prior) const;
  friend bool operator==(const Attribute&, const Attribute&) = default;
};

// None, each group and its others, each band.
std::vector<Attribute> AllAttributes();

inline constexpr int kAnySchool = -1;
inline constexpr int kAnyYear = -1;

// Immutable, and safe to share.
class Disclosure {
 public:
  // Classes in any order, none twice.
  Disclosure(absl::Span<const PupilClass> classes, int threshold);

  // Whether the figure over the pupils of a school (or all) in a year group (or all) with the attribute may be shown. True when
  // there are none.
  bool MayShow(int school, int year, Attribute attribute) const;

  int threshold() const { return threshold_; }

 private:
  friend class DisclosureChoice;

  // The sets of one attribute: all pupils, one group, or one band.
  static constexpr int kAttributes = 1 + 5 + 4;
  static int IndexOf(Attribute attribute);
  bool Shown(int school, int year, int index) const;

  struct PlaceKey {
    int school;
    int year;
    friend bool operator==(const PlaceKey&, const PlaceKey&) = default;
    template <typename H>
    friend H AbslHashValue(H h, const PlaceKey& key) {
      return H::combine(std::move(h), key.school, key.year);
    }
  };
  struct Place {
    std::int64_t pupils[kAttributes] = {};
    bool shown[kAttributes] = {};
  };

  int threshold_ = 0;
  absl::flat_hash_map<PlaceKey, Place> places_;
};

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_DISCLOSURE_H_
