#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fivestrand/leadership/v1/improvement_service.pb.h"

#include "platform/calendar/day.h"
#include "platform/calendar/request_dates.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/leadership/api/loop_access.h"
#include "services/leadership/api/thread_api.h"
#include "services/leadership/domain/loop/lifecycle.h"
#include "services/leadership/domain/loop/loop_source.h"
#include "services/leadership/domain/loop/pace.h"
#include "services/leadership/domain/loop/waiting.h"
#include "services/leadership/domain/model/default_model.h"

namespace fivestrand::leadership::api {
namespace {

using domain::ThreadStory;
using fivestrand::store::Session;
using v1::Concern;
using v1::ImprovementThread;

// Pace is over the last two school years, and over no more than these.
constexpr int kDaysBack = 731;
constexpr int kMaxConcerns = 20'000;
constexpr int kMaxWaiting = 500;

class Pace {
 public:
  Pace(const resource::Registry& registry, const domain::LoopSource& source, const rpc::CallContext& context,
       std::string_view scope, absl::CivilDay as_of)
      : source_(source),
        access_(registry, context),
        trust_(names::TrustNameOf(scope)),
        school_(names::SchoolNameOf(scope)),
        as_of_(as_of),
        today_(calendar::DayOf(context.now)) {}

  absl::Status Read(Session& session, v1::ReadPaceResponse* response) {
    response->Clear();
    std::vector<Concern> concerns;
    const absl::Time since = calendar::StartOf(as_of_ - kDaysBack);
    FIVESTRAND_RETURN_IF_ERROR(source_.ReadConcerns(session, trust_, school_, since, kMaxConcerns, &concerns));
    std::map<std::string, ImprovementThread> threads;
    std::vector<ImprovementThread> all;
    FIVESTRAND_RETURN_IF_ERROR(source_.ReadThreads(session, trust_, kMaxConcerns, &all));
    for (ImprovementThread& thread : all) threads[thread.name()] = std::move(thread);

    FIVESTRAND_ASSIGN_OR_RETURN(const v1::ImprovementModel model, source_.CurrentModel(session, trust_));
    FIVESTRAND_ASSIGN_OR_RETURN(const domain::PostBook posts, source_.Posts(session, trust_));
    std::vector<domain::PaceFact> facts;
    for (const Concern& concern : concerns) {
      FIVESTRAND_ASSIGN_OR_RETURN(const calendar::SchoolCalendar* calendar, CalendarOf(session, concern.school()));
      const auto thread = threads.find(concern.thread());
      auto fact = domain::FactOf(concern, thread == threads.end() ? nullptr : &thread->second,
                                 std::string(domain::StrandOf(model, concern.element())), calendar, as_of_);
      if (fact) facts.push_back(*std::move(fact));
      // What waits, waits now.
      if (!access_.MaySee(concern)) continue;
      std::optional<v1::Waiting> waiting = domain::WaitsFor(concern, posts, calendar, today_);
      if (!waiting) continue;
      if (!access_.MaySeeFigures(concern)) waiting->clear_headline();
      waiting_.push_back(*std::move(waiting));
    }
    FIVESTRAND_RETURN_IF_ERROR(AddThreads(session, threads, concerns));
    for (v1::PaceRow& row : domain::PaceRows(facts)) *response->add_rows() = std::move(row);
    std::stable_sort(waiting_.begin(), waiting_.end(),
                     [](const auto& a, const auto& b) { return a.school_days() > b.school_days(); });
    if (waiting_.size() > kMaxWaiting) waiting_.resize(kMaxWaiting);
    for (v1::Waiting& waiting : waiting_) *response->add_waiting() = std::move(waiting);
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<const calendar::SchoolCalendar*> CalendarOf(Session& session, const std::string& school) {
    auto [found, fresh] = calendars_.try_emplace(school);
    if (fresh) {
      FIVESTRAND_ASSIGN_OR_RETURN(found->second, source_.Calendar(session, trust_, school));
    }
    return found->second.get();
  }

  // Threads about the scope: of the school, or with one of its concerns.
  absl::Status AddThreads(Session& session, const std::map<std::string, ImprovementThread>& threads,
                          const std::vector<Concern>& concerns) {
    for (const auto& [name, thread] : threads) {
      if (thread.state() == ImprovementThread::CLOSED) continue;
      const bool about = school_.empty() || thread.school() == school_ ||
                         std::any_of(concerns.begin(), concerns.end(),
                                     [&, named = &name](const Concern& concern) { return concern.thread() == *named; });
      if (!about || !access_.MayList(thread)) continue;
      ThreadStory story;
      FIVESTRAND_RETURN_IF_ERROR(source_.Story(session, name, &story).status());
      FIVESTRAND_ASSIGN_OR_RETURN(const calendar::SchoolCalendar* calendar, CalendarOf(session, thread.school()));
      if (auto waiting = domain::WaitsFor(thread, story.responses, calendar, today_)) waiting_.push_back(*std::move(waiting));
    }
    return absl::OkStatus();
  }

  const domain::LoopSource& source_;
  const LoopAccess access_;
  const std::string trust_, school_;
  const absl::CivilDay as_of_, today_;
  std::map<std::string, std::shared_ptr<const calendar::SchoolCalendar>> calendars_;
  std::vector<v1::Waiting> waiting_;
};

}  // namespace

void BindPace(const resource::Registry& registry, std::shared_ptr<const domain::LoopSource> source, rpc::Server& server) {
  server.Handle<v1::ReadPaceRequest, v1::ReadPaceResponse>(
      rpc::FindMethod("fivestrand.leadership.v1.ImprovementService.ReadPace"), rpc::Runs::kPool,
      [&registry, source](const rpc::CallContext& context, const v1::ReadPaceRequest& request,
                          v1::ReadPaceResponse* response) -> absl::Status {
        const std::string& parent = request.parent();
        if (parent != names::TrustNameOf(parent) &&
            (parent != names::SchoolNameOf(parent) || names::SchoolOf(parent) == names::kAny))
          return status::InvalidField("parent", "must be trusts/{trust} or trusts/{trust}/schools/{school}");
        // Pace is over all of a scope, so a right to some of its rows does not show it.
        if (!context.access.everything) return status::Denied("leadership.concerns.readPace");
        const absl::CivilDay today = calendar::DayOf(context.now);
        FIVESTRAND_ASSIGN_OR_RETURN(const std::optional<absl::CivilDay> day,
                                    calendar::ReadDate(request.has_as_of(), request.as_of(), "as_of"));
        if (day && *day > today) return status::InvalidField("as_of", "must not lie ahead");
        return registry.store().Read(context.deadline, [&](Session& session) {
          return Pace(registry, *source, context, parent, day.value_or(today)).Read(session, response);
        });
      });
}

}  // namespace fivestrand::leadership::api
