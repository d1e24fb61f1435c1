#include "services/assessment/domain/result_key.h"

#include <gtest/gtest.h>

namespace fivestrand::assessment::domain {
namespace {

TEST(ResultKeyTest, PacksAndUnpacksEveryPartAtItsLimit) {
  const ResultKey parts[] = {
      {1, 1, 1, 1, 1},
      {static_cast<int>(kMaxTrustNumber), static_cast<int>(kMaxWindowNumber), static_cast<int>(kMaxSubjectNumber),
       static_cast<int>(kMaxScaleNumber), static_cast<int>(kMaxPupilNumber)},
      {static_cast<int>(kMaxTrustNumber), 1, static_cast<int>(kMaxSubjectNumber), 1, static_cast<int>(kMaxPupilNumber)},
      {1, static_cast<int>(kMaxWindowNumber), 1, static_cast<int>(kMaxScaleNumber), 1}};
  for (const ResultKey& key : parts) {
    EXPECT_GT(key.Pack(), 0);
    EXPECT_EQ(ResultKey::Unpack(key.Pack()), key);
  }
}

TEST(ResultKeyTest, ATrustAWindowAndAColumnAreOneRangeEach) {
  const std::int64_t key = ResultKey{.trust = 3, .window = 7, .subject = 5, .scale = 2, .pupil = 99}.Pack();
  for (const KeyRange range : {TrustRange(3), WindowRange(3, 7), ColumnRange(key)}) {
    EXPECT_LE(range.first, key);
    EXPECT_GE(range.last, key);
  }
  EXPECT_EQ(ResultKey::Unpack(TrustRange(3).last).trust, 3);
  EXPECT_EQ(TrustRange(3).last + 1, TrustRange(4).first);
  EXPECT_EQ(WindowRange(3, 7).last + 1, WindowRange(3, 8).first);
  const std::int64_t other = ResultKey{.trust = 3, .window = 7, .subject = 5, .scale = 3, .pupil = 1}.Pack();
  EXPECT_GT(other, ColumnRange(key).last);
}

}  // namespace
}  // namespace fivestrand::assessment::domain
