// The suite as a process, and its commands as processes beside it.
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <set>
#include <signal.h>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "fivestrand/leadership/v1/improvement_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/rpc/client.h"
#include "platform/rpc/server.h"
#include "services/suite/demo/demo_loader.h"
#include "services/suite/demo/demo_plan.h"

namespace fivestrand::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kExcerpt[] = "services/suite/cli/testdata/gias-excerpt.csv";

// A run of the suite's binary; what it writes to standard output and standard error comes through one pipe.
class Program {
 public:
  explicit Program(std::vector<std::string> arguments, const char* binary = FIVESTRAND_SUITE) {
    arguments.insert(arguments.begin(), binary);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    EXPECT_EQ(posix_spawn(&process_, binary, &actions, nullptr, argv.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    output_end_ = ends[0];
  }
  ~Program() {
    if (process_ > 0) {
      kill(process_, SIGKILL);
      waitpid(process_, nullptr, 0);
    }
    close(output_end_);
  }

  // Reads until the text was written; false when the program ends before.
  bool Await(const std::string& text) {
    while (output_.find(text) == std::string::npos) {
      char buffer[4096];
      const ssize_t got = read(output_end_, buffer, sizeof(buffer));
      if (got <= 0) return false;
      output_.append(buffer, static_cast<std::size_t>(got));
    }
    return true;
  }
  // Reads to the end; the exit code.
  int Wait() {
    Await("\x01");
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  void Signal(int signal) const { kill(process_, signal); }
  const std::string& output() const { return output_; }

 private:
  pid_t process_ = 0;
  int output_end_ = -1;
  std::string output_;
};

class SuiteTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "fivestrand-suite-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::vector<std::string> ServeArguments() const {
    return {"serve",
            "--demo",
            "--data-dir=" + directory_,
            "--http-listen=127.0.0.1:0",
            "--leadership-grpc-listen=127.0.0.1:0",
            "--admin-listen=127.0.0.1:0",
            "--drain-delay=0s"};
  }
  void TakePort(const Program& suite) {
    const std::vector<std::string> parts = absl::StrSplit(suite.output(), absl::MaxSplits("\"grpc_port\":", 1));
    ASSERT_EQ(parts.size(), 2u) << suite.output();
    ASSERT_TRUE(absl::SimpleAtoi(parts[1].substr(0, parts[1].find('}')), &port_));
  }
  // "exit code: output" of a command against the suite.
  std::string Run(std::vector<std::string> arguments) const {
    arguments.push_back("--data-dir=" + directory_);
    arguments.push_back(absl::StrCat("--leadership-grpc-listen=127.0.0.1:", port_));
    Program program(std::move(arguments), binary_);
    const int exit_code = program.Wait();
    return absl::StrCat(exit_code, ": ", program.output());
  }

  // A call of leadership's ImprovementService in the name of a person.
  template <typename Response>
  Response Ask(const std::string& person, const std::string& method, const google::protobuf::Message& request) const {
    rpc::ClientOptions to;
    to.target = absl::StrCat("127.0.0.1:", port_);
    auto client = rpc::Client::Connect(std::move(to));
    rpc::CallOptions options;
    // `0: `, the token, and a line's end.
    options.token = Run({"token", "--person=" + person}).substr(3);
    options.token.pop_back();
    Response response;
    const absl::Status status =
        (*client)->Call(rpc::FindMethod("fivestrand.leadership.v1.ImprovementService." + method), request, &response, options);
    EXPECT_TRUE(status.ok()) << method << ": " << status;
    return response;
  }

  std::string directory_;
  const char* binary_ = FIVESTRAND_SUITE;
  int port_ = 0;
};

std::string Day(const google::protobuf::Timestamp& time) {
  return calendar::FormatDay(calendar::DayOf(absl::FromUnixSeconds(time.seconds())));
}
std::string Day(const google::type::Date& date) {
  const auto day = calendar::FromProto(date);
  return day ? calendar::FormatDay(*day) : "none";
}

TEST_F(SuiteTest, LoadsTheDemonstrationAndTakesCommands) {
  {
    Program suite(ServeArguments());
    ASSERT_TRUE(suite.Await("\"demonstration trust loaded\"")) << suite.output();
    TakePort(suite);

    EXPECT_EQ(Run({"demo", "load"}), "0: the demonstration trust is there already\n");
    EXPECT_EQ(Run({"trust", "create", "beech", "--name=Beech Trust", "--group-code=99901"}), "0: trusts/beech created\n");
    EXPECT_THAT(Run({"import", "schools", kExcerpt, "--trust=beech", "--dry-run"}),
                HasSubstr("dry run, nothing written: would be created 8"));
    const std::string imported = Run({"import", "schools", kExcerpt, "--trust=trusts/beech"});
    EXPECT_THAT(imported, ::testing::StartsWith("0: "));
    EXPECT_THAT(imported, HasSubstr("created 8, updated 0, unchanged 0"));
    // The demonstration's schools are those of the excerpt, under ids of their own.
    EXPECT_THAT(Run({"import", "schools", kExcerpt, "--trust=acorn", "--dry-run"}), HasSubstr("would be created 1, updated "));
    EXPECT_THAT(Run({"import", "bank-holidays", "services/suite/cli/testdata/bank-holidays.json", "--trust=beech"}),
                HasSubstr("created 4"));
    EXPECT_THAT(Run({"import", "people", kExcerpt, "--trust=beech"}), ::testing::StartsWith("1: "));

    EXPECT_THAT(Run({"token", "--operator"}), ::testing::MatchesRegex("0: [A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\n"));
    EXPECT_THAT(Run({"token", "--person=trusts/acorn/people/nobody-at-all"}), ::testing::StartsWith("1: token: "));
    EXPECT_THAT(Run({"token"}), HasSubstr("2: token: takes either --person or --operator"));
    EXPECT_THAT(Run({"import", "schools", kExcerpt}), HasSubstr("2: import schools: --trust is required"));
    EXPECT_THAT(Run({"import", "schools", "--trust=beech"}), HasSubstr("2: import schools: takes one argument, FILE.csv"));
    EXPECT_THAT(Run({"trust", "create", "Beech Trust"}), HasSubstr("2: trust create: ID must be"));
    EXPECT_THAT(Run({"demo", "load", "--server=127.0.0.1:1"}), HasSubstr("is the leadership service running"));
    EXPECT_THAT(Run({"demo", "load", "--signing-key-file=/none"}), HasSubstr("/none"));

    suite.Signal(SIGTERM);
    EXPECT_EQ(suite.Wait(), 0) << suite.output();
    EXPECT_THAT(suite.output(), Not(HasSubstr("\"level\":\"error\"")));
    // No address of a person is logged.
    EXPECT_THAT(suite.output(), Not(HasSubstr("@")));
  }

  Program again(ServeArguments());
  ASSERT_TRUE(again.Await("\"ready\"")) << again.output();
  TakePort(again);
  EXPECT_EQ(Run({"demo", "load"}), "0: the demonstration trust is there already\n");
  again.Signal(SIGTERM);
  EXPECT_EQ(again.Wait(), 0);
  EXPECT_THAT(again.output(), Not(HasSubstr("loading the demonstration trust")));
}

TEST_F(SuiteTest, TheDemonstrationsThreadsReadAsTheyShould) {
  const std::string ceo = demo::MakePlan(demo::DemoOptions().seed).ceo;
  binary_ = FIVESTRAND_DATED_SUITE;
  Program suite(ServeArguments(), binary_);
  ASSERT_TRUE(suite.Await("\"demonstration trust loaded\"")) << suite.output();
  TakePort(suite);

  leadership::v1::ListImprovementThreadsRequest list;
  list.set_parent("trusts/acorn");
  const auto listed = Ask<leadership::v1::ListImprovementThreadsResponse>(ceo, "ListImprovementThreads", list);
  std::map<std::string, leadership::v1::ThreadTimeline> threads;
  for (const auto& thread : listed.improvement_threads()) {
    leadership::v1::GetThreadTimelineRequest get;
    get.set_name(thread.name());
    threads[std::string(thread.school().substr(thread.school().rfind('/') + 1))] =
        Ask<leadership::v1::ThreadTimeline>(ceo, "GetThreadTimeline", get);
  }
  ASSERT_EQ(threads.size(), 3u);

  // One that worked: raised by the rule over two windows, answered in days, closed on what the measure then said.
  const auto& worked = threads["ashdown-junior"];
  EXPECT_EQ(worked.thread().state(), leadership::v1::ImprovementThread::CLOSED);
  EXPECT_EQ(worked.thread().outcome(), leadership::v1::IMPROVED);
  ASSERT_EQ(worked.concerns_size(), 1);
  EXPECT_EQ(worked.concerns(0).rule(), leadership::v1::WIDENING_GAP);
  EXPECT_EQ(Day(worked.concerns(0).raise_time()), "2026-04-14");
  EXPECT_EQ(Day(worked.concerns(0).signal_date()), "2026-03-27");
  EXPECT_EQ(Day(worked.thread().first_response_date()), "2026-04-20");
  EXPECT_EQ(Day(worked.thread().impact_date()), "2026-07-10");
  EXPECT_EQ(Day(worked.thread().close_time()), "2026-07-15");
  EXPECT_FALSE(worked.thread().closed_by().empty());
  std::multiset<std::string> labels;
  for (const auto& response : worked.responses()) labels.insert(response.label());
  // Coaching and welfare show as support in place, and as nothing else.
  EXPECT_EQ(labels.count("Support in place"), 2u);
  EXPECT_EQ(labels.count("Professional development"), 2u);
  EXPECT_EQ(labels.count("Drop-in"), 5u);
  EXPECT_EQ(labels.count("Visit"), 1u);
  ASSERT_EQ(worked.effects_size(), 1);
  EXPECT_LT(worked.effects(0).before(), -25);
  EXPECT_GT(worked.effects(0).after(), -12);

  const auto& not_worked = threads["northgate"];
  EXPECT_EQ(not_worked.thread().outcome(), leadership::v1::UNCHANGED);
  EXPECT_EQ(Day(not_worked.concerns(0).raise_time()), "2025-12-15");
  EXPECT_EQ(Day(not_worked.thread().close_time()), "2026-04-20");
  EXPECT_EQ(threads["hazelmere"].thread().state(), leadership::v1::ImprovementThread::RESPONDING);

  // A concern that nobody has acknowledged for weeks: the line above may ask.
  leadership::v1::ReadPaceRequest pace;
  pace.set_parent("trusts/acorn");
  const auto read = Ask<leadership::v1::ReadPaceResponse>(ceo, "ReadPace", pace);
  int overdue = 0;
  for (const auto& waiting : read.waiting()) {
    if (!waiting.overdue()) continue;
    ++overdue;
    EXPECT_EQ(waiting.school(), "trusts/acorn/schools/st-brannocs");
    EXPECT_FALSE(waiting.line_above().empty());
    EXPECT_EQ(Day(waiting.since()), "2026-10-19");
  }
  EXPECT_GE(overdue, 1);
  // Others are fresh; there are some, and not hundreds.
  EXPECT_GE(read.waiting_size(), 8);
  EXPECT_LE(read.waiting_size(), 60);
  suite.Signal(SIGTERM);
  EXPECT_EQ(suite.Wait(), 0);
}

TEST_F(SuiteTest, AStopDuringTheLoadIsNoErrorAndTheNextStartGoesOn) {
  {
    Program suite(ServeArguments());
    ASSERT_TRUE(suite.Await("people, posts and roles")) << suite.output();
    suite.Signal(SIGTERM);
    EXPECT_EQ(suite.Wait(), 0) << suite.output();
    EXPECT_THAT(suite.output(), Not(HasSubstr("\"level\":\"error\"")));
  }
  Program again(ServeArguments());
  ASSERT_TRUE(again.Await("\"ready\"")) << again.output();
  // It may have been through by the time of the stop.
  TakePort(again);
  while (Run({"demo", "load"}) != "0: the demonstration trust is there already\n") {
  }
  again.Signal(SIGTERM);
  EXPECT_EQ(again.Wait(), 0);
}

}  // namespace
}  // namespace fivestrand::cli
