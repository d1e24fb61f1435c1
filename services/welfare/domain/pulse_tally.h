// From answers to the figures that may be shown.
//
// Three protections, all before anything is written down:
//   - no figure over fewer answers than the group size;
//   - no figure that gives back such a figure: of each figure, what is hidden of all schools together (the trust's figure minus
//   those
//     of the shown schools) is over nobody or over at least the group size, and is never one school alone unless that one could
//     have been shown;
//   - figures are whole points.
#ifndef FIVESTRAND_SERVICES_WELFARE_DOMAIN_PULSE_TALLY_H_
#define FIVESTRAND_SERVICES_WELFARE_DOMAIN_PULSE_TALLY_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "fivestrand/welfare/v1/pulse.pb.h"

namespace fivestrand::welfare::domain {

// An answer without its person.
struct Ballot {
  std::string school;        // resource name; empty: the trust itself
  std::vector<int> ratings;  // 0 to 5, in the order of the survey's questions; 0: left out
};

struct Figure {
  v1::QuestionSet set = v1::QUESTION_SET_UNSPECIFIED;
  std::string question;  // empty: the set
  int answers = 0;
  double index = 0;
  double spread = 0;
};

struct ScopeFigures {
  std::string school;  // empty: the trust as a whole
  // Absent when too few were invited, or when it would give back such a number.
  std::optional<int> invited;
  std::optional<int> answered;
  std::vector<Figure> figures;
};

// Which of the counts may be shown beside their total, under the rules above. All false when the total may not be shown either.
std::vector<bool> Shown(absl::Span<const int> counts, int least);

// The trust first, then every school of `invited` or of an answer, by name. `invited`: by school, empty for the trust itself.
std::vector<ScopeFigures> Tally(const v1::PulseSurvey& survey, const std::map<std::string, int>& invited,
                                absl::Span<const Ballot> ballots);

}  // namespace fivestrand::welfare::domain

#endif  // FIVESTRAND_SERVICES_WELFARE_DOMAIN_PULSE_TALLY_H_
