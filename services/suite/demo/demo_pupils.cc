#include "services/suite/demo/demo_pupils.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/status/views.h"
#include "services/suite/demo/demo_data.h"
#include "services/suite/demo/demo_dice.h"

namespace fivestrand::demo {
namespace {

constexpr std::array kNeeds = {"SPLD", "MLD", "SEMH", "SLCN", "ASD", "SLCN", "SEMH", "OTH"};
// Schools that the secondary schools' pupils come from, as numbers of a local authority that does not exist.
constexpr int kFeeders = 12, kFirstFeeder = 2101;
constexpr absl::CivilDay kMove(2026, 2, 9), kJoin(2026, 1, 6), kLateMove(2026, 10, 12);

// Which letter a UPN has to begin with.
char CheckLetter(std::string_view digits) {
  constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRTUVWXYZ";
  std::size_t sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) sum += static_cast<std::size_t>(digits[i] - '0') * (i + 2);
  return kLetters[sum % kLetters.size()];
}

double DisadvantagedShare(std::string_view school) {
  if (school == "northgate") return 0.3;
  if (school == "hazelmere") return 0.2;
  if (school == "the-orchard") return 0.4;
  return 0.25;
}

// Cohorts of which a story is told: nobody comes or goes within the year.
bool Settled(std::string_view school, YearGroup year, int academic_year) {
  return (school == "ashdown-junior" && year == type::v1::YEAR_GROUP_5 && academic_year == kFirstYear) ||
         (school == "northgate" && year == type::v1::YEAR_GROUP_8 && academic_year == kFirstYear) ||
         (school == "st-brannocs" && year >= type::v1::YEAR_GROUP_5 && year - type::v1::YEAR_GROUP_5 == academic_year - kFirstYear);
}

class PupilMaker {
 public:
  PupilMaker(const DemoPlan& plan, std::uint64_t seed) : plan_(plan), dice_(seed, "pupils") {}

  std::vector<DemoPupil> Make() {
    for (std::size_t school = 0; school < plan_.schools.size(); ++school) {
      for (int y = plan_.schools[school].first; y <= plan_.schools[school].last; ++y) Fill(school, Year(y), kFirstYear);
    }
    MoveWithin();
    Advance();
    for (std::size_t school = 0; school < plan_.schools.size(); ++school) {
      for (int y = plan_.schools[school].first; y <= plan_.schools[school].last; ++y) Fill(school, Year(y), kFirstYear + 1);
    }
    for (int i = 0; i < 4; ++i) MoveOne(kLateMove, kFirstYear + 1);
    return std::move(pupils_);
  }

 private:
  static YearGroup Year(int year) { return static_cast<YearGroup>(year); }
  std::string SchoolId(std::size_t school) const { return std::string(names::IdOf(plan_.schools[school].school.name())); }
  std::size_t Find(std::string_view id) const {
    std::size_t at = 0;
    while (SchoolId(at) != id) ++at;
    return at;
  }

  // Schools feed those of their own round.
  int RoundOf(const DemoSchool& school) const { return static_cast<int>(&school - plan_.schools.data()) / kStorySchools; }

  std::string NewUpn(const DemoSchool& school, YearGroup year, int academic_year) {
    const int entry = academic_year - (year - type::v1::YEAR_GROUP_R);
    std::string establishment = school.school.laestab().substr(3);
    // Feeders of a secondary school, apart for each round of schools.
    if (BySubject(school)) establishment = absl::StrCat(kFirstFeeder + dice_.Below(kFeeders) + RoundOf(school) * kFeeders);
    const int serial = ++serials_[{establishment, entry}];
    const std::string digits = absl::StrFormat("999%s%02d%03d", establishment, entry % 100, serial);
    return std::string(1, CheckLetter(digits)) + digits;
  }

  DemoPupil NewPupil(const DemoSchool& school, YearGroup year, int academic_year) {
    DemoPupil pupil;
    pupil.upn = NewUpn(school, year, academic_year);
    pupil.given = dice_.Pick(kGiven);
    pupil.family = dice_.Pick(kFamily);
    pupil.girl = dice_.Chance(0.49);
    pupil.birth = absl::CivilDay(academic_year - 5 - (year - type::v1::YEAR_GROUP_R), 9, 1) + dice_.Below(365);
    return pupil;
  }

