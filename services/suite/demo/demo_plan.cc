#include "services/suite/demo/demo_plan.h"

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/calendar/bank_holidays.h"
#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "services/suite/demo/demo_data.h"

namespace fivestrand::demo {
namespace {

using calendar::ToProto;
using leadership::v1::AcademicYear;
using leadership::v1::Post;
using leadership::v1::SchoolClass;
using type::v1::Role;

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}

  DemoPlan Make(int schools) {
    plan_.trust.set_name(kTrust);
    plan_.trust.set_display_name("Acorn Learning Trust");
    plan_.trust.set_group_code("99901");
    for (const SubjectRow& row : kSubjects) {
      auto& subject = plan_.subjects.emplace_back();
      subject.set_name(Subject(row.id));
      subject.set_display_name(row.title);
      subject.set_core(row.core);
    }
    int position = 0;
    for (const FocusRow& row : kFocuses) {
      auto& focus = plan_.focuses.emplace_back();
      focus.set_name(absl::StrCat(kTrust, "/teachingFocuses/", row.id));
      focus.set_display_name(row.title);
      focus.set_description(row.description);
      focus.set_position(++position);
    }
    const calendar::BankHolidays holidays = calendar::BankHolidays::ByRule(2025, 2027);
    for (const calendar::BankHoliday& holiday : holidays.all()) {
      auto& record = plan_.bank_holidays.emplace_back();
      record.set_name(absl::StrCat(kTrust, "/bankHolidays/", calendar::FormatDay(holiday.day)));
      *record.mutable_date() = ToProto(holiday.day);
      record.set_title(holiday.title);
    }
    MakeTrustOfficers();
    for (int i = 0; i < schools; ++i) {
      round_ = i / kStorySchools;
      if (round_ > 0 && i % kStorySchools == 0) MakeExecutives(schools - i);
      MakeSchool(kSchools[i % kStorySchools]);
    }
    for (DemoPerson& person : plan_.people) {
      for (const Post& post : person.posts) Grant(post, &person);
    }
    return std::move(plan_);
  }

 private:
  static std::string Subject(std::string_view id) { return absl::StrCat(kTrust, "/subjects/", std::string(id)); }

