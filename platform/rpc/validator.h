// Field behaviour, limits and names of requests, as the contract's options say; compiled once per message type.
#ifndef FIVESTRAND_PLATFORM_RPC_VALIDATOR_H_
#define FIVESTRAND_PLATFORM_RPC_VALIDATOR_H_

#include <memory>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace google::protobuf {
class Descriptor;
class Message;
class MethodDescriptor;
}  // namespace google::protobuf

namespace fivestrand::rpc {

class ResourceIndex;
struct MessagePlan;

// Texts of fields without a FieldPolicy (filters, page tokens) may have this many characters.
inline constexpr int kMaxEnvelopeLength = 4096;

// Whether `name` could be a resource name of any type: collections and ids in turn, perhaps ending in the literal of a singleton.
// `allow_any`: an id may be "-".
bool LooksLikeResourceName(std::string_view name, bool allow_any);

// Checks the requests of one method. Immutable; safe to share between threads; as long-lived as its Validators.
class RequestValidator {
 public:
  // Clears what is OUTPUT_ONLY and what the contract does not know, then checks the rest: REQUIRED fields are there (below a field
  // that an update_mask governs: those that it names), enum values are known, texts, numbers and repeated fields are within their
  // FieldPolicy, names have the pattern of the type that they refer to, times and dates exist, `request_id` is a UUID.
  // INVALID_ARGUMENT with every violation, in one answer.
  absl::Status Check(google::protobuf::Message* request) const;

 private:
  friend class Validators;
  RequestValidator(const MessagePlan* plan, bool list) : plan_(plan), list_(list) {}

  const MessagePlan* plan_;
  bool list_;
};

// The plans of a server; each message type is compiled once, however many methods take it.
class Validators {
 public:
  explicit Validators(const ResourceIndex* index);
  Validators(const Validators&) = delete;
  Validators& operator=(const Validators&) = delete;
  ~Validators();

  // FAILED_PRECONDITION names the field whose options cannot be right.
  absl::StatusOr<RequestValidator> ForMethod(const google::protobuf::MethodDescriptor* method);

 private:
  absl::StatusOr<const MessagePlan*> PlanOf(const google::protobuf::Descriptor* type);
  absl::Status Fill(const google::protobuf::Descriptor* type, MessagePlan* plan);

  const ResourceIndex* index_;
  absl::flat_hash_map<const google::protobuf::Descriptor*, std::unique_ptr<MessagePlan>> plans_;
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_VALIDATOR_H_
