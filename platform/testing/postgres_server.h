// A PostgreSQL server for tests: the one that FIVESTRAND_TEST_POSTGRES names, or one of our own that lives as long as the process.
#ifndef FIVESTRAND_PLATFORM_TESTING_POSTGRES_SERVER_H_
#define FIVESTRAND_PLATFORM_TESTING_POSTGRES_SERVER_H_

#include <memory>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace fivestrand::testing {

class PostgresServer {
 public:
  // Starts initdb and postgres from /usr/lib/postgresql/*/bin in a temporary folder, on a unix socket in it and on no port; as the
  // user postgres when we are root, for whom the server would not start. Without fsync: it need not survive the machine.
  // To be called on a thread that lives on: the kernel ends the server together with the thread that started it.
  static absl::StatusOr<std::unique_ptr<PostgresServer>> Start();
  ~PostgresServer();

  // postgresql://... of the database `postgres`.
  const std::string& url() const { return url_; }

 private:
  PostgresServer() = default;
  std::string folder_;
  std::string url_;
  pid_t pid_ = -1;
};

// The URL of a server in which databases may be made: from FIVESTRAND_TEST_POSTGRES, else of a server that is started at the first
// call and stopped when the process exits.
absl::StatusOr<std::string> TestPostgresUrl();

// Runs SQL on the database that `url` names.
absl::Status RunPostgres(const std::string& url, const std::string& sql);

// `url` with another database.
std::string WithDatabase(std::string_view url, std::string_view database);

}  // namespace fivestrand::testing

#endif  // FIVESTRAND_PLATFORM_TESTING_POSTGRES_SERVER_H_
