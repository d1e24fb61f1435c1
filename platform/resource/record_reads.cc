#include "platform/resource/record_reads.h"

#include <utility>

#include "platform/rpc/call_context.h"
#include "platform/store/store.h"

namespace fivestrand::resource {

void RecordReads(store::Store& store, std::shared_ptr<const rpc::CallContext> context, std::vector<std::string> names,
                 std::function<void(absl::Status)> done) {
  if (names.empty()) return done(absl::OkStatus());
  store::WriteRequest write;
  write.deadline = context->deadline;
  write.body = [context, names = std::move(names)](store::WriteTransaction& transaction) -> absl::Status {
    for (const std::string& name : names) {
      transaction.AppendAudit({.actor = context->caller->subject, .action = "read", .resource = name, .trust = context->trust});
    }
    return absl::OkStatus();
  };
  write.done = std::move(done);
  store.WriteAsync(std::move(write));
}

}  // namespace fivestrand::resource
