#include "services/assessment/api/import_api.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "fivestrand/assessment/v1/import_service.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/calendar/timestamp.h"
#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/resource/registry.h"
#include "platform/resource/write_context.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/assessment/api/import_records.h"
#include "services/assessment/domain/mapping_rules.h"

namespace fivestrand::assessment::api {
namespace {

using domain::ImportCounts;
using domain::ImportFile;
using domain::ImportMeter;
using resource::WriteContext;
using Response = v1::ImportAssessmentResponse;

// How often a file is checked again because pupils or windows changed meanwhile.
constexpr int kMaxAttempts = 3;

// Imports under way in this process, by trust and request_id.
class Tracker {
 public:
  class Entry {
   public:
    Entry(std::shared_ptr<Tracker> tracker, std::string key) : tracker_(std::move(tracker)), key_(std::move(key)) {
      const absl::MutexLock lock(&tracker_->mutex_);
      tracker_->meters_[key_] = meter_;
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    ~Entry() {
      const absl::MutexLock lock(&tracker_->mutex_);
      const auto found = tracker_->meters_.find(key_);
      if (found != tracker_->meters_.end() && found->second == meter_) tracker_->meters_.erase(found);
    }
    ImportMeter& meter() { return *meter_; }

   private:
    const std::shared_ptr<Tracker> tracker_;
    const std::string key_;
    const std::shared_ptr<ImportMeter> meter_ = std::make_shared<ImportMeter>();
  };

  std::shared_ptr<const ImportMeter> Find(const std::string& key) const {
    const absl::MutexLock lock(&mutex_);
    const auto found = meters_.find(key);
    return found == meters_.end() ? nullptr : found->second;
  }

 private:
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<ImportMeter>> meters_ ABSL_GUARDED_BY(mutex_);
};

std::string KeyOf(std::string_view trust, std::string_view request_id) {
  return absl::StrCat(std::string(trust), "\n", std::string(request_id));
}

class Import {
 public:
  Import(resource::Registry& registry, const domain::RecordSource& source, const domain::ResultBook& book,
         domain::ResultObserver* observer, const rpc::CallContext& context, const v1::ImportHeader& header, ImportMeter& meter)
      : registry_(registry), source_(source), book_(book), observer_(observer), context_(context), header_(header), meter_(meter) {
    start_ = calendar::DayOf(context.now);
  }

  absl::Status Prepare() {
    if (header_.mapping().empty() == !header_.has_column_mapping())
      return status::InvalidField("header.mapping", "either mapping or column_mapping must be given");
    if (header_.has_start_date()) {
      const auto day = calendar::FromProto(header_.start_date());
      if (!day) return status::InvalidField("header.start_date", "must be a day that exists");
      start_ = *day;
    }
    if (header_.has_result_time()) {
      // Whoever keeps results day by day could make late ones look as if they had been in time.
      if (!context_.caller->IsOperator()) return status::Denied("assessment.imports.create");
      made_ = calendar::ToTime(header_.result_time());
      if (*made_ > context_.now) return status::InvalidField("header.result_time", "must not lie ahead");
    }
    if (header_.has_column_mapping()) {
      mapping_ = header_.column_mapping();
      if (mapping_.shape() == v1::ColumnMapping::SHAPE_UNSPECIFIED) mapping_.set_shape(v1::ColumnMapping::LONG);
      status::FieldViolations wrong;
      domain::CheckMapping(
          mapping_, [](std::string_view field) { return absl::StrCat("header.column_mapping.", std::string(field)); }, &wrong);
      return wrong.ToStatus();
    }
    return registry_.store().Read(context_.deadline, [&](fivestrand::store::Session& session) -> absl::Status {
      FIVESTRAND_ASSIGN_OR_RETURN(const bool found, registry_.Read(session, header_.mapping(), &mapping_));
      if (!found || names::TrustOf(header_.mapping()) != context_.trust)
        return status::Invalid(status::Reason::kReferenceNotFound, "header.mapping", "names a mapping that does not exist");
      return absl::OkStatus();
    });
  }

  absl::Status Run(std::string_view bytes, Response* response) {
    meter_.phase.store(v1::ImportProgress::CHECKING);
    meter_.share.store(0);
    for (int attempt = 1;; ++attempt) {
      const absl::Status status = mapping_.kind() == v1::RESULTS ? RunResults(bytes, response)
                                  : mapping_.kind() == v1::PUPILS
                                      ? RunRecords<PupilRow>(bytes, &ReadPupilRows, &WritePupilRows, response)
                                      : RunRecords<GroupRow>(bytes, &ReadGroupRows, &WriteGroupRows, response);
      if (!absl::IsAborted(status) || attempt == kMaxAttempts) return status;
      response->Clear();
      meter_.phase.store(v1::ImportProgress::CHECKING);
    }
  }

