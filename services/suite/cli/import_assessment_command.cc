#include "services/suite/cli/import_assessment_command.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <ostream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "fivestrand/assessment/v1/import_service.pb.h"
#include "google/protobuf/util/json_util.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/csv/csv.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/suite/cli/import_file.h"

namespace fivestrand::cli {
namespace {

using namespace assessment::v1;  // NOLINT: this file is about nothing else

constexpr std::size_t kPiece = 512 * 1024;
constexpr std::size_t kMaxMappingBytes = 1024 * 1024;
// How often to ask how far the server is.
constexpr auto kLook = std::chrono::milliseconds(250);
// What the transport needs for the largest file, and the server to write it.
constexpr absl::Duration kImportTimeout = absl::Minutes(20);

std::string KindText(ImportKind kind) {
  return kind == PUPILS ? "import pupils" : kind == GROUPS ? "import groups" : "import results";
}

absl::Status FillHeader(const Connection& connection, const AssessmentImportOptions& options, ImportHeader* header) {
  header->set_parent(options.trust);
  header->set_validate_only(options.dry_run);
  header->set_request_id(NewRequestId());
  if (!options.window.empty()) header->set_window(absl::StrCat(options.trust, "/assessmentWindows/", options.window));
  if (!options.subject.empty()) header->set_subject(absl::StrCat(options.trust, "/subjects/", options.subject));
  if (!options.start_date.empty()) {
    const auto day = calendar::ParseDay(options.start_date);
    if (!day) return status::InvalidField("start-date", "must be a day written as yyyy-mm-dd");
    *header->mutable_start_date() = calendar::ToProto(*day);
  }
  ColumnMapping mapping;
  if (options.mapping.ends_with(".json")) {
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string json, ReadFile(options.mapping, kMaxMappingBytes));
    if (!google::protobuf::util::JsonStringToMessage(json, &mapping).ok())
      return status::InvalidField("mapping", "the file is no mapping of columns in JSON");
    *header->mutable_column_mapping() = mapping;
  } else {
    header->set_mapping(absl::StrCat(options.trust, "/columnMappings/", options.mapping));
    GetColumnMappingRequest get;
    get.set_name(header->mapping());
    FIVESTRAND_RETURN_IF_ERROR(connection.client->Call(rpc::FindMethod("fivestrand.assessment.v1.ImportService.GetColumnMapping"),
                                                       get, &mapping, {.timeout = kCallTimeout, .token = connection.token}));
  }
  if (mapping.kind() != options.kind) return status::InvalidField("mapping", "is for another kind of file");
  return absl::OkStatus();
}

// Shows how far the server is, until it is told to stop.
class Watch {
 public:
  Watch(const Connection& connection, const ImportHeader& header, ProgressBar* bar) : bar_(*bar) {
    request_.set_parent(header.parent());
    request_.set_request_id(header.request_id());
    thread_ = std::jthread([this, connection](const std::stop_token& stop) { Run(connection, stop); });
  }

 private:
  void Run(const Connection& connection, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
      ImportProgress progress;
      const absl::Status status =
          connection.client->Call(rpc::FindMethod("fivestrand.assessment.v1.ImportService.ReadImportProgress"), request_, &progress,
                                  {.timeout = kCallTimeout, .token = connection.token});
      if (status.ok() && progress.phase() == ImportProgress::CHECKING)
        bar_.Show(absl::StrCat("checking, ", progress.row_count(), " rows so far"), progress.share());
      if (status.ok() && progress.phase() == ImportProgress::WRITING) bar_.Show("writing", progress.share());
      wake.wait_for(lock, std::stop_token(stop), kLook, [] { return false; });
    }
  }

  ProgressBar& bar_;
  ReadImportProgressRequest request_;
  std::jthread thread_;
};

absl::Status Send(const Connection& connection, const Console& console, const ImportHeader& header, std::string_view path,
                  std::string_view bytes, ImportAssessmentResponse* response) {
  const auto call = connection.client->Upload(rpc::FindMethod("fivestrand.assessment.v1.ImportService.ImportAssessment"),
                                              {.timeout = kImportTimeout, .token = connection.token});
  ProgressBar bar(console);
  const std::string what = absl::StrCat("sending ", AbslView(path));
  ImportAssessmentRequest message;
  *message.mutable_header() = header;
  bool open = call->Send(message);
  for (std::size_t at = 0; open && at < bytes.size(); at += kPiece) {
    bar.Show(what, static_cast<double>(at) / static_cast<double>(bytes.size()));
    message.set_chunk(std::string(bytes.substr(at, kPiece)));
    open = call->Send(message);
  }
  const Watch watch(connection, header, &bar);
  return call->Finish(response);
}

void PrintProblems(const Console& console, const ImportAssessmentResponse& response) {
  for (const ImportProblem& problem : response.problems()) {
    *console.err << "line " << problem.line();
    if (!problem.column().empty()) *console.err << ", column " << problem.column();
    if (!problem.value().empty()) *console.err << ", \"" << problem.value() << "\"";
    *console.err << ": " << problem.reason() << "\n";
  }
  const int further = response.problem_count() - response.problems_size();
  if (further > 0) *console.err << "and " << further << " more\n";
}

}  // namespace

int ImportAssessmentFile(const Connection& connection, const Console& console, const AssessmentImportOptions& options) {
  const std::string what = KindText(options.kind);
  ImportHeader header;
  if (const absl::Status status = FillHeader(connection, options, &header); !status.ok()) {
    PrintError(console, what, status);
    return 1;
  }
  const absl::StatusOr<std::string> bytes = ReadFile(options.path, csv::Limits().max_bytes);
  if (!bytes.ok()) {
    PrintError(console, what, bytes.status());
    return 1;
  }
  ImportAssessmentResponse response;
  if (const absl::Status status = Send(connection, console, header, options.path, *bytes, &response); !status.ok()) {
    PrintError(console, what, status);
    return 1;
  }
  if (response.encoding() != "UTF-8")
    *console.err << options.path << " is not UTF-8 and was read as " << response.encoding() << "\n";
  if (response.problem_count() > 0) {
    PrintProblems(console, response);
    *console.err << what << ": " << response.problem_count() << (response.problem_count() == 1 ? " error" : " errors")
                 << ", nothing was written\n";
    return 1;
  }
  *console.out << what << ": " << response.row_count() << " rows; "
               << (options.dry_run ? "dry run, nothing written: would be " : "") << "created " << response.created_count()
               << ", updated " << response.updated_count() << ", unchanged " << response.unchanged_count() << "\n";
  return 0;
}

}  // namespace fivestrand::cli
