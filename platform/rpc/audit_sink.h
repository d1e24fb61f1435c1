// Where audited reads are written down.
#ifndef FIVESTRAND_PLATFORM_RPC_AUDIT_SINK_H_
#define FIVESTRAND_PLATFORM_RPC_AUDIT_SINK_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"

namespace fivestrand::rpc {

struct CallContext;

// Called for each successful call of a method whose policy says audit_read, before its answer leaves. Thread-safe, must not wait;
// `done` may come from any thread. When it is not OK the caller gets that error and not the answer. A server stream is written down
// once, when it starts.
class AuditSink {
 public:
  virtual ~AuditSink() = default;
  virtual void RecordRead(std::shared_ptr<const CallContext> context, std::function<void(absl::Status)> done) = 0;
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_AUDIT_SINK_H_
