// The registry through a real server, on both engines: what every kind of record can rely on.
#include "platform/resource/registry.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/audit/v1/audit.pb.h"
#include "fivestrand/resourcetest/v1/library.pb.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/status/status.h"
#include "platform/store/audit.h"
#include "platform/store/outbox.h"
#include "platform/testing/test_service.h"

namespace fivestrand::resource {
namespace {

using identity::AccessRule;
using identity::Reach;
using resourcetest::v1::BatchCreateNotesRequest;
using resourcetest::v1::BatchCreateNotesResponse;
using resourcetest::v1::CreateNoteRequest;
using resourcetest::v1::CreateShelfRequest;
using resourcetest::v1::DeleteNoteRequest;
using resourcetest::v1::DeleteShelfRequest;
using resourcetest::v1::GetNoteRequest;
using resourcetest::v1::ListNoteRevisionsRequest;
using resourcetest::v1::ListNoteRevisionsResponse;
using resourcetest::v1::ListNotesRequest;
using resourcetest::v1::ListNotesResponse;
using resourcetest::v1::Note;
using resourcetest::v1::Shelf;
using resourcetest::v1::UndeleteNoteRequest;
using resourcetest::v1::UpdateNoteRequest;
using status::Reason;
using status::ReasonOf;
using ::testing::ElementsAre;
using testing::EngineKind;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::TestService;

constexpr char kService[] = "fivestrand.resourcetest.v1.LibraryService.";
constexpr char kParent[] = "trusts/t/schools/s";
constexpr char kUuid[] = "b1e2c3d4-0000-4000-8000-000000000001";

constexpr AccessRule kRules[] = {
    {type::v1::ROLE_HEADTEACHER, "library.*", Reach::kSchool},
    {type::v1::ROLE_ADMINISTRATOR, "library.*", Reach::kTrust},
    {type::v1::ROLE_SENIOR_LEADER, "library.notes.list", Reach::kSchool},
    {type::v1::ROLE_SENIOR_LEADER, "library.notes.get", Reach::kSchool},
    {type::v1::ROLE_TEACHER, "library.notes.get", Reach::kOwn},
    {type::v1::ROLE_TEACHER, "library.notes.list", Reach::kOwn},
    {type::v1::ROLE_TEACHER, "library.notes.create", Reach::kOwn},
    {type::v1::ROLE_TEACHER, "library.notes.update", Reach::kOwn},
    {type::v1::ROLE_TEACHER, "library.notes.delete", Reach::kOwn},
    {type::v1::ROLE_DATA_PROTECTION_OFFICER, "audit.auditEntries.list", Reach::kTrust},
};

class NoteStrategy : public StrategyFor<Note> {
 public:
  absl::Status Write(WriteContext& context, const Note* before, Note* after) override {
    if (before == nullptr && after->author().empty()) after->set_author(std::string(context.actor()));
    if (after->title() == "refused") return status::InvalidField(context.Field("title"), "is refused");
    after->set_counted(true);
    return absl::OkStatus();
  }
  absl::Status Delete(WriteContext& context, const Note& before) override {
    if (before.title() == "keep") return status::Precondition("KEPT", before.name(), "is kept");
    return absl::OkStatus();
  }
};

constexpr store::Migration kMigrations[] = {{1, "create_library", R"sql(
CREATE TABLE shelf (
  trust TEXT NOT NULL, path TEXT NOT NULL, parent TEXT NOT NULL, revision BIGINT NOT NULL, create_time BIGINT NOT NULL, update_time BIGINT NOT NULL,
  delete_time BIGINT, record BYTEA NOT NULL, sealed BYTEA, title TEXT NOT NULL, PRIMARY KEY (trust, path));
CREATE TABLE note (
  trust TEXT NOT NULL, path TEXT NOT NULL, parent TEXT NOT NULL, revision BIGINT NOT NULL, create_time BIGINT NOT NULL, update_time BIGINT NOT NULL,
  delete_time BIGINT, record BYTEA NOT NULL, sealed BYTEA, author TEXT NOT NULL, title TEXT NOT NULL, shelf TEXT NOT NULL, kind BIGINT NOT NULL,
  pages BIGINT NOT NULL, due_date BIGINT, start_time BIGINT, code TEXT NOT NULL, contact TEXT NOT NULL, PRIMARY KEY (trust, path));
CREATE UNIQUE INDEX note_unique_code ON note (trust, code) WHERE delete_time IS NULL AND code <> '';
)sql"}};

service::RecordServiceSpec Spec() {
  service::RecordServiceSpec spec;
  spec.name = "library";
  spec.migrations = {{"library", kMigrations}};
  spec.access_rules = kRules;
  spec.services = {"fivestrand.resourcetest.v1.LibraryService"};
  spec.declare = [](Registry* registry) -> absl::Status {
    absl::Status status = registry->Declare(Shelf::descriptor(), nullptr);
    status.Update(registry->Declare(Note::descriptor(), std::make_unique<NoteStrategy>()));
    return status;
  };
  return spec;
}

class RegistryTest : public ::testing::TestWithParam<EngineKind> {
 protected:
  RegistryTest() : service_(GetParam(), Spec(), absl::FromCivil(absl::CivilHour(2026, 11, 24, 9), absl::UTCTimeZone())) {}

  static identity::Caller Head() { return TestService::Person("t", "head", type::v1::ROLE_HEADTEACHER, {"s"}); }
  static identity::Caller Teacher(const std::string& id = "teacher") {
    return TestService::Person("t", id, type::v1::ROLE_TEACHER, {"s"});
  }
  static identity::Caller Senior() { return TestService::Person("t", "senior", type::v1::ROLE_SENIOR_LEADER, {"s"}); }

  template <typename Response>
  absl::StatusOr<Response> As(const identity::Caller& caller, const std::string& method, const google::protobuf::Message& request) {
    return service_.Call<Response>(caller, kService + method, request);
  }

  CreateNoteRequest NoteRequest(const std::string& title) {
    CreateNoteRequest request;
    request.set_parent(kParent);
    request.mutable_note()->set_title(title);
    return request;
  }
  Note MustCreate(const CreateNoteRequest& request, const identity::Caller& caller = Head()) {
    absl::StatusOr<Note> note = As<Note>(caller, "CreateNote", request);
    EXPECT_TRUE(note.ok()) << note.status() << status::HiddenCause(note.status());
    return note.ok() ? *note : Note();
  }
  Note MustCreate(const std::string& title) { return MustCreate(NoteRequest(title)); }
  absl::StatusOr<Note> Get(const std::string& name, const identity::Caller& caller = Head()) {
    GetNoteRequest request;
    request.set_name(name);
    return As<Note>(caller, "GetNote", request);
  }
  absl::StatusOr<ListNotesResponse> List(const std::string& filter, const std::string& order = "",
                                         const identity::Caller& caller = Head()) {
    ListNotesRequest request;
    request.set_parent(kParent);
    request.set_filter(filter);
    request.set_order_by(order);
    request.set_page_size(200);
    return As<ListNotesResponse>(caller, "ListNotes", request);
  }
  std::vector<std::string> Titles(const std::string& filter, const std::string& order = "",
                                  const identity::Caller& caller = Head()) {
    absl::StatusOr<ListNotesResponse> response = List(filter, order, caller);
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> titles;
    if (response.ok()) {
      for (const Note& note : response->notes()) titles.push_back(note.title());
    }
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

  TestService service_;
};

TEST_P(RegistryTest, CreatesAndGets) {
  CreateNoteRequest request = NoteRequest("first");
  request.mutable_note()->add_tags("a");
  request.mutable_note()->set_name("trusts/t/schools/s/notes/not-this");
  const Note note = MustCreate(request);
  EXPECT_THAT(note.name(), HasSubstr("trusts/t/schools/s/notes/"));
  EXPECT_THAT(note.name(), ::testing::Not(HasSubstr("not-this")));
  EXPECT_EQ(note.author(), "trusts/t/people/head");
  EXPECT_TRUE(note.counted());
  EXPECT_FALSE(note.etag().empty());
  EXPECT_TRUE(note.has_create_time());
  absl::StatusOr<Note> read = Get(note.name());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*read, note));
  EXPECT_EQ(ReasonOf(Get("trusts/t/schools/s/notes/none").status()), Reason::kResourceNotFound);
}

TEST_P(RegistryTest, TakesAnIdAndRefusesASecond) {
  CreateNoteRequest request = NoteRequest("x");
  request.set_note_id("mine");
  EXPECT_EQ(MustCreate(request).name(), "trusts/t/schools/s/notes/mine");
  EXPECT_EQ(ReasonOf(As<Note>(Head(), "CreateNote", request).status()), Reason::kResourceExists);
  request.set_note_id("Not Valid");
  EXPECT_TRUE(absl::IsInvalidArgument(As<Note>(Head(), "CreateNote", request).status()));
}

TEST_P(RegistryTest, ARepeatedRequestGetsTheFirstAnswerAndWritesOnce) {
  CreateNoteRequest request = NoteRequest("once");
  request.set_request_id(kUuid);
  request.mutable_note()->set_secret("mine alone");
  const Note first = MustCreate(request);
  const Note second = MustCreate(request);
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(first, second));
  EXPECT_EQ(second.secret(), "mine alone");
  EXPECT_EQ(Count("note"), 1);
  request.mutable_note()->set_title("other");
  EXPECT_EQ(ReasonOf(As<Note>(Head(), "CreateNote", request).status()), Reason::kRequestIdReused);
  // The same id by another person is another request.
  EXPECT_TRUE(As<Note>(Teacher(), "CreateNote",
                       [&] {
                         auto copy = request;
                         copy.mutable_note()->clear_secret();
                         return copy;
                       }())
                  .ok());
  service_.clock().Advance(absl::Hours(25));
  EXPECT_TRUE(As<Note>(Head(), "CreateNote", request).ok());
}

TEST_P(RegistryTest, ManyCallersWithOneRequestIdCreateOneRecord) {
  CreateNoteRequest request = NoteRequest("storm");
  request.set_request_id(kUuid);
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::set<std::string> names;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      absl::StatusOr<Note> note = As<Note>(Head(), "CreateNote", request);
      std::lock_guard lock(mutex);
      names.insert(note.ok() ? note->name() : note.status().ToString());
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_THAT(names, SizeIs(1));
  EXPECT_EQ(Count("note"), 1);
}

TEST_P(RegistryTest, ValidateOnlyWritesNothing) {
  CreateNoteRequest request = NoteRequest("dry");
  request.set_validate_only(true);
  const Note note = MustCreate(request);
  EXPECT_EQ(note.title(), "dry");
  EXPECT_EQ(Count("note"), 0);
  EXPECT_EQ(Count("audit"), 0);
  EXPECT_EQ(Count("outbox"), 0);
  request.mutable_note()->set_title("refused");
  EXPECT_TRUE(absl::IsInvalidArgument(As<Note>(Head(), "CreateNote", request).status()));
}

TEST_P(RegistryTest, UpdatesWhatTheMaskNames) {
  CreateNoteRequest create = NoteRequest("before");
  create.mutable_note()->set_pages(3);
  create.mutable_note()->add_tags("a");
  const Note note = MustCreate(create);
  UpdateNoteRequest update;
  *update.mutable_note() = note;
  update.mutable_note()->set_title("after");
  update.mutable_note()->set_pages(9);
  update.mutable_update_mask()->add_paths("title");
  absl::StatusOr<Note> changed = As<Note>(Head(), "UpdateNote", update);
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->title(), "after");
  EXPECT_EQ(changed->pages(), 3);
  EXPECT_NE(changed->etag(), note.etag());
  // The etag that was read is not the newest any more.
  EXPECT_EQ(ReasonOf(As<Note>(Head(), "UpdateNote", update).status()), Reason::kEtagMismatch);
  update.mutable_note()->clear_etag();
  for (const char* path : {"no_such", "counted", "name", "etag", "create_time"}) {
    update.mutable_update_mask()->clear_paths();
    update.mutable_update_mask()->add_paths(path);
    EXPECT_TRUE(absl::IsInvalidArgument(As<Note>(Head(), "UpdateNote", update).status())) << path;
  }
  update.mutable_update_mask()->clear_paths();
  update.mutable_update_mask()->add_paths("author");
  update.mutable_note()->set_author("trusts/t/people/other");
  EXPECT_TRUE(absl::IsInvalidArgument(As<Note>(Head(), "UpdateNote", update).status())) << "immutable";
  // A field in the mask without a value is cleared, a required one cannot be.
  update.mutable_note()->clear_tags();
  update.mutable_update_mask()->clear_paths();
  update.mutable_update_mask()->add_paths("tags");
  changed = As<Note>(Head(), "UpdateNote", update);
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->tags_size(), 0);
  update.mutable_note()->clear_title();
  update.mutable_update_mask()->add_paths("title");
  EXPECT_TRUE(absl::IsInvalidArgument(As<Note>(Head(), "UpdateNote", update).status()));
}

