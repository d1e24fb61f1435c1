#include "services/cpd/app/cpd_app.h"

#include "services/cpd/app/cpd_spec.h"

namespace fivestrand::cpd {

absl::Status RegisterCpd(app::AppBuilder& builder) {
  return service::RegisterRecordService(builder, CpdSpec());
}

}  // namespace fivestrand::cpd
