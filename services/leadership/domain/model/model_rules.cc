#include "services/leadership/domain/model/model_rules.h"

#include <algorithm>
#include <cmath>
#include <google/protobuf/util/message_differencer.h>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "platform/resource/write_context.h"
#include "platform/status/views.h"
#include "services/leadership/domain/measures.h"
#include "services/leadership/domain/model/agreed_targets.h"
#include "services/leadership/domain/model/default_model.h"
#include "services/leadership/domain/model/limits.h"

namespace fivestrand::leadership::domain {
namespace {

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
    CheckAgreedTargets(model, known_, prefix_, &wrong_);
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
    if (!InSomeOrder(setting.target(), setting.amber(), setting.red())) wrong_.Add(path, "amber must lie between target and red");
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

evidence::v1::Measure MeasureOn(const v1::ImprovementModel& model, const evidence::v1::Measure& measure, std::string_view scope,
                                absl::CivilDay day) {
  evidence::v1::Measure held = measure;
  ApplyModel(model, &held);
  if (const v1::AgreedTarget* agreed = AgreedOn(model, scope, measure.measure(), day)) ApplyAgreed(*agreed, &held);
  return held;
}

bool IsTheTrusts(const v1::ImprovementModel& model, std::string_view measure, std::string_view scope) {
  return FindSetting(model, measure) != nullptr || HasAgreed(model, scope, measure);
}

void ApplyModel(const v1::ImprovementModel& model, absl::CivilDay today, evidence::v1::MeasureSummary* summary) {
  const std::string& measure = summary->measure().measure();
  const std::string& scope = summary->latest().scope();
  if (!IsTheTrusts(model, measure, scope)) return;
  const evidence::v1::Measure standard = summary->measure();
  for (evidence::v1::Reading& reading : *summary->mutable_trend())
    Judge(MeasureOn(model, standard, scope, JudgedOn(reading, today)), &reading);
  *summary->mutable_measure() = MeasureOn(model, standard, scope, JudgedOn(summary->latest(), today));
  Judge(summary->measure(), summary->mutable_latest());
}

void RemoveAgreed(v1::ImprovementModel* model, absl::FunctionRef<bool(std::string_view school)> keep) {
  auto& agreed = *model->mutable_agreed_targets();
  agreed.erase(std::remove_if(agreed.begin(), agreed.end(), [&](const v1::AgreedTarget& one) { return !keep(one.school()); }),
               agreed.end());
}

absl::Status ModelStrategy::Write(resource::WriteContext& context, const v1::ImprovementModel* before,
                                  v1::ImprovementModel* after) {
  CompleteModel(after);
  const absl::Status status = CheckModel(*after, Measures(), context.field_prefix()).ToStatus();
  if (!status.ok()) return status;
  // A write that changes nothing is none.
  after->set_revision(before == nullptr ? 0 : before->revision());
  after->set_editor(before == nullptr ? std::string() : before->editor());
  if (before != nullptr) {
    v1::ImprovementModel same = *after;
    same.set_etag(before->etag());
    if (google::protobuf::util::MessageDifferencer::Equals(*before, same)) return absl::OkStatus();
  }
  after->set_revision(after->revision() + 1);
  after->set_editor(std::string(context.actor()));
  return absl::OkStatus();
}

}  // namespace fivestrand::leadership::domain
