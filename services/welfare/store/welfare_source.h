// The figures of elements 2.6 (staff welfare) and 2.1 (culture). They are made of dates and counts; no text is ever opened for
// them.
#ifndef FIVESTRAND_SERVICES_WELFARE_STORE_WELFARE_SOURCE_H_
#define FIVESTRAND_SERVICES_WELFARE_STORE_WELFARE_SOURCE_H_

#include <memory>
#include <string>
#include <vector>

#include "platform/evidence/evidence_source.h"
#include "platform/resource/registry.h"
#include "services/organisation/store/calendar_reader.h"
#include "services/welfare/domain/pulses.h"
#include "services/welfare/store/coverage.h"
#include "services/welfare/store/party_index.h"

namespace fivestrand::welfare::store {

class WelfareSource : public evidence::EvidenceSource {
 public:
  // `registry` outlives it.
  WelfareSource(const resource::Registry& registry, std::shared_ptr<const domain::Pulses> pulses);

  absl::Span<const evidence::MeasureDefinition> measures() const override;
  bool Covers(const evidence::MeasureDefinition& measure, bool of_trust) const override;
  absl::Status ListScopes(fivestrand::store::Session& session, std::vector<std::string>* scopes) const override;
  absl::Status Read(fivestrand::store::Session& session, const evidence::EvidenceQuestion& question,
                    std::vector<evidence::ReadingSeries>* series) const override;
  bool MaySeeFigures(const evidence::MeasureDefinition& measure, const identity::Caller& caller, absl::Time now) const override;
  // Behind a figure of culture is the survey itself, for whoever may read its results; behind one of welfare is nothing that a role
  // opens.
  std::string_view RecordsPermission(const evidence::MeasureDefinition& measure) const override;

 private:
  const resource::Registry& registry_;
  const std::shared_ptr<const domain::Pulses> pulses_;
  // They keep what they have read; what they answer does not depend on it.
  mutable PartyIndex parties_;
  mutable Coverages coverages_;
  mutable organisation::CalendarReader calendars_;
};

}  // namespace fivestrand::welfare::store

#endif  // FIVESTRAND_SERVICES_WELFARE_STORE_WELFARE_SOURCE_H_
