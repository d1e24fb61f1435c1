// The patterns of every resource type that the linked contract declares.
#ifndef FIVESTRAND_PLATFORM_RPC_RESOURCE_INDEX_H_
#define FIVESTRAND_PLATFORM_RPC_RESOURCE_INDEX_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"

#include "platform/names/pattern.h"

namespace fivestrand::rpc {

// Immutable once made.
class ResourceIndex {
 public:
  // Reads google.api.resource of every message in every linked .proto. FAILED_PRECONDITION names a pattern that is none.
  static absl::StatusOr<ResourceIndex> OfLinkedProtos();

  // Empty for a type that is not linked, such as one of another service.
  const std::vector<names::Pattern>& PatternsOf(std::string_view type) const;
  // Of the parents of the type.
  const std::vector<names::Pattern>& ParentPatternsOf(std::string_view type) const;

 private:
  struct Entry {
    std::vector<names::Pattern> patterns;
    std::vector<names::Pattern> parents;
  };

  absl::flat_hash_map<std::string, Entry> types_;
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_RESOURCE_INDEX_H_
