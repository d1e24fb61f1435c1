// Generated ids: 20 characters of lower-case base32 (digits and letters without i, l, o, u), 50 bits of milliseconds and then 50
// random bits. Text order is creation order; they are valid resource ids.
#ifndef FIVESTRAND_PLATFORM_NAMES_ID_SOURCE_H_
#define FIVESTRAND_PLATFORM_NAMES_ID_SOURCE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace fivestrand::names {

inline constexpr size_t kGeneratedIdLength = 20;

// Where ids come from; passed in, never global. Thread-safe.
class IdSource {
 public:
  virtual ~IdSource() = default;
  // Greater, as text, than every id that this source gave before, also within one millisecond and when the clock goes back.
  virtual std::string NewId() = 0;
};

// Takes time from `clock` and randomness from the kernel.
std::unique_ptr<IdSource> NewRandomIds(std::function<absl::Time()> clock);

// For tests and seeded demonstration data: the same `seed` and the same clock give the same ids.
std::unique_ptr<IdSource> NewSeededIds(std::function<absl::Time()> clock, uint64_t seed);

// The id for given parts; `random` counts modulo 2^50. Times before 1970 count as 1970.
std::string MakeId(absl::Time time, uint64_t random);

// When a generated id was made; absl::InfinitePast() for text that is not one.
absl::Time TimeOfId(std::string_view id);

}  // namespace fivestrand::names

#endif  // FIVESTRAND_PLATFORM_NAMES_ID_SOURCE_H_
