// Shared by the sources of platform/status only.
#ifndef FIVESTRAND_PLATFORM_STATUS_DETAILS_H_
#define FIVESTRAND_PLATFORM_STATUS_DETAILS_H_

#include "absl/status/status.h"
#include "google/protobuf/message.h"

#include "platform/status/status.h"

namespace fivestrand::status {

inline constexpr char kTypePrefix[] = "type.googleapis.com/";
// Not under kTypePrefix, so that the cause can never be taken for a detail to send.
inline constexpr char kHiddenCauseUrl[] = "fivestrand/hidden-cause";
inline constexpr char kInternalSentence[] = "an internal error occurred; the request id leads to it in the log";
inline constexpr char kDataLossSentence[] = "stored data is damaged; the request id leads to it in the log";

void SetDetail(const google::protobuf::Message& detail, absl::Status* status);
bool GetDetail(const absl::Status& status, google::protobuf::Message* detail);
void AddErrorInfo(Reason reason, absl::Status* status);

}  // namespace fivestrand::status

#endif  // FIVESTRAND_PLATFORM_STATUS_DETAILS_H_
