// A connection to a PostgreSQL database.
#ifndef FIVESTRAND_PLATFORM_STORE_POSTGRES_POSTGRES_CONNECTION_H_
#define FIVESTRAND_PLATFORM_STORE_POSTGRES_POSTGRES_CONNECTION_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "platform/store/core/connection.h"
#include "platform/store/postgres/postgres_client.h"
#include "platform/store/store.h"

namespace fivestrand::store {

class PostgresConnection final : public Connection {
 public:
  // Connects and sets what the role needs: readers cannot write; the writer waits for the disk on commit, whatever the server's
  // default, and is thrown out by the server when it stops in the middle of a transaction.
  static absl::StatusOr<std::unique_ptr<PostgresConnection>> Open(const std::string& url, ConnectionRole role,
                                                                  std::shared_ptr<StoreObserver> observer, absl::Time deadline);

  absl::Status Query(std::string_view sql, Params params, absl::FunctionRef<absl::Status(const Row&)> each) override;
  absl::StatusOr<std::int64_t> Execute(std::string_view sql, Params params) override;
  absl::Status Begin() override;
  absl::Status Commit() override;
  void Rollback() override;
  bool InTransaction() const override;
  absl::Status Savepoint() override;
  absl::Status RollbackToSavepoint() override;
  absl::Status RunScript(const std::string& sql) override;
  absl::StatusOr<bool> TableExists(std::string_view table) override;
  bool Usable() override { return usable_ && client_.AliveAndQuiet(); }
  bool lost_conflict() const override { return lost_conflict_; }
  // The server sees to its own files, and other tables may be whole.
  bool damaged() const override { return false; }

 private:
  // A text can be prepared more than once: a statement fits parameters of the kinds that it was prepared with, or NULL.
  struct Statement {
    std::string name;
    std::vector<Param::Kind> kinds;
  };

  PostgresConnection(ConnectionRole role, std::shared_ptr<StoreObserver> observer) : role_(role), observer_(std::move(observer)) {}
  absl::StatusOr<PgResult> Take(PostgresClient::Reply reply);
  absl::StatusOr<std::string> Prepare(std::string_view sql, Params params);
  absl::StatusOr<PgResult> Run(std::string_view sql, Params params);

  const ConnectionRole role_;
  const std::shared_ptr<StoreObserver> observer_;
  PostgresClient client_;
  bool usable_ = true;
  bool savepoint_ = false;
  bool lost_conflict_ = false;
  absl::flat_hash_map<std::string, std::vector<Statement>> statements_;
  std::size_t prepared_ = 0;
  std::size_t next_name_ = 0;
};

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_POSTGRES_POSTGRES_CONNECTION_H_
