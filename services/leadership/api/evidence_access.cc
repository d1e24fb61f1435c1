#include "services/leadership/api/evidence_access.h"

#include "platform/names/names.h"
#include "services/leadership/domain/measures_records.h"

namespace fivestrand::leadership::api {

bool EvidenceAccess::MayListRecords(domain::MeasureId id, std::string_view scope) const {
  std::string listed(scope);
  if (names::SchoolOf(listed).empty()) listed += "/schools/-";
  return table_.DecideFor(*context_.caller, domain::RecordsPermission(id), listed, context_.now).everything;
}

}  // namespace fivestrand::leadership::api
