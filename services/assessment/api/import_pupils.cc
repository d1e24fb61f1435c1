#include <algorithm>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "fivestrand/leadership/v1/organisation.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/resource/write_context.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/assessment/api/import_records.h"
#include "services/assessment/api/import_support.h"
#include "services/assessment/domain/import_text.h"
#include "services/assessment/domain/name_index.h"
#include "services/assessment/domain/upn.h"

namespace fivestrand::assessment::api {
namespace {

using domain::CompiledMapping;
using domain::ImportFile;
using domain::NameIndex;
using fivestrand::store::Session;
using leadership::v1::School;
using leadership::v1::SchoolClass;
using resource::WriteContext;
using Mapping = v1::ColumnMapping;

// Schools, and their classes of a year, by everything that a file may call them.
class Places {
 public:
  absl::Status Load(const resource::Registry& registry, Session& session, std::string_view trust) {
    School school;
    FIVESTRAND_RETURN_IF_ERROR(registry.Scan(session, School::descriptor(), "trust = $1", {trust}, &school, [&] {
      const int place = static_cast<int>(schools_.size());
      index_.Add(names::IdOf(school.name()), school.display_name(), place);
      if (!school.urn().empty()) index_.AddName(school.urn(), place);
      if (!school.laestab().empty()) index_.AddName(school.laestab(), place);
      schools_.push_back(school.name());
      return absl::OkStatus();
    }));
    SchoolClass one;
    return registry.Scan(session, SchoolClass::descriptor(), "trust = $1", {trust}, &one, [&] {
      classes_[absl::StrCat(AbslView(names::SchoolNameOf(one.name())), " ", one.academic_year())].Add(
          names::IdOf(one.name()), one.display_name(), static_cast<int>(class_names_.size()));
      class_names_.push_back(one.name());
      return absl::OkStatus();
    });
  }

  int FindSchool(std::string_view text) const { return index_.Find(text); }
  const std::string& school(int place) const { return schools_[place]; }

  int FindClass(const std::string& school, absl::CivilDay day, std::string_view text) const {
    const auto found = classes_.find(absl::StrCat(school, " ", calendar::AcademicYearId(calendar::AcademicYearOf(day))));
    return found == classes_.end() ? NameIndex::kNone : found->second.Find(text);
  }
  const std::string& class_name(int place) const { return class_names_[place]; }

 private:
  NameIndex index_;
  std::vector<std::string> schools_, class_names_;
  absl::flat_hash_map<std::string, NameIndex> classes_;
};

class PupilReader {
 public:
  PupilReader(const Places& places, const RecordImportOptions& options, ImportFile* file)
      : places_(places), options_(options), file_(*file), cells_(file) {}

  void Take(const csv::Row& row, std::vector<PupilRow>* rows) {
    PupilRow read;
    read.line = row.line;
    read.pupil.set_upn(cells_.Upn(row));
    if (auto [earlier, fresh] = lines_.emplace(read.pupil.upn(), row.line); !fresh && !read.pupil.upn().empty())
      file_.Wrong(row, Mapping::UPN, absl::StrCat("stands in line ", earlier->second, " already"));
    read.pupil.set_given_name(cells_.Text(row, Mapping::GIVEN_NAME, true, 80));
    read.pupil.set_family_name(cells_.Text(row, Mapping::FAMILY_NAME, true, 80));
    if (const auto sex = cells_.Parse(row, Mapping::SEX, &domain::ParseSex, "must be F or M")) read.pupil.set_sex(*sex);
    if (const auto day = cells_.Date(row, Mapping::BIRTH_DATE)) *read.pupil.mutable_birth_date() = calendar::ToProto(*day);
    if (const auto prior =
            cells_.Parse(row, Mapping::PRIOR_ATTAINMENT, &domain::ParsePriorAttainment, "must be low, middle or high"))
      read.pupil.set_prior_attainment(*prior);
    const auto start = cells_.Date(row, Mapping::START_DATE);
    read.start = start.value_or(options_.start);
    read.start_given = start.has_value();
    read.end = cells_.Date(row, Mapping::END_DATE);
    if (read.end && *read.end < read.start) file_.Wrong(row, Mapping::END_DATE, "must not be before the first day");
    TakePlace(row, &read);
    if (file_.problems().empty()) rows->push_back(std::move(read));
  }

