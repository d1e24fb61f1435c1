#include "platform/resource/record_table.h"

#include <algorithm>
#include <google/protobuf/message.h>
#include <list>
#include <vector>

#include "absl/strings/str_cat.h"

#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::resource {
namespace {

// Parameters of a row in the order of the insert; the scratch strings live as long as the struct.
struct RowParams {
  std::vector<store::Param> params;
  std::list<std::string> scratch;
};

RowParams ParamsOf(const Declaration& declaration, std::string_view name, const google::protobuf::Message& message,
                   const StoredRecord& row) {
  RowParams out;
  out.params.reserve(9 + declaration.columns.size());
  out.params.emplace_back(names::TrustOf(name));
  const std::string_view path = PathOf(name);
  out.params.emplace_back(path);
  out.params.emplace_back(PathOf(names::ParentOf(name)));
  out.params.emplace_back(row.revision);
  out.params.emplace_back(GetTime(message, declaration.create_time_field));
  out.params.emplace_back(GetTime(message, declaration.update_time_field));
  if (row.deleted) {
    out.params.emplace_back(GetTime(message, declaration.delete_time_field));
  } else {
    out.params.emplace_back(nullptr);
  }
  out.params.push_back(store::Param::Blob(row.record));
  out.params.push_back(row.sealed.empty() ? store::Param(nullptr) : store::Param::Blob(row.sealed));
  for (const Column& column : declaration.columns) {
    out.scratch.emplace_back();
    out.params.push_back(ColumnParam(column, message, &out.scratch.back()));
  }
  return out;
}

constexpr std::size_t kRowsPerUpsert = 16;

constexpr std::string_view kFixed[] = {"trust",       "path",        "parent", "revision", "create_time",
                                       "update_time", "delete_time", "record", "sealed"};

}  // namespace

RecordTable::RecordTable(const Declaration& declaration) : declaration_(declaration) {
  const std::string& table = declaration.table;
  const std::string where = " WHERE trust = $1 AND path = $2";
  select_ = absl::StrCat("SELECT revision, delete_time, record, sealed FROM ", table, where);
  select_bytes_ = absl::StrCat("SELECT record FROM ", table, where);
  live_ = absl::StrCat("SELECT 1 FROM ", table, where, " AND delete_time IS NULL");
  remove_ = absl::StrCat("DELETE FROM ", table, where);
  std::string columns, values, sets, replaced;
  int number = 0;
  auto add = [&](std::string_view column) {
    ++number;
    absl::StrAppend(&columns, number > 1 ? ", " : "", AbslView(column));
    absl::StrAppend(&values, number > 1 ? ", $" : "$", number);
    // $1 and $2 are the key, $3 the parent and $5 the creation: these never change.
    if (number > 2) absl::StrAppend(&sets, sets.empty() ? "" : ", ", AbslView(column), " = $", number);
    if (number > 2) absl::StrAppend(&replaced, replaced.empty() ? "" : ", ", AbslView(column), " = excluded.", AbslView(column));
  };
  for (std::string_view column : kFixed) add(column);
  for (const Column& column : declaration.columns) add(column.name);
  insert_ = absl::StrCat("INSERT INTO ", table, " (", columns, ") VALUES (", values, ")");
  update_ = absl::StrCat("UPDATE ", table, " SET ", sets, where);
  const std::string head = absl::StrCat("INSERT INTO ", table, " (", columns, ")");
  const std::string replace = absl::StrCat(" ON CONFLICT (trust, path) DO UPDATE SET ", replaced);
  replace_.emplace(head, number, kRowsPerUpsert, replace);
  upsert_.emplace(head, number, kRowsPerUpsert, absl::StrCat(replace, " WHERE ", table, ".revision < excluded.revision"));
  verify_ = absl::StrCat("SELECT ", columns, " FROM ", table, " LIMIT 0");
}

