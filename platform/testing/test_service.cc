#include "platform/testing/test_service.h"

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fivestrand/type/v1/role.pb.h"
#include "google/protobuf/descriptor.h"

#include "platform/crypto/keyring.h"
#include "platform/identity/key_source.h"
#include "platform/resource/data_keys.h"
#include "platform/status/status.h"

namespace fivestrand::testing {
namespace {

void Must(const absl::Status& status, const char* what) {
  if (status.ok()) return;
  std::cerr << what << ": " << status << " " << status::HiddenCause(status) << "\n";
  std::abort();
}

template <typename T>
T Must(absl::StatusOr<T> value, const char* what) {
  Must(value.status(), what);
  return *std::move(value);
}

}  // namespace

TestService::TestService(EngineKind engine, service::RecordServiceSpec spec, absl::Time start)
    : spec_(std::move(spec)),
      clock_(start),
      temp_(Must(TempStore::Create(engine), "temporary store")),
      keyring_(crypto::Keyring::NewInMemory()),
      ids_(names::NewSeededIds([this] { return clock_.Now(); }, 1)),
      logger_(log::Level::kDebug, [this](std::string_view line) {
        std::lock_guard lock(log_mutex_);
        log_.append(line);
      }) {
  const std::string key_file = temp_->folder() + "/signing-key.pem";
  Must(identity::GenerateKeyFile(key_file), "signing key");
  identity::SignerOptions signer;
  signer.clock = [this] {
    return clock_.Now();
  };
  signer.lifetime = absl::Hours(24 * 365);
  signer_ = Must(identity::TokenSigner::Open(key_file, signer), "signer");
  auto keys = identity::NewMemoryKeySource();
  Must(keys->Set(signer_->Jwks()), "keys");
  identity::VerifierOptions verifier;
  verifier.clock = signer.clock;
  verifier_ = identity::TokenVerifier::Create(keys, verifier);
  Start();
}

TestService::~TestService() {
  Stop();
}

void TestService::Start() {
  const std::vector<store::MigrationSeries> series = service::AllMigrations(spec_);
  store::StoreOptions options;
  options.clock = [this] {
    return clock_.Now();
  };
  metrics_ = std::make_unique<prometheus::Registry>();
  parts_.keyring = keyring_;
  parts_.store = Must(temp_->Open(series, options), "store");
  parts_.keys = resource::NewDataKeyStore(parts_.store.get());
  parts_.cipher = crypto::FieldCipher::Create(keyring_, parts_.keys.get(), {.clock = options.clock});
  rpc::ServerOptions server;
  server.name = spec_.name;
  server.listen_address = listen_address_;
  server.verifier = verifier_;
  server.metrics = metrics_.get();
  server.logger = &logger_;
  // Deadlines are of the machine's clock; what the service calls now is the test's.
  server.clock = options.clock;
  server_ = Must(service::Assemble(spec_, ids_.get(), absl::Now() + absl::Seconds(30), std::move(server), &parts_), "service");
  Must(parts_.feed->Start(), "feed");
  Must(server_->Start(), "server");
  server_->SetServing(true);
  client_ = rpc::Client::Over(server_->InProcessChannel());
}

void TestService::Stop() {
  client_.reset();
  if (server_) server_->Shutdown(absl::Now() + absl::Seconds(5));
  if (parts_.feed) parts_.feed->Stop();
  server_.reset();
  parts_.feed.reset();
  parts_.registry.reset();
  parts_.cipher.reset();
  parts_.keys.reset();
  parts_.store.reset();
}

void TestService::Restart() {
  Stop();
  Start();
}

int TestService::Listen() {
  listen_address_ = "127.0.0.1:0";
  Restart();
  // The same after every further restart, as a service's address is.
  listen_address_ = absl::StrCat("127.0.0.1:", server_->port());
  return server_->port();
}

std::shared_ptr<rpc::Client> TestService::NewClient() {
  if (listen_address_.empty()) return rpc::Client::Over(server_->InProcessChannel());
  return Must(rpc::Client::Connect({.target = listen_address_}), "client");
}

std::string TestService::TokenFor(const identity::Caller& caller) {
  identity::Caller signed_caller = caller;
  signed_caller.expires = absl::InfiniteFuture();
  return Must(signer_->Sign(signed_caller), "token");
}

absl::Status TestService::Call(const identity::Caller& caller, const std::string& method, const google::protobuf::Message& request,
                               google::protobuf::Message* response) {
  const auto* descriptor = rpc::FindMethod(method);
  if (descriptor == nullptr) return absl::InternalError(absl::StrCat("no method ", method));
  rpc::CallOptions options;
  options.token = TokenFor(caller);
  options.timeout = absl::Seconds(30);
  return client_->Call(descriptor, request, response, options);
}

std::string TestService::log() {
  std::lock_guard lock(log_mutex_);
  return log_;
}

identity::Caller TestService::Person(const std::string& trust, const std::string& person, type::v1::Role role,
                                     std::vector<std::string> schools) {
  identity::Caller caller;
  caller.subject = absl::StrCat("trusts/", trust, "/people/", person);
  caller.trust = trust;
  identity::Grant grant;
  grant.role = role;
  grant.schools = std::move(schools);
  caller.grants.push_back(std::move(grant));
  return caller;
}

identity::Caller TestService::Operator() {
  identity::Caller caller;
  caller.subject = "operators/test";
  identity::Grant grant;
  grant.role = type::v1::ROLE_OPERATOR;
  caller.grants.push_back(std::move(grant));
  return caller;
}

identity::Caller TestService::Process() {
  identity::Caller caller;
  caller.subject = "services/test";
  identity::Grant grant;
  grant.role = type::v1::ROLE_SERVICE;
  caller.grants.push_back(std::move(grant));
  return caller;
}

}  // namespace fivestrand::testing
