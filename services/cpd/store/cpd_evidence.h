// Answers for elements 2.14 and 2.15.
#ifndef FIVESTRAND_SERVICES_CPD_STORE_CPD_EVIDENCE_H_
#define FIVESTRAND_SERVICES_CPD_STORE_CPD_EVIDENCE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/evidence/evidence_source.h"
#include "services/organisation/store/calendar_reader.h"

namespace fivestrand::cpd::store {

// Schools, calendars and posts come out of the mirrors of the organisation. Figures of coaching exist for those alone who may see
// its counts: for everybody else the reading is NOT_YOURS, in the journal of readings too. Figures of professional development over
// fewer than six people exist for nobody.
class CpdEvidence : public evidence::EvidenceSource {
 public:
  absl::Span<const evidence::MeasureDefinition> measures() const override;
  absl::Status ListScopes(fivestrand::store::Session& session, std::vector<std::string>* scopes) const override;
  absl::Status Read(fivestrand::store::Session& session, const evidence::EvidenceQuestion& question,
                    std::vector<evidence::ReadingSeries>* series) const override;
  std::string_view RecordsPermission(const evidence::MeasureDefinition& measure) const override;
  std::string_view SmallNumbersPermission() const override { return "cpd.coachingCounts.read"; }

 private:
  const std::unique_ptr<organisation::CalendarReader> calendars_ = std::make_unique<organisation::CalendarReader>();
};

}  // namespace fivestrand::cpd::store

#endif  // FIVESTRAND_SERVICES_CPD_STORE_CPD_EVIDENCE_H_
