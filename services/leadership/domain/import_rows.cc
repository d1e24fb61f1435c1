#include "services/leadership/domain/import_rows.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::leadership::domain {
namespace {

std::string Normal(std::string_view name) {
  std::string out;
  for (char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80)
      out.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    if (c == '(') out.push_back('(');
  }
  return out;
}

bool AllDigits(std::string_view text, size_t length) {
  return text.size() == length && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

size_t Characters(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// dd-mm-yyyy, dd/mm/yyyy or yyyy-mm-dd.
std::optional<absl::CivilDay> ReadDate(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  if (text[4] == '-') return calendar::ParseDay(text);
  if ((text[2] != '-' && text[2] != '/') || text[5] != text[2]) return std::nullopt;
  return calendar::ParseDay(
      absl::StrCat(AbslView(text.substr(6, 4)), "-", AbslView(text.substr(3, 2)), "-", AbslView(text.substr(0, 2))));
}

// `ZZ99 1ZZ`, also written without the space or in small letters; nothing when it is no postcode.
std::optional<std::string> ReadPostcode(std::string_view text) {
  std::string code;
  for (char c : text) {
    if (c != ' ') code.push_back(absl::ascii_toupper(static_cast<unsigned char>(c)));
  }
  if (code.size() < 5 || code.size() > 7) return std::nullopt;
  code = absl::StrCat(code.substr(0, code.size() - 3), " ", code.substr(code.size() - 3));
  const auto letter = [&](size_t i) {
    return code[i] >= 'A' && code[i] <= 'Z';
  };
  const auto digit = [&](size_t i) {
    return code[i] >= '0' && code[i] <= '9';
  };
  const size_t space = code.size() - 4, number = letter(1) ? 2 : 1;
  if (!letter(0) || !digit(number) || space < number + 1 || space > number + 2) return std::nullopt;
  if (space == number + 2 && !letter(number + 1) && !digit(number + 1)) return std::nullopt;
  if (!digit(space + 1) || !letter(space + 2) || !letter(space + 3)) return std::nullopt;
  return code;
}

// As the contract has it: something, one @, and a domain with a dot inside; no space.
bool IsAddress(std::string_view text) {
  const size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos || text.find('@', at + 1) != std::string_view::npos) return false;
  if (std::any_of(text.begin(), text.end(), [](char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); }))
    return false;
  const size_t dot = text.substr(0, text.size() - 1).rfind('.');
  return dot != std::string_view::npos && dot > at + 1;
}

// One row's cells with their error handling.
class Reader {
 public:
  Reader(const ImportColumns& columns, const v1::ImportRow& row, ImportErrors* errors)
      : columns_(columns), row_(row), errors_(errors) {}

  std::string_view Text(std::string_view column, bool required, size_t max_length) {
    const std::string_view cell = columns_.Cell(row_, column);
    if (cell.empty() && required) Wrong(column, "is empty");
    if (Characters(cell) > max_length) Wrong(column, absl::StrCat("is longer than ", max_length, " characters"));
    return cell;
  }

  std::string Digits(std::string_view column, size_t length, bool required) {
    const std::string_view cell = columns_.Cell(row_, column);
    if (cell.empty() && !required) return {};
    if (!AllDigits(cell, length)) Wrong(column, absl::StrCat("must be ", length, " digits"));
    return std::string(cell);
  }

  std::optional<int> Number(std::string_view column, int max) {
    const std::string_view cell = columns_.Cell(row_, column);
    if (cell.empty()) return std::nullopt;
    int number = 0;
    if (!absl::SimpleAtoi(AbslView(cell), &number) || number < 0 || number > max) {
      Wrong(column, absl::StrCat("must be a whole number from 0 to ", max));
      return std::nullopt;
    }
    return number;
  }

  std::optional<google::type::Date> Date(std::string_view column, std::string_view form) {
    const std::string_view cell = columns_.Cell(row_, column);
    if (cell.empty()) return std::nullopt;
    std::optional<absl::CivilDay> day = ReadDate(cell);
    if (!day) {
      Wrong(column, absl::StrCat("must be a date written as ", AbslView(form)));
      return std::nullopt;
    }
    return calendar::ToProto(*day);
  }

