#include "services/assessment/domain/upn.h"

#include <gtest/gtest.h>
#include <string>

namespace fivestrand::assessment::domain {
namespace {

TEST(UpnTest, TakesThePublishedVectors) {
  EXPECT_EQ(UpnFault("B801200005001"), "");
  // Its sum is 266; a help page that is copied a lot adds it up wrongly and has Q.
  EXPECT_EQ(UpnFault("P207000016049"), "");
  EXPECT_NE(UpnFault("Q207000016049"), "");
  EXPECT_NE(UpnFault("A801200005001"), "") << "wrong letter";
  EXPECT_NE(UpnFault("X80120000A001"), "") << "letter in the middle";
  EXPECT_NE(UpnFault("E000200005001"), "") << "no such local authority";
}

TEST(UpnTest, ATemporaryNumberEndsInALetter) {
  for (const char last : std::string("ABCDEFGHJKLMNPQRTUVWXYZ")) {
    const std::string rest = std::string("80120000500") + last;
    const char letter = UpnCheckLetter(rest);
    ASSERT_NE(letter, 0);
    EXPECT_EQ(UpnFault(letter + rest), "");
    EXPECT_NE(UpnFault((letter == 'A' ? 'B' : 'A') + rest), "");
  }
  for (const char last : std::string("IOS")) EXPECT_EQ(UpnCheckLetter(std::string("80120000500") + last), 0);
}

TEST(UpnTest, EveryMistypedDigitAndMostSwapsAreFound) {
  const std::string upn = "B801200005001";
  for (std::size_t i = 1; i < upn.size(); ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      if (digit == upn[i]) continue;
      std::string wrong = upn;
      wrong[i] = digit;
      EXPECT_NE(UpnFault(wrong), "") << wrong;
    }
  }
}

TEST(UpnTest, TakesAnyBytes) {
  for (const std::string& text : {std::string(), std::string("B"), std::string(13, '\0'), std::string(13, '\xFF'),
                                  std::string(500, 'B'), std::string("B80120000500\xC3")}) {
    EXPECT_NE(UpnFault(text), "");
    NormalUpn(text);
  }
  EXPECT_EQ(NormalUpn(" b801 200005001\t"), "B801200005001");
}

}  // namespace
}  // namespace fivestrand::assessment::domain
