#include "gateway/src/transcode/error_response.h"

#include <algorithm>
#include <utility>

#include "google/protobuf/descriptor.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

#include "platform/status/rpc_status.h"
#include "platform/status/status.h"

namespace fivestrand::gateway::transcode {

std::string ErrorJson(const JsonWriter& writer, const absl::Status& status, std::string_view request_id) {
  google::rpc::Status out;
  status::ToRpcStatus(status, request_id, &out);
  // A status keeps its details in no order, but the bytes of an answer are a contract: the reason first, then by type.
  std::sort(out.mutable_details()->begin(), out.mutable_details()->end(),
            [](const google::protobuf::Any& a, const google::protobuf::Any& b) {
              const auto rank = [](const google::protobuf::Any& any) {
                return std::pair(!any.Is<google::rpc::ErrorInfo>(), std::string_view(any.type_url()));
              };
              return rank(a) < rank(b);
            });
  std::string json = "{\"error\":";
  if (!writer.Write(google::rpc::Status::descriptor(), out.SerializeAsString(), &json).ok()) {
    // Details that cannot be written must not hide the error itself.
    out.clear_details();
    if (!writer.Write(google::rpc::Status::descriptor(), out.SerializeAsString(), &json).ok()) json.append("{}");
  }
  json.push_back('}');
  return json;
}

http::Response ErrorResponse(const JsonWriter& writer, const absl::Status& status, std::string_view request_id, int http_status) {
  http::Response response;
  response.status = http_status != 0 ? http_status : status::HttpStatus(status.code());
  response.headers.AddLines(kJsonHeaders);
  if (response.status == 401) response.headers.Add("WWW-Authenticate", "Bearer");
  if (const auto delay = status::RetryAfter(status)) {
    const int64_t seconds = std::max<int64_t>(1, absl::ToInt64Seconds(absl::Ceil(*delay, absl::Seconds(1))));
    response.headers.Add("Retry-After", std::to_string(seconds));
  }
  response.body = ErrorJson(writer, status, request_id);
  return response;
}

}  // namespace fivestrand::gateway::transcode
