#include "services/assessment/store/frame_changes.h"

#include "fivestrand/assessment/v1/results.pb.h"

#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/assessment/domain/result_key.h"

namespace fivestrand::assessment::store {
namespace {

using domain::ResultKey;
using fivestrand::store::Row;
using fivestrand::store::Session;

std::string_view PupilIdOf(std::string_view name) {
  constexpr std::string_view kPart = "/pupils/";
  const std::size_t start = name.find(kPart);
  if (start == std::string_view::npos) return {};
  const std::string_view rest = name.substr(start + kPart.size());
  return rest.substr(0, rest.find('/'));
}

}  // namespace

absl::StatusOr<FeedHead> ReadFeedHead(Session& session) {
  FeedHead head;
  FIVESTRAND_RETURN_IF_ERROR(session
                                 .QueryOne("SELECT event_cursor, trimmed_cursor FROM store_head WHERE id = 1", {},
                                           [&](const Row& row) {
                                             head = {row.Int(0), row.Int(1)};
                                             return absl::OkStatus();
                                           })
                                 .status());
  return head;
}

absl::StatusOr<FrameChanges> ReadChanges(Session& session, std::string_view trust, std::int64_t from, std::int64_t to) {
  FrameChanges changes;
  FIVESTRAND_RETURN_IF_ERROR(session.Query(
      "SELECT resource_type, resource FROM outbox WHERE cursor > $1 AND cursor <= $2 AND trust = $3 AND resource_type IN "
      "('fivestrand/Pupil', 'fivestrand/GroupMembership', 'fivestrand/ClassMembership', 'fivestrand/Scale', "
      "'fivestrand/AssessmentWindow', 'fivestrand/ResultChange') ORDER BY cursor LIMIT $4",
      {from, to, trust, kMostEvents}, [&](const Row& row) {
        ++changes.events;
        const std::string_view type = row.Text(0);
        if (type == "fivestrand/Scale" || type == "fivestrand/AssessmentWindow") {
          changes.names = true;
        } else if (type != "fivestrand/ResultChange") {
          changes.pupils.emplace(PupilIdOf(row.Text(1)));
        }
        return absl::OkStatus();
      }));
  return changes;
}

absl::StatusOr<std::set<std::int64_t>> ReadChangedColumns(Session& session, const domain::FrameNames& names, std::int64_t from,
                                                          std::int64_t to) {
  std::set<std::int64_t> columns;
  FIVESTRAND_RETURN_IF_ERROR(
      session.Query("SELECT record FROM outbox WHERE cursor > $1 AND cursor <= $2 AND trust = $3 AND resource_type = "
                    "'fivestrand/ResultChange' LIMIT $4",
                    {from, to, names.trust, kMostEvents}, [&](const Row& row) -> absl::Status {
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
                        columns.insert(ResultKey{.trust = names.trust_number,
                                                 .window = static_cast<std::int32_t>(window->second),
                                                 .subject = static_cast<std::int32_t>(subject->second),
                                                 .scale = static_cast<std::int32_t>(scale)}
                                           .Pack());
                      }
                      return absl::OkStatus();
                    }));
  return columns;
}

bool OnlyProcess(Session& session) {
  // The engine that does not know PostgreSQL's catalogue.
  return !session.Query("SELECT 1 FROM pg_catalog.pg_class LIMIT 1", {}, [](const Row&) { return absl::OkStatus(); }).ok();
}

}  // namespace fivestrand::assessment::store
