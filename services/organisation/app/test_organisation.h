// Fills the mirrors of a service under test as the feed of leadership would: with events, through the function that the follower
// calls. Everything is of the trust `acorn` and given by id.
#ifndef FIVESTRAND_SERVICES_ORGANISATION_APP_TEST_ORGANISATION_H_
#define FIVESTRAND_SERVICES_ORGANISATION_APP_TEST_ORGANISATION_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fivestrand/leadership/v1/people.pb.h"
#include "fivestrand/type/v1/school.pb.h"
#include "google/protobuf/message.h"

#include "platform/testing/test_service.h"

namespace fivestrand::organisation {

class TestOrganisation {
 public:
  explicit TestOrganisation(testing::TestService& service) : service_(service) {}

  // Adds the record under its name, or replaces it. Fills in the times of creation and update.
  void Put(google::protobuf::Message& record);

  void AddTrust();
  void AddSchool(std::string_view school);
  // The usual year 2025-26 or 2026-27.
  void AddYear(std::string_view school, int start_year);
  void AddPerson(std::string_view person);
  // No end: still held. `responsible` are the schools of an executive headteacher.
  void AddPost(std::string_view person, leadership::v1::Post::Kind kind, std::string_view school,
               const std::vector<std::string>& responsible = {}, std::string_view start = "2020-09-01", std::string_view end = "");
  void AddManager(std::string_view manager, std::string_view report, std::string_view start = "2020-09-01",
                  std::string_view end = "");
  void AddSubject(std::string_view subject);
  void AddClass(std::string_view school, std::string_view id, std::string_view academic_year, type::v1::YearGroup year_group,
                const std::vector<std::string>& teachers = {});
  // An open improvement thread about the school. Returns its name.
  std::string AddThread(std::string_view id, std::string_view school);

 private:
  testing::TestService& service_;
  std::int64_t revision_ = 0;
};

}  // namespace fivestrand::organisation

#endif  // FIVESTRAND_SERVICES_ORGANISATION_APP_TEST_ORGANISATION_H_
