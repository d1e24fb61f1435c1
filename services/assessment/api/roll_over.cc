#include "services/assessment/api/roll_over.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "fivestrand/assessment/v1/pupils.pb.h"

#include "platform/calendar/day.h"
#include "platform/identity/caller.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/resource/write_context.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/assessment/domain/pupil_rules.h"

namespace fivestrand::assessment::api {
namespace {

using fivestrand::store::Session;

// In one transaction: others write too.
constexpr int kBatch = 500;

absl::Status BringUp(const resource::Registry& registry, const domain::RecordSource& source, const std::vector<std::string>& pupils,
                     absl::Time now, absl::Time deadline) {
  auto caller = std::make_shared<identity::Caller>();
  caller->subject = "services/assessment";
  rpc::CallContext call;
  call.caller = caller;
  call.now = now;
  call.deadline = deadline;
  return registry.store().Write(deadline, [&](fivestrand::store::WriteTransaction& transaction) -> absl::Status {
    resource::WriteContext write(registry, call, transaction);
    for (const std::string& name : pupils) {
      std::vector<v1::Enrolment> enrolments;
      FIVESTRAND_RETURN_IF_ERROR(source.EnrolmentsOf(transaction, name, &enrolments));
      v1::Pupil pupil;
      FIVESTRAND_RETURN_IF_ERROR(write.Update(name, {}, "roll over", &pupil, [&] {
        domain::ApplyEnrolments(enrolments, calendar::DayOf(now), &pupil);
        return absl::OkStatus();
      }));
    }
    return absl::OkStatus();
  });
}

}  // namespace

absl::Status RollOver::Run(const resource::Registry& registry, const domain::RecordSource& source, absl::Time now,
                           absl::Time deadline) {
  const absl::CivilDay day = calendar::DayOf(now);
  {
    const absl::MutexLock lock(&mutex_);
    if (done_ == day) return absl::OkStatus();
  }
  while (true) {
    std::vector<std::string> pupils;
    FIVESTRAND_RETURN_IF_ERROR(
        registry.store().Read(deadline, [&](Session& session) { return source.PupilsBehind(session, day, kBatch, &pupils); }));
    if (pupils.empty()) break;
    // Groups of whoever moves are sealed anew, which needs the trust's key.
    std::set<std::string> trusts;
    for (const std::string& name : pupils) trusts.emplace(names::TrustOf(name));
    for (const std::string& trust : trusts) FIVESTRAND_RETURN_IF_ERROR(registry.cipher().Prepare(trust));
    FIVESTRAND_RETURN_IF_ERROR(BringUp(registry, source, pupils, now, deadline));
  }
  const absl::MutexLock lock(&mutex_);
  done_ = day;
  return absl::OkStatus();
}

}  // namespace fivestrand::assessment::api
