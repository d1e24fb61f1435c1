#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/text_format.h"

#include "gateway/src/transcode/error_response.h"
#include "gateway/src/transcode/rest_request.h"
#include "gateway/src/transcode/rest_table.h"
#include "gateway/src/transcode/testdata/library.pb.h"
#include "platform/status/status.h"

namespace fivestrand::gateway::transcode {
namespace {

using http::Method;
using testing::ElementsAre;
using testing::HasSubstr;

const google::protobuf::DescriptorPool* Pool() {
  return google::protobuf::DescriptorPool::generated_pool();
}

class RestTest : public testing::Test {
 protected:
  RestTest() {
    test::v1::Book::descriptor();  // makes sure that the file is registered
    const auto* service = Pool()->FindServiceByName("fivestrand.gateway.test.v1.LibraryService");
    auto built = RestTable::Build({service}, &plans);
    EXPECT_TRUE(built.ok()) << built.status();
    table = *std::move(built);
  }

  // The request message that reaches the method, in text format, or the violations.
  std::string Call(Method method, std::string target, std::string body = "",
                   std::vector<std::pair<std::string, std::string>> headers = {}) {
    http::Request request;
    request.method = method;
    request.target = std::move(target);
    request.body = std::move(body);
    for (const auto& [name, value] : headers) request.headers.Add(name, value);
    const RouteMatch match = table.Match(method, request.path());
    if (match.kind != RouteMatch::Kind::kFound) return "no route";
    const RestBinding& binding = table.binding(match.route);
    const auto bytes = BuildRequest(binding, match.values, request);
    if (!bytes.ok()) {
      std::string all;
      for (const auto& violation : status::ViolationsOf(bytes.status()))
        all += violation.field + ": " + violation.description + "; ";
      return all;
    }
    std::unique_ptr<google::protobuf::Message> message(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(binding.method->input_type())->New());
    EXPECT_TRUE(message->ParseFromString(*bytes));
    google::protobuf::TextFormat::Printer printer;
    printer.SetSingleLineMode(true);
    std::string text;
    printer.PrintToString(*message, &text);
    while (!text.empty() && text.back() == ' ') text.pop_back();
    return binding.method->name() + " " + text;
  }

