#include "services/assessment/store/frame_loader.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "fivestrand/assessment/v1/framework.pb.h"
#include "fivestrand/assessment/v1/pupils.pb.h"
#include "fivestrand/leadership/v1/organisation.pb.h"
#include "google/type/date.pb.h"

#include "platform/crypto/field_cipher.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::assessment::store {
namespace {

using domain::DatedFact;
using domain::FrameNames;
using domain::PupilFacts;
using fivestrand::store::Param;
using fivestrand::store::Row;
using fivestrand::store::Session;

using Kind = domain::DictionaryKind;

constexpr std::int64_t kPage = 100'000;

std::int32_t DayNumber(absl::CivilDay day) {
  return static_cast<std::int32_t>(day - absl::CivilDay(1970, 1, 1));
}

std::int32_t DayNumber(const google::type::Date& date) {
  return DayNumber(absl::CivilDay(date.year(), date.month(), date.day()));
}

// Of a column with yyyymmdd.
std::int32_t DayOfColumn(const Row& row, int column, std::int32_t otherwise) {
  if (row.IsNull(column)) return otherwise;
  const std::int64_t date = row.Int(column);
  return DayNumber(absl::CivilDay(date / 10000, date / 100 % 100, date % 100));
}

std::string_view LastSegment(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string_view::npos ? name : name.substr(slash + 1);
}

// Numbers by resource id, at most as many as a key has bits for.
absl::Status ReadNumbers(Session& session, std::string_view trust, Kind kind,
                         absl::flat_hash_map<std::string, std::uint32_t>* numbers) {
  return session.Query("SELECT name, number FROM dictionary WHERE trust = $1 AND kind = $2",
                       {trust, static_cast<std::int64_t>(kind)}, [&](const Row& row) {
                         numbers->insert_or_assign(std::string(row.Text(0)), static_cast<std::uint32_t>(row.Int(1)));
                         return absl::OkStatus();
                       });
}

template <typename Name>
Name& Grow(std::vector<Name>& names, std::uint32_t number) {
  if (number >= names.size()) names.resize(number + 1);
  return names[number];
}

// --- names

class NamesReader {
 public:
  NamesReader(const resource::Registry& registry, Session& session, std::string_view trust)
      : registry_(registry), session_(session), trust_(trust), names_(std::make_shared<FrameNames>()) {
    names_->trust = std::string(trust);
  }

  absl::StatusOr<std::shared_ptr<const FrameNames>> Read(const FrameNames* before) {
    FIVESTRAND_RETURN_IF_ERROR(session_
                                   .QueryOne("SELECT number FROM dictionary WHERE trust = '' AND kind = $1 AND name = $2",
                                             {static_cast<std::int64_t>(Kind::kTrust), trust_},
                                             [&](const Row& row) {
                                               names_->trust_number = static_cast<std::int32_t>(row.Int(0));
                                               return absl::OkStatus();
                                             })
                                   .status());
    FIVESTRAND_RETURN_IF_ERROR(ReadSchools());
    FIVESTRAND_RETURN_IF_ERROR(ReadSubjects());
    FIVESTRAND_RETURN_IF_ERROR(ReadScales());
    FIVESTRAND_RETURN_IF_ERROR(ReadWindows());
    FIVESTRAND_RETURN_IF_ERROR(ReadClasses(before));
    return names_;
  }

 private:
  template <typename Record>
  absl::Status Scan(absl::FunctionRef<void(const Record&)> each) {
    Record record;
    return registry_.Scan(session_, Record::descriptor(), "trust = $1", {trust_}, &record, [&] {
      each(record);
      return absl::OkStatus();
    });
  }

