// What the wrapper costs: a bare echo on one completion queue against a method with token check, permission, validation and
// metrics. The client runs in the same process; ratios count, not absolute figures.
//
//   rpc_bench [seconds for each figure] [calls in flight]
//   rpc_bench serve          serves the test contract until it is killed, for clients from outside
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/async_unary_call.h>
#include <memory>
#include <prometheus/registry.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fivestrand/rpctest/v1/notes.pb.h"
#include "fivestrand/type/v1/role.pb.h"
#include "google/protobuf/descriptor.h"

#include "platform/identity/access.h"
#include "platform/identity/key_source.h"
#include "platform/identity/token.h"
#include "platform/log/log.h"
#include "platform/rpc/audit_sink.h"
#include "platform/rpc/bytes.h"
#include "platform/rpc/rpc_service.h"
#include "platform/rpc/server.h"

namespace fivestrand::rpc {
namespace {

using rpctest::v1::GetNoteRequest;
using rpctest::v1::Note;

constexpr char kEchoPath[] = "/fivestrand.rpctest.v1.Echo/Echo";
constexpr char kNotePath[] = "/fivestrand.rpctest.v1.NoteService/GetNote";

Note StoredNote() {
  Note note;
  note.set_name("trusts/t/schools/s/notes/n");
  note.set_body(std::string(840, 'b'));
  return note;
}

class EchoCall final : public Tag {
 public:
  EchoCall(RpcService* service, grpc::ServerCompletionQueue* queue, const std::string* reply)
      : service_(service), queue_(queue), reply_(reply), responder_(&context_) {
    service_->RequestUnary(0, &context_, &request_, &responder_, queue_, this);
  }
  void Proceed(bool ok) override {
    if (answered_ || !ok) {
      delete this;
      return;
    }
    answered_ = true;
    new EchoCall(service_, queue_, reply_);
    responder_.Finish(ToByteBuffer(*reply_), grpc::Status::OK, this);
  }

 private:
  RpcService* const service_;
  grpc::ServerCompletionQueue* const queue_;
  const std::string* const reply_;
  grpc::ServerContext context_;
  grpc::ByteBuffer request_;
  grpc::ServerAsyncResponseWriter<grpc::ByteBuffer> responder_;
  bool answered_ = false;
};

class EchoServer {
 public:
  explicit EchoServer(std::string reply) : reply_(std::move(reply)) {
    service_.Add(kEchoPath, grpc::internal::RpcMethod::NORMAL_RPC);
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    // As our own servers.
    builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
    builder.SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, 1);
    builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, 1);
    builder.RegisterService(&service_);
    queue_ = builder.AddCompletionQueue();
    server_ = builder.BuildAndStart();
    for (int i = 0; i < 4; ++i) new EchoCall(&service_, queue_.get(), &reply_);
    poller_ = std::thread([this] {
      void* tag;
      bool ok;
      while (queue_->Next(&tag, &ok)) static_cast<Tag*>(tag)->Proceed(ok);
    });
  }
  ~EchoServer() {
    server_->Shutdown();
    queue_->Shutdown();
    poller_.join();
  }
  int port() const { return port_; }

 private:
  const std::string reply_;
  RpcService service_;
  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
  std::thread poller_;
};

struct Rate {
  double calls_per_second;
  double cpu_micros_per_call;  // of client and server together
};

double CpuSeconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

// Keeps `in_flight` calls going for the time.
class Load {
 public:
  Load(int port, std::string path, const google::protobuf::Message& request, std::string token)
      : stub_(grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials())),
        path_(std::move(path)),
        request_(ToByteBuffer(request)),
        authorization_(token.empty() ? "" : absl::StrCat("Bearer ", token)) {}

  Rate Run(int in_flight, absl::Duration time) {
    const double cpu_before = CpuSeconds();
    end_ = absl::Now() + time;
    const absl::Time begin = absl::Now();
    std::vector<std::unique_ptr<Call>> calls;
    for (int i = 0; i < in_flight; ++i) {
      calls.push_back(std::make_unique<Call>());
      Start(calls.back().get());
    }
    int open = in_flight;
    void* tag;
    bool ok;
    long done = 0;
    while (open > 0 && queue_.Next(&tag, &ok)) {
      auto* const call = static_cast<Call*>(tag);
      if (!call->status.ok()) {
        std::fprintf(stderr, "call failed: %s\n", call->status.error_message().c_str());
        std::exit(1);
      }
      ++done;
      if (absl::Now() < end_) {
        Start(call);
      } else {
        --open;
      }
    }
    const double count = static_cast<double>(done);
    return {count / absl::ToDoubleSeconds(absl::Now() - begin), 1e6 * (CpuSeconds() - cpu_before) / count};
  }

 private:
  struct Call {
    std::unique_ptr<grpc::ClientContext> context;
    std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
    grpc::ByteBuffer reply;
    grpc::Status status;
  };

  void Start(Call* call) {
    call->reader.reset();
    call->context = std::make_unique<grpc::ClientContext>();
    call->context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    if (!authorization_.empty()) call->context->AddMetadata("authorization", authorization_);
    call->reply.Clear();
    call->reader = stub_.PrepareUnaryCall(call->context.get(), path_, request_, &queue_);
    call->reader->StartCall();
    call->reader->Finish(&call->reply, &call->status, call);
  }

  grpc::GenericStub stub_;
  grpc::CompletionQueue queue_;
  const std::string path_;
  const grpc::ByteBuffer request_;
  const std::string authorization_;
  absl::Time end_;
};

