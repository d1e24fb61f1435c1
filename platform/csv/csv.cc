#include "platform/csv/csv.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::csv {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kSeparators = ",;\t";

// Bytes 0x80 to 0x9F; the others are those of Latin-1. 0: no character.
constexpr std::array<std::uint16_t, 32> kWindows1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178};

bool IsLineBreak(char c) {
  return c == '\n' || c == '\r';
}

void AppendUtf8(std::uint16_t character, std::string* out) {
  if (character < 0x80) {
    out->push_back(static_cast<char>(character));
  } else if (character < 0x800) {
    out->push_back(static_cast<char>(0xC0 | (character >> 6)));
    out->push_back(static_cast<char>(0x80 | (character & 0x3F)));
  } else {
    out->push_back(static_cast<char>(0xE0 | (character >> 12)));
    out->push_back(static_cast<char>(0x80 | ((character >> 6) & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (character & 0x3F)));
  }
}

absl::Status Refused(std::string_view reason) {
  return status::Invalid(status::Reason::kMalformedBody, "file", reason);
}

// What people pick by mistake, told apart by how it begins.
absl::Status CheckKind(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    return Refused("the file is UTF-16 text; save it as CSV in UTF-8");
  }
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("\xD0\xCF\x11\xE0")) {
    return Refused("the file is a workbook or an archive; open it and save the sheet as CSV");
  }
  return absl::OkStatus();
}

bool IsEmpty(const Row& row) {
  return std::all_of(row.cells.begin(), row.cells.end(), [](const std::string& cell) { return cell.empty(); });
}

}  // namespace

bool IsUtf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const auto first = static_cast<unsigned char>(bytes[i++]);
    if (first < 0x80) continue;
    // The second byte's range keeps out overlong forms, surrogates and what lies beyond U+10FFFF.
    int further = 0;
    unsigned char low = 0x80, high = 0xBF;
    if (first >= 0xC2 && first <= 0xDF) {
      further = 1;
    } else if (first >= 0xE0 && first <= 0xEF) {
      further = 2;
      if (first == 0xE0) low = 0xA0;
      if (first == 0xED) high = 0x9F;
    } else if (first >= 0xF0 && first <= 0xF4) {
      further = 3;
      if (first == 0xF0) low = 0x90;
      if (first == 0xF4) high = 0x8F;
    } else {
      return false;
    }
    for (; further > 0; --further, low = 0x80, high = 0xBF) {
      if (i == bytes.size()) return false;
      const auto next = static_cast<unsigned char>(bytes[i++]);
      if (next < low || next > high) return false;
    }
  }
  return true;
}

absl::StatusOr<Reader> Reader::Open(std::string_view bytes, const Limits& limits) {
  if (bytes.size() > limits.max_bytes) return Refused(absl::StrCat("the file is larger than ", limits.max_bytes, " bytes"));
  FIVESTRAND_RETURN_IF_ERROR(CheckKind(bytes));
  Reader reader(bytes, limits);
  if (bytes.starts_with(kByteOrderMark)) reader.at_ = kByteOrderMark.size();
  reader.encoding_ = IsUtf8(bytes) ? Encoding::kUtf8 : Encoding::kWindows1252;
  reader.FindSeparator();
  FIVESTRAND_RETURN_IF_ERROR(reader.ReadHeader());
  return reader;
}

void Reader::FindSeparator() {
  const std::string_view rest = bytes_.substr(at_);
  if (rest.starts_with("sep=") && rest.size() > 4 && kSeparators.find(rest[4]) != std::string_view::npos &&
      (rest.size() == 5 || IsLineBreak(rest[5]))) {
    separator_ = rest[4];
    at_ += 5;
    if (at_ < bytes_.size()) SkipLineBreak();
    return;
  }
  std::array<int, kSeparators.size()> counts{};
  bool quoted = false, at_start = true;
  for (std::size_t i = 0; i < rest.size() && i < limits_.max_row_bytes; ++i) {
    const char c = rest[i];
    if (quoted) {
      if (c != '"') continue;
      quoted = i + 1 < rest.size() && rest[i + 1] == '"';
      if (quoted) ++i;
      continue;
    }
    // Empty lines may come before the header.
    if (IsLineBreak(c)) {
      if (!at_start || counts != decltype(counts){}) break;
      continue;
    }
    const std::size_t which = kSeparators.find(c);
    if (which != std::string_view::npos) ++counts[which];
    quoted = c == '"' && at_start;
    at_start = which != std::string_view::npos;
  }
  const auto most = std::max_element(counts.begin(), counts.end());
  if (*most > 0) separator_ = kSeparators[static_cast<std::size_t>(most - counts.begin())];
}

absl::Status Reader::ReadHeader() {
  Row row;
  do {
    if (at_ == bytes_.size()) return Refused("the file is empty");
    if (!ReadRow(&row)) {
      const Problem& problem = problems_.front();
      return Refused(
          absl::StrCat("the header cannot be read: line ", problem.line, ", cell ", problem.column, " ", problem.reason));
    }
  } while (IsEmpty(row));
  header_cells_ = row.cells.size();
  while (row.cells.back().empty()) row.cells.pop_back();
  header_line_ = row.line;
  header_ = std::move(row.cells);
  return absl::OkStatus();
}

