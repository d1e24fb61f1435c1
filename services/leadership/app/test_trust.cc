#include "services/leadership/app/test_trust.h"

#include <cstdlib>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "fivestrand/leadership/v1/calendar_service.pb.h"
#include "fivestrand/leadership/v1/organisation_service.pb.h"
#include "fivestrand/leadership/v1/people_service.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "services/leadership/app/leadership_spec.h"

namespace fivestrand::leadership {
namespace {

using calendar::ToProto;

constexpr char kOrganisation[] = "fivestrand.leadership.v1.OrganisationService.";
constexpr char kPeople[] = "fivestrand.leadership.v1.PeopleService.";

void SetTerm(v1::AcademicYear::Term::Season season, absl::CivilDay start, absl::CivilDay end, absl::CivilDay half_start,
             absl::CivilDay half_end, v1::AcademicYear::Term* term) {
  term->set_season(season);
  *term->mutable_start_date() = ToProto(start);
  *term->mutable_end_date() = ToProto(end);
  *term->mutable_half_term_start_date() = ToProto(half_start);
  *term->mutable_half_term_end_date() = ToProto(half_end);
}

}  // namespace

template <typename Request, typename Record>
void TestTrust::Must(const std::string& method, const Request& request, Record* record) {
  absl::Status status = service_.Call(testing::TestService::Operator(), method, request, record);
  if (status.ok()) return;
  std::cerr << method << ": " << status << "\n" << service_.log();
  std::abort();
}

TestTrust::TestTrust(testing::EngineKind engine) : TestTrust(engine, LeadershipSpec()) {}

TestTrust::TestTrust(testing::EngineKind engine, service::RecordServiceSpec spec)
    : service_(engine, std::move(spec), absl::FromCivil(absl::CivilMinute(2026, 11, 24, 10, 0), absl::UTCTimeZone())) {
  v1::UpdateTrustRequest trust;
  trust.mutable_trust()->set_name("trusts/acorn");
  trust.mutable_trust()->set_display_name("Acorn Learning Trust");
  trust.mutable_trust()->set_group_code("9991");
  trust.set_allow_missing(true);
  v1::Trust made_trust;
  Must(absl::StrCat(kOrganisation, "UpdateTrust"), trust, &made_trust);

  v1::School school;
  int urn = 999001;
  for (const char* id : {"northgate", "elmwood"}) {
    v1::CreateSchoolRequest create;
    create.set_parent("trusts/acorn");
    create.set_school_id(id);
    create.mutable_school()->set_display_name(absl::StrCat(id, " Primary"));
    create.mutable_school()->set_urn(absl::StrCat(urn++));
    create.mutable_school()->set_phase(type::v1::PHASE_PRIMARY);
    Must(absl::StrCat(kOrganisation, "CreateSchool"), create, &school);
  }
  AddPerson("ceo", "Cara Executive");
  AddPerson("head", "Hana Head");
  AddPerson("teacher", "Theo Teacher");

  v1::CreatePostRequest post;
  post.set_parent("trusts/acorn");
  post.mutable_post()->set_person("trusts/acorn/people/head");
  post.mutable_post()->set_kind(v1::Post::HEADTEACHER);
  post.mutable_post()->set_title("Headteacher");
  post.mutable_post()->set_school("trusts/acorn/schools/northgate");
  *post.mutable_post()->mutable_start_date() = ToProto(absl::CivilDay(2024, 9, 1));
  v1::Post made_post;
  Must(absl::StrCat(kPeople, "CreatePost"), post, &made_post);

  for (const auto& [id, title] : {std::pair("maths", "Mathematics"), std::pair("english", "English")}) {
    v1::CreateSubjectRequest subject;
    subject.set_parent("trusts/acorn");
    subject.set_subject_id(id);
    subject.mutable_subject()->set_display_name(title);
    v1::Subject made;
    Must(absl::StrCat(kOrganisation, "CreateSubject"), subject, &made);
  }
  v1::CreateSchoolClassRequest school_class;
  school_class.set_parent("trusts/acorn/schools/northgate");
  school_class.set_school_class_id("5-maple");
  school_class.mutable_school_class()->set_display_name("5 Maple");
  school_class.mutable_school_class()->set_academic_year("2026-27");
  school_class.mutable_school_class()->set_year_group(type::v1::YEAR_GROUP_5);
  school_class.mutable_school_class()->add_subjects("trusts/acorn/subjects/maths");
  school_class.mutable_school_class()->add_subjects("trusts/acorn/subjects/english");
  school_class.mutable_school_class()->add_teachers("trusts/acorn/people/teacher");
  v1::SchoolClass made_class;
  Must(absl::StrCat(kOrganisation, "CreateSchoolClass"), school_class, &made_class);

  v1::CreateAcademicYearRequest year;
  year.set_parent("trusts/acorn/schools/northgate");
  year.set_academic_year_id("2026-27");
  auto* record = year.mutable_academic_year();
  SetTerm(v1::AcademicYear::Term::AUTUMN, absl::CivilDay(2026, 9, 3), absl::CivilDay(2026, 12, 18), absl::CivilDay(2026, 10, 26),
          absl::CivilDay(2026, 10, 30), record->add_terms());
  SetTerm(v1::AcademicYear::Term::SPRING, absl::CivilDay(2027, 1, 4), absl::CivilDay(2027, 3, 25), absl::CivilDay(2027, 2, 15),
          absl::CivilDay(2027, 2, 19), record->add_terms());
  SetTerm(v1::AcademicYear::Term::SUMMER, absl::CivilDay(2027, 4, 12), absl::CivilDay(2027, 7, 21), absl::CivilDay(2027, 5, 31),
          absl::CivilDay(2027, 6, 4), record->add_terms());
  *record->add_inset_dates() = ToProto(absl::CivilDay(2026, 9, 3));
  v1::AcademicYear made_year;
  Must("fivestrand.leadership.v1.CalendarService.CreateAcademicYear", year, &made_year);
}

void TestTrust::AddPerson(const std::string& id, const std::string& display_name) {
  v1::CreatePersonRequest create;
  create.set_parent("trusts/acorn");
  create.set_person_id(id);
  create.mutable_person()->set_display_name(display_name);
  create.mutable_person()->set_email(absl::StrCat(id, "@acorn.example"));
  v1::Person person;
  Must(absl::StrCat(kPeople, "CreatePerson"), create, &person);
}

void TestTrust::SetTime(int minutes, google::protobuf::Timestamp* time) {
  time->set_seconds(absl::ToUnixSeconds(service_.clock().Now()) + minutes * 60);
}

}  // namespace fivestrand::leadership
