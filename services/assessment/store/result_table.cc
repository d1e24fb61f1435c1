#include "services/assessment/store/result_table.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "fivestrand/assessment/v1/results.pb.h"
#include "fivestrand/events/v1/events.pb.h"

#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/store/bulk_insert.h"

namespace fivestrand::assessment::store {
namespace {

using domain::kNoValue;
using domain::ResultRow;
using fivestrand::store::BulkInsert;
using fivestrand::store::Param;
using fivestrand::store::Row;
using fivestrand::store::Session;
using fivestrand::store::WriteTransaction;

constexpr std::size_t kKeysPerQuery = 64;
constexpr std::size_t kRowsPerInsert = 128;
constexpr std::size_t kColumns = 7;

constexpr std::string_view kSelect =
    "SELECT key, school_number, year_group, outcome, value, update_time, author_number FROM result";

ResultRow RowOf(const Row& row) {
  return {.key = row.Int(0),
          .outcome = static_cast<std::int32_t>(row.Int(3)),
          .school = static_cast<std::int32_t>(row.Int(1)),
          .year_group = static_cast<std::int32_t>(row.Int(2)),
          .author = static_cast<std::int32_t>(row.Int(6)),
          .value = row.IsNull(4) ? kNoValue : row.Int(4),
          .update_time = row.Int(5)};
}

Param ValueParam(std::int64_t value) {
  return value == kNoValue ? Param(nullptr) : Param(value);
}

const BulkInsert& Insert() {
  static const BulkInsert& insert = *new BulkInsert(
      "INSERT INTO result (key, school_number, year_group, outcome, value, update_time, author_number)", kColumns, kRowsPerInsert);
  return insert;
}

}  // namespace

absl::Status ReadResults(Session& session, absl::Span<const std::int64_t> keys, absl::FunctionRef<void(const ResultRow&)> each) {
  static const std::string& sql = *[] {
    auto* text = new std::string(absl::StrCat(std::string(kSelect), " WHERE key IN ("));
    for (std::size_t i = 1; i <= kKeysPerQuery; ++i) absl::StrAppend(text, i == 1 ? "$" : ", $", i);
    return &text->append(")");
  }();
  for (std::size_t at = 0; at < keys.size(); at += kKeysPerQuery) {
    std::vector<Param> params;
    for (std::size_t i = at; i < std::min(at + kKeysPerQuery, keys.size()); ++i) params.emplace_back(keys[i]);
    // One text for any number: no result has key 0.
    params.resize(kKeysPerQuery, Param(0));
    FIVESTRAND_RETURN_IF_ERROR(session.Query(sql, params, [&](const Row& row) {
      each(RowOf(row));
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

absl::Status ScanResults(Session& session, domain::KeyRange range, absl::FunctionRef<absl::Status(const ResultRow&)> each) {
  return session.Query(absl::StrCat(std::string(kSelect), " WHERE key >= $1 AND key <= $2 ORDER BY key"), {range.first, range.last},
                       [&](const Row& row) { return each(RowOf(row)); });
}

absl::StatusOr<bool> AnyResult(Session& session, domain::KeyRange range) {
  return session.QueryOne("SELECT 1 FROM result WHERE key >= $1 AND key <= $2 LIMIT 1", {range.first, range.last},
                          [](const Row&) { return absl::OkStatus(); });
}

absl::Status ReadHistory(Session& session, std::int64_t key, int limit, absl::FunctionRef<void(const ResultState&)> each) {
  return session.Query(
      "SELECT key, school_number, year_group, outcome, value, update_time, author_number, end_time, end_author_number FROM "
      "result_history WHERE key = $1 ORDER BY update_time DESC LIMIT $2",
      {key, limit}, [&](const Row& row) {
        each({.row = RowOf(row), .end_time = row.Int(7), .end_author = static_cast<std::int32_t>(row.Int(8))});
        return absl::OkStatus();
      });
}

std::int64_t ResultWriter::NextTime(std::int64_t before) const {
  // The clock may have gone back, and the time is the revision too.
  return std::max(fivestrand::store::ToMicros(made_.value_or(transaction_.now())), before + 1);
}

absl::Status ResultWriter::Keep(const ResultRow& before, std::int64_t end_time, std::int32_t end_author) {
  return AddHistory(transaction_, {.row = before, .end_time = end_time, .end_author = end_author});
}

absl::Status ResultWriter::Put(const ResultRow* before, ResultRow* row) {
  row->update_time = NextTime(before == nullptr ? 0 : before->update_time);
  if (before != nullptr) {
    FIVESTRAND_RETURN_IF_ERROR(Keep(*before, row->update_time, row->author));
    FIVESTRAND_RETURN_IF_ERROR(
        transaction_
            .Execute("UPDATE result SET school_number = $2, year_group = $3, outcome = $4, value = $5, update_time = $6, "
                     "author_number = $7 WHERE key = $1",
                     {row->key, row->school, row->year_group, row->outcome, ValueParam(row->value), row->update_time, row->author})
            .status());
  } else {
    FIVESTRAND_RETURN_IF_ERROR(InsertResult(transaction_, *row));
  }
  written_.push_back(*row);
  return absl::OkStatus();
}

absl::Status ResultWriter::InsertAll(absl::Span<ResultRow> rows, absl::FunctionRef<void(std::size_t)> progress) {
  const std::int64_t now = NextTime(0);
  std::vector<Param> params;
  params.reserve(kRowsPerInsert * kColumns);
  for (std::size_t at = 0; at < rows.size();) {
    const std::size_t count = std::min(rows.size() - at, kRowsPerInsert);
    params.clear();
    for (std::size_t i = at; i < at + count; ++i) {
      ResultRow& row = rows[i];
      row.update_time = now;
      const Param values[kColumns] = {row.key,         row.school, row.year_group, row.outcome, ValueParam(row.value),
                                      row.update_time, row.author};
      params.insert(params.end(), std::begin(values), std::end(values));
    }
    FIVESTRAND_RETURN_IF_ERROR(Insert().Run(transaction_, params));
    at += count;
    progress(at);
  }
  written_.insert(written_.end(), rows.begin(), rows.end());
  return absl::OkStatus();
}

absl::Status ResultWriter::Remove(const ResultRow& before, std::int32_t author) {
  FIVESTRAND_RETURN_IF_ERROR(Keep(before, NextTime(before.update_time), author));
  FIVESTRAND_RETURN_IF_ERROR(DropResult(transaction_, before.key));
  removed_.push_back(before.key);
  return absl::OkStatus();
}

void AppendResultChange(WriteTransaction& transaction, std::string_view actor, std::string_view trust, const ColumnName& column,
                        std::int64_t count) {
  v1::ResultChange change;
  change.set_window(std::string(column.window));
  change.set_subject(std::string(column.subject));
  change.set_scale(std::string(column.scale));
  change.set_change_count(count);
  const std::string bytes = change.SerializeAsString();
  transaction.AppendEvent({.kind = events::v1::UPDATED,
                           .resource_type = "fivestrand/ResultChange",
                           .resource = column.window,
                           .trust = names::TrustOf(trust),
                           .revision = 0,
                           .actor = actor,
                           .record = bytes});
}

absl::Status AddHistory(WriteTransaction& transaction, ResultState state) {
  const ResultRow& row = state.row;
  for (std::int64_t time = row.update_time;; ++time) {
    FIVESTRAND_ASSIGN_OR_RETURN(
        const std::int64_t count,
        transaction.Execute(
            "INSERT INTO result_history (key, update_time, school_number, year_group, outcome, value, author_number, "
            "end_time, end_author_number) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (key, update_time) "
            "DO NOTHING",
            {row.key, time, row.school, row.year_group, row.outcome, ValueParam(row.value), row.author, state.end_time,
             state.end_author}));
    if (count == 1) return absl::OkStatus();
  }
}

absl::Status MoveHistory(WriteTransaction& transaction, std::int64_t from, std::int64_t to) {
  std::vector<ResultState> states;
  FIVESTRAND_RETURN_IF_ERROR(ReadHistory(transaction, from, 1 << 20, [&](const ResultState& state) { states.push_back(state); }));
  if (states.empty()) return absl::OkStatus();
  FIVESTRAND_RETURN_IF_ERROR(transaction.Execute("DELETE FROM result_history WHERE key = $1", {from}).status());
  for (ResultState& state : states) {
    state.row.key = to;
    FIVESTRAND_RETURN_IF_ERROR(AddHistory(transaction, state));
  }
  return absl::OkStatus();
}

absl::Status InsertResult(WriteTransaction& transaction, const ResultRow& row) {
  return Insert().Run(transaction,
                      {row.key, row.school, row.year_group, row.outcome, ValueParam(row.value), row.update_time, row.author});
}

absl::Status DropResult(WriteTransaction& transaction, std::int64_t key) {
  return transaction.Execute("DELETE FROM result WHERE key = $1", {key}).status();
}

}  // namespace fivestrand::assessment::store
