// What the cases of the conformance suite share. Every case runs on both engines: the suite, not an engine, says what is right.
#ifndef FIVESTRAND_PLATFORM_STORE_CONFORMANCE_FIXTURE_H_
#define FIVESTRAND_PLATFORM_STORE_CONFORMANCE_FIXTURE_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/store/audit.h"
#include "platform/store/conformance/test_series.h"
#include "platform/store/outbox.h"
#include "platform/store/store.h"
#include "platform/testing/temp_store.h"

namespace fivestrand::store {

inline absl::Time Soon() {
  return absl::Now() + absl::Seconds(20);
}

// A value that threads change and wait on. The standard library's, so that ThreadSanitizer follows it.
template <typename T>
class Watched {
 public:
  template <typename Change>
  void Update(Change change) {
    // Notified under the lock: whoever waits may be the one who destroys this.
    const std::lock_guard lock(mutex_);
    change(value_);
    changed_.notify_all();
  }

  // Waits until it is as wanted; false, and a failure, after half a minute.
  template <typename Wanted>
  bool Await(Wanted wanted) {
    std::unique_lock lock(mutex_);
    const bool met = changed_.wait_for(lock, std::chrono::seconds(30), [&] { return wanted(value_); });
    EXPECT_TRUE(met) << "waited in vain";
    return met;
  }

  T Get() {
    const std::lock_guard lock(mutex_);
    return value_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  T value_{};
};

class Signal {
 public:
  void Notify() {
    notified_.Update([](bool& notified) { notified = true; });
  }
  void Wait() {
    notified_.Await([](bool notified) { return notified; });
  }

 private:
  Watched<bool> notified_;
};

// Counts what the store tells.
class CountingObserver final : public StoreObserver {
 public:
  void OnCommit(std::size_t batch_size, double) override {
    ++commits;
    std::size_t seen = largest_batch;
    while (batch_size > seen && !largest_batch.compare_exchange_weak(seen, batch_size)) {
    }
  }
  void OnRead(double) override { ++reads; }
  void OnQueue(std::size_t) override {}
  void OnError(StoreErrorKind) override { ++errors; }

  std::atomic<int> commits = 0, reads = 0, errors = 0;
  std::atomic<std::size_t> largest_batch = 0;
};

// Answers of WriteAsync, in the order in which they came.
class Answers {
 public:
  WriteDone Expect(std::string name);
  // Waits until `count` have come.
  std::vector<std::pair<std::string, absl::Status>> Await(std::size_t count);

 private:
  Watched<std::vector<std::pair<std::string, absl::Status>>> answers_;
};

class StoreConformance : public ::testing::TestWithParam<testing::EngineKind> {
 protected:
  void SetUp() override;

  // With an observer, and batches that only end when nothing waits or a limit is reached, so that cases can count on them.
  StoreOptions Options() const;
  bool postgres() const { return GetParam() == testing::EngineKind::kPostgres; }
  std::unique_ptr<Store> OpenStore(StoreOptions options);
  void Reopen() { Reopen(Options()); }
  void Reopen(StoreOptions options);

  // One row, one event, one audit row.
  static absl::Status Put(WriteTransaction& tx, std::string_view id, std::int64_t number = 0);
  absl::Status Put(std::string_view id, std::int64_t number = 0);
  // Rows prefix0, prefix1, ... in one transaction.
  absl::Status PutMany(std::string_view prefix, int count);
  std::vector<std::string> Ids();
  std::int64_t Count(std::string_view table);
  absl::Status Execute(std::string_view sql, Params params = {});
  std::vector<std::int64_t> Cursors();
  AuditReport Verify();
  // Holds the writer in a body until the signal; returns when it is held.
  void HoldWriter(Signal& release);

  std::unique_ptr<testing::TempStore> temp_;
  std::shared_ptr<CountingObserver> observer_ = std::make_shared<CountingObserver>();
  std::unique_ptr<Store> store_;
  Answers held_;  // of HoldWriter
};

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_CONFORMANCE_FIXTURE_H_
