// Shared by validator.cc and validator_plan.cc only.
#ifndef FIVESTRAND_PLATFORM_RPC_MESSAGE_PLAN_H_
#define FIVESTRAND_PLATFORM_RPC_MESSAGE_PLAN_H_

#include <cstdint>
#include <memory>
#include <re2/re2.h>
#include <vector>

#include "google/protobuf/descriptor.h"

#include "platform/names/pattern.h"

namespace fivestrand::rpc {

enum class WellKnown { kNone, kTimestamp, kDuration, kDate, kOther };

struct FieldPlan {
  const google::protobuf::FieldDescriptor* field = nullptr;
  bool required = false;
  bool output_only = false;
  bool uuid = false;
  // Text.
  int max_length = 0;
  std::unique_ptr<const RE2> pattern;
  bool is_name = false;
  bool parent_of_list = false;
  const std::vector<names::Pattern>* names = nullptr;  // null or empty: any resource name
  // Repeated.
  int max_items = 0;
  // Numbers.
  bool bounded = false;
  int64_t min = 0;
  int64_t max = 0;
  // Messages.
  WellKnown well_known = WellKnown::kNone;
  const struct MessagePlan* child = nullptr;
};

struct MessagePlan {
  std::vector<FieldPlan> fields;
  // The update_mask beside a resource; null when there is none.
  const google::protobuf::FieldDescriptor* mask = nullptr;
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_MESSAGE_PLAN_H_
