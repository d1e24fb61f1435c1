// Writes what follows in the improvement loop from readings, responses, posts and the calendar: concerns, the progress of threads,
// and who is accountable. Everything is written as the service itself, with audit rows and events like any record.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_LOOP_WRITER_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_LOOP_WRITER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "fivestrand/evidence/v1/evidence.pb.h"

#include "platform/resource/write_context.h"
#include "platform/rpc/call_context.h"
#include "platform/store/store.h"
#include "services/leadership/domain/loop/lifecycle.h"
#include "services/leadership/store/loop/loop_reader.h"

namespace fivestrand::leadership::store {

// Lives for one run of a write body.
class LoopWriter {
 public:
  // `as_of`: as if it were the morning of that day, for history that is brought in.
  LoopWriter(const LoopReader& reader, fivestrand::store::WriteTransaction& transaction,
             std::optional<absl::CivilDay> as_of = std::nullopt);

  // Runs every rule over the newest reading of a series. Doing so twice changes nothing.
  absl::StatusOr<RuleOutcome> RunRules(std::string_view measure, std::string_view scope, const evidence::v1::Cut& cut);

  // Brings state, first response and impact of a thread up to date; nothing when there is no such thread.
  absl::Status Progress(std::string_view thread);

  // Moves accountability for a concern to whom it belongs today.
  absl::Status MoveAccountability(std::string_view concern, const domain::PostBook& posts);

 private:
  absl::Time now() const;
  absl::CivilDay today() const;
  // What was known by then.
  void CutOff(domain::Series* series) const;
  absl::StatusOr<domain::CutNames> NamesOf(const evidence::v1::Cut& cut);
  // A concern that the rules would have raised by then and that they raised later.
  absl::Status Date(const std::string& name, const v1::Concern& raised, const domain::Series& series);

  const LoopReader& reader_;
  fivestrand::store::WriteTransaction& transaction_;
  const std::optional<absl::CivilDay> as_of_;
  rpc::CallContext call_;
  resource::WriteContext write_;
};

}  // namespace fivestrand::leadership::store

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_LOOP_WRITER_H_
