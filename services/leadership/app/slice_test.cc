// The slice through the service's own server, on both engines: what a headteacher records, and what follows from it.
#include <condition_variable>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/events/v1/events.pb.h"
#include "fivestrand/evidence/v1/evidence.pb.h"
#include "fivestrand/leadership/v1/calendar_service.pb.h"
#include "fivestrand/leadership/v1/identity.pb.h"
#include "fivestrand/leadership/v1/organisation_service.pb.h"
#include "fivestrand/leadership/v1/people_service.pb.h"
#include "fivestrand/leadership/v1/visibility_service.pb.h"

#include "platform/rpc/bytes.h"
#include "platform/status/status.h"
#include "services/leadership/app/test_trust.h"

namespace fivestrand::leadership {
namespace {

using status::Reason;
using status::ReasonOf;
using testing::EngineKind;
using ::testing::SizeIs;
using testing::TestService;

constexpr char kSchool[] = "trusts/acorn/schools/northgate";
constexpr char kVisibility[] = "fivestrand.leadership.v1.VisibilityService.";

class SliceTest : public ::testing::TestWithParam<EngineKind> {
 protected:
  SliceTest() : trust_(GetParam()) {}

  template <typename Response>
  absl::StatusOr<Response> As(const identity::Caller& caller, const std::string& method, const google::protobuf::Message& request) {
    return trust_.service().Call<Response>(caller, method, request);
  }

  v1::CreateDropInRequest DropInRequest() {
    v1::CreateDropInRequest request;
    request.set_parent(kSchool);
    request.mutable_drop_in()->set_school_class(trust_.class_name());
    trust_.SetTime(-5, request.mutable_drop_in()->mutable_start_time());
    return request;
  }

  v1::LeaderDay Day() {
    v1::ReadDayRequest request;
    request.set_school(kSchool);
    auto day = As<v1::LeaderDay>(trust_.head(), absl::StrCat(kVisibility, "ReadDay"), request);
    EXPECT_TRUE(day.ok()) << day.status();
    return day.ok() ? *day : v1::LeaderDay();
  }

  static v1::Beat::Status StatusToday(const v1::LeaderDay& day, v1::Beat::Kind kind) {
    for (const v1::Beat& beat : day.beats()) {
      if (beat.kind() == kind && beat.date().day() == day.day().date().day()) return beat.status();
    }
    return v1::Beat::STATUS_UNSPECIFIED;
  }

  evidence::v1::Reading Latest(const std::string& measure) {
    evidence::v1::SummariseEvidenceRequest request;
    request.set_parent(kSchool);
    auto summary = As<evidence::v1::SummariseEvidenceResponse>(trust_.head(),
                                                               "fivestrand.evidence.v1.EvidenceService.SummariseEvidence", request);
    EXPECT_TRUE(summary.ok()) << summary.status();
    if (summary.ok()) {
      for (const auto& each : summary->summaries()) {
        if (each.measure().measure() == measure) return each.latest();
      }
    }
    ADD_FAILURE() << "no measure " << measure;
    return {};
  }

  TestTrust trust_;
};

TEST_P(SliceTest, ADropInChangesTheDayAndTheAdherenceAndItsUndoChangesThemBack) {
  v1::LeaderDay day = Day();
  EXPECT_EQ(day.day().kind(), v1::CalendarDay::SCHOOL_DAY);
  EXPECT_EQ(StatusToday(day, v1::Beat::DROP_IN), v1::Beat::DUE);
  ASSERT_EQ(day.classes_size(), 1);
  EXPECT_FALSE(day.classes(0).has_last_seen_time());
  const double before = Latest("visible-headteacher.drop-in-days").numerator();

  auto made = As<v1::DropIn>(trust_.head(), absl::StrCat(kVisibility, "CreateDropIn"), DropInRequest());
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->leader(), trust_.head().subject);
  day = Day();
  EXPECT_EQ(StatusToday(day, v1::Beat::DROP_IN), v1::Beat::HELD);
  EXPECT_THAT(day.drop_ins(), SizeIs(1));
  EXPECT_TRUE(day.classes(0).has_last_seen_time());
  EXPECT_EQ(Latest("visible-headteacher.drop-in-days").numerator(), before + 1);

