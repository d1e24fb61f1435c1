#include "services/welfare/app/test_trust.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/welfare/app/welfare_spec.h"

namespace fivestrand::welfare {
namespace {

using leadership::v1::Post;

template <typename T>
T Must(absl::StatusOr<T> value, const char* what) {
  if (value.ok()) return *std::move(value);
  std::cerr << what << ": " << value.status() << " " << status::HiddenCause(value.status()) << "\n";
  std::abort();
}

void Must(const absl::Status& status, const char* what) {
  if (status.ok()) return;
  std::cerr << what << ": " << status << " " << status::HiddenCause(status) << "\n";
  std::abort();
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

bool Holds(const std::string& bytes, std::string_view text) {
  return absl::StrContains(bytes, AbslView(text)) || absl::StrContains(bytes, absl::BytesToHexString(AbslView(text)));
}

TestTrust::TestTrust(testing::EngineKind engine)
    : engine_(engine),
      service_(engine, WelfareSpec(), absl::FromCivil(absl::CivilMinute(2026, 11, 24, 10, 0), absl::UTCTimeZone())),
      organisation_(service_) {
  organisation_.AddTrust();
  for (const char* school : {"northgate", "elmwood", "oak"}) {
    organisation_.AddSchool(school);
    organisation_.AddYear(school, 2025);
    organisation_.AddYear(school, 2026);
  }
  for (const char* officer : {"hr", "hr2", "dpo"}) Hire(officer, "", Post::TRUST_OFFICER);
  Hire("ceo", "", Post::CEO);
  Grant("hr", type::v1::ROLE_HR_DIRECTOR);
  Grant("hr2", type::v1::ROLE_HR_DIRECTOR);
  Grant("dpo", type::v1::ROLE_DATA_PROTECTION_OFFICER);
  Hire("head", "northgate", Post::HEADTEACHER);
  Hire("elmhead", "elmwood", Post::HEADTEACHER);
  Hire("oakhead", "oak", Post::HEADTEACHER);
  for (int i = 1; i <= 13; ++i) Hire(absl::StrCat("n", i), "northgate");
  for (int i = 1; i <= 11; ++i) Hire(absl::StrCat("e", i), "elmwood");
  for (int i = 1; i <= 3; ++i) Hire(absl::StrCat("o", i), "oak");
  organisation_.AddManager("head", "n1");
}

void TestTrust::Hire(const std::string& person, const std::string& school, Post::Kind kind) {
  organisation_.AddPerson(person);
  organisation_.AddPost(person, kind, school);
}

void TestTrust::Grant(const std::string& person, type::v1::Role role) {
  leadership::v1::RoleGrant grant;
  grant.set_name(absl::StrCat(kTrust, "/roleGrants/", person));
  grant.set_person(Name(person));
  grant.set_role(role);
  grant.set_state(leadership::v1::RoleGrant::CONFIRMED);
  *grant.mutable_start_date() = calendar::ToProto(absl::CivilDay(2020, 9, 1));
  organisation_.Put(grant);
}

void TestTrust::SetTime(double hours, google::protobuf::Timestamp* time) {
  time->set_seconds(absl::ToUnixSeconds(service_.clock().Now() + absl::Hours(hours)));
}

google::type::Date TestTrust::Day(int days) {
  return calendar::ToProto(calendar::DayOf(service_.clock().Now()) + days);
}

v1::CheckIn TestTrust::PlanCheckIn(const std::string& person) {
  v1::CreateCheckInRequest request;
  request.set_parent(kTrust);
  request.mutable_check_in()->set_person(Name(person));
  SetTime(24, request.mutable_check_in()->mutable_planned_time());
  return Must(Call<v1::CheckIn>(Hr(), absl::StrCat(kWelfare, "CreateCheckIn"), request), "plan");
}

v1::CheckIn TestTrust::HoldCheckIn(const std::string& person, double hours_ago, const std::string& note,
                                   const std::string& agreed) {
  v1::CompleteCheckInRequest request;
  request.set_name(PlanCheckIn(person).name());
  SetTime(-hours_ago, request.mutable_held_time());
  request.set_note(note);
  request.set_agreed(agreed);
  return Must(Call<v1::CheckIn>(Hr(), absl::StrCat(kWelfare, "CompleteCheckIn"), request), "hold");
}

v1::WelfareConcern TestTrust::RaiseConcern(const std::string& text) {
  v1::CreateWelfareConcernRequest request;
  request.set_parent(kTrust);
  request.mutable_welfare_concern()->set_person(Name("n1"));
  request.mutable_welfare_concern()->set_text(text);
  return Must(Call<v1::WelfareConcern>(As("head", type::v1::ROLE_HEADTEACHER, {"northgate"}),
                                       absl::StrCat(kWelfare, "CreateWelfareConcern"), request),
              "raise");
}

v1::PulseSurvey TestTrust::OpenSurvey(int min_group_size, const std::vector<std::string>& schools) {
  v1::CreatePulseSurveyRequest request;
  request.set_parent(kTrust);
  request.mutable_pulse_survey()->set_title("Autumn pulse");
  request.mutable_pulse_survey()->set_min_group_size(min_group_size);
  for (const std::string& school : schools) request.mutable_pulse_survey()->add_schools(absl::StrCat(kTrust, "/schools/", school));
  SetTime(-1, request.mutable_pulse_survey()->mutable_open_time());
  SetTime(24 * 7, request.mutable_pulse_survey()->mutable_close_time());
  return Must(Call<v1::PulseSurvey>(Hr(), absl::StrCat(kPulse, "CreatePulseSurvey"), request), "survey");
}

absl::Status TestTrust::Answer(const std::string& survey, const std::string& person, const std::vector<int>& ratings) {
  v1::GetPulseSurveyRequest get;
  get.set_name(survey);
  const auto read = Must(Call<v1::PulseSurvey>(Hr(), absl::StrCat(kPulse, "GetPulseSurvey"), get), "read survey");
  v1::AnswerPulseRequest request;
  request.set_name(survey);
  for (int q = 0; q < read.questions_size(); ++q) {
    const int value = ratings[static_cast<size_t>(q) % ratings.size()];
    if (value == 0) continue;
    auto* rating = request.add_ratings();
    rating->set_question(read.questions(q).id());
    rating->set_value(value);
  }
  return Call<v1::AnswerPulseResponse>(Staff(person), absl::StrCat(kPulse, "AnswerPulse"), request).status();
}

std::vector<std::string> TestTrust::Rows(const std::string& table) {
  std::vector<std::string> rows;
  Must(service_.store().Read(
           absl::InfiniteFuture(),
           [&](store::Session& session) -> absl::Status {
             if (!sqlite()) {
               return session.Query(absl::StrCat("SELECT t::text FROM ", table, " AS t"), {}, [&](const store::Row& row) {
                 rows.emplace_back(row.Text(0));
                 return absl::OkStatus();
               });
             }
             std::string columns;
             absl::Status status = session.Query("SELECT name FROM pragma_table_info($1)", {table}, [&](const store::Row& row) {
               absl::StrAppend(&columns, columns.empty() ? "" : " || ',' || ", "quote(", AbslView(row.Text(0)), ")");
               return absl::OkStatus();
             });
             if (!status.ok()) return status;
             return session.Query(absl::StrCat("SELECT ", columns, " FROM ", table), {}, [&](const store::Row& row) {
               // Blobs come as X'0A', in capitals.
               rows.push_back(absl::AsciiStrToLower(AbslView(row.Text(0))));
               return absl::OkStatus();
             });
           }),
       "rows");
  return rows;
}

std::string TestTrust::Dump() {
  std::vector<std::string> tables;
  Must(service_.store().Read(absl::InfiniteFuture(),
                             [&](store::Session& session) {
                               return session.Query(sqlite() ? "SELECT name FROM sqlite_master WHERE type = 'table'"
                                                             : "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
                                                    {}, [&](const store::Row& row) {
                                                      tables.emplace_back(row.Text(0));
                                                      return absl::OkStatus();
                                                    });
                             }),
       "tables");
  std::string dump;
  for (const std::string& table : tables) {
    for (const std::string& row : Rows(table)) absl::StrAppend(&dump, table, ": ", row, "\n");
  }
  return dump;
}

std::string TestTrust::Files() {
  if (!sqlite()) return {};
  const std::string path(absl::StripPrefix(service_.store_url(), "sqlite:"));
  return ReadFile(path) + ReadFile(path + "-wal");
}

}  // namespace fivestrand::welfare
