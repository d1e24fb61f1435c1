// Calls of the public APIs as this or that person of the demonstration trust. Internal to the demonstration.
#ifndef FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_CALLS_H_
#define FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_CALLS_H_

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "fivestrand/type/v1/role.pb.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"

#include "platform/identity/token.h"
#include "platform/rpc/client.h"
#include "platform/status/macros.h"
#include "services/suite/demo/demo_loader.h"

namespace fivestrand::demo {

inline constexpr int kBatch = 250;

// Last segment of a name.
std::string Id(std::string_view name);
// Minutes after midnight in London.
void SetTime(absl::CivilDay day, int minutes, google::protobuf::Timestamp* time);
absl::CivilDay Day(const google::type::Date& date);

// Ids like those that the server makes, but the same each time: a load that was cut off finds what it has written.
std::string FixedId(absl::Time time, std::initializer_list<absl::string_view> parts);
std::string FixedId(absl::CivilDay day, std::initializer_list<absl::string_view> parts);

// Makes a second try after a load that was cut off harmless: what is done cannot be done again.
absl::Status UnlessDone(absl::Status status);

// One of a load's threads of work. Counts the records that it has seen to.
class Calls {
 public:
  // All outlive it. `package` is that of the service's methods, for example fivestrand.cpd.v1.
  Calls(rpc::Client& client, std::string_view package, const identity::TokenSigner& signer, const DemoOptions& options)
      : client_(client), package_(package), signer_(signer), options_(options) {}

  const DemoOptions& options() const { return options_; }
  int count() const { return count_; }
  void Count(std::size_t records) { count_ += static_cast<int>(records); }

  // Schools by id; none means the whole trust.
  absl::StatusOr<std::string> Token(const std::string& subject, type::v1::Role role, std::vector<std::string> schools = {}) const;
  // The operator of the load, who also brings in history: what was done before is dated then.
  absl::StatusOr<std::string> OperatorToken() const;

  // `method` without the package, for example LearningService.CreateCourse. What is there already stays as it is.
  absl::Status Call(std::string_view method, const std::string& token, const google::protobuf::Message& request,
                    google::protobuf::Message* response) const;
  // As above, but ALREADY_EXISTS is an error.
  absl::Status CallOnce(std::string_view method, const std::string& token, const google::protobuf::Message& request,
                        google::protobuf::Message* response) const;

  // Repeats until the answer is true: what one service writes reaches the others a moment later. DEADLINE_EXCEEDED after `limit`,
  // with the last error if there was one. INVALID_ARGUMENT and NOT_FOUND count as `not yet`.
  absl::Status Await(std::string_view what, absl::Duration limit, absl::FunctionRef<absl::StatusOr<bool>()> done) const;

  // Sends a file to ImportAssessment: `first`, then its bytes in pieces.
  absl::Status Upload(std::string_view method, const std::string& token, const google::protobuf::Message& first,
                      std::string_view bytes, google::protobuf::Message* response) const;

  // The same request has the same UUID, so that it can be repeated.
  static std::string RequestId(const google::protobuf::Message& request);

  // All records that are not there yet. A batch of which some are there comes of a load that was cut off on an earlier day; those
  // are its first, since records are in order of time.
  template <typename Request, typename Response, typename Record, typename Fill>
  absl::Status Batch(std::string_view method, const std::string& token, const std::string& parent,
                     const std::vector<Record>& records, Fill fill) {
    for (std::size_t at = 0; at < records.size(); at += kBatch) {
      const absl::Span<const Record> some = absl::MakeSpan(records).subspan(at, kBatch);
      FIVESTRAND_RETURN_IF_ERROR((CreateMissing<Request, Response>(method, token, parent, some, fill).status()));
      Count(some.size());
    }
    return absl::OkStatus();
  }

 private:
  // Whether any was missing.
  template <typename Request, typename Response, typename Record, typename Fill>
  absl::StatusOr<bool> CreateMissing(std::string_view method, const std::string& token, const std::string& parent,
                                     absl::Span<const Record> records, Fill fill) {
    Request request;
    request.set_parent(parent);
    for (const Record& record : records) fill(record, request.add_requests());
    request.set_request_id(RequestId(request));
    Response response;
    const absl::Status status = CallOnce(method, token, request, &response);
    if (status.ok()) return true;
    if (!absl::IsAlreadyExists(status)) return status;
    if (records.size() == 1) return false;
    const std::size_t half = records.size() / 2;
    FIVESTRAND_ASSIGN_OR_RETURN(const bool later,
                                (CreateMissing<Request, Response>(method, token, parent, records.subspan(half), fill)));
    if (!later) return false;
    FIVESTRAND_RETURN_IF_ERROR((CreateMissing<Request, Response>(method, token, parent, records.subspan(0, half), fill).status()));
    return true;
  }

  rpc::Client& client_;
  const std::string package_;
  const identity::TokenSigner& signer_;
  const DemoOptions& options_;
  int count_ = 0;
};

}  // namespace fivestrand::demo

#endif  // FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_CALLS_H_
