#include "services/leadership/store/loop/loop_reader.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fivestrand/leadership/v1/people.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/date_number.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/resource/revision.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/leadership/domain/loop/keys.h"
#include "services/leadership/domain/loop/threads.h"
#include "services/leadership/domain/model/agreed_targets.h"
#include "services/leadership/domain/model/default_model.h"
#include "services/leadership/domain/model/model_rules.h"
#include "services/organisation/store/calendar_reader.h"
#include "services/organisation/store/records.h"

namespace fivestrand::leadership::store {
namespace {

using fivestrand::store::Row;
using fivestrand::store::Session;
using organisation::ParseRecord;
using organisation::ReadRecords;

std::optional<absl::CivilDay> Day(const Row& row, int column) {
  if (row.IsNull(column)) return std::nullopt;
  const std::int64_t number = row.Int(column);
  return calendar::DayOfNumber(number);
}

void TakeDay(const Row& row, int column, google::type::Date* (v1::ThreadResponse::*field)(), v1::ThreadResponse* response) {
  if (const auto day = Day(row, column)) *(response->*field)() = calendar::ToProto(*day);
}

constexpr std::string_view kResponses =
    "SELECT name, label, strand, giver, receiver, planned_date, start_date, done_date, withdrawn, contributor FROM thread_response "
    "WHERE trust = $1 AND thread = $2 ORDER BY COALESCE(start_date, 99999999), COALESCE(planned_date, 99999999), response_key "
    "LIMIT $3";

}  // namespace

absl::StatusOr<v1::ImprovementModel> LoopReader::Model(Session& session, std::string_view trust,
                                                       std::optional<std::int64_t> revision) const {
  const std::string name = domain::ModelName(trust);
  v1::ImprovementModel model;
  if (revision && *revision == 0) return domain::DefaultModelOf(trust);
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, registry_.Read(session, name, &model));
  if (!found) return domain::DefaultModelOf(trust);
  if (!revision || model.revision() == *revision) return model;
  v1::ImprovementModel then;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool kept, resource::ReadRevision(session, name, *revision, &then));
  return kept ? then : model;
}

absl::StatusOr<std::optional<evidence::v1::Measure>> LoopReader::Measure(Session& session, std::string_view trust,
                                                                         std::string_view measure) const {
  evidence::v1::Measure found;
  FIVESTRAND_ASSIGN_OR_RETURN(
      const bool known,
      session.QueryOne("SELECT record FROM loop_measure WHERE trust = $1 AND measure = $2", {names::TrustOf(trust), measure},
                       [&](const Row& row) { return ParseRecord(row, &found); }));
  return known ? std::optional<evidence::v1::Measure>(std::move(found)) : std::nullopt;
}

absl::StatusOr<domain::Series> LoopReader::Series(Session& session, std::string_view measure, std::string_view scope,
                                                  const evidence::v1::Cut& cut, const v1::ImprovementModel& model) const {
  domain::Series series;
  FIVESTRAND_ASSIGN_OR_RETURN(std::optional<evidence::v1::Measure> known, Measure(session, names::TrustNameOf(scope), measure));
  if (!known) {
    series.measure.set_measure(std::string(measure));
    return series;
  }
  series.measure = *std::move(known);
  domain::ApplyModel(model, &series.measure);
  const v1::MeasureSetting* setting = domain::FindSetting(model, measure);
  series.muted = setting != nullptr && setting->muted();
  for (const v1::AgreedTarget& agreed : model.agreed_targets()) {
    if (agreed.measure() != measure || agreed.school() != scope) continue;
    domain::AgreedSpan& span = series.agreed.emplace_back(domain::AgreedSpan{domain::DaysOf(agreed), series.measure});
    domain::ApplyAgreed(agreed, &span.measure);
  }
  FIVESTRAND_RETURN_IF_ERROR(ReadRecords(session,
                                         "SELECT record FROM loop_reading WHERE trust = $1 AND series = $2 AND withdrawn = 0 ORDER "
                                         "BY period_end DESC, name DESC LIMIT $3",
                                         {names::TrustOf(scope), domain::SeriesKey(measure, scope, cut), domain::kSeriesReadings},
                                         &series.readings));
  std::reverse(series.readings.begin(), series.readings.end());
  return series;
}

