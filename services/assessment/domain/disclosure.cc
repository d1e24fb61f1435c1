#include "services/assessment/domain/disclosure.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

#include "services/assessment/domain/frame.h"

namespace fivestrand::assessment::domain {
namespace {

// Disadvantaged, SEND, most able, looked after, English as an additional language; then the bands, high, low, middle, unknown. What
// comes first is taken first: the groups that the model names before the others.
constexpr int kOrder[] = {0, 1, 2, 4, 3, 5, 9, 7, 8, 6};

bool Holds(int index, const PupilClass& one) {
  if (index == 0) return true;
  if (index <= kGroups) return (one.groups >> (index - 1) & 1) != 0;
  return one.prior == index - 1 - kGroups;
}

// The sets taken so far, as what they do to pupils: pupils of one type are in the same sets. In a combination of sets all pupils of
// a type weigh the same; type 0 is in none of them and weighs nothing.
class Types {
 public:
  explicit Types(absl::Span<const PupilClass> classes, int threshold)
      : classes_(classes), threshold_(threshold), type_of_(classes.size(), 0), sizes_(1, 0) {
    for (const PupilClass& one : classes) sizes_[0] += one.pupils;
  }

  // On how many pupils at least a combination rests in which this set takes part. Whatever weight the sets before give to a type,
  // it can cancel that of the new set for its pupils within the set or for those outside, not for both.
  std::int64_t Worth(const std::vector<std::size_t>& set) const {
    std::int64_t worth = 0;
    for (const auto& [type, pupils] : Within(set)) worth += type == 0 ? pupils : std::min(pupils, sizes_[type] - pupils);
    return worth;
  }

  // Takes the set when it may be taken.
  bool Take(const std::vector<std::size_t>& set) {
    if (Worth(set) < threshold_) return false;
    std::map<std::size_t, std::size_t> parts;
    for (const auto& [type, pupils] : Within(set)) {
      parts[type] = sizes_.size();
      sizes_[type] -= pupils;
      sizes_.push_back(pupils);
    }
    for (const std::size_t place : set) type_of_[place] = parts[type_of_[place]];
    return true;
  }

 private:
  std::map<std::size_t, std::int64_t> Within(const std::vector<std::size_t>& set) const {
    std::map<std::size_t, std::int64_t> within;
    for (const std::size_t place : set) within[type_of_[place]] += classes_[place].pupils;
    return within;
  }

  const absl::Span<const PupilClass> classes_;
  const int threshold_;
  std::vector<std::size_t> type_of_;
  std::vector<std::int64_t> sizes_;
};

using Set = std::vector<std::size_t>;

void Append(const Set& from, Set* to) {
  to->insert(to->end(), from.begin(), from.end());
}

}  // namespace

bool Attribute::Holds(std::uint8_t groups, std::uint8_t prior) const {
  switch (kind) {
    case Kind::kNone:
      return true;
    case Kind::kGroup:
      return (groups >> number & 1) != 0;
    case Kind::kOthers:
      return (groups >> number & 1) == 0;
    case Kind::kPrior:
      return prior == number;
  }
  return false;
}

std::vector<Attribute> AllAttributes() {
  std::vector<Attribute> attributes = {{}};
  for (std::uint8_t group = 0; group < kGroups; ++group) {
    attributes.push_back({Attribute::Kind::kGroup, group});
    attributes.push_back({Attribute::Kind::kOthers, group});
  }
  for (std::uint8_t prior = 0; prior < kPriors; ++prior) attributes.push_back({Attribute::Kind::kPrior, prior});
  return attributes;
}

// Chooses the family, attribute by attribute.
class DisclosureChoice {
 public:
  DisclosureChoice(absl::Span<const PupilClass> classes, Disclosure& result)
      : classes_(classes), result_(result), types_(classes, result.threshold_) {
    for (std::size_t i = 0; i < classes.size(); ++i) {
      if (classes[i].pupils <= 0) continue;
      schools_[classes[i].school][classes[i].year].push_back(i);
      years_[classes[i].year].push_back(classes[i].school);
      for (const int school : {static_cast<int>(classes[i].school), kAnySchool}) {
        for (const int year : {static_cast<int>(classes[i].year), kAnyYear}) {
          Disclosure::Place& place = result.places_[{school, year}];
          for (int index = 0; index < Disclosure::kAttributes; ++index) {
            if (Holds(index, classes[i])) place.pupils[index] += classes[i].pupils;
          }
        }
      }
    }
  }

