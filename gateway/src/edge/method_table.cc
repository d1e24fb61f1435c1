#include "gateway/src/edge/method_table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor_database.h"

#include "gateway/src/transcode/rest_table.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::gateway::edge {

std::vector<std::string> ServicesOfPackage(std::string_view package) {
  // The pool itself builds files only when they are asked for, so the names come from the database behind it.
  std::vector<std::string> files, services;
  google::protobuf::DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  for (const std::string& name : files) {
    const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(name);
    if (file == nullptr || file->package() != package) continue;
    for (int i = 0; i < file->service_count(); ++i) services.push_back(file->service(i)->full_name());
  }
  std::sort(services.begin(), services.end());
  return services;
}

absl::Status MethodTable::Add(const google::protobuf::DescriptorPool& pool, const std::string& name, upstream::Upstream* upstream,
                              const Choice* choice) {
  const auto* service = pool.FindServiceByName(name);
  if (service == nullptr) return absl::NotFoundError(absl::StrCat("the service ", name, " is not linked into this program"));
  services_.push_back(service);
  for (int i = 0; i < service->method_count(); ++i) {
    const auto* descriptor = service->method(i);
    if (!transcode::ServedAtEdge(descriptor)) continue;
    Method method{absl::StrCat("/", name, "/", descriptor->name()), descriptor, upstream, choice};
    if (!methods_.emplace(method.path, method).second) return absl::AlreadyExistsError(absl::StrCat("two upstreams serve ", name));
  }
  return absl::OkStatus();
}

absl::StatusOr<MethodTable> MethodTable::Build(const google::protobuf::DescriptorPool& pool,
                                               const std::vector<Upstreams>& upstreams, const std::vector<std::string>& shared) {
  MethodTable table;
  for (const Upstreams& one : upstreams) {
    table.choice_->emplace(one.upstream->name(), one.upstream);
    for (const std::string& name : one.services) {
      if (absl::Status added = table.Add(pool, name, one.upstream, nullptr); !added.ok()) return added;
    }
  }
  for (const std::string& name : shared) {
    if (absl::Status added = table.Add(pool, name, upstreams.front().upstream, table.choice_.get()); !added.ok()) return added;
  }
  return table;
}

absl::StatusOr<upstream::Upstream*> UpstreamFor(const Method& method, std::string_view header, std::string_view parameter) {
  if (method.choice == nullptr || (header.empty() && parameter.empty())) return method.upstream;
  if (!header.empty() && !parameter.empty() && header != parameter) {
    return status::InvalidField(kServiceParameter, "differs from the header that it stands for");
  }
  const auto chosen = method.choice->find(header.empty() ? parameter : header);
  if (chosen != method.choice->end()) return chosen->second;
  std::vector<std::string> known;
  for (const auto& [name, upstream] : *method.choice) known.push_back(name);
  return status::InvalidField(header.empty() ? kServiceParameter : kServiceHeader,
                              absl::StrCat("is none of ", absl::StrJoin(known, ", ")));
}

const Method* MethodTable::Find(std::string_view path) const {
  const auto found = methods_.find(AbslView(path));
  return found == methods_.end() ? nullptr : &found->second;
}

}  // namespace fivestrand::gateway::edge
