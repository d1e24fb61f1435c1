// What the rows of a file are held against, read once from a snapshot.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_STORE_IMPORT_FACTS_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_STORE_IMPORT_FACTS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "fivestrand/assessment/v1/framework.pb.h"

#include "platform/store/session.h"
#include "services/assessment/domain/compiled_scale.h"
#include "services/assessment/domain/name_index.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::assessment::store {

struct EnrolmentFact {
  absl::CivilDay start, end;
  std::uint16_t school = 0;  // place in ImportFacts::schools
  std::uint8_t year_group = 0;
};

struct ImportFacts {
  // Pupils who have a UPN: resource ids, and their enrolments as [enrolments_of[i], enrolments_of[i + 1]).
  std::vector<std::string> pupils;
  absl::flat_hash_map<std::string, std::uint32_t> by_upn;
  std::vector<EnrolmentFact> enrolments;
  std::vector<std::uint32_t> enrolments_of;
  // Resource ids.
  std::vector<std::string> schools;

  // Resource names.
  std::vector<std::string> subjects;
  domain::NameIndex subject_names;
  std::vector<v1::AssessmentWindow> windows;
  domain::NameIndex window_names;
  // By resource name.
  absl::flat_hash_map<std::string, std::shared_ptr<const domain::CompiledScale>> scales;

  // Newest change of pupils, enrolments, windows and scales: the same again means that nothing has changed since.
  using Stamp = std::array<std::int64_t, 4>;
  Stamp stamp{};

  // The enrolment that counts for a result that is made on `day` in a window: that of the day, else the last one within the window.
  const EnrolmentFact* EnrolmentIn(std::uint32_t pupil, absl::CivilDay day, absl::CivilDay window_start,
                                   absl::CivilDay window_end) const;
};

// `trust` is a resource id.
absl::Status LoadImportFacts(const resource::Registry& registry, fivestrand::store::Session& session, std::string_view trust,
                             ImportFacts* facts);
absl::Status ReadStamp(fivestrand::store::Session& session, std::string_view trust, ImportFacts::Stamp* stamp);

}  // namespace fivestrand::assessment::store

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_STORE_IMPORT_FACTS_H_
