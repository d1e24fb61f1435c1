// Who sees what of concerns and threads, where the registry's row rules do not say it: a thread is also seen by those who see one
// of its concerns or have answered it; and an answer of a verb is made as bare as that of a read.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_API_LOOP_ACCESS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_API_LOOP_ACCESS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "fivestrand/leadership/v1/improvement.pb.h"
#include "google/protobuf/timestamp.pb.h"

#include "platform/identity/access.h"
#include "platform/resource/registry.h"
#include "platform/rpc/call_context.h"
#include "services/leadership/domain/loop/loop_source.h"

namespace fivestrand::resource {
class WriteContext;
}

namespace fivestrand::leadership::api {

// Lives for one call; both must outlive it.
class LoopAccess {
 public:
  LoopAccess(const resource::Registry& registry, const rpc::CallContext& context);

  bool MaySee(const v1::Concern& concern) const;
  // The readings that raised it, and its headline.
  bool MaySeeFigures(const v1::Concern& concern) const;
  bool MayList(const v1::ImprovementThread& thread) const;
  bool MayUpdate(const v1::ImprovementThread& thread) const;
  bool IsLead(const v1::ImprovementThread& thread) const { return thread.lead() == context_.caller->subject; }
  // The thread as a whole: by itself, by one of its concerns, or by having answered it.
  bool MaySee(const domain::ThreadStory& story) const;

  // PERMISSION_DENIED unless the caller may answer the concern: whoever only raised it may not.
  absl::Status CheckAnswer(const v1::Concern& concern) const;

  // The answer to what the caller may not see: as if it were not there.
  absl::Status Missing(std::string_view type, std::string_view name) const;

  // Takes out what the caller may not read.
  void Redact(v1::Concern* concern) const;
  void Redact(v1::ImprovementThread* thread) const;

 private:
  identity::Access Decide(std::string_view permission) const;
  bool Includes(const identity::Access& access, const google::protobuf::Message& record) const;

  const resource::Registry& registry_;
  const rpc::CallContext& context_;
  const identity::Access concerns_, figures_, threads_, updates_;
};

// When it happened: what the request says, for the operator who brings in history from elsewhere, else now. INVALID_ARGUMENT when
// that is ahead or before `after`, PERMISSION_DENIED for others who give a time, and for an operator who gives none.
absl::StatusOr<absl::Time> EventTime(const resource::WriteContext& write, bool given, const google::protobuf::Timestamp& event_time,
                                     absl::Time after);
// PERMISSION_DENIED for an operator, who answers no concern of today: that is for people.
absl::Status CheckPresent(const rpc::CallContext& context);
// PERMISSION_DENIED unless the caller brings in history.
absl::Status CheckHistorian(const rpc::CallContext& context);

}  // namespace fivestrand::leadership::api

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_API_LOOP_ACCESS_H_
