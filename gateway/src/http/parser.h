// HTTP/1.x request parsing with limits. The grammar is Boost.Beast's; what it lets through that a proxy must not is refused here.
#ifndef FIVESTRAND_GATEWAY_SRC_HTTP_PARSER_H_
#define FIVESTRAND_GATEWAY_SRC_HTTP_PARSER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "gateway/src/http/message.h"

namespace fivestrand::gateway::http {

struct ParserLimits {
  size_t header_bytes = 16 * 1024;
  size_t header_fields = 100;
};

// Reads one request after another. Not thread-safe.
class RequestParser {
 public:
  enum class Progress {
    kNeedMore,    // feed again with what was not consumed and more behind it
    kHeaderDone,  // the header is complete and a body follows: call AllowBody, then feed on
    kDone,        // the request is complete
    kError,       // error_status() says what to answer; nothing more can be read
  };

  explicit RequestParser(const ParserLimits& limits);
  ~RequestParser();

  // Starts the next request, which is written into `*request`. Its body may be taken out between two calls of Feed.
  void Begin(Request* request);

  // Takes what it can from the front of `data` and adds the number of bytes taken to `*consumed`.
  Progress Feed(std::string_view data, size_t* consumed);

  // After kHeaderDone: refuses with kError 413 when the announced length is larger; a chunked body is cut off when it grows past.
  Progress AllowBody(size_t limit);

  // Whether any byte of the present request was taken or seen.
  bool in_header() const;
  std::optional<uint64_t> content_length() const;
  bool keep_alive() const;
  bool expects_continue() const;

  int error_status() const;
  std::string_view error_detail() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fivestrand::gateway::http

#endif  // FIVESTRAND_GATEWAY_SRC_HTTP_PARSER_H_
