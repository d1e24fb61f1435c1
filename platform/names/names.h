// Resource names: trusts/{trust}/schools/{school}/dropIns/{drop_in}. Every function takes any bytes, allocates nothing unless it
// returns a string, and never fails harder than by an empty answer.
#ifndef FIVESTRAND_PLATFORM_NAMES_NAMES_H_
#define FIVESTRAND_PLATFORM_NAMES_NAMES_H_

#include <cstddef>
#include <string_view>

namespace fivestrand::names {

// Longest id and longest resource name that any part of the suite accepts.
inline constexpr size_t kMaxIdLength = 63;
inline constexpr size_t kMaxNameLength = 512;

// In the place of an id in the parent of a list: any.
inline constexpr std::string_view kAny = "-";

// Lower-case letters, digits and hyphens, 1 to 63, the first a letter or a digit.
bool ValidId(std::string_view id);

// Upper-case UUIDs are valid too; the nil UUID is not.
bool ValidUuid(std::string_view text);

// Id of the trust that leads `name`, empty when none does. Not checked with ValidId: it may be "-" or nonsense, which equals no
// caller's trust.
std::string_view TrustOf(std::string_view name);

// Id of the school that follows the trust, empty when none does; "-" in `trusts/t/schools/-/dropIns`.
std::string_view SchoolOf(std::string_view name);

// `trusts/t` and `trusts/t/schools/s` out of a longer name; empty when it does not start so.
std::string_view TrustNameOf(std::string_view name);
std::string_view SchoolNameOf(std::string_view name);

// Name without its last collection and id: `trusts/t/schools/s` of `trusts/t/schools/s/dropIns/d`. Empty when there is none.
std::string_view ParentOf(std::string_view name);

// Last segment.
std::string_view IdOf(std::string_view name);

}  // namespace fivestrand::names

#endif  // FIVESTRAND_PLATFORM_NAMES_NAMES_H_
