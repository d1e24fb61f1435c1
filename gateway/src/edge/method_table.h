// The methods that the gateway passes on, and which service answers each.
#ifndef FIVESTRAND_GATEWAY_SRC_EDGE_METHOD_TABLE_H_
#define FIVESTRAND_GATEWAY_SRC_EDGE_METHOD_TABLE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"

#include "gateway/src/upstream/upstream.h"

namespace google::protobuf {
class DescriptorPool;
class MethodDescriptor;
class ServiceDescriptor;
}  // namespace google::protobuf

namespace fivestrand::gateway::edge {

struct Method {
  std::string path;  // "/package.Service/Method"
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  upstream::Upstream* upstream = nullptr;
};

// Full names of services, and who serves them.
struct Upstreams {
  upstream::Upstream* upstream = nullptr;
  std::vector<std::string> services;
};

// What leadership serves at the edge. Evidence, changes and audit are served by every service; until there is a second one,
// leadership answers for all.
std::vector<std::string> LeadershipServices();

// Immutable once built.
class MethodTable {
 public:
  // NOT_FOUND when a service is not linked, ALREADY_EXISTS when two upstreams claim one.
  static absl::StatusOr<MethodTable> Build(const google::protobuf::DescriptorPool& pool, const std::vector<Upstreams>& upstreams);

  // Null when there is no such method, or not for callers from outside.
  const Method* Find(std::string_view path) const;
  const std::vector<const google::protobuf::ServiceDescriptor*>& services() const { return services_; }

 private:
  absl::flat_hash_map<std::string, Method> methods_;
  std::vector<const google::protobuf::ServiceDescriptor*> services_;
};

}  // namespace fivestrand::gateway::edge

#endif  // FIVESTRAND_GATEWAY_SRC_EDGE_METHOD_TABLE_H_
