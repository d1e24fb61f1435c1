// Cells of files as values: what information systems export and what spreadsheets make of it. Pure; any bytes are taken.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_IMPORT_TEXT_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_IMPORT_TEXT_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"
#include "fivestrand/assessment/v1/pupils.pb.h"
#include "fivestrand/type/v1/school.pb.h"

namespace fivestrand::assessment::domain {

// Without space around and without the apostrophe by which spreadsheets keep a text a text.
std::string_view TrimCell(std::string_view cell);

// For comparing names: letters and digits only, small, without leading zeros (`007` is `7`, as a spreadsheet would have it;
// `10B/Ma2` is `10bma2`).
std::string NormalText(std::string_view text);

// `2026-09-01`, `01/09/2026`, `1.9.2026`, `1-Sep-2026`, `1 September 2026`, a time of day behind it, or the day number that
// spreadsheets export (46266). Years have four digits. `day_first` decides `01/09/2026`.
std::optional<absl::CivilDay> ParseDate(std::string_view text, bool day_first);

// `5`, `05`, `Y5`, `Year 5`, `Yr 5`, `R`, `Reception`, `N1`, `Nursery 2`. YEAR_GROUP_UNSPECIFIED for anything else.
type::v1::YearGroup ParseYearGroup(std::string_view text);

std::optional<v1::Pupil::Sex> ParseSex(std::string_view text);
std::optional<v1::Pupil::PriorAttainment> ParsePriorAttainment(std::string_view text);
// Yes, y, true, t, 1, x; no, n, false, f, 0.
std::optional<bool> ParseYesNo(std::string_view text);

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_IMPORT_TEXT_H_
