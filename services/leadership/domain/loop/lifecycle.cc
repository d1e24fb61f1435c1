#include "services/leadership/domain/loop/lifecycle.h"

#include <algorithm>

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/timestamp.h"
#include "platform/names/names.h"
#include "platform/status/status.h"
#include "services/leadership/domain/loop/keys.h"
#include "services/leadership/domain/loop/rules.h"
#include "services/leadership/domain/loop/school_days.h"
#include "services/leadership/domain/loop/stamps.h"

namespace fivestrand::leadership::domain {
namespace {

using calendar::SchoolCalendar;
using evidence::v1::Reading;
using v1::Concern;

absl::CivilDay LastEvidence(const Concern& concern) {
  absl::CivilDay last = absl::CivilDay::min();
  for (const Reading& reading : concern.evidence()) last = std::max(last, EndOf(reading));
  return last;
}

bool SameFigure(const Reading& a, const Reading& b) {
  return a.has_value() == b.has_value() && a.value() == b.value() && a.no_value_reason() == b.no_value_reason();
}

// The newest reading of the evidence that is of the same period.
const Reading* OfSamePeriod(const Concern& concern, const Reading& reading) {
  for (int i = concern.evidence_size(); i-- > 0;) {
    const Reading& held = concern.evidence(i);
    if (EndOf(held) == EndOf(reading) && StartOf(held) == StartOf(reading)) return &held;
  }
  return nullptr;
}

bool Joins(const Concern& concern, const Reading& reading, absl::CivilDay last) {
  if (const Reading* held = OfSamePeriod(concern, reading)) return !SameFigure(*held, reading);
  return EndOf(reading) > last;
}

bool AnythingJoins(const Series& series, const Concern& concern) {
  const absl::CivilDay last = LastEvidence(concern);
  return std::any_of(series.readings.begin(), series.readings.end(),
                     [&](const Reading& reading) { return Joins(concern, reading, last); });
}

// Worse than every reading that the ended concern was about.
bool WorseThanEver(const Series& series, const Concern& ended) {
  const Reading& newest = series.readings.back();
  if (!newest.has_value()) return false;
  return std::all_of(ended.evidence().begin(), ended.evidence().end(), [&](const Reading& reading) {
    return !reading.has_value() || Badness(series.measure, newest.value()) > Badness(series.measure, reading.value());
  });
}

bool MayFireAgain(v1::Rule rule, const Series& series, const Concern& ended, const SchoolCalendar* calendar) {
  const std::size_t newest = series.readings.size() - 1;
  const absl::CivilDay last = LastEvidence(ended);
  if (EndOf(series.readings[newest]) <= last) return false;
  for (std::size_t i = 0; i < newest; ++i) {
    // The reading with which it resolved is one in band too.
    if (EndOf(series.readings[i]) >= last && Recovered(rule, series, i, calendar)) return true;
  }
  const absl::CivilDay end = ended.has_end_time() ? DayOf(ended.end_time()) : last;
  return SchoolDays(calendar, end, EndOf(series.readings[newest])) >= kHalfTermSchoolDays && WorseThanEver(series, ended);
}

absl::Status NotOpen(const Concern& concern) {
  return status::Precondition("CONCERN_ANSWERED", concern.name(), "it was answered or has ended already");
}

}  // namespace

Verdict Judge(v1::Rule rule, const Series& series, const Concern* newest, const SchoolCalendar* calendar, absl::CivilDay today) {
  Verdict verdict;
  if (series.readings.empty()) return verdict;
  const std::size_t last = series.readings.size() - 1;
  if (newest != nullptr && IsOpen(*newest)) {
    if (IsUnanswered(*newest) && Recovered(rule, series, last, calendar) && EndOf(series.readings[last]) >= LastEvidence(*newest)) {
      verdict.kind = Verdict::kResolve;
    } else if (AnythingJoins(series, *newest)) {
      verdict.kind = Verdict::kJoin;
    }
    return verdict;
  }
  if (series.muted || today - EndOf(series.readings[last]) > kOldSignalDays) return verdict;
  if (newest != nullptr && !MayFireAgain(rule, series, *newest, calendar)) return verdict;
  verdict.fired = Fires(rule, series, last, calendar);
  if (!verdict.fired.empty()) verdict.kind = Verdict::kRaise;
  return verdict;
}

bool JoinReadings(const Series& series, Concern* concern) {
  const absl::CivilDay last = LastEvidence(*concern);
  bool joined = false;
  for (const Reading& reading : series.readings) {
    if (!Joins(*concern, reading, last)) continue;
    joined = true;
    *concern->add_evidence() = reading;
  }
  const int over = concern->evidence_size() - kMaxEvidence;
  if (over > 0) concern->mutable_evidence()->DeleteSubrange(2, over);
  return joined;
}

Concern RaiseConcern(v1::Rule rule, const Series& series, const std::vector<std::size_t>& fired, std::string_view trust,
                     absl::Time now, const CutNames& called) {
  const Reading& newest = series.readings.back();
  Concern concern;
  concern.set_rule(rule);
  concern.set_element(series.measure.element());
  concern.set_measure(series.measure.measure());
  if (!names::SchoolOf(newest.scope()).empty()) concern.set_school(newest.scope());
  if (newest.has_cut()) *concern.mutable_cut() = newest.cut();
  concern.set_state(Concern::RAISED);
  concern.set_headline(Headline(rule, series, called));
  for (std::size_t index : fired) *concern.add_evidence() = series.readings[index];
  const int over = concern.evidence_size() - kMaxEvidence;
  if (over > 0) concern.mutable_evidence()->DeleteSubrange(0, over);
  *concern.mutable_signal_date() = calendar::ToProto(EndOf(newest));
  *concern.mutable_raise_time() = calendar::ToTimestamp(now);
  concern.set_restricted(!newest.cut().person().empty());
  concern.set_name(std::string(trust));  // For the key alone; the registry names the record.
  concern.set_key(ConcernKey(concern));
  concern.set_open_key(concern.key());
  concern.clear_name();
  return concern;
}

absl::Status Acknowledge(absl::Time now, Concern* concern) {
  if (concern->state() != Concern::RAISED)
    return status::Precondition("CONCERN_NOT_RAISED", concern->name(), "it was acknowledged, answered or has ended already");
  concern->set_state(Concern::ACKNOWLEDGED);
  *concern->mutable_acknowledge_time() = calendar::ToTimestamp(now);
  return absl::OkStatus();
}

absl::Status Dismiss(std::string_view reason, absl::Time now, Concern* concern) {
  if (!IsUnanswered(*concern)) return NotOpen(*concern);
  if (reason.empty()) return status::InvalidField("reason", "is required");
  concern->set_state(Concern::DISMISSED);
  concern->set_reason(std::string(reason));
  *concern->mutable_end_time() = calendar::ToTimestamp(now);
  concern->clear_open_key();
  return absl::OkStatus();
}

absl::Status HandOn(std::string_view person, Concern* concern) {
  if (!IsOpen(*concern)) return status::Precondition("CONCERN_ENDED", concern->name(), "it has ended");
  if (person.empty()) return status::InvalidField("accountable", "is required: a concern is never handed on to nobody");
  concern->set_accountable(std::string(person));
  concern->set_handed_on(true);
  return absl::OkStatus();
}

absl::Status EnterThread(std::string_view thread, Concern* concern) {
  if (!IsUnanswered(*concern)) return NotOpen(*concern);
  concern->set_state(Concern::IN_THREAD);
  concern->set_thread(std::string(thread));
  return absl::OkStatus();
}

void Resolve(absl::Time now, Concern* concern) {
  concern->set_state(Concern::RESOLVED_ITSELF);
  *concern->mutable_end_time() = calendar::ToTimestamp(now);
  concern->clear_open_key();
}

void EndWithThread(absl::Time now, Concern* concern) {
  *concern->mutable_end_time() = calendar::ToTimestamp(now);
  concern->clear_open_key();
}

void ReopenWithThread(bool free, Concern* concern) {
  if (!free) return;
  concern->clear_end_time();
  concern->set_open_key(concern->key());
}

}  // namespace fivestrand::leadership::domain
