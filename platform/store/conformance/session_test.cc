// Statements, values, errors and snapshots.
#include <algorithm>
#include <limits>
#include <thread>

#include "absl/strings/str_cat.h"

#include "platform/status/status.h"
#include "platform/store/bulk_insert.h"
#include "platform/store/conformance/fixture.h"

namespace fivestrand::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// Runs for minutes unless it is cut off.
constexpr char kEndless[] =
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000000000) SELECT COUNT(*) FROM n";

absl::Status Ignore(const Row&) {
  return absl::OkStatus();
}

TEST_P(StoreConformance, ManyRowsGoInWithFewStatements) {
  const BulkInsert insert("INSERT INTO item (id, number)", 2, 8, " ON CONFLICT (id) DO UPDATE SET number = excluded.number");
  for (const int count : {0, 1, 7, 8, 29}) {
    std::vector<std::string> ids;
    for (int i = 0; i < count; ++i) ids.push_back(absl::StrCat("r", i + 10));
    std::vector<Param> values;
    for (int i = 0; i < count; ++i) values.insert(values.end(), {ids[i], count + i});
    for (const std::size_t most : {8, 1}) {
      ASSERT_TRUE(store_->Write(Soon(), [&](WriteTransaction& tx) { return insert.Run(tx, values, most); }).ok());
      EXPECT_EQ(Ids(), ids);
    }
    std::vector<std::int64_t> numbers;
    ASSERT_TRUE(store_
                    ->Read(Soon(),
                           [&](Session& session) {
                             return session.Query("SELECT number FROM item ORDER BY id", {}, [&](const Row& row) {
                               numbers.push_back(row.Int(0));
                               return absl::OkStatus();
                             });
                           })
                    .ok());
    for (int i = 0; i < count; ++i) EXPECT_EQ(numbers.at(i), count + i);
  }
}

