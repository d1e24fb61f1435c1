#include "services/suite/demo/demo_calls.h"

#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "fivestrand/assessment/v1/import_service.pb.h"

#include "platform/calendar/day.h"
#include "platform/names/id_source.h"
#include "platform/names/names.h"
#include "platform/rpc/server.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/suite/demo/demo_dice.h"

namespace fivestrand::demo {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(50);
constexpr absl::Duration kPause = absl::Milliseconds(40);
constexpr std::size_t kChunk = 512 * 1024;

identity::Caller CallerOf(const std::string& subject) {
  identity::Caller caller;
  caller.subject = subject;
  caller.trust = std::string(names::TrustOf(subject));
  caller.expires = absl::InfiniteFuture();
  return caller;
}

void AddGrant(type::v1::Role role, std::vector<std::string> schools, identity::Caller* caller) {
  identity::Grant& grant = caller->grants.emplace_back();
  grant.role = role;
  grant.schools = std::move(schools);
}

}  // namespace

std::string Id(std::string_view name) {
  return std::string(names::IdOf(name));
}

void SetTime(absl::CivilDay day, int minutes, google::protobuf::Timestamp* time) {
  // StartOf is London's midnight, and the clock changes at night on Sundays only, so minutes can be added.
  time->set_seconds(absl::ToUnixSeconds(calendar::StartOf(day)) + minutes * 60);
}

absl::CivilDay Day(const google::type::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

std::string FixedId(absl::Time time, std::initializer_list<absl::string_view> parts) {
  return names::MakeId(time, Hash(absl::StrJoin(parts, "\n")));
}

std::string FixedId(absl::CivilDay day, std::initializer_list<absl::string_view> parts) {
  return FixedId(calendar::StartOf(day), parts);
}

absl::Status UnlessDone(absl::Status status) {
  return absl::IsAlreadyExists(status) || absl::IsFailedPrecondition(status) ? absl::OkStatus() : status;
}

absl::StatusOr<std::string> Calls::Token(const std::string& subject, type::v1::Role role, std::vector<std::string> schools) const {
  identity::Caller caller = CallerOf(subject);
  AddGrant(role, std::move(schools), &caller);
  return signer_.Sign(caller);
}

absl::StatusOr<std::string> Calls::OperatorToken() const {
  return Token("operators/demo", type::v1::ROLE_OPERATOR);
}

absl::Status Calls::Call(std::string_view method, const std::string& token, const google::protobuf::Message& request,
                         google::protobuf::Message* response) const {
  absl::Status status = CallOnce(method, token, request, response);
  return absl::IsAlreadyExists(status) ? absl::OkStatus() : status;
}

absl::Status Calls::CallOnce(std::string_view method, const std::string& token, const google::protobuf::Message& request,
                             google::protobuf::Message* response) const {
  if (options_.stop.stop_requested()) return status::Cancelled("the load was stopped");
  rpc::CallOptions call;
  call.token = token;
  call.timeout = kTimeout;
  absl::Status status = client_.Call(rpc::FindMethod(absl::StrCat(package_, ".", AbslView(method))), request, response, call);
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(AbslView(method), ": ", status.message()));
}

absl::Status Calls::Await(std::string_view what, absl::Duration limit, absl::FunctionRef<absl::StatusOr<bool>()> done) const {
  const absl::Time end = absl::Now() + limit;
  while (true) {
    const absl::StatusOr<bool> answer = done();
    if (answer.ok() && *answer) return absl::OkStatus();
    if (!answer.ok() && !absl::IsInvalidArgument(answer.status()) && !absl::IsNotFound(answer.status())) return answer.status();
    if (options_.stop.stop_requested()) return status::Cancelled("the load was stopped");
    if (absl::Now() >= end) {
      return absl::DeadlineExceededError(
          absl::StrCat(AbslView(what), " did not come", answer.ok() ? "" : absl::StrCat(": ", answer.status().message())));
    }
    std::this_thread::sleep_for(absl::ToChronoMilliseconds(kPause));
  }
}

absl::Status Calls::Upload(std::string_view method, const std::string& token, const google::protobuf::Message& first,
                           std::string_view bytes, google::protobuf::Message* response) const {
  if (options_.stop.stop_requested()) return status::Cancelled("the load was stopped");
  rpc::CallOptions call;
  call.token = token;
  call.timeout = kTimeout;
  const std::unique_ptr<rpc::UploadCall> upload =
      client_.Upload(rpc::FindMethod(absl::StrCat(package_, ".", AbslView(method))), call);
  bool taken = upload->Send(first);
  for (std::size_t at = 0; taken && at < bytes.size(); at += kChunk) {
    assessment::v1::ImportAssessmentRequest chunk;
    chunk.set_chunk(std::string(bytes.substr(at, kChunk)));
    taken = upload->Send(chunk);
  }
  const absl::Status status = upload->Finish(response);
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(AbslView(method), ": ", status.message()));
}

std::string Calls::RequestId(const google::protobuf::Message& request) {
  const std::string bytes = absl::StrCat(request.GetDescriptor()->full_name(), "\n", request.SerializeAsString());
  const std::uint64_t a = Hash(bytes), b = Hash(absl::StrCat("demo", bytes));
  return absl::StrFormat("%08x-%04x-4%03x-8%03x-%012x", a >> 32, (a >> 16) & 0xFFFF, a & 0xFFF, b >> 52, b & 0xFFFFFFFFFFFF);
}

}  // namespace fivestrand::demo
