#include "gateway/src/edge/test_edge.h"

#include <atomic>
#include <filesystem>
#include <grpcpp/generic/async_generic_service.h>
#include <gtest/gtest.h>
#include <thread>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "fivestrand/leadership/v1/identity.pb.h"
#include "fivestrand/leadership/v1/organisation_service.pb.h"
#include "google/protobuf/descriptor.h"

#include "gateway/src/transcode/testdata/library.pb.h"
#include "platform/crypto/keyring.h"
#include "platform/log/log.h"

namespace fivestrand::gateway::edge {
namespace {

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string ToText(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string out;
  if (buffer.Dump(&slices).ok()) {
    for (const auto& slice : slices) out.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return out;
}

// Answers every method with what was registered for its path, each call on a thread of its own.
class AnsweringService : public grpc::CallbackGenericService {
 public:
  ~AnsweringService() override {
    for (auto& thread : threads_) thread.join();
  }

  void Serve(const std::string& path, TestEdge::Handler handler) {
    absl::MutexLock lock(&mutex_);
    handlers_[path] = std::move(handler);
  }

  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
    auto* reactor = new Reactor(context);
    absl::MutexLock lock(&mutex_);
    const auto handler = handlers_.find(context->method());
    reactor->Begin(handler == handlers_.end() ? nullptr : handler->second, this);
    return reactor;
  }

 private:
  class Reactor : public grpc::ServerGenericBidiReactor {
   public:
    explicit Reactor(grpc::GenericCallbackServerContext* context) : context_(context) {}
    void Begin(TestEdge::Handler handler, AnsweringService* service) {
      handler_ = std::move(handler);
      service_ = service;
      StartRead(&request_);
    }
    void OnReadDone(bool ok) override {
      if (answering_) {
        absl::MutexLock lock(&mutex_);
        read_ = true;
        read_ok_ = ok;
        return;
      }
      if (!ok) return Finish(grpc::Status::CANCELLED);
      if (!handler_) return Finish(grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "no handler"));
      answering_ = true;
      service_->Run([this] { Answer(); });
    }
    void OnWriteDone(bool ok) override {
      absl::MutexLock lock(&mutex_);
      written_ = true;
      failed_ = !ok;
    }
    void OnCancel() override {
      absl::MutexLock lock(&mutex_);
      cancelled_ = true;
    }
    void OnDone() override { delete this; }

   private:
    void Answer() {
      TestEdge::Call call;
      call.request = ToText(request_);
      for (const auto& [key, value] : context_->client_metadata()) {
        call.metadata.emplace(std::string(key.data(), key.size()), std::string(value.data(), value.size()));
      }
      call.seconds_left = std::chrono::duration<double>(context_->deadline() - std::chrono::system_clock::now()).count();
      call.WaitUntilCancelled = [this] {
        absl::MutexLock lock(&mutex_);
        mutex_.Await(absl::Condition(&cancelled_));
      };
      call.Next = [this]() -> std::optional<std::string> {
        {
          absl::MutexLock lock(&mutex_);
          read_ = false;
        }
        StartRead(&request_);
        absl::MutexLock lock(&mutex_);
        mutex_.Await(absl::Condition(&read_));
        if (!read_ok_) return std::nullopt;
        return ToText(request_);
      };
      call.Cancelled = [this] {
        return context_->IsCancelled();
      };
      TestEdge::Reply reply = handler_(call);
      for (const std::string& message : reply.messages) {
        grpc::ByteBuffer buffer = ToBuffer(message);
        {
          absl::MutexLock lock(&mutex_);
          written_ = false;
        }
        StartWrite(&buffer);
        absl::MutexLock lock(&mutex_);
        mutex_.Await(absl::Condition(&written_));
        if (failed_) break;
        if (reply.on_sent) reply.on_sent();
      }
      if (reply.then_wait) call.WaitUntilCancelled();
      Finish(reply.status);
    }

    grpc::GenericCallbackServerContext* const context_;
    TestEdge::Handler handler_;
    AnsweringService* service_ = nullptr;
    grpc::ByteBuffer request_;
    absl::Mutex mutex_;
    bool answering_ = false;  // of the reactor's own thread
    bool written_ = false, failed_ = false, cancelled_ = false, read_ = false, read_ok_ = false;
  };

