#include "services/leadership/store/evidence_source.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "absl/strings/str_cat.h"

#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/leadership/domain/measures.h"
#include "services/leadership/domain/measures_readings.h"
#include "services/leadership/domain/measures_records.h"
#include "services/leadership/store/visibility_reader.h"
#include "services/leadership/store/visibility_rows.h"

namespace fivestrand::leadership::store {
namespace {

using domain::MeasureId;
using domain::TrustFacts;
using evidence::EvidenceQuestion;
using evidence::MeasureDefinition;
using evidence::ReadingSeries;
using evidence::v1::Reading;
using fivestrand::store::Row;
using fivestrand::store::Session;

constexpr int kTrustTrendDays = 366;
// Enough for this half term and the one before, summer holiday between them included.
constexpr int kTwoHalfTermsDays = 150;
constexpr int kFewPeriods = 2;

// The definitions are one table.
MeasureId IdOf(const MeasureDefinition& measure) {
  return static_cast<MeasureId>(&measure - domain::Measures().data());
}

// First day of the records that are needed.
absl::CivilDay TrendSince(const EvidenceQuestion& question) {
  if (question.newest <= kFewPeriods) return question.as_of - kTwoHalfTermsDays;
  if (names::SchoolOf(question.scope).empty()) return question.as_of - kTrustTrendDays;
  return calendar::AcademicYearRange(calendar::AcademicYearOf(question.as_of) - 1).start;
}

// Reads off the facts of one scope.
class ScopeReader {
 public:
  ScopeReader(const EvidenceQuestion& question, const TrustFacts& facts, std::string scope, absl::CivilDay since)
      : question_(question),
        facts_(facts),
        scope_(std::move(scope)),
        since_(since),
        readings_(facts, {scope_, {question.as_of, question.day_still_open}, question.now}) {}

  void ReadAll(std::vector<ReadingSeries>* series) {
    for (const MeasureDefinition* measure : question_.measures) {
      if (!readings_.Covers(IdOf(*measure))) continue;
      series->push_back(Read(*measure));
    }
  }

 private:
  ReadingSeries Read(const MeasureDefinition& measure) {
    ReadingSeries series{.measure = &measure, .scope = scope_, .readings = {}, .latest = std::nullopt};
    if (question_.span) {
      series.readings = readings_.List(IdOf(measure), question_.kind, *question_.span);
    } else {
      evidence::v1::MeasureSummary summary = readings_.Summary(IdOf(measure), since_);
      auto& trend = *summary.mutable_trend();
      const int from = std::max(0, trend.size() - question_.newest);
      std::move(trend.begin() + from, trend.end(), std::back_inserter(series.readings));
      if (!summary.latest().has_period()) series.latest = std::move(*summary.mutable_latest());
    }
    if (question_.with_records) {
      for (Reading& reading : series.readings) AddRecords(IdOf(measure), reading);
    }
    return series;
  }

  void AddRecords(MeasureId id, Reading& reading) const {
    if (names::SchoolOf(scope_).empty()) {
      domain::AddTrustRecordQueries(id, facts_, question_.as_of, reading);
    } else {
      domain::AddRecordQueries(id, facts_, facts_.schools.front(), question_.as_of, reading);
    }
  }

  const EvidenceQuestion& question_;
  const TrustFacts& facts_;
  const std::string scope_;
  const absl::CivilDay since_;
  domain::MeasureReadings readings_;
};

}  // namespace

absl::Span<const MeasureDefinition> VisibilityEvidence::measures() const {
  return domain::Measures();
}

bool VisibilityEvidence::Covers(const MeasureDefinition& measure, bool of_trust) const {
  return of_trust || !domain::IsTrustOnly(IdOf(measure));
}

std::string_view VisibilityEvidence::RecordsPermission(const MeasureDefinition& measure) const {
  return domain::RecordsPermission(IdOf(measure));
}

absl::Status VisibilityEvidence::ListScopes(Session& session, std::vector<std::string>* scopes) const {
  FIVESTRAND_RETURN_IF_ERROR(ListTrusts(session, scopes));
  // Status 1 is PROPOSED.
  return session.Query("SELECT trust, path FROM school WHERE delete_time IS NULL AND status <> 1 ORDER BY trust, path LIMIT 100000",
                       {}, [&](const Row& row) {
                         scopes->push_back(absl::StrCat("trusts/", AbslView(row.Text(0)), "/", AbslView(row.Text(1))));
                         return absl::OkStatus();
                       });
}

absl::Status VisibilityEvidence::Read(Session& session, const EvidenceQuestion& question,
                                      std::vector<ReadingSeries>* series) const {
  domain::Needs needs;
  for (const MeasureDefinition* measure : question.measures) domain::AddNeeds(IdOf(*measure), needs);
  absl::CivilDay since = TrendSince(question), until = question.as_of;
  if (question.span) {
    // A period that touches the span may reach up to an academic year beyond it.
    until = std::min(question.as_of, question.span->end + 366);
    since = std::min(domain::FactsFrom(question.span->start), until);
  }
  TrustFacts facts;
  FIVESTRAND_RETURN_IF_ERROR(
      ReadTrustFacts(session, source_->calendars(), question.scope, since, until, question.now, needs, &facts));
  if (!question.each_school) {
    ScopeReader(question, facts, question.scope, since).ReadAll(series);
    return absl::OkStatus();
  }
  for (domain::SchoolFacts& school : facts.schools) {
    TrustFacts one;
    one.trust = facts.trust;
    one.people = facts.people;
    one.schools.push_back(std::move(school));
    ScopeReader(question, one, one.schools.front().name, since).ReadAll(series);
  }
  return absl::OkStatus();
}

}  // namespace fivestrand::leadership::store
