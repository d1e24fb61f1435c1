// Errors are made here and nowhere else, so that each has a reason a program can read and none shows the machinery.
//
// The constructors attach google.rpc details (ErrorInfo, BadRequest, ResourceInfo, ...) to an absl::Status as payloads keyed by
// their type URL; platform/status/rpc_status.h and grpc_status.h carry them over the wire and back. Nothing here throws, and all
// functions are thread-safe. A text given as `description` is shown to developers of clients: it must not hold personal data,
// SQL or paths. What only the log may see goes to Internal or DataLoss as the hidden cause.
#ifndef FIVESTRAND_PLATFORM_STATUS_STATUS_H_
#define FIVESTRAND_PLATFORM_STATUS_STATUS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace fivestrand::status {

// The domain of every ErrorInfo made here.
inline constexpr std::string_view kErrorDomain = "fivestrand";

// At most this many field violations are kept; the message says how many were dropped.
inline constexpr std::size_t kMaxViolations = 20;

// The values of fivestrand.type.v1.ErrorReason, number for number (a test compares them), so that callers need no proto header.
enum class Reason {
  kUnspecified = 0,
  kInvalidField = 1,
  kInvalidFilter = 2,
  kPageTokenMismatch = 3,
  kRequestIdReused = 4,
  kInvalidMask = 5,
  kRequestTooLarge = 6,
  kMalformedBody = 7,
  kInvalidToken = 20,
  kPermissionDenied = 21,
  kCsrfRejected = 22,
  kResourceNotFound = 40,
  kResourceExists = 41,
  kEtagMismatch = 42,
  kReferenceNotFound = 43,
  kResourceDeleted = 44,
  kResourceInUse = 45,
  kRuleRefused = 46,
  kOverloaded = 60,
  kStoreUnavailable = 61,
  kDraining = 62,
  kUpstreamUnavailable = 63,
  kDeadlineExceeded = 64,
  kInternalError = 80,
  kDataCorrupt = 81,
  kMethodNotServed = 82,
};

struct FieldViolation {
  std::string field;  // path in the request, for example drop_in.went_well
  std::string description;
};

// Collects everything that is wrong with a request, so that the caller learns it in one answer.
class FieldViolations {
 public:
  void Add(std::string_view field, std::string_view description);
  bool empty() const { return violations_.empty(); }
  const std::vector<FieldViolation>& violations() const { return violations_; }
  // OK when empty, else INVALID_ARGUMENT with a BadRequest that names the fields.
  absl::Status ToStatus(Reason reason = Reason::kInvalidField) const;

 private:
  std::vector<FieldViolation> violations_;
  std::size_t dropped_ = 0;
};

// INVALID_ARGUMENT.
absl::Status InvalidField(std::string_view field, std::string_view description);
absl::Status Invalid(Reason reason, std::string_view field, std::string_view description);
// OUT_OF_RANGE: past a known end.
absl::Status OutOfRange(std::string_view field, std::string_view description);
// UNAUTHENTICATED, reason INVALID_TOKEN.
absl::Status Unauthenticated(std::string_view description);
// PERMISSION_DENIED. Also the answer when the thing may or may not exist and the caller must not learn which.
absl::Status Denied(std::string_view permission);
// NOT_FOUND and ALREADY_EXISTS with ResourceInfo. `type` is the resource type, for example fivestrand/DropIn.
absl::Status NotFound(std::string_view type, std::string_view name);
absl::Status AlreadyExists(std::string_view type, std::string_view name);
// ABORTED, reason ETAG_MISMATCH: re-read, then try again.
absl::Status StaleEtag(std::string_view name);
// ABORTED with RetryInfo: a transaction lost against others even after our own retries.
absl::Status Conflict(std::string_view description, absl::Duration retry_after);
// FAILED_PRECONDITION with PreconditionFailure. `type` names the rule (UPPER_SNAKE), `subject` the record or field.
absl::Status Precondition(std::string_view type, std::string_view subject, std::string_view description);
absl::Status Precondition(Reason reason, std::string_view type, std::string_view subject, std::string_view description);
// RESOURCE_EXHAUSTED with QuotaFailure and RetryInfo.
absl::Status Exhausted(Reason reason, std::string_view description, absl::Duration retry_after);
// UNAVAILABLE with RetryInfo.
absl::Status Unavailable(Reason reason, std::string_view description, absl::Duration retry_after);
absl::Status DeadlineExceeded(std::string_view description = "the call took longer than its deadline");
absl::Status Cancelled(std::string_view description = "the caller went away");
// UNIMPLEMENTED, reason METHOD_NOT_SERVED.
absl::Status Unimplemented(std::string_view method);
// INTERNAL and DATA_LOSS: the caller gets a fixed sentence and the request id, the log gets `hidden_cause`.
absl::Status Internal(std::string_view hidden_cause);
absl::Status DataLoss(std::string_view hidden_cause);
// The same status with `hidden_cause` kept for the log; OK stays OK.
absl::Status WithHiddenCause(absl::Status status, std::string_view hidden_cause);

// What the log may see and the caller may not; empty when there is none.
std::string HiddenCause(const absl::Status& status);
// kUnspecified for OK, for a status not made here and for a reason that this version does not know.
Reason ReasonOf(const absl::Status& status);
// The name in the proto enum, for example ETAG_MISMATCH.
std::string_view ReasonName(Reason reason);
std::vector<FieldViolation> ViolationsOf(const absl::Status& status);
std::optional<absl::Duration> RetryAfter(const absl::Status& status);
// The HTTP status of a code by the table in docs/reference (200, 400, 401, 403, 404, 409, 429, 499, 500, 501, 503, 504).
int HttpStatus(absl::StatusCode code);

}  // namespace fivestrand::status

#endif  // FIVESTRAND_PLATFORM_STATUS_STATUS_H_
