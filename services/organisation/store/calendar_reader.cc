#include "services/organisation/store/calendar_reader.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/leadership/v1/calendar.pb.h"

#include "platform/names/names.h"
#include "platform/resource/declaration.h"
#include "platform/status/macros.h"
#include "platform/status/views.h"
#include "services/organisation/domain/calendar_input.h"
#include "services/organisation/store/records.h"

namespace fivestrand::organisation {
namespace {

using store::Row;
using store::Session;

constexpr std::string_view kStamp =
    "SELECT 1, COUNT(*), CAST(COALESCE(SUM(revision), 0) AS BIGINT), COALESCE(MAX(update_time), 0) FROM academic_year "
    "WHERE trust = $1 AND parent = $2 UNION ALL "
    "SELECT 2, COUNT(*), CAST(COALESCE(SUM(revision), 0) AS BIGINT), COALESCE(MAX(update_time), 0) FROM bank_holiday WHERE trust = "
    "$1";
constexpr std::string_view kStampsOfTrust =
    "SELECT parent, COUNT(*), CAST(COALESCE(SUM(revision), 0) AS BIGINT), COALESCE(MAX(update_time), 0) FROM academic_year "
    "WHERE trust = $1 GROUP BY parent UNION ALL "
    "SELECT '', COUNT(*), CAST(COALESCE(SUM(revision), 0) AS BIGINT), COALESCE(MAX(update_time), 0) FROM bank_holiday WHERE trust "
    "= $1";
// The newest of what a calendar and a list of bank holidays can hold.
constexpr std::string_view kYears =
    "SELECT record FROM academic_year WHERE trust = $1 AND parent = $2 AND delete_time IS NULL ORDER BY path DESC LIMIT 60";
constexpr std::string_view kBankHolidays =
    "SELECT record FROM bank_holiday WHERE trust = $1 AND delete_time IS NULL ORDER BY date DESC LIMIT 2000";
static_assert(calendar::SchoolCalendar::kMaxYears == 60 && calendar::BankHolidays::kMaxEntries == 2000);

}  // namespace

absl::StatusOr<CalendarReader::Calendar> CalendarReader::Read(Session& session, std::string_view school) {
  const std::string_view trust = names::TrustOf(school), path = resource::PathOf(school);
  Stamp stamp;
  FIVESTRAND_RETURN_IF_ERROR(session.Query(kStamp, {trust, path}, [&](const Row& row) {
    (row.Int(0) == 1 ? stamp.years : stamp.bank_holidays) = {row.Int(1), row.Int(2), row.Int(3)};
    return absl::OkStatus();
  }));
  BankHolidays bank_holidays;
  return Take(session, trust, path, stamp, bank_holidays);
}

absl::StatusOr<absl::flat_hash_map<std::string, CalendarReader::Calendar>> CalendarReader::ReadAll(Session& session,
                                                                                                   std::string_view trust) {
  std::vector<std::pair<std::string, TableStamp>> schools;
  TableStamp of_bank_holidays;
  FIVESTRAND_RETURN_IF_ERROR(session.Query(kStampsOfTrust, {trust}, [&](const Row& row) {
    const TableStamp stamp{row.Int(1), row.Int(2), row.Int(3)};
    if (row.Text(0).empty()) {
      of_bank_holidays = stamp;
    } else {
      schools.emplace_back(row.Text(0), stamp);
    }
    return absl::OkStatus();
  }));
  absl::flat_hash_map<std::string, Calendar> calendars;
  BankHolidays bank_holidays;
  for (const auto& [path, years] : schools) {
    FIVESTRAND_ASSIGN_OR_RETURN(calendars[path], Take(session, trust, path, {years, of_bank_holidays}, bank_holidays));
  }
  return calendars;
}

absl::StatusOr<CalendarReader::Calendar> CalendarReader::Take(Session& session, std::string_view trust, std::string_view path,
                                                              const Stamp& stamp, BankHolidays& bank_holidays) {
  const std::string key = absl::StrCat(AbslView(trust), "/", AbslView(path));
  if (Calendar found = Find(key, stamp)) return found;

  if (!bank_holidays) {
    std::vector<v1::BankHoliday> records;
    FIVESTRAND_RETURN_IF_ERROR(ReadRecords(session, kBankHolidays, {trust}, &records));
    bank_holidays = ToBankHolidays(records);
  }
  std::vector<v1::AcademicYear> years;
  FIVESTRAND_RETURN_IF_ERROR(ReadRecords(session, kYears, {trust, path}, &years));
  FIVESTRAND_ASSIGN_OR_RETURN(calendar::SchoolCalendar built, BuildCalendar(years, *bank_holidays));
  auto calendar = std::make_shared<const calendar::SchoolCalendar>(std::move(built));
  Keep(key, stamp, calendar);
  return Calendar(calendar);
}

CalendarReader::Calendar CalendarReader::Find(const std::string& key, const Stamp& stamp) {
  absl::MutexLock lock(&mutex_);
  const auto found = kept_.find(key);
  if (found == kept_.end() || !(found->second.stamp == stamp)) return nullptr;
  found->second.used = ++clock_;
  return found->second.calendar;
}

void CalendarReader::Keep(const std::string& key, const Stamp& stamp, const Calendar& calendar) {
  absl::MutexLock lock(&mutex_);
  ++built_;
  if (capacity_ == 0) return;
  if (kept_.size() >= capacity_ && !kept_.contains(key)) {
    kept_.erase(
        std::min_element(kept_.begin(), kept_.end(), [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
  }
  kept_[key] = {stamp, calendar, ++clock_};
}

std::int64_t CalendarReader::built() const {
  absl::MutexLock lock(&mutex_);
  return built_;
}

}  // namespace fivestrand::organisation
