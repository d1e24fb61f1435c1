// Rules of check-ins, concerns, support and follow-ups.
#ifndef FIVESTRAND_SERVICES_WELFARE_DOMAIN_WELFARE_RULES_H_
#define FIVESTRAND_SERVICES_WELFARE_DOMAIN_WELFARE_RULES_H_

#include <memory>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "fivestrand/welfare/v1/welfare.pb.h"

#include "platform/resource/strategy.h"
#include "platform/resource/write_context.h"
#include "services/welfare/domain/directory.h"
#include "services/welfare/domain/matters.h"

namespace fivestrand::welfare::domain {

// A clock may be this far ahead of ours; nothing lies further away than kFurthest.
inline constexpr absl::Duration kClockDifference = absl::Minutes(10);
inline constexpr absl::Duration kFurthest = absl::Hours(24 * 800);
inline constexpr int kMaxReaders = 10;

struct Knowledge {
  std::shared_ptr<const Directory> directory;
  std::shared_ptr<Matters> matters;
};

// Fill in the school, judge dates, and keep the index of parties. Who may change what is decided by the verbs of the API, which
// load the record and know the caller's part in it.
std::unique_ptr<resource::Strategy> NewCheckInStrategy(Knowledge knowledge);
std::unique_ptr<resource::Strategy> NewConcernStrategy(Knowledge knowledge);
std::unique_ptr<resource::Strategy> NewSupportStrategy(Knowledge knowledge);
std::unique_ptr<resource::Strategy> NewFollowUpStrategy(Knowledge knowledge);
std::unique_ptr<resource::Strategy> NewNoticeStrategy(Knowledge knowledge);

// State changes. FAILED_PRECONDITION from a state in which they make no sense.
absl::Status Complete(absl::Time held, absl::Time now, v1::CheckIn* check_in);
absl::Status Cancel(v1::CheckIn* check_in);
absl::Status Close(absl::CivilDay today, v1::WelfareConcern* concern);
absl::Status Finish(absl::CivilDay done, absl::CivilDay today, bool withdrawn, v1::Support* support);
absl::Status Finish(absl::CivilDay done, absl::CivilDay today, bool cancelled, v1::FollowUp* follow_up);

}  // namespace fivestrand::welfare::domain

#endif  // FIVESTRAND_SERVICES_WELFARE_DOMAIN_WELFARE_RULES_H_
