#include "services/welfare/store/welfare_source.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fivestrand/leadership/v1/organisation.pb.h"
#include "fivestrand/welfare/v1/pulse.pb.h"

#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/resource/declaration.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/welfare/domain/access.h"
#include "services/welfare/domain/measures.h"
#include "services/welfare/domain/pulse_tally.h"
#include "services/welfare/store/coverage.h"

namespace fivestrand::welfare::store {
namespace {

using domain::MeasureId;
using domain::ScopeFigures;
using evidence::EvidenceQuestion;
using evidence::MeasureDefinition;
using evidence::ReadingContext;
using evidence::ReadingSeries;
using evidence::v1::Reading;
using fivestrand::store::Row;
using fivestrand::store::Session;
using Calendar = organisation::CalendarReader::Calendar;

// Check-ins of the last twelve months count at the end of a term.
constexpr int kCheckInDays = 365;
constexpr int kTrendDays = 2 * 366;

// A closed survey with its figures.
struct Round {
  std::string survey;
  absl::Time close;
  evidence::v1::Period period;
  absl::CivilDay end;
  std::vector<ScopeFigures> scopes;
};

// The total of the schools and whether each part may be shown beside it.
struct Masked {
  Share total;
  bool total_shown = false;
  std::map<std::string, bool> shown;
};

Masked Mask(const Shares& shares) {
  Masked masked;
  std::vector<int> persons;
  for (const auto& [school, share] : shares) {
    masked.total.of += share.of;
    masked.total.done += share.done;
    masked.total.persons += share.persons;
    persons.push_back(share.persons);
  }
  masked.total_shown = masked.total.persons >= domain::kLeastStaff;
  const std::vector<bool> shown = domain::Shown(persons, domain::kLeastStaff);
  std::size_t i = 0;
  for (const auto& [school, share] : shares) masked.shown[school] = shown[i++];
  return masked;
}

// Answers one question. Lives for one call.
class Answering {
 public:
  Answering(const EvidenceQuestion& question, std::vector<ReadingSeries>* series) : question_(question), series_(*series) {}

  // Null when the scope has no calendar.
  void Welfare(const MeasureDefinition& measure, const std::string& scope, const calendar::SchoolCalendar* calendar,
               const Coverage& coverage) {
    const ReadingContext context = ContextOf(measure, scope);
    ReadingSeries one{&measure, scope, {}, std::nullopt};
    std::vector<calendar::Period> periods;
    if (calendar != nullptr) {
      periods = question_.span ? evidence::ReadingPeriods(*calendar, KindOf(measure), *question_.span, question_.as_of)
                               : evidence::TrendPeriods(*calendar, measure.period_kind, question_.as_of, question_.newest);
    }
    for (const calendar::Period& period : periods) {
      one.readings.push_back(WelfareReading(context, domain::IdOf(measure), period, coverage));
    }
    if (one.readings.empty() && !question_.span) one.latest = evidence::NoCalendarReading(context);
    series_.push_back(std::move(one));
  }

  void Culture(const MeasureDefinition& measure, const std::string& scope, const std::vector<Round>& rounds) {
    const ReadingContext context = ContextOf(measure, scope);
    ReadingSeries one{&measure, scope, {}, std::nullopt};
    for (const Round& round : rounds) {
      one.readings.push_back(CultureReading(context, domain::IdOf(measure), round));
      // Also of a figure that is held back: the survey's page says why.
      if (question_.with_records) AddSurvey(round, &one.readings.back());
    }
    const auto keep = static_cast<std::size_t>(question_.span ? evidence::kMaxReadings : question_.newest);
    if (one.readings.size() > keep) one.readings.erase(one.readings.begin(), one.readings.end() - static_cast<long>(keep));
    if (one.readings.empty() && !question_.span) {
      // No round yet: that is no matter of a calendar.
      Reading none;
      none.set_measure(std::string(measure.measure));
      none.set_scope(scope);
      none.set_no_value_reason(evidence::v1::NOTHING_CONCLUDED);
      one.latest = std::move(none);
    }
    series_.push_back(std::move(one));
  }

 private:
  evidence::v1::PeriodKind KindOf(const MeasureDefinition& measure) const {
    return question_.kind == evidence::v1::PERIOD_KIND_UNSPECIFIED ? measure.period_kind : question_.kind;
  }

  ReadingContext ContextOf(const MeasureDefinition& measure, const std::string& scope) const {
    return {.measure = measure,
            .scope = scope,
            .as_of = question_.as_of,
            .compute_time = question_.now,
            .day_still_open = question_.day_still_open};
  }

