#include "services/leadership/store/loop/loop_records.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fivestrand/leadership/v1/improvement.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/calendar/timestamp.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/resource/strategy.h"
#include "platform/resource/write_context.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/leadership/domain/loop/keys.h"
#include "services/leadership/domain/loop/stamps.h"
#include "services/leadership/domain/model/default_model.h"
#include "services/leadership/store/loop/loop_reader.h"

namespace fivestrand::leadership::store {
namespace {

using resource::WriteContext;
using v1::Concern;

bool IsPerson(std::string_view actor) {
  return names::TrustOf(actor) != std::string_view() && actor.find("/people/") != std::string_view::npos;
}

// A concern that somebody raises by hand; those of the rules come complete.
class ConcernStrategy : public resource::StrategyFor<Concern> {
 public:
  ConcernStrategy(const resource::Registry& registry, std::shared_ptr<organisation::CalendarReader> calendars)
      : registry_(registry), calendars_(std::move(calendars)) {}

  absl::Status Write(WriteContext& context, const Concern* before, Concern* after) override {
    // What the contract sets by itself is empty in every request, so only the rules bring one.
    if (before != nullptr || after->rule() != v1::RULE_UNSPECIFIED) return absl::OkStatus();
    const LoopReader reader(registry_, *calendars_);
    const std::string trust(names::TrustNameOf(after->name()));
    FIVESTRAND_ASSIGN_OR_RETURN(const v1::ImprovementModel model, reader.Model(context.transaction(), trust));
    const v1::ModelElement* element = domain::FindElement(model, after->element());
    status::FieldViolations wrong;
    if (element == nullptr) wrong.Add(context.Field("element"), "is no element of the model");
    if (!after->measure().empty() && !after->measure().starts_with(after->element() + "."))
      wrong.Add(context.Field("measure"), "must be a measure of the element");
    if (after->seen().empty()) wrong.Add(context.Field("seen"), "is required: say what was seen");
    if (!after->cut().person().empty())
      wrong.Add(context.Field("cut.person"), "must be empty: what is about one person is raised with them, not here");
    if (!IsPerson(context.actor())) wrong.Add(context.Field("raised_by"), "only a person can raise a concern by hand");
    FIVESTRAND_RETURN_IF_ERROR(wrong.ToStatus());

    const absl::CivilDay today = calendar::DayOf(context.now());
    after->set_rule(v1::PERSON);
    after->set_state(Concern::RAISED);
    after->set_headline(absl::StrCat(element->title(), ": raised by hand"));
    after->set_raised_by(std::string(context.actor()));
    after->set_model_revision(model.revision());
    *after->mutable_signal_date() = calendar::ToProto(today);
    *after->mutable_raise_time() = calendar::ToTimestamp(context.now());
    FIVESTRAND_ASSIGN_OR_RETURN(const domain::PostBook posts, reader.Posts(context.transaction(), trust));
    after->set_accountable(posts.Accountable(after->school(), today));
    after->set_key(domain::ConcernKey(*after));
    after->set_open_key(after->key());
    return absl::OkStatus();
  }

 private:
  const resource::Registry& registry_;
  const std::shared_ptr<organisation::CalendarReader> calendars_;
};

class ThreadStrategy : public resource::StrategyFor<v1::ImprovementThread> {
 public:
  absl::Status Write(WriteContext& context, const v1::ImprovementThread* before, v1::ImprovementThread* after) override {
    if (after->lead().empty()) {
      if (before != nullptr || !IsPerson(context.actor()))
        return status::InvalidField(context.Field("lead"), "is required: somebody sees it through");
      after->set_lead(std::string(context.actor()));
    }
    return absl::OkStatus();
  }
};

}  // namespace

absl::Status DeclareLoop(std::shared_ptr<organisation::CalendarReader> calendars, resource::Registry* registry) {
  FIVESTRAND_RETURN_IF_ERROR(
      registry->Declare(Concern::descriptor(), std::make_unique<ConcernStrategy>(*registry, std::move(calendars))));
  return registry->Declare(v1::ImprovementThread::descriptor(), std::make_unique<ThreadStrategy>());
}

}  // namespace fivestrand::leadership::store
