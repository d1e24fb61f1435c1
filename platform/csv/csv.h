// Reads tables as people export them: RFC 4180 and what spreadsheets and information systems make of it.
//
//   FIVESTRAND_ASSIGN_OR_RETURN(csv::Reader reader, csv::Reader::Open(bytes));
//   csv::Row row;
//   while (reader.Next(&row)) ...;
//   for (const csv::Problem& problem : reader.problems()) ...;
//
// Accepted: UTF-8 with or without a byte order mark, otherwise Windows-1252; cells separated by commas, semicolons or tabs,
// whichever the header line has most of (or as a first line `sep=;` says); quoted cells with doubled quotes and line breaks in
// them; lines ended by CR LF, LF or CR, mixed too; empty lines, empty columns at the end, rows that leave out their last cells. A
// quote inside a cell that does not begin with one is an ordinary character.
#ifndef FIVESTRAND_PLATFORM_CSV_CSV_H_
#define FIVESTRAND_PLATFORM_CSV_CSV_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace fivestrand::csv {

enum class Encoding { kUtf8, kWindows1252 };

struct Limits {
  // The whole register of schools of a country has about 70 MB.
  std::size_t max_bytes = 256 * 1024 * 1024;
  std::size_t max_row_bytes = 1024 * 1024;
  std::size_t max_cells = 1000;
  std::size_t max_problems = 1000;
};

struct Row {
  // Of the row's first character, from 1.
  int line = 0;
  // As many as the header has, in UTF-8; those that the row leaves out are empty. Line breaks within a cell are "\n".
  std::vector<std::string> cells;
};

// What is wrong with the file, without its contents.
struct Problem {
  int line = 0;
  // Number of the cell in its row, from 1; 0: the row as a whole.
  int column = 0;
  std::string reason;
};

// Reads one row after the other and holds no more than one. Not thread-safe.
class Reader {
 public:
  // Reads the header. The bytes must outlive the reader. INVALID_ARGUMENT in plain words when the file is empty, too large, or no
  // such table at all (a workbook, UTF-16), or when its header cannot be read.
  static absl::StatusOr<Reader> Open(std::string_view bytes, const Limits& limits = {});

  const std::vector<std::string>& header() const { return header_; }
  int header_line() const { return header_line_; }
  char separator() const { return separator_; }
  Encoding encoding() const { return encoding_; }

  // The next row that is not empty; false at the end of the file, or where reading has to stop because of a problem. A row that has
  // a problem is passed over.
  bool Next(Row* row);

  // What Next has found so far, in the order of the lines; at most Limits::max_problems are kept.
  const std::vector<Problem>& problems() const { return problems_; }
  int problem_count() const { return problem_count_; }
  // Bytes read so far, for progress.
  std::size_t offset() const { return at_; }

 private:
  Reader(std::string_view bytes, const Limits& limits) : bytes_(bytes), limits_(limits) {}

  absl::Status ReadHeader();
  void FindSeparator();
  // Reads up to and with the line break. False when the row has a problem.
  bool ReadRow(Row* row);
  bool ReadCell(int column, std::string* cell);
  bool ReadQuoted(int column, std::string* cell);
  bool Decode(int line, int column, std::string* cell);
  bool FitToHeader(Row* row);
  bool RowTooLong(std::size_t end) const { return end - row_start_ > limits_.max_row_bytes; }
  bool IsSeparator(char c) const { return c == separator_; }
  void SkipLineBreak();
  bool Add(int line, int column, std::string reason);

  std::string_view bytes_;
  Limits limits_;
  Encoding encoding_ = Encoding::kUtf8;
  char separator_ = ',';
  std::vector<std::string> header_;
  // With the empty columns at its end.
  std::size_t header_cells_ = 0;
  int header_line_ = 0;
  std::vector<Problem> problems_;
  int problem_count_ = 0;

  std::size_t at_ = 0;
  int line_ = 1;
  std::size_t row_start_ = 0;
  bool stopped_ = false;
};

// Whether the bytes are UTF-8 as RFC 3629 has it.
bool IsUtf8(std::string_view bytes);

}  // namespace fivestrand::csv

#endif  // FIVESTRAND_PLATFORM_CSV_CSV_H_
