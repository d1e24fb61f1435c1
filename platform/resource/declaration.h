// What a record's message declares, compiled once at start: its name, table, columns, sensitivity, references and rules.
#ifndef FIVESTRAND_PLATFORM_RESOURCE_DECLARATION_H_
#define FIVESTRAND_PLATFORM_RESOURCE_DECLARATION_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

#include "platform/names/pattern.h"

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace fivestrand::resource {

// How a field lies in a column of its own, and how a literal for it reads in a filter.
enum class ColumnKind {
  kText,       // TEXT; string
  kInt,        // BIGINT; int32, int64, bool
  kEnum,       // BIGINT; literals are the enum's names
  kTimestamp,  // BIGINT microseconds, NULL when absent; literals are RFC 3339
  kDate,       // BIGINT yyyymmdd, NULL when absent; literals are yyyy-mm-dd
};

struct Column {
  const google::protobuf::FieldDescriptor* field = nullptr;
  std::string name;
  ColumnKind kind = ColumnKind::kText;
  bool unique = false;
};

// A field, singular or repeated, that names records of this store.
struct Reference {
  // From the record down to the field; nested messages are crossed, repeated ones too.
  std::vector<const google::protobuf::FieldDescriptor*> path;
  std::string type;  // for example fivestrand/Person
};

// A field that is kept encrypted, apart from the record.
struct SealedField {
  const google::protobuf::FieldDescriptor* field = nullptr;
  bool confidential = false;
  // For a confidential field: the fields with the persons who may read and write it.
  std::vector<const google::protobuf::FieldDescriptor*> readers;
};

// A field that needs a permission beyond that of the method.
struct GuardedField {
  const google::protobuf::FieldDescriptor* field = nullptr;
  std::string permission;
};

// Immutable once compiled.
struct Declaration {
  const google::protobuf::Descriptor* descriptor = nullptr;
  std::string type;      // fivestrand/DropIn
  std::string singular;  // dropIn
  std::string plural;    // dropIns
  names::Pattern pattern;
  std::string table;
  bool keep_revisions = false;
  bool unnamed_events = false;
  std::vector<std::string> elements;

  std::vector<Column> columns;
  std::vector<Reference> references;
  std::vector<SealedField> sealed;
  std::vector<GuardedField> guarded;
  std::vector<const google::protobuf::FieldDescriptor*> required;
  std::vector<const google::protobuf::FieldDescriptor*> own_fields;
  const google::protobuf::FieldDescriptor* subject_field = nullptr;
  const google::protobuf::FieldDescriptor* year_group_field = nullptr;
  const google::protobuf::FieldDescriptor* school_field = nullptr;
  const google::protobuf::FieldDescriptor* restricted_field = nullptr;

  const google::protobuf::FieldDescriptor* name_field = nullptr;
  const google::protobuf::FieldDescriptor* etag_field = nullptr;
  const google::protobuf::FieldDescriptor* create_time_field = nullptr;
  const google::protobuf::FieldDescriptor* update_time_field = nullptr;
  const google::protobuf::FieldDescriptor* delete_time_field = nullptr;  // null: deletion is final

  // Null when no column has that name.
  const Column* FindColumn(std::string_view name) const;
  bool confidential() const;

  // INTERNAL, with the reason as hidden cause, when the message breaks a rule of fivestrand.options.v1.Record: it has no resource
  // pattern, table, name or etag; an own_field, reader, subject_field, year_group_field, school_field or restricted_field is
  // missing or not indexed; a name with a school also has a school_field; a restricted_field is no bool or stands without
  // own_fields; a sealed field is indexed or repeated; a type cannot be a column.
  static absl::StatusOr<std::unique_ptr<const Declaration>> Compile(const google::protobuf::Descriptor* descriptor);

 private:
  explicit Declaration(names::Pattern parsed) : pattern(std::move(parsed)) {}
};

// The part of a name after its trust: `schools/s/dropIns/d`; empty for the trust itself.
std::string_view PathOf(std::string_view name);

}  // namespace fivestrand::resource

#endif  // FIVESTRAND_PLATFORM_RESOURCE_DECLARATION_H_
