#include "services/leadership/api/identity_api.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "fivestrand/leadership/v1/identity.pb.h"
#include "fivestrand/leadership/v1/organisation.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/date_number.h"
#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/resource/list_query.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::leadership::api {
namespace {

// Whether today lies between two dates of which either may be absent.
bool InDates(absl::CivilDay today, bool has_start, const google::type::Date& start, bool has_end, const google::type::Date& end) {
  const auto first = has_start ? calendar::FromProto(start) : std::nullopt;
  const auto last = has_end ? calendar::FromProto(end) : std::nullopt;
  return (!first || *first <= today) && (!last || today <= *last);
}

absl::Status Fill(const resource::Registry& registry, store::Session& session, const v1::Person& person, absl::CivilDay today,
                  v1::Identity* identity) {
  identity->set_person(person.name());
  identity->set_display_name(person.display_name());
  const std::string_view trust = names::TrustOf(person.name());
  v1::Post post, best;
  FIVESTRAND_RETURN_IF_ERROR(
      registry.Scan(session, v1::Post::descriptor(), "trust = $1 AND person = $2", {trust, person.name()}, &post, [&] {
        // The kinds are numbered from the post that says most.
        if (InDates(today, true, post.start_date(), post.has_end_date(), post.end_date()) &&
            (best.name().empty() || post.kind() < best.kind()))
          best = post;
        return absl::OkStatus();
      }));
  if (!best.name().empty()) {
    identity->set_post_title(best.title());
    identity->set_post_kind(best.kind());
    identity->set_school(best.school());
    v1::School school;
    if (!best.school().empty()) {
      FIVESTRAND_ASSIGN_OR_RETURN(bool found, registry.Read(session, best.school(), &school));
      if (found) identity->set_school_display_name(school.display_name());
    }
  }
  v1::RoleGrant grant;
  return registry.Scan(session, v1::RoleGrant::descriptor(), "trust = $1 AND person = $2", {trust, person.name()}, &grant, [&] {
    if (grant.state() == v1::RoleGrant::CONFIRMED &&
        InDates(today, true, grant.start_date(), grant.has_end_date(), grant.end_date())) {
      *identity->add_grants() = grant;
    }
    return absl::OkStatus();
  });
}

absl::Status Resolve(const resource::Registry& registry, const rpc::CallContext& context, const v1::ResolveIdentityRequest& request,
                     v1::Identity* identity) {
  if (request.person().empty() == request.email().empty())
    return status::InvalidField("person", "either person or email must be given");
  if (!request.email().empty() && request.trust().empty()) return status::InvalidField("trust", "is required with email");
  const absl::CivilDay today = calendar::DayOf(context.now);
  return registry.store().Read(context.deadline, [&](store::Session& session) -> absl::Status {
    v1::Person person;
    bool found = false;
    if (!request.person().empty()) {
      FIVESTRAND_ASSIGN_OR_RETURN(found, registry.Read(session, request.person(), &person));
    } else {
      v1::Person each;
      FIVESTRAND_RETURN_IF_ERROR(registry.Scan(session, v1::Person::descriptor(), "trust = $1 AND email = $2",
                                               {names::TrustOf(request.trust()), request.email()}, &each, [&] {
                                                 person = each;
                                                 found = true;
                                                 return absl::OkStatus();
                                               }));
    }
    if (!found || !InDates(today, person.has_start_date(), person.start_date(), person.has_end_date(), person.end_date())) {
      return status::NotFound("fivestrand/Person", request.person().empty() ? "a person with this address" : request.person());
    }
    return Fill(registry, session, person, today, identity);
  });
}

absl::Status List(const resource::Registry& registry, const rpc::CallContext& context, const v1::ListIdentitiesRequest& request,
                  v1::ListIdentitiesResponse* response) {
  FIVESTRAND_ASSIGN_OR_RETURN(const int page_size, resource::PageSize(request.page_size()));
  const absl::CivilDay today = calendar::DayOf(context.now);
  const std::int64_t date = calendar::DateNumber(today);
  std::vector<std::string> kinds;
  for (int kind : request.post_kinds()) kinds.push_back(absl::StrCat(kind));
  const std::string binding = absl::StrCat("identities\n", request.parent(), "\n", absl::StrJoin(kinds, ","));

  std::string after_name, after_path;
  if (!request.page_token().empty()) {
    const std::optional<std::string> opened = registry.page_tokens().Open(request.page_token());
    std::vector<std::string> parts;
    if (opened) parts = absl::StrSplit(*opened, '\x1f');
    if (parts.size() != 3 || parts[0] != binding)
      return status::Invalid(status::Reason::kPageTokenMismatch, "page_token", "was not made for this request");
    after_name = parts[1];
    after_path = parts[2];
  }
  std::string where = "(end_date IS NULL OR end_date >= $1) AND (display_name > $2 OR (display_name = $2 AND path > $3))";
  std::vector<store::Param> params = {date, after_name, after_path};
  if (!request.parent().empty()) {
    params.emplace_back(names::TrustOf(request.parent()));
    absl::StrAppend(&where, " AND trust = $4");
  }
  if (!kinds.empty()) {
    absl::StrAppend(&where,
                    " AND EXISTS (SELECT 1 FROM post WHERE post.trust = person.trust AND post.person = 'trusts/' || person.trust "
                    "|| '/' || person.path "
                    "AND post.delete_time IS NULL AND post.start_date <= $1 AND (post.end_date IS NULL OR post.end_date >= $1) AND "
                    "post.kind IN (",
                    absl::StrJoin(kinds, ", "), "))");
  }
  absl::StrAppend(&where, " ORDER BY display_name, path LIMIT ", page_size + 1);
  return registry.store().Read(context.deadline, [&](store::Session& session) -> absl::Status {
    std::vector<v1::Person> people;
    v1::Person person;
    FIVESTRAND_RETURN_IF_ERROR(registry.Scan(session, v1::Person::descriptor(), where, params, &person, [&] {
      people.push_back(person);
      return absl::OkStatus();
    }));
    const bool more = static_cast<int>(people.size()) > page_size;
    if (more) people.pop_back();
    for (const v1::Person& each : people)
      FIVESTRAND_RETURN_IF_ERROR(Fill(registry, session, each, today, response->add_identities()));
    if (more) {
      const v1::Person& last = people.back();
      const std::string_view path = std::string_view(last.name()).substr(names::TrustNameOf(last.name()).size() + 1);
      response->set_next_page_token(
          registry.page_tokens().Seal(absl::StrCat(binding, "\x1f", last.display_name(), "\x1f", AbslView(path))));
    }
    return absl::OkStatus();
  });
}

}  // namespace

void BindIdentity(const resource::Registry& registry, rpc::Server& server) {
  server.Handle<v1::ResolveIdentityRequest, v1::Identity>(
      rpc::FindMethod("fivestrand.leadership.v1.IdentityService.ResolveIdentity"), rpc::Runs::kPool,
      [&registry](const rpc::CallContext& context, const v1::ResolveIdentityRequest& request, v1::Identity* response) {
        return Resolve(registry, context, request, response);
      });
  server.Handle<v1::ListIdentitiesRequest, v1::ListIdentitiesResponse>(
      rpc::FindMethod("fivestrand.leadership.v1.IdentityService.ListIdentities"), rpc::Runs::kPool,
      [&registry](const rpc::CallContext& context, const v1::ListIdentitiesRequest& request, v1::ListIdentitiesResponse* response) {
        return List(registry, context, request, response);
      });
}

}  // namespace fivestrand::leadership::api
