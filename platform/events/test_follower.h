// Two services for the tests of feeds: a library that keeps shelves and notes, and one that follows it.
#ifndef FIVESTRAND_PLATFORM_EVENTS_TEST_FOLLOWER_H_
#define FIVESTRAND_PLATFORM_EVENTS_TEST_FOLLOWER_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "fivestrand/resourcetest/v1/library.pb.h"

#include "platform/events/follower.h"
#include "platform/testing/test_service.h"

namespace fivestrand::events {

// Tables of shelves and notes, and `seen`, in which an effect writes each event that it was given.
inline constexpr store::Migration kLibraryMigrations[] = {{1, "create_library", R"sql(
CREATE TABLE shelf (
  trust TEXT NOT NULL, path TEXT NOT NULL, parent TEXT NOT NULL, revision BIGINT NOT NULL, create_time BIGINT NOT NULL, update_time BIGINT NOT NULL,
  delete_time BIGINT, record BYTEA NOT NULL, sealed BYTEA, title TEXT NOT NULL, PRIMARY KEY (trust, path));
CREATE TABLE note (
  trust TEXT NOT NULL, path TEXT NOT NULL, parent TEXT NOT NULL, revision BIGINT NOT NULL, create_time BIGINT NOT NULL, update_time BIGINT NOT NULL,
  delete_time BIGINT, record BYTEA NOT NULL, sealed BYTEA, author TEXT NOT NULL, title TEXT NOT NULL, shelf TEXT NOT NULL, kind BIGINT NOT NULL,
  pages BIGINT NOT NULL, due_date BIGINT, start_time BIGINT, code TEXT NOT NULL, contact TEXT NOT NULL, PRIMARY KEY (trust, path));
CREATE TABLE seen (position BIGINT NOT NULL, times BIGINT NOT NULL, PRIMARY KEY (position));
)sql"}};

// Keeps shelves and notes, and serves them.
service::RecordServiceSpec LibrarySpec();
// Mirrors both; serves nothing of its own.
service::RecordServiceSpec ReaderSpec();

class Library {
 public:
  explicit Library(testing::EngineKind engine);

  testing::TestService& service() { return service_; }
  void AddShelf(const std::string& id, const std::string& title = "shelf");
  // `count` notes in one call; ids prefix-0, prefix-1 and so on.
  void AddNotes(const std::string& prefix, int count, const std::string& shelf = "");
  void DeleteNote(const std::string& id);
  // Appends events without going through the API, many a transaction: for what needs very many.
  void AppendEvents(std::int64_t count);
  std::int64_t head();

 private:
  testing::TestService service_;
};

// The follower that `reader` runs of `library`'s feed; started by the test.
FollowerOptions OptionsFor(Library& library, testing::TestService& reader, log::Logger* logger);
// All types of the library into the mirrors, or, with an effect, into `seen`.
FollowSpec MirrorFollow();
FollowSpec SeenFollow();

// Counts `position` once more: a second time for the same event is what must never be.
absl::Status CountSeen(store::WriteTransaction& transaction, const v1::Event& event);

// One number out of a store.
std::int64_t Number(store::Store& store, const std::string& sql);

}  // namespace fivestrand::events

#endif  // FIVESTRAND_PLATFORM_EVENTS_TEST_FOLLOWER_H_
