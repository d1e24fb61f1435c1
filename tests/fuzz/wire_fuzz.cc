// Message bytes as a damaged service might send them: writing them as JSON fails cleanly or gives JSON, and a failure leaves no
// trace.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "fivestrand/leadership/v1/visibility.pb.h"

#include "gateway/src/transcode/json_writer.h"
#include "gateway/src/transcode/message_plan.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace transcode = fivestrand::gateway::transcode;
  static auto* const plans = new transcode::PlanSet(google::protobuf::DescriptorPool::generated_pool());
  const std::string_view wire(reinterpret_cast<const char*>(data), size);
  const transcode::JsonWriter writer(plans);
  std::string json = "before";
  const auto status = writer.Write(*plans->Get(fivestrand::leadership::v1::Visit::descriptor()), wire, &json);
  if (status.ok() ? json.back() != '}' : json != "before") abort();
  const std::string_view found = transcode::FindString(wire, 1);
  if (!found.empty() && (found.data() < wire.data() || found.data() + found.size() > wire.data() + wire.size())) abort();
  return 0;
}