  void Wrong(std::string_view column, std::string_view reason) { errors_->Add(row_.line(), column, reason); }

 private:
  const ImportColumns& columns_;
  const v1::ImportRow& row_;
  ImportErrors* errors_;
};

// A value of an enum by its name as people write it: `senior leader` for SENIOR_LEADER, `headteacher` for ROLE_HEADTEACHER.
template <typename Parse, typename Value>
bool ReadEnum(std::string_view cell, std::string_view prefix, Parse parse, Value* value) {
  std::string name(prefix);
  for (char c : cell) name.push_back(c == ' ' || c == '-' ? '_' : absl::ascii_toupper(static_cast<unsigned char>(c)));
  return parse(name, value) && static_cast<int>(*value) != 0;
}

}  // namespace

void ImportErrors::Add(int line, std::string_view column, std::string_view reason) {
  ++count_;
  if (count_ > kMaxReported) return;
  v1::RowError error;
  error.set_line(line);
  error.set_column(std::string(column));
  error.set_reason(std::string(reason));
  errors_.push_back(std::move(error));
}

void ImportErrors::MoveTo(v1::ImportResponse* response) {
  response->set_error_count(count_);
  for (v1::RowError& error : errors_) *response->add_errors() = std::move(error);
  errors_.clear();
}

absl::StatusOr<ImportColumns> ImportColumns::Read(const google::protobuf::RepeatedPtrField<std::string>& names,
                                                  const std::vector<std::string>& required) {
  ImportColumns columns;
  status::FieldViolations wrong;
  for (int i = 0; i < names.size(); ++i) {
    const std::string normal = Normal(names[i]);
    if (normal.empty()) continue;
    if (!columns.index_.emplace(normal, i).second)
      wrong.Add(absl::StrCat("columns[", i, "]"), absl::StrCat("the column ", names[i], " stands twice"));
  }
  columns.size_ = names.size();
  for (const std::string& name : required) {
    if (!columns.index_.contains(Normal(name))) wrong.Add("columns", absl::StrCat("the column ", name, " is missing"));
  }
  FIVESTRAND_RETURN_IF_ERROR(wrong.ToStatus());
  return columns;
}

std::string_view ImportColumns::Cell(const v1::ImportRow& row, std::string_view column) const {
  auto found = index_.find(Normal(column));
  if (found == index_.end() || found->second >= row.cells_size()) return {};
  return StdView(absl::StripAsciiWhitespace(row.cells(found->second)));
}

const std::vector<std::string>& RequiredSchoolColumns() {
  static const auto& names =
      *new std::vector<std::string>{"URN", "EstablishmentName", "PhaseOfEducation (code)", "EstablishmentStatus (code)"};
  return names;
}

v1::School ReadSchoolRow(const ImportColumns& columns, const v1::ImportRow& row, ImportErrors* errors) {
  Reader read(columns, row, errors);
  v1::School school;
  school.set_urn(read.Digits("URN", 6, true));
  school.set_display_name(std::string(read.Text("EstablishmentName", true, 120)));
  const std::string authority = read.Digits("LA (code)", 3, false);
  const std::string establishment = read.Digits("EstablishmentNumber", 4, false);
  if (!authority.empty() && !establishment.empty()) school.set_laestab(authority + establishment);
  school.set_ukprn(read.Digits("UKPRN", 8, false));
  // The contract numbers phases one above the register's codes, which begin with 0, not applicable.
  if (std::optional<int> phase = read.Number("PhaseOfEducation (code)", 7))
    school.set_phase(static_cast<type::v1::Phase>(*phase + 1));
  if (std::optional<int> age = read.Number("StatutoryLowAge", 25)) school.set_lowest_age(*age);
  if (std::optional<int> age = read.Number("StatutoryHighAge", 99)) school.set_highest_age(*age);
  if (std::optional<int> status = read.Number("EstablishmentStatus (code)", 99)) {
    switch (*status) {
      case 1:  // open
      case 3:  // open, but proposed to close
        school.set_status(v1::School::OPEN);
        break;
      case 2:
        school.set_status(v1::School::CLOSED);
        break;
      case 4:
        school.set_status(v1::School::PROPOSED);
        break;
      default:
        read.Wrong("EstablishmentStatus (code)", "must be 1 open, 2 closed, 3 open but proposed to close, or 4 proposed to open");
    }
  }
  if (auto date = read.Date("OpenDate", "dd-mm-yyyy")) *school.mutable_open_date() = *date;
  if (auto date = read.Date("CloseDate", "dd-mm-yyyy")) *school.mutable_close_date() = *date;
  if (std::optional<int> count = read.Number("NumberOfPupils", 20000)) school.set_pupil_count(*count);
  if (std::optional<int> count = read.Number("SchoolCapacity", 20000)) school.set_capacity(*count);
  school.set_town(std::string(read.Text("Town", false, 200)));
  if (const std::string_view cell = read.Text("Postcode", false, 20); !cell.empty()) {
    if (std::optional<std::string> postcode = ReadPostcode(cell)) {
      school.set_postcode(*std::move(postcode));
    } else {
      read.Wrong("Postcode", "must be a postcode such as SW1A 1AA");
    }
  }
  return school;
}

