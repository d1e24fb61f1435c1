#include "services/suite/demo/demo_loader.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "fivestrand/leadership/v1/calendar_service.pb.h"
#include "fivestrand/leadership/v1/organisation_service.pb.h"
#include "fivestrand/leadership/v1/people_service.pb.h"
#include "fivestrand/leadership/v1/visibility_service.pb.h"
#include "fivestrand/type/v1/role.pb.h"
#include "google/protobuf/descriptor.h"

#include "platform/calendar/day.h"
#include "platform/names/id_source.h"
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

std::string Id(std::string_view name) {
  return std::string(names::IdOf(name));
}

// FNV-1a.
std::uint64_t Hash(std::string_view bytes) {
  std::uint64_t hash = 0xCBF29CE484222325ull;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
  return hash;
}

// Ids like those that the server makes, but the same each time: a load that was cut off finds what it has written.
std::string FixedId(absl::Time time, std::initializer_list<absl::string_view> parts) {
  return names::MakeId(time, Hash(absl::StrJoin(parts, "\n")));
}
std::string FixedId(const google::type::Date& date, std::initializer_list<absl::string_view> parts) {
  return FixedId(calendar::StartOf(absl::CivilDay(date.year(), date.month(), date.day())), parts);
}
// A record of what a leader did at a time.
template <typename Record>
std::string FixedId(const Record& record) {
  return FixedId(absl::FromUnixSeconds(record.start_time().seconds()), {Record::descriptor()->name(), record.leader()});
}

class Loader {
 public:
  Loader(rpc::Client& client, const identity::TokenSigner& signer, const DemoOptions& options)
      : client_(client), signer_(signer), options_(options) {}

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
    FIVESTRAND_ASSIGN_OR_RETURN(operator_token_, Token("operators/demo", type::v1::ROLE_OPERATOR, {}));
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

  // What is there already stays as it is.
  absl::Status Call(const std::string& method, const std::string& token, const google::protobuf::Message& request,
                    google::protobuf::Message* response) {
    absl::Status status = CallOnce(method, token, request, response);
    return absl::IsAlreadyExists(status) ? absl::OkStatus() : status;
  }

  absl::Status CallOnce(const std::string& method, const std::string& token, const google::protobuf::Message& request,
                        google::protobuf::Message* response) {
    if (options_.stop.stop_requested()) return status::Cancelled("the load was stopped");
    rpc::CallOptions call;
    call.token = token;
    call.timeout = kTimeout;
    absl::Status status = client_.Call(rpc::FindMethod(absl::StrCat("fivestrand.leadership.v1.", method)), request, response, call);
    if (status.ok()) return status;
    return absl::Status(status.code(), absl::StrCat(method, ": ", status.message()));
  }

  // The same request has the same UUID, so that it can be repeated.
  static std::string RequestId(const google::protobuf::Message& request) {
    const std::string bytes = absl::StrCat(request.GetDescriptor()->full_name(), "\n", request.SerializeAsString());
    const std::uint64_t a = Hash(bytes), b = Hash(absl::StrCat("demo", bytes));
    return absl::StrFormat("%08x-%04x-4%03x-8%03x-%012x", a >> 32, (a >> 16) & 0xFFFF, a & 0xFFF, b >> 52, b & 0xFFFFFFFFFFFF);
  }

  // All records that are not there yet. A batch of which some are there comes of a load that was cut off on an earlier day; those
  // are its first, since records are in order of time.
  template <typename Request, typename Response, typename Record, typename Fill>
  absl::Status Batch(const std::string& method, const std::string& token, const std::string& parent,
                     const std::vector<Record>& records, Fill fill) {
    for (size_t at = 0; at < records.size(); at += kBatch) {
      const absl::Span<const Record> some = absl::MakeSpan(records).subspan(at, kBatch);
      FIVESTRAND_RETURN_IF_ERROR((CreateMissing<Request, Response>(method, token, parent, some, fill).status()));
      count_ += static_cast<int>(some.size());
    }
    return absl::OkStatus();
  }

