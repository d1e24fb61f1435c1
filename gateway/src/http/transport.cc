#include "gateway/src/http/transport.h"

#include <array>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include "absl/strings/str_cat.h"

#include "platform/status/views.h"

namespace fivestrand::gateway::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// A gather list without an allocation.
class BufferList {
 public:
  using value_type = asio::const_buffer;
  using const_iterator = const asio::const_buffer*;
  explicit BufferList(absl::Span<const std::string_view> views) {
    for (std::string_view view : views) {
      if (count_ == buffers_.size()) break;
      buffers_[count_++] = asio::const_buffer(view.data(), view.size());
    }
  }
  const_iterator begin() const { return buffers_.data(); }
  const_iterator end() const { return buffers_.data() + count_; }

 private:
  std::array<asio::const_buffer, 16> buffers_;
  size_t count_ = 0;
};

template <class Stream>
class SocketConnection : public Connection {
 public:
  template <class... Args>
  SocketConnection(IoLoop* loop, bool tls, bool loopback, Args&&... args)
      : Connection(loop, tls, loopback), stream_(std::forward<Args>(args)...) {}

 protected:
  void AsyncRead(char* into, size_t size) override {
    stream_.async_read_some(asio::buffer(into, size), [this, self = shared_from_this()](error_code error, size_t count) {
      OnRead(!error && count > 0, count);
    });
  }

  void AsyncWrite(absl::Span<const std::string_view> buffers) override {
    auto done = [this, self = shared_from_this()](error_code error, size_t count) {
      OnWritten(!error, count);
    };
    if (buffers.size() == 1) {
      stream_.async_write_some(asio::const_buffer(buffers[0].data(), buffers[0].size()), std::move(done));
    } else {
      stream_.async_write_some(BufferList(buffers), std::move(done));
    }
  }

  void ShutdownSend() override {
    error_code ignored;
    stream_.lowest_layer().shutdown(tcp::socket::shutdown_send, ignored);
  }

  void CloseTransport() override {
    error_code ignored;
    stream_.lowest_layer().close(ignored);
  }

  Stream stream_;
};

class AsioTlsContext final : public TlsContext {
 public:
  asio::ssl::context context{asio::ssl::context::tls_server};
};

class TlsConnection final : public SocketConnection<asio::ssl::stream<tcp::socket>> {
 public:
  TlsConnection(IoLoop* loop, bool loopback, tcp::socket socket, std::shared_ptr<AsioTlsContext> tls)
      : SocketConnection(loop, /*tls=*/true, loopback, std::move(socket), tls->context), tls_(std::move(tls)) {}

  void Handshake() {
    stream_.async_handshake(asio::ssl::stream_base::server, [this, self = shared_from_this()](error_code error) {
      if (error) return Close();
      Open();
    });
  }

 private:
  const std::shared_ptr<AsioTlsContext> tls_;
};

int SelectAlpn(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned int in_size, void*) {
  static constexpr unsigned char kHttp11[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kHttp11, sizeof(kHttp11) - 1, in, in_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

absl::StatusOr<std::shared_ptr<TlsContext>> TlsContext::Load(const std::string& certificate_file, const std::string& key_file) {
  auto tls = std::make_shared<AsioTlsContext>();
  error_code error;
  const auto failed = [&](std::string_view what) {
    return absl::InvalidArgumentError(absl::StrCat("cannot load ", AbslView(what), ": ", error.message()));
  };
  tls->context.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 | asio::ssl::context::no_sslv3 |
                               asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1 | asio::ssl::context::single_dh_use,
                           error);
  if (error) return failed("the TLS options");
  tls->context.use_certificate_chain_file(certificate_file, error);
  if (error) return failed("the TLS certificate");
  tls->context.use_private_key_file(key_file, asio::ssl::context::pem, error);
  if (error) return failed("the TLS key");
  SSL_CTX* native = tls->context.native_handle();
  if (SSL_CTX_check_private_key(native) != 1) return absl::InvalidArgumentError("the TLS key does not belong to the certificate");
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_alpn_select_cb(native, SelectAlpn, nullptr);
  return tls;
}

void Serve(tcp::socket socket, IoLoop* loop, std::shared_ptr<TlsContext> tls) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  const auto peer = socket.remote_endpoint(ignored);
  const bool loopback = !ignored && peer.address().is_loopback();
  if (tls != nullptr) {
    auto connection =
        std::make_shared<TlsConnection>(loop, loopback, std::move(socket), std::static_pointer_cast<AsioTlsContext>(tls));
    loop->Adopt(connection);
    connection->Handshake();
  } else {
    auto connection = std::make_shared<SocketConnection<tcp::socket>>(loop, /*tls=*/false, loopback, std::move(socket));
    loop->Adopt(connection);
    connection->Open();
  }
}

}  // namespace fivestrand::gateway::http
