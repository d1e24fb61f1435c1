#include "platform/resource/revision.h"

#include <string>

#include "platform/names/names.h"
#include "platform/resource/record_table.h"
#include "platform/status/status.h"
#include "platform/store/session.h"

namespace fivestrand::resource {

absl::StatusOr<bool> ReadRevision(store::Session& session, std::string_view name, std::int64_t revision,
                                  google::protobuf::Message* record) {
  return session.QueryOne("SELECT record FROM record_revision WHERE trust = $1 AND path = $2 AND revision = $3",
                          {names::TrustOf(name), PathOf(name), revision}, [&](const store::Row& row) -> absl::Status {
                            const std::string_view bytes = row.Blob(0);
                            if (record->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return absl::OkStatus();
                            return status::DataLoss("stored bytes do not parse as " + record->GetDescriptor()->full_name());
                          });
}

}  // namespace fivestrand::resource
