// Server streams over REST: newline-delimited JSON, or server-sent events where Accept asks for them. A failure after the first
// message comes as the last element, {"error": ...}, because the 200 is already gone.
#ifndef FIVESTRAND_GATEWAY_SRC_EDGE_REST_STREAM_H_
#define FIVESTRAND_GATEWAY_SRC_EDGE_REST_STREAM_H_

#include <memory>
#include <string>

#include "gateway/src/edge/answers.h"
#include "gateway/src/http/exchange.h"
#include "gateway/src/transcode/rest_table.h"
#include "gateway/src/upstream/upstream.h"

namespace fivestrand::gateway::edge {

// `binding` and `answers` must outlive the stream.
void StartRestStream(std::shared_ptr<http::Exchange> exchange, upstream::Upstream* upstream, upstream::CallSpec spec,
                     const transcode::RestBinding* binding, const Answers* answers, std::string set_cookie);

}  // namespace fivestrand::gateway::edge

#endif  // FIVESTRAND_GATEWAY_SRC_EDGE_REST_STREAM_H_
