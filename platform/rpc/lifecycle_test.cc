// Starting, health, draining, TLS and metrics of a server.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"

#include "platform/rpc/bytes.h"
#include "platform/rpc/test_notes.h"
#include "platform/status/status.h"

namespace fivestrand::rpc {
namespace {

using rpctest::v1::Note;
using status::Reason;
using status::ReasonOf;
using ::testing::HasSubstr;

absl::Status Nothing(const CallContext&, const google::protobuf::Message&, Reply*) {
  return absl::OkStatus();
}

class LifecycleTest : public ::testing::Test {
 protected:
  std::unique_ptr<Server> NewServer(ServerOptions options) {
    auto server = std::make_unique<Server>(std::move(options));
    server->Unary(NoteMethod("GetNote"), Runs::kInline, &Nothing);
    return server;
  }

  // 1 SERVING, 2 NOT_SERVING, -1 an error; the messages of grpc.health.v1 are simple enough to write by hand.
  int Health(const std::string& service) {
    const std::string request =
        service.empty() ? "" : absl::StrCat("\x0a", std::string(1, static_cast<char>(service.size())), service);
    absl::Notification done;
    int result = -1;
    CallOptions options;
    options.timeout = absl::Seconds(10);
    notes_.client->CallAsync("/grpc.health.v1.Health/Check", ToByteBuffer(request), options,
                             [&](absl::Status status, grpc::ByteBuffer bytes) {
                               const std::string reply = ToString(bytes);
                               if (status.ok() && reply.size() == 2 && reply[0] == 8) result = reply[1];
                               done.Notify();
                             });
    done.WaitForNotification();
    return result;
  }

  std::string StartError(Server* server) { return std::string(server->Start().message()); }

