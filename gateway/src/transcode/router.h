// Finds the route of a method and path. Built once, then read by any thread.
#ifndef FIVESTRAND_GATEWAY_SRC_TRANSCODE_ROUTER_H_
#define FIVESTRAND_GATEWAY_SRC_TRANSCODE_ROUTER_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"

#include "gateway/src/http/message.h"
#include "gateway/src/transcode/path_template.h"

namespace fivestrand::gateway::transcode {

struct RouteMatch {
  enum class Kind {
    kFound,
    kNoSuchPath,   // nothing is served under the path
    kWrongMethod,  // `allow` says what is
    kBadPath,      // an escape in the path is broken
  };
  Kind kind = Kind::kNoSuchPath;
  size_t route = 0;
  // Decoded values of the template's variables, in their order.
  std::vector<std::string> values;
  // For the Allow header, for example "GET, PATCH".
  std::string allow;
};

class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  // `route` is what a match returns. ALREADY_EXISTS when another route answers the same method and the same paths.
  absl::Status Add(http::Method method, const PathTemplate& path, size_t route);

  // `path` is raw: segments are decoded here, after the path is split, so that an escaped slash never separates.
  // Where more than one template fits, a literal segment wins over "*", and that over "**".
  RouteMatch Match(http::Method method, std::string_view path) const;

 private:
  struct Node;
  struct Search;
  std::unique_ptr<Node> root_;
};

}  // namespace fivestrand::gateway::transcode

#endif  // FIVESTRAND_GATEWAY_SRC_TRANSCODE_ROUTER_H_
