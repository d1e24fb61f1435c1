#include "services/leadership/api/import_api.h"

#include <google/protobuf/descriptor.h>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "fivestrand/leadership/v1/organisation_service.pb.h"
#include "fivestrand/leadership/v1/people_service.pb.h"

#include "platform/calendar/date_number.h"
#include "platform/names/names.h"
#include "platform/resource/registry.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/leadership/domain/access.h"
#include "services/leadership/domain/import_rows.h"

namespace fivestrand::leadership::api {
namespace {

using domain::ImportColumns;
using domain::ImportErrors;
using resource::WriteContext;
using resource::WriteSpec;

// Counts what a write did, and turns what is wrong with a row into its errors. Anything else ends the import.
class Counter {
 public:
  Counter(v1::ImportResponse* response, ImportErrors* errors) : response_(response), errors_(errors) {}

  absl::Status Take(int line, const absl::Status& status) {
    if (status.ok()) return absl::OkStatus();
    const auto violations = status::ViolationsOf(status);
    if (violations.empty() && !absl::IsAlreadyExists(status)) return status;
    for (const auto& violation : violations) errors_->Add(line, violation.field, violation.description);
    if (violations.empty()) errors_->Add(line, "", "clashes with a record that exists");
    return absl::OkStatus();
  }
  void Created() { response_->set_created_count(response_->created_count() + 1); }
  void Updated(bool changed) {
    if (changed) {
      response_->set_updated_count(response_->updated_count() + 1);
    } else {
      response_->set_unchanged_count(response_->unchanged_count() + 1);
    }
  }

 private:
  v1::ImportResponse* response_;
  ImportErrors* errors_;
};

// Copies every field that `from` has a value for, names and the server's own fields left out.
void Overlay(const google::protobuf::Message& from, google::protobuf::Message* to) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  from.GetReflection()->ListFields(from, &fields);
  std::unique_ptr<google::protobuf::Message> copy(from.New());
  copy->CopyFrom(from);
  for (const auto* field : fields) {
    if (field->name() == "name" || field->number() >= 90) continue;
    to->GetReflection()->SwapFields(to, copy.get(), {field});
  }
}

// The path of the one live record whose column has this value; empty when there is none.
absl::StatusOr<std::string> FindPath(WriteContext& write, std::string_view sql, std::string_view trust, std::string_view value) {
  std::string path;
  FIVESTRAND_RETURN_IF_ERROR(write.transaction().Query(sql, {trust, value}, [&](const store::Row& row) {
    path = std::string(row.Text(0));
    return absl::OkStatus();
  }));
  return path;
}

constexpr std::string_view kSchoolByUrn = "SELECT path FROM school WHERE trust = $1 AND urn = $2 AND delete_time IS NULL";
constexpr std::string_view kPersonByEmail = "SELECT path FROM person WHERE trust = $1 AND email = $2 AND delete_time IS NULL";

// Updates the record at `name`, or creates it under `id`; tells which.
template <typename Record>
absl::Status Put(WriteContext& write, const std::string& existing, std::string_view parent, std::string_view id,
                 const Record& given, int line, Counter* counter, Record* record) {
  if (existing.empty()) {
    *record = given;
    const absl::Status status = write.Create(parent, id, record);
    if (status.ok()) counter->Created();
    return counter->Take(line, status);
  }
  std::string etag;
  const absl::Status status = write.Update(existing, {}, "update", record, [&] {
    etag = record->etag();
    Overlay(given, record);
    return absl::OkStatus();
  });
  if (status.ok()) counter->Updated(record->etag() != etag);
  return counter->Take(line, status);
}

absl::Status ImportSchools(WriteContext& write, const v1::ImportSchoolsRequest& request, v1::ImportResponse* response) {
  FIVESTRAND_ASSIGN_OR_RETURN(const ImportColumns columns, ImportColumns::Read(request.columns(), domain::RequiredSchoolColumns()));
  ImportErrors errors;
  Counter counter(response, &errors);
  v1::Trust trust;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, write.Read(request.parent(), &trust));
  if (!found) return status::NotFound("fivestrand/Trust", request.parent());
  absl::flat_hash_map<std::string, int> lines;
  for (const v1::ImportRow& row : request.rows()) {
    const int before = errors.count();
    v1::School school = domain::ReadSchoolRow(columns, row, &errors);
    const std::string_view code = columns.Cell(row, domain::kTrustCodeColumn);
    if (!code.empty() && !trust.group_code().empty() && code != trust.group_code())
      errors.Add(row.line(), domain::kTrustCodeColumn, "is another trust's");
    if (auto [earlier, fresh] = lines.emplace(school.urn(), row.line()); !fresh && !school.urn().empty()) {
      errors.Add(row.line(), "URN", absl::StrCat("stands in line ", earlier->second, " already"));
    }
    // Rows are read to the end for their errors; nothing is written once there is one.
    if (errors.count() != before || !errors.empty()) continue;
    write.set_field_prefix("");
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string path, FindPath(write, kSchoolByUrn, write.call().trust, school.urn()));
    std::string id = domain::IdFromName(school.display_name());
    if (path.empty()) {
      v1::School taken;
      FIVESTRAND_ASSIGN_OR_RETURN(const bool clash, write.Read(absl::StrCat(request.parent(), "/schools/", id), &taken));
      if (clash) id = absl::StrCat(id, "-", school.urn());
    }
    v1::School record;
    FIVESTRAND_RETURN_IF_ERROR(Put(write, path.empty() ? path : absl::StrCat(request.parent(), "/", path), request.parent(), id,
                                   school, row.line(), &counter, &record));
  }
  if (!errors.empty()) {
    write.Discard();
    response->Clear();
    errors.MoveTo(response);
  }
  return absl::OkStatus();
}