  int Below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }

  // What tells the schools and people of a further round from those of the first: `-2`, `-3`, ...
  std::string Suffix() const { return round_ == 0 ? "" : absl::StrCat("-", round_ + 1); }

  // A new person, with an id that nobody else has.
  DemoPerson& AddPerson() {
    std::string given, family, id;
    do {
      given = kGiven[static_cast<size_t>(Below(static_cast<int>(kGiven.size())))];
      family = kFamily[static_cast<size_t>(Below(static_cast<int>(kFamily.size())))];
      id = absl::AsciiStrToLower(absl::StrCat(given, "-", family, Suffix()));
    } while (!ids_.insert(id).second);
    DemoPerson& person = plan_.people.emplace_back();
    person.person.set_name(absl::StrCat(kTrust, "/people/", id));
    person.person.set_given_name(given);
    person.person.set_family_name(family);
    person.person.set_display_name(absl::StrCat(given, " ", family));
    person.person.set_email(absl::AsciiStrToLower(absl::StrCat(given, ".", family, Suffix(), "@acorn.example")));
    return person;
  }

  static Post& AddPost(DemoPerson* person, Post::Kind kind, std::string_view title, const std::string& school,
                       absl::CivilDay from) {
    Post& post = person->posts.emplace_back();
    post.set_person(person->person.name());
    post.set_kind(kind);
    post.set_title(std::string(title));
    post.set_school(school);
    *post.mutable_start_date() = ToProto(from);
    return post;
  }

  // The role that goes with the post, in its schools and its time.
  static void Grant(const Post& post, DemoPerson* person) {
    static const std::map<Post::Kind, Role> kRoles = {{Post::CEO, type::v1::ROLE_CEO},
                                                      {Post::EXECUTIVE_HEADTEACHER, type::v1::ROLE_EXECUTIVE_HEADTEACHER},
                                                      {Post::DIRECTOR, type::v1::ROLE_DIRECTOR},
                                                      {Post::HEADTEACHER, type::v1::ROLE_HEADTEACHER},
                                                      {Post::SENIOR_LEADER, type::v1::ROLE_SENIOR_LEADER},
                                                      {Post::MIDDLE_LEADER, type::v1::ROLE_MIDDLE_LEADER},
                                                      {Post::TEACHER, type::v1::ROLE_TEACHER},
                                                      {Post::SENDCO, type::v1::ROLE_SENDCO},
                                                      {Post::SUPPORT_STAFF, type::v1::ROLE_SUPPORT_STAFF}};
    const auto role = kRoles.find(post.kind());
    if (role == kRoles.end()) return;
    auto& grant = person->grants.emplace_back();
    grant.set_person(person->person.name());
    grant.set_role(role->second);
    if (!post.school().empty()) grant.add_schools(post.school());
    for (const std::string& school : post.responsible_schools()) grant.add_schools(school);
    *grant.mutable_start_date() = post.start_date();
    if (post.has_end_date()) *grant.mutable_end_date() = post.end_date();
  }

  std::string Officer(const char* title, Role role) {
    DemoPerson& person = AddPerson();
    AddPost(&person, Post::TRUST_OFFICER, title, "", absl::CivilDay(2022, 9, 1));
    auto& grant = person.grants.emplace_back();
    grant.set_person(person.person.name());
    grant.set_role(role);
    *grant.mutable_start_date() = ToProto(absl::CivilDay(2022, 9, 1));
    return person.person.name();
  }

  void MakeTrustOfficers() {
    DemoPerson& ceo = AddPerson();
    plan_.ceo = ceo.person.name();
    AddPost(&ceo, Post::CEO, "Chief executive", "", absl::CivilDay(2019, 9, 1));
    MakeExecutives(kStorySchools);
    for (int i = 0; i < 5; ++i) {
      DemoPerson& person = AddPerson();
      AddPost(&person, Post::DIRECTOR, i == 0 ? "Chair of directors" : "Director", "", absl::CivilDay(2021, 9, 1));
    }
    plan_.hr_director = Officer("HR director", type::v1::ROLE_HR_DIRECTOR);
    plan_.data_lead = Officer("Data lead", type::v1::ROLE_DATA_LEAD);
    Officer("SEND lead", type::v1::ROLE_SEND_LEAD);
    plan_.cpd_lead = Officer("CPD lead", type::v1::ROLE_CPD_LEAD);
    Officer("System administrator", type::v1::ROLE_ADMINISTRATOR);
    Officer("Second system administrator", type::v1::ROLE_ADMINISTRATOR);
    Officer("Data protection officer", type::v1::ROLE_DATA_PROTECTION_OFFICER);
  }

  // Of a round with so many schools: the first four are primary.
  void MakeExecutives(int schools) {
    struct {
      const char* title;
      int first, end;
    } const executives[] = {{"Executive headteacher, primary", 0, 4},
                            {"Executive headteacher, secondary and special", 4, kStorySchools}};
    for (const auto& row : executives) {
      if (row.first >= schools) continue;
      DemoPerson& person = AddPerson();
      Post& post = AddPost(&person, Post::EXECUTIVE_HEADTEACHER, row.title, "", absl::CivilDay(2021, 9, 1));
      for (int i = row.first; i < std::min(row.end, schools); ++i) {
        post.add_responsible_schools(absl::StrCat(kTrust, "/schools/", kSchools[i].id, Suffix()));
        executives_[kSchools[i].id] = person.person.name();
      }
    }
  }

  static void AddTerm(AcademicYear::Term::Season season, absl::CivilDay start, absl::CivilDay end, absl::CivilDay half_start,
                      absl::CivilDay half_end, AcademicYear* year) {
    auto* term = year->add_terms();
    term->set_season(season);
    *term->mutable_start_date() = ToProto(start);
    *term->mutable_end_date() = ToProto(end);
    *term->mutable_half_term_start_date() = ToProto(half_start);
    *term->mutable_half_term_end_date() = ToProto(half_end);
  }

  // 195 days for teachers, the first two of them and one after each holiday INSET. Secondary schools have two weeks in October.
  static std::vector<AcademicYear> Years(const std::string& school, bool two_week_october) {
    std::vector<AcademicYear> years(2);
    years[0].set_name(absl::StrCat(school, "/academicYears/2025-26"));
    years[1].set_name(absl::StrCat(school, "/academicYears/2026-27"));
    using Term = AcademicYear::Term;
    if (two_week_october) {
      AddTerm(Term::AUTUMN, absl::CivilDay(2025, 9, 1), absl::CivilDay(2025, 12, 19), absl::CivilDay(2025, 10, 20),
              absl::CivilDay(2025, 10, 31), &years[0]);
      AddTerm(Term::AUTUMN, absl::CivilDay(2026, 9, 1), absl::CivilDay(2026, 12, 18), absl::CivilDay(2026, 10, 19),
              absl::CivilDay(2026, 10, 30), &years[1]);
    } else {
      AddTerm(Term::AUTUMN, absl::CivilDay(2025, 9, 1), absl::CivilDay(2025, 12, 19), absl::CivilDay(2025, 10, 27),
              absl::CivilDay(2025, 10, 31), &years[0]);
      AddTerm(Term::AUTUMN, absl::CivilDay(2026, 9, 1), absl::CivilDay(2026, 12, 18), absl::CivilDay(2026, 10, 26),
              absl::CivilDay(2026, 10, 30), &years[1]);
    }
    AddTerm(Term::SPRING, absl::CivilDay(2026, 1, 5), absl::CivilDay(2026, 3, 27), absl::CivilDay(2026, 2, 16),
            absl::CivilDay(2026, 2, 20), &years[0]);
    AddTerm(Term::SUMMER, absl::CivilDay(2026, 4, 13), absl::CivilDay(2026, 7, 21), absl::CivilDay(2026, 5, 25),
            absl::CivilDay(2026, 5, 29), &years[0]);
    AddTerm(Term::SPRING, absl::CivilDay(2027, 1, 4), absl::CivilDay(2027, 3, 25), absl::CivilDay(2027, 2, 15),
            absl::CivilDay(2027, 2, 19), &years[1]);
    AddTerm(Term::SUMMER, absl::CivilDay(2027, 4, 12), absl::CivilDay(2027, 7, 21), absl::CivilDay(2027, 5, 31),
            absl::CivilDay(2027, 6, 4), &years[1]);
    for (absl::CivilDay day : {absl::CivilDay(2025, 9, 1), absl::CivilDay(2025, 9, 2), absl::CivilDay(2025, 11, 3),
                               absl::CivilDay(2026, 1, 5), absl::CivilDay(2026, 4, 13)}) {
      *years[0].add_inset_dates() = ToProto(day);
    }
    for (absl::CivilDay day : {absl::CivilDay(2026, 9, 1), absl::CivilDay(2026, 9, 2), absl::CivilDay(2026, 11, 2),
                               absl::CivilDay(2027, 1, 4), absl::CivilDay(2027, 4, 12)}) {
      *years[1].add_inset_dates() = ToProto(day);
    }
    return years;
  }

  void MakeSchool(const SchoolRow& row) {
    DemoSchool& school = plan_.schools.emplace_back();
    const std::string name = absl::StrCat(kTrust, "/schools/", row.id, Suffix());
    school.school.set_name(name);
    school.school.set_display_name(round_ == 0 ? row.title : absl::StrCat(row.title, " ", round_ + 1));
    // Numbers of a round follow those of the one before.
    const int further = 10 * round_;
    school.school.set_urn(absl::StrCat(row.urn + further));
    school.school.set_laestab(absl::StrCat("999", row.establishment + further));
    school.school.set_ukprn(absl::StrCat(row.ukprn + further));
    school.school.set_phase(row.phase);
    school.school.set_lowest_age(row.low_age);
    school.school.set_highest_age(row.high_age);
    school.school.set_status(leadership::v1::School::OPEN);
    school.school.set_pupil_count(row.pupils);
    school.school.set_capacity(row.capacity);
    school.school.set_town("Fictional Town");
    school.habits = row.habits;
    school.first = row.first;
    school.last = row.last;
    school.executive = executives_[row.id];
    school.years = Years(name, row.two_week_october);
    // Snow, in January, on one hill.
    if (round_ == 0 && std::string_view(row.id) == "ashdown-junior") {
      auto* closure = school.years[0].add_closures();
      *closure->mutable_date() = ToProto(absl::CivilDay(2026, 1, 14));
      closure->set_reason("Snow");
    }
    MakeLeaders(row, name, &school);
    std::vector<std::string> teachers = MakeStaff(row, name, &school);
    MakeClasses(row, name, teachers, &school);
  }

  void MakeLeaders(const SchoolRow& row, const std::string& name, DemoSchool* school) {
    DemoPerson& head = AddPerson();
    school->heads.push_back({head.person.name(), absl::CivilDay(2021, 9, 1)});
    Post& post = AddPost(&head, Post::HEADTEACHER, "Headteacher", name, absl::CivilDay(2021, 9, 1));
    if (round_ == 0 && std::string_view(row.id) == "kingsbridge") {
      // A change of headteacher at Easter.
      *post.mutable_end_date() = ToProto(absl::CivilDay(2026, 4, 12));
      *head.person.mutable_end_date() = ToProto(absl::CivilDay(2026, 4, 12));
      DemoPerson& next = AddPerson();
      school->heads.push_back({next.person.name(), absl::CivilDay(2026, 4, 13)});
      AddPost(&next, Post::HEADTEACHER, "Headteacher", name, absl::CivilDay(2026, 4, 13));
    }
    const int seniors = row.pupils > 600 ? 4 : row.pupils > 200 ? 2 : 1;
    for (int i = 0; i < seniors; ++i) {
      DemoPerson& senior = AddPerson();
      AddPost(&senior, Post::SENIOR_LEADER, i == 0 ? "Deputy headteacher" : "Assistant headteacher", name,
              absl::CivilDay(2022, 9, 1));
      school->senior_leaders.push_back(senior.person.name());
    }
  }

  // Teachers, middle leaders, the SENDCo and support staff; answers the names of those who teach.
  std::vector<std::string> MakeStaff(const SchoolRow& row, const std::string& name, DemoSchool* school) {
    std::vector<std::string> teachers;
    const int staff = row.staff - 1 - static_cast<int>(school->senior_leaders.size());
    const int teaching = staff * 55 / 100;
    const int middle = std::max(2, teaching / 5);
    for (int i = 0; i < staff; ++i) {
      DemoPerson& person = AddPerson();
      if (i < teaching) {
        teachers.push_back(person.person.name());
        if (i < middle) {
          const SubjectRow& subject = kSubjects[static_cast<size_t>(i) % std::size(kSubjects)];
          AddPost(&person, Post::MIDDLE_LEADER, absl::StrCat("Lead of ", subject.title), name, absl::CivilDay(2023, 9, 1));
          auto& line = plan_.line_managements.emplace_back();
          line.set_manager(school->senior_leaders[static_cast<size_t>(i) % school->senior_leaders.size()]);
          line.set_report(person.person.name());
          *line.mutable_start_date() = ToProto(absl::CivilDay(2025, 9, 1));
        } else {
          AddPost(&person, Post::TEACHER, "Teacher", name, absl::CivilDay(2023, 9, 1));
        }
      } else if (i == teaching) {
        AddPost(&person, Post::SENDCO, "SENDCo", name, absl::CivilDay(2023, 9, 1));
      } else {
        AddPost(&person, Post::SUPPORT_STAFF, "Teaching assistant", name, absl::CivilDay(2023, 9, 1));
      }
    }
    return teachers;
  }

  void MakeClasses(const SchoolRow& row, const std::string& name, const std::vector<std::string>& teachers, DemoSchool* school) {
    size_t next_teacher = 0;
    auto add = [&](const std::string& academic_year, YearGroup year, const std::string& title, std::vector<std::string> subjects) {
      SchoolClass& school_class = school->classes.emplace_back();
      std::string id = absl::AsciiStrToLower(absl::StrCat(academic_year, "-", title));
      for (char& c : id) c = absl::ascii_isalnum(static_cast<unsigned char>(c)) ? c : '-';
      school_class.set_name(absl::StrCat(name, "/classes/", id));
      school_class.set_display_name(title);
      school_class.set_academic_year(academic_year);
      school_class.set_year_group(year);
      for (std::string& subject : subjects) school_class.add_subjects(std::move(subject));
      school_class.add_teachers(teachers[next_teacher++ % teachers.size()]);
    };
    for (const char* academic_year : {"2025-26", "2026-27"}) {
      for (int y = row.first; y <= row.last; ++y) {
        const YearGroup year = static_cast<YearGroup>(y);
        const int forms = ClassesOf(*school, year);
        if (!BySubject(*school)) {
          std::vector<std::string> subjects;
          for (const SubjectRow& subject : kSubjects) {
            if (IsTaught(subject.id, year)) subjects.push_back(Subject(subject.id));
          }
          for (int form = 0; form < forms; ++form)
            add(academic_year, year, absl::StrCat(YearTitle(year), " ", kTrees[static_cast<size_t>(form)]), subjects);
          continue;
        }
        for (const SubjectRow& subject : kSubjects) {
          if (!IsTaught(subject.id, year)) continue;
          const std::string label = std::string(subject.title).substr(0, 2);
          for (int set = 1; set <= (subject.core ? forms : 1); ++set) {
            add(academic_year, year, absl::StrCat(YearTitle(year), "/", label, set), {Subject(subject.id)});
          }
        }
      }
    }
  }

  std::mt19937_64 random_;
  DemoPlan plan_;
  std::set<std::string> ids_;
  std::map<std::string, std::string> executives_;
  int round_ = 0;
};

}  // namespace

