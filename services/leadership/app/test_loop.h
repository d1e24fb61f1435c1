// A trust in which the improvement loop is played through: through the API, and with the events that the feeds would bring.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_APP_TEST_LOOP_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_APP_TEST_LOOP_H_

#include <gtest/gtest.h>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "fivestrand/events/v1/events.pb.h"
#include "fivestrand/evidence/v1/evidence.pb.h"
#include "fivestrand/leadership/v1/improvement_service.pb.h"

#include "platform/testing/test_service.h"
#include "services/leadership/app/test_trust.h"
#include "services/organisation/store/calendar_reader.h"

namespace fivestrand::leadership {

inline constexpr char kNorthgate[] = "trusts/acorn/schools/northgate";
inline constexpr char kElmwood[] = "trusts/acorn/schools/elmwood";

// It is Tuesday 24 November 2026, the twelfth school week; the head of northgate, the head of elmwood, an executive headteacher of
// northgate and the CEO hold their posts.
class LoopFixture : public ::testing::TestWithParam<testing::EngineKind> {
 protected:
  LoopFixture();

  static constexpr char kDropInDays[] = "visible-headteacher.drop-in-days";
  static constexpr char kGap[] = "pupil-groups.gap";

  identity::Caller Head() const { return trust_.head(); }
  static identity::Caller Ceo() { return testing::TestService::Person("acorn", "ceo", type::v1::ROLE_CEO); }
  static identity::Caller As(type::v1::Role role, const std::string& person, std::vector<std::string> schools = {"northgate"}) {
    return testing::TestService::Person("acorn", person, role, std::move(schools));
  }

  template <typename Response>
  absl::StatusOr<Response> Call(const identity::Caller& caller, const std::string& method,
                                const google::protobuf::Message& request) {
    return trust_.service().Call<Response>(caller, absl::StrCat("fivestrand.leadership.v1.", method), request);
  }
  template <typename Response>
  Response Must(const identity::Caller& caller, const std::string& method, const google::protobuf::Message& request) {
    absl::StatusOr<Response> response = Call<Response>(caller, method, request);
    EXPECT_TRUE(response.ok()) << method << ": " << response.status() << "\n" << trust_.service().log();
    return response.ok() ? *std::move(response) : Response();
  }

  void SetDay(std::string_view day, int hour = 10);

  // An event of a service takes effect here, and is kept for a rebuild.
  absl::Status Deliver(const std::string& source, events::v1::Event event);
  // What this service has put into its own outbox since the last call takes effect, as its own follower would see to.
  void FollowSelf();

  // A share by week of which 1 is the target, amber under 0.8, red under 0.5, delta 0.1; and the gap of a group by window.
  void Define();
  // A reading of drop-in days for the week that begins on `monday`. `revision` above 1 is a correction.
  events::v1::Event Week(std::string_view monday, double value, std::int64_t revision = 1,
                         const std::string& school = kNorthgate) const;
  void ReadWeek(std::string_view monday, double value, std::int64_t revision = 1, const std::string& school = kNorthgate);
  events::v1::Event Window(std::string_view start, double gap, const std::string& school = kNorthgate) const;

  std::vector<v1::Concern> Concerns(const identity::Caller& caller, const std::string& filter = "");
  v1::Concern OneConcern(const identity::Caller& caller);
  v1::ImprovementThread OpenThread(const identity::Caller& caller, const std::vector<std::string>& concerns);
  v1::ThreadTimeline Timeline(const identity::Caller& caller, const std::string& thread);
  // The CEO's visit to northgate that answers a thread; negative minutes lie in the past.
  std::string Visit(const std::string& thread, int minutes);
  // By the clock.
  void KeepUp();
  std::int64_t Count(const std::string& from);

  TestTrust trust_;
  organisation::CalendarReader calendars_;
  // What was delivered, in order, by source.
  std::map<std::string, std::vector<events::v1::Event>> fed_;
  std::int64_t followed_ = 0;
};

}  // namespace fivestrand::leadership

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_APP_TEST_LOOP_H_
