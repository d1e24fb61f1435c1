#include "platform/rpc/test_notes.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "fivestrand/type/v1/role.pb.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"

#include "platform/identity/key_source.h"

namespace fivestrand::rpc {

void TestAudit::RecordRead(std::shared_ptr<const CallContext> context, std::function<void(absl::Status)> done) {
  absl::Status answer;
  {
    const std::lock_guard lock(mutex_);
    rows_.push_back(absl::StrCat(context->caller->subject, " read ", std::string(context->scope)));
    answer = answer_;
  }
  done(answer);
}

std::vector<std::string> TestAudit::rows() {
  const std::lock_guard lock(mutex_);
  return rows_;
}

void TestAudit::set_answer(absl::Status answer) {
  const std::lock_guard lock(mutex_);
  answer_ = std::move(answer);
}

const google::protobuf::MethodDescriptor* NoteMethod(const std::string& name) {
  return FindMethod(absl::StrCat("fivestrand.rpctest.v1.NoteService.", name));
}

TestNotes::TestNotes()
    : logger(log::Level::kDebug, [this](std::string_view line) {
        const std::lock_guard lock(log_mutex_);
        log_.append(line);
      }) {
  std::string pattern = (std::filesystem::temp_directory_path() / "fivestrand-rpc-XXXXXX").string();
  directory_ = mkdtemp(pattern.data());
  const std::string key_file = directory_ + "/key.pem";
  EXPECT_TRUE(identity::GenerateKeyFile(key_file).ok());
  identity::SignerOptions signer_options;
  signer_options.clock = &absl::Now;
  signer = *identity::TokenSigner::Open(key_file, signer_options);
  auto keys = identity::NewMemoryKeySource();
  EXPECT_TRUE(keys->Set(signer->Jwks()).ok());
  identity::VerifierOptions verifier_options;
  verifier_options.clock = &absl::Now;
  verifier_options.leeway = absl::ZeroDuration();
  verifier = identity::TokenVerifier::Create(keys, verifier_options);
  static const identity::AccessRule kRules[] = {
      {type::v1::ROLE_HEADTEACHER, "test.notes.*", identity::Reach::kSchool},
      {type::v1::ROLE_CEO, "test.notes.get", identity::Reach::kTrust},
  };
  const google::protobuf::ServiceDescriptor* const services[] = {NoteMethod("GetNote")->service()};
  auto table = identity::AccessTable::Compile(kRules, DeclaredPermissions(services));
  EXPECT_TRUE(table.ok()) << table.status();
  access = std::make_shared<const identity::AccessTable>(*std::move(table));
}

TestNotes::~TestNotes() {
  client.reset();
  server.reset();
  std::filesystem::remove_all(directory_);
}

ServerOptions TestNotes::Options() {
  ServerOptions options;
  options.name = "notes";
  options.listen_address = "127.0.0.1:0";
  options.verifier = verifier;
  options.access = access;
  options.metrics = &registry;
  options.logger = &logger;
  options.audit = &audit;
  return options;
}

void TestNotes::Start(std::unique_ptr<Server> started) {
  server = std::move(started);
  const absl::Status status = server->Start();
  ASSERT_TRUE(status.ok()) << status;
  server->SetServing(true);
  Connect();
}

void TestNotes::Connect(ClientOptions options) {
  if (options.target.empty()) options.target = absl::StrCat("127.0.0.1:", server->port());
  client = *Client::Connect(options);
}

std::string TestNotes::Token(identity::Caller caller) {
  return *signer->Sign(caller);
}

std::string TestNotes::ExpiredToken() {
  identity::SignerOptions options;
  options.clock = [] {
    return absl::Now() - absl::Hours(1);
  };
  identity::Caller caller = Headteacher("t", "s");
  caller.expires = absl::Now() - absl::Minutes(30);
  return *(*identity::TokenSigner::Open(directory_ + "/key.pem", options))->Sign(caller);
}

identity::Caller TestNotes::Headteacher(const std::string& trust, const std::string& school) {
  identity::Caller caller;
  caller.subject = absl::StrCat("trusts/", trust, "/people/head");
  caller.trust = trust;
  identity::Grant grant;
  grant.role = type::v1::ROLE_HEADTEACHER;
  grant.schools = {school};
  caller.grants = {grant};
  caller.expires = absl::Now() + absl::Minutes(5);
  return caller;
}

identity::Caller TestNotes::Process() {
  identity::Caller caller;
  caller.subject = "services/gateway";
  identity::Grant grant;
  grant.role = type::v1::ROLE_SERVICE;
  caller.grants = {grant};
  caller.expires = absl::Now() + absl::Minutes(5);
  return caller;
}

CallOptions TestNotes::With(std::string token, absl::Duration timeout) {
  CallOptions options;
  options.token = std::move(token);
  options.timeout = timeout;
  return options;
}

absl::Status TestNotes::Call(const std::string& method, const google::protobuf::Message& request,
                             google::protobuf::Message* response, const CallOptions& options) {
  return client->Call(PathOf(NoteMethod(method)), request, response, options);
}

rpctest::v1::GetNoteRequest TestNotes::Get(const std::string& name) {
  rpctest::v1::GetNoteRequest request;
  request.set_name(name);
  return request;
}

std::string TestNotes::log() {
  const std::lock_guard lock(log_mutex_);
  return log_;
}

double TestNotes::Metric(const std::string& name, const std::string& label_value) {
  server->SampleMetrics();
  double sum = 0;
  for (const auto& family : registry.Collect()) {
    if (family.name != name) continue;
    for (const auto& metric : family.metric) {
      bool matches = label_value.empty();
      for (const auto& label : metric.label) matches = matches || label.value == label_value;
      if (matches) sum += metric.counter.value + metric.gauge.value + static_cast<double>(metric.histogram.sample_count);
    }
  }
  return sum;
}

}  // namespace fivestrand::rpc
