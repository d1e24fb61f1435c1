#include "services/leadership/store/loop/loop_events.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/date_number.h"
#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/leadership/domain/loop/keys.h"
#include "services/leadership/domain/loop/lifecycle.h"
#include "services/leadership/store/loop/loop_writer.h"
#include "services/leadership/store/loop/response_event.h"
#include "services/organisation/store/calendar_reader.h"
#include "services/organisation/store/records.h"

namespace fivestrand::leadership::store {
namespace {

using events::v1::Event;
using evidence::v1::Reading;
using fivestrand::store::Param;
using fivestrand::store::Row;
using fivestrand::store::WriteTransaction;

constexpr std::string_view kReading = "fivestrand/Reading";
constexpr std::string_view kMeasure = "fivestrand/Measure";

// Whether the event says more than what is kept.
bool IsNews(const Event& event, bool found, std::int64_t kept) {
  return !found || event.kind() == events::v1::RECORDED || event.revision() > kept;
}

// An old reading of a series about which nothing is open raises nothing; most of a first catch-up is such.
absl::StatusOr<bool> IsHistory(WriteTransaction& transaction, const Reading& reading) {
  const std::optional<absl::CivilDay> end = calendar::FromProto(reading.period().end_date());
  if (!end || calendar::DayOf(transaction.now()) - *end <= domain::kOldSignalDays) return false;
  FIVESTRAND_ASSIGN_OR_RETURN(
      const bool open,
      transaction.QueryOne("SELECT 1 FROM concern WHERE trust = $1 AND school = $2 AND measure = $3 AND open_key <> '' LIMIT 1",
                           {names::TrustOf(reading.scope()), names::SchoolNameOf(reading.scope()), reading.measure()},
                           [](const Row&) { return absl::OkStatus(); }));
  return !open;
}

absl::Status ApplyReading(const LoopReader& reader, std::string_view source, WriteTransaction& transaction, const Event& event,
                          Consequences consequences) {
  Reading reading;
  if (!reading.ParseFromString(event.record())) return status::DataLoss("an event of fivestrand/Reading does not parse");
  const std::string_view trust = names::TrustOf(event.resource());
  if (trust != names::TrustOf(reading.scope())) return status::DataLoss("a reading is of another trust than its name");
  // Only what has closed is judged.
  if (!reading.final() || !reading.has_period()) return absl::OkStatus();
  std::int64_t kept = 0;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found,
                              transaction.QueryOne("SELECT revision FROM loop_reading WHERE trust = $1 AND name = $2",
                                                   {trust, event.resource()}, [&](const Row& row) {
                                                     kept = row.Int(0);
                                                     return absl::OkStatus();
                                                   }));
  if (!IsNews(event, found, kept)) return absl::OkStatus();
  // The records of a snapshot come in no order of time, so the rules wait until it is whole; see loop_upkeep.h.
  const bool snapshot = event.kind() == events::v1::RECORDED;
  FIVESTRAND_RETURN_IF_ERROR(
      transaction
          .Execute(
              "INSERT INTO loop_reading (trust, name, source, revision, series, measure, period_end, withdrawn, pending, record) "
              "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (trust, name) DO UPDATE SET source = excluded.source, "
              "revision = "
              "excluded.revision, series = excluded.series, measure = excluded.measure, period_end = excluded.period_end, "
              "withdrawn = excluded.withdrawn, pending = excluded.pending, record = excluded.record",
              {trust, event.resource(), source, event.revision(),
               domain::SeriesKey(reading.measure(), reading.scope(), reading.cut()), reading.measure(),
               calendar::DateNumber(reading.period().end_date()), event.kind() == events::v1::DELETED ? 1 : 0,
               snapshot ? Param(transaction.now()) : Param(nullptr), Param::Blob(event.record())})
          .status());
  if (snapshot || consequences == Consequences::kNone) return absl::OkStatus();
  FIVESTRAND_ASSIGN_OR_RETURN(const bool history, IsHistory(transaction, reading));
  if (history) return absl::OkStatus();
  return LoopWriter(reader, transaction).RunRules(reading.measure(), reading.scope(), reading.cut()).status();
}

// The rules over every series of a measure, those that have something recent.
absl::Status RunRulesOfMeasure(const LoopReader& reader, WriteTransaction& transaction, std::string_view trust,
                               std::string_view measure) {
  std::vector<Reading> newest;
  FIVESTRAND_RETURN_IF_ERROR(organisation::ReadRecords(
      transaction,
      "SELECT record FROM loop_reading r WHERE trust = $1 AND measure = $2 AND withdrawn = 0 AND period_end >= $3 AND NOT EXISTS "
      "(SELECT 1 FROM loop_reading n WHERE n.trust = r.trust AND n.series = r.series AND n.withdrawn = 0 AND (n.period_end > "
      "r.period_end OR (n.period_end = r.period_end AND n.name > r.name))) ORDER BY name LIMIT 10000",
      {trust, measure, calendar::DateNumber(calendar::DayOf(transaction.now()) - domain::kOldSignalDays)}, &newest));
  LoopWriter writer(reader, transaction);
  for (const Reading& reading : newest)
    FIVESTRAND_RETURN_IF_ERROR(writer.RunRules(reading.measure(), reading.scope(), reading.cut()).status());
  return absl::OkStatus();
}

absl::Status ApplyMeasure(const LoopReader& reader, std::string_view source, WriteTransaction& transaction, const Event& event,
                          Consequences consequences) {
  evidence::v1::Measure measure;
  if (!measure.ParseFromString(event.record())) return status::DataLoss("an event of fivestrand/Measure does not parse");
  const std::string_view trust = names::TrustOf(event.resource());
  std::int64_t kept = 0;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found,
                              transaction.QueryOne("SELECT revision FROM loop_measure WHERE trust = $1 AND measure = $2",
                                                   {trust, measure.measure()}, [&](const Row& row) {
                                                     kept = row.Int(0);
                                                     return absl::OkStatus();
                                                   }));
  if (!IsNews(event, found, kept)) return absl::OkStatus();
  FIVESTRAND_RETURN_IF_ERROR(
      transaction
          .Execute(
              "INSERT INTO loop_measure (trust, measure, source, revision, record) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (trust, "
              "measure) DO UPDATE SET source = excluded.source, revision = excluded.revision, record = excluded.record",
              {trust, measure.measure(), source, event.revision(), Param::Blob(event.record())})
          .status());
  if (event.kind() == events::v1::RECORDED || consequences == Consequences::kNone) return absl::OkStatus();
  return RunRulesOfMeasure(reader, transaction, trust, measure.measure());
}

