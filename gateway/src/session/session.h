// Sessions of the portal: who signed in, kept in a sealed cookie and nowhere else, except for the ids of those that were signed
// out.
#ifndef FIVESTRAND_GATEWAY_SRC_SESSION_SESSION_H_
#define FIVESTRAND_GATEWAY_SRC_SESSION_SESSION_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"

namespace fivestrand::crypto {
class CookieSealer;
class Keyring;
}  // namespace fivestrand::crypto

namespace fivestrand::gateway::session {

struct Session {
  std::string id;
  std::string person;  // resource name
  absl::Time issued;
  // When the cookie was last written.
  absl::Time renewed;
};

struct SessionOptions {
  // From the sign-in, whatever happens in between.
  absl::Duration lifetime = absl::Hours(12);
  // Without a request for so long, a session ends.
  absl::Duration idle = absl::Hours(2);
  // A cookie older than this is written again.
  absl::Duration renew_after = absl::Minutes(10);
  // Signed-out sessions that are remembered until they would have ended by themselves.
  size_t max_revoked = 100'000;
  size_t max_opened = 10'000;
  // The cookie is for TLS only and its name says so.
  bool secure = false;
  std::function<absl::Time()> clock;
};

// Thread-safe.
class Sessions {
 public:
  Sessions(const crypto::Keyring& keyring, SessionOptions options);
  ~Sessions();

  // "__Host-fivestrand" with TLS, else "fivestrand".
  std::string_view cookie_name() const;

  // A new session, as the value of a Set-Cookie header.
  std::string SignIn(std::string_view id, std::string_view person);
  // The session of a Cookie header; nullopt when there is none, or it is damaged, over, or signed out.
  std::optional<Session> Open(std::string_view cookie_header);
  // The value of a Set-Cookie header when the cookie should be written again, or "".
  std::string Renewal(const Session& session) const;
  // Ends the session everywhere in this process and gives the Set-Cookie value that removes the cookie.
  std::string SignOut(const Session& session);
  // Removes the cookie.
  std::string ClearCookie() const;

 private:
  std::string SetCookie(const Session& session) const;
  bool Alive(const Session& session, absl::Time now) const;
  bool Revoked(const std::string& id);

  const std::unique_ptr<const crypto::CookieSealer> sealer_;
  const SessionOptions options_;
  std::mutex mutex_;  // of all below
  // Opening costs microseconds, and a browser sends the same cookie again and again.
  absl::flat_hash_map<std::string, Session> opened_;
  absl::flat_hash_map<std::string, absl::Time> revoked_;  // until when
  std::multimap<absl::Time, std::string> revoked_by_end_;
};

}  // namespace fivestrand::gateway::session

#endif  // FIVESTRAND_GATEWAY_SRC_SESSION_SESSION_H_
