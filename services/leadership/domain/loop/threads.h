// The life of an improvement thread: a pure function of what answered it, what was read since, and what people decided.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_THREADS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_THREADS_H_

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "fivestrand/leadership/v1/improvement.pb.h"
#include "fivestrand/leadership/v1/improvement_service.pb.h"

#include "services/leadership/domain/loop/effect.h"

namespace fivestrand::leadership::domain {

// When a response began; nothing while it is planned or once it was withdrawn. What begins today has begun.
std::optional<absl::CivilDay> BeganOn(const v1::ThreadResponse& response, absl::CivilDay today);
// Whether it is done by `today`.
bool IsDone(const v1::ThreadResponse& response, absl::CivilDay today);
// The first day on which a response really began.
std::optional<absl::CivilDay> FirstResponse(absl::Span<const v1::ThreadResponse> responses, absl::CivilDay today);

// Sets state, first_response_date and impact_date as they follow from responses and effects. The state of a closed thread stays.
// OPEN: nothing has begun. RESPONDING: something that has begun is not done, or something further is planned. AWAITING_READING: all
// is done. What a closed thread was closed on stays as it was.
void Progress(absl::Span<const v1::ThreadResponse> responses, absl::Span<const Effect> effects, absl::CivilDay today,
              v1::ImprovementThread* thread);

// FAILED_PRECONDITION when it is closed already; for IMPROVED, UNCHANGED or WORSE without a conclusive reading after the first
// response, and when no measure came to that outcome; INVALID_ARGUMENT for another outcome, and for SUPERSEDED without a note.
absl::Status Close(v1::Outcome outcome, std::string_view note, std::string_view actor, absl::Span<const Effect> effects,
                   absl::Time now, v1::ImprovementThread* thread);
// FAILED_PRECONDITION unless it is closed. Its state then follows from Progress.
absl::Status Reopen(std::string_view reason, v1::ImprovementThread* thread);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_THREADS_H_
