#include "services/leadership/app/test_loop.h"

#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "fivestrand/leadership/v1/people_service.pb.h"
#include "fivestrand/leadership/v1/visibility_service.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/test_calendars.h"
#include "platform/status/macros.h"
#include "platform/status/views.h"
#include "platform/store/outbox.h"
#include "services/leadership/store/loop/loop_events.h"
#include "services/leadership/store/loop/loop_upkeep.h"

namespace fivestrand::leadership {

using calendar::D;
using calendar::ToProto;

namespace {

absl::Time Soon() {
  return absl::Now() + absl::Seconds(30);
}

events::v1::Event ReadingEvent(const evidence::v1::Reading& reading, std::int64_t revision) {
  events::v1::Event event;
  event.set_kind(revision == 1 ? events::v1::CREATED : events::v1::UPDATED);
  event.set_resource_type("fivestrand/Reading");
  event.set_resource(absl::StrCat(reading.scope(), "/readings/", reading.measure(), "-", reading.period().start_date().month(), "-",
                                  reading.period().start_date().day(), reading.cut().person().empty() ? "" : "-p"));
  event.set_revision(revision);
  event.set_record(reading.SerializeAsString());
  return event;
}

}  // namespace

LoopFixture::LoopFixture() : trust_(GetParam()) {
  trust_.AddPerson("eht", "Ed Executive");
  trust_.AddPerson("elm-head", "Ella Elm");
  trust_.AddPerson("senior", "Sam Senior");
  const auto post = [&](const char* person, v1::Post::Kind kind, const char* school) {
    v1::CreatePostRequest request;
    request.set_parent("trusts/acorn");
    request.mutable_post()->set_person(absl::StrCat("trusts/acorn/people/", person));
    request.mutable_post()->set_kind(kind);
    request.mutable_post()->set_title("Post");
    if (kind == v1::Post::EXECUTIVE_HEADTEACHER) {
      request.mutable_post()->add_responsible_schools(school);
    } else if (kind != v1::Post::CEO) {
      request.mutable_post()->set_school(school);
    }
    *request.mutable_post()->mutable_start_date() = ToProto(absl::CivilDay(2024, 9, 1));
    Must<v1::Post>(testing::TestService::Operator(), "PeopleService.CreatePost", request);
  };
  post("ceo", v1::Post::CEO, "");
  post("eht", v1::Post::EXECUTIVE_HEADTEACHER, kNorthgate);
  post("elm-head", v1::Post::HEADTEACHER, kElmwood);
  post("senior", v1::Post::SENIOR_LEADER, kNorthgate);
}

void LoopFixture::SetDay(std::string_view day, int hour) {
  trust_.service().clock().Set(calendar::StartOf(D(day)) + absl::Hours(hour));
}

absl::Status LoopFixture::Deliver(const std::string& source, events::v1::Event event) {
  FIVESTRAND_RETURN_IF_ERROR(trust_.service().store().Write(Soon(), [&](fivestrand::store::WriteTransaction& transaction) {
    return store::ApplyLoopEvent(store::LoopReader(trust_.service().registry(), calendars_), source, transaction, event);
  }));
  fed_[source].push_back(std::move(event));
  return absl::OkStatus();
}

void LoopFixture::FollowSelf() {
  std::vector<events::v1::Event> events;
  ASSERT_TRUE(trust_.service()
                  .store()
                  .Read(Soon(),
                        [&](fivestrand::store::Session& session) -> absl::Status {
                          events.clear();
                          FIVESTRAND_ASSIGN_OR_RETURN(
                              const fivestrand::store::EventPage page,
                              fivestrand::store::ReadEvents(session, followed_, 10'000, {},
                                                            [&](const fivestrand::store::StoredEvent& stored) {
                                                              events::v1::Event& event = events.emplace_back();
                                                              event.set_cursor(stored.cursor);
                                                              event.set_kind(static_cast<events::v1::EventKind>(stored.kind));
                                                              event.set_resource_type(std::string(stored.resource_type));
                                                              event.set_resource(std::string(stored.resource));
                                                              event.set_revision(stored.revision);
                                                              event.set_actor(std::string(stored.actor));
                                                              event.set_record(std::string(stored.record));
                                                              return absl::OkStatus();
                                                            }));
                          followed_ = page.cursor;
                          return absl::OkStatus();
                        })
                  .ok());
  for (events::v1::Event& event : events) {
    const absl::Status status = Deliver("leadership", std::move(event));
    ASSERT_TRUE(status.ok()) << status;
  }
}

void LoopFixture::Define() {
  evidence::v1::Measure share;
  share.set_measure(kDropInDays);
  share.set_element("visible-headteacher");
  share.set_title("Days with a drop-in");
  share.set_unit(evidence::v1::SHARE);
  share.set_direction(evidence::v1::HIGHER_IS_BETTER);
  share.set_target(1);
  share.set_amber(0.8);
  share.set_red(0.5);
  share.set_delta(0.1);
  share.set_period_kind(evidence::v1::WEEK);
  evidence::v1::Measure gap;
  gap.set_measure(kGap);
  gap.set_element("pupil-groups");
  gap.set_title("Gap");
  gap.set_unit(evidence::v1::PERCENTAGE_POINTS);
  gap.set_direction(evidence::v1::ZERO_IS_BETTER);
  gap.set_amber(30);
  gap.set_red(40);
  gap.set_delta(1);
  gap.set_period_kind(evidence::v1::ASSESSMENT_WINDOW);
  for (const auto& [source, measure] : {std::pair("leadership", share), std::pair("assessment", gap)}) {
    events::v1::Event event;
    event.set_kind(events::v1::CREATED);
    event.set_resource_type("fivestrand/Measure");
    event.set_resource(absl::StrCat("trusts/acorn/measures/", measure.measure()));
    event.set_revision(1);
    event.set_record(measure.SerializeAsString());
    const absl::Status status = Deliver(source, event);
    ASSERT_TRUE(status.ok()) << status;
  }
}

events::v1::Event LoopFixture::Week(std::string_view monday, double value, std::int64_t revision, const std::string& school) const {
  evidence::v1::Reading reading;
  reading.set_measure(kDropInDays);
  reading.set_scope(school);
  reading.mutable_period()->set_kind(evidence::v1::WEEK);
  *reading.mutable_period()->mutable_start_date() = ToProto(D(monday));
  *reading.mutable_period()->mutable_end_date() = ToProto(D(monday) + 6);
  reading.set_value(value);
  reading.set_final(true);
  return ReadingEvent(reading, revision);
}

void LoopFixture::ReadWeek(std::string_view monday, double value, std::int64_t revision, const std::string& school) {
  const absl::Status status = Deliver("leadership", Week(monday, value, revision, school));
  ASSERT_TRUE(status.ok()) << status;
}

events::v1::Event LoopFixture::Window(std::string_view start, double gap, const std::string& school) const {
  evidence::v1::Reading reading;
  reading.set_measure(kGap);
  reading.set_scope(school);
  reading.mutable_cut()->set_group(type::v1::PUPIL_GROUP_DISADVANTAGED);
  reading.mutable_cut()->set_subject("trusts/acorn/subjects/english");
  reading.mutable_cut()->set_year_group(type::v1::YEAR_GROUP_5);
  reading.mutable_period()->set_kind(evidence::v1::ASSESSMENT_WINDOW);
  *reading.mutable_period()->mutable_start_date() = ToProto(D(start));
  *reading.mutable_period()->mutable_end_date() = ToProto(D(start) + 11);
  reading.set_value(gap);
  reading.set_sample_size(24);
  reading.set_final(true);
  return ReadingEvent(reading, 1);
}

std::vector<v1::Concern> LoopFixture::Concerns(const identity::Caller& caller, const std::string& filter) {
  v1::ListConcernsRequest request;
  request.set_parent("trusts/acorn");
  request.set_filter(filter);
  const auto response = Must<v1::ListConcernsResponse>(caller, "ImprovementService.ListConcerns", request);
  return {response.concerns().begin(), response.concerns().end()};
}

v1::Concern LoopFixture::OneConcern(const identity::Caller& caller) {
  const std::vector<v1::Concern> concerns = Concerns(caller);
  EXPECT_EQ(concerns.size(), 1u);
  return concerns.size() == 1 ? concerns[0] : v1::Concern();
}

v1::ImprovementThread LoopFixture::OpenThread(const identity::Caller& caller, const std::vector<std::string>& concerns) {
  v1::OpenImprovementThreadRequest request;
  request.set_parent("trusts/acorn");
  request.mutable_improvement_thread()->set_title("Drop-ins");
  request.mutable_improvement_thread()->set_aim("Every day again");
  for (const std::string& concern : concerns) request.add_concerns(concern);
  return Must<v1::ImprovementThread>(caller, "ImprovementService.OpenImprovementThread", request);
}

v1::ThreadTimeline LoopFixture::Timeline(const identity::Caller& caller, const std::string& thread) {
  v1::GetThreadTimelineRequest request;
  request.set_name(thread);
  return Must<v1::ThreadTimeline>(caller, "ImprovementService.GetThreadTimeline", request);
}

std::string LoopFixture::Visit(const std::string& thread, int minutes) {
  v1::CreateVisitRequest request;
  request.set_parent(kNorthgate);
  request.mutable_visit()->set_purpose("Drop-ins together");
  request.mutable_visit()->set_improvement_thread(thread);
  trust_.SetTime(minutes, request.mutable_visit()->mutable_start_time());
  return Must<v1::Visit>(Ceo(), "VisibilityService.CreateVisit", request).name();
}

void LoopFixture::KeepUp() {
  const absl::Status status = store::KeepUp(store::LoopReader(trust_.service().registry(), calendars_), trust_.service().store(),
                                            trust_.service().clock().Now(), Soon());
  ASSERT_TRUE(status.ok()) << status;
}

std::int64_t LoopFixture::Count(const std::string& from) {
  std::int64_t count = -1;
  EXPECT_TRUE(trust_.service()
                  .store()
                  .Read(Soon(),
                        [&](fivestrand::store::Session& session) {
                          return session.Query("SELECT COUNT(*) FROM " + from, {}, [&](const fivestrand::store::Row& row) {
                            count = row.Int(0);
                            return absl::OkStatus();
                          });
                        })
                  .ok());
  return count;
}

}  // namespace fivestrand::leadership
