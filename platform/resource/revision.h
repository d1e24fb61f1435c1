// Earlier states of records whose type keeps revisions.
#ifndef FIVESTRAND_PLATFORM_RESOURCE_REVISION_H_
#define FIVESTRAND_PLATFORM_RESOURCE_REVISION_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace fivestrand::store {
class Session;
}

namespace fivestrand::resource {

// Reads the record as it was at a revision before the present one, sealed fields left out; false when that is not kept. The caller
// has seen to it that the present record may be read.
absl::StatusOr<bool> ReadRevision(store::Session& session, std::string_view name, std::int64_t revision,
                                  google::protobuf::Message* record);

}  // namespace fivestrand::resource

#endif  // FIVESTRAND_PLATFORM_RESOURCE_REVISION_H_
