#include "services/assessment/api/result_api.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "fivestrand/assessment/v1/results.pb.h"
#include "fivestrand/leadership/v1/organisation.pb.h"

#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/resource/registry.h"
#include "platform/resource/write_context.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/assessment/api/class_access.h"
#include "services/assessment/store/dictionary.h"
#include "services/assessment/store/grid.h"
#include "services/assessment/store/record_source.h"
#include "services/assessment/store/result_table.h"

namespace fivestrand::assessment::api {
namespace {

using domain::DictionaryKind;
using resource::WriteContext;
using store::GridPupil;
using store::GridState;
using Cell = v1::BulkUpsertResultsRequest::Cell;
using CellOutcome = v1::BulkUpsertResultsResponse::Outcome;

template <typename Request>
store::GridQuestion QuestionOf(const Request& request, const leadership::v1::SchoolClass& school_class, absl::Time now) {
  return {.school_class = request.parent(),
          .subject = request.subject(),
          .window = request.window(),
          .scale = request.scale(),
          .class_year_group = school_class.year_group(),
          .today = calendar::DayOf(now)};
}

std::string_view RefusalText(v1::CellRefusal refusal) {
  switch (refusal) {
    case v1::WINDOW_CLOSED:
      return "the window takes no results any more";
    case v1::CHANGED_MEANWHILE:
      return "somebody else has changed it since it was read";
    case v1::NOT_IN_CLASS:
      return "the pupil is not in the class within the window";
    case v1::MOVED_AWAY:
      return "the pupil is not in this school any more";
    case v1::NAMED_TWICE:
      return "the pupil stands twice in one call";
    default:
      return {};
  }
}

absl::Status ReadGrid(const resource::Registry& registry, const rpc::CallContext& context, const v1::ReadGridRequest& request,
                      v1::Grid* response) {
  const store::SqlRecordSource source(registry);
  return registry.store().Read(context.deadline, [&](fivestrand::store::Session& session) -> absl::Status {
    leadership::v1::SchoolClass school_class;
    FIVESTRAND_RETURN_IF_ERROR(ReadClassInReach(registry, session, context, request.parent(), request.subject(), &school_class));
    GridState grid;
    FIVESTRAND_RETURN_IF_ERROR(LoadGrid(registry, source, session, QuestionOf(request, school_class, context.now), &grid));
    const identity::Access writing =
        registry.access().DecideFor(*context.caller, "assessment.results.write", request.parent(), context.now);
    response->set_writable(
        ReachesClass(writing, school_class, request.subject(), context.caller->subject, calendar::DayOf(context.now)));
    response->set_subject(request.subject());
    store::CellWriter cells(session, context.trust);
    for (const GridPupil& each : grid.pupils) {
      v1::Grid::Row* row = response->add_rows();
      row->set_pupil(each.pupil.name());
      row->set_given_name(each.pupil.given_name());
      row->set_family_name(each.pupil.family_name());
      row->set_refusal(each.refusal);
      FIVESTRAND_RETURN_IF_ERROR(cells.Fill(*grid.compiled, each.result, row->mutable_cell()));
    }
    *response->mutable_window() = std::move(grid.window);
    *response->mutable_scale() = std::move(grid.scale);
    return absl::OkStatus();
  });
}

// What a call has changed, for the observer. Filled anew by each run of the body.
struct Changes {
  std::int32_t trust_number = 0;
  std::vector<domain::ResultRow> written;
  std::vector<std::int64_t> removed;
};

class Upsert {
 public:
  Upsert(const resource::Registry& registry, WriteContext& write, const v1::BulkUpsertResultsRequest& request)
      : registry_(registry),
        write_(write),
        transaction_(write.transaction()),
        request_(request),
        trust_(write.call().trust),
        writer_(transaction_) {}

