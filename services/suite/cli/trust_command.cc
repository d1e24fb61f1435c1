#include "services/suite/cli/trust_command.h"

#include <ostream>

#include "absl/strings/str_cat.h"
#include "fivestrand/leadership/v1/identity.pb.h"
#include "fivestrand/leadership/v1/organisation_service.pb.h"

#include "platform/calendar/calendar_proto.h"
#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/suite/demo/demo_loader.h"

namespace fivestrand::cli {
namespace {

using namespace leadership::v1;  // NOLINT: this file is about nothing else

absl::StatusOr<std::string> PutTrust(const Connection& connection, const TrustOptions& options) {
  GetTrustRequest get;
  get.set_name(options.trust);
  Trust before, after;
  const absl::Status found = Call(connection, "OrganisationService.GetTrust", get, &before);
  if (!found.ok() && !absl::IsNotFound(found)) return found;
  if (!found.ok() && options.display_name.empty())
    return status::InvalidField("name", "is required for a new trust: --name=\"...\"");
  UpdateTrustRequest update;
  update.mutable_trust()->set_name(options.trust);
  update.mutable_trust()->set_display_name(options.display_name);
  update.mutable_trust()->set_group_code(options.group_code);
  if (found.ok() && !options.display_name.empty()) update.mutable_update_mask()->add_paths("display_name");
  if (found.ok() && !options.group_code.empty()) update.mutable_update_mask()->add_paths("group_code");
  if (found.ok() && update.update_mask().paths().empty()) return std::string("unchanged");
  update.set_allow_missing(!found.ok());
  update.set_request_id(NewRequestId());
  FIVESTRAND_RETURN_IF_ERROR(Call(connection, "OrganisationService.UpdateTrust", update, &after));
  return std::string(!found.ok() ? "created" : after.etag() == before.etag() ? "unchanged" : "updated");
}

// Grants count from midnight to midnight in England.
identity::Caller CallerOf(const Identity& identity) {
  identity::Caller caller;
  caller.subject = identity.person();
  caller.trust = std::string(names::TrustOf(identity.person()));
  caller.expires = absl::InfiniteFuture();
  for (const RoleGrant& from : identity.grants()) {
    identity::Grant& grant = caller.grants.emplace_back();
    grant.role = from.role();
    for (const std::string& school : from.schools()) grant.schools.emplace_back(names::IdOf(school));
    for (const int year_group : from.year_groups()) grant.year_groups.push_back(year_group);
    for (const std::string& subject : from.subjects()) grant.subjects.emplace_back(names::IdOf(subject));
    if (const auto start = calendar::FromProto(from.start_date())) grant.start = calendar::StartOf(*start);
    if (const auto end = calendar::FromProto(from.end_date())) grant.end = calendar::StartOf(*end + 1);
  }
  return caller;
}

int PrintToken(const Console& console, const absl::StatusOr<std::string>& token) {
  if (!token.ok()) {
    PrintError(console, "token", token.status());
    return 1;
  }
  *console.out << *token << "\n";
  return 0;
}

}  // namespace

int CreateTrust(const Connection& connection, const Console& console, const TrustOptions& options) {
  const absl::StatusOr<std::string> outcome = PutTrust(connection, options);
  if (!outcome.ok()) {
    PrintError(console, "trust create", outcome.status());
    return 1;
  }
  *console.out << options.trust << " " << *outcome << "\n";
  return 0;
}

int LoadDemonstration(const demo::DemoServices& services, const identity::TokenSigner& signer, const Console& console,
                      absl::Time now, int schools) {
  const auto fail = [&](const absl::Status& status) {
    PrintError(console, "demo load", status);
    return 1;
  };
  const absl::StatusOr<bool> there = demo::DemoLoaded(*services.leadership, signer);
  if (!there.ok()) return fail(there.status());
  if (*there) {
    *console.out << "the demonstration trust is there already\n";
    return 0;
  }
  ProgressBar bar(console);
  demo::DemoOptions options;
  options.now = now;
  options.schools = schools;
  options.progress = [&](std::string_view step, int done, int total) {
    bar.Show(step, static_cast<double>(done) / total);
  };
  const absl::StatusOr<int> count = demo::LoadDemo(services, signer, options);
  bar.Clear();
  if (!count.ok()) return fail(count.status());
  *console.out << "the demonstration trust is there: " << *count << " records\n";
  return 0;
}

int PrintPersonToken(const Connection& connection, const identity::TokenSigner& signer, const Console& console,
                     const std::string& person) {
  ResolveIdentityRequest request;
  request.set_person(person);
  Identity identity;
  const absl::Status status = Call(connection, "IdentityService.ResolveIdentity", request, &identity);
  return PrintToken(console, status.ok() ? signer.Sign(CallerOf(identity)) : absl::StatusOr<std::string>(status));
}

int PrintOperatorToken(const identity::TokenSigner& signer, const Console& console) {
  return PrintToken(console, OperatorToken(signer));
}

}  // namespace fivestrand::cli
