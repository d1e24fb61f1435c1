// Answers requests for the portal's files.
#ifndef FIVESTRAND_GATEWAY_SRC_STATIC_FILE_ANSWER_H_
#define FIVESTRAND_GATEWAY_SRC_STATIC_FILE_ANSWER_H_

#include <string_view>

#include "gateway/src/http/message.h"
#include "gateway/src/static/file_set.h"

namespace fivestrand::gateway::files {

struct FileAnswer {
  http::Response response;
  std::string_view pattern;  // for the access log
};

// GET and HEAD: the file, in the best encoding that the client takes; 304 when it has it already. A navigation (Accept: text/html)
// to a path that is no file gets index.html, unless the path is one of the API's or of the assets. Everything else: 404 or 405.
FileAnswer AnswerFile(const FileSet& files, const http::Request& request);

}  // namespace fivestrand::gateway::files

#endif  // FIVESTRAND_GATEWAY_SRC_STATIC_FILE_ANSWER_H_
