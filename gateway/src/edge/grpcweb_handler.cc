#include "gateway/src/edge/grpcweb_handler.h"

#include <utility>

#include "absl/strings/match.h"
#include "google/protobuf/descriptor.h"

#include "gateway/src/edge/stream_pump.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::gateway::edge {
namespace {

using grpcweb::Encoding;
using http::Exchange;

// Head of an answer with the metadata that the service sent ahead of it.
void FillHead(const Answers& answers, const Exchange& exchange, Encoding encoding, const upstream::Metadata& initial,
              std::string_view set_cookie, http::HeaderBlock* headers) {
  headers->Add("Content-Type", grpcweb::ContentTypeOf(encoding)).AddLines("Cache-Control: no-store\r\n");
  for (const auto& [key, value] : initial) headers->Add(key, grpcweb::HeaderValue(key, value));
  if (!set_cookie.empty()) headers->Add("Set-Cookie", set_cookie);
  answers.Decorate(exchange, headers);
}

class Frames final : public StreamFormat {
 public:
  Frames(Exchange* exchange, const Answers* answers, Encoding encoding, std::string set_cookie)
      : exchange_(exchange), answers_(answers), encoding_(encoding), set_cookie_(std::move(set_cookie)) {}

  http::ResponseHead Head(const upstream::Metadata& initial) override {
    http::ResponseHead head;
    FillHead(*answers_, *exchange_, encoding_, initial, set_cookie_, &head.headers);
    return head;
  }

  absl::Status Append(const upstream::Message& message, std::string* out) override {
    std::string frame;
    frame.reserve(grpcweb::kFrameHeader + message.size());
    grpcweb::AppendMessageHeader(message.size(), &frame);
    message.AppendTo(&frame);
    *out = grpcweb::Encode(encoding_, std::move(frame));
    return absl::OkStatus();
  }

  bool AppendEnd(const upstream::CallEnd& end, bool, std::string* out) override {
    answers_->LogFailure(*exchange_, end.status);
    std::string frame;
    grpcweb::AppendTrailers(end.status, exchange_->request_id(), end.trailing, &frame);
    *out = grpcweb::Encode(encoding_, std::move(frame));
    return true;
  }

 private:
  Exchange* const exchange_;  // kept by the pump
  const Answers* const answers_;
  const Encoding encoding_;
  const std::string set_cookie_;
};

}  // namespace

bool GrpcWebHandler::Recognises(const http::Request& request) {
  return request.method == http::Method::kPost &&
         absl::StartsWithIgnoreCase(AbslView(request.headers.Get("content-type")), "application/grpc-web");
}

void GrpcWebHandler::Handle(std::shared_ptr<Exchange> exchange) {
  Exchange& e = *exchange;
  e.set_route("grpc-web", "(no method)");
  const auto encoding = grpcweb::ParseContentType(e.request().headers.Get("content-type"));
  if (!encoding) {
    return answers_->Fail(
        e, status::Invalid(status::Reason::kMalformedBody, "Content-Type", "is not a gRPC-Web type that is spoken here"), 415);
  }
  const Method* method = methods_->Find(e.request().path());
  if (method == nullptr) return Fail(e, *encoding, status::Unimplemented("this method"));
  e.set_route("grpc-web", method->path);
  if (method->descriptor->client_streaming()) {
    return Fail(e, *encoding,
                status::Unimplemented("a stream of requests (gRPC-Web has none; REST takes the file as the body of a POST)"));
  }
  if (*encoding == Encoding::kText) {
    std::optional<std::string> decoded = grpcweb::DecodeText(e.request().body);
    if (!decoded) return Fail(e, *encoding, status::Invalid(status::Reason::kMalformedBody, "body", "is not base64"));
    e.mutable_request().body = *std::move(decoded);
  }
  const absl::StatusOr<size_t> offset = grpcweb::FindMessage(e.request().body);
  if (!offset.ok()) return Fail(e, *encoding, offset.status());
  authenticator_->Authenticate(e.request(), &e.loop(),
                               [this, exchange = std::move(exchange), method, encoding = *encoding,
                                offset = *offset](absl::StatusOr<session::Credentials> credentials) mutable {
                                 if (!credentials.ok()) {
                                   const bool cross_site = status::ReasonOf(credentials.status()) == status::Reason::kCsrfRejected;
                                   return Fail(*exchange, encoding, credentials.status(), cross_site ? 403 : 200);
                                 }
                                 Call(std::move(exchange), *method, encoding, offset, *std::move(credentials));
                               });
}

void GrpcWebHandler::Call(std::shared_ptr<Exchange> exchange, const Method& method, Encoding encoding, size_t offset,
                          session::Credentials credentials) {
  Exchange& e = *exchange;
  const auto timeout = GivenTimeout(e.request());
  if (!timeout.ok()) return Fail(e, encoding, timeout.status());
  const absl::StatusOr<upstream::Upstream*> upstream = UpstreamFor(method, e.request().headers.Get(kServiceHeader), "");
  if (!upstream.ok()) return Fail(e, encoding, upstream.status());
  upstream::CallSpec spec;
  spec.path = &method.path;
  spec.metadata = MetadataOf(e.request(), credentials, e.request_id());
  spec.deadline = DeadlineOf(*timeout, *method.descriptor, credentials.expires, absl::Now(), deadlines_);
  spec.bytes = std::move(e.mutable_request().body);
  spec.offset = offset;
  if (method.descriptor->server_streaming()) {
    auto format = std::make_unique<Frames>(&e, answers_, encoding, std::move(credentials.set_cookie));
    return PumpStream(std::move(exchange), *upstream, std::move(spec), std::move(format));
  }
  const std::shared_ptr<upstream::Call> call =
      (*upstream)->Unary(std::move(spec), &e.loop(),
                         [this, exchange = std::move(exchange), encoding, set_cookie = std::move(credentials.set_cookie)](
                             const upstream::CallEnd& end, const upstream::Message* answer) {
                           if (exchange->aborted()) return;
                           answers_->LogFailure(*exchange, end.status);
                           std::string frames;
                           frames.reserve(answer == nullptr ? 256 : answer->size() + 64);
                           if (answer != nullptr) {
                             grpcweb::AppendMessageHeader(answer->size(), &frames);
                             answer->AppendTo(&frames);
                           }
                           grpcweb::AppendTrailers(end.status, exchange->request_id(), end.trailing, &frames);
                           http::Response response;
                           FillHead(*answers_, *exchange, encoding, end.initial, set_cookie, &response.headers);
                           response.body = grpcweb::Encode(encoding, std::move(frames));
                           exchange->Respond(std::move(response));
                         });
  e.OnAbort([call] { call->Cancel(); });
}

void GrpcWebHandler::Fail(Exchange& exchange, Encoding encoding, const absl::Status& status, int http_status) const {
  answers_->LogFailure(exchange, status);
  http::Response response;
  response.status = http_status;
  FillHead(*answers_, exchange, encoding, {}, "", &response.headers);
  std::string frames;
  grpcweb::AppendTrailers(status, exchange.request_id(), {}, &frames);
  response.body = grpcweb::Encode(encoding, std::move(frames));
  exchange.Respond(std::move(response));
}

}  // namespace fivestrand::gateway::edge
