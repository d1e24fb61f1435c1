#include "services/suite/demo/demo_loader.h"

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "fivestrand/leadership/v1/calendar_service.pb.h"
#include "fivestrand/leadership/v1/organisation_service.pb.h"
#include "fivestrand/leadership/v1/people_service.pb.h"
#include "fivestrand/leadership/v1/visibility_service.pb.h"
#include "fivestrand/type/v1/role.pb.h"
#include "google/protobuf/descriptor.h"
#include "platform/calendar/day.h"
#include "platform/names/names.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/suite/demo/demo_plan.h"
#include "services/suite/demo/demo_records.h"

namespace fivestrand::demo {
namespace {

using namespace leadership::v1;  // NOLINT: this file is about nothing else

constexpr int kBatch = 250;
constexpr absl::Duration kTimeout = absl::Seconds(50);

std::string Id(std::string_view name) { return std::string(names::IdOf(name)); }

class Loader {
 public:
  Loader(rpc::Client& client, const identity::TokenSigner& signer, const DemoOptions& options) : client_(client), signer_(signer), options_(options) {}

  absl::StatusOr<int> Load() {
    const DemoPlan plan = MakePlan(options_.seed);
    steps_ = 3 + static_cast<int>(plan.schools.size()) * 2;
    FIVESTRAND_ASSIGN_OR_RETURN(operator_token_, Token("operators/demo", type::v1::ROLE_OPERATOR, {}));
    FIVESTRAND_RETURN_IF_ERROR(Organisation(plan));
    FIVESTRAND_RETURN_IF_ERROR(People(plan));
    for (const DemoSchool& school : plan.schools) {
      FIVESTRAND_RETURN_IF_ERROR(School_(school));
      Step(absl::StrCat("classes and calendar of ", school.school.display_name()));
    }
    for (const DemoSchool& school : plan.schools) {
      FIVESTRAND_ASSIGN_OR_RETURN(SchoolRecords records, MakeRecords(plan, school, options_.seed, calendar::DayOf(options_.now)));
      for (auto& [leader, all] : records) FIVESTRAND_RETURN_IF_ERROR(Records(plan, school, leader, all));
      Step(absl::StrCat("a year of leadership at ", school.school.display_name()));
    }
    // Last, since its presence says that the rest is there.
    UpdateTrustRequest trust;
    *trust.mutable_trust() = plan.trust;
    trust.set_allow_missing(true);
    FIVESTRAND_RETURN_IF_ERROR(Call("OrganisationService.UpdateTrust", operator_token_, trust, std::make_unique<Trust>().get()));
    Step("the trust");
    return count_;
  }

 private:
  absl::StatusOr<std::string> Token(const std::string& subject, type::v1::Role role, std::vector<std::string> schools) {
    identity::Caller caller;
    caller.subject = subject;
    caller.trust = std::string(names::TrustOf(subject));
    caller.expires = absl::InfiniteFuture();
    identity::Grant grant;
    grant.role = role;
    grant.schools = std::move(schools);
    caller.grants.push_back(std::move(grant));
    return signer_.Sign(caller);
  }

  absl::Status Call(const std::string& method, const std::string& token, const google::protobuf::Message& request, google::protobuf::Message* response) {
    rpc::CallOptions call;
    call.token = token;
    call.timeout = kTimeout;
    absl::Status status = client_.Call(rpc::FindMethod(absl::StrCat("fivestrand.leadership.v1.", method)), request, response, call);
    if (status.ok() || absl::IsAlreadyExists(status)) return absl::OkStatus();
    return absl::Status(status.code(), absl::StrCat(method, ": ", status.message()));
  }

  // The same UUIDs in the same order each time: a repeated load repeats its requests.
  std::string RequestId() { return absl::StrFormat("f1fe5eed-0000-4000-8000-%012x", ++requests_ + (static_cast<std::uint64_t>(options_.seed) << 32)); }

