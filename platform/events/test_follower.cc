#include "platform/events/test_follower.h"

#include <cstdlib>
#include <google/protobuf/descriptor.h>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fivestrand/events/v1/events.pb.h"
#include "fivestrand/type/v1/role.pb.h"

#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/store/outbox.h"

namespace fivestrand::events {
namespace {

using resourcetest::v1::Note;
using resourcetest::v1::Shelf;
using testing::TestService;

constexpr char kService[] = "fivestrand.resourcetest.v1.LibraryService.";
constexpr char kParent[] = "trusts/t/schools/s";

constexpr identity::AccessRule kRules[] = {{type::v1::ROLE_HEADTEACHER, "library.*", identity::Reach::kSchool}};

void Must(const absl::Status& status, const char* what) {
  if (status.ok()) return;
  std::cerr << what << ": " << status << " " << status::HiddenCause(status) << "\n";
  std::abort();
}

service::RecordServiceSpec BaseSpec(std::string name) {
  service::RecordServiceSpec spec;
  spec.name = std::move(name);
  spec.migrations = {{"library", kLibraryMigrations}};
  return spec;
}

identity::Caller Head() {
  return TestService::Person("t", "head", type::v1::ROLE_HEADTEACHER, {"s"});
}

}  // namespace

service::RecordServiceSpec LibrarySpec() {
  service::RecordServiceSpec spec = BaseSpec("library");
  spec.access_rules = kRules;
  spec.services = {"fivestrand.resourcetest.v1.LibraryService"};
  const auto* library = Note::descriptor()->file()->service(0);
  for (int i = 0; i < library->method_count(); ++i) {
    const std::string& method = library->method(i)->name();
    if (method.find("Note") == std::string::npos && method.find("Shelf") == std::string::npos) spec.custom_methods.insert(method);
  }
  spec.declare = [](resource::Registry* registry) {
    absl::Status status = registry->Declare(Shelf::descriptor(), nullptr);
    status.Update(registry->Declare(Note::descriptor(), nullptr));
    return status;
  };
  return spec;
}

service::RecordServiceSpec ReaderSpec() {
  service::RecordServiceSpec spec = BaseSpec("reader");
  spec.mirrors = {Shelf::descriptor(), Note::descriptor()};
  spec.declare = [](resource::Registry*) {
    return absl::OkStatus();
  };
  return spec;
}

Library::Library(testing::EngineKind engine) : service_(engine, LibrarySpec(), absl::Now()) {}

void Library::AddShelf(const std::string& id, const std::string& title) {
  resourcetest::v1::CreateShelfRequest request;
  request.set_parent(kParent);
  request.set_shelf_id(id);
  request.mutable_shelf()->set_title(title);
  Must(service_.Call<Shelf>(Head(), absl::StrCat(kService, "CreateShelf"), request).status(), "shelf");
}

void Library::AddNotes(const std::string& prefix, int count, const std::string& shelf) {
  for (int done = 0; done < count;) {
    resourcetest::v1::BatchCreateNotesRequest request;
    request.set_parent(kParent);
    for (; done < count && request.requests_size() < 200; ++done) {
      auto* one = request.add_requests();
      one->set_note_id(absl::StrCat(prefix, "-", done));
      one->mutable_note()->set_title("note");
      if (!shelf.empty()) one->mutable_note()->set_shelf(absl::StrCat(kParent, "/shelves/", shelf));
    }
    Must(service_.Call<resourcetest::v1::BatchCreateNotesResponse>(Head(), absl::StrCat(kService, "BatchCreateNotes"), request)
             .status(),
         "notes");
  }
}

void Library::DeleteNote(const std::string& id) {
  resourcetest::v1::DeleteNoteRequest request;
  request.set_name(absl::StrCat(kParent, "/notes/", id));
  Must(service_.Call<Note>(Head(), absl::StrCat(kService, "DeleteNote"), request).status(), "delete");
}

void Library::AppendEvents(std::int64_t count) {
  constexpr std::int64_t kTransaction = 2000;
  Note note;
  for (std::int64_t done = 0; done < count; done += kTransaction) {
    Must(service_.store().Write(absl::Now() + absl::Seconds(60),
                                [&](store::WriteTransaction& transaction) {
                                  for (std::int64_t i = done; i < std::min(done + kTransaction, count); ++i) {
                                    note.set_name(absl::StrCat(kParent, "/notes/n", i));
                                    note.set_title("A note like others");
                                    note.set_author("trusts/t/people/head");
                                    note.set_shelf(absl::StrCat(kParent, "/shelves/a"));
                                    const std::string record = note.SerializeAsString();
                                    transaction.AppendEvent({.kind = v1::CREATED,
                                                             .resource_type = "test/Note",
                                                             .resource = note.name(),
                                                             .trust = "t",
                                                             .revision = 1,
                                                             .actor = "services/test",
                                                             .record = record});
                                  }
                                  return absl::OkStatus();
                                }),
         "events");
  }
}

std::int64_t Library::head() {
  return Number(service_.store(), "SELECT event_cursor FROM store_head");
}

FollowerOptions OptionsFor(Library& library, TestService& reader, log::Logger* logger) {
  FollowerOptions options;
  options.service = "reader";
  options.registry = &reader.registry();
  options.metrics = &reader.metrics();
  options.logger = logger;
  options.client = [&library] {
    return library.service().NewClient();
  };
  options.token = [&library]() -> absl::StatusOr<std::string> {
    return library.service().TokenFor(TestService::Process());
  };
  options.clock = &absl::Now;
  options.acknowledge_interval = absl::Milliseconds(20);
  options.first_pause = absl::Milliseconds(5);
  options.last_pause = absl::Milliseconds(50);
  options.stopped_pause = absl::Milliseconds(10);
  options.last_stopped_pause = absl::Milliseconds(50);
  return options;
}

FollowSpec MirrorFollow() {
  FollowSpec spec;
  spec.name = "mirrors";
  spec.source = "library";
  spec.resource_types = {"test/Shelf", "test/Note"};
  return spec;
}

FollowSpec SeenFollow() {
  FollowSpec spec;
  spec.name = "seen";
  spec.source = "library";
  spec.effect = [](const resource::Registry&, store::WriteTransaction& transaction, const v1::Event& event) {
    return CountSeen(transaction, event);
  };
  return spec;
}

absl::Status CountSeen(store::WriteTransaction& transaction, const v1::Event& event) {
  if (event.kind() == v1::RECORDED) return absl::OkStatus();
  return transaction
      .Execute("INSERT INTO seen (position, times) VALUES ($1, 1) ON CONFLICT (position) DO UPDATE SET times = seen.times + 1",
               {event.cursor()})
      .status();
}

std::int64_t Number(store::Store& store, const std::string& sql) {
  std::int64_t number = -1;
  Must(store.Read(absl::Now() + absl::Seconds(30),
                  [&](store::Session& session) {
                    return session.Query(sql, {}, [&](const store::Row& row) {
                      number = row.Int(0);
                      return absl::OkStatus();
                    });
                  }),
       "number");
  return number;
}

}  // namespace fivestrand::events
