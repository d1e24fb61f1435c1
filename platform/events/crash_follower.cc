// The child of crash_test.cc: follows the feed at 127.0.0.1:argv[2] into the store at argv[1], with the token argv[3], until it is
// killed.
#include <iostream>
#include <memory>
#include <prometheus/registry.h>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "platform/crypto/field_cipher.h"
#include "platform/crypto/keyring.h"
#include "platform/events/follower.h"
#include "platform/events/test_follower.h"
#include "platform/log/log.h"
#include "platform/names/id_source.h"
#include "platform/resource/data_keys.h"
#include "platform/resource/registry.h"
#include "platform/rpc/client.h"
#include "platform/service/assembly.h"

namespace fivestrand::events {
namespace {

int Main(const std::string& url, const std::string& port, const std::string& token) {
  const auto spec = ReaderSpec();
  auto store = store::Store::Open(url, service::AllMigrations(spec));
  if (!store.ok()) {
    std::cerr << store.status() << "\n";
    return 1;
  }
  const auto keyring = crypto::Keyring::NewInMemory();
  const auto keys = resource::NewDataKeyStore(store->get());
  const auto cipher = crypto::FieldCipher::Create(keyring, keys.get(), {.clock = &absl::Now});
  const auto ids = names::NewRandomIds(&absl::Now);
  resource::Registry registry({.store = store->get(), .cipher = cipher.get(), .ids = ids.get(), .keyring = keyring});
  for (const auto* mirror : spec.mirrors) {
    if (!registry.DeclareMirror(mirror).ok()) return 1;
  }
  prometheus::Registry metrics;
  log::Logger logger(log::Level::kError, &log::WriteToStderr);
  auto client = rpc::Client::Connect({.target = absl::StrCat("127.0.0.1:", port)});
  if (!client.ok()) return 1;
  const std::shared_ptr<rpc::Client> shared = *std::move(client);
  FollowerOptions options;
  options.service = "reader";
  options.registry = &registry;
  options.metrics = &metrics;
  options.logger = &logger;
  options.client = [shared] {
    return shared;
  };
  options.token = [token]() -> absl::StatusOr<std::string> {
    return token;
  };
  options.clock = &absl::Now;
  options.acknowledge_interval = absl::Milliseconds(20);
  Follower seen(SeenFollow(), options);
  Follower mirrors(MirrorFollow(), options);
  seen.Start();
  mirrors.Start();
  std::cin.get();  // Until the parent is gone, if it does not kill us first.
  return 0;
}

}  // namespace
}  // namespace fivestrand::events

int main(int argc, char** argv) {
  return argc == 4 ? fivestrand::events::Main(argv[1], argv[2], argv[3]) : 2;
}
