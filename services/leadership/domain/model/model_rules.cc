#include "services/leadership/domain/model/model_rules.h"

#include <cmath>
#include <google/protobuf/util/message_differencer.h>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "platform/resource/write_context.h"
#include "platform/status/views.h"
#include "services/leadership/domain/measures.h"
#include "services/leadership/domain/model/default_model.h"

namespace fivestrand::leadership::domain {
namespace {

using evidence::v1::Direction;

bool Ascending(double a, double b, double c) {
  return a <= b && b <= c;
}

// What is wrong with the limits of a measure whose direction is known.
std::string_view WrongOrder(const evidence::v1::Measure& measure) {
  const double target = measure.target(), amber = measure.amber(), red = measure.red();
  switch (measure.direction()) {
    case evidence::v1::HIGHER_IS_BETTER:
      return Ascending(red, amber, target) ? "" : "higher is better: red must not be above amber, nor amber above the target";
    case evidence::v1::LOWER_IS_BETTER:
      return Ascending(target, amber, red) ? "" : "lower is better: red must not be below amber, nor amber below the target";
    default:
      return target >= 0 && Ascending(target, amber, red)
                 ? ""
                 : "zero is better: target, amber and red are distances, each no smaller than the one before";
  }
}

class Checker {
 public:
  Checker(absl::Span<const evidence::MeasureDefinition> known, std::string_view prefix) : known_(known), prefix_(prefix) {}

  status::FieldViolations Check(const v1::ImprovementModel& model) {
    for (int i = 0; i < model.strands_size(); ++i) CheckStrand(model.strands(i), absl::StrCat(prefix_, "strands[", i, "]"));
    for (const v1::Strand& strand : DefaultModel().strands()) {
      if (!strands_.contains(strand.strand()))
        wrong_.Add(absl::StrCat(prefix_, "strands"), absl::StrCat("lacks ", strand.strand()));
      for (const v1::ModelElement& element : strand.elements()) {
        if (strands_.contains(strand.strand()) && !elements_.contains(element.element()))
          wrong_.Add(absl::StrCat(prefix_, "strands"), absl::StrCat("lacks the element ", element.element()));
      }
    }
    return std::move(wrong_);
  }

 private:
  void CheckStrand(const v1::Strand& strand, const std::string& path) {
    bool known = false;
    for (const v1::Strand& one : DefaultModel().strands()) known = known || one.strand() == strand.strand();
    if (!known) return wrong_.Add(absl::StrCat(path, ".strand"), "is none of the five strands");
    if (!strands_.insert(strand.strand()).second) return wrong_.Add(absl::StrCat(path, ".strand"), "is there twice");
    if (strand.title().empty()) wrong_.Add(absl::StrCat(path, ".title"), "is required");
    for (int i = 0; i < strand.elements_size(); ++i)
      CheckElement(strand, strand.elements(i), absl::StrCat(path, ".elements[", i, "]"));
  }

  void CheckElement(const v1::Strand& strand, const v1::ModelElement& element, const std::string& path) {
    const v1::ModelElement* standard = FindElement(DefaultModel(), element.element());
    if (standard == nullptr) return wrong_.Add(absl::StrCat(path, ".element"), "is none of the forty elements");
    if (StrandOf(DefaultModel(), element.element()) != strand.strand())
      return wrong_.Add(absl::StrCat(path, ".element"), "belongs to another strand");
    if (!elements_.insert(element.element()).second) return wrong_.Add(absl::StrCat(path, ".element"), "is there twice");
    if (element.title().empty()) wrong_.Add(absl::StrCat(path, ".title"), "is required");
    if (!element.owner().empty() && element.owner() != standard->owner())
      wrong_.Add(absl::StrCat(path, ".owner"), absl::StrCat("is kept by ", standard->owner()));
    for (int i = 0; i < element.measures_size(); ++i)
      CheckSetting(element, element.measures(i), absl::StrCat(path, ".measures[", i, "]"));
  }

  void CheckSetting(const v1::ModelElement& element, const v1::MeasureSetting& setting, const std::string& path) {
    if (!absl::StartsWith(setting.measure(), absl::StrCat(element.element(), ".")))
      return wrong_.Add(absl::StrCat(path, ".measure"), "is not a measure of the element");
    if (!measures_.insert(setting.measure()).second) return wrong_.Add(absl::StrCat(path, ".measure"), "is there twice");
    const auto finite = [&](bool has, double value, const char* field) {
      if (has && !std::isfinite(value)) wrong_.Add(absl::StrCat(path, ".", field), "must be a number");
      return !has || std::isfinite(value);
    };
    const bool numbers = finite(setting.has_target(), setting.target(), "target") &
                         finite(setting.has_amber(), setting.amber(), "amber") & finite(setting.has_red(), setting.red(), "red") &
                         finite(setting.has_delta(), setting.delta(), "delta");
    if (!numbers) return;
    if (setting.delta() < 0) wrong_.Add(absl::StrCat(path, ".delta"), "must not be negative");
    CheckLimits(element, setting, path);
  }