  absl::Status ReadSchools() {
    absl::flat_hash_map<std::string, std::uint32_t> numbers;
    FIVESTRAND_RETURN_IF_ERROR(ReadNumbers(session_, trust_, Kind::kSchool, &numbers));
    for (const auto& [id, number] : numbers) {
      domain::SchoolName& school = Grow(names_->schools, number);
      school.name = absl::StrCat("trusts/", AbslView(trust_), "/schools/", id);
      names_->school_numbers.insert_or_assign(school.name, number);
    }
    return Scan<leadership::v1::School>([&](const leadership::v1::School& record) {
      const auto found = names_->school_numbers.find(record.name());
      if (found == names_->school_numbers.end()) return;
      domain::SchoolName& school = names_->schools[found->second];
      school.display_name = record.display_name();
      school.phase = static_cast<std::uint8_t>(record.phase());
      school.running = record.status() != leadership::v1::School::CLOSED;
    });
  }

  absl::Status ReadSubjects() {
    absl::flat_hash_map<std::string, std::uint32_t> numbers;
    FIVESTRAND_RETURN_IF_ERROR(ReadNumbers(session_, trust_, Kind::kSubject, &numbers));
    for (const auto& [id, number] : numbers) {
      domain::SubjectName& subject = Grow(names_->subjects, number);
      subject.name = absl::StrCat("trusts/", AbslView(trust_), "/subjects/", id);
      names_->subject_numbers.insert_or_assign(subject.name, number);
    }
    return Scan<leadership::v1::Subject>([&](const leadership::v1::Subject& record) {
      const auto found = names_->subject_numbers.find(record.name());
      if (found == names_->subject_numbers.end()) return;
      names_->subjects[found->second].display_name = record.display_name();
      names_->subjects[found->second].core = record.core();
    });
  }

  absl::Status ReadScales() {
    FIVESTRAND_RETURN_IF_ERROR(ReadNumbers(session_, trust_, Kind::kScale, &scale_numbers_));
    return Scan<v1::Scale>([&](const v1::Scale& record) {
      const auto found = scale_numbers_.find(std::string(LastSegment(record.name())));
      if (found != scale_numbers_.end()) Grow(names_->scales, found->second) = ScaleOf(record);
    });
  }

  static domain::ScaleName ScaleOf(const v1::Scale& record) {
    domain::ScaleName scale;
    scale.name = record.name();
    scale.numeric = record.kind() == v1::Scale::NUMERIC;
    scale.scored = scale.numeric;
    scale.has_standard = record.has_standard_thousandths();
    scale.standard = record.standard_thousandths();
    scale.has_higher = record.has_higher_standard_thousandths();
    scale.higher_standard = record.higher_standard_thousandths();
    scale.outcomes.emplace_back();
    std::map<std::int32_t, std::uint8_t> places;
    if (scale.numeric) {
      if (scale.has_standard) scale.outcomes = {"", "below", "at", "above"};
    } else {
      for (const v1::Scale::Code& code : record.codes()) {
        if (!code.outside()) places[code.rank()] = 0;
      }
      for (auto& [rank, place] : places) {
        place = static_cast<std::uint8_t>(scale.outcomes.size());
        scale.outcomes.emplace_back();
      }
    }
    for (const v1::Scale::Code& code : record.codes()) {
      domain::ScaleName::Code& meaning = scale.codes[code.number()];
      if (code.outside()) {
        meaning.marks = code.counts_in_denominator() ? domain::kCounts : 0;
        continue;
      }
      meaning.marks = domain::kCounts;
      if (code.at_standard()) meaning.marks |= domain::kExpected;
      if (code.at_higher_standard()) meaning.marks |= domain::kHigher;
      if (code.has_points_thousandths()) scale.scored = true;
      const auto place = places.find(code.rank());
      if (place == places.end()) continue;
      meaning.place = place->second;
      std::string& outcome = scale.outcomes[place->second];
      absl::StrAppend(&outcome, outcome.empty() ? "" : ", ", code.code());
    }
    return scale;
  }