TEST_P(RegistryTest, AnUpdateWithoutMaskTakesWhatHasAValueAndWithoutAChangeWritesNothing) {
  CreateNoteRequest create = NoteRequest("same");
  create.mutable_note()->set_pages(3);
  const Note note = MustCreate(create);
  UpdateNoteRequest update;
  update.mutable_note()->set_name(note.name());
  update.mutable_note()->set_pages(4);
  absl::StatusOr<Note> changed = As<Note>(Head(), "UpdateNote", update);
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->title(), "same");
  EXPECT_EQ(changed->pages(), 4);
  const std::int64_t audited = Count("audit");
  absl::StatusOr<Note> again = As<Note>(Head(), "UpdateNote", update);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->etag(), changed->etag());
  EXPECT_EQ(Count("audit"), audited);
}

TEST_P(RegistryTest, AllowMissingCreates) {
  UpdateNoteRequest update;
  update.mutable_note()->set_name("trusts/t/schools/s/notes/new");
  update.mutable_note()->set_title("made");
  EXPECT_EQ(ReasonOf(As<Note>(Head(), "UpdateNote", update).status()), Reason::kResourceNotFound);
  update.set_allow_missing(true);
  absl::StatusOr<Note> made = As<Note>(Head(), "UpdateNote", update);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->name(), "trusts/t/schools/s/notes/new");
}

