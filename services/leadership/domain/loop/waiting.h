// Who must do what next, and since when. Pure.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_WAITING_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_WAITING_H_

#include <optional>

#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "fivestrand/leadership/v1/improvement_service.pb.h"

#include "platform/calendar/school_calendar.h"
#include "services/leadership/domain/loop/accountable.h"

namespace fivestrand::leadership::domain {

// What an open concern that is in no thread waits for; nothing when it is in one or has ended.
std::optional<v1::Waiting> WaitsFor(const v1::Concern& concern, const PostBook& posts, const calendar::SchoolCalendar* calendar,
                                    absl::CivilDay today);

// What a thread waits for; nothing when it is closed.
std::optional<v1::Waiting> WaitsFor(const v1::ImprovementThread& thread, absl::Span<const v1::ThreadResponse> responses,
                                    const calendar::SchoolCalendar* calendar, absl::CivilDay today);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_LOOP_WAITING_H_
