// The audit chain: each row's hash covers the row and the hash before it, and store_head holds the last one. Whoever changes,
// removes or reorders rows, or cuts off the end, breaks it.
#ifndef FIVESTRAND_PLATFORM_STORE_AUDIT_H_
#define FIVESTRAND_PLATFORM_STORE_AUDIT_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

#include "platform/store/session.h"
#include "platform/store/store.h"

namespace fivestrand::store {

using AuditHash = std::array<char, 32>;

// SHA-256 of: the previous hash (32 zero bytes before row 1); sequence and event_time as 8 bytes, big end first; then actor,
// action, resource, trust, before_digest and after_digest, each after its length as 8 bytes, big end first.
AuditHash ChainHash(const AuditHash& previous, std::int64_t sequence, std::int64_t event_time_micros, const AuditRow& row);

struct AuditReport {
  std::int64_t rows = 0;                     // rows that are right, from the first on
  std::optional<std::int64_t> first_broken;  // sequence of the first row that is changed, missing or out of place
  std::string reason;                        // what is wrong with it, in a few words; empty when nothing is
};

// Walks the whole chain. Needs a snapshot session when the store is being written.
absl::StatusOr<AuditReport> VerifyAudit(Session& session);

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_AUDIT_H_
