#include "services/welfare/domain/pulse_box.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <sodium.h>

namespace fivestrand::welfare::domain {
namespace {

constexpr std::size_t kAnswerBytes = 24;
constexpr std::size_t kMaxRatings = kAnswerBytes - 2;
constexpr std::size_t kCountBytes = 4;
constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::string_view kTokenPurpose = "fivestrand pulse token";
constexpr std::string_view kBlockPurpose = "fivestrand pulse block";

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string* text) {
  return reinterpret_cast<unsigned char*>(text->data());
}

// One key for hashes and one for blocks, so that neither use says anything about the other.
crypto::SecretKey Derive(const crypto::SecretKey& key, std::string_view purpose) {
  return crypto::SecretKey::Filled([&](unsigned char* out) {
    crypto_generichash(out, crypto::kKeyBytes, Bytes(purpose), purpose.size(), key.data(), crypto::kKeyBytes);
  });
}

std::uint32_t CountOf(std::string_view list) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < kCountBytes; ++i) count = count << 8 | static_cast<unsigned char>(list[i]);
  return count;
}

std::string_view TokenAt(std::string_view list, std::size_t place) {
  return list.substr(kCountBytes + place * kTokenBytes, kTokenBytes);
}

// First place whose token is not below.
std::size_t LowerBound(std::string_view list, std::string_view token) {
  std::size_t low = 0, high = CountOf(list);
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (TokenAt(list, middle) < token) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace

std::uint32_t RandomBelow(std::uint32_t bound) {
  if (sodium_init() < 0) std::abort();
  return randombytes_uniform(bound);
}

BoxKey BoxKey::Random() {
  return BoxKey(crypto::SecretKey::Random());
}

std::optional<BoxKey> BoxKey::FromBytes(std::string_view bytes) {
  if (bytes.size() != crypto::kKeyBytes) return std::nullopt;
  return BoxKey(crypto::SecretKey::Filled([&](unsigned char* out) { std::copy(bytes.begin(), bytes.end(), out); }));
}

std::string BoxKey::ToBytes() const {
  return std::string(reinterpret_cast<const char*>(key_.data()), crypto::kKeyBytes);
}

std::string BoxKey::TokenOf(std::string_view person) const {
  const crypto::SecretKey key = Derive(key_, kTokenPurpose);
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> full;
  crypto_auth_hmacsha256(full.data(), Bytes(person), person.size(), key.data());
  return std::string(reinterpret_cast<const char*>(full.data()), kTokenBytes);
}

std::string BoxKey::Seal(std::string_view label, std::string_view block) const {
  const crypto::SecretKey key = Derive(key_, kBlockPurpose);
  std::string sealed(kNonce + block.size() + kTag, '\0');
  randombytes_buf(sealed.data(), kNonce);
  crypto_aead_xchacha20poly1305_ietf_encrypt(Bytes(&sealed) + kNonce, nullptr, Bytes(block), block.size(), Bytes(label),
                                             label.size(), nullptr, Bytes(&sealed), key.data());
  return sealed;
}

std::optional<std::string> BoxKey::Open(std::string_view label, std::string_view sealed) const {
  if (sealed.size() < kNonce + kTag) return std::nullopt;
  const crypto::SecretKey key = Derive(key_, kBlockPurpose);
  std::string block(sealed.size() - kNonce - kTag, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(Bytes(&block), nullptr, nullptr, Bytes(sealed) + kNonce, sealed.size() - kNonce,
                                                 Bytes(label), label.size(), Bytes(sealed), key.data()) != 0) {
    return std::nullopt;
  }
  return block;
}

std::string EmptyBlock() {
  return std::string(kBlockPlaces * kAnswerBytes, '\0');
}

bool PutAnswer(const BoxedAnswer& answer, std::string* block) {
  std::vector<std::size_t> free;
  for (std::size_t at = 0; at < block->size(); at += kAnswerBytes) {
    if ((*block)[at] == 0) free.push_back(at);
  }
  if (free.empty()) return false;
  const std::size_t at = free[RandomBelow(static_cast<std::uint32_t>(free.size()))];
  (*block)[at] = 1;
  (*block)[at + 1] = static_cast<char>(answer.school);
  for (std::size_t i = 0; i < std::min(answer.ratings.size(), kMaxRatings); ++i) {
    (*block)[at + 2 + i] = static_cast<char>(answer.ratings[i]);
  }
  return true;
}

std::vector<BoxedAnswer> AnswersOf(std::string_view block) {
  std::vector<BoxedAnswer> answers;
  for (std::size_t at = 0; at + kAnswerBytes <= block.size(); at += kAnswerBytes) {
    if (block[at] == 0) continue;
    BoxedAnswer answer;
    answer.school = static_cast<std::uint8_t>(block[at + 1]);
    for (std::size_t i = 0; i < kMaxRatings; ++i) answer.ratings.push_back(block[at + 2 + i]);
    answers.push_back(std::move(answer));
  }
  for (std::size_t i = answers.size(); i > 1; --i) {
    std::swap(answers[i - 1], answers[RandomBelow(static_cast<std::uint32_t>(i))]);
  }
  return answers;
}

std::string EmptyList() {
  return std::string(kCountBytes + kBlockPlaces * kTokenBytes, '\0');
}

bool HasToken(std::string_view list, std::string_view token) {
  const std::size_t place = LowerBound(list, token);
  return place < CountOf(list) && TokenAt(list, place) == token;
}

void PutToken(std::string_view token, std::string* list) {
  const std::uint32_t count = CountOf(*list);
  const std::size_t place = LowerBound(*list, token);
  // The padding moves up with the rest; the size stays, unless the list is full.
  list->insert(kCountBytes + place * kTokenBytes, token);
  if ((count + 1) % kBlockPlaces == 0) {
    list->append((kBlockPlaces - 1) * kTokenBytes, '\0');
  } else {
    list->resize(list->size() - kTokenBytes);
  }
  for (std::size_t i = 0; i < kCountBytes; ++i) (*list)[i] = static_cast<char>((count + 1) >> (8 * (kCountBytes - 1 - i)));
}

std::size_t TokensIn(std::string_view list) {
  return CountOf(list);
}

}  // namespace fivestrand::welfare::domain
