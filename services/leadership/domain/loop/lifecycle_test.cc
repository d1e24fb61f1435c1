#include "services/leadership/domain/loop/lifecycle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <random>

#include "platform/calendar/day.h"
#include "platform/status/status.h"
#include "services/leadership/domain/loop/rules.h"
#include "services/leadership/domain/loop/stamps.h"
#include "services/leadership/domain/loop/test_series.h"

namespace fivestrand::leadership::domain {
namespace {

using calendar::D;
using v1::Concern;

// Plays the part of the store: judges after each reading, as an event would.
class Play {
 public:
  explicit Play(evidence::v1::Measure measure = WeeklyShare()) { series_.measure = std::move(measure); }

  Verdict::Kind Read(std::string_view monday, const Value& value) {
    const absl::CivilDay start = D(monday);
    series_.readings.push_back(MakeReading(series_.measure, start, start + 6, value));
    return Run(start + 7);
  }
  // The same period once more.
  Verdict::Kind Correct(const Value& value) {
    const calendar::DayRange days = RangeOf(series_.readings.back().period());
    series_.readings.back() = MakeReading(series_.measure, days.start, days.end, value);
    return Run(days.end + 2);
  }
  Verdict::Kind Run(absl::CivilDay today) {
    now_ = calendar::StartOf(today) + absl::Hours(9);
    const Verdict verdict = Judge(v1::OUT_OF_BAND, series_, concerns.empty() ? nullptr : &concerns.back(), &calendar_, today);
    if (verdict.kind == Verdict::kRaise) {
      concerns.push_back(RaiseConcern(v1::OUT_OF_BAND, series_, verdict.fired, "trusts/acorn", now_));
      EXPECT_TRUE(concerns.size() < 2 || !IsOpen(concerns[concerns.size() - 2])) << "two open concerns of one key";
    } else if (verdict.kind != Verdict::kNothing) {
      JoinReadings(series_, &concerns.back());
      if (verdict.kind == Verdict::kResolve) Resolve(now_, &concerns.back());
    }
    const Verdict again = Judge(v1::OUT_OF_BAND, series_, concerns.empty() ? nullptr : &concerns.back(), &calendar_, today);
    EXPECT_EQ(again.kind, Verdict::kNothing) << "a second run changes nothing";
    return verdict.kind;
  }
  void MuteFromNow() { series_.muted = true; }
  absl::Time now() const { return now_; }

  std::vector<Concern> concerns;