  void CheckLimits(const v1::ModelElement& element, const v1::MeasureSetting& setting, const std::string& path) {
    const evidence::MeasureDefinition* definition = evidence::FindMeasure(known_, setting.measure());
    if (definition != nullptr) {
      evidence::v1::Measure measure = evidence::ToProto(*definition);
      if (setting.has_target()) measure.set_target(setting.target());
      if (setting.has_amber()) measure.set_amber(setting.amber());
      if (setting.has_red()) measure.set_red(setting.red());
      if (const std::string_view wrong = WrongOrder(measure); !wrong.empty()) wrong_.Add(path, wrong);
      return;
    }
    const bool ours = std::any_of(known_.begin(), known_.end(), [&](const auto& one) { return one.element == element.element(); });
    if (ours) return wrong_.Add(absl::StrCat(path, ".measure"), "is none that is computed; ListMeasures names them");
    if (!setting.has_target() || !setting.has_amber() || !setting.has_red()) return;
    if (!Ascending(setting.target(), setting.amber(), setting.red()) &&
        !Ascending(setting.red(), setting.amber(), setting.target()))
      wrong_.Add(path, "amber must lie between target and red");
  }

  const absl::Span<const evidence::MeasureDefinition> known_;
  const std::string prefix_;
  status::FieldViolations wrong_;
  absl::flat_hash_set<std::string> strands_, elements_, measures_;
};

}  // namespace

void CompleteModel(v1::ImprovementModel* model) {
  for (v1::Strand& strand : *model->mutable_strands()) {
    for (v1::ModelElement& element : *strand.mutable_elements()) {
      const v1::ModelElement* standard = FindElement(DefaultModel(), element.element());
      if (standard == nullptr) continue;
      if (element.number().empty()) element.set_number(standard->number());
      if (element.owner().empty()) element.set_owner(standard->owner());
    }
  }
}

status::FieldViolations CheckModel(const v1::ImprovementModel& model, absl::Span<const evidence::MeasureDefinition> known,
                                   std::string_view prefix) {
  return Checker(known, prefix.empty() ? std::string() : absl::StrCat(AbslView(prefix), ".")).Check(model);
}

const v1::MeasureSetting* FindSetting(const v1::ImprovementModel& model, std::string_view measure) {
  const v1::ModelElement* element = FindElement(model, measure.substr(0, measure.find('.')));
  if (element == nullptr) return nullptr;
  for (const v1::MeasureSetting& setting : element->measures()) {
    if (setting.measure() == measure) return &setting;
  }
  return nullptr;
}

void ApplyModel(const v1::ImprovementModel& model, evidence::v1::Measure* measure) {
  const v1::MeasureSetting* setting = FindSetting(model, measure->measure());
  if (setting == nullptr) return;
  if (setting->has_target()) measure->set_target(setting->target());
  if (setting->has_amber()) measure->set_amber(setting->amber());
  if (setting->has_red()) measure->set_red(setting->red());
  if (setting->has_delta()) measure->set_delta(setting->delta());
}

void Judge(const evidence::v1::Measure& measure, evidence::v1::Reading* reading) {
  if (reading->has_value() && reading->band() != evidence::v1::BAND_UNSPECIFIED)
    reading->set_band(evidence::BandOf(measure, reading->value()));
}

void ApplyModel(const v1::ImprovementModel& model, evidence::v1::MeasureSummary* summary) {
  if (FindSetting(model, summary->measure().measure()) == nullptr) return;
  ApplyModel(model, summary->mutable_measure());
  Judge(summary->measure(), summary->mutable_latest());
  for (evidence::v1::Reading& reading : *summary->mutable_trend()) Judge(summary->measure(), &reading);
}

absl::Status ModelStrategy::Write(resource::WriteContext& context, const v1::ImprovementModel* before,
                                  v1::ImprovementModel* after) {
  CompleteModel(after);
  const absl::Status status = CheckModel(*after, Measures(), context.field_prefix()).ToStatus();
  if (!status.ok()) return status;
  // A write that changes nothing is none.
  after->set_revision(before == nullptr ? 0 : before->revision());
  if (before != nullptr) {
    v1::ImprovementModel same = *after;
    same.set_etag(before->etag());
    if (google::protobuf::util::MessageDifferencer::Equals(*before, same)) return absl::OkStatus();
  }
  after->set_revision(after->revision() + 1);
  return absl::OkStatus();
}

}  // namespace fivestrand::leadership::domain
