// A follower that is killed at random while events flow: afterwards each event has had its effect exactly once.
#include <atomic>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <random>
#include <signal.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "platform/events/test_follower.h"
#include "platform/service/assembly.h"
#include "platform/testing/temp_store.h"

namespace fivestrand::events {
namespace {

using testing::EngineKind;
using testing::TestService;

class Child {
 public:
  Child(const std::string& url, int port, const std::string& token) {
    int ends[2] = {-1, -1};
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    input_ = ends[1];
    std::vector<std::string> arguments = {EVENTS_CRASH_FOLLOWER, url, std::to_string(port), token};
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[0], STDIN_FILENO);
      std::vector<char*> argv;
      for (std::string& argument : arguments) argv.push_back(argument.data());
      argv.push_back(nullptr);
      execv(argv[0], argv.data());
      _exit(127);
    }
    close(ends[0]);
  }
  ~Child() { Kill(); }

  void Kill() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    int status = 0;
    EXPECT_EQ(waitpid(pid_, &status, 0), pid_);
    EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself";
    pid_ = -1;
    close(input_);
  }

 private:
  pid_t pid_ = -1;
  int input_ = -1;
};

class FollowerCrashTest : public ::testing::TestWithParam<EngineKind> {};

TEST_P(FollowerCrashTest, NoEffectIsLostOrDoubled) {
  Library library(GetParam());
  const int port = library.service().Listen();
  const std::string token = library.service().TokenFor(TestService::Process());
  const auto temp = testing::TempStore::Create(GetParam()).value();
  // Beside the child, which has the store for itself.
  const auto spec = ReaderSpec();
  ASSERT_TRUE(temp->Open(service::AllMigrations(spec)).ok());
  store::StoreOptions looking;
  looking.access = store::AccessMode::kReadOnly;
  const auto reader = temp->Open(service::AllMigrations(spec), looking).value();
  const auto positions = [&] {
    return Number(*reader, "SELECT COALESCE(SUM(cursor), 0) FROM feed_cursor WHERE snapshot = ''");
  };
  const auto await = [&](const std::function<bool()>& condition, const char* what) {
    const absl::Time end = absl::Now() + absl::Seconds(120);
    while (!condition()) {
      ASSERT_LT(absl::Now(), end) << what;
      absl::SleepFor(absl::Milliseconds(2));
    }
  };

  library.AddShelf("a");
  auto child = std::make_unique<Child>(temp->url(), port, token);
  await([&] { return Number(*reader, "SELECT COUNT(*) FROM feed_cursor WHERE snapshot = ''") == 2; }, "the first snapshots");
  const std::int64_t first = library.head();

  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (int i = 0; i < 60; ++i) library.AddNotes(absl::StrCat("n", i), 40, "a");
    for (int i = 0; i < 60; ++i) library.DeleteNote(absl::StrCat("n", i, "-3"));
    done = true;
  });
  std::mt19937 random(7);
  int kills = 0;
  for (; !done || kills < 10; ++kills) {
    const std::int64_t before = positions();
    await([&] { return positions() > before || done; }, "progress");
    // Anywhere within the work on the next events.
    absl::SleepFor(absl::Microseconds(std::uniform_int_distribution<int>(0, 20000)(random)));
    child->Kill();
    child = std::make_unique<Child>(temp->url(), port, token);
  }
  writer.join();
  const std::int64_t head = library.head();
  await([&] { return Number(*reader, "SELECT MIN(cursor) FROM feed_cursor WHERE snapshot = ''") == head; }, "the head of the feed");
  child->Kill();
  EXPECT_GE(kills, 10);
  EXPECT_EQ(Number(*reader, "SELECT COUNT(*) FROM seen"), head - first);
  EXPECT_EQ(Number(*reader, "SELECT MIN(position) FROM seen"), first + 1);
  EXPECT_EQ(Number(*reader, "SELECT MAX(times) FROM seen"), 1);
  EXPECT_EQ(Number(*reader, "SELECT COUNT(*) FROM note WHERE delete_time IS NULL"), 60 * 39);
  EXPECT_EQ(Number(*reader, "SELECT COUNT(*) FROM note WHERE delete_time IS NOT NULL"), 60);
}

INSTANTIATE_TEST_SUITE_P(Engines, FollowerCrashTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::events
