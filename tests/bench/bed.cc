#include "tests/bench/bed.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fivestrand/leadership/v1/organisation_service.pb.h"
#include "fivestrand/leadership/v1/people_service.pb.h"

#include "platform/rpc/server.h"

namespace fivestrand::bench {
namespace {

namespace fs = std::filesystem;
using namespace leadership::v1;  // NOLINT: the requests of this service

constexpr const char* kServices[] = {"leadership", "assessment", "cpd", "welfare"};

}  // namespace

void Die(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

Bed::Bed(const std::string& self, Kind kind)
    : program_((fs::path(self).parent_path() / (kind == Kind::kSuite ? "fivestrand" : "fivestrand-leadership")).string()),
      folder_((fs::temp_directory_path() / "fivestrand-bench-XXXXXX").string()) {
  if (mkdtemp(folder_.data()) == nullptr) Die("no temporary folder");
  const bool suite = kind == Kind::kSuite;
  const std::string key_file = folder_ + (suite ? "/gateway/signing-key.pem" : "/signing-key.pem");
  fs::create_directories(fs::path(key_file).parent_path());
  fs::permissions(fs::path(key_file).parent_path(), fs::perms::owner_all);
  if (!identity::GenerateKeyFile(key_file).ok()) Die("no key");
  identity::SignerOptions options;
  options.clock = &absl::Now;
  options.lifetime = absl::Hours(1);
  signer_ = *identity::TokenSigner::Open(key_file, options);
  const auto listen = [&](const std::string& what, const std::string& flag) {
    ports_[what] = FreePort();
    return absl::StrCat("--", flag, "=127.0.0.1:", ports_[what]);
  };
  std::vector<std::string> arguments = {absl::StrCat("--data-dir=", folder_), listen("admin", "admin-listen"), "--log-level=error",
                                        "--drain-delay=0s"};
  if (suite) {
    for (const char* service : kServices) arguments.push_back(listen(service, absl::StrCat(service, "-grpc-listen")));
    arguments.push_back(listen("http", "http-listen"));
  } else {
    std::ofstream(folder_ + "/jwks.json") << signer_->Jwks();
    arguments.push_back(listen("leadership", "grpc-listen"));
    arguments.push_back(absl::StrCat("--jwks-url=", folder_, "/jwks.json"));
  }
  process_ = std::make_unique<Process>(program_, arguments);
  ready_after_ = WaitReady(ports_["admin"], "/readyz", absl::Seconds(60));
  if (ready_after_ == absl::InfiniteDuration()) Die(program_ + " does not become ready");
}

Bed::~Bed() {
  process_.reset();
  fs::remove_all(folder_);
}

std::string Bed::Token(const std::string& subject, type::v1::Role role) const {
  identity::Caller caller;
  caller.subject = subject;
  if (subject.rfind("trusts/", 0) == 0) caller.trust = subject.substr(7, subject.find('/', 7) - 7);
  caller.expires = absl::InfiniteFuture();
  caller.grants.emplace_back().role = role;
  return *signer_->Sign(caller);
}

template <typename Response>
Response Bed::Call(const std::string& method, const google::protobuf::Message& request, const std::string& token) {
  if (!client_) client_ = *rpc::Client::Connect({.target = target()});
  Response response;
  rpc::CallOptions options;
  options.token = token;
  absl::Status status = client_->Call(rpc::FindMethod("fivestrand.leadership.v1." + method), request, &response, options);
  if (!status.ok()) Die(absl::StrCat(method, ": ", status.ToString()));
  return response;
}

void Bed::Fill() {
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

CreateDropInRequest Bed::Create() {
  CreateDropInRequest create;
  create.set_parent("trusts/bench/schools/s");
  auto* drop_in = create.mutable_drop_in();
  drop_in->set_school_class("trusts/bench/schools/s/classes/c");
  drop_in->mutable_start_time()->set_seconds(absl::ToUnixSeconds(absl::Now()) - 600);
  drop_in->set_went_well(std::string(280, 'w'));
  drop_in->set_even_better_if(std::string(220, 'e'));
  return create;
}

absl::Duration Bed::LoadDemonstration(int schools) {
  std::vector<std::string> arguments = {"demo", "load", absl::StrCat("--data-dir=", folder_), absl::StrCat("--schools=", schools),
                                        absl::StrCat("--server=", target())};
  for (const char* service : kServices) {
    if (std::string_view(service) != "leadership")
      arguments.push_back(absl::StrCat("--", service, "-server=127.0.0.1:", ports_[service]));
  }
  const absl::Time began = absl::Now();
  Process load(program_, arguments);
  if (load.Wait() != 0) Die("the demonstration trust was not loaded");
  const absl::Duration took = absl::Now() - began;
  // Figures of the past are computed after it, in the background; then there is nothing left to do.
  constexpr double kIdle = 0.05;
  double used = process_->CpuSeconds();
  for (int calm = 0; calm < 3;) {
    absl::SleepFor(absl::Seconds(1));
    const double now = process_->CpuSeconds();
    calm = now - used < kIdle ? calm + 1 : 0;
    used = now;
    if (absl::Now() - began > absl::Minutes(20)) Die("the suite does not come to rest");
  }
  return took;
}

std::string Bed::target() const {
  return absl::StrCat("127.0.0.1:", ports_.at("leadership"));
}
std::string Bed::http() const {
  return absl::StrCat("http://127.0.0.1:", ports_.at("http"));
}

}  // namespace fivestrand::bench
