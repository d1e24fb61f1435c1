#include "gateway/src/http/connection.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "gateway/src/http/connection_exchange.h"

namespace fivestrand::gateway::http {
namespace {

constexpr size_t kFirstRead = 4 * 1024;
constexpr size_t kBodyRead = 64 * 1024;
// What may lie unparsed: a header, or a chunk's framing with its trailers.
constexpr size_t kMaxUnparsed = 32 * 1024;
// While a request is answered, this much of what follows it is read ahead, to notice a peer that leaves.
constexpr size_t kReadAhead = 16 * 1024;
// Answers to pipelined requests may pile up this far before the next request is looked at.
constexpr size_t kMaxOutBeforeNext = 256 * 1024;
constexpr size_t kMaxLinger = 256 * 1024;
constexpr std::string_view kSlowBody = "The body took too long to arrive.";
constexpr size_t kWriteBuffers = 16;

}  // namespace

Connection::Connection(ConnectionHost* host, bool tls, bool loopback_peer)
    : host_(host), tls_(tls), loopback_peer_(loopback_peer), linger_limit_(kMaxLinger), parser_(host->options().limits) {
  deadline_ = host_->Now() + host_->options().header_timeout;
}

Connection::~Connection() = default;

void Connection::Open() {
  if (state_ != State::kHandshake) return;
  ArmIdle();
  // A fresh connection must speak soon; only one that has been of use may idle long.
  deadline_ = host_->Now() + host_->options().header_timeout;
  StartRead();
}

void Connection::ArmIdle() {
  state_ = State::kIdle;
  deadline_ = host_->Now() + host_->options().idle_timeout;
}

void Connection::StartRead() {
  if (reading_ || state_ == State::kClosed) return;
  size_t want = kFirstRead;
  if (state_ == State::kBody) want = kBodyRead;
  if (state_ == State::kLingering) in_begin_ = in_end_ = 0;
  const size_t unparsed = in_end_ - in_begin_;
  if (state_ == State::kStreaming) want = body_wanted_ ? kBodyRead : kFirstRead;
  const bool paused =
      state_ == State::kHandling || (state_ == State::kStreaming && !body_wanted_) || out_bytes_ > kMaxOutBeforeNext;
  if (paused && state_ != State::kLingering && unparsed >= kReadAhead) return;
  if (in_begin_ > 0) {
    if (unparsed > 0) std::memmove(in_.data(), in_.data() + in_begin_, unparsed);
    in_begin_ = 0;
    in_end_ = unparsed;
  }
  if (in_.size() < in_end_ + want) in_.resize(in_end_ + want);
  reading_ = true;
  AsyncRead(in_.data() + in_end_, in_.size() - in_end_);
}

void Connection::OnRead(bool ok, size_t count) {
  reading_ = false;
  if (state_ == State::kClosed) return;
  if (!ok) {
    // The peer is gone, or has said its last word, which nobody does who waits for an answer.
    if (state_ == State::kLingering && (writing_ || out_bytes_ > 0)) return;
    return Close();
  }
  if (state_ == State::kLingering) {
    lingered_ += count;
    if (lingered_ > linger_limit_) return Close();
    return StartRead();
  }
  in_end_ += count;
  if (state_ == State::kIdle) {
    state_ = State::kHeader;
    deadline_ = host_->Now() + host_->options().header_timeout;
  } else if (state_ == State::kBody || state_ == State::kStreaming) {
    phase_bytes_ += count;
  }
  Process();
  StartRead();
}

void Connection::Process() {
  if (processing_) return;  // An answer given inside Handle: the loop below goes on with what follows.
  processing_ = true;
  const std::shared_ptr<Connection> keep = shared_from_this();
  while (Step()) {
  }
  processing_ = false;
}

bool Connection::StepBody() {
  if (!body_wanted_ || in_begin_ == in_end_) return false;
  size_t taken = 0;
  const auto progress = parser_.Feed(std::string_view(in_.data() + in_begin_, in_end_ - in_begin_), &taken);
  in_begin_ += taken;
  BodyPart part;
  part.data = std::move(current_->mutable_request().body);
  current_->mutable_request().body.clear();
  if (progress == RequestParser::Progress::kDone) {
    part.last = true;
    state_ = State::kHandling;
  } else if (progress == RequestParser::Progress::kError) {
    part.error_status = parser_.error_status();
    part.detail = parser_.error_detail();
  } else if (in_end_ - in_begin_ > kMaxUnparsed) {
    part.error_status = 400;
    part.detail = "The request is not valid HTTP.";
  } else if (part.data.empty()) {
    return false;
  }
  body_wanted_ = false;
  body_paused_ = host_->Now();
  current_->GiveBody(std::move(part));
  return true;
}

bool Connection::Step() {
  if (state_ == State::kStreaming) return StepBody();
  if (state_ != State::kIdle && state_ != State::kHeader && state_ != State::kBody) return false;
  if (in_begin_ == in_end_ || out_bytes_ > kMaxOutBeforeNext) return false;
  if (state_ == State::kIdle) {
    state_ = State::kHeader;
    deadline_ = host_->Now() + host_->options().header_timeout;
  }
  if (!incoming_) {
    incoming_ = std::make_shared<ConnectionExchange>(shared_from_this(), host_);
    incoming_->mutable_request().tls = tls_;
    incoming_->mutable_request().loopback_peer = loopback_peer_;
    parser_.Begin(&incoming_->mutable_request());
  }
  size_t taken = 0;
  const auto progress = parser_.Feed(std::string_view(in_.data() + in_begin_, in_end_ - in_begin_), &taken);
  in_begin_ += taken;
  switch (progress) {
    case RequestParser::Progress::kNeedMore:
      if (in_end_ - in_begin_ > kMaxUnparsed) {
        Refuse(400, "The request is not valid HTTP.");
      }
      return false;
    case RequestParser::Progress::kHeaderDone:
      HeaderDone();
      return true;
    case RequestParser::Progress::kDone:
      Dispatch(State::kHandling);
      return true;
    case RequestParser::Progress::kError:
      Refuse(parser_.error_status(), parser_.error_detail());
      return false;
  }
  return false;
}

void Connection::HeaderDone() {
  body_limit_ = host_->handler().BodyLimit(incoming_->request());
  if (parser_.AllowBody(body_limit_) == RequestParser::Progress::kError) {
    return Refuse(parser_.error_status(), parser_.error_detail());
  }
  state_ = State::kBody;
  phase_start_ = host_->Now();
  phase_bytes_ = in_end_ - in_begin_;
  if (host_->handler().StreamsBody(incoming_->request())) {
    body_wanted_ = false;
    body_paused_ = phase_start_;
    return Dispatch(State::kStreaming);
  }
  if (parser_.expects_continue() && in_begin_ == in_end_) Send("HTTP/1.1 100 Continue\r\n\r\n");
}

void Connection::AskBody() {
  if (state_ != State::kStreaming || body_wanted_) return;
  body_wanted_ = true;
  // The time in which nobody wanted any is not the peer's.
  phase_start_ += host_->Now() - body_paused_;
  if (parser_.expects_continue() && !continue_sent_ && in_begin_ == in_end_) Send("HTTP/1.1 100 Continue\r\n\r\n");
  continue_sent_ = true;
  Process();
  StartRead();
}

void Connection::Dispatch(State state) {
  state_ = state;
  continue_sent_ = false;
  std::shared_ptr<ConnectionExchange> exchange = std::move(incoming_);
  incoming_ = nullptr;
  exchange->MarkStart(host_->Now(), parser_.keep_alive(), /*body_follows=*/state == State::kStreaming);
  current_ = exchange.get();
  host_->handler().Handle(std::move(exchange));
}

void Connection::Refuse(int status, std::string_view detail) {
  std::shared_ptr<ConnectionExchange> exchange = std::move(incoming_);
  incoming_ = nullptr;
  if (!exchange) exchange = std::make_shared<ConnectionExchange>(shared_from_this(), host_);
  Response response = host_->handler().Refuse(status, detail);
  std::string out = exchange->HeadLines(response.status, response.headers, /*keep_alive=*/false, response.body.size() + 64);
  out.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n\r\n");
  if (exchange->request().method != Method::kHead) {
    exchange->CountSent(response.body.size());
    out.append(response.body);
  }
  exchange->Report(response.status);
  state_ = State::kHandling;  // Nothing more is parsed on this connection.
  close_after_write_ = true;
  Send(std::move(out));
}

void Connection::Send(std::string data) {
  if (state_ == State::kClosed || data.empty()) return;
  out_bytes_ += data.size();
  OutBuffer& buffer = out_.emplace_back();
  buffer.owned = std::move(data);
  buffer.rest = buffer.owned;
  StartWrite();
}

void Connection::SendShared(std::shared_ptr<const std::string> data) {
  if (state_ == State::kClosed || data->empty()) return;
  out_bytes_ += data->size();
  OutBuffer& buffer = out_.emplace_back();
  buffer.rest = *data;
  buffer.shared = std::move(data);
  StartWrite();
}

void Connection::StartWrite() {
  if (writing_ || out_.empty() || state_ == State::kClosed) return;
  if (!write_window_open_) {
    write_window_open_ = true;
    write_start_ = host_->Now();
    write_progress_ = 0;
  }
  out_views_.clear();
  for (const OutBuffer& buffer : out_) {
    if (out_views_.size() == kWriteBuffers) break;
    out_views_.push_back(buffer.rest);
  }
  writing_ = true;
  AsyncWrite(out_views_);
}

void Connection::OnWritten(bool ok, size_t count) {
  writing_ = false;
  if (state_ == State::kClosed) return;
  if (!ok) return Close();
  write_progress_ += count;
  out_bytes_ -= count;
  while (count > 0) {
    OutBuffer& front = out_.front();
    const size_t part = std::min(count, front.rest.size());
    front.rest.remove_prefix(part);
    count -= part;
    if (front.rest.empty()) out_.pop_front();
  }
  if (out_.empty()) write_window_open_ = false;
  const std::shared_ptr<Connection> keep = shared_from_this();
  StartWrite();
  if (on_writable_ && out_bytes_ < writable_mark_) {
    absl::AnyInvocable<void()> ready = std::move(on_writable_);
    on_writable_ = nullptr;
    ready();
  }
  if (out_.empty() && close_after_write_) return BeginLinger();
  if (out_bytes_ <= kMaxOutBeforeNext) {
    Process();
    StartRead();
  }
}

void Connection::AnswerDone(bool keep_alive) {
  current_ = nullptr;
  on_writable_ = nullptr;
  if (state_ == State::kClosed) return;
  if (state_ == State::kStreaming) {
    // The request that the parser writes to goes with its exchange. What is left of the body is read away, so that a peer that
    // sends all before it listens gets to hear why nobody wants it.
    state_ = State::kHandling;
    linger_limit_ = std::max(kMaxLinger, body_limit_);
  }
  if (!keep_alive) {
    close_after_write_ = true;
    if (out_.empty()) BeginLinger();
    return;
  }
  ArmIdle();
  if (processing_) return;
  Process();
  StartRead();
}

void Connection::BeginLinger() {
  if (state_ == State::kLingering || state_ == State::kClosed) return;
  state_ = State::kLingering;
  deadline_ = host_->Now() + (linger_limit_ > kMaxLinger ? host_->options().body_timeout : host_->options().linger_timeout);
  ShutdownSend();
  StartRead();
}

void Connection::Tick(TimePoint now) {
  if (state_ == State::kClosed) return;
  const ServerOptions& options = host_->options();
  // Whether a window that has run out has moved enough for another one.
  const auto enough = [&](uint64_t bytes, std::chrono::milliseconds window) {
    return bytes >= std::max<uint64_t>(1, options.min_bytes_per_second * window.count() / 1000);
  };
  if (writing_ && now > write_start_ + options.write_timeout) {
    if (!enough(write_progress_, options.write_timeout)) return Close();
    write_start_ = now;
    write_progress_ = 0;
  }
  const bool starving = state_ == State::kStreaming && body_wanted_;
  if ((state_ == State::kBody || starving) && now > phase_start_ + options.body_timeout) {
    if (enough(phase_bytes_, options.body_timeout)) {
      phase_start_ = now;
      phase_bytes_ = 0;
    } else if (starving) {
      body_wanted_ = false;
      const std::shared_ptr<Connection> keep = shared_from_this();
      return current_->GiveBody({.error_status = 408, .detail = kSlowBody});
    } else {
      return Refuse(408, kSlowBody);
    }
  }
  switch (state_) {
    case State::kHandshake:
    case State::kLingering:
      if (now > deadline_) Close();
      break;
    case State::kIdle:
      if (now > deadline_ && !writing_) Close();
      break;
    case State::kHeader:
      if (now > deadline_) Refuse(408, "The header took too long to arrive.");
      break;
    case State::kBody:
    case State::kStreaming:
    case State::kHandling:  // The handler's own deadlines hold.
    case State::kClosed:
      break;
  }
}

void Connection::BeginDrain() {
  if (state_ == State::kClosed) return;
  if (state_ == State::kHandshake) return Close();
  if (state_ == State::kIdle) {
    if (!writing_) return Close();
    close_after_write_ = true;
    return;
  }
  if (current_ != nullptr) {
    // Draining ends the exchange, which may drop it.
    const std::shared_ptr<Connection> keep = shared_from_this();
    current_->Drain();
  }
}

void Connection::Close() {
  if (state_ == State::kClosed) return;
  const std::shared_ptr<Connection> keep = shared_from_this();
  state_ = State::kClosed;
  CloseTransport();
  // The views of a write under way point into out_: it is kept until the transport has let go.
  if (!writing_) out_.clear();
  out_bytes_ = 0;
  incoming_ = nullptr;
  absl::AnyInvocable<void()> ready = std::move(on_writable_);
  on_writable_ = nullptr;
  if (current_ != nullptr) {
    ConnectionExchange* exchange = current_;
    current_ = nullptr;
    exchange->Abandon();
  }
  if (ready) ready();
  host_->Closed(this);
}

}  // namespace fivestrand::gateway::http
