#include "gateway/src/http/client_transport.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <netinet/tcp.h>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace fivestrand::gateway::http {
namespace {

namespace asio = boost::asio;
using asio::generic::stream_protocol;
using asio::ip::tcp;
using boost::system::error_code;
using Socket = stream_protocol::socket;
using TlsStream = asio::ssl::stream<Socket>;

constexpr size_t kReadBuffer = 64 * 1024;
// A peer that does not acknowledge for so long is gone, whatever its silence means.
constexpr int kUserTimeoutMs = 20'000;

class AsioClientTls final : public ClientTls {
 public:
  asio::ssl::context context{asio::ssl::context::tls_client};
};

void TuneTcp(Socket& socket) {
  const int fd = socket.native_handle();
  const int on = 1, idle = 30, every = 10, count = 3;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &every, sizeof every);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
  setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &kUserTimeoutMs, sizeof kUserTimeoutMs);
}

template <class Stream>
class AsioClientSocket final : public ClientSocket, public std::enable_shared_from_this<AsioClientSocket<Stream>> {
 public:
  template <class... Args>
  AsioClientSocket(asio::io_context& context, std::shared_ptr<AsioClientTls> tls, Args&&... args)
      : resolver_(context), tls_(std::move(tls)), stream_(std::forward<Args>(args)...), read_buffer_(kReadBuffer) {}

  void Connect(const std::string& target, Events events) override {
    events_ = std::move(events);
    constexpr std::string_view kUnix = "unix:";
    if (target.compare(0, kUnix.size(), kUnix) == 0) {
      endpoints_.push_back(asio::local::stream_protocol::endpoint(target.substr(kUnix.size())));
      return TryNext("no address");
    }
    const size_t colon = target.rfind(':');
    host_ = target.substr(0, colon);
    const std::string port = colon == std::string::npos ? "" : target.substr(colon + 1);
    if (host_.size() > 1 && host_.front() == '[') host_ = host_.substr(1, host_.size() - 2);
    resolver_.async_resolve(host_, port, [self = this->shared_from_this()](error_code error, tcp::resolver::results_type results) {
      for (const auto& result : results) self->endpoints_.push_back(result.endpoint());
      self->TryNext(error ? error.message() : "no address");
    });
  }

  void Write(std::string data) override {
    if (closed_ || data.empty()) return;
    buffered_ += data.size();
    pending_.push_back(std::move(data));
    if (writing_.empty()) StartWrite();
  }

  size_t buffered() const override { return buffered_; }

  void Close() override {
    if (std::exchange(closed_, true)) return;
    error_code ignored;
    resolver_.cancel();
    stream_.lowest_layer().close(ignored);
    // The events' owner may be what is closing; they go when this call has returned.
    asio::post(stream_.get_executor(), [self = this->shared_from_this()] { self->events_ = {}; });
  }

 private:
  void TryNext(const std::string& error) {
    if (closed_) return;
    if (next_ == endpoints_.size()) return Failed(error);
    error_code ignored;
    stream_.lowest_layer().close(ignored);
    const stream_protocol::endpoint endpoint = endpoints_[next_++];
    stream_.lowest_layer().async_connect(endpoint, [self = this->shared_from_this()](error_code error) {
      if (error) return self->TryNext(error.message());
      self->Handshake();
    });
  }

  void Handshake() {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      SSL* ssl = stream_.native_handle();
      SSL_set_tlsext_host_name(ssl, host_.c_str());
      SSL_set1_host(ssl, host_.c_str());
      TuneTcp(stream_.next_layer());
      stream_.async_handshake(asio::ssl::stream_base::client, [self = this->shared_from_this()](error_code error) {
        if (error) return self->Failed(error.message());
        self->Ready();
      });
    } else {
      TuneTcp(stream_);
      Ready();
    }
  }

  void Failed(const std::string& error) {
    if (closed_) return;
    auto on_connected = std::move(events_.on_connected);
    Close();
    on_connected(error);
  }

  void Ready() {
    if (closed_) return;
    Read();
    events_.on_connected("");
  }

  void Read() {
    stream_.async_read_some(asio::buffer(read_buffer_), [self = this->shared_from_this()](error_code error, size_t count) {
      if (self->closed_) return;
      if (error) return self->Lost();
      self->events_.on_data(std::string_view(self->read_buffer_.data(), count));
      if (!self->closed_) self->Read();
    });
  }

  void StartWrite() {
    writing_.swap(pending_);
    std::vector<asio::const_buffer> buffers;
    buffers.reserve(writing_.size());
    for (const std::string& data : writing_) buffers.emplace_back(data.data(), data.size());
    asio::async_write(stream_, buffers, [self = this->shared_from_this()](error_code error, size_t count) {
      self->writing_.clear();
      self->buffered_ -= std::min(self->buffered_, count);
      if (self->closed_) return;
      if (error) return self->Lost();
      if (!self->pending_.empty()) return self->StartWrite();
      self->events_.on_drained();
    });
  }

  void Lost() {
    if (closed_) return;
    auto on_closed = std::move(events_.on_closed);
    Close();
    on_closed();
  }

  tcp::resolver resolver_;
  const std::shared_ptr<AsioClientTls> tls_;
  Stream stream_;
  Events events_;
  std::string host_;
  std::vector<stream_protocol::endpoint> endpoints_;
  size_t next_ = 0;
  std::vector<char> read_buffer_;
  std::vector<std::string> pending_, writing_;
  size_t buffered_ = 0;
  bool closed_ = false;
};

}  // namespace

absl::StatusOr<std::shared_ptr<ClientTls>> ClientTls::Load(const std::string& ca_file, const std::string& certificate_file,
                                                           const std::string& key_file) {
  auto tls = std::make_shared<AsioClientTls>();
  error_code error;
  const auto failed = [&](absl::string_view what) {
    return absl::InvalidArgumentError(absl::StrCat("cannot load the ", what, ": ", error.message()));
  };
  tls->context.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1,
                           error);
  if (error) return failed("TLS options");
  tls->context.load_verify_file(ca_file, error);
  if (error) return failed("authority");
  tls->context.set_verify_mode(asio::ssl::verify_peer, error);
  if (error) return failed("verify mode");
  if (!certificate_file.empty()) {
    tls->context.use_certificate_chain_file(certificate_file, error);
    if (error) return failed("certificate");
    tls->context.use_private_key_file(key_file, asio::ssl::context::pem, error);
    if (error) return failed("key");
  }
  static constexpr unsigned char kH2[] = "\x02h2";
  SSL_CTX_set_alpn_protos(tls->context.native_handle(), kH2, sizeof(kH2) - 1);
  return tls;
}

std::shared_ptr<ClientSocket> MakeClientSocket(asio::io_context& context, std::shared_ptr<ClientTls> tls) {
  if (tls == nullptr) return std::make_shared<AsioClientSocket<Socket>>(context, nullptr, context);
  auto own = std::static_pointer_cast<AsioClientTls>(std::move(tls));
  asio::ssl::context& ssl = own->context;
  return std::make_shared<AsioClientSocket<TlsStream>>(context, std::move(own), context, ssl);
}

}  // namespace fivestrand::gateway::http
