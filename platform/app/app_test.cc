#include "platform/app/app.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <signal.h>
#include <spawn.h>
#include <sstream>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fivestrand::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// Sends bytes to a port of this machine and reads until the peer closes.
std::string Exchange(int port, const std::string& request) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  std::string answer;
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
    EXPECT_EQ(send(fd, request.data(), request.size(), MSG_NOSIGNAL), static_cast<ssize_t>(request.size()));
    char buffer[4096];
    for (ssize_t got; (got = recv(fd, buffer, sizeof(buffer), 0)) > 0;) answer.append(buffer, static_cast<std::size_t>(got));
  }
  close(fd);
  return answer;
}

std::string Get(int port, const std::string& path, const std::string& method = "GET") {
  return Exchange(port, absl::StrCat(method, " ", path, " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
}

class AppTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "fivestrand-app-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
  }
  void TearDown() override {
    if (child_ > 0) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
    std::filesystem::remove_all(directory_);
  }

  void Start(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), FIVESTRAND_APP_TEST_PROGRAM);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, (directory_ + "/log").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ASSERT_EQ(posix_spawn(&child_, FIVESTRAND_APP_TEST_PROGRAM, &actions, nullptr, argv.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
  }
  // With ports and files of its own.
  void Serve(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"serve", "--admin-listen=127.0.0.1:0", "--grpc-listen=127.0.0.1:0",
                                          "--data-dir=" + directory_ + "/data", "--jwks-url=" + directory_ + "/jwks.json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    Start(std::move(arguments));
  }
  std::string Log() {
    std::ifstream in(directory_ + "/log");
    std::stringstream content;
    content << in.rdbuf();
    return content.str();
  }
  // The log once it has the text; the test's own time limit is the limit.
  std::string AwaitLog(const std::string& text) {
    while (true) {
      std::string log = Log();
      if (log.find(text) != std::string::npos) return log;
      if (waitid(P_PID, static_cast<id_t>(child_), &info_, WEXITED | WNOHANG | WNOWAIT) == 0 && info_.si_pid != 0) {
        log = Log();
        EXPECT_THAT(log, HasSubstr(text));
        return log;
      }
      std::this_thread::yield();
    }
  }
  int AwaitAdminPort() {
    const std::string log = AwaitLog("\"admin_port\":");
    int port = 0;
    const std::string after = log.substr(log.find("\"admin_port\":") + 13);
    EXPECT_TRUE(absl::SimpleAtoi(after.substr(0, after.find('}')), &port));
    return port;
  }
  int AwaitExit() {
    int status = 0;
    waitpid(child_, &status, 0);
    child_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  // What was closed, in order.
  std::vector<std::string> Closed() {
    std::vector<std::string> closed;
    for (const absl::string_view line : absl::StrSplit(Log(), '\n')) {
      const std::size_t at = line.find("\"message\":\"closed\",");
      if (at != absl::string_view::npos) closed.emplace_back(line.substr(at + 19));
    }
    return closed;
  }

  std::string directory_;
  pid_t child_ = 0;
  siginfo_t info_{};
};

TEST_F(AppTest, ServesAndStopsInOrder) {
  Serve({"--drain-delay=0s"});
  const int port = AwaitAdminPort();
  EXPECT_THAT(Get(port, "/livez"), HasSubstr("HTTP/1.1 200 OK"));
  EXPECT_THAT(Get(port, "/readyz"), HasSubstr("200 OK"));
  EXPECT_THAT(Get(port, "/version"), HasSubstr("\"program\":\"app-test\""));
  const std::string metrics = Get(port, "/metrics");
  EXPECT_THAT(metrics, HasSubstr("fivestrand_build_info{program=\"app-test\",version="));
  EXPECT_THAT(metrics, HasSubstr("process_resident_memory_bytes"));
  EXPECT_THAT(metrics, HasSubstr("fivestrand_rpc_in_flight_calls{server=\"notes\"} 0"));
  EXPECT_THAT(
      metrics,
      HasSubstr(
          "grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"GetNote\",grpc_service=\"fivestrand.rpctest.v1.NoteService\""));
  EXPECT_THAT(Get(port, "/nothing"), HasSubstr("404"));
  EXPECT_THAT(Get(port, "/livez", "DELETE"), HasSubstr("405"));
  EXPECT_THAT(Get(port, "/livez", "HEAD"), Not(HasSubstr("\r\n\r\nOK")));
  EXPECT_THAT(Exchange(port, "nonsense\r\n\r\n"), HasSubstr("400"));
  EXPECT_THAT(Get(port, "/loglevel/debug", "PUT"), HasSubstr("200"));
  EXPECT_THAT(Get(port, "/loglevel"), HasSubstr("\r\n\r\ndebug\n"));
  EXPECT_THAT(Get(port, "/loglevel/loud", "PUT"), HasSubstr("400"));
  EXPECT_EQ(std::filesystem::status(directory_ + "/data").permissions(), std::filesystem::perms::owner_all);
  kill(child_, SIGTERM);
  EXPECT_EQ(AwaitExit(), kExitOk);
  EXPECT_THAT(Closed(), ElementsAre("\"http\":\"notes\"}", "\"job\":\"notes\"}", "\"cache\":\"notes\"}", "\"store\":\"notes\"}"));
  EXPECT_THAT(Log(), HasSubstr("\"message\":\"stopped\""));
}

TEST_F(AppTest, IsNotReadyWhileItDrainsAndASecondSignalEndsIt) {
  Serve({"--drain-delay=1h"});
  const int port = AwaitAdminPort();
  kill(child_, SIGTERM);
  AwaitLog("\"message\":\"draining\"");
  while (Get(port, "/readyz").find("503") == std::string::npos) std::this_thread::yield();
  EXPECT_THAT(Get(port, "/livez"), HasSubstr("200"));
  kill(child_, SIGINT);
  EXPECT_EQ(AwaitExit(), kExitFailure);
  EXPECT_THAT(Closed(), ElementsAre());
}

TEST_F(AppTest, ASlowScraperDoesNotHoldUpProbes) {
  Serve({"--drain-delay=0s"});
  const int port = AwaitAdminPort();
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  ASSERT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  EXPECT_THAT(Get(port, "/livez"), HasSubstr("200"));
  // It is cut off in the end.
  char byte;
  EXPECT_EQ(recv(fd, &byte, 1, 0), 0);
  close(fd);
  kill(child_, SIGTERM);
  EXPECT_EQ(AwaitExit(), kExitOk);
}

TEST_F(AppTest, ExitCodesSayWhatIsWrong) {
  Serve({"--no-such-flag=1"});
  EXPECT_EQ(AwaitExit(), kExitUsage);
  EXPECT_THAT(Log(), HasSubstr("no_such_flag"));
  Serve({"--fail=start"});
  EXPECT_EQ(AwaitExit(), kExitFailure);
  EXPECT_THAT(Log(), HasSubstr("\"cause\":\"no luck\""));
  Serve({"--fail=schema"});
  EXPECT_EQ(AwaitExit(), kExitSchema);
  Serve({"--fail=ready", "--start-timeout=100ms"});
  EXPECT_EQ(AwaitExit(), kExitFailure);
  EXPECT_THAT(Log(), HasSubstr("luck was not ready in time"));
  EXPECT_THAT(Closed(), ElementsAre("\"http\":\"notes\"}", "\"job\":\"notes\"}", "\"cache\":\"notes\"}", "\"store\":\"notes\"}"));
  Serve({"--fail=ready"});
  AwaitLog("listening");
  kill(child_, SIGTERM);
  EXPECT_EQ(AwaitExit(), kExitOk) << "a stop while it waits to become ready is a stop";
  Start({"dance"});
  EXPECT_EQ(AwaitExit(), kExitUsage);
}

TEST_F(AppTest, SeveralServicesInOneProcess) {
  Start({"suite", "--admin-listen=127.0.0.1:0", "--data-dir=" + directory_ + "/data", "--notes-grpc-listen=127.0.0.1:0",
         "--drain-delay=0s"});
  const std::string metrics = Get(AwaitAdminPort(), "/metrics");
  EXPECT_THAT(metrics, HasSubstr("fivestrand_rpc_in_flight_calls{server=\"notes\"} 0"));
  EXPECT_THAT(metrics, HasSubstr("fivestrand_rpc_in_flight_calls{server=\"second\"} 0"));
  EXPECT_TRUE(std::filesystem::is_directory(directory_ + "/data/second"));
  EXPECT_THAT(Log(), HasSubstr("\"service\":\"second\",\"grpc_port\":0"));
  kill(child_, SIGTERM);
  EXPECT_EQ(AwaitExit(), kExitOk);
  EXPECT_THAT(Closed(),
              ElementsAre("\"http\":\"second\"}", "\"http\":\"notes\"}", ::testing::_, ::testing::_, "\"cache\":\"second\"}",
                          "\"store\":\"second\"}", "\"cache\":\"notes\"}", "\"store\":\"notes\"}"));
}

TEST_F(AppTest, CommandsOfAllServicesRun) {
  Start({"audit", "verify", "all"});
  EXPECT_EQ(AwaitExit(), kExitOk);
  EXPECT_THAT(Log(), HasSubstr("\"of\":\"notes\",\"arguments\":1"));
  Start({"suite", "audit", "verify"});
  EXPECT_EQ(AwaitExit(), kExitFailure) << "the worst of them counts";
  EXPECT_THAT(Log(), HasSubstr("\"of\":\"second\""));
}

TEST(AppBuilderTest, AnswersQuestionsWithoutServing) {
  const auto ask = [](std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "program");
    std::string out;
    AppBuilder builder({.program = "program",
                        .version = "1.2.3",
                        .output =
                            [&](std::string_view text) {
                              out.append(text);
                            }},
                       static_cast<int>(arguments.size()), arguments.data());
    builder.Add([](AppBuilder& b) {
      Service& service = b.AddService("notes");
      service.config().Text("db_url", "", "Where.");
      ConfigTable& options = service.AddCommand("import schools", "FILE.csv", "Reads a file.", [](const auto&) { return 7; });
      options.Bool("dry_run", false, "Writes nothing.");
      return absl::OkStatus();
    });
    const int code = builder.Run();
    return absl::StrCat(code, " ", out);
  };
  EXPECT_EQ(ask({"--version"}), "0 program 1.2.3\n");
  EXPECT_THAT(ask({"--help"}), HasSubstr("  import schools FILE.csv\n      Reads a file.\n      --dry-run"));
  EXPECT_THAT(ask({"--print-config", "--db-url=x"}), HasSubstr("db_url = x  # --db-url\n"));
  EXPECT_EQ(ask({"--verify-config"}), "0 ");
  EXPECT_EQ(ask({"--verify-config", "--drain-delay=x"}), "2 ");
  EXPECT_THAT(ask({"--print-reference"}), HasSubstr("| `db_url` | `--db-url` | `FIVESTRAND_DB_URL` |"));
  EXPECT_EQ(ask({"import", "schools", "--dry-run", "x.csv"}), "7 ");
  EXPECT_EQ(ask({"import", "people"}), "2 ");
}

TEST(AppBuilderTest, ARegistrationThatFailsIsTheEnd) {
  const char* const argv[] = {"program"};
  std::string log;
  AppBuilder builder({.program = "program",
                      .log_sink =
                          [&](std::string_view line) {
                            log.append(line);
                          }},
                     1, argv);
  builder.Add([](AppBuilder&) { return absl::InternalError("cannot"); });
  EXPECT_EQ(builder.Run(), kExitFailure);
  EXPECT_THAT(log, HasSubstr("\"reason\":\"cannot\""));
}

}  // namespace
}  // namespace fivestrand::app