  absl::Status Run(v1::BulkUpsertResultsResponse* response, Changes* changes) {
    leadership::v1::SchoolClass school_class;
    FIVESTRAND_RETURN_IF_ERROR(
        ReadClassInReach(registry_, transaction_, write_.call(), request_.parent(), request_.subject(), &school_class));
    FIVESTRAND_RETURN_IF_ERROR(LoadGrid(registry_, store::SqlRecordSource(registry_), transaction_,
                                        QuestionOf(request_, school_class, write_.now()), &grid_));
    for (GridPupil& each : grid_.pupils) pupils_.emplace(each.pupil.name(), &each);
    FIVESTRAND_RETURN_IF_ERROR(TakeCells(response));
    const auto count = static_cast<std::int64_t>(writer_.written().size() + writer_.removed().size());
    if (count > 0) {
      store::AppendResultChange(transaction_, write_.actor(), names::TrustNameOf(request_.parent()),
                                {request_.window(), request_.subject(), grid_.scale.name()}, count);
      transaction_.AppendAudit({.actor = write_.actor(),
                                .action = "write results",
                                .resource = request_.parent(),
                                .trust = trust_,
                                .after_digest = resource::Digest(request_.SerializeAsString())});
    }
    *changes = {grid_.key.trust, writer_.TakeWritten(), writer_.TakeRemoved()};
    return absl::OkStatus();
  }

 private:
  absl::Status TakeCells(v1::BulkUpsertResultsResponse* response) {
    absl::flat_hash_map<std::string, int> times;
    for (const Cell& cell : request_.cells()) ++times[cell.pupil()];
    store::CellWriter cells(transaction_, trust_);
    for (const Cell& cell : request_.cells()) {
      CellOutcome* outcome = response->add_outcomes();
      outcome->set_pupil(cell.pupil());
      const auto found = pupils_.find(cell.pupil());
      GridPupil* pupil = found == pupils_.end() ? nullptr : found->second;
      if (times[cell.pupil()] > 1) {
        outcome->set_refusal(v1::NAMED_TWICE);
      } else if (pupil == nullptr) {
        outcome->set_refusal(v1::NOT_IN_CLASS);
      } else {
        FIVESTRAND_RETURN_IF_ERROR(TakeCell(cell, pupil, outcome, response));
      }
      if (outcome->refusal() != v1::CELL_REFUSAL_UNSPECIFIED && outcome->message().empty())
        outcome->set_message(std::string(RefusalText(outcome->refusal())));
      if (pupil != nullptr) FIVESTRAND_RETURN_IF_ERROR(cells.Fill(*grid_.compiled, pupil->result, outcome->mutable_current()));
    }
    return absl::OkStatus();
  }

  absl::Status TakeCell(const Cell& cell, GridPupil* pupil, CellOutcome* outcome, v1::BulkUpsertResultsResponse* response) {
    if (pupil->refusal != v1::CELL_REFUSAL_UNSPECIFIED) {
      outcome->set_refusal(pupil->refusal);
      return absl::OkStatus();
    }
    const bool clears = cell.outcome().find_first_not_of(' ') == std::string::npos;
    std::optional<domain::Outcome> typed;
    if (!clears) {
      typed = grid_.compiled->Parse(cell.outcome());
      if (!typed) {
        outcome->set_refusal(v1::OFF_SCALE);
        outcome->set_message(grid_.compiled->expected());
        return absl::OkStatus();
      }
    }
    const domain::ResultRow before = pupil->result;
    const bool exists = before.key != 0;
    const bool same = clears ? !exists : exists && before.outcome == typed->code && before.value == typed->value;
    if (same) {
      // Whoever typed it: it says what this cell says.
      response->set_unchanged_count(response->unchanged_count() + 1);
      return absl::OkStatus();
    }
    if (cell.expected_revision() != before.update_time) {
      outcome->set_refusal(v1::CHANGED_MEANWHILE);
      return absl::OkStatus();
    }
    response->set_written_count(response->written_count() + 1);
    FIVESTRAND_RETURN_IF_ERROR(GiveNumbers(pupil));
    if (clears) {
      pupil->result = {};
      return writer_.Remove(before, author_);
    }
    domain::ResultKey key = grid_.key;
    key.pupil = pupil->number;
    FIVESTRAND_ASSIGN_OR_RETURN(const std::int32_t school,
                                store::GiveNumber(transaction_, trust_, DictionaryKind::kSchool, pupil->school));
    pupil->result = {.key = key.Pack(),
                     .outcome = typed->code,
                     .school = school,
                     .year_group = pupil->year_group,
                     .author = author_,
                     .value = typed->value};
    return writer_.Put(exists ? &before : nullptr, &pupil->result);
  }

