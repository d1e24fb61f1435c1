// What the server does with requests: sends each to the part that answers it.
#ifndef FIVESTRAND_GATEWAY_SRC_EDGE_EDGE_H_
#define FIVESTRAND_GATEWAY_SRC_EDGE_EDGE_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/src/edge/answers.h"
#include "gateway/src/edge/grpcweb_handler.h"
#include "gateway/src/edge/rest_handler.h"
#include "gateway/src/http/exchange.h"
#include "gateway/src/session/auth_handler.h"
#include "gateway/src/session/origin.h"
#include "gateway/src/static/file_set.h"

namespace fivestrand::gateway::edge {

struct EdgeOptions {
  size_t body_limit = 4 * 1024 * 1024;
  // By full method name, for example "fivestrand.leadership.v1.PeopleService.ImportPeople".
  std::map<std::string, size_t> body_limits;
  // Of a file that goes on as it arrives.
  size_t upload_limit = 64 * 1024 * 1024;
  // Where REST begins: below these nothing but the API answers.
  std::vector<std::string> rest_roots = {"/v1/"};
  std::function<std::string()> new_request_id;
};

// Thread-safe. What it is given must outlive it; `files` may be null when there is no portal.
class Edge final : public http::Handler {
 public:
  Edge(EdgeOptions options, const Answers* answers, RestHandler* rest, GrpcWebHandler* grpcweb, const MethodTable* methods,
       session::AuthHandler* auth, const session::CorsPolicy* cors, const files::FileSet* files, std::function<std::string()> jwks);

  size_t BodyLimit(const http::Request& request) override;
  bool StreamsBody(const http::Request& request) override;
  void Handle(std::shared_ptr<http::Exchange> exchange) override;
  http::Response Refuse(int status, std::string_view detail) override { return answers_->Refusal(status, detail); }

 private:
  bool IsRest(std::string_view path) const;

  const EdgeOptions options_;
  const Answers* const answers_;
  RestHandler* const rest_;
  GrpcWebHandler* const grpcweb_;
  const MethodTable* const methods_;
  session::AuthHandler* const auth_;
  const session::CorsPolicy* const cors_;
  const files::FileSet* const files_;
  const std::function<std::string()> jwks_;
};

}  // namespace fivestrand::gateway::edge

#endif  // FIVESTRAND_GATEWAY_SRC_EDGE_EDGE_H_
