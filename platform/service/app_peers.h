// Peers out of a program's configuration: `<peer>_target` for each, and the key with which the service signs its own tokens.
#ifndef FIVESTRAND_PLATFORM_SERVICE_APP_PEERS_H_
#define FIVESTRAND_PLATFORM_SERVICE_APP_PEERS_H_

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "platform/app/config.h"
#include "platform/service/peers.h"

namespace fivestrand::app {
class Service;
}

namespace fivestrand::identity {
class TokenSigner;
}

namespace fivestrand::service {

class AppPeers : public Peers {
 public:
  // While the service registers. `names` without repetition; the service's own name among them stands for itself and has no target.
  AppPeers(app::Service& service, const std::vector<std::string>& names);
  ~AppPeers() override;

  // While it starts: opens the signing key, made when there is none and no path is configured, and lets this program's own verifier
  // know it.
  absl::Status Open();
  // When every server listens: connects to the configured targets, and to services of this program without one. INVALID_ARGUMENT
  // for one of `needed` that has neither, or for certificates that cannot be read.
  absl::Status Connect(const std::vector<std::string>& needed);
  // Ends the connections.
  void Close();

  // The public keys: what other services need in their service_jwks_dir. After Open.
  std::string Jwks() const;

  std::shared_ptr<rpc::Client> Find(std::string_view service) const override;
  absl::StatusOr<std::string> Token() const override;

 private:
  app::Service& service_;
  app::Value<std::string> key_file_;
  std::vector<std::pair<std::string, std::optional<app::Value<std::string>>>> targets_;
  std::unique_ptr<identity::TokenSigner> signer_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<rpc::Client>, std::less<>> clients_;
  mutable std::string token_;
  mutable absl::Time renew_ = absl::InfinitePast();
};

}  // namespace fivestrand::service

#endif  // FIVESTRAND_PLATFORM_SERVICE_APP_PEERS_H_
