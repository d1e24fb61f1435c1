// Random calendars, meetings and settings against a slow reference that follows the rules word by word, and against the laws that
// must hold for every question.
#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>

#include "gtest/gtest.h"

#include "platform/calendar/adherence.h"
#include "platform/calendar/test_calendars.h"

namespace fivestrand::calendar {
namespace {

using Schools = std::vector<std::unique_ptr<SchoolCalendar>>;

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  int Up(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  absl::CivilDay DayIn(DayRange range) { return range.start + Up(static_cast<int>(range.end - range.start) + 1); }

  AcademicYearInput Year(int start_year) {
    AcademicYearInput year{AcademicYearId(start_year), {}, {}, {}};
    const absl::CivilDay starts[] = {absl::CivilDay(start_year, 9, 1), absl::CivilDay(start_year + 1, 1, 2),
                                     absl::CivilDay(start_year + 1, 4, 5)};
    for (const absl::CivilDay earliest : starts) {
      TermDates term;
      term.start = earliest + Up(14);
      term.half_term_start = term.start + 15 + Up(20);
      term.half_term_end = term.half_term_start + 2 + Up(12);
      term.end = term.half_term_end + 12 + Up(16);
      year.terms.push_back(term);
    }
    // Some years go on to the end of August and meet the next one within a week.
    if (Up(4) == 0) year.terms[2].end = absl::CivilDay(start_year + 1, 8, 31) - Up(4);
    for (int i = Up(7); i > 0; --i) year.inset_days.push_back(DayIn({year.terms[0].start, year.terms[2].end}));
    // INSET days cluster at the start of terms, which makes weeks of INSET only.
    for (int i = Up(6); i > 0; --i) year.inset_days.push_back(year.terms[static_cast<std::size_t>(Up(3))].start + Up(6));
    return year;
  }

  void AddClosures(AcademicYearInput& year) {
    for (int i = Up(5); i > 0; --i) {
      const absl::CivilDay first = DayIn({year.terms[0].start, year.terms[2].end});
      for (int j = Up(6); j >= 0; --j) year.closures.push_back({first + j, "Snow"});
    }
  }

  std::vector<absl::CivilDay> Meetings(DayRange range) {
    std::vector<absl::CivilDay> days;
    const int most[] = {5, 40, 90, 400};
    for (int i = Up(most[Up(4)]); i > 0; --i) days.push_back(DayIn(range));
    return days;
  }

 private:
  std::mt19937 random_;
};

struct Question {
  std::vector<AcademicYearInput> years[2];
  Schools schools;
  std::vector<const SchoolCalendar*> pointers;
  Cadence cadence;
  std::vector<absl::CivilDay> held;
  std::optional<std::vector<DayRange>> active;
  absl::CivilDay as_of;
  EvaluationOptions options;
  bool closures_count = false;

