#include "services/assessment/store/frame_keeper.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "fivestrand/assessment/v1/results.pb.h"

#include "platform/crypto/field_cipher.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/store/store.h"
#include "services/assessment/store/frame_loader.h"

namespace fivestrand::assessment::store {
namespace {

using domain::Frame;
using domain::FrameChange;
using domain::FrameNames;
using domain::FrameRow;
using domain::FrameWindow;
using domain::ResultKey;
using domain::ResultRow;
using fivestrand::store::Row;
using fivestrand::store::Session;

// A commit with more rows than this is read again from the store, window by window, instead of being copied on the writer's thread.
constexpr std::size_t kMostCopied = 20'000;
constexpr std::size_t kMostPending = 500;
// After so many events at once a trust is loaded anew: it was not asked about for long.
constexpr std::int64_t kMostEvents = 20'000;
constexpr std::size_t kMostPupils = 5'000;

constexpr absl::Duration kLoadTime = absl::Minutes(5);

// What one commit changed, kept until the next question.
struct Pending {
  std::int32_t trust_number = 0;
  std::vector<ResultRow> written;
  std::vector<std::int64_t> removed;
  // Instead of rows, when there are too many.
  std::set<std::int32_t> windows;
};

struct Head {
  std::int64_t cursor = 0;
  std::int64_t trimmed = 0;
};

absl::StatusOr<Head> ReadHead(Session& session) {
  Head head;
  FIVESTRAND_RETURN_IF_ERROR(session
                                 .QueryOne("SELECT event_cursor, trimmed_cursor FROM store_head WHERE id = 1", {},
                                           [&](const Row& row) {
                                             head = {row.Int(0), row.Int(1)};
                                             return absl::OkStatus();
                                           })
                                 .status());
  return head;
}

// What events say has changed.
struct Changed {
  std::set<std::string> pupils;  // resource ids
  bool names = false;
  std::set<std::int64_t> columns;  // first keys of ranges whose results another process changed
  std::int64_t events = 0;
};

std::string_view PupilIdOf(std::string_view name) {
  constexpr std::string_view kPart = "/pupils/";
  const std::size_t start = name.find(kPart);
  if (start == std::string_view::npos) return {};
  const std::string_view rest = name.substr(start + kPart.size());
  return rest.substr(0, rest.find('/'));
}

}  // namespace

// One trust. Its lock is held while it is brought up to date; answers are computed outside.
class TrustKeeper {
 public:
  TrustKeeper(const resource::Registry& registry, const FrameKeeperOptions& options, std::string trust)
      : registry_(registry), options_(options), trust_(std::move(trust)) {}

  absl::StatusOr<FrameKeeper::Frames> Read(Session& session, const std::atomic<bool>& stop) {
    FIVESTRAND_ASSIGN_OR_RETURN(const Head head, ReadHead(session));
    absl::MutexLock lock(&mutex_);
    const absl::Time now = options_.clock();
    if (current_ == nullptr || cursor_ < head.trimmed) {
      FIVESTRAND_RETURN_IF_ERROR(Load(stop));
      next_look_ = now + options_.organisation_age;
    }
    // A session that began before the last look has nothing new.
    if (head.cursor > cursor_) FIVESTRAND_RETURN_IF_ERROR(CatchUp(session, head, stop));
    if (now >= next_look_) {
      next_look_ = now + options_.organisation_age;
      FIVESTRAND_ASSIGN_OR_RETURN(const std::uint64_t stamp, OrganisationStamp(session, trust_));
      if (stamp != organisation_) FIVESTRAND_RETURN_IF_ERROR(RenewNames(session));
      organisation_ = stamp;
    }
    FIVESTRAND_RETURN_IF_ERROR(TakePending(session));
    return current_;
  }

  void Add(Pending pending) {
    // What is not in memory is read whole when somebody asks.
    if (!loaded_) return;
    absl::MutexLock lock(&pending_mutex_);
    pending_.push_back(std::move(pending));
    if (pending_.size() > kMostPending) Coalesce();
  }

  void Forget() {
    absl::MutexLock lock(&mutex_);
    loaded_ = false;
    current_ = nullptr;
    pupils_ = {};
    bytes_ = 0;
  }

  std::size_t bytes() const { return bytes_; }
  std::int64_t full_loads() const { return full_loads_; }
  std::int64_t window_loads() const { return window_loads_; }
  std::int64_t loaded_rows() const { return loaded_rows_; }
  double load_seconds() const { return static_cast<double>(load_micros_) / 1e6; }

