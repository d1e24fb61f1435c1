#include "services/assessment/domain/standard_scales.h"

#include <initializer_list>
#include <utility>

#include "absl/strings/str_cat.h"

namespace fivestrand::assessment::domain {
namespace {

enum class Standard { kBelow, kAt, kHigher };

struct On {
  const char* code;
  const char* label;
  Standard standard;
  // -1: none.
  int points = -1;
};
struct Out {
  const char* code;
  const char* label;
  bool counts;
};

// Codes in the order of their rank, lowest first.
void AddCodes(std::initializer_list<On> codes, v1::Scale* scale) {
  int rank = 0;
  for (const On& on : codes) {
    v1::Scale::Code* code = scale->add_codes();
    code->set_code(on.code);
    code->set_label(on.label);
    code->set_rank(++rank);
    code->set_at_standard(on.standard != Standard::kBelow);
    code->set_at_higher_standard(on.standard == Standard::kHigher);
    if (on.points >= 0) code->set_points_thousandths(on.points * 1000);
  }
}

void AddOutside(std::initializer_list<Out> codes, v1::Scale* scale) {
  for (const Out& out : codes) {
    v1::Scale::Code* code = scale->add_codes();
    code->set_code(out.code);
    code->set_label(out.label);
    code->set_outside(true);
    code->set_counts_in_denominator(out.counts);
  }
}

v1::Scale Make(const char* display_name, v1::Scale::Stage stage, v1::Scale::Kind kind, const char* source) {
  v1::Scale scale;
  scale.set_display_name(display_name);
  scale.set_stage(stage);
  scale.set_kind(kind);
  scale.set_source(source);
  return scale;
}

void SetRange(int minimum, int maximum, v1::Scale* scale) {
  scale->set_minimum_thousandths(minimum * 1000);
  scale->set_maximum_thousandths(maximum * 1000);
  scale->set_step_thousandths(1000);
}

constexpr char kAssessmentGuidance[] = "Standards and Testing Agency, assessment and reporting arrangements";

}  // namespace

std::vector<StandardScale> StandardScales() {
  std::vector<StandardScale> scales;

  v1::Scale goals =
      Make("Early learning goals", v1::Scale::EARLY_YEARS, v1::Scale::CODES, "Early years foundation stage profile handbook");
  AddCodes({{"1", "Emerging", Standard::kBelow, 1}, {"2", "Expected", Standard::kAt, 2}}, &goals);
  AddOutside({{"A", "Not assessed", false}}, &goals);
  scales.push_back({"early-learning-goals", std::move(goals)});

  v1::Scale phonics = Make("Phonics screening check", v1::Scale::PHONICS, v1::Scale::NUMERIC, kAssessmentGuidance);
  SetRange(0, 40, &phonics);
  AddOutside({{"A", "Absent", true}, {"D", "Disapplied", true}, {"L", "Left", false}, {"Q", "Maladministration", false}}, &phonics);
  scales.push_back({"phonics", std::move(phonics)});

  v1::Scale tables = Make("Multiplication tables check", v1::Scale::MULTIPLICATION_TABLES, v1::Scale::NUMERIC, kAssessmentGuidance);
  SetRange(0, 25, &tables);
  AddOutside({{"A", "Absent", true},
              {"B", "Working below the check", true},
              {"J", "Just arrived", false},
              {"L", "Left", false},
              {"U", "Unable to take part", true}},
             &tables);
  scales.push_back({"multiplication-tables", std::move(tables)});

  v1::Scale key_stage_1 = Make("Key stage 1 teacher assessment", v1::Scale::KEY_STAGE_1, v1::Scale::CODES, kAssessmentGuidance);
  AddCodes({{"EM", "Engagement model", Standard::kBelow},
            {"PK1", "Pre-key stage 1", Standard::kBelow},
            {"PK2", "Pre-key stage 2", Standard::kBelow},
            {"PK3", "Pre-key stage 3", Standard::kBelow},
            {"PK4", "Pre-key stage 4", Standard::kBelow},
            {"WTS", "Working towards the expected standard", Standard::kBelow},
            {"EXS", "Working at the expected standard", Standard::kAt},
            {"GDS", "Working at greater depth", Standard::kHigher}},
           &key_stage_1);
  AddOutside({{"A", "Absent", true}, {"D", "Disapplied", true}, {"L", "Left", false}}, &key_stage_1);
  scales.push_back({"key-stage-1", std::move(key_stage_1)});

  v1::Scale test = Make("Key stage 2 scaled score", v1::Scale::KEY_STAGE_2, v1::Scale::NUMERIC, kAssessmentGuidance);
  SetRange(80, 120, &test);
  test.set_standard_thousandths(100'000);
  test.set_higher_standard_thousandths(110'000);
  AddOutside({{"A", "Absent", true},
              {"B", "Working below the test", true},
              {"D", "Disapplied", true},
              {"F", "Taken in a future year", false},
              {"H", "Cheating", true},
              {"J", "Just arrived", false},
              {"L", "Left", false},
              {"M", "Missing", false},
              {"P", "Taken in the past", false},
              {"Q", "Maladministration", false},
              {"T", "Could not access the test", true},
              {"U", "Could not access the test", true}},
             &test);
  scales.push_back({"key-stage-2-test", std::move(test)});

  v1::Scale writing = Make("Key stage 2 writing", v1::Scale::KEY_STAGE_2, v1::Scale::CODES, kAssessmentGuidance);
  AddCodes({{"EM", "Engagement model", Standard::kBelow},
            {"PK1", "Pre-key stage 1", Standard::kBelow},
            {"PK2", "Pre-key stage 2", Standard::kBelow},
            {"PK3", "Pre-key stage 3", Standard::kBelow},
            {"PK4", "Pre-key stage 4", Standard::kBelow},
            {"PK5", "Pre-key stage 5", Standard::kBelow},
            {"PK6", "Pre-key stage 6", Standard::kBelow},
            {"WTS", "Working towards the expected standard", Standard::kBelow},
            {"EXS", "Working at the expected standard", Standard::kAt},
            {"GDS", "Working at greater depth", Standard::kHigher}},
           &writing);
  AddOutside(
      {{"A", "Absent", true}, {"D", "Disapplied", true}, {"F", "Future year", false}, {"L", "Left", false}, {"P", "Past", false}},
      &writing);
  scales.push_back({"key-stage-2-writing", std::move(writing)});

  v1::Scale science = Make("Key stage 2 science", v1::Scale::KEY_STAGE_2, v1::Scale::CODES, kAssessmentGuidance);
  AddCodes(
      {{"HNM", "Has not met the expected standard", Standard::kBelow}, {"EXS", "Working at the expected standard", Standard::kAt}},
      &science);
  AddOutside({{"A", "Absent", true}, {"D", "Disapplied", true}, {"L", "Left", false}}, &science);
  scales.push_back({"key-stage-2-science", std::move(science)});

  v1::Scale grades = Make("GCSE grades", v1::Scale::KEY_STAGE_4, v1::Scale::CODES, "Ofqual, grades 9 to 1");
  AddCodes({{"U", "Unclassified", Standard::kBelow, 0},
            {"1", "Grade 1", Standard::kBelow, 1},
            {"2", "Grade 2", Standard::kBelow, 2},
            {"3", "Grade 3", Standard::kBelow, 3},
            {"4", "Grade 4", Standard::kAt, 4},
            {"5", "Grade 5", Standard::kHigher, 5},
            {"6", "Grade 6", Standard::kHigher, 6},
            {"7", "Grade 7", Standard::kHigher, 7},
            {"8", "Grade 8", Standard::kHigher, 8},
            {"9", "Grade 9", Standard::kHigher, 9}},
           &grades);
  AddOutside({{"X", "No result", false}}, &grades);
  scales.push_back({"gcse-grades", std::move(grades)});

  v1::Scale age_related = Make("Age related", v1::Scale::IN_YEAR, v1::Scale::CODES, "The trust's own");
  AddCodes({{"BLW", "Below", Standard::kBelow, 1},
            {"WTS", "Working towards", Standard::kBelow, 2},
            {"EXS", "At", Standard::kAt, 3},
            {"GDS", "Greater depth", Standard::kHigher, 4}},
           &age_related);
  AddOutside({{"A", "Absent", true}, {"N", "Not taught yet", false}}, &age_related);
  scales.push_back({"age-related", std::move(age_related)});
  return scales;
}

}  // namespace fivestrand::assessment::domain
