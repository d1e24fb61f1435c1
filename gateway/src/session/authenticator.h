// Turns what a request brings (a session cookie, a bearer token, nothing) into the authorization for a call to a service.
#ifndef FIVESTRAND_GATEWAY_SRC_SESSION_AUTHENTICATOR_H_
#define FIVESTRAND_GATEWAY_SRC_SESSION_AUTHENTICATOR_H_

#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "gateway/src/http/exchange.h"
#include "gateway/src/session/identities.h"
#include "gateway/src/session/session.h"
#include "platform/identity/token.h"

namespace fivestrand::gateway::session {

struct Credentials {
  std::shared_ptr<const std::string> authorization;
  absl::Time expires;  // of the token: a stream ends with it
  // For a session: who it is, and the Set-Cookie value if the cookie should be written again.
  std::shared_ptr<const ResolvedPerson> person;
  std::string set_cookie;
};

using CredentialsDone = absl::AnyInvocable<void(absl::StatusOr<Credentials>)>;

// Thread-safe. What it is given must outlive it.
class Authenticator {
 public:
  Authenticator(Sessions* sessions, Identities* identities, identity::TokenVerifier* verifier)
      : sessions_(sessions), identities_(identities), verifier_(verifier) {}

  // Calls `done` on `loop`, whose thread this must be, mostly at once. UNAUTHENTICATED: nobody, or nobody any more.
  // PERMISSION_DENIED (CSRF_REJECTED): a session's request that may change something and that the portal did not send. A bearer
  // token goes before a cookie: no browser adds one by itself.
  void Authenticate(const http::Request& request, http::Loop* loop, CredentialsDone done);

 private:
  absl::StatusOr<Credentials> FromBearer(std::string_view authorization);

  Sessions* const sessions_;
  Identities* const identities_;
  identity::TokenVerifier* const verifier_;
};

// The error for a request that the portal did not send.
absl::Status CsrfRejected();

}  // namespace fivestrand::gateway::session

#endif  // FIVESTRAND_GATEWAY_SRC_SESSION_AUTHENTICATOR_H_
