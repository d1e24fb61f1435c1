// The answer of a unary body: a message, or bytes that are sent as they lie.
#ifndef FIVESTRAND_PLATFORM_RPC_REPLY_H_
#define FIVESTRAND_PLATFORM_RPC_REPLY_H_

#include <string>
#include <utility>

namespace google::protobuf {
class MessageLite;
}

namespace fivestrand::rpc {

// Movable, not thread-safe. Empty means the empty message.
class Reply {
 public:
  // Encodes at once; `message` need not outlive the call.
  void Set(const google::protobuf::MessageLite& message);
  // `bytes` must be the encoding of the method's output type; it is not looked at and not copied if it is large.
  void SetBytes(std::string bytes) { bytes_ = std::move(bytes); }

  const std::string& bytes() const { return bytes_; }
  std::string&& TakeBytes() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_REPLY_H_
