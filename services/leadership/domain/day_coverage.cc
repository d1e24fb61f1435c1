#include "services/leadership/domain/day_coverage.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/timestamp.h"
#include "services/leadership/domain/day_classes.h"

namespace fivestrand::leadership::domain {
namespace {

using calendar::DayRange;

bool IsDigit(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c));
}

std::string_view TakeNumber(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && IsDigit(text[length])) ++length;
  std::string_view number = text.substr(0, length);
  text.remove_prefix(length);
  while (number.size() > 1 && number.front() == '0') number.remove_prefix(1);
  return number;
}

// Numbers in names compare as numbers.
bool NameBefore(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    if (IsDigit(a.front()) && IsDigit(b.front())) {
      const std::string_view x = TakeNumber(a), y = TakeNumber(b);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
      continue;
    }
    if (a.front() != b.front()) return a.front() < b.front();
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return a.size() < b.size();
}

std::vector<const v1::SchoolClass*> Rows(const CoverageFacts& facts, const ClassReach& reach) {
  std::vector<const v1::SchoolClass*> rows;
  for (const v1::SchoolClass& one : facts.classes) {
    if (reach.Includes(one)) rows.push_back(&one);
  }
  std::sort(rows.begin(), rows.end(), [](const v1::SchoolClass* a, const v1::SchoolClass* b) {
    if (a->academic_year() != b->academic_year()) return a->academic_year() < b->academic_year();
    if (a->year_group() != b->year_group()) return a->year_group() < b->year_group();
    if (a->display_name() != b->display_name()) return NameBefore(a->display_name(), b->display_name());
    return a->name() < b->name();
  });
  if (rows.size() > kMaxCoverageClasses) rows.resize(kMaxCoverageClasses);
  return rows;
}

std::vector<const v1::Subject*> Columns(const CoverageFacts& facts, const absl::flat_hash_set<std::string_view>& shown) {
  std::vector<const v1::Subject*> columns;
  for (const v1::Subject& subject : facts.subjects) {
    if (shown.contains(subject.name())) columns.push_back(&subject);
  }
  std::sort(columns.begin(), columns.end(), [](const v1::Subject* a, const v1::Subject* b) {
    if (a->core() != b->core()) return a->core();
    return std::tie(a->display_name(), a->name()) < std::tie(b->display_name(), b->name());
  });
  return columns;
}

}  // namespace

DayRange DefaultCoverageSpan(const calendar::SchoolCalendar& calendar, absl::CivilDay today) {
  const int year = calendar::AcademicYearOf(today);
  if (calendar.FindYear(year) == nullptr) return calendar::AcademicYearRange(year);
  DayRange span = calendar::AcademicYearRange(year);
  bool found = false;
  // In September before term begins, the last half term of the year before.
  for (int candidate : {year - 1, year}) {
    const calendar::SchoolCalendar::Year* planned = calendar.FindYear(candidate);
    if (planned == nullptr) continue;
    for (const DayRange& half_term : planned->half_terms) {
      if (half_term.start > today) break;
      span = half_term;
      found = true;
    }
  }
  return found ? span : calendar.FindYear(year)->half_terms.front();
}

v1::Coverage CoverageOf(const CoverageFacts& facts, const ClassReach& reach) {
  // By class and subject.
  std::map<std::pair<std::string_view, std::string_view>, Seen> cells;
  absl::flat_hash_map<std::string_view, Seen> of_class;
  const auto name = [&](std::int32_t number) -> std::string_view {
    return facts.names[static_cast<std::size_t>(number)];
  };

  const std::vector<const v1::SchoolClass*> rows = Rows(facts, reach);
  absl::flat_hash_set<std::string_view> listed;
  for (const v1::SchoolClass* row : rows) {
    listed.insert(row->name());
    for (const std::string& subject : row->subjects()) cells.try_emplace({row->name(), subject});
  }
  for (const Look& drop_in : facts.drop_ins) {
    const std::string_view school_class = name(drop_in.school_class), subject = name(drop_in.subject);
    if (!facts.span.Contains(drop_in.day) || !listed.contains(school_class) || !reach.Includes(drop_in, facts.names)) continue;
    of_class[school_class].Add(drop_in.time);
    if (!subject.empty()) cells[{school_class, subject}].Add(drop_in.time);
  }

  v1::Coverage coverage;
  *coverage.mutable_start_date() = calendar::ToProto(facts.span.start);
  *coverage.mutable_end_date() = calendar::ToProto(facts.span.end);
  for (const v1::SchoolClass* row : rows) {
    const auto found = of_class.find(row->name());
    *coverage.add_classes() = ToClassLastSeen(*row, found == of_class.end() ? nullptr : &found->second);
  }
  absl::flat_hash_set<std::string_view> shown;
  for (const auto& [key, seen] : cells) {
    shown.insert(key.second);
    if (coverage.cells_size() == kMaxCoverageCells) break;
    v1::Coverage::Cell& cell = *coverage.add_cells();
    cell.set_school_class(std::string(key.first));
    cell.set_subject(std::string(key.second));
    cell.set_drop_in_count(seen.count);
    if (seen.count > 0) *cell.mutable_last_seen_time() = calendar::ToTimestamp(seen.last);
  }
  for (const v1::Subject* subject : Columns(facts, shown)) *coverage.add_subjects() = *subject;
  return coverage;
}

}  // namespace fivestrand::leadership::domain
