// The methods that the gateway passes on, and which service answers each.
#ifndef FIVESTRAND_GATEWAY_SRC_EDGE_METHOD_TABLE_H_
#define FIVESTRAND_GATEWAY_SRC_EDGE_METHOD_TABLE_H_

#include <functional>
#include <map>
#include <memory>
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

// Upstreams by name.
using Choice = std::map<std::string, upstream::Upstream*, std::less<>>;

struct Method {
  std::string path;  // "/package.Service/Method"
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  // Who answers when the caller has no choice, or does not choose.
  upstream::Upstream* upstream = nullptr;
  const Choice* choice = nullptr;
};

// Full names of services, and who serves them.
struct Upstreams {
  upstream::Upstream* upstream = nullptr;
  std::vector<std::string> services;
};

// Every linked service of a package, by name.
std::vector<std::string> ServicesOfPackage(std::string_view package);

// How a caller names the service that it means, of those that serve a method alike: a header (metadata in gRPC-Web) or, for REST, a
// query parameter.
inline constexpr std::string_view kServiceHeader = "fivestrand-service";
inline constexpr std::string_view kServiceParameter = "service";

// Immutable once built.
class MethodTable {
 public:
  // NOT_FOUND when a service is not linked, ALREADY_EXISTS when two upstreams claim one. `shared` are served by all upstreams;
  // callers choose, and the first answers those who do not.
  static absl::StatusOr<MethodTable> Build(const google::protobuf::DescriptorPool& pool, const std::vector<Upstreams>& upstreams,
                                           const std::vector<std::string>& shared = {});

  // Null when there is no such method, or not for callers from outside.
  const Method* Find(std::string_view path) const;
  const std::vector<const google::protobuf::ServiceDescriptor*>& services() const { return services_; }

 private:
  absl::Status Add(const google::protobuf::DescriptorPool& pool, const std::string& service, upstream::Upstream* upstream,
                   const Choice* choice);

  std::unique_ptr<Choice> choice_ = std::make_unique<Choice>();
  absl::flat_hash_map<std::string, Method> methods_;
  std::vector<const google::protobuf::ServiceDescriptor*> services_;
};

// Whom the request is for: what its header says, or `parameter`, which may be empty. INVALID_ARGUMENT when it names no upstream, or
// two. What a caller says where there is no choice is of no interest.
absl::StatusOr<upstream::Upstream*> UpstreamFor(const Method& method, std::string_view header, std::string_view parameter);

}  // namespace fivestrand::gateway::edge

#endif  // FIVESTRAND_GATEWAY_SRC_EDGE_METHOD_TABLE_H_
