#include "platform/resource/codec.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>
#include <memory>
#include <openssl/sha.h>

#include "absl/strings/str_cat.h"
#include "google/type/date.pb.h"

#include "platform/calendar/date_number.h"
#include "platform/calendar/timestamp.h"
#include "platform/names/names.h"

namespace fivestrand::resource {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string GetText(const Message& message, const FieldDescriptor* field) {
  return message.GetReflection()->GetString(message, field);
}

void SetText(Message* message, const FieldDescriptor* field, std::string_view value) {
  message->GetReflection()->SetString(message, field, std::string(value));
}

absl::Time GetTime(const Message& message, const FieldDescriptor* field) {
  if (field == nullptr || !message.GetReflection()->HasField(message, field)) return absl::InfinitePast();
  const auto& stamp = static_cast<const google::protobuf::Timestamp&>(message.GetReflection()->GetMessage(message, field));
  return calendar::ToTime(stamp);
}

void SetTime(Message* message, const FieldDescriptor* field, absl::Time value) {
  *static_cast<google::protobuf::Timestamp*>(message->GetReflection()->MutableMessage(message, field)) =
      calendar::ToTimestamp(value);
}

std::string EtagOf(std::int64_t revision, absl::Time update_time) {
  return absl::StrCat("\"", revision, "-", absl::Hex(absl::ToUnixMicros(update_time)), "\"");
}

std::int64_t DateNumber(const Message& message, const FieldDescriptor* field) {
  if (!message.GetReflection()->HasField(message, field)) return 0;
  const auto& date = static_cast<const google::type::Date&>(message.GetReflection()->GetMessage(message, field));
  return calendar::DateNumber(date);
}

store::Param ColumnParam(const Column& column, const Message& message, std::string* scratch) {
  const auto* reflection = message.GetReflection();
  switch (column.kind) {
    case ColumnKind::kText:
      *scratch = reflection->GetString(message, column.field);
      return store::Param(*scratch);
    case ColumnKind::kEnum:
      return store::Param(reflection->GetEnumValue(message, column.field));
    case ColumnKind::kInt:
      switch (column.field->cpp_type()) {
        case FieldDescriptor::CPPTYPE_BOOL:
          return store::Param(reflection->GetBool(message, column.field) ? 1 : 0);
        case FieldDescriptor::CPPTYPE_INT64:
          return store::Param(reflection->GetInt64(message, column.field));
        default:
          return store::Param(reflection->GetInt32(message, column.field));
      }
    case ColumnKind::kTimestamp:
      if (!reflection->HasField(message, column.field)) return store::Param(nullptr);
      return store::Param(GetTime(message, column.field));
    case ColumnKind::kDate:
      if (!reflection->HasField(message, column.field)) return store::Param(nullptr);
      return store::Param(DateNumber(message, column.field));
  }
  return store::Param(nullptr);
}

std::string TakeSealed(const Declaration& declaration, Message* record) {
  if (declaration.sealed.empty()) return {};
  const auto* reflection = record->GetReflection();
  std::unique_ptr<Message> apart;
  for (const SealedField& sealed : declaration.sealed) {
    const bool set = sealed.field->has_presence() ? reflection->HasField(*record, sealed.field)
                     : sealed.field->cpp_type() == FieldDescriptor::CPPTYPE_STRING
                         ? !reflection->GetString(*record, sealed.field).empty()
                         : reflection->HasField(*record, sealed.field);
    if (!set) continue;
    if (!apart) apart.reset(record->New());
    reflection->SwapFields(record, apart.get(), {sealed.field});
  }
  return apart ? apart->SerializeAsString() : std::string();
}

bool IsReader(const SealedField& field, const Message& record, std::string_view subject) {
  for (const FieldDescriptor* reader : field.readers) {
    if (reader->is_repeated()) {
      const auto* reflection = record.GetReflection();
      for (int i = 0; i < reflection->FieldSize(record, reader); ++i) {
        if (reflection->GetRepeatedString(record, reader, i) == subject) return true;
      }
    } else if (GetText(record, reader) == subject) {
      return true;
    }
  }
  return false;
}

bool IsOwn(const Declaration& declaration, const Message& record, std::string_view subject) {
  for (const FieldDescriptor* field : declaration.own_fields) {
    if (GetText(record, field) == subject) return true;
  }
  return false;
}

void FactsOf(const Declaration& declaration, const Message& record, std::string_view subject, Facts* facts) {
  const std::string name = GetText(record, declaration.name_field);
  facts->school = std::string(names::SchoolOf(name));
  facts->row = {};
  facts->row.school = facts->school;
  if (declaration.school_field != nullptr) {
    // What is no name of a school of this trust belongs to none: lists compare the whole name.
    const std::string named = GetText(record, declaration.school_field);
    if (names::SchoolNameOf(named) == named && names::TrustOf(named) == names::TrustOf(name))
      facts->row_school = std::string(names::SchoolOf(named));
    facts->row.row_school = facts->row_school;
  }
  if (declaration.restricted_field != nullptr) {
    facts->row.restricted = record.GetReflection()->GetBool(record, declaration.restricted_field);
  }
  if (declaration.subject_field != nullptr) {
    facts->subject = std::string(names::IdOf(GetText(record, declaration.subject_field)));
    facts->row.subject = facts->subject;
  }
  if (declaration.year_group_field != nullptr) {
    facts->row.year_group = record.GetReflection()->GetEnumValue(record, declaration.year_group_field);
  }
  facts->row.own = IsOwn(declaration, record, subject);
}

std::string Digest(std::string_view a, std::string_view b, std::string_view c) {
  SHA256_CTX context;
  std::string out(SHA256_DIGEST_LENGTH, '\0');
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  // The EVP interface allocates a context for every digest; this runs for every write.
  SHA256_Init(&context);
  for (std::string_view part : {a, b, c}) SHA256_Update(&context, part.data(), part.size());
  SHA256_Final(reinterpret_cast<unsigned char*>(out.data()), &context);
#pragma GCC diagnostic pop
  return out;
}

void AppendField(std::string* out, int number, std::string_view bytes) {
  auto varint = [out](std::uint64_t value) {
    while (value >= 0x80) {
      out->push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    out->push_back(static_cast<char>(value));
  };
  varint(static_cast<std::uint64_t>(number) << 3 | 2);
  varint(bytes.size());
  out->append(bytes);
}

}  // namespace fivestrand::resource
