#include "services/welfare/api/pulse_results.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "services/welfare/api/pulse_close.h"
#include "services/welfare/domain/pulse_rules.h"

namespace fivestrand::welfare::api {
namespace {

using domain::ScopeFigures;

constexpr std::size_t kMaxPast = 11;
// What is shown of an open survey moves in steps of as many answers.
constexpr int kStep = 5;

// The trust's figures are for all its staff; a school's for whoever has a grant that covers it.
bool MaySee(const rpc::CallContext& context, std::string_view school) {
  if (school.empty()) return true;
  return std::any_of(context.caller->grants.begin(), context.caller->grants.end(), [&](const identity::Grant& grant) {
    return grant.Holds(context.now) && grant.CoversSchool(names::SchoolOf(school));
  });
}

void AddFigures(const ScopeFigures& from, bool sets_only, google::protobuf::RepeatedPtrField<v1::PulseResults::Figure>* to) {
  for (const domain::Figure& figure : from.figures) {
    if (sets_only && !figure.question.empty()) continue;
    auto* added = to->Add();
    added->set_set(figure.set);
    added->set_question(figure.question);
    added->set_index(figure.index);
    added->set_spread(figure.spread);
    added->set_answers(figure.answers);
  }
}

absl::Status ReadOpen(const PulseParts& parts, fivestrand::store::Session& session, const rpc::CallContext& context,
                      v1::PulseResults* response) {
  const v1::PulseSurvey& survey = response->pulse_survey();
  auto* scope = response->add_scopes();
  scope->set_scope(std::string(names::TrustNameOf(survey.name())));
  if (!domain::IsOpen(survey, context.now)) return absl::OkStatus();
  FIVESTRAND_ASSIGN_OR_RETURN(const auto invited, InvitedBySchool(session, *parts.directory, survey, calendar::DayOf(context.now)));
  int persons = 0;
  for (const auto& [school, count] : invited) persons += count;
  if (persons < survey.min_group_size()) return absl::OkStatus();
  FIVESTRAND_ASSIGN_OR_RETURN(const std::size_t answered, parts.pulses->CountAnswered(session, survey.name()));
  scope->set_invited(persons);
  scope->set_answered(static_cast<int>(answered) / kStep * kStep);
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadResults(resource::Registry& registry, const PulseParts& parts, const rpc::CallContext& context,
                         const std::string& name, v1::PulseResults* response) {
  return registry.store().Read(context.deadline, [&](fivestrand::store::Session& session) -> absl::Status {
    response->Clear();
    FIVESTRAND_ASSIGN_OR_RETURN(const bool found, registry.Read(session, name, response->mutable_pulse_survey()));
    if (!found) return status::NotFound("fivestrand/PulseSurvey", name);
    if (response->pulse_survey().state() != v1::PulseSurvey::CLOSED) return ReadOpen(parts, session, context, response);

    FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<ScopeFigures> scopes, parts.pulses->ReadFigures(session, name));
    std::map<std::string, v1::PulseResults::Scope*> by_school;
    for (const ScopeFigures& figures : scopes) {
      if (!MaySee(context, figures.school)) continue;
      auto* scope = response->add_scopes();
      scope->set_scope(figures.school.empty() ? std::string(names::TrustNameOf(name)) : figures.school);
      if (figures.invited) scope->set_invited(*figures.invited);
      if (figures.answered) scope->set_answered(*figures.answered);
      AddFigures(figures, false, scope->mutable_figures());
      by_school[figures.school] = scope;
    }

    const auto* close_time = v1::PulseSurvey::descriptor()->FindFieldByName("close_time");
    std::vector<v1::PulseSurvey> past;
    v1::PulseSurvey scratch;
    FIVESTRAND_RETURN_IF_ERROR(registry.Scan(
        session, v1::PulseSurvey::descriptor(), "trust = $1 AND state = $2 AND close_time < $3",
        {context.trust, static_cast<int>(v1::PulseSurvey::CLOSED), resource::GetTime(response->pulse_survey(), close_time)},
        &scratch, [&] {
          past.push_back(scratch);
          return absl::OkStatus();
        }));
    std::sort(past.begin(), past.end(), [&](const v1::PulseSurvey& a, const v1::PulseSurvey& b) {
      return resource::GetTime(a, close_time) < resource::GetTime(b, close_time);
    });
    if (past.size() > kMaxPast) past.erase(past.begin(), past.end() - kMaxPast);
    for (const v1::PulseSurvey& survey : past) {
      FIVESTRAND_ASSIGN_OR_RETURN(const std::vector<ScopeFigures> earlier, parts.pulses->ReadFigures(session, survey.name()));
      for (const ScopeFigures& figures : earlier) {
        const auto scope = by_school.find(figures.school);
        if (scope == by_school.end()) continue;
        auto* one = scope->second->add_past();
        one->set_pulse_survey(survey.name());
        one->set_title(survey.title());
        *one->mutable_close_time() = survey.close_time();
        if (figures.invited.value_or(0) > 0 && figures.answered) {
          one->set_response_rate(static_cast<double>(*figures.answered) / *figures.invited);
        }
        AddFigures(figures, true, one->mutable_figures());
      }
    }
    return absl::OkStatus();
  });
}

}  // namespace fivestrand::welfare::api