  void Choose() {
    for (const int index : kOrder) Choose(index);
  }

 private:
  // A year group of a school, seen by one attribute.
  struct Leaf {
    int year = 0;
    Set set;
    std::int64_t worth = 0;
    bool rest = false;  // not shown by itself
  };
  struct School {
    int number = 0;
    std::vector<Leaf> leaves;  // those with pupils of the attribute whose figure does not follow from others
    bool hidden = false;

    std::int64_t RestWorth() const {
      std::int64_t worth = 0;
      for (const Leaf& leaf : leaves) worth += leaf.rest ? leaf.worth : 0;
      return worth;
    }
    std::int64_t Worth() const {
      std::int64_t worth = 0;
      for (const Leaf& leaf : leaves) worth += leaf.worth;
      return worth;
    }
    bool HasRest() const {
      return std::any_of(leaves.begin(), leaves.end(), [](const Leaf& leaf) { return leaf.rest; });
    }
    Set Rest() const {
      Set set;
      for (const Leaf& leaf : leaves) {
        if (leaf.rest) Append(leaf.set, &set);
      }
      return set;
    }
  };

  Disclosure::Place& At(int school, int year) { return result_.places_[{school, year}]; }

  // Its figure is that of all pupils of the place, of nobody, or what the other bands leave.
  bool Follows(int school, int year, int index) {
    const Disclosure::Place& place = At(school, year);
    if (index == kOrder[Disclosure::kAttributes - 1] && place.shown[0] &&
        std::all_of(kOrder + 1 + kGroups, kOrder + Disclosure::kAttributes - 1, [&](int band) { return place.shown[band]; })) {
      return true;
    }
    return place.pupils[index] == 0 || (index != 0 && place.pupils[index] == place.pupils[0] && place.shown[0]);
  }

  void Choose(int index) {
    std::vector<School> schools = Plan(index);
    HideOneMore(schools);
    for (School& school : schools) TakeSchool(index, school);
    TakeTrust(index, schools);
    for (const auto& [year, numbers] : years_) TakeYear(index, year);
  }

  // What is too small goes with the next smallest of the school, so that the two together are not.
  std::vector<School> Plan(int index) {
    std::vector<School> schools;
    for (const auto& [number, years] : schools_) {
      School school{.number = number};
      for (const auto& [year, places] : years) {
        if (Follows(number, year, index)) continue;
        Leaf leaf{.year = year};
        for (const std::size_t place : places) {
          if (Holds(index, classes_[place])) leaf.set.push_back(place);
        }
        leaf.worth = types_.Worth(leaf.set);
        leaf.rest = leaf.worth < result_.threshold_;
        school.leaves.push_back(std::move(leaf));
      }
      while (school.HasRest() && school.RestWorth() < result_.threshold_ && HideSmallest(school)) {
      }
      school.hidden = school.HasRest() && school.RestWorth() < result_.threshold_;
      schools.push_back(std::move(school));
    }
    return schools;
  }

  static bool HideSmallest(School& school) {
    Leaf* smallest = nullptr;
    for (Leaf& leaf : school.leaves) {
      if (!leaf.rest && (smallest == nullptr || leaf.worth < smallest->worth)) smallest = &leaf;
    }
    if (smallest == nullptr) return false;
    smallest->rest = true;
    return true;
  }

