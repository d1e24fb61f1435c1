#include "gateway/src/transcode/json_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"

#include "gateway/src/transcode/testdata/library.pb.h"
#include "platform/status/status.h"

namespace fivestrand::gateway::transcode {
namespace {

using fivestrand::gateway::test::v1::Book;
using testing::ElementsAre;

// "path: description" of each violation.
std::vector<std::string> Violations(const absl::Status& status) {
  std::vector<std::string> all;
  for (const auto& violation : status::ViolationsOf(status)) all.push_back(violation.field + ": " + violation.description);
  return all;
}

Book Read(std::string_view json) {
  Book book;
  const absl::Status status = ReadJson(json, &book);
  EXPECT_TRUE(status.ok()) << status << " for " << json;
  return book;
}

// Everything that protobuf's own parser takes must come out the same.
class LikeProtobuf : public testing::TestWithParam<const char*> {};

TEST_P(LikeProtobuf, Reads) {
  Book expected;
  const auto parsed = google::protobuf::util::JsonStringToMessage(GetParam(), &expected);
  ASSERT_TRUE(parsed.ok()) << parsed.ToString();
  const Book book = Read(GetParam());
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(expected, book)) << book.DebugString() << expected.DebugString();
}

INSTANTIATE_TEST_SUITE_P(
    JsonReader, LikeProtobuf,
    testing::Values("{}", " { \"name\" : \"a\" } ", "{\"page_count\":\"12\",\"keyword_list\":[\"a\",\"b\"]}",
                    "{\"pageCount\":12,\"price\":1e3,\"weight\":\"-Infinity\"}",
                    "{\"pageCount\":1.2e1,\"chapterPages\":[1.0,-2,\"3\"]}",
                    "{\"genre\":\"GENRE_NOVEL\",\"furtherGenres\":[1,\"GENRE_POETRY\"]}",
                    "{\"publishTime\":\"2026-09-01T08:30:00.5+01:00\",\"readingTime\":\"-1.5s\"}",
                    "{\"publishTime\":\"1969-12-31T23:59:59.999999999Z\"}",
                    "{\"author\":{\"displayName\":\"x\",\"mentor\":{}},\"title\":null}",
                    "{\"ratings\":{\"a\":1,\"b\":\"2\"},\"editors\":{\"3\":{\"birthYear\":4}}}",
                    "{\"lent\":false,\"cover\":\"AP8Q\",\"subtitle\":\"s\",\"verified\":\"pageCount,author.displayName\"}",
                    "{\"extra\":{\"a\":[1,null,true,\"x\",{\"b\":[]}]},\"note\":null}", "{\"note\":{\"a\":1}}", "{\"note\":[1]}",
                    "{\"note\":2.5}", "{\"title\":\"\\u00e9\\ud83d\\ude00\\n\\/\"}", "{\"hardcover\":\"x\"}",
                    "{\"serial\":\"18446744073709551615\",\"shelfOffset\":-1,\"checksum\":1}",
                    "{\"translators\":[{\"birthYear\":1},{}],\"acquired\":{\"year\":2026,\"month\":9}}"));

struct Bad {
  const char* json;
  const char* violation;
};

class RefusesField : public testing::TestWithParam<Bad> {};

TEST_P(RefusesField, NamingIt) {
  Book book;
  const absl::Status status = ReadJson(GetParam().json, &book);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status::ReasonOf(status), status::Reason::kInvalidField);
  EXPECT_THAT(Violations(status), ElementsAre(GetParam().violation));
}

