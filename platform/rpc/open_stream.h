// What a server keeps of a stream to end it when it stops. Internal to platform/rpc.
#ifndef FIVESTRAND_PLATFORM_RPC_OPEN_STREAM_H_
#define FIVESTRAND_PLATFORM_RPC_OPEN_STREAM_H_

#include "absl/status/status.h"

namespace fivestrand::rpc {

class OpenStream {
 public:
  virtual ~OpenStream() = default;
  // From any thread; does not wait. Has no effect on a stream that is over.
  virtual void End(absl::Status why) = 0;
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_OPEN_STREAM_H_