absl::StatusOr<std::shared_ptr<const calendar::SchoolCalendar>> LoopReader::Calendar(Session& session, std::string_view trust,
                                                                                     std::string_view school) const {
  if (!school.empty()) return calendars_.Read(session, school);
  std::string any;
  FIVESTRAND_RETURN_IF_ERROR(
      session
          .QueryOne("SELECT parent FROM academic_year WHERE trust = $1 AND delete_time IS NULL ORDER BY parent LIMIT 1",
                    {names::TrustOf(trust)},
                    [&](const Row& row) {
                      any = absl::StrCat(AbslView(trust), "/", AbslView(row.Text(0)));
                      return absl::OkStatus();
                    })
          .status());
  if (any.empty()) return std::make_shared<const calendar::SchoolCalendar>();
  return calendars_.Read(session, any);
}

absl::StatusOr<domain::PostBook> LoopReader::Posts(Session& session, std::string_view trust) const {
  const std::string_view id = names::TrustOf(trust);
  std::vector<v1::Post> posts;
  std::vector<v1::Person> people;
  v1::Post post;
  FIVESTRAND_RETURN_IF_ERROR(registry_.Scan(session, v1::Post::descriptor(), "trust = $1", {id}, &post, [&] {
    posts.push_back(post);
    return absl::OkStatus();
  }));
  v1::Person person;
  FIVESTRAND_RETURN_IF_ERROR(registry_.Scan(session, v1::Person::descriptor(), "trust = $1", {id}, &person, [&] {
    people.push_back(person);
    return absl::OkStatus();
  }));
  return domain::PostBook(std::move(posts), people);
}

absl::StatusOr<bool> LoopReader::Story(Session& session, std::string_view thread, ThreadStory* story) const {
  *story = {};
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, registry_.Read(session, thread, &story->thread));
  if (!found) return false;
  const std::string_view trust = names::TrustOf(thread);
  FIVESTRAND_RETURN_IF_ERROR(ReadRecords(
      session, "SELECT record FROM concern WHERE trust = $1 AND thread = $2 AND delete_time IS NULL ORDER BY path LIMIT $3",
      {trust, thread, domain::kMaxThreadConcerns}, &story->concerns));
  FIVESTRAND_RETURN_IF_ERROR(session.Query(kResponses, {trust, thread, kMaxResponses}, [&](const Row& row) {
    v1::ThreadResponse& response = story->responses.emplace_back();
    response.set_record(std::string(row.Text(0)));
    response.set_label(std::string(row.Text(1)));
    response.set_strand(std::string(row.Text(2)));
    response.set_giver(std::string(row.Text(3)));
    response.set_receiver(std::string(row.Text(4)));
    TakeDay(row, 5, &v1::ThreadResponse::mutable_planned_date, &response);
    TakeDay(row, 6, &v1::ThreadResponse::mutable_start_date, &response);
    TakeDay(row, 7, &v1::ThreadResponse::mutable_done_date, &response);
    response.set_withdrawn(row.Int(8) != 0);
    if (!row.Text(9).empty()) story->contributors.emplace_back(row.Text(9));
    return absl::OkStatus();
  }));
  return true;
}

absl::StatusOr<std::vector<ConcernEffect>> LoopReader::Effects(Session& session, const ThreadStory& story,
                                                               absl::CivilDay today) const {
  const std::optional<absl::CivilDay> first = domain::FirstResponse(story.responses, today);
  const std::string trust(names::TrustNameOf(story.thread.name()));
  std::map<std::int64_t, v1::ImprovementModel> models;
  std::vector<ConcernEffect> effects;
  for (const v1::Concern& concern : story.concerns) {
    ConcernEffect& one = effects.emplace_back();
    one.concern = &concern;
    if (concern.measure().empty()) continue;
    auto [model, fresh] = models.try_emplace(concern.model_revision());
    if (fresh) {
      FIVESTRAND_ASSIGN_OR_RETURN(model->second, Model(session, trust, concern.model_revision()));
    }
    FIVESTRAND_ASSIGN_OR_RETURN(one.series, Series(session, concern.measure(), concern.school().empty() ? trust : concern.school(),
                                                   concern.cut(), model->second));
    one.effect = domain::JudgeEffect(one.series, first);
  }
  return effects;
}

}  // namespace fivestrand::leadership::store