 private:
  const calendar::SchoolCalendar calendar_ = calendar::TwoYears();
  Series series_;
  absl::Time now_;
};

TEST(LifecycleTest, ASignalRaisesOneConcernAndWhatFollowsJoinsIt) {
  Play play;
  EXPECT_EQ(play.Read("2026-09-07", 0.9), Verdict::kNothing);
  EXPECT_EQ(play.Read("2026-09-14", 0.4), Verdict::kRaise);
  EXPECT_EQ(play.Read("2026-09-21", 0.3), Verdict::kJoin);
  EXPECT_EQ(play.Read("2026-09-28", 0.7), Verdict::kJoin);
  ASSERT_EQ(play.concerns.size(), 1u);
  const Concern& concern = play.concerns[0];
  EXPECT_EQ(concern.state(), Concern::RAISED);
  EXPECT_EQ(concern.school(), kNorthgate);
  EXPECT_EQ(concern.element(), "visible-headteacher");
  EXPECT_EQ(concern.evidence_size(), 3);
  EXPECT_EQ(concern.headline(), "Days with a drop-in: out of band, now 40 %");
  EXPECT_EQ(calendar::FromProto(concern.signal_date()), D("2026-09-20"));
  EXPECT_EQ(DayOf(concern.raise_time()), D("2026-09-21"));
  EXPECT_FALSE(concern.restricted());
}

TEST(LifecycleTest, BackInBandBeforeAnyAnswerItResolvesItself) {
  Play play;
  play.Read("2026-09-07", 0.4);
  EXPECT_EQ(play.Read("2026-09-14", 0.85), Verdict::kResolve);
  EXPECT_EQ(play.concerns[0].state(), Concern::RESOLVED_ITSELF);
  EXPECT_FALSE(IsOpen(play.concerns[0]));
  EXPECT_TRUE(play.concerns[0].has_end_time());
  EXPECT_EQ(play.concerns[0].evidence_size(), 2) << "with the reading that resolved it";
  // That reading was in band, so the next red one is a new cause.
  EXPECT_EQ(play.Read("2026-09-21", 0.4), Verdict::kRaise);
  EXPECT_EQ(play.concerns.size(), 2u);
}

TEST(LifecycleTest, OnceAnsweredItDoesNotResolveItself) {
  Play play;
  play.Read("2026-09-07", 0.4);
  ASSERT_TRUE(EnterThread("trusts/acorn/improvementThreads/t", &play.concerns[0]).ok());
  EXPECT_EQ(play.Read("2026-09-14", 0.9), Verdict::kJoin);
  EXPECT_EQ(play.concerns[0].state(), Concern::IN_THREAD);
  EXPECT_TRUE(IsOpen(play.concerns[0]));
}

TEST(LifecycleTest, ADismissedKeyIsQuietUntilAReadingInBand) {
  Play play;
  play.Read("2026-09-07", 0.4);
  ASSERT_TRUE(Dismiss("Known: the head was away", play.now(), &play.concerns[0]).ok());
  EXPECT_EQ(play.Run(D("2026-09-15")), Verdict::kNothing);
  EXPECT_EQ(play.Read("2026-09-14", 0.3), Verdict::kNothing);
  EXPECT_EQ(play.Read("2026-09-21", 0.7), Verdict::kNothing);
  EXPECT_EQ(play.Read("2026-09-28", 0.9), Verdict::kNothing);
  EXPECT_EQ(play.Read("2026-10-05", 0.45), Verdict::kRaise);
  EXPECT_EQ(play.concerns[0].evidence_size(), 1) << "an ended concern keeps its evidence as it stood";
}

TEST(LifecycleTest, OrUntilAWorseReadingAfterHalfATerm) {
  Play play;
  play.Read("2026-09-07", 0.4);
  ASSERT_TRUE(Dismiss("Known", play.now(), &play.concerns[0]).ok());
  EXPECT_EQ(play.Read("2026-09-28", 0.2), Verdict::kNothing) << "worse, and too soon";
  EXPECT_EQ(play.Read("2026-11-02", 0.4), Verdict::kNothing) << "late, and no worse";
  EXPECT_EQ(play.Read("2026-11-09", 0.39), Verdict::kRaise);
}

TEST(LifecycleTest, ACorrectionJoinsAndCanResolve) {
  Play play;
  play.Read("2026-09-07", 0.4);
  EXPECT_EQ(play.Correct(0.45), Verdict::kJoin);
  EXPECT_EQ(play.concerns[0].evidence_size(), 2) << "the first stays as it stood";
  EXPECT_EQ(play.Correct(0.45), Verdict::kNothing);
  EXPECT_EQ(play.Correct(1.0), Verdict::kResolve);
  EXPECT_EQ(play.Correct(0.1), Verdict::kNothing) << "of the period that ended it";
}

TEST(LifecycleTest, AMutedMeasureRaisesNothingAndStillResolves) {
  Play play;
  play.Read("2026-09-07", 0.4);
  play.MuteFromNow();
  EXPECT_EQ(play.Read("2026-09-14", 0.9), Verdict::kResolve);
  EXPECT_EQ(play.Read("2026-09-21", 0.1), Verdict::kNothing);
}

TEST(LifecycleTest, WhatIsLongPastRaisesNothing) {
  Play play;
  const Series old = Weekly("2026-03-02", {0.1});
  EXPECT_EQ(Judge(v1::OUT_OF_BAND, old, nullptr, nullptr, D("2026-11-24")).kind, Verdict::kNothing);
  EXPECT_EQ(Judge(v1::OUT_OF_BAND, old, nullptr, nullptr, D("2026-03-09")).kind, Verdict::kRaise);
}

TEST(LifecycleTest, EvidenceIsBounded) {
  Play play;
  absl::CivilDay monday = D("2025-09-01");
  for (int week = 0; week < 60; ++week, monday += 7) play.Read(calendar::FormatDay(monday), 0.1 + week / 1000.0);
  ASSERT_EQ(play.concerns.size(), 1u);
  const Concern& concern = play.concerns[0];
  ASSERT_EQ(concern.evidence_size(), kMaxEvidence);
  EXPECT_DOUBLE_EQ(concern.evidence(0).value(), 0.1) << "what raised it stays";
  EXPECT_DOUBLE_EQ(concern.evidence(kMaxEvidence - 1).value(), 0.159);
}

// Whatever the readings: never two open concerns of one key, and a second run of the rules changes nothing (Play checks both).
TEST(LifecycleTest, OneOpenConcernAKeyWhateverIsRead) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    Play play;
    absl::CivilDay monday = D("2026-09-07");
    for (int week = 0; week < 30; ++week, monday += 7) {
      const int kind = static_cast<int>(random() % 12);
      if (kind == 0) {
        play.Read(calendar::FormatDay(monday), std::nullopt);
      } else {
        play.Read(calendar::FormatDay(monday), static_cast<double>(random() % 11) / 10);
      }
      if (kind == 1) play.Correct(static_cast<double>(random() % 11) / 10);
      if (play.concerns.empty()) continue;
      Concern& newest = play.concerns.back();
      if (IsUnanswered(newest)) {
        if (kind == 2) {
          ASSERT_TRUE(Dismiss("No", play.now(), &newest).ok());
        } else if (kind == 3) {
          ASSERT_TRUE(EnterThread("trusts/acorn/improvementThreads/t", &newest).ok());
        }
      } else if (newest.state() == Concern::IN_THREAD && IsOpen(newest) && kind == 4) {
        EndWithThread(play.now(), &newest);
      }
    }
  }
}