bool Reader::Next(Row* row) {
  while (!stopped_ && at_ < bytes_.size()) {
    if (!ReadRow(row) || IsEmpty(*row)) continue;
    if (FitToHeader(row)) return true;
  }
  return false;
}

// Even an empty cell too many is wrong: it may stand for a cell that was torn in two further left.
bool Reader::FitToHeader(Row* row) {
  std::size_t beyond = header_.size();
  while (beyond < row->cells.size() && beyond < header_cells_ && row->cells[beyond].empty()) ++beyond;
  if (beyond < row->cells.size()) {
    return Add(row->line, static_cast<int>(beyond) + 1,
               absl::StrCat("lies beyond the header: the row has ", row->cells.size(), " cells and the header ", header_.size(),
                            "; is a cell with a separator in it not quoted?"));
  }
  row->cells.resize(header_.size());
  return true;
}

bool Reader::ReadRow(Row* row) {
  row->line = line_;
  row_start_ = at_;
  std::size_t count = 0;
  bool good = true;
  while (true) {
    if (count < row->cells.size()) {
      row->cells[count].clear();
    } else {
      row->cells.emplace_back();
    }
    ++count;
    good = ReadCell(static_cast<int>(count), &row->cells[count - 1]) && good;
    if (stopped_) return false;
    if (at_ == bytes_.size()) break;
    if (IsLineBreak(bytes_[at_])) {
      SkipLineBreak();
      break;
    }
    ++at_;  // The separator.
    if (count == limits_.max_cells) {
      // Its remaining cells cannot be told apart from the next rows without reading them, and a file like this is no table of ours.
      stopped_ = true;
      return Add(row->line, static_cast<int>(count) + 1,
                 absl::StrCat("is one too many: a row may have ", limits_.max_cells, " cells"));
    }
  }
  row->cells.resize(count);
  return good;
}

bool Reader::ReadCell(int column, std::string* cell) {
  const int line = line_;
  bool good = true;
  if (at_ < bytes_.size() && bytes_[at_] == '"') good = ReadQuoted(column, cell);
  if (stopped_) return false;
  const std::size_t start = at_;
  while (at_ < bytes_.size() && !IsSeparator(bytes_[at_]) && !IsLineBreak(bytes_[at_])) ++at_;
  if (RowTooLong(at_)) {
    stopped_ = true;
    return Add(line, column, absl::StrCat("makes its row longer than ", limits_.max_row_bytes, " bytes"));
  }
  cell->append(bytes_.substr(start, at_ - start));
  return good && Decode(line, column, cell);
}

// Ends behind the closing quote and the spaces after it.
bool Reader::ReadQuoted(int column, std::string* cell) {
  const int line = line_;
  ++at_;
  while (true) {
    const std::size_t quote = bytes_.find('"', at_);
    if (quote == std::string_view::npos || RowTooLong(quote)) {
      stopped_ = true;
      return Add(line, column,
                 quote == std::string_view::npos
                     ? "begins with a quote that is never closed"
                     : absl::StrCat("begins with a quote that is not closed within ", limits_.max_row_bytes, " bytes"));
    }
    while (at_ < quote) {
      if (IsLineBreak(bytes_[at_])) {
        SkipLineBreak();
        cell->push_back('\n');
      } else {
        cell->push_back(bytes_[at_++]);
      }
    }
    at_ = quote + 1;
    if (at_ == bytes_.size() || bytes_[at_] != '"') break;
    cell->push_back('"');
    ++at_;
  }
  while (at_ < bytes_.size() && bytes_[at_] == ' ') ++at_;
  if (at_ == bytes_.size() || IsSeparator(bytes_[at_]) || IsLineBreak(bytes_[at_])) return true;
  return Add(line, column, "has text after its closing quote; a quote within a quoted cell is written twice");
}

bool Reader::Decode(int line, int column, std::string* cell) {
  if (cell->find('\0') != std::string::npos) return Add(line, column, "has a NUL character");
  const auto is_ascii = [](char c) {
    return static_cast<unsigned char>(c) < 0x80;
  };
  if (encoding_ == Encoding::kUtf8 || std::all_of(cell->begin(), cell->end(), is_ascii)) return true;
  std::string text;
  text.reserve(cell->size() * 2);
  for (const char c : *cell) {
    const auto byte = static_cast<unsigned char>(c);
    const std::uint16_t character = byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80] : byte;
    if (character == 0) return Add(line, column, "has a byte that is a character neither in UTF-8 nor in Windows-1252");
    AppendUtf8(character, &text);
  }
  *cell = std::move(text);
  return true;
}

void Reader::SkipLineBreak() {
  const bool two = bytes_[at_] == '\r' && at_ + 1 < bytes_.size() && bytes_[at_ + 1] == '\n';
  at_ += two ? 2 : 1;
  ++line_;
}

bool Reader::Add(int line, int column, std::string reason) {
  ++problem_count_;
  if (problems_.size() < limits_.max_problems) problems_.push_back({line, column, std::move(reason)});
  return false;
}

}  // namespace fivestrand::csv
