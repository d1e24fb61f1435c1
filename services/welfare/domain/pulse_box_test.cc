#include "services/welfare/domain/pulse_box.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace fivestrand::welfare::domain {
namespace {

using ::testing::SizeIs;

TEST(BoxKeyTest, BlocksOpenInTheirPlaceOnly) {
  const BoxKey key = BoxKey::Random();
  const std::string sealed = key.Seal("box/1", "content");
  EXPECT_EQ(key.Open("box/1", sealed), "content");
  EXPECT_FALSE(key.Open("box/2", sealed).has_value());
  EXPECT_FALSE(BoxKey::Random().Open("box/1", sealed).has_value());
  EXPECT_NE(key.Seal("box/1", "content"), sealed);
  std::string damaged = sealed;
  damaged.back() ^= 1;
  EXPECT_FALSE(key.Open("box/1", damaged).has_value());
  EXPECT_FALSE(key.Open("box/1", "short").has_value());
  EXPECT_EQ(BoxKey::FromBytes(key.ToBytes())->Open("box/1", sealed), "content");
  EXPECT_FALSE(BoxKey::FromBytes("short").has_value());
}

TEST(BoxKeyTest, HashesAreOfOneSurvey) {
  const BoxKey one = BoxKey::Random(), other = BoxKey::Random();
  EXPECT_EQ(one.TokenOf("trusts/t/people/p"), one.TokenOf("trusts/t/people/p"));
  EXPECT_NE(one.TokenOf("trusts/t/people/p"), one.TokenOf("trusts/t/people/q"));
  EXPECT_NE(one.TokenOf("trusts/t/people/p"), other.TokenOf("trusts/t/people/p"));
  EXPECT_THAT(one.TokenOf("trusts/t/people/p"), SizeIs(kTokenBytes));
}

TEST(BlockTest, KeepsItsSizeUntilItIsFull) {
  std::string block = EmptyBlock();
  const std::size_t size = block.size();
  for (std::size_t i = 0; i < kBlockPlaces; ++i) {
    ASSERT_TRUE(PutAnswer({static_cast<std::uint8_t>(i % 7), {1, 2, 3}}, &block));
    ASSERT_EQ(block.size(), size);
  }
  EXPECT_FALSE(PutAnswer({0, {1}}, &block));
  const std::vector<BoxedAnswer> answers = AnswersOf(block);
  ASSERT_THAT(answers, SizeIs(kBlockPlaces));
  EXPECT_EQ(answers[0].ratings[2], 3);
  EXPECT_EQ(answers[0].ratings[3], 0);
}

TEST(ListTest, IsSortedWhateverTheOrderOfComing) {
  const BoxKey key = BoxKey::Random();
  std::vector<std::string> tokens;
  for (int i = 0; i < 2500; ++i) tokens.push_back(key.TokenOf(absl::StrCat("p", i)));
  std::string forwards = EmptyList(), backwards = EmptyList();
  for (const std::string& token : tokens) PutToken(token, &forwards);
  std::reverse(tokens.begin(), tokens.end());
  for (const std::string& token : tokens) PutToken(token, &backwards);
  EXPECT_EQ(forwards, backwards);
  EXPECT_EQ(TokensIn(forwards), 2500U);
  for (const std::string& token : tokens) ASSERT_TRUE(HasToken(forwards, token));
  EXPECT_FALSE(HasToken(forwards, key.TokenOf("nobody")));
  EXPECT_FALSE(HasToken(EmptyList(), std::string(kTokenBytes, '\0')));
  EXPECT_EQ(forwards.size() % (kBlockPlaces * kTokenBytes), 4U);
}

}  // namespace
}  // namespace fivestrand::welfare::domain
