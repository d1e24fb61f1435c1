#include "services/suite/demo/demo_records.h"

#include <array>
#include <string_view>

#include "absl/time/time.h"

#include "platform/calendar/bank_holidays.h"
#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/calendar/school_calendar.h"
#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "services/suite/demo/demo_calls.h"
#include "services/suite/demo/demo_dice.h"

namespace fivestrand::demo {
namespace {

using leadership::v1::DropIn;
using leadership::v1::Duty;
using leadership::v1::ModelledLesson;
using leadership::v1::SchoolClass;
using leadership::v1::Visit;

constexpr std::array kWentWell = {"Calm start, pupils straight into retrieval.",
                                  "Worked example thought aloud; pupils could say the next step.",
                                  "Every pupil answered on whiteboards and the teacher acted on it.",
                                  "Vocabulary taught before reading, pupils used it in talk.",
                                  "Books show pride and the sequence of the unit.",
                                  "Quiet, purposeful practice for fifteen minutes.",
                                  "Teaching assistant knew exactly who to support and how.",
                                  "Pupils explained their reasoning in full sentences."};
constexpr std::array kEvenBetterIf = {"Check all pupils before moving on, not only volunteers.",
                                      "Shorter input so that practice starts sooner.",
                                      "Challenge ready for those who finish early.",
                                      "Cue the two pupils at the back into the task at once.",
                                      "Model the write-up, not only the method.",
                                      "Insist on full sentences in answers."};
constexpr std::array kPurposes = {"Learning walk with the headteacher", "Reading across the school",  "Behaviour and attendance",
                                  "Year 6 and Year 11 readiness",       "Support for new staff",      "Safeguarding culture",
                                  "SEND provision in lessons",          "Development plan priorities"};
constexpr std::array kSeen = {
    "Routines are secure in most classrooms; two need a follow-up.", "Pupils speak with confidence about what they are learning.",
    "Corridors calm at change-over, leaders visible.", "Writing in foundation subjects lags behind English.",
    "New staff feel well supported by their mentors."};
constexpr std::array kActions = {"Look at writing in Year 4 books together", "Share the start-of-lesson routine at briefing",
                                 "Agree cover so that two teachers can visit Hazelmere", "Bring reading data to the next meeting"};

class RecordMaker {
 public:
  RecordMaker(const DemoPlan& plan, const DemoSchool& school, const calendar::SchoolCalendar& calendar, std::uint64_t seed)
      : plan_(plan), school_(school), calendar_(calendar), seed_(seed) {}

  SchoolRecords Make(absl::CivilDay today) {
    today_ = today;
    const absl::CivilDay first(2025, 9, 1);
    for (absl::CivilDay day = first; day < today + 14; ++day) {
      if (!calendar_.IsSchoolDay(day)) continue;
      Dice dice(seed_, school_.school.name(), day);
      Visits(day, day >= today, dice);
      if (day >= today) continue;
      // The first weeks are busy with settling in; Fridays are thinner.
      const double year = static_cast<double>(day - first) / 365.0;
      double drive = 1.0 + school_.habits.drift * (year - 0.5);
      if (absl::GetWeekday(day) == absl::Weekday::friday) drive *= 0.85;
      Head(day, drive, dice);
      for (const std::string& senior : school_.senior_leaders) {
        if (dice.Chance(school_.habits.senior_drop_in * drive)) AddDropIn(day, senior, 9 * 60 + 20 + dice.Below(320), dice);
      }
    }
    return std::move(records_);
  }

 private:
  const std::string& HeadOn(absl::CivilDay day) const {
    const std::string* head = &school_.heads.front().person;
    for (const auto& each : school_.heads) {
      if (each.from <= day) head = &each.person;
    }
    return *head;
  }

  void Head(absl::CivilDay day, double drive, Dice& dice) {
    const std::string& head = HeadOn(day);
    const Habits& habits = school_.habits;
    if (dice.Chance(habits.gate_start * drive)) AddDuty(day, head, Duty::GATE_START, 8 * 60 + 20 + dice.Below(15));
    if (dice.Chance(habits.drop_in * drive)) {
      AddDropIn(day, head, 9 * 60 + 15 + dice.Below(150), dice);
      if (dice.Chance(habits.second_drop_in * drive)) AddDropIn(day, head, 13 * 60 + 15 + dice.Below(100), dice);
    }
    if (dice.Chance(habits.break_duty * drive)) AddDuty(day, head, Duty::BREAK, 10 * 60 + 40 + dice.Below(5));
    if (dice.Chance(habits.gate_end * drive)) AddDuty(day, head, Duty::GATE_END, 15 * 60 + 10 + dice.Below(10));
    // A half term has about 32 school days.
    if (dice.Chance(habits.modelled_per_half_term * drive / 32)) {
      ModelledLesson lesson;
      lesson.set_leader(head);
      SetTime(day, 10 * 60 + dice.Below(200), lesson.mutable_start_time());
      const SchoolClass& taught = PickClass(day, dice);
      lesson.set_school_class(taught.name());
      lesson.set_subject(taught.subjects(dice.Below(taught.subjects_size())));
      lesson.set_focus(plan_.focuses[static_cast<size_t>(dice.Below(static_cast<int>(plan_.focuses.size())))].name());
      lesson.set_what_was_modelled("Explaining a new idea in small steps, with checks for every pupil.");
      for (int i = 0; i < taught.teachers_size(); ++i) lesson.add_observers(taught.teachers(i));
      records_[head].modelled_lessons.push_back(std::move(lesson));
    }
  }

