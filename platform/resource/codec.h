// What the registry does to a record besides storing it: standard fields, columns, sealed fields, digests.
#ifndef FIVESTRAND_PLATFORM_RESOURCE_CODEC_H_
#define FIVESTRAND_PLATFORM_RESOURCE_CODEC_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/time/time.h"

#include "platform/identity/access.h"
#include "platform/resource/declaration.h"
#include "platform/store/session.h"

namespace fivestrand::resource {

// Text of a singular string field.
std::string GetText(const google::protobuf::Message& message, const google::protobuf::FieldDescriptor* field);
void SetText(google::protobuf::Message* message, const google::protobuf::FieldDescriptor* field, std::string_view value);
// A google.protobuf.Timestamp field; InfinitePast when absent.
absl::Time GetTime(const google::protobuf::Message& message, const google::protobuf::FieldDescriptor* field);
void SetTime(google::protobuf::Message* message, const google::protobuf::FieldDescriptor* field, absl::Time value);

// `"` revision `-` time `"`, as HTTP writes etags. Differs between any two states of one record.
std::string EtagOf(std::int64_t revision, absl::Time update_time);

// A google.type.Date field as yyyymmdd; 0 when absent.
std::int64_t DateNumber(const google::protobuf::Message& message, const google::protobuf::FieldDescriptor* field);

// The value of a column; text is copied into `scratch`, which must outlive the Param.
store::Param ColumnParam(const Column& column, const google::protobuf::Message& message, std::string* scratch);

// Moves the sealed fields out of the record: the bytes of a message that has only these, empty when none is set. Such bytes, put
// behind the bytes of the rest, are the whole record again (protobuf merges).
std::string TakeSealed(const Declaration& declaration, google::protobuf::Message* record);

// Whether `subject` is named by one of the field's readers.
bool IsReader(const SealedField& field, const google::protobuf::Message& record, std::string_view subject);

// Whether one of the record's own_fields is `subject`.
bool IsOwn(const Declaration& declaration, const google::protobuf::Message& record, std::string_view subject);

// What access rules look at. The strings live in `holder`.
struct Facts {
  std::string school, row_school, subject;
  identity::RowFacts row;
};
void FactsOf(const Declaration& declaration, const google::protobuf::Message& record, std::string_view subject, Facts* facts);

// SHA-256, 32 bytes.
std::string Digest(std::string_view a, std::string_view b = {}, std::string_view c = {});

// A value in the wire format: key, length, bytes. For building answers out of stored bytes without decoding them.
void AppendField(std::string* out, int number, std::string_view bytes);

}  // namespace fivestrand::resource

#endif  // FIVESTRAND_PLATFORM_RESOURCE_CODEC_H_
