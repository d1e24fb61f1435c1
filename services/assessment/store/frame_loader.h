// What a frame is made of, read from the store.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_STORE_FRAME_LOADER_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_STORE_FRAME_LOADER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "platform/store/session.h"
#include "services/assessment/domain/frame.h"
#include "services/assessment/domain/frame_names.h"
#include "services/assessment/domain/result_key.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::assessment::store {

// Pupils by number, with what holds of them.
struct PupilTable {
  std::vector<domain::PupilFacts> facts;
  absl::flat_hash_map<std::string, std::uint32_t> numbers;  // by resource id

  const domain::PupilFacts* Find(std::uint32_t number) const { return number < facts.size() ? &facts[number] : nullptr; }
};

// Schools, subjects, scales, windows and classes of a trust. Classes keep the numbers that they have in `before`, which may be
// null; a class that is new gets the next.
absl::StatusOr<std::shared_ptr<const domain::FrameNames>> LoadNames(const resource::Registry& registry,
                                                                    fivestrand::store::Session& session, std::string_view trust,
                                                                    const domain::FrameNames* before);

// Everything of all numbered pupils. Opens the sealed groups.
absl::Status LoadPupils(const resource::Registry& registry, fivestrand::store::Session& session, const domain::FrameNames& names,
                        PupilTable* table);

// Numbers that were given since, and then the facts of the pupils with these resource ids, anew.
absl::Status ReloadPupils(const resource::Registry& registry, fivestrand::store::Session& session, const domain::FrameNames& names,
                          const std::vector<std::string>& ids, PupilTable* table);
absl::Status LoadNewNumbers(fivestrand::store::Session& session, std::string_view trust, PupilTable* table,
                            std::vector<std::string>* ids);

// Adds the rows of a range of keys.
absl::Status LoadRows(fivestrand::store::Session& session, domain::KeyRange range, const domain::FrameNames& names,
                      const PupilTable& pupils, std::vector<domain::FrameRow>* rows);

// A number that differs when a school, subject or class was changed: their counts and revisions.
absl::StatusOr<std::uint64_t> OrganisationStamp(fivestrand::store::Session& session, std::string_view trust);

}  // namespace fivestrand::assessment::store

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_STORE_FRAME_LOADER_H_
