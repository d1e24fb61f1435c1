#include "services/welfare/app/welfare_app.h"

#include "services/welfare/app/welfare_spec.h"

namespace fivestrand::welfare {

absl::Status RegisterWelfare(app::AppBuilder& builder) {
  return service::RegisterRecordService(builder, WelfareSpec());
}

}  // namespace fivestrand::welfare
