// Who is who at a day: line managers, holders of posts, schools of people. Reads the organisation's tables, whether these are the
// originals or mirrors, in a session that is given. Persons and schools are given and answered as resource names, each at most once
// and in order of name.
#ifndef FIVESTRAND_SERVICES_ORGANISATION_STORE_DIRECTORY_H_
#define FIVESTRAND_SERVICES_ORGANISATION_STORE_DIRECTORY_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "fivestrand/leadership/v1/people.pb.h"

#include "platform/store/session.h"

namespace fivestrand::organisation {

using Names = std::vector<std::string>;

// Who line-manages the person; several only where the trust keeps several at once.
absl::StatusOr<Names> LineManagersOf(store::Session& session, std::string_view person, absl::CivilDay day);
// Whom the person line-manages.
absl::StatusOr<Names> ReportsOf(store::Session& session, std::string_view person, absl::CivilDay day);

// Who holds a post of one of the kinds at `place`: `trusts/t/schools/s`, or `trusts/t` for posts at the trust itself. An executive
// headteacher counts at each school that they answer for.
absl::StatusOr<Names> HoldersOf(store::Session& session, std::string_view place, absl::Span<const leadership::v1::Post::Kind> kinds,
                                absl::CivilDay day);

// The schools in which the person holds a post, those included that an executive headteacher answers for.
absl::StatusOr<Names> SchoolsOf(store::Session& session, std::string_view person, absl::CivilDay day);

// The posts that the person holds.
absl::StatusOr<std::vector<leadership::v1::Post>> PostsOf(store::Session& session, std::string_view person, absl::CivilDay day);

// Persons who are live, belong to the trust at the day, and hold a post in the school: its staff.
absl::StatusOr<Names> StaffOf(store::Session& session, std::string_view school, absl::CivilDay day);

}  // namespace fivestrand::organisation

#endif  // FIVESTRAND_SERVICES_ORGANISATION_STORE_DIRECTORY_H_
