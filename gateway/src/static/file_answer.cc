#include "gateway/src/static/file_answer.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

#include "gateway/src/http/uri.h"
#include "platform/status/views.h"

namespace fivestrand::gateway::files {
namespace {

// Whether an Accept-Encoding lists the coding with a weight above zero. A '*' is not taken up: plain is always right.
bool Accepts(std::string_view accept_encoding, absl::string_view coding) {
  for (absl::string_view part : absl::StrSplit(AbslView(accept_encoding), ',')) {
    const std::vector<absl::string_view> pieces = absl::StrSplit(part, ';');
    if (!absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(pieces[0]), coding)) continue;
    for (size_t i = 1; i < pieces.size(); ++i) {
      const absl::string_view weight = absl::StripAsciiWhitespace(pieces[i]);
      double value = 1;
      if (absl::StartsWithIgnoreCase(weight, "q=") && absl::SimpleAtod(weight.substr(2), &value) && value <= 0) return false;
    }
    return true;
  }
  return false;
}

bool Matches(std::string_view if_none_match, const std::string& etag) {
  for (absl::string_view part : absl::StrSplit(AbslView(if_none_match), ',')) {
    part = absl::StripAsciiWhitespace(part);
    if (absl::StartsWith(part, "W/")) part.remove_prefix(2);
    if (part == etag || part == "*") return true;
  }
  return false;
}

bool IsUnder(std::string_view path, std::string_view root) {
  return path.substr(0, root.size()) == root && (path.size() == root.size() || path[root.size()] == '/');
}

bool MayFallBack(std::string_view path, const http::Request& request) {
  for (std::string_view root : {"/v1", "/auth", "/assets", "/.well-known"}) {
    if (IsUnder(path, root)) return false;
  }
  return absl::StrContains(AbslView(request.headers.Get("accept")), "text/html");
}

http::Response Plain(int status, std::string_view text) {
  http::Response response;
  response.status = status;
  response.headers.Add("Content-Type", "text/plain; charset=utf-8").Add("Cache-Control", "no-store");
  response.body = std::string(text);
  return response;
}

}  // namespace

FileAnswer AnswerFile(const FileSet& files, const http::Request& request) {
  FileAnswer answer;
  answer.pattern = "(no file)";
  if (request.method != http::Method::kGet && request.method != http::Method::kHead) {
    answer.response = Plain(405, "Method not allowed\n");
    answer.response.headers.Add("Allow", "GET, HEAD");
    return answer;
  }
  const auto path = http::PercentDecode(request.path());
  if (!path) {
    answer.response = Plain(400, "Bad path\n");
    return answer;
  }
  const File* file = files.Find(*path == "/" ? std::string_view("/index.html") : std::string_view(*path));
  answer.pattern = IsUnder(*path, "/assets") ? "/assets/*" : "/*";
  if (file == nullptr && MayFallBack(*path, request)) {
    file = files.Find("/index.html");
    answer.pattern = "(page)";
  }
  if (file == nullptr) {
    answer.pattern = "(no file)";
    answer.response = Plain(404, "Not found\n");
    return answer;
  }

  const std::string_view accepts = request.headers.Get("accept-encoding");
  std::shared_ptr<const std::string> body = file->plain;
  const std::string* etag = &file->etag;
  std::string_view encoding;
  if (file->brotli != nullptr && Accepts(accepts, "br")) {
    body = file->brotli;
    etag = &file->brotli_etag;
    encoding = "br";
  } else if (file->gzip != nullptr && Accepts(accepts, "gzip")) {
    body = file->gzip;
    etag = &file->gzip_etag;
    encoding = "gzip";
  }
  http::Response& response = answer.response;
  response.headers.Add("ETag", *etag).Add("Cache-Control", file->cache_control).Add("Vary", "Accept-Encoding");
  if (const auto known = request.headers.Find("if-none-match"); known && Matches(*known, *etag)) {
    response.status = 304;
    return answer;
  }
  response.headers.Add("Content-Type", file->content_type);
  if (!encoding.empty()) response.headers.Add("Content-Encoding", encoding);
  response.shared_body = std::move(body);
  return answer;
}

}  // namespace fivestrand::gateway::files
