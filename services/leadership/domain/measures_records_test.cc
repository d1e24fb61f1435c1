#include "services/leadership/domain/measures_records.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/resource/declaration.h"
#include "platform/resource/filter.h"
#include "services/leadership/domain/measures_readings.h"
#include "services/leadership/domain/measures_test_facts.h"

namespace fivestrand::leadership::domain {
namespace {

using evidence::v1::Reading;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kNorthgate[] = "trusts/acorn/schools/northgate";

std::vector<std::string> Queries(const Reading& reading) {
  std::vector<std::string> said;
  for (const auto& query : reading.records()) said.push_back(query.collection() + "?" + query.filter());
  return said;
}

Reading Latest(MeasureId id, const TrustFacts& facts, std::string scope, AsOf as_of) {
  MeasureReadings readings(facts, {std::move(scope), as_of, absl::UnixEpoch()});
  return readings.Summary(id, D("2025-09-01")).latest();
}

// In a filter of the list method, or the test fails.
void ExpectReadable(MeasureId id, const Reading& reading) {
  const google::protobuf::Descriptor* of[] = {v1::Visit::descriptor(), v1::DropIn::descriptor(), v1::Duty::descriptor(),
                                              v1::ModelledLesson::descriptor()};
  for (const auto* descriptor : of) {
    auto declaration = resource::Declaration::Compile(descriptor);
    ASSERT_TRUE(declaration.ok()) << declaration.status();
    if ((*declaration)->plural != RecordsCollection(id)) continue;
    for (const auto& query : reading.records()) {
      EXPECT_TRUE(query.collection().ends_with("/" + (*declaration)->plural));
      EXPECT_TRUE(resource::ParseFilter(**declaration, query.filter()).ok()) << query.filter();
    }
    return;
  }
  FAIL() << "no record is kept as " << RecordsCollection(id);
}

SchoolFacts Filled() {
  SchoolFacts school = School();
  DropIn(school, {"2025-09-08"});
  OnDuty(school, v1::Duty::BREAK, {"2025-09-08"});
  OnDuty(school, v1::Duty::GATE_END, {"2025-09-08"});
  school.modelled_lessons = {{D("2025-09-08"), kHead}};
  school.visits = {D("2025-09-08")};
  school.classes = {{0, 2025}};
  return school;
}

TEST(RecordQueriesTest, EveryFilterIsOneThatTheListMethodTakes) {
  const TrustFacts facts = TrustOf({Filled()});
  for (std::size_t i = 0; i < Measures().size(); ++i) {
    const auto id = static_cast<MeasureId>(i);
    const bool of_trust = IsTrustOnly(id);
    Reading reading = Latest(id, facts, of_trust ? facts.trust : kNorthgate, Closed("2025-09-10"));
    of_trust ? AddTrustRecordQueries(id, facts, D("2025-09-10"), reading)
             : AddRecordQueries(id, facts, facts.schools[0], D("2025-09-10"), reading);
    EXPECT_GT(reading.records_size(), 0) << DefinitionOf(id).measure;
    ExpectReadable(id, reading);
  }
}

TEST(RecordQueriesTest, NameTheHolderAndTheDaysInLondon) {
  const TrustFacts facts = TrustOf({Filled()});
  Reading reading = Latest(MeasureId::kDropInDays, facts, kNorthgate, Open("2025-09-10"));
  AddRecordQueries(MeasureId::kDropInDays, facts, facts.schools[0], D("2025-09-10"), reading);
  // Summer time: the Monday begins at 23:00 UTC on the Sunday. The query ends with the day that is asked about.
  EXPECT_THAT(Queries(reading),
              ElementsAre("trusts/acorn/schools/northgate/dropIns?leader = \"trusts/acorn/people/head\" AND "
                          "start_time >= \"2025-09-07T23:00:00+00:00\" AND start_time < \"2025-09-10T23:00:00+00:00\""));
}

TEST(RecordQueriesTest, AskOnceForEachHolderAndKind) {
  SchoolFacts school = Filled();
  school.headteachers = {{kHead, {D("2020-01-01"), D("2025-09-10")}},
                         {kOther, {D("2025-09-11"), kAlways.end}},
                         {kOther, {D("2010-09-11"), D("2019-12-31")}}};
  const TrustFacts facts = TrustOf({school});
  Reading reading = Latest(MeasureId::kGateDays, facts, kNorthgate, Closed("2025-09-12"));
  AddRecordQueries(MeasureId::kGateDays, facts, facts.schools[0], D("2025-09-12"), reading);
  const std::string first = "AND start_time >= \"2025-09-07T23:00:00+00:00\" AND start_time < \"2025-09-10T23:00:00+00:00\"";
  const std::string second = "AND start_time >= \"2025-09-10T23:00:00+00:00\" AND start_time < \"2025-09-12T23:00:00+00:00\"";
  EXPECT_THAT(
      Queries(reading),
      ElementsAre("trusts/acorn/schools/northgate/duties?leader = \"trusts/acorn/people/head\" AND kind = GATE_START " + first,
                  "trusts/acorn/schools/northgate/duties?leader = \"trusts/acorn/people/head\" AND kind = GATE_END " + first,
                  "trusts/acorn/schools/northgate/duties?leader = \"trusts/acorn/people/other\" AND kind = GATE_START " + second,
                  "trusts/acorn/schools/northgate/duties?leader = \"trusts/acorn/people/other\" AND kind = GATE_END " + second));
}

TEST(RecordQueriesTest, LeadToTheVisitThatTheDaysAreCountedFrom) {
  SchoolFacts school = School();
  school.visits = {D("2025-12-02"), D("2025-11-20")};
  const TrustFacts facts = TrustOf({school});
  Reading reading = Latest(MeasureId::kDaysSinceVisit, facts, kNorthgate, Open("2025-12-10"));
  AddRecordQueries(MeasureId::kDaysSinceVisit, facts, facts.schools[0], D("2025-12-10"), reading);
  EXPECT_THAT(Queries(reading),
              ElementsAre("trusts/acorn/schools/northgate/visits?state = MADE AND start_time >= \"2025-12-02T00:00:00+00:00\" AND "
                          "start_time < \"2025-12-03T00:00:00+00:00\""));
}

TEST(RecordQueriesTest, AreNotGivenWithoutAFigure) {
  SchoolFacts school = School();
  school.headteachers.clear();
  const TrustFacts facts = TrustOf({school});
  for (MeasureId id : {MeasureId::kDropInDays, MeasureId::kDaysSinceVisit, MeasureId::kClassCoverage}) {
    Reading reading = Latest(id, facts, kNorthgate, Closed("2025-09-12"));
    AddRecordQueries(id, facts, facts.schools[0], D("2025-09-12"), reading);
    EXPECT_THAT(Queries(reading), IsEmpty());
  }
}

TEST(TrustRecordQueriesTest, AskOverAllSchoolsOnlyWhereTheirPeriodsAgree) {
  SchoolFacts north = Filled(), south = Filled();
  south.name = "trusts/acorn/schools/southgate";
  const TrustFacts same = TrustOf({north, south});
  Reading reading = Latest(MeasureId::kSchoolsSeen, same, "trusts/acorn", Closed("2025-11-01"));
  AddTrustRecordQueries(MeasureId::kSchoolsSeen, same, D("2025-11-01"), reading);
  EXPECT_THAT(Queries(reading),
              ElementsAre("trusts/acorn/schools/-/visits?state = MADE AND start_time >= \"2025-11-01T00:00:00+00:00\" AND "
                          "start_time < \"2025-11-02T00:00:00+00:00\""));
  reading = Latest(MeasureId::kDropInDays, same, "trusts/acorn", Closed("2025-09-12"));
  AddTrustRecordQueries(MeasureId::kDropInDays, same, D("2025-09-12"), reading);
  EXPECT_THAT(Queries(reading), IsEmpty()) << "each school has its own headteacher";

  calendar::AcademicYearInput year = calendar::Year2025();
  year.terms[0].half_term_start = D("2025-10-20");
  south.calendar = Share(calendar::BuildOrDie({year}));
  const TrustFacts different = TrustOf({north, south});
  reading = Latest(MeasureId::kSchoolsSeen, different, "trusts/acorn", Closed("2025-10-10"));
  ASSERT_TRUE(reading.has_value());
  AddTrustRecordQueries(MeasureId::kSchoolsSeen, different, D("2025-10-10"), reading);
  EXPECT_THAT(Queries(reading), IsEmpty());
}

}  // namespace
}  // namespace fivestrand::leadership::domain
