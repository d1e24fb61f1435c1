#include "services/welfare/api/matter_changes.h"

#include <algorithm>
#include <google/protobuf/descriptor.h>
#include <vector>

#include "absl/status/status.h"

#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/welfare/domain/matter.h"

namespace fivestrand::welfare::api {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

absl::Status NotNamed(const resource::WriteContext& write) {
  return status::Denied(write.call().method->full_name());
}

absl::Status ChangeMatter(resource::WriteContext& write, std::string_view name, std::string_view etag, std::string_view verb,
                          Message* record, absl::FunctionRef<bool()> may, absl::FunctionRef<absl::Status()> change) {
  bool named = false;
  absl::Status changed = write.Update(name, {}, verb, record, [&]() -> absl::Status {
    named = may();
    if (!named) return NotNamed(write);
    const FieldDescriptor* field = record->GetDescriptor()->FindFieldByName("etag");
    if (!etag.empty() && etag != resource::GetText(*record, field)) return status::StaleEtag(name);
    return change();
  });
  // That there is no such record, or that it was deleted, is no answer for a stranger either.
  if (!changed.ok()) return named ? changed : NotNamed(write);
  domain::Reveal(write.actor(), record);
  return absl::OkStatus();
}

absl::Status CopyMasked(const google::protobuf::FieldMask& mask, std::initializer_list<std::string_view> settable,
                        const Message& from, Message* to) {
  const auto* reflection = from.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  if (mask.paths().empty()) {
    std::vector<const FieldDescriptor*> present;
    reflection->ListFields(from, &present);
    for (const FieldDescriptor* field : present) {
      if (std::find(settable.begin(), settable.end(), field->name()) != settable.end()) fields.push_back(field);
    }
  }
  for (const std::string& path : mask.paths()) {
    if (std::find(settable.begin(), settable.end(), path) == settable.end()) {
      return status::Invalid(status::Reason::kInvalidMask, "update_mask", "names a field that cannot be changed");
    }
    fields.push_back(from.GetDescriptor()->FindFieldByName(path));
  }
  if (fields.empty()) return absl::OkStatus();
  const std::unique_ptr<Message> copy(from.New());
  copy->CopyFrom(from);
  reflection->SwapFields(copy.get(), to, fields);
  return absl::OkStatus();
}

absl::Status CheckId(std::string_view field, std::string_view id) {
  if (id.empty() || names::ValidId(id)) return absl::OkStatus();
  return status::InvalidField(field, "must be 1 to 63 lower-case letters, digits or hyphens, the first not a hyphen");
}

}  // namespace fivestrand::welfare::api