  absl::Status ReadWindows() {
    absl::flat_hash_map<std::string, std::uint32_t> numbers;
    FIVESTRAND_RETURN_IF_ERROR(ReadNumbers(session_, trust_, Kind::kWindow, &numbers));
    return Scan<v1::AssessmentWindow>([&](const v1::AssessmentWindow& record) {
      const auto found = numbers.find(std::string(LastSegment(record.name())));
      if (found == numbers.end()) return;
      domain::WindowName& window = Grow(names_->windows, found->second);
      window.name = record.name();
      window.display_name = record.display_name();
      window.academic_year = record.academic_year();
      window.start = DayNumber(record.start_date());
      window.end = DayNumber(record.end_date());
      window.closed = record.entry() == v1::AssessmentWindow::CLOSED;
      window.baseline = record.kind() == v1::AssessmentWindow::BASELINE;
      for (const v1::AssessedSubject& assessed : record.subjects()) {
        const auto subject = names_->subject_numbers.find(assessed.subject());
        const auto scale = scale_numbers_.find(std::string(LastSegment(assessed.scale())));
        std::uint32_t years = assessed.year_groups().empty() ? ~0u : 0;
        for (const int year : assessed.year_groups()) years |= 1u << year;
        const bool known = subject != names_->subject_numbers.end() && scale != scale_numbers_.end();
        window.assessed.push_back({static_cast<std::uint16_t>(known ? subject->second : 0),
                                   static_cast<std::uint16_t>(known ? scale->second : 0), years});
      }
      names_->window_numbers.insert_or_assign(window.name, found->second);
    });
  }

  absl::Status ReadClasses(const FrameNames* before) {
    names_->classes.resize(1);
    if (before != nullptr) {
      names_->classes.resize(before->classes.size());
      names_->class_numbers = before->class_numbers;
      for (std::size_t i = 1; i < before->classes.size(); ++i) names_->classes[i].name = before->classes[i].name;
    }
    std::vector<domain::ClassName> fresh;
    const auto status = Scan<leadership::v1::SchoolClass>([&](const leadership::v1::SchoolClass& record) {
      domain::ClassName one;
      one.name = record.name();
      one.academic_year = record.academic_year();
      const std::size_t school = record.name().find("/classes/");
      const auto number = names_->school_numbers.find(record.name().substr(0, school));
      if (number != names_->school_numbers.end()) one.school = static_cast<std::uint16_t>(number->second);
      for (const std::string& subject : record.subjects()) {
        const auto found = names_->subject_numbers.find(subject);
        if (found != names_->subject_numbers.end()) one.subjects.push_back(static_cast<std::uint16_t>(found->second));
      }
      // A class for subjects that have no results yet is no class for all.
      if (!record.subjects().empty() && one.subjects.empty()) one.subjects.push_back(0);
      std::sort(one.subjects.begin(), one.subjects.end());
      one.teachers.assign(record.teachers().begin(), record.teachers().end());
      const auto found = names_->class_numbers.find(one.name);
      if (found != names_->class_numbers.end()) {
        names_->classes[found->second] = std::move(one);
      } else {
        fresh.push_back(std::move(one));
      }
    });
    // The same numbers in whatever order the store gives them.
    std::sort(fresh.begin(), fresh.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    for (domain::ClassName& one : fresh) {
      names_->class_numbers.insert_or_assign(one.name, static_cast<std::uint32_t>(names_->classes.size()));
      names_->classes.push_back(std::move(one));
    }
    return status;
  }

  const resource::Registry& registry_;
  Session& session_;
  const std::string_view trust_;
  std::shared_ptr<FrameNames> names_;
  absl::flat_hash_map<std::string, std::uint32_t> scale_numbers_;
};

// --- pupils

constexpr std::uint32_t kDisadvantaged = 0, kSend = 1, kLac = 2, kMostAble = 3, kEal = 4;

// The groups of the model that a membership means. Who is looked after, or was, counts as disadvantaged.
std::vector<std::uint32_t> BitsOf(v1::GroupMembership::Group group) {
  switch (group) {
    case v1::GroupMembership::DISADVANTAGED:
    case v1::GroupMembership::FREE_SCHOOL_MEALS:
    case v1::GroupMembership::PREVIOUSLY_LOOKED_AFTER:
      return {kDisadvantaged};
    case v1::GroupMembership::LOOKED_AFTER:
      return {kDisadvantaged, kLac};
    case v1::GroupMembership::SEN_SUPPORT:
    case v1::GroupMembership::EHCP:
      return {kSend};
    case v1::GroupMembership::MOST_ABLE:
      return {kMostAble};
    case v1::GroupMembership::ENGLISH_AS_AN_ADDITIONAL_LANGUAGE:
      return {kEal};
    default:
      return {};
  }
}

class PupilReader {
 public:
  PupilReader(const resource::Registry& registry, Session& session, const FrameNames& names, PupilTable* table)
      : registry_(registry), session_(session), names_(names), table_(table) {}

