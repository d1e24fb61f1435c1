#include "services/leadership/store/loop/loop_upkeep.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"

#include "platform/calendar/date_number.h"
#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/views.h"
#include "services/leadership/domain/loop/lifecycle.h"
#include "services/leadership/domain/loop/threads.h"
#include "services/leadership/domain/model/default_model.h"
#include "services/organisation/store/records.h"

namespace fivestrand::leadership::store {
namespace {

using evidence::v1::Reading;
using fivestrand::store::Row;
using fivestrand::store::Session;
using fivestrand::store::Store;
using fivestrand::store::WriteTransaction;

// Records that one transaction looks at, so that it does not keep other writes waiting.
constexpr std::size_t kBatch = 50;
constexpr int kMaxOpen = 10'000;

struct SeriesId {
  std::string measure, scope;
  evidence::v1::Cut cut;
};

absl::Status RunRulesOf(const LoopReader& reader, Store& store, const std::vector<SeriesId>& series, absl::Time deadline,
                        RuleOutcome* outcome, std::optional<absl::CivilDay> as_of = std::nullopt) {
  for (std::size_t from = 0; from < series.size(); from += kBatch) {
    const std::size_t end = std::min(series.size(), from + kBatch);
    RuleOutcome batch;
    FIVESTRAND_RETURN_IF_ERROR(store.Write(deadline, [&](WriteTransaction& transaction) -> absl::Status {
      batch = {};
      LoopWriter writer(reader, transaction, as_of);
      for (std::size_t i = from; i < end; ++i) {
        FIVESTRAND_ASSIGN_OR_RETURN(const RuleOutcome one, writer.RunRules(series[i].measure, series[i].scope, series[i].cut));
        batch.Add(one);
      }
      return absl::OkStatus();
    }));
    outcome->Add(batch);
  }
  return absl::OkStatus();
}

// The series to which the readings that a query gives belong, each once.
absl::Status ReadSeriesIds(Session& session, std::string_view sql, fivestrand::store::Params params,
                           std::vector<SeriesId>* series) {
  std::map<std::tuple<std::string, std::string, std::string>, SeriesId> found;
  Reading reading;
  FIVESTRAND_RETURN_IF_ERROR(session.Query(sql, params, [&](const Row& row) -> absl::Status {
    FIVESTRAND_RETURN_IF_ERROR(organisation::ParseRecord(row, &reading));
    found.try_emplace({reading.measure(), reading.scope(), reading.cut().SerializeAsString()},
                      SeriesId{reading.measure(), reading.scope(), reading.cut()});
    return absl::OkStatus();
  }));
  for (auto& [key, one] : found) series->push_back(std::move(one));
  return absl::OkStatus();
}

absl::Status JudgeSnapshots(const LoopReader& reader, Store& store, absl::Time now, absl::Time deadline) {
  std::int64_t newest = 0;
  std::vector<SeriesId> series;
  FIVESTRAND_RETURN_IF_ERROR(store.Read(deadline, [&](Session& session) -> absl::Status {
    series.clear();
    FIVESTRAND_RETURN_IF_ERROR(
        session.Query("SELECT COALESCE(MAX(pending), 0) FROM loop_reading WHERE pending IS NOT NULL", {}, [&](const Row& row) {
          newest = row.Int(0);
          return absl::OkStatus();
        }));
    if (newest == 0 || now - fivestrand::store::FromMicros(newest) < kSnapshotQuiet) return absl::OkStatus();
    return ReadSeriesIds(session, "SELECT record FROM loop_reading WHERE pending IS NOT NULL AND withdrawn = 0", {}, &series);
  }));
  if (series.empty() && newest == 0) return absl::OkStatus();
  if (now - fivestrand::store::FromMicros(newest) < kSnapshotQuiet) return absl::OkStatus();
  RuleOutcome outcome;
  FIVESTRAND_RETURN_IF_ERROR(RunRulesOf(reader, store, series, deadline, &outcome));
  return store.Write(deadline, [&](WriteTransaction& transaction) {
    return transaction.Execute("UPDATE loop_reading SET pending = NULL WHERE pending <= $1", {newest}).status();
  });
}

// Names of open concerns whose accountability is to move.
absl::Status MoveAccountability(const LoopReader& reader, Store& store, absl::CivilDay today, absl::Time deadline) {
  std::map<std::string, std::vector<std::string>> moving;  // by trust
  FIVESTRAND_RETURN_IF_ERROR(store.Read(deadline, [&](Session& session) -> absl::Status {
    moving.clear();
    std::map<std::string, std::vector<v1::Concern>> open;
    FIVESTRAND_RETURN_IF_ERROR(session.Query("SELECT record FROM concern WHERE open_key <> '' AND delete_time IS NULL LIMIT $1",
                                             {kMaxOpen}, [&](const Row& row) -> absl::Status {
                                               v1::Concern concern;
                                               FIVESTRAND_RETURN_IF_ERROR(organisation::ParseRecord(row, &concern));
                                               open[std::string(names::TrustNameOf(concern.name()))].push_back(std::move(concern));
                                               return absl::OkStatus();
                                             }));
    for (auto& [trust, concerns] : open) {
      FIVESTRAND_ASSIGN_OR_RETURN(const domain::PostBook posts, reader.Posts(session, trust));
      for (v1::Concern& concern : concerns) {
        const std::string name = concern.name();
        if (posts.Move(today, &concern)) moving[trust].push_back(name);
      }
    }
    return absl::OkStatus();
  }));
  for (const auto& [trust, names] : moving) {
    for (std::size_t from = 0; from < names.size(); from += kBatch) {
      FIVESTRAND_RETURN_IF_ERROR(store.Write(deadline, [&](WriteTransaction& transaction) -> absl::Status {
        FIVESTRAND_ASSIGN_OR_RETURN(const domain::PostBook posts, reader.Posts(transaction, trust));
        LoopWriter writer(reader, transaction);
        for (std::size_t i = from; i < std::min(names.size(), from + kBatch); ++i)
          FIVESTRAND_RETURN_IF_ERROR(writer.MoveAccountability(names[i], posts));
        return absl::OkStatus();
      }));
    }
  }
  return absl::OkStatus();
}

absl::Status ProgressThreads(const LoopReader& reader, Store& store, absl::CivilDay today, absl::Time deadline) {
  std::vector<std::string> changing;
  FIVESTRAND_RETURN_IF_ERROR(store.Read(deadline, [&](Session& session) -> absl::Status {
    changing.clear();
    std::vector<v1::ImprovementThread> open;
    FIVESTRAND_RETURN_IF_ERROR(organisation::ReadRecords(
        session, "SELECT record FROM improvement_thread WHERE state <> $1 AND delete_time IS NULL LIMIT $2",
        {static_cast<int>(v1::ImprovementThread::CLOSED), kMaxOpen}, &open));
    for (const v1::ImprovementThread& thread : open) {
      ThreadStory story;
      FIVESTRAND_ASSIGN_OR_RETURN(const bool found, reader.Story(session, thread.name(), &story));
      if (!found) continue;
      FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<ConcernEffect> effects, reader.Effects(session, story, today));
      v1::ImprovementThread after = story.thread;
      domain::Progress(story.responses, PlainEffects(effects), today, &after);
      if (after.SerializeAsString() != story.thread.SerializeAsString()) changing.push_back(thread.name());
    }
    return absl::OkStatus();
  }));
  for (const std::string& thread : changing) {
    FIVESTRAND_RETURN_IF_ERROR(
        store.Write(deadline, [&](WriteTransaction& transaction) { return LoopWriter(reader, transaction).Progress(thread); }));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status KeepUp(const LoopReader& reader, Store& store, absl::Time now, absl::Time deadline) {
  const absl::CivilDay today = calendar::DayOf(now);
  FIVESTRAND_RETURN_IF_ERROR(JudgeSnapshots(reader, store, now, deadline));
  FIVESTRAND_RETURN_IF_ERROR(MoveAccountability(reader, store, today, deadline));
  return ProgressThreads(reader, store, today, deadline);
}

absl::StatusOr<RuleOutcome> RunRules(const LoopReader& reader, Store& store, const domain::RuleRun& run, absl::Time deadline) {
  RuleOutcome outcome;
  std::vector<SeriesId> series;
  if (!run.measure.empty()) {
    series.push_back({run.measure, run.scope, run.cut});
    FIVESTRAND_RETURN_IF_ERROR(RunRulesOf(reader, store, series, deadline, &outcome, run.as_of));
    return outcome;
  }
  const std::string_view trust = run.trust;
  FIVESTRAND_RETURN_IF_ERROR(store.Read(deadline, [&](Session& session) -> absl::Status {
    series.clear();
    std::vector<v1::Concern> open;
    FIVESTRAND_RETURN_IF_ERROR(organisation::ReadRecords(
        session,
        "SELECT record FROM concern WHERE trust = $1 AND open_key <> '' AND measure <> '' AND rule <> $2 AND delete_time IS NULL",
        {names::TrustOf(trust), static_cast<int>(v1::PERSON)}, &open));
    // With a concern that is open, what is older is joined too; without one, only a recent signal raises.
    absl::CivilDay latest;
    FIVESTRAND_RETURN_IF_ERROR(
        session.Query("SELECT COALESCE(MAX(period_end), 19700101) FROM loop_reading WHERE trust = $1 AND withdrawn = 0",
                      {names::TrustOf(trust)}, [&](const Row& row) {
                        latest = calendar::DayOfNumber(row.Int(0));
                        return absl::OkStatus();
                      }));
    const absl::CivilDay since = latest - domain::kOldSignalDays;
    FIVESTRAND_RETURN_IF_ERROR(
        ReadSeriesIds(session, "SELECT record FROM loop_reading WHERE trust = $1 AND withdrawn = 0 AND period_end >= $2",
                      {names::TrustOf(trust), calendar::DateNumber(since)}, &series));
    for (const v1::Concern& concern : open)
      series.push_back({concern.measure(), concern.school().empty() ? run.trust : concern.school(), concern.cut()});
    return absl::OkStatus();
  }));
  FIVESTRAND_RETURN_IF_ERROR(RunRulesOf(reader, store, series, deadline, &outcome));
  return outcome;
}

absl::Status CountLoop(const LoopReader& reader, Session& session, std::vector<LoopCount>* counts) {
  std::map<std::tuple<std::string, std::string, std::string>, LoopCount> by;
  std::map<std::string, v1::ImprovementModel> models;
  const auto at = [&](const Row& row) -> absl::StatusOr<LoopCount*> {
    const std::string trust(row.Text(0)), school(row.Text(1));
    auto [model, fresh] = models.try_emplace(trust);
    if (fresh) {
      FIVESTRAND_ASSIGN_OR_RETURN(model->second, reader.Model(session, absl::StrCat("trusts/", trust)));
    }
    const std::string strand(domain::StrandOf(model->second, row.Text(2)));
    auto [found, is_new] = by.try_emplace({trust, school, strand});
    if (is_new) found->second = {.trust = trust, .school = std::string(names::SchoolOf(school)), .strand = strand};
    return &found->second;
  };
  FIVESTRAND_RETURN_IF_ERROR(
      session.Query("SELECT trust, school, element, COUNT(*) FROM concern WHERE open_key <> '' AND restricted = 0 AND delete_time "
                    "IS NULL GROUP BY "
                    "trust, school, element",
                    {}, [&](const Row& row) -> absl::Status {
                      FIVESTRAND_ASSIGN_OR_RETURN(LoopCount * count, at(row));
                      count->concerns += row.Int(3);
                      return absl::OkStatus();
                    }));
  FIVESTRAND_RETURN_IF_ERROR(
      session.Query("SELECT t.trust, t.school, c.element, COUNT(DISTINCT t.path) FROM improvement_thread t JOIN concern c ON "
                    "c.trust = t.trust AND "
                    "c.thread = 'trusts/' || t.trust || '/' || t.path WHERE t.state <> $1 AND t.restricted = 0 AND t.delete_time "
                    "IS NULL GROUP BY "
                    "t.trust, t.school, c.element",
                    {static_cast<int>(v1::ImprovementThread::CLOSED)}, [&](const Row& row) -> absl::Status {
                      FIVESTRAND_ASSIGN_OR_RETURN(LoopCount * count, at(row));
                      // A thread that answers two elements of a strand is counted for each.
                      count->threads += row.Int(3);
                      return absl::OkStatus();
                    }));
  for (auto& [key, count] : by) counts->push_back(std::move(count));
  return absl::OkStatus();
}

}  // namespace fivestrand::leadership::store
