#include "services/suite/cli/console.h"

#include <algorithm>
#include <iostream>
#include <unistd.h>

#include "absl/strings/str_format.h"

#include "platform/status/status.h"

namespace fivestrand::cli {

Console ProcessConsole() {
  return {&std::cout, &std::cerr, isatty(STDERR_FILENO) == 1};
}

void PrintError(const Console& console, std::string_view what, const absl::Status& status) {
  const auto violations = status::ViolationsOf(status);
  for (const auto& violation : violations) {
    *console.err << what << ": " << violation.field << (violation.field.empty() ? "" : ": ") << violation.description << "\n";
  }
  if (violations.empty()) *console.err << what << ": " << status.message() << "\n";
  if (absl::IsUnavailable(status))
    *console.err << "is the leadership service running, and --server the address of its gRPC server?\n";
}

void ProgressBar::Show(std::string_view what, double share) {
  constexpr int kWidth = 30;
  const int percent = static_cast<int>(std::clamp(share, 0.0, 1.0) * 100);
  if (what == what_ && (percent == percent_ || !console_.terminal)) return;
  what_ = what;
  percent_ = percent;
  if (!console_.terminal) {
    *console_.err << absl::StrFormat("[%3d %%] %s\n", percent, what_);
    return;
  }
  const auto filled = static_cast<std::size_t>(percent * kWidth / 100);
  *console_.err << absl::StrFormat("\r\x1b[K[%s%s] %3d %%  %s", std::string(filled, '#'), std::string(kWidth - filled, '-'),
                                   percent, what_)
                << std::flush;
  drawn_ = true;
}

void ProgressBar::Clear() {
  if (drawn_) *console_.err << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

}  // namespace fivestrand::cli
