// Results in the store's own tables.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_STORE_RESULT_BOOK_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_STORE_RESULT_BOOK_H_

#include <memory>
#include <utility>

#include "services/assessment/domain/result_book.h"
#include "services/assessment/domain/sources.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::assessment::store {

class SqlResultBook : public domain::ResultBook {
 public:
  // The registry outlives it.
  SqlResultBook(const resource::Registry& registry, std::shared_ptr<const domain::RecordSource> source)
      : registry_(registry), source_(std::move(source)) {}

  absl::Status ReadGrid(fivestrand::store::Session& session, const domain::GridQuestion& question, v1::Grid* grid) const override;
  absl::Status WriteCells(resource::WriteContext& write, const domain::GridQuestion& question,
                          const v1::BulkUpsertResultsRequest& request, v1::BulkUpsertResultsResponse* response,
                          domain::ResultChanges* changes) const override;
  absl::StatusOr<bool> ReadPupilResults(fivestrand::store::Session& session, const v1::ListPupilResultsRequest& request,
                                        const domain::PupilResultsPage& page,
                                        v1::ListPupilResultsResponse* response) const override;
  absl::Status MergeResults(resource::WriteContext& write, const v1::MergePupilsRequest& request, v1::MergePupilsResponse* response,
                            domain::ResultChanges* changes) const override;
  std::unique_ptr<domain::ResultImport> NewImport(domain::ResultImportOptions options) const override;

 private:
  const resource::Registry& registry_;
  const std::shared_ptr<const domain::RecordSource> source_;
};

}  // namespace fivestrand::assessment::store

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_STORE_RESULT_BOOK_H_
