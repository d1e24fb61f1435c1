#include "platform/store/core/group_commit.h"

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

// The longest wait for a connection or for the other replicas' lock, when the request itself has longer.
constexpr absl::Duration kStartTimeout = absl::Seconds(30);
// Attempts of one batch after losing against another transaction, or the connection.
constexpr int kMaxAttempts = 3;

}  // namespace

GroupCommit::GroupCommit(Engine& engine, const StoreOptions& options, Announcer& announcer, std::unique_ptr<Connection> writer)
    : engine_(engine),
      options_(options),
      announcer_(announcer),
      batch_count_(std::max<std::size_t>(1, std::min(options.batch_count, engine.batch_limit()))),
      writer_(std::move(writer)),
      thread_([this] { Run(); }) {}

GroupCommit::~GroupCommit() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_one();
  thread_.join();
}

void GroupCommit::Submit(WriteRequest request) {
  absl::Status refusal;
  std::size_t depth = 0;
  {
    const std::lock_guard lock(mutex_);
    if (damaged_) {
      refusal = status::DataLoss("the store is damaged and takes no more writes");
    } else if (stopping_) {
      refusal = status::Unavailable(status::Reason::kDraining, "the store is closing", kRetryAfter);
    } else if (queue_.size() >= options_.queue_limit) {
      refusal = status::Exhausted(status::Reason::kOverloaded, "too many writes are waiting", kRetryAfter);
    } else {
      queue_.push_back(std::move(request));
      depth = queue_.size();
    }
  }
  if (!refusal.ok()) return std::move(request.done)(std::move(refusal));
  // The writer only sleeps when the queue is empty.
  if (depth == 1) work_.notify_one();
  if (options_.observer != nullptr) options_.observer->OnQueue(depth);
}

std::size_t GroupCommit::depth() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

std::optional<WriteRequest> GroupCommit::WaitForFirst() {
  std::unique_lock lock(mutex_);
  work_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
  if (queue_.empty()) return std::nullopt;
  WriteRequest request = std::move(queue_.front());
  queue_.pop_front();
  return request;
}

std::optional<WriteRequest> GroupCommit::TakeNext() {
  const std::lock_guard lock(mutex_);
  if (queue_.empty()) return std::nullopt;
  WriteRequest request = std::move(queue_.front());
  queue_.pop_front();
  return request;
}

void GroupCommit::Run() {
  while (std::optional<WriteRequest> first = WaitForFirst()) RunBatch(*std::move(first));
}

void GroupCommit::RunBatch(WriteRequest first) {
  const absl::Time began = absl::Now();
  std::vector<Item> items;
  items.push_back({std::move(first), absl::OkStatus()});
  std::int64_t cursor = 0;
  for (int lost = 0;;) {
    const Outcome outcome = Attempt(items, cursor);
    if (outcome == Outcome::kFinished) break;
    // Each kAgain has failed one item for good, so those end by themselves.
    if (outcome != Outcome::kAgain && ++lost >= kMaxAttempts) {
      FailAll(items, outcome == Outcome::kAgainAfterConflict
                         ? LostConflict("attempts used up").status
                         : StoreUnavailable(StoreErrorKind::kConnection, "the store cannot be reached", "attempts used up").status);
      break;
    }
  }
  std::size_t committed = 0;
  for (const Item& item : items) committed += item.status.ok() ? 1 : 0;
  if (writer_ != nullptr && writer_->damaged()) {
    const std::lock_guard lock(mutex_);
    damaged_ = true;
  }
  if (options_.observer != nullptr) {
    if (committed > 0) options_.observer->OnCommit(committed, absl::ToDoubleSeconds(absl::Now() - began));
    options_.observer->OnQueue(depth());
  }
  // First, so that a stream opened by somebody who knows of their write does not bring it as news.
  if (cursor > 0) announcer_.Announce(cursor);
  for (Item& item : items) std::move(item.request.done)(std::move(item.status));
}

