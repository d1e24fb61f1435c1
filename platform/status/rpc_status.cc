#include "platform/status/rpc_status.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

#include "platform/status/details.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::status {
namespace {

constexpr std::size_t kMaxMessageBytes = 512;
constexpr std::size_t kMaxDescriptionBytes = 240;

// Shortens to at most `limit` bytes without cutting a UTF-8 sequence, which a proto string must not hold.
std::string Shorten(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  std::size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end));
}

// The code that is sent, the reason when the status has none, and whether the text is replaced. Each row is one of the table in
// docs/reference/errors.
struct Row {
  absl::StatusCode code;
  Reason reason;
  const char* sentence = nullptr;
};

Row RowOf(absl::StatusCode code) {
  using Code = absl::StatusCode;
  switch (code) {
    case Code::kOk:
      return {code, Reason::kUnspecified};
    case Code::kInvalidArgument:
      return {code, Reason::kInvalidField};
    case Code::kFailedPrecondition:
      return {code, Reason::kRuleRefused};
    case Code::kOutOfRange:
      return {code, Reason::kInvalidField};
    case Code::kUnauthenticated:
      return {code, Reason::kInvalidToken};
    case Code::kPermissionDenied:
      return {code, Reason::kPermissionDenied};
    case Code::kNotFound:
      return {code, Reason::kResourceNotFound};
    case Code::kAlreadyExists:
      return {code, Reason::kResourceExists};
    case Code::kAborted:
      return {code, Reason::kStoreUnavailable};
    case Code::kResourceExhausted:
      return {code, Reason::kOverloaded};
    case Code::kCancelled:
      return {code, Reason::kUnspecified};
    case Code::kDeadlineExceeded:
      return {code, Reason::kDeadlineExceeded};
    case Code::kUnimplemented:
      return {code, Reason::kMethodNotServed};
    case Code::kUnavailable:
      return {code, Reason::kStoreUnavailable};
    case Code::kInternal:
      return {code, Reason::kInternalError, kInternalSentence};
    case Code::kDataLoss:
      return {code, Reason::kDataCorrupt, kDataLossSentence};
    case Code::kUnknown:
      return {Code::kInternal, Reason::kInternalError, kInternalSentence};
    case Code::kDoNotUseReservedForFutureExpansionUseDefaultInSwitchInstead_:
      return {Code::kInternal, Reason::kInternalError, kInternalSentence};
  }
  return {Code::kInternal, Reason::kInternalError, kInternalSentence};
}

void AddDetail(const google::protobuf::Message& detail, google::rpc::Status* out) {
  auto* any = out->add_details();
  any->set_type_url(absl::StrCat(kTypePrefix, detail.GetDescriptor()->full_name()));
  any->set_value(detail.SerializeAsString());
}

// Violations are the only detail that grows with the request, so they alone are cut to the room that is left.
void AddViolations(const google::rpc::BadRequest& all, google::rpc::Status* out) {
  // Room for the frame of the detail itself.
  constexpr std::size_t kFrame = 80;
  const std::size_t used = out->ByteSizeLong() + kFrame;
  std::size_t room = used < kMaxStatusBytes ? kMaxStatusBytes - used : 0;
  google::rpc::BadRequest kept;
  for (const auto& violation : all.field_violations()) {
    google::rpc::BadRequest::FieldViolation shortened;
    shortened.set_field(Shorten(violation.field(), kMaxDescriptionBytes));
    shortened.set_description(Shorten(violation.description(), kMaxDescriptionBytes));
    const std::size_t cost = shortened.ByteSizeLong() + 4;
    if (cost > room || static_cast<std::size_t>(kept.field_violations_size()) == kMaxViolations) break;
    room -= cost;
    *kept.add_field_violations() = std::move(shortened);
  }
  AddDetail(kept, out);
}

}  // namespace

void ToRpcStatus(const absl::Status& status, std::string_view request_id, google::rpc::Status* out) {
  out->Clear();
  if (status.ok()) return;
  const Row row = RowOf(status.code());
  out->set_code(static_cast<int>(row.code));
  out->set_message(row.sentence != nullptr ? std::string(row.sentence) : Shorten(StdView(status.message()), kMaxMessageBytes));

  google::rpc::ErrorInfo info;
  if (row.code == status.code() && GetDetail(status, &info)) {
    AddDetail(info, out);
  } else if (row.reason != Reason::kUnspecified) {
    info.Clear();
    info.set_reason(std::string(ReasonName(row.reason)));
    info.set_domain(std::string(kErrorDomain));
    AddDetail(info, out);
  }
  if (row.sentence != nullptr) {
    google::rpc::RequestInfo request;
    request.set_request_id(Shorten(request_id, 64));
    AddDetail(request, out);
    return;
  }

  google::rpc::BadRequest violations;
  const bool has_violations = GetDetail(status, &violations);
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    if (!absl::StartsWith(url, kTypePrefix) || absl::EndsWith(url, "google.rpc.ErrorInfo") ||
        absl::EndsWith(url, "google.rpc.BadRequest")) {
      return;
    }
    if (out->ByteSizeLong() + url.size() + payload.size() + 16 > kMaxStatusBytes) return;
    auto* any = out->add_details();
    any->set_type_url(std::string(url));
    any->set_value(std::string(payload));
  });
  if (has_violations) AddViolations(violations, out);
}

absl::Status FromRpcStatus(const google::rpc::Status& status) {
  if (status.code() == 0) return absl::OkStatus();
  const bool known = status.code() > 0 && status.code() <= 16;
  absl::Status result(known ? static_cast<absl::StatusCode>(status.code()) : absl::StatusCode::kInternal, status.message());
  for (const auto& any : status.details()) result.SetPayload(any.type_url(), absl::Cord(any.value()));
  return result;
}

}  // namespace fivestrand::status