  // Everything about groups follows from whether somebody is disadvantaged and from chance.
  void GiveGroups(std::string_view school, absl::CivilDay from, bool disadvantaged, bool sen, DemoPupil* pupil) {
    pupil->disadvantaged = disadvantaged;
    pupil->looked_after = disadvantaged && dice_.Chance(0.035);
    pupil->additional_language = dice_.Chance(school == "northgate" ? 0.26 : 0.12);
    pupil->sen = !sen ? 'N' : school == "the-orchard" || dice_.Chance(0.2) ? 'E' : 'K';
    pupil->need = sen ? dice_.Pick(kNeeds) : "";
    pupil->sen_start = from == FirstDayOf(kFirstYear) && pupil->sen == 'K' && dice_.Chance(0.06) ? kJoin : from;
    pupil->ability = dice_.Normal() - (disadvantaged ? 0.3 : 0) - (sen ? 0.6 : 0);
  }

  // Pupils of a year group that are still missing, with the shares of groups that a year group has.
  void Fill(std::size_t index, YearGroup year, int academic_year) {
    const DemoSchool& school = plan_.schools[index];
    const std::string id = SchoolId(index);
    std::vector<std::size_t> cohort;
    int disadvantaged = 0, sen = 0;
    for (std::size_t i = 0; i < pupils_.size(); ++i) {
      const DemoPlace* place = pupils_[i].places.empty() ? nullptr : &pupils_[i].places.back();
      if (place == nullptr || place->school != index || place->year_group != year || place->start != FirstDayOf(academic_year))
        continue;
      cohort.push_back(i);
      disadvantaged += pupils_[i].disadvantaged ? 1 : 0;
      sen += pupils_[i].sen != 'N' ? 1 : 0;
    }
    const int size = CohortSize(school, year), missing = size - static_cast<int>(cohort.size());
    if (missing > 0) {
      const int wanted = static_cast<int>(std::lround(size * DisadvantagedShare(id))) - disadvantaged;
      const int wanted_sen = id == "the-orchard" ? size : static_cast<int>(std::lround(size * 0.15)) - sen;
      for (int i = 0; i < missing; ++i) {
        DemoPupil pupil = NewPupil(school, year, academic_year);
        const bool is_sen = id == "the-orchard" || IsOneOf(i, missing, wanted_sen);
        GiveGroups(id, FirstDayOf(academic_year), i < wanted, is_sen, &pupil);
        cohort.push_back(pupils_.size());
        Enter(index, year, academic_year, FirstDayOf(academic_year), LastDayOf(academic_year), static_cast<int>(cohort.size()),
              &pupil);
        pupils_.push_back(std::move(pupil));
      }
    }
    Rank(cohort, academic_year);
  }

  // Spreads `some` evenly over `all`.
  static bool IsOneOf(int i, int all, int some) { return some > 0 && (i + 1) * some / all > i * some / all; }

  // Prior attainment, and who is among the most able: of those who have none yet.
  void Rank(std::vector<std::size_t> cohort, int academic_year) {
    std::sort(cohort.begin(), cohort.end(),
              [this](std::size_t a, std::size_t b) { return pupils_[a].ability > pupils_[b].ability; });
    for (std::size_t at = 0; at < cohort.size(); ++at) {
      DemoPupil& pupil = pupils_[cohort[at]];
      if (pupil.places.front().start != FirstDayOf(academic_year)) continue;
      const double place = static_cast<double>(at) / static_cast<double>(cohort.size());
      pupil.most_able = place < 0.1;
      pupil.prior = place + 0.1 * (dice_.Share() - 0.5) < 0.27 ? 2 : place > 0.74 ? 0 : 1;
    }
  }

  // Enters a school with a seat in its classes; `seat` says in which of several.
  void Enter(std::size_t index, YearGroup year, int academic_year, absl::CivilDay start, absl::CivilDay end, int seat,
             DemoPupil* pupil) {
    const DemoSchool& school = plan_.schools[index];
    DemoPlace& place = pupil->places.emplace_back();
    place = {.school = index, .year_group = year, .start = start, .end = end, .classes = {}};
    const int form = seat % ClassesOf(school, year);
    if (!BySubject(school)) {
      place.classes.push_back(absl::StrCat(YearTitle(year), " ", kTrees[static_cast<std::size_t>(form)]));
      return;
    }
    for (const SubjectRow& subject : kSubjects) {
      if (!IsTaught(subject.id, year) || (!subject.core && form != 0)) continue;
      place.classes.push_back(absl::StrCat(YearTitle(year), "/", std::string(subject.title).substr(0, 2), form + 1));
    }
  }

