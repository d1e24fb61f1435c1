#include "platform/evidence/measure.h"

#include <cmath>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fivestrand::evidence {
namespace {

constexpr MeasureDefinition kDropIns{.measure = "visible-headteacher.drop-in-days",
                                     .element = "visible-headteacher",
                                     .element_number = "1.3",
                                     .element_title = "Visible headteacher",
                                     .title = "School days with a lesson drop-in",
                                     .unit = v1::SHARE,
                                     .direction = v1::HIGHER_IS_BETTER,
                                     .target = 0.95,
                                     .amber = 0.9,
                                     .red = 0.7,
                                     .formula = "School days with a drop-in, of all school days",
                                     .period_kind = v1::WEEK,
                                     .delta = 0.1,
                                     .commitment = true,
                                     .lag_periods = 2};

MeasureDefinition DaysSince() {
  MeasureDefinition days = kDropIns;
  days.measure = "visible-headteacher.days-since";
  days.unit = v1::DAYS;
  days.direction = v1::LOWER_IS_BETTER;
  days.target = 7;
  days.amber = 14;
  days.red = 28;
  return days;
}

MeasureDefinition Gap() {
  MeasureDefinition gap = kDropIns;
  gap.measure = "visible-headteacher.gap";
  gap.unit = v1::PERCENTAGE_POINTS;
  gap.direction = v1::ZERO_IS_BETTER;
  gap.target = 0;
  gap.amber = 5;
  gap.red = 10;
  return gap;
}

TEST(Measure, IsListedWithEverything) {
  const v1::Measure measure = ToProto(kDropIns);
  EXPECT_EQ(measure.measure(), kDropIns.measure);
  EXPECT_EQ(measure.element(), "visible-headteacher");
  EXPECT_EQ(measure.element_number(), "1.3");
  EXPECT_EQ(measure.title(), kDropIns.title);
  EXPECT_EQ(measure.unit(), v1::SHARE);
  EXPECT_EQ(measure.target(), 0.95);
  EXPECT_EQ(measure.amber(), 0.9);
  EXPECT_EQ(measure.red(), 0.7);
  EXPECT_EQ(measure.period_kind(), v1::WEEK);
  for (int i = 0; i < v1::Measure::descriptor()->field_count(); ++i) {
    const auto* field = v1::Measure::descriptor()->field(i);
    // What a school has agreed is in answers about it alone.
    if (field->name() == "agreed") continue;
    EXPECT_TRUE(measure.GetReflection()->HasField(measure, field)) << field->name();
  }
}

TEST(Measure, IsFoundByName) {
  const MeasureDefinition table[] = {kDropIns, DaysSince()};
  EXPECT_EQ(FindMeasure(table, "visible-headteacher.days-since"), &table[1]);
  EXPECT_EQ(FindMeasure(table, "days-since"), nullptr);
}

TEST(Band, ALimitKeepsTheBetterBand) {
  const struct {
    MeasureDefinition measure;
    double value;
    v1::Band band;
  } cases[] = {{kDropIns, 1, v1::GREEN},     {kDropIns, 0.9, v1::GREEN},   {kDropIns, 0.8999, v1::AMBER},
               {kDropIns, 0.7, v1::AMBER},   {kDropIns, 0.6999, v1::RED},  {kDropIns, 0, v1::RED},
               {DaysSince(), 0, v1::GREEN},  {DaysSince(), 14, v1::GREEN}, {DaysSince(), 14.5, v1::AMBER},
               {DaysSince(), 28, v1::AMBER}, {DaysSince(), 29, v1::RED},   {kDropIns, std::nan(""), v1::BAND_UNSPECIFIED},
               {Gap(), 0, v1::GREEN},        {Gap(), -5, v1::GREEN},       {Gap(), 5, v1::GREEN},
               {Gap(), -5.1, v1::AMBER},     {Gap(), 10, v1::AMBER},       {Gap(), -10.5, v1::RED},
               {Gap(), 10.5, v1::RED},       {{}, 1, v1::BAND_UNSPECIFIED}};
  for (const auto& c : cases) {
    EXPECT_EQ(BandOf(c.measure, c.value), c.band) << c.value;
    EXPECT_EQ(BandOf(ToProto(c.measure), c.value), c.band) << c.value;
  }
}

TEST(CheckMeasures, RefusesWhatIsIncomplete) {
  EXPECT_TRUE(CheckMeasures({}).ok());
  EXPECT_TRUE(CheckMeasures({kDropIns, DaysSince(), Gap()}).ok());
  EXPECT_THAT(CheckMeasures({kDropIns, DaysSince(), kDropIns}).message(), testing::HasSubstr("declared twice"));
  const auto refused = [](auto change) {
    MeasureDefinition wrong = kDropIns;
    change(wrong);
    const absl::Status status = CheckMeasures(std::vector<MeasureDefinition>{wrong});
    return status.code() == absl::StatusCode::kInvalidArgument;
  };
  EXPECT_TRUE(refused([](auto& m) { m.element = ""; }));
  EXPECT_TRUE(refused([](auto& m) { m.element_title = ""; }));
  EXPECT_TRUE(refused([](auto& m) { m.measure = "drop-in-days"; }));
  EXPECT_TRUE(refused([](auto& m) { m.formula = ""; }));
  EXPECT_TRUE(refused([](auto& m) { m.unit = v1::UNIT_UNSPECIFIED; }));
  EXPECT_TRUE(refused([](auto& m) { m.period_kind = v1::PERIOD_KIND_UNSPECIFIED; }));
  EXPECT_TRUE(refused([](auto& m) { m.amber = 0.6; }));
  EXPECT_TRUE(refused([](auto& m) { m.direction = v1::LOWER_IS_BETTER; }));
  EXPECT_TRUE(refused([](auto& m) { m.target = 95; }));
  EXPECT_TRUE(refused([](auto& m) { m.delta = -1; }));
  EXPECT_TRUE(refused([](auto& m) { m.lag_periods = -1; }));
  EXPECT_TRUE(refused([](auto& m) {
    m = Gap();
    m.red = 3;
  }));
  EXPECT_TRUE(refused([](auto& m) {
    m = Gap();
    m.target = -1;
  }));
}

}  // namespace
}  // namespace fivestrand::evidence
