#include "tests/bench/analysis_bed.h"

#include <filesystem>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "platform/events/feed_server.h"
#include "platform/identity/key_source.h"
#include "platform/resource/data_keys.h"
#include "platform/service/record_service.h"
#include "services/assessment/app/assessment_spec.h"

namespace fivestrand::bench {
namespace {

namespace fs = std::filesystem;

}  // namespace

AnalysisBed::AnalysisBed()
    : folder_((fs::temp_directory_path() / "fivestrand-bench-XXXXXX").string()),
      logger_(log::Level::kError, [](std::string_view) {}) {
  if (mkdtemp(folder_.data()) == nullptr) std::exit(1);
  const std::string key_file = folder_ + "/signing-key.pem";
  Must(identity::GenerateKeyFile(key_file), "key");
  identity::SignerOptions options;
  options.clock = &absl::Now;
  options.lifetime = absl::Hours(1);
  signer_ = Must(identity::TokenSigner::Open(key_file, options), "signer");
  auto keys = identity::NewMemoryKeySource();
  Must(keys->Set(signer_->Jwks()), "keys");
  identity::VerifierOptions verifier;
  verifier.clock = &absl::Now;
  verifier_ = identity::TokenVerifier::Create(keys, verifier);
  ids_ = names::NewSeededIds(&absl::Now, 1);
  Start();
}

AnalysisBed::~AnalysisBed() {
  Stop();
  fs::remove_all(folder_);
}

void AnalysisBed::Start() {
  metrics_ = std::make_unique<prometheus::Registry>();
  frames_ = std::make_shared<assessment::store::SharedFrames>();
  const service::RecordServiceSpec spec = assessment::AssessmentSpec(frames_);
  parts_.keyring = keyring_;
  parts_.store = Must(fivestrand::store::Store::Open("sqlite:" + folder_ + "/store.db", service::AllMigrations(spec)), "store");
  parts_.keys = resource::NewDataKeyStore(parts_.store.get());
  parts_.cipher = crypto::FieldCipher::Create(keyring_, parts_.keys.get(), {.clock = &absl::Now});
  rpc::ServerOptions server;
  server.name = spec.name;
  server.listen_address = "127.0.0.1:0";
  server.verifier = verifier_;
  server.metrics = metrics_.get();
  server.logger = &logger_;
  server_ = Must(service::Assemble(spec, ids_.get(), absl::Now() + absl::Seconds(30), std::move(server), &parts_), "service");
  Must(parts_.feed->Start(), "feed");
  Must(server_->Start(), "server");
  server_->SetServing(true);
  client_ = Must(rpc::Client::Connect({.target = absl::StrCat("127.0.0.1:", server_->port())}), "client");
}
void AnalysisBed::Stop() {
  client_.reset();
  server_->Shutdown(absl::Now() + absl::Seconds(5));
  parts_.feed->Stop();
  server_.reset();
  parts_.feed.reset();
  parts_.registry.reset();
  parts_.cipher.reset();
  parts_.keys.reset();
  parts_.store.reset();
}

}  // namespace fivestrand::bench
