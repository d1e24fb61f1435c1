// Serves snapshots of what a service keeps to followers that start, each on a thread of its own: a reader that is slow holds up
// nothing but itself, and is given up after a while.
#ifndef FIVESTRAND_PLATFORM_EVENTS_SNAPSHOT_SERVER_H_
#define FIVESTRAND_PLATFORM_EVENTS_SNAPSHOT_SERVER_H_

#include <memory>
#include <vector>

#include "platform/events/follow_spec.h"

namespace fivestrand::rpc {
class Server;
}

namespace fivestrand::events {

class SnapshotServer {
 public:
  // `registry` and its store outlive this object. `sources`: what the snapshot holds besides the registry's records, mirrors
  // excepted.
  SnapshotServer(const resource::Registry& registry, std::vector<SnapshotSource> sources);
  SnapshotServer(const SnapshotServer&) = delete;
  SnapshotServer& operator=(const SnapshotServer&) = delete;
  ~SnapshotServer();

  void Bind(rpc::Server& server);
  // Ends what is under way and waits for it.
  void Stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fivestrand::events

#endif  // FIVESTRAND_PLATFORM_EVENTS_SNAPSHOT_SERVER_H_
