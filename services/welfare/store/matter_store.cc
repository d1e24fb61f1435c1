#include "services/welfare/store/matter_store.h"

#include <google/protobuf/descriptor.h>
#include <optional>

#include "absl/strings/str_cat.h"
#include "google/protobuf/message.h"

#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::welfare::store {

using domain::MatterQuery;
using domain::Part;
using fivestrand::store::Param;
using fivestrand::store::Row;
using fivestrand::store::Session;
using google::protobuf::Message;

absl::Status MatterStore::Merge(std::string_view name, std::string_view record, std::string_view sealed, Message* into) const {
  if (!into->ParseFromArray(record.data(), static_cast<int>(record.size()))) {
    return status::DataLoss(absl::StrCat("stored bytes of ", into->GetDescriptor()->name(), " do not parse"));
  }
  if (sealed.empty()) return absl::OkStatus();
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string apart, registry_.cipher().Open(names::TrustOf(name), name, sealed));
  if (into->MergeFromString(apart)) return absl::OkStatus();
  return status::DataLoss(absl::StrCat("sealed bytes of ", into->GetDescriptor()->name(), " do not parse"));
}

absl::Status MatterStore::Keep(fivestrand::store::WriteTransaction& transaction, std::string_view name, const Message& record) {
  return parties_.Keep(transaction, name, record);
}

absl::StatusOr<bool> MatterStore::Open(Session& session, std::string_view name, Message* record) {
  const resource::Entry* entry = registry_.Find(record->GetDescriptor());
  if (entry == nullptr || !entry->declaration->pattern.Matches(name)) return false;
  resource::StoredRecord row;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, entry->table->Read(session, names::TrustOf(name), resource::PathOf(name), &row));
  if (!found || row.deleted) return false;
  FIVESTRAND_RETURN_IF_ERROR(Merge(name, row.record, row.sealed, record));
  return true;
}

absl::Status MatterStore::List(Session& session, const MatterQuery& query, Message* scratch,
                               absl::FunctionRef<absl::Status()> each) {
  const resource::Entry* entry = registry_.Find(scratch->GetDescriptor());
  if (entry == nullptr) return status::Internal(absl::StrCat(scratch->GetDescriptor()->full_name(), " is not declared"));
  FIVESTRAND_ASSIGN_OR_RETURN(const std::optional<PartyHash> hash, parties_.Hash(session, query.trust));
  if (!hash) return absl::OkStatus();
  const std::string caller = hash->Of(query.caller);
  std::vector<Param> params = {query.trust, Param::Blob(caller)};
  std::string sql = absl::StrCat("SELECT path, record, sealed FROM ", entry->declaration->table,
                                 " AS matter WHERE trust = $1 AND EXISTS (SELECT 1 FROM welfare_party AS party WHERE party.trust = "
                                 "$1 AND party.party = $2 AND "
                                 "party.path = matter.path AND party.visible = 1)");
  if (entry->declaration->delete_time_field != nullptr) sql += " AND delete_time IS NULL";
  const std::string person = hash->Of(query.person);
  if (!query.person.empty()) {
    params.push_back(Param::Blob(person));
    absl::StrAppend(&sql,
                    " AND EXISTS (SELECT 1 FROM welfare_party AS about WHERE about.trust = $1 AND about.path = matter.path AND "
                    "about.part = ",
                    static_cast<int>(Part::kPerson), " AND about.party = $", params.size(), ")");
  }
  if (!query.before.empty()) {
    params.push_back(query.before);
    absl::StrAppend(&sql, " AND path < $", params.size());
  }
  for (const int state : query.hidden_states) absl::StrAppend(&sql, " AND state <> ", state);
  params.push_back(query.limit);
  absl::StrAppend(&sql, " ORDER BY path DESC LIMIT $", params.size());
  const std::string prefix = absl::StrCat("trusts/", AbslView(query.trust), "/");
  return session.Query(sql, params, [&](const Row& row) -> absl::Status {
    FIVESTRAND_RETURN_IF_ERROR(Merge(absl::StrCat(prefix, AbslView(row.Text(0))), row.Blob(1), row.Blob(2), scratch));
    return each();
  });
}

absl::StatusOr<std::vector<std::string>> MatterStore::NamesOf(Session& session, std::string_view person, Part part, int limit) {
  std::vector<std::string> names;
  const std::string_view trust = names::TrustOf(person);
  FIVESTRAND_ASSIGN_OR_RETURN(const std::optional<PartyHash> hash, parties_.ReadSecret(session, trust));
  if (!hash) return names;
  const std::string key = hash->Of(person);
  const std::string prefix = absl::StrCat("trusts/", AbslView(trust), "/");
  FIVESTRAND_RETURN_IF_ERROR(
      session.Query("SELECT path FROM welfare_party WHERE trust = $1 AND party = $2 AND part = $3 ORDER BY path DESC LIMIT $4",
                    {trust, Param::Blob(key), static_cast<int>(part), limit}, [&](const Row& row) {
                      names.push_back(absl::StrCat(prefix, AbslView(row.Text(0))));
                      return absl::OkStatus();
                    }));
  return names;
}

}  // namespace fivestrand::welfare::store
