// Reading protobuf's wire format in place.
#ifndef FIVESTRAND_GATEWAY_SRC_TRANSCODE_WIRE_H_
#define FIVESTRAND_GATEWAY_SRC_TRANSCODE_WIRE_H_

#include <cstdint>
#include <cstring>
#include <string_view>

namespace fivestrand::gateway::transcode {

enum class WireType : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kStartGroup = 3, kEndGroup = 4, kFixed32 = 5 };

// A cursor over the bytes of one message. Every Take returns false at malformed input.
class WireReader {
 public:
  explicit WireReader(std::string_view data) : at_(data.data()), end_(data.data() + data.size()) {}

  bool done() const { return at_ == end_; }

  bool TakeVarint(uint64_t* value) {
    if (at_ != end_ && static_cast<signed char>(*at_) >= 0) {
      *value = static_cast<uint64_t>(*at_++);
      return true;
    }
    uint64_t result = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at_ == end_) return false;
      const auto byte = static_cast<unsigned char>(*at_++);
      if (shift < 64) result |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) {
        *value = result;
        return true;
      }
    }
    return false;
  }

  bool TakeTag(uint32_t* number, WireType* type) {
    uint64_t tag;
    if (!TakeVarint(&tag) || tag > 0xFFFFFFFFu || (tag >> 3) == 0 || (tag & 7) > 5) return false;
    *number = static_cast<uint32_t>(tag >> 3);
    *type = static_cast<WireType>(tag & 7);
    return true;
  }

  bool TakeBytes(std::string_view* bytes) {
    uint64_t size;
    if (!TakeVarint(&size) || size > static_cast<uint64_t>(end_ - at_)) return false;
    *bytes = std::string_view(at_, size);
    at_ += size;
    return true;
  }

  // The machine is little-endian, as the wire is.
  template <class T>
  bool TakeFixed(T* value) {
    if (static_cast<size_t>(end_ - at_) < sizeof(T)) return false;
    std::memcpy(value, at_, sizeof(T));
    at_ += sizeof(T);
    return true;
  }

  bool Skip(WireType type, uint32_t number, int depth = 0) {
    uint64_t varint;
    uint32_t fixed32;
    std::string_view bytes;
    switch (type) {
      case WireType::kVarint:
        return TakeVarint(&varint);
      case WireType::kFixed64:
        return TakeFixed(&varint);
      case WireType::kBytes:
        return TakeBytes(&bytes);
      case WireType::kFixed32:
        return TakeFixed(&fixed32);
      case WireType::kStartGroup:
        for (;;) {
          uint32_t inner;
          if (depth > 60 || !TakeTag(&inner, &type)) return false;
          if (type == WireType::kEndGroup) return inner == number;
          if (!Skip(type, inner, depth + 1)) return false;
        }
      case WireType::kEndGroup:
        return false;
    }
    return false;
  }

 private:
  const char* at_;
  const char* const end_;
};

}  // namespace fivestrand::gateway::transcode

#endif  // FIVESTRAND_GATEWAY_SRC_TRANSCODE_WIRE_H_
