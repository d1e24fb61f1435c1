// Keys with which services sign tokens of their own, for calls to one another. Each is bound to its service: what it signs counts
// for the subject `services/<name>` with ROLE_SERVICE and for nothing else, whatever the token says. The binding stands in the
// key's id, `service/<name>/<thumbprint>`, and is enforced by TokenVerifier; which key is which service's is what an operator says
// by the name of the file in a directory, or the process in which both services live.
#ifndef FIVESTRAND_PLATFORM_IDENTITY_SERVICE_KEYS_H_
#define FIVESTRAND_PLATFORM_IDENTITY_SERVICE_KEYS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "platform/identity/key_source.h"

namespace fivestrand::identity {

// "service/<name>/"; the prefix of the ids of a service's keys. See SignerOptions::key_prefix.
std::string ServiceKeyPrefix(std::string_view service);

// The service to which a key id belongs; empty for the id of any other key.
std::string_view ServiceOfKey(std::string_view kid);

// One JWKS out of several, in order. INVALID_ARGUMENT when one is no key set.
absl::StatusOr<std::string> MergeKeySets(const std::vector<std::string>& jwks_texts);

class ServiceKeys : public KeySource {
 public:
  // Gives the keys of one service; replaces those given for it before. INVALID_ARGUMENT when it is no key set, or a key's id is not
  // bound to that service.
  virtual absl::Status Set(std::string_view service, std::string_view jwks_json) = 0;
};

// With `directory`, also the keys in its files `<service>.json` (what `<program> keys public` prints), read again as `options` say.
// A file that is damaged, or holds a key of another service than its name says, is left out; last_error() then tells which.
std::shared_ptr<ServiceKeys> NewServiceKeys(std::string directory = {}, RefreshOptions options = {});

}  // namespace fivestrand::identity

#endif  // FIVESTRAND_PLATFORM_IDENTITY_SERVICE_KEYS_H_
