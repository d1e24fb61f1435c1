// libpq without endless waits: every call ends at a deadline.
#ifndef FIVESTRAND_PLATFORM_STORE_POSTGRES_POSTGRES_CLIENT_H_
#define FIVESTRAND_PLATFORM_STORE_POSTGRES_POSTGRES_CLIENT_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "platform/store/core/error.h"

struct pg_conn;
struct pg_result;

namespace fivestrand::store {

struct PgResultDeleter {
  void operator()(pg_result* result) const;
};
using PgResult = std::unique_ptr<pg_result, PgResultDeleter>;

// One connection to a server. Not thread-safe.
class PostgresClient {
 public:
  PostgresClient() = default;
  ~PostgresClient();
  PostgresClient(const PostgresClient&) = delete;
  PostgresClient& operator=(const PostgresClient&) = delete;

  absl::Status Connect(const std::string& url, absl::Time deadline);

  // Calls `send`, one of libpq's PQsend functions, and waits for its last result. At the deadline the statement is cancelled on the
  // server; if even that gets no answer, the connection is given up.
  struct Reply {
    PgResult result;    // null after an error
    EngineError error;  // OK when there is a result
    bool stale_plan = false;
  };
  Reply Run(absl::FunctionRef<int(pg_conn*)> send, absl::Time deadline);
  Reply RunScript(const std::string& sql, absl::Time deadline);

  // False when the connection is lost, which it looks for on the socket without waiting.
  bool Alive();
  // As Alive, but also false when the server has said something unasked: to a connection that listens for nothing, that is most
  // likely its farewell.
  bool AliveAndQuiet();
  void Close();
  pg_conn* handle() { return connection_; }
  int socket() const;

 private:
  enum class Wait { kReady, kTimeout, kLost };
  Wait WaitFor(short events, absl::Time deadline);
  Wait WaitForResult(absl::Time deadline);
  Reply Lost(std::string_view what);

  pg_conn* connection_ = nullptr;
};

}  // namespace fivestrand::store

#endif  // FIVESTRAND_PLATFORM_STORE_POSTGRES_POSTGRES_CLIENT_H_
