// Which HTTP requests reach which methods: read from the google.api.http options of the services' descriptors when the gateway
// starts.
#ifndef FIVESTRAND_GATEWAY_SRC_TRANSCODE_REST_TABLE_H_
#define FIVESTRAND_GATEWAY_SRC_TRANSCODE_REST_TABLE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "gateway/src/http/message.h"
#include "gateway/src/transcode/field_value.h"
#include "gateway/src/transcode/message_plan.h"
#include "gateway/src/transcode/router.h"

namespace google::protobuf {
class MethodDescriptor;
class ServiceDescriptor;
}  // namespace google::protobuf

namespace fivestrand::gateway::transcode {

// One HTTP rule of a method.
struct RestBinding {
  // kPieces: the method takes a stream; the body is cut into messages that hold nothing but a piece of it, in `body_field`.
  enum class Body { kNone, kWhole, kField, kPieces };

  const google::protobuf::MethodDescriptor* method = nullptr;
  http::Method http_method = http::Method::kGet;
  std::string pattern;               // the rule's path, for the access log
  std::string grpc_path;             // "/package.Service/Method"
  std::vector<FieldPath> variables;  // in the order of the template's
  Body body = Body::kNone;
  const google::protobuf::FieldDescriptor* body_field = nullptr;
  const MessagePlan* response_plan = nullptr;
  const FieldPlan* response_field = nullptr;  // of response_body
  uint32_t response_etag = 0;                 // number of the answer's string field `etag`; 0 when it has none
  FieldPath request_etag;                     // where If-Match goes; empty when there is no such field
  FieldPath request_id;                       // where Idempotency-Key goes; likewise
};

class RestTable {
 public:
  // INVALID_ARGUMENT or ALREADY_EXISTS names the method whose rule cannot be served. Methods whose policy lets only processes of
  // the suite in are left out: they are not for the edge.
  static absl::StatusOr<RestTable> Build(absl::Span<const google::protobuf::ServiceDescriptor* const> services, PlanSet* plans);

  RouteMatch Match(http::Method method, std::string_view path) const { return router_.Match(method, path); }
  const RestBinding& binding(size_t route) const { return bindings_[route]; }
  size_t size() const { return bindings_.size(); }
  // Whether there is a method that takes a stream.
  bool takes_streams() const { return takes_streams_; }

 private:
  Router router_;
  std::vector<RestBinding> bindings_;
  bool takes_streams_ = false;
};

// Whether callers from outside may reach the method at all.
bool ServedAtEdge(const google::protobuf::MethodDescriptor* method);

}  // namespace fivestrand::gateway::transcode

#endif  // FIVESTRAND_GATEWAY_SRC_TRANSCODE_REST_TABLE_H_
