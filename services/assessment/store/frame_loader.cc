#include "services/assessment/store/frame_loader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fivestrand/assessment/v1/pupils.pb.h"

#include "platform/calendar/date_number.h"
#include "platform/crypto/field_cipher.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/assessment/store/frame_rows.h"

namespace fivestrand::assessment::store {
namespace {

using domain::FrameNames;
using domain::PupilFacts;
using fivestrand::store::Row;
using fivestrand::store::Session;

using Kind = domain::DictionaryKind;

constexpr std::int64_t kPage = 100'000;

// Of a column with yyyymmdd.
std::int32_t DayOfColumn(const Row& row, int column, std::int32_t otherwise) {
  if (row.IsNull(column)) return otherwise;
  const std::int64_t date = row.Int(column);
  return DayNumber(calendar::DayOfNumber(date));
}

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
              " AND path < $4", only, [&](const Row& row) {
                const auto number = names_.class_numbers.find(AbslView(row.Text(4)));
                PupilFacts* facts = Of(row.Text(1));
                if (facts != nullptr && number != names_.class_numbers.end()) Add(row, domain::kGroups + number->second, facts);
                return absl::OkStatus();
              }));
    return Pages(
        "SELECT path, parent, start_date, end_date, sealed FROM group_membership WHERE trust = $1 AND path > $2 AND delete_time IS "
        "NULL",
        " AND path < $4", only, [&](const Row& row) -> absl::Status {
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
    // What belongs to a pupil lies between `pupils/x/` and `pupils/x0`: a range of the key, where a condition on the parent would
    // be a walk through all pupils.
    const bool below = !only.empty() && one.find("path <") != std::string_view::npos;
    const std::string bound = below ? absl::StrCat(AbslView(only), "0") : std::string(only);
    std::string after = below ? absl::StrCat(AbslView(only), "/") : std::string();
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
        FIVESTRAND_RETURN_IF_ERROR(session_.Query(sql, {names_.trust, from, kPage, bound}, count));
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

absl::Status LoadPupils(const resource::Registry& registry, Session& session, const FrameNames& names, PupilTable* table) {
  *table = {};
  FIVESTRAND_RETURN_IF_ERROR(ReadFrameNumbers(session, names.trust, Kind::kPupil, &table->numbers));
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
