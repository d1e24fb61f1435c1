#include "gateway/src/session/identities.h"

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "fivestrand/leadership/v1/identity.pb.h"

#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::gateway::session {
namespace {

const std::string kResolvePath = "/fivestrand.leadership.v1.IdentityService/ResolveIdentity";
constexpr absl::Duration kTokenLife = absl::Minutes(5);

std::string LastSegment(const std::string& name) {
  return name.substr(name.rfind('/') + 1);
}

// "trusts/{trust}" of "trusts/{trust}/people/{person}".
std::string TrustOf(const std::string& person) {
  const size_t second = person.find('/', person.find('/') + 1);
  return person.substr(0, second);
}

absl::Time Midnight(const google::type::Date& date, int days_later) {
  static const absl::TimeZone england = [] {
    absl::TimeZone zone = absl::UTCTimeZone();
    absl::LoadTimeZone("Europe/London", &zone);
    return zone;
  }();
  return absl::FromCivil(absl::CivilDay(date.year(), date.month(), date.day()) + days_later, england);
}

}  // namespace

identity::Caller CallerOf(const leadership::v1::Identity& identity) {
  identity::Caller caller;
  caller.subject = identity.person();
  caller.trust = LastSegment(TrustOf(identity.person()));
  for (const auto& from : identity.grants()) {
    identity::Grant& grant = caller.grants.emplace_back();
    grant.role = from.role();
    for (const std::string& school : from.schools()) grant.schools.push_back(LastSegment(school));
    for (const int year_group : from.year_groups()) grant.year_groups.push_back(year_group);
    for (const std::string& subject : from.subjects()) grant.subjects.push_back(LastSegment(subject));
    if (from.has_start_date()) grant.start = Midnight(from.start_date(), 0);
    if (from.has_end_date()) grant.end = Midnight(from.end_date(), 1);
  }
  return caller;
}

Identities::Identities(upstream::Upstream* leadership, const identity::TokenSigner* signer, IdentitiesOptions options)
    : leadership_(leadership), signer_(signer), options_(std::move(options)) {}

void Identities::Resolve(const std::string& person, http::Loop* loop, PersonDone done) {
  const absl::Time now = options_.clock();
  std::shared_ptr<const ResolvedPerson> known;
  bool ask = false;
  {
    const std::lock_guard lock(mutex_);
    if (people_.size() >= options_.max_people && !people_.contains(person)) MakeRoom();
    Entry& entry = people_[person];
    if (entry.known != nullptr && now < entry.known->resolved + options_.max_age && now < entry.known->token_expires)
      known = entry.known;
    ask = !entry.asking && (known == nullptr || now >= known->resolved + options_.refresh_after);
    if (ask) entry.asking = true;
    if (known == nullptr) entry.waiting.emplace_back(loop, std::move(done));
  }
  if (ask) Ask(person, loop);
  if (known != nullptr) done(std::move(known));
}

void Identities::MakeRoom() {
  const absl::Time oldest = options_.clock() - options_.max_age;
  absl::erase_if(people_, [&](const auto& item) {
    const Entry& entry = item.second;
    return !entry.asking && entry.waiting.empty() && (entry.known == nullptr || entry.known->resolved < oldest);
  });
  if (people_.size() < options_.max_people) return;
  absl::erase_if(people_, [](const auto& item) { return !item.second.asking && item.second.waiting.empty(); });
}

void Identities::Ask(const std::string& person, http::Loop* loop) {
  absl::StatusOr<std::string> authorization = ServiceAuthorization();
  if (!authorization.ok()) return Answered(person, loop, authorization.status());
  leadership::v1::ResolveIdentityRequest request;
  request.set_person(person);
  upstream::CallSpec spec;
  spec.path = &kResolvePath;
  spec.bytes = request.SerializeAsString();
  spec.metadata.emplace_back("authorization", *std::move(authorization));
  spec.deadline = absl::Now() + options_.call_timeout;
  leadership_->Unary(std::move(spec), loop, [this, person, loop](const upstream::CallEnd& end, const upstream::Message* answer) {
    Answered(person, loop, Read(person, end, answer));
  });
}

