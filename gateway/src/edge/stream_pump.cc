#include "gateway/src/edge/stream_pump.h"

#include <utility>

#include "platform/status/status.h"

namespace fivestrand::gateway::edge {
namespace {

// Above this the next message is not asked for before the peer has read; below the second it is again.
constexpr size_t kHighWater = 64 * 1024;
constexpr size_t kLowWater = 16 * 1024;

class Pump : public std::enable_shared_from_this<Pump> {
 public:
  Pump(std::shared_ptr<http::Exchange> exchange, std::unique_ptr<StreamFormat> format)
      : exchange_(std::move(exchange)), format_(std::move(format)) {}

  void Start(upstream::Upstream* upstream, upstream::CallSpec spec) {
    upstream::StreamEvents events;
    const auto self = shared_from_this();
    events.on_start = [self](const upstream::Metadata& initial) {
      self->initial_ = initial;
    };
    events.on_message = [self](const upstream::Message& message) {
      self->OnMessage(message);
    };
    events.on_end = [self](const upstream::CallEnd& end) {
      self->OnEnd(end);
    };
    call_ = upstream->Stream(std::move(spec), &exchange_->loop(), std::move(events));
    exchange_->OnAbort([call = call_] { call->Cancel(); });
    exchange_->OnDrain(
        [self] { self->Stop(status::Unavailable(status::Reason::kDraining, "the server is about to stop", absl::Seconds(1))); });
  }

 private:
  // Every message is followed by a Next sooner or later, also when nobody wants it any more: it is what brings the end.
  void OnMessage(const upstream::Message& message) {
    if (exchange_->aborted() || !own_end_.ok()) return call_->Next();
    std::string out;
    if (absl::Status appended = format_->Append(message, &out); !appended.ok()) {
      Stop(std::move(appended));
      return call_->Next();
    }
    Open();
    exchange_->Write(std::move(out));
    if (exchange_->buffered() < kHighWater) return call_->Next();
    exchange_->WhenWritable(kLowWater, [call = call_] { call->Next(); });
  }

  void OnEnd(const upstream::CallEnd& end) {
    exchange_->OnDrain(nullptr);
    if (exchange_->aborted()) return;
    upstream::CallEnd shown = end;
    if (!own_end_.ok()) shown.status = own_end_;
    if (shown.initial.empty()) shown.initial = std::move(initial_);
    std::string out;
    if (!format_->AppendEnd(shown, open_, &out)) return;
    initial_ = std::move(shown.initial);
    Open();
    exchange_->Write(std::move(out));
    exchange_->Finish();
  }

  // Ends the call for a reason of ours; the peer hears of it when the call has ended.
  void Stop(absl::Status why) {
    if (own_end_.ok()) own_end_ = std::move(why);
    call_->Cancel();
  }

  void Open() {
    if (std::exchange(open_, true)) return;
    exchange_->Start(format_->Head(initial_));
  }

  const std::shared_ptr<http::Exchange> exchange_;
  const std::unique_ptr<StreamFormat> format_;
  std::shared_ptr<upstream::Call> call_;
  upstream::Metadata initial_;
  absl::Status own_end_;
  bool open_ = false;
};

}  // namespace

void PumpStream(std::shared_ptr<http::Exchange> exchange, upstream::Upstream* upstream, upstream::CallSpec spec,
                std::unique_ptr<StreamFormat> format) {
  std::make_shared<Pump>(std::move(exchange), std::move(format))->Start(upstream, std::move(spec));
}

}  // namespace fivestrand::gateway::edge
