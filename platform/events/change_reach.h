// Which changes a screen may be told of: those of records that its caller may list. Internal to platform/events.
#ifndef FIVESTRAND_PLATFORM_EVENTS_CHANGE_REACH_H_
#define FIVESTRAND_PLATFORM_EVENTS_CHANGE_REACH_H_

#include <string>

#include "absl/container/flat_hash_map.h"

#include "platform/events/feed_stream.h"

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::rpc {
class Server;
}

namespace fivestrand::events {

// Learn before anything else; then used by the pump's thread.
class ChangeReach {
 public:
  explicit ChangeReach(const resource::Registry& registry) : registry_(registry) {}

  // The permissions of the List methods that are registered on the server; of a type that has none, that of listing its revisions.
  void Learn(const rpc::Server& server);
  bool MayList(FeedStream& stream, const v1::Event& event) const;

 private:
  const resource::Registry& registry_;
  absl::flat_hash_map<std::string, std::string> list_permissions_;
};

}  // namespace fivestrand::events

#endif  // FIVESTRAND_PLATFORM_EVENTS_CHANGE_REACH_H_