 private:
  absl::StatusOr<csv::Reader> Open(std::string_view bytes, std::unique_ptr<domain::CompiledMapping>* fitted) {
    FIVESTRAND_ASSIGN_OR_RETURN(csv::Reader reader, csv::Reader::Open(bytes));
    FIVESTRAND_ASSIGN_OR_RETURN(domain::CompiledMapping mapping, domain::CompiledMapping::Fit(mapping_, reader.header()));
    *fitted = std::make_unique<domain::CompiledMapping>(std::move(mapping));
    return reader;
  }

  void Answer(const ImportCounts& counts, bool written, Response* response) {
    response->set_created_count(counts.created);
    response->set_updated_count(counts.updated);
    response->set_unchanged_count(counts.unchanged);
    response->set_written(written);
  }

  absl::Status RunResults(std::string_view bytes, Response* response) {
    std::unique_ptr<domain::CompiledMapping> mapping;
    FIVESTRAND_ASSIGN_OR_RETURN(csv::Reader reader, Open(bytes, &mapping));
    ImportFile file(std::move(reader), bytes.size(), *mapping, header_.preview_rows(), &meter_);
    const std::unique_ptr<domain::ResultImport> import = book_.NewImport({.trust = header_.parent(),
                                                                          .window = header_.window(),
                                                                          .subject = header_.subject(),
                                                                          .today = calendar::DayOf(context_.now),
                                                                          .made = made_});
    fivestrand::store::Store& store = registry_.store();
    FIVESTRAND_RETURN_IF_ERROR(
        store.Read(context_.deadline, [&](fivestrand::store::Session& session) { return import->Load(session); }));
    FIVESTRAND_RETURN_IF_ERROR(import->Parse(&file));
    const bool right = file.problems().empty();
    file.Describe(response);
    if (!right) return absl::OkStatus();
    ImportCounts counts;
    if (header_.validate_only()) {
      FIVESTRAND_RETURN_IF_ERROR(
          store.Read(context_.deadline, [&](fivestrand::store::Session& session) { return import->Compare(session, &counts); }));
      Answer(counts, false, response);
      return absl::OkStatus();
    }
    FIVESTRAND_RETURN_IF_ERROR(WriteResults(*import, resource::Digest(bytes), &counts));
    Answer(counts, true, response);
    return absl::OkStatus();
  }

  // The observer is told on the writer's thread, in the order of the commits.
  absl::Status WriteResults(const domain::ResultImport& import, const std::string& digest, ImportCounts* counts) {
    meter_.phase.store(v1::ImportProgress::WRITING);
    domain::ResultChanges changes;
    absl::Status outcome;
    absl::Notification finished;
    fivestrand::store::WriteRequest write;
    write.deadline = context_.deadline;
    write.body = [&](fivestrand::store::WriteTransaction& transaction) -> absl::Status {
      meter_.share.store(0);
      changes = {};
      return import.Write(transaction, context_.caller->subject, digest, &meter_, &changes, counts);
    };
    write.done = [&](absl::Status status) {
      if (status.ok()) changes.Tell(observer_, context_.trust);
      outcome = std::move(status);
      finished.Notify();
    };
    registry_.store().WriteAsync(std::move(write));
    // The store answers by the deadline, or as soon as the transaction that has begun is over.
    finished.WaitForNotification();
    return outcome;
  }

