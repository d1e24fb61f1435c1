// The headers that every answer has, and errors as JSON.
#ifndef FIVESTRAND_GATEWAY_SRC_EDGE_ANSWERS_H_
#define FIVESTRAND_GATEWAY_SRC_EDGE_ANSWERS_H_

#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

#include "gateway/src/http/exchange.h"
#include "gateway/src/session/origin.h"
#include "gateway/src/transcode/json_writer.h"

namespace fivestrand::log {
class Logger;
}

namespace fivestrand::gateway::edge {

// Immutable; what it is given must outlive it.
class Answers {
 public:
  // `tls`: whether HSTS may be promised. Errors of the INTERNAL kind are logged with their hidden cause.
  Answers(bool tls, const session::CorsPolicy* cors, const transcode::JsonWriter* json, log::Logger* logger);

  // An answer of the API.
  void Send(http::Exchange& exchange, http::Response response) const;
  // A page, a script, a picture.
  void SendPage(http::Exchange& exchange, http::Response response) const;
  void Fail(http::Exchange& exchange, const absl::Status& status, int http_status = 0, std::string_view set_cookie = "") const;
  // For a streamed answer of the API.
  void Decorate(const http::Exchange& exchange, http::HeaderBlock* headers) const;
  // A request that could not be read; `detail` is safe to show.
  static absl::Status Unreadable(int http_status, std::string_view detail);
  // The answer to one that never became an exchange.
  http::Response Refusal(int http_status, std::string_view detail) const;

  void LogFailure(const http::Exchange& exchange, const absl::Status& status) const;
  const transcode::JsonWriter& json() const { return *json_; }

 private:
  const session::CorsPolicy* const cors_;
  const transcode::JsonWriter* const json_;
  log::Logger* const logger_;
  std::string api_lines_, page_lines_;
};

}  // namespace fivestrand::gateway::edge

#endif  // FIVESTRAND_GATEWAY_SRC_EDGE_ANSWERS_H_
