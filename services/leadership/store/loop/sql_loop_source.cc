#include "services/leadership/store/loop/sql_loop_source.h"

#include <utility>

#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "services/leadership/store/loop/loop_reader.h"
#include "services/leadership/store/loop/loop_upkeep.h"
#include "services/organisation/store/calendar_reader.h"
#include "services/organisation/store/records.h"

namespace fivestrand::leadership::store {
namespace {

using fivestrand::store::Session;

class SqlLoopSource : public domain::LoopSource {
 public:
  SqlLoopSource(const resource::Registry& registry, std::shared_ptr<organisation::CalendarReader> calendars)
      : registry_(registry), calendars_(std::move(calendars)), reader_(registry, *calendars_) {}

  absl::StatusOr<v1::ImprovementModel> CurrentModel(Session& session, std::string_view trust) const override {
    return reader_.Model(session, trust);
  }
  absl::StatusOr<std::shared_ptr<const calendar::SchoolCalendar>> Calendar(Session& session, std::string_view trust,
                                                                           std::string_view school) const override {
    return reader_.Calendar(session, trust, school);
  }
  absl::StatusOr<domain::PostBook> Posts(Session& session, std::string_view trust) const override {
    return reader_.Posts(session, trust);
  }
  absl::StatusOr<bool> Story(Session& session, std::string_view thread, ThreadStory* story) const override {
    return reader_.Story(session, thread, story);
  }
  absl::StatusOr<std::vector<ConcernEffect>> Effects(Session& session, const ThreadStory& story,
                                                     absl::CivilDay today) const override {
    return reader_.Effects(session, story, today);
  }
  absl::Status ReadConcerns(Session& session, std::string_view trust, std::string_view school, absl::Time since, int limit,
                            std::vector<v1::Concern>* concerns) const override {
    return organisation::ReadRecords(
        session,
        "SELECT record FROM concern WHERE trust = $1 AND ($2 = '' OR school = $2) AND (raise_time >= $3 OR open_key <> '') AND "
        "delete_time IS NULL ORDER BY path DESC LIMIT $4",
        {names::TrustOf(trust), school, since, limit}, concerns);
  }
  absl::Status ReadThreads(Session& session, std::string_view trust, int limit,
                           std::vector<v1::ImprovementThread>* threads) const override {
    return organisation::ReadRecords(
        session, "SELECT record FROM improvement_thread WHERE trust = $1 AND delete_time IS NULL ORDER BY path DESC LIMIT $2",
        {names::TrustOf(trust), limit}, threads);
  }
  absl::StatusOr<bool> KeyIsOpen(Session& session, std::string_view trust, std::string_view key) const override {
    return session.QueryOne("SELECT 1 FROM concern WHERE trust = $1 AND open_key = $2 AND delete_time IS NULL",
                            {names::TrustOf(trust), key}, [](const fivestrand::store::Row&) { return absl::OkStatus(); });
  }
  absl::StatusOr<RuleOutcome> RunRules(const domain::RuleRun& run, absl::Time deadline) const override {
    return store::RunRules(reader_, registry_.store(), run, deadline);
  }

 private:
  const resource::Registry& registry_;
  const std::shared_ptr<organisation::CalendarReader> calendars_;
  const LoopReader reader_;
};

}  // namespace

std::shared_ptr<const domain::LoopSource> NewLoopSource(const resource::Registry& registry,
                                                        std::shared_ptr<organisation::CalendarReader> calendars) {
  return std::make_shared<const SqlLoopSource>(registry, std::move(calendars));
}

}  // namespace fivestrand::leadership::store
