#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/leadership/domain/measures.h"
#include "services/leadership/domain/model/default_model.h"
#include "services/leadership/domain/model/model_rules.h"

namespace fivestrand::leadership::domain {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::ModelElement* Element(v1::ImprovementModel& model, const std::string& id) {
  for (v1::Strand& strand : *model.mutable_strands()) {
    for (v1::ModelElement& element : *strand.mutable_elements()) {
      if (element.element() == id) return &element;
    }
  }
  ADD_FAILURE() << id;
  return nullptr;
}

std::vector<std::string> Wrong(const v1::ImprovementModel& model) {
  std::vector<std::string> fields;
  const status::FieldViolations wrong = CheckModel(model, Measures(), "improvement_model");
  for (const auto& violation : wrong.violations()) fields.push_back(violation.field);
  return fields;
}

TEST(DefaultModel, HasFiveStrandsAndFortyElements) {
  const v1::ImprovementModel& model = DefaultModel();
  ASSERT_EQ(model.strands_size(), 5);
  const int sizes[] = {6, 15, 4, 7, 8};
  std::set<std::string> ids, numbers;
  std::map<std::string, int> owners;
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(model.strands(i).elements_size(), sizes[i]) << model.strands(i).strand();
    for (int j = 0; j < model.strands(i).elements_size(); ++j) {
      const v1::ModelElement& element = model.strands(i).elements(j);
      EXPECT_EQ(element.number(), std::to_string(i + 1) + "." + std::to_string(j + 1));
      EXPECT_FALSE(element.title().empty());
      EXPECT_LE(element.title().size(), 200u);
      ids.insert(element.element());
      ++owners[element.owner()];
    }
  }
  EXPECT_EQ(ids.size(), 40u);
  EXPECT_EQ(owners["leadership"] + owners["cpd"] + owners["assessment"] + owners["welfare"], 40);
  EXPECT_EQ(FindElement(model, "appraisal")->stage(), v1::ALIGNING);
  EXPECT_EQ(FindElement(model, "subject-expertise")->stage(), v1::BEGINNING);
  EXPECT_EQ(FindElement(model, "assessment-tracking")->stage(), v1::EMERGING);
  EXPECT_EQ(FindElement(model, "trust-send")->stage(), v1::ALIGNING);
  EXPECT_EQ(FindElement(model, "ht-meetings")->cadence(), v1::SIX_TIMES_A_YEAR);
  EXPECT_EQ(FindElement(model, "vision-values")->cadence(), v1::CADENCE_UNSPECIFIED);
  EXPECT_EQ(FindElement(model, "nothing"), nullptr);
  EXPECT_EQ(StrandOf(model, "coaching"), "care-support-challenge");
  EXPECT_EQ(StrandOf(model, "nothing"), "");
  EXPECT_THAT(Wrong(model), IsEmpty());
}

TEST(DefaultModel, EveryMeasureOfThisServiceIsOfAnElementWithItsNumber) {
  for (const evidence::MeasureDefinition& measure : Measures()) {
    const v1::ModelElement* element = FindElement(DefaultModel(), measure.element);
    ASSERT_NE(element, nullptr) << measure.measure;
    EXPECT_EQ(element->number(), measure.element_number);
    EXPECT_EQ(element->owner(), "leadership");
  }
}

TEST(CheckModel, TitlesOrderAndSettingsAreTheTrusts) {
  v1::ImprovementModel model = DefaultModel();
  model.mutable_strands()->SwapElements(0, 4);
  model.mutable_strands(1)->mutable_elements()->SwapElements(0, 14);
  Element(model, "coaching")->set_title("Coaching for everybody");
  Element(model, "coaching")->set_stage(v1::EMBEDDED);
  Element(model, "coaching")->set_cadence(v1::WEEKLY);
  Element(model, "coaching")->clear_owner();
  Element(model, "coaching")->clear_number();
  v1::MeasureSetting* drop_ins = Element(model, "visible-headteacher")->add_measures();
  drop_ins->set_measure("visible-headteacher.drop-in-days");
  drop_ins->set_amber(0.7);
  v1::MeasureSetting* of_cpd = Element(model, "coaching")->add_measures();
  of_cpd->set_measure("coaching.whatever");
  of_cpd->set_muted(true);
  EXPECT_THAT(Wrong(model), IsEmpty());
  CompleteModel(&model);
  EXPECT_EQ(Element(model, "coaching")->owner(), "cpd");
  EXPECT_EQ(Element(model, "coaching")->number(), "2.14");
}

