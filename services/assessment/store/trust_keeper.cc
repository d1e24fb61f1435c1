#include "services/assessment/store/trust_keeper.h"

#include <algorithm>
#include <iterator>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "fivestrand/leadership/v1/organisation.pb.h"

#include "platform/crypto/field_cipher.h"
#include "platform/evidence/suppress.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/store/store.h"
#include "services/assessment/store/frame_changes.h"

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

constexpr std::size_t kMostPending = 500;
constexpr std::size_t kMostPupils = 5'000;
// Fewer pupils than this are looked up in each block; for more every row is looked at.
constexpr std::size_t kFewPupils = 50;
constexpr absl::Duration kLoadTime = absl::Minutes(5);

std::int32_t EndOf(const FrameNames& names, std::size_t window) {
  return window < names.windows.size() ? names.windows[window].end : 0;
}

template <typename Names>
bool Has(const Names& names, std::int32_t number) {
  return static_cast<std::size_t>(number) < names.size() && !names[static_cast<std::size_t>(number)].name.empty();
}

}  // namespace

absl::StatusOr<FrameKeeper::Frames> TrustKeeper::Read(Session& session) {
  FIVESTRAND_ASSIGN_OR_RETURN(const FeedHead head, ReadFeedHead(session));
  absl::MutexLock lock(&mutex_);
  const absl::Time now = options_.clock();
  if (current_ == nullptr || cursor_ < head.trimmed) {
    FIVESTRAND_RETURN_IF_ERROR(Load());
    next_look_ = now + options_.organisation_age;
  }
  FIVESTRAND_RETURN_IF_ERROR(TakePending());
  const bool look = now >= next_look_;
  if (look) next_look_ = now + options_.organisation_age;
  if (look || head.cursor > cursor_) FIVESTRAND_RETURN_IF_ERROR(Renew(look));
  FIVESTRAND_RETURN_IF_ERROR(ReadThreshold(session));
  return current_;
}

// At each question and not with the names: what is to be hidden must not wait for the next look at the organisation.
absl::Status TrustKeeper::ReadThreshold(Session& session) {
  leadership::v1::Trust trust;
  int configured = 0;
  FIVESTRAND_RETURN_IF_ERROR(registry_.Scan(session, trust.GetDescriptor(), "trust = $1", {trust_}, &trust, [&] {
    configured = trust.small_number_threshold();
    return absl::OkStatus();
  }));
  threshold_ = configured == 0 ? evidence::kDefaultThreshold : evidence::EffectiveThreshold(configured);
  if (current_->threshold != threshold_) Set(current_->names, current_->frame);
  return absl::OkStatus();
}

void TrustKeeper::Add(PendingCommit commit) {
  // What is not in memory is read whole when somebody asks.
  if (!listening_) return;
  absl::MutexLock lock(&pending_mutex_);
  pending_.push_back(std::move(commit));
  if (pending_.size() > kMostPending) Coalesce();
}

// Nobody has asked for long: only which windows have changed is kept.
void TrustKeeper::Coalesce() {
  PendingCommit all;
  for (const PendingCommit& pending : pending_) {
    all.windows.insert(pending.windows.begin(), pending.windows.end());
    for (const ResultRow& row : pending.written) all.windows.insert(ResultKey::Unpack(row.key).window);
    for (const std::int64_t key : pending.removed) all.windows.insert(ResultKey::Unpack(key).window);
  }
  pending_.clear();
  pending_.push_back(std::move(all));
}

void TrustKeeper::Forget() {
  absl::MutexLock lock(&mutex_);
  listening_ = false;
  current_ = nullptr;
  pupils_ = {};
  bytes_ = 0;
  absl::MutexLock pending(&pending_mutex_);
  pending_.clear();
}

void TrustKeeper::Set(std::shared_ptr<const FrameNames> names, Frame frame) {
  current_ = std::make_shared<const TrustFrame>(TrustFrame{std::move(names), std::move(frame), threshold_});
}

void TrustKeeper::Measure() {
  std::size_t bytes = current_->frame.bytes();
  for (const domain::PupilFacts& facts : pupils_.facts) bytes += sizeof(facts) + facts.facts.capacity() * sizeof(domain::DatedFact);
  bytes_ = bytes;
}

