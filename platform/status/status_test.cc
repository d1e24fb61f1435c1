#include "platform/status/status.h"

#include "absl/status/statusor.h"
#include "fivestrand/type/v1/error_reason.pb.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"

#include "platform/status/macros.h"
#include "platform/status/rpc_status.h"

namespace fivestrand::status {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

google::rpc::Status Sent(const absl::Status& status) {
  google::rpc::Status out;
  ToRpcStatus(status, "request-1", &out);
  return out;
}

template <typename Detail>
bool Has(const google::rpc::Status& status, Detail* detail) {
  for (const auto& any : status.details()) {
    if (any.Is<Detail>()) return any.UnpackTo(detail);
  }
  return false;
}

struct Row {
  const char* name;
  absl::Status status;
  int code;
  const char* reason;  // nullptr: no ErrorInfo
  int http;
  const char* detail;  // the one besides ErrorInfo, or nullptr
  const char* second_detail = nullptr;
};

class TableTest : public ::testing::TestWithParam<Row> {};

TEST_P(TableTest, IsSentAsTheTableSays) {
  const Row& row = GetParam();
  const google::rpc::Status sent = Sent(row.status);
  EXPECT_EQ(sent.code(), row.code);
  EXPECT_EQ(HttpStatus(static_cast<absl::StatusCode>(sent.code())), row.http);
  google::rpc::ErrorInfo info;
  EXPECT_EQ(Has(sent, &info), row.reason != nullptr);
  if (row.reason != nullptr) {
    EXPECT_EQ(info.reason(), row.reason);
    EXPECT_EQ(info.domain(), "fivestrand");
  }
  std::vector<std::string> others;
  for (const auto& any : sent.details()) {
    if (!any.Is<google::rpc::ErrorInfo>()) others.push_back(any.type_url().substr(any.type_url().rfind('.') + 1));
  }
  std::vector<std::string> expected;
  if (row.detail != nullptr) expected.push_back(row.detail);
  if (row.second_detail != nullptr) expected.push_back(row.second_detail);
  EXPECT_THAT(others, ::testing::UnorderedElementsAreArray(expected));
  EXPECT_LE(sent.ByteSizeLong(), kMaxStatusBytes);

  const absl::Status back = FromRpcStatus(sent);
  EXPECT_EQ(static_cast<int>(back.code()), row.code);
  EXPECT_EQ(back.message(), sent.message());
  EXPECT_EQ(ReasonOf(back) == Reason::kUnspecified ? "" : std::string(ReasonName(ReasonOf(back))),
            row.reason == nullptr ? "" : row.reason);
  EXPECT_EQ(Sent(back).SerializeAsString().size(), sent.SerializeAsString().size());
}

INSTANTIATE_TEST_SUITE_P(
    Rows, TableTest,
    ::testing::Values(
        Row{"InvalidArgument", InvalidField("a.b", "is wrong"), 3, "INVALID_FIELD", 400, "BadRequest"},
        Row{"InvalidFilter", Invalid(Reason::kInvalidFilter, "filter", "no"), 3, "INVALID_FILTER", 400, "BadRequest"},
        Row{"FailedPrecondition", Precondition("TERM_OVER", "trusts/t", "over"), 9, "RULE_REFUSED", 400, "PreconditionFailure"},
        Row{"Deleted", Precondition(Reason::kResourceDeleted, "DELETED", "trusts/t", "gone"), 9, "RESOURCE_DELETED", 400,
            "PreconditionFailure"},
        Row{"OutOfRange", OutOfRange("page", "past the end"), 11, "INVALID_FIELD", 400, nullptr},
        Row{"Unauthenticated", Unauthenticated("the token is expired"), 16, "INVALID_TOKEN", 401, nullptr},
        Row{"PermissionDenied", Denied("leadership.visits.get"), 7, "PERMISSION_DENIED", 403, nullptr},
        Row{"NotFound", NotFound("fivestrand/Visit", "trusts/t/visits/v"), 5, "RESOURCE_NOT_FOUND", 404, "ResourceInfo"},
        Row{"AlreadyExists", AlreadyExists("fivestrand/Visit", "trusts/t/visits/v"), 6, "RESOURCE_EXISTS", 409, "ResourceInfo"},
        Row{"AbortedByEtag", StaleEtag("trusts/t/visits/v"), 10, "ETAG_MISMATCH", 409, nullptr},
        Row{"AbortedByConflict", Conflict("try again", absl::Milliseconds(50)), 10, "STORE_UNAVAILABLE", 409, "RetryInfo"},
        Row{"ResourceExhausted", Exhausted(Reason::kOverloaded, "queue full", absl::Seconds(1)), 8, "OVERLOADED", 429,
            "QuotaFailure", "RetryInfo"},
        Row{"Cancelled", Cancelled(), 1, nullptr, 499, nullptr},
        Row{"DeadlineExceeded", DeadlineExceeded(), 4, "DEADLINE_EXCEEDED", 504, nullptr},
        Row{"Unimplemented", Unimplemented("a.b.C/D"), 12, "METHOD_NOT_SERVED", 501, nullptr},
        Row{"Unavailable", Unavailable(Reason::kDraining, "stopping", absl::Seconds(1)), 14, "DRAINING", 503, "RetryInfo"},
        Row{"Internal", Internal("sqlite said no"), 13, "INTERNAL_ERROR", 500, "RequestInfo"},
        Row{"DataLoss", DataLoss("checksum"), 15, "DATA_CORRUPT", 500, "RequestInfo"},
        Row{"UnknownIsNeverSent", absl::UnknownError("secret"), 13, "INTERNAL_ERROR", 500, "RequestInfo"},
        Row{"BareInvalid", absl::InvalidArgumentError("bare"), 3, "INVALID_FIELD", 400, nullptr},
        Row{"BareInternal", absl::InternalError("secret"), 13, "INTERNAL_ERROR", 500, "RequestInfo"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(StatusTest, OkIsEmpty) {
  EXPECT_EQ(Sent(absl::OkStatus()).ByteSizeLong(), 0u);
  EXPECT_TRUE(FromRpcStatus(google::rpc::Status()).ok());
  EXPECT_EQ(HttpStatus(absl::StatusCode::kOk), 200);
  EXPECT_TRUE(FieldViolations().ToStatus().ok());
}

TEST(StatusTest, ReasonsAreThoseOfTheContract) {
  const auto* reasons = type::v1::ErrorReason_descriptor();
  for (int i = 0; i < reasons->value_count(); ++i) {
    const auto* value = reasons->value(i);
    EXPECT_EQ(ReasonName(static_cast<Reason>(value->number())), value->name());
    EXPECT_LE(value->name().size(), 63u);
  }
  EXPECT_EQ(ReasonName(Reason::kMethodNotServed), "METHOD_NOT_SERVED");
  EXPECT_EQ(ReasonName(Reason::kRuleRefused), "RULE_REFUSED");
}

TEST(StatusTest, TheHiddenCauseNeverLeaves) {
  for (const absl::Status& status : {Internal("select * from pupil"), DataLoss("select * from pupil"),
                                     WithHiddenCause(NotFound("t", "n"), "select * from pupil")}) {
    EXPECT_EQ(HiddenCause(status), "select * from pupil");
    EXPECT_THAT(Sent(status).SerializeAsString(), Not(HasSubstr("select")));
  }
  EXPECT_THAT(Sent(absl::UnknownError("select")).SerializeAsString(), Not(HasSubstr("select")));
  EXPECT_EQ(HiddenCause(absl::OkStatus()), "");
  EXPECT_TRUE(WithHiddenCause(absl::OkStatus(), "x").ok());
}

TEST(StatusTest, InternalCarriesTheRequestId) {
  google::rpc::RequestInfo info;
  ASSERT_TRUE(Has(Sent(Internal("x")), &info));
  EXPECT_EQ(info.request_id(), "request-1");
}

TEST(StatusTest, AllViolationsAreNamedUpToTheLimits) {
  FieldViolations violations;
  for (int i = 0; i < 25; ++i) violations.Add("field_" + std::to_string(i), "is required");
  const absl::Status status = violations.ToStatus();
  EXPECT_EQ(status.message(), "field_0: is required (and 24 more)");
  EXPECT_EQ(ViolationsOf(FromRpcStatus(Sent(status))).size(), kMaxViolations);
}

TEST(StatusTest, TheWholeStaysUnderFourKibibytesAndIsValidUtf8) {
  FieldViolations violations;
  std::string text;
  while (text.size() < 5000) text += "ü€";
  for (int i = 0; i < 20; ++i) violations.Add("field_" + std::to_string(i), text);
  const google::rpc::Status sent = Sent(violations.ToStatus());
  EXPECT_LE(sent.ByteSizeLong(), kMaxStatusBytes);
  const auto kept = ViolationsOf(FromRpcStatus(sent));
  EXPECT_GE(kept.size(), 5u);
  google::rpc::Status parsed;
  EXPECT_TRUE(parsed.ParseFromString(sent.SerializeAsString()));
}

TEST(StatusTest, RetryDelayKeepsFractions) {
  EXPECT_EQ(RetryAfter(FromRpcStatus(Sent(Unavailable(Reason::kDraining, "x", absl::Milliseconds(1500))))),
            absl::Milliseconds(1500));
  EXPECT_EQ(RetryAfter(NotFound("t", "n")), std::nullopt);
}

TEST(StatusTest, CodesOutsideTheRangeBecomeInternal) {
  google::rpc::Status odd;
  odd.set_code(4711);
  EXPECT_EQ(FromRpcStatus(odd).code(), absl::StatusCode::kInternal);
}

absl::StatusOr<int> Half(int x) {
  if (x % 2 != 0) return InvalidField("x", "is odd");
  return x / 2;
}

absl::Status Quarter(int x, int* out) {
  FIVESTRAND_ASSIGN_OR_RETURN(const int half, Half(x));
  FIVESTRAND_ASSIGN_OR_RETURN(*out, Half(half));
  FIVESTRAND_RETURN_IF_ERROR(absl::OkStatus());
  return absl::OkStatus();
}

TEST(MacrosTest, PassErrorsOn) {
  int out = 0;
  EXPECT_TRUE(Quarter(8, &out).ok());
  EXPECT_EQ(out, 2);
  EXPECT_EQ(ReasonOf(Quarter(6, &out)), Reason::kInvalidField);
}

}  // namespace
}  // namespace fivestrand::status
