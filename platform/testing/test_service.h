// A record service on a temporary store, with real tokens and a client in the same process: for tests of services and of the
// registry.
#ifndef FIVESTRAND_PLATFORM_TESTING_TEST_SERVICE_H_
#define FIVESTRAND_PLATFORM_TESTING_TEST_SERVICE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <prometheus/registry.h>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"

#include "platform/identity/caller.h"
#include "platform/identity/token.h"
#include "platform/log/log.h"
#include "platform/rpc/client.h"
#include "platform/service/assembly.h"
#include "platform/service/record_service.h"
#include "platform/testing/temp_store.h"

namespace fivestrand::testing {

// A clock that tests set; it moves by itself a microsecond with each look, so that times differ. Thread-safe.
class TestClock {
 public:
  explicit TestClock(absl::Time start) : micros_(absl::ToUnixMicros(start)) {}
  absl::Time Now() { return absl::FromUnixMicros(micros_.fetch_add(1)); }
  void Set(absl::Time time) { micros_.store(absl::ToUnixMicros(time)); }
  void Advance(absl::Duration by) { micros_.fetch_add(absl::ToInt64Microseconds(by)); }

 private:
  std::atomic<std::int64_t> micros_;
};

class TestService {
 public:
  // Starts at `start`; dies with a message when it cannot.
  TestService(EngineKind engine, service::RecordServiceSpec spec, absl::Time start);
  ~TestService();

  // Calls a method by its full name, `package.Service.Method`, as `caller`.
  absl::Status Call(const identity::Caller& caller, const std::string& method, const google::protobuf::Message& request,
                    google::protobuf::Message* response);
  // As above, with a new message for the answer.
  template <typename Response>
  absl::StatusOr<Response> Call(const identity::Caller& caller, const std::string& method,
                                const google::protobuf::Message& request) {
    Response response;
    absl::Status status = Call(caller, method, request, &response);
    if (!status.ok()) return status;
    return response;
  }
  std::string TokenFor(const identity::Caller& caller);

  // Closes everything and opens it again on the same store. A service that listens keeps its port.
  void Restart();

  // Listens on loopback from now on, also for other processes: restarts, and returns the port.
  int Listen();
  // A connection of its own; over the port when the service listens.
  std::shared_ptr<rpc::Client> NewClient();

  TestClock& clock() { return clock_; }
  store::Store& store() { return *parts_.store; }
  resource::Registry& registry() { return *parts_.registry; }
  rpc::Client& client() { return *client_; }
  prometheus::Registry& metrics() { return *metrics_; }
  // Everything that was logged.
  std::string log();
  // Where the store is: for tests that look at its files.
  const std::string& store_url() const { return temp_->url(); }

  // `people/p` with one grant. No schools: the whole trust.
  static identity::Caller Person(const std::string& trust, const std::string& person, type::v1::Role role,
                                 std::vector<std::string> schools = {});
  static identity::Caller Operator();
  static identity::Caller Process();

 private:
  void Start();
  void Stop();

  service::RecordServiceSpec spec_;
  TestClock clock_;
  std::unique_ptr<TempStore> temp_;
  std::shared_ptr<const crypto::Keyring> keyring_;
  std::unique_ptr<identity::TokenSigner> signer_;
  std::shared_ptr<identity::TokenVerifier> verifier_;
  std::unique_ptr<names::IdSource> ids_;
  std::mutex log_mutex_;
  std::string log_;
  log::Logger logger_;
  std::unique_ptr<prometheus::Registry> metrics_;
  service::Assembly parts_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<rpc::Client> client_;
  std::string listen_address_;
};

}  // namespace fivestrand::testing

#endif  // FIVESTRAND_PLATFORM_TESTING_TEST_SERVICE_H_