  // Of the pupil whose path is `only`, or of all when it is empty. Long tables are read in pages by key.
  absl::Status Read(std::string_view only) {
    FIVESTRAND_RETURN_IF_ERROR(
        Pages("SELECT path, prior_attainment FROM pupil WHERE trust = $1 AND path > $2 AND delete_time IS NULL", " AND path = $4",
              only, [&](const Row& row) {
                if (PupilFacts* facts = Of(row.Text(0)))
                  facts->prior = static_cast<std::uint8_t>(row.Int(1) & (domain::kPriors - 1));
                return absl::OkStatus();
              }));
    FIVESTRAND_RETURN_IF_ERROR(
        Pages("SELECT path, parent, start_date, end_date, school_class FROM class_membership WHERE trust = $1 AND path > $2 AND "
              "delete_time "
              "IS NULL",
              " AND parent = $4", only, [&](const Row& row) {
                const auto number = names_.class_numbers.find(AbslView(row.Text(4)));
                PupilFacts* facts = Of(row.Text(1));
                if (facts != nullptr && number != names_.class_numbers.end()) Add(row, domain::kGroups + number->second, facts);
                return absl::OkStatus();
              }));
    return Pages(
        "SELECT path, parent, start_date, end_date, sealed FROM group_membership WHERE trust = $1 AND path > $2 AND delete_time IS "
        "NULL",
        " AND parent = $4", only, [&](const Row& row) -> absl::Status {
          PupilFacts* facts = Of(row.Text(1));
          if (facts == nullptr) return absl::OkStatus();
          const std::string name = absl::StrCat("trusts/", names_.trust, "/", AbslView(row.Text(0)));
          FIVESTRAND_ASSIGN_OR_RETURN(const std::string opened, registry_.cipher().Open(names_.trust, name, row.Blob(4)));
          v1::GroupMembership membership;
          if (!membership.ParseFromString(opened)) return status::DataLoss("sealed part of a group membership does not parse");
          for (const std::uint32_t bit : BitsOf(membership.group())) Add(row, bit, facts);
          return absl::OkStatus();
        });
  }

 private:
  static void Add(const Row& row, std::uint32_t what, PupilFacts* facts) {
    facts->facts.push_back({DayOfColumn(row, 2, domain::kFirstDay), DayOfColumn(row, 3, domain::kLastDay), what});
  }

  PupilFacts* Of(std::string_view path) {
    const auto found = table_->numbers.find(AbslView(LastSegment(path)));
    return found == table_->numbers.end() ? nullptr : &Grow(table_->facts, found->second);
  }

  absl::Status Pages(std::string_view select, std::string_view one, std::string_view only,
                     absl::FunctionRef<absl::Status(const Row&)> each) {
    const std::string sql =
        absl::StrCat(AbslView(select), only.empty() ? absl::string_view() : AbslView(one), " ORDER BY path LIMIT $3");
    std::string after;
    while (true) {
      std::int64_t rows = 0;
      const auto count = [&](const Row& row) -> absl::Status {
        ++rows;
        after = std::string(row.Text(0));
        return each(row);
      };
      const std::string from = after;
      if (only.empty()) {
        FIVESTRAND_RETURN_IF_ERROR(session_.Query(sql, {names_.trust, from, kPage}, count));
      } else {
        FIVESTRAND_RETURN_IF_ERROR(session_.Query(sql, {names_.trust, from, kPage, only}, count));
      }
      if (rows < kPage) return absl::OkStatus();
    }
  }

