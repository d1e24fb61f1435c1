// The ballot box of one survey: how answers, and who has answered, lie in the store while the survey is open.
//
// Both lie in blocks that are encrypted as a whole under a key of the survey, always at full size. An answer is put into a random
// free place of a block, and who has answered into a sorted list of keyed hashes, so that neither block has an order of time, and
// no row is about one person.
#ifndef FIVESTRAND_SERVICES_WELFARE_DOMAIN_PULSE_BOX_H_
#define FIVESTRAND_SERVICES_WELFARE_DOMAIN_PULSE_BOX_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"

#include "platform/crypto/secret.h"

namespace fivestrand::welfare::domain {

// Places of a block of answers, and hashes of a block of them.
inline constexpr std::size_t kBlockPlaces = 1024;
inline constexpr std::size_t kTokenBytes = 16;
inline constexpr std::size_t kMaxSchools = 250;

// An answer as it lies in its place: 24 bytes, the same for all.
struct BoxedAnswer {
  std::uint8_t school = 0;  // place in the survey's list of schools
  std::vector<int> ratings;
};

// The secret of one survey. Immutable; safe to share.
class BoxKey {
 public:
  static BoxKey Random();
  // Nothing unless `bytes` are those of ToBytes.
  static std::optional<BoxKey> FromBytes(std::string_view bytes);
  // To be kept sealed, and destroyed with the survey's answers.
  std::string ToBytes() const;

  // Of a person who answers this survey; says nothing without the key, and nothing about other surveys with it.
  std::string TokenOf(std::string_view person) const;
  // `label` says where the block lies: it opens nowhere else.
  std::string Seal(std::string_view label, std::string_view block) const;
  std::optional<std::string> Open(std::string_view label, std::string_view sealed) const;

 private:
  explicit BoxKey(crypto::SecretKey key) : key_(std::move(key)) {}
  crypto::SecretKey key_;
};

// A block of answers, opened.
std::string EmptyBlock();
// False when the block is full.
bool PutAnswer(const BoxedAnswer& answer, std::string* block);
// In random order.
std::vector<BoxedAnswer> AnswersOf(std::string_view block);

// A block of hashes, opened; it grows in steps of kBlockPlaces.
std::string EmptyList();
bool HasToken(std::string_view list, std::string_view token);
void PutToken(std::string_view token, std::string* list);
std::size_t TokensIn(std::string_view list);

// A random number below `bound`, from the system's generator.
std::uint32_t RandomBelow(std::uint32_t bound);

}  // namespace fivestrand::welfare::domain

#endif  // FIVESTRAND_SERVICES_WELFARE_DOMAIN_PULSE_BOX_H_
