// Writes down reads of records that the call's own name does not tell.
#ifndef FIVESTRAND_PLATFORM_RESOURCE_RECORD_READS_H_
#define FIVESTRAND_PLATFORM_RESOURCE_RECORD_READS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace fivestrand::rpc {
struct CallContext;
}

namespace fivestrand::store {
class Store;
}

namespace fivestrand::resource {

// A row in the audit trail for each of `names`: that the caller read it. For an answer that was put together, such as a list with
// texts, which must be bounded. `done` comes once all are durable, at once when there are none; until then the answer must not
// leave.
void RecordReads(store::Store& store, std::shared_ptr<const rpc::CallContext> context, std::vector<std::string> names,
                 std::function<void(absl::Status)> done);

}  // namespace fivestrand::resource

#endif  // FIVESTRAND_PLATFORM_RESOURCE_RECORD_READS_H_
