// How many concerns are open, of those that a caller may see.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_CONCERN_COUNTS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_CONCERN_COUNTS_H_

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

#include "platform/identity/access.h"
#include "platform/store/session.h"

namespace fivestrand::leadership::store {

inline constexpr std::string_view kListConcerns = "leadership.concerns.list";

// By scope (`trusts/t/schools/s`, or `trusts/t` for the trust as a whole) and id of the element. `access` is that to kListConcerns
// about the trust:
//
//   registry.access().DecideFor(*context.caller, store::kListConcerns, "trusts/t", context.now)
//
// and `subject` the caller. Empty when the caller may list none.
absl::StatusOr<std::map<std::pair<std::string, std::string>, int>> CountOpenConcerns(fivestrand::store::Session& session,
                                                                                     std::string_view trust,
                                                                                     const identity::Access& access,
                                                                                     std::string_view subject);

}  // namespace fivestrand::leadership::store

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_CONCERN_COUNTS_H_
