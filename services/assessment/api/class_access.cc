#include "services/assessment/api/class_access.h"

#include <algorithm>
#include <string>

#include "google/protobuf/descriptor.h"

#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/assessment/store/record_source.h"

namespace fivestrand::assessment::api {

bool ReachesClass(const identity::Access& access, const leadership::v1::SchoolClass& school_class, std::string_view subject,
                  std::string_view caller, absl::CivilDay today) {
  identity::RowFacts row;
  row.school = names::SchoolOf(school_class.name());
  row.subject = names::IdOf(subject);
  row.year_group = school_class.year_group();
  row.class_id = names::IdOf(school_class.name());
  row.own = store::Teaches(school_class, caller, today);
  if (access.Includes(row)) return true;
  if (!subject.empty()) return false;
  // Who leads a subject may know who learns it.
  return std::any_of(school_class.subjects().begin(), school_class.subjects().end(), [&](const std::string& taught) {
    row.subject = names::IdOf(taught);
    return access.Includes(row);
  });
}

absl::Status ReadClassInReach(const resource::Registry& registry, fivestrand::store::Session& session,
                              const rpc::CallContext& context, std::string_view name, std::string_view subject,
                              leadership::v1::SchoolClass* school_class) {
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, registry.Read(session, name, school_class));
  if (!found && context.access.everything) return status::NotFound("fivestrand/SchoolClass", name);
  if (!found || !ReachesClass(context.access, *school_class, subject, context.caller->subject, calendar::DayOf(context.now)))
    return status::Denied(context.method->full_name());
  return absl::OkStatus();
}

}  // namespace fivestrand::assessment::api
