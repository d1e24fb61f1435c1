// Names as people write them, and what they are names of.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_NAME_INDEX_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_NAME_INDEX_H_

#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"

namespace fivestrand::assessment::domain {

// Finds things by their id, or by their name as people write it.
class NameIndex {
 public:
  static constexpr int kNone = -1;
  static constexpr int kSeveral = -2;

  void Add(std::string_view id, std::string_view display_name, int place);
  // A further name that may be used.
  void AddName(std::string_view name, int place);
  // The place, kNone, or kSeveral when the name fits more than one.
  int Find(std::string_view text) const;

 private:
  absl::flat_hash_map<std::string, int> ids_;
  absl::flat_hash_map<std::string, int> names_;
};

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_NAME_INDEX_H_