  const resource::Registry& registry_;
  Session& session_;
  const FrameNames& names_;
  PupilTable* table_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const FrameNames>> LoadNames(const resource::Registry& registry, Session& session,
                                                            std::string_view trust, const FrameNames* before) {
  return NamesReader(registry, session, trust).Read(before);
}

absl::Status LoadPupils(const resource::Registry& registry, Session& session, const FrameNames& names, PupilTable* table) {
  *table = {};
  FIVESTRAND_RETURN_IF_ERROR(ReadNumbers(session, names.trust, Kind::kPupil, &table->numbers));
  table->facts.reserve(table->numbers.size() + 1);
  return PupilReader(registry, session, names, table).Read("");
}

absl::Status LoadNewNumbers(Session& session, std::string_view trust, PupilTable* table, std::vector<std::string>* ids) {
  // Numbers are given in order and never taken back.
  return session.Query("SELECT name, number FROM dictionary WHERE trust = $1 AND kind = $2 AND number > $3",
                       {trust, static_cast<std::int64_t>(Kind::kPupil), static_cast<std::int64_t>(table->numbers.size())},
                       [&](const Row& row) {
                         const std::string id(row.Text(0));
                         if (table->numbers.try_emplace(id, static_cast<std::uint32_t>(row.Int(1))).second) ids->push_back(id);
                         return absl::OkStatus();
                       });
}

absl::Status ReloadPupils(const resource::Registry& registry, Session& session, const FrameNames& names,
                          const std::vector<std::string>& ids, PupilTable* table) {
  PupilReader reader(registry, session, names, table);
  for (const std::string& id : ids) {
    const auto number = table->numbers.find(id);
    if (number == table->numbers.end()) continue;
    Grow(table->facts, number->second) = {};
    FIVESTRAND_RETURN_IF_ERROR(reader.Read(absl::StrCat("pupils/", id)));
  }
  return absl::OkStatus();
}

absl::Status LoadRows(Session& session, domain::KeyRange range, const FrameNames& names, const PupilTable& pupils,
                      std::vector<domain::FrameRow>* rows) {
  std::int64_t from = range.first;
  while (from <= range.last) {
    std::int64_t count = 0;
    FIVESTRAND_RETURN_IF_ERROR(session.Query(
        "SELECT key, school_number, year_group, outcome, value FROM result WHERE key >= $1 AND key <= $2 ORDER BY key LIMIT $3",
        {from, range.last, kPage}, [&](const Row& row) {
          domain::ResultRow result;
          result.key = row.Int(0);
          result.school = static_cast<std::int32_t>(row.Int(1));
          result.year_group = static_cast<std::int32_t>(row.Int(2));
          result.outcome = static_cast<std::int32_t>(row.Int(3));
          if (!row.IsNull(4)) result.value = row.Int(4);
          rows->push_back(
              domain::MakeFrameRow(result, names, pupils.Find(static_cast<std::uint32_t>(result.key & domain::kMaxPupilNumber))));
          ++count;
          from = result.key + 1;
          return absl::OkStatus();
        }));
    if (count < kPage) break;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::uint64_t> OrganisationStamp(Session& session, std::string_view trust) {
  std::uint64_t stamp = 0;
  for (const std::string_view sql : {"SELECT COUNT(*), COALESCE(MAX(update_time), 0) FROM school WHERE trust = $1",
                                     "SELECT COUNT(*), COALESCE(MAX(update_time), 0) FROM subject WHERE trust = $1",
                                     "SELECT COUNT(*), COALESCE(MAX(update_time), 0) FROM school_class WHERE trust = $1"}) {
    FIVESTRAND_RETURN_IF_ERROR(session.Query(sql, {trust}, [&](const Row& row) {
      stamp = stamp * 0x9E3779B97F4A7C15u + static_cast<std::uint64_t>(row.Int(0)) * 31 + static_cast<std::uint64_t>(row.Int(1));
      return absl::OkStatus();
    }));
  }
  return stamp;
}

}  // namespace fivestrand::assessment::store