 private:
  void TakePlace(const csv::Row& row, PupilRow* read) {
    const std::string year = cells_.Text(row, Mapping::YEAR_GROUP, true, 40);
    read->year_group = domain::ParseYearGroup(year);
    if (!year.empty() && read->year_group == type::v1::YEAR_GROUP_UNSPECIFIED)
      file_.Wrong(row, Mapping::YEAR_GROUP, "must be a year group, such as 5, Year 5 or R");
    const std::string school = cells_.Text(row, Mapping::SCHOOL, true, 120);
    const int place = school.empty() ? NameIndex::kNone : places_.FindSchool(school);
    if (place == NameIndex::kSeveral) file_.Wrong(row, Mapping::SCHOOL, "fits several schools; write the URN");
    if (place == NameIndex::kNone && !school.empty()) file_.Wrong(row, Mapping::SCHOOL, "is no school of the trust");
    if (place < 0) return;
    read->school = places_.school(place);
    if (const CompiledMapping::Column* column = file_.mapping().Find(Mapping::SCHOOL); file_.previewing())
      file_.Show(row, *column, read->school);
    for (const CompiledMapping::Column& column : file_.mapping().columns()) {
      if (column.field != Mapping::SCHOOL_CLASS) continue;
      const std::string_view text = file_.Value(row, column);
      if (text.empty()) continue;
      const int found = places_.FindClass(read->school, read->start, text);
      if (found == NameIndex::kNone) file_.Wrong(row, column, "is no class of the school in that academic year");
      if (found == NameIndex::kSeveral) file_.Wrong(row, column, "fits several classes of the school; write the id of one");
      if (found >= 0) read->classes.push_back(places_.class_name(found));
      if (found >= 0 && file_.previewing()) file_.Show(row, column, read->classes.back());
    }
  }

  const Places& places_;
  const RecordImportOptions& options_;
  ImportFile& file_;
  CellReader cells_;
  absl::flat_hash_map<std::string, int> lines_;
};

// What stands in the store, as far as a file of pupils is about it.
class PupilWriter {
 public:
  PupilWriter(const resource::Registry& registry, WriteContext& write, const RecordImportOptions& options, RecordCounter* counter)
      : registry_(registry), write_(write), options_(options), counter_(*counter) {}

  absl::Status Load() {
    const std::string_view trust = names::TrustOf(options_.trust);
    Session& session = write_.transaction();
    v1::Pupil pupil;
    FIVESTRAND_RETURN_IF_ERROR(registry_.Scan(session, v1::Pupil::descriptor(), "trust = $1 AND upn <> ''", {trust}, &pupil, [&] {
      pupils_.emplace(pupil.upn(), pupil.name());
      return absl::OkStatus();
    }));
    v1::Enrolment enrolment;
    FIVESTRAND_RETURN_IF_ERROR(registry_.Scan(session, v1::Enrolment::descriptor(), "trust = $1", {trust}, &enrolment, [&] {
      enrolments_[std::string(names::ParentOf(enrolment.name()))].push_back(enrolment);
      return absl::OkStatus();
    }));
    v1::ClassMembership membership;
    FIVESTRAND_RETURN_IF_ERROR(registry_.Scan(session, v1::ClassMembership::descriptor(), "trust = $1", {trust}, &membership, [&] {
      memberships_[std::string(names::ParentOf(membership.name()))].push_back(membership);
      return absl::OkStatus();
    }));
    SchoolClass one;
    return registry_.Scan(session, SchoolClass::descriptor(), "trust = $1", {trust}, &one, [&] {
      classes_.emplace(one.name(), one);
      return absl::OkStatus();
    });
  }

  absl::Status Write(const PupilRow& row) {
    std::string name;
    FIVESTRAND_RETURN_IF_ERROR(WritePupil(row, &name));
    if (name.empty()) return absl::OkStatus();
    FIVESTRAND_RETURN_IF_ERROR(WriteEnrolment(row, name));
    for (const std::string& school_class : row.classes) FIVESTRAND_RETURN_IF_ERROR(WriteMembership(row, name, school_class));
    return absl::OkStatus();
  }

 private:
  absl::Status WritePupil(const PupilRow& row, std::string* name) {
    const auto known = pupils_.find(row.pupil.upn());
    if (known == pupils_.end()) {
      v1::Pupil made = row.pupil;
      // What the enrolment will say, so that it has nothing to change.
      std::vector<v1::Enrolment> coming = {EnrolmentOf(row)};
      domain::ApplyEnrolments(coming, calendar::DayOf(write_.now()), &made);
      const absl::Status status = write_.Create(options_.trust, "", &made);
      if (status.ok()) *name = made.name();
      return counter_.Created(row.line, status);
    }
    v1::Pupil now;
    bool changed = false;
    const absl::Status status = write_.Update(known->second, {}, "update", &now, [&] {
      const std::string before = now.SerializeAsString();
      TakeOver(row.pupil, &now);
      changed = now.SerializeAsString() != before;
      return absl::OkStatus();
    });
    if (status.ok()) *name = known->second;
    return counter_.Updated(row.line, status, changed);
  }

  // A blank cell says nothing.
  static void TakeOver(const v1::Pupil& from, v1::Pupil* to) {
    to->set_given_name(from.given_name());
    to->set_family_name(from.family_name());
    if (from.sex() != v1::Pupil::SEX_UNSPECIFIED) to->set_sex(from.sex());
    if (from.has_birth_date()) *to->mutable_birth_date() = from.birth_date();
    if (from.prior_attainment() != v1::Pupil::PRIOR_ATTAINMENT_UNSPECIFIED) to->set_prior_attainment(from.prior_attainment());
  }