TEST_P(RegistryTest, DeletesAndBringsBack) {
  const Note note = MustCreate("gone");
  DeleteNoteRequest request;
  request.set_name(note.name());
  request.set_etag("\"stale\"");
  EXPECT_EQ(ReasonOf(As<Note>(Head(), "DeleteNote", request).status()), Reason::kEtagMismatch);
  request.set_etag(note.etag());
  absl::StatusOr<Note> deleted = As<Note>(Head(), "DeleteNote", request);
  ASSERT_TRUE(deleted.ok()) << deleted.status();
  EXPECT_TRUE(deleted->has_delete_time());
  EXPECT_THAT(Titles(""), IsEmpty());
  UpdateNoteRequest update;
  update.mutable_note()->set_name(note.name());
  update.mutable_note()->set_pages(1);
  EXPECT_EQ(ReasonOf(As<Note>(Head(), "UpdateNote", update).status()), Reason::kResourceDeleted);
  UndeleteNoteRequest back;
  back.set_name(note.name());
  absl::StatusOr<Note> undeleted = As<Note>(Head(), "UndeleteNote", back);
  ASSERT_TRUE(undeleted.ok()) << undeleted.status();
  EXPECT_FALSE(undeleted->has_delete_time());
  EXPECT_THAT(Titles(""), ElementsAre("gone"));
  EXPECT_TRUE(absl::IsFailedPrecondition(As<Note>(Head(), "UndeleteNote", back).status()));
  const Note kept = MustCreate("keep");
  request.set_name(kept.name());
  request.clear_etag();
  EXPECT_EQ(ReasonOf(As<Note>(Head(), "DeleteNote", request).status()), Reason::kRuleRefused);
}

