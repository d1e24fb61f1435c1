#include <algorithm>
#include <openssl/sha.h>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/identity/claims.h"
#include "platform/identity/jws.h"
#include "platform/identity/service_keys.h"
#include "platform/identity/token.h"
#include "platform/identity/token_cache.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::identity {
namespace {

constexpr JwsAlgorithm kAllowed[] = {JwsAlgorithm::kEdDsa};
constexpr absl::Duration kRetryForKeys = absl::Seconds(1);

TokenCache::Digest DigestOf(std::string_view token) {
  TokenCache::Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
  return digest;
}

// Whether the caller is that service, and with no role that a person could hold.
bool IsServiceAlone(const Caller& caller, std::string_view service) {
  return caller.subject == absl::StrCat("services/", AbslView(service)) &&
         std::all_of(caller.grants.begin(), caller.grants.end(),
                     [](const Grant& grant) { return grant.role == type::v1::ROLE_SERVICE; });
}

class CachingTokenVerifier : public TokenVerifier {
 public:
  CachingTokenVerifier(std::shared_ptr<KeySource> keys, VerifierOptions options)
      : keys_(std::move(keys)), options_(std::move(options)), cache_(options_.cache_capacity) {}

  absl::StatusOr<std::shared_ptr<const Caller>> Verify(std::string_view token) override {
    if (token.empty() || token.size() > kMaxTokenBytes) return status::Unauthenticated("no identity token of a sensible length");
    const TokenCache::Digest digest = DigestOf(token);
    const absl::Time now = options_.clock();
    // Read before the keys: a set that changes in between makes the entry too old rather than too new.
    const uint64_t generation = keys_->generation() + (options_.service_keys == nullptr ? 0 : options_.service_keys->generation());
    if (auto known = cache_.Find(digest, generation, now)) return known;
    FIVESTRAND_ASSIGN_OR_RETURN(std::shared_ptr<const Caller> caller, VerifyNew(token, now));
    if (now < caller->expires) cache_.Insert(digest, generation, caller);
    return caller;
  }

 private:
  absl::StatusOr<std::shared_ptr<const Caller>> VerifyNew(std::string_view token, absl::Time now) {
    // Which keys may have signed it follows from the id alone, before anything is believed: a key of a service can never pass for
    // one of the gateway, nor the other way round.
    const std::string kid = UnverifiedKid(token);
    const std::string_view service = ServiceOfKey(kid);
    KeySource* const source = service.empty() ? keys_.get() : options_.service_keys.get();
    if (source == nullptr) return status::Unauthenticated("the token is not signed by a known key");
    const std::shared_ptr<const KeySet> keys = source->Keys();
    if (keys == nullptr) {
      source->RequestRefresh();
      return status::Unavailable(status::Reason::kUpstreamUnavailable, "the keys of identity tokens are not here yet",
                                 kRetryForKeys);
    }
    absl::StatusOr<VerifiedJws> jws = VerifyJws(token, *keys, kAllowed, kMaxTokenBytes);
    if (!jws.ok()) {
      if (!kid.empty() && !keys->Contains(kid)) source->RequestRefresh();
      return jws.status();
    }
    // Every token of ours names its key; one without could only rest on the set having a single key.
    if (jws->kid.empty() || jws->type != kTokenType) return status::Unauthenticated("the token is not an identity token");
    std::optional<Claims> claims = ReadClaims(jws->payload);
    if (!claims.has_value() || !WellFormed(claims->caller)) return status::Unauthenticated("the token does not say who calls");
    if (!service.empty() && !IsServiceAlone(claims->caller, service)) {
      return status::Unauthenticated("the token says more than the key of a service may");
    }
    if (claims->issuer != options_.issuer) return status::Unauthenticated("the token is from another issuer");
    if (claims->audience != options_.audience) return status::Unauthenticated("the token is for others");
    if (now >= claims->caller.expires + options_.leeway) return status::Unauthenticated("the token has expired");
    if (now < claims->not_before - options_.leeway) return status::Unauthenticated("the token is not valid yet");
    return std::make_shared<const Caller>(std::move(claims->caller));
  }

  const std::shared_ptr<KeySource> keys_;
  const VerifierOptions options_;
  TokenCache cache_;
};

}  // namespace

std::unique_ptr<TokenVerifier> TokenVerifier::Create(std::shared_ptr<KeySource> keys, VerifierOptions options) {
  return std::make_unique<CachingTokenVerifier>(std::move(keys), std::move(options));
}

}  // namespace fivestrand::identity
