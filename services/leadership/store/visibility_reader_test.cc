#include "services/leadership/store/visibility_reader.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "fivestrand/leadership/v1/organisation.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/test_calendars.h"
#include "platform/service/evidence_gauges.h"
#include "services/leadership/domain/day.h"
#include "services/leadership/domain/measures_readings.h"
#include "services/leadership/store/evidence_source.h"
#include "services/leadership/store/test_records.h"

namespace fivestrand::leadership::store {
namespace {

using calendar::D;
using domain::TrustFacts;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr char kNorthgate[] = "trusts/acorn/schools/northgate";

absl::Time Soon() {
  return absl::Now() + absl::Seconds(20);
}

class VisibilityReaderTest : public ::testing::TestWithParam<testing::EngineKind> {
 protected:
  VisibilityReaderTest() : records_(GetParam()), source_(records_.store()) {
    records_.AddTrust();
    records_.AddSchool("northgate");
    records_.AddYear("northgate", 2025);
    records_.AddHeadteacher("northgate", "head", "2020-09-01");
  }

  TrustFacts Facts(std::string_view scope, std::string_view from = "2025-09-01", std::string_view until = "2025-09-30",
                   absl::Time now = absl::Now()) {
    auto facts = source_.ReadFacts(scope, D(from), D(until), now, {true, true, true, true, true, true}, Soon());
    EXPECT_TRUE(facts.ok()) << facts.status();
    return facts.ok() ? *std::move(facts) : TrustFacts{};
  }

  static std::vector<std::string> Days(std::vector<absl::CivilDay> days) {
    std::sort(days.begin(), days.end());
    std::vector<std::string> said;
    for (absl::CivilDay day : days) said.push_back(calendar::FormatDay(day));
    return said;
  }

  template <typename Fact>
  static std::vector<std::string> DaysOf(const std::vector<Fact>& facts) {
    std::vector<absl::CivilDay> days;
    for (const Fact& fact : facts) days.push_back(fact.day);
    return Days(std::move(days));
  }

