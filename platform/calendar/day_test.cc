#include "platform/calendar/day.h"

#include <random>
#include <string>

#include "gtest/gtest.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/timestamp.h"

namespace fivestrand::calendar {
namespace {

using absl::CivilDay;

TEST(ParseDay, ReadsExactlyIsoDays) {
  EXPECT_EQ(ParseDay("2026-09-01"), CivilDay(2026, 9, 1));
  EXPECT_EQ(ParseDay("2028-02-29"), CivilDay(2028, 2, 29));
  EXPECT_EQ(ParseDay("0001-01-01"), CivilDay(1, 1, 1));
  EXPECT_EQ(ParseDay("9999-12-31"), CivilDay(9999, 12, 31));
  for (const char* text :
       {"", "2026-9-1", "2026-09-1", "26-09-01", "2026/09/01", "2027-02-29", "2026-04-31", "2026-00-10", "2026-13-01", "2026-01-00",
        "0000-01-01", "2026-09-01 ", " 2026-09-01", "+026-09-01", "2026-09-01T00:00", "20260901--"}) {
    EXPECT_EQ(ParseDay(text), std::nullopt) << text;
  }
}

TEST(ParseDay, TakesAnyBytes) {
  std::mt19937 random(7);
  const std::string alphabet = std::string("0123456789-\0\xff/ T", 17);
  for (int i = 0; i < 200'000; ++i) {
    std::string text(random() % 14, '0');
    for (char& c : text) c = alphabet[random() % alphabet.size()];
    const auto day = ParseDay(text);
    if (day.has_value()) {
      EXPECT_EQ(FormatDay(*day), text);
    }
  }
}

TEST(FormatDay, IsReadBack) {
  for (CivilDay day(1999, 12, 25); day < CivilDay(2030, 1, 1); ++day) EXPECT_EQ(ParseDay(FormatDay(day)), day);
}

TEST(London, ChangesAtOneOClockOnTheLastSundays) {
  const auto utc = [](int year, int month, int day, int hour, int minute) {
    return absl::FromCivil(absl::CivilMinute(year, month, day, hour, minute), absl::UTCTimeZone());
  };
  EXPECT_EQ(DayOf(utc(2026, 1, 10, 23, 59)), CivilDay(2026, 1, 10));
  EXPECT_EQ(DayOf(utc(2026, 6, 10, 22, 59)), CivilDay(2026, 6, 10));
  EXPECT_EQ(DayOf(utc(2026, 6, 10, 23, 0)), CivilDay(2026, 6, 11));
  // 29 March 2026 and 25 October 2026.
  EXPECT_EQ(StartOf(CivilDay(2026, 3, 29)), utc(2026, 3, 29, 0, 0));
  EXPECT_EQ(StartOf(CivilDay(2026, 3, 30)), utc(2026, 3, 29, 23, 0));
  EXPECT_EQ(StartOf(CivilDay(2026, 10, 25)), utc(2026, 10, 24, 23, 0));
  EXPECT_EQ(StartOf(CivilDay(2026, 10, 26)), utc(2026, 10, 26, 0, 0));
  EXPECT_EQ(DayOf(absl::InfinitePast()), CivilDay(1, 1, 1));
  EXPECT_EQ(DayOf(absl::InfiniteFuture()), CivilDay(9999, 12, 31));
}

TEST(London, AgreesWithTheTimeZoneDatabase) {
  absl::TimeZone london;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/London", &london)) << "install tzdata";
  absl::Time time = absl::FromCivil(CivilDay(1997, 1, 1), absl::UTCTimeZone());
  for (; time < absl::FromCivil(CivilDay(2037, 1, 1), absl::UTCTimeZone()); time += absl::Minutes(30)) {
    ASSERT_EQ(DayOf(time), absl::ToCivilDay(time, london)) << absl::FormatTime(time);
  }
  for (CivilDay day(1997, 1, 1); day < CivilDay(2037, 1, 1); ++day) ASSERT_EQ(StartOf(day), absl::FromCivil(day, london)) << day;
}

TEST(Day, WeeksAndYears) {
  EXPECT_EQ(MondayOf(CivilDay(2026, 9, 6)), CivilDay(2026, 8, 31));
  EXPECT_EQ(MondayOf(CivilDay(2026, 8, 31)), CivilDay(2026, 8, 31));
  EXPECT_TRUE(IsWeekend(CivilDay(2026, 9, 5)));
  EXPECT_FALSE(IsWeekend(CivilDay(2026, 9, 4)));
  EXPECT_EQ(YearAfter(CivilDay(2028, 2, 29)), CivilDay(2029, 2, 28));
  EXPECT_EQ(YearAfter(CivilDay(2027, 2, 28)), CivilDay(2028, 2, 28));
}

TEST(AcademicYear, RunsFromSeptemberToAugust) {
  EXPECT_EQ(AcademicYearOf(CivilDay(2026, 8, 31)), 2025);
  EXPECT_EQ(AcademicYearOf(CivilDay(2026, 9, 1)), 2026);
  EXPECT_EQ(AcademicYearOf(CivilDay(2027, 2, 28)), 2026);
  EXPECT_EQ(AcademicYearRange(2026), (DayRange{CivilDay(2026, 9, 1), CivilDay(2027, 8, 31)}));
  EXPECT_EQ(AcademicYearId(2026), "2026-27");
  EXPECT_EQ(AcademicYearId(1999), "1999-00");
  EXPECT_EQ(AcademicYearLabel(2026), "2026/27");
  for (int year = 1990; year <= 2100; ++year) EXPECT_EQ(ParseAcademicYearId(AcademicYearId(year)), year);
  for (const char* id : {"", "2026", "2026-28", "2026/27", "2026-2027", "1989-90", "2101-02", "abcd-27", "2026-2x"}) {
    EXPECT_EQ(ParseAcademicYearId(id), std::nullopt) << id;
  }
}

TEST(Proto, TurnsWholeDatesOnly) {
  EXPECT_EQ(FromProto(ToProto(CivilDay(2028, 2, 29))), CivilDay(2028, 2, 29));
  const auto date = [](int year, int month, int day) {
    google::type::Date proto;
    proto.set_year(year);
    proto.set_month(month);
    proto.set_day(day);
    return proto;
  };
  EXPECT_EQ(FromProto(google::type::Date()), std::nullopt);
  EXPECT_EQ(FromProto(date(2026, 9, 0)), std::nullopt);
  EXPECT_EQ(FromProto(date(0, 9, 1)), std::nullopt);
  EXPECT_EQ(FromProto(date(2026, 0, 0)), std::nullopt);
  EXPECT_EQ(FromProto(date(2027, 2, 29)), std::nullopt);
  EXPECT_EQ(FromProto(date(2026, 2147483647, 2147483647)), std::nullopt);
  EXPECT_EQ(FromProto(date(-1, 1, 1)), std::nullopt);
}

TEST(TimestampTest, KeepsMicrosecondsBeforeAndAfter1970) {
  const google::protobuf::Timestamp after = ToTimestamp(absl::FromUnixNanos(1'500'001'999));
  EXPECT_EQ(after.seconds(), 1);
  EXPECT_EQ(after.nanos(), 500'001'000);
  const google::protobuf::Timestamp before = ToTimestamp(absl::FromUnixMicros(-1));
  EXPECT_EQ(before.seconds(), -1);
  EXPECT_EQ(before.nanos(), 999'999'000);
  EXPECT_EQ(ToTime(before), absl::FromUnixMicros(-1));
}

}  // namespace
}  // namespace fivestrand::calendar
