#include "platform/service/app_peers.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/app/app.h"
#include "platform/identity/service_keys.h"
#include "platform/identity/token.h"
#include "platform/rpc/client.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::service {
namespace {

constexpr absl::Duration kTokenLifetime = absl::Minutes(10);
// A token is used for half of its life, so that whoever gets it has time left.
constexpr absl::Duration kTokenUse = absl::Minutes(5);
constexpr absl::Duration kCloseTimeout = absl::Seconds(10);

}  // namespace

AppPeers::AppPeers(app::Service& service, const std::vector<std::string>& names)
    : service_(service),
      key_file_(service.config().Path(
          "service_key_file", "",
          "Key with which the service signs its own calls; empty means service-key.pem in the data directory, made at the first "
          "start.")) {
  for (const std::string& name : names) {
    if (name == service.name()) {
      targets_.emplace_back(name, std::nullopt);
      continue;
    }
    targets_.emplace_back(name, service.config().Text(absl::StrCat(name, "_target"), "",
                                                      absl::StrCat("Where the ", name,
                                                                   " service is, as host:port; empty: in this "
                                                                   "process, or nowhere.")));
  }
}

AppPeers::~AppPeers() = default;

absl::Status AppPeers::Open() {
  std::string path = *key_file_;
  if (path.empty()) {
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string directory, service_.DataDirectory());
    path = directory + "/service-key.pem";
    if (const absl::Status made = identity::GenerateKeyFile(path); !made.ok() && !absl::IsAlreadyExists(made)) return made;
  }
  identity::SignerOptions options;
  options.lifetime = kTokenLifetime;
  options.key_prefix = identity::ServiceKeyPrefix(service_.name());
  options.clock = service_.clock();
  FIVESTRAND_ASSIGN_OR_RETURN(signer_, identity::TokenSigner::Open(path, std::move(options)));
  return service_.service_keys()->Set(service_.name(), signer_->Jwks());
}

absl::Status AppPeers::Connect(const std::vector<std::string>& needed) {
  for (const auto& [name, target] : targets_) {
    rpc::ClientOptions options;
    options.tls = service_.tls();
    std::shared_ptr<rpc::Client> client;
    if (target && !(**target).empty()) {
      options.target = **target;
      FIVESTRAND_ASSIGN_OR_RETURN(client, rpc::Client::Connect(std::move(options)));
    } else if (rpc::Server* const here = service_.FindServer(name); here != nullptr) {
      client = rpc::Client::Over(here->InProcessChannel(), std::move(options));
    } else if (std::find(needed.begin(), needed.end(), name) != needed.end()) {
      return status::InvalidField(absl::StrCat(name, "_target"), "is needed: this service cannot work without that one");
    } else {
      continue;
    }
    const std::lock_guard lock(mutex_);
    clients_[name] = std::move(client);
  }
  return absl::OkStatus();
}

void AppPeers::Close() {
  std::map<std::string, std::shared_ptr<rpc::Client>, std::less<>> clients;
  {
    const std::lock_guard lock(mutex_);
    clients.swap(clients_);
  }
  // A call under way holds its client, perhaps in a callback on the client's own thread, where it must not end. None lasts long.
  const absl::Time until = absl::Now() + kCloseTimeout;
  for (const auto& [name, client] : clients) {
    while (client.use_count() > 1 && absl::Now() < until) absl::SleepFor(absl::Milliseconds(1));
  }
}

std::string AppPeers::Jwks() const {
  return signer_->Jwks();
}

std::shared_ptr<rpc::Client> AppPeers::Find(std::string_view service) const {
  const std::lock_guard lock(mutex_);
  const auto found = clients_.find(service);
  return found == clients_.end() ? nullptr : found->second;
}

absl::StatusOr<std::string> AppPeers::Token() const {
  const std::lock_guard lock(mutex_);
  const absl::Time now = service_.clock()();
  if (now < renew_) return token_;
  identity::Caller caller;
  caller.subject = absl::StrCat("services/", service_.name());
  caller.expires = absl::InfiniteFuture();
  caller.grants.emplace_back().role = type::v1::ROLE_SERVICE;
  FIVESTRAND_ASSIGN_OR_RETURN(token_, signer_->Sign(caller));
  renew_ = now + kTokenUse;
  return token_;
}

}  // namespace fivestrand::service
