#include "platform/service/evidence_service.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

#include "platform/calendar/date_number.h"
#include "platform/calendar/day.h"
#include "platform/calendar/request_dates.h"
#include "platform/identity/access.h"
#include "platform/names/names.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "platform/store/store.h"

namespace fivestrand::service {
namespace {

using evidence::EvidenceQuestion;
using evidence::MeasureDefinition;
using evidence::ReadingSeries;
using evidence::v1::Reading;

// Longest spans of ListReadings: ten years of a school, two of a trust.
constexpr int kMaxSchoolDays = 3660;
constexpr int kMaxTrustDays = 800;
// Of a school among others: the open period, and the last closed one.
constexpr int kNewestBySchool = 2;

bool OfTrust(std::string_view scope) {
  return names::SchoolOf(scope).empty();
}

absl::Status CheckScope(std::string_view parent) {
  const bool whole = parent == names::TrustNameOf(parent) || parent == names::SchoolNameOf(parent);
  if (parent.empty() || !whole || names::SchoolOf(parent) == names::kAny || names::TrustOf(parent) == names::kAny) {
    return status::InvalidField("parent", "must be trusts/{trust} or trusts/{trust}/schools/{school}");
  }
  return absl::OkStatus();
}

absl::Status CheckScopeOfSchools(std::string_view parent) {
  const std::string_view trust = names::TrustNameOf(parent);
  const bool all = parent == trust || parent == absl::StrCat(AbslView(trust), "/schools/-");
  if (trust.empty() || !all || names::TrustOf(parent) == names::kAny) {
    return status::InvalidField("parent", "must be trusts/{trust} or trusts/{trust}/schools/- when each school is asked for");
  }
  return absl::OkStatus();
}

// Those that say something about the scope and belong to one of the elements; no elements: all.
template <typename Elements>
std::vector<const MeasureDefinition*> Asked(const evidence::EvidenceSource& source, bool of_trust, const Elements& elements) {
  std::vector<const MeasureDefinition*> asked;
  for (const MeasureDefinition& measure : source.measures()) {
    if (!source.Covers(measure, of_trust)) continue;
    const auto is_it = [&](const std::string& element) {
      return element == measure.element;
    };
    if (elements.empty() || std::any_of(elements.begin(), elements.end(), is_it)) asked.push_back(&measure);
  }
  return asked;
}

absl::StatusOr<calendar::DayRange> ReadingsSpan(const evidence::v1::ListReadingsRequest& request, absl::CivilDay today) {
  FIVESTRAND_ASSIGN_OR_RETURN(const calendar::AskedSpan asked, calendar::ReadSpan(request));
  calendar::DayRange span = calendar::AcademicYearRange(calendar::AcademicYearOf(asked.end.value_or(today)));
  if (asked.start) span.start = *asked.start;
  if (asked.end) span.end = *asked.end;
  if (asked.start && !asked.end) span.end = std::max(*asked.start, today);
  return calendar::CheckSpan(span, OfTrust(request.parent()) ? kMaxTrustDays : kMaxSchoolDays);
}

Reading NoCalendar(const ReadingSeries& series, const EvidenceQuestion& question) {
  return evidence::NoCalendarReading({.measure = *series.measure,
                                      .scope = series.scope,
                                      .as_of = question.as_of,
                                      .compute_time = question.now,
                                      .day_still_open = question.day_still_open});
}

void AddSummary(const EvidenceQuestion& question, ReadingSeries series, evidence::v1::SummariseEvidenceResponse* response) {
  evidence::v1::MeasureSummary& summary = *response->add_summaries();
  *summary.mutable_measure() = evidence::ToProto(*series.measure);
  if (question.each_school) {
    // The same sentences once for each school would be most of the answer.
    summary.mutable_measure()->clear_formula();
    summary.mutable_measure()->clear_element_title();
  }
  for (Reading& reading : series.readings) *summary.add_trend() = std::move(reading);
  if (series.latest) {
    *summary.mutable_latest() = *std::move(series.latest);
  } else {
    *summary.mutable_latest() = summary.trend().empty() ? NoCalendar(series, question) : summary.trend(summary.trend_size() - 1);
  }
}

// A person's own commitment is nobody else's business.
bool OfAnother(const Reading& reading, std::string_view subject) {
  return !reading.cut().person().empty() && reading.cut().person() != subject;
}

bool StartsEarlier(const Reading& a, const Reading& b) {
  return calendar::DateNumber(a.period().start_date()) < calendar::DateNumber(b.period().start_date());
}

}  // namespace

bool EvidenceAnswers::MaySeeSmall(const rpc::CallContext& context, std::string_view scope) const {
  const std::string_view permission = source_->SmallNumbersPermission();
  if (permission.empty()) return false;
  std::string seen(scope);
  if (OfTrust(scope)) seen += "/schools/-";
  return access_.DecideFor(*context.caller, permission, seen, context.now).everything;
}

bool EvidenceAnswers::MayListRecords(const rpc::CallContext& context, const MeasureDefinition& measure,
                                     std::string_view scope) const {
  const std::string_view permission = source_->RecordsPermission(measure);
  if (permission.empty()) return false;
  std::string listed(scope);
  if (OfTrust(scope)) listed += "/schools/-";
  return access_.DecideFor(*context.caller, permission, listed, context.now).everything;
}

bool EvidenceAnswers::MaySee(const rpc::CallContext& context, const EvidenceQuestion& question, std::string_view scope) const {
  if (context.access.everything || !question.each_school) return context.access.everything;
  return context.access.Includes({.school = names::SchoolOf(scope)});
}

void EvidenceAnswers::Finish(const rpc::CallContext& context, const EvidenceQuestion& question,
                             std::vector<ReadingSeries>* series) const {
  const std::string_view subject = context.caller->subject;
  for (ReadingSeries& one : *series) {
    const bool may_see = MaySee(context, question, one.scope) && source_->MaySeeFigures(*one.measure, *context.caller, context.now);
    const bool may_list = may_see && question.with_records && MayListRecords(context, *one.measure, one.scope);
    const auto finish = [&](Reading& reading) {
      if (!may_see) return evidence::Withhold(reading, evidence::v1::NOT_YOURS);
      if (!may_list) reading.clear_records();
    };
    std::erase_if(one.readings, [&](const Reading& reading) { return OfAnother(reading, subject); });
    for (Reading& reading : one.readings) finish(reading);
    if (one.latest) finish(*one.latest);
  }
  std::erase_if(*series, [&](const ReadingSeries& one) {
    // Of a school out of reach not even the name is told; of another's commitment nothing is left.
    if (question.each_school && !MaySee(context, question, one.scope)) return true;
    return one.latest.has_value() && OfAnother(*one.latest, subject);
  });
}

absl::Status EvidenceAnswers::Ask(const rpc::CallContext& context, EvidenceQuestion question,
                                  std::vector<ReadingSeries>* series) const {
  if (question.measures.empty()) return absl::OkStatus();
  question.now = context.now;
  question.show_small = MaySeeSmall(context, question.scope);
  FIVESTRAND_RETURN_IF_ERROR(store_.Read(context.deadline, [&](store::Session& session) {
    series->clear();
    return source_->Read(session, question, series);
  }));
  Finish(context, question, series);
  return absl::OkStatus();
}

absl::Status EvidenceAnswers::ListMeasures(const rpc::CallContext& context, const evidence::v1::ListMeasuresRequest& request,
                                           evidence::v1::ListMeasuresResponse* response) const {
  if (request.parent().empty() || request.parent() != names::TrustNameOf(request.parent())) {
    return status::InvalidField("parent", "must be trusts/{trust}");
  }
  for (const MeasureDefinition& definition : source_->measures()) *response->add_measures() = evidence::ToProto(definition);
  return absl::OkStatus();
}

absl::Status EvidenceAnswers::SummariseEvidence(const rpc::CallContext& context,
                                                const evidence::v1::SummariseEvidenceRequest& request,
                                                evidence::v1::SummariseEvidenceResponse* response) const {
  FIVESTRAND_RETURN_IF_ERROR(request.by_school() ? CheckScopeOfSchools(request.parent()) : CheckScope(request.parent()));
  const absl::CivilDay today = calendar::DayOf(context.now);
  FIVESTRAND_ASSIGN_OR_RETURN(const std::optional<absl::CivilDay> day,
                              calendar::ReadDate(request.has_as_of(), request.as_of(), "as_of"));
  EvidenceQuestion question;
  question.scope = request.by_school() ? std::string(names::TrustNameOf(request.parent())) : request.parent();
  question.each_school = request.by_school();
  question.as_of = day.value_or(today);
  question.day_still_open = question.as_of == today;
  question.now = context.now;
  if (question.as_of > today) return status::InvalidField("as_of", "must not lie ahead");
  question.newest = question.each_school ? kNewestBySchool : evidence::kMaxTrend;
  question.with_records = !question.each_school;
  const auto add = [&](bool of_trust) -> absl::Status {
    question.measures = Asked(*source_, of_trust, request.elements());
    std::vector<ReadingSeries> series;
    FIVESTRAND_RETURN_IF_ERROR(Ask(context, question, &series));
    for (ReadingSeries& one : series) AddSummary(question, std::move(one), response);
    return absl::OkStatus();
  };
  if (!question.each_school) return add(OfTrust(question.scope));
  if (names::SchoolOf(request.parent()).empty()) {
    question.each_school = false;
    FIVESTRAND_RETURN_IF_ERROR(add(true));
    question.each_school = true;
  }
  return add(false);
}

absl::Status EvidenceAnswers::ListReadings(const rpc::CallContext& context, const evidence::v1::ListReadingsRequest& request,
                                           evidence::v1::ListReadingsResponse* response) const {
  FIVESTRAND_RETURN_IF_ERROR(CheckScope(request.parent()));
  const MeasureDefinition* measure = evidence::FindMeasure(source_->measures(), request.measure());
  if (measure == nullptr) return status::InvalidField("measure", "is none that this service computes; ListMeasures names them");
  if (!source_->Covers(*measure, OfTrust(request.parent()))) {
    return status::InvalidField("measure", OfTrust(request.parent()) ? "is measured for a school, not for the trust"
                                                                     : "is measured for the trust, not for a school");
  }
  const absl::CivilDay today = calendar::DayOf(context.now);
  EvidenceQuestion question;
  FIVESTRAND_ASSIGN_OR_RETURN(question.span, ReadingsSpan(request, today));
  question.scope = request.parent();
  question.measures = {measure};
  question.as_of = today;
  question.day_still_open = true;
  question.kind = request.period_kind();
  question.with_records = true;

  std::vector<ReadingSeries> series;
  FIVESTRAND_RETURN_IF_ERROR(Ask(context, question, &series));
  std::vector<Reading> readings;
  for (ReadingSeries& one : series) {
    std::move(one.readings.begin(), one.readings.end(), std::back_inserter(readings));
    if (one.readings.empty() && one.latest) readings.push_back(*std::move(one.latest));
  }
  std::stable_sort(readings.begin(), readings.end(), &StartsEarlier);
  const std::size_t from = readings.size() > evidence::kMaxReadings ? readings.size() - evidence::kMaxReadings : 0;
  for (std::size_t i = from; i < readings.size(); ++i) *response->add_readings() = std::move(readings[i]);
  return absl::OkStatus();
}

void BindEvidenceService(std::shared_ptr<const EvidenceAnswers> answers, rpc::Server& server) {
  // A table that is in memory: nothing to wait for.
  server.Handle<evidence::v1::ListMeasuresRequest, evidence::v1::ListMeasuresResponse>(
      rpc::FindMethod("fivestrand.evidence.v1.EvidenceService.ListMeasures"), rpc::Runs::kInline,
      [answers](const rpc::CallContext& context, const evidence::v1::ListMeasuresRequest& request,
                evidence::v1::ListMeasuresResponse* response) { return answers->ListMeasures(context, request, response); });
  server.Handle<evidence::v1::SummariseEvidenceRequest, evidence::v1::SummariseEvidenceResponse>(
      rpc::FindMethod("fivestrand.evidence.v1.EvidenceService.SummariseEvidence"), rpc::Runs::kPool,
      [answers](const rpc::CallContext& context, const evidence::v1::SummariseEvidenceRequest& request,
                evidence::v1::SummariseEvidenceResponse* response) {
        return answers->SummariseEvidence(context, request, response);
      });
  server.Handle<evidence::v1::ListReadingsRequest, evidence::v1::ListReadingsResponse>(
      rpc::FindMethod("fivestrand.evidence.v1.EvidenceService.ListReadings"), rpc::Runs::kPool,
      [answers](const rpc::CallContext& context, const evidence::v1::ListReadingsRequest& request,
                evidence::v1::ListReadingsResponse* response) { return answers->ListReadings(context, request, response); });
}

}  // namespace fivestrand::service
