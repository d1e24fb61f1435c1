#include "gateway/src/upstream/http2_session.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::gateway::upstream {
namespace {

// A stream may be this far ahead of its reader; a connection as far as all its streams together need.
constexpr int32_t kStreamWindow = 256 * 1024;
constexpr int32_t kConnectionWindow = 64 * 1024 * 1024;

std::string_view View(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// The header fields of a request. What they point to must live until they were submitted.
class Fields {
 public:
  void Add(std::string_view name, std::string_view value, bool changes = false) {
    nghttp2_nv field;
    field.name = reinterpret_cast<uint8_t*>(const_cast<char*>(name.data()));
    field.namelen = name.size();
    field.value = reinterpret_cast<uint8_t*>(const_cast<char*>(value.data()));
    field.valuelen = value.size();
    // What is another value each time must not push the others out of the compression table.
    field.flags = changes ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE;
    fields_.push_back(field);
  }
  const nghttp2_nv* data() const { return fields_.data(); }
  size_t size() const { return fields_.size(); }

 private:
  std::vector<nghttp2_nv> fields_;
};

// In milliseconds while those have at most eight digits.
std::string GrpcTimeout(absl::Duration left) {
  const int64_t ms = std::max<int64_t>(1, absl::ToInt64Milliseconds(left));
  if (ms < 100'000'000) return absl::StrCat(ms, "m");
  return absl::StrCat(std::min<int64_t>(ms / 1000, 99'999'999), "S");
}

}  // namespace

struct Http2Session::Callbacks {
  static Http2Session* Self(void* user) { return static_cast<Http2Session*>(user); }

  static int OnHeader(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t name_size, const uint8_t* value,
                      size_t value_size, uint8_t, void* user) {
    if (frame->hd.type != NGHTTP2_HEADERS) return 0;
    Http2Call* call = Self(user)->Find(frame->hd.stream_id);
    if (call != nullptr)
      call->OnHeader(View(name, name_size), View(value, value_size), frame->headers.cat != NGHTTP2_HCAT_RESPONSE);
    return 0;
  }

  static int OnFrame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    Http2Session* self = Self(user);
    if (frame->hd.type == NGHTTP2_GOAWAY) self->open_ = false;
    if (frame->hd.type != NGHTTP2_HEADERS) return 0;
    const auto call = self->calls_.find(frame->hd.stream_id);
    if (call == self->calls_.end()) return 0;
    call->second->OnHeadersDone();
    self->ready_.push_back(call->second);
    // The answer is there: what it has not been sent, the peer does not want.
    if (call->second->still_sends() && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
      nghttp2_submit_rst_stream(self->session_, NGHTTP2_FLAG_NONE, frame->hd.stream_id, NGHTTP2_NO_ERROR);
    }
    return 0;
  }

  static int OnData(nghttp2_session* session, uint8_t, int32_t stream, const uint8_t* data, size_t size, void* user) {
    Http2Session* self = Self(user);
    nghttp2_session_consume_connection(session, size);
    const auto call = self->calls_.find(stream);
    if (call == self->calls_.end()) return 0;
    if (!call->second->OnData(View(data, size))) {
      call->second->End(
          status::Exhausted(status::Reason::kOverloaded, "the answer is larger than the gateway takes", absl::Seconds(1)));
      return 0;
    }
    if (!call->second->holds_back()) {
      nghttp2_session_consume_stream(session, stream, size);
    } else {
      self->ready_.push_back(call->second);
    }
    return 0;
  }

  static int OnClose(nghttp2_session*, int32_t stream, uint32_t error, void* user) {
    Http2Session* self = Self(user);
    const auto found = self->calls_.find(stream);
    if (found == self->calls_.end()) return 0;
    const std::shared_ptr<Http2Call> call = std::move(found->second);
    self->calls_.erase(found);
    call->Detach();
    if (error == NGHTTP2_REFUSED_STREAM && call->untouched() && !call->ended()) {
      call->Rewind();
      self->refused_.push_back(call);
      return 0;
    }
    call->OnStreamClosed(error == NGHTTP2_NO_ERROR ? "" : absl::StrCat("HTTP/2 stream error ", error));
    self->ready_.push_back(call);
    return 0;
  }

  static ssize_t ReadRequest(nghttp2_session*, int32_t, uint8_t* into, size_t size, uint32_t* flags, nghttp2_data_source* source,
                             void*) {
    bool last = false;
    const size_t count = static_cast<Http2Call*>(source->ptr)->TakeOutgoing(into, size, &last);
    if (last) *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (count == 0 && !last) return NGHTTP2_ERR_DEFERRED;
    return static_cast<ssize_t>(count);
  }
};

