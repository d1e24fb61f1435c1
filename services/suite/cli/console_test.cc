#include "services/suite/cli/console.h"

#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/names/names.h"
#include "services/suite/cli/connection.h"

namespace fivestrand::cli {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ProgressBar, IsDrawnOnATerminalAndTakenAway) {
  std::ostringstream out, err;
  {
    ProgressBar bar({&out, &err, true});
    bar.Show("reading", 0.5);
    EXPECT_THAT(err.str(), EndsWith("\r\x1b[K[###############---------------]  50 %  reading"));
    const std::size_t length = err.str().size();
    bar.Show("reading", 0.501);
    EXPECT_EQ(err.str().size(), length);
    bar.Show("reading", 2);
    EXPECT_THAT(err.str(), EndsWith("[##############################] 100 %  reading"));
  }
  EXPECT_THAT(err.str(), EndsWith("\r\x1b[K"));
  EXPECT_EQ(out.str(), "");
}

TEST(ProgressBar, IsALineForEachThingElsewhere) {
  std::ostringstream out, err;
  {
    ProgressBar bar({&out, &err, false});
    bar.Show("reading", 0);
    bar.Show("reading", 0.5);
    bar.Show("writing", 0.5);
  }
  EXPECT_EQ(err.str(), "[  0 %] reading\n[ 50 %] writing\n");
}

TEST(Connection, RequestIdsAreUuids) {
  const std::string id = NewRequestId();
  EXPECT_TRUE(names::ValidUuid(id)) << id;
  EXPECT_NE(id, NewRequestId());
}

TEST(Connection, TrustsAreNamedByTheirId) {
  EXPECT_EQ(*TrustName("acorn"), "trusts/acorn");
  EXPECT_EQ(*TrustName("trusts/acorn"), "trusts/acorn");
  for (const char* bad : {"", "Acorn", "trusts/", "schools/x", "trusts/a/schools/b"}) EXPECT_FALSE(TrustName(bad).ok()) << bad;
}

}  // namespace
}  // namespace fivestrand::cli
