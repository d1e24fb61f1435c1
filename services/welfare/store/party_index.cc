#include "services/welfare/store/party_index.h"

#include <algorithm>
#include <array>
#include <sodium.h>
#include <utility>

#include "absl/strings/str_cat.h"

#include "platform/names/names.h"
#include "platform/resource/declaration.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "platform/store/store.h"
#include "services/welfare/domain/matter.h"

namespace fivestrand::welfare::store {
namespace {

using fivestrand::store::Param;
using fivestrand::store::Row;
using fivestrand::store::Session;

constexpr std::size_t kPartyBytes = 16;
constexpr std::string_view kLabel = "welfare_secret";
// A deployment can hold more trusts than are worth keeping in memory.
constexpr std::size_t kMaxKnown = 1024;

}  // namespace

std::string PartyHash::Of(std::string_view person) const {
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> full;
  crypto_auth_hmacsha256(full.data(), reinterpret_cast<const unsigned char*>(person.data()), person.size(), secret_.data());
  return std::string(reinterpret_cast<const char*>(full.data()), kPartyBytes);
}

absl::StatusOr<std::optional<PartyHash>> PartyIndex::ReadSecret(Session& session, std::string_view trust) {
  std::string sealed;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found,
                              session.QueryOne("SELECT sealed FROM welfare_secret WHERE trust = $1", {trust}, [&](const Row& row) {
                                sealed = std::string(row.Blob(0));
                                return absl::OkStatus();
                              }));
  if (!found) return std::optional<PartyHash>();
  FIVESTRAND_ASSIGN_OR_RETURN(std::string bytes, cipher_.Open(trust, kLabel, sealed));
  if (bytes.size() != crypto::kKeyBytes) return status::DataLoss("welfare_secret: not a key");
  PartyHash hash(crypto::SecretKey::Filled([&](unsigned char* out) { std::copy(bytes.begin(), bytes.end(), out); }));
  crypto::WipeText(&bytes);
  return std::optional<PartyHash>(std::move(hash));
}

absl::StatusOr<std::optional<PartyHash>> PartyIndex::Hash(Session& session, std::string_view trust) {
  {
    absl::MutexLock lock(&mutex_);
    if (const auto found = known_.find(AbslView(trust)); found != known_.end()) return std::optional<PartyHash>(found->second);
  }
  FIVESTRAND_ASSIGN_OR_RETURN(const std::optional<PartyHash> hash, ReadSecret(session, trust));
  if (hash) {
    absl::MutexLock lock(&mutex_);
    if (known_.size() >= kMaxKnown) known_.clear();
    known_.insert_or_assign(std::string(trust), *hash);
  }
  return hash;
}

absl::Status PartyIndex::Keep(fivestrand::store::WriteTransaction& transaction, std::string_view name,
                              const google::protobuf::Message& record) {
  const std::string_view trust = names::TrustOf(name);
  const std::string_view path = resource::PathOf(name);
  FIVESTRAND_ASSIGN_OR_RETURN(std::optional<PartyHash> hash, ReadSecret(transaction, trust));
  if (!hash) {
    const crypto::SecretKey secret = crypto::SecretKey::Random();
    const std::string_view bytes(reinterpret_cast<const char*>(secret.data()), crypto::kKeyBytes);
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string sealed, cipher_.Seal(trust, kLabel, bytes));
    FIVESTRAND_RETURN_IF_ERROR(
        transaction.Execute("INSERT INTO welfare_secret (trust, sealed) VALUES ($1, $2)", {trust, Param::Blob(sealed)}).status());
    hash.emplace(secret);
  }
  FIVESTRAND_RETURN_IF_ERROR(
      transaction.Execute("DELETE FROM welfare_party WHERE trust = $1 AND path = $2", {trust, path}).status());
  for (const domain::Party& party : domain::PartiesOf(record)) {
    const std::string key = hash->Of(party.person);
    // The same person can be named twice as a reader.
    FIVESTRAND_RETURN_IF_ERROR(
        transaction
            .Execute("INSERT INTO welfare_party (trust, path, part, party, visible) VALUES ($1, $2, $3, $4, $5) "
                     "ON CONFLICT (trust, path, part, party) DO NOTHING",
                     {trust, path, static_cast<int>(party.part), Param::Blob(key), party.visible ? 1 : 0})
            .status());
  }
  return absl::OkStatus();
}

}  // namespace fivestrand::welfare::store
