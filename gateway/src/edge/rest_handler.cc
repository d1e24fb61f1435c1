#include "gateway/src/edge/rest_handler.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"

#include "gateway/src/edge/rest_stream.h"
#include "gateway/src/edge/rest_upload.h"
#include "gateway/src/http/uri.h"
#include "gateway/src/transcode/error_response.h"
#include "gateway/src/transcode/rest_request.h"
#include "platform/status/status.h"

namespace fivestrand::gateway::edge {

using http::Exchange;
using transcode::RestBinding;
using transcode::RouteMatch;

namespace {

absl::StatusOr<upstream::Upstream*> ChosenUpstream(const Method& method, const http::Request& request) {
  if (method.choice == nullptr) return method.upstream;
  std::string parameter;
  if (const auto parameters = http::ParseQuery(request.query())) {
    for (const auto& [key, value] : *parameters) {
      if (key == kServiceParameter) parameter = value;
    }
  }
  return UpstreamFor(method, request.headers.Get(kServiceHeader), parameter);
}

}  // namespace

absl::StatusOr<std::unique_ptr<RestHandler>> RestHandler::Make(const transcode::RestTable* rest, const MethodTable* methods,
                                                               const Answers* answers, session::Authenticator* authenticator,
                                                               Deadlines deadlines) {
  auto handler = std::unique_ptr<RestHandler>(new RestHandler(rest, answers, authenticator, deadlines));
  for (size_t i = 0; i < rest->size(); ++i) {
    const Method* method = methods->Find(rest->binding(i).grpc_path);
    if (method == nullptr) return absl::NotFoundError(absl::StrCat("nobody serves ", rest->binding(i).grpc_path));
    handler->methods_.push_back(method);
  }
  return handler;
}

const Method* RestHandler::Peek(const http::Request& request) const {
  const RouteMatch match = rest_->Match(request.method, request.path());
  return match.kind == RouteMatch::Kind::kFound ? methods_[match.route] : nullptr;
}

bool RestHandler::StreamsBody(const http::Request& request) const {
  if (!rest_->takes_streams()) return false;
  const Method* method = Peek(request);
  return method != nullptr && method->descriptor->client_streaming();
}

void RestHandler::Handle(std::shared_ptr<Exchange> exchange) {
  Exchange& e = *exchange;
  e.set_route("rest", "(no route)");
  RouteMatch match = rest_->Match(e.request().method, e.request().path());
  switch (match.kind) {
    case RouteMatch::Kind::kNoSuchPath:
      return answers_->Fail(e, status::Unimplemented("this address"), 404);
    case RouteMatch::Kind::kBadPath:
      return answers_->Fail(e, status::InvalidField("path", "is not well encoded"));
    case RouteMatch::Kind::kWrongMethod: {
      http::Response response =
          transcode::ErrorResponse(answers_->json(), status::Unimplemented("this HTTP method"), e.request_id(), 405);
      response.headers.Add("Allow", match.allow);
      return answers_->Send(e, std::move(response));
    }
    case RouteMatch::Kind::kFound:
      break;
  }
  const RestBinding& binding = rest_->binding(match.route);
  e.set_route("rest", binding.pattern);
  if (binding.body == RestBinding::Body::kPieces) {
    if (!transcode::IsFileType(e.request().headers.Get("content-type"))) {
      return answers_->Fail(e,
                            status::Invalid(status::Reason::kMalformedBody, "Content-Type",
                                            "must be text/csv, text/tab-separated-values or application/octet-stream"),
                            415);
    }
  } else if (!e.request().body.empty() && !transcode::IsJsonType(e.request().headers.Get("content-type"))) {
    return answers_->Fail(e, status::Invalid(status::Reason::kMalformedBody, "Content-Type", "must be application/json"), 415);
  }
  authenticator_->Authenticate(e.request(), &e.loop(),
                               [this, exchange = std::move(exchange), route = match.route,
                                values = std::move(match.values)](absl::StatusOr<session::Credentials> credentials) mutable {
                                 if (!credentials.ok()) return answers_->Fail(*exchange, credentials.status());
                                 Call(std::move(exchange), route, std::move(values), *std::move(credentials));
                               });
}

void RestHandler::Call(std::shared_ptr<Exchange> exchange, size_t route, std::vector<std::string> values,
                       session::Credentials credentials) {
  Exchange& e = *exchange;
  const RestBinding& binding = rest_->binding(route);
  const Method& method = *methods_[route];
  const absl::StatusOr<upstream::Upstream*> upstream = ChosenUpstream(method, e.request());
  if (!upstream.ok()) return answers_->Fail(e, upstream.status());
  absl::StatusOr<std::string> bytes =
      transcode::BuildRequest(binding, values, e.request(), method.choice == nullptr ? "" : kServiceParameter);
  if (!bytes.ok()) return answers_->Fail(e, bytes.status());
  const auto timeout = GivenTimeout(e.request());
  if (!timeout.ok()) return answers_->Fail(e, timeout.status());

  upstream::CallSpec spec;
  spec.path = &method.path;
  spec.bytes = *std::move(bytes);
  spec.metadata = MetadataOf(e.request(), credentials, e.request_id());
  spec.deadline = DeadlineOf(*timeout, *binding.method, credentials.expires, absl::Now(), deadlines_);
  if (binding.method->server_streaming())
    return StartRestStream(std::move(exchange), *upstream, std::move(spec), &binding, answers_, credentials.set_cookie);
  if (binding.body == RestBinding::Body::kPieces) {
    return StartRestUpload(std::move(exchange), *upstream, std::move(spec), &binding, answers_,
                           [this, &binding, set_cookie = std::move(credentials.set_cookie)](
                               Exchange& to, const upstream::CallEnd& end, const upstream::Message* answer) {
                             Finish(to, binding, end, answer, set_cookie);
                           });
  }
  const std::shared_ptr<upstream::Call> call = (*upstream)->Unary(
      std::move(spec), &e.loop(),
      [this, exchange = std::move(exchange), &binding, set_cookie = std::move(credentials.set_cookie)](
          const upstream::CallEnd& end, const upstream::Message* answer) { Finish(*exchange, binding, end, answer, set_cookie); });
  e.OnAbort([call] { call->Cancel(); });
}

void RestHandler::Finish(Exchange& exchange, const RestBinding& binding, const upstream::CallEnd& end,
                         const upstream::Message* answer, std::string_view set_cookie) const {
  if (!end.status.ok()) return answers_->Fail(exchange, end.status, 0, set_cookie);
  std::string scratch;
  const std::string_view wire = answer->View(&scratch);
  http::Response response;
  response.body.reserve(wire.size() * 2 + 64);
  const absl::Status written =
      binding.response_field != nullptr
          ? answers_->json().WriteField(*binding.response_plan, *binding.response_field, wire, &response.body)
          : answers_->json().Write(*binding.response_plan, wire, &response.body);
  if (!written.ok()) return answers_->Fail(exchange, written, 0, set_cookie);
  response.headers.AddLines(transcode::kJsonHeaders);
  if (binding.response_etag != 0) {
    if (const std::string_view etag = transcode::FindString(wire, binding.response_etag); !etag.empty())
      response.headers.Add("ETag", etag);
  }
  if (!set_cookie.empty()) response.headers.Add("Set-Cookie", set_cookie);
  answers_->Send(exchange, std::move(response));
}

}  // namespace fivestrand::gateway::edge
