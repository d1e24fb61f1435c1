#include "services/leadership/store/loop/response_event.h"

#include <algorithm>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor_database.h>
#include <google/protobuf/message.h>
#include <memory>
#include <optional>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "fivestrand/options/v1/options.pb.h"
#include "google/api/resource.pb.h"
#include "google/type/date.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/resource/codec.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::leadership::store {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::string_view kConfidentialLabel = "Support in place";

const options::v1::Response* ResponseOf(const Descriptor* type) {
  const auto& record = type->options().GetExtension(options::v1::record);
  return record.has_response() ? &record.response() : nullptr;
}

std::string TextOf(const Message& record, const std::string& name) {
  const FieldDescriptor* field = name.empty() ? nullptr : record.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return {};
  return resource::GetText(record, field);
}

// The day of a field with a date or a time; nothing when it is absent.
std::optional<absl::CivilDay> DayOf(const Message& record, const std::string& name) {
  const FieldDescriptor* field = name.empty() ? nullptr : record.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
      !record.GetReflection()->HasField(record, field)) {
    return std::nullopt;
  }
  if (field->message_type()->full_name() == "google.protobuf.Timestamp") return calendar::DayOf(resource::GetTime(record, field));
  if (field->message_type()->full_name() == "google.type.Date")
    return calendar::FromProto(static_cast<const google::type::Date&>(record.GetReflection()->GetMessage(record, field)));
  return std::nullopt;
}

std::string StateOf(const Message& record, const std::string& name) {
  const FieldDescriptor* field = name.empty() ? nullptr : record.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_ENUM) return {};
  const auto* value = field->enum_type()->FindValueByNumber(record.GetReflection()->GetEnumValue(record, field));
  return value == nullptr ? std::string() : value->name();
}

}  // namespace

const Descriptor* ResponseType(std::string_view service, std::string_view resource_type) {
  constexpr std::string_view kPrefix = "fivestrand/";
  if (!resource_type.starts_with(kPrefix)) return nullptr;
  const Descriptor* type = DescriptorPool::generated_pool()->FindMessageTypeByName(
      absl::StrCat("fivestrand.", AbslView(service), ".v1.", AbslView(resource_type.substr(kPrefix.size()))));
  return type != nullptr && ResponseOf(type) != nullptr ? type : nullptr;
}

std::vector<std::string> ResponseTypes(std::string_view service) {
  std::vector<std::string> files, types;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  const std::string folder = absl::StrCat("fivestrand/", AbslView(service), "/v1/");
  for (const std::string& name : files) {
    if (!name.starts_with(folder)) continue;
    const google::protobuf::FileDescriptor* file = DescriptorPool::generated_pool()->FindFileByName(name);
    for (int i = 0; file != nullptr && i < file->message_type_count(); ++i) {
      const std::string& type = file->message_type(i)->options().GetExtension(google::api::resource).type();
      if (ResponseType(service, type) == file->message_type(i)) types.push_back(type);
    }
  }
  std::sort(types.begin(), types.end());
  return types;
}

absl::StatusOr<DecodedResponse> DecodeResponse(const Descriptor* type, const events::v1::Event& event) {
  const options::v1::Response& means = *ResponseOf(type);
  std::unique_ptr<Message> record(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  if (!record->ParseFromString(event.record()))
    return status::DataLoss(absl::StrCat("an event of ", type->full_name(), " does not parse"));
  DecodedResponse decoded;
  decoded.confidential = means.confidential();
  decoded.thread = TextOf(*record, means.thread_field());

  v1::ThreadResponse& response = decoded.response;
  const std::string state = StateOf(*record, means.state_field());
  response.set_withdrawn(event.kind() == events::v1::DELETED || absl::c_linear_search(means.withdrawn_states(), state));
  std::optional<absl::CivilDay> planned = DayOf(*record, means.planned_field());
  const std::optional<absl::CivilDay> start = DayOf(*record, means.start_field());
  if (absl::c_linear_search(means.planned_states(), state)) {
    if (!planned) planned = start;
    if (planned) *response.mutable_planned_date() = calendar::ToProto(*planned);
  } else {
    const std::optional<absl::CivilDay> done = DayOf(*record, means.done_field());
    if (planned) *response.mutable_planned_date() = calendar::ToProto(*planned);
    if (start) *response.mutable_start_date() = calendar::ToProto(*start);
    // Nothing is done that never began.
    if (start && done) *response.mutable_done_date() = calendar::ToProto(*done);
  }
  if (decoded.confidential) {
    response.set_label(std::string(kConfidentialLabel));
    return decoded;
  }
  response.set_record(event.resource());
  response.set_label(means.label());
  response.set_strand(means.strand());
  std::string school(names::SchoolNameOf(event.resource()));
  if (school.empty()) school = TextOf(*record, type->options().GetExtension(options::v1::record).school_field());
  response.set_giver(means.giver_field().empty() ? school : TextOf(*record, means.giver_field()));
  response.set_receiver(means.receiver_field().empty() ? school : TextOf(*record, means.receiver_field()));
  decoded.contributor = event.actor();
  return decoded;
}

}  // namespace fivestrand::leadership::store
