// Migrations: fresh, upgraded, refused; and the settings of a connection.
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"

#include "platform/status/status.h"
#include "platform/store/conformance/fixture.h"

namespace fivestrand::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Migration kFirst{1, "create_thing", "CREATE TABLE thing (id TEXT PRIMARY KEY);"};
constexpr Migration kSecond{
    2, "add_thing_size",
    "ALTER TABLE thing ADD COLUMN size BIGINT NOT NULL DEFAULT 5;\nCREATE INDEX thing_by_size ON thing (size);"};

class MigrationConformance : public ::testing::TestWithParam<testing::EngineKind> {
 protected:
  void SetUp() override {
    auto temp = testing::TempStore::Create(GetParam());
    ASSERT_TRUE(temp.ok()) << temp.status();
    temp_ = *std::move(temp);
  }

  absl::Status Open(std::vector<Migration> migrations, MigrationMode mode = MigrationMode::kApply,
                    AccessMode access = AccessMode::kServe) {
    const MigrationSeries series[] = {{"things", migrations}};
    return OpenSeries(series, mode, access);
  }

  absl::Status OpenSeries(absl::Span<const MigrationSeries> series, MigrationMode mode = MigrationMode::kApply,
                          AccessMode access = AccessMode::kServe) {
    StoreOptions options;
    options.migrations = mode;
    options.access = access;
    store_ = nullptr;
    auto store = temp_->Open(series, options);
    if (store.ok()) store_ = *std::move(store);
    return store.status();
  }

  absl::Status Execute(std::string_view sql, Params params = {}) {
    return store_->Write(Soon(), [&](WriteTransaction& tx) { return tx.Execute(sql, params).status(); });
  }

  std::vector<std::string> Strings(std::string_view sql) {
    std::vector<std::string> result;
    EXPECT_TRUE(store_
                    ->Read(Soon(),
                           [&](Session& session) {
                             return session.Query(sql, {}, [&](const Row& row) {
                               result.push_back(absl::StrCat(std::string(row.Text(0)), "/", row.Int(1)));
                               return absl::OkStatus();
                             });
                           })
                    .ok());
    return result;
  }

  std::unique_ptr<testing::TempStore> temp_;
  std::unique_ptr<Store> store_;
};

INSTANTIATE_TEST_SUITE_P(Engines, MigrationConformance,
                         ::testing::Values(testing::EngineKind::kSqlite, testing::EngineKind::kPostgres),
                         [](const auto& info) { return std::string(testing::EngineName(info.param)); });

// The violation's type is in the status's details; the text is enough to tell the cases apart here.
void ExpectRefused(const absl::Status& status, std::string_view why) {
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(std::string(why)));
}

TEST_P(MigrationConformance, AFreshStoreGetsAllInOrder) {
  ASSERT_TRUE(Open({kFirst, kSecond}).ok());
  EXPECT_THAT(Strings("SELECT series, number FROM store_migration ORDER BY series, number"),
              ElementsAre("platform/1", "platform/2", "things/1", "things/2"));
  ASSERT_TRUE(Execute("INSERT INTO thing (id, size) VALUES ($1, $2)", {"a", 1}).ok());
}

TEST_P(MigrationConformance, AnUpgradeKeepsTheData) {
  ASSERT_TRUE(Open({kFirst}).ok());
  ASSERT_TRUE(Execute("INSERT INTO thing (id) VALUES ($1)", {"old"}).ok());
  ASSERT_TRUE(Open({kFirst, kSecond}).ok());
  EXPECT_THAT(Strings("SELECT id, size FROM thing"), ElementsAre("old/5"));
  ASSERT_TRUE(Open({kFirst, kSecond}).ok());
}

TEST_P(MigrationConformance, ANewerStoreIsRefused) {
  ASSERT_TRUE(Open({kFirst, kSecond}).ok());
  ExpectRefused(Open({kFirst}), "newer");
  ExpectRefused(Open({kFirst}, MigrationMode::kRequireCurrent, AccessMode::kReadOnly), "newer");
  EXPECT_TRUE(Open({kFirst, kSecond}).ok());
}

