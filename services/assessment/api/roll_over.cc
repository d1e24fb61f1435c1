#include "services/assessment/api/roll_over.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/assessment/v1/pupils.pb.h"

#include "platform/calendar/day.h"
#include "platform/identity/caller.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/resource/write_context.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/assessment/domain/pupil_rules.h"
#include "services/assessment/store/record_source.h"

namespace fivestrand::assessment::api {
namespace {

using fivestrand::store::Row;
using fivestrand::store::Session;

// In one transaction: others write too.
constexpr int kBatch = 500;

// Pupils who are elsewhere than the enrolment that holds on the day says, and pupils on roll of whom none holds.
constexpr char kBehind[] =
    "SELECT p.trust, p.path FROM pupil p JOIN enrolment e ON e.trust = p.trust AND e.parent = p.path WHERE p.delete_time IS NULL "
    "AND "
    "e.delete_time IS NULL AND e.start_date <= $1 AND (e.end_date IS NULL OR e.end_date >= $1) AND (p.school <> e.school OR "
    "p.year_group <> e.year_group OR p.on_roll = 0) "
    "UNION "
    "SELECT p.trust, p.path FROM pupil p WHERE p.delete_time IS NULL AND p.on_roll = 1 AND NOT EXISTS (SELECT 1 FROM enrolment e "
    "WHERE e.trust = p.trust AND e.parent = p.path AND e.delete_time IS NULL AND e.start_date <= $1 AND (e.end_date IS NULL OR "
    "e.end_date >= $1)) LIMIT $2";

absl::Status BringUp(const resource::Registry& registry, const std::vector<std::string>& pupils, absl::Time now,
                     absl::Time deadline) {
  auto caller = std::make_shared<identity::Caller>();
  caller->subject = "services/assessment";
  rpc::CallContext call;
  call.caller = caller;
  call.now = now;
  call.deadline = deadline;
  const store::SqlRecordSource source(registry);
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

absl::Status RollOver::Run(const resource::Registry& registry, absl::Time now, absl::Time deadline) {
  const absl::CivilDay day = calendar::DayOf(now);
  {
    const absl::MutexLock lock(&mutex_);
    if (done_ == day) return absl::OkStatus();
  }
  while (true) {
    std::vector<std::string> pupils;
    FIVESTRAND_RETURN_IF_ERROR(registry.store().Read(deadline, [&](Session& session) {
      return session.Query(kBehind, {store::DateNumberOf(day), kBatch}, [&](const Row& row) {
        pupils.push_back(absl::StrCat("trusts/", AbslView(row.Text(0)), "/", AbslView(row.Text(1))));
        return absl::OkStatus();
      });
    }));
    if (pupils.empty()) break;
    // Groups of whoever moves are sealed anew, which needs the trust's key.
    std::set<std::string> trusts;
    for (const std::string& name : pupils) trusts.emplace(names::TrustOf(name));
    for (const std::string& trust : trusts) FIVESTRAND_RETURN_IF_ERROR(registry.cipher().Prepare(trust));
    FIVESTRAND_RETURN_IF_ERROR(BringUp(registry, pupils, now, deadline));
  }
  const absl::MutexLock lock(&mutex_);
  done_ = day;
  return absl::OkStatus();
}

}  // namespace fivestrand::assessment::api
