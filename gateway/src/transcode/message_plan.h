// What writing a message as JSON needs to know of its type, looked up once.
#ifndef FIVESTRAND_GATEWAY_SRC_TRANSCODE_MESSAGE_PLAN_H_
#define FIVESTRAND_GATEWAY_SRC_TRANSCODE_MESSAGE_PLAN_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "gateway/src/transcode/well_known.h"

namespace google::protobuf {
class Descriptor;
class DescriptorPool;
class EnumDescriptor;
class FieldDescriptor;
}  // namespace google::protobuf

namespace fivestrand::gateway::transcode {

struct MessagePlan;

struct FieldPlan {
  uint32_t number = 0;
  int type = 0;  // google::protobuf::FieldDescriptor::Type
  bool repeated = false;
  bool map = false;
  // Written even when it holds its type's zero.
  bool has_presence = false;
  std::string key;                       // "\"wentWell\":"
  const MessagePlan* message = nullptr;  // of a message field; of the entry for a map
  const google::protobuf::EnumDescriptor* enumeration = nullptr;
  const google::protobuf::FieldDescriptor* descriptor = nullptr;
};

struct MessagePlan {
  const google::protobuf::Descriptor* type = nullptr;
  WellKnown well_known = WellKnown::kNone;
  std::vector<FieldPlan> fields;  // by number, ascending

  const FieldPlan* Find(uint32_t number) const {
    if (number < by_number.size()) return by_number[number] < 0 ? nullptr : &fields[by_number[number]];
    return FindLarge(number);
  }

  std::vector<int16_t> by_number;  // for numbers below its size; -1 where there is none
  const FieldPlan* FindLarge(uint32_t number) const;
};

// Plans live as long as the set. Thread-safe.
class PlanSet {
 public:
  // `pool` is where the types of Any are looked up.
  explicit PlanSet(const google::protobuf::DescriptorPool* pool) : pool_(pool) {}

  const MessagePlan* Get(const google::protobuf::Descriptor* type);
  // Null when the type of that full name is not linked.
  const MessagePlan* GetByName(std::string_view full_name);

 private:
  const MessagePlan* GetLocked(const google::protobuf::Descriptor* type);  // under the lock

  const google::protobuf::DescriptorPool* const pool_;
  std::mutex mutex_;  // of all below
  absl::flat_hash_map<const google::protobuf::Descriptor*, std::unique_ptr<MessagePlan>> plans_;
};

}  // namespace fivestrand::gateway::transcode

#endif  // FIVESTRAND_GATEWAY_SRC_TRANSCODE_MESSAGE_PLAN_H_
