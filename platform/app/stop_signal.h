// SIGTERM, SIGINT and RequestStop as something to wait for.
#ifndef FIVESTRAND_PLATFORM_APP_STOP_SIGNAL_H_
#define FIVESTRAND_PLATFORM_APP_STOP_SIGNAL_H_

#include <thread>

#include "absl/time/time.h"

namespace fivestrand::app {

// Made before the first other thread: it blocks the signals for the threads to come. Its destructor unblocks them.
class StopSignal {
 public:
  StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  ~StopSignal();

  // True when a stop was asked for; false when the time is over first. Each request is returned once.
  bool Wait(absl::Duration at_most);
  // From any thread, and safe in a signal handler.
  void Request();
  // From now on a further request ends the process at once, with exit code 1.
  void ExitOnNext();

 private:
  int signals_;   // signalfd
  int requests_;  // eventfd
  int closing_;   // eventfd
  std::thread watcher_;
};

}  // namespace fivestrand::app

#endif  // FIVESTRAND_PLATFORM_APP_STOP_SIGNAL_H_
