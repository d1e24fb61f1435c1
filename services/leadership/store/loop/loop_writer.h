// Writes what follows in the improvement loop from readings, responses, posts and the calendar: concerns, the progress of threads,
// and who is accountable. Everything is written as the service itself, with audit rows and events like any record.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_LOOP_WRITER_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_LOOP_WRITER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fivestrand/evidence/v1/evidence.pb.h"

#include "platform/resource/write_context.h"
#include "platform/rpc/call_context.h"
#include "platform/store/store.h"
#include "services/leadership/store/loop/loop_reader.h"

namespace fivestrand::leadership::store {

// Lives for one run of a write body.
class LoopWriter {
 public:
  LoopWriter(const LoopReader& reader, fivestrand::store::WriteTransaction& transaction);

  // Runs every rule over the newest reading of a series. Doing so twice changes nothing.
  absl::StatusOr<RuleOutcome> RunRules(std::string_view measure, std::string_view scope, const evidence::v1::Cut& cut);

  // Brings state, first response and impact of a thread up to date; nothing when there is no such thread.
  absl::Status Progress(std::string_view thread);

  // Moves accountability for a concern to whom it belongs today.
  absl::Status MoveAccountability(std::string_view concern, const domain::PostBook& posts);

 private:
  absl::CivilDay today() const;

  const LoopReader& reader_;
  fivestrand::store::WriteTransaction& transaction_;
  rpc::CallContext call_;
  resource::WriteContext write_;
};

}  // namespace fivestrand::leadership::store

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_STORE_LOOP_LOOP_WRITER_H_
