#include "services/assessment/store/grid.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/timestamp.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/date_number.h"
#include "platform/calendar/timestamp.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/assessment/domain/framework_rules.h"
#include "services/assessment/store/dictionary.h"
#include "services/assessment/store/result_table.h"

namespace fivestrand::assessment::store {
namespace {

using domain::DictionaryKind;
using fivestrand::store::Row;
using fivestrand::store::Session;

// Memberships of the class ($2) that touch the days from $3 to $4.
constexpr char kMembers[] =
    "SELECT parent FROM class_membership WHERE trust = $1 AND school_class = $2 AND delete_time IS NULL AND start_date <= $4 AND "
    "(end_date IS NULL OR end_date >= $3)";

absl::Status Missing(std::string_view field, std::string_view what) {
  return status::Invalid(status::Reason::kReferenceNotFound, field,
                         absl::StrCat("names a ", AbslView(what), " that does not exist"));
}

absl::Status FindLine(const GridQuestion& question, const v1::AssessmentWindow& window, const v1::AssessedSubject** line) {
  *line = domain::FindSubject(window, question.subject, question.scale, question.class_year_group);
  if (*line != nullptr) return absl::OkStatus();
  const bool several =
      question.scale.empty() && std::any_of(window.subjects().begin(), window.subjects().end(), [&](const auto& each) {
        return domain::FindSubject(window, question.subject, each.scale(), question.class_year_group) != nullptr;
      });
  if (several) return status::InvalidField("scale", "is required: the window assesses the subject on several");
  return status::InvalidField("subject", "is not assessed in this window in the year group of the class");
}

// Where each pupil is on `day`, and whether that is this school.
absl::Status PlacePupils(Session& session, const GridQuestion& question, const std::vector<fivestrand::store::Param>& members,
                         absl::CivilDay day, absl::flat_hash_map<std::string, GridPupil*>& by_path) {
  const std::string_view school = names::SchoolNameOf(question.school_class);
  for (auto& [path, pupil] : by_path) pupil->refusal = v1::MOVED_AWAY;
  std::vector<fivestrand::store::Param> params = members;
  params.emplace_back(calendar::DateNumber(day));
  return session.Query(
      absl::StrCat(
          "SELECT parent, school, year_group FROM enrolment WHERE trust = $1 AND delete_time IS NULL AND start_date <= $5 AND "
          "(end_date IS NULL OR end_date >= $5) AND parent IN (",
          kMembers, ")"),
      params, [&](const Row& row) {
        const auto found = by_path.find(AbslView(row.Text(0)));
        if (found == by_path.end()) return absl::OkStatus();
        found->second->school = std::string(names::IdOf(row.Text(1)));
        found->second->year_group = static_cast<std::int32_t>(row.Int(2));
        if (row.Text(1) == school) found->second->refusal = v1::CELL_REFUSAL_UNSPECIFIED;
        return absl::OkStatus();
      });
}

absl::Status ReadKeys(Session& session, const GridQuestion& question, std::string_view scale, GridState* grid) {
  const std::string_view trust = names::TrustOf(question.window);
  FIVESTRAND_ASSIGN_OR_RETURN(grid->key.trust, FindTrustNumber(session, trust));
  FIVESTRAND_ASSIGN_OR_RETURN(grid->key.window, FindNumber(session, trust, DictionaryKind::kWindow, names::IdOf(question.window)));
  FIVESTRAND_ASSIGN_OR_RETURN(grid->key.subject,
                              FindNumber(session, trust, DictionaryKind::kSubject, names::IdOf(question.subject)));
  FIVESTRAND_ASSIGN_OR_RETURN(grid->key.scale, FindNumber(session, trust, DictionaryKind::kScale, names::IdOf(scale)));
  return absl::OkStatus();
}

}  // namespace

absl::Status LoadGrid(const resource::Registry& registry, const domain::RecordSource& source, Session& session,
                      const GridQuestion& question, GridState* grid) {
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, registry.Read(session, question.window, &grid->window));
  if (!found) return Missing("window", "window");
  const v1::AssessedSubject* line = nullptr;
  FIVESTRAND_RETURN_IF_ERROR(FindLine(question, grid->window, &line));
  FIVESTRAND_ASSIGN_OR_RETURN(const bool scale_found, registry.Read(session, line->scale(), &grid->scale));
  if (!scale_found) return Missing("scale", "scale");
  grid->compiled = std::make_unique<const domain::CompiledScale>(grid->scale);

