#include "gateway/src/transcode/router.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"

#include "gateway/src/http/uri.h"
#include "platform/status/views.h"

namespace fivestrand::gateway::transcode {
namespace {

constexpr size_t kMaxSegments = 40;

struct Capture {
  size_t begin, end;
  bool open_end;  // ends with "**": takes whatever is left, which may be nothing
};

struct Leaf {
  std::string verb;
  http::Method method;
  size_t route;
  std::vector<Capture> captures;
};

}  // namespace

struct Router::Node {
  absl::flat_hash_map<std::string, std::unique_ptr<Node>> literals;
  std::unique_ptr<Node> star;
  std::vector<Leaf> leaves;  // templates that end here
  std::vector<Leaf> rest;    // templates that end here with "**"
};

// One walk through the tree.
struct Router::Search {
  http::Method method;
  std::array<std::string_view, kMaxSegments> segments;  // raw
  size_t count = 0;
  std::string_view verb;
  std::vector<http::Method> allowed;
  const Leaf* found = nullptr;
  bool bad_escape = false;

  bool Take(const std::vector<Leaf>& leaves) {
    for (const Leaf& leaf : leaves) {
      if (leaf.verb != verb) continue;
      if (leaf.method == method) {
        found = &leaf;
        return true;
      }
      if (std::find(allowed.begin(), allowed.end(), leaf.method) == allowed.end()) allowed.push_back(leaf.method);
    }
    return false;
  }

  bool Walk(const Node& node, size_t at) {
    if (at == count) return Take(node.leaves) || Take(node.rest);
    const std::string_view raw = segments[at];
    if (raw.empty()) return false;
    if (!node.literals.empty()) {
      auto literal = node.literals.end();
      if (raw.find('%') == std::string_view::npos) {
        literal = node.literals.find(AbslView(raw));
      } else if (const auto decoded = http::PercentDecode(raw)) {
        literal = node.literals.find(*decoded);
      } else {
        bad_escape = true;
      }
      if (literal != node.literals.end() && Walk(*literal->second, at + 1)) return true;
    }
    if (node.star && Walk(*node.star, at + 1)) return true;
    return Take(node.rest);
  }
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

absl::Status Router::Add(http::Method method, const PathTemplate& path, size_t route) {
  Node* node = root_.get();
  bool rest = false;
  for (const auto& segment : path.segments) {
    switch (segment.kind) {
      case PathTemplate::Kind::kLiteral: {
        auto& child = node->literals[segment.literal];
        if (!child) child = std::make_unique<Node>();
        node = child.get();
        break;
      }
      case PathTemplate::Kind::kStar:
        if (!node->star) node->star = std::make_unique<Node>();
        node = node->star.get();
        break;
      case PathTemplate::Kind::kDoubleStar:
        rest = true;
        break;
    }
  }
  auto& leaves = rest ? node->rest : node->leaves;
  for (const Leaf& leaf : leaves) {
    if (leaf.method == method && leaf.verb == path.verb) {
      return absl::AlreadyExistsError(
          absl::StrCat("two methods are bound to ", AbslView(http::MethodName(method)), " ", path.Shape()));
    }
  }
  Leaf& leaf = leaves.emplace_back();
  leaf = {path.verb, method, route, {}};
  for (const auto& variable : path.variables) {
    leaf.captures.push_back({variable.begin, variable.end, rest && variable.end == path.segments.size()});
  }
  return absl::OkStatus();
}

RouteMatch Router::Match(http::Method method, std::string_view path) const {
  RouteMatch match;
  if (path.empty() || path.front() != '/') return match;
  path.remove_prefix(1);
  Search search;
  search.method = method;
  const size_t last_slash = path.rfind('/');
  const size_t colon = path.rfind(':');
  if (colon != std::string_view::npos && (last_slash == std::string_view::npos || colon > last_slash)) {
    search.verb = path.substr(colon + 1);
    if (search.verb.empty()) return match;
    path = path.substr(0, colon);
  }
  for (;;) {
    if (search.count == kMaxSegments) return match;
    const size_t slash = path.find('/');
    search.segments[search.count++] = path.substr(0, slash);
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  if (!search.Walk(*root_, 0)) {
    if (!search.allowed.empty()) {
      match.kind = RouteMatch::Kind::kWrongMethod;
      std::sort(search.allowed.begin(), search.allowed.end());
      for (http::Method allowed : search.allowed) {
        absl::StrAppend(&match.allow, match.allow.empty() ? "" : ", ", AbslView(http::MethodName(allowed)));
      }
    } else if (search.bad_escape) {
      match.kind = RouteMatch::Kind::kBadPath;
    }
    return match;
  }
  match.route = search.found->route;
  match.kind = RouteMatch::Kind::kFound;
  for (const Capture& capture : search.found->captures) {
    const size_t end = capture.open_end ? search.count : capture.end;
    const bool one = !capture.open_end && end - capture.begin == 1;
    std::string& value = match.values.emplace_back();
    for (size_t i = capture.begin; i < end; ++i) {
      if (i > capture.begin) value.push_back('/');
      if (search.segments[i].find('%') == std::string_view::npos) {
        value.append(search.segments[i]);
        continue;
      }
      const auto decoded = http::PercentDecode(search.segments[i], /*keep_slash=*/!one);
      if (!decoded) {
        match.kind = RouteMatch::Kind::kBadPath;
        return match;
      }
      value.append(*decoded);
    }
  }
  return match;
}

}  // namespace fivestrand::gateway::transcode
