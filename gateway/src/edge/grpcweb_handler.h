// gRPC-Web: messages are passed on as the bytes that they are.
#ifndef FIVESTRAND_GATEWAY_SRC_EDGE_GRPCWEB_HANDLER_H_
#define FIVESTRAND_GATEWAY_SRC_EDGE_GRPCWEB_HANDLER_H_

#include <memory>
#include <string>

#include "gateway/src/edge/answers.h"
#include "gateway/src/edge/call_spec.h"
#include "gateway/src/edge/method_table.h"
#include "gateway/src/grpcweb/framing.h"
#include "gateway/src/http/exchange.h"
#include "gateway/src/session/authenticator.h"

namespace fivestrand::gateway::edge {

// Thread-safe. What it is given must outlive it.
class GrpcWebHandler {
 public:
  GrpcWebHandler(const MethodTable* methods, const Answers* answers, session::Authenticator* authenticator, Deadlines deadlines)
      : methods_(methods), answers_(answers), authenticator_(authenticator), deadlines_(deadlines) {}

  // Whether the request is one, by its method and Content-Type.
  static bool Recognises(const http::Request& request);

  void Handle(std::shared_ptr<http::Exchange> exchange);

 private:
  void Call(std::shared_ptr<http::Exchange> exchange, const Method& method, grpcweb::Encoding encoding, size_t offset,
            session::Credentials credentials);
  void Fail(http::Exchange& exchange, grpcweb::Encoding encoding, const absl::Status& status, int http_status = 200) const;

  const MethodTable* const methods_;
  const Answers* const answers_;
  session::Authenticator* const authenticator_;
  const Deadlines deadlines_;
};

}  // namespace fivestrand::gateway::edge

#endif  // FIVESTRAND_GATEWAY_SRC_EDGE_GRPCWEB_HANDLER_H_
