// Rules of pulse surveys.
#ifndef FIVESTRAND_SERVICES_WELFARE_DOMAIN_PULSE_RULES_H_
#define FIVESTRAND_SERVICES_WELFARE_DOMAIN_PULSE_RULES_H_

#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "fivestrand/welfare/v1/pulse.pb.h"
#include "fivestrand/welfare/v1/pulse_service.pb.h"

#include "platform/resource/strategy.h"

namespace fivestrand::welfare::domain {

inline constexpr int kMaxQuestions = 20;
inline constexpr int kDefaultGroup = 10;
inline constexpr int kLeastGroup = 5;

std::unique_ptr<resource::Strategy> NewPulseSurveyStrategy();

// The questions of a survey that is created without any.
void AddDefaultQuestions(v1::PulseSurvey* survey);
// Questions, group size and times, each with its field named behind `prefix`.
absl::Status CheckSurvey(std::string_view prefix, v1::PulseSurvey* survey);

// Whether it takes answers at that time.
bool IsOpen(const v1::PulseSurvey& survey, absl::Time now);
// Whether its time is over and its figures are still to be computed.
bool IsDue(const v1::PulseSurvey& survey, absl::Time now);
// Whether staff of the school (empty: the trust itself) are invited.
bool Invites(const v1::PulseSurvey& survey, std::string_view school);

// The ratings in the order of the survey's questions, 0 for one that is left out. INVALID_ARGUMENT for an unknown or repeated
// question, a value off the scale, or none at all. The text of the error never holds a value.
absl::StatusOr<std::vector<int>> ReadRatings(const v1::PulseSurvey& survey,
                                             const google::protobuf::RepeatedPtrField<v1::AnswerPulseRequest::Rating>& ratings);

}  // namespace fivestrand::welfare::domain

#endif  // FIVESTRAND_SERVICES_WELFARE_DOMAIN_PULSE_RULES_H_