  void Run(std::function<void()> work) {
    absl::MutexLock lock(&mutex_);
    threads_.emplace_back(std::move(work));
  }

  absl::Mutex mutex_;
  std::map<std::string, TestEdge::Handler> handlers_;
  std::vector<std::thread> threads_;
};

leadership::v1::Identity Amina() {
  leadership::v1::Identity identity;
  identity.set_person("trusts/acorn/people/amina");
  identity.set_display_name("Amina Rahman");
  identity.set_post_title("Headteacher");
  identity.set_school("trusts/acorn/schools/north");
  identity.set_school_display_name("Northgate");
  auto* grant = identity.add_grants();
  grant->set_role(type::v1::ROLE_HEADTEACHER);
  grant->add_schools("trusts/acorn/schools/north");
  return identity;
}

}  // namespace

struct TestEdge::Parts {
  std::atomic<int64_t> advanced{0};
  std::atomic<int> resolved{0};
  std::atomic<bool> people_gone{false};
  std::function<absl::Time()> clock = [this] {
    return absl::Now() + absl::Nanoseconds(advanced.load());
  };

  AnsweringService service;
  std::unique_ptr<grpc::Server> server;
  std::string target;

  std::string key_file = absl::StrCat(testing::TempDir(), "test_edge_key_", getpid());
  std::unique_ptr<identity::TokenSigner> signer;
  std::shared_ptr<identity::MemoryKeySource> keys = identity::NewMemoryKeySource();
  std::unique_ptr<identity::TokenVerifier> verifier;

  log::Logger logger{log::Level::kError, [](std::string_view line) {
                       fwrite(line.data(), 1, line.size(), stderr);
                     }};
  transcode::PlanSet plans{google::protobuf::DescriptorPool::generated_pool()};
  transcode::JsonWriter json{&plans};
  session::CorsPolicy cors{{"https://app.example"}};
  Answers answers{/*tls=*/false, &cors, &json, &logger};
  MethodTable methods;
  transcode::RestTable rest_table;
  std::unique_ptr<session::Sessions> sessions;
  std::unique_ptr<session::Identities> identities;
  std::unique_ptr<session::Authenticator> authenticator;
  std::unique_ptr<session::AuthHandler> auth;
  std::unique_ptr<RestHandler> rest;
  std::unique_ptr<GrpcWebHandler> grpcweb;
  std::unique_ptr<Edge> edge;
  std::unique_ptr<http::Server> http;
  std::unique_ptr<upstream::Upstream> upstream, annex;  // go before the HTTP server
};

