#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "fivestrand/welfare/v1/welfare_service.pb.h"

#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/resource/declaration.h"
#include "platform/resource/list_query.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/welfare/api/welfare_api.h"
#include "services/welfare/domain/matter.h"

namespace fivestrand::welfare::api {
namespace {

using domain::Matters;
using google::protobuf::Message;

// What a page token is good for.
std::string Binding(const rpc::CallContext& context, std::string_view parent, std::string_view person, bool show_ended) {
  return resource::Digest(absl::StrCat(context.method->full_name(), "\n", context.caller->subject),
                          absl::StrCat("\n", AbslView(parent), "\n", AbslView(person)), show_ended ? "\n1" : "\n0");
}

// The kind's own part of a list request.
struct ListAsk {
  std::string_view parent;
  std::int32_t page_size = 0;
  const std::string& page_token;
  std::string_view person;
  bool show_ended = false;
  std::vector<int> ended;
};

absl::Status ListMatters(resource::Registry& registry, Matters& matters, const rpc::CallContext& context, const ListAsk& ask,
                         Message* scratch, absl::FunctionRef<void()> add, std::string* next_page_token) {
  if (ask.parent != names::TrustNameOf(ask.parent)) return status::InvalidField("parent", "must be trusts/{trust}");
  FIVESTRAND_ASSIGN_OR_RETURN(const int page_size, resource::PageSize(ask.page_size));
  const std::string binding = Binding(context, ask.parent, ask.person, ask.show_ended);
  std::string before;
  if (!ask.page_token.empty()) {
    const std::optional<std::string> opened = registry.page_tokens().Open(ask.page_token);
    absl::string_view rest = opened ? absl::string_view(*opened) : absl::string_view();
    if (!absl::ConsumePrefix(&rest, binding)) {
      return status::Invalid(status::Reason::kPageTokenMismatch, "page_token", "was not made for this request");
    }
    before = std::string(rest);
  }
  domain::MatterQuery query;
  query.trust = context.trust;
  query.caller = context.caller->subject;
  query.person = ask.person;
  query.before = before;
  query.limit = page_size + 1;
  if (!ask.show_ended) query.hidden_states = ask.ended;
  int count = 0;
  std::string last;
  return registry.store().Read(context.deadline, [&](fivestrand::store::Session& session) {
    return matters.List(session, query, scratch, [&]() -> absl::Status {
      if (count == page_size) {
        *next_page_token = registry.page_tokens().Seal(absl::StrCat(binding, last));
        return absl::OkStatus();
      }
      const auto* name = scratch->GetDescriptor()->FindFieldByName("name");
      last = std::string(resource::PathOf(resource::GetText(*scratch, name)));
      ++count;
      // A notice is read whole by everybody whom it names.
      if (scratch->GetDescriptor() != v1::Notice::descriptor()) {
        if (!domain::Reveal(context.caller->subject, scratch)) return absl::OkStatus();
        domain::HideTexts(scratch);
      }
      add();
      return absl::OkStatus();
    });
  });
}

class Reads {
 public:
  Reads(resource::Registry& registry, std::shared_ptr<Matters> matters, rpc::Server& server)
      : registry_(registry), matters_(std::move(matters)), server_(server) {}

  template <typename Request, typename Record>
  void Get(std::string_view method) {
    server_.Handle<Request, Record>(Find(method), rpc::Runs::kPool,
                                    [&registry = registry_, matters = matters_](
                                        const rpc::CallContext& context, const Request& request, Record* response) -> absl::Status {
                                      bool found = false;
                                      FIVESTRAND_RETURN_IF_ERROR(registry.store().Read(
                                          context.deadline, [&](fivestrand::store::Session& session) -> absl::Status {
                                            FIVESTRAND_ASSIGN_OR_RETURN(found, matters->Open(session, request.name(), response));
                                            return absl::OkStatus();
                                          }));
                                      if (found && domain::Reveal(context.caller->subject, response)) return absl::OkStatus();
                                      return status::Denied(context.method->full_name());
                                    });
  }

  template <typename Request, typename Response, typename Record>
  void List(std::string_view method, Record* (Response::*add)(), std::vector<int> ended) {
    server_.Handle<Request, Response>(Find(method), rpc::Runs::kPool,
                                      [&registry = registry_, matters = matters_, add, ended](
                                          const rpc::CallContext& context, const Request& request, Response* response) {
                                        Record scratch;
                                        const ListAsk ask{request.parent(), request.page_size(),  request.page_token(),
                                                          request.person(), request.show_ended(), ended};
                                        return ListMatters(
                                            registry, *matters, context, ask, &scratch, [&] { *(response->*add)() = scratch; },
                                            response->mutable_next_page_token());
                                      });
  }

  static const google::protobuf::MethodDescriptor* Find(std::string_view method) {
    return rpc::FindMethod(absl::StrCat("fivestrand.welfare.v1.WelfareService.", AbslView(method)));
  }

 private:
  resource::Registry& registry_;
  const std::shared_ptr<Matters> matters_;
  rpc::Server& server_;
};

}  // namespace

void BindMatterReads(resource::Registry& registry, const domain::Knowledge& knowledge, rpc::Server& server) {
  Reads reads(registry, knowledge.matters, server);
  reads.Get<v1::GetCheckInRequest, v1::CheckIn>("GetCheckIn");
  reads.Get<v1::GetWelfareConcernRequest, v1::WelfareConcern>("GetWelfareConcern");
  reads.Get<v1::GetSupportRequest, v1::Support>("GetSupport");
  reads.Get<v1::GetFollowUpRequest, v1::FollowUp>("GetFollowUp");
  reads.List<v1::ListCheckInsRequest, v1::ListCheckInsResponse>("ListCheckIns", &v1::ListCheckInsResponse::add_check_ins,
                                                                {v1::CheckIn::HELD, v1::CheckIn::CANCELLED});
  reads.List<v1::ListWelfareConcernsRequest, v1::ListWelfareConcernsResponse>(
      "ListWelfareConcerns", &v1::ListWelfareConcernsResponse::add_welfare_concerns, {v1::WelfareConcern::CLOSED});
  reads.List<v1::ListSupportsRequest, v1::ListSupportsResponse>("ListSupports", &v1::ListSupportsResponse::add_supports,
                                                                {v1::Support::DONE, v1::Support::WITHDRAWN});
  reads.List<v1::ListFollowUpsRequest, v1::ListFollowUpsResponse>("ListFollowUps", &v1::ListFollowUpsResponse::add_follow_ups,
                                                                  {v1::FollowUp::DONE, v1::FollowUp::CANCELLED});
  server.Handle<v1::ListNoticesRequest, v1::ListNoticesResponse>(
      Reads::Find("ListNotices"), rpc::Runs::kPool,
      [&registry, matters = knowledge.matters](const rpc::CallContext& context, const v1::ListNoticesRequest& request,
                                               v1::ListNoticesResponse* response) {
        v1::Notice scratch;
        const ListAsk ask{request.parent(), request.page_size(), request.page_token(), {}, true, {}};
        return ListMatters(
            registry, *matters, context, ask, &scratch, [&] { *response->add_notices() = scratch; },
            response->mutable_next_page_token());
      });
}

}  // namespace fivestrand::welfare::api