  PlanSet plans{Pool()};
  RestTable table;
};

TEST_F(RestTest, BindsPathsAndAdditionalBindings) {
  EXPECT_EQ(Call(Method::kGet, "/test/v1/shelves/a/books/b"), "GetBook name: \"shelves/a/books/b\"");
  EXPECT_EQ(Call(Method::kGet, "/test/v1/books/b"), "GetBook name: \"books/b\"");
  EXPECT_EQ(Call(Method::kGet, "/test/v1/shelves/a/books:count"), "no route") << "for processes of the suite only";
}

TEST_F(RestTest, BindsQueries) {
  EXPECT_EQ(
      Call(Method::kGet,
           "/test/v1/shelves/a/books?pageSize=5&page_token=x%2By&genres=GENRE_NOVEL&genres=2&publishedAfter=2026-09-01T00:00:00Z"
           "&readMask=pageCount,author.displayName&author.mentor.birthYear=1900&lent=false&acquired.year=2026"),
      "ListBooks parent: \"shelves/a\" page_size: 5 page_token: \"x+y\" genres: GENRE_NOVEL genres: GENRE_POETRY "
      "published_after { seconds: 1788220800 } read_mask { paths: \"page_count\" paths: \"author.display_name\" } "
      "author { mentor { birth_year: 1900 } } lent { } acquired { year: 2026 }");
}

TEST_F(RestTest, RefusesBadQueries) {
  EXPECT_EQ(
      Call(Method::kGet,
           "/test/v1/shelves/a/books?nope=1&pageSize=x&author.nope=2&parent=p&acquired=2026&pageToken=1&pageToken=2&labels=3"),
      "nope: is not a query parameter of this method; pageSize: must be a whole number of 32 bits; "
      "author.nope: is not a query parameter of this method; parent: cannot be given in the query; "
      "acquired: cannot be given as a whole; name one of its fields; pageToken: is given twice; "
      "labels: cannot be given as a whole; name one of its fields; ");
  EXPECT_EQ(Call(Method::kGet, "/test/v1/shelves/a/books?x=%zz"), "query: is not well encoded, or has too many parameters; ");
  EXPECT_EQ(Call(Method::kPost, "/test/v1/shelves/a/books?book.title=x", "{}"), "book.title: cannot be given in the query; ");
  EXPECT_EQ(Call(Method::kPost, "/test/v1/shelves/a/books/b:move?shelf=x", "{}"), "shelf: cannot be given in the query; ");
}

TEST_F(RestTest, BindsBodies) {
  EXPECT_EQ(Call(Method::kPost, "/test/v1/shelves/a/books?bookId=b&validateOnly=true", "{\"title\":\"T\"}"),
            "CreateBook parent: \"shelves/a\" book { title: \"T\" } book_id: \"b\" validate_only: true");
  EXPECT_EQ(Call(Method::kPost, "/test/v1/shelves/a/books/b:move", "{\"shelf\":\"c\",\"name\":\"other\"}"),
            "MoveBook name: \"shelves/a/books/b\" shelf: \"c\"");
  EXPECT_EQ(Call(Method::kPost, "/test/v1/shelves/a/books/b:move"), "MoveBook name: \"shelves/a/books/b\"");
  EXPECT_EQ(Call(Method::kPatch, "/test/v1/shelves/a/books/b?updateMask=title", "{\"title\":\"T\"}"),
            "UpdateBook book { name: \"shelves/a/books/b\" title: \"T\" } update_mask { paths: \"title\" }");
  EXPECT_EQ(Call(Method::kPatch, "/test/v1/shelves/a/books/b", "{\"titel\":\"T\"}"), "book.titel: is not a field; ");
  EXPECT_EQ(Call(Method::kGet, "/test/v1/shelves/a/books/b", "{}"), "body: is not taken by this method; ");
}

TEST_F(RestTest, HeadersFillTheirFields) {
  EXPECT_EQ(Call(Method::kDelete, "/test/v1/shelves/a/books/b", "", {{"If-Match", "\"7\""}, {"Idempotency-Key", "u"}}),
            "DeleteBook name: \"shelves/a/books/b\" etag: \"\\\"7\\\"\" request_id: \"u\"");
  EXPECT_EQ(Call(Method::kPatch, "/test/v1/shelves/a/books/b", "{}", {{"If-Match", "\"7\""}}),
            "UpdateBook book { name: \"shelves/a/books/b\" etag: \"\\\"7\\\"\" }");
  EXPECT_EQ(Call(Method::kPost, "/test/v1/shelves/a/books", "{}", {{"If-Match", "\"7\""}}),
            "CreateBook parent: \"shelves/a\" book { }");
  EXPECT_EQ(Call(Method::kDelete, "/test/v1/shelves/a/books/b?etag=x", "", {{"If-Match", "y"}}),
            "If-Match: differs from the field that it stands for; ");
  EXPECT_EQ(Call(Method::kDelete, "/test/v1/shelves/a/books/b", "", {{"If-Match", "*"}}), "DeleteBook name: \"shelves/a/books/b\"");
}

TEST_F(RestTest, KnowsTheAnswersShape) {
  EXPECT_EQ(table.binding(table.Match(Method::kGet, "/test/v1/books/b").route).response_etag, 100u);
  const RestBinding& titles = table.binding(table.Match(Method::kGet, "/test/v1/shelves/a/titles").route);
  ASSERT_NE(titles.response_field, nullptr);
  EXPECT_EQ(titles.response_field->number, 1u);
  EXPECT_EQ(titles.grpc_path, "/fivestrand.gateway.test.v1.LibraryService/ReadTitles");
  EXPECT_EQ(titles.pattern, "/test/v1/{parent=shelves/*}/titles");
}

TEST_F(RestTest, TwoServicesMayNotClaimTheSamePath) {
  const auto* service = Pool()->FindServiceByName("fivestrand.gateway.test.v1.LibraryService");
  EXPECT_EQ(RestTable::Build({service, service}, &plans).status().code(), absl::StatusCode::kAlreadyExists);
}

TEST(IsJsonType, KnowsParameters) {
  EXPECT_TRUE(IsJsonType("application/json"));
  EXPECT_TRUE(IsJsonType("Application/JSON ; charset=utf-8"));
  EXPECT_FALSE(IsJsonType("text/plain"));
  EXPECT_FALSE(IsJsonType("application/jsonx"));
  EXPECT_FALSE(IsJsonType(""));
}

// The bytes of every kind of error are part of the contract. FIVESTRAND_UPDATE_GOLDEN=1 writes the files anew.
class GoldenError : public testing::TestWithParam<std::pair<const char*, absl::Status>> {};

TEST_P(GoldenError, HasTheseBytes) {
  PlanSet plans(Pool());
  const JsonWriter writer(&plans);
  const auto& [name, status] = GetParam();
  const http::Response response = ErrorResponse(writer, status, "req-1");
  const std::string actual = std::to_string(response.status) + "\n" + response.headers.text() + "\n" + response.body + "\n";
  const std::string path = std::string("gateway/src/transcode/testdata/errors/") + name + ".txt";
  if (std::getenv("FIVESTRAND_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << actual;
  std::ifstream file(path);
  std::stringstream expected;
  expected << file.rdbuf();
  EXPECT_EQ(expected.str(), actual) << path;
}

status::FieldViolations TwoFields() {
  status::FieldViolations bad;
  bad.Add("drop_in.went_well", "must not be longer than 4000 characters");
  bad.Add("drop_in.start_time", "is required");
  return bad;
}

INSTANTIATE_TEST_SUITE_P(
    ErrorResponse, GoldenError,
    testing::Values(std::pair("invalid_fields", TwoFields().ToStatus()),
                    std::pair("malformed_body", status::Invalid(status::Reason::kMalformedBody, "body", "is not valid JSON")),
                    std::pair("unauthenticated", status::Unauthenticated("sign in first")),
                    std::pair("denied", status::Denied("leadership.dropIns.create")),
                    std::pair("not_found", status::NotFound("fivestrand/DropIn", "trusts/acorn/schools/north/dropIns/1")),
                    std::pair("exists", status::AlreadyExists("fivestrand/DropIn", "trusts/acorn/schools/north/dropIns/1")),
                    std::pair("stale_etag", status::StaleEtag("trusts/acorn/schools/north/dropIns/1")),
                    std::pair("precondition",
                              status::Precondition("VISIT_CLOSED", "trusts/acorn/schools/north/visits/1", "the visit is complete")),
                    std::pair("exhausted", status::Exhausted(status::Reason::kOverloaded, "too many calls", absl::Seconds(2))),
                    std::pair("unavailable", status::Unavailable(status::Reason::kUpstreamUnavailable, "leadership does not answer",
                                                                 absl::Milliseconds(500))),
                    std::pair("deadline", status::DeadlineExceeded()), std::pair("unimplemented", status::Unimplemented("a.B/C")),
                    std::pair("internal", status::Internal("SELECT secret"))),
    [](const auto& info) { return std::string(info.param.first); });

}  // namespace
}  // namespace fivestrand::gateway::transcode
