#include "platform/identity/claims.h"

#include <utility>

#include "fivestrand/type/v1/role.pb.h"
#include "nlohmann/json.hpp"

#include "platform/identity/keys.h"
#include "platform/identity/token.h"

namespace fivestrand::identity {
namespace {

using Json = nlohmann::json;

// Seconds that absl::Time holds without becoming infinite, with room to add a leeway.
constexpr int64_t kMaxSeconds = int64_t{1} << 40;
constexpr size_t kGrantMembers = 7;

Json SecondsOf(absl::Time time) {
  if (time == absl::InfinitePast() || time == absl::InfiniteFuture()) return nullptr;
  return absl::ToUnixSeconds(time);
}

Json WriteGrant(const Grant& grant) {
  Json members = Json::array({static_cast<int>(grant.role), grant.schools, grant.year_groups, grant.subjects, grant.classes,
                              SecondsOf(grant.start), SecondsOf(grant.end)});
  while (members.size() > 1 && (members.back().is_null() || (members.back().is_array() && members.back().empty()))) {
    members.erase(members.size() - 1);
  }
  return members;
}

bool ReadTime(const Json& json, absl::Time* time) {
  if (!json.is_number_integer()) return false;
  const int64_t seconds = json.is_number_unsigned() && json.get<uint64_t>() > static_cast<uint64_t>(kMaxSeconds)
                              ? kMaxSeconds + 1
                              : json.get<int64_t>();
  if (seconds < -kMaxSeconds || seconds > kMaxSeconds) return false;
  *time = absl::FromUnixSeconds(seconds);
  return true;
}

bool ReadTexts(const Json& json, std::vector<std::string>* texts) {
  if (!json.is_array()) return false;
  for (const Json& text : json) {
    if (!text.is_string()) return false;
    texts->push_back(text.get<std::string>());
  }
  return true;
}

bool ReadNumber(const Json& json, int32_t* number) {
  if (!json.is_number_unsigned() || json.get<uint64_t>() > INT32_MAX) return false;
  *number = json.get<int32_t>();
  return true;
}

bool ReadNumbers(const Json& json, std::vector<int32_t>* numbers) {
  if (!json.is_array()) return false;
  for (const Json& entry : json) {
    if (!ReadNumber(entry, &numbers->emplace_back())) return false;
  }
  return true;
}

bool ReadGrant(const Json& json, Grant* grant) {
  if (!json.is_array() || json.empty() || json.size() > kGrantMembers) return false;
  int32_t role = 0;
  if (!ReadNumber(json[0], &role)) return false;
  // A role that a newer signer knows and we do not grants nothing here, and the rest of the token still counts.
  grant->role = static_cast<Role>(role);
  const size_t size = json.size();
  return (size <= 1 || ReadTexts(json[1], &grant->schools)) && (size <= 2 || ReadNumbers(json[2], &grant->year_groups)) &&
         (size <= 3 || ReadTexts(json[3], &grant->subjects)) && (size <= 4 || ReadTexts(json[4], &grant->classes)) &&
         (size <= 5 || json[5].is_null() || ReadTime(json[5], &grant->start)) &&
         (size <= 6 || json[6].is_null() || ReadTime(json[6], &grant->end));
}

}  // namespace

std::string WriteClaims(const Claims& claims) {
  Json grants = Json::array();
  for (const Grant& grant : claims.caller.grants) grants.push_back(WriteGrant(grant));
  const Json json = {{"iss", claims.issuer},
                     {"aud", claims.audience},
                     {"sub", claims.caller.subject},
                     {"trust", claims.caller.trust},
                     {"iat", absl::ToUnixSeconds(claims.issued)},
                     {"nbf", absl::ToUnixSeconds(claims.not_before)},
                     {"exp", absl::ToUnixSeconds(claims.caller.expires)},
                     {"jti", claims.caller.token_id},
                     {"grants", std::move(grants)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<Claims> ReadClaims(std::string_view text) {
  const Json json = ParseObject(text);
  if (json.is_null()) return std::nullopt;
  Claims claims;
  claims.issuer = TextMember(json, "iss");
  claims.audience = TextMember(json, "aud");
  claims.caller.subject = TextMember(json, "sub");
  claims.caller.trust = TextMember(json, "trust");
  claims.caller.token_id = TextMember(json, "jti");
  if (!ReadTime(json.value("iat", Json()), &claims.issued) || !ReadTime(json.value("nbf", Json()), &claims.not_before) ||
      !ReadTime(json.value("exp", Json()), &claims.caller.expires)) {
    return std::nullopt;
  }
  const auto grants = json.find("grants");
  if (grants == json.end() || !grants->is_array() || grants->size() > kMaxGrants) return std::nullopt;
  for (const Json& grant : *grants) {
    if (!ReadGrant(grant, &claims.caller.grants.emplace_back())) return std::nullopt;
  }
  return claims;
}

}  // namespace fivestrand::identity