class NoAudit final : public AuditSink {
 public:
  void RecordRead(std::shared_ptr<const CallContext>, std::function<void(absl::Status)> done) override { done(absl::OkStatus()); }
};

struct Wrapped {
  Wrapped() : logger(log::Level::kWarning, &log::WriteToStderr) {
    std::string pattern = (std::filesystem::temp_directory_path() / "fivestrand-bench-XXXXXX").string();
    directory = mkdtemp(pattern.data());
    identity::SignerOptions signer_options;
    signer_options.clock = &absl::Now;
    signer_options.lifetime = absl::Minutes(15);
    if (!identity::GenerateKeyFile(directory + "/key.pem").ok()) std::exit(1);
    const auto signer = *identity::TokenSigner::Open(directory + "/key.pem", signer_options);
    auto keys = identity::NewMemoryKeySource();
    if (!keys->Set(signer->Jwks()).ok()) std::exit(1);
    identity::Caller caller;
    caller.subject = "trusts/t/people/head";
    caller.trust = "t";
    identity::Grant grant;
    grant.role = type::v1::ROLE_HEADTEACHER;
    grant.schools = {"s"};
    caller.grants = {grant};
    caller.expires = absl::Now() + absl::Minutes(15);
    token = *signer->Sign(caller);

    ServerOptions options;
    options.name = "notes";
    options.listen_address = "127.0.0.1:0";
    options.reflection = true;
    identity::VerifierOptions verifier_options;
    verifier_options.clock = &absl::Now;
    options.verifier = identity::TokenVerifier::Create(keys, verifier_options);
    static const identity::AccessRule kRules[] = {{type::v1::ROLE_HEADTEACHER, "test.notes.*", identity::Reach::kSchool}};
    const auto* const method = FindMethod("fivestrand.rpctest.v1.NoteService.GetNote");
    const google::protobuf::ServiceDescriptor* const services[] = {method->service()};
    options.access =
        std::make_shared<const identity::AccessTable>(*identity::AccessTable::Compile(kRules, DeclaredPermissions(services)));
    options.metrics = &registry;
    options.logger = &logger;
    options.audit = &audit;
    server = std::make_unique<Server>(std::move(options));
    server->Unary(method, Runs::kInline,
                  [bytes = StoredNote().SerializeAsString()](const CallContext&, const google::protobuf::Message&, Reply* reply) {
                    reply->SetBytes(bytes);
                    return absl::OkStatus();
                  });
    if (const absl::Status status = server->Start(); !status.ok()) {
      std::fprintf(stderr, "%s\n", status.ToString().c_str());
      std::exit(1);
    }
    server->SetServing(true);
  }
  ~Wrapped() {
    server.reset();
    std::filesystem::remove_all(directory);
  }

  std::string directory;
  prometheus::Registry registry;
  log::Logger logger;
  NoAudit audit;
  std::string token;
  std::unique_ptr<Server> server;
};

int Serve() {
  Wrapped wrapped;
  std::printf("port %d\ntoken %s\n", wrapped.server->port(), wrapped.token.c_str());
  std::fflush(stdout);
  pause();
  return 0;
}

int Measure(double seconds, int in_flight) {
  const absl::Duration time = absl::Seconds(seconds);
  GetNoteRequest request;
  request.set_name("trusts/t/schools/s/notes/n");
  EchoServer echo(StoredNote().SerializeAsString());
  Wrapped wrapped;
  Load echo_load(echo.port(), kEchoPath, request, "");
  Load token_load(echo.port(), kEchoPath, request, wrapped.token);
  Load wrapped_load(wrapped.server->port(), kNotePath, request, wrapped.token);
  // In turn, so that a slow minute of the machine hits all.
  for (int round = 0; round < 3; ++round) {
    const Rate bare = echo_load.Run(in_flight, time);
    const Rate with_token = token_load.Run(in_flight, time);
    const Rate full = wrapped_load.Run(in_flight, time);
    std::printf(
        "%d in flight, calls/s (CPU us a call): bare echo %.0f (%.1f), with the token's bytes %.0f (%.1f), wrapped %.0f (%.1f); "
        "ratio %.2f, %.2f\n",
        in_flight, bare.calls_per_second, bare.cpu_micros_per_call, with_token.calls_per_second, with_token.cpu_micros_per_call,
        full.calls_per_second, full.cpu_micros_per_call, full.calls_per_second / bare.calls_per_second,
        full.calls_per_second / with_token.calls_per_second);
  }
  return 0;
}

}  // namespace
}  // namespace fivestrand::rpc

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "serve") return fivestrand::rpc::Serve();
  return fivestrand::rpc::Measure(argc > 1 ? std::atof(argv[1]) : 3, argc > 2 ? std::atoi(argv[2]) : 64);
}