  // Comings and goings of the first year.
  void MoveWithin() {
    for (int i = 0; i < 10; ++i) MoveOne(kMove, kFirstYear);
    for (int i = 0; i < 24; ++i) {
      DemoPupil& leaver = pupils_[PickMovable(kFirstYear)];
      leaver.places.back().end = i % 2 == 0 ? absl::CivilDay(2025, 12, 19) : absl::CivilDay(2026, 3, 27);
    }
    for (int i = 0; i < 24; ++i) {
      const std::size_t model = PickMovable(kFirstYear);
      const DemoPlace there = pupils_[model].places.back();
      DemoPupil joiner = NewPupil(plan_.schools[there.school], there.year_group, kFirstYear);
      GiveGroups(SchoolId(there.school), kJoin, dice_.Chance(0.25), dice_.Chance(0.1), &joiner);
      Enter(there.school, there.year_group, kFirstYear, kJoin, LastDayOf(kFirstYear), dice_.Below(100), &joiner);
      pupils_.push_back(std::move(joiner));
    }
  }

  // A pupil who has been in one place for the whole of the year so far, and of whom no story is told.
  std::size_t PickMovable(int academic_year) {
    while (true) {
      const std::size_t i = static_cast<std::size_t>(dice_.Below(static_cast<int>(pupils_.size())));
      const DemoPlace& place = pupils_[i].places.back();
      const std::string school = SchoolId(place.school);
      if (place.start != FirstDayOf(academic_year) || place.end != LastDayOf(academic_year) || school == "the-orchard" ||
          Settled(school, place.year_group, academic_year))
        continue;
      return i;
    }
  }

  // To another school of the trust that has the year group, in the middle of a window.
  void MoveOne(absl::CivilDay day, int academic_year) {
    while (true) {
      DemoPupil& pupil = pupils_[PickMovable(academic_year)];
      const DemoPlace from = pupil.places.back();
      for (std::size_t to = 0; to < plan_.schools.size(); ++to) {
        const DemoSchool& school = plan_.schools[to];
        if (to == from.school || SchoolId(to) == "the-orchard" || from.year_group < school.first || from.year_group > school.last ||
            Settled(SchoolId(to), from.year_group, academic_year))
          continue;
        pupil.places.back().end = day - 1;
        Enter(to, from.year_group, academic_year, day, LastDayOf(academic_year), dice_.Below(100), &pupil);
        return;
      }
    }
  }

  // Into the second year: up, on to the next school of the trust, or away.
  void Advance() {
    std::map<std::pair<std::size_t, int>, int> seats;
    const std::size_t northgate = Find("northgate"), kingsbridge = Find("kingsbridge"), infant = Find("ashdown-infant"),
                      junior = Find("ashdown-junior");
    for (DemoPupil& pupil : pupils_) {
      const DemoPlace from = pupil.places.back();
      if (from.end != LastDayOf(kFirstYear)) continue;
      const DemoSchool& school = plan_.schools[from.school];
      const std::string id = SchoolId(from.school);
      const YearGroup next = Year(from.year_group + 1);
      std::size_t to = from.school;
      if (from.year_group == school.last) {
        const double chance = dice_.Share();
        const std::size_t first = static_cast<std::size_t>(RoundOf(school)) * kStorySchools;
        if (from.school - first == infant) {
          to = first + junior;
        } else if (from.year_group == type::v1::YEAR_GROUP_6 && chance < 0.8) {
          to = first + (chance < 0.55 ? northgate : kingsbridge);
        } else {
          continue;
        }
        // The last round may lack it.
        if (to >= plan_.schools.size()) continue;
      } else if (dice_.Chance(from.year_group == type::v1::YEAR_GROUP_11                 ? 0.55
                              : Settled(id, next, kFirstYear + 1) || id == "the-orchard" ? 0.0
                                                                                         : 0.015)) {
        continue;
      }
      Enter(to, next, kFirstYear + 1, FirstDayOf(kFirstYear + 1), LastDayOf(kFirstYear + 1), seats[{to, next}]++, &pupil);
    }
  }

