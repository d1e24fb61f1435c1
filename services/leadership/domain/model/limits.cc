#include "services/leadership/domain/model/limits.h"

namespace fivestrand::leadership::domain {
namespace {

bool Ascending(double a, double b, double c) {
  return a <= b && b <= c;
}

}  // namespace

std::string_view WrongOrder(const evidence::v1::Measure& measure) {
  const double target = measure.target(), amber = measure.amber(), red = measure.red();
  switch (measure.direction()) {
    case evidence::v1::HIGHER_IS_BETTER:
      return Ascending(red, amber, target) ? "" : "higher is better: red must not be above amber, nor amber above the target";
    case evidence::v1::LOWER_IS_BETTER:
      return Ascending(target, amber, red) ? "" : "lower is better: red must not be below amber, nor amber below the target";
    default:
      return target >= 0 && Ascending(target, amber, red)
                 ? ""
                 : "zero is better: target, amber and red are distances, each no smaller than the one before";
  }
}

bool InSomeOrder(double target, double amber, double red) {
  return Ascending(target, amber, red) || Ascending(red, amber, target);
}

}  // namespace fivestrand::leadership::domain
