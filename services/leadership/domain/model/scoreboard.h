// Puts together what the services say about a school, or about each school of a trust.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_SCOREBOARD_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_SCOREBOARD_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "fivestrand/evidence/v1/evidence.pb.h"
#include "fivestrand/leadership/v1/improvement_service.pb.h"
#include "fivestrand/leadership/v1/model.pb.h"

namespace fivestrand::leadership::domain {

// The services that are asked besides this one, in the order in which they are asked.
absl::Span<const std::string_view> PeerServices();

// The services that answer for an element: its owner first, and whoever measures it too. Empty for an unknown element.
std::vector<std::string_view> ServicesOf(std::string_view element);

// What a service said of the elements that it owns.
struct ServiceAnswer {
  enum class Kind {
    kAnswered,
    kAway,      // not in time, or not at all
    kNotYours,  // the caller may not see its figures
  };
  std::string service;
  Kind kind = Kind::kAnswered;
  std::vector<evidence::v1::MeasureSummary> summaries;
};

// The elements of the model that the service owns; of `elements` only, unless these are empty.
evidence::v1::ServiceAway AwayOf(const v1::ImprovementModel& model, std::string_view service,
                                 absl::Span<const std::string> elements);

// The school's resource name, or the trust's, with the name that people know it by.
struct ScoreboardScope {
  std::string name;
  std::string display_name;
};

// Open concerns that the caller may see, by scope and element.
using ConcernCounts = absl::flat_hash_map<std::pair<std::string, std::string>, int>;

// Columns in the order of `scopes`; in each every element of the model in its order, with its measures by the limits that hold
// there on `today`, the trust's or the school's own. The model comes with the agreed targets of these scopes alone. An element
// without a measure says why: NOT_KEPT_YET, SERVICE_AWAY or NOT_YOURS. With more than one column the trends are left out. Its band
// is the worst of its measures, each by its newest reading that has one.
v1::Scoreboard BuildScoreboard(const v1::ImprovementModel& model, absl::CivilDay today, absl::Span<const ScoreboardScope> scopes,
                               std::vector<ServiceAnswer> answers, const ConcernCounts& concerns);

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_MODEL_SCOREBOARD_H_
