#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "fivestrand/assessment/v1/framework.pb.h"
#include "fivestrand/assessment/v1/pupil_service.pb.h"

#include "platform/names/names.h"
#include "platform/resource/write_context.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/assessment/domain/compiled_scale.h"
#include "services/assessment/store/dictionary.h"
#include "services/assessment/store/result_book.h"
#include "services/assessment/store/result_import.h"
#include "services/assessment/store/result_table.h"

namespace fivestrand::assessment::store {
namespace {

using domain::DictionaryKind;
using domain::ResultChanges;
using domain::ResultRow;
using resource::WriteContext;

class MergeOfResults {
 public:
  MergeOfResults(const domain::RecordSource& source, WriteContext& write, const v1::MergePupilsRequest& request,
                 v1::MergePupilsResponse* response, ResultChanges* changes)
      : source_(source),
        write_(write),
        transaction_(write.transaction()),
        request_(request),
        trust_(names::TrustOf(request.name())),
        response_(*response),
        changes_(*changes) {}

  absl::Status Run() {
    FIVESTRAND_ASSIGN_OR_RETURN(const std::int32_t from,
                                FindNumber(transaction_, trust_, DictionaryKind::kPupil, names::IdOf(request_.duplicate())));
    if (from == 0) return absl::OkStatus();
    FIVESTRAND_ASSIGN_OR_RETURN(const std::int32_t to,
                                GiveNumber(transaction_, trust_, DictionaryKind::kPupil, names::IdOf(request_.name())));
    FIVESTRAND_ASSIGN_OR_RETURN(changes_.trust_number, GiveTrustNumber(transaction_, trust_));
    FIVESTRAND_ASSIGN_OR_RETURN(author_, GiveNumber(transaction_, trust_, DictionaryKind::kAuthor, write_.actor()));
    std::vector<v1::AssessmentWindow> windows;
    FIVESTRAND_RETURN_IF_ERROR(source_.WindowsOf(transaction_, trust_, &windows));
    absl::flat_hash_map<std::string, std::int32_t> window_numbers, subjects, scales;
    FIVESTRAND_RETURN_IF_ERROR(ReadNumbers(transaction_, trust_, DictionaryKind::kWindow, &window_numbers));
    FIVESTRAND_RETURN_IF_ERROR(ReadNumbers(transaction_, trust_, DictionaryKind::kSubject, &subjects));
    FIVESTRAND_RETURN_IF_ERROR(ReadNumbers(transaction_, trust_, DictionaryKind::kScale, &scales));
    const auto number = [](const auto& numbers, std::string_view name) {
      const auto found = numbers.find(AbslView(names::IdOf(name)));
      return found == numbers.end() ? 0 : found->second;
    };
    for (const v1::AssessmentWindow& window : windows) {
      for (const v1::AssessedSubject& line : window.subjects()) {
        domain::ResultKey key{.trust = changes_.trust_number,
                              .window = number(window_numbers, window.name()),
                              .subject = number(subjects, line.subject()),
                              .scale = number(scales, line.scale()),
                              .pupil = from};
        if (key.window == 0 || key.subject == 0 || key.scale == 0) continue;
        const std::int64_t source = key.Pack();
        key.pupil = to;
        FIVESTRAND_RETURN_IF_ERROR(MoveResult(window, line, source, key.Pack()));
      }
    }
    return absl::OkStatus();
  }

 private:
  absl::Status MoveResult(const v1::AssessmentWindow& window, const v1::AssessedSubject& line, std::int64_t from, std::int64_t to) {
    ResultRow other, kept;
    const std::int64_t keys[] = {from, to};
    FIVESTRAND_RETURN_IF_ERROR(
        ReadResults(transaction_, keys, [&](const ResultRow& row) { (row.key == from ? other : kept) = row; }));
    FIVESTRAND_RETURN_IF_ERROR(MoveHistory(transaction_, from, to));
    if (other.key == 0) return absl::OkStatus();
    FIVESTRAND_RETURN_IF_ERROR(DropResult(transaction_, from));
    changes_.removed.push_back(from);
    const ResultRow was = other;
    other.key = to;
    if (kept.key == 0) {
      FIVESTRAND_RETURN_IF_ERROR(PutAsItIs(other));
      response_.set_moved_results(response_.moved_results() + 1);
    } else {
      const bool newer = was.update_time > kept.update_time;
      if (!kept.SameOutcome(was)) FIVESTRAND_RETURN_IF_ERROR(AddConflict(window, line, newer ? was : kept, newer ? kept : was));
      // The one that gives way ends now, by this merge.
      FIVESTRAND_RETURN_IF_ERROR(
          AddHistory(transaction_,
                     {.row = newer ? kept : other, .end_time = fivestrand::store::ToMicros(write_.now()), .end_author = author_}));
      if (newer) {
        FIVESTRAND_RETURN_IF_ERROR(DropResult(transaction_, to));
        FIVESTRAND_RETURN_IF_ERROR(PutAsItIs(other));
      }
    }
    AppendResultChange(transaction_, write_.actor(), names::TrustNameOf(request_.name()),
                       {window.name(), line.subject(), line.scale()}, 1);
    return absl::OkStatus();
  }

  // With its own author and time: nobody made it anew.
  absl::Status PutAsItIs(const ResultRow& row) {
    FIVESTRAND_RETURN_IF_ERROR(InsertResult(transaction_, row));
    changes_.written.push_back(row);
    return absl::OkStatus();
  }

  absl::Status AddConflict(const v1::AssessmentWindow& window, const v1::AssessedSubject& line, const ResultRow& stays,
                           const ResultRow& goes) {
    v1::Scale scale;
    FIVESTRAND_ASSIGN_OR_RETURN(const bool found, write_.Read(line.scale(), &scale));
    if (!found) return status::DataLoss("a result is on a scale that is not there");
    const domain::CompiledScale compiled(scale);
    v1::MergePupilsResponse::Conflict* conflict = response_.add_conflicts();
    conflict->set_subject(line.subject());
    conflict->set_window(window.name());
    conflict->set_scale(line.scale());
    conflict->set_kept_outcome(compiled.Write({stays.outcome, stays.value}));
    conflict->set_other_outcome(compiled.Write({goes.outcome, goes.value}));
    return absl::OkStatus();
  }

  const domain::RecordSource& source_;
  WriteContext& write_;
  fivestrand::store::WriteTransaction& transaction_;
  const v1::MergePupilsRequest& request_;
  const std::string_view trust_;
  v1::MergePupilsResponse& response_;
  ResultChanges& changes_;
  std::int32_t author_ = 0;
};

}  // namespace

absl::Status SqlResultBook::MergeResults(WriteContext& write, const v1::MergePupilsRequest& request,
                                         v1::MergePupilsResponse* response, ResultChanges* changes) const {
  return MergeOfResults(*source_, write, request, response, changes).Run();
}

std::unique_ptr<domain::ResultImport> SqlResultBook::NewImport(domain::ResultImportOptions options) const {
  return std::make_unique<SqlResultImport>(registry_, std::move(options));
}

}  // namespace fivestrand::assessment::store
