#include "platform/crypto/keyring.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <sodium.h>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

#include "platform/crypto/encoding.h"
#include "platform/crypto/secret_file.h"
#include "platform/status/macros.h"

namespace fivestrand::crypto {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxVersions = 100;
constexpr char kContext[] = "fvstrand";
static_assert(sizeof(kContext) - 1 == crypto_kdf_CONTEXTBYTES);
static_assert(kKeyBytes == crypto_kdf_KEYBYTES);
// crypto_kdf numbers its subkeys; number 1 is the root of all purposes, which are told apart by name.
constexpr uint64_t kPurposeRoot = 1;

std::string EncodedRandomKey() {
  if (sodium_init() < 0) std::abort();
  std::string bytes(kKeyBytes, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  std::string text = Base64Url(bytes);
  WipeText(&bytes);
  return text;
}

Json NewKey(uint32_t version, absl::Time now) {
  return {{"version", version},
          {"key", EncodedRandomKey()},
          {"create_time", absl::FormatTime(absl::RFC3339_sec, now, absl::UTCTimeZone())}};
}

struct KeyringContent {
  Json json;
  uint32_t primary = 0;
  std::map<uint32_t, SecretKey> keys;
};

std::optional<uint32_t> ReadVersion(const Json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end() || !found->is_number_unsigned()) return std::nullopt;
  const uint64_t value = found->get<uint64_t>();
  if (value == 0 || value > UINT32_MAX) return std::nullopt;
  return static_cast<uint32_t>(value);
}

std::optional<KeyringContent> ParseKeyring(std::string_view text) {
  KeyringContent content;
  content.json = Json::parse(text.begin(), text.end(), nullptr, false);
  if (!content.json.is_object() || content.json.value("format", Json()) != 1) return std::nullopt;
  const auto primary = ReadVersion(content.json, "primary");
  const Json keys = content.json.value("keys", Json());
  if (!primary.has_value() || !keys.is_array() || keys.size() > kMaxVersions) return std::nullopt;
  content.primary = *primary;
  for (const Json& entry : keys) {
    if (!entry.is_object()) return std::nullopt;
    const auto version = ReadVersion(entry, "version");
    const Json key = entry.value("key", Json());
    if (!version.has_value() || !key.is_string()) return std::nullopt;
    std::optional<std::string> bytes = FromBase64Url(key.get_ref<const std::string&>());
    if (!bytes.has_value() || bytes->size() != kKeyBytes) return std::nullopt;
    const absl::Cleanup wipe = [&] {
      WipeText(&*bytes);
    };
    SecretKey secret = SecretKey::Filled([&](unsigned char* out) { std::copy(bytes->begin(), bytes->end(), out); });
    if (!content.keys.emplace(*version, std::move(secret)).second) return std::nullopt;
  }
  if (!content.keys.contains(content.primary)) return std::nullopt;
  return content;
}

absl::Status Damaged(const std::string& path) {
  return absl::DataLossError(absl::StrCat(path, " is not a keyring"));
}

std::string Render(const Json& json) {
  return json.dump(2) + "\n";
}

}  // namespace

struct Keyring::Keys {
  uint32_t primary = 0;
  std::map<uint32_t, SecretKey> by_version;
};

Keyring::Keyring(std::unique_ptr<Keys> keys) : keys_(std::move(keys)) {}
Keyring::~Keyring() = default;

absl::StatusOr<std::shared_ptr<const Keyring>> Keyring::Load(const std::string& path) {
  FIVESTRAND_ASSIGN_OR_RETURN(std::string text, ReadSecretFile(path));
  const absl::Cleanup wipe = [&] {
    WipeText(&text);
  };
  std::optional<KeyringContent> content = ParseKeyring(text);
  if (!content.has_value()) return Damaged(path);
  return std::shared_ptr<const Keyring>(new Keyring(std::make_unique<Keys>(Keys{content->primary, std::move(content->keys)})));
}

absl::Status Keyring::Create(const std::string& path, absl::Time now) {
  return CreateSecretFile(path, Render({{"format", 1}, {"primary", 1}, {"keys", Json::array({NewKey(1, now)})}}));
}

absl::StatusOr<uint32_t> Keyring::Rotate(const std::string& path, absl::Time now) {
  uint32_t version = 0;
  FIVESTRAND_RETURN_IF_ERROR(ChangeSecretFile(path, [&](std::string_view text) -> absl::StatusOr<std::string> {
    std::optional<KeyringContent> content = ParseKeyring(text);
    if (!content.has_value()) return Damaged(path);
    if (content->keys.size() == kMaxVersions)
      return absl::ResourceExhaustedError(absl::StrCat(path, " is full; remove old versions"));
    const uint32_t newest = content->keys.rbegin()->first;
    if (newest == UINT32_MAX) return Damaged(path);
    version = newest + 1;
    content->json["keys"].push_back(NewKey(version, now));
    content->json["primary"] = version;
    return Render(content->json);
  }));
  return version;
}

absl::Status Keyring::Remove(const std::string& path, uint32_t version) {
  return ChangeSecretFile(path, [&](std::string_view text) -> absl::StatusOr<std::string> {
    std::optional<KeyringContent> content = ParseKeyring(text);
    if (!content.has_value()) return Damaged(path);
    if (version == content->primary) return absl::FailedPreconditionError("the primary version cannot be removed; rotate first");
    if (!content->keys.contains(version)) return absl::NotFoundError(absl::StrCat(path, " has no version ", version));
    Json& keys = content->json["keys"];
    for (auto entry = keys.begin(); entry != keys.end(); ++entry) {
      if (ReadVersion(*entry, "version") != version) continue;
      keys.erase(entry);
      break;
    }
    return Render(content->json);
  });
}

std::shared_ptr<const Keyring> Keyring::NewInMemory() {
  auto keys = std::make_unique<Keys>();
  keys->primary = 1;
  keys->by_version.emplace(1, SecretKey::Random());
  return std::shared_ptr<const Keyring>(new Keyring(std::move(keys)));
}

uint32_t Keyring::primary() const {
  return keys_->primary;
}

std::vector<uint32_t> Keyring::versions() const {
  std::vector<uint32_t> versions;
  for (const auto& [version, key] : keys_->by_version) versions.push_back(version);
  return versions;
}

bool Keyring::Has(uint32_t version) const {
  return keys_->by_version.contains(version);
}

absl::StatusOr<SecretKey> Keyring::Derive(std::string_view purpose, uint32_t version) const {
  const auto root = keys_->by_version.find(version);
  if (root == keys_->by_version.end()) return absl::NotFoundError(absl::StrCat("the keyring has no version ", version));
  const SecretKey purposes = SecretKey::Filled(
      [&](unsigned char* out) { crypto_kdf_derive_from_key(out, kKeyBytes, kPurposeRoot, kContext, root->second.data()); });
  return SecretKey::Filled([&](unsigned char* out) {
    crypto_generichash(out, kKeyBytes, reinterpret_cast<const unsigned char*>(purpose.data()), purpose.size(), purposes.data(),
                       kKeyBytes);
  });
}

}  // namespace fivestrand::crypto
