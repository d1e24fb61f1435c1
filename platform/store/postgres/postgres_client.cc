#include "platform/store/postgres/postgres_client.h"

#include <algorithm>
#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "platform/store/postgres/postgres_error.h"

namespace fivestrand::store {
namespace {

// How long a cancelled statement may take to end before the connection is given up.
constexpr absl::Duration kCancelTimeout = absl::Seconds(2);

// libpq reports notices to stderr by default; the log is not its business.
void IgnoreNotice(void*, const char*) {}

}  // namespace

void PgResultDeleter::operator()(pg_result* result) const {
  PQclear(result);
}

PostgresClient::~PostgresClient() {
  Close();
}

void PostgresClient::Close() {
  PQfinish(connection_);
  connection_ = nullptr;
}

int PostgresClient::socket() const {
  return PQsocket(connection_);
}

PostgresClient::Wait PostgresClient::WaitFor(short events, absl::Time deadline) {
  pollfd entry{PQsocket(connection_), events, 0};
  if (entry.fd < 0) return Wait::kLost;
  while (true) {
    const absl::Duration left = std::clamp(deadline - absl::Now(), absl::ZeroDuration(), absl::Hours(1));
    const int ready = poll(&entry, 1, static_cast<int>(absl::ToInt64Milliseconds(left)) + (left > absl::ZeroDuration() ? 1 : 0));
    if (ready > 0) return Wait::kReady;
    if (ready == 0 && absl::Now() >= deadline) return Wait::kTimeout;
    if (ready < 0 && errno != EINTR) return Wait::kLost;
  }
}

absl::Status PostgresClient::Connect(const std::string& url, absl::Time deadline) {
  Close();
  // What the URL says wins over what stands before it, and is overridden by what stands behind.
  const char* keywords[] = {"application_name", "keepalives_idle", "tcp_user_timeout", "dbname", "client_encoding", nullptr};
  const char* values[] = {"fivestrand", "30", "30000", url.c_str(), "UTF8", nullptr};
  connection_ = PQconnectStartParams(keywords, values, 1);
  if (connection_ == nullptr) return FromPostgres("", "out of memory").status;
  PQsetNoticeProcessor(connection_, IgnoreNotice, nullptr);
  PostgresPollingStatusType next = PGRES_POLLING_WRITING;
  while (PQstatus(connection_) != CONNECTION_BAD && next != PGRES_POLLING_OK && next != PGRES_POLLING_FAILED) {
    const Wait wait = WaitFor(next == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline);
    if (wait != Wait::kReady) {
      Close();
      return FromPostgres("", "no connection within the deadline").status;
    }
    next = PQconnectPoll(connection_);
  }
  if (next == PGRES_POLLING_OK && PQstatus(connection_) == CONNECTION_OK) {
    if (PQsetnonblocking(connection_, 1) == 0) return absl::OkStatus();
  }
  absl::Status status = FromPostgres("", PQerrorMessage(connection_)).status;
  Close();
  return status;
}

PostgresClient::Wait PostgresClient::WaitForResult(absl::Time deadline) {
  while (true) {
    const int unsent = PQflush(connection_);
    if (unsent < 0) return Wait::kLost;
    if (unsent == 0 && !PQisBusy(connection_)) return Wait::kReady;
    const Wait wait = WaitFor(static_cast<short>(unsent > 0 ? POLLIN | POLLOUT : POLLIN), deadline);
    if (wait != Wait::kReady) return wait;
    if (!PQconsumeInput(connection_)) return Wait::kLost;
  }
}

PostgresClient::Reply PostgresClient::Lost(std::string_view what) {
  Reply reply;
  reply.error =
      FromPostgres("", connection_ != nullptr ? absl::StrCat(std::string(what), ": ", PQerrorMessage(connection_)) : what);
  Close();
  return reply;
}

PostgresClient::Reply PostgresClient::Run(absl::FunctionRef<int(pg_conn*)> send, absl::Time deadline) {
  if (connection_ == nullptr) return Lost("not connected");
  if (!send(connection_)) return Lost("send");
  PgResult last;
  bool cancelled = false;
  while (true) {
    const Wait wait = WaitForResult(deadline);
    if (wait == Wait::kTimeout && !cancelled) {
      char error[256];
      PGcancel* cancel = PQgetCancel(connection_);
      PQcancel(cancel, error, sizeof error);
      PQfreeCancel(cancel);
      cancelled = true;
      deadline = absl::Now() + kCancelTimeout;
      continue;
    }
    if (wait == Wait::kTimeout) return Lost("no answer to a cancelled statement");
    if (wait == Wait::kLost) return Lost("wait");
    PgResult result(PQgetResult(connection_));
    if (result == nullptr) break;
    // Of a script the first error counts: what follows it was not run.
    if (last == nullptr || PQresultStatus(last.get()) != PGRES_FATAL_ERROR) last = std::move(result);
  }
  if (last == nullptr) return Lost("no result");
  Reply reply;
  switch (PQresultStatus(last.get())) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY:
      reply.result = std::move(last);
      return reply;
    default:
      break;
  }
  const char* sqlstate = PQresultErrorField(last.get(), PG_DIAG_SQLSTATE);
  const char* message = PQresultErrorField(last.get(), PG_DIAG_MESSAGE_PRIMARY);
  const char* function = PQresultErrorField(last.get(), PG_DIAG_SOURCE_FUNCTION);
  reply.error = FromPostgres(sqlstate != nullptr ? sqlstate : "", message != nullptr ? message : PQerrorMessage(connection_));
  reply.stale_plan = function != nullptr && std::string_view(function) == "RevalidateCachedQuery";
  if (PQstatus(connection_) == CONNECTION_BAD) Close();
  return reply;
}

PostgresClient::Reply PostgresClient::RunScript(const std::string& sql, absl::Time deadline) {
  return Run([&](pg_conn* connection) { return PQsendQuery(connection, sql.c_str()); }, deadline);
}

bool PostgresClient::Alive() {
  if (!AliveAndQuiet() && connection_ != nullptr && !PQconsumeInput(connection_)) Close();
  return connection_ != nullptr && PQstatus(connection_) == CONNECTION_OK;
}

bool PostgresClient::AliveAndQuiet() {
  if (connection_ == nullptr || PQstatus(connection_) != CONNECTION_OK) return false;
  pollfd entry{PQsocket(connection_), POLLIN, 0};
  return poll(&entry, 1, 0) == 0;
}

}  // namespace fivestrand::store
