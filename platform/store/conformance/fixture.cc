#include "platform/store/conformance/fixture.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "platform/status/macros.h"

namespace fivestrand::store {

WriteDone Answers::Expect(std::string name) {
  return [this, name](absl::Status status) {
    answers_.Update([&](auto& answers) { answers.emplace_back(name, std::move(status)); });
  };
}

std::vector<std::pair<std::string, absl::Status>> Answers::Await(std::size_t count) {
  answers_.Await([count](const auto& answers) { return answers.size() >= count; });
  return answers_.Get();
}

void StoreConformance::SetUp() {
  auto temp = testing::TempStore::Create(GetParam());
  ASSERT_TRUE(temp.ok()) << temp.status();
  temp_ = *std::move(temp);
  store_ = OpenStore(Options());
  ASSERT_NE(store_, nullptr);
}

StoreOptions StoreConformance::Options() const {
  StoreOptions options;
  options.observer = observer_;
  options.batch_time = absl::Seconds(20);
  return options;
}

std::unique_ptr<Store> StoreConformance::OpenStore(StoreOptions options) {
  const MigrationSeries series[] = {TestSeries()};
  auto store = temp_->Open(series, std::move(options));
  EXPECT_TRUE(store.ok()) << store.status();
  return store.ok() ? *std::move(store) : nullptr;
}

void StoreConformance::Reopen(StoreOptions options) {
  store_ = nullptr;
  store_ = OpenStore(std::move(options));
  ASSERT_NE(store_, nullptr);
}

absl::Status StoreConformance::Put(WriteTransaction& tx, std::string_view id, std::int64_t number) {
  FIVESTRAND_RETURN_IF_ERROR(tx.Execute("INSERT INTO item (id, number) VALUES ($1, $2)", {id, number}).status());
  OutboxEvent event;
  event.kind = 1;
  event.resource_type = "fivestrand/Item";
  event.resource = id;
  event.trust = "trusts/t";
  event.revision = 1;
  event.actor = "trusts/t/people/p";
  event.record = "record";
  tx.AppendEvent(event);
  tx.AppendAudit({"trusts/t/people/p", "create", id, "trusts/t", "", "digest"});
  return absl::OkStatus();
}

absl::Status StoreConformance::Put(std::string_view id, std::int64_t number) {
  return store_->Write(Soon(), [&](WriteTransaction& tx) { return Put(tx, id, number); });
}

absl::Status StoreConformance::PutMany(std::string_view prefix, int count) {
  return store_->Write(Soon(), [&](WriteTransaction& tx) {
    for (int i = 0; i < count; ++i) FIVESTRAND_RETURN_IF_ERROR(Put(tx, absl::StrCat(std::string(prefix), i), i));
    return absl::OkStatus();
  });
}

std::vector<std::string> StoreConformance::Ids() {
  std::vector<std::string> ids;
  const absl::Status status = store_->Read(
      Soon(),
      [&](Session& session) {
        return session.Query("SELECT id FROM item ORDER BY id", {}, [&](const Row& row) {
          ids.emplace_back(row.Text(0));
          return absl::OkStatus();
        });
      },
      ReadMode::kStatement);
  EXPECT_TRUE(status.ok()) << status;
  return ids;
}

std::int64_t StoreConformance::Count(std::string_view table) {
  std::int64_t count = -1;
  const absl::Status status = store_->Read(Soon(), [&](Session& session) {
    return session
        .QueryOne(absl::StrCat("SELECT COUNT(*) FROM ", std::string(table)), {},
                  [&](const Row& row) {
                    count = row.Int(0);
                    return absl::OkStatus();
                  })
        .status();
  });
  EXPECT_TRUE(status.ok()) << status;
  return count;
}

absl::Status StoreConformance::Execute(std::string_view sql, Params params) {
  return store_->Write(Soon(), [&](WriteTransaction& tx) { return tx.Execute(sql, params).status(); });
}

std::vector<std::int64_t> StoreConformance::Cursors() {
  std::vector<std::int64_t> cursors;
  const absl::Status status = store_->Read(Soon(), [&](Session& session) {
    return ReadEvents(session, 0, 1000000, {},
                      [&](const StoredEvent& event) {
                        cursors.push_back(event.cursor);
                        return absl::OkStatus();
                      })
        .status();
  });
  EXPECT_TRUE(status.ok()) << status;
  return cursors;
}

AuditReport StoreConformance::Verify() {
  AuditReport report;
  const absl::Status status = store_->Read(Soon(), [&](Session& session) {
    auto verified = VerifyAudit(session);
    if (verified.ok()) report = *verified;
    return verified.status();
  });
  EXPECT_TRUE(status.ok()) << status;
  return report;
}

void StoreConformance::HoldWriter(Signal& release) {
  auto held = std::make_shared<Signal>();
  WriteRequest request;
  request.body = [held, &release](WriteTransaction&) {
    held->Notify();
    release.Wait();
    return absl::OkStatus();
  };
  request.done = held_.Expect("held");
  store_->WriteAsync(std::move(request));
  held->Wait();
}

INSTANTIATE_TEST_SUITE_P(Engines, StoreConformance, ::testing::Values(testing::EngineKind::kSqlite, testing::EngineKind::kPostgres),
                         [](const auto& info) { return std::string(testing::EngineName(info.param)); });

}  // namespace fivestrand::store