absl::Status PutResponse(WriteTransaction& transaction, std::string_view source, std::string_view trust, std::string_view key,
                         std::int64_t revision, const DecodedResponse& decoded) {
  const v1::ThreadResponse& response = decoded.response;
  const auto date = [](bool present, const google::type::Date& value) {
    return present ? Param(calendar::DateNumber(value)) : Param(nullptr);
  };
  return transaction
      .Execute(
          "INSERT INTO thread_response (trust, response_key, thread, source, revision, name, label, strand, giver, receiver, "
          "planned_date, start_date, done_date, withdrawn, contributor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
          "$13, "
          "$14, $15) ON CONFLICT (trust, response_key, thread) DO UPDATE SET source = excluded.source, revision = "
          "excluded.revision, "
          "name = excluded.name, label = excluded.label, strand = excluded.strand, giver = excluded.giver, receiver = "
          "excluded.receiver, planned_date = excluded.planned_date, start_date = excluded.start_date, done_date = "
          "excluded.done_date, "
          "withdrawn = excluded.withdrawn, contributor = excluded.contributor",
          {trust, key, decoded.thread, decoded.confidential ? std::string_view() : source, revision, response.record(),
           response.label(), response.strand(), response.giver(), response.receiver(),
           date(response.has_planned_date(), response.planned_date()), date(response.has_start_date(), response.start_date()),
           date(response.has_done_date(), response.done_date()), response.withdrawn() ? 1 : 0, decoded.contributor})
      .status();
}

