// The portal's files, held in memory: only what was read at the start can be served, so no path leads anywhere else.
#ifndef FIVESTRAND_GATEWAY_SRC_STATIC_FILE_SET_H_
#define FIVESTRAND_GATEWAY_SRC_STATIC_FILE_SET_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"

namespace fivestrand::gateway::files {

struct File {
  std::string content_type;
  std::string cache_control;
  // Strong, with quotes. Each encoding is another representation and has its own.
  std::string etag, brotli_etag, gzip_etag;
  std::shared_ptr<const std::string> plain;
  // Null when the file does not get smaller.
  std::shared_ptr<const std::string> brotli, gzip;
};

struct FileSetOptions {
  size_t max_files = 5000;
  size_t max_bytes = 256 * 1024 * 1024;
};

// Immutable once loaded.
class FileSet {
 public:
  // Reads the regular files under `directory`; names with a leading dot and links are left out. `x.br` and `x.gz` beside an `x` are
  // its precompressed forms; without them text is compressed here. INVALID_ARGUMENT when there is no index.html or too much.
  static absl::StatusOr<FileSet> Load(const std::string& directory, const FileSetOptions& options = {});

  // `name` begins with '/'. Null when there is no such file.
  const File* Find(std::string_view name) const;
  size_t size() const { return files_.size(); }

 private:
  absl::flat_hash_map<std::string, File> files_;
};

// By the extension; application/octet-stream when unknown.
std::string_view ContentTypeOf(std::string_view name);

}  // namespace fivestrand::gateway::files

#endif  // FIVESTRAND_GATEWAY_SRC_STATIC_FILE_SET_H_
