#include "services/leadership/api/comparison.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fivestrand/assessment/v1/analysis.pb.h"
#include "fivestrand/assessment/v1/framework_service.pb.h"

#include "platform/rpc/call_context.h"
#include "platform/rpc/client.h"
#include "platform/rpc/server.h"
#include "platform/status/views.h"

namespace fivestrand::leadership::api {
namespace {

constexpr absl::Duration kTimeout = absl::Milliseconds(1500);
constexpr std::size_t kMost = 5;

bool SameDay(const google::type::Date& a, const google::type::Date& b) {
  return std::tuple(a.year(), a.month(), a.day()) == std::tuple(b.year(), b.month(), b.day());
}

// The window that a period is; with several of the same days the one of the same name. Null when there is none.
const assessment::v1::AssessmentWindow* WindowOf(const assessment::v1::ListAssessmentWindowsResponse& windows,
                                                 const evidence::v1::Period& period) {
  const assessment::v1::AssessmentWindow* found = nullptr;
  for (const auto& window : windows.assessment_windows()) {
    if (!SameDay(window.start_date(), period.start_date()) || !SameDay(window.end_date(), period.end_date())) continue;
    if (found == nullptr || window.display_name() == period.label()) found = &window;
  }
  return found;
}

class Asker {
 public:
  Asker(rpc::Client& client, const rpc::CallContext& context)
      : client_(client), options_(rpc::CallOptions::From(context)), end_(absl::Now() + std::min(kTimeout, options_.timeout)) {}

  bool Call(const char* method, const google::protobuf::Message& request, google::protobuf::Message* response) {
    options_.timeout = end_ - absl::Now();
    if (options_.timeout <= absl::ZeroDuration()) return false;
    return client_.Call(rpc::FindMethod(method), request, response, options_).ok();
  }

 private:
  rpc::Client& client_;
  rpc::CallOptions options_;
  const absl::Time end_;
};

}  // namespace

void Compare(const AssessmentClient& assessment, const rpc::CallContext& context, const std::vector<Comparable>& comparables,
             v1::ThreadTimeline* timeline) {
  if (comparables.empty() || !assessment) return;
  const std::shared_ptr<rpc::Client> client = assessment();
  if (client == nullptr) return;
  Asker asker(*client, context);
  assessment::v1::ListAssessmentWindowsRequest list;
  list.set_parent(absl::StrCat("trusts/", AbslView(context.trust)));
  list.set_page_size(200);
  list.set_order_by("start_date desc");
  assessment::v1::ListAssessmentWindowsResponse windows;
  if (!asker.Call("fivestrand.assessment.v1.FrameworkService.ListAssessmentWindows", list, &windows)) return;
  for (std::size_t i = 0; i < std::min(kMost, comparables.size()); ++i) {
    const Comparable& one = comparables[i];
    const auto* before = WindowOf(windows, one.before);
    const auto* after = WindowOf(windows, one.after);
    if (before == nullptr || after == nullptr) continue;
    assessment::v1::CompareProgressRequest request;
    request.set_parent(one.scope);
    request.set_subject(one.cut.subject());
    request.set_baseline_window(before->name());
    request.set_window(after->name());
    if (one.cut.year_group() != type::v1::YEAR_GROUP_UNSPECIFIED) request.mutable_cut()->add_year_groups(one.cut.year_group());
    if (one.cut.group() != type::v1::PUPIL_GROUP_UNSPECIFIED) request.mutable_cut()->add_pupil_groups(one.cut.group());
    if (!one.cut.school_class().empty()) request.mutable_cut()->add_school_classes(one.cut.school_class());
    assessment::v1::ProgressComparison answer;
    if (!asker.Call("fivestrand.assessment.v1.AnalysisService.CompareProgress", request, &answer)) continue;
    v1::Comparison* comparison = timeline->mutable_effects(one.effect)->mutable_comparison();
    comparison->set_too_few(answer.too_few());
    if (answer.too_few() || !answer.has_difference()) continue;
    comparison->set_difference(answer.difference());
    comparison->set_lower(answer.difference_low());
    comparison->set_upper(answer.difference_high());
    comparison->set_concerned(answer.pupils());
    comparison->set_compared(answer.similar_pupils());
  }
}

}  // namespace fivestrand::leadership::api