absl::Status ImportPeople(const resource::Registry& registry, WriteContext& write, const v1::ImportPeopleRequest& request,
                          v1::ImportResponse* response) {
  FIVESTRAND_ASSIGN_OR_RETURN(const ImportColumns columns, ImportColumns::Read(request.columns(), domain::RequiredPersonColumns()));
  ImportErrors errors;
  Counter counter(response, &errors);
  absl::flat_hash_map<std::string, int> lines;
  absl::flat_hash_map<std::string, std::string> schools;
  // Who may import people cannot for that reason alone hand out roles.
  const bool may_grant =
      registry.access().DecideFor(*write.call().caller, "leadership.roleGrants.create", request.parent(), write.call().now).allowed;
  for (const v1::ImportRow& row : request.rows()) {
    domain::PersonRow read = domain::ReadPersonRow(columns, row, &errors);
    const std::string person_key = absl::StrCat(read.person.email(), "\n", read.post.title(), "\n", read.school_urn);
    if (auto [earlier, fresh] = lines.emplace(person_key, row.line()); !fresh) {
      errors.Add(row.line(), "email", absl::StrCat("stands with the same post in line ", earlier->second, " already"));
    }
    if (!may_grant && read.role != type::v1::ROLE_UNSPECIFIED)
      errors.Add(row.line(), "role", "you may not grant roles; leave it empty");
    if (!read.school_urn.empty() && !schools.contains(read.school_urn)) {
      FIVESTRAND_ASSIGN_OR_RETURN(const std::string path, FindPath(write, kSchoolByUrn, write.call().trust, read.school_urn));
      schools[read.school_urn] = path.empty() ? "" : absl::StrCat(request.parent(), "/", path);
    }
    if (!read.school_urn.empty() && schools[read.school_urn].empty())
      errors.Add(row.line(), "school urn", "is no school of this trust; import schools first");
    if (!errors.empty()) continue;

    write.set_field_prefix("");
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string path, FindPath(write, kPersonByEmail, write.call().trust, read.person.email()));
    v1::Person person;
    FIVESTRAND_RETURN_IF_ERROR(Put(write, path.empty() ? path : absl::StrCat(request.parent(), "/", path), request.parent(), "",
                                   read.person, row.line(), &counter, &person));
    if (read.post.kind() == v1::Post::KIND_UNSPECIFIED || !errors.empty()) continue;

    const std::string school = read.school_urn.empty() ? std::string() : schools[read.school_urn];
    read.post.set_person(person.name());
    read.post.set_school(school);
    std::string existing;
    FIVESTRAND_RETURN_IF_ERROR(write.transaction().Query(
        "SELECT path FROM post WHERE trust = $1 AND person = $2 AND kind = $3 AND school = $4 AND start_date = $5 AND delete_time "
        "IS NULL",
        {write.call().trust, person.name(), static_cast<int>(read.post.kind()), school,
         calendar::DateNumber(read.post.start_date())},
        [&](const store::Row& found) {
          existing = absl::StrCat(request.parent(), "/", AbslView(found.Text(0)));
          return absl::OkStatus();
        }));
    v1::Post post;
    FIVESTRAND_RETURN_IF_ERROR(Put(write, existing, request.parent(), "", read.post, row.line(), &counter, &post));
    const type::v1::Role role = read.role != type::v1::ROLE_UNSPECIFIED ? read.role : domain::RoleOfPost(read.post.kind());
    if (!may_grant || role == type::v1::ROLE_UNSPECIFIED || !existing.empty() || !errors.empty()) continue;
    v1::RoleGrant grant;
    grant.set_person(person.name());
    grant.set_role(role);
    if (!school.empty()) grant.add_schools(school);
    *grant.mutable_start_date() = read.post.start_date();
    if (read.post.has_end_date()) *grant.mutable_end_date() = read.post.end_date();
    FIVESTRAND_RETURN_IF_ERROR(counter.Take(row.line(), write.Create(request.parent(), "", &grant)));
  }
  if (!errors.empty()) {
    write.Discard();
    response->Clear();
    errors.MoveTo(response);
  }
  return absl::OkStatus();
}

}  // namespace

void BindImports(resource::Registry& registry, rpc::Server& server) {
  registry.HandleWrite<v1::ImportSchoolsRequest, v1::ImportResponse>(
      server, rpc::FindMethod("fivestrand.leadership.v1.OrganisationService.ImportSchools"),
      [](const v1::ImportSchoolsRequest& request) {
        return WriteSpec{
            .request_id = request.request_id(), .validate_only = request.validate_only(), .resource_type = "fivestrand/School"};
      },
      &ImportSchools);
  registry.HandleWrite<v1::ImportPeopleRequest, v1::ImportResponse>(
      server, rpc::FindMethod("fivestrand.leadership.v1.PeopleService.ImportPeople"),
      [](const v1::ImportPeopleRequest& request) {
        return WriteSpec{
            .request_id = request.request_id(), .validate_only = request.validate_only(), .resource_type = "fivestrand/Person"};
      },
      [&registry](WriteContext& write, const v1::ImportPeopleRequest& request, v1::ImportResponse* response) {
        return ImportPeople(registry, write, request, response);
      });
}

}  // namespace fivestrand::leadership::api
