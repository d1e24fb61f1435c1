#include "services/welfare/store/matter_trail.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/message.h"

#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/store/session.h"
#include "services/welfare/domain/matter.h"
#include "services/welfare/domain/matters.h"

namespace fivestrand::welfare::store {

using domain::Part;
using domain::Party;

absl::StatusOr<std::optional<events::ReadTrail>> MatterTrail(domain::Matters& matters, fivestrand::store::Session& session,
                                                             std::string_view name, std::string_view person) {
  const std::unique_ptr<google::protobuf::Message> record = domain::NewMatter(name);
  if (record == nullptr) return std::nullopt;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, matters.Open(session, name, record.get()));
  if (!found) return std::nullopt;
  const std::vector<Party> parties = domain::PartiesOf(*record);
  const bool about = std::any_of(parties.begin(), parties.end(), [&](const Party& party) {
    return party.part == Part::kPerson && party.visible && party.person == person;
  });
  if (!about) return std::nullopt;
  events::ReadTrail trail;
  const bool by_another = std::any_of(parties.begin(), parties.end(),
                                      [&](const Party& party) { return party.part == Part::kRaiser && party.person != person; });
  if (!by_another) return trail;
  // Since then holder and circle are who they are now. Before, one of them may have read as its raiser.
  absl::Time held_since = absl::InfinitePast(), circle_since = absl::InfinitePast();
  FIVESTRAND_RETURN_IF_ERROR(
      session.Query("SELECT action, MAX(event_time) FROM audit WHERE trust = $1 AND resource = $2 AND action IN ('handOver', "
                    "'agreeReader', 'withdrawReader') GROUP BY action",
                    {names::TrustOf(name), name}, [&](const fivestrand::store::Row& row) {
                      absl::Time& since = row.Text(0) == "handOver" ? held_since : circle_since;
                      since = std::max(since, row.Time(1));
                      return absl::OkStatus();
                    }));
  trail.named.emplace();
  for (const Party& party : parties) {
    if (party.part == Part::kHolder) trail.named->push_back({party.person, held_since});
    if (party.part == Part::kReader) trail.named->push_back({party.person, circle_since});
  }
  return trail;
}

}  // namespace fivestrand::welfare::store
