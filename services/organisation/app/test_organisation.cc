#include "services/organisation/app/test_organisation.h"

#include <cstdlib>
#include <google/protobuf/descriptor.h>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "fivestrand/events/v1/events.pb.h"
#include "fivestrand/leadership/v1/calendar.pb.h"
#include "fivestrand/leadership/v1/improvement.pb.h"
#include "fivestrand/leadership/v1/organisation.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/test_calendars.h"
#include "platform/events/mirror.h"
#include "platform/resource/codec.h"
#include "platform/status/views.h"

namespace fivestrand::organisation {
namespace {

namespace v1 = leadership::v1;

constexpr char kTrust[] = "trusts/acorn";

std::string Name(const char* collection, std::string_view id) {
  return absl::StrCat(kTrust, "/", collection, "/", AbslView(id));
}

}  // namespace

void TestOrganisation::Put(google::protobuf::Message& record) {
  const absl::Time now = service_.clock().Now();
  for (const char* field : {"create_time", "update_time"})
    resource::SetTime(&record, record.GetDescriptor()->FindFieldByName(field), now);
  const events::v1::Event event = events::EventOf(record, ++revision_);
  const absl::Status status = service_.store().Write(absl::InfiniteFuture(), [&](store::WriteTransaction& transaction) {
    return events::ApplyToMirror(service_.registry(), transaction, event);
  });
  if (status.ok()) return;
  std::cerr << "cannot put " << event.resource_type() << ": " << status << "\n";
  std::abort();
}

void TestOrganisation::AddTrust() {
  v1::Trust trust;
  trust.set_name(kTrust);
  trust.set_display_name("Acorn Trust");
  Put(trust);
}

void TestOrganisation::AddSchool(std::string_view id) {
  v1::School school;
  school.set_name(Name("schools", id));
  school.set_display_name(std::string(id));
  school.set_status(v1::School::OPEN);
  Put(school);
}

void TestOrganisation::AddYear(std::string_view school, int start_year) {
  const calendar::AcademicYearInput input = start_year == 2025 ? calendar::Year2025() : calendar::Year2026();
  v1::AcademicYear year;
  year.set_name(absl::StrCat(Name("schools", school), "/academicYears/", input.id));
  int season = 0;
  for (const calendar::TermDates& dates : input.terms) {
    v1::AcademicYear::Term& term = *year.add_terms();
    term.set_season(static_cast<v1::AcademicYear::Term::Season>(++season));
    *term.mutable_start_date() = calendar::ToProto(dates.start);
    *term.mutable_end_date() = calendar::ToProto(dates.end);
    *term.mutable_half_term_start_date() = calendar::ToProto(dates.half_term_start);
    *term.mutable_half_term_end_date() = calendar::ToProto(dates.half_term_end);
  }
  for (const absl::CivilDay day : input.inset_days) *year.add_inset_dates() = calendar::ToProto(day);
  Put(year);
}

void TestOrganisation::AddPerson(std::string_view id) {
  v1::Person person;
  person.set_name(Name("people", id));
  person.set_display_name(std::string(id));
  Put(person);
}

void TestOrganisation::AddPost(std::string_view person, v1::Post::Kind kind, std::string_view school,
                               const std::vector<std::string>& responsible, std::string_view start, std::string_view end) {
  v1::Post post;
  post.set_name(Name("posts", absl::StrCat("p", revision_)));
  post.set_person(Name("people", person));
  post.set_kind(kind);
  post.set_title("Post");
  if (!school.empty()) post.set_school(Name("schools", school));
  for (const std::string& id : responsible) post.add_responsible_schools(Name("schools", id));
  *post.mutable_start_date() = calendar::ToProto(calendar::D(start));
  if (!end.empty()) *post.mutable_end_date() = calendar::ToProto(calendar::D(end));
  Put(post);
}

void TestOrganisation::AddManager(std::string_view manager, std::string_view report, std::string_view start, std::string_view end) {
  v1::LineManagement management;
  management.set_name(Name("lineManagements", absl::StrCat("m", revision_)));
  management.set_manager(Name("people", manager));
  management.set_report(Name("people", report));
  *management.mutable_start_date() = calendar::ToProto(calendar::D(start));
  if (!end.empty()) *management.mutable_end_date() = calendar::ToProto(calendar::D(end));
  Put(management);
}

void TestOrganisation::AddSubject(std::string_view id) {
  v1::Subject subject;
  subject.set_name(Name("subjects", id));
  subject.set_display_name(std::string(id));
  subject.set_core(true);
  Put(subject);
}

void TestOrganisation::AddClass(std::string_view school, std::string_view id, std::string_view academic_year,
                                type::v1::YearGroup year_group, const std::vector<std::string>& teachers) {
  v1::SchoolClass school_class;
  school_class.set_name(absl::StrCat(Name("schools", school), "/classes/", AbslView(id)));
  school_class.set_display_name(std::string(id));
  school_class.set_academic_year(std::string(academic_year));
  school_class.set_year_group(year_group);
  for (const std::string& teacher : teachers) school_class.add_teachers(Name("people", teacher));
  Put(school_class);
}

std::string TestOrganisation::AddThread(std::string_view id, std::string_view school) {
  v1::ImprovementThread thread;
  thread.set_name(Name("improvementThreads", id));
  thread.set_title("Thread");
  thread.set_school(Name("schools", school));
  thread.set_state(v1::ImprovementThread::OPEN);
  Put(thread);
  return thread.name();
}

}  // namespace fivestrand::organisation
