#include "platform/service/measure_journal.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "fivestrand/events/v1/events.pb.h"

#include "platform/status/macros.h"
#include "platform/status/views.h"
#include "platform/store/store.h"

namespace fivestrand::service {
namespace {

using store::Param;
using store::Row;

std::string NameOf(std::string_view trust, std::string_view measure) {
  return absl::StrCat("trusts/", AbslView(trust), "/measures/", AbslView(measure));
}

}  // namespace

absl::Status JournalMeasures(store::WriteTransaction& transaction, std::string_view trust,
                             absl::Span<const evidence::MeasureDefinition> measures, std::string_view actor) {
  struct Kept {
    std::int64_t revision = 0;
    std::string record;
  };
  absl::flat_hash_map<std::string, Kept> kept;
  FIVESTRAND_RETURN_IF_ERROR(
      transaction.Query("SELECT measure, revision, record FROM measure WHERE trust = $1", {trust}, [&](const Row& row) {
        kept[std::string(row.Text(0))] = {row.Int(1), std::string(row.Blob(2))};
        return absl::OkStatus();
      }));
  for (const evidence::MeasureDefinition& measure : measures) {
    const std::string record = evidence::ToProto(measure).SerializeAsString();
    const auto found = kept.find(AbslView(measure.measure));
    if (found != kept.end() && found->second.record == record) continue;
    const std::int64_t revision = found == kept.end() ? 1 : found->second.revision + 1;
    FIVESTRAND_RETURN_IF_ERROR(
        transaction
            .Execute("INSERT INTO measure (trust, measure, revision, update_time, record) VALUES ($1, $2, $3, $4, $5) ON CONFLICT "
                     "(trust, measure) DO UPDATE SET revision = excluded.revision, update_time = excluded.update_time, record = "
                     "excluded.record",
                     {trust, measure.measure, revision, transaction.now(), Param::Blob(record)})
            .status());
    const std::string name = NameOf(trust, measure.measure);
    transaction.AppendEvent({.kind = revision == 1 ? events::v1::CREATED : events::v1::UPDATED,
                             .resource_type = kMeasureType,
                             .resource = name,
                             .trust = trust,
                             .revision = revision,
                             .actor = actor,
                             .record = record});
  }
  return absl::OkStatus();
}

events::SnapshotSource MeasureSnapshot() {
  events::SnapshotSource source;
  source.resource_type = std::string(kMeasureType);
  source.read = [](store::Session& session, std::string_view after, std::int64_t limit,
                   absl::FunctionRef<absl::Status(const events::v1::Event&)> each) {
    return session.Query(
        "SELECT trust, measure, revision, update_time, record FROM measure WHERE 'trusts/' || trust || '/measures/' || measure > "
        "$1 "
        "ORDER BY 'trusts/' || trust || '/measures/' || measure LIMIT $2",
        {after, limit}, [&](const Row& row) {
          events::v1::Event event;
          event.set_kind(events::v1::RECORDED);
          event.set_resource_type(std::string(kMeasureType));
          event.set_resource(NameOf(row.Text(0), row.Text(1)));
          event.set_revision(row.Int(2));
          event.mutable_event_time()->set_seconds(absl::ToUnixSeconds(row.Time(3)));
          event.set_record(std::string(row.Blob(4)));
          return each(event);
        });
  };
  return source;
}

}  // namespace fivestrand::service
