#include "gateway/src/upstream/http2_call.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "gateway/src/upstream/http2_session.h"
#include "gateway/src/upstream/status_of.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::gateway::upstream {
namespace {

constexpr size_t kPrefix = 5;
constexpr size_t kMaxMetadata = 64;

void PutPrefix(size_t size, char* prefix) {
  prefix[0] = 0;
  for (int i = 0; i < 4; ++i) prefix[1 + i] = static_cast<char>(static_cast<uint32_t>(size) >> (24 - 8 * i));
}

uint32_t ReadSize(const char* prefix) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(prefix);
  return static_cast<uint32_t>(bytes[1]) << 24 | bytes[2] << 16 | bytes[3] << 8 | bytes[4];
}

std::string DecodePercent(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && absl::ascii_isxdigit(text[i + 1]) && absl::ascii_isxdigit(text[i + 2])) {
      out.append(absl::HexStringToBytes(AbslView(text.substr(i + 1, 2))));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

// What an HTTP status means when no gRPC status came with it.
int CodeOfHttpStatus(int status) {
  switch (status) {
    case 400:
      return 13;
    case 401:
      return 16;
    case 403:
      return 7;
    case 404:
      return 12;
    case 429:
    case 502:
    case 503:
    case 504:
      return 14;
    default:
      return 13;
  }
}

}  // namespace

class Http2Call::Arrived final : public Message {
 public:
  explicit Arrived(std::string_view bytes) : bytes_(bytes) {}
  size_t size() const override { return bytes_.size(); }
  void AppendTo(std::string* out) const override { out->append(bytes_); }
  std::string_view View(std::string*) const override { return bytes_; }

 private:
  const std::string_view bytes_;
};

Http2Call::Http2Call(const UpstreamOptions* options, Kind kind, CallSpec spec, UnaryDone done, absl::AnyInvocable<void()> on_over)
    : options_(options), spec_(std::move(spec)), done_(std::move(done)), on_over_(std::move(on_over)), kind_(kind) {
  PutPrefix(spec_.bytes.size() - spec_.offset, prefix_);
}

Http2Call::Http2Call(const UpstreamOptions* options, CallSpec spec, StreamEvents events, absl::AnyInvocable<void()> on_over)
    : options_(options), spec_(std::move(spec)), events_(std::move(events)), on_over_(std::move(on_over)), kind_(Kind::kStream) {
  PutPrefix(spec_.bytes.size() - spec_.offset, prefix_);
}

Http2Call::~Http2Call() = default;

size_t Http2Call::TakeOutgoing(uint8_t* into, size_t size, bool* last) {
  const size_t total = kPrefix + spec_.bytes.size() - spec_.offset;
  size_t written = 0;
  if (sent_ < kPrefix) {
    written = std::min(size, kPrefix - sent_);
    std::memcpy(into, prefix_ + sent_, written);
    sent_ += written;
  }
  const size_t rest = std::min(size - written, total - sent_);
  std::memcpy(into + written, spec_.bytes.data() + spec_.offset + (sent_ - kPrefix), rest);
  sent_ += rest;
  written += rest;
  *last = sent_ == total;
  if (kind_ == Kind::kUpload && *last) written += TakeQueued(into + written, size - written, last);
  return written;
}

size_t Http2Call::TakeQueued(uint8_t* into, size_t size, bool* last) {
  size_t written = 0;
  while (written < size && !queue_.empty()) {
    const std::string& front = queue_.front();
    const size_t part = std::min(size - written, front.size() - queue_begin_);
    std::memcpy(into + written, front.data() + queue_begin_, part);
    written += part;
    queue_begin_ += part;
    if (queue_begin_ < front.size()) break;
    queue_.pop_front();
    queue_begin_ = 0;
  }
  queued_bytes_ -= written;
  *last = all_given_ && queue_.empty();
  // Not from here: the connection is in the middle of putting its bytes together.
  if (on_writable_ && queued_bytes_ < writable_mark_) session_->DeliverSoon(shared_from_this());
  return written;
}

void Http2Call::Write(std::string message) {
  if (over_ || ended_ || all_given_) return;
  char prefix[kPrefix];
  PutPrefix(message.size(), prefix);
  message.insert(0, prefix, kPrefix);
  queued_bytes_ += message.size();
  queue_.push_back(std::move(message));
  if (session_ != nullptr) session_->Resume(stream_);
}

void Http2Call::CloseSend() {
  if (over_ || ended_) return;
  all_given_ = true;
  if (session_ != nullptr) session_->Resume(stream_);
}

void Http2Call::WhenWritable(size_t mark, absl::AnyInvocable<void()> ready) {
  if (over_ || ended_) return;
  writable_mark_ = mark;
  on_writable_ = std::move(ready);
  if (session_ != nullptr && queued_bytes_ < mark) session_->DeliverSoon(shared_from_this());
}

void Http2Call::OnHeader(std::string_view name, std::string_view value, bool trailer) {
  if (name == ":status") {
    int status = 0;
    if (absl::SimpleAtoi(AbslView(value), &status)) http_status_ = status;
  } else if (name == "grpc-status") {
    int code = 0;
    grpc_status_ = absl::SimpleAtoi(AbslView(value), &code) && code >= 0 && code <= 16 ? code : 13;
  } else if (name == "grpc-message") {
    grpc_message_ = DecodePercent(value);
  } else if (name == "grpc-status-details-bin") {
    absl::Base64Unescape(AbslView(value), &grpc_details_);
  } else if (!IsReservedKey(name)) {
    Metadata& metadata = trailer ? trailing_ : initial_;
    if (metadata.size() >= kMaxMetadata) return;
    std::string decoded(value);
    if (name.ends_with("-bin") && !absl::Base64Unescape(AbslView(value), &decoded)) return;
    metadata.emplace_back(std::string(name), std::move(decoded));
  }
}