// A commit of which this is told before it listens is seen by every session that begins afterwards; one that comes later is kept,
// and taken in once more at most.
absl::Status TrustKeeper::Load() {
  FIVESTRAND_RETURN_IF_ERROR(registry_.cipher().Prepare(trust_));
  FIVESTRAND_RETURN_IF_ERROR(registry_.store().Read(absl::Now() + kLoadTime, [&](Session& session) {
    alone_ = OnlyProcess(session);
    return absl::OkStatus();
  }));
  listening_ = alone_.load();
  absl::Status status = registry_.store().Read(absl::Now() + kLoadTime, [&](Session& session) { return LoadAll(session); });
  if (!status.ok()) {
    listening_ = false;
    current_ = nullptr;
  }
  return status;
}

absl::Status TrustKeeper::LoadAll(Session& session) {
  FIVESTRAND_ASSIGN_OR_RETURN(const FeedHead head, ReadFeedHead(session));
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
  FIVESTRAND_ASSIGN_OR_RETURN(Frame frame, ReadWindows(*names, windows));
  load_micros_ = absl::ToInt64Microseconds(absl::Now() - start);
  loaded_rows_ = static_cast<std::int64_t>(frame.rows());
  ++full_loads_;
  Set(std::move(names), std::move(frame));
  cursor_ = head.cursor;
  Measure();
  return absl::OkStatus();
}

