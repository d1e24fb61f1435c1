#include "gateway/src/session/auth_json.h"

#include <algorithm>

#include "fivestrand/leadership/v1/identity.pb.h"
#include "fivestrand/leadership/v1/organisation_service.pb.h"

#include "gateway/src/session/identities.h"
#include "gateway/src/transcode/json_scanner.h"
#include "gateway/src/transcode/json_text.h"
#include "gateway/src/transcode/well_known.h"

namespace fivestrand::gateway::session {
namespace {

void AppendMember(std::string_view key, std::string_view value, std::string* out) {
  if (out->back() != '{') out->push_back(',');
  transcode::AppendJsonString(key, out);
  out->push_back(':');
  transcode::AppendJsonString(value, out);
}

// Whether the person has business in the school: a grant for it, or for the whole trust.
bool Covers(const identity::Caller& caller, const std::string& school) {
  const std::string id = school.substr(school.rfind('/') + 1);
  return std::any_of(caller.grants.begin(), caller.grants.end(), [&](const auto& grant) { return grant.CoversSchool(id); });
}

}  // namespace

std::string MeJson(const ResolvedPerson& person, const leadership::v1::ListSchoolsResponse& schools) {
  std::string out = "{";
  AppendMember("person", person.person, &out);
  AppendMember("displayName", person.display_name, &out);
  AppendMember("postTitle", person.post_title, &out);
  AppendMember("trust", person.trust, &out);
  out.append(",\"grants\":[");
  for (const auto& grant : person.caller.grants) {
    if (out.back() != '[') out.push_back(',');
    out.push_back('{');
    AppendMember("role", type::v1::Role_Name(grant.role), &out);
    out.append(",\"schools\":[");
    for (const std::string& school : grant.schools) {
      if (out.back() != '[') out.push_back(',');
      transcode::AppendJsonString(school, &out);
    }
    out.append("]}");
  }
  out.append("],\"schools\":[");
  for (const auto& school : schools.schools()) {
    if (!Covers(person.caller, school.name())) continue;
    if (out.back() != '[') out.push_back(',');
    out.push_back('{');
    AppendMember("name", school.name(), &out);
    AppendMember("displayName", school.display_name(), &out);
    out.push_back('}');
  }
  out.append("]}");
  return out;
}

void AppendPersonJson(const leadership::v1::Identity& identity, std::string* out) {
  if (out->back() != '[') out->push_back(',');
  out->push_back('{');
  AppendMember("person", identity.person(), out);
  AppendMember("displayName", identity.display_name(), out);
  AppendMember("postTitle", identity.post_title(), out);
  AppendMember("postKind", leadership::v1::Post_Kind_Name(identity.post_kind()), out);
  AppendMember("school", identity.school(), out);
  AppendMember("schoolDisplayName", identity.school_display_name(), out);
  out->push_back('}');
}

std::string TokenJson(std::string_view token, absl::Time expires) {
  std::string time, out = "{";
  transcode::FormatTimestamp(absl::ToUnixSeconds(expires), 0, &time);
  AppendMember("token", token, &out);
  AppendMember("expireTime", time, &out);
  out.push_back('}');
  return out;
}

std::optional<std::string> ReadSignIn(std::string_view body) {
  transcode::JsonScanner in(body);
  std::string key, person;
  if (!in.Take('{') || in.Peek() != '"' || !in.TakeString(&key) || key != "person" || !in.Take(':') || in.Peek() != '"' ||
      !in.TakeString(&person) || !in.Take('}') || !in.AtEnd() || person.empty()) {
    return std::nullopt;
  }
  return person;
}

}  // namespace fivestrand::gateway::session
