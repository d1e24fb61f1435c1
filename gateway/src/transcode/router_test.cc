#include "gateway/src/transcode/router.h"

#include <gtest/gtest.h>

namespace fivestrand::gateway::transcode {
namespace {

using http::Method;
using Kind = RouteMatch::Kind;

Router Make(const std::vector<std::pair<Method, std::string>>& routes) {
  Router router;
  for (size_t i = 0; i < routes.size(); ++i) {
    const auto path = PathTemplate::Parse(routes[i].second);
    EXPECT_TRUE(path.ok()) << path.status();
    const absl::Status added = router.Add(routes[i].first, *path, i);
    EXPECT_TRUE(added.ok()) << added;
  }
  return router;
}

TEST(PathTemplate, ReadsVariablesAndVerbs) {
  const auto path = PathTemplate::Parse("/v1/{drop_in.name=trusts/*/schools/*/dropIns/*}:complete");
  ASSERT_TRUE(path.ok());
  EXPECT_EQ(path->Shape(), "/v1/trusts/*/schools/*/dropIns/*:complete");
  EXPECT_EQ(path->verb, "complete");
  ASSERT_EQ(path->variables.size(), 1u);
  EXPECT_EQ(path->variables[0].field_path, "drop_in.name");
  EXPECT_EQ(path->variables[0].begin, 1u);
  EXPECT_EQ(path->variables[0].end, 7u);
}

TEST(PathTemplate, RefusesWhatIsNone) {
  for (const char* bad : {"", "v1", "/", "/v1/", "/v1/{", "/v1/{name", "/v1/{name=", "/v1/{name=a/{b}}", "/v1/**/x",
                          "/v1/x:", "/v1/{a}/{a}", "/v1/{a-b}", "/v1/x}", "/v1//x", "/v1/{=x}", "/v1/x:y/z"}) {
    EXPECT_FALSE(PathTemplate::Parse(bad).ok()) << bad;
  }
}

TEST(Router, FindsAndCaptures) {
  const Router router = Make({{Method::kGet, "/v1/{name=trusts/*/schools/*}"},
                              {Method::kPatch, "/v1/{school.name=trusts/*/schools/*}"},
                              {Method::kGet, "/v1/{parent=trusts/*}/schools"},
                              {Method::kPost, "/v1/{name=trusts/*/schools/*}:close"},
                              {Method::kGet, "/v1/{a}/things/{b}"},
                              {Method::kGet, "/v1/{name=files/**}"}});
  RouteMatch match = router.Match(Method::kGet, "/v1/trusts/acorn/schools/north");
  ASSERT_EQ(match.kind, Kind::kFound);
  EXPECT_EQ(match.route, 0u);
  EXPECT_EQ(match.values, std::vector<std::string>{"trusts/acorn/schools/north"});
  EXPECT_EQ(router.Match(Method::kPatch, "/v1/trusts/acorn/schools/north").route, 1u);
  match = router.Match(Method::kGet, "/v1/trusts/acorn/schools");
  EXPECT_EQ(match.route, 2u);
  EXPECT_EQ(match.values, std::vector<std::string>{"trusts/acorn"});
  EXPECT_EQ(router.Match(Method::kPost, "/v1/trusts/acorn/schools/north:close").route, 3u);
  match = router.Match(Method::kGet, "/v1/x/things/y");
  EXPECT_EQ(match.values, (std::vector<std::string>{"x", "y"}));
  match = router.Match(Method::kGet, "/v1/files/a/b/c");
  ASSERT_EQ(match.kind, Kind::kFound);
  EXPECT_EQ(match.values, std::vector<std::string>{"files/a/b/c"});
  EXPECT_EQ(router.Match(Method::kGet, "/v1/files").values, std::vector<std::string>{"files"});
}

TEST(Router, TellsUnknownPathsFromWrongMethods) {
  const Router router = Make({{Method::kGet, "/v1/{name=trusts/*}"},
                              {Method::kPatch, "/v1/{trust.name=trusts/*}"},
                              {Method::kPost, "/v1/{name=trusts/*}:merge"}});
  RouteMatch match = router.Match(Method::kDelete, "/v1/trusts/a");
  EXPECT_EQ(match.kind, Kind::kWrongMethod);
  EXPECT_EQ(match.allow, "GET, PATCH");
  EXPECT_EQ(router.Match(Method::kGet, "/v1/trusts/a:merge").allow, "POST");
  for (const char* unknown : {"", "/", "/v1", "/v1/trusts", "/v1/trusts/", "/v1//a", "/v1/trusts/a/b", "/v2/trusts/a",
                              "/v1/trusts/a:", "/v1/trusts/a:split", "v1/trusts/a"}) {
    EXPECT_EQ(router.Match(Method::kGet, unknown).kind, Kind::kNoSuchPath) << unknown;
  }
  EXPECT_EQ(router.Match(Method::kGet, "/v1" + std::string(100, '/')).kind, Kind::kNoSuchPath);
}

TEST(Router, DecodesAfterSplitting) {
  const Router router = Make({{Method::kGet, "/v1/{name=trusts/*}"}, {Method::kGet, "/v1/{id}/one"}});
  EXPECT_EQ(router.Match(Method::kGet, "/v1/trusts/a%20b").values[0], "trusts/a b");
  EXPECT_EQ(router.Match(Method::kGet, "/v1/trusts/a%2Fb").values[0], "trusts/a%2Fb") << "stays one segment";
  EXPECT_EQ(router.Match(Method::kGet, "/v1/a%2Fb/one").values[0], "a/b") << "a single segment has no other meaning";
  EXPECT_EQ(router.Match(Method::kGet, "/v1/%74rusts/a").values[0], "trusts/a");
  EXPECT_EQ(router.Match(Method::kGet, "/v1/trusts/a%3Amerge").values[0], "trusts/a:merge") << "an escaped colon is no verb";
  EXPECT_EQ(router.Match(Method::kGet, "/v1/trusts/a%2").kind, Kind::kBadPath);
  EXPECT_EQ(router.Match(Method::kGet, "/v1/trusts/a%00").kind, Kind::kBadPath);
  EXPECT_EQ(router.Match(Method::kGet, "/v1/%2/a").kind, Kind::kBadPath);
}

TEST(Router, PrefersLiteralsAndGoesBack) {
  const Router router = Make({{Method::kGet, "/v1/{a=*/b}"},
                              {Method::kGet, "/v1/x/c"},
                              {Method::kGet, "/v1/{rest=**}"},
                              {Method::kGet, "/v1/x/d"},
                              {Method::kGet, "/v1/*/d"}});
  EXPECT_EQ(router.Match(Method::kGet, "/v1/x/b").route, 0u) << "x leads to a dead end";
  EXPECT_EQ(router.Match(Method::kGet, "/v1/x/c").route, 1u);
  EXPECT_EQ(router.Match(Method::kGet, "/v1/x/q").route, 2u);
  EXPECT_EQ(router.Match(Method::kGet, "/v1/x/d").route, 3u);
  EXPECT_EQ(router.Match(Method::kGet, "/v1/y/d").route, 4u);
}

TEST(Router, RefusesConflicts) {
  Router router = Make({{Method::kGet, "/v1/{name=trusts/*}"}});
  EXPECT_EQ(router.Add(Method::kGet, *PathTemplate::Parse("/v1/trusts/{id}"), 1).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_TRUE(router.Add(Method::kPost, *PathTemplate::Parse("/v1/trusts/{id}"), 1).ok());
  EXPECT_TRUE(router.Add(Method::kGet, *PathTemplate::Parse("/v1/trusts/{id}:verb"), 1).ok());
}

}  // namespace
}  // namespace fivestrand::gateway::transcode