  v1::DeleteDropInRequest undo;
  undo.set_name(made->name());
  undo.set_etag(made->etag());
  ASSERT_TRUE(As<v1::DropIn>(trust_.head(), absl::StrCat(kVisibility, "DeleteDropIn"), undo).ok());
  EXPECT_EQ(StatusToday(Day(), v1::Beat::DROP_IN), v1::Beat::DUE);
  EXPECT_EQ(Latest("visible-headteacher.drop-in-days").numerator(), before);
}

TEST_P(SliceTest, ATrustSaysHowFewPupilsAreFewWithinLimits) {
  v1::GetTrustRequest get;
  get.set_name("trusts/acorn");
  const std::string organisation = "fivestrand.leadership.v1.OrganisationService.";
  const auto set = [&](const identity::Caller& caller, int threshold) {
    v1::UpdateTrustRequest request;
    request.mutable_trust()->set_name("trusts/acorn");
    request.mutable_trust()->set_small_number_threshold(threshold);
    request.mutable_update_mask()->add_paths("small_number_threshold");
    return As<v1::Trust>(caller, absl::StrCat(organisation, "UpdateTrust"), request);
  };
  const identity::Caller administrator = TestService::Person("acorn", "admin", type::v1::ROLE_ADMINISTRATOR);
  for (const int threshold : {-1, 1, 2, 21}) {
    const absl::Status refused = set(administrator, threshold).status();
    ASSERT_TRUE(absl::IsInvalidArgument(refused)) << threshold;
    EXPECT_EQ(status::ViolationsOf(refused).at(0).field, "trust.small_number_threshold") << threshold;
  }
  for (const int threshold : {3, 20, 0, 7}) {
    const auto changed = set(administrator, threshold);
    ASSERT_TRUE(changed.ok()) << changed.status();
    EXPECT_EQ(changed->small_number_threshold(), threshold);
  }
  // Everybody may know it, and nobody else sets it.
  for (const auto role : {type::v1::ROLE_DATA_LEAD, type::v1::ROLE_CEO, type::v1::ROLE_DIRECTOR, type::v1::ROLE_TEACHER}) {
    const identity::Caller other = TestService::Person("acorn", "other", role);
    EXPECT_EQ(set(other, 3).status().code(), absl::StatusCode::kPermissionDenied);
    const auto read = As<v1::Trust>(other, absl::StrCat(organisation, "GetTrust"), get);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->small_number_threshold(), 7);
  }
}

TEST_P(SliceTest, WhatCannotBeIsRefusedByField) {
  v1::CreateDropInRequest request = DropInRequest();
  trust_.SetTime(60, request.mutable_drop_in()->mutable_start_time());
  absl::Status ahead = As<v1::DropIn>(trust_.head(), absl::StrCat(kVisibility, "CreateDropIn"), request).status();
  EXPECT_EQ(status::ViolationsOf(ahead).at(0).field, "drop_in.start_time");
  request = DropInRequest();
  request.mutable_drop_in()->set_school_class("trusts/acorn/schools/elmwood/classes/5-maple");
  absl::Status elsewhere = As<v1::DropIn>(trust_.head(), absl::StrCat(kVisibility, "CreateDropIn"), request).status();
  EXPECT_EQ(status::ViolationsOf(elsewhere).at(0).field, "drop_in.school_class");
  request = DropInRequest();
  request.mutable_drop_in()->set_leader(trust_.teacher().subject);
  absl::Status other = As<v1::DropIn>(trust_.head(), absl::StrCat(kVisibility, "CreateDropIn"), request).status();
  EXPECT_EQ(status::ViolationsOf(other).at(0).field, "drop_in.leader") << "nobody records for somebody else";
  v1::CreateAcademicYearRequest year;
  year.set_parent("trusts/acorn/schools/elmwood");
  year.set_academic_year_id("2026-27");
  for (int i = 0; i < 3; ++i) {
    auto* term = year.mutable_academic_year()->add_terms();
    term->set_season(static_cast<v1::AcademicYear::Term::Season>(i + 1));
    for (auto* date : {term->mutable_start_date(), term->mutable_end_date(), term->mutable_half_term_start_date(),
                       term->mutable_half_term_end_date()}) {
      date->set_year(2026);
      date->set_month(9);
      date->set_day(2);
    }
  }
  absl::Status calendar =
      As<v1::AcademicYear>(TestService::Operator(), "fivestrand.leadership.v1.CalendarService.CreateAcademicYear", year).status();
  ASSERT_TRUE(absl::IsInvalidArgument(calendar)) << calendar;
  EXPECT_THAT(status::ViolationsOf(calendar).at(0).field, ::testing::HasSubstr("academic_year.terms["));
}

