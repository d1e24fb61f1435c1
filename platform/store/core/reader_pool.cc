#include "platform/store/core/reader_pool.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/store/core/error.h"

namespace fivestrand::store {
namespace {

absl::Status RunBody(Session& session, absl::FunctionRef<absl::Status(Session&)> body) {
  try {
    return body(session);
  } catch (const std::exception& error) {
    return status::Internal(absl::StrCat("a read body threw: ", error.what()));
  } catch (...) {
    return status::Internal("a read body threw");
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> ReaderPool::Borrow(absl::Time deadline) {
  std::unique_ptr<Connection> connection;
  {
    std::unique_lock lock(mutex_);
    const absl::Time busy = absl::Now() + options_.busy_timeout;
    const auto end = absl::ToChronoTime(std::min(deadline, busy));
    if (!returned_.wait_until(lock, end, [this] { return lent_ < options_.readers; })) {
      if (deadline < busy) return status::DeadlineExceeded();
      return Report(options_.observer, StoreUnavailable(StoreErrorKind::kBusy, "the store is busy", "no reader is free"));
    }
    ++lent_;
    if (!idle_.empty()) {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (connection != nullptr && connection->Usable()) return connection;
  connection = nullptr;
  auto opened = engine_.Connect(ConnectionRole::kReader, std::min(deadline, absl::Now() + options_.busy_timeout));
  if (!opened.ok()) Return(nullptr);
  return opened;
}

void ReaderPool::Return(std::unique_ptr<Connection> connection) {
  {
    const std::lock_guard lock(mutex_);
    --lent_;
    if (connection != nullptr) idle_.push_back(std::move(connection));
  }
  returned_.notify_one();
}

absl::Status ReaderPool::Read(absl::Time deadline, absl::FunctionRef<absl::Status(Session&)> body, ReadMode mode) {
  const absl::Time began = absl::Now();
  if (deadline < began) return status::DeadlineExceeded();
  FIVESTRAND_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, Borrow(deadline));
  connection->set_deadline(deadline);
  absl::Status status;
  if (mode == ReadMode::kSnapshot) status = connection->Begin();
  if (status.ok()) status = RunBody(*connection, body);
  // There is nothing to commit, and a rollback cannot fail.
  if (mode == ReadMode::kSnapshot) connection->Rollback();
  Return(connection->Usable() ? std::move(connection) : nullptr);
  if (options_.observer != nullptr) options_.observer->OnRead(absl::ToDoubleSeconds(absl::Now() - began));
  return status;
}

}  // namespace fivestrand::store
