#include "tests/bench/analysis.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fivestrand/assessment/v1/analysis.pb.h"
#include "fivestrand/assessment/v1/framework_service.pb.h"
#include "fivestrand/assessment/v1/pupils.pb.h"
#include "fivestrand/events/v1/events.pb.h"
#include "fivestrand/leadership/v1/organisation.pb.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/crypto/field_cipher.h"
#include "platform/events/mirror.h"
#include "platform/resource/registry.h"
#include "platform/rpc/client.h"
#include "platform/status/macros.h"
#include "platform/store/store.h"
#include "services/assessment/domain/frame_synthetic.h"
#include "services/assessment/store/dictionary.h"
#include "services/assessment/store/frame_keeper.h"
#include "services/assessment/store/result_table.h"
#include "tests/bench/analysis_bed.h"

namespace fivestrand::bench {
namespace {

using namespace assessment;  // NOLINT: the service under test
using domain::DictionaryKind;
using domain::FrameRow;
using fivestrand::store::WriteTransaction;

constexpr domain::SyntheticTrust kLarge;
constexpr char kTrust[] = "trusts/bench";

void Set(int year, int month, int day, google::type::Date* date) {
  date->set_year(year);
  date->set_month(month);
  date->set_day(day);
}

// Subjects are another service's; here they come as its feed brings them.
void AddSubjects(AnalysisBed& bed) {
  Must(bed.store().Write(absl::InfiniteFuture(),
                         [&](WriteTransaction& transaction) {
                           for (int number = 1; number <= kLarge.subjects; ++number) {
                             leadership::v1::Subject subject;
                             subject.set_name(absl::StrCat(kTrust, "/subjects/j", number));
                             subject.set_display_name(absl::StrCat("Subject ", number));
                             subject.mutable_create_time()->set_seconds(1);
                             subject.mutable_update_time()->set_seconds(1);
                             FIVESTRAND_RETURN_IF_ERROR(
                                 events::ApplyToMirror(bed.registry(), transaction, events::EventOf(subject, 1)));
                           }
                           return absl::OkStatus();
                         }),
       "subjects");
}

void AddFrameworks(AnalysisBed& bed) {
  v1::CreateScaleRequest scale;
  scale.set_parent(kTrust);
  scale.set_scale_id("scaled");
  scale.mutable_scale()->set_display_name("Scaled score");
  scale.mutable_scale()->set_kind(v1::Scale::NUMERIC);
  scale.mutable_scale()->set_minimum_thousandths(80'000);
  scale.mutable_scale()->set_maximum_thousandths(130'000);
  scale.mutable_scale()->set_standard_thousandths(100'000);
  scale.mutable_scale()->set_higher_standard_thousandths(110'000);
  v1::Scale::Code& absent = *scale.mutable_scale()->add_codes();
  absent.set_code("A");
  absent.set_outside(true);
  absent.set_counts_in_denominator(true);
  bed.Call<v1::Scale>("FrameworkService.CreateScale", scale, type::v1::ROLE_OPERATOR);
  for (int number = 1; number <= kLarge.windows; ++number) {
    v1::CreateAssessmentWindowRequest window;
    window.set_parent(kTrust);
    window.set_assessment_window_id(absl::StrCat("w", number));
    const int start = 2019 + (number - 1) / 3, month = number % 3 == 1 ? 11 : number % 3 == 2 ? 2 : 6;
    const int year = month == 11 ? start : start + 1;
    window.mutable_assessment_window()->set_display_name(absl::StrCat("Window ", number));
    window.mutable_assessment_window()->set_academic_year(absl::StrCat(start, "-", (start + 1) % 100));
    window.mutable_assessment_window()->set_kind(v1::AssessmentWindow::IN_YEAR);
    Set(year, month, 2, window.mutable_assessment_window()->mutable_start_date());
    Set(year, month, 13, window.mutable_assessment_window()->mutable_end_date());
    for (int subject = 1; subject <= kLarge.subjects; ++subject) {
      v1::AssessedSubject& assessed = *window.mutable_assessment_window()->add_subjects();
      assessed.set_subject(absl::StrCat(kTrust, "/subjects/j", subject));
      assessed.set_scale(absl::StrCat(kTrust, "/scales/scaled"));
    }
    bed.Call<v1::AssessmentWindow>("FrameworkService.CreateAssessmentWindow", window, type::v1::ROLE_OPERATOR);
  }
}

absl::Status AddNumbers(WriteTransaction& transaction) {
  FIVESTRAND_RETURN_IF_ERROR(assessment::store::GiveTrustNumber(transaction, "bench").status());
  const auto add = [&](DictionaryKind kind, const char* prefix, std::uint32_t count) -> absl::Status {
    for (std::uint32_t number = 1; number <= count; ++number) {
      FIVESTRAND_RETURN_IF_ERROR(transaction
                                     .Execute("INSERT INTO dictionary (trust, kind, number, name) VALUES ('bench', $1, $2, $3)",
                                              {static_cast<std::int64_t>(kind), number, absl::StrCat(prefix, number)})
                                     .status());
    }
    return absl::OkStatus();
  };
  FIVESTRAND_RETURN_IF_ERROR(add(DictionaryKind::kSchool, "s", kLarge.schools));
  FIVESTRAND_RETURN_IF_ERROR(add(DictionaryKind::kSubject, "j", kLarge.subjects));
  FIVESTRAND_RETURN_IF_ERROR(add(DictionaryKind::kWindow, "w", kLarge.windows));
  FIVESTRAND_RETURN_IF_ERROR(add(DictionaryKind::kPupil, "p", kLarge.pupils));
  FIVESTRAND_RETURN_IF_ERROR(assessment::store::GiveNumber(transaction, "bench", DictionaryKind::kScale, "scaled").status());
  return assessment::store::GiveNumber(transaction, "bench", DictionaryKind::kAuthor, "operators/bench").status();
}

// Pupils with their bands, and the groups that they are in for all time.
absl::Status AddPupils(WriteTransaction& transaction, crypto::FieldCipher& cipher, const std::vector<FrameRow>& first) {
  constexpr v1::GroupMembership::Group kGroupOf[] = {v1::GroupMembership::DISADVANTAGED, v1::GroupMembership::SEN_SUPPORT,
                                                     v1::GroupMembership::LOOKED_AFTER, v1::GroupMembership::MOST_ABLE,
                                                     v1::GroupMembership::ENGLISH_AS_AN_ADDITIONAL_LANGUAGE};
  for (std::uint32_t pupil = 0; pupil < kLarge.pupils; ++pupil) {
    const FrameRow& row = first[pupil];
    const std::string path = absl::StrCat("pupils/p", row.pupil);
    FIVESTRAND_RETURN_IF_ERROR(
        transaction
            .Execute(
                "INSERT INTO pupil (trust, path, parent, revision, create_time, update_time, record, upn, given_name, family_name, "
                "sex, prior_attainment, school, year_group, on_roll) VALUES ('bench', $1, '', 1, 0, 0, $2, '', '', '', 0, $3, '', "
                "0, 1)",
                {path, fivestrand::store::Param::Blob(""), domain::PriorOf(row.marks)})
            .status());
    for (int group = 0; group < domain::kGroups; ++group) {
      if ((row.groups >> group & 1) == 0) continue;
      v1::GroupMembership sealed;
      sealed.set_group(kGroupOf[group]);
      const std::string membership = absl::StrCat(path, "/groupMemberships/g", group);
      FIVESTRAND_ASSIGN_OR_RETURN(const std::string closed,
                                  cipher.Seal("bench", absl::StrCat(kTrust, "/", membership), sealed.SerializeAsString()));
      FIVESTRAND_RETURN_IF_ERROR(
          transaction
              .Execute("INSERT INTO group_membership (trust, path, parent, revision, create_time, update_time, "
                       "record, sealed, school) VALUES ('bench', $1, $2, 1, 0, 0, $3, $4, '')",
                       {membership, path, fivestrand::store::Param::Blob(""), fivestrand::store::Param::Blob(closed)})
              .status());
    }
  }
  return absl::OkStatus();
}

void AddResults(AnalysisBed& bed, const std::vector<FrameRow>& first) {
  std::ofstream file(bed.folder() + "/results.csv");
  for (std::uint16_t window = 1; window <= kLarge.windows; ++window) {
    std::vector<domain::ResultRow> rows;
    std::string text;
    for (const FrameRow& row : domain::SyntheticWindow(kLarge, window)) {
      domain::ResultRow result;
      result.key =
          domain::ResultKey{
              .trust = 1, .window = window, .subject = row.subject, .scale = 1, .pupil = static_cast<std::int32_t>(row.pupil)}
              .Pack();
      result.school = row.school;
      result.year_group = row.year;
      result.author = 1;
      const bool scored = (row.marks & domain::kScored) != 0;
      if (scored) result.value = row.score;
      if (!scored) result.outcome = 1;
      rows.push_back(result);
      // Who is looked after counts as disadvantaged.
      const int groups = first[row.pupil - 1].groups, with_care = groups | (groups >> 2 & 1);
      absl::StrAppend(&text, window, ",", row.school, ",", row.subject, ",", with_care, ",");
      if (scored) absl::StrAppend(&text, row.score / 1000);
      text += '\n';
    }
    Must(bed.store().Write(absl::InfiniteFuture(),
                           [&](WriteTransaction& transaction) {
                             assessment::store::ResultWriter writer(transaction);
                             return writer.InsertAll(absl::MakeSpan(rows), [](std::size_t) {});
                           }),
         "results");
    file << text;
  }
}

struct Answer {
  double ms = 0;
  std::int64_t cells = 0, count = 0, group = 0;
};

Answer Ask(AnalysisBed& bed, bool one_window) {
  v1::AnalyseResultsRequest request;
  request.set_parent(kTrust);
  request.set_measure(v1::MEAN_SCORE);
  request.add_group_by(v1::BY_SCHOOL);
  request.add_group_by(v1::BY_SUBJECT);
  request.set_gap_group(type::v1::PUPIL_GROUP_DISADVANTAGED);
  if (one_window) request.mutable_filter()->add_windows(absl::StrCat(kTrust, "/assessmentWindows/w9"));
  std::vector<double> times;
  Answer answer;
  for (int i = 0; i < 41; ++i) {
    const absl::Time start = absl::Now();
    const auto response = bed.Call<v1::AnalyseResultsResponse>("AnalysisService.AnalyseResults", request, type::v1::ROLE_SERVICE);
    times.push_back(absl::ToDoubleMilliseconds(absl::Now() - start));
    answer = {.cells = response.cells_size()};
    for (const v1::ResultCell& cell : response.cells()) {
      answer.count += cell.figure().count();
      answer.group += cell.gap_group().count();
    }
  }
  std::nth_element(times.begin(), times.begin() + 20, times.end());
  answer.ms = times[20];
  return answer;
}

nlohmann::json AskDuck(const std::string& results) {
  const char* packages = std::getenv("BENCH_PACKAGES");
  const char* script = std::getenv("BENCH_DUCKDB");
  if (packages == nullptr || script == nullptr) return {};
  FILE* pipe = popen(absl::StrCat("node '", script, "' '", packages, "' '", results, "' 2").c_str(), "r");
  std::string text;
  char buffer[4096];
  for (std::size_t n = fread(buffer, 1, sizeof buffer, pipe); n != 0; n = fread(buffer, 1, sizeof buffer, pipe))
    text.append(buffer, n);
  if (pclose(pipe) != 0) return {};
  return nlohmann::json::parse(text, nullptr, false);
}

void Row(const char* what, const Answer& answer, const nlohmann::json& duck, double aim) {
  std::printf("%-44s %9.2f ms  aim %.0f ms", what, answer.ms, aim);
  if (!duck.is_object()) {
    std::printf("  (no DuckDB: run ./dev bench)\n");
    return;
  }
  const double ms = duck["ms"].get<double>();
  const bool same = duck["cells"] == answer.cells && duck["count"] == answer.count && duck["group"] == answer.group;
  std::printf("  %.1f times as fast as DuckDB (%.1f ms), aim 7%s\n", ms / answer.ms, ms, same ? "" : "  OTHER ANSWERS");
}

}  // namespace

void Analysis() {
  AnalysisBed bed;
  AddSubjects(bed);
  AddFrameworks(bed);
  const std::vector<FrameRow> first = domain::SyntheticWindow(kLarge, 1);
  Must(bed.cipher().Prepare("bench"), "data key");
  Must(bed.store().Write(absl::InfiniteFuture(), &AddNumbers), "numbers");
  Must(bed.store().Write(absl::InfiniteFuture(),
                         [&](WriteTransaction& transaction) { return AddPupils(transaction, bed.cipher(), first); }),
       "pupils");
  AddResults(bed, first);
  // As a start finds it.
  bed.Stop();
  bed.Start();
  const absl::Time start = absl::Now();
  Must(bed.keeper()->Read("bench", absl::Now() + absl::Minutes(5)).status(), "frame");
  const absl::Duration ready = absl::Now() - start;
  const auto counters = bed.keeper()->counters();
  const auto rows = static_cast<double>(counters.loaded_rows);
  std::printf("%-44s %9.2f million/s  aim 5 million/s (%.2f million results; with names and groups after %.1f s)\n",
              "results loaded at start", rows / counters.load_seconds / 1e6, rows / 1e6, absl::ToDoubleSeconds(ready));
  std::printf("%-44s %9.1f bytes  aim 24 bytes\n", "memory of a result, pupils included",
              static_cast<double>(counters.bytes) / rows);
  const Answer all = Ask(bed, false), one = Ask(bed, true);
  const nlohmann::json duck = AskDuck(bed.folder() + "/results.csv");
  Row("school by subject with gap, 18 windows", all, duck.is_object() ? duck["all"] : nlohmann::json(), 25);
  Row("the same, one window", one, duck.is_object() ? duck["one"] : nlohmann::json(), 2);
  std::fflush(stdout);
}

}  // namespace fivestrand::bench