TEST_P(SliceTest, AVisitIsPlannedCompletedAndItsPrivateNoteIsTheVisitorsAlone) {
  v1::CreateVisitRequest create;
  create.set_parent(kSchool);
  create.mutable_visit()->set_purpose("Reading");
  create.mutable_visit()->set_private_note("Ask how the deputy is");
  trust_.SetTime(120, create.mutable_visit()->mutable_start_time());
  auto visit = As<v1::Visit>(trust_.ceo(), absl::StrCat(kVisibility, "CreateVisit"), create);
  ASSERT_TRUE(visit.ok()) << visit.status();
  EXPECT_EQ(visit->state(), v1::Visit::PLANNED);
  v1::CompleteVisitRequest complete;
  complete.set_name(visit->name());
  EXPECT_EQ(ReasonOf(As<v1::Visit>(trust_.ceo(), absl::StrCat(kVisibility, "CompleteVisit"), complete).status()),
            Reason::kRuleRefused)
      << "lies ahead";
  trust_.service().clock().Advance(absl::Hours(3));
  EXPECT_TRUE(
      absl::IsPermissionDenied(As<v1::Visit>(trust_.head(), absl::StrCat(kVisibility, "CompleteVisit"), complete).status()));
  auto made = As<v1::Visit>(trust_.ceo(), absl::StrCat(kVisibility, "CompleteVisit"), complete);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->state(), v1::Visit::MADE);
  EXPECT_EQ(made->private_note(), "Ask how the deputy is");
  v1::GetVisitRequest get;
  get.set_name(visit->name());
  auto seen_by_head = As<v1::Visit>(trust_.head(), absl::StrCat(kVisibility, "GetVisit"), get);
  ASSERT_TRUE(seen_by_head.ok()) << seen_by_head.status();
  EXPECT_EQ(seen_by_head->private_note(), "");
  EXPECT_EQ(seen_by_head->purpose(), "Reading");
  v1::CancelVisitRequest cancel;
  cancel.set_name(visit->name());
  EXPECT_EQ(ReasonOf(As<v1::Visit>(trust_.ceo(), absl::StrCat(kVisibility, "CancelVisit"), cancel).status()), Reason::kRuleRefused);
}

TEST_P(SliceTest, ScreensHearOfWhatTheyMayList) {
  events::v1::WatchChangesRequest watch;
  watch.set_parent(kSchool);
  struct Heard {
    std::mutex mutex;
    std::condition_variable wake;
    std::vector<events::v1::Change> changes;
  };
  auto listen = [&](const identity::Caller& caller, std::shared_ptr<Heard> heard) {
    rpc::CallOptions options;
    options.token = trust_.service().TokenFor(caller);
    return trust_.service().client().Stream(
        "/fivestrand.events.v1.ChangeService/WatchChanges", rpc::ToByteBuffer(watch), options,
        [heard](grpc::ByteBuffer bytes) {
          events::v1::Change change;
          EXPECT_TRUE(rpc::ParseByteBuffer(bytes, &change));
          std::lock_guard lock(heard->mutex);
          heard->changes.push_back(change);
          heard->wake.notify_all();
          return true;
        },
        [](absl::Status) {});
  };
  auto wait = [](Heard& heard, size_t count) {
    std::unique_lock lock(heard.mutex);
    return heard.wake.wait_for(lock, std::chrono::seconds(20), [&] { return heard.changes.size() >= count; });
  };
  auto by_head = std::make_shared<Heard>(), by_support = std::make_shared<Heard>(), by_teacher = std::make_shared<Heard>();
  auto head = listen(trust_.head(), by_head);
  auto support = listen(TestService::Person("acorn", "support", type::v1::ROLE_SUPPORT_STAFF, {"northgate"}), by_support);
  auto teacher = listen(trust_.teacher(), by_teacher);
  // The first message says that the stream is open; what happens from then on is heard.
  ASSERT_TRUE(wait(*by_head, 1) && wait(*by_support, 1) && wait(*by_teacher, 1));
  auto drop_in = As<v1::DropIn>(trust_.head(), absl::StrCat(kVisibility, "CreateDropIn"), DropInRequest());
  ASSERT_TRUE(drop_in.ok()) << drop_in.status();
  v1::UpdateSchoolRequest school;
  school.mutable_school()->set_name(kSchool);
  school.mutable_school()->set_town("Fictional Town");
  ASSERT_TRUE(As<v1::School>(TestService::Operator(), "fivestrand.leadership.v1.OrganisationService.UpdateSchool", school).ok());
  ASSERT_TRUE(wait(*by_head, 3));
  ASSERT_TRUE(wait(*by_teacher, 3)) << "the drop-in concerns the teacher";
  ASSERT_TRUE(wait(*by_support, 2));
  for (auto& stream : {head, support, teacher}) stream->Cancel();
  std::lock_guard lock(by_support->mutex);
  ASSERT_THAT(by_support->changes, SizeIs(2));
  EXPECT_EQ(by_support->changes[1].resource(), kSchool) << "support staff cannot list drop-ins, so they do not hear of one";
}

