// The write queue: batches, isolation of requests, limits and deadlines.
#include <thread>

#include "absl/strings/str_cat.h"

#include "platform/status/status.h"
#include "platform/store/conformance/fixture.h"

namespace fivestrand::store {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST_P(StoreConformance, WhatWasAcknowledgedSurvivesReopening) {
  ASSERT_TRUE(Put("a", 1).ok());
  ASSERT_TRUE(Put("b", 2).ok());
  Reopen();
  EXPECT_THAT(Ids(), ElementsAre("a", "b"));
  ASSERT_TRUE(Put("c", 3).ok());
  EXPECT_THAT(Cursors(), ElementsAre(1, 2, 3));
  EXPECT_EQ(Verify().rows, 3);
}

TEST_P(StoreConformance, AFailedRequestLeavesItsNeighboursAlone) {
  // Wherever in the batch it stands; the first one and the last one have no other before or behind them.
  for (int failing = 0; failing < 3; ++failing) {
    Signal release;
    HoldWriter(release);
    Answers answers;
    for (int i = 0; i < 3; ++i) {
      const std::string id = absl::StrCat("round", failing, "-", i);
      WriteRequest request;
      request.body = [id, fail = i == failing](WriteTransaction& tx) {
        const absl::Status put = Put(tx, id);
        return fail ? status::NotFound("fivestrand/Item", id) : put;
      };
      request.done = answers.Expect(id);
      store_->WriteAsync(std::move(request));
    }
    release.Notify();
    int good = 0;
    for (const auto& [id, status] : answers.Await(3)) {
      const bool failed = id == absl::StrCat("round", failing, "-", failing);
      EXPECT_EQ(status.code(), failed ? absl::StatusCode::kNotFound : absl::StatusCode::kOk) << id << " " << status;
      good += status.ok() ? 1 : 0;
    }
    EXPECT_EQ(good, 2);
  }
  EXPECT_GT(observer_->largest_batch, 1u);
  EXPECT_THAT(Ids(), ElementsAre("round0-1", "round0-2", "round1-0", "round1-2", "round2-0", "round2-1"));
  EXPECT_THAT(Cursors(), ElementsAre(1, 2, 3, 4, 5, 6));
  const AuditReport report = Verify();
  EXPECT_EQ(report.rows, 6);
  EXPECT_FALSE(report.first_broken.has_value());
}

TEST_P(StoreConformance, AnErrorThatTheBodySwallowsFailsItStill) {
  ASSERT_TRUE(Put("a").ok());
  Signal release;
  HoldWriter(release);
  Answers answers;
  for (const char* name : {"before", "swallows", "after"}) {
    WriteRequest request;
    request.body = [name = std::string(name)](WriteTransaction& tx) {
      if (absl::Status put = Put(tx, name); !put.ok()) return put;
      if (name == "swallows") Put(tx, "a").IgnoreError();
      return absl::OkStatus();
    };
    request.done = answers.Expect(name);
    store_->WriteAsync(std::move(request));
  }
  release.Notify();
  for (const auto& [name, status] : answers.Await(3)) {
    EXPECT_EQ(status.code(), name == "swallows" ? absl::StatusCode::kAlreadyExists : absl::StatusCode::kOk)
        << name << " " << status;
  }
  EXPECT_THAT(Ids(), ElementsAre("a", "after", "before"));
}

TEST_P(StoreConformance, ABodyThatTakesTheTransactionDownTakesNobodyElseDown) {
  Signal release;
  HoldWriter(release);
  Answers answers;
  auto submit = [&](const std::string& name, absl::Time deadline, std::function<absl::Status(WriteTransaction&)> body) {
    WriteRequest request;
    request.deadline = deadline;
    request.body = std::move(body);
    request.done = answers.Expect(name);
    store_->WriteAsync(std::move(request));
  };
  submit("before", Soon(), [](WriteTransaction& tx) { return Put(tx, "before"); });
  // SQLite rolls the whole transaction back when a write is interrupted.
  submit("endless", absl::Now() + absl::Milliseconds(300), [](WriteTransaction& tx) {
    return tx
        .Execute(
            "INSERT INTO item (id, number) WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000000000) "
            "SELECT 'many', COUNT(*) FROM n",
            {})
        .status();
  });
  submit("after", Soon(), [](WriteTransaction& tx) { return Put(tx, "after"); });
  release.Notify();
  for (const auto& [name, status] : answers.Await(3)) {
    EXPECT_EQ(status.code(), name == "endless" ? absl::StatusCode::kDeadlineExceeded : absl::StatusCode::kOk)
        << name << " " << status;
  }
  EXPECT_THAT(Ids(), ElementsAre("after", "before"));
  EXPECT_THAT(Cursors(), ElementsAre(1, 2));
}

TEST_P(StoreConformance, ManyThreadsShareCommits) {
  constexpr int kThreads = 16, kEach = 25;
  std::vector<std::thread> threads;
  std::atomic<int> acknowledged = 0;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) acknowledged += Put(absl::StrCat(t, "-", i)).ok() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(acknowledged, kThreads * kEach);
  EXPECT_THAT(Ids(), SizeIs(kThreads * kEach));
  EXPECT_LT(observer_->commits, kThreads * kEach);
  EXPECT_GT(observer_->largest_batch, 1u);
  const std::vector<std::int64_t> cursors = Cursors();
  ASSERT_THAT(cursors, SizeIs(kThreads * kEach));
  for (std::size_t i = 0; i < cursors.size(); ++i) EXPECT_EQ(cursors[i], static_cast<std::int64_t>(i) + 1);
  EXPECT_EQ(Verify().rows, kThreads * kEach);
}

