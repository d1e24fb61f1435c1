#include "services/assessment/api/analysis_api.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "fivestrand/assessment/v1/analysis.pb.h"

#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/assessment/api/analysed_pupils.h"
#include "services/assessment/api/analysis_answer.h"
#include "services/assessment/api/analysis_question.h"
#include "services/assessment/api/analysis_sight.h"
#include "services/assessment/domain/crew.h"
#include "services/assessment/domain/figures.h"
#include "services/assessment/domain/frame_join.h"
#include "services/assessment/domain/frame_scan.h"
#include "services/assessment/domain/frame_source.h"

namespace fivestrand::assessment::api {
namespace {

using domain::CellKey;
using domain::FrameNames;
using domain::FrameQuery;

absl::Status ByPupilsOnly() {
  return status::InvalidField(
      "filter", "classes, combinations of groups and prior attainment, and transitions are for those who may read the pupils");
}

// A figure that a gap is made of: with too few on a side there is none, for nobody.
v1::Figure Gap(const v1::Figure& group, const v1::Figure& others, int threshold) {
  const auto few = [threshold](const v1::Figure& figure) {
    return figure.state() == v1::SHOWN && figure.count() < threshold;
  };
  if (few(group) || few(others)) return Suppressed();
  return Difference(group, others, group.count() + others.count());
}

const CellKey& KeyOf(const domain::CellSums& cell) {
  return cell.key;
}
const CellKey& KeyOf(const domain::FigureCell& cell) {
  return cell.sums.key;
}

template <typename Cells>
void SortAndCut(const FrameNames& names, const FrameQuery& query, Cells* cells, v1::AnalyseResultsResponse* response) {
  const KeyOrder order(names, query.axes);
  std::sort(cells->begin(), cells->end(), [&](const auto& a, const auto& b) { return order.Before(KeyOf(a), KeyOf(b)); });
  if (cells->size() <= kMaxAnswer) return;
  cells->resize(kMaxAnswer);
  response->set_truncated(true);
}

// For who may read the pupils of the rows.
class RowsAnswer {
 public:
  RowsAnswer(const domain::TrustFrame& frame, const v1::AnalyseResultsRequest& request, const FrameQuery& query, domain::Crew& crew)
      : frame_(frame), request_(request), query_(query), crew_(crew) {}

  void Fill(v1::AnalyseResultsResponse* response) {
    domain::ScanResult result = domain::Scan(frame_.frame, query_, crew_);
    response->set_scanned(result.scanned);
    SortAndCut(*frame_.names, query_, &result.cells, response);
    std::vector<domain::JoinCell> changes;
    if (!request_.baseline_window().empty()) {
      changes = domain::Join(frame_.frame, query_, WindowNumber(*frame_.names, request_.baseline_window()), request_.transitions(),
                             crew_);
    }
    for (const domain::CellSums& sums : result.cells) {
      v1::ResultCell* cell = response->add_cells();
      AddKeys(*frame_.names, query_.axes, sums.key, cell);
      *cell->mutable_figure() = FigureOf(query_.tally, sums.all);
      if (query_.gap_group >= 0) {
        *cell->mutable_gap_group() = FigureOf(query_.tally, sums.gap_group);
        *cell->mutable_gap_others() = FigureOf(query_.tally, sums.gap_others);
        *cell->mutable_gap() = Gap(cell->gap_group(), cell->gap_others(), frame_.threshold);
      }
      if (!request_.baseline_window().empty()) AddChange(changes, sums.key, cell);
    }
  }

 private:
  void AddChange(const std::vector<domain::JoinCell>& changes, const CellKey& key, v1::ResultCell* cell) const {
    const auto found = std::lower_bound(changes.begin(), changes.end(), key,
                                        [](const domain::JoinCell& one, const CellKey& wanted) { return one.key < wanted; });
    if (found == changes.end() || found->key != key) {
      cell->mutable_change()->set_state(v1::ONE_SIDED);
      return;
    }
    const v1::Figure now = FigureOf(query_.tally, found->now), then = FigureOf(query_.tally, found->then);
    *cell->mutable_change() = Difference(now, then, found->now.count);
    AddTransitions(*frame_.names, found->transitions, cell);
  }

  const domain::TrustFrame& frame_;
  const v1::AnalyseResultsRequest& request_;
  const FrameQuery& query_;
  domain::Crew& crew_;
};

// For who may read figures only.
class FiguresAnswer {
 public:
  FiguresAnswer(const domain::TrustFrame& frame, const v1::AnalyseResultsRequest& request, const FrameQuery& query,
                domain::DisclosureCache& cache)
      : frame_(frame), request_(request), query_(query), cache_(cache) {}

