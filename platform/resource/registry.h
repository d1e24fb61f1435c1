// The registry: a kind of record is declared once, and its standard methods are served. See DESIGN in ARCHITECTURE.md, "The
// registry".
//
//   Registry registry(options);
//   registry.Declare(DropIn::descriptor(), std::make_unique<DropInStrategy>());
//   registry.Serve(server, *ServiceDescriptor, {custom methods that somebody else handles});
//
// Served by name: Get, List, Create, Update, Delete, Undelete, BatchCreate and List...Revisions, in the shapes of the AIPs that
// protos/fivestrand shows. Reads run on the transport's thread; writes are handed to the store's queue and answered after the
// commit.
#ifndef FIVESTRAND_PLATFORM_RESOURCE_REGISTRY_H_
#define FIVESTRAND_PLATFORM_RESOURCE_REGISTRY_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/message.h"

#include "platform/crypto/field_cipher.h"
#include "platform/crypto/keyring.h"
#include "platform/crypto/sealed_text.h"
#include "platform/identity/access.h"
#include "platform/names/id_source.h"
#include "platform/resource/declaration.h"
#include "platform/resource/record_table.h"
#include "platform/resource/strategy.h"
#include "platform/resource/write_context.h"
#include "platform/rpc/audit_sink.h"
#include "platform/rpc/server.h"
#include "platform/store/store.h"

namespace fivestrand::resource {

// A declared kind of record.
struct Entry {
  std::unique_ptr<const Declaration> declaration;
  std::unique_ptr<RecordTable> table;
  std::unique_ptr<Strategy> strategy;
  // A copy of records that another service keeps: references, Read and Scan use it, and only the feed of that service writes it.
  bool mirror = false;
};

struct RegistryOptions {
  // All needed; they outlive the registry.
  store::Store* store = nullptr;
  crypto::FieldCipher* cipher = nullptr;
  names::IdSource* ids = nullptr;
  std::shared_ptr<const crypto::Keyring> keyring;  // for page tokens
  std::shared_ptr<const identity::AccessTable> access;
  // How long a repeated write gets the first answer.
  absl::Duration idempotency_window = absl::Hours(24);
};

// How a write is to be run; see Registry::RunWrite.
struct WriteSpec {
  std::string request_id;
  bool validate_only = false;
  // Whether the answer may hold sealed fields: it is then kept encrypted.
  bool seal_answer = false;
  std::string resource_type;
};

// The body of a write: fills `reply` with the bytes of the answer.
using WriteFunction = std::function<absl::Status(WriteContext& context, std::string* reply)>;

class Registry : public rpc::AuditSink {
 public:
  explicit Registry(RegistryOptions options);
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;
  ~Registry() override;

  // Before Serve. `strategy` may be null.
  absl::Status Declare(const google::protobuf::Descriptor* record, std::unique_ptr<Strategy> strategy);

  // A read-only copy of a kind of record that another service keeps, in a table of the same shape. No standard write of it can be
  // served, and no WriteContext writes it; see platform/events/mirror.h for what does.
  absl::Status DeclareMirror(const google::protobuf::Descriptor* record);

  // Checks that every declared table has the columns that it needs.
  absl::Status VerifySchema(absl::Time deadline);

  // Registers a body for every standard method of the service. INTERNAL, as hidden cause, when a method is neither standard nor in
  // `elsewhere` (names without the service, for example "CompleteVisit"), names a record that is not declared, or writes a mirror.
  absl::Status Serve(rpc::Server& server, const google::protobuf::ServiceDescriptor* service,
                     const absl::flat_hash_set<std::string>& elsewhere);

  // Registers a custom write. `fill` describes the write (request_id, validate_only); `body` runs in the transaction.
  template <typename Request, typename Response>
  void HandleWrite(rpc::Server& server, const google::protobuf::MethodDescriptor* method,
                   std::function<WriteSpec(const Request&)> fill,
                   std::function<absl::Status(WriteContext&, const Request&, Response*)> body) {
    server.AsyncUnary(method, rpc::Runs::kPool,
                      [this, fill = std::move(fill), body = std::move(body)](std::shared_ptr<const rpc::CallContext> context,
                                                                             const google::protobuf::Message& request,
                                                                             std::function<void(absl::Status, rpc::Reply)> done) {
                        const auto* typed = static_cast<const Request*>(&request);
                        RunWrite(
                            std::move(context), request, fill(*typed),
                            [body, typed](WriteContext& write, std::string* reply) -> absl::Status {
                              google::protobuf::Arena arena;
                              auto* response = google::protobuf::Arena::CreateMessage<Response>(&arena);
                              absl::Status status = body(write, *typed, response);
                              if (status.ok()) response->SerializeToString(reply);
                              return status;
                            },
                            std::move(done));
                      });
  }

  // Runs `body` in a write transaction: answers a repeated request with the first answer, rolls back for validate_only, and calls
  // `done` when the outcome is durable. `request` lives until then.
  void RunWrite(std::shared_ptr<const rpc::CallContext> context, const google::protobuf::Message& request, WriteSpec spec,
                WriteFunction body, std::function<void(absl::Status, rpc::Reply)> done);

  // Writes the call down in the audit trail as a read of what it is about; `done` comes once that is durable.
  void RecordRead(std::shared_ptr<const rpc::CallContext> context, std::function<void(absl::Status)> done) override;

  // Reads a live record in a session that the caller has, without its sealed fields; false when there is none.
  absl::StatusOr<bool> Read(store::Session& session, std::string_view name, google::protobuf::Message* record) const;

  // Calls `each` for the live records of one kind whose SQL condition holds, in no particular order. `where` may use columns and
  // $n.
  absl::Status Scan(store::Session& session, const google::protobuf::Descriptor* record, std::string_view where,
                    store::Params params, google::protobuf::Message* scratch, absl::FunctionRef<absl::Status()> each) const;

  // Null when it is not declared.
  const Entry* Find(std::string_view type) const;
  const Entry* Find(const google::protobuf::Descriptor* record) const;
  const std::vector<std::unique_ptr<Entry>>& entries() const { return entries_; }

  store::Store& store() const { return *options_.store; }
  crypto::FieldCipher& cipher() const { return *options_.cipher; }
  names::IdSource& ids() const { return *options_.ids; }
  const identity::AccessTable& access() const { return *options_.access; }
  const crypto::CookieSealer& page_tokens() const { return page_tokens_; }

 private:
  absl::Status Add(const google::protobuf::Descriptor* record, std::unique_ptr<Strategy> strategy, bool mirror);

  RegistryOptions options_;
  const crypto::CookieSealer page_tokens_;
  std::vector<std::unique_ptr<Entry>> entries_;
  absl::flat_hash_map<std::string, const Entry*> by_type_;
  absl::flat_hash_map<const google::protobuf::Descriptor*, const Entry*> by_descriptor_;
};

}  // namespace fivestrand::resource

#endif  // FIVESTRAND_PLATFORM_RESOURCE_REGISTRY_H_