  template <typename Request, typename Response, typename Record, typename Fill>
  absl::Status Batch(const std::string& method, const std::string& token, const std::string& parent, const std::vector<Record>& records, Fill fill) {
    for (size_t at = 0; at < records.size(); at += kBatch) {
      Request request;
      request.set_parent(parent);
      request.set_request_id(RequestId());
      for (size_t i = at; i < std::min(records.size(), at + kBatch); ++i) fill(records[i], request.add_requests());
      Response response;
      FIVESTRAND_RETURN_IF_ERROR(Call(method, token, request, &response));
      count_ += request.requests_size();
    }
    return absl::OkStatus();
  }

  void Step(const std::string& what) {
    ++step_;
    if (options_.progress) options_.progress(what, step_, steps_);
  }

  absl::Status Organisation(const DemoPlan& plan) {
    for (const auto& subject : plan.subjects) {
      CreateSubjectRequest request;
      request.set_parent(kTrust);
      request.set_subject_id(Id(subject.name()));
      *request.mutable_subject() = subject;
      Subject made;
      FIVESTRAND_RETURN_IF_ERROR(Call("OrganisationService.CreateSubject", operator_token_, request, &made));
    }
    for (const auto& focus : plan.focuses) {
      CreateTeachingFocusRequest request;
      request.set_parent(kTrust);
      request.set_teaching_focus_id(Id(focus.name()));
      *request.mutable_teaching_focus() = focus;
      TeachingFocus made;
      FIVESTRAND_RETURN_IF_ERROR(Call("OrganisationService.CreateTeachingFocus", operator_token_, request, &made));
    }
    FIVESTRAND_RETURN_IF_ERROR((Batch<BatchCreateBankHolidaysRequest, BatchCreateBankHolidaysResponse>(
        "CalendarService.BatchCreateBankHolidays", operator_token_, kTrust, plan.bank_holidays, [](const BankHoliday& holiday, CreateBankHolidayRequest* request) {
          request->set_bank_holiday_id(Id(holiday.name()));
          *request->mutable_bank_holiday() = holiday;
        })));
    std::vector<School> schools;
    for (const DemoSchool& school : plan.schools) schools.push_back(school.school);
    FIVESTRAND_RETURN_IF_ERROR((Batch<BatchCreateSchoolsRequest, BatchCreateSchoolsResponse>(
        "OrganisationService.BatchCreateSchools", operator_token_, kTrust, schools, [](const School& school, CreateSchoolRequest* request) {
          request->set_school_id(Id(school.name()));
          *request->mutable_school() = school;
        })));
    Step("organisation");
    return absl::OkStatus();
  }

  absl::Status People(const DemoPlan& plan) {
    std::vector<Person> people;
    std::vector<Post> posts;
    for (const DemoPerson& person : plan.people) {
      people.push_back(person.person);
      posts.insert(posts.end(), person.posts.begin(), person.posts.end());
    }
    FIVESTRAND_RETURN_IF_ERROR((Batch<BatchCreatePeopleRequest, BatchCreatePeopleResponse>(
        "PeopleService.BatchCreatePeople", operator_token_, kTrust, people, [](const Person& person, CreatePersonRequest* request) {
          request->set_person_id(Id(person.name()));
          *request->mutable_person() = person;
        })));
    FIVESTRAND_RETURN_IF_ERROR((Batch<BatchCreatePostsRequest, BatchCreatePostsResponse>(
        "PeopleService.BatchCreatePosts", operator_token_, kTrust, posts, [](const Post& post, CreatePostRequest* request) { *request->mutable_post() = post; })));
    for (const DemoPerson& person : plan.people) {
      for (const RoleGrant& grant : person.grants) {
        CreateRoleGrantRequest request;
        request.set_parent(kTrust);
        request.set_request_id(RequestId());
        *request.mutable_role_grant() = grant;
        RoleGrant made;
        FIVESTRAND_RETURN_IF_ERROR(Call("PeopleService.CreateRoleGrant", operator_token_, request, &made));
        ++count_;
      }
    }
    for (const LineManagement& line : plan.line_managements) {
      CreateLineManagementRequest request;
      request.set_parent(kTrust);
      request.set_request_id(RequestId());
      *request.mutable_line_management() = line;
      LineManagement made;
      FIVESTRAND_RETURN_IF_ERROR(Call("PeopleService.CreateLineManagement", operator_token_, request, &made));
      ++count_;
    }
    Step("people, posts and roles");
    return absl::OkStatus();
  }