  const std::string trust(names::TrustOf(question.window));
  const absl::CivilDay start = calendar::FromProto(grid->window.start_date()).value_or(question.today);
  const absl::CivilDay end = calendar::FromProto(grid->window.end_date()).value_or(start);
  std::vector<v1::Pupil> pupils;
  FIVESTRAND_RETURN_IF_ERROR(source.PupilsOfClass(session, question.school_class, {start, end}, kMaxGridPupils, &pupils));
  grid->pupils.resize(pupils.size());
  absl::flat_hash_map<std::string, GridPupil*> by_path;
  for (std::size_t i = 0; i < pupils.size(); ++i) {
    grid->pupils[i].pupil = std::move(pupils[i]);
    by_path.emplace(resource::PathOf(grid->pupils[i].pupil.name()), &grid->pupils[i]);
  }
  const std::vector<fivestrand::store::Param> members = {trust, question.school_class, calendar::DateNumber(start),
                                                         calendar::DateNumber(end)};
  FIVESTRAND_RETURN_IF_ERROR(PlacePupils(session, question, members, std::clamp(question.today, start, end), by_path));
  if (grid->window.entry() != v1::AssessmentWindow::OPEN) {
    for (GridPupil& each : grid->pupils) each.refusal = v1::WINDOW_CLOSED;
  }

  FIVESTRAND_RETURN_IF_ERROR(ReadKeys(session, question, line->scale(), grid));
  // `pupils/` has seven characters; the id begins at the eighth.
  FIVESTRAND_RETURN_IF_ERROR(session.Query(
      absl::StrCat("SELECT name, number FROM dictionary WHERE trust = $1 AND kind = ", static_cast<int>(DictionaryKind::kPupil),
                   " AND name IN (SELECT SUBSTR(parent, 8) FROM (", kMembers, ") members)"),
      members, [&](const Row& row) {
        const auto pupil = by_path.find(absl::StrCat("pupils/", AbslView(row.Text(0))));
        if (pupil != by_path.end()) pupil->second->number = static_cast<std::int32_t>(row.Int(1));
        return absl::OkStatus();
      }));
  const domain::ResultKey& key = grid->key;
  if (key.trust == 0 || key.window == 0 || key.subject == 0 || key.scale == 0) return absl::OkStatus();
  std::vector<std::int64_t> keys;
  absl::flat_hash_map<std::int32_t, GridPupil*> by_number;
  for (GridPupil& each : grid->pupils) {
    if (each.number == 0) continue;
    domain::ResultKey own = key;
    own.pupil = each.number;
    keys.push_back(own.Pack());
    by_number.emplace(each.number, &each);
  }
  return ReadResults(session, keys,
                     [&](const domain::ResultRow& row) { by_number.at(domain::ResultKey::Unpack(row.key).pupil)->result = row; });
}

absl::StatusOr<std::string> CellWriter::AuthorOf(std::int32_t number) {
  const auto known = authors_.find(number);
  if (known != authors_.end()) return known->second;
  FIVESTRAND_ASSIGN_OR_RETURN(std::string name, FindName(session_, trust_, DictionaryKind::kAuthor, number));
  authors_.emplace(number, name);
  return name;
}

absl::Status CellWriter::Fill(const domain::CompiledScale& scale, const domain::ResultRow& row, v1::GridCell* cell) {
  if (row.key == 0) return absl::OkStatus();
  cell->set_outcome(scale.Write({.code = row.outcome, .value = row.value}));
  cell->set_revision(row.update_time);
  FIVESTRAND_ASSIGN_OR_RETURN(*cell->mutable_author(), AuthorOf(row.author));
  *cell->mutable_update_time() = calendar::ToTimestamp(fivestrand::store::FromMicros(row.update_time));
  return absl::OkStatus();
}

}  // namespace fivestrand::assessment::store
