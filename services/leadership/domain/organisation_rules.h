// Rules of the organisation, its people and its calendar.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_ORGANISATION_RULES_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_ORGANISATION_RULES_H_

#include <string_view>

#include "absl/status/status.h"
#include "fivestrand/leadership/v1/calendar.pb.h"
#include "fivestrand/leadership/v1/organisation.pb.h"
#include "fivestrand/leadership/v1/people.pb.h"

#include "platform/resource/strategy.h"
#include "platform/resource/write_context.h"

namespace fivestrand::leadership::domain {

// A threshold of small numbers that protects somebody.
class TrustStrategy : public resource::StrategyFor<v1::Trust> {
 public:
  absl::Status Write(resource::WriteContext& context, const v1::Trust* before, v1::Trust* after) override;
};

// Ages and dates in order; open unless said otherwise.
class SchoolStrategy : public resource::StrategyFor<v1::School> {
 public:
  absl::Status Write(resource::WriteContext& context, const v1::School* before, v1::School* after) override;
};

// Dates in order.
class PersonStrategy : public resource::StrategyFor<v1::Person> {
 public:
  absl::Status Write(resource::WriteContext& context, const v1::Person* before, v1::Person* after) override;
};

// A post at a school names it, a post at the trust does not; only an executive headteacher answers for schools. Two people may hold
// one headship: co-headteachers exist.
class PostStrategy : public resource::StrategyFor<v1::Post> {
 public:
  absl::Status Write(resource::WriteContext& context, const v1::Post* before, v1::Post* after) override;
};

class LineManagementStrategy : public resource::StrategyFor<v1::LineManagement> {
 public:
  absl::Status Write(resource::WriteContext& context, const v1::LineManagement* before, v1::LineManagement* after) override;
};

// A grant to oneself, or a change of one's own, waits for a second person.
class RoleGrantStrategy : public resource::StrategyFor<v1::RoleGrant> {
 public:
  absl::Status Write(resource::WriteContext& context, const v1::RoleGrant* before, v1::RoleGrant* after) override;
};

// PERMISSION_DENIED for the receiver and for whoever asked; FAILED_PRECONDITION when there is nothing to confirm.
absl::Status Confirm(std::string_view actor, v1::RoleGrant* grant);

class AcademicYearStrategy : public resource::StrategyFor<v1::AcademicYear> {
 public:
  absl::Status Write(resource::WriteContext& context, const v1::AcademicYear* before, v1::AcademicYear* after) override;
};

// The id is the date.
class BankHolidayStrategy : public resource::StrategyFor<v1::BankHoliday> {
 public:
  absl::Status Write(resource::WriteContext& context, const v1::BankHoliday* before, v1::BankHoliday* after) override;
};

}  // namespace fivestrand::leadership::domain

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_DOMAIN_ORGANISATION_RULES_H_
