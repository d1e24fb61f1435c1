// The mirrors of the organisation, on both engines: the tables fit the contract, and the readers find what the feed has brought.
#include "services/organisation/app/organisation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fivestrand/events/v1/events.pb.h"
#include "google/protobuf/descriptor.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/test_calendars.h"
#include "platform/resource/registry.h"
#include "services/organisation/app/test_organisation.h"
#include "services/organisation/store/calendar_reader.h"
#include "services/organisation/store/directory.h"

namespace fivestrand::organisation {
namespace {

using calendar::D;
using leadership::v1::Post;
using ::testing::ElementsAre;
using testing::EngineKind;
using ::testing::IsEmpty;

constexpr char kNorthgate[] = "trusts/acorn/schools/northgate";

class OrganisationTest : public ::testing::TestWithParam<EngineKind> {
 protected:
  OrganisationTest() : service_(GetParam(), Spec(), calendar::StartOf(D("2026-11-24"))) {
    TestOrganisation organisation(service_);
    organisation.AddTrust();
    organisation.AddSchool("northgate");
    organisation.AddSchool("elm");
    organisation.AddYear("northgate", 2026);
    for (const char* person : {"head", "deputy", "teacher", "exec", "leaver"}) organisation.AddPerson(person);
    organisation.AddPost("head", Post::HEADTEACHER, "northgate", {}, "2024-09-01");
    organisation.AddPost("deputy", Post::SENIOR_LEADER, "northgate");
    organisation.AddPost("teacher", Post::TEACHER, "northgate");
    organisation.AddPost("teacher", Post::TEACHER, "elm");
    organisation.AddPost("exec", Post::EXECUTIVE_HEADTEACHER, "", {"elm", "northgate"});
    organisation.AddPost("leaver", Post::HEADTEACHER, "northgate", {}, "2020-09-01", "2024-08-31");
    organisation.AddManager("head", "deputy", "2024-09-01");
    organisation.AddManager("deputy", "teacher");
    organisation.AddManager("leaver", "deputy", "2020-09-01", "2024-08-31");
  }

  static service::RecordServiceSpec Spec() {
    service::RecordServiceSpec spec;
    spec.name = "follower";
    spec.declare = [](resource::Registry*) {
      return absl::OkStatus();
    };
    FollowOrganisation(&spec);
    return spec;
  }

  template <typename T>
  T Read(const std::function<absl::StatusOr<T>(store::Session&)>& read) {
    T value{};
    const absl::Status status = service_.store().Read(absl::InfiniteFuture(), [&](store::Session& session) {
      absl::StatusOr<T> answer = read(session);
      if (answer.ok()) value = *std::move(answer);
      return answer.status();
    });
    EXPECT_TRUE(status.ok()) << status;
    return value;
  }

  testing::TestService service_;
};

TEST_P(OrganisationTest, KnowsWhoIsWhoAtADay) {
  const absl::CivilDay today = D("2026-11-24");
  const auto holders = [&](std::string_view place, std::vector<Post::Kind> kinds, absl::CivilDay day) {
    return Read<Names>([&](store::Session& session) { return HoldersOf(session, place, kinds, day); });
  };
  EXPECT_THAT(holders(kNorthgate, {Post::HEADTEACHER}, today), ElementsAre("trusts/acorn/people/head"));
  EXPECT_THAT(holders(kNorthgate, {Post::HEADTEACHER}, D("2024-08-31")), ElementsAre("trusts/acorn/people/leaver"));
  EXPECT_THAT(holders(kNorthgate, {Post::HEADTEACHER}, D("2019-01-01")), IsEmpty());
  EXPECT_THAT(holders(kNorthgate, {Post::HEADTEACHER, Post::EXECUTIVE_HEADTEACHER}, today),
              ElementsAre("trusts/acorn/people/exec", "trusts/acorn/people/head"));
  EXPECT_THAT(holders("trusts/acorn", {Post::HEADTEACHER}, today), IsEmpty());
  EXPECT_THAT(holders("trusts/acorn", {Post::EXECUTIVE_HEADTEACHER}, today), ElementsAre("trusts/acorn/people/exec"));

  const auto names = [&](absl::StatusOr<Names> (*read)(store::Session&, std::string_view, absl::CivilDay), std::string_view about,
                         absl::CivilDay day) {
    return Read<Names>([&](store::Session& session) { return read(session, about, day); });
  };
  EXPECT_THAT(names(&LineManagersOf, "trusts/acorn/people/deputy", today), ElementsAre("trusts/acorn/people/head"));
  EXPECT_THAT(names(&LineManagersOf, "trusts/acorn/people/deputy", D("2024-01-10")), ElementsAre("trusts/acorn/people/leaver"));
  EXPECT_THAT(names(&LineManagersOf, "trusts/acorn/people/head", today), IsEmpty());
  EXPECT_THAT(names(&ReportsOf, "trusts/acorn/people/deputy", today), ElementsAre("trusts/acorn/people/teacher"));
  EXPECT_THAT(names(&SchoolsOf, "trusts/acorn/people/teacher", today), ElementsAre("trusts/acorn/schools/elm", kNorthgate));
  EXPECT_THAT(names(&SchoolsOf, "trusts/acorn/people/exec", today), ElementsAre("trusts/acorn/schools/elm", kNorthgate));
  EXPECT_THAT(names(&StaffOf, kNorthgate, today),
              ElementsAre("trusts/acorn/people/deputy", "trusts/acorn/people/head", "trusts/acorn/people/teacher"));
}

TEST_P(OrganisationTest, KnowsTheCalendar) {
  CalendarReader reader;
  const auto calendar = Read<CalendarReader::Calendar>([&](store::Session& session) { return reader.Read(session, kNorthgate); });
  ASSERT_NE(calendar, nullptr);
  EXPECT_TRUE(calendar->IsSchoolDay(D("2026-11-24")));
  EXPECT_FALSE(calendar->IsSchoolDay(D("2026-11-22")));
}

INSTANTIATE_TEST_SUITE_P(Engines, OrganisationTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::organisation
