#include "services/leadership/api/model_api.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "fivestrand/leadership/v1/improvement_service.pb.h"

#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/resource/revision.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/leadership/domain/model/default_model.h"

namespace fivestrand::leadership::api {
namespace {

using resource::WriteContext;
using resource::WriteSpec;

constexpr char kType[] = "fivestrand/ImprovementModel";

absl::Status Get(const resource::Registry& registry, const rpc::CallContext& context, const v1::GetImprovementModelRequest& request,
                 v1::ImprovementModel* response) {
  const std::string_view trust = names::TrustNameOf(request.name());
  if (request.name() != domain::ModelName(trust)) return status::NotFound(kType, request.name());
  return registry.store().Read(context.deadline, [&](store::Session& session) -> absl::Status {
    FIVESTRAND_ASSIGN_OR_RETURN(*response, ReadModel(registry, session, trust));
    if (!request.has_revision() || request.revision() == response->revision()) return absl::OkStatus();
    if (request.revision() == 0) {
      *response = domain::DefaultModelOf(trust);
      return absl::OkStatus();
    }
    FIVESTRAND_ASSIGN_OR_RETURN(const bool kept, resource::ReadRevision(session, request.name(), request.revision(), response));
    return kept ? absl::OkStatus() : status::NotFound(kType, absl::StrCat(request.name(), "@", request.revision()));
  });
}

// What the request changes: title, strands, agreed targets, or several of them.
absl::Status Merge(const v1::UpdateImprovementModelRequest& request, v1::ImprovementModel* model) {
  const v1::ImprovementModel& given = request.improvement_model();
  const auto& paths = request.update_mask().paths();
  const bool all = paths.size() == 1 && paths[0] == "*";
  bool title = all || (paths.empty() && !given.title().empty()), strands = all || (paths.empty() && given.strands_size() > 0),
       agreed = all || (paths.empty() && given.agreed_targets_size() > 0);
  if (!all) {
    status::FieldViolations wrong;
    for (const std::string& path : paths) {
      if (path == "title") {
        title = true;
      } else if (path == "strands") {
        strands = true;
      } else if (path == "agreed_targets") {
        agreed = true;
      } else {
        wrong.Add("update_mask", absl::StrCat(path, " cannot be changed by itself; title, strands and agreed_targets can"));
      }
    }
    FIVESTRAND_RETURN_IF_ERROR(wrong.ToStatus(status::Reason::kInvalidMask));
  }
  if (title) model->set_title(given.title());
  if (strands) *model->mutable_strands() = given.strands();
  if (agreed) *model->mutable_agreed_targets() = given.agreed_targets();
  return absl::OkStatus();
}

absl::Status Update(WriteContext& write, const v1::UpdateImprovementModelRequest& request, v1::ImprovementModel* model) {
  const std::string& name = request.improvement_model().name();
  const std::string_view trust = names::TrustNameOf(name);
  if (name != domain::ModelName(trust)) return status::NotFound(kType, name);
  write.set_check_rows(true);
  write.set_field_prefix("improvement_model");
  const std::string& etag = request.improvement_model().etag();
  FIVESTRAND_ASSIGN_OR_RETURN(const bool written, write.Read(name, model));
  if (written) return write.Update(name, {.etag = etag}, "update", model, [&] { return Merge(request, model); });
  *model = domain::DefaultModelOf(trust);
  if (!etag.empty() && etag != model->etag()) return status::StaleEtag(name);
  FIVESTRAND_RETURN_IF_ERROR(Merge(request, model));
  return write.Create(trust, domain::kModelId, model);
}

}  // namespace

absl::StatusOr<v1::ImprovementModel> ReadModel(const resource::Registry& registry, store::Session& session,
                                               std::string_view trust) {
  v1::ImprovementModel model;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool written, registry.Read(session, domain::ModelName(trust), &model));
  if (!written) model = domain::DefaultModelOf(trust);
  return model;
}

void BindModel(resource::Registry& registry, rpc::Server& server) {
  server.Handle<v1::GetImprovementModelRequest, v1::ImprovementModel>(
      rpc::FindMethod("fivestrand.leadership.v1.ImprovementService.GetImprovementModel"), rpc::Runs::kInline,
      [&registry](const rpc::CallContext& context, const v1::GetImprovementModelRequest& request, v1::ImprovementModel* response) {
        return Get(registry, context, request, response);
      });
  registry.HandleWrite<v1::UpdateImprovementModelRequest, v1::ImprovementModel>(
      server, rpc::FindMethod("fivestrand.leadership.v1.ImprovementService.UpdateImprovementModel"),
      [](const v1::UpdateImprovementModelRequest& request) {
        return WriteSpec{.request_id = request.request_id(), .validate_only = request.validate_only(), .resource_type = kType};
      },
      &Update);
}

}  // namespace fivestrand::leadership::api
