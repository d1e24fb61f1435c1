#include "services/leadership/domain/visibility_rules.h"

#include <algorithm>
#include <string>

#include "fivestrand/leadership/v1/organisation.pb.h"
#include "google/protobuf/timestamp.pb.h"

#include "platform/calendar/timestamp.h"
#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::leadership::domain {
namespace {

using resource::WriteContext;

// Nobody records for somebody else: a record says that its author was there.
template <typename Record>
absl::Status CheckLeader(const WriteContext& context, const Record* before, Record* after) {
  if (before != nullptr) return absl::OkStatus();
  if (after->leader().empty()) after->set_leader(std::string(context.actor()));
  if (after->leader() != context.actor()) return status::InvalidField(context.Field("leader"), "must be the caller, or empty");
  return absl::OkStatus();
}

// What happened has happened.
template <typename Record>
absl::Status CheckHappened(const WriteContext& context, const Record& record) {
  const absl::Time start = calendar::ToTime(record.start_time());
  if (start > context.now() + kClockDifference) return status::InvalidField(context.Field("start_time"), "must not lie ahead");
  if (start < context.now() - kFurthest)
    return status::InvalidField(context.Field("start_time"), "must lie within the last 800 days");
  return absl::OkStatus();
}

// Reads the class and checks that it is taught in this school; fills in what it leaves no choice about.
template <typename Record>
absl::Status TakeFromClass(WriteContext& context, Record* record, v1::SchoolClass* school_class) {
  if (names::SchoolNameOf(record->school_class()) != names::SchoolNameOf(record->name())) {
    return status::InvalidField(context.Field("school_class"), "must be a class of the same school");
  }
  FIVESTRAND_ASSIGN_OR_RETURN(bool found, context.Read(record->school_class(), school_class));
  if (!found)
    return status::Invalid(status::Reason::kReferenceNotFound, context.Field("school_class"), "names a class that does not exist");
  record->set_year_group(school_class->year_group());
  const auto& subjects = school_class->subjects();
  if (record->subject().empty() && subjects.size() == 1) record->set_subject(subjects[0]);
  if (!record->subject().empty() && !subjects.empty() &&
      std::find(subjects.begin(), subjects.end(), record->subject()) == subjects.end()) {
    return status::InvalidField(context.Field("subject"), "is not taught to this class");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status VisitStrategy::Write(WriteContext& context, const v1::Visit* before, v1::Visit* after) {
  FIVESTRAND_RETURN_IF_ERROR(CheckLeader(context, before, after));
  const absl::Time start = calendar::ToTime(after->start_time());
  if (start > context.now() + kFurthest || start < context.now() - kFurthest) {
    return status::InvalidField(context.Field("start_time"), "must lie within 800 days of now");
  }
  if (after->has_end_time() && calendar::ToTime(after->end_time()) < start)
    return status::InvalidField(context.Field("end_time"), "must not be before start_time");
  if (before == nullptr) {
    after->set_state(start > context.now() + kClockDifference ? v1::Visit::PLANNED : v1::Visit::MADE);
  } else if (after->state() == v1::Visit::MADE && start > context.now() + kClockDifference) {
    return status::InvalidField(context.Field("start_time"), "must not lie ahead for a visit that was made");
  }
  return absl::OkStatus();
}

absl::Status DropInStrategy::Write(WriteContext& context, const v1::DropIn* before, v1::DropIn* after) {
  FIVESTRAND_RETURN_IF_ERROR(CheckLeader(context, before, after));
  FIVESTRAND_RETURN_IF_ERROR(CheckHappened(context, *after));
  v1::SchoolClass school_class;
  const bool same_class = before != nullptr && before->school_class() == after->school_class();
  // The class may have been deleted since; what was seen in it can still be described.
  if (same_class && before->subject() == after->subject()) return absl::OkStatus();
  FIVESTRAND_RETURN_IF_ERROR(TakeFromClass(context, after, &school_class));
  if (!same_class && after->teacher().empty() && school_class.teachers_size() == 1) after->set_teacher(school_class.teachers(0));
  return absl::OkStatus();
}

absl::Status DutyStrategy::Write(WriteContext& context, const v1::Duty* before, v1::Duty* after) {
  FIVESTRAND_RETURN_IF_ERROR(CheckLeader(context, before, after));
  return CheckHappened(context, *after);
}

absl::Status ModelledLessonStrategy::Write(WriteContext& context, const v1::ModelledLesson* before, v1::ModelledLesson* after) {
  FIVESTRAND_RETURN_IF_ERROR(CheckLeader(context, before, after));
  FIVESTRAND_RETURN_IF_ERROR(CheckHappened(context, *after));
  if (before != nullptr && before->school_class() == after->school_class() && before->subject() == after->subject())
    return absl::OkStatus();
  v1::SchoolClass school_class;
  return TakeFromClass(context, after, &school_class);
}

absl::Status Complete(absl::Time end_time, absl::Time now, v1::Visit* visit) {
  if (visit->state() != v1::Visit::PLANNED)
    return status::Precondition("VISIT_NOT_PLANNED", visit->name(), "only a planned visit can be completed");
  const absl::Time start = calendar::ToTime(visit->start_time());
  if (start > now + kClockDifference) return status::Precondition("VISIT_AHEAD", visit->name(), "the visit lies ahead");
  if (end_time < start) return status::InvalidField("end_time", "must not be before the visit's start_time");
  visit->set_state(v1::Visit::MADE);
  *visit->mutable_end_time() = calendar::ToTimestamp(end_time);
  return absl::OkStatus();
}

absl::Status Cancel(v1::Visit* visit) {
  if (visit->state() != v1::Visit::PLANNED)
    return status::Precondition("VISIT_NOT_PLANNED", visit->name(), "only a planned visit can be cancelled");
  visit->set_state(v1::Visit::CANCELLED);
  return absl::OkStatus();
}

}  // namespace fivestrand::leadership::domain
