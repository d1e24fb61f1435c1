// Rows whose only column is a stored record.
#ifndef FIVESTRAND_SERVICES_ORGANISATION_STORE_RECORDS_H_
#define FIVESTRAND_SERVICES_ORGANISATION_STORE_RECORDS_H_

#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"

#include "platform/status/status.h"
#include "platform/store/session.h"

namespace fivestrand::organisation {

template <typename Record>
absl::Status ParseRecord(const store::Row& row, Record* record) {
  const std::string_view bytes = row.Blob(0);
  if (record->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return absl::OkStatus();
  return status::DataLoss("stored bytes do not parse as " + record->GetDescriptor()->full_name());
}

// Adds to `records`. The text says how many rows there can be at most.
template <typename Record>
absl::Status ReadRecords(store::Session& session, std::string_view sql, store::Params params, std::vector<Record>* records) {
  return session.Query(sql, params, [&](const store::Row& row) {
    Record record;
    absl::Status status = ParseRecord(row, &record);
    if (status.ok()) records->push_back(std::move(record));
    return status;
  });
}

}  // namespace fivestrand::organisation

#endif  // FIVESTRAND_SERVICES_ORGANISATION_STORE_RECORDS_H_
