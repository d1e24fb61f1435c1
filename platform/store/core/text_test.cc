#include "platform/store/core/text.h"

#include <string>

#include "gtest/gtest.h"

namespace fivestrand::store {
namespace {

TEST(StorableText, TakesWellFormedUtf8) {
  for (const char* text : {"", "a", "trusts/t/schools/s", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                           "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "eight by\xC3\xA9te words"}) {
    EXPECT_TRUE(IsStorableText(text)) << text;
  }
}

TEST(StorableText, RefusesTheRest) {
  for (const std::string& text :
       {std::string("\0", 1), std::string("12345678\0", 9), std::string("\x80"), std::string("\xC0\xAF"), std::string("\xC1\xBF"),
        std::string("\xC3"), std::string("\xE0\x9F\xBF"), std::string("\xED\xA0\x80"), std::string("\xE2\x82"),
        std::string("\xF0\x8F\xBF\xBF"), std::string("\xF4\x90\x80\x80"), std::string("\xF5\x80\x80\x80"),
        std::string("1234567\xC3"), std::string("\xFF")}) {
    EXPECT_FALSE(IsStorableText(text)) << testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace fivestrand::store
