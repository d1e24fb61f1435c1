#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "fivestrand/assessment/v1/framework.pb.h"
#include "fivestrand/assessment/v1/pupils.pb.h"
#include "fivestrand/assessment/v1/results.pb.h"

#include "platform/calendar/timestamp.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/assessment/domain/compiled_scale.h"
#include "services/assessment/store/dictionary.h"
#include "services/assessment/store/grid.h"
#include "services/assessment/store/result_book.h"
#include "services/assessment/store/result_table.h"

namespace fivestrand::assessment::store {
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

class PupilResults {
 public:
  // `trust` is a resource id.
  PupilResults(const resource::Registry& registry, const domain::RecordSource& source, Session& session, std::string_view trust)
      : registry_(registry), source_(source), session_(session), trust_(trust), cells_(session, trust) {}

  // In the order of the windows, newest first.
  absl::Status Find(const v1::ListPupilResultsRequest& request, const domain::PupilResultsPage& page, std::vector<Place>* found) {
    FIVESTRAND_ASSIGN_OR_RETURN(const std::int32_t trust, FindTrustNumber(session_, trust_));
    FIVESTRAND_ASSIGN_OR_RETURN(const std::int32_t pupil,
                                FindNumber(session_, trust_, DictionaryKind::kPupil, names::IdOf(request.parent())));
    if (trust == 0 || pupil == 0) return absl::OkStatus();
    Numbers windows, subjects, scales;
    FIVESTRAND_RETURN_IF_ERROR(ReadNumbers(session_, trust_, DictionaryKind::kWindow, &windows));
    FIVESTRAND_RETURN_IF_ERROR(ReadNumbers(session_, trust_, DictionaryKind::kSubject, &subjects));
    FIVESTRAND_RETURN_IF_ERROR(ReadNumbers(session_, trust_, DictionaryKind::kScale, &scales));
    FIVESTRAND_RETURN_IF_ERROR(source_.WindowsOf(session_, trust_, &windows_));
    std::vector<Place> places;
    std::vector<std::int64_t> keys;
    absl::flat_hash_map<std::int64_t, std::size_t> by_key;
    for (const v1::AssessmentWindow& window : windows_) {
      if (!request.window().empty() && window.name() != request.window()) continue;
      for (const v1::AssessedSubject& line : window.subjects()) {
        if (!request.subject().empty() && line.subject() != request.subject()) continue;
        if (!page.may_see(names::IdOf(line.subject()))) continue;
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
        ReadResults(session_, keys, [&](const domain::ResultRow& row) { places[by_key.at(row.key)].row = row; }));
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
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string school, FindName(session_, trust_, DictionaryKind::kSchool, place.row.school));
    result->set_school(absl::StrCat("trusts/", trust_, "/schools/", school));
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
    std::vector<ResultState> states;
    FIVESTRAND_RETURN_IF_ERROR(
        ReadHistory(session_, place.row.key, kMaxHistory, [&](const ResultState& state) { states.push_back(state); }));
    std::int64_t next = place.row.update_time;
    for (const ResultState& state : states) {
      // It was taken away for a while.
      if (state.end_time < next && result->history_size() < kMaxHistory) {
        v1::Result::State* gap = result->add_history();
        FIVESTRAND_ASSIGN_OR_RETURN(*gap->mutable_author(), cells_.AuthorOf(state.end_author));
        *gap->mutable_update_time() = calendar::ToTimestamp(fivestrand::store::FromMicros(state.end_time));
      }
      next = state.row.update_time;
      if (result->history_size() >= kMaxHistory) break;
      v1::Result::State* earlier = result->add_history();
      earlier->set_outcome(scale.Write({.code = state.row.outcome, .value = state.row.value}));
      FIVESTRAND_ASSIGN_OR_RETURN(*earlier->mutable_author(), cells_.AuthorOf(state.row.author));
      *earlier->mutable_update_time() = calendar::ToTimestamp(fivestrand::store::FromMicros(state.row.update_time));
    }
    return absl::OkStatus();
  }

  const resource::Registry& registry_;
  const domain::RecordSource& source_;
  Session& session_;
  const std::string trust_;
  CellWriter cells_;
  std::vector<v1::AssessmentWindow> windows_;
  absl::flat_hash_map<std::string, std::unique_ptr<const domain::CompiledScale>> scales_;
};

}  // namespace

absl::StatusOr<bool> SqlResultBook::ReadPupilResults(Session& session, const v1::ListPupilResultsRequest& request,
                                                     const domain::PupilResultsPage& page,
                                                     v1::ListPupilResultsResponse* response) const {
  PupilResults results(registry_, *source_, session, names::TrustOf(request.parent()));
  std::vector<Place> places;
  FIVESTRAND_RETURN_IF_ERROR(results.Find(request, page, &places));
  const std::size_t end = std::min(places.size(), page.from + page.size);
  for (std::size_t i = page.from; i < end; ++i)
    FIVESTRAND_RETURN_IF_ERROR(results.Fill(places[i], request.with_history(), response->add_results()));
  return end < places.size();
}

}  // namespace fivestrand::assessment::store