  std::int64_t used = 0;  // guarded by the FrameKeeper

 private:
  // Nobody has asked for long: only which windows have changed is kept.
  void Coalesce() ABSL_EXCLUSIVE_LOCKS_REQUIRED(pending_mutex_) {
    Pending all;
    for (const Pending& pending : pending_) {
      all.windows.insert(pending.windows.begin(), pending.windows.end());
      for (const ResultRow& row : pending.written) all.windows.insert(ResultKey::Unpack(row.key).window);
      for (const std::int64_t key : pending.removed) all.windows.insert(ResultKey::Unpack(key).window);
    }
    pending_.clear();
    pending_.push_back(std::move(all));
  }

  void Set(std::shared_ptr<const FrameNames> names, Frame frame) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    current_ = std::make_shared<const TrustFrame>(TrustFrame{std::move(names), std::move(frame)});
  }

  void Measure() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::size_t bytes = current_->frame.bytes();
    for (const domain::PupilFacts& facts : pupils_.facts)
      bytes += sizeof(facts) + facts.facts.capacity() * sizeof(domain::DatedFact);
    bytes_ = bytes;
  }

  // Everything, in sessions that begin now: a commit of which this is told before `loaded_` is set is seen by all of them, and one
  // that comes later is kept and seen twice at most. Windows are read by several threads.
  absl::Status Load(const std::atomic<bool>& stop) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    loaded_ = true;
    absl::Status status = registry_.store().Read(absl::Now() + kLoadTime, [&](Session& session) { return LoadAll(session, stop); });
    if (!status.ok()) {
      loaded_ = false;
      current_ = nullptr;
    }
    return status;
  }

  absl::Status LoadAll(Session& session, const std::atomic<bool>& stop) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    FIVESTRAND_ASSIGN_OR_RETURN(const Head head, ReadHead(session));
    FIVESTRAND_RETURN_IF_ERROR(registry_.cipher().Prepare(trust_));
    FIVESTRAND_ASSIGN_OR_RETURN(organisation_, OrganisationStamp(session, trust_));
    FIVESTRAND_ASSIGN_OR_RETURN(auto names,
                                LoadNames(registry_, session, trust_, current_ == nullptr ? nullptr : current_->names.get()));
    FIVESTRAND_RETURN_IF_ERROR(LoadPupils(registry_, session, *names, &pupils_));
    std::vector<std::int32_t> windows;
    FIVESTRAND_RETURN_IF_ERROR(session.Query("SELECT number FROM dictionary WHERE trust = $1 AND kind = $2 ORDER BY number",
                                             {trust_, static_cast<std::int64_t>(domain::DictionaryKind::kWindow)},
                                             [&](const Row& row) {
                                               windows.push_back(static_cast<std::int32_t>(row.Int(0)));
                                               return absl::OkStatus();
                                             }));
    const absl::Time start = absl::Now();
    FIVESTRAND_ASSIGN_OR_RETURN(Frame frame, ReadWindows(*names, windows, stop));
    load_micros_ = absl::ToInt64Microseconds(absl::Now() - start);
    loaded_rows_ = static_cast<std::int64_t>(frame.rows());
    ++full_loads_;
    Set(std::move(names), std::move(frame));
    cursor_ = head.cursor;
    Measure();
    return absl::OkStatus();
  }

  absl::StatusOr<Frame> ReadWindows(const FrameNames& names, const std::vector<std::int32_t>& windows,
                                    const std::atomic<bool>& stop) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    std::vector<std::shared_ptr<const FrameWindow>> loaded(windows.size());
    const PupilTable& pupils = pupils_;
    std::atomic<std::size_t> next{0};
    std::vector<absl::Status> outcomes(static_cast<std::size_t>(std::max(options_.loaders, 1)));
    const auto work = [&](std::size_t loader) {
      outcomes[loader] = registry_.store().Read(absl::Now() + kLoadTime, [&](Session& own) -> absl::Status {
        for (std::size_t i = next++; i < windows.size(); i = next++) {
          if (stop) return status::Cancelled();
          std::vector<FrameRow> rows;
          FIVESTRAND_RETURN_IF_ERROR(LoadRows(own, domain::WindowRange(names.trust_number, windows[i]), names, pupils, &rows));
          loaded[i] = domain::MakeWindow(static_cast<std::uint16_t>(windows[i]), std::move(rows));
        }
        return absl::OkStatus();
      });
    };
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < outcomes.size() && i < windows.size(); ++i) threads.emplace_back(work, i);
    work(0);
    for (std::thread& thread : threads) thread.join();
    for (const absl::Status& status : outcomes) FIVESTRAND_RETURN_IF_ERROR(status);
    Frame frame;
    for (auto& window : loaded) frame = frame.WithWindow(std::move(window));
    return frame;
  }

  absl::Status ReloadWindow(Session& session, std::int32_t window) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const FrameNames& names = *current_->names;
    std::vector<FrameRow> rows;
    FIVESTRAND_RETURN_IF_ERROR(LoadRows(session, domain::WindowRange(names.trust_number, window), names, pupils_, &rows));
    ++window_loads_;
    Set(current_->names, current_->frame.WithWindow(static_cast<std::uint16_t>(window), std::move(rows)));
    return absl::OkStatus();
  }

  absl::StatusOr<Changed> ReadEvents(Session& session, const Head& head) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    Changed changed;
    FIVESTRAND_RETURN_IF_ERROR(session.Query(
        "SELECT resource_type, resource FROM outbox WHERE cursor > $1 AND cursor <= $2 AND trust = $3 AND resource_type IN "
        "('fivestrand/Pupil', 'fivestrand/GroupMembership', 'fivestrand/ClassMembership', 'fivestrand/Scale', "
        "'fivestrand/AssessmentWindow', 'fivestrand/ResultChange') ORDER BY cursor LIMIT $4",
        {cursor_, head.cursor, trust_, kMostEvents}, [&](const Row& row) {
          ++changed.events;
          const std::string_view type = row.Text(0);
          if (type == "fivestrand/Scale" || type == "fivestrand/AssessmentWindow") {
            changed.names = true;
          } else if (type != "fivestrand/ResultChange") {
            changed.pupils.emplace(PupilIdOf(row.Text(1)));
          }
          return absl::OkStatus();
        }));
    return changed;
  }

  // Columns of results that another process changed. Of this process's own commits every row has come by itself.
  absl::Status ReadColumns(Session& session, const Head& head, const FrameNames& names, Changed* changed)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return session.Query(
        "SELECT record FROM outbox WHERE cursor > $1 AND cursor <= $2 AND trust = $3 AND resource_type = 'fivestrand/ResultChange'",
        {cursor_, head.cursor, trust_}, [&](const Row& row) -> absl::Status {
          v1::ResultChange change;
          const std::string_view bytes = row.Blob(0);
          if (!change.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
            return status::DataLoss("a change of results in the outbox does not parse");
          }
          const auto window = names.window_numbers.find(change.window());
          const auto subject = names.subject_numbers.find(change.subject());
          if (window == names.window_numbers.end() || subject == names.subject_numbers.end()) return absl::OkStatus();
          for (std::size_t scale = 0; scale < names.scales.size(); ++scale) {
            if (names.scales[scale].name != change.scale()) continue;
            changed->columns.insert(ResultKey{.trust = names.trust_number,
                                              .window = static_cast<std::int32_t>(window->second),
                                              .subject = static_cast<std::int32_t>(subject->second),
                                              .scale = static_cast<std::int32_t>(scale)}
                                        .Pack());
          }
          return absl::OkStatus();
        });
  }

  absl::Status CatchUp(Session& session, const Head& head, const std::atomic<bool>& stop) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    FIVESTRAND_ASSIGN_OR_RETURN(Changed changed, ReadEvents(session, head));
    if (changed.events >= kMostEvents || changed.pupils.size() > kMostPupils) return Load(stop);
    if (changed.names) FIVESTRAND_RETURN_IF_ERROR(RenewNames(session));
    if (!changed.pupils.empty()) FIVESTRAND_RETURN_IF_ERROR(RenewPupils(session, changed.pupils));
    if (!SoleProcess(session)) {
      FIVESTRAND_RETURN_IF_ERROR(RenewNumbers(session));
      FIVESTRAND_RETURN_IF_ERROR(ReadColumns(session, head, *current_->names, &changed));
      for (const std::int64_t column : changed.columns) FIVESTRAND_RETURN_IF_ERROR(ReloadColumn(session, column));
    }
    cursor_ = head.cursor;
    return absl::OkStatus();
  }

  // An SQLite file is served by one process; it is the engine that does not know PostgreSQL's catalogue.
  bool SoleProcess(Session& session) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (!sole_known_) {
      sole_ = !session.Query("SELECT 1 FROM pg_catalog.pg_class LIMIT 1", {}, [](const Row&) { return absl::OkStatus(); }).ok();
      sole_known_ = true;
    }
    return sole_;
  }

  absl::Status ReloadColumn(Session& session, std::int64_t column) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::vector<FrameRow> rows;
    FIVESTRAND_RETURN_IF_ERROR(LoadRows(session, domain::ColumnRange(column), *current_->names, pupils_, &rows));
    const ResultKey key = ResultKey::Unpack(column);
    ++window_loads_;
    Set(current_->names, current_->frame.WithColumn(static_cast<std::uint16_t>(key.window), static_cast<std::uint16_t>(key.subject),
                                                    static_cast<std::uint16_t>(key.scale), std::move(rows)));
    return absl::OkStatus();
  }

  // Names as they are now, and again what follows from them: standards, dates of windows, classes.
  absl::Status RenewNames(Session& session) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const std::shared_ptr<const FrameNames> before = current_->names;
    FIVESTRAND_ASSIGN_OR_RETURN(const auto names, LoadNames(registry_, session, trust_, before.get()));
    const bool classes = names->classes != before->classes;
    if (classes) {
      // Memberships of a class that had no number were left out.
      FIVESTRAND_RETURN_IF_ERROR(LoadPupils(registry_, session, *names, &pupils_));
    }
    Set(names, current_->frame);
    const auto windows = current_->frame.windows();
    for (const auto& window : windows) {
      bool anew = classes || EndOf(*names, window->number) != EndOf(*before, window->number);
      for (const auto& block : window->blocks) {
        const std::size_t scale = block->key().scale;
        const bool now = scale < names->scales.size(), then = scale < before->scales.size();
        anew = anew || now != then || (now && !(names->scales[scale] == before->scales[scale]));
      }
      if (anew) FIVESTRAND_RETURN_IF_ERROR(ReloadWindow(session, window->number));
    }
    Measure();
    return absl::OkStatus();
  }

  static std::int32_t EndOf(const FrameNames& names, std::size_t window) {
    return window < names.windows.size() ? names.windows[window].end : 0;
  }

  // Names and numbers that were given since the last look, when there are any.
  absl::Status RenewNumbers(Session& session) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    FIVESTRAND_ASSIGN_OR_RETURN(const auto names, LoadNames(registry_, session, trust_, current_->names.get()));
    Set(names, current_->frame);
    std::vector<std::string> ids;
    FIVESTRAND_RETURN_IF_ERROR(LoadNewNumbers(session, trust_, &pupils_, &ids));
    return ids.size() > kMostPupils ? LoadPupils(registry_, session, *names, &pupils_)
                                    : ReloadPupils(registry_, session, *names, ids, &pupils_);
  }

  absl::Status RenewPupils(Session& session, const std::set<std::string>& ids) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const FrameNames& names = *current_->names;
    FIVESTRAND_RETURN_IF_ERROR(ReloadPupils(registry_, session, names, {ids.begin(), ids.end()}, &pupils_));
    std::vector<bool> concerned;
    std::vector<std::uint32_t> numbers;
    for (const std::string& id : ids) {
      const auto found = pupils_.numbers.find(id);
      if (found == pupils_.numbers.end()) continue;
      if (found->second >= concerned.size()) concerned.resize(found->second + 1);
      concerned[found->second] = true;
      numbers.push_back(found->second);
    }
    std::vector<FrameChange> changes;
    const auto look = [&](const FrameWindow& window, const domain::Block& block, std::size_t i) {
      const FrameRow before = block.RowAt(i, window.number);
      FrameRow after = before;
      domain::SetPupilFacts(names, pupils_.Find(after.pupil), &after);
      if (!(after == before)) changes.push_back({after});
    };
    for (const auto& window : current_->frame.windows()) {
      for (const auto& block : window->blocks) {
        if (numbers.size() < 50) {
          for (const std::uint32_t number : numbers) {
            if (const std::size_t i = block->Find(number); i != block->size()) look(*window, *block, i);
          }
        } else {
          for (std::size_t i = 0; i < block->size(); ++i) {
            const std::uint32_t number = block->pupils()[i];
            if (number < concerned.size() && concerned[number]) look(*window, *block, i);
          }
        }
      }
    }
    Set(current_->names, current_->frame.With(changes));
    return absl::OkStatus();
  }

  bool Known(const ResultRow& row) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const ResultKey key = ResultKey::Unpack(row.key);
    const FrameNames& names = *current_->names;
    return names.trust_number == key.trust && Has(names.windows, key.window) && Has(names.subjects, key.subject) &&
           Has(names.scales, key.scale) && Has(names.schools, row.school) &&
           static_cast<std::size_t>(key.pupil) <= pupils_.numbers.size();
  }

  template <typename Names>
  static bool Has(const Names& names, std::int32_t number) {
    return static_cast<std::size_t>(number) < names.size() && !names[static_cast<std::size_t>(number)].name.empty();
  }

  absl::Status TakePending(Session& session) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::vector<Pending> taken;
    {
      absl::MutexLock lock(&pending_mutex_);
      taken.swap(pending_);
    }
    if (taken.empty()) return absl::OkStatus();
    absl::Status status = Apply(session, taken);
    if (!status.ok()) {
      // They are still to be done, in their order.
      absl::MutexLock lock(&pending_mutex_);
      pending_.insert(pending_.begin(), std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end()));
    }
    return status;
  }

  absl::Status Apply(Session& session, const std::vector<Pending>& commits) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    bool known = true;
    for (const Pending& commit : commits) {
      known = known && commit.windows.empty();
      for (const ResultRow& row : commit.written) known = known && Known(row);
    }
    std::set<std::int32_t> windows;
    std::vector<FrameChange> changes;
    const auto apply = [&](Session& reading) -> absl::Status {
      if (!known) FIVESTRAND_RETURN_IF_ERROR(RenewNumbers(reading));
      for (const Pending& commit : commits) {
        windows.insert(commit.windows.begin(), commit.windows.end());
        for (const ResultRow& row : commit.written) {
          const auto pupil = static_cast<std::uint32_t>(ResultKey::Unpack(row.key).pupil);
          changes.push_back({domain::MakeFrameRow(row, *current_->names, pupils_.Find(pupil))});
        }
        for (const std::int64_t key : commit.removed) {
          const ResultKey parts = ResultKey::Unpack(key);
          FrameRow row;
          row.pupil = static_cast<std::uint32_t>(parts.pupil);
          row.window = static_cast<std::uint16_t>(parts.window);
          row.subject = static_cast<std::uint16_t>(parts.subject);
          row.scale = static_cast<std::uint16_t>(parts.scale);
          changes.push_back({row, true});
        }
      }
      // In a state that is at least as new as every change of its window.
      for (const std::int32_t window : windows) FIVESTRAND_RETURN_IF_ERROR(ReloadWindow(reading, window));
      return absl::OkStatus();
    };
    if (known) {
      FIVESTRAND_RETURN_IF_ERROR(apply(session));
    } else {
      // The session may have begun before one of these commits; one that begins now sees all of them.
      FIVESTRAND_RETURN_IF_ERROR(registry_.store().Read(absl::Now() + kLoadTime, apply));
    }
    std::erase_if(changes, [&](const FrameChange& change) { return windows.contains(change.row.window); });
    Set(current_->names, current_->frame.With(changes));
    Measure();
    return absl::OkStatus();
  }

  const resource::Registry& registry_;
  const FrameKeeperOptions& options_;
  const std::string trust_;

  absl::Mutex mutex_;
  FrameKeeper::Frames current_ ABSL_GUARDED_BY(mutex_);
  PupilTable pupils_ ABSL_GUARDED_BY(mutex_);
  std::int64_t cursor_ ABSL_GUARDED_BY(mutex_) = 0;
  std::uint64_t organisation_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time next_look_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool sole_ ABSL_GUARDED_BY(mutex_) = false, sole_known_ ABSL_GUARDED_BY(mutex_) = false;

  absl::Mutex pending_mutex_;
  std::vector<Pending> pending_ ABSL_GUARDED_BY(pending_mutex_);

  std::atomic<bool> loaded_{false};
  std::atomic<std::size_t> bytes_{0};
  std::atomic<std::int64_t> full_loads_{0}, window_loads_{0}, loaded_rows_{0}, load_micros_{0};
};