absl::Status ApplyResponse(const LoopReader& reader, std::string_view source, WriteTransaction& transaction, const Event& event,
                           const google::protobuf::Descriptor* type, Consequences consequences) {
  const std::string_view trust = names::TrustOf(event.resource());
  const std::string key = absl::BytesToHexString(resource::Digest(event.resource()));
  std::int64_t kept = 0;
  std::set<std::string> standing;  // threads that it has answered and not been withdrawn from
  bool found = false;
  FIVESTRAND_RETURN_IF_ERROR(
      transaction.Query("SELECT thread, revision, withdrawn FROM thread_response WHERE trust = $1 AND response_key = $2",
                        {trust, key}, [&](const Row& row) {
                          found = true;
                          kept = std::max(kept, row.Int(1));
                          if (row.Int(2) == 0) standing.emplace(row.Text(0));
                          return absl::OkStatus();
                        }));
  if (!IsNews(event, found, kept)) return absl::OkStatus();
  FIVESTRAND_ASSIGN_OR_RETURN(const DecodedResponse decoded, DecodeResponse(type, event));
  std::set<std::string> touched;
  if (found) {
    // What it answered before keeps a trace.
    FIVESTRAND_RETURN_IF_ERROR(
        transaction
            .Execute(
                "UPDATE thread_response SET revision = $3, withdrawn = CASE WHEN thread = $4 THEN withdrawn ELSE 1 END WHERE trust "
                "= $1 AND response_key = $2",
                {trust, key, event.revision(), decoded.thread})
            .status());
    touched = standing;
  }
  if (!decoded.thread.empty() && names::TrustOf(decoded.thread) == trust) {
    FIVESTRAND_RETURN_IF_ERROR(PutResponse(transaction, source, trust, key, event.revision(), decoded));
    touched.insert(decoded.thread);
  }
  if (consequences == Consequences::kNone) return absl::OkStatus();
  LoopWriter writer(reader, transaction);
  for (const std::string& thread : touched) FIVESTRAND_RETURN_IF_ERROR(writer.Progress(thread));
  return absl::OkStatus();
}

}  // namespace

absl::Status ApplyLoopEvent(const LoopReader& reader, std::string_view source, WriteTransaction& transaction, const Event& event,
                            Consequences consequences) {
  if (event.resource_type() == kReading) return ApplyReading(reader, source, transaction, event, consequences);
  if (event.resource_type() == kMeasure) return ApplyMeasure(reader, source, transaction, event, consequences);
  const google::protobuf::Descriptor* type = ResponseType(source, event.resource_type());
  return type == nullptr ? absl::OkStatus() : ApplyResponse(reader, source, transaction, event, type, consequences);
}

absl::Status RestartLoop(std::string_view source, WriteTransaction& transaction) {
  FIVESTRAND_RETURN_IF_ERROR(transaction.Execute("DELETE FROM loop_reading WHERE source = $1", {source}).status());
  FIVESTRAND_RETURN_IF_ERROR(transaction.Execute("DELETE FROM loop_measure WHERE source = $1", {source}).status());
  return transaction.Execute("UPDATE thread_response SET withdrawn = 1 WHERE source = $1", {source}).status();
}

std::vector<events::FollowSpec> LoopFollows(std::shared_ptr<organisation::CalendarReader> calendars) {
  std::vector<events::FollowSpec> follows;
  for (const char* source : {"leadership", "assessment", "cpd", "welfare"}) {
    events::FollowSpec& follow = follows.emplace_back();
    follow.name = absl::StrCat("loop-", source);
    follow.source = source;
    follow.resource_types = ResponseTypes(source);
    // Measures first: the rules need them.
    follow.resource_types.insert(follow.resource_types.begin(), {std::string(kMeasure), std::string(kReading)});
    follow.effect = [calendars, source](const resource::Registry& registry, WriteTransaction& transaction, const Event& event) {
      return ApplyLoopEvent(LoopReader(registry, *calendars), source, transaction, event);
    };
    follow.restart = [source](const resource::Registry&, WriteTransaction& transaction) {
      return RestartLoop(source, transaction);
    };
  }
  return follows;
}

}  // namespace fivestrand::leadership::store
