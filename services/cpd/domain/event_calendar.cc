#include "services/cpd/domain/event_calendar.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "platform/calendar/timestamp.h"
#include "platform/names/names.h"
#include "platform/status/views.h"
#include "services/cpd/domain/times.h"

namespace fivestrand::cpd::domain {
namespace {

constexpr std::size_t kLineOctets = 75;
constexpr std::size_t kMaxFileName = 60;

// TEXT of RFC 5545, 3.3.11. Control characters have no place in one.
std::string Escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == ';' || c == ',') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (!absl::ascii_iscntrl(static_cast<unsigned char>(c))) {
      out += c;
    }
  }
  return out;
}

void AddLine(std::string* out, std::string_view line) {
  std::size_t room = kLineOctets;
  while (line.size() > room) {
    std::size_t cut = room;
    while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xC0) == 0x80) --cut;
    if (cut == 0) cut = room;  // Not UTF-8; then anywhere.
    absl::StrAppend(out, AbslView(line.substr(0, cut)), "\r\n ");
    line.remove_prefix(cut);
    room = kLineOctets - 1;  // The space that leads a continuation counts.
  }
  absl::StrAppend(out, AbslView(line), "\r\n");
}

std::string Utc(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%Y%m%dT%H%M%SZ", calendar::ToTime(time), absl::UTCTimeZone());
}

}  // namespace

std::string EventCalendarText(const v1::CpdEvent& event) {
  std::string out;
  AddLine(&out, "BEGIN:VCALENDAR");
  AddLine(&out, "VERSION:2.0");
  AddLine(&out, "PRODID:-//Fivestrand//Professional development//EN");
  AddLine(&out, "CALSCALE:GREGORIAN");
  AddLine(&out, "METHOD:PUBLISH");
  for (const v1::CpdEvent::EventDate& date : event.dates()) {
    AddLine(&out, "BEGIN:VEVENT");
    AddLine(&out, absl::StrCat("UID:", AbslView(names::IdOf(event.name())), "-", date.date_id(), "@",
                               AbslView(names::TrustOf(event.name())), ".cpd.fivestrand"));
    AddLine(&out, absl::StrCat("SEQUENCE:", event.sequence()));
    AddLine(&out, absl::StrCat("DTSTAMP:", Utc(event.update_time())));
    AddLine(&out, absl::StrCat("DTSTART:", Utc(date.start_time())));
    AddLine(&out, absl::StrCat("DTEND:", Utc(date.end_time())));
    AddLine(&out, absl::StrCat("SUMMARY:", Escape(event.title())));
    if (!date.place().empty()) AddLine(&out, absl::StrCat("LOCATION:", Escape(date.place())));
    AddLine(&out, event.state() == v1::CpdEvent::CANCELLED ? "STATUS:CANCELLED" : "STATUS:CONFIRMED");
    AddLine(&out, "END:VEVENT");
  }
  AddLine(&out, "END:VCALENDAR");
  return out;
}

std::string EventCalendarFileName(const v1::CpdEvent& event) {
  std::string name;
  for (const char c : event.title()) {
    if (name.size() == kMaxFileName) break;
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) {
      name += absl::ascii_tolower(static_cast<unsigned char>(c));
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  return absl::StrCat(name.empty() ? "event" : name, ".ics");
}

}  // namespace fivestrand::cpd::domain