void Http2Call::OnHeadersDone() {
  head_seen_ = true;
}

bool Http2Call::OnData(std::string_view data) {
  if (over_ || ended_) return true;
  in_.append(data);
  if (in_.size() - in_begin_ >= kPrefix && ReadSize(in_.data() + in_begin_) > options_->max_message_bytes) return false;
  return true;
}

std::optional<std::string_view> Http2Call::NextMessage() {
  const size_t there = in_.size() - in_begin_;
  if (there < kPrefix) return std::nullopt;
  const size_t size = ReadSize(in_.data() + in_begin_);
  if (there < kPrefix + size) return std::nullopt;
  const std::string_view message = std::string_view(in_).substr(in_begin_ + kPrefix, size);
  in_begin_ += kPrefix + size;
  return message;
}

void Http2Call::OnStreamClosed(const std::string& error) {
  if (ended_ || over_) return;
  if (grpc_status_) {
    over_ = StatusOf(options_->name, *spec_.path, *grpc_status_, grpc_message_, grpc_details_);
  } else if (!error.empty()) {
    over_ = Unreachable(options_->name, error);
  } else if (http_status_ != 200 && http_status_ != 0) {
    over_ = StatusOf(options_->name, *spec_.path, CodeOfHttpStatus(http_status_), absl::StrCat("HTTP status ", http_status_), "");
  } else {
    over_ = status::Internal(absl::StrCat(options_->name, " ", *spec_.path, ": the stream ended without a status"));
  }
}

void Http2Call::Deliver() {
  // Callbacks may ask for the next message, or cancel: the loop below sees to that, not a deeper call.
  if (delivering_ || ended_) return;
  delivering_ = true;
  const auto keep = shared_from_this();
  if (on_writable_ && queued_bytes_ < writable_mark_ && !over_) {
    absl::AnyInvocable<void()> ready = std::move(on_writable_);
    on_writable_ = nullptr;
    ready();
  }
  if (kind_ == Kind::kStream && head_seen_ && !head_told_) {
    head_told_ = true;
    if (events_.on_start) events_.on_start(initial_);
  }
  while (kind_ == Kind::kStream && wants_message_ && !ended_) {
    const auto message = NextMessage();
    if (!message) break;
    wants_message_ = false;
    const Arrived view(*message);
    const size_t taken = message->size() + kPrefix;
    events_.on_message(view);
    if (session_ != nullptr) session_->Consumed(stream_, taken);
    if (in_begin_ == in_.size()) {
      in_.clear();
      in_begin_ = 0;
    } else if (in_begin_ > 64 * 1024) {
      in_.erase(0, in_begin_);
      in_begin_ = 0;
    }
  }
  delivering_ = false;
  if (!over_ || ended_) return;
  const size_t rest = in_.size() - in_begin_;
  // The end comes after the messages before it; nobody has asked for the next of them yet.
  if (kind_ == Kind::kStream && rest > 0 && !wants_message_) return;
  if (kind_ == Kind::kStream && rest > 0 && over_->ok())
    over_ = status::Internal(absl::StrCat(options_->name, " ", *spec_.path, ": the last message is cut off"));
  Finish(*over_);
}

void Http2Call::Next() {
  if (ended_) return;
  wants_message_ = true;
  Deliver();
}

void Http2Call::Cancel() {
  End(status::Cancelled());
}

void Http2Call::End(absl::Status status) {
  if (ended_) return;
  if (session_ != nullptr) session_->Reset(stream_);
  over_ = std::move(status);
  in_begin_ = in_.size();
  // The caller expects its callbacks from the loop, not from within Cancel.
  if (session_ != nullptr) return session_->DeliverSoon(shared_from_this());
  Finish(*over_);
}

void Http2Call::Finish(absl::Status status) {
  ended_ = true;
  const auto keep = shared_from_this();
  if (on_over_) on_over_();
  on_writable_ = nullptr;
  queue_.clear();
  queued_bytes_ = 0;
  if (options_->on_end) options_->on_end(status.code());
  if (options_->on_unreachable && status::ReasonOf(status) == status::Reason::kUpstreamUnavailable) options_->on_unreachable();
  CallEnd end{std::move(status), std::move(initial_), std::move(trailing_)};
  if (kind_ == Kind::kStream) {
    StreamEvents events = std::move(events_);
    events_ = {};
    events.on_end(end);
    return;
  }
  UnaryDone done = std::move(done_);
  done_ = nullptr;
  const auto message = end.status.ok() ? NextMessage() : std::nullopt;
  if (end.status.ok() && (!message || in_begin_ != in_.size())) {
    end.status = status::Internal(absl::StrCat(options_->name, " ", *spec_.path, ": the answer is not one message"));
    return done(end, nullptr);
  }
  if (!message) return done(end, nullptr);
  const Arrived view(*message);
  done(end, &view);
}

}  // namespace fivestrand::gateway::upstream