TEST_P(SliceTest, TheGatewayLearnsWhoSomebodyIsUntilTheirLastDay) {
  v1::CreateRoleGrantRequest grant;
  grant.set_parent("trusts/acorn");
  grant.mutable_role_grant()->set_person(trust_.head().subject);
  grant.mutable_role_grant()->set_role(type::v1::ROLE_HEADTEACHER);
  grant.mutable_role_grant()->add_schools(kSchool);
  grant.mutable_role_grant()->mutable_start_date()->set_year(2026);
  grant.mutable_role_grant()->mutable_start_date()->set_month(9);
  grant.mutable_role_grant()->mutable_start_date()->set_day(1);
  ASSERT_TRUE(As<v1::RoleGrant>(TestService::Operator(), "fivestrand.leadership.v1.PeopleService.CreateRoleGrant", grant).ok());
  v1::ResolveIdentityRequest resolve;
  resolve.set_email("head@acorn.example");
  resolve.set_trust("trusts/acorn");
  const std::string method = "fivestrand.leadership.v1.IdentityService.ResolveIdentity";
  auto identity = As<v1::Identity>(TestService::Process(), method, resolve);
  ASSERT_TRUE(identity.ok()) << identity.status();
  EXPECT_EQ(identity->person(), trust_.head().subject);
  EXPECT_EQ(identity->post_title(), "Headteacher");
  EXPECT_EQ(identity->school_display_name(), "northgate Primary");
  EXPECT_THAT(identity->grants(), SizeIs(1));
  EXPECT_TRUE(absl::IsPermissionDenied(As<v1::Identity>(trust_.head(), method, resolve).status())) << "for processes only";
  v1::UpdatePersonRequest leaves;
  leaves.mutable_person()->set_name(trust_.head().subject);
  leaves.mutable_person()->mutable_end_date()->set_year(2026);
  leaves.mutable_person()->mutable_end_date()->set_month(11);
  leaves.mutable_person()->mutable_end_date()->set_day(24);
  ASSERT_TRUE(As<v1::Person>(TestService::Operator(), "fivestrand.leadership.v1.PeopleService.UpdatePerson", leaves).ok());
  EXPECT_TRUE(As<v1::Identity>(TestService::Process(), method, resolve).ok()) << "the last day counts";
  trust_.service().clock().Advance(absl::Hours(24));
  EXPECT_TRUE(absl::IsNotFound(As<v1::Identity>(TestService::Process(), method, resolve).status()));
  v1::ListIdentitiesRequest list;
  list.set_page_size(1);
  auto page =
      As<v1::ListIdentitiesResponse>(TestService::Process(), "fivestrand.leadership.v1.IdentityService.ListIdentities", list);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_THAT(page->identities(), SizeIs(1));
  EXPECT_EQ(page->identities(0).display_name(), "Cara Executive");
  list.set_page_token(page->next_page_token());
  page = As<v1::ListIdentitiesResponse>(TestService::Process(), "fivestrand.leadership.v1.IdentityService.ListIdentities", list);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->identities(0).display_name(), "Theo Teacher");
  EXPECT_EQ(page->next_page_token(), "");
}

INSTANTIATE_TEST_SUITE_P(Engines, SliceTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::leadership
