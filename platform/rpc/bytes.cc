#include "platform/rpc/bytes.h"

#include <grpcpp/impl/codegen/proto_buffer_reader.h>
#include <grpcpp/support/slice.h>
#include <utility>

#include "google/protobuf/message_lite.h"

namespace fivestrand::rpc {
namespace {

// Below this a copy into one allocation is cheaper than a holder of the string beside the slice.
constexpr std::size_t kCopyBelow = 2048;

grpc::ByteBuffer OfSlice(grpc::Slice slice) {
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace

grpc::ByteBuffer ToByteBuffer(std::string bytes) {
  if (bytes.size() < kCopyBelow) return OfSlice(grpc::Slice(bytes));
  auto* const held = new std::string(std::move(bytes));
  return OfSlice(grpc::Slice(
      held->data(), held->size(), [](void* holder) { delete static_cast<std::string*>(holder); }, held));
}

grpc::ByteBuffer ToByteBuffer(std::shared_ptr<const std::string> bytes) {
  if (bytes->size() < kCopyBelow) return OfSlice(grpc::Slice(*bytes));
  auto* const held = new std::shared_ptr<const std::string>(std::move(bytes));
  return OfSlice(grpc::Slice(
      const_cast<char*>((*held)->data()), (*held)->size(),
      [](void* holder) { delete static_cast<std::shared_ptr<const std::string>*>(holder); }, held));
}

grpc::ByteBuffer ToByteBuffer(const google::protobuf::MessageLite& message) {
  const std::size_t size = message.ByteSizeLong();
  grpc::Slice slice(size);
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return OfSlice(std::move(slice));
}

std::string ToString(const grpc::ByteBuffer& buffer) {
  std::string result;
  std::vector<grpc::Slice> slices;
  if (!buffer.Valid() || !buffer.Dump(&slices).ok()) return result;
  result.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) result.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return result;
}

bool ParseByteBuffer(const grpc::ByteBuffer& buffer, google::protobuf::MessageLite* message) {
  if (!buffer.Valid()) {
    message->Clear();
    return true;
  }
  // The usual case, a single slice, needs no stream.
  grpc::Slice single;
  if (buffer.TrySingleSlice(&single).ok()) return message->ParseFromArray(single.begin(), static_cast<int>(single.size()));
  grpc::ByteBuffer copy(buffer);
  grpc::ProtoBufferReader reader(&copy);
  return message->ParseFromZeroCopyStream(&reader) && reader.status().ok();
}

}  // namespace fivestrand::rpc
