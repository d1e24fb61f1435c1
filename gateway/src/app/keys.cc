#include "gateway/src/app/keys.h"

#include <filesystem>

#include "platform/status/macros.h"

namespace fivestrand::gateway {

absl::StatusOr<std::unique_ptr<identity::TokenSigner>> OpenSigner(app::Service& service, const std::string& key_file) {
  std::string path = key_file;
  if (path.empty()) {
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string folder, service.DataDirectory());
    path = folder + "/signing-key.pem";
    if (const absl::Status made = identity::GenerateKeyFile(path); !made.ok() && !absl::IsAlreadyExists(made)) return made;
  }
  identity::SignerOptions options;
  options.clock = service.clock();
  return identity::TokenSigner::Open(path, std::move(options));
}

absl::StatusOr<std::shared_ptr<const crypto::Keyring>> OpenSessionKeyring(app::Service& service, const std::string& keyring_file,
                                                                          bool has_sign_in) {
  if (!keyring_file.empty()) return crypto::Keyring::Load(keyring_file);
  if (!has_sign_in) return crypto::Keyring::NewInMemory();
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string folder, service.DataDirectory());
  const std::string path = folder + "/session-keyring.json";
  if (!std::filesystem::exists(path)) FIVESTRAND_RETURN_IF_ERROR(crypto::Keyring::Create(path, service.clock()()));
  return crypto::Keyring::Load(path);
}

}  // namespace fivestrand::gateway
