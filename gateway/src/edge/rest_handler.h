// REST: from a request to a call and back.
#ifndef FIVESTRAND_GATEWAY_SRC_EDGE_REST_HANDLER_H_
#define FIVESTRAND_GATEWAY_SRC_EDGE_REST_HANDLER_H_

#include <memory>
#include <vector>

#include "gateway/src/edge/answers.h"
#include "gateway/src/edge/call_spec.h"
#include "gateway/src/edge/method_table.h"
#include "gateway/src/http/exchange.h"
#include "gateway/src/session/authenticator.h"
#include "gateway/src/transcode/rest_table.h"

namespace fivestrand::gateway::edge {

// Thread-safe. What it is given must outlive it.
class RestHandler {
 public:
  // NOT_FOUND when the tables do not belong together.
  static absl::StatusOr<std::unique_ptr<RestHandler>> Make(const transcode::RestTable* rest, const MethodTable* methods,
                                                           const Answers* answers, session::Authenticator* authenticator,
                                                           Deadlines deadlines);

  void Handle(std::shared_ptr<http::Exchange> exchange);
  // The method that the request would reach, or null.
  const Method* Peek(const http::Request& request) const;
  // Whether the body of the request is a file that goes on as it arrives.
  bool StreamsBody(const http::Request& request) const;

 private:
  RestHandler(const transcode::RestTable* rest, const Answers* answers, session::Authenticator* authenticator, Deadlines deadlines)
      : rest_(rest), answers_(answers), authenticator_(authenticator), deadlines_(deadlines) {}

  void Call(std::shared_ptr<http::Exchange> exchange, size_t route, std::vector<std::string> values,
            session::Credentials credentials);
  void Finish(http::Exchange& exchange, const transcode::RestBinding& binding, const upstream::CallEnd& end,
              const upstream::Message* answer, std::string_view set_cookie) const;

  const transcode::RestTable* const rest_;
  const Answers* const answers_;
  session::Authenticator* const authenticator_;
  const Deadlines deadlines_;
  std::vector<const Method*> methods_;  // by route
};

}  // namespace fivestrand::gateway::edge

#endif  // FIVESTRAND_GATEWAY_SRC_EDGE_REST_HANDLER_H_
