#include "platform/testing/postgres_server.h"

#include <algorithm>
#include <errno.h>
#include <fcntl.h>
#include <filesystem>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace fivestrand::testing {
namespace {

namespace fs = std::filesystem;

absl::Status Errno(const char* what) {
  return absl::UnavailableError(absl::StrCat(what, ": ", strerror(errno)));
}

absl::StatusOr<std::string> FindBin() {
  std::string best;
  int best_version = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", error)) {
    const int version = atoi(entry.path().filename().c_str());
    if (version > best_version && fs::exists(entry.path() / "bin/initdb")) {
      best_version = version;
      best = (entry.path() / "bin").string();
    }
  }
  if (best.empty())
    return absl::NotFoundError("no PostgreSQL server in /usr/lib/postgresql: install postgresql, or set FIVESTRAND_TEST_POSTGRES");
  return best;
}

struct User {
  uid_t uid = 0;
  gid_t gid = 0;
};

// Starts a program whose output goes to `log`. It ends with the thread that calls this.
pid_t Spawn(const std::vector<std::string>& args, const User* user, const std::string& log) {
  std::vector<char*> argv;
  for (const std::string& arg : args) argv.push_back(const_cast<char*>(arg.c_str()));
  argv.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child != 0) return child;
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
  dup2(in, 0);
  dup2(out, 1);
  dup2(out, 2);
  if (user != nullptr && (setgroups(0, nullptr) != 0 || setgid(user->gid) != 0 || setuid(user->uid) != 0)) _exit(126);
  // After the change of user, which would clear it.
  prctl(PR_SET_PDEATHSIG, SIGINT);
  if (getppid() != parent) _exit(126);
  if (chdir("/") != 0) _exit(126);
  execv(argv[0], argv.data());
  _exit(127);
}

absl::Status WaitForExit(pid_t pid, const char* what, const std::string& log) {
  int status = 0;
  if (waitpid(pid, &status, 0) != pid) return Errno("waitpid");
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(what, " failed; see ", log));
}

}  // namespace

absl::Status RunPostgres(const std::string& url, const std::string& sql) {
  PGconn* connection = PQconnectdb(url.c_str());
  absl::Status status;
  if (PQstatus(connection) != CONNECTION_OK) {
    status = absl::UnavailableError(PQerrorMessage(connection));
  } else {
    PQsetNoticeProcessor(
        connection, [](void*, const char*) {}, nullptr);
    PGresult* result = PQexec(connection, sql.c_str());
    const ExecStatusType outcome = PQresultStatus(result);
    if (outcome != PGRES_COMMAND_OK && outcome != PGRES_TUPLES_OK) status = absl::InternalError(PQerrorMessage(connection));
    PQclear(result);
  }
  PQfinish(connection);
  return status;
}

std::string WithDatabase(std::string_view url, std::string_view database) {
  const std::size_t authority = url.find("://") + 3;
  const std::size_t query = std::min(url.find('?', authority), url.size());
  const std::size_t path = std::min(url.find('/', authority), query);
  return absl::StrCat(std::string(url.substr(0, path)), "/", std::string(database), std::string(url.substr(query)));
}

absl::StatusOr<std::unique_ptr<PostgresServer>> PostgresServer::Start() {
  auto bin = FindBin();
  if (!bin.ok()) return bin.status();
  std::unique_ptr<PostgresServer> server(new PostgresServer);
  // The path of a unix socket has at most 107 bytes, so the folder is in /tmp whatever TMPDIR says.
  char pattern[] = "/tmp/fivestrand-pg-XXXXXX";
  if (mkdtemp(pattern) == nullptr) return Errno("mkdtemp");
  server->folder_ = pattern;
  User user;
  const bool root = geteuid() == 0;
  if (root) {
    const passwd* entry = getpwnam("postgres");
    if (entry == nullptr) return absl::NotFoundError("no user postgres");
    user = {entry->pw_uid, entry->pw_gid};
    if (chown(pattern, user.uid, user.gid) != 0) return Errno("chown");
  }
  const std::string data = server->folder_ + "/data";
  const std::string log = server->folder_ + "/log";
  const pid_t initdb =
      Spawn({*bin + "/initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"},
            root ? &user : nullptr, log);
  if (initdb < 0) return Errno("fork");
  if (absl::Status status = WaitForExit(initdb, "initdb", log); !status.ok()) return status;
  server->pid_ = Spawn({*bin + "/postgres", "-D", data, "-k", server->folder_, "-c", "listen_addresses=", "-c", "fsync=off", "-c",
                        "full_page_writes=off", "-c", "max_connections=200", "-c", "shared_buffers=32MB"},
                       root ? &user : nullptr, log);
  if (server->pid_ < 0) return Errno("fork");
  server->url_ = absl::StrCat("postgresql:///postgres?host=", server->folder_, "&user=postgres");
  for (const absl::Time end = absl::Now() + absl::Seconds(60); PQping(server->url_.c_str()) != PQPING_OK;) {
    if (waitpid(server->pid_, nullptr, WNOHANG) == server->pid_) {
      server->pid_ = -1;
      return absl::UnavailableError(absl::StrCat("postgres ended at once; see ", log));
    }
    if (absl::Now() > end) return absl::DeadlineExceededError(absl::StrCat("postgres does not answer; see ", log));
    absl::SleepFor(absl::Milliseconds(10));
  }
  return server;
}

PostgresServer::~PostgresServer() {
  if (pid_ > 0) {
    kill(pid_, SIGINT);  // "fast" shutdown: open sessions are ended
    waitpid(pid_, nullptr, 0);
    std::error_code error;
    fs::remove_all(folder_, error);
  }
}

absl::StatusOr<std::string> TestPostgresUrl() {
  if (const char* url = getenv("FIVESTRAND_TEST_POSTGRES"); url != nullptr && *url != '\0') return std::string(url);
  static const auto server = PostgresServer::Start();
  if (!server.ok()) return server.status();
  return (*server)->url();
}

}  // namespace fivestrand::testing
