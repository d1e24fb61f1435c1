#include "services/leadership/domain/loop/accountable.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/test_calendars.h"
#include "platform/calendar/timestamp.h"
#include "platform/status/views.h"
#include "services/leadership/domain/loop/stamps.h"
#include "services/leadership/domain/loop/waiting.h"

namespace fivestrand::leadership::domain {
namespace {

using calendar::D;
using v1::Concern;

constexpr char kSchool[] = "trusts/acorn/schools/northgate";
constexpr char kOther[] = "trusts/acorn/schools/elmwood";
const absl::CivilDay kDay = D("2026-11-24");

std::string P(std::string_view id) {
  return absl::StrCat("trusts/acorn/people/", AbslView(id));
}

v1::Person Person(std::string_view id, std::string_view last_day = "") {
  v1::Person person;
  person.set_name(P(id));
  if (!last_day.empty()) *person.mutable_end_date() = calendar::ToProto(D(last_day));
  return person;
}

v1::Post Post(std::string_view person, v1::Post::Kind kind, std::string_view school, std::string_view start,
              std::string_view end = "") {
  v1::Post post;
  post.set_name(absl::StrCat("trusts/acorn/posts/", AbslView(person), AbslView(start)));
  post.set_person(P(person));
  post.set_kind(kind);
  if (kind == v1::Post::EXECUTIVE_HEADTEACHER) {
    post.add_responsible_schools(std::string(school));
  } else {
    post.set_school(std::string(school));
  }
  *post.mutable_start_date() = calendar::ToProto(D(start));
  if (!end.empty()) *post.mutable_end_date() = calendar::ToProto(D(end));
  return post;
}

PostBook Book() {
  return PostBook({Post("head", v1::Post::HEADTEACHER, kSchool, "2020-09-01", "2026-11-24"),
                   Post("next", v1::Post::HEADTEACHER, kSchool, "2026-11-25"),
                   Post("eht", v1::Post::EXECUTIVE_HEADTEACHER, kSchool, "2019-09-01"),
                   Post("ceo", v1::Post::CEO, "", "2018-09-01"), Post("senior", v1::Post::SENIOR_LEADER, kSchool, "2018-09-01"),
                   Post("gone", v1::Post::TEACHER, kSchool, "2018-09-01", "2026-07-31")},
                  {Person("head"), Person("next"), Person("eht"), Person("ceo"), Person("senior"), Person("gone"),
                   Person("late", "2026-11-23"), Person("officer")});
}

Concern Open(std::string_view accountable, std::string_view school = kSchool, bool handed_on = false) {
  Concern concern;
  concern.set_name("trusts/acorn/concerns/c");
  concern.set_school(std::string(school));
  concern.set_open_key("k");
  concern.set_state(Concern::RAISED);
  if (!accountable.empty()) concern.set_accountable(P(accountable));
  concern.set_handed_on(handed_on);
  return concern;
}

TEST(AccountableTest, TheHeadteacherThenTheExecutiveHeadteacherThenTheCeo) {
  EXPECT_EQ(Book().Accountable(kSchool, kDay), P("head"));
  EXPECT_EQ(Book().Accountable(kSchool, kDay + 1), P("next"));
  EXPECT_EQ(Book().Accountable(kSchool, D("2020-08-31")), P("eht"));
  EXPECT_EQ(Book().Accountable(kOther, kDay), P("ceo")) << "the executive headteacher answers for northgate only";
  EXPECT_EQ(Book().Accountable("", kDay), P("ceo"));
  EXPECT_EQ(PostBook({}, {}).Accountable(kSchool, kDay), "");
}

TEST(AccountableTest, WhoeverLeavesLosesItOnTheDayAfterTheirLast) {
  Concern concern = Open("head");
  EXPECT_FALSE(Book().Move(kDay, &concern));
  EXPECT_TRUE(Book().Move(kDay + 1, &concern));
  EXPECT_EQ(concern.accountable(), P("next"));
  EXPECT_FALSE(Book().Move(kDay + 1, &concern));
  // An ended one keeps who answered for it.
  Concern ended = Open("head");
  ended.clear_open_key();
  EXPECT_FALSE(Book().Move(kDay + 1, &ended));
  EXPECT_EQ(ended.accountable(), P("head"));
}

TEST(AccountableTest, HandedOnItStaysUntilThatPersonLeaves) {
  Concern concern = Open("officer", kSchool, true);
  EXPECT_FALSE(Book().Move(kDay, &concern));
  for (const char* left : {"gone", "late", "nobody"}) {
    Concern lost = Open(left, kSchool, true);
    EXPECT_TRUE(Book().HasLeft(P(left), kDay)) << left;
    EXPECT_TRUE(Book().Move(kDay, &lost)) << left;
    EXPECT_EQ(lost.accountable(), P("head"));
    EXPECT_FALSE(lost.handed_on());
  }
  EXPECT_FALSE(Book().HasLeft(P("late"), D("2026-11-23"))) << "on the last day one is still there";
}

TEST(AccountableTest, NeverToNobody) {
  const PostBook empty({}, {});
  Concern concern = Open("head");
  EXPECT_FALSE(empty.Move(kDay, &concern));
  EXPECT_EQ(concern.accountable(), P("head"));
  Concern none = Open("");
  EXPECT_TRUE(Book().Move(kDay, &none));
  EXPECT_EQ(none.accountable(), P("head"));
}

TEST(AccountableTest, OfTwoWhoShareAPostTheOneWhoHadItKeepsIt) {
  const PostBook book(
      {Post("a", v1::Post::HEADTEACHER, kSchool, "2020-09-01"), Post("b", v1::Post::HEADTEACHER, kSchool, "2021-09-01")},
      {Person("a"), Person("b")});
  EXPECT_EQ(book.Accountable(kSchool, kDay), P("a"));
  Concern concern = Open("b");
  EXPECT_FALSE(book.Move(kDay, &concern));
}

TEST(AccountableTest, AfterTenSchoolDaysTheLineAboveMayAsk) {
  const calendar::SchoolCalendar calendar = calendar::TwoYears();
  Concern concern = Open("head");
  *concern.mutable_raise_time() = calendar::ToTimestamp(calendar::StartOf(D("2026-11-09")) + absl::Hours(9));
  auto waiting = WaitsFor(concern, Book(), &calendar, D("2026-11-20"));
  ASSERT_TRUE(waiting.has_value());
  EXPECT_EQ(waiting->next_step(), "Acknowledge");
  EXPECT_EQ(waiting->person(), P("head"));
  EXPECT_EQ(waiting->school_days(), 9);
  EXPECT_FALSE(waiting->overdue());
  EXPECT_EQ(waiting->line_above(), "");
  waiting = WaitsFor(concern, Book(), &calendar, D("2026-11-23"));
  EXPECT_EQ(waiting->school_days(), 10);
  EXPECT_TRUE(waiting->overdue());
  EXPECT_EQ(waiting->line_above(), P("eht"));
  // The day after the head left it waits on whoever holds the post, whatever is stored.
  EXPECT_EQ(WaitsFor(concern, Book(), &calendar, kDay + 1)->person(), P("next"));

  EXPECT_EQ(Book().LineAbove(kSchool, P("eht"), kDay), P("ceo"));
  EXPECT_EQ(Book().LineAbove(kSchool, P("ceo"), kDay), "");
  EXPECT_EQ(Book().LineAbove(kSchool, P("officer"), kDay), P("head"));
  EXPECT_EQ(Book().LineAbove(kOther, P("officer"), kDay), P("ceo"));

  concern.set_state(Concern::ACKNOWLEDGED);
  *concern.mutable_acknowledge_time() = calendar::ToTimestamp(calendar::StartOf(D("2026-11-12")));
  waiting = WaitsFor(concern, Book(), &calendar, D("2026-11-23"));
  EXPECT_EQ(waiting->next_step(), "Open a thread or dismiss");
  EXPECT_EQ(waiting->school_days(), 7);
  EXPECT_FALSE(waiting->overdue());
  concern.set_state(Concern::IN_THREAD);
  EXPECT_FALSE(WaitsFor(concern, Book(), &calendar, kDay).has_value());
}

TEST(WaitingTest, AThreadWaitsForItsLeadOrForAReading) {
  const calendar::SchoolCalendar calendar = calendar::TwoYears();
  v1::ImprovementThread thread;
  thread.set_lead(P("head"));
  thread.set_state(v1::ImprovementThread::OPEN);
  *thread.mutable_open_time() = calendar::ToTimestamp(calendar::StartOf(D("2026-11-09")));
  EXPECT_EQ(WaitsFor(thread, {}, &calendar, kDay)->next_step(), "Begin a response");
  thread.set_state(v1::ImprovementThread::RESPONDING);
  *thread.mutable_first_response_date() = calendar::ToProto(D("2026-11-10"));
  EXPECT_EQ(WaitsFor(thread, {}, &calendar, kDay)->person(), P("head"));
  thread.set_state(v1::ImprovementThread::AWAITING_READING);
  v1::ThreadResponse done;
  *done.mutable_done_date() = calendar::ToProto(D("2026-11-17"));
  const auto reading = WaitsFor(thread, {done}, &calendar, kDay);
  EXPECT_EQ(reading->next_step(), "Next reading");
  EXPECT_EQ(reading->person(), "");
  EXPECT_EQ(reading->school_days(), 5);
  *thread.mutable_impact_date() = calendar::ToProto(D("2026-11-22"));
  const auto close = WaitsFor(thread, {done}, &calendar, kDay);
  EXPECT_EQ(close->next_step(), "Close on the reading");
  EXPECT_EQ(close->person(), P("head"));
  EXPECT_EQ(close->school_days(), 2);
  thread.set_state(v1::ImprovementThread::CLOSED);
  EXPECT_FALSE(WaitsFor(thread, {done}, &calendar, kDay).has_value());
}

}  // namespace
}  // namespace fivestrand::leadership::domain
