// What may be shown of each window and subject, chosen once for each state of a window.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_DISCLOSURE_CACHE_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_DISCLOSURE_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <tuple>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"

#include "services/assessment/domain/disclosure.h"
#include "services/assessment/domain/frame.h"
#include "services/assessment/domain/frame_query.h"

namespace fivestrand::assessment::domain {

// Sums of one window, subject and scale over the pupils of a school and year group with an attribute; every pupil is in one for
// each kind of attribute, and in one for each group.
struct LeafSum {
  std::uint16_t school = 0;
  std::uint8_t year = 0;
  Attribute attribute;
  CellSum sum;
};

// The sums, and which figures may be made of them.
struct DisclosedColumn {
  std::vector<LeafSum> leaves;
  Disclosure disclosure;
};

std::shared_ptr<const DisclosedColumn> Disclose(const FrameWindow& window, std::uint16_t subject, Tally tally, int threshold);

// Thread-safe.
class DisclosureCache {
 public:
  // At most `capacity` columns are kept; when it is full, all are let go.
  explicit DisclosureCache(std::size_t capacity = 4096) : capacity_(capacity) {}

  // Shares of both standards are over the same results, so one choice serves both.
  std::shared_ptr<const DisclosedColumn> Get(const FrameWindow& window, std::uint16_t subject, Tally tally, int threshold);

 private:
  using Key = std::tuple<std::uint64_t, std::uint16_t, int, int>;

  const std::size_t capacity_;
  absl::Mutex mutex_;
  absl::flat_hash_map<Key, std::shared_ptr<const DisclosedColumn>> kept_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_DISCLOSURE_CACHE_H_
