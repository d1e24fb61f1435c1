#include "platform/rpc/resource_index.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "google/api/resource.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor_database.h"

#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::rpc {
namespace {

const std::vector<names::Pattern>& None() {
  static const auto* const none = new std::vector<names::Pattern>();
  return *none;
}

}  // namespace

absl::StatusOr<ResourceIndex> ResourceIndex::OfLinkedProtos() {
  // The pool itself builds files only when they are asked for, so the names come from the database behind it.
  std::vector<std::string> files;
  google::protobuf::DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  ResourceIndex index;
  for (const std::string& file_name : files) {
    const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(file_name);
    if (file == nullptr) continue;
    for (int i = 0; i < file->message_type_count(); ++i) {
      const auto& options = file->message_type(i)->options();
      if (!options.HasExtension(google::api::resource)) continue;
      const auto& resource = options.GetExtension(google::api::resource);
      Entry& entry = index.types_[resource.type()];
      for (const std::string& text : resource.pattern()) {
        auto pattern = names::Pattern::Parse(text);
        if (!pattern.ok()) {
          return status::Precondition("CONTRACT", file->message_type(i)->full_name(),
                                      absl::StrCat("has the pattern ", text, ": ", pattern.status().message()));
        }
        if (!pattern->ParentText().empty()) {
          auto parent = names::Pattern::Parse(pattern->ParentText());
          if (parent.ok()) entry.parents.push_back(*std::move(parent));
        }
        entry.patterns.push_back(*std::move(pattern));
      }
    }
  }
  return index;
}

const std::vector<names::Pattern>& ResourceIndex::PatternsOf(std::string_view type) const {
  const auto found = types_.find(AbslView(type));
  return found == types_.end() ? None() : found->second.patterns;
}

const std::vector<names::Pattern>& ResourceIndex::ParentPatternsOf(std::string_view type) const {
  const auto found = types_.find(AbslView(type));
  return found == types_.end() ? None() : found->second.parents;
}

}  // namespace fivestrand::rpc