  Reading WelfareReading(const ReadingContext& context, MeasureId id, const calendar::Period& period, const Coverage& coverage) {
    const absl::CivilDay end = std::min(period.end, question_.as_of);
    const absl::CivilDay over = question_.day_still_open && end == question_.as_of ? end - 1 : end;
    if (id != MeasureId::kFollowUpsOnTime && !coverage.KeptBy(end)) {
      return evidence::NoReading(context, period, evidence::v1::NOT_KEPT_YET);
    }
    const auto [found, fresh] = kept_.try_emplace(std::tuple(static_cast<int>(id), period.start, end));
    if (fresh) {
      switch (id) {
        case MeasureId::kHeadteacherCheckIns:
          found->second.shares = coverage.CheckIns({period.start, end}, true);
          break;
        case MeasureId::kStaffCheckIns:
          found->second.shares = coverage.CheckIns({end - kCheckInDays, end}, false);
          break;
        default:
          found->second.shares = coverage.FollowUps({period.start, end}, over);
          break;
      }
      found->second.masked = Mask(found->second.shares);
    }
    const Kept& kept = found->second;
    Share share = kept.masked.total;
    bool shown = kept.masked.total_shown;
    if (const std::string school(names::SchoolNameOf(context.scope)); !school.empty()) {
      const auto own = kept.shares.find(school);
      share = own == kept.shares.end() ? Share() : own->second;
      shown = own != kept.shares.end() && kept.masked.shown.at(school);
    }
    if (share.of == 0) return evidence::ShareReading(context, period, 0, 0);
    if (!shown) return evidence::NoReading(context, period, evidence::v1::TOO_FEW);
    Reading reading = evidence::ShareReading(context, period, share.done, share.of);
    reading.set_sample_size(share.persons);
    return reading;
  }

  static Reading CultureReading(const ReadingContext& context, MeasureId id, const Round& round) {
    const std::string school(names::SchoolNameOf(context.scope));
    const auto scope = std::find_if(round.scopes.begin(), round.scopes.end(),
                                    [&](const ScopeFigures& figures) { return figures.school == school; });
    if (scope == round.scopes.end()) return evidence::NoReading(context, round.period, evidence::v1::NOTHING_CONCLUDED);
    if (id == MeasureId::kResponseRate) {
      if (!scope->invited || !scope->answered) return evidence::NoReading(context, round.period, evidence::v1::TOO_FEW);
      Reading reading = evidence::ShareReading(context, round.period, *scope->answered, *scope->invited);
      reading.set_sample_size(*scope->invited);
      return reading;
    }
    const auto set = id == MeasureId::kBelongingIndex  ? v1::BELONGING
                     : id == MeasureId::kWorkloadIndex ? v1::WORKLOAD
                                                       : v1::CULTURE;
    for (const domain::Figure& figure : scope->figures) {
      if (figure.set != set || !figure.question.empty()) continue;
      Reading reading =
          evidence::ValueReading(context, round.period, id == MeasureId::kCultureSpread ? figure.spread : figure.index);
      reading.set_sample_size(figure.answers);
      return reading;
    }
    return evidence::NoReading(context, round.period, evidence::v1::TOO_FEW);
  }

  static void AddSurvey(const Round& round, Reading* reading) {
    // The time of closing is indexed and the name is not; the second holds no other survey but by chance.
    const auto quoted = [](absl::Time time) {
      return absl::StrCat("\"", absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone()), "\"");
    };
    const absl::Time second = absl::FromUnixSeconds(absl::ToUnixSeconds(round.close));
    evidence::v1::RecordQuery& query = *reading->add_records();
    query.set_collection(absl::StrCat(AbslView(names::TrustNameOf(round.survey)), "/pulseSurveys"));
    query.set_filter(absl::StrCat("state = \"CLOSED\" AND close_time >= ", quoted(second), " AND close_time < ",
                                  quoted(second + absl::Seconds(1))));
  }

  struct Kept {
    Shares shares;
    Masked masked;
  };
  const EvidenceQuestion& question_;
  std::vector<ReadingSeries>& series_;
  std::map<std::tuple<int, absl::CivilDay, absl::CivilDay>, Kept> kept_;
};

absl::StatusOr<std::vector<std::string>> Schools(Session& session, std::string_view trust) {
  std::vector<std::string> schools;
  FIVESTRAND_RETURN_IF_ERROR(
      session.Query("SELECT path FROM school WHERE trust = $1 AND delete_time IS NULL ORDER BY path", {trust}, [&](const Row& row) {
        schools.push_back(absl::StrCat("trusts/", AbslView(trust), "/", AbslView(row.Text(0))));
        return absl::OkStatus();
      }));
  return schools;
}

}  // namespace

WelfareSource::WelfareSource(const resource::Registry& registry, std::shared_ptr<const domain::Pulses> pulses)
    : registry_(registry), pulses_(std::move(pulses)), parties_(registry.cipher()), coverages_(parties_) {}

absl::Span<const MeasureDefinition> WelfareSource::measures() const {
  return domain::Measures();
}

bool WelfareSource::Covers(const MeasureDefinition& measure, bool of_trust) const {
  return of_trust || !domain::IsTrustOnly(domain::IdOf(measure));
}

bool WelfareSource::MaySeeFigures(const MeasureDefinition& measure, const identity::Caller& caller, absl::Time now) const {
  return !domain::IsWelfare(domain::IdOf(measure)) || domain::MaySeeWelfareFigures(caller, now);
}