  TestRecords records_;
  SqlVisibilitySource source_;
};

INSTANTIATE_TEST_SUITE_P(Engines, VisibilityReaderTest,
                         ::testing::Values(testing::EngineKind::kSqlite, testing::EngineKind::kPostgres),
                         [](const auto& info) { return std::string(testing::EngineName(info.param)); });

TEST_P(VisibilityReaderTest, ReadsWhatHappenedInTheSpanInLondon) {
  records_.Put(records_.DropIn("northgate", "head", At("2025-09-01", 0)));
  records_.Put(records_.DropIn("northgate", "head", At("2025-08-31", 23, 59)));
  records_.Put(records_.DropIn("northgate", "deputy", At("2025-09-30", 23, 59)));
  records_.Put(records_.DropIn("northgate", "deputy", At("2025-10-01", 0)));
  const v1::DropIn deleted = records_.DropIn("northgate", "head", At("2025-09-10", 9));
  records_.Put(deleted);
  records_.Delete(deleted);
  records_.Put(records_.Duty("northgate", "head", At("2025-09-02", 10), v1::Duty::GATE_END));
  records_.Put(records_.Lesson("northgate", "head", At("2025-09-03", 10)));
  records_.AddClass("northgate", "maple", "2025-26");
  records_.AddClass("northgate", "older", "2024-25");

  const TrustFacts facts = Facts(kNorthgate);
  EXPECT_EQ(facts.trust, "trusts/acorn");
  ASSERT_EQ(facts.schools.size(), 1u);
  const domain::SchoolFacts& school = facts.schools[0];
  EXPECT_EQ(school.name, kNorthgate);
  EXPECT_THAT(DaysOf(school.drop_ins), ElementsAre("2025-09-01", "2025-09-30"));
  EXPECT_THAT(DaysOf(school.duties), ElementsAre("2025-09-02"));
  EXPECT_EQ(school.duties[0].kind, v1::Duty::GATE_END);
  EXPECT_THAT(DaysOf(school.modelled_lessons), ElementsAre("2025-09-03"));
  ASSERT_EQ(school.classes.size(), 1u);
  EXPECT_EQ(school.classes[0].school_class, school.drop_ins[0].school_class);
  ASSERT_EQ(school.headteachers.size(), 1u);
  EXPECT_EQ(facts.people[static_cast<std::size_t>(school.headteachers[0].person)], "trusts/acorn/people/head");
  EXPECT_EQ(school.headteachers[0].person, school.duties[0].leader);
  EXPECT_EQ(school.headteachers[0].days.start, D("2020-09-01"));
  EXPECT_TRUE(school.headteachers[0].days.Contains(D("2090-01-01")));
  EXPECT_TRUE(school.calendar->IsSchoolDay(D("2025-09-03")));
}

TEST_P(VisibilityReaderTest, CountsNothingThatBeginsLaterThanNow) {
  records_.Put(records_.DropIn("northgate", "head", At("2025-09-10", 9)));
  records_.Put(records_.DropIn("northgate", "head", At("2025-09-10", 14)));
  EXPECT_EQ(Facts(kNorthgate, "2025-09-01", "2025-09-10", At("2025-09-10", 9)).schools[0].drop_ins.size(), 1u);
  EXPECT_EQ(Facts(kNorthgate, "2025-09-01", "2025-09-10", At("2025-09-10", 15)).schools[0].drop_ins.size(), 2u);
}

TEST_P(VisibilityReaderTest, ReadsVisitsThatWereMadeAndTheLastBeforeTheSpan) {
  for (const char* day : {"2025-03-10", "2025-05-10", "2025-09-10"})
    records_.Put(records_.Visit("northgate", At(day, 9), v1::Visit::MADE));
  records_.Put(records_.Visit("northgate", At("2025-09-11", 9), v1::Visit::PLANNED));
  records_.Put(records_.Visit("northgate", At("2025-09-12", 9), v1::Visit::CANCELLED));
  records_.Put(records_.Visit("northgate", At("2025-06-12", 9), v1::Visit::CANCELLED));
  const v1::Visit deleted = records_.Visit("northgate", At("2025-09-13", 9), v1::Visit::MADE);
  records_.Put(deleted);
  records_.Delete(deleted);
  EXPECT_THAT(Days(Facts(kNorthgate).schools[0].visits), ElementsAre("2025-05-10", "2025-09-10"));
  EXPECT_THAT(Days(Facts("trusts/acorn").schools[0].visits), ElementsAre("2025-05-10", "2025-09-10"));
  EXPECT_THAT(Days(Facts(kNorthgate, "2025-01-01", "2025-02-01").schools[0].visits), IsEmpty());
}

TEST_P(VisibilityReaderTest, ReadsAllSchoolsOfTheTrustAndNoOther) {
  records_.AddSchool("southgate");
  records_.AddHeadteacher("southgate", "other", "2020-09-01", "2025-09-05");
  v1::School proposed;
  proposed.set_name("trusts/acorn/schools/plan");
  proposed.set_urn("100001");
  proposed.set_status(v1::School::PROPOSED);
  records_.Put(proposed);
  v1::School closed;
  closed.set_name("trusts/acorn/schools/closed");
  closed.set_urn("100002");
  closed.set_status(v1::School::CLOSED);
  *closed.mutable_open_date() = calendar::ToProto(D("2015-09-01"));
  *closed.mutable_close_date() = calendar::ToProto(D("2025-09-12"));
  records_.Put(closed);
  records_.AddTrust("birch");
  records_.AddSchool("northgate", "birch");
  records_.AddHeadteacher("northgate", "head", "2020-09-01", "", "birch");
  records_.Put(records_.DropIn("northgate", "head", At("2025-09-08", 9)));
  records_.Put(records_.DropIn("southgate", "other", At("2025-09-09", 9)));
  records_.Put(records_.Duty("southgate", "other", At("2025-09-09", 9), v1::Duty::BREAK));
  records_.Put(records_.DropIn("plan", "other", At("2025-09-09", 9)));

  const TrustFacts facts = Facts("trusts/acorn");
  std::vector<std::string> names;
  for (const auto& school : facts.schools) names.push_back(school.name);
  ASSERT_THAT(names,
              ElementsAre("trusts/acorn/schools/closed", "trusts/acorn/schools/northgate", "trusts/acorn/schools/southgate"));
  EXPECT_EQ(facts.schools[0].open, (calendar::DayRange{D("2015-09-01"), D("2025-09-12")}));
  EXPECT_THAT(DaysOf(facts.schools[1].drop_ins), ElementsAre("2025-09-08"));
  EXPECT_THAT(DaysOf(facts.schools[2].drop_ins), ElementsAre("2025-09-09"));
  EXPECT_EQ(facts.schools[2].duties.size(), 1u);
  ASSERT_EQ(facts.schools[1].headteachers.size(), 1u);
  EXPECT_EQ(facts.schools[2].headteachers[0].days.end, D("2025-09-05"));
  EXPECT_TRUE(facts.schools[1].calendar->IsSchoolDay(D("2025-09-03")));
  ASSERT_NE(facts.schools[2].calendar, nullptr);
  EXPECT_TRUE(facts.schools[2].calendar->years().empty());
}

TEST_P(VisibilityReaderTest, ReadsOnlyWhatIsNeeded) {
  records_.Put(records_.DropIn("northgate", "head", At("2025-09-08", 9)));
  records_.Put(records_.Visit("northgate", At("2025-09-08", 9), v1::Visit::MADE));
  auto facts = source_.ReadFacts(kNorthgate, D("2025-09-01"), D("2025-09-30"), absl::Now(), {.visits = true}, Soon());
  ASSERT_TRUE(facts.ok());
  EXPECT_EQ(facts->schools[0].visits.size(), 1u);
  EXPECT_TRUE(facts->schools[0].drop_ins.empty());
}

TEST_P(VisibilityReaderTest, WhatIsNotThereIsNotFound) {
  v1::School gone;
  gone.set_name("trusts/acorn/schools/gone");
  gone.set_urn("100003");
  records_.Put(gone);
  records_.Delete(gone);
  for (const char* scope : {"trusts/acorn/schools/none", "trusts/acorn/schools/gone", "trusts/none"}) {
    EXPECT_TRUE(absl::IsNotFound(source_.ReadFacts(scope, D("2025-09-01"), D("2025-09-30"), absl::Now(), {}, Soon()).status()))
        << scope;
  }
  const char* none = "trusts/acorn/schools/none";
  EXPECT_TRUE(absl::IsNotFound(source_.ReadCalendar(none, Soon()).status()));
  EXPECT_TRUE(absl::IsNotFound(source_.ReadDay(none, "trusts/acorn/people/head", D("2025-09-08"), Soon()).status()));
  EXPECT_TRUE(absl::IsNotFound(source_.ReadCoverage(none, std::nullopt, D("2025-09-08"), Soon()).status()));
}

TEST_P(VisibilityReaderTest, ReadsALeadersDay) {
  records_.AddClass("northgate", "maple", "2025-26");
  records_.AddClass("northgate", "oak", "2024-25");
  for (int i = 0; i < 3; ++i) {
    v1::TeachingFocus focus;
    focus.set_name("trusts/acorn/teachingFocuses/f" + std::to_string(i));
    focus.set_position(3 - i);
    records_.Put(focus);
  }
  const v1::DropIn first = records_.DropIn("northgate", "head", At("2025-09-08", 9)),
                   second = records_.DropIn("northgate", "head", At("2025-09-08", 11));
  records_.Put(first);
  records_.Put(second);
  records_.Put(records_.DropIn("northgate", "deputy", At("2025-09-08", 12)));
  records_.Put(records_.DropIn("northgate", "head", At("2025-09-07", 12)));
  records_.AddSchool("southgate");
  records_.Put(records_.DropIn("southgate", "head", At("2025-09-08", 13)));
  records_.Put(records_.Duty("northgate", "head", At("2025-09-08", 8), v1::Duty::GATE_START));
  records_.Put(records_.Duty("northgate", "head", At("2025-09-15", 8), v1::Duty::GATE_START));
  records_.Put(records_.Lesson("northgate", "head", At("2025-10-20", 8)));
  records_.Put(records_.Lesson("northgate", "head", At("2025-11-20", 8)));

  auto facts = source_.ReadDay(kNorthgate, "trusts/acorn/people/head", D("2025-09-08"), Soon());
  ASSERT_TRUE(facts.ok()) << facts.status();
  ASSERT_EQ(facts->own_drop_ins.size(), 2u);
  EXPECT_EQ(facts->own_drop_ins[0].name(), second.name());
  EXPECT_EQ(facts->own_drop_ins[1].name(), first.name());
  EXPECT_EQ(facts->own_drop_ins[0].went_well(), second.went_well());
  EXPECT_EQ(facts->own_duties.size(), 1u);
  EXPECT_EQ(facts->drop_ins.size(), 4u);
  EXPECT_EQ(facts->duties.size(), 1u);
  EXPECT_EQ(facts->modelled_lessons.size(), 1u);
  EXPECT_EQ(facts->headteachers.size(), 1u);
  ASSERT_EQ(facts->classes.size(), 1u);
  EXPECT_EQ(facts->classes[0].display_name(), "maple");
  ASSERT_EQ(facts->focuses.size(), 3u);
  EXPECT_EQ(facts->focuses[0].position(), 1);
  const auto beats = domain::BeatsOf(*facts, "trusts/acorn/people/head", D("2025-09-08"), D("2025-09-08"));
  EXPECT_EQ(beats[0].status(), v1::Beat::HELD);
  EXPECT_EQ(beats[0].count(), 2);
}

TEST_P(VisibilityReaderTest, ReadsCoverageOfASpanAndOfTheHalfTerm) {
  records_.AddClass("northgate", "maple", "2025-26");
  v1::Subject subject;
  subject.set_name("trusts/acorn/subjects/maths");
  records_.Put(subject);
  records_.Put(records_.DropIn("northgate", "head", At("2025-09-08", 9)));
  records_.Put(records_.DropIn("northgate", "head", At("2025-11-08", 9)));
  auto half_term = source_.ReadCoverage(kNorthgate, std::nullopt, D("2025-10-01"), Soon());
  ASSERT_TRUE(half_term.ok()) << half_term.status();
  EXPECT_EQ(half_term->span.end, D("2025-10-26"));
  EXPECT_EQ(half_term->drop_ins.size(), 1u);
  EXPECT_EQ(half_term->classes.size(), 1u);
  EXPECT_EQ(half_term->subjects.size(), 1u);
  auto span = source_.ReadCoverage(kNorthgate, calendar::DayRange{D("2025-09-01"), D("2025-12-31")}, D("2025-10-01"), Soon());
  ASSERT_TRUE(span.ok());
  EXPECT_EQ(span->drop_ins.size(), 2u);
}

TEST_P(VisibilityReaderTest, GaugesSayHowEachSchoolAndTheTrustStand) {
  records_.AddSchool("southgate");
  records_.AddYear("southgate", 2025);
  records_.AddTrust("empty");
  records_.Put(records_.DropIn("northgate", "head", At("2025-09-08", 9)));
  records_.Put(records_.Visit("northgate", At("2025-09-05", 9), v1::Visit::MADE));
  std::vector<service::ElementGauge> gauges;
  const VisibilityEvidence evidence(std::make_shared<SqlVisibilitySource>(records_.store()));
  const absl::Time now = At("2025-09-13", 12);
  ASSERT_TRUE(
      records_.store()
          .Read(Soon(),
                [&](fivestrand::store::Session& session) { return service::ReadEvidenceGauges(evidence, session, now, &gauges); })
          .ok());
  std::vector<std::string> said;
  for (const auto& gauge : gauges) {
    ASSERT_EQ(gauge.trust, "acorn");
    if (gauge.measure == "visible-headteacher.drop-in-days" || gauge.element == "leaders-in-schools") {
      said.push_back(gauge.school + " " + gauge.measure + " " + std::to_string(static_cast<int>(gauge.value * 100)));
    }
  }
  EXPECT_THAT(said,
              UnorderedElementsAre(" leaders-in-schools.days-since-visit 800", " leaders-in-schools.visits 50",
                                   " leaders-in-schools.schools-seen 50", " visible-headteacher.drop-in-days 20",
                                   "northgate leaders-in-schools.days-since-visit 800", "northgate leaders-in-schools.visits 100",
                                   "northgate visible-headteacher.drop-in-days 20", "southgate leaders-in-schools.visits 0"));
}

class CalendarReaderTest : public VisibilityReaderTest {
 protected:
  organisation::CalendarReader::Calendar Read(std::string_view school = kNorthgate) {
    organisation::CalendarReader::Calendar calendar;
    EXPECT_TRUE(records_.store()
                    .Read(Soon(),
                          [&](fivestrand::store::Session& session) {
                            auto read = reader_.Read(session, school);
                            if (read.ok()) calendar = *read;
                            return read.status();
                          })
                    .ok());
    return calendar;
  }

