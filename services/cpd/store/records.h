// Rows that hold stored records.
#ifndef FIVESTRAND_SERVICES_CPD_STORE_RECORDS_H_
#define FIVESTRAND_SERVICES_CPD_STORE_RECORDS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "platform/status/status.h"
#include "platform/status/views.h"
#include "platform/store/session.h"

namespace fivestrand::cpd::store {

template <typename Record>
absl::Status ParseRecord(const fivestrand::store::Row& row, int column, Record* record) {
  const std::string_view bytes = row.Blob(column);
  if (record->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return absl::OkStatus();
  return status::DataLoss(absl::StrCat("stored bytes do not parse as ", record->GetDescriptor()->full_name()));
}

inline std::string NameOf(std::string_view trust, std::string_view path) {
  return absl::StrCat("trusts/", AbslView(trust), "/", AbslView(path));
}

}  // namespace fivestrand::cpd::store

#endif  // FIVESTRAND_SERVICES_CPD_STORE_RECORDS_H_