// By several threads, each with a session of its own that began later than `names` was read.
absl::StatusOr<Frame> TrustKeeper::ReadWindows(const FrameNames& names, const std::vector<std::int32_t>& windows) {
  std::vector<std::shared_ptr<const FrameWindow>> loaded(windows.size());
  const PupilTable& pupils = pupils_;
  std::atomic<std::size_t> next{0};
  std::vector<absl::Status> outcomes(static_cast<std::size_t>(std::max(options_.loaders, 1)));
  const auto work = [&](std::size_t loader) {
    outcomes[loader] = registry_.store().Read(absl::Now() + kLoadTime, [&](Session& own) -> absl::Status {
      for (std::size_t i = next++; i < windows.size(); i = next++) {
        if (stop_) return status::Cancelled();
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

absl::Status TrustKeeper::Renew(bool look) {
  bool anew = false;
  FIVESTRAND_RETURN_IF_ERROR(
      registry_.store().Read(absl::Now() + kLoadTime, [&](Session& session) ABSL_NO_THREAD_SAFETY_ANALYSIS -> absl::Status {
        FIVESTRAND_ASSIGN_OR_RETURN(const FeedHead head, ReadFeedHead(session));
        FIVESTRAND_ASSIGN_OR_RETURN(const FrameChanges changes, ReadChanges(session, trust_, cursor_, head.cursor));
        anew = cursor_ < head.trimmed || changes.events >= kMostEvents || changes.pupils.size() > kMostPupils;
        if (anew) return absl::OkStatus();
        // Mirrors change without an event of this store.
        std::uint64_t stamp = organisation_;
        if (look) {
          FIVESTRAND_ASSIGN_OR_RETURN(stamp, OrganisationStamp(session, trust_));
        }
        if (changes.names || stamp != organisation_) FIVESTRAND_RETURN_IF_ERROR(RenewNames(session));
        organisation_ = stamp;
        if (!changes.pupils.empty()) FIVESTRAND_RETURN_IF_ERROR(RenewPupils(session, changes.pupils));
        return CatchUp(session, head);
      }));
  return anew ? Load() : absl::OkStatus();
}

absl::Status TrustKeeper::CatchUp(Session& session, const FeedHead& head) {
  if (!alone_ && head.cursor > cursor_) {
    FIVESTRAND_RETURN_IF_ERROR(RenewNumbers(session));
    FIVESTRAND_ASSIGN_OR_RETURN(const std::set<std::int64_t> columns,
                                ReadChangedColumns(session, *current_->names, cursor_, head.cursor));
    for (const std::int64_t column : columns) FIVESTRAND_RETURN_IF_ERROR(ReloadColumn(session, column));
    if (!columns.empty()) Measure();
  }
  cursor_ = head.cursor;
  return absl::OkStatus();
}

absl::Status TrustKeeper::ReloadWindow(Session& session, std::int32_t window) {
  const FrameNames& names = *current_->names;
  std::vector<FrameRow> rows;
  FIVESTRAND_RETURN_IF_ERROR(LoadRows(session, domain::WindowRange(names.trust_number, window), names, pupils_, &rows));
  ++window_loads_;
  Set(current_->names, current_->frame.WithWindow(static_cast<std::uint16_t>(window), std::move(rows)));
  return absl::OkStatus();
}

absl::Status TrustKeeper::ReloadColumn(Session& session, std::int64_t column) {
  std::vector<FrameRow> rows;
  FIVESTRAND_RETURN_IF_ERROR(LoadRows(session, domain::ColumnRange(column), *current_->names, pupils_, &rows));
  const ResultKey key = ResultKey::Unpack(column);
  ++window_loads_;
  Set(current_->names, current_->frame.WithColumn(static_cast<std::uint16_t>(key.window), static_cast<std::uint16_t>(key.subject),
                                                  static_cast<std::uint16_t>(key.scale), std::move(rows)));
  return absl::OkStatus();
}

// Names as they are now, and again what follows from them: standards, dates of windows, classes.
absl::Status TrustKeeper::RenewNames(Session& session) {
  const std::shared_ptr<const FrameNames> before = current_->names;
  FIVESTRAND_ASSIGN_OR_RETURN(const auto names, LoadNames(registry_, session, trust_, before.get()));
  const bool classes = names->classes != before->classes;
  // Memberships of a class that had no number were left out.
  if (classes) FIVESTRAND_RETURN_IF_ERROR(LoadPupils(registry_, session, *names, &pupils_));
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

// Names and numbers that were given since the last look, when there are any.
absl::Status TrustKeeper::RenewNumbers(Session& session) {
  FIVESTRAND_ASSIGN_OR_RETURN(const auto names, LoadNames(registry_, session, trust_, current_->names.get()));
  Set(names, current_->frame);
  std::vector<std::string> ids;
  FIVESTRAND_RETURN_IF_ERROR(LoadNewNumbers(session, trust_, &pupils_, &ids));
  return ids.size() > kMostPupils ? LoadPupils(registry_, session, *names, &pupils_)
                                  : ReloadPupils(registry_, session, *names, ids, &pupils_);
}

absl::Status TrustKeeper::RenewPupils(Session& session, const std::set<std::string>& ids) {
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
      if (numbers.size() < kFewPupils) {
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

bool TrustKeeper::Known(const ResultRow& row) const {
  const ResultKey key = ResultKey::Unpack(row.key);
  const FrameNames& names = *current_->names;
  return names.trust_number == key.trust && Has(names.windows, key.window) && Has(names.subjects, key.subject) &&
         Has(names.scales, key.scale) && Has(names.schools, row.school) &&
         static_cast<std::size_t>(key.pupil) <= pupils_.numbers.size();
}

absl::Status TrustKeeper::TakePending() {
  std::vector<PendingCommit> taken;
  {
    absl::MutexLock lock(&pending_mutex_);
    taken.swap(pending_);
  }
  if (taken.empty()) return absl::OkStatus();
  absl::Status status = Apply(taken);
  if (!status.ok()) {
    // They are still to be done, in their order.
    absl::MutexLock lock(&pending_mutex_);
    pending_.insert(pending_.begin(), std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end()));
  }
  return status;
}

absl::Status TrustKeeper::Apply(const std::vector<PendingCommit>& commits) {
  bool known = true;
  std::set<std::int32_t> windows;
  for (const PendingCommit& commit : commits) {
    windows.insert(commit.windows.begin(), commit.windows.end());
    for (const ResultRow& row : commit.written) known = known && Known(row);
  }
  if (!known || !windows.empty()) {
    // A session that begins now sees every one of these commits.
    FIVESTRAND_RETURN_IF_ERROR(
        registry_.store().Read(absl::Now() + kLoadTime, [&](Session& session) ABSL_NO_THREAD_SAFETY_ANALYSIS -> absl::Status {
          FIVESTRAND_RETURN_IF_ERROR(RenewNumbers(session));
          for (const std::int32_t window : windows) FIVESTRAND_RETURN_IF_ERROR(ReloadWindow(session, window));
          return absl::OkStatus();
        }));
  }
  std::vector<FrameChange> changes;
  for (const PendingCommit& commit : commits) {
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
  // Those windows are newer already.
  std::erase_if(changes, [&](const FrameChange& change) { return windows.contains(change.row.window); });
  Set(current_->names, current_->frame.With(changes));
  Measure();
  return absl::OkStatus();
}

}  // namespace fivestrand::assessment::store
