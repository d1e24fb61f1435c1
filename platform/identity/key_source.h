// Where a verifier gets its public keys.
#ifndef FIVESTRAND_PLATFORM_IDENTITY_KEY_SOURCE_H_
#define FIVESTRAND_PLATFORM_IDENTITY_KEY_SOURCE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "platform/identity/jws.h"

namespace fivestrand::identity {

// Thread-safe; no method waits for the network or the disk.
class KeySource {
 public:
  virtual ~KeySource() = default;
  // The keys known now; null before the first ones are there.
  virtual std::shared_ptr<const KeySet> Keys() const = 0;
  // Changes whenever Keys() does. Cheap: asked on every call.
  virtual uint64_t generation() const = 0;
  // A token named a key that is not in Keys(): fetch again, in the background, unless that was done a moment ago.
  virtual void RequestRefresh() = 0;
  // Why the last fetch failed, for the log and the readiness page; OK when it did not.
  virtual absl::Status last_error() const { return absl::OkStatus(); }
};

struct RefreshOptions {
  // Fetches after RequestRefresh are at least this far apart, so that made-up key ids cannot drive the source.
  absl::Duration min_interval = absl::Seconds(5);
  // Fetched this often without being asked, so that a key is known before it signs.
  absl::Duration max_age = absl::Minutes(5);
  // While the first fetch fails, the next follows after this, doubled up to min_interval.
  absl::Duration first_retry = absl::Milliseconds(100);
};

struct UrlOptions {
  absl::Duration timeout = absl::Seconds(5);
  size_t max_bytes = 256 * 1024;
  // PEM files; empty: the system's authorities, no client certificate.
  std::string ca_file;
  std::string client_cert_file;
  std::string client_key_file;
  // Whether the proxy in the environment is used: right for a provider on the internet, wrong within a cluster.
  bool use_proxy = false;
};

// Answers a JWKS. Needs a time limit of its own, and gives up soon after `stop` becomes true.
using FetchKeys = std::function<absl::StatusOr<std::string>(const std::atomic<bool>& stop)>;

// Reads the JWKS with `fetch` on a thread of its own, at once and then as `options` say. A fetch that fails leaves the known keys
// in place. The destructor waits for a fetch under way.
std::unique_ptr<KeySource> NewRefreshingKeySource(FetchKeys fetch, RefreshOptions options = {});

// https:// or http:// URL (no redirects), or file path. Give https outside of one machine: who can change the answer can sign.
std::unique_ptr<KeySource> NewUrlKeySource(std::string url, UrlOptions url_options = {}, RefreshOptions options = {});
std::unique_ptr<KeySource> NewFileKeySource(std::string path, RefreshOptions options = {});

// Keys that are at hand, such as those of a signer in the same process.
class MemoryKeySource : public KeySource {
 public:
  // Replaces the keys. INVALID_ARGUMENT, and they stay as they are, when it is no key set.
  virtual absl::Status Set(std::string_view jwks_json) = 0;
};
std::shared_ptr<MemoryKeySource> NewMemoryKeySource();

}  // namespace fivestrand::identity

#endif  // FIVESTRAND_PLATFORM_IDENTITY_KEY_SOURCE_H_
