#include "services/assessment/api/result_api.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "fivestrand/assessment/v1/pupils.pb.h"
#include "fivestrand/assessment/v1/results.pb.h"
#include "fivestrand/leadership/v1/organisation.pb.h"

#include "platform/calendar/day.h"
#include "platform/resource/list_query.h"
#include "platform/resource/registry.h"
#include "platform/resource/write_context.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/assessment/api/class_access.h"
#include "services/assessment/api/pupil_access.h"
#include "services/assessment/domain/teaching.h"

namespace fivestrand::assessment::api {
namespace {

using domain::RecordSource;
using domain::ResultBook;
using fivestrand::store::Session;
using resource::WriteContext;

template <typename Request>
domain::GridQuestion QuestionOf(const Request& request, const leadership::v1::SchoolClass& school_class, absl::Time now) {
  return {.school_class = request.parent(),
          .subject = request.subject(),
          .window = request.window(),
          .scale = request.scale(),
          .class_year_group = school_class.year_group(),
          .today = calendar::DayOf(now)};
}

absl::Status ReadGrid(const resource::Registry& registry, const ResultBook& book, const rpc::CallContext& context,
                      const v1::ReadGridRequest& request, v1::Grid* response) {
  return registry.store().Read(context.deadline, [&](Session& session) -> absl::Status {
    leadership::v1::SchoolClass school_class;
    FIVESTRAND_RETURN_IF_ERROR(ReadClassInReach(registry, session, context, request.parent(), request.subject(), &school_class));
    const identity::Access writing =
        registry.access().DecideFor(*context.caller, "assessment.results.write", request.parent(), context.now);
    response->set_writable(
        domain::ReachesClass(writing, school_class, request.subject(), context.caller->subject, calendar::DayOf(context.now)));
    return book.ReadGrid(session, QuestionOf(request, school_class, context.now), response);
  });
}

absl::Status Upsert(const resource::Registry& registry, const ResultBook& book, WriteContext& write,
                    const v1::BulkUpsertResultsRequest& request, v1::BulkUpsertResultsResponse* response,
                    domain::ResultChanges* changes) {
  leadership::v1::SchoolClass school_class;
  FIVESTRAND_RETURN_IF_ERROR(
      ReadClassInReach(registry, write.transaction(), write.call(), request.parent(), request.subject(), &school_class));
  return book.WriteCells(write, QuestionOf(request, school_class, write.now()), request, response, changes);
}

void BindUpsert(resource::Registry& registry, std::shared_ptr<const ResultBook> book,
                std::shared_ptr<domain::ResultObserver> observer, rpc::Server& server) {
  server.AsyncUnary(
      rpc::FindMethod("fivestrand.assessment.v1.ResultService.BulkUpsertResults"), rpc::Runs::kInline,
      [&registry, book, observer](std::shared_ptr<const rpc::CallContext> context, const google::protobuf::Message& message,
                                  std::function<void(absl::Status, rpc::Reply)> done) {
        const auto* request = static_cast<const v1::BulkUpsertResultsRequest*>(&message);
        auto changes = std::make_shared<domain::ResultChanges>();
        auto told = [observer, changes, trust = std::string(context->trust), dry = request->validate_only(),
                     done = std::move(done)](absl::Status status, rpc::Reply reply) {
          if (status.ok() && !dry) changes->Tell(observer.get(), trust);
          done(std::move(status), std::move(reply));
        };
        resource::WriteSpec spec{.request_id = request->request_id(),
                                 .validate_only = request->validate_only(),
                                 .resource_type = "fivestrand/ResultChange"};
        registry.RunWrite(
            std::move(context), message, std::move(spec),
            [&registry, book, request, changes](WriteContext& write, std::string* reply) -> absl::Status {
              *changes = {};
              v1::BulkUpsertResultsResponse response;
              FIVESTRAND_RETURN_IF_ERROR(Upsert(registry, *book, write, *request, &response, changes.get()));
              response.SerializeToString(reply);
              return absl::OkStatus();
            },
            std::move(told));
      });
}

absl::Status ListPupilResults(const resource::Registry& registry, const RecordSource& source, const ResultBook& book,
                              const rpc::CallContext& context, const v1::ListPupilResultsRequest& request,
                              v1::ListPupilResultsResponse* response) {
  FIVESTRAND_ASSIGN_OR_RETURN(const int page_size, resource::PageSize(request.page_size()));
  const std::string binding = absl::StrCat("results\n", request.parent(), "\n", request.window(), "\n", request.subject(), "\n",
                                           request.with_history() ? 1 : 0, "\n");
  domain::PupilResultsPage page{.size = static_cast<std::size_t>(page_size)};
  if (!request.page_token().empty()) {
    const std::optional<std::string> opened = registry.page_tokens().Open(request.page_token());
    absl::string_view number = opened ? absl::string_view(*opened) : absl::string_view();
    if (!absl::ConsumePrefix(&number, binding) || !absl::SimpleAtoi(number, &page.from))
      return status::Invalid(status::Reason::kPageTokenMismatch, "page_token", "was not made for this request");
  }
  return registry.store().Read(context.deadline, [&](Session& session) -> absl::Status {
    v1::Pupil pupil;
    domain::ReachFacts facts;
    FIVESTRAND_RETURN_IF_ERROR(ReadPupilInReach(registry, source, session, context, request.parent(), &pupil, &facts));
    page.may_see = [&](std::string_view subject_id) {
      return domain::ReachesResult(context.access, facts, subject_id);
    };
    FIVESTRAND_ASSIGN_OR_RETURN(const bool more, book.ReadPupilResults(session, request, page, response));
    if (more) response->set_next_page_token(registry.page_tokens().Seal(absl::StrCat(binding, page.from + page.size)));
    return absl::OkStatus();
  });
}

}  // namespace

void BindResults(resource::Registry& registry, std::shared_ptr<const RecordSource> source, std::shared_ptr<const ResultBook> book,
                 std::shared_ptr<domain::ResultObserver> observer, rpc::Server& server) {
  server.Handle<v1::ReadGridRequest, v1::Grid>(
      rpc::FindMethod("fivestrand.assessment.v1.ResultService.ReadGrid"), rpc::Runs::kPool,
      [&registry, book](const rpc::CallContext& context, const v1::ReadGridRequest& request, v1::Grid* response) {
        return ReadGrid(registry, *book, context, request, response);
      });
  BindUpsert(registry, book, std::move(observer), server);
  server.Handle<v1::ListPupilResultsRequest, v1::ListPupilResultsResponse>(
      rpc::FindMethod("fivestrand.assessment.v1.ResultService.ListPupilResults"), rpc::Runs::kPool,
      [&registry, source, book](const rpc::CallContext& context, const v1::ListPupilResultsRequest& request,
                                v1::ListPupilResultsResponse* response) {
        return ListPupilResults(registry, *source, *book, context, request, response);
      });
}

}  // namespace fivestrand::assessment::api