TEST_P(StoreConformance, ARequestSeesThoseBeforeItInTheBatch) {
  Signal release;
  HoldWriter(release);
  Answers answers;
  for (int i = 0; i < 5; ++i) {
    WriteRequest request;
    request.body = [i](WriteTransaction& tx) {
      auto count = tx.QueryOne("SELECT COUNT(*) FROM item", {}, [&](const Row& row) {
        EXPECT_EQ(row.Int(0), i);
        return absl::OkStatus();
      });
      return count.ok() ? Put(tx, absl::StrCat("i", i)) : count.status();
    };
    request.done = answers.Expect(absl::StrCat(i));
    store_->WriteAsync(std::move(request));
  }
  release.Notify();
  int expected = 0;
  for (const auto& [name, status] : answers.Await(5)) {
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_EQ(name, absl::StrCat(expected++));
  }
}

TEST_P(StoreConformance, AFullQueueRefuses) {
  StoreOptions options = Options();
  options.queue_limit = 2;
  Reopen(options);
  Signal release;
  HoldWriter(release);
  Answers answers;
  for (const char* name : {"a", "b", "c"}) {
    WriteRequest request;
    request.body = [name](WriteTransaction& tx) {
      return Put(tx, name);
    };
    request.done = answers.Expect(name);
    store_->WriteAsync(std::move(request));
  }
  const auto refused = answers.Await(1);
  ASSERT_THAT(refused, SizeIs(1));
  EXPECT_EQ(refused[0].first, "c");
  EXPECT_TRUE(absl::IsResourceExhausted(refused[0].second)) << refused[0].second;
  EXPECT_EQ(status::ReasonOf(refused[0].second), status::Reason::kOverloaded);
  EXPECT_EQ(store_->queue_depth(), 2u);
  release.Notify();
  answers.Await(3);
  EXPECT_THAT(Ids(), ElementsAre("a", "b"));
}