  static v1::Enrolment EnrolmentOf(const PupilRow& row) {
    v1::Enrolment enrolment;
    enrolment.set_school(row.school);
    enrolment.set_year_group(row.year_group);
    *enrolment.mutable_start_date() = calendar::ToProto(row.start);
    if (row.end) *enrolment.mutable_end_date() = calendar::ToProto(*row.end);
    return enrolment;
  }

  absl::Status WriteEnrolment(const PupilRow& row, const std::string& pupil) {
    const v1::Enrolment wanted = EnrolmentOf(row);
    for (const v1::Enrolment& each : enrolments_[pupil]) {
      if (each.school() == row.school && each.year_group() == row.year_group && Touches(each, row.start, row.end))
        return SetEnd<v1::Enrolment>(write_, each, row.end, row.line, &counter_);
    }
    v1::Enrolment made = wanted;
    return counter_.Created(row.line, write_.Create(pupil, "", &made));
  }

  absl::Status WriteMembership(const PupilRow& row, const std::string& pupil, const std::string& school_class) {
    for (const v1::ClassMembership& each : memberships_[pupil]) {
      if (each.school_class() == school_class && Touches(each, row.start, row.end))
        return SetEnd<v1::ClassMembership>(write_, each, row.end, row.line, &counter_);
    }
    FIVESTRAND_RETURN_IF_ERROR(LeaveOthers(row, pupil, school_class));
    v1::ClassMembership made;
    made.set_school_class(school_class);
    *made.mutable_start_date() = calendar::ToProto(row.start);
    if (row.end) *made.mutable_end_date() = calendar::ToProto(*row.end);
    return counter_.Created(row.line, write_.Create(pupil, "", &made));
  }

  // A class that is taught the same subjects in the same year is the one that the pupil leaves for this one; teaching groups of
  // other subjects stay.
  absl::Status LeaveOthers(const PupilRow& row, const std::string& pupil, const std::string& school_class) {
    const auto joined = classes_.find(school_class);
    for (const v1::ClassMembership& each : memberships_[pupil]) {
      const auto left = classes_.find(each.school_class());
      if (each.has_end_date() || joined == classes_.end() || left == classes_.end()) continue;
      if (std::find(row.classes.begin(), row.classes.end(), each.school_class()) != row.classes.end()) continue;
      if (left->second.academic_year() != joined->second.academic_year() || !SameSubjects(left->second, joined->second)) continue;
      if (calendar::FromProto(each.start_date()).value_or(row.start) >= row.start) continue;
      FIVESTRAND_RETURN_IF_ERROR(SetEnd<v1::ClassMembership>(write_, each, row.start - 1, row.line, &counter_));
    }
    return absl::OkStatus();
  }

  static bool SameSubjects(const SchoolClass& a, const SchoolClass& b) {
    return a.subjects_size() == b.subjects_size() &&
           std::is_permutation(a.subjects().begin(), a.subjects().end(), b.subjects().begin());
  }

  const resource::Registry& registry_;
  WriteContext& write_;
  const RecordImportOptions& options_;
  RecordCounter& counter_;
  absl::flat_hash_map<std::string, std::string> pupils_;
  absl::flat_hash_map<std::string, std::vector<v1::Enrolment>> enrolments_;
  absl::flat_hash_map<std::string, std::vector<v1::ClassMembership>> memberships_;
  absl::flat_hash_map<std::string, SchoolClass> classes_;
};

}  // namespace

absl::Status ReadPupilRows(const resource::Registry& registry, Session& session, const RecordImportOptions& options,
                           ImportFile* file, std::vector<PupilRow>* rows) {
  Places places;
  FIVESTRAND_RETURN_IF_ERROR(places.Load(registry, session, names::TrustOf(options.trust)));
  PupilReader reader(places, options, file);
  return file->ForEach([&](const csv::Row& row) {
    reader.Take(row, rows);
    return absl::OkStatus();
  });
}

absl::Status WritePupilRows(const resource::Registry& registry, WriteContext& write, const RecordImportOptions& options,
                            const std::vector<PupilRow>& rows, domain::ImportMeter* meter, domain::ImportProblems* problems,
                            domain::ImportCounts* counts) {
  RecordCounter counter(problems, counts);
  PupilWriter writer(registry, write, options, &counter);
  FIVESTRAND_RETURN_IF_ERROR(writer.Load());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    write.set_field_prefix("");
    FIVESTRAND_RETURN_IF_ERROR(writer.Write(rows[i]));
    meter->share.store(static_cast<int>(i * 1000 / rows.size()));
  }
  return absl::OkStatus();
}

}  // namespace fivestrand::assessment::api
