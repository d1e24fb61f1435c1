// Sealed records, over the registry's tables and the index of parties.
#ifndef FIVESTRAND_SERVICES_WELFARE_STORE_MATTER_STORE_H_
#define FIVESTRAND_SERVICES_WELFARE_STORE_MATTER_STORE_H_

#include <string>
#include <vector>

#include "platform/resource/registry.h"
#include "services/welfare/domain/matters.h"
#include "services/welfare/store/party_index.h"

namespace fivestrand::welfare::store {

class MatterStore : public domain::Matters {
 public:
  // `registry` outlives it.
  explicit MatterStore(const resource::Registry& registry) : registry_(registry), parties_(registry.cipher()) {}

  absl::Status Keep(fivestrand::store::WriteTransaction& transaction, std::string_view name,
                    const google::protobuf::Message& record) override;
  absl::StatusOr<bool> Open(fivestrand::store::Session& session, std::string_view name, google::protobuf::Message* record) override;
  absl::Status List(fivestrand::store::Session& session, const domain::MatterQuery& query, google::protobuf::Message* scratch,
                    absl::FunctionRef<absl::Status()> each) override;
  absl::StatusOr<std::vector<std::string>> NamesOf(fivestrand::store::Session& session, std::string_view person, domain::Part part,
                                                   int limit) override;

  PartyIndex& parties() { return parties_; }

 private:
  absl::Status Merge(std::string_view name, std::string_view record, std::string_view sealed,
                     google::protobuf::Message* into) const;

  const resource::Registry& registry_;
  PartyIndex parties_;
};

}  // namespace fivestrand::welfare::store

#endif  // FIVESTRAND_SERVICES_WELFARE_STORE_MATTER_STORE_H_
