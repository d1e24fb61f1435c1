// What gRPC and protobuf themselves have to say, into our log instead of onto standard error.
#ifndef FIVESTRAND_PLATFORM_RPC_TRANSPORT_LOG_H_
#define FIVESTRAND_PLATFORM_RPC_TRANSPORT_LOG_H_

namespace fivestrand::log {
class Logger;
}

namespace fivestrand::rpc {

// For the whole process, because both libraries have one log each. null: dropped. The logger outlives its use here.
void RouteTransportLogs(log::Logger* logger);

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_TRANSPORT_LOG_H_