  const DemoPlan& plan_;
  Dice dice_;
  std::vector<DemoPupil> pupils_;
  std::map<std::pair<std::string, int>, int> serials_;
};

const char* PriorText(int prior) {
  return prior == 0 ? "Low" : prior == 1 ? "Middle" : "High";
}

void AddRow(const std::string& urn, const DemoPupil& pupil, const DemoPlace& place, std::string* rows) {
  absl::StrAppend(rows, pupil.upn, ",", pupil.given, ",", pupil.family, ",", pupil.girl ? "F" : "M", ",",
                  calendar::FormatDay(pupil.birth), ",", urn, ",", YearTitle(place.year_group), ",");
  absl::StrAppend(rows, calendar::FormatDay(place.start), ",", calendar::FormatDay(place.end), ",", PriorText(pupil.prior));
  for (std::size_t i = 0; i < static_cast<std::size_t>(kClassColumns); ++i)
    absl::StrAppend(rows, ",", i < place.classes.size() ? place.classes[i] : std::string());
  rows->push_back('\n');
}

}  // namespace

absl::CivilDay FirstDayOf(int year) {
  return absl::CivilDay(year, 9, 3);
}

absl::CivilDay LastDayOf(int year) {
  return absl::CivilDay(year + 1, 7, 21);
}

const DemoPlace* DemoPupil::On(absl::CivilDay day) const {
  for (const DemoPlace& place : places) {
    if (place.start <= day && day <= place.end) return &place;
  }
  return nullptr;
}

std::vector<DemoPupil> MakePupils(const DemoPlan& plan, std::uint64_t seed) {
  return PupilMaker(plan, seed).Make();
}

std::vector<std::string> PupilFiles(const DemoPlan& plan, const std::vector<DemoPupil>& pupils) {
  std::string header = "UPN,Forename,Surname,Gender,Date of birth,School URN,Year,Start,End,Prior attainment";
  for (int i = 1; i <= kClassColumns; ++i) absl::StrAppend(&header, ",Class ", i);
  std::size_t rounds = 0;
  for (const DemoPupil& pupil : pupils) rounds = std::max(rounds, pupil.places.size());
  std::vector<std::string> files;
  for (std::size_t round = 0; round < rounds; ++round) {
    for (std::size_t school = 0; school < plan.schools.size(); ++school) {
      std::string rows;
      for (const DemoPupil& pupil : pupils) {
        if (pupil.places.size() > round && pupil.places[round].school == school)
          AddRow(plan.schools[school].school.urn(), pupil, pupil.places[round], &rows);
      }
      if (!rows.empty()) files.push_back(absl::StrCat(header, "\n", rows));
    }
  }
  return files;
}

std::string GroupFile(const std::vector<DemoPupil>& pupils) {
  std::string file = "UPN,Start,Disadvantaged,Looked after,EAL,Most able,SEN status,Need\n";
  const auto yes = [](bool in) {
    return in ? ",Y" : ",";
  };
  for (const DemoPupil& pupil : pupils) {
    const absl::CivilDay start = pupil.places.front().start;
    const bool later = pupil.sen != 'N' && pupil.sen_start != start;
    if (pupil.disadvantaged || pupil.looked_after || pupil.additional_language || pupil.most_able || (pupil.sen != 'N' && !later)) {
      absl::StrAppend(&file, pupil.upn, ",", calendar::FormatDay(start), yes(pupil.disadvantaged), yes(pupil.looked_after),
                      yes(pupil.additional_language), yes(pupil.most_able), ",");
      if (pupil.sen != 'N' && !later)
        absl::StrAppend(&file, std::string(1, pupil.sen), ",", pupil.need, "\n");
      else
        file += ",\n";
    }
    if (later)
      absl::StrAppend(&file, pupil.upn, ",", calendar::FormatDay(pupil.sen_start), ",,,,,", std::string(1, pupil.sen), ",",
                      pupil.need, "\n");
  }
  return file;
}

}  // namespace fivestrand::demo
