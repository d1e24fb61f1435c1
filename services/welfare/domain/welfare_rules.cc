#include "services/welfare/domain/welfare_rules.h"

#include <optional>
#include <string>
#include <utility>

#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/calendar/timestamp.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::welfare::domain {
namespace {

using resource::WriteContext;

absl::StatusOr<absl::CivilDay> ReadDay(const google::type::Date& date, std::string_view field) {
  const std::optional<absl::CivilDay> day = calendar::FromProto(date);
  if (!day) return status::InvalidField(field, "must be a whole date that exists");
  return *day;
}

absl::Status CheckNear(const WriteContext& context, absl::CivilDay day, std::string_view field) {
  const absl::Time time = calendar::StartOf(day);
  if (time < context.now() - kFurthest || time > context.now() + kFurthest) {
    return status::InvalidField(context.Field(field), "must lie within 800 days of now");
  }
  return absl::OkStatus();
}

// What the four kinds have in common.
template <typename Record>
class MatterStrategy : public resource::StrategyFor<Record> {
 public:
  explicit MatterStrategy(Knowledge knowledge) : knowledge_(std::move(knowledge)) {}

  absl::Status Write(WriteContext& context, const Record* before, Record* after) final {
    if (after->person().empty()) return status::InvalidField(context.Field("person"), "is required");
    if (before == nullptr) {
      if (after->holder().empty()) after->set_holder(std::string(context.actor()));
      StaffMember member;
      FIVESTRAND_ASSIGN_OR_RETURN(const bool found, knowledge_.directory->FindStaff(context.transaction(), after->person(),
                                                                                    calendar::DayOf(context.now()), &member));
      // A director, or somebody between two posts, belongs to the trust.
      after->set_school(found ? member.school : std::string());
    }
    FIVESTRAND_RETURN_IF_ERROR(Judge(context, before, after));
    return knowledge_.matters->Keep(context.transaction(), after->name(), *after);
  }

 protected:
  virtual absl::Status Judge(WriteContext& context, const Record* before, Record* after) = 0;
  const Directory& directory() const { return *knowledge_.directory; }

 private:
  const Knowledge knowledge_;
};

class CheckInStrategy final : public MatterStrategy<v1::CheckIn> {
 public:
  using MatterStrategy::MatterStrategy;

 protected:
  absl::Status Judge(WriteContext& context, const v1::CheckIn* before, v1::CheckIn* after) override {
    if (after->holder() == after->person()) {
      return status::InvalidField(context.Field("holder"), "must be somebody else than the person");
    }
    if (after->has_planned_time()) {
      const absl::Time planned = calendar::ToTime(after->planned_time());
      if (planned < context.now() - kFurthest || planned > context.now() + kFurthest) {
        return status::InvalidField(context.Field("planned_time"), "must lie within 800 days of now");
      }
      if (after->state() == v1::CheckIn::REQUESTED) after->set_state(v1::CheckIn::PLANNED);
    } else if (before == nullptr && after->state() == v1::CheckIn::STATE_UNSPECIFIED) {
      return status::InvalidField(context.Field("planned_time"), "is required");
    }
    if (after->state() == v1::CheckIn::STATE_UNSPECIFIED) after->set_state(v1::CheckIn::PLANNED);
    return absl::OkStatus();
  }
};

class ConcernStrategy final : public MatterStrategy<v1::WelfareConcern> {
 public:
  using MatterStrategy::MatterStrategy;

 protected:
  absl::Status Judge(WriteContext& context, const v1::WelfareConcern* before, v1::WelfareConcern* after) override {
    if (after->state() == v1::WelfareConcern::STATE_UNSPECIFIED) after->set_state(v1::WelfareConcern::RAISED);
    if (after->holder() == after->person()) {
      return status::InvalidField(context.Field("holder"), "must be somebody else than the person");
    }
    return absl::OkStatus();
  }
};

class SupportStrategy final : public MatterStrategy<v1::Support> {
 public:
  using MatterStrategy::MatterStrategy;

 protected:
  absl::Status Judge(WriteContext& context, const v1::Support* before, v1::Support* after) override {
    if (after->state() == v1::Support::STATE_UNSPECIFIED) after->set_state(v1::Support::IN_PLACE);
    FIVESTRAND_ASSIGN_OR_RETURN(const absl::CivilDay start, ReadDay(after->start_date(), context.Field("start_date")));
    FIVESTRAND_RETURN_IF_ERROR(CheckNear(context, start, "start_date"));
    for (const google::type::Date& date : after->review_dates()) {
      FIVESTRAND_ASSIGN_OR_RETURN(const absl::CivilDay review, ReadDay(date, context.Field("review_dates")));
      if (review < start) return status::InvalidField(context.Field("review_dates"), "must not be before start_date");
      FIVESTRAND_RETURN_IF_ERROR(CheckNear(context, review, "review_dates"));
    }
    return absl::OkStatus();
  }
};

class FollowUpStrategy final : public MatterStrategy<v1::FollowUp> {
 public:
  using MatterStrategy::MatterStrategy;

