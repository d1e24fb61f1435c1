#include "gateway/src/edge/rest_stream.h"

#include <utility>

#include "absl/strings/match.h"

#include "gateway/src/edge/stream_pump.h"
#include "gateway/src/transcode/error_response.h"
#include "platform/status/views.h"

namespace fivestrand::gateway::edge {
namespace {

class JsonLines final : public StreamFormat {
 public:
  JsonLines(http::Exchange* exchange, const transcode::RestBinding* binding, const Answers* answers, std::string set_cookie)
      : exchange_(exchange),
        binding_(binding),
        answers_(answers),
        set_cookie_(std::move(set_cookie)),
        events_(absl::StrContains(AbslView(exchange->request().headers.Get("accept")), "text/event-stream")) {}

  http::ResponseHead Head(const upstream::Metadata&) override {
    http::ResponseHead head;
    head.headers.Add("Content-Type", events_ ? "text/event-stream" : "application/x-ndjson").Add("Cache-Control", "no-store");
    if (!set_cookie_.empty()) head.headers.Add("Set-Cookie", set_cookie_);
    answers_->Decorate(*exchange_, &head.headers);
    return head;
  }

  absl::Status Append(const upstream::Message& message, std::string* out) override {
    std::string scratch;
    if (events_) out->append("data: ");
    if (absl::Status written = answers_->json().Write(*binding_->response_plan, message.View(&scratch), out); !written.ok())
      return written;
    out->append(events_ ? "\n\n" : "\n");
    return absl::OkStatus();
  }

  bool AppendEnd(const upstream::CallEnd& end, bool started, std::string* out) override {
    if (end.status.ok()) return true;
    if (!started) {
      answers_->Fail(*exchange_, end.status, 0, set_cookie_);
      return false;
    }
    answers_->LogFailure(*exchange_, end.status);
    if (events_) out->append("event: error\ndata: ");
    out->append(transcode::ErrorJson(answers_->json(), end.status, exchange_->request_id()));
    out->append(events_ ? "\n\n" : "\n");
    return true;
  }

 private:
  http::Exchange* const exchange_;  // kept by the pump
  const transcode::RestBinding* const binding_;
  const Answers* const answers_;
  const std::string set_cookie_;
  const bool events_;
};

}  // namespace

void StartRestStream(std::shared_ptr<http::Exchange> exchange, upstream::Upstream* upstream, upstream::CallSpec spec,
                     const transcode::RestBinding* binding, const Answers* answers, std::string set_cookie) {
  auto format = std::make_unique<JsonLines>(exchange.get(), binding, answers, std::move(set_cookie));
  PumpStream(std::move(exchange), upstream, std::move(spec), std::move(format));
}

}  // namespace fivestrand::gateway::edge
