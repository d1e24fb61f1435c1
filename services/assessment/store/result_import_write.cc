#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fivestrand/assessment/v1/results.pb.h"
#include "fivestrand/events/v1/events.pb.h"

#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/assessment/store/dictionary.h"
#include "services/assessment/store/result_import.h"

namespace fivestrand::assessment::store {

using domain::DictionaryKind;
using domain::ResultKey;
using domain::ResultRow;
using fivestrand::store::Session;
using fivestrand::store::WriteTransaction;

namespace {

// Below this many rows of a column, or names, it is cheaper to ask for each than to read all.
constexpr std::size_t kFew = 500;

}  // namespace

std::vector<SqlResultImport::ColumnRows> SqlResultImport::RowsOf(std::int32_t trust, const std::vector<std::int32_t>& windows,
                                                                 const std::vector<std::int32_t>& subjects,
                                                                 const absl::flat_hash_map<std::string, std::int32_t>& scales,
                                                                 const std::vector<std::int32_t>& pupils,
                                                                 const std::vector<std::int32_t>& schools,
                                                                 std::int32_t author) const {
  std::vector<ColumnRows> columns;
  for (const Column& column : columns_) {
    const auto scale = scales.find(column.scale);
    const std::int32_t scale_number = scale == scales.end() ? 0 : scale->second;
    columns.push_back(
        {&column, trust != 0 && windows[column.window] != 0 && subjects[column.subject] != 0 && scale_number != 0, {}});
  }
  for (const Parsed& parsed : parsed_) {
    ColumnRows& column = columns[parsed.column];
    ResultRow& row = column.rows.emplace_back();
    row.outcome = parsed.outcome;
    row.value = parsed.value;
    row.school = schools[parsed.school];
    row.year_group = parsed.year_group;
    row.author = author;
    if (!column.known || pupils[parsed.pupil] == 0) continue;
    row.key = ResultKey{.trust = trust,
                        .window = windows[column.column->window],
                        .subject = subjects[column.column->subject],
                        .scale = scales.find(column.column->scale)->second,
                        .pupil = pupils[parsed.pupil]}
                  .Pack();
  }
  for (ColumnRows& column : columns) {
    std::sort(column.rows.begin(), column.rows.end(), [](const ResultRow& a, const ResultRow& b) { return a.key < b.key; });
  }
  // So that the table grows at its end within each window.
  std::sort(columns.begin(), columns.end(), [](const ColumnRows& a, const ColumnRows& b) {
    return (a.rows.empty() ? 0 : a.rows.front().key) < (b.rows.empty() ? 0 : b.rows.front().key);
  });
  return columns;
}

absl::Status SqlResultImport::Merge(Session& session, Rows& rows, absl::FunctionRef<absl::Status(Rows&)> fresh,
                                    absl::FunctionRef<absl::Status(const ResultRow&, ResultRow&)> changed,
                                    domain::ImportCounts* counts) const {
  Rows existing;
  if (rows.size() < kFew) {
    std::vector<std::int64_t> keys;
    for (const ResultRow& row : rows) keys.push_back(row.key);
    FIVESTRAND_RETURN_IF_ERROR(ReadResults(session, keys, [&](const ResultRow& row) { existing.push_back(row); }));
    std::sort(existing.begin(), existing.end(), [](const ResultRow& a, const ResultRow& b) { return a.key < b.key; });
  } else {
    FIVESTRAND_RETURN_IF_ERROR(ScanResults(session, domain::ColumnRange(rows.back().key), [&](const ResultRow& row) {
      existing.push_back(row);
      return absl::OkStatus();
    }));
  }
  Rows added;
  std::size_t at = 0;
  for (ResultRow& row : rows) {
    while (at < existing.size() && existing[at].key < row.key) ++at;
    if (at == existing.size() || existing[at].key != row.key) {
      added.push_back(row);
      continue;
    }
    if (existing[at].SameOutcome(row)) {
      ++counts->unchanged;
      continue;
    }
    FIVESTRAND_RETURN_IF_ERROR(changed(existing[at], row));
    ++counts->updated;
  }
  counts->created += static_cast<int>(added.size());
  return added.empty() ? absl::OkStatus() : fresh(added);
}

absl::Status SqlResultImport::Compare(Session& session, domain::ImportCounts* counts) const {
  *counts = {};
  FIVESTRAND_ASSIGN_OR_RETURN(const std::int32_t trust_number, FindTrustNumber(session, trust()));
  const auto find = [&](DictionaryKind kind, std::string_view name) {
    return FindNumber(session, trust(), kind, names::IdOf(name));
  };
  std::vector<std::int32_t> windows(facts_.windows.size()), subjects(facts_.subjects.size()), pupils(facts_.pupils.size());
  const std::vector<std::int32_t> schools(facts_.schools.size());
  absl::flat_hash_map<std::string, std::int32_t> scales, pupil_numbers;
  for (const Column& column : columns_) {
    FIVESTRAND_ASSIGN_OR_RETURN(windows[column.window], find(DictionaryKind::kWindow, facts_.windows[column.window].name()));
    FIVESTRAND_ASSIGN_OR_RETURN(subjects[column.subject], find(DictionaryKind::kSubject, facts_.subjects[column.subject]));
    FIVESTRAND_ASSIGN_OR_RETURN(scales[column.scale], find(DictionaryKind::kScale, column.scale));
  }
  FIVESTRAND_RETURN_IF_ERROR(ReadNumbers(session, trust(), DictionaryKind::kPupil, &pupil_numbers));
  for (std::size_t i = 0; i < pupils.size(); ++i) {
    const auto found = pupil_numbers.find(facts_.pupils[i]);
    if (found != pupil_numbers.end()) pupils[i] = found->second;
  }
  for (ColumnRows& column : RowsOf(trust_number, windows, subjects, scales, pupils, schools, 0)) {
    // Who has no number has no result; such rows have key 0 and stand first.
    const auto first = std::find_if(column.rows.begin(), column.rows.end(), [](const ResultRow& row) { return row.key != 0; });
    counts->created += static_cast<int>(first - column.rows.begin());
    Rows rows(first, column.rows.end());
    if (rows.empty()) continue;
    FIVESTRAND_RETURN_IF_ERROR(Merge(
        session, rows, [](Rows&) { return absl::OkStatus(); }, [](const ResultRow&, ResultRow&) { return absl::OkStatus(); },
        counts));
  }
  return absl::OkStatus();
}

absl::Status SqlResultImport::Write(WriteTransaction& transaction, std::string_view actor, std::string_view digest,
                                    domain::ImportMeter* meter, domain::ResultChanges* changes,
                                    domain::ImportCounts* counts) const {
  *counts = {};
  ResultWriter writer(transaction, options_.made);
  ImportFacts::Stamp stamp;
  FIVESTRAND_RETURN_IF_ERROR(ReadStamp(transaction, trust(), &stamp));
  if (stamp != facts_.stamp) return status::Conflict("pupils or windows changed while the file was checked", absl::Seconds(1));

  FIVESTRAND_ASSIGN_OR_RETURN(const std::int32_t trust_number, GiveTrustNumber(transaction, trust()));
  FIVESTRAND_ASSIGN_OR_RETURN(const std::int32_t author, GiveNumber(transaction, trust(), DictionaryKind::kAuthor, actor));
  std::vector<std::int32_t> windows(facts_.windows.size()), subjects(facts_.subjects.size()), schools(facts_.schools.size());
  absl::flat_hash_map<std::string, std::int32_t> scales;
  for (const Column& column : columns_) {
    FIVESTRAND_ASSIGN_OR_RETURN(windows[column.window], GiveNumber(transaction, trust(), DictionaryKind::kWindow,
                                                                   names::IdOf(facts_.windows[column.window].name())));
    FIVESTRAND_ASSIGN_OR_RETURN(subjects[column.subject], GiveNumber(transaction, trust(), DictionaryKind::kSubject,
                                                                     names::IdOf(facts_.subjects[column.subject])));
    FIVESTRAND_ASSIGN_OR_RETURN(scales[column.scale],
                                GiveNumber(transaction, trust(), DictionaryKind::kScale, names::IdOf(column.scale)));
  }
  std::vector<bool> school_used(schools.size()), pupil_used(facts_.pupils.size());
  for (const Parsed& parsed : parsed_) school_used[parsed.school] = pupil_used[parsed.pupil] = true;
  for (std::size_t i = 0; i < schools.size(); ++i) {
    if (!school_used[i]) continue;
    FIVESTRAND_ASSIGN_OR_RETURN(schools[i], GiveNumber(transaction, trust(), DictionaryKind::kSchool, facts_.schools[i]));
  }
  std::vector<std::int32_t> pupils(facts_.pupils.size());
  FIVESTRAND_RETURN_IF_ERROR(GiveNumbers(transaction, trust(), DictionaryKind::kPupil, facts_.pupils, pupil_used, &pupils));

  std::vector<ColumnRows> columns = RowsOf(trust_number, windows, subjects, scales, pupils, schools, author);
  std::size_t done = 0;
  for (ColumnRows& column : columns) {
    if (column.rows.empty()) continue;
    const std::size_t before = writer.written().size();
    FIVESTRAND_RETURN_IF_ERROR(Merge(
        transaction, column.rows,
        [&](Rows& fresh) {
          return writer.InsertAll(absl::MakeSpan(fresh), [&](std::size_t count) {
            meter->share.store(static_cast<int>((done + count) * 1000 / parsed_.size()));
          });
        },
        [&](const ResultRow& was, ResultRow& now) { return writer.Put(&was, &now); }, counts));
    done += column.rows.size();
    meter->share.store(static_cast<int>(done * 1000 / parsed_.size()));
    if (writer.written().size() == before) continue;
    AppendResultChange(
        transaction, actor, options_.trust,
        {facts_.windows[column.column->window].name(), facts_.subjects[column.column->subject], column.column->scale},
        static_cast<std::int64_t>(writer.written().size() - before));
  }
  *changes = {trust_number, writer.TakeWritten(), {}};
  if (counts->created + counts->updated > 0) {
    transaction.AppendAudit({.actor = actor,
                             .action = "import",
                             .resource = absl::StrCat(options_.trust, "/results"),
                             .trust = trust(),
                             .after_digest = digest});
  }
  return absl::OkStatus();
}

}  // namespace fivestrand::assessment::store
