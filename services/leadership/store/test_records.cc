#include "services/leadership/store/test_records.h"

#include <cstdlib>
#include <iostream>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fivestrand/leadership/v1/calendar.pb.h"
#include "fivestrand/leadership/v1/organisation.pb.h"
#include "fivestrand/leadership/v1/people.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/test_calendars.h"
#include "platform/calendar/timestamp.h"
#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/resource/declaration.h"
#include "platform/resource/record_table.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/leadership/store/migrations.h"

namespace fivestrand::leadership::store {
namespace {

using calendar::D;
using google::protobuf::Message;

void Must(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << status << " " << status::HiddenCause(status) << "\n";
  std::abort();
}

absl::Time Deadline() {
  return absl::Now() + absl::Seconds(60);
}

struct Table {
  std::unique_ptr<const resource::Declaration> declaration;
  std::unique_ptr<resource::RecordTable> table;
};

const Table& TableOf(const google::protobuf::Descriptor* descriptor) {
  static auto& tables = *new absl::flat_hash_map<const google::protobuf::Descriptor*, Table>;
  Table& table = tables[descriptor];
  if (table.table == nullptr) {
    auto declaration = resource::Declaration::Compile(descriptor);
    Must(declaration.status());
    table.declaration = *std::move(declaration);
    table.table = std::make_unique<resource::RecordTable>(*table.declaration);
  }
  return table;
}

std::string School(std::string_view trust, std::string_view school) {
  return absl::StrCat("trusts/", AbslView(trust), "/schools/", AbslView(school));
}
std::string Person(std::string_view trust, std::string_view person) {
  return absl::StrCat("trusts/", AbslView(trust), "/people/", AbslView(person));
}

}  // namespace

absl::Time At(std::string_view day, int hour, int minute) {
  return calendar::StartOf(D(day)) + absl::Hours(hour) + absl::Minutes(minute);
}

TestRecords::TestRecords(testing::EngineKind engine) {
  auto temp = testing::TempStore::Create(engine);
  Must(temp.status());
  temp_ = *std::move(temp);
  const fivestrand::store::MigrationSeries series[] = {Migrations()};
  auto store = temp_->Open(series);
  Must(store.status());
  store_ = *std::move(store);
}

void TestRecords::Write(const Message& record, bool deleted, fivestrand::store::Session& session) {
  const Table& kind = TableOf(record.GetDescriptor());
  const std::string name = resource::GetText(record, kind.declaration->name_field);
  std::unique_ptr<Message> stored(record.New());
  stored->CopyFrom(record);
  resource::SetTime(stored.get(), kind.declaration->create_time_field, absl::Now());
  resource::SetTime(stored.get(), kind.declaration->update_time_field, absl::Now());
  if (deleted) resource::SetTime(stored.get(), kind.declaration->delete_time_field, absl::Now());
  resource::StoredRecord row;
  auto found = kind.table->Read(session, names::TrustOf(name), resource::PathOf(name), &row);
  Must(found.status());
  row.revision += 1;
  row.deleted = deleted;
  row.record = stored->SerializeAsString();
  Must(*found ? kind.table->Update(session, name, *stored, row) : kind.table->Insert(session, name, *stored, row));
}

void TestRecords::Put(const Message& record) {
  Must(store_->Write(Deadline(), [&](fivestrand::store::WriteTransaction& transaction) {
    Write(record, false, transaction);
    return absl::OkStatus();
  }));
}

void TestRecords::Delete(const Message& record) {
  Must(store_->Write(Deadline(), [&](fivestrand::store::WriteTransaction& transaction) {
    Write(record, true, transaction);
    return absl::OkStatus();
  }));
}

void TestRecords::PutAll(const std::vector<std::unique_ptr<Message>>& records) {
  Must(store_->Write(Deadline(), [&](fivestrand::store::WriteTransaction& transaction) {
    for (const auto& record : records) Write(*record, false, transaction);
    return absl::OkStatus();
  }));
}

void TestRecords::AddTrust(std::string_view trust) {
  v1::Trust record;
  record.set_name(absl::StrCat("trusts/", AbslView(trust)));
  record.set_display_name("Acorn");
  Put(record);
}

void TestRecords::AddSchool(std::string_view school, std::string_view trust) {
  v1::School record;
  record.set_name(School(trust, school));
  record.set_display_name(std::string(school));
  record.set_status(v1::School::OPEN);
  Put(record);
}

void TestRecords::AddYear(std::string_view school, int start_year, std::string_view trust) {
  const calendar::AcademicYearInput input = start_year == 2025 ? calendar::Year2025() : calendar::Year2026();
  v1::AcademicYear year;
  year.set_name(absl::StrCat(School(trust, school), "/academicYears/", input.id));
  int season = 0;
  for (const calendar::TermDates& dates : input.terms) {
    v1::AcademicYear::Term& term = *year.add_terms();
    term.set_season(static_cast<v1::AcademicYear::Term::Season>(++season));
    *term.mutable_start_date() = calendar::ToProto(dates.start);
    *term.mutable_end_date() = calendar::ToProto(dates.end);
    *term.mutable_half_term_start_date() = calendar::ToProto(dates.half_term_start);
    *term.mutable_half_term_end_date() = calendar::ToProto(dates.half_term_end);
  }
  for (absl::CivilDay day : input.inset_days) *year.add_inset_dates() = calendar::ToProto(day);
  Put(year);
}

void TestRecords::AddHeadteacher(std::string_view school, std::string_view person, std::string_view start, std::string_view end,
                                 std::string_view trust) {
  v1::Post post;
  post.set_name(absl::StrCat("trusts/", AbslView(trust), "/posts/", NextId()));
  post.set_person(Person(trust, person));
  post.set_kind(v1::Post::HEADTEACHER);
  post.set_school(School(trust, school));
  *post.mutable_start_date() = calendar::ToProto(D(start));
  if (!end.empty()) *post.mutable_end_date() = calendar::ToProto(D(end));
  Put(post);
}

void TestRecords::AddClass(std::string_view school, std::string_view id, std::string_view academic_year, std::string_view trust) {
  v1::SchoolClass one;
  one.set_name(absl::StrCat(School(trust, school), "/classes/", AbslView(id)));
  one.set_display_name(std::string(id));
  one.set_academic_year(std::string(academic_year));
  one.set_year_group(type::v1::YEAR_GROUP_5);
  one.add_subjects(absl::StrCat("trusts/", AbslView(trust), "/subjects/maths"));
  Put(one);
}

v1::DropIn TestRecords::DropIn(std::string_view school, std::string_view leader, absl::Time time, std::string_view school_class) {
  v1::DropIn record;
  record.set_name(absl::StrCat(School("acorn", school), "/dropIns/", NextId()));
  record.set_leader(Person("acorn", leader));
  *record.mutable_start_time() = calendar::ToTimestamp(time);
  record.set_school_class(absl::StrCat(School("acorn", school), "/classes/", AbslView(school_class)));
  record.set_subject("trusts/acorn/subjects/maths");
  record.set_year_group(type::v1::YEAR_GROUP_5);
  record.set_went_well("Every pupil could say what they were learning, and why.");
  return record;
}

v1::Duty TestRecords::Duty(std::string_view school, std::string_view leader, absl::Time time, v1::Duty::Kind kind) {
  v1::Duty record;
  record.set_name(absl::StrCat(School("acorn", school), "/duties/", NextId()));
  record.set_leader(Person("acorn", leader));
  *record.mutable_start_time() = calendar::ToTimestamp(time);
  record.set_kind(kind);
  return record;
}

v1::ModelledLesson TestRecords::Lesson(std::string_view school, std::string_view leader, absl::Time time) {
  v1::ModelledLesson record;
  record.set_name(absl::StrCat(School("acorn", school), "/modelledLessons/", NextId()));
  record.set_leader(Person("acorn", leader));
  *record.mutable_start_time() = calendar::ToTimestamp(time);
  record.set_school_class(absl::StrCat(School("acorn", school), "/classes/maple"));
  return record;
}

v1::Visit TestRecords::Visit(std::string_view school, absl::Time time, v1::Visit::State state) {
  v1::Visit record;
  record.set_name(absl::StrCat(School("acorn", school), "/visits/", NextId()));
  record.set_leader(Person("acorn", "ceo"));
  *record.mutable_start_time() = calendar::ToTimestamp(time);
  record.set_state(state);
  record.set_purpose("Walk through");
  return record;
}

}  // namespace fivestrand::leadership::store
