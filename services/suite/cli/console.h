// Where a command writes, and how it shows how far it is.
#ifndef FIVESTRAND_SERVICES_SUITE_CLI_CONSOLE_H_
#define FIVESTRAND_SERVICES_SUITE_CLI_CONSOLE_H_

#include <iosfwd>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace fivestrand::cli {

struct Console {
  // Results, for people and scripts.
  std::ostream* out;
  // Progress and what is wrong.
  std::ostream* err;
  // Whether `err` is a terminal.
  bool terminal = false;
};

// Standard output and standard error.
Console ProcessConsole();

// `what: ` and the reasons that the status has, a line each.
void PrintError(const Console& console, std::string_view what, const absl::Status& status);

// On a terminal one line with a bar that is drawn again; elsewhere a line for each new thing that is done.
class ProgressBar {
 public:
  explicit ProgressBar(const Console& console) : console_(console) {}
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar() { Clear(); }

  // `share` from 0 to 1.
  void Show(std::string_view what, double share);
  // Takes the bar away, so that something else can be written.
  void Clear();

 private:
  const Console console_;
  std::string what_;
  int percent_ = -1;
  bool drawn_ = false;
};

}  // namespace fivestrand::cli

#endif  // FIVESTRAND_SERVICES_SUITE_CLI_CONSOLE_H_
