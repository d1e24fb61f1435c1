// The one place that decides what of the figures of elements 1.2 and 1.3 a caller sees.
//
// Who may read readings of a school or of the trust at all stands in the access table: directors, the CEO, executive headteachers,
// and the staff of a school about their own. They see shares, counts and days of the school or the trust, and no figure of a class
// or a teacher. The records behind a figure are named only to those who may list every one of them.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_API_EVIDENCE_ACCESS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_API_EVIDENCE_ACCESS_H_

#include <string>
#include <string_view>

#include "platform/identity/access.h"
#include "platform/rpc/call_context.h"
#include "services/leadership/domain/measures.h"

namespace fivestrand::leadership::api {

// Lives for one call; both must outlive it.
class EvidenceAccess {
 public:
  EvidenceAccess(const rpc::CallContext& context, const identity::AccessTable& table) : context_(context), table_(table) {}

  // A figure is about the whole scope, so a right that reaches only some of its rows, such as those of one subject, does not show
  // it.
  bool MaySeeFigures() const { return context_.access.everything; }

  // `scope` is the school of the figure, or the trust.
  bool MayListRecords(domain::MeasureId id, std::string_view scope) const;

 private:
  const rpc::CallContext& context_;
  const identity::AccessTable& table_;
};

}  // namespace fivestrand::leadership::api

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_API_EVIDENCE_ACCESS_H_