TEST_P(RegistryTest, ReferencesMustExistAndWhatIsReferredToStays) {
  CreateShelfRequest shelf;
  shelf.set_parent(kParent);
  shelf.set_shelf_id("one");
  shelf.mutable_shelf()->set_title("One");
  ASSERT_TRUE(As<Shelf>(Head(), "CreateShelf", shelf).ok());
  CreateNoteRequest request = NoteRequest("shelved");
  request.mutable_note()->set_shelf("trusts/t/schools/s/shelves/none");
  absl::Status missing = As<Note>(Head(), "CreateNote", request).status();
  EXPECT_EQ(ReasonOf(missing), Reason::kReferenceNotFound);
  EXPECT_EQ(status::ViolationsOf(missing).at(0).field, "note.shelf");
  request.mutable_note()->set_shelf("trusts/other/schools/s/shelves/one");
  EXPECT_TRUE(absl::IsInvalidArgument(As<Note>(Head(), "CreateNote", request).status()));
  request.mutable_note()->set_shelf("trusts/t/schools/s/shelves/one");
  const Note note = MustCreate(request);
  DeleteShelfRequest remove;
  remove.set_name("trusts/t/schools/s/shelves/one");
  EXPECT_EQ(ReasonOf(As<Shelf>(Head(), "DeleteShelf", remove).status()), Reason::kResourceInUse);
  DeleteNoteRequest gone;
  gone.set_name(note.name());
  ASSERT_TRUE(As<Note>(Head(), "DeleteNote", gone).ok());
  EXPECT_TRUE(As<Shelf>(Head(), "DeleteShelf", remove).ok());
  UndeleteNoteRequest back;
  back.set_name(note.name());
  EXPECT_EQ(ReasonOf(As<Note>(Head(), "UndeleteNote", back).status()), Reason::kReferenceNotFound) << "its shelf is gone";
}