absl::Status GroupCommit::EnsureWriter(absl::Time deadline) {
  if (writer_ != nullptr && writer_->Usable()) {
    writer_->set_deadline(deadline);
    return absl::OkStatus();
  }
  writer_ = nullptr;
  FIVESTRAND_ASSIGN_OR_RETURN(writer_, engine_.Connect(ConnectionRole::kWriter, deadline));
  writer_->set_deadline(deadline);
  return absl::OkStatus();
}

GroupCommit::Outcome GroupCommit::Attempt(std::vector<Item>& items, std::int64_t& cursor) {
  auto alive = std::find_if(items.begin(), items.end(), [](const Item& item) { return item.status.ok(); });
  if (alive == items.end()) return Outcome::kFinished;
  const absl::Time now = absl::Now();
  if (alive->request.deadline < now) {
    alive->status = status::DeadlineExceeded();
    return Outcome::kAgain;
  }
  // Whatever happens to the first while it waits for a lock says nothing about the others, whose deadlines may be later.
  const absl::Time deadline = std::min(alive->request.deadline, now + kStartTimeout);
  if (absl::Status status = EnsureWriter(deadline); !status.ok()) {
    FailAll(items, status);
    return Outcome::kFinished;
  }
  WriteSession session(engine_, *writer_);
  if (absl::Status status = session.Start(); !status.ok()) {
    writer_->Rollback();
    if (absl::IsDeadlineExceeded(status) && deadline < now + kStartTimeout) {
      alive->status = std::move(status);
      return Outcome::kAgain;
    }
    return Lost(items, status);
  }
  const Outcome outcome = RunItems(session, items);
  if (outcome != Outcome::kFinished) return outcome;
  if (absl::Status status = session.Finish(); !status.ok()) {
    const bool usable = writer_->Usable();
    writer_->Rollback();
    if (usable) return Lost(items, status);
    // The commit may have been on its way: only the caller, with its request id, can find out by trying again.
    FailAll(items, status);
    return Outcome::kFinished;
  }
  cursor = session.committed_cursor();
  return Outcome::kFinished;
}

GroupCommit::Outcome GroupCommit::RunItems(WriteSession& session, std::vector<Item>& items) {
  const absl::Time end = absl::Now() + options_.batch_time;
  for (std::size_t i = 0;; ++i) {
    if (i == items.size()) {
      if (i >= batch_count_ || session.bytes() >= options_.batch_bytes || absl::Now() >= end) return Outcome::kFinished;
      std::optional<WriteRequest> next = TakeNext();
      if (!next.has_value()) return Outcome::kFinished;
      items.push_back({*std::move(next), absl::OkStatus()});
    }
    if (!items[i].status.ok()) continue;
    if (items[i].request.deadline < absl::Now()) {
      items[i].status = status::DeadlineExceeded();
      continue;
    }
    absl::Status status = RunBody(session, items[i]);
    if (status.ok()) continue;
    // After a conflict or the loss of the connection the request is not to blame, and gets another chance with the others.
    const bool blameless = !writer_->Usable() || writer_->lost_conflict();
    if (!blameless && session.UndoRequest()) {
      items[i].status = std::move(status);
      continue;
    }
    writer_->Rollback();
    if (blameless) return Lost(items, status);
    // The transaction is gone and this request took it along; the others run again without it.
    items[i].status = std::move(status);
    return Outcome::kAgain;
  }
}

absl::Status GroupCommit::RunBody(WriteSession& session, Item& item) {
  session.StartRequest(options_.clock(), item.request.deadline);
  absl::Status status;
  try {
    status = item.request.body(session);
  } catch (const std::exception& error) {
    status = status::Internal(absl::StrCat("a write body threw: ", error.what()));
  } catch (...) {
    status = status::Internal("a write body threw");
  }
  return session.EndRequest(std::move(status));
}

GroupCommit::Outcome GroupCommit::Lost(std::vector<Item>& items, const absl::Status& status) {
  if (!writer_->Usable()) return Outcome::kAgainAfterLoss;
  if (writer_->lost_conflict()) return Outcome::kAgainAfterConflict;
  FailAll(items, status);
  return Outcome::kFinished;
}

void GroupCommit::FailAll(std::vector<Item>& items, const absl::Status& status) {
  for (Item& item : items) {
    if (item.status.ok()) item.status = status;
  }
}

}  // namespace fivestrand::store
