// Joins texts and whole numbers. Debian's Abseil has a string_view of its own, which StrCat wants. Internal to platform/calendar.
#ifndef FIVESTRAND_PLATFORM_CALENDAR_TEXT_H_
#define FIVESTRAND_PLATFORM_CALENDAR_TEXT_H_

#include <concepts>
#include <string>
#include <string_view>

namespace fivestrand::calendar {

inline void AppendPart(std::string& text, std::string_view part) {
  text += part;
}
template <std::integral Number>
void AppendPart(std::string& text, Number part) {
  text += std::to_string(part);
}

template <typename... Parts>
std::string Cat(const Parts&... parts) {
  std::string text;
  (AppendPart(text, parts), ...);
  return text;
}

}  // namespace fivestrand::calendar

#endif  // FIVESTRAND_PLATFORM_CALENDAR_TEXT_H_
