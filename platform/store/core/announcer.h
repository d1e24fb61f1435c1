// Hands each new cursor to the listener, once and in order, whoever saw it first.
#ifndef FIVESTRAND_PLATFORM_STORE_CORE_ANNOUNCER_H_
#define FIVESTRAND_PLATFORM_STORE_CORE_ANNOUNCER_H_

#include <cstdint>
#include <functional>
#include <mutex>
#include <utility>

namespace fivestrand::store {

// Thread-safe. The lock is held during the call, so that a listener that was replaced is not called any more.
class Announcer {
 public:
  void SetListener(std::function<void(std::int64_t)> listener) {
    const std::lock_guard lock(mutex_);
    listener_ = std::move(listener);
  }

  void Announce(std::int64_t cursor) {
    const std::lock_guard lock(mutex_);
    if (cursor <= last_) return;
    last_ = cursor;
    if (listener_) listener_(cursor);
  }

 private:
  std::mutex mutex_;  // of both below
  std::function<void(std::int64_t)> listener_;
  std::int64_t last_ = 0;
};

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_CORE_ANNOUNCER_H_
