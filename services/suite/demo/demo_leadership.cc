#include "services/suite/demo/demo_leadership.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivestrand/leadership/v1/calendar_service.pb.h"
#include "fivestrand/leadership/v1/organisation_service.pb.h"
#include "fivestrand/leadership/v1/people_service.pb.h"
#include "fivestrand/leadership/v1/visibility_service.pb.h"
#include "google/protobuf/descriptor.h"

#include "platform/calendar/day.h"
#include "services/suite/demo/demo_records.h"

namespace fivestrand::demo {
namespace {

using namespace leadership::v1;  // NOLINT: this file is about nothing else

// Of a record of what a leader did at a time.
template <typename Record>
std::string RecordId(const Record& record) {
  return FixedId(absl::FromUnixSeconds(record.start_time().seconds()), {Record::descriptor()->name(), record.leader()});
}

absl::Status Schools(const DemoPlan& plan, Calls& calls, const std::string& token) {
  for (const auto& focus : plan.focuses) {
    CreateTeachingFocusRequest request;
    request.set_parent(kTrust);
    request.set_teaching_focus_id(Id(focus.name()));
    *request.mutable_teaching_focus() = focus;
    TeachingFocus made;
    FIVESTRAND_RETURN_IF_ERROR(calls.Call("OrganisationService.CreateTeachingFocus", token, request, &made));
  }
  FIVESTRAND_RETURN_IF_ERROR((calls.Batch<BatchCreateBankHolidaysRequest, BatchCreateBankHolidaysResponse>(
      "CalendarService.BatchCreateBankHolidays", token, kTrust, plan.bank_holidays,
      [](const BankHoliday& holiday, CreateBankHolidayRequest* request) {
        request->set_bank_holiday_id(Id(holiday.name()));
        *request->mutable_bank_holiday() = holiday;
      })));
  std::vector<School> schools;
  for (const DemoSchool& school : plan.schools) schools.push_back(school.school);
  FIVESTRAND_RETURN_IF_ERROR((calls.Batch<BatchCreateSchoolsRequest, BatchCreateSchoolsResponse>(
      "OrganisationService.BatchCreateSchools", token, kTrust, schools, [](const School& school, CreateSchoolRequest* request) {
        request->set_school_id(Id(school.name()));
        *request->mutable_school() = school;
      })));
  return absl::OkStatus();
}

absl::Status People(const DemoPlan& plan, Calls& calls, const std::string& token) {
  std::vector<Person> people;
  std::vector<Post> posts;
  for (const DemoPerson& person : plan.people) {
    people.push_back(person.person);
    posts.insert(posts.end(), person.posts.begin(), person.posts.end());
  }
  FIVESTRAND_RETURN_IF_ERROR((calls.Batch<BatchCreatePeopleRequest, BatchCreatePeopleResponse>(
      "PeopleService.BatchCreatePeople", token, kTrust, people, [](const Person& person, CreatePersonRequest* request) {
        request->set_person_id(Id(person.name()));
        *request->mutable_person() = person;
      })));
  FIVESTRAND_RETURN_IF_ERROR((calls.Batch<BatchCreatePostsRequest, BatchCreatePostsResponse>(
      "PeopleService.BatchCreatePosts", token, kTrust, posts, [](const Post& post, CreatePostRequest* request) {
        request->set_post_id(FixedId(Day(post.start_date()), {post.person(), post.title(), post.school()}));
        *request->mutable_post() = post;
      })));
  for (const DemoPerson& person : plan.people) {
    for (const RoleGrant& grant : person.grants) {
      CreateRoleGrantRequest request;
      request.set_parent(kTrust);
      request.set_role_grant_id(FixedId(Day(grant.start_date()), {grant.person(), absl::StrCat(grant.role())}));
      *request.mutable_role_grant() = grant;
      request.set_request_id(Calls::RequestId(request));
      RoleGrant made;
      FIVESTRAND_RETURN_IF_ERROR(calls.Call("PeopleService.CreateRoleGrant", token, request, &made));
      calls.Count(1);
    }
  }
  for (const LineManagement& line : plan.line_managements) {
    CreateLineManagementRequest request;
    request.set_parent(kTrust);
    request.set_line_management_id(FixedId(Day(line.start_date()), {line.manager(), line.report()}));
    *request.mutable_line_management() = line;
    request.set_request_id(Calls::RequestId(request));
    LineManagement made;
    FIVESTRAND_RETURN_IF_ERROR(calls.Call("PeopleService.CreateLineManagement", token, request, &made));
    calls.Count(1);
  }
  return absl::OkStatus();
}

absl::Status Subjects(const DemoPlan& plan, Calls& calls, const std::string& token) {
  for (const auto& subject : plan.subjects) {
    CreateSubjectRequest request;
    request.set_parent(kTrust);
    request.set_subject_id(Id(subject.name()));
    *request.mutable_subject() = subject;
    Subject made;
    FIVESTRAND_RETURN_IF_ERROR(calls.Call("OrganisationService.CreateSubject", token, request, &made));
  }
  return absl::OkStatus();
}

absl::Status ClassesAndCalendar(const DemoSchool& school, Calls& calls, const std::string& token) {
  const std::string& name = school.school.name();
  for (const AcademicYear& year : school.years) {
    CreateAcademicYearRequest request;
    request.set_parent(name);
    request.set_academic_year_id(Id(year.name()));
    *request.mutable_academic_year() = year;
    AcademicYear made;
    FIVESTRAND_RETURN_IF_ERROR(calls.Call("CalendarService.CreateAcademicYear", token, request, &made));
  }
  return calls.Batch<BatchCreateSchoolClassesRequest, BatchCreateSchoolClassesResponse>(
      "OrganisationService.BatchCreateSchoolClasses", token, name, school.classes,
      [](const SchoolClass& each, CreateSchoolClassRequest* request) {
        request->set_school_class_id(Id(each.name()));
        *request->mutable_school_class() = each;
      });
}

absl::Status Records(const DemoPlan& plan, const DemoSchool& school, Calls& calls, const std::string& leader,
                     const LeaderRecords& records) {
  const std::string& name = school.school.name();
  const type::v1::Role role = leader == plan.ceo           ? type::v1::ROLE_CEO
                              : leader == school.executive ? type::v1::ROLE_EXECUTIVE_HEADTEACHER
                                                           : type::v1::ROLE_HEADTEACHER;
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string token, calls.Token(leader, role, {Id(name)}));
  FIVESTRAND_RETURN_IF_ERROR((calls.Batch<BatchCreateDropInsRequest, BatchCreateDropInsResponse>(
      "VisibilityService.BatchCreateDropIns", token, name, records.drop_ins, [](const DropIn& each, CreateDropInRequest* request) {
        request->set_drop_in_id(RecordId(each));
        *request->mutable_drop_in() = each;
      })));
  FIVESTRAND_RETURN_IF_ERROR((calls.Batch<BatchCreateDutiesRequest, BatchCreateDutiesResponse>(
      "VisibilityService.BatchCreateDuties", token, name, records.duties, [](const Duty& each, CreateDutyRequest* request) {
        request->set_duty_id(RecordId(each));
        *request->mutable_duty() = each;
      })));
  FIVESTRAND_RETURN_IF_ERROR((calls.Batch<BatchCreateModelledLessonsRequest, BatchCreateModelledLessonsResponse>(
      "VisibilityService.BatchCreateModelledLessons", token, name, records.modelled_lessons,
      [](const ModelledLesson& each, CreateModelledLessonRequest* request) {
        request->set_modelled_lesson_id(RecordId(each));
        *request->mutable_modelled_lesson() = each;
      })));
  return calls.Batch<BatchCreateVisitsRequest, BatchCreateVisitsResponse>(
      "VisibilityService.BatchCreateVisits", token, name, records.visits, [](const Visit& each, CreateVisitRequest* request) {
        request->set_visit_id(RecordId(each));
        *request->mutable_visit() = each;
      });
}

}  // namespace

