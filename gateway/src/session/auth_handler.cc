#include "gateway/src/session/auth_handler.h"

#include <utility>

#include "fivestrand/leadership/v1/identity.pb.h"
#include "fivestrand/leadership/v1/organisation_service.pb.h"

#include "gateway/src/session/auth_json.h"
#include "gateway/src/session/origin.h"
#include "gateway/src/transcode/error_response.h"
#include "gateway/src/transcode/rest_request.h"
#include "platform/status/status.h"

namespace fivestrand::gateway::session {
namespace {

using http::Exchange;
using http::Method;

const std::string kListIdentities = "/fivestrand.leadership.v1.IdentityService/ListIdentities";
const std::string kListSchools = "/fivestrand.leadership.v1.OrganisationService/ListSchools";
constexpr int kPageSize = 200;

http::Response Json(std::string body, std::string_view set_cookie = "") {
  http::Response response;
  response.headers.AddLines(transcode::kJsonHeaders);
  if (!set_cookie.empty()) response.headers.Add("Set-Cookie", set_cookie);
  response.body = std::move(body);
  return response;
}

template <class M>
bool Parse(const upstream::Message& answer, M* message) {
  std::string scratch;
  const std::string_view bytes = answer.View(&scratch);
  return message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace

// People that were read so far.
struct AuthHandler::PeopleList {
  std::shared_ptr<Exchange> exchange;
  size_t count = 0;
  std::string json = "{\"people\":[";
};

AuthHandler::AuthHandler(AuthOptions options, Sessions* sessions, Identities* identities, Authenticator* authenticator,
                         upstream::Upstream* leadership, Respond respond, Fail fail)
    : options_(std::move(options)),
      sessions_(sessions),
      identities_(identities),
      authenticator_(authenticator),
      leadership_(leadership),
      respond_(std::move(respond)),
      fail_(std::move(fail)) {}

void AuthHandler::Handle(std::shared_ptr<Exchange> exchange) {
  struct Address {
    std::string_view path;
    Method method;
    bool demo;
    void (*handle)(AuthHandler*, std::shared_ptr<Exchange>);
  };
  static constexpr Address kAddresses[] = {
      {"/auth/me", Method::kGet, false,
       [](AuthHandler* self, std::shared_ptr<Exchange> e) {
         self->Me(std::move(e));
       }},
      {"/auth/token", Method::kPost, false,
       [](AuthHandler* self, std::shared_ptr<Exchange> e) {
         self->Token(std::move(e));
       }},
      {"/auth/sign-out", Method::kPost, false,
       [](AuthHandler* self, std::shared_ptr<Exchange> e) {
         self->SignOut(*e);
       }},
      {"/auth/people", Method::kGet, true,
       [](AuthHandler* self, std::shared_ptr<Exchange> e) {
         self->People(std::move(e));
       }},
      {"/auth/sign-in", Method::kPost, true,
       [](AuthHandler* self, std::shared_ptr<Exchange> e) {
         self->SignIn(std::move(e));
       }},
  };
  exchange->set_route("auth", "/auth/*");
  for (const Address& address : kAddresses) {
    if (exchange->request().path() != address.path || (address.demo && !options_.demo)) continue;
    exchange->set_route("auth", address.path);
    if (exchange->request().method != address.method) return fail_(*exchange, status::Unimplemented("this method"), 405);
    if (address.demo && !DemoAllowed(*exchange)) return;
    return address.handle(this, std::move(exchange));
  }
  fail_(*exchange, status::Unimplemented("this address"), 404);
}

bool AuthHandler::DemoAllowed(Exchange& exchange) {
  // Anybody may sign in here as anybody, so the request must come from this machine, under a name that only this machine has.
  const http::Request& request = exchange.request();
  if (request.loopback_peer && IsLoopbackHost(request.headers.Get("host")) && (!IsUnsafe(request.method) || IsSameOrigin(request)))
    return true;
  fail_(exchange, CsrfRejected(), 0);
  return false;
}

void AuthHandler::Me(std::shared_ptr<Exchange> exchange) {
  Exchange& e = *exchange;
  authenticator_->Authenticate(e.request(), &e.loop(),
                               [this, exchange = std::move(exchange)](absl::StatusOr<Credentials> credentials) mutable {
                                 if (!credentials.ok()) return fail_(*exchange, credentials.status(), 0);
                                 if (credentials->person == nullptr)
                                   return fail_(*exchange, status::Unauthenticated("this address is for sessions"), 0);
                                 SendMe(std::move(exchange), credentials->person, credentials->set_cookie);
                               });
}

void AuthHandler::Token(std::shared_ptr<Exchange> exchange) {
  Exchange& e = *exchange;
  authenticator_->Authenticate(
      e.request(), &e.loop(), [this, exchange = std::move(exchange)](absl::StatusOr<Credentials> credentials) {
        if (!credentials.ok()) return fail_(*exchange, credentials.status(), 0);
        constexpr size_t kScheme = sizeof("Bearer ") - 1;
        respond_(*exchange, Json(TokenJson(std::string_view(*credentials->authorization).substr(kScheme), credentials->expires),
                                 credentials->set_cookie));
      });
}

void AuthHandler::SignIn(std::shared_ptr<Exchange> exchange) {
  const http::Request& request = exchange->request();
  const std::optional<std::string> person = ReadSignIn(request.body);
  if (!transcode::IsJsonType(request.headers.Get("content-type")) || !person) {
    return fail_(*exchange,
                 status::Invalid(status::Reason::kMalformedBody, "body", "must be {\"person\": \"trusts/.../people/...\"}"), 0);
  }
  if (const auto old = sessions_->Open(request.headers.Get("cookie"))) sessions_->SignOut(*old);
  http::Loop* loop = &exchange->loop();
  identities_->Resolve(
      *person, loop,
      [this, exchange = std::move(exchange)](absl::StatusOr<std::shared_ptr<const ResolvedPerson>> resolved) mutable {
        if (!resolved.ok()) return fail_(*exchange, resolved.status(), 0);
        const std::string cookie = sessions_->SignIn(options_.new_id(), (*resolved)->person);
        SendMe(std::move(exchange), *std::move(resolved), cookie);
      });
}

void AuthHandler::SignOut(Exchange& exchange) {
  if (!IsSameOrigin(exchange.request())) return fail_(exchange, CsrfRejected(), 0);
  const auto session = sessions_->Open(exchange.request().headers.Get("cookie"));
  respond_(exchange, Json("{}", session ? sessions_->SignOut(*session) : sessions_->ClearCookie()));
}

void AuthHandler::SendMe(std::shared_ptr<Exchange> exchange, std::shared_ptr<const ResolvedPerson> person, std::string set_cookie) {
  leadership::v1::ListSchoolsRequest request;
  request.set_parent(person->trust);
  request.set_page_size(kPageSize);
  upstream::CallSpec spec;
  spec.path = &kListSchools;
  spec.bytes = request.SerializeAsString();
  spec.metadata = {{"authorization", *person->authorization}, {"x-request-id", exchange->request_id()}};
  spec.deadline = absl::Now() + options_.call_timeout;
  http::Loop* loop = &exchange->loop();
  leadership_->Unary(std::move(spec), loop,
                     [this, exchange = std::move(exchange), person = std::move(person), set_cookie = std::move(set_cookie)](
                         const upstream::CallEnd& end, const upstream::Message* answer) {
                       if (!end.status.ok()) return fail_(*exchange, end.status, 0);
                       leadership::v1::ListSchoolsResponse schools;
                       if (!Parse(*answer, &schools))
                         return fail_(*exchange, status::Internal("ListSchools answered something else"), 0);
                       respond_(*exchange, Json(MeJson(*person, schools), set_cookie));
                     });
}

void AuthHandler::People(std::shared_ptr<Exchange> exchange) {
  auto list = std::make_shared<PeopleList>();
  list->exchange = std::move(exchange);
  NextPeople(std::move(list), "");
}

void AuthHandler::NextPeople(std::shared_ptr<PeopleList> list, std::string page_token) {
  absl::StatusOr<std::string> authorization = identities_->ServiceAuthorization();
  if (!authorization.ok()) return fail_(*list->exchange, authorization.status(), 0);
  leadership::v1::ListIdentitiesRequest request;
  request.set_page_size(kPageSize);
  request.set_page_token(std::move(page_token));
  upstream::CallSpec spec;
  spec.path = &kListIdentities;
  spec.bytes = request.SerializeAsString();
  spec.metadata = {{"authorization", *std::move(authorization)}, {"x-request-id", list->exchange->request_id()}};
  spec.deadline = absl::Now() + options_.call_timeout;
  http::Loop* loop = &list->exchange->loop();
  leadership_->Unary(std::move(spec), loop,
                     [this, list = std::move(list)](const upstream::CallEnd& end, const upstream::Message* answer) mutable {
                       if (!end.status.ok()) return fail_(*list->exchange, end.status, 0);
                       leadership::v1::ListIdentitiesResponse page;
                       if (!Parse(*answer, &page))
                         return fail_(*list->exchange, status::Internal("ListIdentities answered something else"), 0);
                       for (const auto& identity : page.identities()) AppendPersonJson(identity, &list->json);
                       list->count += page.identities_size();
                       if (!page.next_page_token().empty() && list->count < options_.max_people)
                         return NextPeople(std::move(list), page.next_page_token());
                       list->json.append("]}");
                       respond_(*list->exchange, Json(std::move(list->json)));
                     });
}

}  // namespace fivestrand::gateway::session
