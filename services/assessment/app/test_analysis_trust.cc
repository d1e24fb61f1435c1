#include "services/assessment/app/test_analysis_trust.h"

#include <cstdlib>
#include <iostream>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fivestrand/assessment/v1/framework_service.pb.h"
#include "fivestrand/assessment/v1/pupil_service.pb.h"
#include "fivestrand/leadership/v1/organisation.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/calendar/test_calendars.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/assessment/app/assessment_spec.h"
#include "services/assessment/domain/compiled_scale.h"
#include "services/assessment/store/dictionary.h"
#include "services/assessment/store/result_table.h"

namespace fivestrand::assessment {
namespace {

using domain::DictionaryKind;
using domain::ResultKey;
using domain::ResultRow;
using testing::TestService;

constexpr char kTrust[] = "trusts/acorn";
constexpr char kPupils[] = "fivestrand.assessment.v1.PupilService.";
constexpr char kFrameworks[] = "fivestrand.assessment.v1.FrameworkService.";

void Set(std::string_view day, google::type::Date* date) {
  *date = calendar::ToProto(calendar::D(day));
}

std::string PupilName(int number) {
  return absl::StrCat(kTrust, "/pupils/p", number);
}

}  // namespace

AnalysisTrust::AnalysisTrust(testing::EngineKind engine)
    : frames_(std::make_shared<store::SharedFrames>()),
      service_(engine, AssessmentSpec(frames_), absl::FromCivil(absl::CivilSecond(2026, 11, 24, 10), absl::UTCTimeZone())),
      organisation_(service_),
      keeper_(frames_->For(service_.registry())) {
  organisation_.AddTrust();
  for (const char* school : {"north", "south"}) {
    organisation_.AddSchool(school);
    organisation_.AddYear(school, 2025);
    organisation_.AddYear(school, 2026);
    for (int year = 4; year <= 6; ++year) {
      for (const char* academic_year : {"2025-26", "2026-27"}) {
        organisation_.AddClass(school, absl::StrCat(year, "-", academic_year), academic_year,
                               static_cast<type::v1::YearGroup>(year + 3), {absl::StrCat("teacher", year)});
      }
    }
  }
  for (const char* subject : {"reading", "maths"}) organisation_.AddSubject(subject);
  leadership::v1::Subject art;
  art.set_name(absl::StrCat(kTrust, "/subjects/art"));
  art.set_display_name("Art");
  organisation_.Put(art);

  v1::CreateScaleRequest scale;
  scale.set_parent(kTrust);
  scale.set_scale_id("age-related");
  scale.mutable_scale()->set_display_name("Age related");
  scale.mutable_scale()->set_kind(v1::Scale::CODES);
  int rank = 0;
  for (const char* code : {"WTS", "EXS", "GDS"}) {
    v1::Scale::Code& one = *scale.mutable_scale()->add_codes();
    one.set_code(code);
    one.set_rank(++rank);
    one.set_at_standard(rank >= 2);
    one.set_at_higher_standard(rank == 3);
    one.set_points_thousandths(rank * 1000);
  }
  v1::Scale::Code& absent = *scale.mutable_scale()->add_codes();
  absent.set_code("A");
  absent.set_outside(true);
  absent.set_counts_in_denominator(true);
  Must<v1::CreateScaleRequest, v1::Scale>(absl::StrCat(kFrameworks, "CreateScale"), scale);

  struct Window {
    const char *id, *year, *start, *end;
    v1::AssessmentWindow::Kind kind;
  };
  for (const Window& each : {Window{"autumn-25", "2025-26", "2025-09-15", "2025-10-10", v1::AssessmentWindow::BASELINE},
                             Window{"spring-26", "2025-26", "2026-02-02", "2026-02-13", v1::AssessmentWindow::IN_YEAR},
                             Window{"autumn-26", "2026-27", "2026-11-02", "2026-11-13", v1::AssessmentWindow::IN_YEAR}}) {
    v1::CreateAssessmentWindowRequest window;
    window.set_parent(kTrust);
    window.set_assessment_window_id(each.id);
    window.mutable_assessment_window()->set_display_name(each.id);
    window.mutable_assessment_window()->set_academic_year(each.year);
    window.mutable_assessment_window()->set_kind(each.kind);
    Set(each.start, window.mutable_assessment_window()->mutable_start_date());
    Set(each.end, window.mutable_assessment_window()->mutable_end_date());
    for (const char* subject : {"reading", "maths", "art"}) {
      v1::AssessedSubject& assessed = *window.mutable_assessment_window()->add_subjects();
      assessed.set_subject(absl::StrCat(kTrust, "/subjects/", subject));
      assessed.set_scale(absl::StrCat(kTrust, "/scales/age-related"));
    }
    Must<v1::CreateAssessmentWindowRequest, v1::AssessmentWindow>(absl::StrCat(kFrameworks, "CreateAssessmentWindow"), window);
  }
}

void AnalysisTrust::SetThreshold(int threshold) {
  leadership::v1::Trust trust;
  trust.set_name(kTrust);
  trust.set_display_name("Acorn");
  trust.set_small_number_threshold(threshold);
  organisation_.Put(trust);
}

template <typename Request, typename Record>
Record AnalysisTrust::Must(const std::string& method, const Request& request) {
  absl::StatusOr<Record> record = service_.Call<Record>(TestService::Operator(), method, request);
  if (record.ok()) return *std::move(record);
  std::cerr << method << ": " << record.status() << " " << request.ShortDebugString() << "\n";
  std::abort();
}

void AnalysisTrust::AddPupils(int first, int count, const std::string& school, int year) {
  v1::BatchCreatePupilsRequest pupils;
  pupils.set_parent(kTrust);
  for (int number = first; number < first + count; ++number) {
    v1::CreatePupilRequest& pupil = *pupils.add_requests();
    pupil.set_pupil_id(absl::StrCat("p", number));
    pupil.mutable_pupil()->set_given_name("Given");
    pupil.mutable_pupil()->set_family_name(absl::StrCat("Family", number));
    pupil.mutable_pupil()->set_prior_attainment(static_cast<v1::Pupil::PriorAttainment>(number % 4));
  }
  Must<v1::BatchCreatePupilsRequest, v1::BatchCreatePupilsResponse>(absl::StrCat(kPupils, "BatchCreatePupils"), pupils);
  for (int number = first; number < first + count; ++number) {
    v1::CreateEnrolmentRequest enrolment;
    enrolment.set_parent(PupilName(number));
    enrolment.mutable_enrolment()->set_school(absl::StrCat(kTrust, "/schools/", school));
    enrolment.mutable_enrolment()->set_year_group(static_cast<type::v1::YearGroup>(year + 3));
    Set("2025-09-01", enrolment.mutable_enrolment()->mutable_start_date());
    Must<v1::CreateEnrolmentRequest, v1::Enrolment>(absl::StrCat(kPupils, "CreateEnrolment"), enrolment);
    for (const char* academic_year : {"2025-26", "2026-27"}) {
      v1::CreateClassMembershipRequest membership;
      membership.set_parent(PupilName(number));
      membership.mutable_class_membership()->set_school_class(
          absl::StrCat(kTrust, "/schools/", school, "/classes/", year, "-", academic_year));
      const int start = academic_year == std::string("2025-26") ? 2025 : 2026;
      Set(absl::StrCat(start, "-09-01"), membership.mutable_class_membership()->mutable_start_date());
      Set(absl::StrCat(start + 1, "-08-31"), membership.mutable_class_membership()->mutable_end_date());
      Must<v1::CreateClassMembershipRequest, v1::ClassMembership>(absl::StrCat(kPupils, "CreateClassMembership"), membership);
    }
  }
}

void AnalysisTrust::AddGroup(int pupil, v1::GroupMembership::Group group, std::string_view start, std::string_view end) {
  v1::CreateGroupMembershipRequest create;
  create.set_parent(PupilName(pupil));
  create.mutable_group_membership()->set_group(group);
  if (group == v1::GroupMembership::SEN_SUPPORT) create.mutable_group_membership()->set_detail("SLCN");
  Set(start, create.mutable_group_membership()->mutable_start_date());
  if (!end.empty()) Set(end, create.mutable_group_membership()->mutable_end_date());
  last_membership_ =
      Must<v1::CreateGroupMembershipRequest, v1::GroupMembership>(absl::StrCat(kPupils, "CreateGroupMembership"), create).name();
}

void AnalysisTrust::EndGroup(const std::string& membership, std::string_view end) {
  v1::UpdateGroupMembershipRequest update;
  update.mutable_group_membership()->set_name(membership);
  Set(end, update.mutable_group_membership()->mutable_end_date());
  update.mutable_update_mask()->add_paths("end_date");
  Must<v1::UpdateGroupMembershipRequest, v1::GroupMembership>(absl::StrCat(kPupils, "UpdateGroupMembership"), update);
}

void AnalysisTrust::Put(const std::vector<Cell>& cells, bool told) {
  v1::Scale record;
  std::vector<ResultRow> written;
  std::vector<std::int64_t> removed;
  std::int32_t trust_number = 0;
  const absl::Status status =
      service_.store().Write(absl::InfiniteFuture(), [&](fivestrand::store::WriteTransaction& transaction) -> absl::Status {
        FIVESTRAND_RETURN_IF_ERROR(
            service_.registry().Read(transaction, absl::StrCat(kTrust, "/scales/age-related"), &record).status());
        const domain::CompiledScale scale(record);
        store::ResultWriter writer(transaction);
        FIVESTRAND_ASSIGN_OR_RETURN(trust_number, store::GiveTrustNumber(transaction, "acorn"));
        std::map<std::pair<std::string, std::string>, std::int64_t> columns;
        for (const Cell& cell : cells) {
          ResultKey key{.trust = trust_number};
          FIVESTRAND_ASSIGN_OR_RETURN(key.window, store::GiveNumber(transaction, "acorn", DictionaryKind::kWindow, cell.window));
          FIVESTRAND_ASSIGN_OR_RETURN(key.subject, store::GiveNumber(transaction, "acorn", DictionaryKind::kSubject, cell.subject));
          FIVESTRAND_ASSIGN_OR_RETURN(key.scale, store::GiveNumber(transaction, "acorn", DictionaryKind::kScale, "age-related"));
          FIVESTRAND_ASSIGN_OR_RETURN(
              key.pupil, store::GiveNumber(transaction, "acorn", DictionaryKind::kPupil, absl::StrCat("p", cell.pupil)));
          ResultRow row;
          row.key = key.Pack();
          FIVESTRAND_ASSIGN_OR_RETURN(row.school, store::GiveNumber(transaction, "acorn", DictionaryKind::kSchool, cell.school));
          FIVESTRAND_ASSIGN_OR_RETURN(row.author,
                                      store::GiveNumber(transaction, "acorn", DictionaryKind::kAuthor, "operators/cli"));
          row.year_group = cell.year + 3;
          ResultRow before;
          bool there = false;
          const std::int64_t keys[] = {row.key};
          FIVESTRAND_RETURN_IF_ERROR(store::ReadResults(transaction, keys, [&](const ResultRow& found) {
            before = found;
            there = true;
          }));
          ++columns[{cell.window, cell.subject}];
          if (cell.outcome.empty()) {
            if (there) FIVESTRAND_RETURN_IF_ERROR(writer.Remove(before, row.author));
            continue;
          }
          const std::optional<domain::Outcome> outcome = scale.Parse(cell.outcome);
          if (!outcome.has_value()) return status::InvalidField("outcome", scale.expected());
          row.outcome = outcome->code;
          row.value = outcome->value;
          FIVESTRAND_RETURN_IF_ERROR(writer.Put(there ? &before : nullptr, &row));
        }
        for (const auto& [column, count] : columns) {
          const std::string window = absl::StrCat(kTrust, "/assessmentWindows/", column.first);
          const std::string subject = absl::StrCat(kTrust, "/subjects/", column.second),
                            scale_name = absl::StrCat(kTrust, "/scales/age-related");
          store::AppendResultChange(transaction, "operators/cli", kTrust, {window, subject, scale_name}, count);
        }
        written = writer.TakeWritten();
        removed = writer.TakeRemoved();
        return absl::OkStatus();
      });
  if (!status.ok()) {
    std::cerr << "cannot put results: " << status << "\n";
    std::abort();
  }
  if (told) keeper_->OnResults({"acorn", trust_number, written, removed});
}

}  // namespace fivestrand::assessment
