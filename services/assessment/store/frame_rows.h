// Helpers of what reads a frame out of the store.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_STORE_FRAME_ROWS_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_STORE_FRAME_ROWS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/civil_time.h"

#include "platform/store/session.h"
#include "services/assessment/domain/result_key.h"

namespace fivestrand::assessment::store {

// Days since 1970.
inline std::int32_t DayNumber(absl::CivilDay day) {
  return static_cast<std::int32_t>(day - absl::CivilDay(1970, 1, 1));
}

inline std::string_view LastSegment(std::string_view name) {
  return name.substr(name.rfind('/') + 1);
}

// Numbers of a dictionary by resource id, at most as many as a key has bits for.
inline absl::Status ReadFrameNumbers(fivestrand::store::Session& session, std::string_view trust, domain::DictionaryKind kind,
                                     absl::flat_hash_map<std::string, std::uint32_t>* numbers) {
  return session.Query("SELECT name, number FROM dictionary WHERE trust = $1 AND kind = $2",
                       {trust, static_cast<std::int64_t>(kind)}, [&](const fivestrand::store::Row& row) {
                         numbers->insert_or_assign(std::string(row.Text(0)), static_cast<std::uint32_t>(row.Int(1)));
                         return absl::OkStatus();
                       });
}

// The element of that number, made when it is not there.
template <typename Name>
Name& Grow(std::vector<Name>& names, std::uint32_t number) {
  if (number >= names.size()) names.resize(number + 1);
  return names[number];
}

}  // namespace fivestrand::assessment::store

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_STORE_FRAME_ROWS_H_