  // Whether any was missing.
  template <typename Request, typename Response, typename Record, typename Fill>
  absl::StatusOr<bool> CreateMissing(const std::string& method, const std::string& token, const std::string& parent,
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
    const size_t half = records.size() / 2;
    FIVESTRAND_ASSIGN_OR_RETURN(const bool later,
                                (CreateMissing<Request, Response>(method, token, parent, records.subspan(half), fill)));
    if (!later) return false;
    FIVESTRAND_RETURN_IF_ERROR((CreateMissing<Request, Response>(method, token, parent, records.subspan(0, half), fill).status()));
    return true;
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
        "CalendarService.BatchCreateBankHolidays", operator_token_, kTrust, plan.bank_holidays,
        [](const BankHoliday& holiday, CreateBankHolidayRequest* request) {
          request->set_bank_holiday_id(Id(holiday.name()));
          *request->mutable_bank_holiday() = holiday;
        })));
    std::vector<School> schools;
    for (const DemoSchool& school : plan.schools) schools.push_back(school.school);
    FIVESTRAND_RETURN_IF_ERROR((Batch<BatchCreateSchoolsRequest, BatchCreateSchoolsResponse>(
        "OrganisationService.BatchCreateSchools", operator_token_, kTrust, schools,
        [](const School& school, CreateSchoolRequest* request) {
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
        "PeopleService.BatchCreatePosts", operator_token_, kTrust, posts, [](const Post& post, CreatePostRequest* request) {
          request->set_post_id(FixedId(post.start_date(), {post.person(), post.title(), post.school()}));
          *request->mutable_post() = post;
        })));
    for (const DemoPerson& person : plan.people) {
      for (const RoleGrant& grant : person.grants) {
        CreateRoleGrantRequest request;
        request.set_parent(kTrust);
        request.set_role_grant_id(FixedId(grant.start_date(), {grant.person(), absl::StrCat(grant.role())}));
        *request.mutable_role_grant() = grant;
        request.set_request_id(RequestId(request));
        RoleGrant made;
        FIVESTRAND_RETURN_IF_ERROR(Call("PeopleService.CreateRoleGrant", operator_token_, request, &made));
        ++count_;
      }
    }
    for (const LineManagement& line : plan.line_managements) {
      CreateLineManagementRequest request;
      request.set_parent(kTrust);
      request.set_line_management_id(FixedId(line.start_date(), {line.manager(), line.report()}));
      *request.mutable_line_management() = line;
      request.set_request_id(RequestId(request));
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
        "OrganisationService.BatchCreateSchoolClasses", operator_token_, name, school.classes,
        [](const SchoolClass& each, CreateSchoolClassRequest* request) {
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
        [](const DropIn& each, CreateDropInRequest* request) {
          request->set_drop_in_id(FixedId(each));
          *request->mutable_drop_in() = each;
        })));
    FIVESTRAND_RETURN_IF_ERROR((Batch<BatchCreateDutiesRequest, BatchCreateDutiesResponse>(
        "VisibilityService.BatchCreateDuties", token, name, records.duties, [](const Duty& each, CreateDutyRequest* request) {
          request->set_duty_id(FixedId(each));
          *request->mutable_duty() = each;
        })));
    FIVESTRAND_RETURN_IF_ERROR((Batch<BatchCreateModelledLessonsRequest, BatchCreateModelledLessonsResponse>(
        "VisibilityService.BatchCreateModelledLessons", token, name, records.modelled_lessons,
        [](const ModelledLesson& each, CreateModelledLessonRequest* request) {
          request->set_modelled_lesson_id(FixedId(each));
          *request->mutable_modelled_lesson() = each;
        })));
    return Batch<BatchCreateVisitsRequest, BatchCreateVisitsResponse>(
        "VisibilityService.BatchCreateVisits", token, name, records.visits, [](const Visit& each, CreateVisitRequest* request) {
          request->set_visit_id(FixedId(each));
          *request->mutable_visit() = each;
        });
  }

  rpc::Client& client_;
  const identity::TokenSigner& signer_;
  const DemoOptions& options_;
  std::string operator_token_;
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
  absl::Status status =
      leadership.Call(rpc::FindMethod("fivestrand.leadership.v1.OrganisationService.GetTrust"), request, &trust, call);
  if (absl::IsNotFound(status)) return false;
  FIVESTRAND_RETURN_IF_ERROR(status);
  return true;
}

absl::StatusOr<int> LoadDemo(rpc::Client& leadership, const identity::TokenSigner& signer, const DemoOptions& options) {
  return Loader(leadership, signer, options).Load();
}

}  // namespace fivestrand::demo
