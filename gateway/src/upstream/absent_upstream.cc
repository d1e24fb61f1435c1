#include <utility>

#include "gateway/src/upstream/status_of.h"
#include "gateway/src/upstream/upstream.h"

namespace fivestrand::gateway::upstream {
namespace {

class EndedCall final : public UploadCall {
 public:
  void Cancel() override {}
  void Next() override {}
  void Write(std::string) override {}
  void CloseSend() override {}
  size_t buffered() const override { return 0; }
  void WhenWritable(size_t, absl::AnyInvocable<void()>) override {}
};

class AbsentUpstream final : public Upstream {
 public:
  explicit AbsentUpstream(UpstreamOptions options) : options_(std::move(options)) {}

  const std::string& name() const override { return options_.name; }
  bool present() const override { return false; }

  std::shared_ptr<Call> Unary(CallSpec, http::Loop* loop, UnaryDone done) override { return Fail(loop, std::move(done)); }
  std::shared_ptr<Call> Stream(CallSpec, http::Loop* loop, StreamEvents events) override {
    loop->Post([end = End(), events = std::move(events)]() mutable { events.on_end(end); });
    return std::make_shared<EndedCall>();
  }
  std::shared_ptr<UploadCall> Upload(CallSpec, http::Loop* loop, UnaryDone done) override { return Fail(loop, std::move(done)); }

 private:
  CallEnd End() const {
    CallEnd end;
    end.status = Unreachable(options_.name, "no target is set for it");
    if (options_.on_unreachable) options_.on_unreachable();
    if (options_.on_end) options_.on_end(end.status.code());
    return end;
  }

  std::shared_ptr<UploadCall> Fail(http::Loop* loop, UnaryDone done) const {
    loop->Post([end = End(), done = std::move(done)]() mutable { done(end, nullptr); });
    return std::make_shared<EndedCall>();
  }

  const UpstreamOptions options_;
};

}  // namespace

std::unique_ptr<Upstream> Upstream::Absent(UpstreamOptions options) {
  return std::make_unique<AbsentUpstream>(std::move(options));
}

}  // namespace fivestrand::gateway::upstream
