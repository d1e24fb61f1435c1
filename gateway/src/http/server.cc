#include "gateway/src/http/server.h"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"

#include "gateway/src/http/loop.h"
#include "gateway/src/http/transport.h"

namespace fivestrand::gateway::http {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

class AsioServer final : public Server {
 public:
  AsioServer(ServerOptions options, Handler* handler) : options_(std::move(options)) {
    for (int i = 0; i < std::max(1, options_.threads); ++i) {
      loops_.push_back(std::make_unique<IoLoop>(&options_, handler, &open_));
    }
    acceptor_ = std::make_unique<tcp::acceptor>(loops_[0]->context());
    retry_ = std::make_unique<boost::asio::steady_timer>(loops_[0]->context());
  }

  ~AsioServer() override { Drain(absl::ZeroDuration()); }

  absl::Status Listen() {
    error_code error;
    const auto address = boost::asio::ip::make_address(options_.address, error);
    if (error) return absl::InvalidArgumentError(absl::StrCat("not a numeric address: ", options_.address));
    if (!options_.tls_certificate_file.empty() || !options_.tls_key_file.empty()) {
      auto tls = TlsContext::Load(options_.tls_certificate_file, options_.tls_key_file);
      if (!tls.ok()) return tls.status();
      tls_ = *std::move(tls);
    }
    const tcp::endpoint endpoint(address, options_.port);
    acceptor_->open(endpoint.protocol(), error);
    if (!error) acceptor_->set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_->bind(endpoint, error);
    if (!error) acceptor_->listen(1024, error);
    if (error) {
      return absl::UnavailableError(absl::StrCat("cannot listen on ", options_.address, ":", options_.port, ": ", error.message()));
    }
    port_ = acceptor_->local_endpoint().port();
    Accept();
    for (auto& loop : loops_) loop->Run();
    return absl::OkStatus();
  }

  uint16_t port() const override { return port_; }
  int threads() const override { return static_cast<int>(loops_.size()); }
  Loop& loop(int i) override { return *loops_[i]; }

  absl::Status ReloadCertificate() override {
    if (options_.tls_certificate_file.empty()) return absl::OkStatus();
    auto loaded = TlsContext::Load(options_.tls_certificate_file, options_.tls_key_file);
    if (!loaded.ok()) return loaded.status();
    loops_[0]->Post([this, tls = *std::move(loaded)]() mutable { tls_ = std::move(tls); });
    return absl::OkStatus();
  }

  void Drain(absl::Duration patience) override {
    if (std::exchange(drained_, true)) return;
    if (port_ != 0) {
      OnEachLoop([this](IoLoop& loop) {
        if (&loop == loops_[0].get()) {
          error_code ignored;
          acceptor_->close(ignored);
          retry_->cancel();
        }
        loop.BeginDrain();
      });
      open_.AwaitNone(absl::ToChronoNanoseconds(std::clamp(patience, absl::ZeroDuration(), absl::Hours(1))));
      OnEachLoop([](IoLoop& loop) { loop.CloseAll(); });
    }
    for (auto& loop : loops_) loop->StopAndJoin();
  }

 private:
  template <class F>
  void OnEachLoop(F f) {
    for (auto& loop : loops_) {
      absl::Notification done;
      loop->Post([&] {
        f(*loop);
        done.Notify();
      });
      done.WaitForNotification();
    }
  }

  void Accept() {
    IoLoop* loop = loops_[next_++ % loops_.size()].get();
    acceptor_->async_accept(loop->context(), [this, loop](error_code error, tcp::socket socket) {
      if (error == boost::asio::error::operation_aborted || !acceptor_->is_open()) return;
      if (error) {
        // Most likely out of descriptors: closing connections will free some.
        retry_->expires_after(std::chrono::milliseconds(100));
        retry_->async_wait([this](error_code stopped) {
          if (!stopped && acceptor_->is_open()) Accept();
        });
        return;
      }
      if (static_cast<size_t>(open_.count()) >= options_.max_connections) {
        if (options_.on_refused) options_.on_refused();
        socket.close(error);
      } else if (loop == loops_[0].get()) {
        Serve(std::move(socket), loop, tls_);
      } else {
        boost::asio::post(loop->context(),
                          [loop, s = std::move(socket), tls = tls_]() mutable { Serve(std::move(s), loop, std::move(tls)); });
      }
      Accept();
    });
  }

  const ServerOptions options_;
  OpenConnections open_;
  std::shared_ptr<TlsContext> tls_;  // of the first loop's thread
  std::vector<std::unique_ptr<IoLoop>> loops_;
  std::unique_ptr<tcp::acceptor> acceptor_;
  std::unique_ptr<boost::asio::steady_timer> retry_;
  size_t next_ = 0;
  uint16_t port_ = 0;
  bool drained_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(ServerOptions options, Handler* handler) {
  auto server = std::make_unique<AsioServer>(std::move(options), handler);
  if (absl::Status listening = server->Listen(); !listening.ok()) return listening;
  return server;
}

}  // namespace fivestrand::gateway::http
