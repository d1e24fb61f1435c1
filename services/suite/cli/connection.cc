#include "services/suite/cli/connection.h"

#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/names/names.h"
#include "platform/rpc/server.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::cli {
namespace {

absl::StatusOr<std::string> Token(const identity::TokenSigner& signer, std::string subject, type::v1::Role role) {
  identity::Caller caller;
  caller.subject = std::move(subject);
  caller.expires = absl::InfiniteFuture();
  caller.grants.emplace_back().role = role;
  return signer.Sign(caller);
}

}  // namespace

absl::StatusOr<std::string> OperatorToken(const identity::TokenSigner& signer) {
  return Token(signer, "operators/cli", type::v1::ROLE_OPERATOR);
}

absl::StatusOr<std::string> ServiceToken(const identity::TokenSigner& signer) {
  return Token(signer, "services/cli", type::v1::ROLE_SERVICE);
}

absl::Status Call(const Connection& connection, std::string_view method, const google::protobuf::Message& request,
                  google::protobuf::Message* response) {
  const std::string name = absl::StrCat("fivestrand.leadership.v1.", AbslView(method));
  const auto* descriptor = rpc::FindMethod(name);
  if (descriptor == nullptr) return status::Internal(absl::StrCat("no method ", name));
  rpc::CallOptions options;
  options.token = connection.token;
  options.timeout = kCallTimeout;
  return connection.client->Call(descriptor, request, response, options);
}

std::string NewRequestId() {
  std::random_device random;
  const unsigned a = random(), b = random(), c = random(), d = random();
  // Version 4, variant 1.
  return absl::StrFormat("%08x-%04x-4%03x-%04x-%04x%08x", a, b >> 16, b & 0xFFF, 0x8000 | (c >> 18), c & 0xFFFF, d);
}

absl::StatusOr<std::string> TrustName(std::string_view text) {
  const std::string_view id = text.starts_with("trusts/") ? text.substr(7) : text;
  if (!names::ValidId(id)) return status::InvalidField("trust", "must be given as an id, such as acorn");
  return absl::StrCat("trusts/", AbslView(id));
}

}  // namespace fivestrand::cli
