#include "gateway/src/http/parser.h"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>
#include <new>
#include <utility>

#include "absl/strings/match.h"

#include "platform/status/views.h"

namespace fivestrand::gateway::http {
namespace {

namespace beast_http = boost::beast::http;
using boost::beast::error_code;

std::string_view View(boost::beast::string_view s) {
  return {s.data(), s.size()};
}

// The largest body that memory is set aside for before it has arrived.
constexpr size_t kReserveAhead = 256 * 1024;

class Core final : public beast_http::basic_parser<true> {
 public:
  Core(const ParserLimits& limits, Request* request) : limits_(limits), request_(request) {
    header_limit(static_cast<uint32_t>(limits.header_bytes));
    // The limit is ours, per route. An absent limit would compare as smaller than every length.
    body_limit(std::numeric_limits<uint64_t>::max());
    eager(false);
  }

  size_t body_allowed = 0;
  size_t body_taken = 0;
  int status = 0;
  std::string_view detail;
  bool expects_continue = false;

  void Fail(int with_status, std::string_view with_detail, error_code& ec) {
    if (status == 0) {
      status = with_status;
      detail = with_detail;
    }
    ec = beast_http::error::bad_value;
  }

 private:
  void on_request_impl(beast_http::verb, boost::beast::string_view method, boost::beast::string_view target, int version,
                       error_code& ec) override {
    request_->method = ParseMethod(View(method));
    request_->version = version;
    std::string_view text = View(target);
    if (!text.starts_with('/')) {
      // Absolute form, which a proxy may send: the authority is of no interest here.
      const size_t scheme = text.find("://");
      if (absl::StartsWithIgnoreCase(AbslView(text), "http") && scheme != std::string_view::npos && scheme <= 5) {
        const size_t path = text.find('/', scheme + 3);
        text = path == std::string_view::npos ? std::string_view("/") : text.substr(path);
      } else if (!(text == "*" && request_->method == Method::kOptions)) {
        return Fail(400, "The request target is not a path.", ec);
      }
    }
    if (text.find('#') != std::string_view::npos) return Fail(400, "The request target holds a fragment.", ec);
    request_->target.assign(text);
  }

  void on_field_impl(beast_http::field field, boost::beast::string_view name, boost::beast::string_view value,
                     error_code& ec) override {
    if (header_complete_) return;  // Trailers of a chunked body must not become header fields.
    if (request_->headers.size() >= limits_.header_fields) return Fail(431, "Too many header fields.", ec);
    if (field == beast_http::field::transfer_encoding && !absl::EqualsIgnoreCase(AbslView(View(value)), "chunked")) {
      // Anything else would leave two parties with two ideas of where the body ends.
      return Fail(501, "This transfer encoding is not supported.", ec);
    }
    if (field == beast_http::field::expect) {
      if (!absl::EqualsIgnoreCase(AbslView(View(value)), "100-continue")) return Fail(417, "This expectation cannot be met.", ec);
      expects_continue = true;
    }
    request_->headers.Add(View(name), View(value));
  }

  void on_header_impl(error_code& ec) override {
    header_complete_ = true;
    const size_t hosts = request_->headers.Count("host");
    if (hosts > 1 || (hosts == 0 && request_->version == 11)) return Fail(400, "Exactly one Host header is needed.", ec);
    if (chunked() && request_->version == 10) return Fail(400, "HTTP/1.0 has no transfer encoding.", ec);
  }

  void on_body_init_impl(boost::optional<uint64_t> const& length, error_code& ec) override {
    if (length) request_->body.reserve(std::min<uint64_t>(*length, kReserveAhead));
  }

  size_t Append(boost::beast::string_view data, error_code& ec) {
    if (data.size() > body_allowed - body_taken) {
      Fail(413, "The body is too large.", ec);
      return 0;
    }
    body_taken += data.size();
    request_->body.append(data.data(), data.size());
    return data.size();
  }
  size_t on_body_impl(boost::beast::string_view data, error_code& ec) override { return Append(data, ec); }
  size_t on_chunk_body_impl(uint64_t, boost::beast::string_view data, error_code& ec) override { return Append(data, ec); }
  void on_chunk_header_impl(uint64_t size, boost::beast::string_view, error_code& ec) override {
    if (size > body_allowed - body_taken) Fail(413, "The body is too large.", ec);
  }

  void on_response_impl(int, boost::beast::string_view, int, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  const ParserLimits& limits_;
  Request* const request_;
  bool header_complete_ = false;
};

}  // namespace

struct RequestParser::Impl {
  explicit Impl(const ParserLimits& l) : limits(l) {}
  const ParserLimits limits;
  std::optional<Core> core;
  bool header_reported = false;

  Progress Error(const error_code& ec) {
    using beast_http::error;
    if (core->status != 0) return Progress::kError;
    if (ec == error::header_limit) {
      core->status = 431;
      core->detail = "The header is too large.";
    } else if (ec == error::body_limit) {
      core->status = 413;
      core->detail = "The body is too large.";
    } else if (ec == error::bad_version) {
      core->status = 505;
      core->detail = "Only HTTP/1.1 and HTTP/1.0 are spoken here.";
    } else {
      core->status = 400;
      core->detail = "The request is not valid HTTP.";
    }
    return Progress::kError;
  }
};

RequestParser::RequestParser(const ParserLimits& limits) : impl_(std::make_unique<Impl>(limits)) {}
RequestParser::~RequestParser() = default;

void RequestParser::Begin(Request* request) {
  impl_->core.emplace(impl_->limits, request);
  impl_->header_reported = false;
}

RequestParser::Progress RequestParser::Feed(std::string_view data, size_t* consumed) {
  Core& core = *impl_->core;
  if (core.status != 0) return Progress::kError;
  for (;;) {
    if (core.is_done()) return Progress::kDone;
    error_code ec;
    const size_t taken = core.put(boost::asio::const_buffer(data.data(), data.size()), ec);
    *consumed += taken;
    data.remove_prefix(taken);
    if (ec == beast_http::error::need_more) return Progress::kNeedMore;
    if (ec) return impl_->Error(ec);
    if (core.is_done()) return Progress::kDone;
    if (core.is_header_done() && !impl_->header_reported) {
      impl_->header_reported = true;
      return Progress::kHeaderDone;
    }
    if (data.empty()) return Progress::kNeedMore;
  }
}

RequestParser::Progress RequestParser::AllowBody(size_t limit) {
  Core& core = *impl_->core;
  core.body_allowed = limit;
  const auto length = content_length();
  if (length && *length > limit) {
    core.status = 413;
    core.detail = "The body is too large.";
    return Progress::kError;
  }
  return Progress::kNeedMore;
}

bool RequestParser::in_header() const {
  return impl_->core && !impl_->core->is_header_done();
}

std::optional<uint64_t> RequestParser::content_length() const {
  if (!impl_->core->is_header_done()) return std::nullopt;
  const auto length = impl_->core->content_length();
  return length ? std::optional<uint64_t>(*length) : std::nullopt;
}

bool RequestParser::keep_alive() const {
  return impl_->core->is_header_done() && impl_->core->status == 0 && impl_->core->keep_alive();
}
bool RequestParser::expects_continue() const {
  return impl_->core->expects_continue;
}
int RequestParser::error_status() const {
  return impl_->core->status;
}
std::string_view RequestParser::error_detail() const {
  return impl_->core->detail;
}

}  // namespace fivestrand::gateway::http
