#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <utility>

#include "gateway/src/upstream/http2_session.h"
#include "gateway/src/upstream/status_of.h"
#include "gateway/src/upstream/upstream.h"
#include "platform/status/status.h"

namespace fivestrand::gateway::upstream {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause(50), kLastPause(2000), kConnectTimeout(3000);
// How often deadlines are looked at. The service keeps them too, and is nearly always first.
constexpr milliseconds kExpireEvery(100);
constexpr char kBroken[] = "the service does not speak HTTP/2 as it should";
// Requests wait in nghttp2 while so much is on its way already.
constexpr size_t kMaxBuffered = 1 << 20;

// The connections of one loop to one service: one for new calls, and those that the service has announced to close.
class LoopPeer : public std::enable_shared_from_this<LoopPeer> {
 public:
  LoopPeer(const UpstreamOptions* options, std::string target, const Upstream::TlsSource* tls, http::Loop* loop)
      : options_(options), target_(std::move(target)), tls_(tls), loop_(loop) {}

  // No loop runs any more. The service must see the connections go now: it would wait for their answer to its own farewell.
  ~LoopPeer() {
    if (link_ != nullptr) retired_.push_back(link_);
    for (const auto& link : retired_) {
      if (link->socket != nullptr) link->socket->Close();
    }
  }

  void Start(std::shared_ptr<Http2Call> call) {
    ArmExpire();
    if (link_ != nullptr && !link_->session.open()) Retire();
    if (link_ == nullptr) {
      if (loop_now() < not_before_) return Fail(std::move(call));
      Connect();
    }
    if (!link_->ready) {
      waiting_.push_back(std::move(call));
      return;
    }
    link_->session.Start(std::move(call));
  }

 private:
  struct Link {
    Link(std::string authority, bool tls) : session(std::move(authority), tls) {}
    std::shared_ptr<http::ClientSocket> socket;
    Http2Session session;
    bool ready = false;
    bool flush_posted = false;
  };

  static std::chrono::steady_clock::time_point loop_now() { return std::chrono::steady_clock::now(); }

  void Connect() {
    std::shared_ptr<http::ClientTls> tls;
    absl::Status certificates;
    if (*tls_) {
      absl::StatusOr<std::shared_ptr<http::ClientTls>> loaded = (*tls_)();
      certificates = loaded.status();
      if (loaded.ok()) tls = *std::move(loaded);
    }
    auto link = std::make_shared<Link>(target_, tls != nullptr);
    link_ = link;
    if (!certificates.ok()) {
      loop_->Post([self = weak_from_this(), link, why = std::string(certificates.message())] {
        if (const auto peer = self.lock()) peer->Connected(link, why);
      });
      return;
    }
    link->session.OnWake([self = weak_from_this(), weak = std::weak_ptr<Link>(link)] {
      const auto peer = self.lock();
      const auto link = weak.lock();
      if (peer && link) peer->PostFlush(link);
    });
    link->socket = loop_->NewClientSocket(tls);
    http::ClientSocket::Events events;
    const std::weak_ptr<LoopPeer> self = weak_from_this();
    const std::weak_ptr<Link> weak = link;
    events.on_connected = [self, weak](const std::string& error) {
      if (const auto peer = self.lock()) peer->Connected(weak.lock(), error);
    };
    events.on_data = [self, weak](std::string_view data) {
      const auto peer = self.lock();
      const auto link = weak.lock();
      if (peer && link && !link->session.Receive(data)) peer->Drop(link, kBroken);
      if (peer && link) peer->AfterReceive(link);
    };
    events.on_drained = [self, weak] {
      const auto peer = self.lock();
      if (const auto link = weak.lock(); peer && link) peer->PostFlush(link);
    };
    events.on_closed = [self, weak] {
      if (const auto peer = self.lock()) peer->Drop(weak.lock(), "the connection was closed");
    };
    link->socket->Connect(target_, std::move(events));
    loop_->RunAfter(kConnectTimeout, [self, weak] {
      const auto peer = self.lock();
      if (const auto link = weak.lock(); peer && link && !link->ready) peer->Connected(link, "connecting took too long");
    });
  }

  void Connected(std::shared_ptr<Link> link, const std::string& error) {
    if (link == nullptr || link != link_ || link->ready) return;
    std::deque<std::shared_ptr<Http2Call>> waiting = std::move(waiting_);
    waiting_.clear();
    if (!error.empty()) {
      link_ = nullptr;
      if (link->socket != nullptr) link->socket->Close();
      last_error_ = error;
      pause_ = pause_ == milliseconds(0) ? kFirstPause : std::min(pause_ * 2, kLastPause);
      not_before_ = loop_now() + pause_;
      for (auto& call : waiting) Fail(std::move(call));
      return;
    }
    link->ready = true;
    pause_ = milliseconds(0);
    for (auto& call : waiting) {
      if (!call->ended()) link->session.Start(std::move(call));
    }
    PostFlush(link);
  }

  // Writes once for all that the present round of the loop brings about.
  void PostFlush(const std::shared_ptr<Link>& link) {
    if (!link->ready || std::exchange(link->flush_posted, true)) return;
    loop_->Post([self = weak_from_this(), weak = std::weak_ptr<Link>(link)] {
      const auto peer = self.lock();
      if (const auto link = weak.lock(); peer && link) peer->Flush(link);
    });
  }

