#include "services/cpd/domain/event_calendar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "absl/strings/str_split.h"

#include "platform/calendar/timestamp.h"
#include "services/cpd/domain/times.h"

namespace fivestrand::cpd::domain {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::CpdEvent TwoDates() {
  v1::CpdEvent event;
  event.set_name("trusts/acorn/cpdEvents/e1");
  event.set_title("Reading; writing, and more");
  event.set_state(v1::CpdEvent::SCHEDULED);
  event.set_sequence(3);
  for (const char* id : {"1", "2"}) {
    v1::CpdEvent::EventDate& date = *event.add_dates();
    date.set_date_id(id);
    *date.mutable_start_time() =
        calendar::ToTimestamp(absl::FromCivil(absl::CivilMinute(2026, 12, 1, 15, 30), absl::UTCTimeZone()));
    *date.mutable_end_time() = calendar::ToTimestamp(absl::FromCivil(absl::CivilMinute(2026, 12, 1, 17, 0), absl::UTCTimeZone()));
    date.set_place("Elmwood\nHall");
  }
  return event;
}

TEST(EventCalendarTest, OneEntryADate) {
  const std::string text = EventCalendarText(TwoDates());
  EXPECT_TRUE(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
  EXPECT_TRUE(text.ends_with("END:VCALENDAR\r\n"));
  EXPECT_THAT(text, HasSubstr("UID:e1-1@acorn.cpd.fivestrand\r\n"));
  EXPECT_THAT(text, HasSubstr("UID:e1-2@acorn.cpd.fivestrand\r\n"));
  EXPECT_THAT(text, HasSubstr("SEQUENCE:3\r\n"));
  EXPECT_THAT(text, HasSubstr("DTSTART:20261201T153000Z\r\n"));
  EXPECT_THAT(text, HasSubstr("DTEND:20261201T170000Z\r\n"));
  EXPECT_THAT(text, HasSubstr("SUMMARY:Reading\\; writing\\, and more\r\n"));
  EXPECT_THAT(text, HasSubstr("LOCATION:Elmwood\\nHall\r\n"));
  EXPECT_THAT(text, HasSubstr("STATUS:CONFIRMED\r\n"));
}

TEST(EventCalendarTest, ACancelledOneSaysSoUnderTheSameUid) {
  v1::CpdEvent event = TwoDates();
  event.set_state(v1::CpdEvent::CANCELLED);
  const std::string text = EventCalendarText(event);
  EXPECT_THAT(text, HasSubstr("UID:e1-1@acorn.cpd.fivestrand\r\n"));
  EXPECT_THAT(text, HasSubstr("STATUS:CANCELLED\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("CONFIRMED")));
}

TEST(EventCalendarTest, LinesAreFoldedAndUnfoldToTheSame) {
  v1::CpdEvent event = TwoDates();
  std::string title;
  while (title.size() < 200) title += "é¢";
  event.set_title(title);
  const std::string text = EventCalendarText(event);
  std::string unfolded;
  for (absl::string_view line : absl::StrSplit(text, "\r\n")) {
    EXPECT_LE(line.size(), 75u);
    if (!line.empty() && line[0] == ' ') {
      // A cut within a character would leave a byte of its rest in front.
      ASSERT_GT(line.size(), 1u);
      EXPECT_NE(static_cast<unsigned char>(line[1]) & 0xC0, 0x80);
      unfolded.append(std::string(line.substr(1)));
    } else {
      unfolded.append("\n").append(std::string(line));
    }
  }
  EXPECT_THAT(unfolded, HasSubstr("SUMMARY:" + title));
}

TEST(EventCalendarTest, ATitleCannotAddALine) {
  v1::CpdEvent event = TwoDates();
  event.set_title("x\r\nBEGIN:VALARM");
  EXPECT_THAT(EventCalendarText(event), Not(HasSubstr("\nBEGIN:VALARM")));
}

TEST(EventCalendarTest, FileName) {
  v1::CpdEvent event = TwoDates();
  EXPECT_EQ(EventCalendarFileName(event), "reading-writing-and-more.ics");
  event.set_title("??");
  EXPECT_EQ(EventCalendarFileName(event), "event.ics");
}

}  // namespace
}  // namespace fivestrand::cpd::domain
