// One write: what strategies and custom verbs work with. Everything that it changes becomes durable together with its audit rows,
// events, revisions and the answer that a repeated request will get; or nothing does.
#ifndef FIVESTRAND_PLATFORM_RESOURCE_WRITE_CONTEXT_H_
#define FIVESTRAND_PLATFORM_RESOURCE_WRITE_CONTEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"

#include "platform/resource/record_table.h"
#include "platform/rpc/call_context.h"
#include "platform/store/store.h"

namespace fivestrand::resource {

struct Entry;
class Registry;

// What an update must find.
struct Expectation {
  std::string_view etag;  // empty: any
};

// Not thread-safe; lives during one run of a write body.
class WriteContext {
 public:
  WriteContext(const Registry& registry, const rpc::CallContext& call, store::WriteTransaction& transaction)
      : registry_(registry), call_(call), transaction_(transaction) {}

  const rpc::CallContext& call() const { return call_; }
  // Resource name of the person, or services/... or operators/...
  std::string_view actor() const { return call_.caller->subject; }
  absl::Time now() const { return transaction_.now(); }
  store::WriteTransaction& transaction() { return transaction_; }

  // Path of a field of the record in the request, for error texts: `drop_in.subject`, or `requests[3].drop_in.subject` in a batch.
  std::string Field(std::string_view field) const;

  // Reads a record, sealed fields left out; false when there is none or it is deleted.
  absl::StatusOr<bool> Read(std::string_view name, google::protobuf::Message* record);

  // Creates the record at `parent`; `id` empty makes one. Fills in name, etag and times. Calls the strategy. Row-level access is
  // not checked: the method's own permission stands for what it writes.
  absl::Status Create(std::string_view parent, std::string_view id, google::protobuf::Message* record);

  // Reads the record, lets `change` work on it, stores it unless nothing changed; `record` is then the new state. `verb` is what
  // the audit trail calls it. NOT_FOUND (RESOURCE_DELETED for a deleted one), ABORTED for another etag.
  absl::Status Update(std::string_view name, Expectation expectation, std::string_view verb, google::protobuf::Message* record,
                      absl::FunctionRef<absl::Status()> change);

  // Soft, or final for a type without delete_time. `record` is the state after.
  absl::Status Delete(std::string_view name, Expectation expectation, google::protobuf::Message* record);
  absl::Status Undelete(std::string_view name, Expectation expectation, google::protobuf::Message* record);

  // Checks a standard method's rows against ctx.access; off by default.
  void set_check_rows(bool check) { check_rows_ = check; }
  void set_field_prefix(std::string prefix) { prefix_ = std::move(prefix); }
  const std::string& field_prefix() const { return prefix_; }

  // Answers with what the body fills in, and undoes everything that it wrote: for an import that reports what is wrong.
  void Discard() { discarded_ = true; }
  bool discarded() const { return discarded_; }

 private:
  // Whether the record is there and live. Asked once for each name: within a transaction nothing changes but by this context.
  absl::StatusOr<bool> Live(const Entry& target, std::string_view name);
  absl::StatusOr<const Entry*> EntryOf(const google::protobuf::Message& record) const;
  // Reads the row and puts its sealed fields in; the answer to "none" depends on what the caller may know.
  absl::Status Load(const Entry& entry, std::string_view name, Expectation expectation, google::protobuf::Message* record,
                    StoredRecord* row);
  absl::Status CheckRow(const Entry& entry, const google::protobuf::Message& record) const;
  absl::Status CheckReferences(const Entry& entry, const google::protobuf::Message* before, const google::protobuf::Message& after);
  absl::Status CheckRequired(const Entry& entry, const google::protobuf::Message& record) const;
  absl::Status CheckUnused(const Entry& entry, std::string_view name);
  absl::Status CheckSealed(const Entry& entry, const google::protobuf::Message* before,
                           const google::protobuf::Message& after) const;
  // Stores `record` as the state after `before` (revision 0: a new one), with all that belongs to it. Leaves sealed fields in
  // `record` only if the caller may read them.
  absl::Status Put(const Entry& entry, std::string_view name, const StoredRecord& before, bool deleted, std::string_view verb,
                   int event_kind, google::protobuf::Message* record);

  const Registry& registry_;
  const rpc::CallContext& call_;
  store::WriteTransaction& transaction_;
  bool check_rows_ = false;
  bool discarded_ = false;
  absl::flat_hash_set<std::string> live_;
  std::string prefix_;
};

}  // namespace fivestrand::resource

#endif  // FIVESTRAND_PLATFORM_RESOURCE_WRITE_CONTEXT_H_
