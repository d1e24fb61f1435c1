#include "services/leadership/app/leadership_app.h"

#include "services/leadership/app/leadership_spec.h"

namespace fivestrand::leadership {

absl::Status RegisterLeadership(app::AppBuilder& builder) {
  return service::RegisterRecordService(builder, LeadershipSpec());
}

}  // namespace fivestrand::leadership
