// Verified tokens, remembered by their SHA-256 until they expire. For the sources of platform/identity only.
#ifndef FIVESTRAND_PLATFORM_IDENTITY_TOKEN_CACHE_H_
#define FIVESTRAND_PLATFORM_IDENTITY_TOKEN_CACHE_H_

#include <array>
#include <cstdint>
#include <cstring>
#include <list>
#include <memory>
#include <mutex>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"

#include "platform/identity/caller.h"

namespace fivestrand::identity {

// Thread-safe. The longest unused entry makes room for a new one.
class TokenCache {
 public:
  using Digest = std::array<unsigned char, 32>;

  explicit TokenCache(size_t capacity) : capacity_(capacity) {}

  // Null unless the token was inserted under the same generation of keys and has not expired.
  std::shared_ptr<const Caller> Find(const Digest& digest, uint64_t generation, absl::Time now) {
    std::lock_guard lock(mutex_);
    if (!Enter(generation)) return nullptr;
    const auto found = index_.find(digest);
    if (found == index_.end()) return nullptr;
    if (now >= found->second->caller->expires) {
      entries_.erase(found->second);
      index_.erase(found);
      return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->caller;
  }

  void Insert(const Digest& digest, uint64_t generation, std::shared_ptr<const Caller> caller) {
    if (capacity_ == 0) return;
    std::lock_guard lock(mutex_);
    if (!Enter(generation) || index_.contains(digest)) return;
    if (entries_.size() >= capacity_) {
      index_.erase(entries_.back().digest);
      entries_.pop_back();
    }
    entries_.push_front({digest, std::move(caller)});
    index_.emplace(digest, entries_.begin());
  }

 private:
  struct Entry {
    Digest digest;
    std::shared_ptr<const Caller> caller;
  };
  struct FirstBytes {
    size_t operator()(const Digest& digest) const {
      size_t hash;
      std::memcpy(&hash, digest.data(), sizeof(hash));
      return hash;
    }
  };

  // New keys forget everything: a key may have been withdrawn. What was verified under older keys is not let in after that.
  bool Enter(uint64_t generation) {
    if (generation < generation_) return false;
    if (generation > generation_) {
      index_.clear();
      entries_.clear();
      generation_ = generation;
    }
    return true;
  }

  const size_t capacity_;
  std::mutex mutex_;
  uint64_t generation_ = 0;
  std::list<Entry> entries_;
  absl::flat_hash_map<Digest, std::list<Entry>::iterator, FirstBytes> index_;
};

}  // namespace fivestrand::identity

#endif  // FIVESTRAND_PLATFORM_IDENTITY_TOKEN_CACHE_H_
