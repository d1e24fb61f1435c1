#include "platform/rpc/prepare.h"

#include <grpcpp/server_context.h>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"

#include "platform/identity/token.h"
#include "platform/names/names.h"
#include "platform/rpc/bytes.h"
#include "platform/rpc/method_entry.h"
#include "platform/rpc/server_core.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::rpc {
namespace {

std::string_view Find(const grpc::ServerContext& transport, const char* key) {
  const auto& metadata = transport.client_metadata();
  const auto found = metadata.find(key);
  return found == metadata.end() ? std::string_view() : std::string_view(found->second.data(), found->second.size());
}

bool ValidRequestId(std::string_view id) {
  if (id.size() < 8 || id.size() > 64) return false;
  for (const char c : id) {
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-')) return false;
  }
  return true;
}

// 00-<32 hex>-<16 hex>-<2 hex>, the only version there is; anything else is dropped, as the standard wants.
bool ValidTraceparent(std::string_view text) {
  if (text.size() != 55 || text.substr(0, 3) != "00-" || text[35] != '-' || text[52] != '-') return false;
  for (std::size_t i = 3; i < text.size(); ++i) {
    const char c = text[i];
    if (i != 35 && i != 52 && !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
  }
  return text.find_first_not_of("0-", 3) < 35;
}

absl::Status SetDeadline(const ServerCore& core, const MethodEntry& entry, const grpc::ServerContext& transport,
                         CallContext* context) {
  const auto given = transport.deadline();
  const bool has_deadline = given < std::chrono::system_clock::now() + std::chrono::hours(24 * 365);
  absl::Duration left = has_deadline ? absl::FromChrono(given) - absl::Now() : absl::InfiniteDuration();
  if (left <= absl::ZeroDuration()) return status::DeadlineExceeded();
  switch (entry.kind()) {
    case MethodEntry::Kind::kUnary:
      left = std::min(has_deadline ? left : core.options.default_deadline, core.options.max_deadline);
      break;
    case MethodEntry::Kind::kClientStream:
      left = std::min(has_deadline ? left : core.options.default_upload_deadline, core.options.max_upload_deadline);
      break;
    case MethodEntry::Kind::kServerStream:
      break;
  }
  context->deadline = absl::Now() + left;
  return absl::OkStatus();
}

absl::Status Identify(const ServerCore& core, const MethodEntry& entry, const grpc::ServerContext& transport,
                      CallContext* context) {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view authorization = Find(transport, "authorization");
  if (authorization.size() <= kScheme.size() || authorization.substr(0, kScheme.size()) != kScheme) {
    return status::Unauthenticated("the call has no identity token");
  }
  const std::string_view token = authorization.substr(kScheme.size());
  FIVESTRAND_ASSIGN_OR_RETURN(context->caller, core.options.verifier->Verify(token));
  context->token = token;
  if (entry.kind() == MethodEntry::Kind::kServerStream) {
    // Tokens are counted by the server's clock.
    context->deadline = std::min(context->deadline, absl::Now() + (context->caller->expires - context->now));
  }
  return absl::OkStatus();
}

absl::Status Decode(const ServerCore& core, const MethodEntry& entry, const grpc::ByteBuffer& payload, CallData* data) {
  if (payload.Length() > core.options.max_message_bytes) {
    return status::Invalid(status::Reason::kRequestTooLarge, "",
                           absl::StrCat("the request is larger than ", core.options.max_message_bytes, " bytes"));
  }
  data->request = entry.prototype->New(&data->arena);
  if (!ParseByteBuffer(payload, data->request)) {
    return status::Invalid(status::Reason::kMalformedBody, "",
                           absl::StrCat("the body is no ", entry.method->input_type()->full_name()));
  }
  return absl::OkStatus();
}

std::string_view ReadScope(const FieldPath& path, const google::protobuf::Message& request, std::string* scratch) {
  const google::protobuf::Message* message = &request;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) message = &message->GetReflection()->GetMessage(*message, path[i]);
  return message->GetReflection()->GetStringReference(*message, path.back(), scratch);
}

absl::Status Admit(const ServerCore& core, const MethodEntry& entry, CallData* data) {
  CallContext& context = data->context;
  const identity::Caller& caller = *context.caller;
  if (!entry.scope.empty()) {
    // Generated messages hold strings as strings, so the view is into the request and the scratch stays empty.
    std::string scratch;
    context.scope = ReadScope(entry.scope, *data->request, &scratch);
    context.trust = names::TrustOf(context.scope);
    context.school = names::SchoolOf(context.scope);
  }
  if (entry.access == MethodEntry::Access::kService) {
    if (!caller.IsService() && !caller.IsOperator()) return status::Denied(entry.method->full_name());
    if (!context.trust.empty() && !caller.MayEnterTrust(context.trust)) return status::Denied(entry.method->full_name());
    context.access.allowed = context.access.everything = true;
    return absl::OkStatus();
  }
  if (context.scope.empty()) return status::InvalidField(entry.scope_text, "is required");
  if (entry.access == MethodEntry::Access::kMember) {
    if (context.trust.empty() || !caller.MayEnterTrust(context.trust)) return status::Denied(entry.method->full_name());
    context.access.allowed = context.access.everything = true;
  } else {
    context.access = core.options.access->DecideFor(caller, entry.permission, context.scope, context.now);
    if (!context.access.allowed) return status::Denied(entry.permission);
  }
  // After the decision: a stranger learns nothing about names.
  if (!LooksLikeResourceName(context.scope, entry.list)) return status::InvalidField(entry.scope_text, "is not a resource name");
  return absl::OkStatus();
}

}  // namespace

CallData::CallData() : arena(ArenaOver(block_, sizeof(block_))) {}

google::protobuf::ArenaOptions CallData::ArenaOver(char* block, std::size_t size) {
  google::protobuf::ArenaOptions options;
  options.initial_block = block;
  options.initial_block_size = size;
  return options;
}

std::shared_ptr<const CallContext> ContextOf(const std::shared_ptr<CallData>& data) {
  return std::shared_ptr<const CallContext>(data, &data->context);
}

void Begin(ServerCore* core, const MethodEntry& entry, const grpc::ServerContext& transport, CallData* data) {
  CallContext& context = data->context;
  context.method = entry.method;
  context.now = core->options.clock();
  const std::string_view id = Find(transport, "x-request-id");
  context.request_id = ValidRequestId(id) ? std::string(id) : core->NewRequestId();
  if (const std::string_view trace = Find(transport, "traceparent"); ValidTraceparent(trace)) context.traceparent = trace;
}

absl::Status PrepareCaller(ServerCore* core, const MethodEntry& entry, const grpc::ServerContext& transport, CallData* data) {
  FIVESTRAND_RETURN_IF_ERROR(SetDeadline(*core, entry, transport, &data->context));
  return Identify(*core, entry, transport, &data->context);
}

absl::Status PrepareRequest(ServerCore* core, const MethodEntry& entry, const grpc::ByteBuffer& payload, CallData* data) {
  FIVESTRAND_RETURN_IF_ERROR(Decode(*core, entry, payload, data));
  FIVESTRAND_RETURN_IF_ERROR(Admit(*core, entry, data));
  return entry.validator->Check(data->request);
}

absl::Status Prepare(ServerCore* core, const MethodEntry& entry, const grpc::ServerContext& transport,
                     const grpc::ByteBuffer& payload, CallData* data) {
  FIVESTRAND_RETURN_IF_ERROR(PrepareCaller(core, entry, transport, data));
  return PrepareRequest(core, entry, payload, data);
}

}  // namespace fivestrand::rpc
