// A file that is sent by HTTP, on its way to a method that takes a stream.
#ifndef FIVESTRAND_GATEWAY_SRC_EDGE_REST_UPLOAD_H_
#define FIVESTRAND_GATEWAY_SRC_EDGE_REST_UPLOAD_H_

#include <memory>

#include "absl/functional/any_invocable.h"

#include "gateway/src/edge/answers.h"
#include "gateway/src/http/exchange.h"
#include "gateway/src/transcode/rest_table.h"
#include "gateway/src/upstream/upstream.h"

namespace fivestrand::gateway::edge {

// `answer` is null on failure.
using UploadAnswer =
    absl::AnyInvocable<void(http::Exchange& exchange, const upstream::CallEnd& end, const upstream::Message* answer)>;

// Starts the call with its first message and passes the body on as it arrives: no more of it is in memory than the service has not
// taken yet, up to a bound. `finish` answers when the service has. A body that breaks off, is too large or too slow cancels the
// call, so that the service never takes half a file for a whole one; a server that drains ends it with UNAVAILABLE (DRAINING).
void StartRestUpload(std::shared_ptr<http::Exchange> exchange, upstream::Upstream* upstream, upstream::CallSpec spec,
                     const transcode::RestBinding* binding, const Answers* answers, UploadAnswer finish);

}  // namespace fivestrand::gateway::edge

#endif  // FIVESTRAND_GATEWAY_SRC_EDGE_REST_UPLOAD_H_
