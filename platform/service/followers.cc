#include "platform/service/followers.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "platform/app/app.h"
#include "platform/events/follower.h"
#include "platform/rpc/client.h"
#include "platform/service/peers.h"
#include "platform/service/record_service.h"
#include "platform/status/status.h"

namespace fivestrand::service {

Followers::Followers(app::Service& service, const RecordServiceSpec& spec, const Peers& peers, const resource::Registry& registry) {
  for (const events::FollowSpec& follow : spec.follows) {
    if (peers.Find(follow.source) == nullptr) {
      service.logger().Info("a feed is not followed: its source has no address",
                            {{"service", spec.name}, {"source", follow.source}, {"follower", follow.name}});
      continue;
    }
    events::FollowerOptions options;
    options.service = spec.name;
    options.registry = &registry;
    options.metrics = &service.metrics();
    options.logger = &service.logger();
    options.client = [&peers, source = follow.source] {
      return peers.Find(source);
    };
    options.token = [&peers] {
      return peers.Token();
    };
    options.clock = service.clock();
    auto follower = std::make_shared<events::Follower>(follow, std::move(options));
    service.AddHealthDetail(absl::StrCat(spec.name, " follows ", follow.source, " (", follow.name, ")"),
                            [follower] { return follower->trouble(); });
    if (!follow.effect) {
      service.AddReadiness(absl::StrCat("the first snapshot of ", follow.source), [follower]() -> absl::Status {
        if (follower->whole()) return absl::OkStatus();
        return status::Unavailable(status::Reason::kUpstreamUnavailable, follower->trouble(), absl::Seconds(1));
      });
    }
    followers_.push_back(std::move(follower));
  }
}

Followers::~Followers() = default;

void Followers::Start() {
  for (const auto& follower : followers_) follower->Start();
}

void Followers::Stop() {
  for (const auto& follower : followers_) follower->Stop();
}

}  // namespace fivestrand::service
