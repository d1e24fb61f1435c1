// What the store's events say has changed since a frame was read.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_STORE_FRAME_CHANGES_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_STORE_FRAME_CHANGES_H_

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "platform/store/session.h"
#include "services/assessment/domain/frame_names.h"

namespace fivestrand::assessment::store {

// The newest event, and the newest of those that have been cut off.
struct FeedHead {
  std::int64_t cursor = 0;
  std::int64_t trimmed = 0;
};
absl::StatusOr<FeedHead> ReadFeedHead(fivestrand::store::Session& session);

// After so many events at once a trust is read anew: it was not asked about for long.
inline constexpr std::int64_t kMostEvents = 20'000;

struct FrameChanges {
  std::set<std::string> pupils;  // resource ids of those whose groups, classes or band may have changed
  bool names = false;            // scales or windows
  std::int64_t events = 0;       // kMostEvents: there may be more
};
// Of the events after `from`, up to `to`.
absl::StatusOr<FrameChanges> ReadChanges(fivestrand::store::Session& session, std::string_view trust, std::int64_t from,
                                         std::int64_t to);

// First keys of the columns (window, subject, scale) in which results changed. Columns that `names` does not know are left out.
absl::StatusOr<std::set<std::int64_t>> ReadChangedColumns(fivestrand::store::Session& session, const domain::FrameNames& names,
                                                          std::int64_t from, std::int64_t to);

// An SQLite file is served by one process; on PostgreSQL there may be others.
bool OnlyProcess(fivestrand::store::Session& session);

}  // namespace fivestrand::assessment::store

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_STORE_FRAME_CHANGES_H_
