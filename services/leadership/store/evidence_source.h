// Answers for the elements 1.2 and 1.3 out of the records of the store.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_STORE_EVIDENCE_SOURCE_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_STORE_EVIDENCE_SOURCE_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/evidence/evidence_source.h"

namespace fivestrand::leadership::store {

class SqlVisibilitySource;

// Every measure is about a school or the trust as a whole, without cuts, and about no pupil: nothing is suppressed. A school's
// trend goes back to the academic year before; a trust's, with all its schools' records, one year.
class VisibilityEvidence : public evidence::EvidenceSource {
 public:
  explicit VisibilityEvidence(std::shared_ptr<SqlVisibilitySource> source) : source_(std::move(source)) {}

  absl::Span<const evidence::MeasureDefinition> measures() const override;
  bool Covers(const evidence::MeasureDefinition& measure, bool of_trust) const override;
  // Proposed schools are not running yet.
  absl::Status ListScopes(fivestrand::store::Session& session, std::vector<std::string>* scopes) const override;
  absl::Status Read(fivestrand::store::Session& session, const evidence::EvidenceQuestion& question,
                    std::vector<evidence::ReadingSeries>* series) const override;
  std::string_view RecordsPermission(const evidence::MeasureDefinition& measure) const override;

 private:
  const std::shared_ptr<SqlVisibilitySource> source_;
};

}  // namespace fivestrand::leadership::store

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_STORE_EVIDENCE_SOURCE_H_
