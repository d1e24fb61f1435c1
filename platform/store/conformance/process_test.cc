// What happens to processes, connections and files: kill -9, lost connections, damage, backup.
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <signal.h>
#include <spawn.h>
#include <sstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "platform/status/status.h"
#include "platform/store/conformance/fixture.h"

namespace fivestrand::store {
namespace {

using ::testing::IsSupersetOf;
using ::testing::SizeIs;

// A child process that writes in a loop and prints each id that was acknowledged; killed after some of them.
std::vector<std::string> WriteUntilKilled(const std::string& url, const std::string& prefix, std::size_t lines) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return {};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  std::string program = STORE_CRASH_WRITER;
  std::string arg_url = url, arg_prefix = prefix;
  char* argv[] = {program.data(), arg_url.data(), arg_prefix.data(), nullptr};
  pid_t child = 0;
  const int spawned = posix_spawn(&child, program.c_str(), &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::string output;
  if (spawned == 0) {
    char buffer[4096];
    std::size_t seen = 0;
    bool killed = false;
    for (ssize_t got; (got = read(ends[0], buffer, sizeof buffer)) > 0;) {
      output.append(buffer, static_cast<std::size_t>(got));
      seen += static_cast<std::size_t>(std::count(buffer, buffer + got, '\n'));
      if (seen >= lines && !killed) killed = kill(child, SIGKILL) == 0;
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself";
  }
  close(ends[0]);
  // The last line may be cut off; without its newline it was not acknowledged to us.
  output.resize(output.rfind('\n') == std::string::npos ? 0 : output.rfind('\n'));
  return absl::StrSplit(output, '\n', absl::SkipEmpty());
}

TEST_P(StoreConformance, NothingAcknowledgedIsLostToKill9) {
  store_ = nullptr;
  std::vector<std::string> acknowledged;
  for (int round = 0; round < 4; ++round) {
    for (std::string& id : WriteUntilKilled(temp_->url(), absl::StrCat("r", round, "-"), 150))
      acknowledged.push_back(std::move(id));
  }
  ASSERT_GE(acknowledged.size(), 600u);
  Reopen();
  const std::vector<std::string> ids = Ids();
  EXPECT_THAT(ids, IsSupersetOf(acknowledged));
  // All or none: each row that is there has its event and its audit row.
  const std::vector<std::int64_t> cursors = Cursors();
  ASSERT_EQ(cursors.size(), ids.size());
  for (std::size_t i = 0; i < cursors.size(); ++i) ASSERT_EQ(cursors[i], static_cast<std::int64_t>(i) + 1);
  const AuditReport report = Verify();
  EXPECT_FALSE(report.first_broken.has_value()) << report.reason;
  EXPECT_EQ(report.rows, static_cast<std::int64_t>(ids.size()));
  ASSERT_TRUE(Put("after").ok());
}

TEST_P(StoreConformance, LostConnectionsAreReplaced) {
  if (!postgres()) GTEST_SUCCEED() << "a file has no connection to lose";
  ASSERT_TRUE(Put("a").ok());
  EXPECT_THAT(Ids(), SizeIs(1));
  if (postgres()) {
    StoreOptions options = Options();
    auto killer = OpenStore(options);
    ASSERT_TRUE(
        killer
            ->Write(Soon(),
                    [](WriteTransaction& tx) {
                      return tx.Query(
                          "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND "
                          "pid <> pg_backend_pid()",
                          {}, [](const Row&) { return absl::OkStatus(); });
                    })
            .ok());
  }
  EXPECT_THAT(Ids(), SizeIs(1));
  ASSERT_TRUE(Put("b").ok());
  EXPECT_THAT(Ids(), SizeIs(2));
}

TEST_P(StoreConformance, AConnectionThatIsLostInABodyIsTriedAgain) {
  if (!postgres()) GTEST_SUCCEED() << "a file has no connection to lose";
  int runs = 0;
  const absl::Status status = store_->Write(Soon(), [&](WriteTransaction& tx) {
    if (++runs == 1 && postgres()) {
      tx.Query("SELECT pg_terminate_backend(pg_backend_pid())", {}, [](const Row&) { return absl::OkStatus(); }).IgnoreError();
    }
    return Put(tx, "a");
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(runs, postgres() ? 2 : 1);
  EXPECT_THAT(Ids(), SizeIs(1));
}

TEST_P(StoreConformance, ARequestThatLosesAConflictIsTriedAgain) {
  if (!postgres()) {
    GTEST_SUCCEED() << "one process writes an SQLite file: there is nobody to lose against";
    return;
  }
  static constexpr char kLose[] = "DO 'BEGIN RAISE EXCEPTION USING ERRCODE = ''40001''; END'";
  Signal release;
  HoldWriter(release);
  Answers answers;
  std::atomic<int> once = 0, always = 0;
  auto submit = [&](const char* name, std::atomic<int>& runs, int losses) {
    WriteRequest request;
    request.body = [&runs, name, losses](WriteTransaction& tx) {
      const absl::Status put = Put(tx, name);
      if (!put.ok() || ++runs > losses) return put;
      return tx.Execute(kLose, {}).status();
    };
    request.done = answers.Expect(name);
    store_->WriteAsync(std::move(request));
  };
  std::atomic<int> neighbour = 0;
  submit("neighbour", neighbour, 0);
  submit("once", once, 1);
  release.Notify();
  for (const auto& [name, status] : answers.Await(2)) EXPECT_TRUE(status.ok()) << name << " " << status;
  EXPECT_EQ(once, 2);
  EXPECT_EQ(neighbour, 2);
  submit("always", always, 1000000);
  const auto last = answers.Await(3).back();
  EXPECT_TRUE(absl::IsAborted(last.second)) << last.second;
  EXPECT_TRUE(status::RetryAfter(last.second).has_value());
  EXPECT_EQ(always, 3);
  EXPECT_THAT(Ids(), SizeIs(2));
}

TEST_P(StoreConformance, DataLossThatABodyReportsStopsNobodyElse) {
  const absl::Status status =
      store_->Write(Soon(), [](WriteTransaction&) { return status::DataLoss("a record that cannot be read"); });
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_TRUE(Put("a").ok());
}

TEST_P(StoreConformance, ABackupIsWholeWhileWritesGoOn) {
  const std::string path = temp_->folder() + "/backup.db";
  if (postgres()) {
    EXPECT_TRUE(absl::IsFailedPrecondition(store_->BackupTo(path)));
    return;
  }
  ASSERT_TRUE(PutMany("early", 200).ok());
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) ASSERT_TRUE(Put(absl::StrCat("late", i)).ok());
  });
  const absl::Status status = store_->BackupTo(path);
  stop = true;
  writer.join();
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_TRUE(absl::IsFailedPrecondition(store_->BackupTo(path)));
  struct stat info;
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  for (const auto& entry : std::filesystem::directory_iterator(temp_->folder())) {
    EXPECT_EQ(entry.path().string().find(".part"), std::string::npos) << entry.path();
  }
  const MigrationSeries series[] = {TestSeries()};
  store_ = nullptr;
  {
    // To look at a backup does not change it.
    StoreOptions options;
    options.access = AccessMode::kReadOnly;
    const auto before = std::filesystem::last_write_time(path);
    auto looked = Store::Open("sqlite:" + path, series, options);
    ASSERT_TRUE(looked.ok()) << looked.status();
    store_ = *std::move(looked);
    EXPECT_GE(Ids().size(), 200u);
    store_ = nullptr;
    EXPECT_EQ(std::filesystem::last_write_time(path), before);
  }
  auto copy = Store::Open("sqlite:" + path, series);
  ASSERT_TRUE(copy.ok()) << copy.status();
  store_ = *std::move(copy);
  EXPECT_GE(Ids().size(), 200u);
  EXPECT_EQ(static_cast<std::size_t>(Verify().rows), Ids().size());
  EXPECT_FALSE(Verify().first_broken.has_value());
}

TEST_P(StoreConformance, ADamagedFileIsDataLoss) {
  if (postgres()) {
    GTEST_SUCCEED() << "PostgreSQL's files are its own";
    return;
  }
  ASSERT_TRUE(PutMany("some-longer-id-", 500).ok());
  store_ = nullptr;
  const std::string path = temp_->folder() + "/store.db";
  struct stat info;
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const std::string garbage(4096, '\xee');
    // All pages but the first, which holds the schema.
    for (auto at = std::streamoff{4096}; at < info.st_size; at += 4096) file.seekp(at).write(garbage.data(), 4096);
  }
  const MigrationSeries series[] = {TestSeries()};
  auto store = temp_->Open(series, Options());
  if (!store.ok()) {
    EXPECT_TRUE(absl::IsDataLoss(store.status())) << store.status();
    return;
  }
  store_ = *std::move(store);
  const absl::Status status = Put("x");
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_TRUE(absl::IsDataLoss(Put("y")));
}

}  // namespace
}  // namespace fivestrand::store