TEST_P(RegistryTest, FiltersOrdersAndPages) {
  for (int i = 0; i < 7; ++i) {
    CreateNoteRequest request = NoteRequest(absl::StrCat("n", i));
    request.mutable_note()->set_pages(i % 3);
    request.mutable_note()->set_kind(i % 2 == 0 ? Note::SHORT : Note::LONG);
    request.mutable_note()->mutable_start_time()->set_seconds(1790000000 + i * 3600);
    if (i != 3) {
      request.mutable_note()->mutable_due_date()->set_year(2026);
      request.mutable_note()->mutable_due_date()->set_month(10);
      request.mutable_note()->mutable_due_date()->set_day(i + 1);
    }
    MustCreate(request);
  }
  EXPECT_THAT(Titles(""), ElementsAre("n0", "n1", "n2", "n3", "n4", "n5", "n6"));
  EXPECT_THAT(Titles("kind = LONG AND pages >= 1"), ElementsAre("n1", "n5"));
  EXPECT_THAT(Titles("due_date >= \"2026-10-05\""), ElementsAre("n4", "n5", "n6"));
  EXPECT_THAT(Titles("NOT due_date:*"), ElementsAre("n3"));
  EXPECT_THAT(Titles("title != \"n0\" AND title < \"n3\""), ElementsAre("n1", "n2"));
  EXPECT_THAT(Titles("", "pages desc, title desc"), ElementsAre("n5", "n2", "n4", "n1", "n6", "n3", "n0"));
  EXPECT_THAT(Titles("", "due_date"), ElementsAre("n3", "n0", "n1", "n2", "n4", "n5", "n6")) << "none is before all";
  for (const char* bad : {"nope = 1", "title", "title = ", "kind = BREAK", "pages = \"x\"", "title = \"a\" OR title = \"b\"",
                          "due_date > 2026", "title = \"a", "a.b = 1", "AND", "pages = 1 AND"}) {
    EXPECT_EQ(ReasonOf(List(bad).status()), Reason::kInvalidFilter) << bad;
  }
  for (const char* bad : {"nope", "title up", "title, title", "title desc desc"})
    EXPECT_EQ(ReasonOf(List("", bad).status()), Reason::kInvalidFilter) << bad;

  for (const char* order : {"", "pages desc, title", "due_date desc", "start_time desc"}) {
    const std::vector<std::string> whole = Titles("", order);
    std::vector<std::string> paged;
    ListNotesRequest request;
    request.set_parent(kParent);
    request.set_order_by(order);
    request.set_page_size(2);
    do {
      absl::StatusOr<ListNotesResponse> page = As<ListNotesResponse>(Head(), "ListNotes", request);
      ASSERT_TRUE(page.ok()) << page.status();
      EXPECT_LE(page->notes_size(), 2);
      for (const Note& note : page->notes()) paged.push_back(note.title());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    EXPECT_EQ(paged, whole) << order;
  }
}

TEST_P(RegistryTest, PageTokensAreGoodForTheirRequestOnly) {
  for (int i = 0; i < 3; ++i) MustCreate(absl::StrCat("n", i));
  ListNotesRequest request;
  request.set_parent(kParent);
  request.set_page_size(2);
  const std::string token = As<ListNotesResponse>(Head(), "ListNotes", request)->next_page_token();
  ASSERT_FALSE(token.empty());
  request.set_page_token(token);
  request.set_filter("pages = 0");
  EXPECT_EQ(ReasonOf(As<ListNotesResponse>(Head(), "ListNotes", request).status()), Reason::kPageTokenMismatch);
  request.clear_filter();
  EXPECT_EQ(ReasonOf(As<ListNotesResponse>(Senior(), "ListNotes", request).status()), Reason::kPageTokenMismatch)
      << "another person's";
  request.set_page_token(token.substr(0, token.size() - 2) + "AA");
  EXPECT_EQ(ReasonOf(As<ListNotesResponse>(Head(), "ListNotes", request).status()), Reason::kPageTokenMismatch);
  request.clear_page_token();
  request.set_page_size(-1);
  EXPECT_TRUE(absl::IsInvalidArgument(As<ListNotesResponse>(Head(), "ListNotes", request).status()));
}

TEST_P(RegistryTest, OwnRowsOnlyAndTheRestLooksLikeNothing) {
  const Note heads = MustCreate("heads");
  const Note mine = MustCreate(NoteRequest("mine"), Teacher());
  EXPECT_THAT(Titles("", "", Teacher()), ElementsAre("mine"));
  EXPECT_TRUE(Get(mine.name(), Teacher()).ok());
  const absl::Status hidden = Get(heads.name(), Teacher()).status();
  const absl::Status missing = Get("trusts/t/schools/s/notes/none", Teacher()).status();
  EXPECT_TRUE(absl::IsPermissionDenied(hidden));
  EXPECT_EQ(hidden.code(), missing.code());
  EXPECT_EQ(hidden.message(), missing.message());
  UpdateNoteRequest update;
  update.mutable_note()->set_name(heads.name());
  update.mutable_note()->set_pages(1);
  EXPECT_TRUE(absl::IsPermissionDenied(As<Note>(Teacher(), "UpdateNote", update).status()));
  update.mutable_note()->set_name("trusts/t/schools/s/notes/none");
  EXPECT_TRUE(absl::IsPermissionDenied(As<Note>(Teacher(), "UpdateNote", update).status()));
  CreateNoteRequest for_another = NoteRequest("for another");
  for_another.mutable_note()->set_author("trusts/t/people/head");
  EXPECT_TRUE(absl::IsPermissionDenied(As<Note>(Teacher(), "CreateNote", for_another).status()));
  // Another school, another trust.
  EXPECT_TRUE(
      absl::IsPermissionDenied(Get(heads.name(), TestService::Person("t", "h2", type::v1::ROLE_HEADTEACHER, {"other"})).status()));
  EXPECT_TRUE(
      absl::IsPermissionDenied(Get(heads.name(), TestService::Person("u", "h3", type::v1::ROLE_HEADTEACHER, {"s"})).status()));
}

TEST_P(RegistryTest, GuardedFieldsAreEmptyForOthersAndCannotBeFilteredBy) {
  CreateNoteRequest request = NoteRequest("contact");
  request.mutable_note()->set_contact("secret street 1");
  const Note note = MustCreate(request, Teacher());
  EXPECT_EQ(Get(note.name(), Teacher())->contact(), "secret street 1") << "one's own";
  EXPECT_EQ(Get(note.name())->contact(), "secret street 1") << "with the permission";
  EXPECT_EQ(Get(note.name(), Senior())->contact(), "");
  EXPECT_EQ(List("", "", Senior())->notes(0).contact(), "");
  EXPECT_EQ(ReasonOf(List("contact = \"secret street 1\"", "", Senior()).status()), Reason::kInvalidFilter);
  EXPECT_EQ(ReasonOf(List("", "contact", Senior()).status()), Reason::kInvalidFilter);
  EXPECT_THAT(Titles("contact = \"secret street 1\""), ElementsAre("contact"));
}

TEST_P(RegistryTest, ConfidentialTextIsForItsReadersAloneAndNowhereInTheStore) {
  constexpr char kText[] = "the words that nobody else reads";
  CreateNoteRequest request = NoteRequest("sealed");
  request.mutable_note()->set_secret(kText);
  request.set_request_id(kUuid);
  const Note note = MustCreate(request, Teacher());
  EXPECT_EQ(note.secret(), kText);
  EXPECT_EQ(Get(note.name(), Teacher())->secret(), kText);
  EXPECT_EQ(Get(note.name(), Head())->secret(), "") << "whatever the role";
  EXPECT_EQ(List("", "", Teacher())->notes(0).secret(), "") << "lists never open it";
  // The head changes the title and leaves the text as it is; writing it is refused.
  UpdateNoteRequest update;
  update.mutable_note()->set_name(note.name());
  update.mutable_note()->set_title("renamed");
  absl::StatusOr<Note> changed = As<Note>(Head(), "UpdateNote", update);
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->secret(), "");
  EXPECT_EQ(Get(note.name(), Teacher())->secret(), kText);
  update.mutable_note()->set_secret("mine now");
  EXPECT_TRUE(absl::IsInvalidArgument(As<Note>(Head(), "UpdateNote", update).status()));
  // In no column of no table, and not in the log.
  for (const char* column : {"note.record", "note.sealed", "idempotency.record", "idempotency.sealed", "outbox.record",
                             "record_revision.record", "record_revision.sealed"}) {
    const std::string table(column, 0, std::string(column).find('.'));
    ASSERT_TRUE(service_.store()
                    .Read(absl::InfiniteFuture(),
                          [&](store::Session& session) {
                            return session.Query("SELECT " + std::string(column).substr(table.size() + 1) + " FROM " + table, {},
                                                 [&](const store::Row& row) {
                                                   EXPECT_EQ(std::string(row.Blob(0)).find("nobody else"), std::string::npos)
                                                       << column;
                                                   return absl::OkStatus();
                                                 });
                          })
                    .ok());
  }
  EXPECT_EQ(service_.log().find("nobody else"), std::string::npos);
  // Each opening is in the trail.
  audit::v1::ListAuditEntriesRequest trail;
  trail.set_parent("trusts/t");
  trail.set_resource(note.name());
  auto entries =
      service_.Call<audit::v1::ListAuditEntriesResponse>(TestService::Person("t", "dpo", type::v1::ROLE_DATA_PROTECTION_OFFICER),
                                                         "fivestrand.audit.v1.AuditService.ListAuditEntries", trail);
  ASSERT_TRUE(entries.ok()) << entries.status();
  int reads = 0;
  for (const auto& entry : entries->audit_entries())
    reads += entry.action() == "read" && entry.actor() == "trusts/t/people/teacher";
  EXPECT_EQ(reads, 2);
}

