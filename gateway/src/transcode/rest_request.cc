#include "gateway/src/transcode/rest_request.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "gateway/src/http/uri.h"
#include "gateway/src/transcode/json_reader.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::gateway::transcode {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

absl::Status ReadBody(const RestBinding& binding, const http::Request& request, Message* message) {
  if (StdView(absl::StripAsciiWhitespace(AbslView(request.body))).empty()) return absl::OkStatus();
  switch (binding.body) {
    case RestBinding::Body::kNone:
      return status::Invalid(status::Reason::kMalformedBody, "body", "is not taken by this method");
    case RestBinding::Body::kWhole:
      return ReadJson(request.body, message);
    case RestBinding::Body::kPieces:
      break;
    case RestBinding::Body::kField:
      return ReadJsonField(request.body, message, binding.body_field);
  }
  return absl::OkStatus();
}

// Whether the query may set a field: not one that the path or the body sets, nor one inside or around it.
bool TakenElsewhere(const RestBinding& binding, const FieldPath& path) {
  if (binding.body == RestBinding::Body::kWhole) return true;
  if (binding.body_field != nullptr && path[0] == binding.body_field) return true;
  return std::any_of(binding.variables.begin(), binding.variables.end(), [&](const FieldPath& variable) {
    const size_t common = std::min(variable.size(), path.size());
    return std::equal(path.begin(), path.begin() + common, variable.begin());
  });
}

void ReadQuery(const RestBinding& binding, std::string_view query, std::string_view own_key, Message* message,
               status::FieldViolations* bad) {
  if (query.empty()) return;
  const auto parameters = http::ParseQuery(query);
  if (!parameters) return bad->Add("query", "is not well encoded, or has too many parameters");
  std::vector<FieldPath> set;
  for (const auto& [key, value] : *parameters) {
    if (!own_key.empty() && key == own_key) continue;
    const FieldPath path = ResolvePath(message->GetDescriptor(), key);
    const std::string name = key.substr(0, 100);
    if (path.empty()) {
      bad->Add(name, "is not a query parameter of this method");
    } else if (TakenElsewhere(binding, path)) {
      bad->Add(name, "cannot be given in the query");
    } else if (!IsTextual(path.back())) {
      bad->Add(name, "cannot be given as a whole; name one of its fields");
    } else if (!path.back()->is_repeated() && std::find(set.begin(), set.end(), path) != set.end()) {
      bad->Add(name, "is given twice");
    } else if (const std::string_view why = SetFromText(Descend(message, path), path.back(), value); !why.empty()) {
      bad->Add(name, why);
    } else {
      set.push_back(path);
    }
  }
}

// Without its parameters.
absl::string_view MediaType(std::string_view content_type) {
  return absl::StripAsciiWhitespace(AbslView(content_type.substr(0, content_type.find(';'))));
}

void AppendVarint(uint64_t value, std::string* out) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<char>(value | 0x80));
  out->push_back(static_cast<char>(value));
}

// A header that stands for a string field.
void ReadHeader(std::string_view name, std::string_view value, const FieldPath& path, Message* message,
                status::FieldViolations* bad) {
  Message* holder = Descend(message, path);
  const std::string present = holder->GetReflection()->GetString(*holder, path.back());
  if (!present.empty() && present != value) return bad->Add(name, "differs from the field that it stands for");
  if (const std::string_view why = SetFromText(holder, path.back(), value); !why.empty()) bad->Add(name, why);
}

}  // namespace

bool IsJsonType(std::string_view content_type) {
  return absl::EqualsIgnoreCase(MediaType(content_type), "application/json");
}

bool IsFileType(std::string_view content_type) {
  const absl::string_view type = MediaType(content_type);
  // The last is what a browser on Windows says of a CSV file.
  for (const absl::string_view known :
       {"text/csv", "text/tab-separated-values", "application/octet-stream", "application/vnd.ms-excel"}) {
    if (absl::EqualsIgnoreCase(type, known)) return true;
  }
  return false;
}

std::string PieceOf(const RestBinding& binding, std::string_view piece) {
  constexpr uint32_t kLengthDelimited = 2;
  std::string message;
  message.reserve(piece.size() + 10);
  AppendVarint(static_cast<uint64_t>(binding.body_field->number()) << 3 | kLengthDelimited, &message);
  AppendVarint(piece.size(), &message);
  message.append(piece);
  return message;
}

absl::StatusOr<std::string> BuildRequest(const RestBinding& binding, const std::vector<std::string>& path_values,
                                         const http::Request& request, std::string_view own_key) {
  char block[4096];
  google::protobuf::ArenaOptions options;
  options.initial_block = block;
  options.initial_block_size = sizeof block;
  google::protobuf::Arena arena(options);
  const Message* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(binding.method->input_type());
  if (prototype == nullptr) return status::Internal("no generated class for " + binding.method->input_type()->full_name());
  Message* message = prototype->New(&arena);

  if (absl::Status body = ReadBody(binding, request, message); !body.ok()) return body;
  status::FieldViolations bad;
  ReadQuery(binding, request.query(), own_key, message, &bad);
  for (size_t i = 0; i < binding.variables.size(); ++i) {
    const FieldPath& path = binding.variables[i];
    if (const std::string_view why = SetFromText(Descend(message, path), path.back(), path_values[i]); !why.empty()) {
      bad.Add(path.back()->name(), why);
    }
  }
  const std::string_view match = request.headers.Get("if-match");
  if (!match.empty() && match != "*" && !binding.request_etag.empty()) {
    ReadHeader("If-Match", match, binding.request_etag, message, &bad);
  }
  const std::string_view key = request.headers.Get("idempotency-key");
  if (!key.empty() && !binding.request_id.empty()) ReadHeader("Idempotency-Key", key, binding.request_id, message, &bad);
  if (!bad.empty()) return bad.ToStatus();
  return message->SerializeAsString();
}

}  // namespace fivestrand::gateway::transcode
