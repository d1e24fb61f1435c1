#include "gateway/src/edge/edge.h"

#include <algorithm>
#include <utility>

#include "google/protobuf/descriptor.h"

#include "gateway/src/edge/call_spec.h"
#include "gateway/src/static/file_answer.h"
#include "platform/status/status.h"

namespace fivestrand::gateway::edge {
namespace {

constexpr size_t kSmallBody = 16 * 1024;

}  // namespace

Edge::Edge(EdgeOptions options, const Answers* answers, RestHandler* rest, GrpcWebHandler* grpcweb, const MethodTable* methods,
           session::AuthHandler* auth, const session::CorsPolicy* cors, const files::FileSet* files,
           std::function<std::string()> jwks)
    : options_(std::move(options)),
      answers_(answers),
      rest_(rest),
      grpcweb_(grpcweb),
      methods_(methods),
      auth_(auth),
      cors_(cors),
      files_(files),
      jwks_(std::move(jwks)) {}

bool Edge::IsRest(std::string_view path) const {
  return std::any_of(options_.rest_roots.begin(), options_.rest_roots.end(),
                     [&](const std::string& root) { return path.starts_with(root); });
}

size_t Edge::BodyLimit(const http::Request& request) {
  const bool web = GrpcWebHandler::Recognises(request);
  if (!web && !IsRest(request.path())) return kSmallBody;
  size_t limit = !web && rest_->StreamsBody(request) ? options_.upload_limit : options_.body_limit;
  if (!options_.body_limits.empty()) {
    const Method* method = web ? methods_->Find(request.path()) : rest_->Peek(request);
    if (method != nullptr) {
      const auto own = options_.body_limits.find(method->descriptor->full_name());
      if (own != options_.body_limits.end()) limit = own->second;
    }
  }
  // The limit is meant for the message; a frame and base64 around it come on top.
  return web ? limit / 3 * 4 + kSmallBody : limit;
}

bool Edge::StreamsBody(const http::Request& request) {
  return !GrpcWebHandler::Recognises(request) && IsRest(request.path()) && rest_->StreamsBody(request);
}

void Edge::Handle(std::shared_ptr<http::Exchange> exchange) {
  http::Exchange& e = *exchange;
  const http::Request& request = e.request();
  const std::string_view path = request.path();
  const std::string_view given = GivenRequestId(request);
  e.set_request_id(given.empty() ? options_.new_request_id() : std::string(given));
  if (session::CorsPolicy::IsPreflight(request)) {
    e.set_route("preflight", "(preflight)");
    return e.Respond(cors_->AnswerPreflight(request));
  }
  if (GrpcWebHandler::Recognises(request)) return grpcweb_->Handle(std::move(exchange));
  if (IsRest(path)) return rest_->Handle(std::move(exchange));
  if (path.starts_with("/auth/")) return auth_->Handle(std::move(exchange));
  if (path == "/.well-known/jwks.json" && request.method == http::Method::kGet) {
    e.set_route("jwks", "/.well-known/jwks.json");
    http::Response response;
    response.headers.AddLines("Content-Type: application/jwk-set+json\r\nCache-Control: public, max-age=60\r\n");
    response.body = jwks_();
    return answers_->Send(e, std::move(response));
  }
  e.set_route("page", "(no file)");
  if (files_ == nullptr) return answers_->Fail(e, status::Unimplemented("this address"), 404);
  files::FileAnswer answer = files::AnswerFile(*files_, request);
  e.set_route("page", answer.pattern);
  answers_->SendPage(e, std::move(answer.response));
}

}  // namespace fivestrand::gateway::edge
