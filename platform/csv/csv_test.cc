#include "platform/csv/csv.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fivestrand::csv {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string Show(const Row& row) {
  return absl::StrCat(row.line, ":", absl::StrJoin(row.cells, "|"));
}

struct Result {
  std::vector<std::string> header;
  std::vector<std::string> rows;      // line:cell|cell
  std::vector<std::string> problems;  // line:column reason
  char separator = 0;
  Encoding encoding = Encoding::kUtf8;
};

Result ReadAll(std::string_view bytes, const Limits& limits = {}) {
  Result result;
  absl::StatusOr<Reader> reader = Reader::Open(bytes, limits);
  if (!reader.ok()) {
    result.problems.push_back(std::string(reader.status().message()));
    return result;
  }
  result.header = reader->header();
  result.separator = reader->separator();
  result.encoding = reader->encoding();
  Row row;
  while (reader->Next(&row)) result.rows.push_back(Show(row));
  for (const Problem& problem : reader->problems()) {
    result.problems.push_back(absl::StrCat(problem.line, ":", problem.column, " ", problem.reason));
  }
  return result;
}

std::string OpenError(std::string_view bytes, const Limits& limits = {}) {
  absl::StatusOr<Reader> reader = Reader::Open(bytes, limits);
  return reader.ok() ? "" : std::string(reader.status().message());
}

TEST(Csv, ReadsRowsWithTheirLines) {
  const Result result = ReadAll("a,b\r\n1,2\r\n3,4\r\n");
  EXPECT_THAT(result.header, ElementsAre("a", "b"));
  EXPECT_THAT(result.rows, ElementsAre("2:1|2", "3:3|4"));
  EXPECT_THAT(result.problems, IsEmpty());
}

TEST(Csv, TheLastLineNeedsNoEnd) {
  EXPECT_THAT(ReadAll("a,b\n1,2").rows, ElementsAre("2:1|2"));
}

TEST(Csv, TakesEveryLineEndAlsoMixed) {
  EXPECT_THAT(ReadAll("a,b\r1,2\r3,4").rows, ElementsAre("2:1|2", "3:3|4"));
  EXPECT_THAT(ReadAll("a,b\r\n1,2\n3,4\r5,6\r\n7,8").rows, ElementsAre("2:1|2", "3:3|4", "4:5|6", "5:7|8"));
}

TEST(Csv, UnquotesCells) {
  EXPECT_THAT(ReadAll("a,b\n\"x, y\",\"say \"\"hi\"\"\"\n\"\",z\n").rows, ElementsAre("2:x, y|say \"hi\"", "3:|z"));
}

TEST(Csv, CountsTheLinesWithinQuotes) {
  const Result result = ReadAll("a,b\n\"one\r\ntwo\rthree\nfour\",x\nnext,y\n");
  EXPECT_THAT(result.rows, ElementsAre("2:one\ntwo\nthree\nfour|x", "6:next|y"));
}

TEST(Csv, TakesSpacesBehindAClosingQuote) {
  EXPECT_THAT(ReadAll("a,b\n\"x\" ,\"y\"  \n").rows, ElementsAre("2:x|y"));
}

TEST(Csv, AQuoteInsideAPlainCellIsOrdinary) {
  const Result result = ReadAll("a,b\n5\" pipe,O\"Brien\n");
  EXPECT_THAT(result.rows, ElementsAre("2:5\" pipe|O\"Brien"));
  EXPECT_THAT(result.problems, IsEmpty());
}

TEST(Csv, FindsTheSeparator) {
  EXPECT_EQ(ReadAll("a,b\n").separator, ',');
  EXPECT_EQ(ReadAll("a;b\n").separator, ';');
  EXPECT_EQ(ReadAll("a\tb\n").separator, '\t');
  EXPECT_EQ(ReadAll("name\n").separator, ',');
  // The one that the header has most of, and only outside quotes.
  EXPECT_EQ(ReadAll("a;b, c;d\n").separator, ';');
  EXPECT_EQ(ReadAll("\"a,b,c,d\";e;f\n").separator, ';');
  EXPECT_EQ(ReadAll("\"a \"\"x,y,z\"\" b\"\tc\n").separator, '\t');
  // What the rows have does not matter.
  EXPECT_EQ(ReadAll("a\tb\n1,2,3,4\t5\n").separator, '\t');
  EXPECT_EQ(ReadAll("\n\r\na;b\n").separator, ';');
}

