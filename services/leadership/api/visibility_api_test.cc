// Evidence, the leader's day, coverage and calendar days as callers of the whole service see them.
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/evidence/v1/evidence.pb.h"
#include "fivestrand/leadership/v1/calendar_service.pb.h"
#include "fivestrand/leadership/v1/visibility_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/status/status.h"
#include "services/leadership/app/test_trust.h"

namespace fivestrand::leadership {
namespace {

using absl::StatusCode;
using evidence::v1::ListReadingsRequest;
using evidence::v1::ListReadingsResponse;
using evidence::v1::MeasureSummary;
using evidence::v1::SummariseEvidenceRequest;
using evidence::v1::SummariseEvidenceResponse;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::TestService;

constexpr char kEvidence[] = "fivestrand.evidence.v1.EvidenceService.";
constexpr char kVisibility[] = "fivestrand.leadership.v1.VisibilityService.";
constexpr char kNorthgate[] = "trusts/acorn/schools/northgate";

google::type::Date Date(int year, int month, int day) {
  return calendar::ToProto(absl::CivilDay(year, month, day));
}

// It is Tuesday 24 November 2026, 10:00.
class VisibilityApiTest : public ::testing::Test {
 protected:
  identity::Caller director() const { return TestService::Person("acorn", "ceo", type::v1::ROLE_DIRECTOR); }

  template <typename Response, typename Request>
  absl::StatusOr<Response> Call(const identity::Caller& caller, const std::string& method, const Request& request) {
    return trust_.service().Call<Response>(caller, method, request);
  }

  void DropIn(const identity::Caller& caller, int minutes = 0) {
    v1::CreateDropInRequest request;
    request.set_parent(kNorthgate);
    request.mutable_drop_in()->set_school_class(trust_.class_name());
    request.mutable_drop_in()->set_subject("trusts/acorn/subjects/maths");
    trust_.SetTime(minutes, request.mutable_drop_in()->mutable_start_time());
    const auto made = Call<v1::DropIn>(caller, absl::StrCat(kVisibility, "CreateDropIn"), request);
    ASSERT_TRUE(made.ok()) << made.status();
  }

  void Visit(int minutes) {
    v1::CreateVisitRequest request;
    request.set_parent(kNorthgate);
    request.mutable_visit()->set_purpose("Walk through");
    trust_.SetTime(minutes, request.mutable_visit()->mutable_start_time());
    const auto made = Call<v1::Visit>(trust_.ceo(), absl::StrCat(kVisibility, "CreateVisit"), request);
    ASSERT_TRUE(made.ok()) << made.status();
  }

  absl::StatusOr<SummariseEvidenceResponse> Summarise(const identity::Caller& caller, const std::string& parent) {
    SummariseEvidenceRequest request;
    request.set_parent(parent);
    return Call<SummariseEvidenceResponse>(caller, absl::StrCat(kEvidence, "SummariseEvidence"), request);
  }

  MeasureSummary SummaryOf(const identity::Caller& caller, const std::string& parent, const std::string& measure) {
    const auto response = Summarise(caller, parent);
    EXPECT_TRUE(response.ok()) << response.status();
    if (!response.ok()) return {};
    for (const MeasureSummary& summary : response->summaries()) {
      if (summary.measure().measure() == measure) return summary;
    }
    ADD_FAILURE() << "no " << measure;
    return {};
  }

  StatusCode CodeOf(const identity::Caller& caller, const std::string& parent) { return Summarise(caller, parent).status().code(); }

  absl::StatusOr<ListReadingsResponse> List(const identity::Caller& caller, const ListReadingsRequest& request) {
    return Call<ListReadingsResponse>(caller, absl::StrCat(kEvidence, "ListReadings"), request);
  }

