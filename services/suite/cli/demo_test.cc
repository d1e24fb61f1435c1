// The demonstration trust, loaded into the service itself.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "fivestrand/evidence/v1/evidence.pb.h"
#include "fivestrand/leadership/v1/identity.pb.h"
#include "fivestrand/leadership/v1/organisation_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/calendar/calendar_proto.h"
#include "services/leadership/app/leadership_spec.h"
#include "services/suite/cli/test_commands.h"
#include "services/suite/cli/trust_command.h"
#include "services/suite/demo/demo_loader.h"

namespace fivestrand::cli {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Le;
using testing::TestService;

// Breaks down after so many tokens.
class FailingSigner final : public identity::TokenSigner {
 public:
  FailingSigner(const identity::TokenSigner* signer, int tokens) : signer_(signer), left_(tokens) {}
  absl::StatusOr<std::string> Sign(const identity::Caller& caller) const override {
    return left_-- > 0 ? signer_->Sign(caller) : absl::StatusOr<std::string>(absl::UnavailableError("no more"));
  }
  std::string Jwks() const override { return {}; }
  std::string kid() const override { return {}; }
  absl::Status Reload() override { return absl::OkStatus(); }

 private:
  const identity::TokenSigner* const signer_;
  mutable int left_;
};

class DemoTest : public CommandTest {
 protected:
  demo::DemoOptions Options() {
    demo::DemoOptions options;
    options.now = service_.clock().Now();
    return options;
  }

  // Everything that a second load could have changed.
  std::map<std::string, int> Counts() {
    std::map<std::string, int> counts;
    for (const char* table :
         {"trust", "school", "school_class", "person", "post", "role_grant", "line_management", "subject", "teaching_focus",
          "academic_year", "bank_holiday", "drop_in", "duty", "modelled_lesson", "visit", "outbox", "audit"}) {
      counts[table] = Count(table);
    }
    return counts;
  }

  // A measure over the one period in this span, by school; NaN when it has no value.
  std::map<std::string, double> Values(const std::string& measure, evidence::v1::PeriodKind kind, absl::CivilDay start,
                                       absl::CivilDay end) {
    leadership::v1::ListSchoolsRequest list;
    list.set_parent("trusts/acorn");
    const auto schools = Ask<leadership::v1::ListSchoolsResponse>("OrganisationService.ListSchools", list);
    std::map<std::string, double> values;
    for (const auto& school : schools.schools()) {
      evidence::v1::ListReadingsRequest request;
      request.set_parent(school.name());
      request.set_measure(measure);
      *request.mutable_start_date() = calendar::ToProto(start);
      *request.mutable_end_date() = calendar::ToProto(end);
      request.set_period_kind(kind);
      auto readings = service_.Call<evidence::v1::ListReadingsResponse>(
          TestService::Operator(), "fivestrand.evidence.v1.EvidenceService.ListReadings", request);
      EXPECT_TRUE(readings.ok()) << readings.status();
      const bool has_one = readings.ok() && readings->readings_size() == 1 && readings->readings(0).has_value();
      values[school.name()] = has_one ? readings->readings(0).value() : std::nan("");
    }
    return values;
  }
};

TEST_F(DemoTest, LoadsATrustWithAYearOfRecords) {
  EXPECT_FALSE(*demo::DemoLoaded(service_.client(), signer_));
  const absl::Time began = absl::Now();
  const auto count = demo::LoadDemo({&service_.client()}, signer_, Options());
  ASSERT_TRUE(count.ok()) << count.status() << "\n" << service_.log().substr(0, 4000);
  RecordProperty("milliseconds", static_cast<int>(absl::ToInt64Milliseconds(absl::Now() - began)));
  RecordProperty("records", *count);
  EXPECT_TRUE(*demo::DemoLoaded(service_.client(), signer_));

  const auto counts = Counts();
  for (const auto& [table, rows] : counts) RecordProperty(table, rows);
  EXPECT_EQ(counts.at("school"), 7);
  EXPECT_THAT(counts.at("person"), AllOf(Ge(450), Le(600)));
  EXPECT_GE(counts.at("post"), counts.at("person"));
  EXPECT_EQ(counts.at("academic_year"), 14);
  EXPECT_THAT(counts.at("school_class"), AllOf(Ge(100), Le(1000)));
  // Seven schools, some 250 school days since the first of September of last year.
  EXPECT_THAT(counts.at("drop_in"), AllOf(Ge(3000), Le(12000)));
  EXPECT_THAT(counts.at("duty"), AllOf(Ge(2000), Le(10000)));
  EXPECT_THAT(counts.at("modelled_lesson"), AllOf(Ge(20), Le(300)));
  EXPECT_THAT(counts.at("visit"), AllOf(Ge(150), Le(1500)));

  // Habits differ, and so do the figures.
  const auto differs = [&](const std::string& measure, std::size_t at_least, const std::map<std::string, double>& values) {
    double least = 2, most = -1;
    std::set<double> distinct;
    for (const auto& [school, value] : values) {
      EXPECT_FALSE(std::isnan(value)) << school << " " << measure;
      distinct.insert(value);
      least = std::min(least, value);
      most = std::max(most, value);
      RecordProperty(absl::StrCat(measure, " ", school.substr(school.rfind('/') + 1)), absl::StrCat(value));
    }
    EXPECT_GE(distinct.size(), at_least) << measure;
    EXPECT_GE(most - least, 0.1) << measure;
  };
  for (const char* measure :
       {"visible-headteacher.drop-in-days", "visible-headteacher.break-duty-days", "visible-headteacher.gate-days"}) {
    differs(measure, 5, Values(measure, evidence::v1::ACADEMIC_YEAR, absl::CivilDay(2025, 9, 1), absl::CivilDay(2026, 8, 31)));
  }
  // Over a year nearly every class is seen somewhen.
  const char* const coverage = "visible-headteacher.class-coverage";
  differs(coverage, 3, Values(coverage, evidence::v1::HALF_TERM, absl::CivilDay(2026, 9, 10), absl::CivilDay(2026, 10, 9)));

  // People whom a newcomer can sign in as.
  leadership::v1::ListIdentitiesRequest identities;
  identities.set_parent("trusts/acorn");
  identities.add_post_kinds(leadership::v1::Post::HEADTEACHER);
  auto heads = service_.Call<leadership::v1::ListIdentitiesResponse>(
      TestService::Process(), "fivestrand.leadership.v1.IdentityService.ListIdentities", identities);
  ASSERT_TRUE(heads.ok()) << heads.status();
  EXPECT_EQ(heads->identities_size(), 7);

  // All of them can be listed, page by page.
  identities.clear_post_kinds();
  std::set<std::string> people;
  do {
    auto page = service_.Call<leadership::v1::ListIdentitiesResponse>(
        TestService::Process(), "fivestrand.leadership.v1.IdentityService.ListIdentities", identities);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& identity : page->identities()) people.insert(identity.person());
    identities.set_page_token(page->next_page_token());
  } while (!identities.page_token().empty());
  // But for the headteacher who has left.
  EXPECT_EQ(people.size(), static_cast<std::size_t>(counts.at("person")) - 1);

