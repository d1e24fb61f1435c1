// Requests of AnalysisService as questions to a frame.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_API_ANALYSIS_QUESTION_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_API_ANALYSIS_QUESTION_H_

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fivestrand/assessment/v1/analysis.pb.h"

#include "services/assessment/domain/frame_names.h"
#include "services/assessment/domain/frame_query.h"

namespace fivestrand::assessment::api {

// `trusts/t` or `trusts/t/schools/s`, else INVALID_ARGUMENT.
absl::Status CheckParent(std::string_view parent);

// Windows that do not exist (any more) are never let in. What a name stands for that has no results lets nothing in. `field` is put
// before the names of fields in errors.
absl::StatusOr<domain::FrameFilter> ReadFilter(std::string_view parent, const v1::ResultFilter& filter,
                                               const domain::FrameNames& names, std::string_view field);

// Filter, axes, tally and gap. INVALID_ARGUMENT names the field.
absl::StatusOr<domain::FrameQuery> ReadQuestion(const v1::AnalyseResultsRequest& request, const domain::FrameNames& names);

// Bits of the groups that a question uses.
std::uint8_t GroupsOf(const domain::FrameQuery& query);
std::uint8_t GroupsOf(const domain::FrameFilter& filter);

// Number of a window; 0 when it does not exist or has no results.
std::uint16_t WindowNumber(const domain::FrameNames& names, std::string_view window);
std::uint16_t SubjectNumber(const domain::FrameNames& names, std::string_view subject);

}  // namespace fivestrand::assessment::api

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_API_ANALYSIS_QUESTION_H_