TEST(Csv, ReadsTheOtherSeparators) {
  EXPECT_THAT(ReadAll("a;b\n\"1;2\";3,5\n").rows, ElementsAre("2:1;2|3,5"));
  EXPECT_THAT(ReadAll("a\tb\n\"1\t2\"\t3\n").rows, ElementsAre("2:1\t2|3"));
}

TEST(Csv, HeedsALineThatNamesTheSeparator) {
  const Result result = ReadAll("sep=;\r\na,a;b\r\n1;2\r\n");
  EXPECT_THAT(result.header, ElementsAre("a,a", "b"));
  EXPECT_THAT(result.rows, ElementsAre("3:1|2"));
  EXPECT_THAT(ReadAll("sep=x,b\n1,2\n").header, ElementsAre("sep=x", "b"));
}

TEST(Csv, DropsTheByteOrderMark) {
  const Result result = ReadAll("\xEF\xBB\xBFname,b\nZo\xC3\xAB,2\n");
  EXPECT_THAT(result.header, ElementsAre("name", "b"));
  EXPECT_THAT(result.rows, ElementsAre("2:Zo\xC3\xAB|2"));
  EXPECT_THAT(ReadAll("\xEF\xBB\xBF\"quoted\",b\n").header, ElementsAre("quoted", "b"));
}

TEST(Csv, FallsBackToWindows1252) {
  const Result result = ReadAll("name,price\nSt Brannoc\x92s,\x80 5\nZo\xEB,\x9C\xFF\xA0\n");
  EXPECT_EQ(result.encoding, Encoding::kWindows1252);
  EXPECT_THAT(result.rows, ElementsAre("2:St Brannoc\xE2\x80\x99s|\xE2\x82\xAC 5", "3:Zo\xC3\xAB|\xC5\x93\xC3\xBF\xC2\xA0"));
  EXPECT_EQ(ReadAll("a\nZo\xC3\xAB\n").encoding, Encoding::kUtf8);
}

TEST(Csv, DecodesTheHeaderToo) {
  EXPECT_THAT(ReadAll("Caf\xE9,b\n").header, ElementsAre("Caf\xC3\xA9", "b"));
}

TEST(Csv, NamesTheCellOfAByteThatIsNoCharacter) {
  const Result result = ReadAll("a,b\n1,x\x81\n2,ok\n");
  EXPECT_THAT(result.rows, ElementsAre("3:2|ok"));
  EXPECT_THAT(result.problems, ElementsAre("2:2 has a byte that is a character neither in UTF-8 nor in Windows-1252"));
}

TEST(Csv, NamesTheCellOfANul) {
  EXPECT_THAT(ReadAll(std::string_view("a,b\nx\0y,1\n", 10)).problems, ElementsAre("2:1 has a NUL character"));
}

TEST(Csv, PassesOverWhatIsEmpty) {
  const Result result = ReadAll("\r\n\r\na,b\r\n\r\n1,2\r\n,,,,\r\n\"\",\"\"\r\n3,4\r\n\r\n");
  EXPECT_THAT(result.header, ElementsAre("a", "b"));
  EXPECT_THAT(result.rows, ElementsAre("5:1|2", "8:3|4"));
  EXPECT_THAT(result.problems, IsEmpty());
}

TEST(Csv, FillsUpShortRows) {
  EXPECT_THAT(ReadAll("a,b,c\n1\n1,2\n").rows, ElementsAre("2:1||", "3:1|2|"));
}

