// A class's results in one subject and window, and who of the class can be given one.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_STORE_GRID_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_STORE_GRID_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "fivestrand/assessment/v1/framework.pb.h"
#include "fivestrand/assessment/v1/pupils.pb.h"
#include "fivestrand/assessment/v1/results.pb.h"

#include "services/assessment/domain/compiled_scale.h"
#include "services/assessment/domain/result_book.h"
#include "services/assessment/domain/result_key.h"
#include "services/assessment/store/record_source.h"

namespace fivestrand::assessment::store {

using domain::GridQuestion;

struct GridPupil {
  v1::Pupil pupil;
  // 0 while the pupil has no result at all.
  std::int32_t number = 0;
  // Where the pupil is for this window: resource id and year.
  std::string school;
  std::int32_t year_group = 0;
  v1::CellRefusal refusal = v1::CELL_REFUSAL_UNSPECIFIED;
  // key 0: there is none.
  domain::ResultRow result;
};

struct GridState {
  v1::AssessmentWindow window;
  v1::Scale scale;
  std::unique_ptr<const domain::CompiledScale> compiled;
  // Parts that have no number yet are 0.
  domain::ResultKey key;
  // By family name, at most kMaxPupils.
  std::vector<GridPupil> pupils;
};

inline constexpr int kMaxGridPupils = 500;

// INVALID_ARGUMENT names the field when window or subject are not there or the window does not assess the subject in the class's
// year group.
absl::Status LoadGrid(const resource::Registry& registry, const domain::RecordSource& source, fivestrand::store::Session& session,
                      const GridQuestion& question, GridState* grid);

// Puts results into words; author names are looked up once each. For one session.
class CellWriter {
 public:
  // `trust` is a resource id; all outlive this.
  CellWriter(fivestrand::store::Session& session, std::string_view trust) : session_(session), trust_(trust) {}

  absl::Status Fill(const domain::CompiledScale& scale, const domain::ResultRow& row, v1::GridCell* cell);
  absl::StatusOr<std::string> AuthorOf(std::int32_t number);

 private:
  fivestrand::store::Session& session_;
  const std::string trust_;
  absl::flat_hash_map<std::int32_t, std::string> authors_;
};

}  // namespace fivestrand::assessment::store

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_STORE_GRID_H_
