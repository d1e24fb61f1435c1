// The figures that ARCHITECTURE.md and the release notes state, each as a ratio against its limit in the same run.
//
//   fivestrand_bench [reads|creates|gateway|start|analysis|imports|feeds|boards ...]     BENCH_SECONDS=10 for longer runs
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
#include "fivestrand/leadership/v1/visibility_service.pb.h"
#include "fivestrand/type/v1/role.pb.h"

#include "tests/bench/analysis.h"
#include "tests/bench/bed.h"
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

void Row(const std::string& what, const LoadResult& value, const std::string& limit_name, const LoadResult& limit, double aim) {
  const double ratio = limit.per_second > 0 ? value.per_second / limit.per_second : 0;
  std::printf("%-44s %9.0f/s  p50 %6.0f us  p99 %7.0f us   %3.0f %% of %s (%.0f/s), aim %.0f %%%s\n", what.c_str(),
              value.per_second, value.p50_us, value.p99_us, ratio * 100, limit_name.c_str(), limit.per_second, aim * 100,
              value.failures != 0 ? "  FAILURES" : "");
  std::fflush(stdout);
}

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

void Reads(const std::string& self) {
  Bed bed(self, Bed::Kind::kService);
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
  Bed bed(self, Bed::Kind::kService);
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
  Bed bed(self, Bed::Kind::kSuite);
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
  Bed bed(self, Bed::Kind::kSuite);
  // At rest: after what a start does once is done.
  std::this_thread::sleep_for(std::chrono::seconds(3));
  std::printf("%-44s %9.0f ms   aim 1000 ms\n", "suite ready on an empty store", absl::ToDoubleMilliseconds(bed.ready_after()));
  std::printf("%-44s %9.1f MB   aim 80 MB\n", "suite at rest, resident", bed.process().MemoryMb());
}

// Pages of a director, over one connection each as a browser opens them.
void Boards(const std::string& self) {
  constexpr int kSchools = 60;
  Bed bed(self, Bed::Kind::kSuite);
  const absl::Duration took = bed.LoadDemonstration(kSchools);
  std::printf("%-44s %9.0f s    %.0f MB resident\n", absl::StrCat("demonstration trust of ", kSchools, " schools loaded").c_str(),
              absl::ToDoubleSeconds(took), bed.process().MemoryMb());
  const std::string token = bed.Token("trusts/acorn/people/ceo", type::v1::ROLE_CEO);
  const auto page = [&](const char* what, const std::string& path, double aim_ms) {
    const LoadResult read =
        HttpLoad({absl::StrCat(bed.http(), "/v1/trusts/acorn/", path, "/scoreboard"), "", token, ""}, 1, Length());
    std::printf("%-44s p50 %6.1f ms  p99 %6.1f ms   aim %.0f ms at p99%s\n", what, read.p50_us / 1000, read.p99_us / 1000, aim_ms,
                read.failures != 0 ? "  FAILURES" : "");
    std::fflush(stdout);
  };
  page("scoreboard of a school, through the gateway", "schools/hazelmere", 50);
  page("trust page of 60 schools, through the gateway", "schools/-", 250);
}

// Programs of their own, which print their own lines.
void Run(const std::string& self, const char* program, const std::vector<std::string>& arguments = {}) {
  Process process((fs::path(self).parent_path() / program).string(), arguments, "-");
  if (process.Wait() != 0) Die(absl::StrCat(program, " failed"));
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
      {"reads", &Reads},
      {"creates", &Creates},
      {"gateway", &Gateway},
      {"start", &Start},
      {"analysis",
       [](const std::string&) {
         Analysis();
       }},
      {"imports",
       [](const std::string& self) {
         Run(self, "assessment_import_bench");
       }},
      {"feeds",
       [](const std::string& self) {
         Run(self, "events_follower_bench");
       }},
      {"boards", &Boards},
  };
  for (const auto& each : all) {
    bool wanted = argc == 1;
    for (int i = 1; i < argc; ++i) wanted |= std::strcmp(argv[i], each.name) == 0;
    if (wanted) each.run(self);
  }
  return 0;
}
