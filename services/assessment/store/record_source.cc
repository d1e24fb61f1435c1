#include "services/assessment/store/record_source.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fivestrand/assessment/v1/framework.pb.h"
#include "fivestrand/assessment/v1/pupils.pb.h"
#include "fivestrand/leadership/v1/organisation.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/date_number.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/assessment/domain/pupil_rules.h"
#include "services/assessment/domain/teaching.h"
#include "services/assessment/store/dictionary.h"
#include "services/assessment/store/result_table.h"

namespace fivestrand::assessment::store {
namespace {

using domain::DictionaryKind;
using fivestrand::store::Row;
using fivestrand::store::Session;

template <typename Record>
absl::Status Children(const resource::Registry& registry, Session& session, std::string_view parent, std::vector<Record>* records) {
  Record scratch;
  return registry.Scan(session, Record::descriptor(), "trust = $1 AND parent = $2",
                       {names::TrustOf(parent), resource::PathOf(parent)}, &scratch, [&] {
                         records->push_back(scratch);
                         return absl::OkStatus();
                       });
}

// Pupils who are elsewhere than the enrolment that holds on the day says, and pupils on roll of whom none holds.
constexpr char kBehind[] =
    "SELECT p.trust, p.path FROM pupil p JOIN enrolment e ON e.trust = p.trust AND e.parent = p.path WHERE p.delete_time IS NULL "
    "AND "
    "e.delete_time IS NULL AND e.start_date <= $1 AND (e.end_date IS NULL OR e.end_date >= $1) AND (p.school <> e.school OR "
    "p.year_group <> e.year_group OR p.on_roll = 0) "
    "UNION "
    "SELECT p.trust, p.path FROM pupil p WHERE p.delete_time IS NULL AND p.on_roll = 1 AND NOT EXISTS (SELECT 1 FROM enrolment e "
    "WHERE e.trust = p.trust AND e.parent = p.path AND e.delete_time IS NULL AND e.start_date <= $1 AND (e.end_date IS NULL OR "
    "e.end_date >= $1)) LIMIT $2";

}  // namespace

absl::Status SqlRecordSource::EnrolmentsOf(Session& session, std::string_view pupil, std::vector<v1::Enrolment>* enrolments) const {
  return Children(registry_, session, pupil, enrolments);
}

absl::Status SqlRecordSource::ClassMembershipsOf(Session& session, std::string_view pupil,
                                                 std::vector<v1::ClassMembership>* memberships) const {
  return Children(registry_, session, pupil, memberships);
}

absl::Status SqlRecordSource::GroupMembershipNamesOf(Session& session, std::string_view pupil,
                                                     std::vector<std::string>* names) const {
  std::vector<v1::GroupMembership> memberships;
  FIVESTRAND_RETURN_IF_ERROR(Children(registry_, session, pupil, &memberships));
  for (v1::GroupMembership& each : memberships) names->push_back(std::move(*each.mutable_name()));
  return absl::OkStatus();
}

absl::Status SqlRecordSource::GroupMembershipsOf(Session& session, std::string_view pupil,
                                                 std::vector<v1::GroupMembership>* memberships) const {
  const std::string_view trust = names::TrustOf(pupil);
  return session.Query("SELECT record, sealed FROM group_membership WHERE trust = $1 AND parent = $2 AND delete_time IS NULL",
                       {trust, resource::PathOf(pupil)}, [&](const Row& row) -> absl::Status {
                         v1::GroupMembership& membership = memberships->emplace_back();
                         const std::string_view record = row.Blob(0), sealed = row.Blob(1);
                         if (!membership.ParseFromArray(record.data(), static_cast<int>(record.size())))
                           return status::DataLoss("stored bytes of group_membership do not parse");
                         if (sealed.empty()) return absl::OkStatus();
                         FIVESTRAND_ASSIGN_OR_RETURN(const std::string opened,
                                                     registry_.cipher().Open(trust, membership.name(), sealed));
                         if (!membership.MergeFromString(opened))
                           return status::DataLoss("sealed bytes of group_membership do not parse");
                         return absl::OkStatus();
                       });
}

absl::StatusOr<bool> SqlRecordSource::ScaleInUse(Session& session, std::string_view scale) const {
  // A scale gets its number with its first result.
  FIVESTRAND_ASSIGN_OR_RETURN(const std::int32_t number,
                              FindNumber(session, names::TrustOf(scale), DictionaryKind::kScale, names::IdOf(scale)));
  return number != 0;
}

absl::StatusOr<bool> SqlRecordSource::ColumnInUse(Session& session, std::string_view window, std::string_view subject,
                                                  std::string_view scale) const {
  const std::string_view trust = names::TrustOf(window);
  domain::ResultKey key;
  FIVESTRAND_ASSIGN_OR_RETURN(key.trust, FindTrustNumber(session, trust));
  FIVESTRAND_ASSIGN_OR_RETURN(key.window, FindNumber(session, trust, DictionaryKind::kWindow, names::IdOf(window)));
  FIVESTRAND_ASSIGN_OR_RETURN(key.subject, FindNumber(session, trust, DictionaryKind::kSubject, names::IdOf(subject)));
  FIVESTRAND_ASSIGN_OR_RETURN(key.scale, FindNumber(session, trust, DictionaryKind::kScale, names::IdOf(scale)));
  if (key.trust == 0 || key.window == 0 || key.subject == 0 || key.scale == 0) return false;
  return AnyResult(session, domain::ColumnRange(key.Pack()));
}

absl::Status SqlRecordSource::PupilsOfClass(Session& session, std::string_view school_class, calendar::DayRange days, int limit,
                                            std::vector<v1::Pupil>* pupils) const {
  v1::Pupil scratch;
  // A membership's parent is the path of its pupil. Ordered here: asked to do it, SQLite walks all pupils by name to save a sort of
  // thirty.
  FIVESTRAND_RETURN_IF_ERROR(registry_.Scan(
      session, v1::Pupil::descriptor(),
      "trust = $1 AND path IN (SELECT parent FROM class_membership WHERE trust = $1 AND school_class = $2 AND "
      "delete_time IS NULL AND start_date <= $4 AND (end_date IS NULL OR end_date >= $3)) "
      "LIMIT $5",
      {names::TrustOf(school_class), school_class, calendar::DateNumber(days.start), calendar::DateNumber(days.end), limit},
      &scratch, [&] {
        pupils->push_back(scratch);
        return absl::OkStatus();
      }));
  std::sort(pupils->begin(), pupils->end(), [](const v1::Pupil& a, const v1::Pupil& b) {
    return std::tie(a.family_name(), a.given_name(), a.name()) < std::tie(b.family_name(), b.given_name(), b.name());
  });
  return absl::OkStatus();
}

absl::Status SqlRecordSource::PupilsByUpn(Session& session, std::string_view trust,
                                          absl::flat_hash_map<std::string, std::string>* pupils) const {
  return session.Query("SELECT upn, path FROM pupil WHERE trust = $1 AND delete_time IS NULL AND upn <> ''", {trust},
                       [&](const Row& row) {
                         pupils->emplace(row.Text(0), absl::StrCat("trusts/", AbslView(trust), "/", AbslView(row.Text(1))));
                         return absl::OkStatus();
                       });
}

absl::Status SqlRecordSource::PupilsBehind(Session& session, absl::CivilDay day, int limit,
                                           std::vector<std::string>* pupils) const {
  return session.Query(kBehind, {calendar::DateNumber(day), limit}, [&](const Row& row) {
    pupils->push_back(absl::StrCat("trusts/", AbslView(row.Text(0)), "/", AbslView(row.Text(1))));
    return absl::OkStatus();
  });
}

absl::Status SqlRecordSource::FactsOf(Session& session, const v1::Pupil& pupil, std::string_view caller, absl::CivilDay today,
                                      domain::ReachFacts* facts) const {
  facts->school = std::string(names::IdOf(pupil.school()));
  facts->year_group = pupil.year_group();
  std::vector<v1::ClassMembership> memberships;
  FIVESTRAND_RETURN_IF_ERROR(ClassMembershipsOf(session, pupil.name(), &memberships));
  for (const v1::ClassMembership& membership : memberships) {
    if (!domain::HoldsOn(membership, today)) continue;
    facts->classes.emplace_back(names::IdOf(membership.school_class()));
    leadership::v1::SchoolClass school_class;
    FIVESTRAND_ASSIGN_OR_RETURN(const bool found, registry_.Read(session, membership.school_class(), &school_class));
    facts->taught = facts->taught || (found && domain::Teaches(school_class, caller, today));
  }
  return absl::OkStatus();
}

absl::Status SqlRecordSource::WindowsOf(Session& session, std::string_view trust,
                                        std::vector<v1::AssessmentWindow>* windows) const {
  v1::AssessmentWindow scratch;
  return registry_.Scan(session, v1::AssessmentWindow::descriptor(), "trust = $1 ORDER BY start_date DESC, path", {trust}, &scratch,
                        [&] {
                          windows->push_back(scratch);
                          return absl::OkStatus();
                        });
}

}  // namespace fivestrand::assessment::store
