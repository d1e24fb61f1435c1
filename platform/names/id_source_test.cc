#include "platform/names/id_source.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

#include "platform/names/names.h"

namespace fivestrand::names {
namespace {

const absl::Time kNow = absl::FromUnixMillis(1'790'000'000'123);

TEST(IdSource, GivesValidIdsInOrderWithinOneMillisecond) {
  auto ids = NewRandomIds([] { return kNow; });
  std::string last;
  for (int i = 0; i < 50'000; ++i) {
    std::string id = ids->NewId();
    ASSERT_EQ(id.size(), kGeneratedIdLength);
    ASSERT_TRUE(ValidId(id)) << id;
    ASSERT_LT(last, id);
    last = std::move(id);
  }
}

TEST(IdSource, StaysInOrderWhenTheClockJumps) {
  absl::Time now = kNow;
  auto ids = NewRandomIds([&] { return now; });
  const std::string first = ids->NewId();
  now += absl::Milliseconds(1);
  const std::string second = ids->NewId();
  now -= absl::Hours(1);
  const std::string third = ids->NewId();
  now += absl::Hours(2);
  const std::string fourth = ids->NewId();
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_LT(third, fourth);
}

TEST(IdSource, KnowsTheTimeOfAnId) {
  EXPECT_EQ(TimeOfId(MakeId(kNow, 42)), kNow);
  EXPECT_EQ(TimeOfId(MakeId(absl::InfinitePast(), 0)), absl::UnixEpoch());
  EXPECT_EQ(TimeOfId("drop-in"), absl::InfinitePast());
  EXPECT_EQ(TimeOfId("i0000000000000000000"), absl::InfinitePast());
  EXPECT_LT(MakeId(kNow, ~uint64_t{0}), MakeId(kNow + absl::Milliseconds(1), 0));
}

TEST(IdSource, RepeatsFromASeed) {
  auto clock = [] {
    return kNow;
  };
  auto a = NewSeededIds(clock, 7);
  auto b = NewSeededIds(clock, 7);
  auto c = NewSeededIds(clock, 8);
  const std::string first = a->NewId();
  EXPECT_EQ(first, b->NewId());
  EXPECT_NE(first, c->NewId());
  EXPECT_EQ(a->NewId(), b->NewId());
}

TEST(IdSource, SourcesDiffer) {
  auto clock = [] {
    return kNow;
  };
  EXPECT_NE(NewRandomIds(clock)->NewId(), NewRandomIds(clock)->NewId());
}

TEST(IdSource, NeverRepeatsAcrossThreads) {
  auto ids = NewRandomIds([] { return kNow; });
  std::mutex mutex;
  std::set<std::string> all;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      std::vector<std::string> mine;
      for (int i = 0; i < 2000; ++i) mine.push_back(ids->NewId());
      EXPECT_TRUE(std::is_sorted(mine.begin(), mine.end()));
      std::lock_guard lock(mutex);
      all.insert(mine.begin(), mine.end());
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(all.size(), 8000u);
}

}  // namespace
}  // namespace fivestrand::names
