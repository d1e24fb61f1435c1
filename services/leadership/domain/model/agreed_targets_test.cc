#include "services/leadership/domain/model/agreed_targets.h"

#include <cmath>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/test_calendars.h"
#include "services/leadership/domain/measures.h"
#include "services/leadership/domain/model/default_model.h"
#include "services/leadership/domain/model/model_rules.h"

namespace fivestrand::leadership::domain {
namespace {

using calendar::D;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kNorthgate[] = "trusts/acorn/schools/northgate";
constexpr char kElmwood[] = "trusts/acorn/schools/elmwood";
// Higher is better: target 1, amber 0.8, red 0.6.
constexpr char kDropIns[] = "visible-headteacher.drop-in-days";

v1::AgreedTarget Agreed(double target, const char* start = "2026-11-02", const char* end = "2026-12-18") {
  v1::AgreedTarget agreed;
  agreed.set_school(kNorthgate);
  agreed.set_measure(kDropIns);
  agreed.set_target(target);
  agreed.set_reason("The head teaches until a teacher is found");
  *agreed.mutable_start_date() = calendar::ToProto(D(start));
  *agreed.mutable_end_date() = calendar::ToProto(D(end));
  return agreed;
}

v1::ImprovementModel ModelWith(const std::vector<v1::AgreedTarget>& targets) {
  v1::ImprovementModel model = DefaultModel();
  for (const v1::AgreedTarget& agreed : targets) *model.add_agreed_targets() = agreed;
  return model;
}

std::vector<std::string> Wrong(const std::vector<v1::AgreedTarget>& targets) {
  std::vector<std::string> fields;
  const status::FieldViolations wrong = CheckModel(ModelWith(targets), Measures(), "m");
  for (const auto& violation : wrong.violations()) fields.push_back(violation.field);
  return fields;
}

template <typename Change>
std::vector<std::string> WrongWhen(Change change) {
  v1::AgreedTarget agreed = Agreed(0.7);
  change(agreed);
  return Wrong({agreed});
}

TEST(AgreedTargets, SayWhoWhatWhyAndUntilWhen) {
  EXPECT_THAT(Wrong({Agreed(0.7)}), IsEmpty());
  EXPECT_THAT(Wrong({v1::AgreedTarget()}),
              ElementsAre("m.agreed_targets[0].school", "m.agreed_targets[0].reason", "m.agreed_targets[0].measure",
                          "m.agreed_targets[0].start_date", "m.agreed_targets[0].end_date"));
  EXPECT_THAT(WrongWhen([](auto& a) { a.set_reason("  \n"); }), ElementsAre("m.agreed_targets[0].reason"));
  EXPECT_THAT(WrongWhen([](auto& a) { a.clear_target(); }), ElementsAre("m.agreed_targets[0].target"));
  EXPECT_THAT(WrongWhen([](auto& a) { a.mutable_end_date()->set_day(31), a.mutable_end_date()->set_month(11); }),
              ElementsAre("m.agreed_targets[0].end_date"))
      << "there is no such day";
  EXPECT_THAT(WrongWhen([](auto& a) { *a.mutable_end_date() = calendar::ToProto(D("2026-11-01")); }),
              ElementsAre("m.agreed_targets[0].end_date"));
  EXPECT_THAT(WrongWhen([](auto& a) { a.set_target(0); }), IsEmpty()) << "nothing is a target too";
}

TEST(AgreedTargets, AreOfAMeasureThatAnElementHas) {
  for (const char* measure : {"visible-headteacher", "invention.x", "visible-headteacher.invention"}) {
    EXPECT_THAT(WrongWhen([&](auto& a) { a.set_measure(measure); }), ElementsAre("m.agreed_targets[0].measure")) << measure;
  }
  EXPECT_THAT(WrongWhen([](auto& a) { a.set_measure("coaching.active-cycles"); }), IsEmpty()) << "another service's";
}

TEST(AgreedTargets, HaveTheirLimitsInOrder) {
  EXPECT_THAT(WrongWhen([](auto& a) { a.set_amber(0.75); }), ElementsAre("m.agreed_targets[0]")) << "above the target";
  EXPECT_THAT(WrongWhen([](auto& a) { a.set_red(0.55); }), ElementsAre("m.agreed_targets[0]")) << "amber has moved to 0.5";
  EXPECT_THAT(WrongWhen([](auto& a) { a.set_amber(0.6), a.set_red(0.55); }), IsEmpty());
  EXPECT_THAT(WrongWhen([](auto& a) { a.set_amber(std::nan("")); }), ElementsAre("m.agreed_targets[0].amber"));
  const auto foreign = [](double amber, double red) {
    return WrongWhen([&](auto& a) { a.set_measure("coaching.x"), a.set_amber(amber), a.set_red(red); });
  };
  EXPECT_THAT(foreign(0.6, 0.5), IsEmpty());
  EXPECT_THAT(foreign(0.8, 0.9), IsEmpty()) << "lower may be better";
  EXPECT_THAT(foreign(0.6, 0.8), ElementsAre("m.agreed_targets[0]"));
}

TEST(AgreedTargets, OfOneSchoolAndMeasureDoNotOverlap) {
  EXPECT_THAT(Wrong({Agreed(0.7), Agreed(0.6, "2026-12-19", "2027-02-12"), Agreed(0.6, "2026-10-01", "2026-11-01")}), IsEmpty());
  EXPECT_THAT(Wrong({Agreed(0.7), Agreed(0.6, "2026-12-18", "2027-02-12")}), ElementsAre("m.agreed_targets[1].start_date"));
  EXPECT_THAT(Wrong({Agreed(0.7), Agreed(0.6, "2026-11-10", "2026-11-12")}), ElementsAre("m.agreed_targets[1].start_date"));
  v1::AgreedTarget elsewhere = Agreed(0.7), other = Agreed(0.7);
  elsewhere.set_school(kElmwood);
  other.set_measure("visible-headteacher.gate-days");
  EXPECT_THAT(Wrong({Agreed(0.7), elsewhere, other}), IsEmpty());
}

TEST(MeasureOn, IsTheSchoolsFromTheFirstToTheLastDay) {
  const v1::ImprovementModel model = ModelWith({Agreed(0.7)});
  const evidence::v1::Measure measure = evidence::ToProto(DefinitionOf(MeasureId::kDropInDays));
  const auto target = [&](const char* school, const char* day) {
    return MeasureOn(model, measure, school, D(day)).target();
  };
  EXPECT_EQ(target(kNorthgate, "2026-11-01"), 1);
  EXPECT_EQ(target(kNorthgate, "2026-11-02"), 0.7);
  EXPECT_EQ(target(kNorthgate, "2026-12-18"), 0.7);
  EXPECT_EQ(target(kNorthgate, "2026-12-19"), 1);
  EXPECT_EQ(target(kElmwood, "2026-11-02"), 1);
  EXPECT_EQ(target("trusts/acorn", "2026-11-02"), 1);
  const evidence::v1::Measure held = MeasureOn(model, measure, kNorthgate, D("2026-11-20"));
  EXPECT_EQ(held.agreed().reason(), "The head teaches until a teacher is found");
  EXPECT_EQ(held.agreed().trust_target(), 1);
  EXPECT_EQ(held.agreed().end_date().day(), 18);
  EXPECT_FALSE(MeasureOn(model, measure, kElmwood, D("2026-11-20")).has_agreed());
}

TEST(MeasureOn, LimitsThatAreLeftOpenMoveWithTheTarget) {
  v1::ImprovementModel model = ModelWith({Agreed(0.7)});
  const evidence::v1::Measure measure = evidence::ToProto(DefinitionOf(MeasureId::kDropInDays));
  evidence::v1::Measure held = MeasureOn(model, measure, kNorthgate, D("2026-11-20"));
  EXPECT_NEAR(held.amber(), measure.amber() - 0.3, 1e-9);
  EXPECT_NEAR(held.red(), measure.red() - 0.3, 1e-9);
  model.mutable_agreed_targets(0)->set_red(0.1);
  held = MeasureOn(model, measure, kNorthgate, D("2026-11-20"));
  EXPECT_NEAR(held.amber(), measure.amber() - 0.3, 1e-9);
  EXPECT_EQ(held.red(), 0.1);
  // From the trust's own target, not the default.
  for (v1::Strand& strand : *model.mutable_strands()) {
    for (v1::ModelElement& element : *strand.mutable_elements()) {
      if (element.element() != "visible-headteacher") continue;
      v1::MeasureSetting& setting = *element.add_measures();
      setting.set_measure(kDropIns);
      setting.set_target(0.9);
      setting.set_delta(0.3);
    }
  }
  held = MeasureOn(model, measure, kNorthgate, D("2026-11-20"));
  EXPECT_NEAR(held.amber(), measure.amber() - 0.2, 1e-9);
  EXPECT_EQ(held.delta(), 0.3) << "stays the trust's";
  EXPECT_EQ(held.agreed().trust_target(), 0.9);
}

TEST(ApplyModel, EachReadingIsJudgedByItsLastDay) {
  const v1::ImprovementModel model = ModelWith({Agreed(0.5)});
  evidence::v1::MeasureSummary summary;
  *summary.mutable_measure() = evidence::ToProto(DefinitionOf(MeasureId::kDropInDays));
  const auto week = [](const char* end, bool final) {
    evidence::v1::Reading reading;
    reading.set_scope(kNorthgate);
    *reading.mutable_period()->mutable_end_date() = calendar::ToProto(D(end));
    reading.set_value(0.5);
    reading.set_band(evidence::v1::RED);
    reading.set_final(final);
    return reading;
  };
  *summary.add_trend() = week("2026-11-01", true);
  *summary.add_trend() = week("2026-11-08", true);
  // A year that closes after the agreement is judged by it as long as it is open.
  *summary.add_trend() = *summary.mutable_latest() = week("2027-08-31", false);
  ApplyModel(model, D("2026-11-24"), &summary);
  EXPECT_EQ(summary.trend(0).band(), evidence::v1::RED);
  EXPECT_EQ(summary.trend(1).band(), evidence::v1::GREEN);
  EXPECT_EQ(summary.latest().band(), evidence::v1::GREEN);
  EXPECT_EQ(summary.measure().target(), 0.5);
}

TEST(RemoveAgreed, LeavesThoseOfTheSchoolsThatAreKept) {
  v1::AgreedTarget elsewhere = Agreed(0.7);
  elsewhere.set_school(kElmwood);
  v1::ImprovementModel model = ModelWith({Agreed(0.7), elsewhere, Agreed(0.6, "2027-01-01", "2027-02-01")});
  RemoveAgreed(&model, [](std::string_view school) { return school == kNorthgate; });
  ASSERT_EQ(model.agreed_targets_size(), 2);
  EXPECT_EQ(model.agreed_targets(1).target(), 0.6);
}

}  // namespace
}  // namespace fivestrand::leadership::domain
