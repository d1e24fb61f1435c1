#include "gateway/src/session/session.h"

#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "gateway/src/http/uri.h"
#include "platform/crypto/sealed_text.h"
#include "platform/status/views.h"

namespace fivestrand::gateway::session {
namespace {

constexpr std::string_view kPurpose = "gateway-session";
constexpr size_t kMaxCookieBytes = 2048;

// Fields by newline; neither ids nor resource names can hold one.
std::string Write(const Session& session) {
  return absl::StrCat("1\n", session.id, "\n", session.person, "\n", absl::ToUnixSeconds(session.issued), "\n",
                      absl::ToUnixSeconds(session.renewed));
}

std::optional<Session> Read(const std::string& text) {
  const std::vector<std::string> fields = absl::StrSplit(text, '\n');
  int64_t issued, renewed;
  if (fields.size() != 5 || fields[0] != "1" || !absl::SimpleAtoi(fields[3], &issued) || !absl::SimpleAtoi(fields[4], &renewed))
    return std::nullopt;
  return Session{fields[1], fields[2], absl::FromUnixSeconds(issued), absl::FromUnixSeconds(renewed)};
}

}  // namespace

Sessions::Sessions(const crypto::Keyring& keyring, SessionOptions options)
    : sealer_(std::make_unique<crypto::CookieSealer>(keyring, kPurpose)), options_(std::move(options)) {}
Sessions::~Sessions() = default;

std::string_view Sessions::cookie_name() const {
  return options_.secure ? "__Host-fivestrand" : "fivestrand";
}

std::string Sessions::SetCookie(const Session& session) const {
  const absl::Duration left = session.issued + options_.lifetime - options_.clock();
  return absl::StrCat(AbslView(cookie_name()), "=", sealer_->Seal(Write(session)),
                      "; Path=/; HttpOnly; SameSite=Strict; Max-Age=", absl::ToInt64Seconds(left),
                      options_.secure ? "; Secure" : "");
}

std::string Sessions::ClearCookie() const {
  return absl::StrCat(AbslView(cookie_name()), "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0",
                      options_.secure ? "; Secure" : "");
}

std::string Sessions::SignIn(std::string_view id, std::string_view person) {
  const absl::Time now = options_.clock();
  return SetCookie({std::string(id), std::string(person), now, now});
}

bool Sessions::Alive(const Session& session, absl::Time now) const {
  return now < session.issued + options_.lifetime && now < session.renewed + options_.idle;
}

bool Sessions::Revoked(const std::string& id) {
  const std::lock_guard lock(mutex_);
  return revoked_.contains(id);
}

std::optional<Session> Sessions::Open(std::string_view cookie_header) {
  const auto cookie = http::FindCookie(cookie_header, cookie_name());
  if (!cookie || cookie->empty() || cookie->size() > kMaxCookieBytes) return std::nullopt;
  const absl::Time now = options_.clock();
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = opened_.find(AbslView(*cookie)); found != opened_.end()) {
      if (!Alive(found->second, now) || revoked_.contains(found->second.id)) {
        opened_.erase(found);
        return std::nullopt;
      }
      return found->second;
    }
  }
  const std::optional<std::string> text = sealer_->Open(*cookie);
  std::optional<Session> session = text ? Read(*text) : std::nullopt;
  if (!session || !Alive(*session, now) || Revoked(session->id)) return std::nullopt;
  const std::lock_guard lock(mutex_);
  if (opened_.size() >= options_.max_opened) opened_.clear();  // A cache: opening again is all that it costs.
  opened_.emplace(std::string(*cookie), *session);
  return session;
}

std::string Sessions::Renewal(const Session& session) const {
  const absl::Time now = options_.clock();
  if (now < session.renewed + options_.renew_after) return "";
  Session renewed = session;
  renewed.renewed = now;
  return SetCookie(renewed);
}

std::string Sessions::SignOut(const Session& session) {
  const absl::Time now = options_.clock();
  const std::lock_guard lock(mutex_);
  while (!revoked_by_end_.empty() && (revoked_by_end_.begin()->first <= now || revoked_.size() >= options_.max_revoked)) {
    revoked_.erase(revoked_by_end_.begin()->second);
    revoked_by_end_.erase(revoked_by_end_.begin());
  }
  const absl::Time end = session.issued + options_.lifetime;
  if (revoked_.emplace(session.id, end).second) revoked_by_end_.emplace(end, session.id);
  return ClearCookie();
}

}  // namespace fivestrand::gateway::session