INSTANTIATE_TEST_SUITE_P(
    JsonReader, RefusesField,
    testing::Values(Bad{"{\"nope\":{\"deep\":[1]}}", "nope: is not a field"},
                    Bad{"{\"author\":{\"nope\":1}}", "author.nope: is not a field"},
                    Bad{"{\"title\":1}", "title: must be a string"}, Bad{"{\"title\":true}", "title: must be a string"},
                    Bad{"{\"title\":[\"a\"]}", "title: must be a string"},
                    Bad{"{\"pageCount\":1.5}", "page_count: must be a whole number of 64 bits"},
                    Bad{"{\"chapterPages\":[1,2147483648]}", "chapter_pages[1]: must be a whole number of 32 bits"},
                    Bad{"{\"chapterPages\":1}", "chapter_pages: must be an array"},
                    Bad{"{\"pageCount\":true}", "page_count: must not be a truth value"},
                    Bad{"{\"lent\":\"true\"}", "lent: must be true or false"}, Bad{"{\"lent\":1}", "lent: must be true or false"},
                    Bad{"{\"genre\":\"NOVEL\"}", "genre: must be one of the values of its enumeration"},
                    Bad{"{\"publishTime\":\"2026-02-30T00:00:00Z\"}", "publish_time: must be a time such as 2026-09-01T08:30:00Z"},
                    Bad{"{\"publishTime\":\"2026-02-20\"}", "publish_time: must be a time such as 2026-09-01T08:30:00Z"},
                    Bad{"{\"publishTime\":5}", "publish_time: must be a string"},
                    Bad{"{\"readingTime\":\"5\"}", "reading_time: must be a duration such as 1.5s"},
                    Bad{"{\"cover\":\"***\"}", "cover: must be base64"}, Bad{"{\"author\":[]}", "author: must be an object"},
                    Bad{"{\"title\":\"a\",\"title\":\"b\"}", "title: is given twice"},
                    Bad{"{\"pageCount\":1,\"page_count\":1}", "page_count: is given twice"},
                    Bad{"{\"hardcover\":\"a\",\"paperback\":1}", "paperback: cannot be given together with hardcover"},
                    Bad{"{\"ratings\":{\"a\":\"b\"}}", "ratings.a: must be a whole number of 32 bits"},
                    Bad{"{\"editors\":{\"x\":{}}}", "editors.x: must be a whole number of 32 bits"},
                    Bad{"{\"price\":\"inf\"}", "price: must be a number"}, Bad{"{\"price\":1e999}", "price: must be a number"},
                    Bad{"{\"attachment\":{\"@type\":\"x\"}}", "attachment: cannot be given here"},
                    Bad{"{\"serial\":-1}", "serial: must be a whole number of 64 bits, not negative"},
                    Bad{"{\"keywordList\":[null]}", "keyword_list[0]: must be a string"}));

TEST(JsonReader, NamesEveryBadField) {
  Book book;
  EXPECT_THAT(Violations(ReadJson("{\"a\":1,\"title\":2,\"author\":{\"b\":3},\"name\":\"ok\"}", &book)),
              ElementsAre("a: is not a field", "title: must be a string", "author.b: is not a field"));
}

TEST(JsonReader, RefusesWhatIsNotJson) {
  for (const char* bad : {"",
                          "{",
                          "}",
                          "{}}",
                          "{} x",
                          "{\"title\"}",
                          "{\"title\":}",
                          "{\"title\":\"a\",}",
                          "{title:1}",
                          "{'title':1}",
                          "{\"title\":\"a}",
                          "{\"title\":\"\\x\"}",
                          "{\"title\":\"\n\"}",
                          "{\"title\":\"\\ud800\"}",
                          "{\"title\":\"\\udc00\\ud800\"}",
                          "{\"title\":\"\xC0\"}",
                          "{\"price\":01}",
                          "{\"price\":1.}",
                          "{\"price\":.5}",
                          "{\"price\":+1}",
                          "{\"price\":1e}",
                          "{\"lent\":tru}",
                          "{\"lent\":trueish}",
                          "{\"chapterPages\":[1,]}",
                          "{\"price\":NaN}",
                          "nulll"}) {
    Book book;
    const absl::Status status = ReadJson(bad, &book);
    EXPECT_EQ(status::ReasonOf(status), status::Reason::kMalformedBody) << bad << status;
  }
}

TEST(JsonReader, LimitsNesting) {
  std::string deep, known;
  for (int i = 0; i < 10000; ++i) {
    deep += "[";
    known += "{\"mentor\":";
  }
  Book book;
  EXPECT_FALSE(ReadJson("{\"nope\":" + deep, &book).ok());
  EXPECT_FALSE(ReadJson("{\"extra\":{\"a\":" + deep, &book).ok());
  EXPECT_FALSE(ReadJson("{\"author\":" + known, &book).ok());
}

TEST(JsonReader, ReadsOneFieldWithItsNameInErrors) {
  test::v1::CreateBookRequest request;
  const auto* book = request.GetDescriptor()->FindFieldByName("book");
  EXPECT_TRUE(ReadJsonField("{\"title\":\"t\"}", &request, book).ok());
  EXPECT_EQ(request.book().title(), "t");
  EXPECT_THAT(Violations(ReadJsonField("{\"author\":{\"birthYear\":\"x\"}}", &request, book)),
              ElementsAre("book.author.birth_year: must be a whole number of 32 bits"));
  EXPECT_TRUE(ReadJsonField("\"id\"", &request, request.GetDescriptor()->FindFieldByName("book_id")).ok());
  EXPECT_EQ(request.book_id(), "id");
}

}  // namespace
}  // namespace fivestrand::gateway::transcode
