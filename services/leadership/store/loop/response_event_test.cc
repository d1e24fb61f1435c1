#include "services/leadership/store/loop/response_event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fivestrand/cpd/v1/coaching.pb.h"
#include "fivestrand/cpd/v1/learning.pb.h"
#include "fivestrand/leadership/v1/visibility.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/test_calendars.h"

namespace fivestrand::leadership::store {
namespace {

using calendar::D;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

template <typename Record>
events::v1::Event EventOf(const Record& record) {
  events::v1::Event event;
  event.set_kind(events::v1::CREATED);
  event.set_resource(record.name());
  event.set_revision(1);
  event.set_actor("trusts/acorn/people/ceo");
  event.set_record(record.SerializeAsString());
  return event;
}

DecodedResponse Decode(std::string_view service, std::string_view type, const events::v1::Event& event) {
  const google::protobuf::Descriptor* found = ResponseType(service, type);
  EXPECT_NE(found, nullptr) << type;
  auto decoded = DecodeResponse(found, event);
  EXPECT_TRUE(decoded.ok()) << decoded.status();
  return decoded.ok() ? *decoded : DecodedResponse();
}

v1::Visit Visit(v1::Visit::State state) {
  v1::Visit visit;
  visit.set_name("trusts/acorn/schools/northgate/visits/v");
  visit.set_improvement_thread("trusts/acorn/improvementThreads/t");
  visit.set_state(state);
  // Half past midnight of the next day in London.
  visit.mutable_start_time()->set_seconds(absl::ToUnixSeconds(calendar::StartOf(D("2026-07-02")) + absl::Minutes(30)));
  return visit;
}

TEST(ResponseEventTest, AnyRecordWhoseContractSaysSoCanAnswer) {
  EXPECT_THAT(ResponseTypes("leadership"), ::testing::ElementsAre("fivestrand/DropIn", "fivestrand/Visit"));
  EXPECT_THAT(ResponseTypes("cpd"), Contains("fivestrand/CoachingCycle"));
  EXPECT_THAT(ResponseTypes("cpd"), Contains("fivestrand/Booking"));
  EXPECT_THAT(ResponseTypes("welfare"), Not(IsEmpty()));
  EXPECT_THAT(ResponseTypes("nobody"), IsEmpty());
  EXPECT_EQ(ResponseType("leadership", "fivestrand/Duty"), nullptr);
  EXPECT_EQ(ResponseType("leadership", "fivestrand/CoachingCycle"), nullptr) << "a service speaks for its own records";
  EXPECT_EQ(ResponseType("leadership", "nonsense"), nullptr);
}

TEST(ResponseEventTest, ADoneRecordHasItsDatesInLondonAndItsSchool) {
  const DecodedResponse made = Decode("leadership", "fivestrand/Visit", EventOf(Visit(v1::Visit::MADE)));
  EXPECT_EQ(made.thread, "trusts/acorn/improvementThreads/t");
  EXPECT_EQ(made.response.label(), "Visit");
  EXPECT_EQ(made.response.record(), "trusts/acorn/schools/northgate/visits/v");
  EXPECT_EQ(made.response.receiver(), "trusts/acorn/schools/northgate");
  EXPECT_EQ(calendar::FromProto(made.response.start_date()), D("2026-07-02"));
  EXPECT_EQ(calendar::FromProto(made.response.done_date()), D("2026-07-02"));
  EXPECT_FALSE(made.response.withdrawn());
  EXPECT_EQ(made.contributor, "trusts/acorn/people/ceo");
}

TEST(ResponseEventTest, WhatIsPlannedHasNotBegunWhateverItsDates) {
  const DecodedResponse planned = Decode("leadership", "fivestrand/Visit", EventOf(Visit(v1::Visit::PLANNED)));
  EXPECT_EQ(calendar::FromProto(planned.response.planned_date()), D("2026-07-02"));
  EXPECT_FALSE(planned.response.has_start_date());
  EXPECT_FALSE(planned.response.has_done_date());
}

TEST(ResponseEventTest, CalledOffOrDeletedItIsWithdrawn) {
  EXPECT_TRUE(Decode("leadership", "fivestrand/Visit", EventOf(Visit(v1::Visit::CANCELLED))).response.withdrawn());
  events::v1::Event deleted = EventOf(Visit(v1::Visit::MADE));
  deleted.set_kind(events::v1::DELETED);
  EXPECT_TRUE(Decode("leadership", "fivestrand/Visit", deleted).response.withdrawn());
}

TEST(ResponseEventTest, OfAConfidentialOneOnlyTheDatesAreTaken) {
  cpd::v1::CoachingCycle cycle;
  cycle.set_name("trusts/acorn/coachingCycles/c");
  cycle.set_school("trusts/acorn/schools/northgate");
  cycle.set_improvement_thread("trusts/acorn/improvementThreads/t");
  *cycle.mutable_start_date() = calendar::ToProto(D("2026-11-02"));
  const DecodedResponse decoded = Decode("cpd", "fivestrand/CoachingCycle", EventOf(cycle));
  EXPECT_TRUE(decoded.confidential);
  EXPECT_EQ(decoded.contributor, "");
  v1::ThreadResponse expected;
  expected.set_label("Support in place");
  *expected.mutable_planned_date() = *expected.mutable_start_date() = calendar::ToProto(D("2026-11-02"));
  EXPECT_EQ(decoded.response.SerializeAsString(), expected.SerializeAsString());
}

TEST(ResponseEventTest, BytesThatAreNoRecordAreRefused) {
  events::v1::Event event = EventOf(Visit(v1::Visit::MADE));
  event.set_record("\xff\xff");
  EXPECT_TRUE(absl::IsDataLoss(DecodeResponse(ResponseType("leadership", "fivestrand/Visit"), event).status()));
}

}  // namespace
}  // namespace fivestrand::leadership::store
