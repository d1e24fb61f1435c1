#include "services/suite/demo/demo_assessment.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/assessment/v1/framework.pb.h"
#include "fivestrand/assessment/v1/framework_service.pb.h"
#include "fivestrand/assessment/v1/import_mapping.pb.h"
#include "fivestrand/assessment/v1/import_service.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/status/status.h"
#include "services/suite/demo/demo_pupils.h"
#include "services/suite/demo/demo_results.h"

namespace fivestrand::demo {
namespace {

using namespace assessment::v1;  // NOLINT: this file is about nothing else
using Mapping = ColumnMapping;

constexpr absl::Duration kWait = absl::Minutes(2);
constexpr char kGuidance[] = "Department for Education, assessment and reporting arrangements";

std::string Name(std::string_view collection, std::string_view id) {
  return absl::StrCat(kTrust, "/", std::string(collection), "/", std::string(id));
}

void AddCode(const char* code, const char* label, int rank, bool standard, bool higher, int points, Scale* scale) {
  Scale::Code* added = scale->add_codes();
  added->set_code(code);
  added->set_label(label);
  added->set_rank(rank);
  added->set_at_standard(standard);
  added->set_at_higher_standard(higher);
  if (points > 0) added->set_points_thousandths(points * 1000);
}

void AddOutside(const char* code, const char* label, bool counts, Scale* scale) {
  Scale::Code* added = scale->add_codes();
  added->set_code(code);
  added->set_label(label);
  added->set_outside(true);
  added->set_counts_in_denominator(counts);
}

Scale NewScale(const char* id, const char* title, Scale::Stage stage, Scale::Kind kind, const char* source) {
  Scale scale;
  scale.set_name(Name("scales", id));
  scale.set_display_name(title);
  scale.set_stage(stage);
  scale.set_kind(kind);
  scale.set_source(source);
  return scale;
}

std::vector<Scale> Scales() {
  std::vector<Scale> scales;
  Scale in_year = NewScale("age-related", "Age related", Scale::IN_YEAR, Scale::CODES,
                           "The trust's own: against what the year group, "
                           "or a pupil's own pathway, expects");
  AddCode("BLW", "Below", 1, false, false, 1, &in_year);
  AddCode("WTS", "Working towards", 2, false, false, 2, &in_year);
  AddCode("EXS", "At", 3, true, false, 3, &in_year);
  AddCode("GDS", "Greater depth", 4, true, true, 4, &in_year);
  AddOutside("A", "Absent", true, &in_year);
  AddOutside("N", "Not taught yet", false, &in_year);
  scales.push_back(std::move(in_year));

  Scale phonics = NewScale("phonics", "Phonics check", Scale::PHONICS, Scale::NUMERIC, kGuidance);
  phonics.set_maximum_thousandths(40'000);
  phonics.set_standard_thousandths(32'000);
  AddOutside("A", "Absent", true, &phonics);
  AddOutside("D", "Disapplied", true, &phonics);
  scales.push_back(std::move(phonics));

  Scale test = NewScale("key-stage-2-test", "Key stage 2 scaled score", Scale::KEY_STAGE_2, Scale::NUMERIC, kGuidance);
  test.set_minimum_thousandths(80'000);
  test.set_maximum_thousandths(120'000);
  test.set_standard_thousandths(100'000);
  test.set_higher_standard_thousandths(110'000);
  AddOutside("A", "Absent", true, &test);
  AddOutside("B", "Working below the test", true, &test);
  scales.push_back(std::move(test));

  Scale writing = NewScale("key-stage-2-writing", "Key stage 2 writing", Scale::KEY_STAGE_2, Scale::CODES, kGuidance);
  AddCode("WTS", "Working towards the expected standard", 1, false, false, 0, &writing);
  AddCode("EXS", "Working at the expected standard", 2, true, false, 0, &writing);
  AddCode("GDS", "Working at greater depth", 3, true, true, 0, &writing);
  AddOutside("A", "Absent", true, &writing);
  scales.push_back(std::move(writing));
  return scales;
}

void AddSubject(const DemoAssessed& assessed, const char* scale, Framework* framework) {
  AssessedSubject* subject = framework->add_subjects();
  subject->set_subject(Name("subjects", assessed.subject));
  subject->set_scale(Name("scales", scale));
  for (int year = assessed.first; year <= assessed.last; ++year) subject->add_year_groups(static_cast<type::v1::YearGroup>(year));
}

std::vector<Framework> Frameworks() {
  std::vector<Framework> frameworks(3);
  frameworks[DemoWindow::kInYear].set_name(Name("frameworks", "in-year"));
  frameworks[DemoWindow::kInYear].set_display_name("In-year assessment");
  frameworks[DemoWindow::kInYear].set_stage(Scale::IN_YEAR);
  for (const DemoAssessed& assessed : InYearSubjects()) AddSubject(assessed, "age-related", &frameworks[DemoWindow::kInYear]);

  frameworks[DemoWindow::kPhonics].set_name(Name("frameworks", "phonics"));
  frameworks[DemoWindow::kPhonics].set_display_name("Phonics check");
  frameworks[DemoWindow::kPhonics].set_stage(Scale::PHONICS);
  AddSubject({"english", "", type::v1::YEAR_GROUP_1, type::v1::YEAR_GROUP_1}, "phonics", &frameworks[DemoWindow::kPhonics]);

  frameworks[DemoWindow::kKeyStage2].set_name(Name("frameworks", "key-stage-2"));
  frameworks[DemoWindow::kKeyStage2].set_display_name("Key stage 2");
  frameworks[DemoWindow::kKeyStage2].set_stage(Scale::KEY_STAGE_2);
  for (const char* subject : {"english", "maths", "writing"}) {
    const bool test = std::string_view(subject) != "writing";
    AddSubject({subject, "", type::v1::YEAR_GROUP_6, type::v1::YEAR_GROUP_6}, test ? "key-stage-2-test" : "key-stage-2-writing",
               &frameworks[DemoWindow::kKeyStage2]);
  }
  return frameworks;
}

AssessmentWindow WindowOf(const DemoWindow& from, const std::vector<Framework>& frameworks) {
  AssessmentWindow window;
  window.set_name(Name("assessmentWindows", from.id));
  window.set_display_name(from.title);
  window.set_academic_year(from.academic_year);
  window.set_kind(from.kind != DemoWindow::kInYear ? AssessmentWindow::STATUTORY
                  : from.number % 6 == 0           ? AssessmentWindow::BASELINE
                                                   : AssessmentWindow::IN_YEAR);
  *window.mutable_start_date() = calendar::ToProto(from.start);
  *window.mutable_end_date() = calendar::ToProto(from.end);
  window.set_entry(AssessmentWindow::OPEN);
  window.add_frameworks(frameworks[from.kind].name());
  return window;
}

void AddColumn(const std::string& header, Mapping::Field field, Mapping* mapping) {
  Mapping::Column* column = mapping->add_columns();
  column->set_header(header);
  column->set_field(field);
}

void AddGroup(const std::string& header, GroupMembership::Group group, Mapping* mapping) {
  AddColumn(header, Mapping::GROUP, mapping);
  mapping->mutable_columns(mapping->columns_size() - 1)->set_group(group);
}

// A wide file of results with these columns.
Mapping ResultMapping(const char* id, const char* title, const std::vector<DemoAssessed>& subjects) {
  Mapping mapping;
  mapping.set_name(Name("columnMappings", id));
  mapping.set_display_name(title);
  mapping.set_kind(RESULTS);
  mapping.set_shape(Mapping::WIDE);
  AddColumn("UPN", Mapping::UPN, &mapping);
  for (const DemoAssessed& assessed : subjects) {
    AddColumn(assessed.header, Mapping::RESULT, &mapping);
    mapping.mutable_columns(mapping.columns_size() - 1)->set_subject(Name("subjects", assessed.subject));
  }
  return mapping;
}

std::string ResultMappingId(DemoWindow::Kind kind) {
  return kind == DemoWindow::kInYear ? "results-in-year" : kind == DemoWindow::kPhonics ? "results-phonics" : "results-key-stage-2";
}

std::vector<Mapping> Mappings() {
  std::vector<Mapping> mappings(2);
  Mapping& pupils = mappings[0];
  pupils.set_name(Name("columnMappings", "pupils"));
  pupils.set_display_name("Pupils from our information system");
  pupils.set_kind(PUPILS);
  AddColumn("UPN", Mapping::UPN, &pupils);
  AddColumn("Forename", Mapping::GIVEN_NAME, &pupils);
  AddColumn("Surname", Mapping::FAMILY_NAME, &pupils);
  AddColumn("Gender", Mapping::SEX, &pupils);
  AddColumn("Date of birth", Mapping::BIRTH_DATE, &pupils);
  AddColumn("School URN", Mapping::SCHOOL, &pupils);
  AddColumn("Year", Mapping::YEAR_GROUP, &pupils);
  AddColumn("Start", Mapping::START_DATE, &pupils);
  AddColumn("End", Mapping::END_DATE, &pupils);
  AddColumn("Prior attainment", Mapping::PRIOR_ATTAINMENT, &pupils);
  for (int i = 1; i <= kClassColumns; ++i) AddColumn(absl::StrCat("Class ", i), Mapping::SCHOOL_CLASS, &pupils);

  Mapping& groups = mappings[1];
  groups.set_name(Name("columnMappings", "groups"));
  groups.set_display_name("Groups from our information system");
  groups.set_kind(GROUPS);
  groups.set_shape(Mapping::WIDE);
  AddColumn("UPN", Mapping::UPN, &groups);
  AddColumn("Start", Mapping::START_DATE, &groups);
  AddGroup("Disadvantaged", GroupMembership::DISADVANTAGED, &groups);
  AddGroup("Looked after", GroupMembership::LOOKED_AFTER, &groups);
  AddGroup("EAL", GroupMembership::ENGLISH_AS_AN_ADDITIONAL_LANGUAGE, &groups);
  AddGroup("Most able", GroupMembership::MOST_ABLE, &groups);
  AddColumn("SEN status", Mapping::SEN_STATUS, &groups);
  AddColumn("Need", Mapping::GROUP_DETAIL, &groups);

  std::vector<DemoAssessed> in_year(InYearSubjects().begin(), InYearSubjects().end()), key_stage_2;
  for (const DemoAssessed& each : in_year) {
    const std::string_view subject = each.subject;
    if (subject == "english" || subject == "maths" || subject == "writing") key_stage_2.push_back(each);
  }
  mappings.push_back(ResultMapping("results-in-year", "In-year results", in_year));
  mappings.push_back(ResultMapping("results-phonics", "Results of the phonics check", {in_year[0]}));
  mappings.push_back(ResultMapping("results-key-stage-2", "Key stage 2 results", key_stage_2));
  return mappings;
}

class Loader {
 public:
  Loader(const DemoPlan& plan, Calls& calls, const std::function<void(std::string_view)>& step)
      : plan_(plan), calls_(calls), step_(step), today_(calendar::DayOf(calls.options().now)) {}

  absl::Status Load() {
    FIVESTRAND_ASSIGN_OR_RETURN(token_, calls_.OperatorToken());
    FIVESTRAND_RETURN_IF_ERROR(Frames());
    const std::vector<DemoPupil> pupils = MakePupils(plan_, calls_.options().seed);
    for (const std::string& file : PupilFiles(plan_, pupils)) FIVESTRAND_RETURN_IF_ERROR(Import("pupils", {}, {}, file));
    FIVESTRAND_RETURN_IF_ERROR(Import("groups", {}, {}, GroupFile(pupils)));
    step_("pupils, classes and groups");
    for (const DemoWindow& window : DemoWindows()) FIVESTRAND_RETURN_IF_ERROR(Results(window, pupils));
    step_("results");
    return absl::OkStatus();
  }

 private:
  absl::Status Frames() {
    for (const Scale& scale : Scales()) {
      CreateScaleRequest request;
      request.set_parent(kTrust);
      request.set_scale_id(Id(scale.name()));
      *request.mutable_scale() = scale;
      Scale made;
      FIVESTRAND_RETURN_IF_ERROR(calls_.Call("FrameworkService.CreateScale", token_, request, &made));
    }
    const std::vector<Framework> frameworks = Frameworks();
    for (const Framework& framework : frameworks) {
      CreateFrameworkRequest request;
      request.set_parent(kTrust);
      request.set_framework_id(Id(framework.name()));
      *request.mutable_framework() = framework;
      Framework made;
      FIVESTRAND_RETURN_IF_ERROR(calls_.Await("the subjects in assessment", kWait, [&]() -> absl::StatusOr<bool> {
        FIVESTRAND_RETURN_IF_ERROR(calls_.Call("FrameworkService.CreateFramework", token_, request, &made));
        return true;
      }));
    }
    for (const DemoWindow& window : DemoWindows()) {
      CreateAssessmentWindowRequest request;
      request.set_parent(kTrust);
      request.set_assessment_window_id(window.id);
      *request.mutable_assessment_window() = WindowOf(window, frameworks);
      AssessmentWindow made;
      FIVESTRAND_RETURN_IF_ERROR(calls_.Call("FrameworkService.CreateAssessmentWindow", token_, request, &made));
      calls_.Count(1);
    }
    for (const Mapping& mapping : Mappings()) {
      CreateColumnMappingRequest request;
      request.set_parent(kTrust);
      request.set_column_mapping_id(Id(mapping.name()));
      *request.mutable_column_mapping() = mapping;
      Mapping made;
      FIVESTRAND_RETURN_IF_ERROR(calls_.Call("ImportService.CreateColumnMapping", token_, request, &made));
    }
    step_("scales, frameworks and assessment windows");
    return absl::OkStatus();
  }

  absl::Status Import(std::string_view mapping, std::string_view window, std::optional<absl::Time> made, const std::string& file) {
    ImportAssessmentRequest first;
    ImportHeader& header = *first.mutable_header();
    header.set_parent(kTrust);
    header.set_mapping(Name("columnMappings", mapping));
    if (!window.empty()) header.set_window(Name("assessmentWindows", window));
    if (made) header.mutable_result_time()->set_seconds(absl::ToUnixSeconds(*made));
    // Classes that were made a moment ago may not have come through yet, which the file then says.
    return calls_.Await(absl::StrCat("an import of ", std::string(mapping)), kWait, [&]() -> absl::StatusOr<bool> {
      ImportAssessmentResponse response;
      FIVESTRAND_RETURN_IF_ERROR(calls_.Upload("ImportService.ImportAssessment", token_, first, file, &response));
      if (response.written()) {
        calls_.Count(static_cast<std::size_t>(response.created_count() + response.updated_count() + response.unchanged_count()));
        return true;
      }
      if (response.problems().empty()) return status::Internal("an import of the demonstration was not written");
      return absl::InvalidArgumentError(absl::StrCat(std::string(mapping), " line ", response.problems(0).line(), ", ",
                                                     response.problems(0).column(), ": ", response.problems(0).reason()));
    });
  }

  absl::Status Results(const DemoWindow& window, const std::vector<DemoPupil>& pupils) {
    if (window.start > today_) return absl::OkStatus();
    GetAssessmentWindowRequest get;
    get.set_name(Name("assessmentWindows", window.id));
    AssessmentWindow now;
    FIVESTRAND_RETURN_IF_ERROR(calls_.Call("FrameworkService.GetAssessmentWindow", token_, get, &now));
    // A load that was cut off has been here.
    if (now.entry() == AssessmentWindow::CLOSED) return absl::OkStatus();
    const std::uint64_t seed = calls_.options().seed;
    const bool over = window.end < today_;
    const std::string file = ResultFile(plan_, pupils, window, seed, today_, false);
    // Nobody enters results in the evening of the last day.
    const absl::Time made = calendar::StartOf(over ? window.end : window.start) + absl::Hours(9);
    FIVESTRAND_RETURN_IF_ERROR(Import(ResultMappingId(window.kind), window.id, std::min(made, calls_.options().now), file));
    if (!over) return absl::OkStatus();
    const std::string late = ResultFile(plan_, pupils, window, seed, today_, true);
    if (late.find('\n') + 1 < late.size()) {
      const absl::Time then = calendar::StartOf(window.end + 3) + absl::Hours(9);
      FIVESTRAND_RETURN_IF_ERROR(Import(ResultMappingId(window.kind), window.id, std::min(then, calls_.options().now), late));
    }
    UpdateAssessmentWindowRequest close;
    close.mutable_assessment_window()->set_name(now.name());
    close.mutable_assessment_window()->set_entry(AssessmentWindow::CLOSED);
    close.mutable_update_mask()->add_paths("entry");
    return calls_.Call("FrameworkService.UpdateAssessmentWindow", token_, close, &now);
  }

  const DemoPlan& plan_;
  Calls& calls_;
  const std::function<void(std::string_view)>& step_;
  const absl::CivilDay today_;
  std::string token_;
};

}  // namespace

absl::Status LoadAssessment(const DemoPlan& plan, Calls& calls, const std::function<void(std::string_view)>& step) {
  return Loader(plan, calls, step).Load();
}

}  // namespace fivestrand::demo
