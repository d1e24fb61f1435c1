#include "services/assessment/store/frame_keeper.h"

#include <algorithm>
#include <utility>

#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/store/store.h"
#include "services/assessment/store/dictionary.h"
#include "services/assessment/store/row_texts.h"
#include "services/assessment/store/trust_keeper.h"

namespace fivestrand::assessment::store {
namespace {

using domain::ResultKey;
using domain::ResultRow;
using fivestrand::store::Row;
using fivestrand::store::Session;

// A commit with more rows than this is read again from the store, window by window, instead of being copied on the writer's thread.
constexpr std::size_t kMostCopied = 20'000;
constexpr absl::Duration kLoadTime = absl::Minutes(5);

}  // namespace

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
  if (fresh) found->second = std::make_shared<TrustKeeper>(registry_, options_, stop_, std::string(trust));
  found->second->used = ++uses_;
  return found->second;
}

absl::StatusOr<FrameKeeper::Frames> FrameKeeper::Read(Session& session, std::string_view trust) {
  const std::shared_ptr<TrustKeeper> keeper = KeeperOf(trust);
  FIVESTRAND_ASSIGN_OR_RETURN(Frames frames, keeper->Read(session));
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

absl::StatusOr<std::vector<domain::RowText>> FrameKeeper::Describe(const TrustFrame& frame, absl::Span<const domain::FrameRow> rows,
                                                                   std::uint16_t baseline, absl::Time deadline) {
  std::vector<domain::RowText> texts;
  FIVESTRAND_RETURN_IF_ERROR(registry_.store().Read(deadline, [&](Session& session) -> absl::Status {
    FIVESTRAND_ASSIGN_OR_RETURN(texts, ReadRowTexts(registry_, session, *frame.names, rows, baseline));
    return absl::OkStatus();
  }));
  return texts;
}

absl::StatusOr<std::vector<std::uint32_t>> FrameKeeper::PupilNumbers(std::string_view trust,
                                                                     absl::Span<const std::string_view> pupils,
                                                                     absl::Time deadline) {
  std::vector<std::uint32_t> numbers;
  FIVESTRAND_RETURN_IF_ERROR(registry_.store().Read(deadline, [&](Session& session) -> absl::Status {
    for (const std::string_view pupil : pupils) {
      FIVESTRAND_ASSIGN_OR_RETURN(const std::int32_t number, FindNumber(session, trust, domain::DictionaryKind::kPupil, pupil));
      if (number != 0) numbers.push_back(static_cast<std::uint32_t>(number));
    }
    return absl::OkStatus();
  }));
  return numbers;
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
  PendingCommit pending;
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
