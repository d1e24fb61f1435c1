#include <brotli/decode.h>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "gateway/src/static/file_answer.h"

namespace fivestrand::gateway::files {
namespace {

using testing::HasSubstr;
using testing::Not;

class FileTest : public testing::Test {
 protected:
  FileTest() : directory(testing::TempDir() + "gateway_file_test_" + std::to_string(getpid())) {
    Write("index.html", "<!doctype html>" + std::string(1000, ' ') + "<title>Portal</title>");
    Write("assets/app-1a2b3c.js", std::string(5000, 'x'));
    Write("assets/app-1a2b3c.js.br", "brotli made by the build");
    Write("assets/logo-9f.png", std::string(3000, 'p'));
    Write("sw.js", "self.skipWaiting();");
    Write(".secret", "no");
    Write(".git/config", "no");
    Write("with space.txt", "text");
    std::filesystem::create_symlink("/etc/hostname", directory + "/link.txt");
  }
  ~FileTest() override { std::filesystem::remove_all(directory); }

  void Write(const std::string& name, const std::string& content) {
    std::filesystem::create_directories(std::filesystem::path(directory + "/" + name).parent_path());
    std::ofstream(directory + "/" + name) << content;
  }

  FileAnswer Get(std::string target, std::vector<std::pair<std::string, std::string>> headers = {},
                 http::Method method = http::Method::kGet) {
    if (!files) {
      auto loaded = FileSet::Load(directory);
      EXPECT_TRUE(loaded.ok()) << loaded.status();
      files = *std::move(loaded);
    }
    http::Request request;
    request.method = method;
    request.target = std::move(target);
    for (const auto& [name, value] : headers) request.headers.Add(name, value);
    return AnswerFile(*files, request);
  }

  const std::string directory;
  std::optional<FileSet> files;
};

TEST_F(FileTest, ServesFilesWithTheirTypeAndCaching) {
  auto answer = Get("/");
  EXPECT_EQ(answer.response.status, 200);
  EXPECT_THAT(std::string(answer.response.body_view()), HasSubstr("<title>Portal"));
  EXPECT_THAT(answer.response.headers.text(), HasSubstr("Content-Type: text/html; charset=utf-8\r\n"));
  EXPECT_THAT(answer.response.headers.text(), HasSubstr("Cache-Control: no-cache\r\n"));
  answer = Get("/assets/app-1a2b3c.js");
  EXPECT_THAT(answer.response.headers.text(), HasSubstr("Cache-Control: public, max-age=31536000, immutable\r\n"));
  EXPECT_THAT(answer.response.headers.text(), HasSubstr("Vary: Accept-Encoding\r\n"));
  EXPECT_EQ(answer.pattern, "/assets/*");
  EXPECT_THAT(Get("/sw.js").response.headers.text(), HasSubstr("Cache-Control: no-cache\r\n"));
  EXPECT_EQ(Get("/with%20space.txt").response.status, 200);
}

TEST_F(FileTest, ChoosesTheEncoding) {
  auto answer = Get("/assets/app-1a2b3c.js", {{"Accept-Encoding", "gzip, br;q=0.8"}});
  EXPECT_EQ(answer.response.body_view(), "brotli made by the build");
  EXPECT_THAT(answer.response.headers.text(), HasSubstr("Content-Encoding: br\r\n"));
  answer = Get("/assets/app-1a2b3c.js", {{"Accept-Encoding", "br;q=0, GZIP"}});
  EXPECT_THAT(answer.response.headers.text(), HasSubstr("Content-Encoding: gzip\r\n"));
  EXPECT_LT(answer.response.body_view().size(), 1000u);
  EXPECT_THAT(Get("/assets/app-1a2b3c.js", {{"Accept-Encoding", "deflate"}}).response.headers.text(),
              Not(HasSubstr("Content-Encoding")));
  EXPECT_THAT(Get("/assets/logo-9f.png", {{"Accept-Encoding", "br"}}).response.headers.text(), Not(HasSubstr("Content-Encoding")));
  answer = Get("/", {{"Accept-Encoding", "br"}});
  std::string plain(10000, '\0');
  size_t size = plain.size();
  const std::string_view body = answer.response.body_view();
  ASSERT_EQ(BrotliDecoderDecompress(body.size(), reinterpret_cast<const uint8_t*>(body.data()), &size,
                                    reinterpret_cast<uint8_t*>(plain.data())),
            BROTLI_DECODER_RESULT_SUCCESS);
  EXPECT_THAT(plain.substr(0, size), HasSubstr("<title>Portal"));
  EXPECT_EQ(Get("/assets/app-1a2b3c.js.br").response.status, 404) << "served as an encoding only";
}

TEST_F(FileTest, KnowsWhatTheClientHas) {
  const auto etag_of = [](const FileAnswer& answer) {
    const std::string& text = answer.response.headers.text();
    const size_t begin = text.find("ETag: ") + 6;
    return text.substr(begin, text.find("\r\n", begin) - begin);
  };
  const std::string plain = etag_of(Get("/")), brotli = etag_of(Get("/", {{"Accept-Encoding", "br"}}));
  EXPECT_NE(plain, brotli);
  auto answer = Get("/", {{"If-None-Match", "\"x\", W/" + plain}});
  EXPECT_EQ(answer.response.status, 304);
  EXPECT_EQ(answer.response.body_view(), "");
  EXPECT_EQ(Get("/", {{"If-None-Match", brotli}}).response.status, 200);
}

TEST_F(FileTest, FallsBackForNavigationsOnly) {
  const std::vector<std::pair<std::string, std::string>> navigation = {{"Accept", "text/html,application/xhtml+xml"}};
  const auto answer = Get("/schools/north/day?x=1", navigation);
  EXPECT_EQ(answer.response.status, 200);
  EXPECT_THAT(std::string(answer.response.body_view()), HasSubstr("<title>Portal"));
  EXPECT_EQ(answer.pattern, "(page)");
  for (const char* never : {"/v1/nothing", "/v1", "/auth/x", "/assets/gone-1.js", "/.well-known/x"}) {
    EXPECT_EQ(Get(never, navigation).response.status, 404) << never;
  }
  EXPECT_EQ(Get("/v1x", navigation).response.status, 200);
  EXPECT_EQ(Get("/schools/north", {{"Accept", "application/json"}}).response.status, 404);
}

TEST_F(FileTest, ServesNothingElse) {
  for (const char* path : {"/.secret", "/.git/config", "/link.txt", "/../etc/hostname", "/%2e%2e/etc/hostname",
                           "/assets/../.secret", "//index.html", "/index.html/", "/assets", "/assets/"}) {
    EXPECT_EQ(Get(path).response.status, 404) << path;
  }
  EXPECT_EQ(Get("/%00").response.status, 400);
  const auto answer = Get("/", {}, http::Method::kPost);
  EXPECT_EQ(answer.response.status, 405);
  EXPECT_THAT(answer.response.headers.text(), HasSubstr("Allow: GET, HEAD\r\n"));
}

TEST_F(FileTest, RefusesWhatIsNoPortal) {
  EXPECT_FALSE(FileSet::Load(directory + "/assets").ok()) << "no index.html";
  EXPECT_FALSE(FileSet::Load(directory + "/nowhere").ok());
  FileSetOptions small;
  small.max_bytes = 100;
  EXPECT_FALSE(FileSet::Load(directory, small).ok());
}

}  // namespace
}  // namespace fivestrand::gateway::files
