// What the writes of sealed records share.
#ifndef FIVESTRAND_SERVICES_WELFARE_API_MATTER_CHANGES_H_
#define FIVESTRAND_SERVICES_WELFARE_API_MATTER_CHANGES_H_

#include <initializer_list>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

#include "platform/resource/write_context.h"

namespace fivestrand::welfare::api {

// The answer to whoever is not named by a record, whether there is one or not.
absl::Status NotNamed(const resource::WriteContext& write);

// Changes the record `name` by `change`, which decides first whether the caller may: until then nothing that it says gives the
// record away. The etag is looked at after that. Takes out of `record` what the caller may not read.
absl::Status ChangeMatter(resource::WriteContext& write, std::string_view name, std::string_view etag, std::string_view verb,
                          google::protobuf::Message* record, absl::FunctionRef<bool()> may,
                          absl::FunctionRef<absl::Status()> change);

// Copies the fields of `from` that the mask names into `to`; an empty mask means those of `settable` that have a value.
// INVALID_ARGUMENT, reason INVALID_MASK, for a path that is not in `settable`.
absl::Status CopyMasked(const google::protobuf::FieldMask& mask, std::initializer_list<std::string_view> settable,
                        const google::protobuf::Message& from, google::protobuf::Message* to);

absl::Status CheckId(std::string_view field, std::string_view id);

}  // namespace fivestrand::welfare::api

#endif  // FIVESTRAND_SERVICES_WELFARE_API_MATTER_CHANGES_H_
