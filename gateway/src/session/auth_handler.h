// The addresses under /auth: who is signed in, signing in and out, and the caller's token.
#ifndef FIVESTRAND_GATEWAY_SRC_SESSION_AUTH_HANDLER_H_
#define FIVESTRAND_GATEWAY_SRC_SESSION_AUTH_HANDLER_H_

#include <functional>
#include <memory>
#include <string>

#include "gateway/src/http/exchange.h"
#include "gateway/src/session/authenticator.h"
#include "gateway/src/session/identities.h"
#include "gateway/src/session/session.h"
#include "gateway/src/upstream/upstream.h"

namespace fivestrand::gateway::session {

struct AuthOptions {
  // The sign-in without a password, for the demonstration trust. Only ever true when the server listens on loopback.
  bool demo = false;
  size_t max_people = 1000;
  absl::Duration call_timeout = absl::Seconds(5);
  std::function<std::string()> new_id;
};

//   GET  /auth/me         {person, displayName, postTitle, trust, grants: [{role, schools}], schools: [{name, displayName}]}
//   POST /auth/sign-out   {}
//   POST /auth/token      {token, expireTime}: the identity token, for calling the services directly
// and with `demo`
//   GET  /auth/people     {people: [{person, displayName, postTitle, schoolDisplayName}]}
//   POST /auth/sign-in    {"person": "trusts/t/people/p"} -> as /auth/me
class AuthHandler {
 public:
  // What `respond` gets is complete but for the headers that every answer has.
  using Respond = std::function<void(http::Exchange& exchange, http::Response response)>;
  using Fail = std::function<void(http::Exchange& exchange, const absl::Status& status, int http_status)>;

  AuthHandler(AuthOptions options, Sessions* sessions, Identities* identities, Authenticator* authenticator,
              upstream::Upstream* leadership, Respond respond, Fail fail);

  // `path` begins with "/auth/".
  void Handle(std::shared_ptr<http::Exchange> exchange);

 private:
  struct PeopleList;

  void Me(std::shared_ptr<http::Exchange> exchange);
  void Token(std::shared_ptr<http::Exchange> exchange);
  void SignIn(std::shared_ptr<http::Exchange> exchange);
  void SignOut(http::Exchange& exchange);
  void People(std::shared_ptr<http::Exchange> exchange);
  void NextPeople(std::shared_ptr<PeopleList> list, std::string page_token);
  void SendMe(std::shared_ptr<http::Exchange> exchange, std::shared_ptr<const ResolvedPerson> person, std::string set_cookie);
  bool DemoAllowed(http::Exchange& exchange);

  const AuthOptions options_;
  Sessions* const sessions_;
  Identities* const identities_;
  Authenticator* const authenticator_;
  upstream::Upstream* const leadership_;
  const Respond respond_;
  const Fail fail_;
};

}  // namespace fivestrand::gateway::session

#endif  // FIVESTRAND_GATEWAY_SRC_SESSION_AUTH_HANDLER_H_
