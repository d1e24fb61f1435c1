// A program of the suite as a child process, on a directory of its own.
#ifndef FIVESTRAND_TESTS_BENCH_PROCESS_H_
#define FIVESTRAND_TESTS_BENCH_PROCESS_H_

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

#include "absl/time/time.h"

namespace fivestrand::bench {

class Process {
 public:
  // Its standard output goes to the file `output`, to ours when that is `-`, and nowhere when it is empty; its log is dropped.
  Process(const std::string& program, const std::vector<std::string>& arguments, const std::string& output = "");
  // Ends it with SIGTERM and waits.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Resident memory in MB.
  double MemoryMb() const;
  // Processor time used so far.
  double CpuSeconds() const;
  bool Running() const;
  // Until it ends by itself; its exit code, or -1 when a signal ended it.
  int Wait();

 private:
  pid_t pid_ = -1;
};

// A loopback port that is free now.
int FreePort();
// Waits until GET http://127.0.0.1:port/path answers 200; how long that took, or InfiniteDuration.
absl::Duration WaitReady(int port, const std::string& path, absl::Duration limit);

}  // namespace fivestrand::bench

#endif  // FIVESTRAND_TESTS_BENCH_PROCESS_H_
