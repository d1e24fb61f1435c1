#include "platform/status/status.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "fivestrand/type/v1/error_reason.pb.h"
#include "google/rpc/error_details.pb.h"

#include "platform/status/details.h"
#include "platform/status/views.h"

namespace fivestrand::status {
namespace {

using type::v1::ErrorReason;
using type::v1::ErrorReason_IsValid;
using type::v1::ErrorReason_Name;
using type::v1::ErrorReason_Parse;

absl::Status Make(absl::StatusCode code, Reason reason, std::string_view message) {
  absl::Status status(code, AbslView(message));
  AddErrorInfo(reason, &status);
  return status;
}

void AddRetry(absl::Duration retry_after, absl::Status* status) {
  google::rpc::RetryInfo retry;
  auto* delay = retry.mutable_retry_delay();
  delay->set_seconds(absl::ToInt64Seconds(retry_after));
  delay->set_nanos(static_cast<int>(absl::ToInt64Nanoseconds(retry_after - absl::Seconds(absl::ToInt64Seconds(retry_after)))));
  SetDetail(retry, status);
}

absl::Status MakeResource(absl::StatusCode code, Reason reason, std::string_view type, std::string_view name,
                          std::string_view what) {
  absl::Status status = Make(code, reason, absl::StrCat(AbslView(name), " ", AbslView(what)));
  google::rpc::ResourceInfo info;
  info.set_resource_type(std::string(type));
  info.set_resource_name(std::string(name));
  info.set_description(std::string(what));
  SetDetail(info, &status);
  return status;
}

}  // namespace

void SetDetail(const google::protobuf::Message& detail, absl::Status* status) {
  status->SetPayload(absl::StrCat(kTypePrefix, detail.GetDescriptor()->full_name()), absl::Cord(detail.SerializeAsString()));
}

bool GetDetail(const absl::Status& status, google::protobuf::Message* detail) {
  const auto payload = status.GetPayload(absl::StrCat(kTypePrefix, detail->GetDescriptor()->full_name()));
  return payload.has_value() && detail->ParseFromString(std::string(*payload));
}

void AddErrorInfo(Reason reason, absl::Status* status) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(ReasonName(reason)));
  info.set_domain(std::string(kErrorDomain));
  SetDetail(info, status);
}

void FieldViolations::Add(std::string_view field, std::string_view description) {
  if (violations_.size() == kMaxViolations) {
    ++dropped_;
    return;
  }
  violations_.push_back({std::string(field), std::string(description)});
}

absl::Status FieldViolations::ToStatus(Reason reason) const {
  if (violations_.empty()) return absl::OkStatus();
  std::string message = absl::StrCat(violations_[0].field, ": ", violations_[0].description);
  if (const std::size_t more = violations_.size() - 1 + dropped_; more > 0) absl::StrAppend(&message, " (and ", more, " more)");
  absl::Status status = Make(absl::StatusCode::kInvalidArgument, reason, message);
  google::rpc::BadRequest detail;
  for (const FieldViolation& violation : violations_) {
    auto* added = detail.add_field_violations();
    added->set_field(violation.field);
    added->set_description(violation.description);
  }
  SetDetail(detail, &status);
  return status;
}

absl::Status InvalidField(std::string_view field, std::string_view description) {
  return Invalid(Reason::kInvalidField, field, description);
}

absl::Status Invalid(Reason reason, std::string_view field, std::string_view description) {
  FieldViolations violations;
  violations.Add(field, description);
  return violations.ToStatus(reason);
}

absl::Status OutOfRange(std::string_view field, std::string_view description) {
  return Make(absl::StatusCode::kOutOfRange, Reason::kInvalidField, absl::StrCat(AbslView(field), ": ", AbslView(description)));
}

absl::Status Unauthenticated(std::string_view description) {
  return Make(absl::StatusCode::kUnauthenticated, Reason::kInvalidToken, description);
}

absl::Status Denied(std::string_view permission) {
  return Make(absl::StatusCode::kPermissionDenied, Reason::kPermissionDenied,
              absl::StrCat(AbslView(permission), " is not granted here"));
}

absl::Status NotFound(std::string_view type, std::string_view name) {
  return MakeResource(absl::StatusCode::kNotFound, Reason::kResourceNotFound, type, name, "does not exist");
}

absl::Status AlreadyExists(std::string_view type, std::string_view name) {
  return MakeResource(absl::StatusCode::kAlreadyExists, Reason::kResourceExists, type, name, "exists already");
}

absl::Status StaleEtag(std::string_view name) {
  return Make(absl::StatusCode::kAborted, Reason::kEtagMismatch, absl::StrCat(AbslView(name), " changed since it was read"));
}

absl::Status Conflict(std::string_view description, absl::Duration retry_after) {
  absl::Status status = Make(absl::StatusCode::kAborted, Reason::kStoreUnavailable, description);
  AddRetry(retry_after, &status);
  return status;
}

