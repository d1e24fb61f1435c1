#include "services/leadership/domain/model/agreed_targets.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/status/views.h"
#include "services/leadership/domain/model/default_model.h"
#include "services/leadership/domain/model/limits.h"
#include "services/leadership/domain/model/model_rules.h"

namespace fivestrand::leadership::domain {
namespace {

bool IsFor(const v1::AgreedTarget& agreed, std::string_view school, std::string_view measure) {
  return agreed.measure() == measure && agreed.school() == school;
}

class Checker {
 public:
  Checker(const v1::ImprovementModel& model, absl::Span<const evidence::MeasureDefinition> known, status::FieldViolations* wrong)
      : model_(model), known_(known), wrong_(*wrong) {}

  void Check(const v1::AgreedTarget& agreed, int index, const std::string& path) {
    if (agreed.school().empty()) wrong_.Add(absl::StrCat(path, ".school"), "is required");
    if (absl::StripAsciiWhitespace(agreed.reason()).empty()) wrong_.Add(absl::StrCat(path, ".reason"), "is required");
    if (CheckMeasure(agreed, path)) CheckLimits(agreed, path);
    if (CheckDays(agreed, path)) CheckOverlap(agreed, index, path);
  }

 private:
  bool CheckMeasure(const v1::AgreedTarget& agreed, const std::string& path) {
    const auto refuse = [&](std::string_view why) {
      wrong_.Add(absl::StrCat(path, ".measure"), why);
      return false;
    };
    if (agreed.measure().empty()) return refuse("is required");
    const std::string::size_type dot = agreed.measure().find('.');
    if (dot == std::string::npos) return refuse("is not a measure of an element");
    const std::string element = agreed.measure().substr(0, dot);
    if (FindElement(DefaultModel(), element) == nullptr) return refuse("is not a measure of an element");
    const bool ours = std::any_of(known_.begin(), known_.end(), [&](const auto& one) { return one.element == element; });
    if (ours && evidence::FindMeasure(known_, agreed.measure()) == nullptr)
      return refuse("is none that is computed; ListMeasures names them");
    return true;
  }

  void CheckLimits(const v1::AgreedTarget& agreed, const std::string& path) {
    const auto finite = [&](bool has, double value, const char* field) {
      if (has && !std::isfinite(value)) wrong_.Add(absl::StrCat(path, ".", field), "must be a number");
      return !has || std::isfinite(value);
    };
    if (!agreed.has_target()) return wrong_.Add(absl::StrCat(path, ".target"), "is required");
    const bool numbers = finite(true, agreed.target(), "target") & finite(agreed.has_amber(), agreed.amber(), "amber") &
                         finite(agreed.has_red(), agreed.red(), "red");
    if (!numbers) return;
    if (const evidence::MeasureDefinition* definition = evidence::FindMeasure(known_, agreed.measure())) {
      evidence::v1::Measure measure = evidence::ToProto(*definition);
      ApplyModel(model_, &measure);
      // What is wrong with the trust's own limits is said where they stand.
      if (!WrongOrder(measure).empty()) return;
      ApplyAgreed(agreed, &measure);
      if (const std::string_view wrong = WrongOrder(measure); !wrong.empty()) wrong_.Add(path, wrong);
      return;
    }
    if (agreed.has_amber() && agreed.has_red() && !InSomeOrder(agreed.target(), agreed.amber(), agreed.red()))
      wrong_.Add(path, "amber must lie between target and red");
  }

  bool CheckDays(const v1::AgreedTarget& agreed, const std::string& path) {
    const auto day = [&](bool has, const google::type::Date& date, const char* field) {
      const std::optional<absl::CivilDay> found = calendar::FromProto(date);
      if (!found) wrong_.Add(absl::StrCat(path, ".", field), has ? "is not a day" : "is required");
      return found;
    };
    const auto start = day(agreed.has_start_date(), agreed.start_date(), "start_date");
    const auto end = day(agreed.has_end_date(), agreed.end_date(), "end_date");
    if (!start || !end) return false;
    if (*end >= *start) return true;
    wrong_.Add(absl::StrCat(path, ".end_date"), "must not be before start_date");
    return false;
  }

  void CheckOverlap(const v1::AgreedTarget& agreed, int index, const std::string& path) {
    const calendar::DayRange days = DaysOf(agreed);
    auto& held = held_[{agreed.school(), agreed.measure()}];
    for (const auto& [other, taken] : held) {
      if (days.start <= taken.end && taken.start <= days.end) {
        wrong_.Add(absl::StrCat(path, ".start_date"),
                   absl::StrCat("overlaps agreed_targets[", other, "], of the same school and measure"));
        break;
      }
    }
    held.emplace_back(index, days);
  }

  const v1::ImprovementModel& model_;
  const absl::Span<const evidence::MeasureDefinition> known_;
  status::FieldViolations& wrong_;
  absl::flat_hash_map<std::pair<std::string, std::string>, std::vector<std::pair<int, calendar::DayRange>>> held_;
};

}  // namespace

calendar::DayRange DaysOf(const v1::AgreedTarget& agreed) {
  return {calendar::FromProto(agreed.start_date()).value_or(absl::CivilDay::max()),
          calendar::FromProto(agreed.end_date()).value_or(absl::CivilDay::min())};
}

const v1::AgreedTarget* AgreedOn(const v1::ImprovementModel& model, std::string_view school, std::string_view measure,
                                 absl::CivilDay day) {
  for (const v1::AgreedTarget& agreed : model.agreed_targets()) {
    if (IsFor(agreed, school, measure) && DaysOf(agreed).Contains(day)) return &agreed;
  }
  return nullptr;
}

bool HasAgreed(const v1::ImprovementModel& model, std::string_view school, std::string_view measure) {
  return std::any_of(model.agreed_targets().begin(), model.agreed_targets().end(),
                     [&](const v1::AgreedTarget& agreed) { return IsFor(agreed, school, measure); });
}

void ApplyAgreed(const v1::AgreedTarget& agreed, evidence::v1::Measure* measure) {
  const double trusts = measure->target(), moved = agreed.target() - trusts;
  measure->set_target(agreed.target());
  measure->set_amber(agreed.has_amber() ? agreed.amber() : measure->amber() + moved);
  measure->set_red(agreed.has_red() ? agreed.red() : measure->red() + moved);
  evidence::v1::AgreedTerm& term = *measure->mutable_agreed();
  term.set_reason(agreed.reason());
  *term.mutable_start_date() = agreed.start_date();
  *term.mutable_end_date() = agreed.end_date();
  term.set_trust_target(trusts);
}

absl::CivilDay JudgedOn(const evidence::v1::Reading& reading, absl::CivilDay today) {
  const std::optional<absl::CivilDay> end = calendar::FromProto(reading.period().end_date());
  return end ? std::min(*end, today) : today;
}

void CheckAgreedTargets(const v1::ImprovementModel& model, absl::Span<const evidence::MeasureDefinition> known,
                        std::string_view prefix, status::FieldViolations* wrong) {
  Checker checker(model, known, wrong);
  for (int i = 0; i < model.agreed_targets_size(); ++i)
    checker.Check(model.agreed_targets(i), i, absl::StrCat(AbslView(prefix), "agreed_targets[", i, "]"));
}

}  // namespace fivestrand::leadership::domain
