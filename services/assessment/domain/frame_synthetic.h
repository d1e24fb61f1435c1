// A large trust's results, made up: for benchmarks, and for tests that compare two ways of computing the same.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_SYNTHETIC_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_SYNTHETIC_H_

#include <cstdint>
#include <vector>

#include "services/assessment/domain/frame.h"

namespace fivestrand::assessment::domain {

struct SyntheticTrust {
  std::uint32_t pupils = 60'000;
  std::uint16_t schools = 60, subjects = 12, windows = 18;
  std::uint16_t scales = 1;
  std::uint32_t seed = 1;
};

// Results of one window, numbered from 1 like everything else, by subject, then scale, then pupil: the order of the store. Pupils
// keep their school, and mostly their groups, from one window to the next.
std::vector<FrameRow> SyntheticWindow(const SyntheticTrust& trust, std::uint16_t window);

Frame SyntheticFrame(const SyntheticTrust& trust);

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_FRAME_SYNTHETIC_H_
