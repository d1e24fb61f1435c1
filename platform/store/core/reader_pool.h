// Read-only connections, opened when first needed and lent to one thread at a time.
#ifndef FIVESTRAND_PLATFORM_STORE_CORE_READER_POOL_H_
#define FIVESTRAND_PLATFORM_STORE_CORE_READER_POOL_H_

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "platform/store/core/connection.h"
#include "platform/store/store.h"

namespace fivestrand::store {

// Thread-safe; no lock is held while a body runs. `engine` and `options` outlive it.
class ReaderPool {
 public:
  ReaderPool(Engine& engine, const StoreOptions& options) : engine_(engine), options_(options) {}

  absl::Status Read(absl::Time deadline, absl::FunctionRef<absl::Status(Session&)> body, ReadMode mode);

 private:
  absl::StatusOr<std::unique_ptr<Connection>> Borrow(absl::Time deadline);
  void Return(std::unique_ptr<Connection> connection);

  Engine& engine_;
  const StoreOptions& options_;
  std::mutex mutex_;  // of what follows
  std::condition_variable returned_;
  // The one used last is lent first: its caches are warm.
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t lent_ = 0;
};

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_CORE_READER_POOL_H_
