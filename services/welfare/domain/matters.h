// Sealed records in the store: found by whom they name, and opened.
#ifndef FIVESTRAND_SERVICES_WELFARE_DOMAIN_MATTERS_H_
#define FIVESTRAND_SERVICES_WELFARE_DOMAIN_MATTERS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "services/welfare/domain/matter.h"

namespace google::protobuf {
class Descriptor;
class Message;
}  // namespace google::protobuf

namespace fivestrand::store {
class Session;
class WriteTransaction;
}  // namespace fivestrand::store

namespace fivestrand::welfare::domain {

// A page of records of one kind that name somebody, newest first.
struct MatterQuery {
  std::string_view trust;   // id
  std::string_view caller;  // named by them in any part, and for whom they exist
  std::string_view person;  // whom they are about; empty: anybody
  // Numbers of states that are left out.
  std::vector<int> hidden_states;
  std::string_view before;  // path of the last record of the page before; empty: the first page
  int limit = 50;
};

// Thread-safe.
class Matters {
 public:
  virtual ~Matters() = default;

  // Replaces what is kept of whom the record `name` names. Its sealed fields must be in it, and the trust's data key must be there.
  virtual absl::Status Keep(fivestrand::store::WriteTransaction& transaction, std::string_view name,
                            const google::protobuf::Message& record) = 0;

  // Reads a live record with its sealed fields; false when there is none.
  virtual absl::StatusOr<bool> Open(fivestrand::store::Session& session, std::string_view name,
                                    google::protobuf::Message* record) = 0;

  // `scratch` is of the kind that is asked for, and holds each record, opened, in turn.
  virtual absl::Status List(fivestrand::store::Session& session, const MatterQuery& query, google::protobuf::Message* scratch,
                            absl::FunctionRef<absl::Status()> each) = 0;

  // Names of all live records, of any kind, that name the person in that part, newest first, at most `limit`.
  virtual absl::StatusOr<std::vector<std::string>> NamesOf(fivestrand::store::Session& session, std::string_view person, Part part,
                                                           int limit) = 0;
};

}  // namespace fivestrand::welfare::domain

#endif  // FIVESTRAND_SERVICES_WELFARE_DOMAIN_MATTERS_H_
