#include "services/assessment/app/test_trust.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "fivestrand/leadership/v1/organisation.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/rpc/client.h"
#include "platform/rpc/server.h"
#include "platform/status/views.h"
#include "services/assessment/app/assessment_spec.h"
#include "services/assessment/domain/standard_scales.h"
#include "services/assessment/domain/upn.h"
#include "services/organisation/app/test_organisation.h"

namespace fivestrand::assessment {
namespace {

using testing::TestService;

constexpr char kTrust[] = "trusts/acorn";
constexpr char kPupils[] = "fivestrand.assessment.v1.PupilService.";
constexpr char kFrameworks[] = "fivestrand.assessment.v1.FrameworkService.";
constexpr char kResults[] = "fivestrand.assessment.v1.ResultService.";
// Smaller than any file of a test, so that every file comes in several pieces.
constexpr std::size_t kPiece = 40, kLargePiece = 512 * 1024, kLargeFile = 100 * 1024;

google::type::Date Day(std::string_view text) {
  return calendar::ToProto(calendar::ParseDay(text).value());
}

}  // namespace

template <typename Response, typename Request>
Response TestTrust::Must(const std::string& method, const Request& request) {
  auto response = service_.Call<Response>(TestService::Operator(), method, request);
  if (response.ok()) return *std::move(response);
  std::cerr << method << ": " << response.status() << "\n" << service_.log();
  std::abort();
}

std::string TestTrust::Upn(int serial, int year) {
  const std::string digits = absl::StrFormat("8012000%02d%03d", year, serial);
  return domain::UpnCheckLetter(digits) + digits;
}

TestTrust::TestTrust(testing::EngineKind engine)
    : spec_(AssessmentSpec()), service_(engine, spec_, absl::FromCivil(absl::CivilSecond(2026, 11, 24, 10), absl::UTCTimeZone())) {
  organisation::TestOrganisation organisation(service_);
  organisation.AddTrust();
  for (const char* school : {"northgate", "elmwood"}) {
    leadership::v1::School record;
    record.set_name(absl::StrCat(kTrust, "/schools/", school));
    record.set_display_name(absl::StrCat(school, " Primary"));
    record.set_urn(school == std::string("northgate") ? "999001" : "999002");
    record.set_laestab(school == std::string("northgate") ? "8012001" : "8012002");
    record.set_status(leadership::v1::School::OPEN);
    organisation.Put(record);
  }
  for (const char* subject : {"maths", "writing", "reading"}) organisation.AddSubject(subject);
  organisation.AddClass("northgate", "5-maple", "2026-27", type::v1::YEAR_GROUP_5, {"teacher"});
  organisation.AddClass("northgate", "5-oak", "2026-27", type::v1::YEAR_GROUP_5, {"other"});
  organisation.AddClass("elmwood", "5-elm", "2026-27", type::v1::YEAR_GROUP_5, {"elsewhere"});

  for (const domain::StandardScale& each : domain::StandardScales()) {
    if (each.id != "age-related" && each.id != "key-stage-2-test") continue;
    v1::CreateScaleRequest scale;
    scale.set_parent(kTrust);
    scale.set_scale_id(each.id);
    *scale.mutable_scale() = each.scale;
    Must<v1::Scale>(absl::StrCat(kFrameworks, "CreateScale"), scale);
  }
  v1::CreateFrameworkRequest framework;
  framework.set_parent(kTrust);
  framework.set_framework_id("primary");
  framework.mutable_framework()->set_display_name("Primary");
  for (const char* subject : {"maths", "writing", "reading"}) {
    v1::AssessedSubject* line = framework.mutable_framework()->add_subjects();
    line->set_subject(Subject(subject));
    line->set_scale(absl::StrCat(kTrust, "/scales/", subject == std::string("reading") ? "key-stage-2-test" : "age-related"));
  }
  Must<v1::Framework>(absl::StrCat(kFrameworks, "CreateFramework"), framework);
  v1::CreateAssessmentWindowRequest window;
  window.set_parent(kTrust);
  window.set_assessment_window_id("autumn");
  v1::AssessmentWindow* record = window.mutable_assessment_window();
  record->set_display_name("Autumn 1");
  record->set_academic_year("2026-27");
  record->set_kind(v1::AssessmentWindow::IN_YEAR);
  *record->mutable_start_date() = Day("2026-11-16");
  *record->mutable_end_date() = Day("2026-11-27");
  record->add_frameworks(absl::StrCat(kTrust, "/frameworks/primary"));
  Must<v1::AssessmentWindow>(absl::StrCat(kFrameworks, "CreateAssessmentWindow"), window);
}

void TestTrust::AddSubjects(int count) {
  organisation::TestOrganisation organisation(service_);
  v1::UpdateAssessmentWindowRequest update;
  update.mutable_assessment_window()->set_name(Window());
  for (const char* subject : {"maths", "writing", "reading"}) {
    v1::AssessedSubject* line = update.mutable_assessment_window()->add_subjects();
    line->set_subject(Subject(subject));
    line->set_scale(absl::StrCat(kTrust, "/scales/", subject == std::string("reading") ? "key-stage-2-test" : "age-related"));
  }
  for (int i = 0; i < count; ++i) {
    organisation.AddSubject(absl::StrCat("s", i));
    v1::AssessedSubject* line = update.mutable_assessment_window()->add_subjects();
    line->set_subject(Subject(absl::StrCat("s", i)));
    line->set_scale(absl::StrCat(kTrust, "/scales/age-related"));
  }
  update.mutable_update_mask()->add_paths("subjects");
  Must<v1::AssessmentWindow>(absl::StrCat(kFrameworks, "UpdateAssessmentWindow"), update);
}

void TestTrust::AddPupil(const std::string& id, int serial, std::string_view school, std::string_view school_class) {
  v1::CreatePupilRequest pupil;
  pupil.set_parent(kTrust);
  pupil.set_pupil_id(id);
  pupil.mutable_pupil()->set_upn(Upn(serial));
  pupil.mutable_pupil()->set_given_name("Given");
  pupil.mutable_pupil()->set_family_name(absl::StrCat("Family-", id));
  Must<v1::Pupil>(absl::StrCat(kPupils, "CreatePupil"), pupil);
  Enrol(id, school, "2026-09-01");
  if (school_class.empty()) return;
  v1::CreateClassMembershipRequest membership;
  membership.set_parent(Pupil(id));
  membership.mutable_class_membership()->set_school_class(Class(school, school_class));
  *membership.mutable_class_membership()->mutable_start_date() = Day("2026-09-01");
  Must<v1::ClassMembership>(absl::StrCat(kPupils, "CreateClassMembership"), membership);
}

void TestTrust::Enrol(const std::string& pupil, std::string_view school, std::string_view start) {
  v1::CreateEnrolmentRequest enrolment;
  enrolment.set_parent(Pupil(pupil));
  enrolment.mutable_enrolment()->set_school(absl::StrCat(kTrust, "/schools/", AbslView(school)));
  enrolment.mutable_enrolment()->set_year_group(type::v1::YEAR_GROUP_5);
  *enrolment.mutable_enrolment()->mutable_start_date() = Day(start);
  Must<v1::Enrolment>(absl::StrCat(kPupils, "CreateEnrolment"), enrolment);
}

void TestTrust::RunUpkeep() {
  const absl::Status status = spec_.upkeep(service_.registry(), service_.clock().Now(), absl::Now() + absl::Seconds(30));
  if (status.ok()) return;
  std::cerr << "upkeep: " << status << "\n";
  std::abort();
}

void TestTrust::SetEntry(v1::AssessmentWindow::Entry entry) {
  v1::UpdateAssessmentWindowRequest update;
  update.mutable_assessment_window()->set_name(Window());
  update.mutable_assessment_window()->set_entry(entry);
  update.mutable_update_mask()->add_paths("entry");
  Must<v1::AssessmentWindow>(absl::StrCat(kFrameworks, "UpdateAssessmentWindow"), update);
}

absl::StatusOr<v1::Grid> TestTrust::ReadGrid(const identity::Caller& caller, std::string_view school_class,
                                             std::string_view subject) {
  v1::ReadGridRequest request;
  request.set_parent(Class("northgate", school_class));
  request.set_subject(Subject(subject));
  request.set_window(Window());
  return service_.Call<v1::Grid>(caller, absl::StrCat(kResults, "ReadGrid"), request);
}

absl::StatusOr<v1::BulkUpsertResultsResponse> TestTrust::Write(const identity::Caller& caller, const std::vector<Cell>& cells,
                                                               std::string_view school_class, std::string_view subject) {
  v1::BulkUpsertResultsRequest request;
  request.set_parent(Class("northgate", school_class));
  request.set_subject(Subject(subject));
  request.set_window(Window());
  for (const Cell& cell : cells) {
    auto* added = request.add_cells();
    added->set_pupil(Pupil(cell.pupil));
    added->set_outcome(cell.outcome);
    added->set_expected_revision(cell.expected);
  }
  return service_.Call<v1::BulkUpsertResultsResponse>(caller, absl::StrCat(kResults, "BulkUpsertResults"), request);
}

v1::Result TestTrust::ResultOf(const std::string& pupil, std::string_view subject) {
  v1::ListPupilResultsRequest request;
  request.set_parent(Pupil(pupil));
  request.set_subject(Subject(subject));
  request.set_with_history(true);
  const auto response = Must<v1::ListPupilResultsResponse>(absl::StrCat(kResults, "ListPupilResults"), request);
  return response.results_size() == 0 ? v1::Result() : response.results(0);
}

absl::StatusOr<v1::ImportAssessmentResponse> TestTrust::Import(const identity::Caller& caller, const v1::ImportHeader& header,
                                                               std::string_view bytes) {
  rpc::CallOptions options;
  options.token = service_.TokenFor(caller);
  options.timeout = absl::Minutes(10);
  auto call = service_.client().Upload(rpc::FindMethod("fivestrand.assessment.v1.ImportService.ImportAssessment"), options);
  v1::ImportAssessmentRequest message;
  *message.mutable_header() = header;
  bool open = call->Send(message);
  const std::size_t piece = bytes.size() < kLargeFile ? kPiece : kLargePiece;
  while (open && !bytes.empty()) {
    message.set_chunk(std::string(bytes.substr(0, piece)));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    open = call->Send(message);
  }
  v1::ImportAssessmentResponse response;
  const absl::Status status = call->Finish(&response);
  if (!status.ok()) return status;
  return response;
}

v1::ImportHeader TestTrust::Header(v1::ImportKind kind, v1::ColumnMapping::Shape shape) {
  using Mapping = v1::ColumnMapping;
  v1::ImportHeader header;
  header.set_parent(kTrust);
  Mapping* mapping = header.mutable_column_mapping();
  mapping->set_display_name("From a test");
  mapping->set_kind(kind);
  mapping->set_shape(shape);
  const auto add = [&](const char* name, Mapping::Field field) {
    Mapping::Column* column = mapping->add_columns();
    column->set_header(name);
    column->set_field(field);
    return column;
  };
  add("UPN", Mapping::UPN);
  switch (kind) {
    case v1::PUPILS:
      add("Forename", Mapping::GIVEN_NAME);
      add("Surname", Mapping::FAMILY_NAME);
      add("School", Mapping::SCHOOL);
      add("Year", Mapping::YEAR_GROUP);
      add("DOB", Mapping::BIRTH_DATE);
      add("Class", Mapping::SCHOOL_CLASS);
      break;
    case v1::GROUPS:
      if (shape == Mapping::WIDE) {
        add("PP", Mapping::GROUP)->set_group(v1::GroupMembership::DISADVANTAGED);
        add("SEN", Mapping::SEN_STATUS);
        add("Need", Mapping::GROUP_DETAIL);
      } else {
        add("Group", Mapping::GROUP);
        add("From", Mapping::START_DATE);
      }
      break;
    default:
      header.set_window(Window());
      if (shape == Mapping::WIDE) {
        add("Maths", Mapping::RESULT)->set_subject(Subject("maths"));
        add("Reading", Mapping::RESULT)->set_subject(Subject("reading"));
      } else {
        add("Subject", Mapping::SUBJECT);
        add("Grade", Mapping::RESULT);
      }
  }
  return header;
}

template v1::ClassMembership TestTrust::Must(const std::string&, const v1::CreateClassMembershipRequest&);
template v1::GroupMembership TestTrust::Must(const std::string&, const v1::CreateGroupMembershipRequest&);
template v1::PupilOverview TestTrust::Must(const std::string&, const v1::ReadPupilOverviewRequest&);
template v1::Pupil TestTrust::Must(const std::string&, const v1::GetPupilRequest&);
template v1::ColumnMapping TestTrust::Must(const std::string&, const v1::CreateColumnMappingRequest&);
template v1::ListPupilsResponse TestTrust::Must(const std::string&, const v1::ListPupilsRequest&);
template v1::MergePupilsResponse TestTrust::Must(const std::string&, const v1::MergePupilsRequest&);

}  // namespace fivestrand::assessment
