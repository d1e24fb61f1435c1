#include "platform/calendar/adherence.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/calendar/test_calendars.h"

namespace fivestrand::calendar {
namespace {

// H held, D due, M missed, L late, - not due.
std::string Letters(const std::vector<PeriodOutcome>& outcomes) {
  std::string letters;
  for (const PeriodOutcome& outcome : outcomes) letters += "HDML-"[static_cast<std::size_t>(outcome.outcome)];
  return letters;
}

struct Case {
  const char* why;
  Cadence cadence;
  std::vector<const char*> held;
  const char* as_of;
  std::string letters;  // every period begun by then
};

std::string Evaluated(const SchoolCalendar& calendar, const Case& c, const EvaluationOptions& options = {}) {
  std::vector<absl::CivilDay> held;
  for (const char* day : c.held) held.push_back(D(day));
  return Letters(Evaluate(c.cadence, calendar, held, D(c.as_of), options));
}

std::string Times(int n, const std::string& text) {
  std::string result;
  for (int i = 0; i < n; ++i) result += text;
  return result;
}

TEST(Evaluate, OneSchool) {
  const Cadence d = Cadence::kDaily, w = Cadence::kWeekly, f = Cadence::kFortnightly, m = Cadence::kMonthly,
                h = Cadence::kHalfTermly, t = Cadence::kTermly, b = Cadence::kTwiceAYear, a = Cadence::kAnnually;
  const Case cases[] = {
      {"before the year", w, {}, "2025-08-31", ""},
      {"INSET days are not due daily", d, {}, "2025-09-02", ""},
      {"a day is over at its end", d, {}, "2025-09-03", "M"},
      {"each day its own", d, {"2025-09-03", "2025-09-05", "2025-09-05"}, "2025-09-08", "HMHM"},
      {"no grace for daily", d, {"2025-09-04", "2025-09-04", "2025-09-06"}, "2025-09-04", "MH"},
      {"the week is open on its Friday", w, {}, "2025-09-05", "D"},
      {"and closes with its Sunday", w, {}, "2025-09-07", "M"},
      {"a Saturday counts", w, {"2025-09-06"}, "2025-09-07", "H"},
      {"an INSET day counts for its week", w, {"2025-09-01"}, "2025-09-01", "H"},
      {"meetings to come do not count", w, {"2025-09-06"}, "2025-09-05", "D"},
      {"the next week's own meeting is not spare", w, {"2025-09-10"}, "2025-09-14", "MH"},
      {"a spare one is late", w, {"2025-09-10", "2025-09-11"}, "2025-09-11", "LH"},
      {"two on one day", w, {"2025-09-10", "2025-09-10"}, "2025-09-10", "LH"},
      {"the fifth school day is within the grace", w, {"2025-09-08", "2025-09-12"}, "2025-09-14", "LH"},
      {"the Saturday after it is not", w, {"2025-09-08", "2025-09-13"}, "2025-09-14", "MH"},
      {"late ones do not cascade", w, {"2025-09-10", "2025-09-16", "2025-09-24"}, "2025-09-28", "MHHH"},
      {"one spare serves one period", w, {"2025-09-22", "2025-09-23"}, "2025-09-28", "MMLH"},
      {"a meeting in half term makes up for the week before", w, {"2025-10-28"}, "2025-11-02", "MMMMMMML"},
      {"not for two weeks before", w, {"2025-10-21", "2025-10-28"}, "2025-11-02", "MMMMMMMH"},
      {"grace runs on over the half term", w, {"2025-11-03", "2025-11-07"}, "2025-11-09", "MMMMMMMLH"},
      {"holidays make no period", w, {}, "2025-10-31", "MMMMMMMM"},
      {"a week of INSET only is not due", w, {}, "2026-07-26", Times(39, "M") + "-"},
      {"a fortnight over Christmas, held in the holiday", f, {"2025-12-30"}, "2026-01-02", "MMMMMMMH"},
      {"and open until its second week ends", f, {}, "2026-01-10", "MMMMMMMD"},
      {"the last odd week asks for none", f, {}, "2026-08-30", Times(19, "M")},
      {"but a meeting in it can be late for the last fortnight", f, {"2026-07-13"}, "2026-08-30", Times(18, "M") + "L"},
      {"a month", m, {"2025-09-30", "2025-10-31", "2025-12-24"}, "2025-12-31", "HHMH"},
      {"a spare one early in the next month", m, {"2025-10-07", "2025-10-08"}, "2025-10-31", "MH"},
      {"October's fifth school day", m, {"2025-10-01", "2025-10-07"}, "2025-10-31", "LH"},
      {"August is none", m, {}, "2026-08-31", Times(11, "M")},
      {"half terms", h, {"2025-10-26", "2025-12-01"}, "2025-12-19", "HH"},
      {"ten school days after half term", h, {"2025-11-03", "2025-11-14"}, "2025-12-19", "LH"},
      {"the eleventh is too late", h, {"2025-11-03", "2025-11-17"}, "2025-12-19", "MH"},
      {"a meeting in the break is a spare one", h, {"2025-10-29"}, "2025-10-31", "L"},
      {"six times a year is the same", Cadence::kSixTimesAYear, {"2025-10-29", "2025-11-10"}, "2025-12-19", "LH"},
      {"the half-term break is in the term", t, {"2025-10-29"}, "2025-12-19", "H"},
      {"terms", t, {"2025-10-01", "2026-04-20", "2026-04-21"}, "2026-07-31", "HLH"},
      {"twice a year", b, {"2025-12-01", "2026-07-20"}, "2026-07-20", "HH"},
      {"and its gap", b, {"2026-02-20", "2026-03-02"}, "2026-07-20", "LH"},
      {"annually, to the end of August", a, {}, "2026-08-30", "D"},
      {"it closes with August", a, {}, "2026-08-31", "M"},
      {"twenty school days of the next year", a, {"2026-09-10", "2026-09-30"}, "2026-10-31", "LH"},
      {"the twenty-first is too late", a, {"2026-09-10", "2026-10-01"}, "2026-10-31", "MH"},
      {"two years in one answer", h, {"2025-10-01", "2026-07-01", "2026-10-01"}, "2026-12-31", "HMMMMHHM"},
      {"the week that begins in August", w, {"2026-08-31"}, "2026-09-06", Times(39, "M") + "-H"},
  };
  const SchoolCalendar calendar = TwoYears();
  for (const Case& c : cases) EXPECT_EQ(Evaluated(calendar, c), c.letters) << c.why;
}

TEST(Evaluate, WhatATrustMaySet) {
  const SchoolCalendar calendar = TwoYears();
  EvaluationOptions inset_is_due;
  inset_is_due.periods.inset_only_week_is_due = true;
  EXPECT_EQ(Evaluated(calendar, {"", Cadence::kWeekly, {}, "2026-07-26", ""}, inset_is_due), Times(40, "M"));
  EvaluationOptions daily_grace;
  daily_grace.grace.daily = 1;
  EXPECT_EQ(Evaluated(calendar, {"", Cadence::kDaily, {"2025-09-04", "2025-09-04"}, "2025-09-04", ""}, daily_grace), "LH");
  EvaluationOptions no_grace;
  no_grace.grace = {0, 0, 0, 0};
  EXPECT_EQ(Evaluated(calendar, {"", Cadence::kWeekly, {"2025-09-10", "2025-09-11"}, "2025-09-11", ""}, no_grace), "MH");
  EvaluationOptions running{.day_still_open = true};
  EXPECT_EQ(Evaluated(calendar, {"", Cadence::kDaily, {}, "2025-09-04", ""}, running), "MD");
  EXPECT_EQ(Evaluated(calendar, {"", Cadence::kDaily, {"2025-09-04"}, "2025-09-04", ""}, running), "MH");
  EXPECT_EQ(Evaluated(calendar, {"", Cadence::kWeekly, {}, "2025-09-07", ""}, running), "D");
}

TEST(Evaluate, ClosuresTakeDaysAway) {
  AcademicYearInput year = Year2025();
  year.terms[0].end = D("2025-12-22");
  const SchoolCalendar closed = BuildOrDie({WithClosures(year, {"2025-12-22", "2025-09-10"})});
  EXPECT_EQ(Evaluated(closed, {"", Cadence::kDaily, {}, "2025-09-11", ""}), "MMMMM-M");
  EXPECT_EQ(Evaluated(closed, {"", Cadence::kWeekly, {}, "2025-12-31", ""}), Times(15, "M") + "-");
  // The grace counts school days: the closed one moves its end to the Monday.
  EXPECT_EQ(Evaluated(closed, {"", Cadence::kWeekly, {"2025-09-08", "2025-09-15", "2025-09-15"}, "2025-09-15", ""}), "LHH");
  EXPECT_EQ(Evaluated(TwoYears(), {"", Cadence::kWeekly, {"2025-09-08", "2025-09-15", "2025-09-15"}, "2025-09-15", ""}), "MHH");
}

TEST(Evaluate, TellsWhichMeetingServed) {
  const std::vector<absl::CivilDay> held = Days({"2025-09-11", "2025-09-10", "2025-09-30"});
  const auto outcomes = Evaluate(Cadence::kWeekly, TwoYears(), held, D("2025-09-14"));
  ASSERT_EQ(Letters(outcomes), "LH");
  EXPECT_EQ(outcomes[0].served_by, 0u);
  EXPECT_EQ(outcomes[1].served_by, 1u);
}

class Active : public testing::Test {
 protected:
  std::string For(Cadence cadence, std::vector<DayRange> active, std::vector<absl::CivilDay> held, const char* as_of) const {
    return Letters(Evaluate({cadence, one_, held, absl::MakeConstSpan(active)}, D(as_of)));
  }
  const SchoolCalendar calendar_ = TwoYears();
  const SchoolCalendar* one_[1] = {&calendar_};
};

TEST_F(Active, FewerThanHalfOfTheSchoolDaysIsNotDue) {
  const absl::CivilDay forever = absl::CivilDay::max();
  EXPECT_EQ(For(Cadence::kWeekly, {{D("2025-09-10"), forever}}, {}, "2025-09-14"), "-M") << "three days of five";
  EXPECT_EQ(For(Cadence::kWeekly, {{D("2025-09-11"), forever}}, {}, "2025-09-14"), "--") << "two of five";
  EXPECT_EQ(For(Cadence::kWeekly, {{D("2026-05-07"), forever}}, {}, "2026-05-10"), Times(29, "-") + "M")
      << "half of a week with a bank holiday";
  EXPECT_EQ(For(Cadence::kWeekly, {{D("2026-05-08"), forever}}, {}, "2026-05-10"), Times(30, "-"));
  EXPECT_EQ(For(Cadence::kWeekly, {{D("2025-09-01"), D("2025-09-10")}}, {}, "2025-09-21"), "MM-") << "left on a Wednesday";
  EXPECT_EQ(For(Cadence::kWeekly, {{D("2025-09-08"), D("2025-09-08")}, {D("2025-09-11"), D("2025-09-12")}}, {}, "2025-09-14"),
            "-M");
  EXPECT_EQ(For(Cadence::kWeekly, {{D("2025-09-08"), D("2025-09-09")}, {D("2025-09-09"), D("2025-09-09")}}, {}, "2025-09-14"), "--")
      << "a day counts once";
  EXPECT_EQ(For(Cadence::kWeekly, {}, Days({"2025-09-10"}), "2025-09-14"), "--") << "never active";
  EXPECT_EQ(For(Cadence::kAnnually, {{D("2026-03-01"), forever}}, {}, "2026-08-31"), "-");
  EXPECT_EQ(For(Cadence::kAnnually, {{D("2026-01-01"), forever}}, {}, "2026-08-31"), "M");
  EXPECT_EQ(For(Cadence::kDaily, {{D("2025-09-04"), D("2025-09-04")}}, {}, "2025-09-05"), "-M-");
}

TEST_F(Active, APostSpansBothPeopleAndEachCountsOwnTime) {
  // The first person until Tuesday 23 September, the second from the Wednesday.
  const DayRange first{D("2025-09-01"), D("2025-09-23")}, second{D("2025-09-24"), absl::CivilDay::max()};
  const std::vector<absl::CivilDay> by_first = Days({"2025-09-03", "2025-09-22"});
  const std::vector<absl::CivilDay> by_second = Days({"2025-09-30"});
  std::vector<absl::CivilDay> all = by_first;
  all.insert(all.end(), by_second.begin(), by_second.end());
  EXPECT_EQ(For(Cadence::kWeekly, {first, second}, all, "2025-10-05"), "HMMHH");
  EXPECT_EQ(For(Cadence::kWeekly, {first}, by_first, "2025-10-05"), "HML--")
      << "two days of the fourth week are too few, so its meeting is spare";
  EXPECT_EQ(For(Cadence::kWeekly, {second}, by_second, "2025-10-05"), "---MH");
  EXPECT_EQ(For(Cadence::kWeekly, {second}, all, "2025-10-05"), "---MH") << "meetings before one's time count nothing";
}

TEST_F(Active, ASchoolThatJoinsInTheYear) {
  EXPECT_EQ(For(Cadence::kHalfTermly, {{D("2026-01-01"), absl::CivilDay::max()}}, Days({"2025-12-01", "2026-01-20"}), "2026-02-28"),
            "--HD");
}

TEST(SharedSeries, MeetsWhenEverySchoolIsOpen) {
  AcademicYearInput other = Year2025();
  other.terms[0].half_term_start = D("2025-10-20");
  other.terms[0].half_term_end = D("2025-10-24");
  const SchoolCalendar first = BuildOrDie({Year2025()}), second = BuildOrDie({other});
  const SchoolCalendar* both[] = {&first, &second};
  const auto letters = [&](Cadence cadence, const std::vector<absl::CivilDay>& held, const char* as_of) {
    return Letters(Evaluate({cadence, both, held, std::nullopt}, D(as_of)));
  };
  // Weeks from 20 and 27 October are none, so a spare meeting then makes up for the week from 13 October: no day of them is common.
  EXPECT_EQ(letters(Cadence::kWeekly, Days({"2025-10-30"}), "2025-11-02"), "MMMMMML");
  // Half terms overlap from 25 to 26 October; a meeting there first serves the one that closes first.
  EXPECT_EQ(letters(Cadence::kHalfTermly, Days({"2025-10-25"}), "2025-10-26"), "HD");
  EXPECT_EQ(letters(Cadence::kHalfTermly, Days({"2025-10-25", "2025-10-26"}), "2025-10-26"), "HH");
  EXPECT_EQ(letters(Cadence::kHalfTermly, Days({"2025-09-25", "2025-10-26"}), "2025-10-26"), "HH");
  EXPECT_EQ(letters(Cadence::kDaily, {}, "2025-09-03"), "M");
}

TEST(Rolling, WithinTwelveMonths) {
  const SchoolCalendar calendar = TwoYears();
  const SchoolCalendar* one[] = {&calendar};
  const auto outcome = [&](std::vector<absl::CivilDay> held, const char* as_of,
                           std::optional<std::vector<DayRange>> active = std::nullopt) {
    Commitment commitment{Cadence::kWithin12Months, one, held, std::nullopt};
    if (active.has_value()) commitment.active = absl::MakeConstSpan(*active);
    const auto outcomes = Evaluate(commitment, D(as_of));
    EXPECT_EQ(outcomes.size(), 1u);
    return outcomes[0];
  };
  EXPECT_EQ(outcome({}, "2026-03-10").outcome, Outcome::kMissed);
  EXPECT_EQ(outcome(Days({"2025-03-10"}), "2026-03-10").outcome, Outcome::kHeld);
  EXPECT_EQ(outcome(Days({"2025-03-10"}), "2026-03-11").outcome, Outcome::kMissed);
  EXPECT_EQ(outcome(Days({"2026-03-11"}), "2026-03-10").outcome, Outcome::kMissed) << "still to come";
  EXPECT_EQ(outcome(Days({"2025-11-01", "2026-01-10", "2025-12-01"}), "2026-03-10").served_by, 1u) << "the newest";
  // Leap days.
  EXPECT_EQ(outcome(Days({"2028-02-29"}), "2029-02-28").outcome, Outcome::kHeld);
  EXPECT_EQ(outcome(Days({"2028-02-29"}), "2029-03-01").outcome, Outcome::kMissed);
  EXPECT_EQ(outcome(Days({"2027-02-28"}), "2028-02-28").outcome, Outcome::kHeld);
  EXPECT_EQ(outcome(Days({"2027-02-28"}), "2028-02-29").outcome, Outcome::kMissed);
  EXPECT_EQ(outcome(Days({"2027-03-01"}), "2028-02-29").outcome, Outcome::kHeld);
  // Joined 1 January 2026: the first visit is due within a year of that.
  const std::vector<DayRange> joined = {{D("2026-01-01"), absl::CivilDay::max()}};
  EXPECT_EQ(outcome({}, "2025-12-31", joined).outcome, Outcome::kNotDue);
  EXPECT_EQ(outcome({}, "2026-12-31", joined).outcome, Outcome::kDue);
  EXPECT_EQ(outcome({}, "2027-01-01", joined).outcome, Outcome::kMissed);
  EXPECT_EQ(outcome(Days({"2025-12-01"}), "2026-06-01", joined).outcome, Outcome::kDue) << "a visit before it joined";
  // A post that changed hands on a day was never vacant; one with a gap begins anew.
  EXPECT_EQ(outcome({}, "2026-06-01", {{{D("2024-01-01"), D("2026-01-31")}, {D("2026-02-01"), D("2030-01-01")}}}).outcome,
            Outcome::kMissed);
  EXPECT_EQ(outcome({}, "2026-06-01", {{{D("2024-01-01"), D("2026-01-30")}, {D("2026-02-01"), D("2030-01-01")}}}).outcome,
            Outcome::kDue);
  EXPECT_EQ(outcome({}, "2026-03-10").period.label, "12 months to 2026-03-10");
}

TEST(Adherence, OfNothingConcludedIsNoFigure) {
  const SchoolCalendar calendar = TwoYears();
  const Adherence open = Summarise(Evaluate(Cadence::kWeekly, calendar, {}, D("2025-09-05")));
  EXPECT_EQ(open.due, 1);
  EXPECT_EQ(open.adherence(), std::nullopt);
  EXPECT_EQ(open.on_time(), std::nullopt);
  // L, H, M, M, D.
  const Adherence some = Summarise(Evaluate(Cadence::kWeekly, calendar, Days({"2025-09-10", "2025-09-11"}), D("2025-09-30")));
  EXPECT_EQ(some.held, 1);
  EXPECT_EQ(some.late, 1);
  EXPECT_EQ(some.missed, 2);
  EXPECT_EQ(some.due, 1);
  EXPECT_EQ(some.adherence(), 0.5);
  EXPECT_EQ(some.on_time(), 0.25);
}

TEST(Adherence, OfAHalfTermTakesItsWeeks) {
  const SchoolCalendar calendar = TwoYears();
  const auto outcomes = Evaluate(Cadence::kWeekly, calendar, {}, D("2027-08-31"));
  int weeks = 0;
  for (const Period& half_term : Periods(Cadence::kHalfTermly, calendar)) weeks += Summarise(outcomes, half_term.range()).missed;
  EXPECT_EQ(weeks, 79);
  EXPECT_EQ(Summarise(outcomes, PeriodOf(D("2026-09-10"), Cadence::kHalfTermly, calendar)->range()).missed, 8);
  EXPECT_EQ(Summarise(outcomes, {D("2025-10-27"), D("2025-10-31")}).concluded(), 0);
}

TEST(MissedInARow, SkipsWhatIsNotConcluded) {
  const SchoolCalendar calendar = TwoYears();
  EXPECT_EQ(MissedInARow({}), 0);
  EXPECT_EQ(MissedInARow(Evaluate(Cadence::kWeekly, calendar, Days({"2025-09-10"}), D("2025-09-30"))), 2);
  EXPECT_EQ(MissedInARow(Evaluate(Cadence::kWeekly, calendar, Days({"2025-09-10"}), D("2025-09-14"))), 0);
  EXPECT_EQ(MissedInARow(Evaluate(Cadence::kWeekly, calendar, Days({"2026-07-01"}), D("2026-07-26"))), 2)
      << "the INSET week is skipped";
}

TEST(Names, OfOutcomes) {
  EXPECT_EQ(OutcomeName(Outcome::kHeld), "held");
  EXPECT_EQ(OutcomeName(Outcome::kNotDue), "not due");
}

}  // namespace
}  // namespace fivestrand::calendar
