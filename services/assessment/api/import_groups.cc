#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/resource/write_context.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/assessment/api/import_records.h"
#include "services/assessment/api/import_support.h"
#include "services/assessment/domain/group_codes.h"
#include "services/assessment/domain/import_text.h"

namespace fivestrand::assessment::api {
namespace {

using domain::CompiledMapping;
using domain::ImportFile;
using fivestrand::store::Session;
using resource::WriteContext;
using Group = v1::GroupMembership;
using Mapping = v1::ColumnMapping;

using PupilsByUpn = absl::flat_hash_map<std::string, std::string>;

class GroupReader {
 public:
  GroupReader(const PupilsByUpn& pupils, const RecordImportOptions& options, ImportFile* file, std::vector<GroupRow>* rows)
      : pupils_(pupils), options_(options), file_(*file), cells_(file), rows_(*rows) {}

  void Take(const csv::Row& row) {
    GroupRow base;
    base.line = row.line;
    base.upn = cells_.Upn(row);
    if (!base.upn.empty() && !pupils_.contains(base.upn))
      file_.Wrong(row, Mapping::UPN, "is no pupil of the trust; import pupils first");
    base.start = cells_.Date(row, Mapping::START_DATE).value_or(options_.start);
    base.end = cells_.Date(row, Mapping::END_DATE);
    if (base.end && *base.end < base.start) file_.Wrong(row, Mapping::END_DATE, "must not be before the first day");
    base.detail = absl::AsciiStrToUpper(AbslView(file_.Value(row, Mapping::GROUP_DETAIL)));
    for (const CompiledMapping::Column& column : file_.mapping().columns()) {
      const std::string_view text = file_.Value(row, column);
      if (text.empty()) continue;
      if (column.field == Mapping::SEN_STATUS) TakeStatus(row, column, text, base);
      if (column.field == Mapping::GROUP && file_.mapping().wide()) TakeAnswer(row, column, text, base);
      if (column.field == Mapping::GROUP && !file_.mapping().wide()) TakeName(row, column, text, base);
    }
  }

 private:
  void Add(const csv::Row& row, const CompiledMapping::Column& column, GroupRow add) {
    if (add.out || (add.group != Group::SEN_SUPPORT && add.group != Group::EHCP && add.group != Group::ETHNICITY))
      add.detail.clear();
    if (const std::string_view fault = domain::DetailFault(add.group, add.detail); !add.out && !fault.empty())
      file_.Wrong(row, Mapping::GROUP_DETAIL, fault);
    if (file_.previewing()) file_.Show(row, column, absl::StrCat(add.out ? "not " : "", Group::Group_Name(add.group)));
    if (file_.problems().empty()) rows_.push_back(std::move(add));
  }

  void TakeStatus(const csv::Row& row, const CompiledMapping::Column& column, std::string_view text, const GroupRow& base) {
    const std::string status = absl::AsciiStrToUpper(AbslView(text));
    if (status != "N" && status != "K" && status != "E")
      return file_.Wrong(row, column, "must be N (none), K (SEN support) or E (education, health and care plan)");
    for (const auto& [letter, group] : {std::pair{"K", Group::SEN_SUPPORT}, std::pair{"E", Group::EHCP}}) {
      GroupRow add = base;
      add.group = group;
      add.out = status != letter;
      Add(row, column, std::move(add));
    }
  }

  void TakeAnswer(const csv::Row& row, const CompiledMapping::Column& column, std::string_view text, const GroupRow& base) {
    GroupRow add = base;
    add.group = column.group;
    if (column.group == Group::ETHNICITY) {
      add.detail = absl::AsciiStrToUpper(AbslView(text));
    } else {
      const std::optional<bool> answer = domain::ParseYesNo(text);
      if (!answer) return file_.Wrong(row, column, "must be yes or no");
      add.out = !*answer;
    }
    Add(row, column, std::move(add));
  }

  void TakeName(const csv::Row& row, const CompiledMapping::Column& column, std::string_view text, const GroupRow& base) {
    const std::optional<Group::Group> group = domain::ParseGroup(text);
    if (!group) return file_.Wrong(row, column, "must be a group, such as disadvantaged, LAC, SEN support, EHCP, EAL or most able");
    GroupRow add = base;
    add.group = *group;
    Add(row, column, std::move(add));
  }

