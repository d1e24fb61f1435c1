#include "services/suite/demo/demo_welfare.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/welfare/v1/welfare.pb.h"
#include "fivestrand/welfare/v1/welfare_service.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "services/suite/demo/demo_dice.h"

namespace fivestrand::demo {
namespace {

using namespace welfare::v1;  // NOLINT: this file is about nothing else
using calendar::ToProto;

constexpr absl::Duration kWait = absl::Seconds(60);
// In each half term since the beginning, on a day on which every school is open.
constexpr absl::CivilDay kHalfTerms[] = {absl::CivilDay(2025, 10, 2), absl::CivilDay(2025, 11, 27), absl::CivilDay(2026, 1, 29),
                                         absl::CivilDay(2026, 3, 12), absl::CivilDay(2026, 5, 7),   absl::CivilDay(2026, 6, 25),
                                         absl::CivilDay(2026, 10, 1), absl::CivilDay(2026, 11, 19), absl::CivilDay(2027, 1, 28)};

constexpr std::array kNotes = {"Steady. Sleeps well again, and the new deputy helps.",
                               "Long weeks; two governors' evenings in a row.", "Looks forward to the summer concert.",
                               "Would like a term without a new initiative."};
constexpr std::array kAgreed = {"Talk again in half a term.", "One afternoon a week at home until the end of term.",
                                "A mentor from another school of the trust.", "Nothing to do; good to have talked."};
constexpr std::array kActions = {"Arrange cover for the afternoon at home", "Put in touch with a mentor",
                                 "Send the details of the helpline", "Look at the duty rota with the headteacher"};

std::string Name(const char* collection, std::string_view id) {
  return absl::StrCat(kTrust, "/", collection, "/", std::string(id));
}

class Loader {
 public:
  Loader(const DemoPlan& plan, Calls& calls)
      : plan_(plan), calls_(calls), seed_(calls.options().seed), today_(calendar::DayOf(calls.options().now)) {}

  absl::Status Load() {
    FIVESTRAND_ASSIGN_OR_RETURN(token_, calls_.Token(plan_.hr_director, type::v1::ROLE_HR_DIRECTOR));
    FIVESTRAND_RETURN_IF_ERROR(AwaitPosts());
    for (const absl::CivilDay half_term : kHalfTerms) {
      for (std::size_t i = 0; i < plan_.schools.size(); ++i) {
        // One is missed now and then.
        const absl::CivilDay day = half_term + static_cast<int>(i % 2) * 4;
        if (Fixed(seed_, plan_.schools[i].school.name(), calendar::FormatDay(half_term), "check-in") > 0.95) continue;
        FIVESTRAND_RETURN_IF_ERROR(CheckIn_(HeadOn(plan_.schools[i], day), day));
      }
    }
    return Staff();
  }

 private:
  static const std::string& HeadOn(const DemoSchool& school, absl::CivilDay day) {
    const std::string* head = &school.heads.front().person;
    for (const auto& each : school.heads) {
      if (each.from <= day) head = &each.person;
    }
    return *head;
  }

  // A service that does not know yet where somebody works would take them for staff of the trust.
  absl::Status AwaitPosts() {
    const DemoPerson& last = plan_.people.back();
    CreateCheckInRequest request;
    request.set_parent(kTrust);
    request.set_validate_only(true);
    request.mutable_check_in()->set_person(last.person.name());
    SetTime(today_, 9 * 60, request.mutable_check_in()->mutable_planned_time());
    return calls_.Await("the posts in welfare", kWait, [&]() -> absl::StatusOr<bool> {
      CheckIn checked;
      FIVESTRAND_RETURN_IF_ERROR(calls_.CallOnce("WelfareService.CreateCheckIn", token_, request, &checked));
      return checked.school() == last.posts.front().school();
    });
  }

  absl::Status CheckIn_(const std::string& person, absl::CivilDay day) {
    Dice dice(seed_, person, day);
    const std::string id = FixedId(day, {"check-in", person});
    CreateCheckInRequest request;
    request.set_parent(kTrust);
    request.set_check_in_id(id);
    request.mutable_check_in()->set_person(person);
    SetTime(day, 9 * 60 + 30 * dice.Below(12), request.mutable_check_in()->mutable_planned_time());
    if (day > today_ + 21) return absl::OkStatus();
    CheckIn made;
    FIVESTRAND_RETURN_IF_ERROR(calls_.Call("WelfareService.CreateCheckIn", token_, request, &made));
    calls_.Count(1);
    if (day >= today_) return absl::OkStatus();
    CompleteCheckInRequest complete;
    complete.set_name(Name("checkIns", id));
    *complete.mutable_held_time() = request.check_in().planned_time();
    complete.set_note(dice.Pick(kNotes));
    complete.set_agreed(dice.Pick(kAgreed));
    FIVESTRAND_RETURN_IF_ERROR(UnlessDone(calls_.Call("WelfareService.CompleteCheckIn", token_, complete, &made)));
    return dice.Chance(0.3) ? FollowUp_(person, day, complete.name(), dice) : absl::OkStatus();
  }