TEST_P(RegistryTest, EveryStateIsKept) {
  const Note note = MustCreate("one");
  UpdateNoteRequest update;
  update.mutable_note()->set_name(note.name());
  for (const char* title : {"two", "three", "four"}) {
    update.mutable_note()->set_title(title);
    ASSERT_TRUE(As<Note>(Head(), "UpdateNote", update).ok());
  }
  ListNoteRevisionsRequest request;
  request.set_name(note.name());
  request.set_page_size(3);
  auto page = As<ListNoteRevisionsResponse>(Head(), "ListNoteRevisions", request);
  ASSERT_TRUE(page.ok()) << page.status();
  std::vector<std::string> titles;
  for (const Note& each : page->notes()) titles.push_back(each.title());
  EXPECT_THAT(titles, ElementsAre("four", "three", "two"));
  request.set_page_token(page->next_page_token());
  page = As<ListNoteRevisionsResponse>(Head(), "ListNoteRevisions", request);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->notes_size(), 1);
  EXPECT_EQ(page->notes(0).title(), "one");
  EXPECT_EQ(page->notes(0).etag(), note.etag());
  EXPECT_TRUE(page->next_page_token().empty());
}

TEST_P(RegistryTest, BatchesAreAllOrNone) {
  BatchCreateNotesRequest batch;
  batch.set_parent(kParent);
  for (int i = 0; i < 5; ++i) batch.add_requests()->mutable_note()->set_title(absl::StrCat("b", i));
  auto made = As<BatchCreateNotesResponse>(Head(), "BatchCreateNotes", batch);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->notes_size(), 5);
  batch.mutable_requests(3)->mutable_note()->set_title("refused");
  absl::Status refused = As<BatchCreateNotesResponse>(Head(), "BatchCreateNotes", batch).status();
  ASSERT_TRUE(absl::IsInvalidArgument(refused)) << refused;
  EXPECT_EQ(status::ViolationsOf(refused).at(0).field, "requests[3].note.title");
  EXPECT_EQ(Count("note"), 5);
}

