#include "gateway/src/session/authenticator.h"

#include <utility>

#include "absl/strings/match.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

#include "gateway/src/session/origin.h"
#include "platform/status/rpc_status.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::gateway::session {

void Authenticator::Authenticate(const http::Request& request, http::Loop* loop, CredentialsDone done) {
  if (const auto authorization = request.headers.Find("authorization")) return done(FromBearer(*authorization));
  const std::optional<Session> session = sessions_->Open(request.headers.Get("cookie"));
  if (!session) return done(status::Unauthenticated("sign in, or bring an identity token"));
  if (IsUnsafe(request.method) && !IsSameOrigin(request)) return done(CsrfRejected());
  identities_->Resolve(session->person, loop,
                       [renewal = sessions_->Renewal(*session),
                        done = std::move(done)](absl::StatusOr<std::shared_ptr<const ResolvedPerson>> person) mutable {
                         if (!person.ok()) return done(person.status());
                         Credentials credentials;
                         credentials.authorization = (*person)->authorization;
                         credentials.expires = (*person)->token_expires;
                         credentials.person = *std::move(person);
                         credentials.set_cookie = std::move(renewal);
                         done(std::move(credentials));
                       });
}

absl::Status CsrfRejected() {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(status::ReasonName(status::Reason::kCsrfRejected)));
  info.set_domain(std::string(status::kErrorDomain));
  google::rpc::Status rpc;
  rpc.set_code(static_cast<int>(absl::StatusCode::kPermissionDenied));
  rpc.set_message("the request does not come from the portal");
  rpc.add_details()->PackFrom(info);
  return status::FromRpcStatus(rpc);
}

absl::StatusOr<Credentials> Authenticator::FromBearer(std::string_view authorization) {
  constexpr std::string_view kScheme = "Bearer ";
  if (!absl::StartsWithIgnoreCase(AbslView(authorization), AbslView(kScheme)))
    return status::Unauthenticated("only bearer tokens are taken");
  absl::StatusOr<std::shared_ptr<const identity::Caller>> caller = verifier_->Verify(authorization.substr(kScheme.size()));
  if (!caller.ok()) return caller.status();
  Credentials credentials;
  credentials.authorization = std::make_shared<const std::string>(authorization);
  credentials.expires = (*caller)->expires;
  return credentials;
}

}  // namespace fivestrand::gateway::session
