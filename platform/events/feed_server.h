// Serves the outbox: the full feed to other services, snapshots to those that start, and names of changes to screens.
//
// One thread reads each new event once and hands it to every open stream; a stream that is behind is caught up from the store, no
// faster than its reader reads.
#ifndef FIVESTRAND_PLATFORM_EVENTS_FEED_SERVER_H_
#define FIVESTRAND_PLATFORM_EVENTS_FEED_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"

#include "platform/events/follow_spec.h"

namespace prometheus {
class Registry;
}

namespace fivestrand::rpc {
class Server;
}

namespace fivestrand::events {

class FeedServer {
 public:
  // `registry` and its store outlive this object. Takes the store's commit listener. `service` labels its metrics; `snapshots` is
  // what its snapshot holds besides the registry's records.
  FeedServer(const resource::Registry& registry, std::string service, std::vector<SnapshotSource> snapshots,
             prometheus::Registry* metrics);
  FeedServer(const FeedServer&) = delete;
  FeedServer& operator=(const FeedServer&) = delete;
  // Stops, ending what is still open.
  ~FeedServer();

  // Registers EventFeed and ChangeService. After the record services were registered on `server`: what a caller may watch is what
  // the List methods of these let it list.
  void Bind(rpc::Server& server);

  absl::Status Start();
  void Stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fivestrand::events

#endif  // FIVESTRAND_PLATFORM_EVENTS_FEED_SERVER_H_
