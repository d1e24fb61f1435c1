// What a frame does not hold of single rows: who it is, and the outcome as it was written.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_STORE_ROW_TEXTS_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_STORE_ROW_TEXTS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "platform/store/session.h"
#include "services/assessment/domain/frame_source.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::assessment::store {

// As FrameSource::Describe.
absl::StatusOr<std::vector<domain::RowText>> ReadRowTexts(const resource::Registry& registry, fivestrand::store::Session& session,
                                                          const domain::FrameNames& names, absl::Span<const domain::FrameRow> rows,
                                                          std::uint16_t baseline);

}  // namespace fivestrand::assessment::store

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_STORE_ROW_TEXTS_H_