TEST_P(MigrationConformance, AStoreOfAnotherServiceIsRefused) {
  ASSERT_TRUE(Open({kFirst}).ok());
  const Migration other{1, "create_other", "CREATE TABLE other (id TEXT PRIMARY KEY);"};
  const MigrationSeries series[] = {{"others", {&other, 1}}};
  ExpectRefused(OpenSeries(series), "newer");
  ASSERT_TRUE(Open({kFirst}).ok());
  EXPECT_FALSE(Execute("INSERT INTO other (id) VALUES ('x')").ok());
  // A tool that only reads the platform's tables may.
  store_ = nullptr;
  EXPECT_TRUE(OpenSeries({}, MigrationMode::kApply, AccessMode::kReadOnly).ok());
}

TEST_P(MigrationConformance, AChangedMigrationIsRefused) {
  ASSERT_TRUE(Open({kFirst}).ok());
  Migration changed = kFirst;
  changed.sql = "CREATE TABLE thing (id TEXT PRIMARY KEY) ;";
  ExpectRefused(Open({changed, kSecond}), "another text");
  ASSERT_TRUE(Open({kFirst, kSecond}).ok());
}

TEST_P(MigrationConformance, WhatIsMissingIsOnlyAppliedWhenAllowed) {
  ExpectRefused(Open({kFirst}, MigrationMode::kRequireCurrent), "migrated first");
  ASSERT_TRUE(Open({kFirst}).ok());
  EXPECT_TRUE(Open({kFirst}, MigrationMode::kRequireCurrent).ok());
  ExpectRefused(Open({kFirst, kSecond}, MigrationMode::kRequireCurrent), "migrated first");
  ASSERT_TRUE(Open({kFirst}).ok());
}

TEST_P(MigrationConformance, ABrokenMigrationChangesNothing) {
  const Migration broken{2, "break", "CREATE TABLE half (id TEXT PRIMARY KEY); INSERT INTO nowhere VALUES (1);"};
  const absl::Status status = Open({kFirst, broken});
  EXPECT_TRUE(absl::IsInternal(status)) << status;
  EXPECT_THAT(status::HiddenCause(status), HasSubstr("migration things/2 break"));
  ASSERT_TRUE(Open({kFirst, kSecond}).ok());
  EXPECT_FALSE(Execute("INSERT INTO half (id) VALUES ('x')").ok());
}

TEST_P(MigrationConformance, NumbersHaveNoGaps) {
  Migration third = kSecond;
  third.number = 3;
  EXPECT_TRUE(absl::IsInternal(Open({kFirst, third})));
}

TEST_P(MigrationConformance, ReplicasThatStartTogetherMigrateOnce) {
  if (GetParam() == testing::EngineKind::kSqlite) {
    // One process a file: the second is refused, whatever way the path is written.
    ASSERT_TRUE(Open({kFirst}).ok());
    const std::string again = absl::StrCat("sqlite:", temp_->folder(), "/./store.db");
    const absl::Status second = Store::Open(again, {}).status();
    ExpectRefused(second, "another process");
    StoreOptions options;
    options.access = AccessMode::kReadOnly;
    auto reader = Store::Open(again, {}, options);
    ASSERT_TRUE(reader.ok()) << reader.status();
    ExpectRefused((*reader)->Write(Soon(), [](WriteTransaction&) { return absl::OkStatus(); }), "reading only");
    return;
  }
  std::vector<std::thread> threads;
  std::atomic<int> opened = 0;
  const Migration migrations[] = {kFirst, kSecond};
  const MigrationSeries series[] = {{"things", migrations}};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      auto store = temp_->Open(series);
      EXPECT_TRUE(store.ok()) << store.status();
      opened += store.ok() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(opened, 4);
  ASSERT_TRUE(Open({kFirst, kSecond}).ok());
  EXPECT_EQ(Strings("SELECT series, number FROM store_migration").size(), 4u);
}

TEST(StoreUrl, IsRefusedWhenItNamesNoStore) {
  for (const char* url : {"", "sqlite:", "sqlite::memory:", "mysql://x", "/tmp/file.db"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Store::Open(url, {}).status())) << url;
  }
  EXPECT_TRUE(absl::IsUnavailable(Store::Open("sqlite:/no/such/folder/store.db", {}).status()));
  StoreOptions options;
  options.open_timeout = absl::Seconds(2);
  EXPECT_TRUE(absl::IsUnavailable(Store::Open("postgresql:///x?host=/no/such/folder", {}, options).status()));
}

}  // namespace
}  // namespace fivestrand::store