  void Fill(v1::AnalyseResultsResponse* response) {
    response->set_threshold(frame_.threshold);
    std::vector<domain::FigureCell> cells = domain::Figures(frame_.frame, query_, frame_.threshold, cache_);
    SortAndCut(*frame_.names, query_, &cells, response);
    std::vector<domain::FigureCell> before;
    if (!request_.baseline_window().empty()) before = Before();
    for (const domain::FigureCell& figures : cells) {
      v1::ResultCell* cell = response->add_cells();
      AddKeys(*frame_.names, query_.axes, figures.sums.key, cell);
      *cell->mutable_figure() = Show(figures.shown, figures.sums.all);
      if (query_.gap_group >= 0) {
        *cell->mutable_gap_group() = Show(figures.gap_group_shown, figures.sums.gap_group);
        *cell->mutable_gap_others() = Show(figures.gap_others_shown, figures.sums.gap_others);
        *cell->mutable_gap() = Gap(cell->gap_group(), cell->gap_others(), frame_.threshold);
      }
      if (!request_.baseline_window().empty()) *cell->mutable_change() = Change(cell->figure(), figures.sums.key, before);
    }
  }

 private:
  v1::Figure Show(bool shown, const domain::CellSum& sum) const { return shown ? FigureOf(query_.tally, sum) : Suppressed(); }

  std::vector<domain::FigureCell> Before() const {
    FrameQuery then = query_;
    then.filter.windows = {};
    then.filter.windows.Add(WindowNumber(*frame_.names, request_.baseline_window()));
    then.gap_group = -1;
    return domain::Figures(frame_.frame, then, frame_.threshold, cache_);
  }

  // Of two figures that may be shown, so that nothing is shown beyond them.
  v1::Figure Change(const v1::Figure& now, const CellKey& key, const std::vector<domain::FigureCell>& before) const {
    for (const domain::FigureCell& then : before) {
      if (then.sums.key == key) return Difference(now, Show(then.shown, then.sums.all), 0);
    }
    v1::Figure figure;
    figure.set_state(now.state() == v1::SUPPRESSED ? v1::SUPPRESSED : v1::ONE_SIDED);
    return figure;
  }

  const domain::TrustFrame& frame_;
  const v1::AnalyseResultsRequest& request_;
  const FrameQuery& query_;
  domain::DisclosureCache& cache_;
};

class AnalysisApi {
 public:
  AnalysisApi(const resource::Registry& registry, std::shared_ptr<domain::FrameSource> source)
      : registry_(registry), source_(std::move(source)) {
    source_->StartLoading();
  }
  // With the server, before the registry goes.
  ~AnalysisApi() { source_->StopLoading(); }

  absl::Status Analyse(const rpc::CallContext& context, const v1::AnalyseResultsRequest& request,
                       v1::AnalyseResultsResponse* response) {
    FIVESTRAND_RETURN_IF_ERROR(CheckParent(request.parent()));
    FIVESTRAND_ASSIGN_OR_RETURN(const domain::FrameSource::Frames frame, source_->Read(context.trust, context.deadline));
    FIVESTRAND_ASSIGN_OR_RETURN(FrameQuery query, ReadQuestion(request, *frame->names));
    const Sight sight = AnalysisSight(context, registry_.access(), *frame->names).For(GroupsOf(query));
    query.filter.reach = sight.reach;
    switch (sight.kind) {
      case Sight::Kind::kRows:
        RowsAnswer(*frame, request, query, crew_).Fill(response);
        return absl::OkStatus();
      case Sight::Kind::kFigures:
        if (!domain::OnlyFigures(query) || request.transitions()) return ByPupilsOnly();
        FiguresAnswer(*frame, request, query, source_->disclosures()).Fill(response);
        return absl::OkStatus();
      case Sight::Kind::kNothing:
        break;
    }
    return status::Denied(kReadGroups);
  }

  absl::Status ListPupils(const rpc::CallContext& context, const v1::ListAnalysedPupilsRequest& request,
                          v1::ListAnalysedPupilsResponse* response) {
    FIVESTRAND_RETURN_IF_ERROR(CheckParent(request.parent()));
    return ListAnalysedPupils(registry_, *source_, context, request, response);
  }

