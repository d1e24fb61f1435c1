// HTTP messages as the gateway's parts see them: no socket, no parser.
#ifndef FIVESTRAND_GATEWAY_SRC_HTTP_MESSAGE_H_
#define FIVESTRAND_GATEWAY_SRC_HTTP_MESSAGE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fivestrand::gateway::http {

enum class Method : uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };

// The upper-case name, "OTHER" for a method that the gateway never serves.
std::string_view MethodName(Method method);
Method ParseMethod(std::string_view name);

// Header fields in order of arrival. Names compare without case. Views that it returns live until the next Add or Clear.
class HeaderList {
 public:
  void Add(std::string_view name, std::string_view value);
  void Clear();

  // The first field of that name.
  std::optional<std::string_view> Find(std::string_view name) const;
  // The first field of that name, or "".
  std::string_view Get(std::string_view name) const;
  size_t Count(std::string_view name) const;

  size_t size() const { return fields_.size(); }
  std::string_view name(size_t i) const;
  std::string_view value(size_t i) const;

 private:
  struct Field {
    uint32_t name_begin, name_size, value_begin, value_size;
  };
  std::string text_;
  std::vector<Field> fields_;
};

// A request whose header has been read. `target` is in origin form: it starts with '/', or is "*".
struct Request {
  Method method = Method::kOther;
  std::string target;
  int version = 11;  // 10 or 11
  HeaderList headers;
  std::string body;
  bool tls = false;
  bool loopback_peer = false;

  // The raw path, still percent-encoded, and the raw query without '?'.
  std::string_view path() const;
  std::string_view query() const;
};

// Header fields of an answer, kept as the bytes that go out.
class HeaderBlock {
 public:
  // Characters that could end the line are dropped from the value, so no caller can split a header.
  HeaderBlock& Add(std::string_view name, std::string_view value);
  // `lines` are complete "Name: value\r\n" lines that the caller vouches for.
  HeaderBlock& AddLines(std::string_view lines);
  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

// Status and fields. Content-Length, Transfer-Encoding, Connection and Date are the server's own business.
struct ResponseHead {
  int status = 200;
  HeaderBlock headers;
};

// A whole answer. A shared body is sent from where it lies.
struct Response {
  int status = 200;
  HeaderBlock headers;
  std::string body;
  std::shared_ptr<const std::string> shared_body;
  // For an answer to HEAD or a 304: the length to announce when no body is sent.
  std::optional<size_t> announced_length;

  std::string_view body_view() const { return shared_body ? std::string_view(*shared_body) : std::string_view(body); }
};

std::string_view ReasonPhrase(int status);

}  // namespace fivestrand::gateway::http

#endif  // FIVESTRAND_GATEWAY_SRC_HTTP_MESSAGE_H_
