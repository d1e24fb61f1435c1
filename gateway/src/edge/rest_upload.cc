#include "gateway/src/edge/rest_upload.h"

#include <utility>

#include "gateway/src/transcode/rest_request.h"
#include "platform/status/status.h"

namespace fivestrand::gateway::edge {
namespace {

// With so much on its way to the service no more of the body is asked for; below the second it is again.
constexpr size_t kHighWater = 256 * 1024;
constexpr size_t kLowWater = 128 * 1024;

class UploadPump : public std::enable_shared_from_this<UploadPump> {
 public:
  UploadPump(std::shared_ptr<http::Exchange> exchange, const transcode::RestBinding* binding, const Answers* answers,
             UploadAnswer finish)
      : exchange_(std::move(exchange)), binding_(binding), answers_(answers), finish_(std::move(finish)) {}

  void Start(upstream::Upstream* upstream, upstream::CallSpec spec) {
    const auto self = shared_from_this();
    call_ = upstream->Upload(std::move(spec), &exchange_->loop(),
                             [self](const upstream::CallEnd& end, const upstream::Message* answer) { self->OnEnd(end, answer); });
    exchange_->OnAbort([call = call_] { call->Cancel(); });
    exchange_->OnDrain([self] {
      // What has arrived in full is answered like any call that is under way.
      if (self->sent_all_) return;
      self->Stop(status::Unavailable(status::Reason::kDraining, "the server is about to stop", absl::Seconds(1)), 0);
    });
    Ask();
  }

 private:
  void Ask() {
    exchange_->ReadBody([self = shared_from_this()](http::BodyPart part) { self->OnPart(std::move(part)); });
  }

  void OnPart(http::BodyPart part) {
    if (over_ || !own_end_.ok()) return;
    if (part.error_status != 0) return Stop(Answers::Unreadable(part.error_status, part.detail), part.error_status);
    if (!part.data.empty()) call_->Write(transcode::PieceOf(*binding_, part.data));
    if (part.last) {
      sent_all_ = true;
      return call_->CloseSend();
    }
    if (call_->buffered() < kHighWater) return Ask();
    call_->WhenWritable(kLowWater, [self = shared_from_this()] { self->Ask(); });
  }

  void OnEnd(const upstream::CallEnd& end, const upstream::Message* answer) {
    over_ = true;
    exchange_->OnDrain(nullptr);
    if (exchange_->aborted()) return;
    if (!own_end_.ok()) return answers_->Fail(*exchange_, own_end_, own_http_status_);
    finish_(*exchange_, end, answer);
  }

  // Ends the call for a reason of ours; the peer hears of it when the call has ended.
  void Stop(absl::Status why, int http_status) {
    if (over_ || !own_end_.ok()) return;
    own_end_ = std::move(why);
    own_http_status_ = http_status;
    call_->Cancel();
  }

  const std::shared_ptr<http::Exchange> exchange_;
  const transcode::RestBinding* const binding_;
  const Answers* const answers_;
  UploadAnswer finish_;
  std::shared_ptr<upstream::UploadCall> call_;
  absl::Status own_end_;
  int own_http_status_ = 0;
  bool sent_all_ = false;
  bool over_ = false;
};

}  // namespace

void StartRestUpload(std::shared_ptr<http::Exchange> exchange, upstream::Upstream* upstream, upstream::CallSpec spec,
                     const transcode::RestBinding* binding, const Answers* answers, UploadAnswer finish) {
  std::make_shared<UploadPump>(std::move(exchange), binding, answers, std::move(finish))->Start(upstream, std::move(spec));
}

}  // namespace fivestrand::gateway::edge
