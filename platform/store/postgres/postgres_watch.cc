#include <atomic>
#include <cstdint>
#include <errno.h>
#include <functional>
#include <libpq-fe.h>
#include <memory>
#include <poll.h>
#include <string>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "platform/store/postgres/postgres_client.h"
#include "platform/store/postgres/postgres_engine.h"

namespace fivestrand::store {
namespace {

constexpr int kLookMillis = 1000;
constexpr absl::Duration kCallTimeout = absl::Seconds(10);

class PostgresWatch final : public CommitWatch {
 public:
  PostgresWatch(std::string url, std::function<void(std::int64_t)> announce)
      : url_(std::move(url)), announce_(std::move(announce)), stop_(eventfd(0, EFD_CLOEXEC)), thread_([this] { Run(); }) {}

  ~PostgresWatch() override {
    stopping_ = true;
    const std::uint64_t one = 1;
    // Cannot fail for a counter of 1; if it did, the thread would notice within the second.
    [[maybe_unused]] const auto written = write(stop_, &one, sizeof one);
    thread_.join();
    close(stop_);
  }

 private:
  void Run() {
    PostgresClient client;
    while (!stopping_) {
      if (!client.Alive() && client.Connect(url_, absl::Now() + kCallTimeout).ok()) {
        // Where LISTEN is not to be had, behind some poolers, the look every second remains.
        client.RunScript(absl::StrCat("LISTEN ", kCommitChannel), absl::Now() + kCallTimeout);
      }
      if (client.Alive()) Look(client);
      Wait(client);
    }
  }

  void Look(PostgresClient& client) {
    const auto reply = client.RunScript("SELECT event_cursor FROM store_head WHERE id = 1", absl::Now() + kCallTimeout);
    if (reply.result != nullptr && PQntuples(reply.result.get()) == 1) AnnounceText(PQgetvalue(reply.result.get(), 0, 0));
  }

  // Until a second has gone without a notification, the connection is lost, or the watch is to stop.
  void Wait(PostgresClient& client) {
    while (!stopping_) {
      pollfd entries[] = {{stop_, POLLIN, 0}, {client.handle() != nullptr ? client.socket() : -1, POLLIN, 0}};
      const int ready = poll(entries, 2, kLookMillis);
      if (ready == 0 || (ready < 0 && errno != EINTR)) return;
      if (entries[1].revents == 0) continue;
      if (!client.Alive()) return;
      while (PGnotify* notify = PQnotifies(client.handle())) {
        AnnounceText(notify->extra);
        PQfreemem(notify);
      }
    }
  }

  void AnnounceText(const char* text) {
    std::int64_t cursor = 0;
    if (absl::SimpleAtoi(text, &cursor) && cursor > 0) announce_(cursor);
  }

  const std::string url_;
  const std::function<void(std::int64_t)> announce_;
  const int stop_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<CommitWatch> WatchPostgres(std::string url, std::function<void(std::int64_t)> announce) {
  return std::make_unique<PostgresWatch>(std::move(url), std::move(announce));
}

}  // namespace fivestrand::store
