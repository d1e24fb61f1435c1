// Tokens and key sets in any bytes. The one token that the key of RFC 8037 signed is known, so that a change of it that still
// verifies would be found.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "platform/identity/jws.h"

namespace {

using fivestrand::identity::JwsAlgorithm;
using fivestrand::identity::KeySet;

constexpr char kKeys[] = R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})";
constexpr JwsAlgorithm kAll[] = {JwsAlgorithm::kEdDsa, JwsAlgorithm::kRs256, JwsAlgorithm::kEs256};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto* const keys = new std::shared_ptr<const KeySet>(KeySet::Parse(kKeys).value());
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto verified = fivestrand::identity::VerifyJws(text, **keys, kAll); verified.ok()) {
    if (verified->payload != "Example of Ed25519 signing") abort();
  }
  fivestrand::identity::UnverifiedKid(text);
  if (const auto parsed = KeySet::Parse(text); parsed.ok()) {
    fivestrand::identity::VerifyJws(text, **parsed, kAll).IgnoreError();
  }
  return 0;
}
