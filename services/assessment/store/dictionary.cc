#include "services/assessment/store/dictionary.h"

#include <algorithm>
#include <limits>

#include "absl/time/time.h"

#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::assessment::store {
namespace {

using domain::DictionaryKind;
using fivestrand::store::Row;
using fivestrand::store::Session;
using fivestrand::store::WriteTransaction;

// Trusts are numbered under no trust.
constexpr std::string_view kNoTrust;
constexpr int kFew = 500;

std::int64_t LastNumber(DictionaryKind kind) {
  switch (kind) {
    case DictionaryKind::kTrust:
      return domain::kMaxTrustNumber;
    case DictionaryKind::kPupil:
      return domain::kMaxPupilNumber;
    case DictionaryKind::kSubject:
      return domain::kMaxSubjectNumber;
    case DictionaryKind::kWindow:
      return domain::kMaxWindowNumber;
    case DictionaryKind::kScale:
      return domain::kMaxScaleNumber;
    case DictionaryKind::kSchool:
      return std::numeric_limits<std::uint16_t>::max();
    case DictionaryKind::kAuthor:
      return std::numeric_limits<std::int32_t>::max();
  }
  return 0;
}

}  // namespace

absl::StatusOr<std::int32_t> FindNumber(Session& session, std::string_view trust, DictionaryKind kind, std::string_view name) {
  std::int32_t number = 0;
  FIVESTRAND_RETURN_IF_ERROR(session
                                 .QueryOne("SELECT number FROM dictionary WHERE trust = $1 AND kind = $2 AND name = $3",
                                           {trust, static_cast<std::int64_t>(kind), name},
                                           [&](const Row& row) {
                                             number = static_cast<std::int32_t>(row.Int(0));
                                             return absl::OkStatus();
                                           })
                                 .status());
  return number;
}

absl::StatusOr<std::int32_t> FindTrustNumber(Session& session, std::string_view trust) {
  return FindNumber(session, kNoTrust, DictionaryKind::kTrust, trust);
}

absl::StatusOr<std::int32_t> GiveNumber(WriteTransaction& transaction, std::string_view trust, DictionaryKind kind,
                                        std::string_view name) {
  FIVESTRAND_ASSIGN_OR_RETURN(const std::int32_t known, FindNumber(transaction, trust, kind, name));
  if (known != 0) return known;
  std::int64_t last = 0;
  FIVESTRAND_RETURN_IF_ERROR(transaction
                                 .QueryOne("SELECT COALESCE(MAX(number), 0) FROM dictionary WHERE trust = $1 AND kind = $2",
                                           {trust, static_cast<std::int64_t>(kind)},
                                           [&](const Row& row) {
                                             last = row.Int(0);
                                             return absl::OkStatus();
                                           })
                                 .status());
  if (last >= LastNumber(kind))
    return status::Exhausted(status::Reason::kRuleRefused, "the store has no more numbers for what results name", absl::Hours(24));
  FIVESTRAND_RETURN_IF_ERROR(transaction
                                 .Execute("INSERT INTO dictionary (trust, kind, number, name) VALUES ($1, $2, $3, $4)",
                                          {trust, static_cast<std::int64_t>(kind), last + 1, name})
                                 .status());
  return static_cast<std::int32_t>(last + 1);
}

absl::StatusOr<std::int32_t> GiveTrustNumber(WriteTransaction& transaction, std::string_view trust) {
  return GiveNumber(transaction, kNoTrust, DictionaryKind::kTrust, trust);
}

absl::Status GiveNumbers(WriteTransaction& transaction, std::string_view trust, DictionaryKind kind,
                         const std::vector<std::string>& names, const std::vector<bool>& wanted,
                         std::vector<std::int32_t>* numbers) {
  absl::flat_hash_map<std::string, std::int32_t> known;
  // Reading all is cheaper than asking for more than a few.
  const bool few = std::count(wanted.begin(), wanted.end(), true) < kFew;
  if (!few) FIVESTRAND_RETURN_IF_ERROR(ReadNumbers(transaction, trust, kind, &known));
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!wanted[i]) continue;
    const auto found = known.find(names[i]);
    if (found != known.end()) {
      (*numbers)[i] = found->second;
      continue;
    }
    FIVESTRAND_ASSIGN_OR_RETURN((*numbers)[i], GiveNumber(transaction, trust, kind, names[i]));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> FindName(Session& session, std::string_view trust, DictionaryKind kind, std::int32_t number) {
  std::string name;
  FIVESTRAND_RETURN_IF_ERROR(session
                                 .QueryOne("SELECT name FROM dictionary WHERE trust = $1 AND kind = $2 AND number = $3",
                                           {trust, static_cast<std::int64_t>(kind), number},
                                           [&](const Row& row) {
                                             name = std::string(row.Text(0));
                                             return absl::OkStatus();
                                           })
                                 .status());
  return name;
}

absl::Status ReadNumbers(Session& session, std::string_view trust, DictionaryKind kind,
                         absl::flat_hash_map<std::string, std::int32_t>* numbers) {
  return session.Query("SELECT name, number FROM dictionary WHERE trust = $1 AND kind = $2",
                       {trust, static_cast<std::int64_t>(kind)}, [&](const Row& row) {
                         numbers->insert_or_assign(std::string(row.Text(0)), static_cast<std::int32_t>(row.Int(1)));
                         return absl::OkStatus();
                       });
}

}  // namespace fivestrand::assessment::store