  std::vector<PeriodOutcome> Ask() const { return Ask(as_of, held); }
  std::vector<PeriodOutcome> Ask(absl::CivilDay day, const std::vector<absl::CivilDay>& meetings) const {
    Commitment commitment{cadence, pointers, meetings, std::nullopt};
    if (active.has_value()) commitment.active = absl::MakeConstSpan(*active);
    return Evaluate(commitment, day, options);
  }
  void Build() {
    schools.clear();
    pointers.clear();
    for (const std::vector<AcademicYearInput>& input : years) {
      if (input.empty()) continue;
      auto built = SchoolCalendar::Build({input, BankHolidays::ByRule(2020, 2035), closures_count});
      ASSERT_TRUE(built.ok()) << built.status();
      schools.push_back(std::make_unique<SchoolCalendar>(*std::move(built)));
      pointers.push_back(schools.back().get());
    }
  }
};

Question Make(unsigned seed) {
  Generator generator(seed);
  Question question;
  question.cadence = static_cast<Cadence>(generator.Up(9));
  question.closures_count = generator.Up(4) == 0;
  const int start_year = 2023 + generator.Up(6), count = 1 + generator.Up(2);
  for (std::size_t school = 0; school < (generator.Up(3) == 0 ? 2u : 1u); ++school) {
    for (int year = start_year; year < start_year + count; ++year) {
      question.years[school].push_back(generator.Year(year));
      generator.AddClosures(question.years[school].back());
    }
  }
  const DayRange span{AcademicYearRange(start_year).start, AcademicYearRange(start_year + count - 1).end};
  question.held = generator.Meetings({span.start - 10, span.end + 10});
  question.as_of = generator.DayIn({span.start - 5, span.end + 40});
  if (generator.Up(2) == 0) {
    question.active.emplace();
    for (int i = generator.Up(4); i > 0; --i) {
      const absl::CivilDay from = generator.DayIn(span);
      question.active->push_back({from, from + generator.Up(200)});
    }
  }
  question.options.day_still_open = generator.Up(4) == 0;
  question.options.periods.inset_only_week_is_due = generator.Up(3) == 0;
  question.options.grace.daily = generator.Up(3) == 0 ? 2 : 0;
  question.Build();
  return question;
}

// The rules of judgement, word by word, over the periods that the library lays.
std::string Reference(const Question& question) {
  const auto every_open = [&](absl::CivilDay day) {
    return std::all_of(question.pointers.begin(), question.pointers.end(),
                       [&](const auto* school) { return school->IsSchoolDay(day); });
  };
  const auto any_open = [&](absl::CivilDay day) {
    return std::any_of(question.pointers.begin(), question.pointers.end(),
                       [&](const auto* school) { return school->IsSchoolDay(day); });
  };
  const auto any_inset = [&](absl::CivilDay day) {
    return std::any_of(question.pointers.begin(), question.pointers.end(),
                       [&](const auto* school) { return school->KindOf(day) == DayKind::kInset; });
  };
  const auto is_active = [&](absl::CivilDay day) {
    return !question.active.has_value() || std::any_of(question.active->begin(), question.active->end(),
                                                       [&](const DayRange& range) { return range.Contains(day); });
  };
  std::vector<absl::CivilDay> meetings;
  for (const absl::CivilDay day : question.held) {
    if (day <= question.as_of && is_active(day)) meetings.push_back(day);
  }
  std::sort(meetings.begin(), meetings.end());

  std::vector<Period> periods = Periods(question.cadence, question.pointers, question.options.periods);
  std::erase_if(periods, [&](const Period& period) { return period.start > question.as_of; });
  std::string letters(periods.size(), '?');
  for (std::size_t i = 0; i < periods.size(); ++i) {
    std::set<absl::CivilDay> days, active_days;
    for (int inset = 0; inset < 2 && days.empty(); ++inset) {
      for (absl::CivilDay day = periods[i].start; day <= periods[i].end; ++day) {
        if (inset == 0 ? any_open(day) : any_inset(day)) days.insert(day);
      }
    }
    for (const absl::CivilDay day : days) {
      if (is_active(day)) active_days.insert(day);
    }
    if (periods[i].school_days == 0 || 2 * active_days.size() < days.size()) letters[i] = '-';
  }
  std::vector<absl::CivilDay> spare;
  for (const absl::CivilDay day : meetings) {
    bool own = false;
    for (std::size_t i = 0; i < periods.size() && !own; ++i) {
      own = letters[i] == '?' && periods[i].range().Contains(day);
      if (own) letters[i] = 'H';
    }
    if (!own) spare.push_back(day);
  }
  for (std::size_t i = 0; i < periods.size(); ++i) {
    if (letters[i] != '?') continue;
    const absl::CivilDay end = periods[i].end;
    const bool closed = question.options.day_still_open ? end < question.as_of : end <= question.as_of;
    letters[i] = closed ? 'M' : 'D';
    // Walk to the last school day of the grace, or to where the calendar ends.
    absl::CivilDay last = end;
    for (int left = question.options.grace.Of(question.cadence); left > 0;) {
      const bool planned = std::all_of(question.pointers.begin(), question.pointers.end(),
                                       [&](const auto* school) { return school->KindOf(last + 1) != DayKind::kNotPlanned; });
      if (!planned) break;
      ++last;
      if (every_open(last)) --left;
    }
    const auto found = std::find_if(spare.begin(), spare.end(), [&](absl::CivilDay day) { return end < day && day <= last; });
    if (found == spare.end()) continue;
    letters[i] = 'L';
    spare.erase(found);
  }
  return letters;
}

std::string Letters(const std::vector<PeriodOutcome>& outcomes) {
  std::string letters;
  for (const PeriodOutcome& outcome : outcomes) letters += "HDML-"[static_cast<std::size_t>(outcome.outcome)];
  return letters;
}

constexpr unsigned kQuestions = 3000;

TEST(Property, AgreesWithTheReference) {
  std::map<char, int> seen;
  for (unsigned seed = 0; seed < kQuestions; ++seed) {
    const Question question = Make(seed);
    const std::string letters = Letters(question.Ask());
    ASSERT_EQ(letters, Reference(question)) << "seed " << seed << " " << CadenceName(question.cadence);
    for (const char letter : letters) ++seen[letter];
  }
  for (const char letter : std::string("HDML-"))
    EXPECT_GT(seen[letter], 100) << letter << ": the questions do not reach this outcome";
}

TEST(Property, AMeetingServesOnePeriodAndSharesAreShares) {
  for (unsigned seed = 0; seed < kQuestions; ++seed) {
    const Question question = Make(seed);
    const std::vector<PeriodOutcome> outcomes = question.Ask();
    std::set<std::size_t> served;
    for (const PeriodOutcome& outcome : outcomes) {
      const bool needs_meeting = outcome.outcome == Outcome::kHeld || outcome.outcome == Outcome::kLate;
      ASSERT_EQ(outcome.served_by.has_value(), needs_meeting);
      if (!needs_meeting) continue;
      ASSERT_TRUE(served.insert(*outcome.served_by).second) << "seed " << seed;
      ASSERT_EQ(outcome.period.range().Contains(question.held.at(*outcome.served_by)), outcome.outcome == Outcome::kHeld);
    }
    const Adherence sum = Summarise(outcomes);
    ASSERT_EQ(sum.concluded() + sum.due + sum.not_due, static_cast<int>(outcomes.size()));
    ASSERT_EQ(sum.adherence().has_value(), sum.concluded() > 0);
    if (sum.adherence().has_value()) {
      ASSERT_GE(*sum.on_time(), 0);
      ASSERT_LE(*sum.on_time(), *sum.adherence());
      ASSERT_LE(*sum.adherence(), 1);
    }
    ASSERT_EQ(Letters(question.Ask()), Letters(outcomes)) << "asked twice";
  }
}

TEST(Property, AnotherMeetingNeverLowersAdherence) {
  for (unsigned seed = 0; seed < kQuestions; ++seed) {
    const Question question = Make(seed);
    Generator generator(seed + 1);
    std::vector<absl::CivilDay> more = question.held;
    more.insert(more.begin() + generator.Up(static_cast<int>(more.size()) + 1), question.as_of - generator.Up(300));
    const Adherence before = Summarise(question.Ask()), after = Summarise(question.Ask(question.as_of, more));
    ASSERT_GE(after.adherence().value_or(-1), before.adherence().value_or(-1)) << "seed " << seed;
    ASSERT_GE(after.on_time().value_or(-1), before.on_time().value_or(-1)) << "seed " << seed;
  }
}

TEST(Property, OutcomesOnlyMoveForward) {
  const std::map<char, std::string> next = {{'D', "DHML"}, {'M', "ML"}, {'H', "H"}, {'L', "L"}, {'-', "-"}};
  for (unsigned seed = 0; seed < kQuestions / 3; ++seed) {
    const Question question = Make(seed);
    std::string before;
    for (absl::CivilDay day = question.as_of - 60; day <= question.as_of + 60; day += 1 + seed % 9) {
      const std::string after = Letters(question.Ask(day, question.held));
      ASSERT_GE(after.size(), before.size());
      for (std::size_t i = 0; i < before.size(); ++i) {
        ASSERT_NE(next.at(before[i]).find(after[i]), std::string::npos)
            << "seed " << seed << " " << before[i] << " to " << after[i];
      }
      before = after;
    }
  }
}

TEST(Property, OrderOfMeetingsDoesNotMatter) {
  for (unsigned seed = 0; seed < kQuestions / 3; ++seed) {
    const Question question = Make(seed);
    std::vector<absl::CivilDay> shuffled = question.held;
    std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(seed));
    ASSERT_EQ(Letters(question.Ask(question.as_of, shuffled)), Letters(question.Ask())) << "seed " << seed;
  }
}

TEST(Property, AClosureNeverRenumbers) {
  for (unsigned seed = 0; seed < kQuestions / 3; ++seed) {
    Question question = Make(seed);
    const std::vector<Period> before = Periods(question.cadence, question.pointers, question.options.periods);
    Generator generator(seed + 7);
    for (std::vector<AcademicYearInput>& years : question.years) {
      for (AcademicYearInput& year : years) generator.AddClosures(year);
    }
    question.Build();
    const std::vector<Period> after = Periods(question.cadence, question.pointers, question.options.periods);
    ASSERT_EQ(before.size(), after.size()) << "seed " << seed;
    for (std::size_t i = 0; i < before.size(); ++i) {
      ASSERT_EQ(before[i].range(), after[i].range());
      ASSERT_EQ(before[i].label, after[i].label);
      ASSERT_EQ(before[i].number, after[i].number);
      ASSERT_EQ(before[i].first_school_day, after[i].first_school_day);
      ASSERT_GE(before[i].school_days, after[i].school_days);
    }
  }
}

// Periods of one school, from the wording alone.
TEST(Property, PeriodsAreThoseOfTheRules) {
  const BankHolidays holidays = BankHolidays::ByRule(2020, 2035);
  for (unsigned seed = 0; seed < kQuestions / 3; ++seed) {
    const Question question = Make(seed);
    const SchoolCalendar& school = *question.pointers[0];
    for (const AcademicYearInput& year : question.years[0]) {
      const int start_year = *ParseAcademicYearId(year.id);
      const auto in_year = [&](Cadence cadence) {
        std::vector<absl::CivilDay> starts;
        for (const Period& period : Periods(cadence, school, question.options.periods)) {
          // A week that two academic years share begins on its Monday here for both.
          const bool whole_weeks = cadence == Cadence::kWeekly || cadence == Cadence::kFortnightly;
          const absl::CivilDay start = whole_weeks ? MondayOf(period.start) : period.start;
          if (period.academic_year == start_year && period.school_days > 0) starts.push_back(start);
        }
        return starts;
      };
      std::vector<absl::CivilDay> days, planned_weeks;
      std::set<absl::CivilDay> weeks, months;
      for (const TermDates& term : year.terms) {
        for (absl::CivilDay day = term.start; day <= term.end; ++day) {
          const bool inset = std::count(year.inset_days.begin(), year.inset_days.end(), day) > 0;
          const bool closed =
              std::any_of(year.closures.begin(), year.closures.end(), [&](const Closure& closure) { return closure.day == day; });
          if (IsWeekend(day) || holidays.Contains(day) || (term.half_term_start <= day && day <= term.half_term_end)) continue;
          if (inset && !(question.options.periods.inset_only_week_is_due)) continue;
          if (planned_weeks.empty() || planned_weeks.back() != MondayOf(day)) planned_weeks.push_back(MondayOf(day));
          if (closed && (inset || !question.closures_count)) continue;
          weeks.insert(MondayOf(day));
          if (inset) continue;
          days.push_back(day);
          months.insert(absl::CivilDay(absl::CivilMonth(day)));
        }
      }
      ASSERT_EQ(in_year(Cadence::kDaily), days) << "seed " << seed;
      ASSERT_EQ(in_year(Cadence::kWeekly), std::vector<absl::CivilDay>(weeks.begin(), weeks.end())) << "seed " << seed;
      ASSERT_EQ(in_year(Cadence::kMonthly), std::vector<absl::CivilDay>(months.begin(), months.end())) << "seed " << seed;
      std::vector<absl::CivilDay> fortnights;
      for (std::size_t i = 0; i + 1 < planned_weeks.size(); i += 2) {
        if (weeks.contains(planned_weeks[i]) || weeks.contains(planned_weeks[i + 1])) fortnights.push_back(planned_weeks[i]);
      }
      ASSERT_EQ(in_year(Cadence::kFortnightly), fortnights) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace fivestrand::calendar
