// Outgoing connections on asio. Included by loop.cc and client_transport.cc only.
#ifndef FIVESTRAND_GATEWAY_SRC_HTTP_CLIENT_TRANSPORT_H_
#define FIVESTRAND_GATEWAY_SRC_HTTP_CLIENT_TRANSPORT_H_

#include <boost/asio/io_context.hpp>
#include <memory>

#include "gateway/src/http/client_socket.h"

namespace fivestrand::gateway::http {

std::shared_ptr<ClientSocket> MakeClientSocket(boost::asio::io_context& context, std::shared_ptr<ClientTls> tls);

}  // namespace fivestrand::gateway::http

#endif  // FIVESTRAND_GATEWAY_SRC_HTTP_CLIENT_TRANSPORT_H_