  v1::BankHoliday Holiday(const char* day) {
    v1::BankHoliday record;
    record.set_name(std::string("trusts/acorn/bankHolidays/") + day);
    *record.mutable_date() = calendar::ToProto(D(day));
    record.set_title("Extra");
    return record;
  }

  organisation::CalendarReader reader_{2};
};

INSTANTIATE_TEST_SUITE_P(Engines, CalendarReaderTest,
                         ::testing::Values(testing::EngineKind::kSqlite, testing::EngineKind::kPostgres),
                         [](const auto& info) { return std::string(testing::EngineName(info.param)); });

TEST_P(CalendarReaderTest, BuildsOnceAndAgainAfterAnyChange) {
  const auto first = Read();
  EXPECT_EQ(Read(), first);
  EXPECT_EQ(reader_.built(), 1);
  EXPECT_FALSE(first->IsPlanned({D("2026-09-10"), D("2026-09-10")}));

  records_.AddYear("northgate", 2026);
  EXPECT_TRUE(Read()->IsSchoolDay(D("2026-09-10")));
  EXPECT_EQ(reader_.built(), 2);

  EXPECT_TRUE(Read()->IsSchoolDay(D("2026-06-12")));
  const v1::BankHoliday holiday = Holiday("2026-06-12");
  records_.Put(holiday);
  EXPECT_EQ(Read()->KindOf(D("2026-06-12")), calendar::DayKind::kBankHoliday);
  EXPECT_EQ(Read()->NoteOf(D("2026-06-12")), "Extra");
  records_.Delete(holiday);
  EXPECT_TRUE(Read()->IsSchoolDay(D("2026-06-12")));
  EXPECT_EQ(Read()->KindOf(D("2026-05-04")), calendar::DayKind::kBankHoliday) << "by rule again";
  records_.Put(holiday);
  EXPECT_EQ(Read()->KindOf(D("2026-06-12")), calendar::DayKind::kBankHoliday) << "undeleted";
  records_.AddYear("northgate", 2026);  // the same year once more, a new revision
  Read();
  EXPECT_EQ(reader_.built(), 6);
  EXPECT_TRUE(first->IsSchoolDay(D("2026-06-12"))) << "a calendar that somebody holds never changes";
}

TEST_P(CalendarReaderTest, KeepsThoseUsedLast) {
  for (const char* school : {"a", "b", "c"}) {
    records_.AddSchool(school);
    records_.AddYear(school, 2025);
  }
  Read("trusts/acorn/schools/a");
  Read("trusts/acorn/schools/b");
  Read("trusts/acorn/schools/a");
  Read("trusts/acorn/schools/c");  // takes the place of b
  Read("trusts/acorn/schools/a");
  EXPECT_EQ(reader_.built(), 3);
  Read("trusts/acorn/schools/b");
  EXPECT_EQ(reader_.built(), 4);
}

TEST_P(CalendarReaderTest, ReadAllKnowsEverySchoolThatKeepsYears) {
  records_.AddSchool("a");
  records_.AddSchool("b");
  records_.AddYear("a", 2026);
  organisation::CalendarReader reader;
  const auto read = [&] {
    absl::flat_hash_map<std::string, organisation::CalendarReader::Calendar> all;
    EXPECT_TRUE(records_.store()
                    .Read(Soon(),
                          [&](fivestrand::store::Session& session) {
                            auto calendars = reader.ReadAll(session, "acorn");
                            if (calendars.ok()) all = *calendars;
                            return calendars.status();
                          })
                    .ok());
    return all;
  };
  auto all = read();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_TRUE(all["schools/a"]->IsSchoolDay(D("2026-09-10")));
  EXPECT_TRUE(all["schools/northgate"]->IsSchoolDay(D("2025-09-10")));
  EXPECT_EQ(read()["schools/a"], all["schools/a"]);
  EXPECT_EQ(reader.built(), 2);
  records_.Put(Holiday("2026-06-12"));
  read();
  EXPECT_EQ(reader.built(), 4);
}

TEST_P(CalendarReaderTest, ASchoolWithoutYearsPlansNothing) {
  EXPECT_TRUE(Read("trusts/acorn/schools/none")->years().empty());
}

}  // namespace
}  // namespace fivestrand::leadership::store
