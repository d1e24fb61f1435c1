// The newest value of each measure of a service, of every trust and school, for Prometheus.
#ifndef FIVESTRAND_PLATFORM_SERVICE_EVIDENCE_GAUGES_H_
#define FIVESTRAND_PLATFORM_SERVICE_EVIDENCE_GAUGES_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "platform/service/record_service.h"

namespace fivestrand::service {

// Only readings of a scope as a whole; a measure without a value among its two newest periods is left out.
absl::Status ReadEvidenceGauges(const evidence::EvidenceSource& source, store::Session& session, absl::Time now,
                                std::vector<ElementGauge>* gauges);

}  // namespace fivestrand::service

#endif  // FIVESTRAND_PLATFORM_SERVICE_EVIDENCE_GAUGES_H_