  absl::Status Compare(const rpc::CallContext& context, const v1::CompareProgressRequest& request,
                       v1::ProgressComparison* response) {
    FIVESTRAND_RETURN_IF_ERROR(CheckParent(request.parent()));
    if (request.pupils().empty() == !request.has_cut()) {
      return status::InvalidField("pupils", "either pupils or a cut must be given");
    }
    if (!request.cut().windows().empty() || !request.cut().subjects().empty()) {
      return status::InvalidField("cut", "its windows and subjects must be empty");
    }
    FIVESTRAND_ASSIGN_OR_RETURN(const domain::FrameSource::Frames frame, source_->Read(context.trust, context.deadline));
    const FrameNames& names = *frame->names;
    domain::CompareQuery query;
    query.subject = SubjectNumber(names, request.subject());
    query.baseline = WindowNumber(names, request.baseline_window());
    query.window = WindowNumber(names, request.window());
    for (const domain::ScaleName& scale : names.scales) query.scored.push_back(scale.scored);
    FIVESTRAND_ASSIGN_OR_RETURN(query.cut, ReadFilter(request.parent(), request.cut(), names, "cut"));
    const Sight sight = AnalysisSight(context, registry_.access(), names).For(GroupsOf(query.cut));
    // Whoever chooses pupils freely and compares can single one out.
    response->set_too_few(true);
    if (sight.kind != Sight::Kind::kRows) return absl::OkStatus();
    query.cut.reach = sight.reach;
    if (!request.pupils().empty()) FIVESTRAND_RETURN_IF_ERROR(Number(context, request, &query));
    Answer(domain::Compare(frame->frame, query), response);
    return absl::OkStatus();
  }

 private:
  absl::Status Number(const rpc::CallContext& context, const v1::CompareProgressRequest& request,
                      domain::CompareQuery* query) const {
    query->pupils.Limit();
    std::vector<std::string_view> ids;
    for (const std::string_view name : request.pupils()) {
      if (names::TrustOf(name) != context.trust) return status::InvalidField("pupils", "must be pupils of the trust");
      ids.push_back(name.substr(name.rfind('/') + 1));
    }
    FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<std::uint32_t> numbers,
                                source_->PupilNumbers(context.trust, ids, context.deadline));
    for (const std::uint32_t number : numbers) query->pupils.Add(number);
    return absl::OkStatus();
  }

  static void Answer(const domain::Comparison& comparison, v1::ProgressComparison* response) {
    response->set_too_few(comparison.too_few);
    response->set_without_match(comparison.without_match);
    response->set_pupils(comparison.pupils);
    response->set_similar_pupils(comparison.similar);
    if (comparison.too_few) return;
    response->set_change(comparison.change);
    response->set_similar_change(comparison.similar_change);
    response->set_difference(comparison.difference);
    response->set_difference_low(comparison.difference - comparison.half_interval);
    response->set_difference_high(comparison.difference + comparison.half_interval);
  }

  const resource::Registry& registry_;
  const std::shared_ptr<domain::FrameSource> source_;
  domain::Crew crew_;
};

}  // namespace

void BindAnalysis(const resource::Registry& registry, std::shared_ptr<domain::FrameSource> source, rpc::Server& server) {
  auto api = std::make_shared<AnalysisApi>(registry, std::move(source));
  server.Handle<v1::AnalyseResultsRequest, v1::AnalyseResultsResponse>(
      rpc::FindMethod("fivestrand.assessment.v1.AnalysisService.AnalyseResults"), rpc::Runs::kPool,
      [api](const rpc::CallContext& context, const v1::AnalyseResultsRequest& request, v1::AnalyseResultsResponse* response) {
        return api->Analyse(context, request, response);
      });
  server.Handle<v1::ListAnalysedPupilsRequest, v1::ListAnalysedPupilsResponse>(
      rpc::FindMethod("fivestrand.assessment.v1.AnalysisService.ListAnalysedPupils"), rpc::Runs::kPool,
      [api](const rpc::CallContext& context, const v1::ListAnalysedPupilsRequest& request,
            v1::ListAnalysedPupilsResponse* response) { return api->ListPupils(context, request, response); });
  server.Handle<v1::CompareProgressRequest, v1::ProgressComparison>(
      rpc::FindMethod("fivestrand.assessment.v1.AnalysisService.CompareProgress"), rpc::Runs::kPool,
      [api](const rpc::CallContext& context, const v1::CompareProgressRequest& request, v1::ProgressComparison* response) {
        return api->Compare(context, request, response);
      });
}

}  // namespace fivestrand::assessment::api