  absl::Status GiveNumbers(GridPupil* pupil) {
    const auto give = [&](DictionaryKind kind, std::string_view name) {
      return store::GiveNumber(transaction_, trust_, kind, names::IdOf(name));
    };
    if (author_ == 0) {
      FIVESTRAND_ASSIGN_OR_RETURN(author_, store::GiveNumber(transaction_, trust_, DictionaryKind::kAuthor, write_.actor()));
      FIVESTRAND_ASSIGN_OR_RETURN(grid_.key.trust, store::GiveTrustNumber(transaction_, trust_));
      FIVESTRAND_ASSIGN_OR_RETURN(grid_.key.window, give(DictionaryKind::kWindow, request_.window()));
      FIVESTRAND_ASSIGN_OR_RETURN(grid_.key.subject, give(DictionaryKind::kSubject, request_.subject()));
      FIVESTRAND_ASSIGN_OR_RETURN(grid_.key.scale, give(DictionaryKind::kScale, grid_.scale.name()));
    }
    if (pupil->number == 0) {
      FIVESTRAND_ASSIGN_OR_RETURN(pupil->number, give(DictionaryKind::kPupil, pupil->pupil.name()));
    }
    return absl::OkStatus();
  }

  const resource::Registry& registry_;
  WriteContext& write_;
  fivestrand::store::WriteTransaction& transaction_;
  const v1::BulkUpsertResultsRequest& request_;
  const std::string_view trust_;
  store::ResultWriter writer_;
  GridState grid_;
  std::int32_t author_ = 0;
  absl::flat_hash_map<std::string, GridPupil*> pupils_;
};

}  // namespace

void BindResults(resource::Registry& registry, std::shared_ptr<store::ResultObserver> observer, rpc::Server& server) {
  server.Handle<v1::ReadGridRequest, v1::Grid>(
      rpc::FindMethod("fivestrand.assessment.v1.ResultService.ReadGrid"), rpc::Runs::kPool,
      [&registry](const rpc::CallContext& context, const v1::ReadGridRequest& request, v1::Grid* response) {
        return ReadGrid(registry, context, request, response);
      });
  server.AsyncUnary(rpc::FindMethod("fivestrand.assessment.v1.ResultService.BulkUpsertResults"), rpc::Runs::kInline,
                    [&registry, observer](std::shared_ptr<const rpc::CallContext> context, const google::protobuf::Message& message,
                                          std::function<void(absl::Status, rpc::Reply)> done) {
                      const auto* request = static_cast<const v1::BulkUpsertResultsRequest*>(&message);
                      auto changes = std::make_shared<Changes>();
                      auto told = [observer, changes, trust = std::string(context->trust), dry = request->validate_only(),
                                   done = std::move(done)](absl::Status status, rpc::Reply reply) {
                        const bool changed = !changes->written.empty() || !changes->removed.empty();
                        if (status.ok() && !dry && changed && observer != nullptr)
                          observer->OnResults({trust, changes->trust_number, changes->written, changes->removed});
                        done(std::move(status), std::move(reply));
                      };
                      resource::WriteSpec spec{.request_id = request->request_id(),
                                               .validate_only = request->validate_only(),
                                               .resource_type = "fivestrand/ResultChange"};
                      registry.RunWrite(
                          std::move(context), message, std::move(spec),
                          [&registry, request, changes](WriteContext& write, std::string* reply) -> absl::Status {
                            *changes = {};
                            v1::BulkUpsertResultsResponse response;
                            FIVESTRAND_RETURN_IF_ERROR(Upsert(registry, write, *request).Run(&response, changes.get()));
                            response.SerializeToString(reply);
                            return absl::OkStatus();
                          },
                          std::move(told));
                    });
}

}  // namespace fivestrand::assessment::api
