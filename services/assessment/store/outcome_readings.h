// What OutcomeEvidence asks a frame with, and where it collects the readings.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_STORE_OUTCOME_READINGS_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_STORE_OUTCOME_READINGS_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "fivestrand/assessment/v1/framework.pb.h"

#include "platform/evidence/evidence_source.h"
#include "services/assessment/domain/crew.h"
#include "services/assessment/domain/figures.h"
#include "services/assessment/domain/frame_names.h"
#include "services/assessment/domain/frame_query.h"

namespace fivestrand::assessment::store {

// A cut of a measure: numbers as in the frame, 0 for none. Ordered as the series are.
struct OutcomeCut {
  int group = 0;  // number of type.v1.PupilGroup
  std::uint32_t subject = 0;
  std::uint32_t year = 0;
  friend auto operator<=>(const OutcomeCut&, const OutcomeCut&) = default;
};

// Sums of a window, by school (or the trust as a whole), subject and year as asked for.
using OutcomeSums = std::map<domain::CellKey, domain::FigureCell>;

// Asks for the schools of a question, or the trust as a whole.
class OutcomeAsker {
 public:
  OutcomeAsker(const evidence::EvidenceQuestion& question, const domain::FrameNames& names, domain::DisclosureCache& disclosures,
               int threshold, const std::vector<std::string>& schools, bool of_trust);

  // `axes` beside the school.
  domain::FrameQuery Query(std::uint16_t window, domain::Tally tally, const domain::NumberSet& subjects,
                           const std::vector<domain::Axis>& axes) const;
  // Figures that may be shown to whom the question is for.
  OutcomeSums Ask(const domain::Frame& frame, const domain::FrameQuery& query);
  // Place in the key of the first axis beside the school.
  std::size_t First() const { return of_trust_ ? 0 : 1; }

 private:
  const bool show_small_;
  domain::DisclosureCache& disclosures_;
  const int threshold_;
  const bool of_trust_;
  domain::NumberSet schools_;
  domain::Crew alone_{0};
};

// Collects the readings of all scopes, window after window.
class OutcomeReadings {
 public:
  OutcomeReadings(const evidence::EvidenceQuestion& question, const domain::FrameNames& names, std::string trust_scope,
                  bool of_trust)
      : question_(question), names_(names), trust_scope_(std::move(trust_scope)), of_trust_(of_trust) {}

  // What is added from now on is of this window.
  void Begin(const v1::AssessmentWindow& window);
  std::string ScopeOf(const domain::CellKey& key) const;
  // TOO_FEW unless it may be shown.
  void AddShare(const evidence::MeasureDefinition& measure, const std::string& scope, const OutcomeCut& cut,
                const domain::CellSum& sum, bool shown);
  // A share or a difference of shares, in percentage points.
  void AddPoints(const evidence::MeasureDefinition& measure, const std::string& scope, const OutcomeCut& cut, double share,
                 std::int64_t sample, bool shown);
  // At least one series for each scope and measure.
  void Take(const std::vector<std::string>& scopes, std::vector<evidence::ReadingSeries>* series);

 private:
  evidence::ReadingContext Context(const evidence::MeasureDefinition& measure, const std::string& scope) const;
  evidence::v1::Reading Nothing(const evidence::MeasureDefinition& measure, const std::string& scope) const;
  void Add(const evidence::MeasureDefinition& measure, const std::string& scope, const OutcomeCut& cut,
           evidence::v1::Reading reading);

  const evidence::EvidenceQuestion& question_;
  const domain::FrameNames& names_;
  const std::string trust_scope_;
  const bool of_trust_;
  evidence::v1::Period period_;
  std::map<std::pair<std::string, const evidence::MeasureDefinition*>, std::map<OutcomeCut, std::vector<evidence::v1::Reading>>>
      readings_;
};

}  // namespace fivestrand::assessment::store

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_STORE_OUTCOME_READINGS_H_