  TestTrust trust_{testing::EngineKind::kSqlite};
};

TEST_F(VisibilityApiTest, ADropInChangesTheHeadteachersDayAndTheFigure) {
  v1::ReadDayRequest request;
  request.set_school(kNorthgate);
  auto day = Call<v1::LeaderDay>(trust_.head(), absl::StrCat(kVisibility, "ReadDay"), request);
  ASSERT_TRUE(day.ok()) << day.status();
  EXPECT_EQ(day->day().kind(), v1::CalendarDay::SCHOOL_DAY);
  const auto drop_in_today = [&] {
    for (const v1::Beat& beat : day->beats()) {
      if (beat.kind() == v1::Beat::DROP_IN && beat.date().day() == 24) return beat.status();
    }
    return v1::Beat::STATUS_UNSPECIFIED;
  };
  EXPECT_EQ(drop_in_today(), v1::Beat::DUE);
  ASSERT_EQ(day->classes_size(), 1);
  EXPECT_FALSE(day->classes(0).has_last_seen_time());
  // Monday was missed; today is not decided yet.
  EXPECT_EQ(SummaryOf(trust_.head(), kNorthgate, "visible-headteacher.drop-in-days").latest().value(), 0);
  EXPECT_EQ(SummaryOf(trust_.head(), kNorthgate, "visible-headteacher.drop-in-days").latest().denominator(), 1);

  DropIn(trust_.head());
  day = Call<v1::LeaderDay>(trust_.head(), absl::StrCat(kVisibility, "ReadDay"), request);
  ASSERT_TRUE(day.ok()) << day.status();
  EXPECT_EQ(drop_in_today(), v1::Beat::HELD);
  ASSERT_EQ(day->drop_ins_size(), 1);
  EXPECT_EQ(day->drop_ins(0).school_class(), trust_.class_name());
  EXPECT_EQ(day->classes(0).drop_in_count(), 1);
  EXPECT_TRUE(day->classes(0).has_last_seen_time());
  const MeasureSummary summary = SummaryOf(trust_.head(), kNorthgate, "visible-headteacher.drop-in-days");
  EXPECT_EQ(summary.latest().numerator(), 1);
  EXPECT_EQ(summary.latest().denominator(), 2);
  EXPECT_EQ(summary.latest().period().label(), "Week 12");
  EXPECT_EQ(summary.trend_size(), 12);
  EXPECT_EQ(SummaryOf(trust_.head(), kNorthgate, "visible-headteacher.class-coverage").latest().value(), 1);
}

TEST_F(VisibilityApiTest, AFigureOpensToItsRecordsForThoseWhoMayListThem) {
  DropIn(trust_.head());
  DropIn(trust_.head(), -60 * 24 * 7);  // last week
  const auto latest = SummaryOf(trust_.head(), kNorthgate, "visible-headteacher.drop-in-days").latest();
  ASSERT_EQ(latest.records_size(), 1);
  EXPECT_EQ(latest.records(0).collection(), absl::StrCat(kNorthgate, "/dropIns"));
  v1::ListDropInsRequest list;
  list.set_parent(kNorthgate);
  list.set_filter(latest.records(0).filter());
  const auto records = Call<v1::ListDropInsResponse>(trust_.head(), absl::StrCat(kVisibility, "ListDropIns"), list);
  ASSERT_TRUE(records.ok()) << records.status();
  EXPECT_EQ(records->drop_ins_size(), 1);

  // The staff of the school and directors see the figure and not the records.
  for (const identity::Caller& caller : {trust_.teacher(), director()}) {
    const auto seen = SummaryOf(caller, kNorthgate, "visible-headteacher.drop-in-days").latest();
    EXPECT_EQ(seen.value(), latest.value());
    EXPECT_EQ(seen.records_size(), 0);
  }
}

TEST_F(VisibilityApiTest, VisitsCountOnceMade) {
  EXPECT_EQ(SummaryOf(trust_.ceo(), kNorthgate, "leaders-in-schools.days-since-visit").latest().no_value_reason(),
            evidence::v1::NOT_KEPT_YET);
  Visit(60 * 24);  // planned for tomorrow
  EXPECT_EQ(SummaryOf(trust_.ceo(), kNorthgate, "leaders-in-schools.visits").latest().value(), 0);
  Visit(-60 * 24 * 5);
  EXPECT_EQ(SummaryOf(trust_.ceo(), kNorthgate, "leaders-in-schools.visits").latest().value(), 1);
  const auto since = SummaryOf(trust_.ceo(), kNorthgate, "leaders-in-schools.days-since-visit").latest();
  EXPECT_EQ(since.value(), 5);
  ASSERT_EQ(since.records_size(), 1);
  v1::ListVisitsRequest list;
  list.set_parent(kNorthgate);
  list.set_filter(since.records(0).filter());
  const auto visits = Call<v1::ListVisitsResponse>(trust_.ceo(), absl::StrCat(kVisibility, "ListVisits"), list);
  ASSERT_TRUE(visits.ok()) << visits.status();
  EXPECT_EQ(visits->visits_size(), 1);

  const auto seen = SummaryOf(director(), "trusts/acorn", "leaders-in-schools.schools-seen").latest();
  EXPECT_EQ(seen.numerator(), 1);
  EXPECT_EQ(seen.denominator(), 2) << "the school without a calendar is not forgotten";
}

TEST_F(VisibilityApiTest, FiguresAreForTheSchoolAndForThoseAboveIt) {
  EXPECT_EQ(CodeOf(trust_.head(), kNorthgate), StatusCode::kOk);
  EXPECT_EQ(CodeOf(trust_.teacher(), kNorthgate), StatusCode::kOk);
  EXPECT_EQ(CodeOf(trust_.head(), "trusts/acorn/schools/elmwood"), StatusCode::kPermissionDenied);
  EXPECT_EQ(CodeOf(trust_.head(), "trusts/acorn/schools/none"), StatusCode::kPermissionDenied);
  EXPECT_EQ(CodeOf(trust_.head(), "trusts/acorn"), StatusCode::kPermissionDenied);
  EXPECT_EQ(CodeOf(trust_.ceo(), "trusts/acorn"), StatusCode::kOk);
  EXPECT_EQ(CodeOf(trust_.ceo(), "trusts/acorn/schools/elmwood"), StatusCode::kOk);
  EXPECT_EQ(CodeOf(trust_.ceo(), "trusts/acorn/schools/none"), StatusCode::kNotFound);
  EXPECT_EQ(CodeOf(trust_.ceo(), "trusts/birch"), StatusCode::kPermissionDenied);
  EXPECT_EQ(CodeOf(trust_.ceo(type::v1::ROLE_HR_DIRECTOR), "trusts/acorn"), StatusCode::kPermissionDenied);
  const auto elmwood = SummaryOf(trust_.ceo(), "trusts/acorn/schools/elmwood", "visible-headteacher.drop-in-days");
  EXPECT_EQ(elmwood.latest().no_value_reason(), evidence::v1::NO_CALENDAR);
}

TEST_F(VisibilityApiTest, SummariesRefuseWhatTheyCannotAnswer) {
  for (const char* parent : {"trusts/acorn/people/head", "trusts/acorn/schools/-", "trusts/-"})
    EXPECT_NE(CodeOf(trust_.ceo(), parent), StatusCode::kOk) << parent;
  SummariseEvidenceRequest request;
  request.set_parent(kNorthgate);
  const auto code = [&] {
    return Call<SummariseEvidenceResponse>(trust_.head(), absl::StrCat(kEvidence, "SummariseEvidence"), request).status().code();
  };
  *request.mutable_as_of() = Date(2026, 11, 25);
  EXPECT_EQ(code(), StatusCode::kInvalidArgument) << "tomorrow";
  *request.mutable_as_of() = Date(2026, 11, 24);
  EXPECT_EQ(code(), StatusCode::kOk);
  request.mutable_as_of()->set_day(31);
  EXPECT_EQ(code(), StatusCode::kInvalidArgument) << "31 November";
}

TEST_F(VisibilityApiTest, SummariesAreAsOfADayAndOfTheElementsAskedFor) {
  DropIn(trust_.head());
  SummariseEvidenceRequest request;
  request.set_parent(kNorthgate);
  request.add_elements("visible-headteacher");
  request.add_elements("coaching");  // of another service
  *request.mutable_as_of() = Date(2026, 11, 22);
  const auto response = Call<SummariseEvidenceResponse>(trust_.head(), absl::StrCat(kEvidence, "SummariseEvidence"), request);
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_EQ(response->summaries_size(), 5);
  EXPECT_EQ(response->summaries(0).latest().period().label(), "Week 11");
  EXPECT_TRUE(response->summaries(0).latest().final());
  EXPECT_EQ(response->summaries(0).latest().numerator(), 0);
}

TEST_F(VisibilityApiTest, ListReadingsGivesOneAPeriod) {
  DropIn(trust_.head());
  ListReadingsRequest request;
  request.set_parent(kNorthgate);
  request.set_measure("visible-headteacher.drop-in-days");
  auto readings = List(trust_.head(), request);
  ASSERT_TRUE(readings.ok()) << readings.status();
  EXPECT_EQ(readings->readings_size(), 12);
  EXPECT_EQ(readings->readings(11).numerator(), 1);
  EXPECT_EQ(readings->readings(11).records_size(), 1);
  request.set_period_kind(evidence::v1::DAY);
  *request.mutable_start_date() = Date(2026, 11, 23);
  readings = List(trust_.head(), request);
  ASSERT_TRUE(readings.ok());
  EXPECT_EQ(readings->readings_size(), 2);

  const auto refused = [&](auto change) {
    ListReadingsRequest wrong = request;
    change(wrong);
    const auto answer = List(trust_.head(), wrong);
    return answer.ok() ? std::vector<std::string>{"OK"} : [&] {
      std::vector<std::string> fields;
      for (const auto& violation : status::ViolationsOf(answer.status())) fields.push_back(violation.field);
      return fields;
    }();
  };
  EXPECT_THAT(refused([](auto& wrong) { wrong.set_measure("visible-headteacher.ranking"); }), ElementsAre("measure"));
  EXPECT_THAT(refused([](auto& wrong) { wrong.set_measure("leaders-in-schools.schools-seen"); }), ElementsAre("measure"));
  EXPECT_THAT(refused([](auto& wrong) { *wrong.mutable_end_date() = Date(2026, 11, 22); }), ElementsAre("end_date"));
  EXPECT_THAT(refused([](auto& wrong) { *wrong.mutable_start_date() = Date(1995, 1, 1); }), ElementsAre("end_date"));
  EXPECT_THAT(refused([](auto& wrong) { wrong.mutable_start_date()->clear_year(); }), ElementsAre("start_date"));
}

TEST_F(VisibilityApiTest, EveryMemberOfTheTrustMayKnowWhatIsMeasured) {
  evidence::v1::ListMeasuresRequest request;
  request.set_parent("trusts/acorn");
  const auto measures =
      Call<evidence::v1::ListMeasuresResponse>(trust_.teacher(), absl::StrCat(kEvidence, "ListMeasures"), request);
  ASSERT_TRUE(measures.ok()) << measures.status();
  EXPECT_EQ(measures->measures_size(), 8);
  request.set_parent("trusts/birch");
  EXPECT_EQ(
      Call<evidence::v1::ListMeasuresResponse>(trust_.teacher(), absl::StrCat(kEvidence, "ListMeasures"), request).status().code(),
      StatusCode::kPermissionDenied);
}

TEST_F(VisibilityApiTest, CoverageShowsATeacherOnlyTheirOwn) {
  DropIn(trust_.head());
  v1::ReadCoverageRequest request;
  request.set_school(kNorthgate);
  const std::string method = absl::StrCat(kVisibility, "ReadCoverage");
  auto coverage = Call<v1::Coverage>(trust_.head(), method, request);
  ASSERT_TRUE(coverage.ok()) << coverage.status();
  ASSERT_EQ(coverage->cells_size(), 2);
  EXPECT_EQ(coverage->cells(0).subject(), "trusts/acorn/subjects/english");
  EXPECT_EQ(coverage->cells(0).drop_in_count(), 0);
  EXPECT_EQ(coverage->cells(1).drop_in_count(), 1);
  EXPECT_EQ(calendar::FromProto(coverage->end_date()), absl::CivilDay(2026, 12, 18));

  coverage = Call<v1::Coverage>(trust_.teacher(), method, request);
  ASSERT_TRUE(coverage.ok()) << coverage.status();
  ASSERT_EQ(coverage->classes_size(), 1);
  EXPECT_EQ(coverage->classes(0).drop_in_count(), 1);
  coverage = Call<v1::Coverage>(TestService::Person("acorn", "somebody", type::v1::ROLE_TEACHER, {"northgate"}), method, request);
  ASSERT_TRUE(coverage.ok()) << coverage.status();
  EXPECT_EQ(coverage->classes_size(), 0);
  EXPECT_EQ(Call<v1::Coverage>(director(), method, request).status().code(), StatusCode::kPermissionDenied);

  *request.mutable_start_date() = Date(2025, 1, 1);
  EXPECT_EQ(Call<v1::Coverage>(trust_.head(), method, request).status().code(), StatusCode::kInvalidArgument)
      << "more than 400 days";
}

TEST_F(VisibilityApiTest, CalendarDaysSayWhatEachDayIs) {
  v1::ListCalendarDaysRequest request;
  request.set_parent(kNorthgate);
  const std::string method = "fivestrand.leadership.v1.CalendarService.ListCalendarDays";
  auto days = Call<v1::ListCalendarDaysResponse>(trust_.teacher(), method, request);
  ASSERT_TRUE(days.ok()) << days.status();
  ASSERT_EQ(days->calendar_days_size(), 1);
  EXPECT_EQ(days->calendar_days(0).school_week(), 12);
  *request.mutable_start_date() = Date(2026, 9, 1);
  *request.mutable_end_date() = Date(2027, 8, 31);
  days = Call<v1::ListCalendarDaysResponse>(trust_.teacher(), method, request);
  ASSERT_TRUE(days.ok()) << days.status();
  ASSERT_EQ(days->calendar_days_size(), 365);
  EXPECT_EQ(days->calendar_days(2).kind(), v1::CalendarDay::INSET);
  EXPECT_EQ(days->calendar_days(115).kind(), v1::CalendarDay::BANK_HOLIDAY);
  EXPECT_EQ(days->calendar_days(115).note(), "Christmas Day");
  *request.mutable_end_date() = Date(2027, 10, 7);
  EXPECT_EQ(Call<v1::ListCalendarDaysResponse>(trust_.teacher(), method, request).status().code(), StatusCode::kInvalidArgument);
  request.clear_start_date();
  request.clear_end_date();
  request.set_parent("trusts/acorn/schools/none");
  EXPECT_EQ(Call<v1::ListCalendarDaysResponse>(trust_.teacher(), method, request).status().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace fivestrand::leadership