absl::StatusOr<std::shared_ptr<const ResolvedPerson>> Identities::Read(const std::string& person, const upstream::CallEnd& end,
                                                                       const upstream::Message* answer) {
  if (absl::IsNotFound(end.status) || absl::IsInvalidArgument(end.status))
    return status::Unauthenticated("the person cannot sign in");
  if (absl::IsUnauthenticated(end.status) || absl::IsPermissionDenied(end.status)) {
    // It is the gateway's own token that was refused; the person need not hear of that.
    return status::Internal(absl::StrCat("leadership refuses the gateway: ", end.status.message()));
  }
  if (!end.status.ok()) return end.status;
  std::string scratch;
  const std::string_view bytes = answer->View(&scratch);
  leadership::v1::Identity identity;
  if (!identity.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || identity.person() != person) {
    return status::Internal("leadership answered ResolveIdentity with something else");
  }
  auto resolved = std::make_shared<ResolvedPerson>();
  resolved->person = identity.person();
  resolved->trust = TrustOf(identity.person());
  resolved->display_name = identity.display_name();
  resolved->post_title = identity.post_title();
  resolved->caller = CallerOf(identity);
  resolved->resolved = options_.clock();
  std::shared_ptr<const ResolvedPerson> before;
  {
    const std::lock_guard lock(mutex_);
    before = people_[person].known;
  }
  if (absl::Status signed_ok = Sign(before.get(), resolved.get()); !signed_ok.ok()) return signed_ok;
  return resolved;
}

absl::Status Identities::Sign(const ResolvedPerson* before, ResolvedPerson* person) const {
  const absl::Time now = options_.clock();
  // The same grants: the same token, so that services need not verify another one.
  if (before != nullptr && before->caller.grants == person->caller.grants &&
      now + options_.min_token_life < before->token_expires) {
    person->authorization = before->authorization;
    person->token_expires = before->token_expires;
    return absl::OkStatus();
  }
  person->token_expires = now + kTokenLife;
  person->caller.expires = person->token_expires;
  absl::StatusOr<std::string> token = signer_->Sign(person->caller);
  if (!token.ok()) return token.status();
  person->authorization = std::make_shared<const std::string>(absl::StrCat("Bearer ", *token));
  return absl::OkStatus();
}

void Identities::Answered(const std::string& person, http::Loop* loop,
                          absl::StatusOr<std::shared_ptr<const ResolvedPerson>> answer) {
  std::vector<std::pair<http::Loop*, PersonDone>> waiting;
  {
    const std::lock_guard lock(mutex_);
    Entry& entry = people_[person];
    entry.asking = false;
    waiting.swap(entry.waiting);
    if (answer.ok()) {
      entry.known = *answer;
    } else if (absl::IsUnauthenticated(answer.status())) {
      people_.erase(person);  // Who has left is out at once, not at the end of the minute.
    }
  }
  for (auto& [waiting_loop, done] : waiting) {
    if (waiting_loop == loop) {
      done(answer);
    } else {
      waiting_loop->Post([done = std::move(done), answer]() mutable { done(answer); });
    }
  }
}

absl::StatusOr<std::string> Identities::ServiceAuthorization() {
  const absl::Time now = options_.clock();
  const std::lock_guard lock(mutex_);
  if (now + options_.min_token_life < service_expires_) return service_authorization_;
  identity::Caller gateway;
  gateway.subject = "services/gateway";
  gateway.grants.emplace_back().role = type::v1::ROLE_SERVICE;
  gateway.expires = now + kTokenLife;
  absl::StatusOr<std::string> token = signer_->Sign(gateway);
  if (!token.ok()) return token.status();
  service_authorization_ = absl::StrCat("Bearer ", *token);
  service_expires_ = gateway.expires;
  return service_authorization_;
}

}  // namespace fivestrand::gateway::session