  const PupilsByUpn& pupils_;
  const RecordImportOptions& options_;
  ImportFile& file_;
  CellReader cells_;
  std::vector<GroupRow>& rows_;
};

class GroupWriter {
 public:
  GroupWriter(const domain::RecordSource& source, WriteContext& write, RecordCounter* counter)
      : source_(source), write_(write), counter_(*counter) {}

  absl::Status Write(const GroupRow& row, const std::string& pupil) {
    auto [known, fresh] = memberships_.try_emplace(pupil);
    if (fresh) FIVESTRAND_RETURN_IF_ERROR(source_.GroupMembershipsOf(write_.transaction(), pupil, &known->second));
    for (Group& each : known->second) {
      if (each.group() != row.group || !Touches(each, row.start, row.end)) continue;
      if (row.out) return Leave(row, &each);
      if (row.detail.empty() || row.detail == each.detail()) {
        FIVESTRAND_RETURN_IF_ERROR(SetEnd<Group>(write_, each, row.end, row.line, &counter_));
        if (row.end) *each.mutable_end_date() = calendar::ToProto(*row.end);
        return absl::OkStatus();
      }
      // Another need, or another code: from this day on.
      FIVESTRAND_RETURN_IF_ERROR(Leave(row, &each));
    }
    if (row.out) return counter_.Updated(row.line, absl::OkStatus(), false);
    Group made;
    made.set_group(row.group);
    made.set_detail(row.detail);
    *made.mutable_start_date() = calendar::ToProto(row.start);
    if (row.end) *made.mutable_end_date() = calendar::ToProto(*row.end);
    Group kept = made;
    const absl::Status status = write_.Create(pupil, "", &made);
    if (status.ok()) {
      kept.set_name(made.name());
      known->second.push_back(std::move(kept));
    }
    return counter_.Created(row.line, status);
  }

 private:
  // The last day is the day before; a membership that began no earlier never was.
  absl::Status Leave(const GroupRow& row, Group* membership) {
    if (calendar::FromProto(membership->start_date()).value_or(row.start) >= row.start) {
      Group gone;
      const absl::Status status = write_.Delete(membership->name(), {}, &gone);
      *membership->mutable_end_date() = membership->start_date();
      membership->set_group(Group::GROUP_UNSPECIFIED);
      return counter_.Updated(row.line, status, true);
    }
    FIVESTRAND_RETURN_IF_ERROR(SetEnd<Group>(write_, *membership, row.start - 1, row.line, &counter_));
    *membership->mutable_end_date() = calendar::ToProto(row.start - 1);
    return absl::OkStatus();
  }

  const domain::RecordSource& source_;
  WriteContext& write_;
  RecordCounter& counter_;
  absl::flat_hash_map<std::string, std::vector<Group>> memberships_;
};

}  // namespace

absl::Status ReadGroupRows(const resource::Registry& registry, Session& session, const RecordImportOptions& options,
                           ImportFile* file, std::vector<GroupRow>* rows) {
  PupilsByUpn pupils;
  FIVESTRAND_RETURN_IF_ERROR(options.source->PupilsByUpn(session, names::TrustOf(options.trust), &pupils));
  GroupReader reader(pupils, options, file, rows);
  return file->ForEach([&](const csv::Row& row) {
    reader.Take(row);
    return absl::OkStatus();
  });
}

absl::Status WriteGroupRows(const resource::Registry& registry, WriteContext& write, const RecordImportOptions& options,
                            const std::vector<GroupRow>& rows, domain::ImportMeter* meter, domain::ImportProblems* problems,
                            domain::ImportCounts* counts) {
  PupilsByUpn pupils;
  FIVESTRAND_RETURN_IF_ERROR(options.source->PupilsByUpn(write.transaction(), names::TrustOf(options.trust), &pupils));
  RecordCounter counter(problems, counts);
  GroupWriter writer(*options.source, write, &counter);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    write.set_field_prefix("");
    const auto pupil = pupils.find(rows[i].upn);
    if (pupil == pupils.end()) return status::Conflict("pupils changed while the file was checked", absl::Seconds(1));
    FIVESTRAND_RETURN_IF_ERROR(writer.Write(rows[i], pupil->second));
    meter->share.store(static_cast<int>(i * 1000 / rows.size()));
  }
  return absl::OkStatus();
}

}  // namespace fivestrand::assessment::api
