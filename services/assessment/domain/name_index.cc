#include "services/assessment/domain/name_index.h"

#include "platform/names/names.h"
#include "platform/status/views.h"
#include "services/assessment/domain/import_text.h"

namespace fivestrand::assessment::domain {

void NameIndex::Add(std::string_view id, std::string_view display_name, int place) {
  ids_.emplace(id, place);
  AddName(display_name, place);
}

void NameIndex::AddName(std::string_view name, int place) {
  const std::string key = NormalText(name);
  if (key.empty()) return;
  auto [found, fresh] = names_.emplace(key, place);
  if (!fresh && found->second != place) found->second = kSeveral;
}

int NameIndex::Find(std::string_view text) const {
  // A whole resource name does as well.
  const auto id = ids_.find(AbslView(text.starts_with("trusts/") ? names::IdOf(text) : text));
  if (id != ids_.end()) return id->second;
  const auto name = names_.find(NormalText(text));
  return name == names_.end() ? kNone : name->second;
}

}  // namespace fivestrand::assessment::domain
