// Between strings, messages and grpc::ByteBuffer.
#ifndef FIVESTRAND_PLATFORM_RPC_BYTES_H_
#define FIVESTRAND_PLATFORM_RPC_BYTES_H_

#include <grpcpp/support/byte_buffer.h>
#include <memory>
#include <string>

namespace google::protobuf {
class MessageLite;
}

namespace fivestrand::rpc {

// Takes the text over when it is large, copies it when that is cheaper.
grpc::ByteBuffer ToByteBuffer(std::string bytes);
// Shares the bytes.
grpc::ByteBuffer ToByteBuffer(std::shared_ptr<const std::string> bytes);
grpc::ByteBuffer ToByteBuffer(const google::protobuf::MessageLite& message);

std::string ToString(const grpc::ByteBuffer& buffer);
// Merges nothing: `message` is cleared first. False when the bytes are no such message.
bool ParseByteBuffer(const grpc::ByteBuffer& buffer, google::protobuf::MessageLite* message);

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_BYTES_H_