 protected:
  absl::Status Judge(WriteContext& context, const v1::FollowUp* before, v1::FollowUp* after) override {
    if (after->state() == v1::FollowUp::STATE_UNSPECIFIED) after->set_state(v1::FollowUp::OPEN);
    FIVESTRAND_ASSIGN_OR_RETURN(const absl::CivilDay due, ReadDay(after->due_date(), context.Field("due_date")));
    return CheckNear(context, due, "due_date");
  }
};

class NoticeStrategy final : public resource::StrategyFor<v1::Notice> {
 public:
  explicit NoticeStrategy(Knowledge knowledge) : knowledge_(std::move(knowledge)) {}
  absl::Status Write(WriteContext& context, const v1::Notice* before, v1::Notice* after) override {
    return knowledge_.matters->Keep(context.transaction(), after->name(), *after);
  }

 private:
  const Knowledge knowledge_;
};

absl::Status NotAhead(absl::CivilDay day, absl::CivilDay today) {
  if (day > today) return status::InvalidField("done_date", "must not lie ahead");
  return absl::OkStatus();
}

}  // namespace

std::unique_ptr<resource::Strategy> NewCheckInStrategy(Knowledge knowledge) {
  return std::make_unique<CheckInStrategy>(std::move(knowledge));
}
std::unique_ptr<resource::Strategy> NewConcernStrategy(Knowledge knowledge) {
  return std::make_unique<ConcernStrategy>(std::move(knowledge));
}
std::unique_ptr<resource::Strategy> NewSupportStrategy(Knowledge knowledge) {
  return std::make_unique<SupportStrategy>(std::move(knowledge));
}
std::unique_ptr<resource::Strategy> NewFollowUpStrategy(Knowledge knowledge) {
  return std::make_unique<FollowUpStrategy>(std::move(knowledge));
}
std::unique_ptr<resource::Strategy> NewNoticeStrategy(Knowledge knowledge) {
  return std::make_unique<NoticeStrategy>(std::move(knowledge));
}

absl::Status Complete(absl::Time held, absl::Time now, v1::CheckIn* check_in) {
  if (check_in->state() != v1::CheckIn::PLANNED && check_in->state() != v1::CheckIn::REQUESTED) {
    return status::Precondition("CHECK_IN_OVER", check_in->name(), "only a check-in that is planned or asked for can be held");
  }
  if (held > now + kClockDifference) return status::InvalidField("held_time", "must not lie ahead");
  if (held < now - kFurthest) return status::InvalidField("held_time", "must lie within the last 800 days");
  *check_in->mutable_held_time() = calendar::ToTimestamp(held);
  check_in->set_state(v1::CheckIn::HELD);
  return absl::OkStatus();
}

absl::Status Cancel(v1::CheckIn* check_in) {
  if (check_in->state() != v1::CheckIn::PLANNED && check_in->state() != v1::CheckIn::REQUESTED) {
    return status::Precondition("CHECK_IN_OVER", check_in->name(),
                                "only a check-in that is planned or asked for can be called off");
  }
  check_in->set_state(v1::CheckIn::CANCELLED);
  return absl::OkStatus();
}

absl::Status Close(absl::CivilDay today, v1::WelfareConcern* concern) {
  if (concern->state() == v1::WelfareConcern::CLOSED) {
    return status::Precondition("CONCERN_CLOSED", concern->name(), "it is closed already");
  }
  concern->set_state(v1::WelfareConcern::CLOSED);
  *concern->mutable_close_date() = calendar::ToProto(today);
  return absl::OkStatus();
}

absl::Status Finish(absl::CivilDay done, absl::CivilDay today, bool withdrawn, v1::Support* support) {
  if (support->state() != v1::Support::IN_PLACE) {
    return status::Precondition("SUPPORT_OVER", support->name(), "it is over already");
  }
  FIVESTRAND_RETURN_IF_ERROR(NotAhead(done, today));
  FIVESTRAND_ASSIGN_OR_RETURN(const absl::CivilDay start, ReadDay(support->start_date(), "start_date"));
  if (done < start && !withdrawn) return status::InvalidField("done_date", "must not be before the support's start_date");
  support->set_state(withdrawn ? v1::Support::WITHDRAWN : v1::Support::DONE);
  *support->mutable_done_date() = calendar::ToProto(done);
  return absl::OkStatus();
}

absl::Status Finish(absl::CivilDay done, absl::CivilDay today, bool cancelled, v1::FollowUp* follow_up) {
  if (follow_up->state() != v1::FollowUp::OPEN) {
    return status::Precondition("FOLLOW_UP_OVER", follow_up->name(), "it is over already");
  }
  FIVESTRAND_RETURN_IF_ERROR(NotAhead(done, today));
  follow_up->set_state(cancelled ? v1::FollowUp::CANCELLED : v1::FollowUp::DONE);
  *follow_up->mutable_done_date() = calendar::ToProto(done);
  return absl::OkStatus();
}

}  // namespace fivestrand::welfare::domain
