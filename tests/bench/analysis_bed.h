// The assessment service on an embedded store and a port of its own.
#ifndef FIVESTRAND_TESTS_BENCH_ANALYSIS_BED_H_
#define FIVESTRAND_TESTS_BENCH_ANALYSIS_BED_H_

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <prometheus/registry.h>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/crypto/field_cipher.h"
#include "platform/crypto/keyring.h"
#include "platform/identity/token.h"
#include "platform/log/log.h"
#include "platform/names/id_source.h"
#include "platform/resource/registry.h"
#include "platform/rpc/client.h"
#include "platform/rpc/server.h"
#include "platform/service/assembly.h"
#include "platform/store/store.h"
#include "services/assessment/store/frame_keeper.h"

namespace fivestrand::bench {

template <typename T>
T Must(absl::StatusOr<T> value, const char* what) {
  if (value.ok()) return *std::move(value);
  std::fprintf(stderr, "%s: %s\n", what, value.status().ToString().c_str());
  std::exit(1);
}
inline void Must(const absl::Status& status, const char* what) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s: %s\n", what, status.ToString().c_str());
  std::exit(1);
}

// The service on an embedded store, with a port.
class AnalysisBed {
 public:
  AnalysisBed();
  ~AnalysisBed();

  void Start();
  void Stop();

  template <typename Response>
  Response Call(const std::string& method, const google::protobuf::Message& request, type::v1::Role role) {
    rpc::CallOptions options;
    options.token = TokenOf(role);
    options.timeout = absl::Seconds(60);
    Response response;
    Must(client_->Call(rpc::FindMethod("fivestrand.assessment.v1." + method), request, &response, options), method.c_str());
    return response;
  }

  // Signed once, as callers keep a token for its life.
  const std::string& TokenOf(type::v1::Role role) {
    std::string& token = tokens_[role];
    if (!token.empty()) return token;
    identity::Caller caller;
    caller.subject = role == type::v1::ROLE_OPERATOR ? "operators/bench" : "services/bench";
    caller.expires = absl::InfiniteFuture();
    caller.grants.emplace_back().role = role;
    return token = Must(signer_->Sign(caller), "token");
  }

  fivestrand::store::Store& store() { return *parts_.store; }
  const resource::Registry& registry() { return *parts_.registry; }
  crypto::FieldCipher& cipher() { return *parts_.cipher; }
  std::shared_ptr<assessment::store::FrameKeeper> keeper() { return frames_->For(*parts_.registry); }
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
  log::Logger logger_;
  std::shared_ptr<const crypto::Keyring> keyring_ = crypto::Keyring::NewInMemory();
  std::unique_ptr<identity::TokenSigner> signer_;
  std::map<type::v1::Role, std::string> tokens_;
  std::shared_ptr<identity::TokenVerifier> verifier_;
  std::unique_ptr<names::IdSource> ids_;
  std::unique_ptr<prometheus::Registry> metrics_;
  std::shared_ptr<assessment::store::SharedFrames> frames_;
  service::Assembly parts_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<rpc::Client> client_;
};

}  // namespace fivestrand::bench

#endif  // FIVESTRAND_TESTS_BENCH_ANALYSIS_BED_H_
