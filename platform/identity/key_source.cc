#include "platform/identity/key_source.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>
#include <utility>

#include "platform/identity/fetch_url.h"
#include "platform/status/macros.h"

namespace fivestrand::identity {
namespace {

using Steady = std::chrono::steady_clock;

constexpr size_t kMaxFileBytes = 256 * 1024;

// The keys of a source and their generation.
class KeyHolder {
 public:
  std::shared_ptr<const KeySet> Keys() const {
    std::lock_guard lock(mutex_);
    return keys_;
  }
  uint64_t generation() const { return generation_.load(std::memory_order_acquire); }

  absl::Status Set(std::string_view jwks_json) {
    {
      std::lock_guard lock(mutex_);
      // An unchanged set keeps its generation, so that verified tokens stay remembered.
      if (keys_ != nullptr && text_ == jwks_json) return absl::OkStatus();
    }
    FIVESTRAND_ASSIGN_OR_RETURN(std::shared_ptr<const KeySet> keys, KeySet::Parse(jwks_json));
    std::lock_guard lock(mutex_);
    keys_ = std::move(keys);
    text_ = std::string(jwks_json);
    generation_.fetch_add(1, std::memory_order_release);
    return absl::OkStatus();
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const KeySet> keys_;
  std::string text_;
  std::atomic<uint64_t> generation_{0};
};

class HeldKeySource : public MemoryKeySource {
 public:
  std::shared_ptr<const KeySet> Keys() const override { return holder_.Keys(); }
  uint64_t generation() const override { return holder_.generation(); }
  void RequestRefresh() override {}
  absl::Status Set(std::string_view jwks_json) override { return holder_.Set(jwks_json); }

 private:
  KeyHolder holder_;
};

class RefreshingKeySource : public KeySource {
 public:
  RefreshingKeySource(FetchKeys fetch, RefreshOptions options)
      : fetch_(std::move(fetch)), options_(options), thread_([this] { Run(); }) {}

  ~RefreshingKeySource() override {
    {
      std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

  std::shared_ptr<const KeySet> Keys() const override { return holder_.Keys(); }
  uint64_t generation() const override { return holder_.generation(); }

  void RequestRefresh() override {
    {
      std::lock_guard lock(mutex_);
      if (requested_) return;
      requested_ = true;
    }
    wake_.notify_all();
  }

  absl::Status last_error() const override {
    std::lock_guard lock(mutex_);
    return last_error_;
  }

 private:
  void Run() {
    absl::Duration retry = options_.first_retry;
    while (!stop_) {
      {
        // Requests until now are served by the fetch that starts now.
        std::lock_guard lock(mutex_);
        requested_ = false;
      }
      const Steady::time_point started = Steady::now();
      const absl::Status fetched = FetchOnce();
      const bool known = holder_.Keys() != nullptr;
      std::unique_lock lock(mutex_);
      last_error_ = fetched;
      if (!known) {
        WaitUntil(lock, started + absl::ToChronoNanoseconds(retry), /*heed_requests=*/false);
        retry = std::min(retry * 2, options_.min_interval);
        continue;
      }
      WaitUntil(lock, started + absl::ToChronoNanoseconds(options_.min_interval), /*heed_requests=*/false);
      if (fetched.ok()) WaitUntil(lock, started + absl::ToChronoNanoseconds(options_.max_age), /*heed_requests=*/true);
    }
  }

  absl::Status FetchOnce() {
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string text, fetch_(stop_));
    return holder_.Set(text);
  }

  void WaitUntil(std::unique_lock<std::mutex>& lock, Steady::time_point time, bool heed_requests) {
    wake_.wait_until(lock, time, [&] { return stop_ || (heed_requests && requested_); });
  }

  const FetchKeys fetch_;
  const RefreshOptions options_;
  KeyHolder holder_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<bool> stop_ = false;
  bool requested_ = false;
  absl::Status last_error_;
  std::thread thread_;  // Last: it uses the others.
};

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError("cannot open the key set " + path);
  std::string text(kMaxFileBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.size() > kMaxFileBytes) return absl::InvalidArgumentError("the key set " + path + " is too long");
  return text;
}

}  // namespace

std::shared_ptr<MemoryKeySource> NewMemoryKeySource() {
  return std::make_shared<HeldKeySource>();
}

std::unique_ptr<KeySource> NewRefreshingKeySource(FetchKeys fetch, RefreshOptions options) {
  return std::make_unique<RefreshingKeySource>(std::move(fetch), options);
}

std::unique_ptr<KeySource> NewUrlKeySource(std::string url, UrlOptions url_options, RefreshOptions options) {
  return NewRefreshingKeySource([url = std::move(url), url_options = std::move(url_options)](
                                    const std::atomic<bool>& stop) { return FetchUrl(url, url_options, stop); },
                                options);
}

std::unique_ptr<KeySource> NewFileKeySource(std::string path, RefreshOptions options) {
  return NewRefreshingKeySource([path = std::move(path)](const std::atomic<bool>& stop) { return ReadFile(path); }, options);
}

}  // namespace fivestrand::identity
