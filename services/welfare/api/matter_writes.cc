#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/type/v1/role.pb.h"
#include "fivestrand/welfare/v1/welfare_service.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/calendar/timestamp.h"
#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/welfare/api/matter_changes.h"
#include "services/welfare/api/welfare_api.h"
#include "services/welfare/domain/matter.h"

namespace fivestrand::welfare::api {
namespace {

using domain::Knowledge;
using resource::WriteContext;
using resource::WriteSpec;

const google::protobuf::MethodDescriptor* Find(std::string_view method) {
  return rpc::FindMethod(absl::StrCat("fivestrand.welfare.v1.WelfareService.", AbslView(method)));
}

bool IsHr(const WriteContext& write) {
  return write.call().caller->HasRole(type::v1::ROLE_HR_DIRECTOR, write.now());
}

absl::StatusOr<absl::CivilDay> DayOr(bool given, const google::type::Date& date, absl::CivilDay otherwise) {
  if (!given) return otherwise;
  const std::optional<absl::CivilDay> day = calendar::FromProto(date);
  if (!day) return status::InvalidField("done_date", "must be a whole date that exists");
  return *day;
}

// An HR director who is not the person; failing that the CEO, unless it is about them.
absl::StatusOr<std::string> ChooseHolder(const Knowledge& knowledge, WriteContext& write, std::string_view person) {
  const absl::CivilDay today = calendar::DayOf(write.now());
  for (const identity::Role role : {type::v1::ROLE_HR_DIRECTOR, type::v1::ROLE_CEO}) {
    FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<std::string> holders,
                                knowledge.directory->Holders(write.transaction(), names::TrustOf(person), role, today));
    for (const std::string& holder : holders) {
      if (holder != person) return holder;
    }
  }
  return status::Precondition("NO_HOLDER", names::TrustNameOf(person), "the trust has no HR director who could hold it");
}

// Checks a creation's id, and what only a write makes; `prefix` is the record's field in the request.
template <typename Record>
absl::Status CreateMatter(WriteContext& write, std::string_view parent, std::string_view id, std::string_view prefix,
                          Record* record) {
  FIVESTRAND_RETURN_IF_ERROR(CheckId(absl::StrCat(AbslView(prefix), "_id"), id));
  if (parent != names::TrustNameOf(parent)) return status::InvalidField("parent", "must be trusts/{trust}");
  write.set_field_prefix(std::string(prefix));
  record->clear_etag();
  FIVESTRAND_RETURN_IF_ERROR(write.Create(parent, id, record));
  domain::Reveal(write.actor(), record);
  return absl::OkStatus();
}

// Binds one write. Answers hold sealed fields, so what a repeated request gets is kept encrypted.
template <typename Request, typename Record>
void Bind(resource::Registry& registry, rpc::Server& server, std::string_view method, std::string type,
          std::function<absl::Status(WriteContext&, const Request&, Record*)> body) {
  registry.HandleWrite<Request, Record>(
      server, Find(method),
      [type = std::move(type)](const Request& request) {
        WriteSpec spec{.request_id = request.request_id(), .seal_answer = true, .resource_type = type};
        if constexpr (requires { request.validate_only(); }) spec.validate_only = request.validate_only();
        return spec;
      },
      std::move(body));
}

void BindCheckIns(resource::Registry& registry, const Knowledge& knowledge, rpc::Server& server) {
  const std::string type = "fivestrand/CheckIn";
  Bind<v1::CreateCheckInRequest, v1::CheckIn>(
      registry, server, "CreateCheckIn", type,
      [](WriteContext& write, const v1::CreateCheckInRequest& request, v1::CheckIn* check_in) {
        *check_in = request.check_in();
        return CreateMatter(write, request.parent(), request.check_in_id(), "check_in", check_in);
      });
  Bind<v1::RequestCheckInRequest, v1::CheckIn>(
      registry, server, "RequestCheckIn", type,
      [knowledge](WriteContext& write, const v1::RequestCheckInRequest& request, v1::CheckIn* check_in) -> absl::Status {
        check_in->set_person(std::string(write.actor()));
        FIVESTRAND_ASSIGN_OR_RETURN(std::string holder, ChooseHolder(knowledge, write, write.actor()));
        check_in->set_holder(std::move(holder));
        check_in->set_state(v1::CheckIn::REQUESTED);
        check_in->set_request(request.request());
        return CreateMatter(write, request.parent(), "", "", check_in);
      });
  Bind<v1::UpdateCheckInRequest, v1::CheckIn>(
      registry, server, "UpdateCheckIn", type,
      [](WriteContext& write, const v1::UpdateCheckInRequest& request, v1::CheckIn* check_in) {
        write.set_field_prefix("check_in");
        return ChangeMatter(
            write, request.check_in().name(), request.check_in().etag(), "update", check_in,
            [&] { return check_in->holder() == write.actor(); },
            [&] {
              return CopyMasked(request.update_mask(), {"planned_time", "note", "agreed", "improvement_thread"}, request.check_in(),
                                check_in);
            });
      });
  Bind<v1::CompleteCheckInRequest, v1::CheckIn>(
      registry, server, "CompleteCheckIn", type,
      [](WriteContext& write, const v1::CompleteCheckInRequest& request, v1::CheckIn* check_in) {
        return ChangeMatter(
            write, request.name(), request.etag(), "complete", check_in, [&] { return check_in->holder() == write.actor(); },
            [&] {
              const absl::Time held = request.has_held_time() ? calendar::ToTime(request.held_time()) : write.now();
              if (!request.note().empty()) check_in->set_note(request.note());
              if (!request.agreed().empty()) check_in->set_agreed(request.agreed());
              return domain::Complete(held, write.now(), check_in);
            });
      });
  Bind<v1::CancelCheckInRequest, v1::CheckIn>(
      registry, server, "CancelCheckIn", type,
      [](WriteContext& write, const v1::CancelCheckInRequest& request, v1::CheckIn* check_in) {
        return ChangeMatter(
            write, request.name(), request.etag(), "cancel", check_in,
            [&] { return check_in->holder() == write.actor() || check_in->person() == write.actor(); },
            [&] { return domain::Cancel(check_in); });
      });
}

absl::Status CreateConcern(const Knowledge& knowledge, WriteContext& write, const v1::CreateWelfareConcernRequest& request,
                           v1::WelfareConcern* concern) {
  *concern = request.welfare_concern();
  concern->set_raised_by(std::string(write.actor()));
  const bool hr = IsHr(write);
  if (!hr && concern->person() != write.actor()) {
    FIVESTRAND_ASSIGN_OR_RETURN(const bool manages, knowledge.directory->Manages(write.transaction(), write.actor(),
                                                                                 concern->person(), calendar::DayOf(write.now())));
    if (!manages) return NotNamed(write);
  }
  if (!hr && !concern->holder().empty()) {
    return status::InvalidField("welfare_concern.holder", "is chosen by the service: an HR director");
  }
  if (hr && concern->holder().empty() && concern->person() != write.actor()) concern->set_holder(std::string(write.actor()));
  if (concern->holder().empty()) {
    FIVESTRAND_ASSIGN_OR_RETURN(std::string holder, ChooseHolder(knowledge, write, concern->person()));
    concern->set_holder(std::move(holder));
  }
  return CreateMatter(write, request.parent(), request.welfare_concern_id(), "welfare_concern", concern);
}

void BindConcerns(resource::Registry& registry, const Knowledge& knowledge, rpc::Server& server) {
  const std::string type = "fivestrand/WelfareConcern";
  Bind<v1::CreateWelfareConcernRequest, v1::WelfareConcern>(
      registry, server, "CreateWelfareConcern", type,
      [knowledge](WriteContext& write, const v1::CreateWelfareConcernRequest& request, v1::WelfareConcern* concern) {
        return CreateConcern(knowledge, write, request, concern);
      });
  Bind<v1::UpdateWelfareConcernRequest, v1::WelfareConcern>(
      registry, server, "UpdateWelfareConcern", type,
      [](WriteContext& write, const v1::UpdateWelfareConcernRequest& request, v1::WelfareConcern* concern) {
        write.set_field_prefix("welfare_concern");
        return ChangeMatter(
            write, request.welfare_concern().name(), request.welfare_concern().etag(), "update", concern,
            [&] { return concern->holder() == write.actor(); },
            [&]() -> absl::Status {
              FIVESTRAND_RETURN_IF_ERROR(CopyMasked(request.update_mask(), {"note", "agreed"}, request.welfare_concern(), concern));
              if (concern->state() == v1::WelfareConcern::RAISED) concern->set_state(v1::WelfareConcern::IN_HAND);
              return absl::OkStatus();
            });
      });
  Bind<v1::CloseWelfareConcernRequest, v1::WelfareConcern>(
      registry, server, "CloseWelfareConcern", type,
      [](WriteContext& write, const v1::CloseWelfareConcernRequest& request, v1::WelfareConcern* concern) {
        return ChangeMatter(
            write, request.name(), request.etag(), "close", concern, [&] { return concern->holder() == write.actor(); },
            [&] { return domain::Close(calendar::DayOf(write.now()), concern); });
      });
}

void BindSupports(resource::Registry& registry, rpc::Server& server) {
  const std::string type = "fivestrand/Support";
  Bind<v1::CreateSupportRequest, v1::Support>(
      registry, server, "CreateSupport", type,
      [](WriteContext& write, const v1::CreateSupportRequest& request, v1::Support* support) {
        *support = request.support();
        return CreateMatter(write, request.parent(), request.support_id(), "support", support);
      });
  Bind<v1::UpdateSupportRequest, v1::Support>(
      registry, server, "UpdateSupport", type,
      [](WriteContext& write, const v1::UpdateSupportRequest& request, v1::Support* support) {
        write.set_field_prefix("support");
        return ChangeMatter(
            write, request.support().name(), request.support().etag(), "update", support,
            [&] { return support->holder() == write.actor(); },
            [&] {
              return CopyMasked(request.update_mask(),
                                {"kind", "start_date", "review_dates", "note", "agreed", "improvement_thread"}, request.support(),
                                support);
            });
      });
  Bind<v1::FinishSupportRequest, v1::Support>(
      registry, server, "FinishSupport", type,
      [](WriteContext& write, const v1::FinishSupportRequest& request, v1::Support* support) {
        return ChangeMatter(
            write, request.name(), request.etag(), request.withdrawn() ? "withdraw" : "finish", support,
            [&] { return support->holder() == write.actor(); },
            [&]() -> absl::Status {
              const absl::CivilDay today = calendar::DayOf(write.now());
              FIVESTRAND_ASSIGN_OR_RETURN(const absl::CivilDay done, DayOr(request.has_done_date(), request.done_date(), today));
              return domain::Finish(done, today, request.withdrawn(), support);
            });
      });
}

absl::Status CreateFollowUp(const Knowledge& knowledge, WriteContext& write, const v1::CreateFollowUpRequest& request,
                            v1::FollowUp* follow_up) {
  *follow_up = request.follow_up();
  const std::string& about = follow_up->record();
  if (about.empty()) {
    if (!IsHr(write)) return NotNamed(write);
    return CreateMatter(write, request.parent(), request.follow_up_id(), "follow_up", follow_up);
  }
  std::string person;
  const auto take = [&](auto record) -> absl::StatusOr<bool> {
    FIVESTRAND_ASSIGN_OR_RETURN(const bool found, knowledge.matters->Open(write.transaction(), about, &record));
    if (!found || record.holder() != write.actor()) return false;
    person = record.person();
    return true;
  };
  FIVESTRAND_ASSIGN_OR_RETURN(bool holds, take(v1::CheckIn()));
  if (!holds) {
    FIVESTRAND_ASSIGN_OR_RETURN(holds, take(v1::WelfareConcern()));
  }
  if (!holds) {
    FIVESTRAND_ASSIGN_OR_RETURN(holds, take(v1::Support()));
  }
  if (!holds) return NotNamed(write);
  if (!follow_up->person().empty() && follow_up->person() != person) {
    return status::InvalidField("follow_up.person", "must be empty or the person of the record that it follows up");
  }
  follow_up->set_person(std::move(person));
  return CreateMatter(write, request.parent(), request.follow_up_id(), "follow_up", follow_up);
}

void BindFollowUps(resource::Registry& registry, const Knowledge& knowledge, rpc::Server& server) {
  const std::string type = "fivestrand/WelfareFollowUp";
  Bind<v1::CreateFollowUpRequest, v1::FollowUp>(
      registry, server, "CreateFollowUp", type,
      [knowledge](WriteContext& write, const v1::CreateFollowUpRequest& request, v1::FollowUp* follow_up) {
        return CreateFollowUp(knowledge, write, request, follow_up);
      });
  Bind<v1::FinishFollowUpRequest, v1::FollowUp>(
      registry, server, "FinishFollowUp", type,
      [](WriteContext& write, const v1::FinishFollowUpRequest& request, v1::FollowUp* follow_up) {
        return ChangeMatter(
            write, request.name(), request.etag(), request.cancelled() ? "cancel" : "finish", follow_up,
            [&] { return follow_up->holder() == write.actor(); },
            [&]() -> absl::Status {
              const absl::CivilDay today = calendar::DayOf(write.now());
              FIVESTRAND_ASSIGN_OR_RETURN(const absl::CivilDay done, DayOr(request.has_done_date(), request.done_date(), today));
              return domain::Finish(done, today, request.cancelled(), follow_up);
            });
      });
}

}  // namespace

void BindMatterWrites(resource::Registry& registry, const Knowledge& knowledge, rpc::Server& server) {
  BindCheckIns(registry, knowledge, server);
  BindConcerns(registry, knowledge, server);
  BindSupports(registry, server);
  BindFollowUps(registry, knowledge, server);
}

}  // namespace fivestrand::welfare::api
