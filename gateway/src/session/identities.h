// Who people are and what they may do, asked of the leadership service and remembered for a minute, with the token that says so.
#ifndef FIVESTRAND_GATEWAY_SRC_SESSION_IDENTITIES_H_
#define FIVESTRAND_GATEWAY_SRC_SESSION_IDENTITIES_H_

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "gateway/src/http/exchange.h"
#include "gateway/src/upstream/upstream.h"
#include "platform/identity/caller.h"
#include "platform/identity/token.h"

namespace fivestrand::leadership::v1 {
class Identity;
}

namespace fivestrand::gateway::session {

// A person as they were when they were asked for. Immutable.
struct ResolvedPerson {
  std::string person, trust;  // resource names
  std::string display_name, post_title;
  identity::Caller caller;
  // Value of the authorization header for calls in the person's name.
  std::shared_ptr<const std::string> authorization;
  absl::Time token_expires;
  absl::Time resolved;
};

using PersonDone = absl::AnyInvocable<void(absl::StatusOr<std::shared_ptr<const ResolvedPerson>>)>;

struct IdentitiesOptions {
  // Asked again in the background after the first, never used after the second.
  absl::Duration refresh_after = absl::Seconds(40);
  absl::Duration max_age = absl::Seconds(60);
  // A token with less time left is replaced.
  absl::Duration min_token_life = absl::Seconds(90);
  absl::Duration call_timeout = absl::Seconds(5);
  size_t max_people = 20'000;
  std::function<absl::Time()> clock;
};

// Thread-safe. `leadership` and `signer` must outlive it; it must outlive the loops' work.
class Identities {
 public:
  Identities(upstream::Upstream* leadership, const identity::TokenSigner* signer, IdentitiesOptions options);

  // Calls `done` on `loop`, whose thread this must be; at once when the person is known. UNAUTHENTICATED when there is no such
  // person or they have left; UNAVAILABLE when leadership does not answer.
  void Resolve(const std::string& person, http::Loop* loop, PersonDone done);

  // Value of the authorization header for calls in the gateway's own name.
  absl::StatusOr<std::string> ServiceAuthorization();

 private:
  struct Entry {
    std::shared_ptr<const ResolvedPerson> known;
    bool asking = false;
    std::vector<std::pair<http::Loop*, PersonDone>> waiting;
  };

  void Ask(const std::string& person, http::Loop* loop);
  void Answered(const std::string& person, http::Loop* loop, absl::StatusOr<std::shared_ptr<const ResolvedPerson>> answer);
  absl::StatusOr<std::shared_ptr<const ResolvedPerson>> Read(const std::string& person, const upstream::CallEnd& end,
                                                             const upstream::Message* answer);
  absl::Status Sign(const ResolvedPerson* before, ResolvedPerson* person) const;
  void MakeRoom();  // under the lock

  upstream::Upstream* const leadership_;
  const identity::TokenSigner* const signer_;
  const IdentitiesOptions options_;
  std::mutex mutex_;  // of all below
  absl::flat_hash_map<std::string, Entry> people_;
  std::string service_authorization_;
  absl::Time service_expires_ = absl::InfinitePast();
};

// The caller that an identity's grants make. Days are days in England: a grant counts from midnight to midnight there.
identity::Caller CallerOf(const leadership::v1::Identity& identity);

}  // namespace fivestrand::gateway::session

#endif  // FIVESTRAND_GATEWAY_SRC_SESSION_IDENTITIES_H_
