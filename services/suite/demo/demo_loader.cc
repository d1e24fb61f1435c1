#include "services/suite/demo/demo_loader.h"

#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "platform/status/macros.h"
#include "services/suite/demo/demo_assessment.h"
#include "services/suite/demo/demo_calls.h"
#include "services/suite/demo/demo_leadership.h"
#include "services/suite/demo/demo_learning.h"
#include "services/suite/demo/demo_model.h"
#include "services/suite/demo/demo_plan.h"
#include "services/suite/demo/demo_threads.h"
#include "services/suite/demo/demo_welfare.h"

namespace fivestrand::demo {
namespace {

constexpr char kLeadership[] = "fivestrand.leadership.v1";
constexpr char kAssessment[] = "fivestrand.assessment.v1";
constexpr char kCpd[] = "fivestrand.cpd.v1";
constexpr char kWelfare[] = "fivestrand.welfare.v1";

class Loader {
 public:
  Loader(const DemoServices& services, const identity::TokenSigner& signer, const DemoOptions& options)
      : services_(services), signer_(signer), options_(options), plan_(MakePlan(options.seed, options.schools)) {
    steps_ = 2 + 2 * static_cast<int>(plan_.schools.size()) + 1;
    if (services.assessment != nullptr) steps_ += 3;
    if (services.cpd != nullptr) steps_ += 2;
    if (services.welfare != nullptr) steps_ += 2;
    if (All(services)) steps_ += kThreadSteps;
  }

  absl::StatusOr<int> Load() {
    const std::function<void(std::string_view)> step = [this](std::string_view what) {
      Step(what);
    };
    Calls& leadership = Add(*services_.leadership, kLeadership);
    FIVESTRAND_RETURN_IF_ERROR(LoadOrganisation(plan_, leadership, step));
    // Services do not wait for one another.
    std::vector<std::function<absl::Status()>> parts = {[&] {
      return LoadLeadership(plan_, leadership, step);
    }};
    if (services_.assessment != nullptr) {
      Calls& calls = Add(*services_.assessment, kAssessment);
      parts.push_back([&] { return LoadAssessment(plan_, calls, step); });
    }
    if (services_.cpd != nullptr) {
      Calls& calls = Add(*services_.cpd, kCpd);
      parts.push_back([&]() -> absl::Status {
        FIVESTRAND_RETURN_IF_ERROR(LoadCourses(plan_, calls, step));
        return LoadCoaching(plan_, calls, step);
      });
    }
    if (services_.welfare != nullptr) {
      Calls& calls = Add(*services_.welfare, kWelfare);
      parts.push_back([&]() -> absl::Status {
        FIVESTRAND_RETURN_IF_ERROR(LoadWelfare(plan_, calls, step));
        return LoadPulses(plan_, calls, step);
      });
    }
    FIVESTRAND_RETURN_IF_ERROR(RunAll(parts));
    FIVESTRAND_RETURN_IF_ERROR(LoadModel(plan_, leadership));
    FIVESTRAND_RETURN_IF_ERROR(LoadTrust(plan_, leadership, false));
    if (All(services_)) {
      Calls &cpd = Add(*services_.cpd, kCpd), &welfare = Add(*services_.welfare, kWelfare);
      FIVESTRAND_RETURN_IF_ERROR(LoadThreads(plan_, leadership, cpd, welfare, step));
    }
    FIVESTRAND_RETURN_IF_ERROR(LoadTrust(plan_, leadership, true));
    step("the trust");
    int count = 0;
    for (const Calls& calls : calls_) count += calls.count();
    return count;
  }

 private:
  static bool All(const DemoServices& services) {
    return services.assessment != nullptr && services.cpd != nullptr && services.welfare != nullptr;
  }

  Calls& Add(rpc::Client& client, std::string_view package) { return calls_.emplace_back(client, package, signer_, options_); }

  void Step(std::string_view what) {
    const std::lock_guard lock(mutex_);
    ++step_;
    if (options_.progress) options_.progress(what, step_, steps_);
  }

  static absl::Status RunAll(const std::vector<std::function<absl::Status()>>& parts) {
    std::vector<absl::Status> outcomes(parts.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < parts.size(); ++i) threads.emplace_back([&, i] { outcomes[i] = parts[i](); });
    outcomes[0] = parts[0]();
    for (std::thread& thread : threads) thread.join();
    absl::Status status;
    for (const absl::Status& outcome : outcomes) status.Update(outcome);
    return status;
  }

  const DemoServices services_;
  const identity::TokenSigner& signer_;
  const DemoOptions& options_;
  const DemoPlan plan_;
  // Keeps its elements where they are.
  std::list<Calls> calls_;
  std::mutex mutex_;
  int step_ = 0;
  int steps_ = 0;
};

}  // namespace

absl::StatusOr<bool> DemoLoaded(rpc::Client& leadership, const identity::TokenSigner& signer) {
  const DemoOptions options;
  Calls calls(leadership, kLeadership, signer, options);
  return IsComplete(calls);
}

absl::StatusOr<int> LoadDemo(const DemoServices& services, const identity::TokenSigner& signer, const DemoOptions& options) {
  return Loader(services, signer, options).Load();
}

}  // namespace fivestrand::demo