TestEdge::TestEdge() : parts_(std::make_unique<Parts>()) {
  Parts& p = *parts_;
  test::v1::Book::descriptor();
  std::filesystem::remove(p.key_file);
  EXPECT_TRUE(identity::GenerateKeyFile(p.key_file).ok());
  p.signer = *identity::TokenSigner::Open(p.key_file, {.clock = p.clock});
  EXPECT_TRUE(p.keys->Set(p.signer->Jwks()).ok());
  p.verifier = identity::TokenVerifier::Create(p.keys, {.clock = p.clock});

  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterCallbackGenericService(&p.service);
  p.server = builder.BuildAndStart();
  p.annex = upstream::Upstream::Absent({.name = "annex"});
  p.upstream = upstream::Upstream::Connect({.name = "leadership"}, absl::StrCat("127.0.0.1:", port), nullptr);

  p.methods = *MethodTable::Build(*google::protobuf::DescriptorPool::generated_pool(),
                                  {{p.upstream.get(), {"fivestrand.gateway.test.v1.LibraryService"}}, {p.annex.get(), {}}},
                                  {"fivestrand.gateway.test.v1.CatalogueService"});
  p.rest_table = *transcode::RestTable::Build(p.methods.services(), &p.plans);
  p.sessions = std::make_unique<session::Sessions>(*crypto::Keyring::NewInMemory(), session::SessionOptions{.clock = p.clock});
  p.identities =
      std::make_unique<session::Identities>(p.upstream.get(), p.signer.get(), session::IdentitiesOptions{.clock = p.clock});
  p.authenticator = std::make_unique<session::Authenticator>(p.sessions.get(), p.identities.get(), p.verifier.get());
  p.auth = std::make_unique<session::AuthHandler>(
      session::AuthOptions{.demo = true,
                           .new_id =
                               [] {
                                 return "session-" + std::to_string(random());
                               }},
      p.sessions.get(), p.identities.get(), p.authenticator.get(), p.upstream.get(),
      [&p](http::Exchange& exchange, http::Response response) { p.answers.Send(exchange, std::move(response)); },
      [&p](http::Exchange& exchange, const absl::Status& status, int http_status) {
        p.answers.Fail(exchange, status, http_status);
      });
  p.rest = *RestHandler::Make(&p.rest_table, &p.methods, &p.answers, p.authenticator.get(), Deadlines{});
  p.grpcweb = std::make_unique<GrpcWebHandler>(&p.methods, &p.answers, p.authenticator.get(), Deadlines{});
  EdgeOptions options;
  options.body_limit = 1000;
  options.body_limits["fivestrand.gateway.test.v1.LibraryService.MoveBook"] = 10'000;
  options.upload_limit = 20'000'000;
  options.rest_roots = {"/v1/", "/test/v1/"};
  options.new_request_id = [] {
    return "generated";
  };
  p.edge = std::make_unique<Edge>(options, &p.answers, p.rest.get(), p.grpcweb.get(), &p.methods, p.auth.get(), &p.cors, nullptr,
                                  [&p] { return p.signer->Jwks(); });
  p.http = *http::Server::Start({}, p.edge.get());

  Serve("/fivestrand.leadership.v1.IdentityService/ResolveIdentity", [&p](const Call& call) {
    leadership::v1::ResolveIdentityRequest request;
    EXPECT_TRUE(request.ParseFromString(call.request));
    ++p.resolved;
    const auto caller = p.verifier->Verify(call.Get("authorization").substr(7));
    EXPECT_TRUE(caller.ok() && (*caller)->IsService());
    if (p.people_gone || request.person() != "trusts/acorn/people/amina") {
      return Reply{{}, status::ToGrpcStatus(status::NotFound("fivestrand/Person", request.person()), "r")};
    }
    return Reply{{Amina().SerializeAsString()}, grpc::Status::OK};
  });
  Serve("/fivestrand.leadership.v1.IdentityService/ListIdentities", [](const Call&) {
    leadership::v1::ListIdentitiesResponse response;
    *response.add_identities() = Amina();
    return Reply{{response.SerializeAsString()}, grpc::Status::OK};
  });
  Serve("/fivestrand.leadership.v1.OrganisationService/ListSchools", [](const Call&) {
    leadership::v1::ListSchoolsResponse response;
    for (const auto& [id, name] : {std::pair("north", "Northgate"), std::pair("south", "Southgate")}) {
      auto* school = response.add_schools();
      school->set_name(absl::StrCat("trusts/acorn/schools/", id));
      school->set_display_name(name);
    }
    return Reply{{response.SerializeAsString()}, grpc::Status::OK};
  });
}

TestEdge::~TestEdge() {
  parts_->http->Drain(absl::ZeroDuration());
  parts_->upstream = nullptr;
  StopServices();
  std::filesystem::remove(parts_->key_file);
}

void TestEdge::Serve(const std::string& path, Handler handler) {
  parts_->service.Serve(path, std::move(handler));
}
void TestEdge::StopServices() {
  if (parts_->server == nullptr) return;
  parts_->server->Shutdown(std::chrono::system_clock::now());
  parts_->server->Wait();
  parts_->server = nullptr;
}
void TestEdge::RemovePeople() {
  parts_->people_gone = true;
}
int TestEdge::resolved() const {
  return parts_->resolved;
}
void TestEdge::Advance(absl::Duration time) {
  parts_->advanced += absl::ToInt64Nanoseconds(time);
}
void TestEdge::Drain() {
  parts_->http->Drain(absl::Seconds(30));
}
uint16_t TestEdge::port() const {
  return parts_->http->port();
}

std::string TestEdge::AppToken() {
  identity::Caller caller;
  caller.subject = "trusts/acorn/applications/app";
  caller.trust = "acorn";
  caller.grants.emplace_back().role = type::v1::ROLE_APPLICATION;
  caller.expires = parts_->clock() + absl::Minutes(4);
  const auto token = parts_->signer->Sign(caller);
  EXPECT_TRUE(token.ok()) << token.status();
  return *token;
}

identity::TokenVerifier& TestEdge::verifier() {
  return *parts_->verifier;
}

}  // namespace fivestrand::gateway::edge