TEST(CheckModel, StrandsAndElementsAreAllThereOnce) {
  v1::ImprovementModel model = DefaultModel();
  model.mutable_strands()->RemoveLast();
  EXPECT_THAT(Wrong(model), ElementsAre("improvement_model.strands"));
  model = DefaultModel();
  model.mutable_strands(2)->mutable_elements()->RemoveLast();
  EXPECT_THAT(Wrong(model), ElementsAre("improvement_model.strands"));
  model = DefaultModel();
  *model.mutable_strands(4) = model.strands(0);
  EXPECT_THAT(Wrong(model), ElementsAre("improvement_model.strands[4].strand", "improvement_model.strands"));
  model = DefaultModel();
  model.mutable_strands(1)->set_strand("sixth");
  EXPECT_THAT(Wrong(model), Contains("improvement_model.strands[1].strand"));
  model = DefaultModel();
  model.mutable_strands(0)->mutable_elements(1)->set_element("vision-values");
  EXPECT_THAT(Wrong(model), ElementsAre("improvement_model.strands[0].elements[1].element", "improvement_model.strands"));
  model = DefaultModel();
  *model.mutable_strands(0)->add_elements() = model.strands(1).elements(0);
  EXPECT_THAT(Wrong(model), ElementsAre("improvement_model.strands[0].elements[6].element"));
  model = DefaultModel();
  model.mutable_strands(0)->mutable_elements(1)->set_element("invention");
  EXPECT_THAT(Wrong(model), Contains("improvement_model.strands[0].elements[1].element"));
  model = DefaultModel();
  model.mutable_strands(0)->mutable_elements(1)->set_owner("cpd");
  model.mutable_strands(0)->clear_title();
  model.mutable_strands(0)->mutable_elements(0)->clear_title();
  EXPECT_THAT(Wrong(model), ElementsAre("improvement_model.strands[0].title", "improvement_model.strands[0].elements[0].title",
                                        "improvement_model.strands[0].elements[1].owner"));
}

TEST(CheckModel, LimitsAreInOrderWithTheDirection) {
  const auto refused = [](const std::string& element, const std::string& measure, auto change) {
    v1::ImprovementModel model = DefaultModel();
    v1::MeasureSetting* setting = Element(model, element)->add_measures();
    setting->set_measure(measure);
    change(*setting);
    return !Wrong(model).empty();
  };
  const std::string drop_ins = "visible-headteacher.drop-in-days", visits = "leaders-in-schools.days-since-visit";
  EXPECT_FALSE(refused("visible-headteacher", drop_ins, [](auto& s) { s.set_red(0.5); }));
  EXPECT_TRUE(refused("visible-headteacher", drop_ins, [](auto& s) { s.set_red(0.9); })) << "above its amber of 0.8";
  EXPECT_TRUE(refused("visible-headteacher", drop_ins, [](auto& s) { s.set_target(0.5); }));
  EXPECT_TRUE(refused("leaders-in-schools", visits, [](auto& s) { s.set_red(10); })) << "lower is better, amber is 14";
  EXPECT_FALSE(refused("leaders-in-schools", visits, [](auto& s) { s.set_red(20); }));
  EXPECT_TRUE(refused("leaders-in-schools", visits, [](auto& s) { s.set_delta(-1); }));
  EXPECT_TRUE(refused("leaders-in-schools", visits, [](auto& s) { s.set_red(std::nan("")); }));
  EXPECT_TRUE(refused("leaders-in-schools", drop_ins, [](auto&) {})) << "of another element";
  EXPECT_TRUE(refused("leaders-in-schools", "leaders-in-schools.unknown", [](auto&) {}));
  // Another service's: only that they are in some order.
  EXPECT_FALSE(refused("coaching", "coaching.x", [](auto& s) { s.set_red(3); }));
  EXPECT_FALSE(refused("coaching", "coaching.x", [](auto& s) { s.set_target(1), s.set_amber(2), s.set_red(3); }));
  EXPECT_TRUE(refused("coaching", "coaching.x", [](auto& s) { s.set_target(1), s.set_amber(3), s.set_red(2); }));
}

TEST(ApplyModel, JudgesReadingsByTheTrustsLimits) {
  v1::ImprovementModel model = DefaultModel();
  v1::MeasureSetting* setting = Element(model, "visible-headteacher")->add_measures();
  setting->set_measure("visible-headteacher.drop-in-days");
  setting->set_amber(0.5);
  setting->set_red(0.2);
  setting->set_delta(0.25);
  evidence::v1::MeasureSummary summary;
  *summary.mutable_measure() = evidence::ToProto(DefinitionOf(MeasureId::kDropInDays));
  const auto reading = [](double value, evidence::v1::Band band) {
    evidence::v1::Reading one;
    one.set_value(value);
    one.set_band(band);
    return one;
  };
  *summary.add_trend() = reading(0.3, evidence::v1::RED);
  *summary.add_trend() = reading(0.3, evidence::v1::BAND_UNSPECIFIED);
  summary.add_trend()->set_no_value_reason(evidence::v1::TOO_FEW);
  *summary.mutable_latest() = reading(0.7, evidence::v1::AMBER);
  ApplyModel(model, absl::CivilDay(2026, 11, 24), &summary);
  EXPECT_EQ(summary.measure().amber(), 0.5);
  EXPECT_EQ(summary.measure().red(), 0.2);
  EXPECT_EQ(summary.measure().target(), 1) << "as it was";
  EXPECT_EQ(summary.measure().delta(), 0.25);
  EXPECT_EQ(summary.latest().band(), evidence::v1::GREEN);
  EXPECT_EQ(summary.trend(0).band(), evidence::v1::AMBER);
  EXPECT_EQ(summary.trend(1).band(), evidence::v1::BAND_UNSPECIFIED);
  EXPECT_EQ(summary.trend(2).band(), evidence::v1::BAND_UNSPECIFIED);
}

}  // namespace
}  // namespace fivestrand::leadership::domain
