// The figures that ARCHITECTURE.md and the release notes state, each as a ratio against its limit in the same run.
//
//   fivestrand_bench [reads|creates|gateway|start|analysis ...]     BENCH_SECONDS=10 for longer runs
//
// Programs run as children on loopback; the load comes from this process, on the same cores.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fivestrand/leadership/v1/organisation_service.pb.h"
#include "fivestrand/leadership/v1/people_service.pb.h"
#include "fivestrand/leadership/v1/visibility_service.pb.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/identity/token.h"
#include "platform/rpc/client.h"
#include "platform/rpc/server.h"
#include "tests/bench/analysis.h"
#include "tests/bench/echo.h"
#include "tests/bench/load.h"
#include "tests/bench/process.h"
#include "tests/bench/store_limit.h"

namespace fivestrand::bench {
namespace {

namespace fs = std::filesystem;
using namespace leadership::v1;  // NOLINT: the requests of this service

constexpr char kVisibility[] = "/fivestrand.leadership.v1.VisibilityService/";

absl::Duration Length() {
  const char* seconds = std::getenv("BENCH_SECONDS");
  return absl::Seconds(seconds == nullptr ? 4 : std::atof(seconds));
}

[[noreturn]] void Die(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

void Row(const std::string& what, const LoadResult& value, const std::string& limit_name, const LoadResult& limit, double aim) {
  const double ratio = limit.per_second > 0 ? value.per_second / limit.per_second : 0;
  std::printf("%-44s %9.0f/s  p50 %6.0f us  p99 %7.0f us   %3.0f %% of %s (%.0f/s), aim %.0f %%%s\n", what.c_str(),
              value.per_second, value.p50_us, value.p99_us, ratio * 100, limit_name.c_str(), limit.per_second, aim * 100,
              value.failures != 0 ? "  FAILURES" : "");
  std::fflush(stdout);
}

// A running suite or service with one trust in it, and tokens for it.
class Bed {
 public:
  Bed(const std::string& binary, bool suite)
      : folder_((fs::temp_directory_path() / "fivestrand-bench-XXXXXX").string()), suite_(suite) {
    if (mkdtemp(folder_.data()) == nullptr) Die("no temporary folder");
    const std::string key_file = suite ? folder_ + "/gateway/signing-key.pem" : folder_ + "/signing-key.pem";
    fs::create_directories(fs::path(key_file).parent_path());
    fs::permissions(fs::path(key_file).parent_path(), fs::perms::owner_all);
    if (!identity::GenerateKeyFile(key_file).ok()) Die("no key");
    identity::SignerOptions options;
    options.clock = &absl::Now;
    options.lifetime = absl::Hours(1);
    signer_ = *identity::TokenSigner::Open(key_file, options);
    grpc_port_ = FreePort();
    admin_port_ = FreePort();
    http_port_ = FreePort();
    std::vector<std::string> arguments = {absl::StrCat("--data-dir=", folder_),
                                          absl::StrCat("--admin-listen=127.0.0.1:", admin_port_), "--log-level=error",
                                          "--drain-delay=0s"};
    if (suite) {
      arguments.push_back(absl::StrCat("--leadership-grpc-listen=127.0.0.1:", grpc_port_));
      arguments.push_back(absl::StrCat("--http-listen=127.0.0.1:", http_port_));
    } else {
      std::ofstream(folder_ + "/jwks.json") << signer_->Jwks();
      arguments.push_back(absl::StrCat("--grpc-listen=127.0.0.1:", grpc_port_));
      arguments.push_back(absl::StrCat("--jwks-url=", folder_, "/jwks.json"));
    }
    process_ = std::make_unique<Process>(binary, arguments);
    ready_after_ = WaitReady(admin_port_, "/readyz", absl::Seconds(60));
    if (ready_after_ == absl::InfiniteDuration()) Die(binary + " does not become ready");
  }

  ~Bed() {
    process_.reset();
    fs::remove_all(folder_);
  }

  std::string Token(const std::string& subject, type::v1::Role role) {
    identity::Caller caller;
    caller.subject = subject;
    if (subject.rfind("trusts/", 0) == 0) caller.trust = "bench";
    caller.expires = absl::InfiniteFuture();
    caller.grants.emplace_back().role = role;
    return *signer_->Sign(caller);
  }

  template <typename Response>
  Response Call(const std::string& method, const google::protobuf::Message& request, const std::string& token) {
    if (!client_) client_ = *rpc::Client::Connect({.target = target()});
    Response response;
    rpc::CallOptions options;
    options.token = token;
    absl::Status status = client_->Call(rpc::FindMethod("fivestrand.leadership.v1." + method), request, &response, options);
    if (!status.ok()) Die(absl::StrCat(method, ": ", status.ToString()));
    return response;
  }

  // A trust with one school, class and drop-in.
  void Fill() {
    const std::string token = Token("operators/bench", type::v1::ROLE_OPERATOR);
    UpdateTrustRequest trust;
    trust.mutable_trust()->set_name("trusts/bench");
    trust.mutable_trust()->set_display_name("Bench");
    trust.set_allow_missing(true);
    Call<Trust>("OrganisationService.UpdateTrust", trust, token);
    CreateSchoolRequest school;
    school.set_parent("trusts/bench");
    school.set_school_id("s");
    school.mutable_school()->set_display_name("S");
    school.mutable_school()->set_urn("999001");
    Call<School>("OrganisationService.CreateSchool", school, token);
    CreatePersonRequest person;
    person.set_parent("trusts/bench");
    person.set_person_id("head");
    person.mutable_person()->set_display_name("Head");
    Call<Person>("PeopleService.CreatePerson", person, token);
    CreateSchoolClassRequest school_class;
    school_class.set_parent("trusts/bench/schools/s");
    school_class.set_school_class_id("c");
    school_class.mutable_school_class()->set_display_name("C");
    school_class.mutable_school_class()->set_academic_year("2026-27");
    school_class.mutable_school_class()->set_year_group(type::v1::YEAR_GROUP_5);
    Call<SchoolClass>("OrganisationService.CreateSchoolClass", school_class, token);
    drop_in_ = Call<DropIn>("VisibilityService.CreateDropIn", Create(), HeadToken());
  }

  std::string HeadToken() { return Token("trusts/bench/people/head", type::v1::ROLE_EXECUTIVE_HEADTEACHER); }

  // About 900 bytes with its names and times, as a real one with two sentences has.
  static CreateDropInRequest Create() {
    CreateDropInRequest create;
    create.set_parent("trusts/bench/schools/s");
    auto* drop_in = create.mutable_drop_in();
    drop_in->set_school_class("trusts/bench/schools/s/classes/c");
    drop_in->mutable_start_time()->set_seconds(absl::ToUnixSeconds(absl::Now()) - 600);
    drop_in->set_went_well(std::string(280, 'w'));
    drop_in->set_even_better_if(std::string(220, 'e'));
    return create;
  }

  const DropIn& drop_in() const { return drop_in_; }
  std::string target() const { return absl::StrCat("127.0.0.1:", grpc_port_); }
  std::string http() const { return absl::StrCat("http://127.0.0.1:", http_port_); }
  absl::Duration ready_after() const { return ready_after_; }
  const Process& process() const { return *process_; }
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
  const bool suite_;
  int grpc_port_ = 0, admin_port_ = 0, http_port_ = 0;
  std::unique_ptr<identity::TokenSigner> signer_;
  std::unique_ptr<Process> process_;
  std::unique_ptr<rpc::Client> client_;
  absl::Duration ready_after_;
  DropIn drop_in_;
};

// The echo runs as a child of its own, as the service does.
class Echo {
 public:
  Echo(const std::string& self, const std::string& path, const std::string& reply)
      : folder_((fs::temp_directory_path() / "fivestrand-echo-XXXXXX").string()) {
    if (mkdtemp(folder_.data()) == nullptr) Die("no temporary folder");
    std::ofstream(folder_ + "/reply", std::ios::binary) << reply;
    process_ = std::make_unique<Process>(self, std::vector<std::string>{"--echo", path, folder_ + "/reply"}, folder_ + "/port");
    for (int i = 0; i < 2000 && port_ == 0; ++i) {
      std::ifstream(folder_ + "/port") >> port_;
      if (port_ == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    if (port_ == 0) Die("the echo does not start");
  }
  ~Echo() {
    process_.reset();
    fs::remove_all(folder_);
  }
  std::string target() const { return absl::StrCat("127.0.0.1:", port_); }

 private:
  std::string folder_;
  int port_ = 0;
  std::unique_ptr<Process> process_;
};

int RunEcho(const std::string& path, const std::string& reply_file) {
  std::ifstream in(reply_file, std::ios::binary);
  const std::string reply((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  EchoServer server(path, reply);
  std::printf("%d\n", server.port());
  std::fflush(stdout);
  while (true) std::this_thread::sleep_for(std::chrono::hours(1));
}

std::string Binary(const std::string& self, const std::string& name) {
  return (fs::path(self).parent_path() / name).string();
}

void Reads(const std::string& self) {
  Bed bed(Binary(self, "fivestrand-leadership"), false);
  bed.Fill();
  GetDropInRequest get;
  get.set_name(bed.drop_in().name());
  const std::string path = absl::StrCat(kVisibility, "GetDropIn"), bytes = get.SerializeAsString(), token = bed.HeadToken();
  Echo echo(self, path, bed.drop_in().SerializeAsString());
  auto request = [&](std::int64_t) {
    return bytes;
  };
  // Taken in turn, so that both meet the same machine.
  LoadResult limit = GrpcLoad(echo.target(), path, token, request, 64, Length());
  LoadResult read = GrpcLoad(bed.target(), path, token, request, 64, Length());
  Row("GetDropIn, 64 in flight", read, "a bare echo of the same bytes", limit, 0.8);
}

void Creates(const std::string& self) {
  Bed bed(Binary(self, "fivestrand-leadership"), false);
  bed.Fill();
  CreateDropInRequest create = Bed::Create();
  const std::string token = bed.HeadToken();
  auto request = [&](std::int64_t n) {
    char id[40];
    std::snprintf(id, sizeof id, "b1e2c3d4-0000-4000-8000-%012llx", static_cast<unsigned long long>(n + 1));
    create.set_request_id(id);
    return create.SerializeAsString();
  };
  for (int in_flight : {64, 256}) {
    LoadResult limit = StoreLimit(bed.drop_in(), in_flight, Length());
    LoadResult made = GrpcLoad(
        bed.target(), absl::StrCat(kVisibility, "CreateDropIn"), token,
        [&, in_flight](std::int64_t n) { return request(n + in_flight * 10000000ll); }, in_flight, Length());
    Row(absl::StrCat("CreateDropIn, durable, ", in_flight, " in flight"), made, "the store's group commit of the same rows", limit,
        0.7);
  }
}

void Gateway(const std::string& self) {
  Bed bed(Binary(self, "fivestrand"), true);
  bed.Fill();
  GetDropInRequest get;
  get.set_name(bed.drop_in().name());
  const std::string path = absl::StrCat(kVisibility, "GetDropIn"), bytes = get.SerializeAsString(), token = bed.HeadToken();
  LoadResult limit = GrpcLoad(
      bed.target(), path, token, [&](std::int64_t) { return bytes; }, 64, Length());
  std::string frame = {0, 0, 0, 0, static_cast<char>(bytes.size())};
  frame += bytes;
  LoadResult web = HttpLoad({bed.http() + path, "application/grpc-web+proto", token, frame}, 64, Length());
  Row("GetDropIn by gRPC-Web through the gateway", web, "direct gRPC", limit, 0.6);
  LoadResult rest = HttpLoad({absl::StrCat(bed.http(), "/v1/", bed.drop_in().name()), "", token, ""}, 64, Length());
  Row("GetDropIn by REST through the gateway", rest, "direct gRPC", limit, 0.35);
}

void Start(const std::string& self) {
  Bed bed(Binary(self, "fivestrand"), true);
  // At rest: after what a start does once is done.
  std::this_thread::sleep_for(std::chrono::seconds(3));
  std::printf("%-44s %9.0f ms   aim 1000 ms\n", "suite ready on an empty store", absl::ToDoubleMilliseconds(bed.ready_after()));
  std::printf("%-44s %9.1f MB   aim 80 MB\n", "suite at rest, resident", bed.process().MemoryMb());
}

}  // namespace
}  // namespace fivestrand::bench

int main(int argc, char** argv) {
  using namespace fivestrand::bench;  // NOLINT
  if (argc == 4 && std::strcmp(argv[1], "--echo") == 0) return RunEcho(argv[2], argv[3]);
  const std::string self = std::filesystem::canonical("/proc/self/exe").string();
  struct {
    const char* name;
    void (*run)(const std::string&);
  } const all[] = {
      {"reads", &Reads}, {"creates", &Creates}, {"gateway", &Gateway}, {"start", &Start}, {"analysis", [](const std::string&) {
                                                                                             Analysis();
                                                                                           }}};
  for (const auto& each : all) {
    bool wanted = argc == 1;
    for (int i = 1; i < argc; ++i) wanted |= std::strcmp(argv[i], each.name) == 0;
    if (wanted) each.run(self);
  }
  return 0;
}
