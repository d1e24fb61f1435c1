#include "gateway/src/http/connection_exchange.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "platform/status/views.h"

namespace fivestrand::gateway::http {
namespace {

// A body up to this size goes out in one piece with its header: a copy is cheaper than a second buffer.
constexpr size_t kInlineBody = 8 * 1024;

bool ForbidsBody(int status) {
  return status == 204 || status == 304 || status < 200;
}

}  // namespace

ConnectionExchange::~ConnectionExchange() {
  // A handler that forgot its request must not leave the peer waiting.
  if (connection_->current_ == this) {
    connection_->current_ = nullptr;
    if (!done_ && !aborted_) {
      Report(started_ ? status_ : 500);
      connection_->Close();
    }
  }
}

void ConnectionExchange::MarkStart(TimePoint now, bool keep_alive, bool body_follows) {
  start_ = now;
  keep_alive_ = keep_alive;
  body_follows_ = body_follows;
  request_bytes_ = request_.body.size();
}

void ConnectionExchange::ReadBody(absl::AnyInvocable<void(BodyPart)> got) {
  if (!Live()) return;
  if (!body_follows_) return got({.data = std::move(request_.body), .last = true});
  on_body_ = std::move(got);
  connection_->AskBody();
}

void ConnectionExchange::GiveBody(BodyPart part) {
  request_bytes_ += part.data.size();
  if (part.last) body_follows_ = false;
  absl::AnyInvocable<void(BodyPart)> got = std::move(on_body_);
  on_body_ = nullptr;
  if (got) got(std::move(part));
}

std::string ConnectionExchange::HeadLines(int status, const HeaderBlock& headers, bool keep_alive, size_t extra) const {
  std::string out;
  out.reserve(160 + headers.text().size() + extra);
  absl::StrAppend(&out, "HTTP/1.1 ", status, " ", AbslView(ReasonPhrase(status)), "\r\n");
  out.append(host_->DateLine());
  out.append(headers.text());
  if (!keep_alive) {
    out.append("Connection: close\r\n");
  } else if (request_.version == 10) {
    out.append("Connection: keep-alive\r\n");
  }
  return out;
}

void ConnectionExchange::Respond(Response response) {
  if (!Live() || started_) return;
  started_ = done_ = true;
  status_ = response.status;
  on_body_ = nullptr;
  const bool keep = keep_alive_ && !body_follows_ && !host_->draining();
  const std::string_view body = response.body_view();
  const bool head_only = request_.method == Method::kHead || ForbidsBody(response.status);
  const bool inline_body = !head_only && !response.shared_body && body.size() <= kInlineBody;
  std::string out = HeadLines(response.status, response.headers, keep, inline_body ? body.size() : 0);
  if (response.status >= 200 && response.status != 204 && !(response.status == 304 && !response.announced_length)) {
    absl::StrAppend(&out, "Content-Length: ", response.announced_length.value_or(body.size()), "\r\n\r\n");
  } else {
    out.append("\r\n");
  }
  if (inline_body) out.append(body);
  if (!head_only) sent_ = body.size();
  Report(status_);
  // Sending may end the connection and with it drop this exchange's owner.
  const std::shared_ptr<Connection> connection = connection_;
  connection->Send(std::move(out));
  if (!head_only && !inline_body && !body.empty()) {
    if (response.shared_body) {
      connection->SendShared(std::move(response.shared_body));
    } else {
      connection->Send(std::move(response.body));
    }
  }
  connection->AnswerDone(keep);
}

void ConnectionExchange::Start(ResponseHead head) {
  if (!Live() || started_) return;
  started_ = true;
  status_ = head.status;
  bodiless_ = request_.method == Method::kHead || ForbidsBody(head.status);
  chunked_ = request_.version == 11 && !bodiless_;
  if (body_follows_) keep_alive_ = false;
  if (!chunked_ && !bodiless_) keep_alive_ = false;  // The end of the connection is the end of the body.
  std::string out = HeadLines(head.status, head.headers, keep_alive_ && !host_->draining(), 64);
  if (host_->draining()) keep_alive_ = false;
  out.append(chunked_ ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n");
  connection_->Send(std::move(out));
}

void ConnectionExchange::Write(std::string data) {
  if (!Live() || !started_ || data.empty() || bodiless_) return;
  sent_ += data.size();
  if (!chunked_) {
    connection_->Send(std::move(data));
    return;
  }
  std::string framed;
  framed.reserve(data.size() + 20);
  absl::StrAppend(&framed, absl::Hex(data.size()), "\r\n");
  framed.append(data);
  framed.append("\r\n");
  connection_->Send(std::move(framed));
}

void ConnectionExchange::Finish() {
  if (!Live() || !started_) return;
  done_ = true;
  on_body_ = nullptr;
  Report(status_);
  const std::shared_ptr<Connection> connection = connection_;
  if (chunked_) connection->Send("0\r\n\r\n");
  connection->AnswerDone(keep_alive_ && !host_->draining());
}

size_t ConnectionExchange::buffered() const {
  return Live() ? connection_->out_bytes_ : 0;
}

void ConnectionExchange::WhenWritable(size_t mark, absl::AnyInvocable<void()> ready) {
  if (!Live() || connection_->out_bytes_ < mark) return ready();
  connection_->writable_mark_ = mark;
  connection_->on_writable_ = std::move(ready);
}

void ConnectionExchange::OnDrain(absl::AnyInvocable<void()> draining) {
  if (draining && host_->draining() && Live()) return draining();
  on_drain_ = std::move(draining);
}

void ConnectionExchange::Abandon() {
  if (!Live()) return;
  aborted_ = true;
  Report(499);
  on_drain_ = nullptr;
  on_body_ = nullptr;
  if (on_abort_) {
    absl::AnyInvocable<void()> gone = std::move(on_abort_);
    on_abort_ = nullptr;
    gone();
  }
}

void ConnectionExchange::Drain() {
  if (!Live() || !on_drain_) return;
  absl::AnyInvocable<void()> draining = std::move(on_drain_);
  on_drain_ = nullptr;
  draining();
}

void ConnectionExchange::Report(int status) {
  if (reported_) return;
  reported_ = true;
  const auto& on_answer = host_->options().on_answer;
  if (!on_answer) return;
  AccessRecord record;
  record.method = request_.method;
  record.route_kind = kind_;
  record.route_pattern = pattern_;
  record.request_id = request_id_;
  record.status = status;
  record.request_bytes = request_bytes_;
  record.response_bytes = sent_;
  if (start_ != TimePoint()) record.seconds = std::chrono::duration<double>(host_->Now() - start_).count();
  on_answer(record);
}

}  // namespace fivestrand::gateway::http
