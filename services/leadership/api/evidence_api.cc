#include "services/leadership/api/evidence_api.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fivestrand/evidence/v1/evidence.pb.h"

#include "platform/calendar/day.h"
#include "platform/evidence/measure.h"
#include "platform/evidence/reading.h"
#include "platform/names/names.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/leadership/api/evidence_access.h"
#include "services/leadership/api/request_dates.h"
#include "services/leadership/domain/measures.h"
#include "services/leadership/domain/measures_readings.h"
#include "services/leadership/domain/measures_records.h"
#include "services/leadership/domain/visibility_source.h"

namespace fivestrand::leadership::api {
namespace {

using domain::MeasureId;
using domain::MeasureReadings;
using domain::TrustFacts;
using evidence::v1::Reading;

// A school's trend goes back to the academic year before; a trust's, with all its schools' records, one year.
constexpr int kTrustTrendDays = 366;
// Longest spans of ListReadings: ten years of a school, two of a trust.
constexpr int kMaxSchoolDays = 3660;
constexpr int kMaxTrustDays = 800;

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

// Takes out what the caller may not see, and says where the records are to those who may list them.
class Finisher {
 public:
  Finisher(const EvidenceAccess& access, const TrustFacts& facts, std::string_view scope, absl::CivilDay as_of)
      : access_(access), facts_(facts), scope_(scope), as_of_(as_of) {}

  template <typename Readings>
  void Finish(MeasureId id, Readings& readings) const {
    const bool may_list = access_.MayListRecords(id, scope_);
    for (Reading& reading : readings) Finish(id, may_list, reading);
  }
  void Finish(MeasureId id, Reading& reading) const { Finish(id, access_.MayListRecords(id, scope_), reading); }

 private:
  void Finish(MeasureId id, bool may_list, Reading& reading) const {
    if (!access_.MaySeeFigures()) return evidence::Withhold(reading, evidence::v1::NOT_YOURS);
    if (!may_list) return;
    if (OfTrust(scope_)) {
      domain::AddTrustRecordQueries(id, facts_, as_of_, reading);
    } else {
      domain::AddRecordQueries(id, facts_, facts_.schools.front(), as_of_, reading);
    }
  }

