// Table `dictionary`: names and the numbers that results have for them. Rows never change and never go, so a number that was read
// from a committed state may be kept for ever.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_STORE_DICTIONARY_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_STORE_DICTIONARY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "platform/store/store.h"
#include "services/assessment/domain/result_key.h"

namespace fivestrand::assessment::store {

// `trust` is a resource id; names are ids too, whole resource names for authors. 0 when there is none.
absl::StatusOr<std::int32_t> FindNumber(fivestrand::store::Session& session, std::string_view trust, domain::DictionaryKind kind,
                                        std::string_view name);
absl::StatusOr<std::int32_t> FindTrustNumber(fivestrand::store::Session& session, std::string_view trust);

// Finds it or gives the next one. RESOURCE_EXHAUSTED when the numbers of the kind are used up.
absl::StatusOr<std::int32_t> GiveNumber(fivestrand::store::WriteTransaction& transaction, std::string_view trust,
                                        domain::DictionaryKind kind, std::string_view name);
absl::StatusOr<std::int32_t> GiveTrustNumber(fivestrand::store::WriteTransaction& transaction, std::string_view trust);

// Numbers of those names whose place is set in `wanted`; (*numbers)[i] is that of names[i].
absl::Status GiveNumbers(fivestrand::store::WriteTransaction& transaction, std::string_view trust, domain::DictionaryKind kind,
                         const std::vector<std::string>& names, const std::vector<bool>& wanted,
                         std::vector<std::int32_t>* numbers);

// Empty when there is no such number.
absl::StatusOr<std::string> FindName(fivestrand::store::Session& session, std::string_view trust, domain::DictionaryKind kind,
                                     std::int32_t number);

// All of a kind.
absl::Status ReadNumbers(fivestrand::store::Session& session, std::string_view trust, domain::DictionaryKind kind,
                         absl::flat_hash_map<std::string, std::int32_t>* numbers);

}  // namespace fivestrand::assessment::store

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_STORE_DICTIONARY_H_