TEST_P(StoreConformance, ValuesOfEveryKindComeBackAsTheyWent) {
  const std::string blob("\0\xff\x80 blob", 8);
  const std::string text = "Ysgol Gyfun Ŵyn – \xF0\x9F\x8E\x93";
  ASSERT_TRUE(Execute("INSERT INTO item (id, number, weight, data, label) VALUES ($1, $2, $3, $4, $5)",
                      {text, std::numeric_limits<std::int64_t>::max(), -1234.5e-7, Param::Blob(blob), std::string_view()})
                  .ok());
  ASSERT_TRUE(Execute("INSERT INTO item (id, number, weight, data, label) VALUES ($1, $2, $3, $4, $5)",
                      {"empty", nullptr, nullptr, Param::Blob({}), nullptr})
                  .ok());
  const absl::Status status = store_->Read(Soon(), [&](Session& session) {
    const std::string_view sql = "SELECT id, number, weight, data, label, number IS NULL FROM item WHERE id = $1";
    auto full = session.QueryOne(sql, {text}, [&](const Row& row) {
      EXPECT_EQ(row.size(), 6);
      EXPECT_EQ(row.Text(0), text);
      EXPECT_EQ(row.Int(1), std::numeric_limits<std::int64_t>::max());
      EXPECT_EQ(row.Double(2), -1234.5e-7);
      EXPECT_EQ(row.Blob(3), blob);
      EXPECT_FALSE(row.IsNull(4));
      EXPECT_EQ(row.Text(4), "");
      EXPECT_EQ(row.Int(5), 0);
      return absl::OkStatus();
    });
    EXPECT_TRUE(full.value_or(false));
    auto empty = session.QueryOne(sql, {"empty"}, [&](const Row& row) {
      EXPECT_TRUE(row.IsNull(1));
      EXPECT_EQ(row.Int(1), 0);
      EXPECT_TRUE(row.IsNull(2));
      EXPECT_EQ(row.Double(2), 0);
      EXPECT_FALSE(row.IsNull(3));
      EXPECT_EQ(row.Blob(3), "");
      EXPECT_TRUE(row.IsNull(4));
      EXPECT_EQ(row.Text(4), "");
      EXPECT_EQ(row.Int(5), 1);
      return absl::OkStatus();
    });
    EXPECT_TRUE(empty.value_or(false));
    auto none = session.QueryOne(sql, {"missing"}, Ignore);
    EXPECT_FALSE(none.value_or(true));
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_P(StoreConformance, ParametersGoByNumberNotByPlace) {
  ASSERT_TRUE(Put("a", 7).ok());
  const absl::Status status = store_->Read(Soon(), [&](Session& session) {
    auto found = session.QueryOne("SELECT number FROM item WHERE number = $2 AND id = $1 AND number = $2", {"a", 7}, Ignore);
    EXPECT_TRUE(found.value_or(false)) << found.status();
    // The same text with values of other kinds, NULL among them.
    for (const Param& label : {Param(nullptr), Param("x"), Param(nullptr)}) {
      auto rows = session.QueryOne("SELECT id FROM item WHERE id = $1 AND (label IS NULL OR label = $2)", {"a", label}, Ignore);
      EXPECT_TRUE(rows.value_or(false)) << rows.status();
    }
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_P(StoreConformance, QueriesNest) {
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(Put(id).ok());
  int seen = 0;
  const absl::Status status = store_->Read(Soon(), [&](Session& session) {
    const std::string_view sql = "SELECT id FROM item WHERE id >= $1 ORDER BY id";
    return session.Query(sql, {"a"}, [&](const Row& outer) {
      const std::string from(outer.Text(0));
      return session.Query(sql, {from}, [&](const Row& inner) {
        EXPECT_GE(inner.Text(0), from);
        ++seen;
        return absl::OkStatus();
      });
    });
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(seen, 6);
}

TEST_P(StoreConformance, AnErrorFromTheCallbackEndsTheQuery) {
  for (const char* id : {"a", "b"}) ASSERT_TRUE(Put(id).ok());
  int seen = 0;
  const absl::Status status = store_->Read(Soon(), [&](Session& session) {
    return session.Query("SELECT id FROM item ORDER BY id", {}, [&](const Row&) {
      ++seen;
      return status::NotFound("fivestrand/Item", "a");
    });
  });
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_EQ(seen, 1);
  EXPECT_THAT(Ids(), ElementsAre("a", "b"));
}

TEST_P(StoreConformance, ExecuteCountsRows) {
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(Put(id, 1).ok());
  const absl::Status status = store_->Write(Soon(), [&](WriteTransaction& tx) {
    EXPECT_EQ(tx.Execute("UPDATE item SET number = $1 WHERE id <> $2", {2, "c"}).value_or(-1), 2);
    EXPECT_EQ(tx.Execute("UPDATE item SET number = $1 WHERE id = $2", {2, "missing"}).value_or(-1), 0);
    EXPECT_EQ(tx.Execute("DELETE FROM item", {}).value_or(-1), 3);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_P(StoreConformance, AggregatesReadAsNumbers) {
  for (int i = 1; i <= 4; ++i) ASSERT_TRUE(Put(absl::StrCat("i", i), 1000000007LL * i).ok());
  const absl::Status status = store_->Read(Soon(), [&](Session& session) {
    return session
        .QueryOne("SELECT COUNT(*), SUM(number), AVG(number), MAX(number), SUM(number) * -1 FROM item", {},
                  [&](const Row& row) {
                    EXPECT_EQ(row.Int(0), 4);
                    EXPECT_EQ(row.Int(1), 10000000070);
                    EXPECT_DOUBLE_EQ(row.Double(2), 2500000017.5);
                    EXPECT_EQ(row.Int(3), 4000000028);
                    EXPECT_EQ(row.Int(4), -10000000070);
                    return absl::OkStatus();
                  })
        .status();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_P(StoreConformance, TextIsOrderedByItsBytes) {
  std::vector<std::string> ids = {"b", "B", "a", "A", "_", "-", "a-b", "a_b", "ab", "é", "z", "Z", "ß", "10", "9", "日本", "𝄞"};
  for (const std::string& id : ids) ASSERT_TRUE(Put(id).ok());
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(Ids(), ids);
  std::vector<std::string> after;
  const absl::Status status = store_->Read(Soon(), [&](Session& session) {
    return session.Query("SELECT id FROM item WHERE id > $1 AND id < $2 ORDER BY id", {"Z", "a_b"}, [&](const Row& row) {
      after.emplace_back(row.Text(0));
      return absl::OkStatus();
    });
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_THAT(after, ElementsAre("_", "a", "a-b"));
}

TEST_P(StoreConformance, ConstraintsHaveTheirCodes) {
  ASSERT_TRUE(Put("a").ok());
  ASSERT_TRUE(Execute("UPDATE item SET label = $1", {"taken"}).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(Put("a")));
  EXPECT_TRUE(absl::IsAlreadyExists(Execute("INSERT INTO item (id, label) VALUES ($1, $2)", {"b", "taken"})));
  EXPECT_TRUE(absl::IsFailedPrecondition(Execute("INSERT INTO item (id, parent) VALUES ($1, $2)", {"b", "nobody"})));
  ASSERT_TRUE(Execute("INSERT INTO item (id, parent) VALUES ($1, $2)", {"child", "a"}).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(Execute("DELETE FROM item WHERE id = $1", {"a"})));
  // What the domain should have caught.
  EXPECT_TRUE(absl::IsInternal(Execute("INSERT INTO item (id, number) VALUES ($1, $2)", {"b", -1})));
  EXPECT_TRUE(absl::IsInternal(Execute("UPDATE item SET id = NULL")));
  EXPECT_TRUE(absl::IsInternal(Execute("INSERT INTO item (id, number) VALUES ($1, $2)", {"b", "not a number"})));
  EXPECT_TRUE(absl::IsInternal(Execute("SELEKT")));
  EXPECT_TRUE(absl::IsInternal(Execute("INSERT INTO item (id, number) VALUES ($1, $2)", {"b"})));
  EXPECT_THAT(Ids(), ElementsAre("a", "child"));
}

TEST_P(StoreConformance, ErrorsKeepTheEngineToThemselves) {
  ASSERT_TRUE(Put("secret-id").ok());
  for (const absl::Status& status :
       {Put("secret-id"), Execute("SELEKT"), Execute("INSERT INTO nowhere VALUES ($1)", {"secret-id"})}) {
    ASSERT_FALSE(status.ok());
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("item")));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("nowhere")));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("SELEKT")));
    EXPECT_THAT(status::HiddenCause(status), HasSubstr(postgres() ? "postgresql" : "sqlite"));
    EXPECT_THAT(status::HiddenCause(status), Not(HasSubstr("secret-id")));
  }
  EXPECT_EQ(observer_->errors, 2);  // a taken key is the caller's affair
}

TEST_P(StoreConformance, TextThatOneEngineCannotHoldIsRefusedByBoth) {
  for (const std::string& text :
       {std::string("a\0b", 3), std::string("\xff"), std::string("\xC0\xAF"), std::string("\xED\xA0\x80")}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Put(text)));
    const absl::Status event = store_->Write(Soon(), [&](WriteTransaction& tx) {
      OutboxEvent bad;
      bad.resource = text;
      tx.AppendEvent(bad);
      return absl::OkStatus();
    });
    EXPECT_TRUE(absl::IsInvalidArgument(event)) << event;
  }
  EXPECT_THAT(Ids(), ElementsAre());
  EXPECT_THAT(Cursors(), ElementsAre());
}

TEST_P(StoreConformance, ASnapshotSeesOneState) {
  ASSERT_TRUE(Put("a").ok());
  auto count_twice = [&](ReadMode mode, const char* added, std::int64_t* first, std::int64_t* second) {
    return store_->Read(
        Soon(),
        [&](Session& session) {
          auto count = [&](std::int64_t* out) {
            return session
                .QueryOne("SELECT COUNT(*) FROM item", {},
                          [&](const Row& row) {
                            *out = row.Int(0);
                            return absl::OkStatus();
                          })
                .status();
          };
          if (absl::Status status = count(first); !status.ok()) return status;
          if (absl::Status status = Put(added); !status.ok()) return status;
          return count(second);
        },
        mode);
  };
  std::int64_t first = 0, second = 0;
  ASSERT_TRUE(count_twice(ReadMode::kSnapshot, "b", &first, &second).ok());
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 1);
  ASSERT_TRUE(count_twice(ReadMode::kStatement, "c", &first, &second).ok());
  EXPECT_EQ(first, 2);
  EXPECT_EQ(second, 3);
}

TEST_P(StoreConformance, ReadersCannotWrite) {
  for (ReadMode mode : {ReadMode::kSnapshot, ReadMode::kStatement}) {
    const absl::Status status = store_->Read(
        Soon(), [&](Session& session) { return session.Execute("INSERT INTO item (id) VALUES ($1)", {"a"}).status(); }, mode);
    EXPECT_TRUE(absl::IsInternal(status)) << status;
  }
  EXPECT_THAT(Ids(), ElementsAre());
}

TEST_P(StoreConformance, StatementsEndAtTheDeadline) {
  ASSERT_TRUE(Put("a").ok());
  for (ReadMode mode : {ReadMode::kSnapshot, ReadMode::kStatement}) {
    const absl::Status read = store_->Read(
        absl::Now() + absl::Milliseconds(100), [](Session& session) { return session.Query(kEndless, {}, Ignore); }, mode);
    EXPECT_TRUE(absl::IsDeadlineExceeded(read)) << read;
  }
  const absl::Status write = store_->Write(absl::Now() + absl::Milliseconds(100), [](WriteTransaction& tx) {
    if (auto put = Put(tx, "never"); !put.ok()) return put;
    return tx.Query(kEndless, {}, Ignore);
  });
  EXPECT_TRUE(absl::IsDeadlineExceeded(write)) << write;
  EXPECT_TRUE(absl::IsDeadlineExceeded(store_->Read(absl::Now() - absl::Seconds(1), [](Session&) { return absl::OkStatus(); })));
  ASSERT_TRUE(Put("b").ok());
  EXPECT_THAT(Ids(), ElementsAre("a", "b"));
}

TEST_P(StoreConformance, ReadersAreLentWithinTheDeadline) {
  StoreOptions options = Options();
  options.readers = 1;
  Reopen(options);
  Signal lent, release;
  std::thread other([&] {
    EXPECT_TRUE(store_
                    ->Read(Soon(),
                           [&](Session&) {
                             lent.Notify();
                             release.Wait();
                             return absl::OkStatus();
                           })
                    .ok());
  });
  lent.Wait();
  const absl::Status status = store_->Read(absl::Now() + absl::Milliseconds(50), [](Session&) { return absl::OkStatus(); });
  EXPECT_TRUE(absl::IsDeadlineExceeded(status)) << status;
  release.Notify();
  other.join();
  EXPECT_THAT(Ids(), ElementsAre());
}

TEST_P(StoreConformance, AnExceptionDoesNotLeaveABody) {
  const absl::Status read = store_->Read(Soon(), [](Session&) -> absl::Status { throw 1; });
  EXPECT_TRUE(absl::IsInternal(read)) << read;
  const absl::Status write = store_->Write(Soon(), [](WriteTransaction& tx) -> absl::Status {
    EXPECT_TRUE(Put(tx, "a").ok());
    throw std::runtime_error("x");
  });
  EXPECT_TRUE(absl::IsInternal(write)) << write;
  EXPECT_THAT(Ids(), ElementsAre());
}

TEST_P(StoreConformance, ManyStatementTextsAreBounded) {
  ASSERT_TRUE(Put("a", 1).ok());
  const absl::Status status = store_->Read(Soon(), [&](Session& session) {
    for (int i = 0; i < 1200; ++i) {
      auto found = session.QueryOne(absl::StrCat("SELECT number + ", i, " FROM item WHERE id = $1"), {"a"}, [&](const Row& row) {
        EXPECT_EQ(row.Int(0), i + 1);
        return absl::OkStatus();
      });
      if (!found.ok()) return found.status();
    }
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

}  // namespace
}  // namespace fivestrand::store
