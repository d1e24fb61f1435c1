// Moves the messages of a call into a streamed answer, no faster than the peer reads them.
#ifndef FIVESTRAND_GATEWAY_SRC_EDGE_STREAM_PUMP_H_
#define FIVESTRAND_GATEWAY_SRC_EDGE_STREAM_PUMP_H_

#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"

#include "gateway/src/http/exchange.h"
#include "gateway/src/upstream/upstream.h"

namespace fivestrand::gateway::edge {

// What one kind of stream does with messages.
class StreamFormat {
 public:
  virtual ~StreamFormat() = default;
  // The head of the answer; `initial` is what the service sent ahead.
  virtual http::ResponseHead Head(const upstream::Metadata& initial) = 0;
  // Appends what goes out for a message. An error ends the stream with it.
  virtual absl::Status Append(const upstream::Message& message, std::string* out) = 0;
  // The end. `started` tells whether the head has gone out; if not, Fail may send a plain answer instead and return false.
  virtual bool AppendEnd(const upstream::CallEnd& end, bool started, std::string* out) = 0;
};

// Starts the call and sees it through. A peer that leaves cancels it; a server that drains ends it with UNAVAILABLE (DRAINING).
void PumpStream(std::shared_ptr<http::Exchange> exchange, upstream::Upstream* upstream, upstream::CallSpec spec,
                std::unique_ptr<StreamFormat> format);

}  // namespace fivestrand::gateway::edge

#endif  // FIVESTRAND_GATEWAY_SRC_EDGE_STREAM_PUMP_H_
