#include "platform/status/grpc_status.h"

#include <grpcpp/support/status.h>

#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"

#include "platform/status/status.h"

namespace fivestrand::status {
namespace {

TEST(GrpcStatusTest, DetailsSurviveTheRoundTrip) {
  FieldViolations violations;
  violations.Add("drop_in.went_well", "is longer than 4000 characters");
  violations.Add("drop_in.leader", "is required");
  const grpc::Status sent = ToGrpcStatus(violations.ToStatus(), "r");
  EXPECT_EQ(sent.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const absl::Status back = FromGrpcStatus(sent);
  EXPECT_EQ(back.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(back.message(), sent.error_message());
  EXPECT_EQ(ReasonOf(back), Reason::kInvalidField);
  ASSERT_EQ(ViolationsOf(back).size(), 2u);
  EXPECT_EQ(ViolationsOf(back)[1].field, "drop_in.leader");
}

TEST(GrpcStatusTest, OkAndUnknown) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus(), "r").ok());
  EXPECT_TRUE(FromGrpcStatus(grpc::Status::OK).ok());
  EXPECT_EQ(ToGrpcStatus(absl::UnknownError("x"), "r").error_code(), grpc::StatusCode::INTERNAL);
}

TEST(GrpcStatusTest, BrokenOrForeignDetailsChangeNeitherCodeNorText) {
  EXPECT_EQ(FromGrpcStatus(grpc::Status(grpc::StatusCode::NOT_FOUND, "gone", "\xff\xff")).code(), absl::StatusCode::kNotFound);
  google::rpc::Status other;
  other.set_code(3);
  other.set_message("other");
  const absl::Status back = FromGrpcStatus(grpc::Status(grpc::StatusCode::UNAVAILABLE, "away", other.SerializeAsString()));
  EXPECT_EQ(back.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(back.message(), "away");
}

}  // namespace
}  // namespace fivestrand::status
