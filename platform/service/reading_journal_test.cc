#include "platform/service/reading_journal.h"

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fivestrand/events/v1/events.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/calendar/day.h"
#include "platform/calendar/test_calendars.h"
#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/store/outbox.h"
#include "platform/store/store.h"
#include "platform/testing/temp_store.h"

namespace fivestrand::service {
namespace {

using calendar::D;
using evidence::v1::Reading;
using store::Session;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr evidence::MeasureDefinition kMeasures[] = {{.measure = "coaching.cadence",
                                                      .element = "coaching",
                                                      .element_number = "2.14",
                                                      .element_title = "Coaching",
                                                      .title = "Sessions on cadence",
                                                      .unit = evidence::v1::SHARE,
                                                      .direction = evidence::v1::HIGHER_IS_BETTER,
                                                      .target = 1,
                                                      .amber = 0.8,
                                                      .red = 0.5,
                                                      .formula = "Sessions held of those due",
                                                      .period_kind = evidence::v1::WEEK}};

constexpr store::Migration kTables[] = {
    {1, "create_beat",
     "CREATE TABLE beat (scope TEXT NOT NULL, start BIGINT NOT NULL, subject TEXT NOT NULL, held DOUBLE PRECISION NOT NULL);"
     "CREATE TABLE person (trust TEXT NOT NULL, revision BIGINT NOT NULL, update_time BIGINT NOT NULL);"}};

// Of a store with one table: a row is the share of one scope in the week that begins on a day.
class BeatSource : public evidence::EvidenceSource {
 public:
  absl::Span<const evidence::MeasureDefinition> measures() const override { return kMeasures; }

  // Whether the trust's own record is there.
  bool trust_is_there = true;

  absl::Status ListScopes(Session& session, std::vector<std::string>* scopes) const override {
    if (trust_is_there) scopes->emplace_back("trusts/acorn");
    return session.Query("SELECT DISTINCT scope FROM beat WHERE scope <> 'trusts/acorn' ORDER BY scope", {},
                         [&](const store::Row& row) {
                           scopes->emplace_back(row.Text(0));
                           return absl::OkStatus();
                         });
  }

  absl::Status Read(Session& session, const evidence::EvidenceQuestion& question,
                    std::vector<evidence::ReadingSeries>* series) const override {
    if (before_read) before_read();
    evidence::ReadingSeries& one = series->emplace_back(
        evidence::ReadingSeries{.measure = &kMeasures[0], .scope = question.scope, .readings = {}, .latest = {}});
    return session.Query("SELECT start, subject, held FROM beat WHERE scope = $1 ORDER BY start, subject", {question.scope},
                         [&](const store::Row& row) {
                           const absl::CivilDay start = absl::CivilDay(1970, 1, 1) + row.Int(0);
                           const evidence::ReadingContext context{kMeasures[0], question.scope, question.as_of, question.now,
                                                                  question.day_still_open};
                           Reading reading = evidence::ValueReading(
                               context, evidence::MakePeriod(evidence::v1::WEEK, {start, start + 6}, "Week"), row.Double(2));
                           if (!row.Text(1).empty()) reading.mutable_cut()->set_subject(std::string(row.Text(1)));
                           reading.add_records()->set_filter("names somebody");
                           one.readings.push_back(std::move(reading));
                           return absl::OkStatus();
                         });
  }

  std::function<void()> before_read;
};

constexpr char kTrust[] = "trusts/acorn";
constexpr char kNorthgate[] = "trusts/acorn/schools/northgate";
constexpr char kElmwood[] = "trusts/acorn/schools/elmwood";

class ReadingJournalTest : public ::testing::TestWithParam<testing::EngineKind> {
 protected:
  ReadingJournalTest() {
    temp_ = *testing::TempStore::Create(GetParam());
    const store::MigrationSeries series[] = {EvidenceMigrations(), {"beats", kTables}};
    store_ = *temp_->Open(series);
    journal_.emplace(*store_, source_, "cpd");
  }

