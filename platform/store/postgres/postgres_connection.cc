#include "platform/store/postgres/postgres_connection.h"

#include <bit>
#include <cstdint>
#include <libpq-fe.h>
#include <string>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/store/core/text.h"
#include "platform/store/postgres/postgres_row.h"

namespace fivestrand::store {
namespace {

constexpr std::size_t kMaxStatements = 512;
constexpr int kBinary = 1;

// PQprepare's types by kind; 0 lets the server find out.
Oid TypeOf(Param::Kind kind) {
  switch (kind) {
    case Param::Kind::kNull:
      return 0;
    case Param::Kind::kInt:
      return 20;
    case Param::Kind::kDouble:
      return 701;
    case Param::Kind::kText:
      return 25;
    case Param::Kind::kBlob:
      return 17;
  }
  return 0;
}

bool Fits(const std::vector<Param::Kind>& kinds, Params params) {
  if (kinds.size() != params.size()) return false;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (params[i].kind() != Param::Kind::kNull && params[i].kind() != kinds[i]) return false;
  }
  return true;
}

// Parameters in binary, as libpq wants them: numbers with the big end first, bytes where they lie.
struct Bound {
  explicit Bound(Params params) : numbers(params.size()) {
    for (std::size_t i = 0; i < params.size(); ++i) {
      const Param& param = params[i];
      switch (param.kind()) {
        case Param::Kind::kNull:
          Add(nullptr, 0);
          break;
        case Param::Kind::kInt:
          AddNumber(i, static_cast<std::uint64_t>(param.int_value()));
          break;
        case Param::Kind::kDouble:
          AddNumber(i, std::bit_cast<std::uint64_t>(param.double_value()));
          break;
        case Param::Kind::kText:
        // An empty view may hold a null pointer, which libpq would take for NULL.
        case Param::Kind::kBlob:
          Add(param.bytes().empty() ? "" : param.bytes().data(), param.bytes().size());
          break;
      }
    }
  }
  void AddNumber(std::size_t i, std::uint64_t number) {
    numbers[i] = __builtin_bswap64(number);
    Add(reinterpret_cast<const char*>(&numbers[i]), sizeof numbers[i]);
  }
  void Add(const char* data, std::size_t size) {
    values.push_back(data);
    lengths.push_back(static_cast<int>(size));
    formats.push_back(kBinary);
  }
  absl::InlinedVector<std::uint64_t, 16> numbers;
  absl::InlinedVector<const char*, 16> values;
  absl::InlinedVector<int, 16> lengths, formats;
};
static_assert(std::endian::native == std::endian::little);

}  // namespace

absl::StatusOr<std::unique_ptr<PostgresConnection>> PostgresConnection::Open(const std::string& url, ConnectionRole role,
                                                                             std::shared_ptr<StoreObserver> observer,
                                                                             absl::Time deadline) {
  std::unique_ptr<PostgresConnection> connection(new PostgresConnection(role, std::move(observer)));
  connection->set_deadline(deadline);
  if (absl::Status status = connection->client_.Connect(url, deadline); !status.ok()) {
    return Report(connection->observer_, {status, StoreErrorKind::kConnection});
  }
  const char* encoding = PQparameterStatus(connection->client_.handle(), "server_encoding");
  if (encoding == nullptr || std::string_view(encoding) != "UTF8") {
    return status::Precondition("STORE_ENCODING", "store", "the PostgreSQL database must be made with ENCODING 'UTF8'");
  }
  const char* settings =
      role == ConnectionRole::kReader
          ? "SET default_transaction_read_only = on; SET idle_in_transaction_session_timeout = '10min'"
          : "SET idle_in_transaction_session_timeout = '60s'; SELECT set_config('synchronous_commit', 'on', false) "
            "WHERE current_setting('synchronous_commit') IN ('off', 'local')";
  FIVESTRAND_RETURN_IF_ERROR(connection->RunScript(settings));
  return connection;
}

absl::StatusOr<PgResult> PostgresConnection::Take(PostgresClient::Reply reply) {
  if (reply.result != nullptr) return std::move(reply.result);
  if (reply.error.kind == StoreErrorKind::kConflict) lost_conflict_ = true;
  if (reply.stale_plan) {
    // The schema changed under a prepared statement: a new connection prepares it anew.
    usable_ = false;
    return Report(observer_, StoreUnavailable(StoreErrorKind::kConnection, "the store is being upgraded",
                                              status::HiddenCause(reply.error.status)));
  }
  return Report(observer_, std::move(reply.error));
}

