#include "gateway/src/static/file_set.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <openssl/evp.h>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "gateway/src/static/compress.h"
#include "platform/status/views.h"

namespace fivestrand::gateway::files {
namespace {

namespace fs = std::filesystem;

constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
    {"html", "text/html; charset=utf-8"},
    {"js", "text/javascript; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"json", "application/json"},
    {"map", "application/json"},
    {"webmanifest", "application/manifest+json"},
    {"svg", "image/svg+xml"},
    {"txt", "text/plain; charset=utf-8"},
    {"xml", "application/xml"},
    {"wasm", "application/wasm"},
    {"png", "image/png"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"webp", "image/webp"},
    {"avif", "image/avif"},
    {"gif", "image/gif"},
    {"ico", "image/x-icon"},
    {"woff2", "font/woff2"},
    {"woff", "font/woff"},
    {"ttf", "font/ttf"},
    {"pdf", "application/pdf"},
};

bool IsText(std::string_view content_type) {
  for (std::string_view text :
       {"text/", "application/json", "application/manifest", "image/svg", "application/xml", "application/wasm", "font/ttf"}) {
    if (content_type.substr(0, text.size()) == text) return true;
  }
  return false;
}

std::string Digest(const std::string& data) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  EVP_Digest(data.data(), data.size(), digest.data(), &size, EVP_sha256(), nullptr);
  return absl::WebSafeBase64Escape(absl::string_view(reinterpret_cast<const char*>(digest.data()), 15));
}

// A name under /assets/ holds a hash of the content, so what it names never changes; everything else is asked for again each time.
std::string CacheControl(const std::string& name) {
  return name.compare(0, 8, "/assets/") == 0 ? "public, max-age=31536000, immutable" : "no-cache";
}

absl::StatusOr<std::string> Read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) return absl::UnavailableError(absl::StrCat("cannot read ", path.string()));
  return content;
}

std::shared_ptr<const std::string> Share(std::optional<std::string> content) {
  return content ? std::make_shared<const std::string>(*std::move(content)) : nullptr;
}

// Names of the regular files under a directory, with their leading '/'.
absl::StatusOr<std::set<std::string>> ListNames(const std::string& directory, const FileSetOptions& options) {
  std::set<std::string> names;
  std::error_code error;
  uintmax_t bytes = 0;
  fs::recursive_directory_iterator it(directory, error), end;
  while (!error && it != end) {
    const std::string leaf = it->path().filename().string();
    if (leaf.front() == '.') {
      it.disable_recursion_pending();
    } else if (it->symlink_status(error).type() == fs::file_type::regular) {
      bytes += it->file_size(error);
      names.insert("/" + fs::relative(it->path(), directory, error).generic_string());
      if (names.size() > options.max_files || bytes > options.max_bytes) {
        return absl::InvalidArgumentError(absl::StrCat("too much to serve in ", directory));
      }
    }
    if (!error) it.increment(error);
  }
  if (error) return absl::InvalidArgumentError(absl::StrCat("cannot read the directory ", directory, ": ", error.message()));
  return names;
}

}  // namespace

std::string_view ContentTypeOf(std::string_view name) {
  const size_t dot = name.rfind('.');
  const std::string extension = dot == std::string_view::npos ? "" : absl::AsciiStrToLower(AbslView(name.substr(dot + 1)));
  for (const auto& [known, type] : kTypes) {
    if (known == extension) return type;
  }
  return "application/octet-stream";
}

absl::StatusOr<FileSet> FileSet::Load(const std::string& directory, const FileSetOptions& options) {
  absl::StatusOr<std::set<std::string>> names = ListNames(directory, options);
  if (!names.ok()) return names.status();
  FileSet set;
  for (const std::string& name : *names) {
    const bool compressed = name.ends_with(".br") || name.ends_with(".gz");
    if (compressed && names->contains(name.substr(0, name.size() - 3))) continue;
    absl::StatusOr<std::string> content = Read(directory + name);
    if (!content.ok()) return content.status();
    File file;
    file.content_type = std::string(ContentTypeOf(name));
    file.cache_control = CacheControl(name);
    const std::string digest = Digest(*content);
    file.etag = absl::StrCat("\"", digest, "\"");
    file.brotli_etag = absl::StrCat("\"", digest, "-br\"");
    file.gzip_etag = absl::StrCat("\"", digest, "-gz\"");
    for (const auto& [suffix, form, make] : {std::tuple(".br", &file.brotli, &Brotli), std::tuple(".gz", &file.gzip, &Gzip)}) {
      if (names->contains(name + suffix)) {
        absl::StatusOr<std::string> beside = Read(directory + name + suffix);
        if (!beside.ok()) return beside.status();
        *form = Share(*std::move(beside));
      } else if (IsText(file.content_type)) {
        *form = Share(make(*content));
      }
    }
    file.plain = Share(*std::move(content));
    set.files_.emplace(name, std::move(file));
  }
  if (set.Find("/index.html") == nullptr) return absl::InvalidArgumentError(absl::StrCat("there is no index.html in ", directory));
  return set;
}

const File* FileSet::Find(std::string_view name) const {
  const auto found = files_.find(AbslView(name));
  return found == files_.end() ? nullptr : &found->second;
}

}  // namespace fivestrand::gateway::files