FrameKeeper::FrameKeeper(const resource::Registry& registry, FrameKeeperOptions options)
    : registry_(registry), options_(std::move(options)) {}

FrameKeeper::~FrameKeeper() {
  StopLoading();
}

void FrameKeeper::StopLoading() {
  stop_ = true;
  if (loading_.joinable()) loading_.join();
}

std::shared_ptr<FrameKeeper> SharedFrames::For(const resource::Registry& registry) {
  absl::MutexLock lock(&mutex_);
  std::shared_ptr<FrameKeeper> keeper = keeper_.lock();
  if (keeper == nullptr || registry_ != &registry) {
    keeper = std::make_shared<FrameKeeper>(registry);
    keeper_ = keeper;
    registry_ = &registry;
  }
  return keeper;
}

std::shared_ptr<TrustKeeper> FrameKeeper::KeeperOf(std::string_view trust) {
  absl::MutexLock lock(&mutex_);
  const auto [found, fresh] = trusts_.try_emplace(std::string(trust));
  if (fresh) found->second = std::make_shared<TrustKeeper>(registry_, options_, std::string(trust));
  found->second->used = ++uses_;
  return found->second;
}

absl::StatusOr<FrameKeeper::Frames> FrameKeeper::Read(Session& session, std::string_view trust) {
  const std::shared_ptr<TrustKeeper> keeper = KeeperOf(trust);
  FIVESTRAND_ASSIGN_OR_RETURN(Frames frames, keeper->Read(session, stop_));
  Forget(std::string(trust));
  return frames;
}

