// EvidenceService for the elements that a service owns, over its EvidenceSource: the checks and what is withheld are the same for
// every service.
#ifndef FIVESTRAND_PLATFORM_SERVICE_EVIDENCE_SERVICE_H_
#define FIVESTRAND_PLATFORM_SERVICE_EVIDENCE_SERVICE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "fivestrand/evidence/v1/evidence.pb.h"

#include "platform/evidence/evidence_source.h"
#include "platform/rpc/call_context.h"

namespace fivestrand::identity {
class AccessTable;
}

namespace fivestrand::rpc {
class Server;
}

namespace fivestrand::store {
class Store;
}

namespace fivestrand::service {

// The bodies. Thread-safe; they may wait for a reader of the store, within the call's deadline.
//
// Figures are about a whole scope, so a right that reaches only some of its rows, such as those of one subject, shows none of them
// (NOT_YOURS). The records behind a figure are named only to those who may list every one of them. A reading that is about a person
// is shown to that person alone.
class EvidenceAnswers {
 public:
  // All outlive it.
  EvidenceAnswers(store::Store& store, const identity::AccessTable& access, std::shared_ptr<const evidence::EvidenceSource> source)
      : store_(store), access_(access), source_(std::move(source)) {}

  absl::Status ListMeasures(const rpc::CallContext& context, const evidence::v1::ListMeasuresRequest& request,
                            evidence::v1::ListMeasuresResponse* response) const;
  // `parent` is also `trusts/{trust}/schools/-` when each school is asked for by itself: those within the caller's reach.
  absl::Status SummariseEvidence(const rpc::CallContext& context, const evidence::v1::SummariseEvidenceRequest& request,
                                 evidence::v1::SummariseEvidenceResponse* response) const;
  absl::Status ListReadings(const rpc::CallContext& context, const evidence::v1::ListReadingsRequest& request,
                            evidence::v1::ListReadingsResponse* response) const;

  const evidence::EvidenceSource& source() const { return *source_; }

 private:
  absl::Status Ask(const rpc::CallContext& context, evidence::EvidenceQuestion question,
                   std::vector<evidence::ReadingSeries>* series) const;
  bool MaySeeSmall(const rpc::CallContext& context, std::string_view scope) const;
  bool MayListRecords(const rpc::CallContext& context, const evidence::MeasureDefinition& measure, std::string_view scope) const;
  bool MaySee(const rpc::CallContext& context, const evidence::EvidenceQuestion& question, std::string_view scope) const;
  // Takes out what the caller may not see.
  void Finish(const rpc::CallContext& context, const evidence::EvidenceQuestion& question,
              std::vector<evidence::ReadingSeries>* series) const;

  store::Store& store_;
  const identity::AccessTable& access_;
  const std::shared_ptr<const evidence::EvidenceSource> source_;
};

void BindEvidenceService(std::shared_ptr<const EvidenceAnswers> answers, rpc::Server& server);

}  // namespace fivestrand::service

#endif  // FIVESTRAND_PLATFORM_SERVICE_EVIDENCE_SERVICE_H_
