// What a call pays for its identity: signing, verifying a token for the first time and again, and the access decision.
#include <cstdlib>

#include "fivestrand/type/v1/role.pb.h"

#include "benchmark/benchmark.h"
#include "platform/crypto/temporary_folder.h"
#include "platform/identity/access.h"
#include "platform/identity/token.h"

namespace fivestrand::identity {
namespace {

Caller Headteacher() {
  return {.subject = "trusts/acorn/people/helen",
          .trust = "acorn",
          .grants = {{.role = type::v1::ROLE_HEADTEACHER, .schools = {"oak-park"}},
                     {.role = type::v1::ROLE_TEACHER, .schools = {"oak-park"}}}};
}

struct Setup {
  explicit Setup(size_t capacity) {
    const std::string path = folder.File("key.pem");
    if (!GenerateKeyFile(path).ok()) std::abort();
    signer = TokenSigner::Open(path, {.clock = absl::Now}).value();
    if (!keys->Set(signer->Jwks()).ok()) std::abort();
    verifier = TokenVerifier::Create(keys, {.cache_capacity = capacity, .clock = absl::Now});
  }
  crypto::TemporaryFolder folder;
  std::unique_ptr<TokenSigner> signer;
  std::shared_ptr<MemoryKeySource> keys = NewMemoryKeySource();
  std::unique_ptr<TokenVerifier> verifier;
};

void Sign(benchmark::State& state) {
  const Setup setup(0);
  const Caller caller = Headteacher();
  for (auto _ : state) benchmark::DoNotOptimize(setup.signer->Sign(caller));
}
BENCHMARK(Sign);

void Verify(benchmark::State& state) {
  const Setup setup(static_cast<size_t>(state.range(0)));
  const std::string token = setup.signer->Sign(Headteacher()).value();
  for (auto _ : state) {
    auto caller = setup.verifier->Verify(token);
    if (!caller.ok()) state.SkipWithError("not verified");
    benchmark::DoNotOptimize(caller);
  }
  state.counters["token_bytes"] = static_cast<double>(token.size());
}
BENCHMARK(Verify)->ArgName("remembered")->Arg(0)->Arg(4096);

void Decide(benchmark::State& state) {
  const std::vector<std::string> permissions = {"leadership.dropIns.list", "leadership.dropIns.create", "leadership.people.list"};
  const auto table = AccessTable::Compile({{type::v1::ROLE_HEADTEACHER, "leadership.*", Reach::kSchool},
                                           {type::v1::ROLE_TEACHER, "leadership.dropIns.list", Reach::kOwn}},
                                          permissions)
                         .value();
  const Caller caller = Headteacher();
  const absl::Time now = absl::Now();
  for (auto _ : state)
    benchmark::DoNotOptimize(table.DecideFor(caller, "leadership.dropIns.list", "trusts/acorn/schools/oak-park", now));
}
BENCHMARK(Decide);

}  // namespace
}  // namespace fivestrand::identity
