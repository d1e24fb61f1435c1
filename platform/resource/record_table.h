// The SQL of one kind of record. Texts are made once from the declaration; values are always parameters.
//
// Table: trust, path (name after the trust), parent (path of the parent), revision, create_time, update_time, delete_time (NULL
// while live), record (bytes without sealed fields), sealed (encrypted, or NULL), then a column for each indexed field.
#ifndef FIVESTRAND_PLATFORM_RESOURCE_RECORD_TABLE_H_
#define FIVESTRAND_PLATFORM_RESOURCE_RECORD_TABLE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "platform/resource/declaration.h"
#include "platform/store/bulk_insert.h"
#include "platform/store/session.h"

namespace fivestrand::resource {

// A row as it lies.
struct StoredRecord {
  std::int64_t revision = 0;
  bool deleted = false;
  std::string record;
  std::string sealed;  // encrypted; empty when there is none
};

// A row with its name, and the message that gives its columns. The views must live as long.
struct NamedRecord {
  std::string_view name;
  const google::protobuf::Message* message;
  StoredRecord row;
};

class RecordTable {
 public:
  explicit RecordTable(const Declaration& declaration);

  // Whether there is such a row, deleted ones included.
  absl::StatusOr<bool> Read(store::Session& session, std::string_view trust, std::string_view path, StoredRecord* row) const;
  // The stored bytes as they lie, for the fast path; false when there is none.
  absl::StatusOr<bool> ReadBytes(store::Session& session, std::string_view trust, std::string_view path, std::string* record) const;
  // Whether there is such a row and it is live.
  absl::StatusOr<bool> Live(store::Session& session, std::string_view trust, std::string_view path) const;

  // `message` gives the columns, `row` the rest. ALREADY_EXISTS, with this type's name, when the name or a unique value is taken.
  absl::Status Insert(store::Session& session, std::string_view name, const google::protobuf::Message& message,
                      const StoredRecord& row) const;
  absl::Status Update(store::Session& session, std::string_view name, const google::protobuf::Message& message,
                      const StoredRecord& row) const;
  // Inserts the rows, of which no two have the same name, or replaces those with the same name and a smaller revision, or with any
  // when `force`; in few statements.
  absl::Status Upsert(store::Session& session, absl::Span<const NamedRecord> rows, bool force) const;
  // For a type whose deletion is final.
  absl::Status Remove(store::Session& session, std::string_view name) const;

  // Whether a live row has `value` in an indexed field.
  absl::StatusOr<bool> Mentions(store::Session& session, std::string_view trust, const Column& column,
                                std::string_view value) const;

  // FAILED_PRECONDITION when the store's table lacks a column that the declaration needs.
  absl::Status Verify(store::Session& session) const;

 private:
  const Declaration& declaration_;
  std::string select_, select_bytes_, live_, insert_, update_, remove_, verify_;
  std::optional<store::BulkInsert> upsert_, replace_;
};

}  // namespace fivestrand::resource

#endif  // FIVESTRAND_PLATFORM_RESOURCE_RECORD_TABLE_H_
