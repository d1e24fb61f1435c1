#include "platform/app/stop_signal.h"

#include <algorithm>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "absl/time/clock.h"

namespace fivestrand::app {
namespace {

sigset_t StopSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

}  // namespace

StopSignal::StopSignal() {
  const sigset_t set = StopSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  // A peer that hangs up is an error of that connection only.
  signal(SIGPIPE, SIG_IGN);
  signals_ = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  requests_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
  closing_ = eventfd(0, EFD_CLOEXEC);
}

StopSignal::~StopSignal() {
  eventfd_write(closing_, 1);
  if (watcher_.joinable()) watcher_.join();
  close(signals_);
  close(requests_);
  close(closing_);
  const sigset_t set = StopSignals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

bool StopSignal::Wait(absl::Duration at_most) {
  const absl::Time deadline = absl::Now() + at_most;
  while (true) {
    pollfd waiting[] = {{signals_, POLLIN, 0}, {requests_, POLLIN, 0}};
    const int64_t left = absl::ToInt64Milliseconds(deadline - absl::Now());
    poll(waiting, 2, static_cast<int>(std::clamp<int64_t>(left, 0, 60000)));
    signalfd_siginfo signal;
    if (read(signals_, &signal, sizeof(signal)) == sizeof(signal)) return true;
    eventfd_t request;
    if (eventfd_read(requests_, &request) == 0) return true;
    if (absl::Now() >= deadline) return false;
  }
}

void StopSignal::Request() {
  eventfd_write(requests_, 1);
}

void StopSignal::ExitOnNext() {
  watcher_ = std::thread([this] {
    pollfd waiting[] = {{signals_, POLLIN, 0}, {requests_, POLLIN, 0}, {closing_, POLLIN, 0}};
    while (poll(waiting, 3, -1) < 0) {
    }
    if (waiting[2].revents == 0) _exit(1);
  });
}

}  // namespace fivestrand::app
