// The suite on a Tuesday in November 2026, for tests of what is told about that time. Each process begins at ten.
#include <utility>

#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "platform/app/app.h"
#include "services/suite/suite.h"

int main(int argc, char** argv) {
  const absl::Time began = absl::Now();
  fivestrand::app::AppOptions options{.program = "fivestrand", .suite = true};
  options.clock = [began] {
    return absl::FromCivil(absl::CivilMinute(2026, 11, 24, 10, 0), absl::UTCTimeZone()) + (absl::Now() - began);
  };
  fivestrand::app::AppBuilder builder(std::move(options), argc, argv);
  fivestrand::AddSuite(&builder);
  return builder.Run();
}
