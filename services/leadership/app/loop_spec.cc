#include "services/leadership/app/loop_spec.h"

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/time/civil_time.h"

#include "platform/calendar/day.h"
#include "platform/resource/registry.h"
#include "platform/service/peers.h"
#include "platform/status/macros.h"
#include "platform/store/outbox.h"
#include "services/leadership/api/concern_api.h"
#include "services/leadership/api/thread_api.h"
#include "services/leadership/store/loop/loop_events.h"
#include "services/leadership/store/loop/loop_records.h"
#include "services/leadership/store/loop/loop_upkeep.h"
#include "services/leadership/store/loop/sql_loop_source.h"
#include "services/organisation/store/calendar_reader.h"

namespace fivestrand::leadership {
namespace {

using organisation::CalendarReader;

// Looks through everything only when something was written, a day is over, or a snapshot may have become whole since.
class Upkeep {
 public:
  explicit Upkeep(std::shared_ptr<CalendarReader> calendars) : calendars_(std::move(calendars)) {}

  absl::Status Run(const resource::Registry& registry, absl::Time now, absl::Time deadline) {
    const absl::CivilDay today = calendar::DayOf(now);
    fivestrand::store::OutboxHead head;
    FIVESTRAND_RETURN_IF_ERROR(registry.store().Read(deadline, [&](fivestrand::store::Session& session) -> absl::Status {
      FIVESTRAND_ASSIGN_OR_RETURN(head, fivestrand::store::ReadOutboxHead(session));
      return absl::OkStatus();
    }));
    const bool due = now - done_ >= kMostOften && (head.last_cursor != cursor_ || now - done_ >= store::kSnapshotQuiet);
    if (today == day_ && !due) return absl::OkStatus();
    FIVESTRAND_RETURN_IF_ERROR(store::KeepUp(store::LoopReader(registry, *calendars_), registry.store(), now, deadline));
    day_ = today;
    cursor_ = head.last_cursor;
    done_ = now;
    return absl::OkStatus();
  }

 private:
  static constexpr absl::Duration kMostOften = absl::Seconds(20);

  const std::shared_ptr<CalendarReader> calendars_;
  absl::CivilDay day_;
  std::int64_t cursor_ = -1;
  absl::Time done_ = absl::InfinitePast();
};

}  // namespace

void AddLoop(service::RecordServiceSpec* spec) {
  auto calendars = std::make_shared<CalendarReader>();
  for (const char* standard :
       {"GetConcern", "ListConcerns", "CreateConcern", "ListImprovementThreads", "UpdateImprovementThread"}) {
    spec->custom_methods.erase(standard);
  }
  for (const char* custom : {"AcknowledgeConcern", "DismissConcern", "HandOnConcern", "OpenImprovementThread",
                             "JoinImprovementThread", "GetImprovementThread", "GetThreadTimeline", "CloseImprovementThread",
                             "ReopenImprovementThread", "ReadPace", "EvaluateRules"}) {
    spec->custom_methods.insert(custom);
  }
  spec->declare = [declare = std::move(spec->declare), calendars](resource::Registry* registry) -> absl::Status {
    FIVESTRAND_RETURN_IF_ERROR(declare(registry));
    return store::DeclareLoop(calendars, registry);
  };
  spec->bind = [bind = std::move(spec->bind), calendars](resource::Registry& registry, rpc::Server& server) {
    bind(registry, server);
    const std::shared_ptr<const domain::LoopSource> source = store::NewLoopSource(registry, calendars);
    api::BindConcerns(registry, source, server);
    api::BindPace(registry, source, server);
  };
  spec->bind_peers = [bind = std::move(spec->bind_peers), calendars](resource::Registry& registry, rpc::Server& server,
                                                                     const service::Peers& peers) {
    if (bind) bind(registry, server, peers);
    const auto assessment = [&peers] {
      return peers.Find("assessment");
    };
    api::BindThreads(registry, store::NewLoopSource(registry, calendars), assessment, server);
  };
  for (events::FollowSpec& follow : store::LoopFollows(calendars)) spec->follows.push_back(std::move(follow));
  auto upkeep = std::make_shared<Upkeep>(calendars);
  spec->upkeep = [upkeep](const resource::Registry& registry, absl::Time now, absl::Time deadline) {
    return upkeep->Run(registry, now, deadline);
  };
  spec->open_counts = [calendars](const resource::Registry& registry, fivestrand::store::Session& session,
                                  std::vector<service::OpenCount>* counts) -> absl::Status {
    std::vector<store::LoopCount> open;
    FIVESTRAND_RETURN_IF_ERROR(store::CountLoop(store::LoopReader(registry, *calendars), session, &open));
    for (const store::LoopCount& one : open) {
      if (one.concerns > 0) counts->push_back({one.trust, one.school, one.strand, "concern", one.concerns});
      if (one.threads > 0) counts->push_back({one.trust, one.school, one.strand, "thread", one.threads});
    }
    return absl::OkStatus();
  };
}

}  // namespace fivestrand::leadership