DemoPlan MakePlan(std::uint64_t seed, int schools) {
  return Maker(seed).Make(schools);
}

StaffOf StaffIn(const DemoPlan& plan, const DemoSchool& school) {
  StaffOf staff;
  for (const DemoPerson& person : plan.people) {
    const Post& post = person.posts.front();
    if (post.school() != school.school.name()) continue;
    if (post.kind() == Post::SENIOR_LEADER) staff.senior_leaders.push_back(&person);
    if (post.kind() == Post::MIDDLE_LEADER) staff.middle_leaders.push_back(&person);
    if (post.kind() == Post::TEACHER) staff.teachers.push_back(&person);
  }
  return staff;
}

int CohortSize(const DemoSchool& school, YearGroup year_group) {
  // Less than half of a year stays on after Year 11.
  const auto weight = [](int year) {
    return year > type::v1::YEAR_GROUP_11 ? 9 : 20;
  };
  int all = 0;
  for (int year = school.first; year <= school.last; ++year) all += weight(year);
  return (school.school.pupil_count() * weight(year_group) + all / 2) / all;
}

int ClassesOf(const DemoSchool& school, YearGroup year_group) {
  const int size = CohortSize(school, year_group);
  return std::clamp((size + 17) / 32, 1, BySubject(school) ? 8 : 3);
}

std::string YearTitle(YearGroup year_group) {
  if (year_group == type::v1::YEAR_GROUP_R) return "R";
  return absl::StrCat(static_cast<int>(year_group) - static_cast<int>(type::v1::YEAR_GROUP_R));
}

bool IsTaught(std::string_view subject_id, YearGroup year_group) {
  if (subject_id == "writing") return year_group >= type::v1::YEAR_GROUP_1 && year_group <= type::v1::YEAR_GROUP_6;
  return subject_id != "languages" || year_group >= type::v1::YEAR_GROUP_3;
}

}  // namespace fivestrand::demo
