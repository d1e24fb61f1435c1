#include "platform/names/id_source.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <random>
#include <sys/random.h>
#include <utility>

namespace fivestrand::names {
namespace {

constexpr char kAlphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr int kPartBits = 50;
constexpr uint64_t kPartMask = (uint64_t{1} << kPartBits) - 1;
// Within one millisecond the random part grows by a random step, so that ids stay in order and yet are no plain sequence.
constexpr uint64_t kStepMask = 0xffff;

void AppendPart(uint64_t value, std::string* out) {
  for (int shift = kPartBits - 5; shift >= 0; shift -= 5) out->push_back(kAlphabet[(value >> shift) & 31]);
}

uint64_t MillisOf(absl::Time time) {
  return static_cast<uint64_t>(std::clamp<int64_t>(absl::ToUnixMillis(time), 0, static_cast<int64_t>(kPartMask)));
}

std::string Compose(uint64_t millis, uint64_t random) {
  std::string id;
  id.reserve(kGeneratedIdLength);
  AppendPart(millis, &id);
  AppendPart(random & kPartMask, &id);
  return id;
}

// Kernel randomness, fetched in blocks: a system call for each id would cost more than the id.
class KernelRandom {
 public:
  uint64_t operator()() {
    if (next_ == block_.size()) Refill();
    return block_[next_++];
  }

 private:
  void Refill() {
    auto* bytes = reinterpret_cast<unsigned char*>(block_.data());
    size_t have = 0;
    // getrandom fails only when a signal interrupts it before the pool is ready; then asking again is right.
    while (have < sizeof(block_)) {
      const ssize_t got = getrandom(bytes + have, sizeof(block_) - have, 0);
      if (got > 0) have += static_cast<size_t>(got);
    }
    next_ = 0;
  }

  std::array<uint64_t, 32> block_{};
  size_t next_ = block_.size();
};

template <typename Random>
class OrderedIds : public IdSource {
 public:
  OrderedIds(std::function<absl::Time()> clock, Random random) : clock_(std::move(clock)), random_(std::move(random)) {}

  std::string NewId() override {
    const uint64_t now = MillisOf(clock_());
    std::lock_guard lock(mutex_);
    if (now > millis_ || !started_) {
      started_ = true;
      millis_ = now;
      // The top bit stays free, so that a burst within the millisecond has room to grow.
      last_ = random_() & (kPartMask >> 1);
    } else {
      last_ += 1 + (random_() & kStepMask);
      if (last_ > kPartMask) {
        ++millis_;
        last_ = random_() & (kPartMask >> 1);
      }
    }
    return Compose(millis_, last_);
  }

 private:
  const std::function<absl::Time()> clock_;
  std::mutex mutex_;
  Random random_;
  bool started_ = false;
  uint64_t millis_ = 0;
  uint64_t last_ = 0;
};

}  // namespace

std::unique_ptr<IdSource> NewRandomIds(std::function<absl::Time()> clock) {
  return std::make_unique<OrderedIds<KernelRandom>>(std::move(clock), KernelRandom());
}

std::unique_ptr<IdSource> NewSeededIds(std::function<absl::Time()> clock, uint64_t seed) {
  return std::make_unique<OrderedIds<std::mt19937_64>>(std::move(clock), std::mt19937_64(seed));
}

std::string MakeId(absl::Time time, uint64_t random) {
  return Compose(MillisOf(time), random);
}

absl::Time TimeOfId(std::string_view id) {
  if (id.size() != kGeneratedIdLength) return absl::InfinitePast();
  const std::string_view alphabet(kAlphabet);
  uint64_t millis = 0;
  for (size_t i = 0; i < id.size(); ++i) {
    const size_t value = alphabet.find(id[i]);
    if (value == std::string_view::npos) return absl::InfinitePast();
    if (i < kGeneratedIdLength / 2) millis = (millis << 5) | value;
  }
  return absl::FromUnixMillis(static_cast<int64_t>(millis));
}

}  // namespace fivestrand::names
