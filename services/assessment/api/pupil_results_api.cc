#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "fivestrand/assessment/v1/framework.pb.h"
#include "fivestrand/assessment/v1/pupils.pb.h"
#include "fivestrand/assessment/v1/results.pb.h"

#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/resource/list_query.h"
#include "platform/resource/registry.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/assessment/api/pupil_access.h"
#include "services/assessment/api/result_api.h"
#include "services/assessment/domain/compiled_scale.h"
#include "services/assessment/store/dictionary.h"
#include "services/assessment/store/grid.h"
#include "services/assessment/store/result_table.h"

namespace fivestrand::assessment::api {
namespace {

using domain::DictionaryKind;
using fivestrand::store::Session;

constexpr int kMaxHistory = 50;

// Numbers by resource id.
using Numbers = absl::flat_hash_map<std::string, std::int32_t>;

std::int32_t NumberOf(const Numbers& numbers, std::string_view name) {
  const auto found = numbers.find(AbslView(names::IdOf(name)));
  return found == numbers.end() ? 0 : found->second;
}

// A subject of a window in which the pupil could have a result.
struct Place {
  const v1::AssessmentWindow* window;
  const v1::AssessedSubject* line;
  domain::ResultRow row;
};

void SetTime(std::int64_t micros, google::protobuf::Timestamp* stamp) {
  stamp->set_seconds(micros / 1'000'000);
  stamp->set_nanos(static_cast<int>(micros % 1'000'000) * 1000);
}

class PupilResults {
 public:
  PupilResults(const resource::Registry& registry, const rpc::CallContext& context, Session& session)
      : registry_(registry), context_(context), session_(session), cells_(session, context.trust) {}

  // In the order of the windows, newest first.
  absl::Status Find(const v1::ListPupilResultsRequest& request, const domain::ReachFacts& facts, std::vector<Place>* found) {
    FIVESTRAND_ASSIGN_OR_RETURN(const std::int32_t trust, store::FindTrustNumber(session_, context_.trust));
    FIVESTRAND_ASSIGN_OR_RETURN(const std::int32_t pupil,
                                store::FindNumber(session_, context_.trust, DictionaryKind::kPupil, names::IdOf(request.parent())));
    if (trust == 0 || pupil == 0) return absl::OkStatus();
    Numbers windows, subjects, scales;
    FIVESTRAND_RETURN_IF_ERROR(store::ReadNumbers(session_, context_.trust, DictionaryKind::kWindow, &windows));
    FIVESTRAND_RETURN_IF_ERROR(store::ReadNumbers(session_, context_.trust, DictionaryKind::kSubject, &subjects));
    FIVESTRAND_RETURN_IF_ERROR(store::ReadNumbers(session_, context_.trust, DictionaryKind::kScale, &scales));
    FIVESTRAND_RETURN_IF_ERROR(store::SqlRecordSource(registry_).WindowsOf(session_, context_.trust, &windows_));
    std::vector<Place> places;
    std::vector<std::int64_t> keys;
    absl::flat_hash_map<std::int64_t, std::size_t> by_key;
    for (const v1::AssessmentWindow& window : windows_) {
      if (!request.window().empty() && window.name() != request.window()) continue;
      for (const v1::AssessedSubject& line : window.subjects()) {
        if (!request.subject().empty() && line.subject() != request.subject()) continue;
        if (!domain::ReachesResult(context_.access, facts, names::IdOf(line.subject()))) continue;
        const domain::ResultKey key{.trust = trust,
                                    .window = NumberOf(windows, window.name()),
                                    .subject = NumberOf(subjects, line.subject()),
                                    .scale = NumberOf(scales, line.scale()),
                                    .pupil = pupil};
        if (key.window == 0 || key.subject == 0 || key.scale == 0) continue;
        keys.push_back(key.Pack());
        by_key.emplace(keys.back(), places.size());
        places.push_back({&window, &line, {}});
      }
    }
    FIVESTRAND_RETURN_IF_ERROR(
        store::ReadResults(session_, keys, [&](const domain::ResultRow& row) { places[by_key.at(row.key)].row = row; }));
    for (Place& place : places) {
      if (place.row.key != 0) found->push_back(place);
    }
    return absl::OkStatus();
  }

  absl::Status Fill(const Place& place, bool with_history, v1::Result* result) {
    FIVESTRAND_ASSIGN_OR_RETURN(const domain::CompiledScale* scale, ScaleOf(place.line->scale()));
    const domain::Outcome outcome{.code = place.row.outcome, .value = place.row.value};
    result->set_subject(place.line->subject());
    result->set_window(place.window->name());
    result->set_scale(place.line->scale());
    FIVESTRAND_RETURN_IF_ERROR(cells_.Fill(*scale, place.row, result->mutable_cell()));
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string school,
                                store::FindName(session_, context_.trust, DictionaryKind::kSchool, place.row.school));
    result->set_school(absl::StrCat("trusts/", std::string(context_.trust), "/schools/", school));
    result->set_year_group(static_cast<type::v1::YearGroup>(place.row.year_group));
    const domain::Standing standing = scale->StandingOf(outcome);
    if (outcome.value != domain::kNoValue) result->set_points_thousandths(outcome.value);
    result->set_at_standard(standing.at_standard);
    result->set_at_higher_standard(standing.at_higher_standard);
    return with_history ? FillHistory(place, *scale, result) : absl::OkStatus();
  }

