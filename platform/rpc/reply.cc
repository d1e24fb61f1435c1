#include "platform/rpc/reply.h"

#include "google/protobuf/message_lite.h"

#include "platform/rpc/stream_writer.h"

namespace fivestrand::rpc {

void Reply::Set(const google::protobuf::MessageLite& message) {
  bytes_.clear();
  message.AppendToString(&bytes_);
}

bool StreamWriter::Write(const google::protobuf::MessageLite& message) {
  return WriteBytes(message.SerializeAsString());
}

}  // namespace fivestrand::rpc