  void Flush(const std::shared_ptr<Link>& link) {
    link->flush_posted = false;
    if (link->socket->buffered() > kMaxBuffered) return;  // on_drained comes back here
    std::string out;
    link->session.Flush(&out);
    if (!out.empty()) link->socket->Write(std::move(out));
    if (!link->session.alive()) return Drop(link, kBroken);
    AfterReceive(link);
  }

  // A connection that has done its last call is closed.
  void AfterReceive(const std::shared_ptr<Link>& link) {
    PassOnRefused(link);
    if (link != link_ && link->session.idle()) Drop(link, "");
  }

  // What the service refused unseen, because it is going, is tried once more on another connection.
  void PassOnRefused(const std::shared_ptr<Link>& link) {
    for (auto& call : link->session.TakeRefused()) {
      if (call->MarkRetried()) {
        Start(std::move(call));
      } else {
        Fail(std::move(call));
      }
    }
  }

  // The service will close this connection: calls on it go on, new ones get another.
  void Retire() {
    retired_.push_back(std::move(link_));
    link_ = nullptr;
    if (retired_.back()->session.idle()) Drop(retired_.back(), "");
  }

  void Drop(std::shared_ptr<Link> link, const std::string& cause) {
    if (link == nullptr) return;
    if (link == link_) link_ = nullptr;
    std::erase(retired_, link);
    link->ready = false;
    link->socket->Close();
    last_error_ = cause;
    link->session.Lost(cause);
    PassOnRefused(link);
  }

  void Fail(std::shared_ptr<Http2Call> call) {
    loop_->Post([call = std::move(call), name = options_->name, cause = last_error_] { call->End(Unreachable(name, cause)); });
  }

  void ArmExpire() {
    if (std::exchange(expire_armed_, true)) return;
    loop_->RunAfter(kExpireEvery, [self = weak_from_this()] {
      if (const auto peer = self.lock()) peer->Expire();
    });
  }

  void Expire() {
    expire_armed_ = false;
    const absl::Time now = absl::Now();
    auto links = retired_;
    if (link_ != nullptr) links.push_back(link_);
    const std::deque<std::shared_ptr<Http2Call>> waiting = waiting_;
    for (const auto& call : waiting) {
      if (call->deadline() <= now) call->End(status::DeadlineExceeded());
    }
    bool busy = !waiting_.empty();
    for (const auto& link : links) {
      link->session.Expire(now);
      busy = busy || !link->session.idle();
    }
    if (busy) ArmExpire();
  }

  const UpstreamOptions* const options_;
  const std::string target_;
  const Upstream::TlsSource* const tls_;
  http::Loop* const loop_;
  std::shared_ptr<Link> link_;
  std::vector<std::shared_ptr<Link>> retired_;
  std::deque<std::shared_ptr<Http2Call>> waiting_;
  milliseconds pause_{0};
  std::chrono::steady_clock::time_point not_before_;
  std::string last_error_;
  bool expire_armed_ = false;
};

class Http2Upstream final : public Upstream {
 public:
  Http2Upstream(UpstreamOptions options, std::string target, TlsSource tls)
      : options_(std::move(options)),
        target_(std::move(target)),
        tls_(std::move(tls)),
        in_flight_(std::make_shared<std::atomic<size_t>>(0)) {}

  const std::string& name() const override { return options_.name; }

  std::shared_ptr<Call> Unary(CallSpec spec, http::Loop* loop, UnaryDone done) override {
    return Start(loop, Http2Call::Kind::kUnary, std::move(spec), std::move(done));
  }
  std::shared_ptr<Call> Stream(CallSpec spec, http::Loop* loop, StreamEvents events) override {
    return Start(loop, std::move(spec), std::move(events));
  }
  std::shared_ptr<UploadCall> Upload(CallSpec spec, http::Loop* loop, UnaryDone done) override {
    return Start(loop, Http2Call::Kind::kUpload, std::move(spec), std::move(done));
  }

 private:
  template <class... Arguments>
  std::shared_ptr<Http2Call> Start(http::Loop* loop, Arguments&&... arguments) {
    const bool admitted = in_flight_->fetch_add(1, std::memory_order_relaxed) < options_.max_in_flight;
    auto call = std::make_shared<Http2Call>(&options_, std::forward<Arguments>(arguments)...,
                                            [count = in_flight_] { count->fetch_sub(1, std::memory_order_relaxed); });
    if (!admitted) {
      loop->Post([call, status = Overloaded(options_.name)] { call->End(status); });
      return call;
    }
    PeerOf(loop)->Start(call);
    return call;
  }

  std::shared_ptr<LoopPeer> PeerOf(http::Loop* loop) {
    const std::lock_guard lock(mutex_);
    for (const auto& [known, peer] : peers_) {
      if (known == loop) return peer;
    }
    return peers_.emplace_back(loop, std::make_shared<LoopPeer>(&options_, target_, &tls_, loop)).second;
  }

  const UpstreamOptions options_;
  const std::string target_;
  const TlsSource tls_;
  const std::shared_ptr<std::atomic<size_t>> in_flight_;
  std::mutex mutex_;
  std::vector<std::pair<http::Loop*, std::shared_ptr<LoopPeer>>> peers_;  // as many as there are loops
};

}  // namespace

std::unique_ptr<Upstream> Upstream::Connect(UpstreamOptions options, const std::string& target, TlsSource tls) {
  constexpr std::string_view kDns = "dns:///";
  std::string plain = target.compare(0, kDns.size(), kDns) == 0 ? target.substr(kDns.size()) : target;
  return std::make_unique<Http2Upstream>(std::move(options), std::move(plain), std::move(tls));
}

}  // namespace fivestrand::gateway::upstream