TEST(Csv, DropsEmptyColumnsAtTheEnd) {
  const Result result = ReadAll("a,b,,\n1,2,,\n3,4\n5,6,,7\n8,9,,,\n");
  EXPECT_THAT(result.header, ElementsAre("a", "b"));
  EXPECT_THAT(result.rows, ElementsAre("2:1|2", "3:3|4"));
  ASSERT_EQ(result.problems.size(), 2u);
  EXPECT_THAT(result.problems[0], HasSubstr("4:4 lies beyond the header: the row has 4 cells and the header 2"));
  EXPECT_THAT(result.problems[1], HasSubstr("5:5 lies beyond the header: the row has 5 cells"));
}

TEST(Csv, RefusesRowsWithMoreCellsThanTheHeaderAndGoesOn) {
  const Result result = ReadAll("a,b\n1,2,3\n4,5\n6,7,,8\n9,10\n");
  EXPECT_THAT(result.rows, ElementsAre("3:4|5", "5:9|10"));
  ASSERT_EQ(result.problems.size(), 2u);
  EXPECT_EQ(result.problems[0],
            "2:3 lies beyond the header: the row has 3 cells and the header 2; is a cell with a separator in it not quoted?");
  EXPECT_THAT(result.problems[1], HasSubstr("4:3 lies beyond the header: the row has 4 cells"));
}

TEST(Csv, SaysWhereAQuoteOpensThatIsNeverClosed) {
  const Result result = ReadAll("a,b\n1,2\n\"x\ny\",\"open\n5,6\n7,8\n");
  EXPECT_THAT(result.rows, ElementsAre("2:1|2"));
  EXPECT_THAT(result.problems, ElementsAre("4:2 begins with a quote that is never closed"));
}

TEST(Csv, RefusesTextBehindAClosingQuoteAndGoesOn) {
  const Result result = ReadAll("a,b\n\"He said \"hi\" loudly\",2\n3,4\n");
  EXPECT_THAT(result.rows, ElementsAre("3:3|4"));
  EXPECT_THAT(result.problems, ElementsAre("2:1 has text after its closing quote; a quote within a quoted cell is written twice"));
}

TEST(Csv, SaysWhatItIsWhenItIsNoTable) {
  EXPECT_THAT(OpenError(""), HasSubstr("the file is empty"));
  EXPECT_THAT(OpenError("\xEF\xBB\xBF"), HasSubstr("the file is empty"));
  EXPECT_THAT(OpenError("\r\n,,\n"), HasSubstr("the file is empty"));
  EXPECT_THAT(OpenError(std::string_view("\xFF\xFE"
                                         "a\0",
                                         4)),
              HasSubstr("UTF-16"));
  EXPECT_THAT(OpenError("PK\x03\x04rest"), HasSubstr("workbook"));
  EXPECT_THAT(OpenError("a,\"b\n1,2\n"),
              HasSubstr("the header cannot be read: line 1, cell 2 begins with a quote that is never closed"));
}

TEST(Csv, HoldsItsLimits) {
  EXPECT_THAT(OpenError("a,b\n1,2\n", {.max_bytes = 7}), HasSubstr("larger than 7 bytes"));
  EXPECT_THAT(OpenError("a,b,c\n", {.max_cells = 2}), HasSubstr("cell 3 is one too many: a row may have 2 cells"));
  EXPECT_THAT(ReadAll("a,b\n1,2\n1,2,3\n4,5\n", {.max_cells = 2}).problems,
              ElementsAre("3:3 is one too many: a row may have 2 cells"));
  EXPECT_THAT(ReadAll("a,b\n12345,67890\n", {.max_row_bytes = 10}).problems, ElementsAre("2:2 makes its row longer than 10 bytes"));
  EXPECT_THAT(ReadAll("a,b\n12345,6789\n", {.max_row_bytes = 10}).rows, ElementsAre("2:12345|6789"));
  EXPECT_THAT(ReadAll("a,b\n1,\"23456789012\"\n3,4\n", {.max_row_bytes = 10}).problems,
              ElementsAre("2:2 begins with a quote that is not closed within 10 bytes"));
}