TEST_P(StoreConformance, AnExpiredRequestNeverRuns) {
  Signal release;
  HoldWriter(release);
  Answers answers;
  std::atomic<bool> ran = false;
  WriteRequest request;
  request.deadline = absl::Now() - absl::Milliseconds(1);
  request.body = [&](WriteTransaction&) {
    ran = true;
    return absl::OkStatus();
  };
  request.done = answers.Expect("late");
  store_->WriteAsync(std::move(request));
  // The caller of Write does not wait for the writer beyond its deadline.
  const absl::Status waited = store_->Write(absl::Now() + absl::Milliseconds(50), [&](WriteTransaction&) {
    ran = true;
    return absl::OkStatus();
  });
  EXPECT_TRUE(absl::IsDeadlineExceeded(waited)) << waited;
  release.Notify();
  EXPECT_TRUE(absl::IsDeadlineExceeded(answers.Await(1)[0].second));
  ASSERT_TRUE(Put("a").ok());
  EXPECT_FALSE(ran);
}

TEST_P(StoreConformance, BatchesEndAtTheirLimits) {
  StoreOptions options = Options();
  options.batch_count = 3;
  Reopen(options);
  Signal release;
  HoldWriter(release);
  Answers answers;
  for (int i = 0; i < 12; ++i) {
    WriteRequest request;
    request.body = [i](WriteTransaction& tx) {
      return Put(tx, absl::StrCat("i", i));
    };
    request.done = answers.Expect("");
    store_->WriteAsync(std::move(request));
  }
  release.Notify();
  answers.Await(12);
  EXPECT_EQ(observer_->largest_batch, 3u);
  EXPECT_THAT(Ids(), SizeIs(12));

  options.batch_count = 100;
  options.batch_bytes = 10000;
  observer_->largest_batch = 0;
  Reopen(options);
  Signal again;
  HoldWriter(again);
  for (int i = 0; i < 12; ++i) {
    WriteRequest request;
    request.body = [i, data = std::string(4000, 'x')](WriteTransaction& tx) {
      return tx.Execute("UPDATE item SET data = $1 WHERE id = $2", {Param::Blob(data), absl::StrCat("i", i)}).status();
    };
    request.done = answers.Expect("");
    store_->WriteAsync(std::move(request));
  }
  again.Notify();
  answers.Await(24);
  EXPECT_EQ(observer_->largest_batch, 4u);  // the held request, and three to exceed 10,000 bytes
}

TEST_P(StoreConformance, ClosingCommitsWhatWaits) {
  Signal release;
  HoldWriter(release);
  Answers answers;
  for (int i = 0; i < 10; ++i) {
    WriteRequest request;
    request.body = [i](WriteTransaction& tx) {
      return Put(tx, absl::StrCat("i", i));
    };
    request.done = answers.Expect("");
    store_->WriteAsync(std::move(request));
  }
  std::thread closer([&] { store_ = nullptr; });
  release.Notify();
  closer.join();
  for (const auto& [name, status] : answers.Await(10)) EXPECT_TRUE(status.ok()) << status;
  Reopen();
  EXPECT_THAT(Ids(), SizeIs(10));
}

TEST_P(StoreConformance, TheTimeOfAWriteIsTheClocks) {
  absl::Time now = absl::FromUnixMicros(1788000000123456);
  StoreOptions options = Options();
  options.clock = [&] {
    return now;
  };
  Reopen(options);
  absl::Time seen;
  ASSERT_TRUE(store_
                  ->Write(Soon(),
                          [&](WriteTransaction& tx) {
                            seen = tx.now();
                            return Put(tx, "a");
                          })
                  .ok());
  EXPECT_EQ(seen, now);
  ASSERT_TRUE(store_
                  ->Read(Soon(),
                         [&](Session& session) {
                           return ReadEvents(session, 0, 10, {},
                                             [&](const StoredEvent& event) {
                                               EXPECT_EQ(event.event_time, now);
                                               return absl::OkStatus();
                                             })
                               .status();
                         })
                  .ok());
}

}  // namespace
}  // namespace fivestrand::store