TEST(LifecycleTest, AReadingAboutAPersonRaisesARestrictedConcern) {
  Series series = Weekly("2026-09-07", {0.1});
  series.readings[0].mutable_cut()->set_person("trusts/acorn/people/hana-head");
  const Concern concern = RaiseConcern(v1::OUT_OF_BAND, series, {0}, "trusts/acorn", absl::UnixEpoch());
  EXPECT_TRUE(concern.restricted());
  EXPECT_EQ(concern.headline().find("hana"), std::string::npos);
}

TEST(LifecycleTest, TheHeadlineSaysWhatHappened) {
  Series series = Windows("2026-09-14", {-8, -11, -14});
  auto* cut = series.readings.back().mutable_cut();
  cut->set_subject("trusts/acorn/subjects/creative-writing");
  cut->set_year_group(type::v1::YEAR_GROUP_5);
  EXPECT_EQ(Headline(v1::WIDENING_GAP, series),
            "Gap, disadvantaged pupils, creative writing, Year 5: widened twice, now -14 points");
  cut->set_school_class("trusts/acorn/schools/northgate/classes/c17");
  EXPECT_EQ(Headline(v1::WIDENING_GAP, series, {.subject = "Writing", .school_class = "5 Ash"}),
            "Gap, disadvantaged pupils, Writing, Year 5, class 5 Ash: widened twice, now -14 points");
}

TEST(LifecycleTest, StatesFollowOneAnother) {
  Concern concern;
  concern.set_name("trusts/acorn/concerns/c");
  concern.set_key("k");
  concern.set_open_key("k");
  concern.set_state(Concern::RAISED);
  const absl::Time now = absl::FromUnixSeconds(1'790'000'000);
  EXPECT_TRUE(absl::IsInvalidArgument(Dismiss("", now, &concern)));
  EXPECT_TRUE(absl::IsInvalidArgument(HandOn("", &concern))) << "never to nobody";
  EXPECT_TRUE(Acknowledge(now, &concern).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(Acknowledge(now, &concern)));
  EXPECT_TRUE(HandOn("trusts/acorn/people/p", &concern).ok());
  EXPECT_TRUE(concern.handed_on());
  EXPECT_TRUE(EnterThread("t", &concern).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(EnterThread("t", &concern)));
  EXPECT_TRUE(absl::IsFailedPrecondition(Dismiss("No", now, &concern)));
  EndWithThread(now, &concern);
  EXPECT_FALSE(IsOpen(concern));
  EXPECT_TRUE(absl::IsFailedPrecondition(HandOn("trusts/acorn/people/p", &concern)));
  ReopenWithThread(false, &concern);
  EXPECT_FALSE(IsOpen(concern)) << "another has the key";
  ReopenWithThread(true, &concern);
  EXPECT_TRUE(IsOpen(concern));
  EXPECT_FALSE(concern.has_end_time());
}

}  // namespace
}  // namespace fivestrand::leadership::domain
