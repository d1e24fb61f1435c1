// A server of the test contract, with real tokens, and a client of it. For tests of platform/rpc only.
#ifndef FIVESTRAND_PLATFORM_RPC_TEST_NOTES_H_
#define FIVESTRAND_PLATFORM_RPC_TEST_NOTES_H_

#include <functional>
#include <memory>
#include <mutex>
#include <prometheus/registry.h>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "fivestrand/rpctest/v1/notes.pb.h"

#include "platform/identity/access.h"
#include "platform/identity/token.h"
#include "platform/log/log.h"
#include "platform/rpc/audit_sink.h"
#include "platform/rpc/client.h"
#include "platform/rpc/server.h"

namespace fivestrand::rpc {

class TestAudit final : public AuditSink {
 public:
  void RecordRead(std::shared_ptr<const CallContext> context, std::function<void(absl::Status)> done) override;
  std::vector<std::string> rows();
  void set_answer(absl::Status answer);

 private:
  std::mutex mutex_;
  std::vector<std::string> rows_;
  absl::Status answer_;
};

const google::protobuf::MethodDescriptor* NoteMethod(const std::string& name);

class TestNotes {
 public:
  TestNotes();
  ~TestNotes();

  // Options with everything set; listens on a free loopback port.
  ServerOptions Options();
  // Starts the server (made and registered by the test) and connects the client.
  void Start(std::unique_ptr<Server> server);
  void Connect(ClientOptions options = {});

  // A token for a headteacher of trusts/t/schools/s, or of what is given.
  std::string Token(identity::Caller caller);
  std::string Token() { return Token(Headteacher("t", "s")); }
  // Signed by the right key an hour ago.
  std::string ExpiredToken();
  static identity::Caller Headteacher(const std::string& trust, const std::string& school);
  static identity::Caller Process();
  static CallOptions With(std::string token, absl::Duration timeout = absl::Seconds(20));

  absl::Status Call(const std::string& method, const google::protobuf::Message& request, google::protobuf::Message* response,
                    const CallOptions& options);
  // With a good token.
  absl::Status Call(const std::string& method, const google::protobuf::Message& request, google::protobuf::Message* response) {
    return Call(method, request, response, With(Token()));
  }
  static rpctest::v1::GetNoteRequest Get(const std::string& name = "trusts/t/schools/s/notes/n");

  std::string log();
  double Metric(const std::string& name, const std::string& label_value = "");

  prometheus::Registry registry;
  TestAudit audit;
  log::Logger logger;
  std::shared_ptr<identity::TokenVerifier> verifier;
  std::shared_ptr<const identity::AccessTable> access;
  std::unique_ptr<identity::TokenSigner> signer;
  std::unique_ptr<Server> server;
  std::unique_ptr<Client> client;

 private:
  std::string directory_;
  std::mutex log_mutex_;
  std::string log_;
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_TEST_NOTES_H_