const std::vector<std::string>& RequiredPersonColumns() {
  static const auto& names =
      *new std::vector<std::string>{"given name", "family name", "email", "post", "kind", "school urn", "start date"};
  return names;
}

PersonRow ReadPersonRow(const ImportColumns& columns, const v1::ImportRow& row, ImportErrors* errors) {
  Reader read(columns, row, errors);
  PersonRow out;
  const std::string_view given = read.Text("given name", true, 80), family = read.Text("family name", true, 80);
  const std::string_view display = read.Text("display name", false, 120);
  out.person.set_given_name(std::string(given));
  out.person.set_family_name(std::string(family));
  out.person.set_display_name(display.empty() ? absl::StrCat(AbslView(given), " ", AbslView(family)) : std::string(display));
  const std::string_view email = read.Text("email", true, 254);
  if (!email.empty() && !IsAddress(email)) {
    read.Wrong("email", "must be a work address such as name@trust.example");
  }
  out.person.set_email(absl::AsciiStrToLower(AbslView(email)));
  out.school_urn = read.Digits("school urn", 6, false);
  const auto start = read.Date("start date", "yyyy-mm-dd");
  const auto end = read.Date("end date", "yyyy-mm-dd");
  const std::string_view title = read.Text("post", false, 120);
  if (title.empty()) return out;
  out.post.set_title(std::string(title));
  v1::Post::Kind kind = v1::Post::KIND_UNSPECIFIED;
  const std::string_view kind_cell = read.Text("kind", true, 40);
  if (!kind_cell.empty() &&
      !ReadEnum(
          kind_cell, "", [](const std::string& name, v1::Post::Kind* value) { return v1::Post::Kind_Parse(name, value); }, &kind)) {
    read.Wrong("kind",
               "must be one of: ceo, executive headteacher, director, trust officer, headteacher, senior leader, middle leader, "
               "teacher, sendco, support staff, other");
  }
  out.post.set_kind(kind);
  if (!start) read.Wrong("start date", "is required with a post");
  if (start) *out.post.mutable_start_date() = *start;
  if (end) *out.post.mutable_end_date() = *end;
  const std::string_view role = read.Text("role", false, 40);
  if (!role.empty() &&
      !ReadEnum(
          role, "ROLE_", [](const std::string& name, type::v1::Role* value) { return type::v1::Role_Parse(name, value); },
          &out.role)) {
    read.Wrong("role", "must be a role such as headteacher or data lead");
  }
  return out;
}

std::string IdFromName(std::string_view name) {
  constexpr std::string_view kCurlyApostrophe = "\xE2\x80\x99";
  std::string id;
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (name.substr(i).starts_with(kCurlyApostrophe)) {
      i += kCurlyApostrophe.size() - 1;
    } else if (std::isalnum(static_cast<unsigned char>(c))) {
      id.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    } else if (c != '\'' && !id.empty() && id.back() != '-') {
      id.push_back('-');
    }
    if (id.size() == 40) break;
  }
  while (!id.empty() && id.back() == '-') id.pop_back();
  return id.empty() ? "unnamed" : id;
}

}  // namespace fivestrand::leadership::domain
