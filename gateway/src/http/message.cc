#include "gateway/src/http/message.h"

#include "absl/strings/match.h"

#include "platform/status/views.h"

namespace fivestrand::gateway::http {

std::string_view MethodName(Method method) {
  switch (method) {
    case Method::kGet:
      return "GET";
    case Method::kHead:
      return "HEAD";
    case Method::kPost:
      return "POST";
    case Method::kPut:
      return "PUT";
    case Method::kPatch:
      return "PATCH";
    case Method::kDelete:
      return "DELETE";
    case Method::kOptions:
      return "OPTIONS";
    case Method::kOther:
      break;
  }
  return "OTHER";
}

Method ParseMethod(std::string_view name) {
  for (Method method :
       {Method::kGet, Method::kPost, Method::kPatch, Method::kDelete, Method::kPut, Method::kHead, Method::kOptions}) {
    if (name == MethodName(method)) return method;
  }
  return Method::kOther;
}

void HeaderList::Add(std::string_view name, std::string_view value) {
  if (text_.capacity() == 0) {
    text_.reserve(1024);
    fields_.reserve(16);
  }
  Field field;
  field.name_begin = static_cast<uint32_t>(text_.size());
  field.name_size = static_cast<uint32_t>(name.size());
  text_.append(name);
  field.value_begin = static_cast<uint32_t>(text_.size());
  field.value_size = static_cast<uint32_t>(value.size());
  text_.append(value);
  fields_.push_back(field);
}

void HeaderList::Clear() {
  text_.clear();
  fields_.clear();
}

std::optional<std::string_view> HeaderList::Find(std::string_view wanted) const {
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].name_size == wanted.size() && absl::EqualsIgnoreCase(AbslView(name(i)), AbslView(wanted))) return value(i);
  }
  return std::nullopt;
}

std::string_view HeaderList::Get(std::string_view wanted) const {
  return Find(wanted).value_or(std::string_view());
}

size_t HeaderList::Count(std::string_view wanted) const {
  size_t count = 0;
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (absl::EqualsIgnoreCase(AbslView(name(i)), AbslView(wanted))) ++count;
  }
  return count;
}

std::string_view HeaderList::name(size_t i) const {
  return std::string_view(text_).substr(fields_[i].name_begin, fields_[i].name_size);
}

std::string_view HeaderList::value(size_t i) const {
  return std::string_view(text_).substr(fields_[i].value_begin, fields_[i].value_size);
}

std::string_view Request::path() const {
  std::string_view all(target);
  return all.substr(0, all.find('?'));
}

std::string_view Request::query() const {
  std::string_view all(target);
  const size_t mark = all.find('?');
  return mark == std::string_view::npos ? std::string_view() : all.substr(mark + 1);
}

HeaderBlock& HeaderBlock::Add(std::string_view name, std::string_view value) {
  text_.append(name).append(": ");
  if (value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos) {
    text_.append(value);
  } else {
    for (char c : value) {
      if (c != '\r' && c != '\n' && c != '\0') text_.push_back(c);
    }
  }
  text_.append("\r\n");
  return *this;
}

HeaderBlock& HeaderBlock::AddLines(std::string_view lines) {
  text_.append(lines);
  return *this;
}

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 100:
      return "Continue";
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Payload Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 499:
      return "Client Closed Request";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Status";
  }
}

}  // namespace fivestrand::gateway::http