absl::Status Precondition(std::string_view type, std::string_view subject, std::string_view description) {
  return Precondition(Reason::kRuleRefused, type, subject, description);
}

absl::Status Precondition(Reason reason, std::string_view type, std::string_view subject, std::string_view description) {
  absl::Status status =
      Make(absl::StatusCode::kFailedPrecondition, reason, absl::StrCat(AbslView(subject), ": ", AbslView(description)));
  google::rpc::PreconditionFailure failure;
  auto* violation = failure.add_violations();
  violation->set_type(std::string(type));
  violation->set_subject(std::string(subject));
  violation->set_description(std::string(description));
  SetDetail(failure, &status);
  return status;
}

absl::Status Exhausted(Reason reason, std::string_view description, absl::Duration retry_after) {
  absl::Status status = Make(absl::StatusCode::kResourceExhausted, reason, description);
  google::rpc::QuotaFailure failure;
  auto* violation = failure.add_violations();
  violation->set_subject("server");
  violation->set_description(std::string(description));
  SetDetail(failure, &status);
  AddRetry(retry_after, &status);
  return status;
}

absl::Status Unavailable(Reason reason, std::string_view description, absl::Duration retry_after) {
  absl::Status status = Make(absl::StatusCode::kUnavailable, reason, description);
  AddRetry(retry_after, &status);
  return status;
}

absl::Status DeadlineExceeded(std::string_view description) {
  return Make(absl::StatusCode::kDeadlineExceeded, Reason::kDeadlineExceeded, description);
}

absl::Status Cancelled(std::string_view description) {
  return absl::CancelledError(AbslView(description));
}

absl::Status Unimplemented(std::string_view method) {
  return Make(absl::StatusCode::kUnimplemented, Reason::kMethodNotServed, absl::StrCat(AbslView(method), " is not served here"));
}

absl::Status Internal(std::string_view hidden_cause) {
  return WithHiddenCause(Make(absl::StatusCode::kInternal, Reason::kInternalError, kInternalSentence), hidden_cause);
}

absl::Status DataLoss(std::string_view hidden_cause) {
  return WithHiddenCause(Make(absl::StatusCode::kDataLoss, Reason::kDataCorrupt, kDataLossSentence), hidden_cause);
}

absl::Status WithHiddenCause(absl::Status status, std::string_view hidden_cause) {
  if (!status.ok()) status.SetPayload(kHiddenCauseUrl, absl::Cord(AbslView(hidden_cause)));
  return status;
}

std::string HiddenCause(const absl::Status& status) {
  const auto payload = status.GetPayload(kHiddenCauseUrl);
  return payload.has_value() ? std::string(*payload) : std::string();
}

Reason ReasonOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  ErrorReason reason;
  if (status.ok() || !GetDetail(status, &info) || info.domain() != kErrorDomain || !ErrorReason_Parse(info.reason(), &reason)) {
    return Reason::kUnspecified;
  }
  return static_cast<Reason>(reason);
}

std::string_view ReasonName(Reason reason) {
  return ErrorReason_Name(static_cast<ErrorReason>(reason));
}

std::vector<FieldViolation> ViolationsOf(const absl::Status& status) {
  std::vector<FieldViolation> result;
  google::rpc::BadRequest detail;
  if (status.ok() || !GetDetail(status, &detail)) return result;
  for (const auto& violation : detail.field_violations()) result.push_back({violation.field(), violation.description()});
  return result;
}

std::optional<absl::Duration> RetryAfter(const absl::Status& status) {
  google::rpc::RetryInfo retry;
  if (status.ok() || !GetDetail(status, &retry)) return std::nullopt;
  return absl::Seconds(retry.retry_delay().seconds()) + absl::Nanoseconds(retry.retry_delay().nanos());
}

int HttpStatus(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return 200;
    case absl::StatusCode::kInvalidArgument:
      return 400;
    case absl::StatusCode::kFailedPrecondition:
      return 400;
    case absl::StatusCode::kOutOfRange:
      return 400;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kAlreadyExists:
      return 409;
    case absl::StatusCode::kAborted:
      return 409;
    case absl::StatusCode::kResourceExhausted:
      return 429;
    case absl::StatusCode::kCancelled:
      return 499;
    case absl::StatusCode::kDeadlineExceeded:
      return 504;
    case absl::StatusCode::kUnimplemented:
      return 501;
    case absl::StatusCode::kUnavailable:
      return 503;
    case absl::StatusCode::kInternal:
      return 500;
    case absl::StatusCode::kDataLoss:
      return 500;
    case absl::StatusCode::kUnknown:
      return 500;
    case absl::StatusCode::kDoNotUseReservedForFutureExpansionUseDefaultInSwitchInstead_:
      return 500;
  }
  return 500;
}

}  // namespace fivestrand::status