  absl::Status School_(const DemoSchool& school) {
    const std::string& name = school.school.name();
    for (const AcademicYear& year : school.years) {
      CreateAcademicYearRequest request;
      request.set_parent(name);
      request.set_academic_year_id(Id(year.name()));
      *request.mutable_academic_year() = year;
      AcademicYear made;
      FIVESTRAND_RETURN_IF_ERROR(Call("CalendarService.CreateAcademicYear", operator_token_, request, &made));
    }
    return Batch<BatchCreateSchoolClassesRequest, BatchCreateSchoolClassesResponse>(
        "OrganisationService.BatchCreateSchoolClasses", operator_token_, name, school.classes, [](const SchoolClass& each, CreateSchoolClassRequest* request) {
          request->set_school_class_id(Id(each.name()));
          *request->mutable_school_class() = each;
        });
  }

  absl::Status Records(const DemoPlan& plan, const DemoSchool& school, const std::string& leader, const LeaderRecords& records) {
    const std::string& name = school.school.name();
    const type::v1::Role role = leader == plan.ceo           ? type::v1::ROLE_CEO
                                : leader == school.executive ? type::v1::ROLE_EXECUTIVE_HEADTEACHER
                                                             : type::v1::ROLE_HEADTEACHER;
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string token, Token(leader, role, {Id(name)}));
    FIVESTRAND_RETURN_IF_ERROR((Batch<BatchCreateDropInsRequest, BatchCreateDropInsResponse>(
        "VisibilityService.BatchCreateDropIns", token, name, records.drop_ins,
        [](const DropIn& each, CreateDropInRequest* request) { *request->mutable_drop_in() = each; })));
    FIVESTRAND_RETURN_IF_ERROR((Batch<BatchCreateDutiesRequest, BatchCreateDutiesResponse>(
        "VisibilityService.BatchCreateDuties", token, name, records.duties,
        [](const Duty& each, CreateDutyRequest* request) { *request->mutable_duty() = each; })));
    FIVESTRAND_RETURN_IF_ERROR((Batch<BatchCreateModelledLessonsRequest, BatchCreateModelledLessonsResponse>(
        "VisibilityService.BatchCreateModelledLessons", token, name, records.modelled_lessons,
        [](const ModelledLesson& each, CreateModelledLessonRequest* request) { *request->mutable_modelled_lesson() = each; })));
    return Batch<BatchCreateVisitsRequest, BatchCreateVisitsResponse>(
        "VisibilityService.BatchCreateVisits", token, name, records.visits,
        [](const Visit& each, CreateVisitRequest* request) { *request->mutable_visit() = each; });
  }

  rpc::Client& client_;
  const identity::TokenSigner& signer_;
  const DemoOptions& options_;
  std::string operator_token_;
  std::uint64_t requests_ = 0;
  int count_ = 0;
  int step_ = 0;
  int steps_ = 1;
};

}  // namespace

absl::StatusOr<bool> DemoLoaded(rpc::Client& leadership, const identity::TokenSigner& signer) {
  identity::Caller caller;
  caller.subject = "operators/demo";
  caller.expires = absl::InfiniteFuture();
  caller.grants.emplace_back().role = type::v1::ROLE_OPERATOR;
  rpc::CallOptions call;
  FIVESTRAND_ASSIGN_OR_RETURN(call.token, signer.Sign(caller));
  call.timeout = kTimeout;
  GetTrustRequest request;
  request.set_name(kTrust);
  Trust trust;
  absl::Status status = leadership.Call(rpc::FindMethod("fivestrand.leadership.v1.OrganisationService.GetTrust"), request, &trust, call);
  if (absl::IsNotFound(status)) return false;
  FIVESTRAND_RETURN_IF_ERROR(status);
  return true;
}

absl::StatusOr<int> LoadDemo(rpc::Client& leadership, const identity::TokenSigner& signer, const DemoOptions& options) {
  return Loader(leadership, signer, options).Load();
}

}  // namespace fivestrand::demo
