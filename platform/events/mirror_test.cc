// Mirrors on both engines: redelivered, out of order, deleted; and what a registry refuses to do with them.
#include "platform/events/mirror.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/events/v1/events.pb.h"
#include "fivestrand/resourcetest/v1/library.pb.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/resource/registry.h"
#include "platform/status/status.h"
#include "platform/testing/test_service.h"

namespace fivestrand::events {
namespace {

using resourcetest::v1::CreateNoteRequest;
using resourcetest::v1::Note;
using resourcetest::v1::Shelf;
using ::testing::ElementsAre;
using testing::EngineKind;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::TestService;

constexpr char kShelf[] = "trusts/t/schools/s/shelves/a";

constexpr identity::AccessRule kRules[] = {
    {type::v1::ROLE_HEADTEACHER, "library.*", identity::Reach::kSchool},
    {type::v1::ROLE_DATA_PROTECTION_OFFICER, "audit.auditEntries.list", identity::Reach::kTrust},
};

// Notes are kept here, shelves elsewhere.
constexpr store::Migration kMigrations[] = {{1, "create_library", R"sql(
CREATE TABLE shelf (
  trust TEXT NOT NULL, path TEXT NOT NULL, parent TEXT NOT NULL, revision BIGINT NOT NULL, create_time BIGINT NOT NULL, update_time BIGINT NOT NULL,
  delete_time BIGINT, record BYTEA NOT NULL, sealed BYTEA, title TEXT NOT NULL, PRIMARY KEY (trust, path));
CREATE TABLE note (
  trust TEXT NOT NULL, path TEXT NOT NULL, parent TEXT NOT NULL, revision BIGINT NOT NULL, create_time BIGINT NOT NULL, update_time BIGINT NOT NULL,
  delete_time BIGINT, record BYTEA NOT NULL, sealed BYTEA, author TEXT NOT NULL, title TEXT NOT NULL, shelf TEXT NOT NULL, kind BIGINT NOT NULL,
  pages BIGINT NOT NULL, due_date BIGINT, start_time BIGINT, code TEXT NOT NULL, contact TEXT NOT NULL, PRIMARY KEY (trust, path));
)sql"}};

// Serves the methods of the library that are about one of `served`.
service::RecordServiceSpec Spec(const std::vector<std::string>& served = {"Note"}) {
  service::RecordServiceSpec spec;
  const auto* library = Note::descriptor()->file()->service(0);
  for (int i = 0; i < library->method_count(); ++i) {
    const std::string& method = library->method(i)->name();
    if (std::none_of(served.begin(), served.end(), [&](const auto& kind) { return method.find(kind) != std::string::npos; })) {
      spec.custom_methods.insert(method);
    }
  }
  spec.name = "library";
  spec.migrations = {{"library", kMigrations}};
  spec.access_rules = kRules;
  spec.services = {"fivestrand.resourcetest.v1.LibraryService"};
  spec.mirrors = {Shelf::descriptor()};
  spec.declare = [](resource::Registry* registry) {
    return registry->Declare(Note::descriptor(), nullptr);
  };
  return spec;
}

Shelf MakeShelf(const std::string& title, bool deleted = false) {
  Shelf shelf;
  shelf.set_name(kShelf);
  shelf.set_title(title);
  shelf.mutable_create_time()->set_seconds(1700000000);
  shelf.mutable_update_time()->set_seconds(1700000001);
  if (deleted) shelf.mutable_delete_time()->set_seconds(1700000002);
  return shelf;
}

class MirrorTest : public ::testing::TestWithParam<EngineKind> {
 protected:
  MirrorTest() : service_(GetParam(), Spec(), absl::FromCivil(absl::CivilHour(2026, 11, 24, 9), absl::UTCTimeZone())) {}

  absl::Status Apply(const v1::Event& event) {
    return service_.store().Write(absl::InfiniteFuture(), [&](store::WriteTransaction& transaction) {
      return ApplyToMirror(service_.registry(), transaction, event);
    });
  }
  // Titles of the live shelves.
  std::vector<std::string> Titles() {
    std::vector<std::string> titles;
    Shelf shelf;
    EXPECT_TRUE(service_.store()
                    .Read(absl::InfiniteFuture(),
                          [&](store::Session& session) {
                            return service_.registry().Scan(session, Shelf::descriptor(), "trust = $1", {"t"}, &shelf, [&] {
                              titles.push_back(shelf.title());
                              return absl::OkStatus();
                            });
                          })
                    .ok());
    return titles;
  }
  std::int64_t Count(const std::string& table) {
    std::int64_t count = -1;
    EXPECT_TRUE(service_.store()
                    .Read(absl::InfiniteFuture(),
                          [&](store::Session& session) {
                            return session.Query("SELECT COUNT(*) FROM " + table, {}, [&](const store::Row& row) {
                              count = row.Int(0);
                              return absl::OkStatus();
                            });
                          })
                    .ok());
    return count;
  }
  absl::StatusOr<Note> CreateNote() {
    CreateNoteRequest request;
    request.set_parent("trusts/t/schools/s");
    request.mutable_note()->set_title("note");
    request.mutable_note()->set_shelf(kShelf);
    return service_.Call<Note>(TestService::Person("t", "head", type::v1::ROLE_HEADTEACHER, {"s"}),
                               "fivestrand.resourcetest.v1.LibraryService.CreateNote", request);
  }

  TestService service_;
};

TEST_P(MirrorTest, FollowsARecordThroughItsLife) {
  ASSERT_TRUE(Apply(EventOf(MakeShelf("one"), 1)).ok());
  EXPECT_THAT(Titles(), ElementsAre("one"));
  ASSERT_TRUE(Apply(EventOf(MakeShelf("two"), 2)).ok());
  EXPECT_THAT(Titles(), ElementsAre("two"));
  ASSERT_TRUE(Apply(EventOf(MakeShelf("two", /*deleted=*/true), 3)).ok());
  EXPECT_THAT(Titles(), IsEmpty());
  // As with its owner the row stays.
  EXPECT_EQ(Count("shelf"), 1);
  ASSERT_TRUE(Apply(EventOf(MakeShelf("back"), 4)).ok());
  EXPECT_THAT(Titles(), ElementsAre("back"));
  EXPECT_EQ(Count("outbox"), 0);
  EXPECT_EQ(Count("audit"), 0);
}

TEST_P(MirrorTest, ARedeliveryOrAnOlderEventChangesNothing) {
  ASSERT_TRUE(Apply(EventOf(MakeShelf("three"), 3)).ok());
  ASSERT_TRUE(Apply(EventOf(MakeShelf("three again"), 3)).ok());
  ASSERT_TRUE(Apply(EventOf(MakeShelf("one"), 1)).ok());
  ASSERT_TRUE(Apply(EventOf(MakeShelf("two", /*deleted=*/true), 2)).ok());
  EXPECT_THAT(Titles(), ElementsAre("three"));
}

TEST_P(MirrorTest, ASnapshotReplacesWhateverIsThere) {
  ASSERT_TRUE(Apply(EventOf(MakeShelf("nine"), 9)).ok());
  v1::Event recorded = EventOf(MakeShelf("five"), 5);
  recorded.set_kind(v1::RECORDED);
  ASSERT_TRUE(Apply(recorded).ok());
  EXPECT_THAT(Titles(), ElementsAre("five"));
  ASSERT_TRUE(Apply(EventOf(MakeShelf("six"), 6)).ok());
  EXPECT_THAT(Titles(), ElementsAre("six"));
}

TEST_P(MirrorTest, ManyAtOnceEndAsOneByOne) {
  std::mt19937 random(20261124);
  std::vector<v1::Event> events;
  for (int i = 0; i < 400; ++i) {
    const int revision = 1 + static_cast<int>(random() % 30);
    Shelf shelf = MakeShelf(absl::StrCat("title ", i), /*deleted=*/random() % 4 == 0);
    shelf.set_name(absl::StrCat("trusts/t/schools/s/shelves/s", random() % 40));
    events.push_back(EventOf(shelf, revision));
    if (random() % 10 == 0) events.back().set_kind(v1::RECORDED);
  }
  TestService at_once(GetParam(), Spec(), service_.clock().Now());
  for (std::size_t begin = 0; begin < events.size();) {
    const std::size_t end = std::min(events.size(), begin + 1 + random() % 90);
    std::vector<const v1::Event*> some;
    for (; begin < end; ++begin) {
      ASSERT_TRUE(Apply(events[begin]).ok());
      some.push_back(&events[begin]);
    }
    ASSERT_TRUE(
        at_once.store()
            .Write(absl::InfiniteFuture(),
                   [&](store::WriteTransaction& transaction) { return ApplyToMirrors(at_once.registry(), transaction, some); })
            .ok());
  }
  auto rows = [](TestService& service) {
    std::vector<std::string> rows;
    EXPECT_TRUE(service.store()
                    .Read(absl::InfiniteFuture(),
                          [&](store::Session& session) {
                            return session.Query("SELECT path, revision, title, delete_time IS NULL FROM shelf ORDER BY path", {},
                                                 [&](const store::Row& row) {
                                                   rows.push_back(absl::StrCat(std::string(row.Text(0)), " ", row.Int(1), " ",
                                                                               std::string(row.Text(2)), " ", row.Int(3)));
                                                   return absl::OkStatus();
                                                 });
                          })
                    .ok());
    return rows;
  };
  EXPECT_EQ(rows(at_once), rows(service_));
  EXPECT_THAT(rows(service_), SizeIs(40));
}

TEST_P(MirrorTest, ReferencesAreHeldAgainstIt) {
  EXPECT_EQ(status::ReasonOf(CreateNote().status()), status::Reason::kReferenceNotFound);
  ASSERT_TRUE(Apply(EventOf(MakeShelf("one"), 1)).ok());
  EXPECT_TRUE(CreateNote().ok());
  ASSERT_TRUE(Apply(EventOf(MakeShelf("one", /*deleted=*/true), 2)).ok());
  EXPECT_EQ(status::ReasonOf(CreateNote().status()), status::Reason::kReferenceNotFound);
}

TEST_P(MirrorTest, RefusesWhatIsNoMirrorOrNoRecord) {
  Note note;
  note.set_name("trusts/t/schools/s/notes/n");
  EXPECT_TRUE(absl::IsInternal(Apply(EventOf(note, 1))));
  v1::Event event = EventOf(MakeShelf("one"), 1);
  event.set_record("\xff");
  EXPECT_TRUE(absl::IsDataLoss(Apply(event)));
  event = EventOf(MakeShelf("one"), 1);
  event.set_resource("trusts/t/schools/s/shelves/b");
  EXPECT_TRUE(absl::IsDataLoss(Apply(event)));
  EXPECT_EQ(Count("shelf"), 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, MirrorTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

TEST(MirrorDeclarationTest, NoWriteOfAMirrorIsServed) {
  EXPECT_DEATH(TestService(EngineKind::kSqlite, Spec({"Note", "Shelf"}), absl::UnixEpoch()), "would write a mirror");
}

}  // namespace
}  // namespace fivestrand::events
