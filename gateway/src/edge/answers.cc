#include "gateway/src/edge/answers.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "gateway/src/transcode/error_response.h"
#include "platform/log/log.h"
#include "platform/status/status.h"

namespace fivestrand::gateway::edge {
namespace {

constexpr absl::string_view kCommon =
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";

// The component library writes style attributes and style elements, so inline style is let in; inline script never is.
constexpr absl::string_view kPage =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'\r\n"
    "Permissions-Policy: accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(self), midi=(), payment=(), usb=()\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "X-Frame-Options: DENY\r\n";

constexpr absl::string_view kApi = "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n";

constexpr absl::string_view kHsts = "Strict-Transport-Security: max-age=63072000; includeSubDomains\r\n";

}  // namespace

Answers::Answers(bool tls, const session::CorsPolicy* cors, const transcode::JsonWriter* json, log::Logger* logger)
    : cors_(cors),
      json_(json),
      logger_(logger),
      api_lines_(absl::StrCat(kCommon, kApi, tls ? kHsts : "")),
      page_lines_(absl::StrCat(kCommon, kPage, tls ? kHsts : "")) {}

void Answers::Decorate(const http::Exchange& exchange, http::HeaderBlock* headers) const {
  headers->AddLines(api_lines_);
  headers->Add("X-Request-Id", exchange.request_id());
  cors_->Decorate(exchange.request(), headers);
}

void Answers::Send(http::Exchange& exchange, http::Response response) const {
  Decorate(exchange, &response.headers);
  exchange.Respond(std::move(response));
}

void Answers::SendPage(http::Exchange& exchange, http::Response response) const {
  response.headers.AddLines(page_lines_);
  exchange.Respond(std::move(response));
}

void Answers::Fail(http::Exchange& exchange, const absl::Status& status, int http_status, std::string_view set_cookie) const {
  LogFailure(exchange, status);
  http::Response response = transcode::ErrorResponse(*json_, status, exchange.request_id(), http_status);
  if (!set_cookie.empty()) response.headers.Add("Set-Cookie", set_cookie);
  Send(exchange, std::move(response));
}

absl::Status Answers::Unreadable(int http_status, std::string_view detail) {
  if (http_status == 408) return status::DeadlineExceeded(detail);
  return status::Invalid(
      http_status == 413 || http_status == 431 ? status::Reason::kRequestTooLarge : status::Reason::kMalformedBody, "request",
      detail);
}

http::Response Answers::Refusal(int http_status, std::string_view detail) const {
  http::Response response = transcode::ErrorResponse(*json_, Unreadable(http_status, detail), "", http_status);
  response.headers.AddLines(api_lines_);
  return response;
}

void Answers::LogFailure(const http::Exchange& exchange, const absl::Status& status) const {
  const std::string cause = status::HiddenCause(status);
  switch (status.code()) {
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kUnknown:
      logger_->Error("call failed",
                     {{"request_id", exchange.request_id()}, {"cause", cause.empty() ? std::string(status.message()) : cause}});
      break;
    case absl::StatusCode::kUnavailable:
      if (!cause.empty()) logger_->Warning("service unreachable", {{"request_id", exchange.request_id()}, {"cause", cause}});
      break;
    default:
      break;
  }
}

}  // namespace fivestrand::gateway::edge