TEST(Csv, KeepsSoManyProblemsAndCountsAll) {
  std::string text = "a\n";
  for (int i = 0; i < 10; ++i) text += "1,2\n";
  absl::StatusOr<Reader> reader = Reader::Open(text, {.max_problems = 3});
  ASSERT_TRUE(reader.ok());
  Row row;
  EXPECT_FALSE(reader->Next(&row));
  EXPECT_EQ(reader->problems().size(), 3u);
  EXPECT_EQ(reader->problem_count(), 10);
  EXPECT_EQ(reader->offset(), text.size());
}

TEST(Csv, TellsUtf8FromWhatLooksLikeIt) {
  EXPECT_TRUE(IsUtf8("plain"));
  EXPECT_TRUE(IsUtf8("\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"));
  for (const char* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2 ", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xE2\x82",
                          "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    EXPECT_FALSE(IsUtf8(bad)) << testing::PrintToString(bad);
  }
}

// What a writer quotes comes back, whatever the cells hold.
TEST(Csv, ReadsBackWhatIsWritten) {
  std::mt19937 random(7);
  const std::vector<std::string> pieces = {"a", "\"", ",", ";", "\t", "\n", " ", "\xC3\xA9", "longer text", ""};
  for (int round = 0; round < 2000; ++round) {
    const std::string separator(1, ",;\t"[round % 3]), line_break = round % 2 == 0 ? "\r\n" : "\n";
    const std::size_t columns = 2 + random() % 4;
    std::string text;
    for (std::size_t i = 0; i < columns; ++i) absl::StrAppend(&text, i == 0 ? "" : separator, "h", i);
    std::vector<std::string> expected;
    int line = 2;
    for (int i = 0; i < 5; ++i) {
      Row row;
      row.line = line;
      absl::StrAppend(&text, line_break);
      for (std::size_t cell = 0; cell < columns; ++cell) {
        std::string value = cell == 0 ? "x" : "";
        for (std::size_t n = random() % 5; n > 0; --n) value += pieces[random() % pieces.size()];
        std::string quoted;
        for (const char c : value) {
          quoted += c == '"' ? "\"\"" : c == '\n' ? line_break : std::string(1, c);
          line += c == '\n';
        }
        absl::StrAppend(&text, cell == 0 ? "" : separator, "\"", quoted, "\"");
        row.cells.push_back(value);
      }
      ++line;
      expected.push_back(Show(row));
    }
    const Result result = ReadAll(text);
    ASSERT_THAT(result.rows, testing::ElementsAreArray(expected)) << text;
    ASSERT_THAT(result.problems, IsEmpty()) << text;
  }
}

// Bytes in any order: it ends, keeps its promises about rows and lines, and gives valid UTF-8.
TEST(Csv, SurvivesAnyBytes) {
  std::mt19937 random(11);
  const std::string_view alphabet("a,;\t\"\n\r \xE9\xC3\xA9\x81\x00x", 14);
  for (int round = 0; round < 20000; ++round) {
    std::string text(random() % 60, ' ');
    for (char& c : text) c = alphabet[random() % alphabet.size()];
    absl::StatusOr<Reader> reader = Reader::Open(text, {.max_row_bytes = 40, .max_cells = 8});
    if (!reader.ok()) continue;
    Row row;
    int last = reader->header_line();
    while (reader->Next(&row)) {
      ASSERT_GT(row.line, last);
      last = row.line;
      ASSERT_EQ(row.cells.size(), reader->header().size());
      for (const std::string& cell : row.cells) ASSERT_TRUE(IsUtf8(cell));
    }
    for (const Problem& problem : reader->problems()) {
      ASSERT_GE(problem.line, 1);
      ASSERT_LE(problem.column, 9);
    }
    ASSERT_LE(reader->offset(), text.size());
  }
}

}  // namespace
}  // namespace fivestrand::csv