absl::StatusOr<bool> RecordTable::Read(store::Session& session, std::string_view trust, std::string_view path,
                                       StoredRecord* row) const {
  return session.QueryOne(select_, {trust, path}, [&](const store::Row& r) {
    row->revision = r.Int(0);
    row->deleted = !r.IsNull(1);
    row->record = std::string(r.Blob(2));
    row->sealed = std::string(r.Blob(3));
    return absl::OkStatus();
  });
}

absl::StatusOr<bool> RecordTable::ReadBytes(store::Session& session, std::string_view trust, std::string_view path,
                                            std::string* record) const {
  return session.QueryOne(select_bytes_, {trust, path}, [&](const store::Row& r) {
    record->assign(r.Blob(0));
    return absl::OkStatus();
  });
}

absl::StatusOr<bool> RecordTable::Live(store::Session& session, std::string_view trust, std::string_view path) const {
  return session.QueryOne(live_, {trust, path}, [](const store::Row&) { return absl::OkStatus(); });
}

absl::Status RecordTable::Insert(store::Session& session, std::string_view name, const google::protobuf::Message& message,
                                 const StoredRecord& row) const {
  RowParams params = ParamsOf(declaration_, name, message, row);
  absl::StatusOr<std::int64_t> count = session.Execute(insert_, params.params);
  if (absl::IsAlreadyExists(count.status())) return status::AlreadyExists(declaration_.type, name);
  return count.status();
}

absl::Status RecordTable::Update(store::Session& session, std::string_view name, const google::protobuf::Message& message,
                                 const StoredRecord& row) const {
  RowParams params = ParamsOf(declaration_, name, message, row);
  absl::StatusOr<std::int64_t> count = session.Execute(update_, params.params);
  if (absl::IsAlreadyExists(count.status())) return status::AlreadyExists(declaration_.type, name);
  FIVESTRAND_RETURN_IF_ERROR(count.status());
  if (*count != 1) return status::Internal(absl::StrCat("an update of ", declaration_.table, " changed ", *count, " rows"));
  return absl::OkStatus();
}

absl::Status RecordTable::Upsert(store::Session& session, absl::Span<const NamedRecord> rows, bool force) const {
  const store::BulkInsert& insert = force ? *replace_ : *upsert_;
  for (; !rows.empty(); rows.remove_prefix(std::min(rows.size(), kRowsPerUpsert))) {
    std::vector<store::Param> values;
    std::list<std::string> scratch;
    for (const NamedRecord& each : rows.first(std::min(rows.size(), kRowsPerUpsert))) {
      RowParams params = ParamsOf(declaration_, each.name, *each.message, each.row);
      values.insert(values.end(), params.params.begin(), params.params.end());
      scratch.splice(scratch.end(), params.scratch);
    }
    FIVESTRAND_RETURN_IF_ERROR(insert.Run(session, values));
  }
  return absl::OkStatus();
}

absl::Status RecordTable::Remove(store::Session& session, std::string_view name) const {
  return session.Execute(remove_, {names::TrustOf(name), PathOf(name)}).status();
}

absl::StatusOr<bool> RecordTable::Mentions(store::Session& session, std::string_view trust, const Column& column,
                                           std::string_view value) const {
  return session.QueryOne(absl::StrCat("SELECT 1 FROM ", declaration_.table, " WHERE trust = $1 AND ", column.name,
                                       " = $2 AND delete_time IS NULL LIMIT 1"),
                          {trust, value}, [](const store::Row&) { return absl::OkStatus(); });
}

absl::Status RecordTable::Verify(store::Session& session) const {
  absl::Status status = session.Query(verify_, {}, [](const store::Row&) { return absl::OkStatus(); });
  if (status.ok()) return status;
  return status::WithHiddenCause(
      status::Precondition("SCHEMA_MISMATCH", declaration_.table, "the table does not have the columns that the contract declares"),
      status::HiddenCause(status));
}

}  // namespace fivestrand::resource