 private:
  absl::StatusOr<const domain::CompiledScale*> ScaleOf(const std::string& name) {
    auto& scale = scales_[name];
    if (scale != nullptr) return scale.get();
    v1::Scale record;
    FIVESTRAND_ASSIGN_OR_RETURN(const bool found, registry_.Read(session_, name, &record));
    if (!found) return status::DataLoss("a result is on a scale that is not there");
    scale = std::make_unique<const domain::CompiledScale>(record);
    return scale.get();
  }

  absl::Status FillHistory(const Place& place, const domain::CompiledScale& scale, v1::Result* result) {
    std::vector<store::ResultState> states;
    FIVESTRAND_RETURN_IF_ERROR(store::ReadHistory(session_, place.row.key, kMaxHistory,
                                                  [&](const store::ResultState& state) { states.push_back(state); }));
    std::int64_t next = place.row.update_time;
    for (const store::ResultState& state : states) {
      // It was taken away for a while.
      if (state.end_time < next && result->history_size() < kMaxHistory) {
        v1::Result::State* gap = result->add_history();
        FIVESTRAND_ASSIGN_OR_RETURN(*gap->mutable_author(), cells_.AuthorOf(state.end_author));
        SetTime(state.end_time, gap->mutable_update_time());
      }
      next = state.row.update_time;
      if (result->history_size() >= kMaxHistory) break;
      v1::Result::State* earlier = result->add_history();
      earlier->set_outcome(scale.Write({.code = state.row.outcome, .value = state.row.value}));
      FIVESTRAND_ASSIGN_OR_RETURN(*earlier->mutable_author(), cells_.AuthorOf(state.row.author));
      SetTime(state.row.update_time, earlier->mutable_update_time());
    }
    return absl::OkStatus();
  }

  const resource::Registry& registry_;
  const rpc::CallContext& context_;
  Session& session_;
  store::CellWriter cells_;
  std::vector<v1::AssessmentWindow> windows_;
  absl::flat_hash_map<std::string, std::unique_ptr<const domain::CompiledScale>> scales_;
};

absl::Status List(const resource::Registry& registry, const rpc::CallContext& context, const v1::ListPupilResultsRequest& request,
                  v1::ListPupilResultsResponse* response) {
  FIVESTRAND_ASSIGN_OR_RETURN(const int page_size, resource::PageSize(request.page_size()));
  const std::string binding = absl::StrCat("results\n", request.parent(), "\n", request.window(), "\n", request.subject(), "\n",
                                           request.with_history() ? 1 : 0, "\n");
  std::size_t from = 0;
  if (!request.page_token().empty()) {
    const std::optional<std::string> opened = registry.page_tokens().Open(request.page_token());
    absl::string_view number = opened ? absl::string_view(*opened) : absl::string_view();
    if (!absl::ConsumePrefix(&number, binding) || !absl::SimpleAtoi(number, &from))
      return status::Invalid(status::Reason::kPageTokenMismatch, "page_token", "was not made for this request");
  }
  return registry.store().Read(context.deadline, [&](Session& session) -> absl::Status {
    v1::Pupil pupil;
    domain::ReachFacts facts;
    FIVESTRAND_RETURN_IF_ERROR(ReadPupilInReach(registry, session, context, request.parent(), &pupil, &facts));
    PupilResults results(registry, context, session);
    std::vector<Place> places;
    FIVESTRAND_RETURN_IF_ERROR(results.Find(request, facts, &places));
    const std::size_t end = std::min(places.size(), from + static_cast<std::size_t>(page_size));
    for (std::size_t i = from; i < end; ++i)
      FIVESTRAND_RETURN_IF_ERROR(results.Fill(places[i], request.with_history(), response->add_results()));
    if (end < places.size()) response->set_next_page_token(registry.page_tokens().Seal(absl::StrCat(binding, end)));
    return absl::OkStatus();
  });
}

}  // namespace

void BindPupilResults(const resource::Registry& registry, rpc::Server& server) {
  server.Handle<v1::ListPupilResultsRequest, v1::ListPupilResultsResponse>(
      rpc::FindMethod("fivestrand.assessment.v1.ResultService.ListPupilResults"), rpc::Runs::kPool,
      [&registry](const rpc::CallContext& context, const v1::ListPupilResultsRequest& request,
                  v1::ListPupilResultsResponse* response) { return List(registry, context, request, response); });
}

}  // namespace fivestrand::assessment::api