absl::StatusOr<FrameKeeper::Frames> FrameKeeper::Read(std::string_view trust, absl::Time deadline) {
  Frames frames;
  FIVESTRAND_RETURN_IF_ERROR(registry_.store().Read(deadline, [&](Session& session) -> absl::Status {
    FIVESTRAND_ASSIGN_OR_RETURN(frames, Read(session, trust));
    return absl::OkStatus();
  }));
  return frames;
}

void FrameKeeper::Forget(const std::string& but) {
  std::vector<std::shared_ptr<TrustKeeper>> too_many;
  {
    absl::MutexLock lock(&mutex_);
    std::size_t bytes = 0;
    std::vector<TrustKeeper*> others;
    for (const auto& [trust, keeper] : trusts_) {
      bytes += keeper->bytes();
      if (trust != but && keeper->bytes() != 0) others.push_back(keeper.get());
    }
    if (bytes <= options_.max_bytes) return;
    std::sort(others.begin(), others.end(), [](const TrustKeeper* a, const TrustKeeper* b) { return a->used < b->used; });
    for (const TrustKeeper* other : others) {
      if (bytes <= options_.max_bytes) break;
      bytes -= other->bytes();
      for (const auto& [trust, keeper] : trusts_) {
        if (keeper.get() == other) too_many.push_back(keeper);
      }
    }
  }
  for (const auto& keeper : too_many) keeper->Forget();
}

