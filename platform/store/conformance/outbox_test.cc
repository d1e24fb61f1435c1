// Events: cursors, followers, listeners, trimming; and housekeeping.
#include <thread>

#include "absl/strings/str_cat.h"

#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/store/conformance/fixture.h"
#include "platform/store/housekeeping.h"

namespace fivestrand::store {
namespace {

using ::testing::ElementsAre;

absl::Status Append(WriteTransaction& tx, std::string_view type, std::string_view resource) {
  OutboxEvent event;
  event.kind = 2;
  event.resource_type = type;
  event.resource = resource;
  event.trust = "trusts/t";
  event.revision = 3;
  event.actor = "services/gateway";
  event.record = std::string_view("\0\1\2", 3);
  tx.AppendEvent(event);
  return absl::OkStatus();
}

TEST_P(StoreConformance, EventsComeBackWhole) {
  std::int64_t first = 0, second = 0;
  ASSERT_TRUE(
      store_
          ->Write(Soon(),
                  [&](WriteTransaction& tx) {
                    OutboxEvent event{1, "fivestrand/Item", "trusts/t/items/i", "trusts/t", 7, "trusts/t/people/p", {"\0x", 2}};
                    first = tx.AppendEvent(event);
                    second = tx.AppendEvent({});
                    return absl::OkStatus();
                  })
          .ok());
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 2);
  int seen = 0;
  ASSERT_TRUE(store_
                  ->Read(Soon(),
                         [&](Session& session) {
                           return ReadEvents(session, 0, 1, {},
                                             [&](const StoredEvent& event) {
                                               ++seen;
                                               EXPECT_EQ(event.cursor, 1);
                                               EXPECT_EQ(event.kind, 1);
                                               EXPECT_EQ(event.resource_type, "fivestrand/Item");
                                               EXPECT_EQ(event.resource, "trusts/t/items/i");
                                               EXPECT_EQ(event.trust, "trusts/t");
                                               EXPECT_EQ(event.revision, 7);
                                               EXPECT_EQ(event.actor, "trusts/t/people/p");
                                               EXPECT_EQ(event.record, std::string_view("\0x", 2));
                                               EXPECT_LT(absl::Now() - event.event_time, absl::Minutes(1));
                                               return absl::OkStatus();
                                             })
                               .status();
                         })
                  .ok());
  EXPECT_EQ(seen, 1);
}

TEST_P(StoreConformance, ReadingEventsGoesOnFromTheCursorAndFilters) {
  ASSERT_TRUE(store_
                  ->Write(Soon(),
                          [](WriteTransaction& tx) {
                            for (int i = 0; i < 9; ++i) {
                              FIVESTRAND_RETURN_IF_ERROR(Append(tx, i % 3 == 0 ? "fivestrand/A" : "fivestrand/B", absl::StrCat(i)));
                            }
                            return absl::OkStatus();
                          })
                  .ok());
  auto read = [&](std::int64_t after, std::int64_t limit, std::vector<std::string> types, std::vector<std::int64_t>* cursors) {
    EventPage page;
    EXPECT_TRUE(store_
                    ->Read(Soon(),
                           [&](Session& session) {
                             auto result = ReadEvents(session, after, limit, types, [&](const StoredEvent& event) {
                               cursors->push_back(event.cursor);
                               return absl::OkStatus();
                             });
                             if (result.ok()) page = *result;
                             return result.status();
                           })
                    .ok());
    return page;
  };
  std::vector<std::int64_t> cursors;
  EventPage page = read(0, 4, {}, &cursors);
  EXPECT_THAT(cursors, ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(page.cursor, 4);
  EXPECT_TRUE(page.more);
  page = read(4, 10, {}, &cursors);
  EXPECT_THAT(cursors, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9));
  EXPECT_EQ(page.cursor, 9);
  EXPECT_FALSE(page.more);
  cursors.clear();
  page = read(1, 10, {"fivestrand/A"}, &cursors);
  EXPECT_THAT(cursors, ElementsAre(4, 7));
  EXPECT_EQ(page.cursor, 9);  // the follower need not look at 8 and 9 again
  cursors.clear();
  page = read(0, 10, {"fivestrand/A", "fivestrand/None", "fivestrand/B"}, &cursors);
  EXPECT_EQ(cursors.size(), 9u);
  page = read(100, 10, {}, &cursors);
  EXPECT_EQ(page.cursor, 100);
}

// Several writers, on PostgreSQL in two replicas, and a follower that reads as it is told: it must see every cursor once, in order,
// and none may turn up behind it.
TEST_P(StoreConformance, AFollowerMissesNothing) {
  constexpr int kThreads = 6, kEach = 40;
  std::unique_ptr<Store> replica;
  if (postgres()) replica = OpenStore(Options());
  Watched<std::int64_t> told;
  store_->SetCommitListener([&](std::int64_t cursor) {
    told.Update([&](std::int64_t& newest) {
      EXPECT_GT(cursor, newest);
      newest = cursor;
    });
  });
  std::vector<std::int64_t> seen;
  std::thread follower([&] {
    std::int64_t after = 0;
    while (seen.size() < kThreads * kEach) {
      ASSERT_TRUE(told.Await([&](std::int64_t newest) { return newest > after; })) << "seen " << seen.size();
      const absl::Status status = store_->Read(Soon(), [&](Session& session) {
        auto page = ReadEvents(session, after, 7, {}, [&](const StoredEvent& event) {
          seen.push_back(event.cursor);
          return absl::OkStatus();
        });
        if (page.ok()) after = page->cursor;
        return page.status();
      });
      ASSERT_TRUE(status.ok()) << status;
    }
  });
  std::vector<std::thread> writers;
  for (int t = 0; t < kThreads; ++t) {
    writers.emplace_back([&, t] {
      Store& store = replica != nullptr && t % 2 == 1 ? *replica : *store_;
      for (int i = 0; i < kEach; ++i) {
        const absl::Status status = store.Write(Soon(), [&](WriteTransaction& tx) { return Put(tx, absl::StrCat(t, "-", i)); });
        EXPECT_TRUE(status.ok()) << status;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  follower.join();
  store_->SetCommitListener(nullptr);
  ASSERT_EQ(seen.size(), static_cast<std::size_t>(kThreads * kEach));
  for (std::size_t i = 0; i < seen.size(); ++i) ASSERT_EQ(seen[i], static_cast<std::int64_t>(i) + 1);
  const AuditReport report = Verify();
  EXPECT_EQ(report.rows, kThreads * kEach);
  EXPECT_FALSE(report.first_broken.has_value()) << report.reason;
}

TEST_P(StoreConformance, TheListenerHearsOfCommitsWithEventsOnly) {
  Watched<std::vector<std::int64_t>> heard;
  store_->SetCommitListener([&](std::int64_t cursor) { heard.Update([&](auto& cursors) { cursors.push_back(cursor); }); });
  ASSERT_TRUE(Execute("INSERT INTO item (id) VALUES ($1)", {"quiet"}).ok());
  ASSERT_TRUE(Put("loud").ok());
  ASSERT_TRUE(heard.Await([](const auto& cursors) { return !cursors.empty(); }));
  store_->SetCommitListener(nullptr);
  ASSERT_TRUE(Put("unheard").ok());
  EXPECT_THAT(heard.Get(), ElementsAre(1));
}

TEST_P(StoreConformance, TrimmedEventsAreMissedLoudly) {
  for (const char* id : {"a", "b", "c", "d", "e"}) ASSERT_TRUE(Put(id).ok());
  EXPECT_EQ(TrimOutbox(*store_, Soon(), 4, 3).value_or(-1), 3);
  EXPECT_EQ(TrimOutbox(*store_, Soon(), 4, 3).value_or(-1), 1);
  EXPECT_EQ(TrimOutbox(*store_, Soon(), 4, 3).value_or(-1), 0);
  auto read = [&](std::int64_t after) {
    return store_->Read(Soon(), [&](Session& session) {
      return ReadEvents(session, after, 10, {},
                        [](const StoredEvent& event) {
                          EXPECT_EQ(event.cursor, 5);
                          return absl::OkStatus();
                        })
          .status();
    });
  };
  EXPECT_TRUE(absl::IsOutOfRange(read(0)));
  EXPECT_TRUE(absl::IsOutOfRange(read(3)));
  EXPECT_TRUE(read(4).ok());
  EXPECT_EQ(TrimOutbox(*store_, Soon(), 1000, 1000).value_or(-1), 1);
  // Cursors go on where they were.
  ASSERT_TRUE(Put("f").ok());
  ASSERT_TRUE(store_
                  ->Read(Soon(),
                         [&](Session& session) {
                           auto head = ReadOutboxHead(session);
                           EXPECT_EQ(head->last_cursor, 6);
                           EXPECT_EQ(head->trimmed_cursor, 5);
                           return head.status();
                         })
                  .ok());
}

TEST_P(StoreConformance, ExpiredIdempotencyRowsGoInChunks) {
  const absl::Time now = absl::Now();
  ASSERT_TRUE(
      store_
          ->Write(Soon(),
                  [&](WriteTransaction& tx) {
                    for (int i = 0; i < 10; ++i) {
                      FIVESTRAND_RETURN_IF_ERROR(
                          tx.Execute("INSERT INTO idempotency (actor, request_id, fingerprint, resource_type, resource, record, "
                                     "expire_time) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                                     {"a", absl::StrCat(i), Param::Blob("f"), "fivestrand/Item", "i", Param::Blob("r"),
                                      now + absl::Minutes(i < 7 ? -1 : 1)})
                              .status());
                    }
                    return absl::OkStatus();
                  })
          .ok());
  EXPECT_EQ(DeleteExpiredIdempotency(*store_, Soon(), now, 5).value_or(-1), 5);
  EXPECT_EQ(DeleteExpiredIdempotency(*store_, Soon(), now, 5).value_or(-1), 2);
  EXPECT_EQ(Count("idempotency"), 3);
}

}  // namespace
}  // namespace fivestrand::store
