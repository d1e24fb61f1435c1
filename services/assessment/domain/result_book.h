// Where results are kept, as handlers see it.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_RESULT_BOOK_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_RESULT_BOOK_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "fivestrand/type/v1/school.pb.h"

#include "services/assessment/domain/import_file.h"
#include "services/assessment/domain/result_observer.h"

namespace fivestrand::resource {
class WriteContext;
}

namespace fivestrand::store {
class Session;
class WriteTransaction;
}  // namespace fivestrand::store

namespace fivestrand::assessment::v1 {
class BulkUpsertResultsRequest;
class BulkUpsertResultsResponse;
class Grid;
class ListPupilResultsRequest;
class ListPupilResultsResponse;
class MergePupilsRequest;
class MergePupilsResponse;
}  // namespace fivestrand::assessment::v1

namespace fivestrand::assessment::domain {

// A class in one subject and window.
struct GridQuestion {
  // Resource names; `scale` may be empty.
  std::string school_class, subject, window, scale;
  type::v1::YearGroup class_year_group{};
  absl::CivilDay today;
};

struct PupilResultsPage {
  std::size_t from = 0;
  std::size_t size = 0;
  // Whether results in the subject, a resource id, may be seen.
  std::function<bool(std::string_view subject_id)> may_see;
};

struct ResultImportOptions {
  // Resource name.
  std::string trust;
  // Of rows and columns that name none; may be empty.
  std::string window;
  std::string subject;
  absl::CivilDay today;
  // When results that come from elsewhere were made; now when absent.
  std::optional<absl::Time> made;
};

// One import of results: Load and Parse once, then Compare or Write, as often as the store runs the transaction.
class ResultImport {
 public:
  virtual ~ResultImport() = default;

  // What the rows are held against. `session` is a snapshot.
  virtual absl::Status Load(fivestrand::store::Session& session) = 0;
  // Reads the whole file; what is wrong with it goes to file->problems().
  virtual absl::Status Parse(ImportFile* file) = 0;
  // What Write would do.
  virtual absl::Status Compare(fivestrand::store::Session& session, ImportCounts* counts) const = 0;
  // ABORTED when pupils, enrolments, windows or scales have changed since Load. Writes results, their history, a row in the audit
  // trail, and an event for each subject of a window. Not when there were problems.
  virtual absl::Status Write(fivestrand::store::WriteTransaction& transaction, std::string_view actor, std::string_view digest,
                             ImportMeter* meter, ResultChanges* changes, ImportCounts* counts) const = 0;
};

// Thread-safe.
class ResultBook {
 public:
  virtual ~ResultBook() = default;

  // INVALID_ARGUMENT names the field when window or subject are not there, or the window does not assess the subject in the class's
  // year group. Fills everything but `writable`.
  virtual absl::Status ReadGrid(fivestrand::store::Session& session, const GridQuestion& question, v1::Grid* grid) const = 0;

  // Writes the cells that can be written; fills the answer and what has changed.
  virtual absl::Status WriteCells(resource::WriteContext& write, const GridQuestion& question,
                                  const v1::BulkUpsertResultsRequest& request, v1::BulkUpsertResultsResponse* response,
                                  ResultChanges* changes) const = 0;

  // A pupil's results, newest window first; whether there are more beyond the page.
  virtual absl::StatusOr<bool> ReadPupilResults(fivestrand::store::Session& session, const v1::ListPupilResultsRequest& request,
                                                const PupilResultsPage& page, v1::ListPupilResultsResponse* response) const = 0;

  // Gives the results of request.duplicate, with their history, to request.name; counts and conflicts go to the answer.
  virtual absl::Status MergeResults(resource::WriteContext& write, const v1::MergePupilsRequest& request,
                                    v1::MergePupilsResponse* response, ResultChanges* changes) const = 0;

  virtual std::unique_ptr<ResultImport> NewImport(ResultImportOptions options) const = 0;
};

}  // namespace fivestrand::assessment::domain

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_DOMAIN_RESULT_BOOK_H_