void FrameKeeper::StartLoading() {
  loading_ = std::thread([this] {
    std::vector<std::string> trusts;
    // What cannot be read now is read at the first question, which can say so.
    const absl::Status listed = registry_.store().Read(absl::Now() + kLoadTime, [&](Session& session) {
      return session.Query("SELECT name FROM dictionary WHERE trust = '' AND kind = $1 ORDER BY number",
                           {static_cast<std::int64_t>(domain::DictionaryKind::kTrust)}, [&](const Row& row) {
                             trusts.emplace_back(row.Text(0));
                             return absl::OkStatus();
                           });
    });
    if (!listed.ok()) return;
    for (const std::string& trust : trusts) {
      if (stop_ || counters().bytes > options_.max_bytes / 2) return;
      if (!Read(trust, absl::Now() + kLoadTime).ok()) return;
    }
  });
}

void FrameKeeper::OnResults(const ResultCommit& commit) {
  Pending pending;
  pending.trust_number = commit.trust_number;
  if (commit.written.size() + commit.removed.size() <= kMostCopied) {
    pending.written.assign(commit.written.begin(), commit.written.end());
    pending.removed.assign(commit.removed.begin(), commit.removed.end());
  } else {
    for (const ResultRow& row : commit.written) pending.windows.insert(ResultKey::Unpack(row.key).window);
    for (const std::int64_t key : commit.removed) pending.windows.insert(ResultKey::Unpack(key).window);
  }
  KeeperOf(commit.trust)->Add(std::move(pending));
}

FrameKeeper::Counters FrameKeeper::counters() const {
  absl::MutexLock lock(&mutex_);
  Counters counters;
  for (const auto& [trust, keeper] : trusts_) {
    counters.bytes += keeper->bytes();
    counters.full_loads += keeper->full_loads();
    counters.window_loads += keeper->window_loads();
    counters.loaded_rows += keeper->loaded_rows();
    counters.load_seconds += keeper->load_seconds();
  }
  return counters;
}

}  // namespace fivestrand::assessment::store