  TestNotes notes_;
  Note note_;
};

TEST_F(LifecycleTest, AContractThatIsWrongDoesNotStart) {
  const auto* broken = FindMethod("fivestrand.rpctest.v1.BrokenService.WithoutPolicy");
  auto server = std::make_unique<Server>(notes_.Options());
  server->Unary(broken, Runs::kInline, &Nothing);
  EXPECT_THAT(StartError(server.get()), HasSubstr("WithoutPolicy: has no policy"));

  server = NewServer(notes_.Options());
  server->Unary(NoteMethod("GetNote"), Runs::kInline, &Nothing);
  EXPECT_THAT(StartError(server.get()), HasSubstr("GetNote is registered twice"));

  server = NewServer(notes_.Options());
  server->Unary(NoteMethod("WatchNotes"), Runs::kInline, &Nothing);
  EXPECT_THAT(StartError(server.get()), HasSubstr("WatchNotes is of another kind"));

  server = NewServer(notes_.Options());
  server->Unary(FindMethod("no.such.Method"), Runs::kInline, &Nothing);
  EXPECT_THAT(StartError(server.get()), HasSubstr("not linked"));

  ServerOptions options = notes_.Options();
  options.audit = nullptr;
  EXPECT_THAT(StartError(NewServer(std::move(options)).get()), HasSubstr("no audit sink"));
  options = notes_.Options();
  options.verifier = nullptr;
  EXPECT_THAT(StartError(NewServer(std::move(options)).get()), HasSubstr("needs a verifier"));
}

TEST_F(LifecycleTest, APortThatIsTakenIsAnError) {
  notes_.Start(NewServer(notes_.Options()));
  ServerOptions options = notes_.Options();
  options.listen_address = absl::StrCat("127.0.0.1:", notes_.server->port());
  const auto second = NewServer(std::move(options));
  EXPECT_EQ(second->Start().code(), absl::StatusCode::kUnavailable);
}

TEST_F(LifecycleTest, HealthFollowsTheServer) {
  notes_.server = NewServer(notes_.Options());
  ASSERT_TRUE(notes_.server->Start().ok());
  notes_.Connect();
  const std::string service = NoteMethod("GetNote")->service()->full_name();
  EXPECT_EQ(Health(""), 2);
  EXPECT_EQ(Health(service), 2);
  notes_.server->SetServing(true);
  EXPECT_EQ(Health(""), 1);
  EXPECT_EQ(Health(service), 1);
  EXPECT_EQ(Health("no.such.Service"), -1);
  notes_.server->BeginDrain();
  notes_.server->SetServing(true);
  EXPECT_EQ(Health(""), 2) << "a drain is final";
  EXPECT_TRUE(notes_.Call("GetNote", TestNotes::Get(), &note_).ok()) << "calls are still taken";
  EXPECT_TRUE(notes_.server->Responsive(absl::Seconds(10)));
  notes_.server->Shutdown(absl::Now() + absl::Seconds(5));
  EXPECT_FALSE(notes_.server->Responsive(absl::Seconds(10)));
}

TEST_F(LifecycleTest, ShutdownLetsCallsUnderWayEnd) {
  absl::Notification runs;
  absl::Notification release;
  auto server = std::make_unique<Server>(notes_.Options());
  server->Unary(NoteMethod("GetNote"), Runs::kPool, [&](const CallContext&, const google::protobuf::Message&, Reply*) {
    runs.Notify();
    release.WaitForNotification();
    return absl::OkStatus();
  });
  notes_.Start(std::move(server));
  std::thread call([&] {
    Note note;
    EXPECT_TRUE(notes_.Call("GetNote", TestNotes::Get(), &note).ok());
  });
  runs.WaitForNotification();
  std::thread stop([&] { notes_.server->Shutdown(absl::Now() + absl::Seconds(60)); });
  // The listener closes first; then a new call fails while the old one goes on.
  while (notes_.Call("SyncNotes", rpctest::v1::SyncNotesRequest(), &note_).code() != absl::StatusCode::kUnavailable)
    std::this_thread::yield();
  release.Notify();
  call.join();
  stop.join();
}

TEST_F(LifecycleTest, ShutdownCancelsWhatIsLateAndWaitsForItsBody) {
  absl::Notification runs;
  absl::Notification release;
  std::atomic<bool> returned{false};
  auto server = std::make_unique<Server>(notes_.Options());
  server->Unary(NoteMethod("GetNote"), Runs::kPool, [&](const CallContext&, const google::protobuf::Message&, Reply*) {
    runs.Notify();
    release.WaitForNotification();
    returned = true;
    return absl::OkStatus();
  });
  notes_.Start(std::move(server));
  std::thread call([&] {
    Note note;
    EXPECT_FALSE(notes_.Call("GetNote", TestNotes::Get(), &note).ok());
    release.Notify();
  });
  runs.WaitForNotification();
  notes_.server->Shutdown(absl::Now());
  EXPECT_TRUE(returned);
  call.join();
}

std::string MetricShape(const prometheus::Registry& registry) {
  std::ostringstream out;
  auto families = registry.Collect();
  std::sort(families.begin(), families.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  for (const auto& family : families) {
    out << family.name << " {";
    const char* separator = "";
    for (const auto& label : family.metric.front().label) {
      out << separator << label.name;
      separator = ", ";
    }
    out << "} " << family.help << "\n";
  }
  return out.str();
}

TEST_F(LifecycleTest, MetricsAreTheOnesThatAreListed) {
  notes_.Start(NewServer(notes_.Options()));
  ASSERT_TRUE(notes_.Call("GetNote", TestNotes::Get(), &note_).ok());
  EXPECT_FALSE(notes_.Call("GetNote", TestNotes::Get("trusts/x/schools/s/notes/n"), &note_).ok());
  std::ifstream golden("platform/rpc/testdata/metrics.golden");
  std::stringstream expected;
  expected << golden.rdbuf();
  EXPECT_EQ(MetricShape(notes_.registry), expected.str());
  EXPECT_EQ(notes_.Metric("grpc_server_started_total"), 2);
  EXPECT_EQ(notes_.Metric("grpc_server_handled_total", "OK"), 1);
  EXPECT_EQ(notes_.Metric("grpc_server_handled_total", "PermissionDenied"), 1);
  EXPECT_EQ(notes_.Metric("grpc_server_handled_total"), 2);
  EXPECT_EQ(notes_.Metric("grpc_server_handling_seconds", "GetNote"), 2);
  EXPECT_EQ(notes_.Metric("grpc_server_msg_received_total"), 2);
  EXPECT_EQ(notes_.Metric("grpc_server_msg_sent_total"), 1);
}

class TlsTest : public LifecycleTest {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "fivestrand-tls-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    Run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test-ca -keyout ca.key -out "
        "ca.pem");
    Certificate("server");
    Certificate("client");
    Run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=stranger -keyout other.key -out "
        "other.pem");
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void Run(const std::string& command) {
    ASSERT_EQ(std::system(absl::StrCat("cd ", directory_, " && ", command, " >/dev/null 2>&1").c_str()), 0) << command;
  }
  void Certificate(const std::string& name) {
    Run(absl::StrCat("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=", name, " -keyout ", name,
                     ".key -out ", name, ".csr && echo subjectAltName=DNS:localhost,IP:127.0.0.1 > ext && openssl x509 -req -in ",
                     name, ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ext -out ", name, ".pem"));
  }
  TlsFiles Files(const std::string& ca, const std::string& name) {
    const auto path = [&](const std::string& file, const char* ending) {
      return file.empty() ? "" : absl::StrCat(directory_, "/", file, ending);
    };
    return {path(ca, ".pem"), path(name, ".pem"), path(name, ".key")};
  }
  absl::Status CallWith(const TlsFiles& files) {
    ClientOptions options;
    options.target = absl::StrCat("127.0.0.1:", notes_.server->port());
    options.tls = files;
    notes_.Connect(options);
    return notes_.Call("GetNote", TestNotes::Get(), &note_);
  }

  std::string directory_;
};

TEST_F(TlsTest, OnlyClientsOfTheAuthorityGetIn) {
  ServerOptions options = notes_.Options();
  options.tls = Files("ca", "server");
  notes_.Start(NewServer(std::move(options)));
  EXPECT_TRUE(CallWith(Files("ca", "client")).ok());
  EXPECT_EQ(CallWith(Files("ca", "")).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(CallWith(Files("ca", "other")).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(CallWith(Files("other", "client")).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(CallWith({}).code(), absl::StatusCode::kUnavailable);
}

TEST_F(TlsTest, WithoutAnAuthorityClientsNeedNoCertificate) {
  ServerOptions options = notes_.Options();
  options.tls = Files("", "server");
  notes_.Start(NewServer(std::move(options)));
  EXPECT_TRUE(CallWith(Files("ca", "")).ok());
}

TEST_F(TlsTest, MissingFilesAreFoundAtStart) {
  ServerOptions options = notes_.Options();
  options.tls = Files("ca", "nobody");
  EXPECT_THAT(StartError(NewServer(std::move(options)).get()), HasSubstr("nobody.pem cannot be read"));
  ClientOptions client;
  client.tls.certificate_file = directory_ + "/client.pem";
  EXPECT_FALSE(Client::Connect(client).ok());
}

}  // namespace
}  // namespace fivestrand::rpc
