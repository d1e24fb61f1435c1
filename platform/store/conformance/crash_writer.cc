// The child of process_test.cc: writes to the store at argv[1] from several threads until it is killed, and prints each id, which
// begins with argv[2], once it was acknowledged.
#include <stdio.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "platform/store/conformance/test_series.h"
#include "platform/store/store.h"

namespace fivestrand::store {
namespace {

absl::Status Put(WriteTransaction& tx, const std::string& id) {
  if (auto inserted = tx.Execute("INSERT INTO item (id, number) VALUES ($1, $2)", {id, 1}); !inserted.ok())
    return inserted.status();
  OutboxEvent event;
  event.kind = 1;
  event.resource = id;
  tx.AppendEvent(event);
  tx.AppendAudit({"operators/test", "create", id, "trusts/t", "", ""});
  return absl::OkStatus();
}

int Main(const std::string& url, const std::string& prefix) {
  const MigrationSeries series[] = {TestSeries()};
  StoreOptions options;
  options.migrations = MigrationMode::kRequireCurrent;
  auto store = Store::Open(url, series, options);
  if (!store.ok()) {
    fprintf(stderr, "%s\n", store.status().ToString().c_str());
    return 1;
  }
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0;; ++i) {
        const std::string id = absl::StrCat(prefix, t, "-", i);
        const absl::Status status =
            (*store)->Write(absl::Now() + absl::Seconds(20), [&](WriteTransaction& tx) { return Put(tx, id); });
        if (!status.ok()) _exit(1);
        const std::string line = id + "\n";
        // One write: lines of several threads do not mix.
        if (write(STDOUT_FILENO, line.data(), line.size()) < 0) _exit(1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return 0;
}

}  // namespace
}  // namespace fivestrand::store

int main(int argc, char** argv) {
  return argc == 3 ? fivestrand::store::Main(argv[1], argv[2]) : 2;
}
