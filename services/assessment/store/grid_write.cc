#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "fivestrand/assessment/v1/results.pb.h"

#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/resource/registry.h"
#include "platform/resource/write_context.h"
#include "platform/status/macros.h"
#include "services/assessment/domain/cell_rules.h"
#include "services/assessment/store/dictionary.h"
#include "services/assessment/store/grid.h"
#include "services/assessment/store/result_book.h"
#include "services/assessment/store/result_table.h"

namespace fivestrand::assessment::store {
namespace {

using domain::CellAction;
using domain::CellVerdict;
using domain::DictionaryKind;
using domain::ResultChanges;
using domain::ResultRow;
using resource::WriteContext;
using Cell = v1::BulkUpsertResultsRequest::Cell;
using CellOutcome = v1::BulkUpsertResultsResponse::Outcome;

class Upsert {
 public:
  Upsert(WriteContext& write, const GridQuestion& question, const v1::BulkUpsertResultsRequest& request, GridState grid)
      : write_(write),
        transaction_(write.transaction()),
        question_(question),
        request_(request),
        trust_(names::TrustOf(question.window)),
        writer_(transaction_),
        grid_(std::move(grid)) {
    for (GridPupil& each : grid_.pupils) pupils_.emplace(each.pupil.name(), &each);
  }

  absl::Status Run(v1::BulkUpsertResultsResponse* response, ResultChanges* changes) {
    absl::flat_hash_map<std::string, int> times;
    for (const Cell& cell : request_.cells()) ++times[cell.pupil()];
    CellWriter cells(transaction_, trust_);
    for (const Cell& cell : request_.cells()) {
      const auto found = pupils_.find(cell.pupil());
      GridPupil* pupil = found == pupils_.end() ? nullptr : found->second;
      const v1::CellRefusal refusal = times[cell.pupil()] > 1 ? v1::NAMED_TWICE
                                      : pupil == nullptr      ? v1::NOT_IN_CLASS
                                                              : pupil->refusal;
      const CellVerdict verdict = domain::JudgeCell(*grid_.compiled, refusal, pupil == nullptr ? ResultRow() : pupil->result,
                                                    cell.outcome(), cell.expected_revision());
      CellOutcome* outcome = response->add_outcomes();
      outcome->set_pupil(cell.pupil());
      outcome->set_refusal(verdict.refusal);
      outcome->set_message(domain::RefusalText(verdict.refusal, *grid_.compiled));
      if (verdict.action == CellAction::kLeave) response->set_unchanged_count(response->unchanged_count() + 1);
      if (verdict.action == CellAction::kPut || verdict.action == CellAction::kRemove) {
        response->set_written_count(response->written_count() + 1);
        FIVESTRAND_RETURN_IF_ERROR(Apply(verdict, pupil));
      }
      if (pupil != nullptr) FIVESTRAND_RETURN_IF_ERROR(cells.Fill(*grid_.compiled, pupil->result, outcome->mutable_current()));
    }
    return Finish(changes);
  }

 private:
  absl::Status Apply(const CellVerdict& verdict, GridPupil* pupil) {
    FIVESTRAND_RETURN_IF_ERROR(GiveNumbers(pupil));
    const ResultRow before = pupil->result;
    if (verdict.action == CellAction::kRemove) {
      pupil->result = {};
      return writer_.Remove(before, author_);
    }
    domain::ResultKey key = grid_.key;
    key.pupil = pupil->number;
    FIVESTRAND_ASSIGN_OR_RETURN(const std::int32_t school,
                                GiveNumber(transaction_, trust_, DictionaryKind::kSchool, pupil->school));
    pupil->result = {.key = key.Pack(),
                     .outcome = verdict.outcome.code,
                     .school = school,
                     .year_group = pupil->year_group,
                     .author = author_,
                     .value = verdict.outcome.value};
    return writer_.Put(before.key != 0 ? &before : nullptr, &pupil->result);
  }

  absl::Status GiveNumbers(GridPupil* pupil) {
    const auto give = [&](DictionaryKind kind, std::string_view name) {
      return GiveNumber(transaction_, trust_, kind, names::IdOf(name));
    };
    if (author_ == 0) {
      FIVESTRAND_ASSIGN_OR_RETURN(author_, GiveNumber(transaction_, trust_, DictionaryKind::kAuthor, write_.actor()));
      FIVESTRAND_ASSIGN_OR_RETURN(grid_.key.trust, GiveTrustNumber(transaction_, trust_));
      FIVESTRAND_ASSIGN_OR_RETURN(grid_.key.window, give(DictionaryKind::kWindow, question_.window));
      FIVESTRAND_ASSIGN_OR_RETURN(grid_.key.subject, give(DictionaryKind::kSubject, question_.subject));
      FIVESTRAND_ASSIGN_OR_RETURN(grid_.key.scale, give(DictionaryKind::kScale, grid_.scale.name()));
    }
    if (pupil->number == 0) {
      FIVESTRAND_ASSIGN_OR_RETURN(pupil->number, give(DictionaryKind::kPupil, pupil->pupil.name()));
    }
    return absl::OkStatus();
  }

  absl::Status Finish(ResultChanges* changes) {
    const auto count = static_cast<std::int64_t>(writer_.written().size() + writer_.removed().size());
    if (count > 0) {
      AppendResultChange(transaction_, write_.actor(), names::TrustNameOf(question_.window),
                         {question_.window, question_.subject, grid_.scale.name()}, count);
      transaction_.AppendAudit({.actor = write_.actor(),
                                .action = "write results",
                                .resource = question_.school_class,
                                .trust = trust_,
                                .after_digest = resource::Digest(request_.SerializeAsString())});
    }
    *changes = {grid_.key.trust, writer_.TakeWritten(), writer_.TakeRemoved()};
    return absl::OkStatus();
  }

  WriteContext& write_;
  fivestrand::store::WriteTransaction& transaction_;
  const GridQuestion& question_;
  const v1::BulkUpsertResultsRequest& request_;
  const std::string_view trust_;
  ResultWriter writer_;
  GridState grid_;
  std::int32_t author_ = 0;
  absl::flat_hash_map<std::string, GridPupil*> pupils_;
};

}  // namespace

absl::Status SqlResultBook::ReadGrid(fivestrand::store::Session& session, const GridQuestion& question, v1::Grid* grid) const {
  GridState state;
  FIVESTRAND_RETURN_IF_ERROR(LoadGrid(registry_, *source_, session, question, &state));
  grid->set_subject(question.subject);
  CellWriter cells(session, names::TrustOf(question.window));
  for (const GridPupil& each : state.pupils) {
    v1::Grid::Row* row = grid->add_rows();
    row->set_pupil(each.pupil.name());
    row->set_given_name(each.pupil.given_name());
    row->set_family_name(each.pupil.family_name());
    row->set_refusal(each.refusal);
    FIVESTRAND_RETURN_IF_ERROR(cells.Fill(*state.compiled, each.result, row->mutable_cell()));
  }
  *grid->mutable_window() = std::move(state.window);
  *grid->mutable_scale() = std::move(state.scale);
  return absl::OkStatus();
}

absl::Status SqlResultBook::WriteCells(WriteContext& write, const GridQuestion& question,
                                       const v1::BulkUpsertResultsRequest& request, v1::BulkUpsertResultsResponse* response,
                                       ResultChanges* changes) const {
  GridState grid;
  FIVESTRAND_RETURN_IF_ERROR(LoadGrid(registry_, *source_, write.transaction(), question, &grid));
  return Upsert(write, question, request, std::move(grid)).Run(response, changes);
}

}  // namespace fivestrand::assessment::store