  // Leaders come to some classes more than to others; the last of a year group is easily missed.
  const SchoolClass& PickClass(absl::CivilDay day, Dice& dice) const {
    const std::string year = calendar::AcademicYearId(calendar::AcademicYearOf(day));
    std::vector<const SchoolClass*> classes;
    for (const SchoolClass& each : school_.classes) {
      if (each.academic_year() == year) classes.push_back(&each);
    }
    const int n = static_cast<int>(classes.size());
    const int a = dice.Below(n), b = dice.Below(n);
    return *classes[static_cast<size_t>(dice.Chance(0.4) ? std::min(a, b) : a)];
  }

  void AddDropIn(absl::CivilDay day, const std::string& leader, int minute, Dice& dice) {
    DropIn drop_in;
    drop_in.set_leader(leader);
    SetTime(day, minute, drop_in.mutable_start_time());
    const SchoolClass& seen = PickClass(day, dice);
    drop_in.set_school_class(seen.name());
    drop_in.set_subject(seen.subjects(dice.Below(seen.subjects_size())));
    if (!dice.Chance(0.08))
      drop_in.set_focus(plan_.focuses[static_cast<size_t>(dice.Below(static_cast<int>(plan_.focuses.size())))].name());
    if (dice.Chance(0.5)) drop_in.set_went_well(dice.Pick(kWentWell));
    if (dice.Chance(0.35)) drop_in.set_even_better_if(dice.Pick(kEvenBetterIf));
    if (dice.Chance(0.3)) drop_in.add_pupil_groups(static_cast<type::v1::PupilGroup>(1 + dice.Below(4)));
    records_[leader].drop_ins.push_back(std::move(drop_in));
  }

  void AddDuty(absl::CivilDay day, const std::string& leader, Duty::Kind kind, int minute) {
    Duty duty;
    duty.set_leader(leader);
    duty.set_kind(kind);
    SetTime(day, minute, duty.mutable_start_time());
    records_[leader].duties.push_back(std::move(duty));
  }

  void Visits(absl::CivilDay day, bool ahead, Dice& dice) {
    const double per_day_executive = 1.0 / (5 * school_.habits.executive_weeks);
    const double per_day_ceo = 1.0 / (5 * school_.habits.ceo_weeks);
    if (dice.Chance(per_day_executive)) AddVisit(day, school_.executive, ahead, dice);
    if (dice.Chance(per_day_ceo)) AddVisit(day, plan_.ceo, ahead, dice);
  }

  void AddVisit(absl::CivilDay day, const std::string& leader, bool ahead, Dice& dice) {
    Visit visit;
    visit.set_leader(leader);
    const int start = 9 * 60 + 15 * dice.Below(16);
    SetTime(day, start, visit.mutable_start_time());
    visit.set_purpose(dice.Pick(kPurposes));
    if (!ahead) {
      SetTime(day, start + 60 + 15 * dice.Below(8), visit.mutable_end_time());
      visit.set_seen(dice.Pick(kSeen));
      if (dice.Chance(0.6)) {
        auto* follow_up = visit.add_follow_ups();
        follow_up->set_action(dice.Pick(kActions));
        follow_up->set_owner(HeadOn(day));
        *follow_up->mutable_due_date() = calendar::ToProto(day + 14);
        // Nearly all are done in time, and none before its day has come.
        const absl::CivilDay done = day + 5 + dice.Below(8);
        if (dice.Chance(0.95) && done < today_) *follow_up->mutable_done_date() = calendar::ToProto(done);
      }
    }
    records_[leader].visits.push_back(std::move(visit));
  }

  const DemoPlan& plan_;
  const DemoSchool& school_;
  const calendar::SchoolCalendar& calendar_;
  const std::uint64_t seed_;
  absl::CivilDay today_;
  SchoolRecords records_;
};

}  // namespace

absl::StatusOr<calendar::SchoolCalendar> CalendarOf(const DemoPlan& plan, const DemoSchool& school) {
  calendar::SchoolCalendarInput input;
  for (const auto& year : school.years) {
    calendar::AcademicYearInput& into = input.years.emplace_back();
    into.id = std::string(names::IdOf(year.name()));
    for (const auto& term : year.terms()) {
      into.terms.push_back(
          {Day(term.start_date()), Day(term.end_date()), Day(term.half_term_start_date()), Day(term.half_term_end_date())});
    }
    for (const auto& date : year.inset_dates()) into.inset_days.push_back(Day(date));
    for (const auto& closure : year.closures()) into.closures.push_back({Day(closure.date()), closure.reason()});
  }
  std::vector<calendar::BankHoliday> holidays;
  for (const auto& holiday : plan.bank_holidays) holidays.push_back({Day(holiday.date()), holiday.title()});
  input.bank_holidays = calendar::BankHolidays(std::move(holidays));
  return calendar::SchoolCalendar::Build(input);
}

absl::StatusOr<SchoolRecords> MakeRecords(const DemoPlan& plan, const DemoSchool& school, std::uint64_t seed,
                                          absl::CivilDay today) {
  FIVESTRAND_ASSIGN_OR_RETURN(const calendar::SchoolCalendar calendar, CalendarOf(plan, school));
  return RecordMaker(plan, school, calendar, seed).Make(today);
}

}  // namespace fivestrand::demo