  const EvidenceAccess& access_;
  const TrustFacts& facts_;
  const std::string_view scope_;
  const absl::CivilDay as_of_;
};

absl::Status ListMeasures(const evidence::v1::ListMeasuresRequest& request, evidence::v1::ListMeasuresResponse* response) {
  if (request.parent().empty() || request.parent() != names::TrustNameOf(request.parent())) {
    return status::InvalidField("parent", "must be trusts/{trust}");
  }
  for (const evidence::MeasureDefinition& definition : domain::Measures())
    *response->add_measures() = evidence::ToProto(definition);
  return absl::OkStatus();
}

// Those that say something about the scope and belong to one of the elements; no elements: all.
template <typename Elements>
std::vector<MeasureId> Asked(std::string_view scope, const Elements& elements) {
  std::vector<MeasureId> asked;
  for (std::size_t i = 0; i < domain::Measures().size(); ++i) {
    const auto id = static_cast<MeasureId>(i);
    if (domain::IsTrustOnly(id) && !OfTrust(scope)) continue;
    const std::string_view element = domain::DefinitionOf(id).element;
    if (elements.empty() || std::any_of(elements.begin(), elements.end(), [&](const std::string& one) { return one == element; }))
      asked.push_back(id);
  }
  return asked;
}

absl::Status SummariseEvidence(const identity::AccessTable& table, domain::VisibilitySource& source,
                               const rpc::CallContext& context, const evidence::v1::SummariseEvidenceRequest& request,
                               evidence::v1::SummariseEvidenceResponse* response) {
  FIVESTRAND_RETURN_IF_ERROR(CheckScope(request.parent()));
  const absl::CivilDay today = calendar::DayOf(context.now);
  FIVESTRAND_ASSIGN_OR_RETURN(const std::optional<absl::CivilDay> day, ReadDate(request.has_as_of(), request.as_of(), "as_of"));
  const domain::AsOf as_of{day.value_or(today), day.value_or(today) == today};
  if (as_of.day > today) return status::InvalidField("as_of", "must not lie ahead");

  const std::vector<MeasureId> asked = Asked(request.parent(), request.elements());
  domain::Needs needs;
  for (MeasureId id : asked) domain::AddNeeds(id, needs);
  const absl::CivilDay since = OfTrust(request.parent())
                                   ? as_of.day - kTrustTrendDays
                                   : calendar::AcademicYearRange(calendar::AcademicYearOf(as_of.day) - 1).start;
  FIVESTRAND_ASSIGN_OR_RETURN(const TrustFacts facts,
                              source.ReadFacts(request.parent(), since, as_of.day, context.now, needs, context.deadline));

  MeasureReadings readings(facts, {request.parent(), as_of, context.now});
  const EvidenceAccess access(context, table);
  const Finisher finisher(access, facts, request.parent(), as_of.day);
  for (MeasureId id : asked) {
    evidence::v1::MeasureSummary& summary = *response->add_summaries();
    summary = readings.Summary(id, since);
    finisher.Finish(id, *summary.mutable_latest());
    finisher.Finish(id, *summary.mutable_trend());
  }
  return absl::OkStatus();
}

absl::StatusOr<calendar::DayRange> ReadingsSpan(const evidence::v1::ListReadingsRequest& request, absl::CivilDay today) {
  FIVESTRAND_ASSIGN_OR_RETURN(const AskedSpan asked, ReadSpan(request));
  calendar::DayRange span = calendar::AcademicYearRange(calendar::AcademicYearOf(asked.end.value_or(today)));
  if (asked.start) span.start = *asked.start;
  if (asked.end) span.end = *asked.end;
  if (asked.start && !asked.end) span.end = std::max(*asked.start, today);
  return CheckSpan(span, OfTrust(request.parent()) ? kMaxTrustDays : kMaxSchoolDays);
}

absl::Status ListReadings(const identity::AccessTable& table, domain::VisibilitySource& source, const rpc::CallContext& context,
                          const evidence::v1::ListReadingsRequest& request, evidence::v1::ListReadingsResponse* response) {
  FIVESTRAND_RETURN_IF_ERROR(CheckScope(request.parent()));
  const std::optional<MeasureId> id = domain::FindMeasureId(request.measure());
  if (!id) return status::InvalidField("measure", "is none that this service computes; ListMeasures names them");
  if (domain::IsTrustOnly(*id) && !OfTrust(request.parent()))
    return status::InvalidField("measure", "is measured for the trust, not for a school");
  const absl::CivilDay today = calendar::DayOf(context.now);
  FIVESTRAND_ASSIGN_OR_RETURN(const calendar::DayRange span, ReadingsSpan(request, today));

  domain::Needs needs;
  domain::AddNeeds(*id, needs);
  // A period that touches the span may reach up to an academic year beyond it.
  const absl::CivilDay until = std::min(today, span.end + 366);
  FIVESTRAND_ASSIGN_OR_RETURN(const TrustFacts facts,
                              source.ReadFacts(request.parent(), std::min(domain::FactsFrom(span.start), until), until, context.now,
                                               needs, context.deadline));

  MeasureReadings readings(facts, {request.parent(), {today, true}, context.now});
  for (Reading& reading : readings.List(*id, request.period_kind(), span)) *response->add_readings() = std::move(reading);
  const EvidenceAccess access(context, table);
  Finisher(access, facts, request.parent(), today).Finish(*id, *response->mutable_readings());
  return absl::OkStatus();
}

}  // namespace

void BindEvidence(const identity::AccessTable& access, std::shared_ptr<domain::VisibilitySource> source, rpc::Server& server) {
  // A table that is in memory: nothing to wait for.
  server.Handle<evidence::v1::ListMeasuresRequest, evidence::v1::ListMeasuresResponse>(
      rpc::FindMethod("fivestrand.evidence.v1.EvidenceService.ListMeasures"), rpc::Runs::kInline,
      [](const rpc::CallContext&, const evidence::v1::ListMeasuresRequest& request, evidence::v1::ListMeasuresResponse* response) {
        return ListMeasures(request, response);
      });
  server.Handle<evidence::v1::SummariseEvidenceRequest, evidence::v1::SummariseEvidenceResponse>(
      rpc::FindMethod("fivestrand.evidence.v1.EvidenceService.SummariseEvidence"), rpc::Runs::kPool,
      [&access, source](const rpc::CallContext& context, const evidence::v1::SummariseEvidenceRequest& request,
                        evidence::v1::SummariseEvidenceResponse* response) {
        return SummariseEvidence(access, *source, context, request, response);
      });
  server.Handle<evidence::v1::ListReadingsRequest, evidence::v1::ListReadingsResponse>(
      rpc::FindMethod("fivestrand.evidence.v1.EvidenceService.ListReadings"), rpc::Runs::kPool,
      [&access, source = std::move(source)](const rpc::CallContext& context, const evidence::v1::ListReadingsRequest& request,
                                            evidence::v1::ListReadingsResponse* response) {
        return ListReadings(access, *source, context, request, response);
      });
}

}  // namespace fivestrand::leadership::api