absl::Status LoadOrganisation(const DemoPlan& plan, Calls& calls, const std::function<void(std::string_view)>& step) {
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string token, calls.OperatorToken());
  FIVESTRAND_RETURN_IF_ERROR(Schools(plan, calls, token));
  step("organisation");
  FIVESTRAND_RETURN_IF_ERROR(People(plan, calls, token));
  step("people, posts and roles");
  // After the people: a service that knows the subjects knows them too.
  FIVESTRAND_RETURN_IF_ERROR(Subjects(plan, calls, token));
  for (const DemoSchool& school : plan.schools) {
    FIVESTRAND_RETURN_IF_ERROR(ClassesAndCalendar(school, calls, token));
    step(absl::StrCat("classes and calendar of ", school.school.display_name()));
  }
  return absl::OkStatus();
}

absl::Status LoadLeadership(const DemoPlan& plan, Calls& calls, const std::function<void(std::string_view)>& step) {
  for (const DemoSchool& school : plan.schools) {
    FIVESTRAND_ASSIGN_OR_RETURN(const SchoolRecords records,
                                MakeRecords(plan, school, calls.options().seed, calendar::DayOf(calls.options().now)));
    for (const auto& [leader, all] : records) FIVESTRAND_RETURN_IF_ERROR(Records(plan, school, calls, leader, all));
    step(absl::StrCat("a year of leadership at ", school.school.display_name()));
  }
  return absl::OkStatus();
}

absl::Status LoadTrust(const DemoPlan& plan, Calls& calls, bool complete) {
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string token, calls.OperatorToken());
  UpdateTrustRequest request;
  *request.mutable_trust() = plan.trust;
  request.set_allow_missing(true);
  if (!complete) request.mutable_trust()->clear_group_code();
  Trust trust;
  return calls.Call("OrganisationService.UpdateTrust", token, request, &trust);
}

absl::StatusOr<bool> IsComplete(Calls& calls) {
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string token, calls.OperatorToken());
  GetTrustRequest request;
  request.set_name(kTrust);
  Trust trust;
  const absl::Status status = calls.Call("OrganisationService.GetTrust", token, request, &trust);
  if (absl::IsNotFound(status)) return false;
  FIVESTRAND_RETURN_IF_ERROR(status);
  return !trust.group_code().empty();
}

}  // namespace fivestrand::demo
