#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/welfare/v1/pulse.pb.h"
#include "fivestrand/welfare/v1/pulse_service.pb.h"

#include "platform/calendar/day.h"
#include "services/suite/demo/demo_dice.h"
#include "services/suite/demo/demo_welfare.h"

namespace fivestrand::demo {
namespace {

using namespace welfare::v1;  // NOLINT: this file is about nothing else

struct RoundRow {
  const char* id;
  const char* title;
  absl::CivilDay open, close;
};
constexpr RoundRow kRounds[] = {
    {"2025-autumn", "Autumn pulse 2025", absl::CivilDay(2025, 11, 17), absl::CivilDay(2025, 11, 28)},
    {"2026-spring-1", "Spring pulse 2026", absl::CivilDay(2026, 2, 2), absl::CivilDay(2026, 2, 13)},
    {"2026-spring-2", "Easter pulse 2026", absl::CivilDay(2026, 3, 16), absl::CivilDay(2026, 3, 26)},
    {"2026-summer", "Summer pulse 2026", absl::CivilDay(2026, 6, 22), absl::CivilDay(2026, 7, 3)},
    {"2026-autumn-1", "Start of the year pulse 2026", absl::CivilDay(2026, 9, 28), absl::CivilDay(2026, 10, 9)},
};
// The order of the default questions: culture, belonging, workload; w1 and w4 ask the other way round.
constexpr int kQuestions = 14, kFirstWorkload = 8;
constexpr int kReversed[] = {8, 11};

// How much people agree, from 1 to 5.
double Level(std::string_view school, int question, int round) {
  double level = question < 4 ? 4.05 : question < kFirstWorkload ? 4.15 : 3.7;
  if (school == "hazelmere" || school == "the-orchard") level += 0.2;
  if (school == "kingsbridge") level -= round < 3 ? 0.3 : 0.1;
  // Where the days have been long: it shows in the workload first.
  if (school == "ashdown-junior" && question >= kFirstWorkload) level -= round == 1 ? 0.55 : round == 2 ? 0.35 : 0.1;
  return level + 0.04 * round;
}

int Rating(std::string_view school, int question, int round, Dice& dice) {
  const double agrees = Level(school, question, round) + 0.75 * dice.Normal();
  const int rating = std::clamp(static_cast<int>(std::lround(agrees)), 1, 5);
  return std::find(std::begin(kReversed), std::end(kReversed), question) == std::end(kReversed) ? rating : 6 - rating;
}

class Loader {
 public:
  Loader(const DemoPlan& plan, Calls& calls)
      : plan_(plan), calls_(calls), seed_(calls.options().seed), today_(calendar::DayOf(calls.options().now)) {
    for (const DemoPerson& person : plan.people) {
      if (!person.person.has_end_date()) staff_.push_back(&person);
    }
  }

  absl::Status Load() {
    FIVESTRAND_ASSIGN_OR_RETURN(token_, calls_.Token(plan_.hr_director, type::v1::ROLE_HR_DIRECTOR));
    for (std::size_t round = 0; round < std::size(kRounds); ++round) {
      if (kRounds[round].close < today_) FIVESTRAND_RETURN_IF_ERROR(Import(kRounds[round], static_cast<int>(round)));
    }
    return Open();
  }

 private:
  // Directors and others of the trust are in no school.
  static std::string SchoolOf(const DemoPerson& person) { return person.posts.front().school(); }

  bool Answers(const DemoPerson& person, std::string_view round) const {
    const std::string school = SchoolOf(person);
    return Fixed(seed_, person.person.name(), round, "pulse") < (Id(school) == "kingsbridge" ? 0.68 : 0.8);
  }

  absl::Status Import(const RoundRow& row, int round) {
    ImportPulseRoundRequest request;
    request.set_parent(kTrust);
    request.set_pulse_survey_id(row.id);
    PulseSurvey& survey = *request.mutable_pulse_survey();
    survey.set_title(row.title);
    SetTime(row.open, 8 * 60, survey.mutable_open_time());
    SetTime(row.close, 18 * 60, survey.mutable_close_time());
    Dice dice(seed_, row.id);
    for (const DemoSchool& school : plan_.schools) {
      const std::string id = Id(school.school.name());
      int invited = 0;
      for (const DemoPerson* person : staff_) {
        if (SchoolOf(*person) != school.school.name()) continue;
        ++invited;
        if (!Answers(*person, row.id)) continue;
        ImportPulseRoundRequest::Row& answer = *request.add_rows();
        answer.set_school(school.school.name());
        for (int question = 0; question < kQuestions; ++question) answer.add_ratings(Rating(id, question, round, dice));
      }
      auto* asked = request.add_invited();
      asked->set_school(school.school.name());
      asked->set_persons(invited);
    }
    PulseSurvey made;
    calls_.Count(static_cast<std::size_t>(request.rows_size()));
    return calls_.Call("PulseService.ImportPulseRound", token_, request, &made);
  }

  // Open since last week, with some answers.
  absl::Status Open() {
    CreatePulseSurveyRequest request;
    request.set_parent(kTrust);
    // Of one load there is one, whenever it is repeated.
    request.set_pulse_survey_id("open-round");
    PulseSurvey& survey = *request.mutable_pulse_survey();
    survey.set_title("How are we doing?");
    SetTime(today_ - 5, 8 * 60, survey.mutable_open_time());
    SetTime(today_ + 9, 18 * 60, survey.mutable_close_time());
    PulseSurvey made;
    FIVESTRAND_RETURN_IF_ERROR(calls_.Call("PulseService.CreatePulseSurvey", token_, request, &made));
    Dice dice(seed_, "open-round");
    int answered = 0;
    for (const DemoPerson* person : staff_) {
      if (SchoolOf(*person).empty() || !Answers(*person, "open-round") || !dice.Chance(0.2)) continue;
      FIVESTRAND_ASSIGN_OR_RETURN(const std::string token,
                                  calls_.Token(person->person.name(), person->grants.front().role(), {Id(SchoolOf(*person))}));
      AnswerPulseRequest answer;
      answer.set_name(absl::StrCat(kTrust, "/pulseSurveys/open-round"));
      for (int question = 0; question < kQuestions; ++question) {
        auto* rating = answer.add_ratings();
        rating->set_question(question < 4                ? absl::StrCat("c", question + 1)
                             : question < kFirstWorkload ? absl::StrCat("b", question - 3)
                                                         : absl::StrCat("w", question - 7));
        rating->set_value(Rating(Id(SchoolOf(*person)), question, static_cast<int>(std::size(kRounds)), dice));
      }
      AnswerPulseResponse response;
      FIVESTRAND_RETURN_IF_ERROR(calls_.Call("PulseService.AnswerPulse", token, answer, &response));
      if (++answered == 60) break;
    }
    return absl::OkStatus();
  }

  const DemoPlan& plan_;
  Calls& calls_;
  const std::uint64_t seed_;
  const absl::CivilDay today_;
  std::vector<const DemoPerson*> staff_;
  std::string token_;
};

}  // namespace

absl::Status LoadPulses(const DemoPlan& plan, Calls& calls, const std::function<void(std::string_view)>& step) {
  FIVESTRAND_RETURN_IF_ERROR(Loader(plan, calls).Load());
  step("pulse surveys");
  return absl::OkStatus();
}

}  // namespace fivestrand::demo