  // No name of a person is logged.
  for (const auto& head : heads->identities()) EXPECT_THAT(service_.log(), ::testing::Not(HasSubstr(head.display_name())));
}

TEST_F(DemoTest, ASecondLoadChangesNothing) {
  ASSERT_EQ(LoadDemonstration({&service_.client()}, signer_, console_, service_.clock().Now()), 0) << err_.str();
  EXPECT_THAT(err_.str(), HasSubstr("[100 %] the trust\n"));
  const auto counts = Counts();
  out_.str("");
  ASSERT_EQ(LoadDemonstration({&service_.client()}, signer_, console_, service_.clock().Now()), 0) << err_.str();
  EXPECT_EQ(out(), "the demonstration trust is there already\n");
  EXPECT_EQ(Counts(), counts);

  // Also when it is not asked first.
  const auto again = demo::LoadDemo({&service_.client()}, signer_, Options());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(Counts(), counts);
}

TEST_F(DemoTest, ALoadThatWasCutOffGoesOn) {
  for (const absl::Duration later : {absl::Minutes(1), absl::Hours(36)}) {
    const FailingSigner failing(&signer_, 20);
    EXPECT_FALSE(demo::LoadDemo({&service_.client()}, failing, Options()).ok());
    EXPECT_FALSE(*demo::DemoLoaded(service_.client(), signer_));
    EXPECT_GT(Count("drop_in"), 500);
    service_.clock().Advance(later);
  }
  const auto count = demo::LoadDemo({&service_.client()}, signer_, Options());
  ASSERT_TRUE(count.ok()) << count.status();
  const auto counts = Counts();

  // As if it had been loaded at once on that day.
  testing::TestService fresh(testing::EngineKind::kSqlite, leadership::LeadershipSpec(), service_.clock().Now());
  ASSERT_TRUE(demo::LoadDemo({&fresh.client()}, ServiceSigner(&fresh), Options()).ok());
  for (const char* table : {"person", "post", "role_grant", "line_management", "drop_in", "duty", "modelled_lesson", "visit"}) {
    EXPECT_EQ(counts.at(table), CountIn(fresh, table)) << table;
  }
}

}  // namespace
}  // namespace fivestrand::cli
