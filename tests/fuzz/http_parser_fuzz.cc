// Requests in any bytes, in one piece and cut in two at any place: a request that is read one way is read the same the other way,
// and a body keeps to its limit. When an error is noticed may depend on the cut, and the limit of the header is exact only to the
// length of a piece; else whether there is a request may not.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gateway/src/http/parser.h"

namespace {

using fivestrand::gateway::http::ParserLimits;
using fivestrand::gateway::http::Request;
using fivestrand::gateway::http::RequestParser;
using Progress = RequestParser::Progress;

constexpr size_t kBodyLimit = 512;

struct Outcome {
  Progress progress = Progress::kNeedMore;
  Request request;
  bool header_too_large = false;
};

class Reader {
 public:
  Reader() : parser_(ParserLimits{.header_bytes = 2048, .header_fields = 20}) { parser_.Begin(&outcome_.request); }

  // What the reader did not take stands in front of what comes next.
  void Feed(std::string_view data) {
    waiting_.append(data);
    while (outcome_.progress == Progress::kNeedMore) {
      size_t consumed = 0;
      outcome_.progress = parser_.Feed(waiting_, &consumed);
      if (consumed > waiting_.size()) abort();
      waiting_.erase(0, consumed);
      if (outcome_.progress == Progress::kHeaderDone) outcome_.progress = parser_.AllowBody(kBodyLimit);
      if (outcome_.progress == Progress::kNeedMore && (consumed == 0 || waiting_.empty())) return;
    }
  }

  const Outcome& Finish() {
    if (outcome_.progress == Progress::kError && (parser_.error_status() < 400 || parser_.error_status() > 599)) abort();
    outcome_.header_too_large = outcome_.progress == Progress::kError && parser_.error_status() == 431;
    if (outcome_.request.body.size() > kBodyLimit) abort();
    return outcome_;
  }

 private:
  RequestParser parser_;
  Outcome outcome_;
  std::string waiting_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  const size_t cut = text.empty() ? 0 : (data[0] * 256u + data[1]) % (text.size() + 1);
  Reader whole, halves;
  whole.Feed(text);
  halves.Feed(text.substr(0, cut));
  halves.Feed(text.substr(cut));
  const Outcome& a = whole.Finish();
  const Outcome& b = halves.Finish();
  if (a.header_too_large || b.header_too_large) return 0;
  if ((a.progress == Progress::kDone) != (b.progress == Progress::kDone)) abort();
  if (a.progress == Progress::kDone && (a.request.target != b.request.target || a.request.body != b.request.body)) abort();
  return 0;
}
