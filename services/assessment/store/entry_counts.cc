#include "services/assessment/store/entry_counts.h"

#include <algorithm>

#include "platform/calendar/date_number.h"
#include "platform/calendar/day.h"
#include "platform/status/macros.h"
#include "platform/status/views.h"
#include "services/assessment/domain/result_key.h"

namespace fivestrand::assessment::store {
namespace {

using fivestrand::store::Row;
using fivestrand::store::Session;

// Subjects and scales that a pupil of the year group is assessed in.
std::int64_t AssessedIn(const v1::AssessmentWindow& window, int year) {
  return std::count_if(window.subjects().begin(), window.subjects().end(), [&](const v1::AssessedSubject& subject) {
    const auto& years = subject.year_groups();
    return years.empty() || std::find(years.begin(), years.end(), year) != years.end();
  });
}

}  // namespace

absl::Status ReadEntryCounts(Session& session, const domain::FrameNames& names, const v1::AssessmentWindow& window,
                             std::map<std::string, EntryCount>* counts) {
  const google::type::Date& date = window.end_date();
  const std::int64_t last_day = calendar::DateNumber(date);
  FIVESTRAND_RETURN_IF_ERROR(
      session.Query("SELECT school, year_group, COUNT(*) FROM enrolment WHERE trust = $1 AND delete_time IS NULL AND start_date <= "
                    "$2 AND (end_date IS "
                    "NULL OR end_date >= $3) GROUP BY school, year_group",
                    {names.trust, last_day, last_day}, [&](const Row& row) {
                      (*counts)[std::string(row.Text(0))].expected += row.Int(2) * AssessedIn(window, static_cast<int>(row.Int(1)));
                      return absl::OkStatus();
                    }));
  const auto number = names.window_numbers.find(window.name());
  if (number == names.window_numbers.end()) return absl::OkStatus();
  const domain::KeyRange range = domain::WindowRange(names.trust_number, static_cast<std::int32_t>(number->second));
  const absl::Time close = calendar::StartOf(absl::CivilDay(date.year(), date.month(), date.day()) + 1);
  const auto add = [&](const Row& row) {
    const auto school = static_cast<std::size_t>(row.Int(0));
    if (school < names.schools.size()) (*counts)[names.schools[school].name].on_time += row.Int(1);
    return absl::OkStatus();
  };
  FIVESTRAND_RETURN_IF_ERROR(session.Query(
      "SELECT school_number, COUNT(*) FROM result WHERE key >= $1 AND key <= $2 AND update_time < $3 GROUP BY school_number",
      {range.first, range.last, close}, add));
  // Entered in time, and corrected since.
  FIVESTRAND_RETURN_IF_ERROR(session.Query(
      "SELECT school_number, COUNT(*) FROM result WHERE key >= $1 AND key <= $2 AND update_time >= $3 AND EXISTS (SELECT 1 FROM "
      "result_history WHERE result_history.key = result.key AND result_history.update_time < $4) GROUP BY school_number",
      {range.first, range.last, close, close}, add));
  for (auto& [school, count] : *counts) count.on_time = std::min(count.on_time, count.expected);
  return absl::OkStatus();
}

}  // namespace fivestrand::assessment::store