  // The same among schools: those that are hidden must come to enough together, or the trust's figure could not be shown.
  void HideOneMore(std::vector<School>& schools) {
    while (true) {
      std::int64_t worth = 0;
      bool any = false;
      School* smallest = nullptr;
      for (School& school : schools) {
        if (school.hidden) {
          any = true;
          worth += school.Worth();
        } else if (!school.leaves.empty() && (smallest == nullptr || school.Worth() < smallest->Worth())) {
          smallest = &school;
        }
      }
      if (!any || worth >= result_.threshold_ || smallest == nullptr) return;
      smallest->hidden = true;
    }
  }

  void TakeSchool(int index, School& school) {
    if (school.hidden) {
      for (Leaf& leaf : school.leaves) leaf.rest = true;
    }
    for (Leaf& leaf : school.leaves) {
      if (!leaf.rest) leaf.rest = !types_.Take(leaf.set);
    }
    if (!school.hidden && school.HasRest()) school.hidden = !types_.Take(school.Rest());
    for (const auto& [year, places] : schools_[school.number]) At(school.number, year).shown[index] = true;
    for (const Leaf& leaf : school.leaves) At(school.number, leaf.year).shown[index] = !leaf.rest;
    At(school.number, kAnyYear).shown[index] = !school.hidden;
    if (school.hidden && Follows(school.number, kAnyYear, index)) {
      At(school.number, kAnyYear).shown[index] = true;
      school.hidden = false;
    }
  }

  void TakeTrust(int index, const std::vector<School>& schools) {
    Set rest;
    for (const School& school : schools) {
      if (school.hidden) Append(school.Rest(), &rest);
    }
    // What the leaves of a hidden school that are not its rest add is shown by themselves.
    At(kAnySchool, kAnyYear).shown[index] =
        rest.empty() || types_.Take(rest) || (index != 0 && Follows(kAnySchool, kAnyYear, index));
  }

  void TakeYear(int index, int year) {
    Set rest;
    for (const auto& [number, years] : schools_) {
      const auto found = years.find(year);
      if (found == years.end() || At(number, year).shown[index]) continue;
      for (const std::size_t place : found->second) {
        if (Holds(index, classes_[place])) rest.push_back(place);
      }
    }
    At(kAnySchool, year).shown[index] = rest.empty() || types_.Take(rest) || (index != 0 && Follows(kAnySchool, year, index));
  }

  const absl::Span<const PupilClass> classes_;
  Disclosure& result_;
  Types types_;
  std::map<int, std::map<int, Set>> schools_;  // places of the classes of each year group
  std::map<int, std::vector<int>> years_;
};

Disclosure::Disclosure(absl::Span<const PupilClass> classes, int threshold) : threshold_(threshold) {
  DisclosureChoice(classes, *this).Choose();
}

int Disclosure::IndexOf(Attribute attribute) {
  switch (attribute.kind) {
    case Attribute::Kind::kNone:
      return 0;
    case Attribute::Kind::kGroup:
    case Attribute::Kind::kOthers:
      return attribute.number < kGroups ? 1 + attribute.number : -1;
    case Attribute::Kind::kPrior:
      return attribute.number < kPriors ? 1 + kGroups + attribute.number : -1;
  }
  return -1;
}

bool Disclosure::MayShow(int school, int year, Attribute attribute) const {
  const int index = IndexOf(attribute);
  if (index < 0) return false;
  const auto found = places_.find(PlaceKey{school, year});
  if (found == places_.end()) return true;
  const Place& place = found->second;
  if (!place.shown[0] || !place.shown[index]) return false;
  const bool others = attribute.kind == Attribute::Kind::kOthers;
  const std::int64_t pupils = others ? place.pupils[0] - place.pupils[index] : place.pupils[index];
  return pupils == 0 || pupils >= threshold_;
}

}  // namespace fivestrand::assessment::domain
