#include "services/assessment/store/import_facts.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fivestrand/leadership/v1/organisation.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/date_number.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/views.h"

namespace fivestrand::assessment::store {
namespace {

using fivestrand::store::Row;
using fivestrand::store::Session;

absl::Status LoadPupils(Session& session, std::string_view trust, ImportFacts* facts,
                        absl::flat_hash_map<std::string, std::uint32_t>* by_id) {
  return session.Query("SELECT path, upn FROM pupil WHERE trust = $1 AND delete_time IS NULL AND upn <> ''", {trust},
                       [&](const Row& row) {
                         const auto place = static_cast<std::uint32_t>(facts->pupils.size());
                         facts->pupils.emplace_back(names::IdOf(row.Text(0)));
                         facts->by_upn.emplace(row.Text(1), place);
                         by_id->emplace(facts->pupils.back(), place);
                         return absl::OkStatus();
                       });
}

absl::Status LoadEnrolments(Session& session, std::string_view trust, const absl::flat_hash_map<std::string, std::uint32_t>& by_id,
                            ImportFacts* facts) {
  absl::flat_hash_map<std::string, std::uint16_t> schools;
  std::vector<std::pair<std::uint32_t, EnrolmentFact>> all;
  FIVESTRAND_RETURN_IF_ERROR(session.Query(
      "SELECT parent, school, year_group, start_date, end_date FROM enrolment WHERE trust = $1 AND delete_time IS NULL", {trust},
      [&](const Row& row) {
        const auto pupil = by_id.find(AbslView(names::IdOf(row.Text(0))));
        if (pupil == by_id.end()) return absl::OkStatus();
        const std::string_view school = names::IdOf(row.Text(1));
        auto [place, fresh] = schools.try_emplace(AbslView(school), static_cast<std::uint16_t>(facts->schools.size()));
        if (fresh) facts->schools.emplace_back(school);
        EnrolmentFact fact;
        fact.start = calendar::DayOfNumber(row.Int(3));
        fact.end = row.IsNull(4) ? absl::CivilDay(9999, 12, 31) : calendar::DayOfNumber(row.Int(4));
        fact.school = place->second;
        fact.year_group = static_cast<std::uint8_t>(row.Int(2));
        all.emplace_back(pupil->second, fact);
        return absl::OkStatus();
      }));
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  facts->enrolments_of.assign(facts->pupils.size() + 1, 0);
  for (const auto& [pupil, fact] : all) {
    ++facts->enrolments_of[pupil + 1];
    facts->enrolments.push_back(fact);
  }
  for (std::size_t i = 1; i < facts->enrolments_of.size(); ++i) facts->enrolments_of[i] += facts->enrolments_of[i - 1];
  return absl::OkStatus();
}

}  // namespace

const EnrolmentFact* ImportFacts::EnrolmentIn(std::uint32_t pupil, absl::CivilDay day, absl::CivilDay window_start,
                                              absl::CivilDay window_end) const {
  const EnrolmentFact* last = nullptr;
  for (std::uint32_t i = enrolments_of[pupil]; i < enrolments_of[pupil + 1]; ++i) {
    const EnrolmentFact& fact = enrolments[i];
    if (fact.start <= day && day <= fact.end) return &fact;
    if (fact.start <= window_end && fact.end >= window_start && (last == nullptr || fact.start > last->start)) last = &fact;
  }
  return last;
}

absl::Status ReadStamp(Session& session, std::string_view trust, ImportFacts::Stamp* stamp) {
  constexpr std::string_view kTables[] = {"pupil", "enrolment", "assessment_window", "scale"};
  for (std::size_t i = 0; i < stamp->size(); ++i) {
    FIVESTRAND_RETURN_IF_ERROR(
        session
            .QueryOne(absl::StrCat("SELECT COALESCE(MAX(update_time), 0) FROM ", AbslView(kTables[i]), " WHERE trust = $1"),
                      {trust},
                      [&](const Row& row) {
                        (*stamp)[i] = row.Int(0);
                        return absl::OkStatus();
                      })
            .status());
  }
  return absl::OkStatus();
}

absl::Status LoadImportFacts(const resource::Registry& registry, Session& session, std::string_view trust, ImportFacts* facts) {
  FIVESTRAND_RETURN_IF_ERROR(ReadStamp(session, trust, &facts->stamp));
  absl::flat_hash_map<std::string, std::uint32_t> by_id;
  FIVESTRAND_RETURN_IF_ERROR(LoadPupils(session, trust, facts, &by_id));
  FIVESTRAND_RETURN_IF_ERROR(LoadEnrolments(session, trust, by_id, facts));
  leadership::v1::Subject subject;
  FIVESTRAND_RETURN_IF_ERROR(registry.Scan(session, leadership::v1::Subject::descriptor(), "trust = $1", {trust}, &subject, [&] {
    facts->subject_names.Add(names::IdOf(subject.name()), subject.display_name(), static_cast<int>(facts->subjects.size()));
    facts->subjects.push_back(subject.name());
    return absl::OkStatus();
  }));
  v1::AssessmentWindow window;
  FIVESTRAND_RETURN_IF_ERROR(registry.Scan(session, v1::AssessmentWindow::descriptor(), "trust = $1", {trust}, &window, [&] {
    const int place = static_cast<int>(facts->windows.size());
    facts->window_names.Add(names::IdOf(window.name()), window.display_name(), place);
    // `Autumn 1 2026-27` tells windows of several years apart.
    facts->window_names.AddName(absl::StrCat(window.display_name(), " ", window.academic_year()), place);
    facts->windows.push_back(window);
    return absl::OkStatus();
  }));
  v1::Scale scale;
  return registry.Scan(session, v1::Scale::descriptor(), "trust = $1", {trust}, &scale, [&] {
    facts->scales.emplace(scale.name(), std::make_shared<const domain::CompiledScale>(scale));
    return absl::OkStatus();
  });
}

}  // namespace fivestrand::assessment::store
