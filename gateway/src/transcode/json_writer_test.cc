#include "gateway/src/transcode/json_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/rpc/error_details.pb.h"

#include "gateway/src/transcode/testdata/library.pb.h"

namespace fivestrand::gateway::transcode {
namespace {

using fivestrand::gateway::test::v1::Author;
using fivestrand::gateway::test::v1::Book;

class JsonWriterTest : public testing::Test {
 protected:
  std::string Write(const google::protobuf::Message& message) {
    std::string bytes;
    {
      google::protobuf::io::StringOutputStream stream(&bytes);
      google::protobuf::io::CodedOutputStream coded(&stream);
      coded.SetSerializationDeterministic(true);  // the order of maps
      message.SerializeToCodedStream(&coded);
    }
    return WriteBytes(message.GetDescriptor(), bytes);
  }
  std::string WriteBytes(const google::protobuf::Descriptor* type, std::string_view bytes) {
    std::string out;
    const absl::Status status = writer.Write(*plans.Get(type), bytes, &out);
    return status.ok() ? out : std::string(status.message());
  }

  PlanSet plans{google::protobuf::DescriptorPool::generated_pool()};
  JsonWriter writer{&plans};
};

Book FullBook() {
  Book book;
  book.set_name("shelves/a/books/b");
  book.set_title("A \"quoted\"\n\ttitle \\ with \x01 and \xE2\x82\xAC and \xF0\x9F\x98\x80");
  book.set_page_count(1234567890123);
  book.set_genre(test::v1::GENRE_POETRY);
  book.add_keyword_list("one");
  book.add_keyword_list("");
  book.mutable_publish_time()->set_seconds(1788251400);
  book.mutable_publish_time()->set_nanos(120000000);
  book.mutable_reading_time()->set_seconds(-1);
  book.mutable_reading_time()->set_nanos(-500000);
  book.mutable_author()->set_display_name("A");
  book.mutable_author()->mutable_mentor()->mutable_mentor()->set_birth_year(-5);
  (*book.mutable_ratings())["x"] = 1;
  (*book.mutable_ratings())[""] = 0;
  (*book.mutable_editors())[7].set_display_name("E");
  book.set_lent(false);
  book.set_cover(std::string("\x00\xFF\x10", 3));
  book.set_price(0.1);
  for (int i : {1, 0, -2}) book.add_chapter_pages(i);
  book.mutable_subtitle();
  (*(*book.mutable_extra()->mutable_fields())["list"].mutable_list_value()).add_values()->set_number_value(1.5);
  (*book.mutable_extra()->mutable_fields())["null"].set_null_value(google::protobuf::NULL_VALUE);
  (*book.mutable_extra()->mutable_fields())["empty"].mutable_struct_value();
  google::rpc::ErrorInfo info;
  info.set_reason("R");
  (*info.mutable_metadata())["k"] = "v";
  book.mutable_attachment()->PackFrom(info);
  book.set_paperback(0);
  book.add_translators()->set_birth_year(1900);
  book.add_translators();
  book.mutable_acquired()->set_year(2026);
  book.set_weight(0.25f);
  book.set_serial(std::numeric_limits<uint64_t>::max());
  book.set_shelf_offset(-77);
  book.set_checksum(4000000000u);
  book.mutable_note()->set_string_value("");
  book.add_further_genres(test::v1::GENRE_NOVEL);
  book.add_further_genres(static_cast<test::v1::Genre>(77));
  book.mutable_verified()->add_paths("page_count");
  book.mutable_verified()->add_paths("author.display_name");
  book.set_etag("\"1\"");
  return book;
}

TEST_F(JsonWriterTest, WritesEveryKindOfField) {
  EXPECT_EQ(
      Write(FullBook()),
      "{\"name\":\"shelves/a/books/b\",\"title\":\"A \\\"quoted\\\"\\n\\ttitle \\\\ with \\u0001 and \xE2\x82\xAC and "
      "\xF0\x9F\x98\x80\","
      "\"pageCount\":\"1234567890123\",\"genre\":\"GENRE_POETRY\",\"keywordList\":[\"one\",\"\"],\"publishTime\":\"2026-09-01T08:"
      "30:00.120Z\","
      "\"readingTime\":\"-1.000500s\",\"author\":{\"displayName\":\"A\",\"mentor\":{\"mentor\":{\"birthYear\":-5}}},"
      "\"ratings\":{\"\":0,\"x\":1},\"editors\":{\"7\":{\"displayName\":\"E\"}},\"lent\":false,\"cover\":\"AP8Q\",\"price\":0.1,"
      "\"chapterPages\":[1,0,-2],\"subtitle\":\"\",\"extra\":{\"empty\":{},\"list\":[1.5],\"null\":null},"
      "\"attachment\":{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"R\",\"metadata\":{\"k\":\"v\"}},"
      "\"paperback\":0,\"translators\":[{\"birthYear\":1900},{}],\"acquired\":{\"year\":2026},\"weight\":0.25,"
      "\"serial\":\"18446744073709551615\",\"shelfOffset\":-77,\"checksum\":4000000000,\"note\":\"\","
      "\"furtherGenres\":[\"GENRE_NOVEL\",77],\"verified\":\"pageCount,author.displayName\",\"etag\":\"\\\"1\\\"\"}");
}

TEST_F(JsonWriterTest, ProtobufsOwnParserReadsItBack) {
  const Book book = FullBook();
  Book back;
  const auto parsed = google::protobuf::util::JsonStringToMessage(Write(book), &back);
  ASSERT_TRUE(parsed.ok()) << parsed.ToString();
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(book, back)) << back.DebugString();
}

TEST_F(JsonWriterTest, OmitsZeros) {
  EXPECT_EQ(Write(Book()), "{}");
  // Explicit zeros on the wire, as another serializer may write them.
  EXPECT_EQ(WriteBytes(Book::descriptor(), std::string("\x0A\x00\x18\x00\x20\x00", 6)), "{}");
  Book book;
  book.set_price(-0.0);
  EXPECT_EQ(Write(book), "{\"price\":-0}") << "not the zero that proto3 omits";
}

TEST_F(JsonWriterTest, WritesOddReals) {
  Book book;
  book.set_price(std::numeric_limits<double>::infinity());
  book.set_weight(std::numeric_limits<float>::quiet_NaN());
  EXPECT_EQ(Write(book), "{\"price\":\"Infinity\",\"weight\":\"NaN\"}");
}

TEST_F(JsonWriterTest, PutsFieldsInOrderThatCameInAnother) {
  Book first, second;
  first.set_title("old");
  first.mutable_author()->set_display_name("A");
  second.set_name("n");
  second.set_title("new");
  second.mutable_author()->set_birth_year(1);
  EXPECT_EQ(WriteBytes(Book::descriptor(), first.SerializeAsString() + second.SerializeAsString()),
            "{\"name\":\"n\",\"title\":\"new\",\"author\":{\"displayName\":\"A\",\"birthYear\":1}}");
}

TEST_F(JsonWriterTest, SkipsUnknownFields) {
  std::string bytes(
      "\xD2\xBB\x01\x03"
      "abc",
      7);  // field 2999
  Author author;
  author.set_birth_year(3);
  EXPECT_EQ(WriteBytes(Author::descriptor(), bytes + author.SerializeAsString()), "{\"birthYear\":3}");
}

TEST_F(JsonWriterTest, UnpackedElementsOfAPackedField) {
  EXPECT_EQ(WriteBytes(Book::descriptor(), std::string("\x70\x01\x72\x02\x02\x03\x70\x04", 8)), "{\"chapterPages\":[1,2,3,4]}");
}

TEST_F(JsonWriterTest, RefusesMalformedBytes) {
  for (const std::string& bad : {std::string("\x0A\x05"
                                             "ab",
                                             4),
                                 std::string("\x00\x00", 2), std::string("\x18", 1), std::string("\x19\x01", 2),
                                 std::string("\x08\x01", 2), std::string(20, '\xFF')}) {
    EXPECT_THAT(WriteBytes(Book::descriptor(), bad), testing::Not(testing::StartsWith("{")));
  }
}

TEST_F(JsonWriterTest, NestingIsLimited) {
  Book book;
  Author* author = book.mutable_author();
  for (int i = 0; i < 200; ++i) author = author->mutable_mentor();
  EXPECT_THAT(Write(book), testing::Not(testing::StartsWith("{")));
}

TEST_F(JsonWriterTest, WritesOneField) {
  test::v1::Titles titles;
  const MessagePlan& plan = *plans.Get(titles.GetDescriptor());
  std::string out;
  ASSERT_TRUE(writer.WriteField(plan, plan.fields[0], titles.SerializeAsString(), &out).ok());
  EXPECT_EQ(out, "[]");
  titles.add_titles("a");
  titles.add_titles("b");
  out.clear();
  ASSERT_TRUE(writer.WriteField(plan, plan.fields[0], titles.SerializeAsString(), &out).ok());
  EXPECT_EQ(out, "[\"a\",\"b\"]");
}

TEST_F(JsonWriterTest, AnOutOfRangeTimeIsAnError) {
  Book book;
  book.mutable_publish_time()->set_seconds(999999999999);
  EXPECT_THAT(Write(book), testing::Not(testing::StartsWith("{")));
}

TEST_F(JsonWriterTest, BadUtf8ComesOutAsReplacementCharacters) {
  EXPECT_EQ(WriteBytes(Author::descriptor(),
                       "\x0A\x03"
                       "a\xC0"
                       "b"),
            "{\"displayName\":\"a\xEF\xBF\xBD"
            "b\"}");
}

TEST(FindString, FindsTheLastOne) {
  Book book = FullBook();
  const std::string bytes = book.SerializeAsString();
  EXPECT_EQ(FindString(bytes, 100), "\"1\"");
  EXPECT_EQ(FindString(bytes, 101), "");
  EXPECT_EQ(FindString("\xFF", 1), "");
}

}  // namespace
}  // namespace fivestrand::gateway::transcode