  // As a service writes: the row together with an event about a record of the scope.
  void Write(const std::string& sql, store::Params params, const std::string& resource) {
    const absl::Status status = store_->Write(Soon(), [&](store::WriteTransaction& transaction) -> absl::Status {
      FIVESTRAND_RETURN_IF_ERROR(transaction.Execute(sql, params).status());
      transaction.AppendEvent({.kind = 1,
                               .resource_type = "fivestrand/Session",
                               .resource = resource,
                               .trust = names::TrustOf(resource),
                               .revision = 1});
      return absl::OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
  }
  void Hold(const std::string& scope, std::string_view week, double held, const std::string& subject = "") {
    Write("INSERT INTO beat (scope, start, subject, held) VALUES ($1, $2, $3, $4)", {scope, DayNumber(week), subject, held},
          absl::StrCat(scope, "/sessions/s"));
  }
  void Correct(const std::string& scope, std::string_view week, double held) {
    Write("UPDATE beat SET held = $3 WHERE scope = $1 AND start = $2", {scope, DayNumber(week), held},
          absl::StrCat(scope, "/sessions/s"));
  }
  void Remove(const std::string& scope, std::string_view week) {
    Write("DELETE FROM beat WHERE scope = $1 AND start = $2", {scope, DayNumber(week)}, absl::StrCat(scope, "/sessions/s"));
  }

  ReadingJournal::Outcome Update(std::string_view day, ReadingJournal* journal = nullptr) {
    const auto outcome = (journal == nullptr ? *journal_ : *journal).Update(calendar::StartOf(D(day)) + absl::Hours(9));
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    return outcome.value_or(ReadingJournal::Outcome{});
  }

  struct Told {
    std::int64_t kind = 0, revision = 0;
    std::string resource, actor;
    Reading reading;
  };
  // Events about readings since the last call.
  std::vector<Told> News() {
    std::vector<Told> told;
    const absl::Status status = store_->Read(Soon(), [&](Session& session) -> absl::Status {
      const std::string types[] = {std::string(kReadingType)};
      bool more = true;
      while (more) {
        FIVESTRAND_ASSIGN_OR_RETURN(const store::EventPage page,
                                    store::ReadEvents(session, cursor_, 1000, types, [&](const store::StoredEvent& event) {
                                      Told& one = told.emplace_back();
                                      one.kind = event.kind;
                                      one.revision = event.revision;
                                      one.resource = std::string(event.resource);
                                      one.actor = std::string(event.actor);
                                      EXPECT_TRUE(one.reading.ParseFromString(std::string(event.record)));
                                      return absl::OkStatus();
                                    }));
        cursor_ = page.cursor;
        more = page.more;
      }
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return told;
  }

  static absl::Time Soon() { return absl::Now() + absl::Seconds(20); }
  static std::int64_t DayNumber(std::string_view day) { return D(day) - absl::CivilDay(1970, 1, 1); }

  std::unique_ptr<testing::TempStore> temp_;
  std::unique_ptr<store::Store> store_;
  std::shared_ptr<BeatSource> source_ = std::make_shared<BeatSource>();
  std::optional<ReadingJournal> journal_;
  std::int64_t cursor_ = 0;
};

TEST_P(ReadingJournalTest, KeepsClosedPeriodsAndSendsThemOnce) {
  Hold(kNorthgate, "2026-11-09", 1);
  Hold(kNorthgate, "2026-11-16", 0.5);
  Hold(kNorthgate, "2026-11-16", 0.25, "trusts/acorn/subjects/maths");
  Hold(kNorthgate, "2026-11-23", 0);  // still open on the 24th
  EXPECT_EQ(Update("2026-11-24").written, 3);
  std::vector<Told> news = News();
  ASSERT_THAT(news, SizeIs(3));
  for (const Told& one : news) {
    EXPECT_EQ(one.kind, events::v1::CREATED);
    EXPECT_EQ(one.revision, 1);
    EXPECT_EQ(one.actor, "services/cpd");
    EXPECT_EQ(names::SchoolNameOf(one.resource), kNorthgate);
    EXPECT_EQ(one.resource, ReadingName(one.reading));
    EXPECT_TRUE(one.reading.final());
    EXPECT_TRUE(one.reading.has_compute_time());
    EXPECT_THAT(one.reading.records(), IsEmpty()) << "filters name persons";
  }
  EXPECT_NE(news[1].resource, news[2].resource) << "another cut is another reading";

  // Once more, by the same journal and by one that starts afresh.
  EXPECT_EQ(Update("2026-11-24").scopes, 0);
  ReadingJournal restarted(*store_, source_, "cpd");
  EXPECT_EQ(Update("2026-11-24", &restarted).scopes, 0);
  // The next day looks at everything and finds nothing; a week later the next period has closed.
  const auto next_day = Update("2026-11-25");
  EXPECT_EQ(next_day.scopes, 2);
  EXPECT_EQ(next_day.written, 0);
  EXPECT_THAT(News(), IsEmpty());
  EXPECT_EQ(Update("2026-11-30").written, 1);
  EXPECT_THAT(News(), SizeIs(1));
}

TEST_P(ReadingJournalTest, ACorrectionIsANewRevisionOfTheSameReading) {
  Hold(kTrust, "2026-11-09", 0.9);
  Hold(kNorthgate, "2026-11-09", 1);
  Hold(kElmwood, "2026-11-09", 0.7);
  EXPECT_EQ(Update("2026-11-24").written, 3);
  const std::vector<Told> first = News();
  Correct(kNorthgate, "2026-11-09", 0.6);
  const auto outcome = Update("2026-11-24");
  EXPECT_EQ(outcome.scopes, 2) << "the school and the trust; the other school was not touched";
  EXPECT_EQ(outcome.written, 1);
  const std::vector<Told> news = News();
  ASSERT_THAT(news, SizeIs(1));
  EXPECT_EQ(news[0].kind, events::v1::UPDATED);
  EXPECT_EQ(news[0].revision, 2);
  EXPECT_EQ(news[0].reading.value(), 0.6);
  EXPECT_EQ(std::count_if(first.begin(), first.end(), [&](const Told& one) { return one.resource == news[0].resource; }), 1);
}

TEST_P(ReadingJournalTest, WhatIsNoMoreIsWithdrawnAndMayComeBack) {
  Hold(kNorthgate, "2026-11-09", 1);
  Hold(kNorthgate, "2026-11-16", 1);
  EXPECT_EQ(Update("2026-11-24").written, 2);
  News();
  Remove(kNorthgate, "2026-11-09");
  EXPECT_EQ(Update("2026-11-24").withdrawn, 1);
  std::vector<Told> news = News();
  ASSERT_THAT(news, SizeIs(1));
  EXPECT_EQ(news[0].kind, events::v1::DELETED);
  EXPECT_EQ(news[0].revision, 2);
  Hold(kNorthgate, "2026-11-09", 0.5);
  EXPECT_EQ(Update("2026-11-24").written, 1);
  news = News();
  ASSERT_THAT(news, SizeIs(1));
  EXPECT_EQ(news[0].kind, events::v1::UNDELETED);
  EXPECT_EQ(news[0].revision, 3);
}

TEST_P(ReadingJournalTest, CopiesOfOtherServicesRecordsAreTakenInOnceTheyAreWhole) {
  ReadingJournal journal(*store_, source_, "cpd", {"person"});
  const auto run = [&](const std::string& sql) {
    const absl::Status status =
        store_->Write(Soon(), [&](store::WriteTransaction& transaction) { return transaction.Execute(sql, {}).status(); });
    ASSERT_TRUE(status.ok()) << status;
  };
  Hold(kNorthgate, "2026-11-09", 1);
  EXPECT_EQ(Update("2026-11-24", &journal).scopes, 0) << "nothing was followed yet";
  run("INSERT INTO feed_cursor (follower, source, resource_types, cursor, snapshot, snapshot_time) VALUES ('organisation', "
      "'leadership', '', 0, 'coming', 0)");
  run("INSERT INTO person (trust, revision, update_time) VALUES ('acorn', 1, 5)");
  EXPECT_EQ(Update("2026-11-24", &journal).scopes, 0) << "half of the people";
  run("UPDATE feed_cursor SET snapshot = ''");
  EXPECT_EQ(Update("2026-11-24", &journal).written, 1);
  EXPECT_EQ(Update("2026-11-24", &journal).scopes, 0);
  run("UPDATE person SET revision = 2");
  EXPECT_EQ(Update("2026-11-24", &journal).scopes, 2) << "no event, and yet something changed";
  EXPECT_EQ(Update("2026-11-24", &journal).scopes, 0);
  run("INSERT INTO person (trust, revision, update_time) VALUES ('birch', 1, 5)");
  EXPECT_EQ(Update("2026-11-24", &journal).scopes, 0) << "of another trust";
}

TEST_P(ReadingJournalTest, ATrustThatIsBroughtInHasNoFiguresUntilItIsThere) {
  source_->trust_is_there = false;
  Hold(kNorthgate, "2026-11-09", 1);
  EXPECT_EQ(Update("2026-11-24").scopes, 0);
  EXPECT_THAT(News(), IsEmpty());
  source_->trust_is_there = true;
  EXPECT_EQ(Update("2026-11-24").written, 1);
}

TEST_P(ReadingJournalTest, WhatIsOlderThanFourteenMonthsStaysAsItWas) {
  Hold(kNorthgate, "2025-08-25", 1);
  Hold(kNorthgate, "2026-11-09", 1);
  EXPECT_EQ(Update("2026-11-09").written, 0) << "one is too old and one is open";
  EXPECT_EQ(Update("2026-11-24").written, 1);
  EXPECT_EQ(Update("2028-11-24").withdrawn, 0);
}

TEST_P(ReadingJournalTest, AStopLosesNothing) {
  Hold(kNorthgate, "2026-11-09", 1);
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = journal_->Update(calendar::StartOf(D("2026-11-24")), stop.get_token());
  ASSERT_TRUE(stopped.ok()) << stopped.status();
  EXPECT_EQ(stopped->written, 0);
  EXPECT_EQ(Update("2026-11-24").written, 1);
}

TEST_P(ReadingJournalTest, OfTwoReplicasTheOneThatBeganLaterWrites) {
  Hold(kNorthgate, "2026-11-09", 1);
  ReadingJournal other(*store_, std::make_shared<BeatSource>(), "cpd");
  bool once = false;
  source_->before_read = [&] {
    if (std::exchange(once, true)) return;
    EXPECT_EQ(Update("2026-11-24", &other).written, 1);
  };
  const auto beaten = journal_->Update(calendar::StartOf(D("2026-11-24")) + absl::Hours(9));
  EXPECT_TRUE(absl::IsAborted(beaten.status())) << beaten.status();
  EXPECT_EQ(Update("2026-11-24").written, 0);
  EXPECT_THAT(News(), SizeIs(1));
}

TEST_P(ReadingJournalTest, ASnapshotHoldsWhatStandsInOrder) {
  Hold(kTrust, "2026-11-09", 0.9);
  Hold(kNorthgate, "2026-11-09", 1);
  Hold(kElmwood, "2026-11-09", 0.7);
  Update("2026-11-24");
  Remove(kElmwood, "2026-11-09");
  Hold(kElmwood, "2026-11-16", 0.8);
  Update("2026-11-24");
  const events::SnapshotSource snapshot = ReadingSnapshot();
  EXPECT_EQ(snapshot.resource_type, kReadingType);
  std::vector<std::string> names;
  const absl::Status status = store_->Read(Soon(), [&](Session& session) -> absl::Status {
    std::string after;
    for (;;) {
      const std::size_t before = names.size();
      FIVESTRAND_RETURN_IF_ERROR(snapshot.read(session, after, 2, [&](const events::v1::Event& event) {
        EXPECT_EQ(event.kind(), events::v1::RECORDED);
        Reading reading;
        EXPECT_TRUE(reading.ParseFromString(event.record()));
        EXPECT_EQ(ReadingName(reading), event.resource());
        names.push_back(event.resource());
        return absl::OkStatus();
      }));
      if (names.size() == before) return absl::OkStatus();
      after = names.back();
    }
  });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_THAT(names, SizeIs(3));
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

INSTANTIATE_TEST_SUITE_P(Engines, ReadingJournalTest,
                         ::testing::Values(testing::EngineKind::kSqlite, testing::EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::service
