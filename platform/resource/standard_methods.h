// The standard methods of one kind of record, bound to a server. Internal to the registry.
#ifndef FIVESTRAND_PLATFORM_RESOURCE_STANDARD_METHODS_H_
#define FIVESTRAND_PLATFORM_RESOURCE_STANDARD_METHODS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "platform/resource/registry.h"

namespace fivestrand::resource {

enum class Verb { kGet, kList, kCreate, kUpdate, kDelete, kUndelete, kBatchCreate, kListRevisions };

// A method that the registry serves.
struct StandardMethod {
  const google::protobuf::MethodDescriptor* method = nullptr;
  Verb verb = Verb::kGet;
  const Entry* entry = nullptr;
  // Field of the request that holds the record (create, update) or of the response that repeats it.
  const google::protobuf::FieldDescriptor* record_field = nullptr;
  // Update with allow_missing: what a creation needs. Empty when the type has no Create method.
  std::string create_permission;
};

// What the method is, by its name and shape; NOT_FOUND when it is none.
absl::StatusOr<StandardMethod> Recognise(const Registry& registry, const google::protobuf::MethodDescriptor* method);

void BindRead(Registry& registry, rpc::Server& server, const StandardMethod& method);
void BindWrite(Registry& registry, rpc::Server& server, const StandardMethod& method);

// Empties what the caller may not read: guarded fields without the permission. Confidential ones are not in `record` unless opened.
class Redaction {
 public:
  Redaction(const Registry& registry, const Entry& entry, const rpc::CallContext& context);
  // Whether any record of the call needs a closer look.
  bool needed() const { return !fields_.empty(); }
  void Apply(google::protobuf::Message* record) const;
  // Columns that the caller may not read in every record.
  std::vector<const Column*> HiddenColumns() const;

 private:
  struct Field {
    const google::protobuf::FieldDescriptor* field;
    identity::Access access;
  };
  const Entry& entry_;
  const rpc::CallContext& context_;
  std::vector<Field> fields_;
};

// A new, empty record; its memory belongs to the arena when there is one.
google::protobuf::Message* NewRecord(const Declaration& declaration, google::protobuf::Arena* arena);

}  // namespace fivestrand::resource

#endif  // FIVESTRAND_PLATFORM_RESOURCE_STANDARD_METHODS_H_
