// JSON bodies in any bytes: what is accepted is written back as JSON that reads as the same message.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "fivestrand/leadership/v1/visibility.pb.h"
#include "google/protobuf/util/message_differencer.h"

#include "gateway/src/transcode/json_reader.h"
#include "gateway/src/transcode/json_writer.h"
#include "gateway/src/transcode/message_plan.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace transcode = fivestrand::gateway::transcode;
  using fivestrand::leadership::v1::DropIn;
  static auto* const plans = new transcode::PlanSet(google::protobuf::DescriptorPool::generated_pool());

  DropIn read;
  if (!transcode::ReadJson({reinterpret_cast<const char*>(data), size}, &read).ok()) return 0;
  std::string json;
  const transcode::JsonWriter writer(plans);
  if (!writer.Write(*plans->Get(DropIn::descriptor()), read.SerializeAsString(), &json).ok()) abort();
  DropIn again;
  if (!transcode::ReadJson(json, &again).ok()) abort();
  if (!google::protobuf::util::MessageDifferencer::Equals(read, again)) abort();
  return 0;
}
