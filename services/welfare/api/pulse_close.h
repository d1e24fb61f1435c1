// From answers to figures: the end of a survey.
#ifndef FIVESTRAND_SERVICES_WELFARE_API_PULSE_CLOSE_H_
#define FIVESTRAND_SERVICES_WELFARE_API_PULSE_CLOSE_H_

#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "fivestrand/welfare/v1/pulse.pb.h"

#include "platform/resource/write_context.h"
#include "services/welfare/api/pulse_api.h"

namespace fivestrand::welfare::api {

// How many members of staff a survey invites, by school (empty: the trust itself).
absl::StatusOr<std::map<std::string, int>> InvitedBySchool(fivestrand::store::Session& session, const domain::Directory& directory,
                                                           const v1::PulseSurvey& survey, absl::CivilDay day);

// Computes the figures, destroys the answers, and marks the survey as closed. FAILED_PRECONDITION for one that is over or has not
// begun.
absl::Status ClosePulse(const PulseParts& parts, resource::WriteContext& write, std::string_view name, std::string_view etag,
                        v1::PulseSurvey* survey);

}  // namespace fivestrand::welfare::api

#endif  // FIVESTRAND_SERVICES_WELFARE_API_PULSE_CLOSE_H_