Http2Session::Http2Session(std::string authority, bool tls) : authority_(std::move(authority)), tls_(tls) {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, &Callbacks::OnHeader);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, &Callbacks::OnFrame);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, &Callbacks::OnData);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, &Callbacks::OnClose);
  nghttp2_option* option = nullptr;
  nghttp2_option_new(&option);
  nghttp2_option_set_no_auto_window_update(option, 1);  // a stream's window opens as its reader goes on
  nghttp2_session_client_new2(&session_, callbacks, this, option);
  nghttp2_option_del(option);
  nghttp2_session_callbacks_del(callbacks);
  const nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
                                             {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, static_cast<uint32_t>(kStreamWindow)},
                                             {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, 32 * 1024}};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings, std::size(settings));
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, kConnectionWindow);
}

Http2Session::~Http2Session() {
  for (auto& [stream, call] : calls_) call->Detach();
  nghttp2_session_del(session_);
}

void Http2Session::Start(std::shared_ptr<Http2Call> call) {
  const CallSpec& spec = call->spec();
  Fields fields;
  fields.Add(":method", "POST");
  fields.Add(":scheme", tls_ ? "https" : "http");
  fields.Add(":path", *spec.path);
  fields.Add(":authority", authority_);
  fields.Add("te", "trailers");
  fields.Add("content-type", "application/grpc");
  fields.Add("user-agent", "fivestrand-gateway");
  std::string timeout;
  if (spec.deadline != absl::InfiniteFuture()) {
    timeout = GrpcTimeout(spec.deadline - absl::Now());
    fields.Add("grpc-timeout", timeout, /*changes=*/true);
  }
  std::vector<std::string> encoded;
  encoded.reserve(spec.metadata.size());
  for (const auto& [key, value] : spec.metadata) {
    if (key.ends_with("-bin")) {
      fields.Add(key, encoded.emplace_back(absl::Base64Escape(value)), true);
    } else {
      fields.Add(key, value, key == "x-request-id" || key == "traceparent");
    }
  }
  nghttp2_data_provider provider;
  provider.source.ptr = call.get();
  provider.read_callback = &Callbacks::ReadRequest;
  const int32_t stream = nghttp2_submit_request(session_, nullptr, fields.data(), fields.size(), &provider, nullptr);
  if (stream < 0) {
    open_ = false;  // The ids of this connection are used up, most likely.
    call->OnStreamClosed(nghttp2_strerror(stream));
    return DeliverSoon(std::move(call));
  }
  call->Attach(this, stream);
  calls_.emplace(stream, std::move(call));
  Wake();
}

bool Http2Session::Receive(std::string_view data) {
  const ssize_t taken = nghttp2_session_mem_recv(session_, reinterpret_cast<const uint8_t*>(data.data()), data.size());
  Wake();
  DeliverAll();
  return taken == static_cast<ssize_t>(data.size()) &&
         (nghttp2_session_want_read(session_) || nghttp2_session_want_write(session_));
}

void Http2Session::Flush(std::string* out) {
  woken_ = false;
  for (;;) {
    const uint8_t* data = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &data);
    if (size <= 0) break;
    out->append(reinterpret_cast<const char*>(data), static_cast<size_t>(size));
  }
  DeliverAll();
}

void Http2Session::Lost(const std::string& cause) {
  open_ = false;
  auto calls = std::move(calls_);
  calls_.clear();
  for (auto& [stream, call] : calls) {
    call->Detach();
    call->OnStreamClosed(cause);
    ready_.push_back(std::move(call));
  }
  DeliverAll();
}

void Http2Session::Expire(absl::Time now) {
  std::vector<std::shared_ptr<Http2Call>> late;
  for (const auto& [stream, call] : calls_) {
    if (call->deadline() <= now) late.push_back(call);
  }
  for (const auto& call : late) call->End(status::DeadlineExceeded());
}

void Http2Session::Reset(int32_t stream) {
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL);
  Wake();
}

void Http2Session::Consumed(int32_t stream, size_t bytes) {
  nghttp2_session_consume_stream(session_, stream, bytes);
  Wake();
}

void Http2Session::Resume(int32_t stream) {
  nghttp2_session_resume_data(session_, stream);
  Wake();
}

void Http2Session::DeliverSoon(std::shared_ptr<Http2Call> call) {
  ready_.push_back(std::move(call));
  Wake();
}

Http2Call* Http2Session::Find(int32_t stream) {
  const auto found = calls_.find(stream);
  return found == calls_.end() ? nullptr : found->second.get();
}

void Http2Session::Wake() {
  if (!std::exchange(woken_, true)) wake_();
}

void Http2Session::DeliverAll() {
  // Callbacks may make more ready.
  while (!ready_.empty()) {
    std::vector<std::shared_ptr<Http2Call>> ready;
    ready.swap(ready_);
    for (const auto& call : ready) call->Deliver();
  }
}

}  // namespace fivestrand::gateway::upstream