  template <typename RowType>
  absl::Status RunRecords(std::string_view bytes,
                          absl::Status (*read)(const resource::Registry&, fivestrand::store::Session&, const RecordImportOptions&,
                                               ImportFile*, std::vector<RowType>*),
                          absl::Status (*write)(const resource::Registry&, WriteContext&, const RecordImportOptions&,
                                                const std::vector<RowType>&, ImportMeter*, domain::ImportProblems*, ImportCounts*),
                          Response* response) {
    std::unique_ptr<domain::CompiledMapping> mapping;
    FIVESTRAND_ASSIGN_OR_RETURN(csv::Reader reader, Open(bytes, &mapping));
    ImportFile file(std::move(reader), bytes.size(), *mapping, header_.preview_rows(), &meter_);
    const RecordImportOptions options{.source = &source_, .trust = header_.parent(), .start = start_};
    std::vector<RowType> rows;
    FIVESTRAND_RETURN_IF_ERROR(registry_.store().Read(
        context_.deadline, [&](fivestrand::store::Session& session) { return read(registry_, session, options, &file, &rows); }));
    const bool right = file.problems().empty();
    file.Describe(response);
    if (!right) return absl::OkStatus();
    meter_.phase.store(v1::ImportProgress::WRITING);
    ImportCounts counts;
    domain::ImportProblems problems;
    absl::Status outcome;
    absl::Notification finished;
    // Sealing needs the trust's key before the transaction begins; `seal_answer` sees to that.
    resource::WriteSpec spec{.validate_only = header_.validate_only(), .seal_answer = true, .resource_type = "fivestrand/Pupil"};
    // The context outlives the call, which waits.
    std::shared_ptr<const rpc::CallContext> context(&context_, [](const rpc::CallContext*) {});
    registry_.RunWrite(
        std::move(context), header_, std::move(spec),
        [&](WriteContext& transaction, std::string* reply) -> absl::Status {
          counts = {};
          problems = {};
          FIVESTRAND_RETURN_IF_ERROR(write(registry_, transaction, options, rows, &meter_, &problems, &counts));
          if (!problems.empty()) transaction.Discard();
          return absl::OkStatus();
        },
        [&](absl::Status status, rpc::Reply reply) {
          outcome = std::move(status);
          finished.Notify();
        });
    finished.WaitForNotification();
    FIVESTRAND_RETURN_IF_ERROR(outcome);
    if (!problems.empty()) {
      problems.MoveTo(response);
      return absl::OkStatus();
    }
    Answer(counts, !header_.validate_only(), response);
    return absl::OkStatus();
  }

  resource::Registry& registry_;
  const domain::RecordSource& source_;
  const domain::ResultBook& book_;
  domain::ResultObserver* const observer_;
  const rpc::CallContext& context_;
  const v1::ImportHeader& header_;
  ImportMeter& meter_;
  v1::ColumnMapping mapping_;
  absl::CivilDay start_;
  std::optional<absl::Time> made_;
};

absl::Status Receive(rpc::StreamReader& rest, ImportMeter* meter, std::string* bytes) {
  v1::ImportAssessmentRequest message;
  while (true) {
    FIVESTRAND_ASSIGN_OR_RETURN(const bool more, rest.Next(&message));
    if (!more) return absl::OkStatus();
    if (message.part_case() != v1::ImportAssessmentRequest::kChunk)
      return status::InvalidField("chunk", "is what every message after the first must hold");
    bytes->append(message.chunk());
    meter->bytes.store(static_cast<std::int64_t>(bytes->size()));
  }
}

}  // namespace

void BindImports(resource::Registry& registry, std::shared_ptr<const domain::RecordSource> source,
                 std::shared_ptr<const domain::ResultBook> book, std::shared_ptr<domain::ResultObserver> observer,
                 rpc::Server& server) {
  auto tracker = std::make_shared<Tracker>();
  server.HandleClientStream<v1::ImportAssessmentRequest, Response>(
      rpc::FindMethod("fivestrand.assessment.v1.ImportService.ImportAssessment"),
      [&registry, source, book, observer, tracker](const rpc::CallContext& context, const v1::ImportAssessmentRequest& first,
                                                   rpc::StreamReader& rest, Response* response) -> absl::Status {
        const v1::ImportHeader& header = first.header();
        Tracker::Entry entry(tracker, KeyOf(context.trust, header.request_id()));
        Import import(registry, *source, *book, observer.get(), context, header, entry.meter());
        FIVESTRAND_RETURN_IF_ERROR(import.Prepare());
        std::string bytes;
        FIVESTRAND_RETURN_IF_ERROR(Receive(rest, &entry.meter(), &bytes));
        return import.Run(bytes, response);
      });
  server.Handle<v1::ReadImportProgressRequest, v1::ImportProgress>(
      rpc::FindMethod("fivestrand.assessment.v1.ImportService.ReadImportProgress"), rpc::Runs::kInline,
      [tracker](const rpc::CallContext& context, const v1::ReadImportProgressRequest& request,
                v1::ImportProgress* response) -> absl::Status {
        const std::shared_ptr<const ImportMeter> meter = tracker->Find(KeyOf(context.trust, request.request_id()));
        if (meter == nullptr) return status::NotFound("fivestrand/AssessmentImport", request.request_id());
        response->set_phase(static_cast<v1::ImportProgress::Phase>(meter->phase.load()));
        response->set_byte_count(meter->bytes.load());
        response->set_row_count(meter->rows.load());
        response->set_share(meter->share.load() / 1000.0);
        return absl::OkStatus();
      });
}

}  // namespace fivestrand::assessment::api