absl::StatusOr<std::string> PostgresConnection::Prepare(std::string_view sql, Params params) {
  std::vector<Statement>& variants = statements_[absl::string_view(sql.data(), sql.size())];
  for (const Statement& statement : variants) {
    if (Fits(statement.kinds, params)) return statement.name;
  }
  if (prepared_ >= kMaxStatements) {
    // A bound for the server's memory against a caller that makes up texts.
    statements_.clear();
    prepared_ = 0;
    FIVESTRAND_RETURN_IF_ERROR(RunScript("DEALLOCATE ALL"));
    return Prepare(sql, params);
  }
  Statement statement{absl::StrCat("s", next_name_++), {}};
  absl::InlinedVector<Oid, 16> types;
  for (const Param& param : params) {
    statement.kinds.push_back(param.kind());
    types.push_back(TypeOf(param.kind()));
  }
  const std::string text(sql);
  FIVESTRAND_RETURN_IF_ERROR(Take(client_.Run(
                                      [&](pg_conn* connection) {
                                        return PQsendPrepare(connection, statement.name.c_str(), text.c_str(),
                                                             static_cast<int>(types.size()), types.data());
                                      },
                                      deadline()))
                                 .status());
  ++prepared_;
  variants.push_back(std::move(statement));
  return variants.back().name;
}

absl::StatusOr<PgResult> PostgresConnection::Run(std::string_view sql, Params params) {
  FIVESTRAND_RETURN_IF_ERROR(CheckParams(params));
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string name, Prepare(sql, params));
  const Bound bound(params);
  return Take(client_.Run(
      [&](pg_conn* connection) {
        return PQsendQueryPrepared(connection, name.c_str(), static_cast<int>(params.size()), bound.values.data(),
                                   bound.lengths.data(), bound.formats.data(), kBinary);
      },
      deadline()));
}

absl::Status PostgresConnection::Query(std::string_view sql, Params params, absl::FunctionRef<absl::Status(const Row&)> each) {
  FIVESTRAND_ASSIGN_OR_RETURN(const PgResult result, Run(sql, params));
  PostgresRow row(result.get());
  const int rows = PQntuples(result.get());
  for (int i = 0; i < rows; ++i) {
    row.Set(i);
    FIVESTRAND_RETURN_IF_ERROR(each(row));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::int64_t> PostgresConnection::Execute(std::string_view sql, Params params) {
  FIVESTRAND_ASSIGN_OR_RETURN(const PgResult result, Run(sql, params));
  std::int64_t changed = 0;
  if (PQresultStatus(result.get()) == PGRES_COMMAND_OK && !absl::SimpleAtoi(PQcmdTuples(result.get()), &changed)) changed = 0;
  return changed;
}

absl::Status PostgresConnection::Begin() {
  lost_conflict_ = savepoint_ = false;
  return RunScript(role_ == ConnectionRole::kReader ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                                                    : "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
}

absl::Status PostgresConnection::Commit() {
  FIVESTRAND_ASSIGN_OR_RETURN(const PgResult result, Take(client_.RunScript("COMMIT", deadline())));
  // After a failed statement the server answers COMMIT with ROLLBACK, and that is no error to it.
  if (std::string_view(PQcmdStatus(result.get())) != "COMMIT")
    return Report(observer_, Unforeseen("postgresql: the commit became a rollback"));
  return absl::OkStatus();
}

void PostgresConnection::Rollback() {
  if (!InTransaction()) return;
  // Rolling back is quick for the server; one that does not answer in time is lost to us.
  if (!client_.RunScript("ROLLBACK", absl::Now() + absl::Seconds(5)).error.status.ok()) usable_ = false;
}

bool PostgresConnection::InTransaction() const {
  const PGTransactionStatusType status = PQtransactionStatus(const_cast<PostgresClient&>(client_).handle());
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

absl::Status PostgresConnection::Savepoint() {
  const char* sql = savepoint_ ? "RELEASE SAVEPOINT request; SAVEPOINT request" : "SAVEPOINT request";
  FIVESTRAND_RETURN_IF_ERROR(RunScript(sql));
  savepoint_ = true;
  return absl::OkStatus();
}

absl::Status PostgresConnection::RollbackToSavepoint() {
  return RunScript("ROLLBACK TO SAVEPOINT request");
}

absl::Status PostgresConnection::RunScript(const std::string& sql) {
  return Take(client_.RunScript(sql, deadline())).status();
}

absl::StatusOr<bool> PostgresConnection::TableExists(std::string_view table) {
  // Not to_regclass(): within a transaction it does not see what others have created since its first answer.
  return QueryOne("SELECT 1 FROM pg_catalog.pg_class WHERE relname = $1 AND pg_catalog.pg_table_is_visible(oid)", {table},
                  [](const Row&) { return absl::OkStatus(); });
}

}  // namespace fivestrand::store
