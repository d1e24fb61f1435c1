// What a caller sees of a trust's results: every row, some rows, or figures alone.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_API_ANALYSIS_SIGHT_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_API_ANALYSIS_SIGHT_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "platform/identity/access.h"
#include "platform/rpc/call_context.h"
#include "services/assessment/domain/frame_names.h"
#include "services/assessment/domain/frame_query.h"

namespace fivestrand::assessment::api {

// With this a caller may read the pupils behind figures.
inline constexpr std::string_view kListPupils = "assessment.analysis.listPupils";
// With this which groups a pupil is in.
inline constexpr std::string_view kReadGroups = "assessment.groupMemberships.get";

struct Sight {
  enum class Kind {
    kRows,     // the pupils of these rows, with every figure
    kFigures,  // figures of the schools in `reach`, and no pupil
    kNothing,
  };
  Kind kind = Kind::kNothing;
  // Rows, or schools, as far as they are limited; none: all of the scope.
  std::vector<domain::FrameReach> reach;
};

// What is decided for the scope of a call, once.
class AnalysisSight {
 public:
  AnalysisSight(const rpc::CallContext& context, const identity::AccessTable& table, const domain::FrameNames& names);

  // For questions that use no group, and for those that do: who may read pupils may still not know which groups they are in.
  // `groups`: bits of those that the question uses.
  Sight For(std::uint8_t groups) const;
  // Bits of the groups of single pupils that may be told.
  std::uint8_t told_groups() const { return told_groups_; }

 private:
  Sight rows_, figures_;
  std::uint8_t told_groups_ = 0;
};

}  // namespace fivestrand::assessment::api

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_API_ANALYSIS_SIGHT_H_