TEST_P(RegistryTest, UniqueValuesAreTakenUntilTheirRecordIsDeleted) {
  CreateNoteRequest request = NoteRequest("a");
  request.mutable_note()->set_code("X1");
  const Note note = MustCreate(request);
  EXPECT_EQ(ReasonOf(As<Note>(Head(), "CreateNote", request).status()), Reason::kResourceExists);
  DeleteNoteRequest gone;
  gone.set_name(note.name());
  ASSERT_TRUE(As<Note>(Head(), "DeleteNote", gone).ok());
  EXPECT_TRUE(As<Note>(Head(), "CreateNote", request).ok());
}

TEST_P(RegistryTest, RecordEventAuditAndAnswerStandTogether) {
  const Note note = MustCreate("together");
  UpdateNoteRequest update;
  update.mutable_note()->set_name(note.name());
  update.mutable_note()->set_title("again");
  ASSERT_TRUE(As<Note>(Head(), "UpdateNote", update).ok());
  ASSERT_TRUE(absl::IsInvalidArgument(As<Note>(Head(), "CreateNote", NoteRequest("refused")).status()));
  std::vector<std::int64_t> kinds, revisions;
  ASSERT_TRUE(service_.store()
                  .Read(absl::InfiniteFuture(),
                        [&](store::Session& session) {
                          auto page = store::ReadEvents(session, 0, 100, {}, [&](const store::StoredEvent& event) {
                            kinds.push_back(event.kind);
                            revisions.push_back(event.revision);
                            EXPECT_EQ(event.resource, note.name());
                            return absl::OkStatus();
                          });
                          EXPECT_TRUE(page.ok());
                          auto report = store::VerifyAudit(session);
                          EXPECT_TRUE(report.ok());
                          EXPECT_EQ(report->rows, 2);
                          EXPECT_FALSE(report->first_broken.has_value());
                          return absl::OkStatus();
                        })
                  .ok());
  EXPECT_THAT(kinds, ElementsAre(1, 2));
  EXPECT_THAT(revisions, ElementsAre(1, 2));
  service_.Restart();
  EXPECT_EQ(Get(note.name())->title(), "again");
}

TEST_P(RegistryTest, LimitsOfTheContractHold) {
  absl::Status status = As<Note>(Head(), "CreateNote", NoteRequest("a title of more than twenty")).status();
  ASSERT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status::ViolationsOf(status).at(0).field, "note.title");
  EXPECT_TRUE(absl::IsInvalidArgument(As<Note>(Head(), "CreateNote", NoteRequest("")).status()));
}

INSTANTIATE_TEST_SUITE_P(Engines, RegistryTest, ::testing::Values(EngineKind::kSqlite, EngineKind::kPostgres),
                         [](const auto& info) { return testing::EngineName(info.param); });

}  // namespace
}  // namespace fivestrand::resource