std::string_view WelfareSource::RecordsPermission(const MeasureDefinition& measure) const {
  return domain::IsWelfare(domain::IdOf(measure)) ? std::string_view() : "welfare.pulseResults.read";
}

absl::Status WelfareSource::ListScopes(Session& session, std::vector<std::string>* scopes) const {
  FIVESTRAND_RETURN_IF_ERROR(
      session.Query("SELECT trust FROM trust WHERE delete_time IS NULL ORDER BY trust", {}, [&](const Row& row) {
        scopes->push_back(absl::StrCat("trusts/", AbslView(row.Text(0))));
        return absl::OkStatus();
      }));
  const std::vector<std::string> trusts = *scopes;
  for (const std::string& trust : trusts) {
    FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<std::string> schools, Schools(session, names::TrustOf(trust)));
    scopes->insert(scopes->end(), schools.begin(), schools.end());
  }
  return absl::OkStatus();
}

absl::Status WelfareSource::Read(Session& session, const EvidenceQuestion& question, std::vector<ReadingSeries>* series) const {
  const std::string_view trust = names::TrustOf(question.scope);
  FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<std::string> schools, Schools(session, trust));
  std::vector<std::string> scopes = {question.scope};
  if (question.each_school) {
    scopes = schools;
  } else if (!names::SchoolOf(question.scope).empty() &&
             std::find(schools.begin(), schools.end(), question.scope) == schools.end()) {
    return status::NotFound("fivestrand/School", question.scope);
  }
  const auto wants = [&](bool welfare) {
    return std::any_of(question.measures.begin(), question.measures.end(),
                       [&](const MeasureDefinition* measure) { return domain::IsWelfare(domain::IdOf(*measure)) == welfare; });
  };

  std::shared_ptr<const Coverage> coverage;
  std::map<std::string, Calendar> calendars;
  if (wants(true)) {
    const absl::CivilDay first = question.span ? question.span->start : question.as_of - kTrendDays * 3;
    // A period that touches the span may begin up to a year before it.
    FIVESTRAND_ASSIGN_OR_RETURN(coverage, coverages_.Read(session, trust, first - 366 - kCheckInDays, question.now));
    FIVESTRAND_ASSIGN_OR_RETURN(auto all, calendars_.ReadAll(session, trust));
    for (const std::string& school : schools) {
      const auto own = all.find(std::string(resource::PathOf(school)));
      if (own != all.end()) calendars[school] = own->second;
    }
  }
  // The trust goes by the calendar of its first school, by name, that keeps one.
  const auto calendar_of = [&](const std::string& scope) -> const calendar::SchoolCalendar* {
    if (names::SchoolOf(scope).empty()) return calendars.empty() ? nullptr : calendars.begin()->second.get();
    const auto own = calendars.find(scope);
    return own == calendars.end() ? nullptr : own->second.get();
  };

  std::vector<Round> rounds;
  if (wants(false)) {
    const auto day_of = [](const v1::PulseSurvey& survey, const char* field) {
      return calendar::DayOf(resource::GetTime(survey, v1::PulseSurvey::descriptor()->FindFieldByName(field)));
    };
    v1::PulseSurvey survey;
    std::vector<std::pair<v1::PulseSurvey, calendar::DayRange>> closed;
    FIVESTRAND_RETURN_IF_ERROR(registry_.Scan(
        session, v1::PulseSurvey::descriptor(), "trust = $1 AND state = $2 AND close_time <= $3",
        {trust, static_cast<int>(v1::PulseSurvey::CLOSED), question.now}, &survey, [&] {
          const calendar::DayRange days{day_of(survey, "open_time"), day_of(survey, "close_time")};
          const bool asked = !question.span || (days.end >= question.span->start && days.start <= question.span->end);
          if (days.end <= question.as_of && asked) closed.emplace_back(survey, days);
          return absl::OkStatus();
        }));
    for (const auto& [one, days] : closed) {
      FIVESTRAND_ASSIGN_OR_RETURN(std::vector<ScopeFigures> figures, pulses_->ReadFigures(session, one.name()));
      rounds.push_back({.survey = one.name(),
                        .close = resource::GetTime(one, v1::PulseSurvey::descriptor()->FindFieldByName("close_time")),
                        .period = evidence::MakePeriod(evidence::v1::SURVEY, days, one.title()),
                        .end = days.end,
                        .scopes = std::move(figures)});
    }
    std::sort(rounds.begin(), rounds.end(), [](const Round& a, const Round& b) { return a.end < b.end; });
  }

  Answering answering(question, series);
  for (const std::string& scope : scopes) {
    for (const MeasureDefinition* measure : question.measures) {
      if (domain::IsWelfare(domain::IdOf(*measure))) {
        answering.Welfare(*measure, scope, calendar_of(scope), *coverage);
      } else {
        answering.Culture(*measure, scope, rounds);
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace fivestrand::welfare::store