  absl::Status FollowUp_(const std::string& person, absl::CivilDay day, const std::string& record, Dice& dice) {
    const absl::CivilDay due = day + 10 + dice.Below(8);
    const std::string id = FixedId(day, {"follow-up", person});
    CreateFollowUpRequest request;
    request.set_parent(kTrust);
    request.set_follow_up_id(id);
    request.mutable_follow_up()->set_record(record);
    request.mutable_follow_up()->set_action(dice.Pick(kActions));
    *request.mutable_follow_up()->mutable_due_date() = ToProto(due);
    FollowUp made;
    FIVESTRAND_RETURN_IF_ERROR(calls_.Call("WelfareService.CreateFollowUp", token_, request, &made));
    calls_.Count(1);
    const absl::CivilDay done = due + (dice.Chance(0.96) ? -1 - dice.Below(5) : 3);
    if (done >= today_) return absl::OkStatus();
    FinishFollowUpRequest finish;
    finish.set_name(Name("welfareFollowUps", id));
    *finish.mutable_done_date() = ToProto(done);
    return UnlessDone(calls_.Call("WelfareService.FinishFollowUp", token_, finish, &made));
  }

  // Somewhat under half of the staff have a check-in in a year; some are given support.
  absl::Status Staff() {
    int supported = 0;
    for (const DemoPerson& person : plan_.people) {
      const auto kind = person.posts.front().kind();
      if (person.posts.front().school().empty() || kind == leadership::v1::Post::HEADTEACHER) continue;
      Dice dice(seed_, absl::StrCat("staff", person.person.name()));
      if (!dice.Chance(0.46)) continue;
      // Not in the holidays of the summer, and not on a Sunday.
      absl::CivilDay day = absl::CivilDay(2025, 11, 10) + dice.Below(360);
      if (day > absl::CivilDay(2026, 7, 17) && day < absl::CivilDay(2026, 9, 7)) day += 55;
      day += (absl::GetWeekday(day) == absl::Weekday::saturday) * 2 + (absl::GetWeekday(day) == absl::Weekday::sunday);
      FIVESTRAND_RETURN_IF_ERROR(CheckIn_(person.person.name(), day));
      if (day < today_ && dice.Chance(0.06) && ++supported <= 14)
        FIVESTRAND_RETURN_IF_ERROR(Support_(person.person.name(), day + 3, dice));
    }
    return absl::OkStatus();
  }

  absl::Status Support_(const std::string& person, absl::CivilDay start, Dice& dice) {
    const std::string id = FixedId(start, {"support", person});
    CreateSupportRequest request;
    request.set_parent(kTrust);
    request.set_support_id(id);
    Support& support = *request.mutable_support();
    support.set_person(person);
    support.set_kind(dice.Chance(0.5) ? Support::WORKLOAD : dice.Chance(0.5) ? Support::MENTOR : Support::EMPLOYEE_ASSISTANCE);
    *support.mutable_start_date() = ToProto(start);
    *support.add_review_dates() = ToProto(start + 28);
    support.set_agreed(dice.Pick(kAgreed));
    Support made;
    FIVESTRAND_RETURN_IF_ERROR(calls_.Call("WelfareService.CreateSupport", token_, request, &made));
    calls_.Count(1);
    const absl::CivilDay done = start + 56 + dice.Below(30);
    if (done >= today_) return absl::OkStatus();
    FinishSupportRequest finish;
    finish.set_name(Name("supports", id));
    *finish.mutable_done_date() = ToProto(done);
    return UnlessDone(calls_.Call("WelfareService.FinishSupport", token_, finish, &made));
  }

  const DemoPlan& plan_;
  Calls& calls_;
  const std::uint64_t seed_;
  const absl::CivilDay today_;
  std::string token_;
};

}  // namespace

absl::Status LoadWelfare(const DemoPlan& plan, Calls& calls, const std::function<void(std::string_view)>& step) {
  FIVESTRAND_RETURN_IF_ERROR(Loader(plan, calls).Load());
  step("check-ins and support");
  return absl::OkStatus();
}

}  // namespace fivestrand::demo
