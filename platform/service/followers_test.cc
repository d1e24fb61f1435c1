// Services of one program that follow each other: connections, keys, readiness and the end, all by configuration alone.
#include "platform/service/followers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "platform/app/app.h"
#include "platform/events/test_follower.h"
#include "platform/service/assembly.h"
#include "platform/service/record_service.h"
#include "platform/testing/temp_store.h"

namespace fivestrand::service {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class FollowersTest : public ::testing::Test {
 protected:
  static RecordServiceSpec Reader() {
    RecordServiceSpec spec = events::ReaderSpec();
    spec.follows = {events::MirrorFollow()};
    return spec;
  }

  std::unique_ptr<app::AppBuilder> Program(bool suite, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "test");
    for (const char* more : {"--data-dir", temp_->folder().c_str(), "--admin-listen", "127.0.0.1:0", "--drain-delay", "0s"})
      arguments.emplace_back(more);
    std::vector<const char*> argv;
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    app::AppOptions options{.program = "test", .suite = suite};
    options.log_sink = [this](std::string_view line) {
      const std::lock_guard lock(mutex_);
      log_.append(line);
    };
    return std::make_unique<app::AppBuilder>(std::move(options), static_cast<int>(argv.size()), argv.data());
  }
  std::string log() {
    const std::lock_guard lock(mutex_);
    return log_;
  }
  // Beside the service that has the store.
  std::int64_t Number(const std::string& service, const RecordServiceSpec& spec, const std::string& sql) {
    store::StoreOptions options;
    options.access = store::AccessMode::kReadOnly;
    auto store = store::Store::Open(absl::StrCat("sqlite:", temp_->folder(), "/", service, "/", service, ".db"),
                                    AllMigrations(spec), std::move(options));
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? events::Number(**store, sql) : -1;
  }

  const std::unique_ptr<testing::TempStore> temp_ = testing::TempStore::Create(testing::EngineKind::kSqlite).value();
  std::mutex mutex_;
  std::string log_;
};

TEST_F(FollowersTest, ServicesOfOneProgramFindAndTrustEachOther) {
  const auto program = Program(/*suite=*/true, {});
  // The follower first: it connects when all listen.
  program->Add([](app::AppBuilder& builder) { return RegisterRecordService(builder, Reader()); });
  program->Add([](app::AppBuilder& builder) { return RegisterRecordService(builder, events::LibrarySpec()); });
  int exit_code = -1;
  std::thread run([&] { exit_code = program->Run(); });
  const absl::Time end = absl::Now() + absl::Seconds(60);
  while (!program->ready() && absl::Now() < end) absl::SleepFor(absl::Milliseconds(2));
  EXPECT_TRUE(program->ready()) << log();
  EXPECT_EQ(Number("reader", Reader(), "SELECT COUNT(*) FROM feed_cursor WHERE follower = 'mirrors' AND snapshot = ''"), 1);
  EXPECT_EQ(
      Number("library", events::LibrarySpec(), "SELECT COUNT(*) FROM feed_follower WHERE follower = 'services/reader/mirrors'"), 1);
  const absl::Time stopping = absl::Now();
  program->RequestStop();
  run.join();
  EXPECT_EQ(exit_code, app::kExitOk);
  EXPECT_LT(absl::Now() - stopping, absl::Seconds(15)) << "no stream holds up the end";
  EXPECT_THAT(log(), Not(HasSubstr("\"error\"")));
}

TEST_F(FollowersTest, WithoutTheSourceOfItsMirrorsAServiceDoesNotStart) {
  const auto program = Program(/*suite=*/false, {"--grpc-listen", "127.0.0.1:0", "--jwks-url", temp_->folder() + "/none.json"});
  program->Add([](app::AppBuilder& builder) { return RegisterRecordService(builder, Reader()); });
  EXPECT_EQ(program->Run(), app::kExitUsage);
  EXPECT_THAT(log(), HasSubstr("library_target"));
}

TEST_F(FollowersTest, ASourceOfEffectsAloneMayBeMissing) {
  RecordServiceSpec spec = events::ReaderSpec();
  spec.follows = {events::SeenFollow()};
  const auto program = Program(/*suite=*/true, {});
  program->Add([&](app::AppBuilder& builder) { return RegisterRecordService(builder, spec); });
  int exit_code = -1;
  std::thread run([&] { exit_code = program->Run(); });
  const absl::Time end = absl::Now() + absl::Seconds(60);
  while (!program->ready() && absl::Now() < end) absl::SleepFor(absl::Milliseconds(2));
  EXPECT_TRUE(program->ready()) << log();
  EXPECT_THAT(log(), HasSubstr("its source has no address"));
  program->RequestStop();
  run.join();
  EXPECT_EQ(exit_code, app::kExitOk);
}

TEST_F(FollowersTest, KeysPublicPrintsWhatTheOthersNeed) {
  const auto print = [&] {
    const auto program = Program(/*suite=*/false, {"keys", "public"});
    program->Add([](app::AppBuilder& builder) { return RegisterRecordService(builder, Reader()); });
    ::testing::internal::CaptureStdout();
    EXPECT_EQ(program->Run(), app::kExitOk);
    return ::testing::internal::GetCapturedStdout();
  };
  const std::string printed = print();
  EXPECT_THAT(printed, HasSubstr("\"kid\":\"service/reader/"));
  EXPECT_THAT(printed, Not(HasSubstr("\"d\"")));
  EXPECT_EQ(print(), printed) << "the key stays";
}

}  // namespace
}  // namespace fivestrand::service
