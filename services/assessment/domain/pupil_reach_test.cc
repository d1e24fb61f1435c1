#include "services/assessment/domain/pupil_reach.h"

#include <gtest/gtest.h>

#include "fivestrand/type/v1/role.pb.h"
#include "fivestrand/type/v1/school.pb.h"

namespace fivestrand::assessment::domain {
namespace {

using identity::Access;
using identity::Grant;
using identity::Reach;

class PupilReachTest : public ::testing::Test {
 protected:
  Access Through(Reach reach, const Grant& grant) {
    Access access;
    access.allowed = true;
    access.reached.push_back({reach, &grant});
    return access;
  }
  ReachFacts pupil_{.school = "northgate", .year_group = type::v1::YEAR_GROUP_5, .classes = {"5-maple"}, .taught = false};
};

TEST_F(PupilReachTest, AHeadteacherReachesTheOwnSchool) {
  Grant grant;
  grant.schools = {"northgate"};
  EXPECT_TRUE(ReachesPupil(Through(Reach::kRowSchool, grant), pupil_));
  EXPECT_TRUE(ReachesResult(Through(Reach::kRowSchool, grant), pupil_, "maths"));
  pupil_.school = "elmwood";
  EXPECT_FALSE(ReachesPupil(Through(Reach::kRowSchool, grant), pupil_));
  EXPECT_FALSE(ReachesResult(Through(Reach::kRowSchool, grant), pupil_, "maths"));
  EXPECT_FALSE(ReachesPupil(Access(), pupil_));
}

TEST_F(PupilReachTest, AMiddleLeaderReachesTheOwnSubjectOrYear) {
  Grant maths;
  maths.schools = {"northgate"};
  maths.subjects = {"maths"};
  EXPECT_TRUE(ReachesPupil(Through(Reach::kRowSchool, maths), pupil_));
  EXPECT_TRUE(ReachesResult(Through(Reach::kRowSchool, maths), pupil_, "maths"));
  EXPECT_FALSE(ReachesResult(Through(Reach::kRowSchool, maths), pupil_, "english"));
  Grant year;
  year.schools = {"northgate"};
  year.year_groups = {type::v1::YEAR_GROUP_6};
  EXPECT_FALSE(ReachesPupil(Through(Reach::kRowSchool, year), pupil_));
  pupil_.year_group = type::v1::YEAR_GROUP_6;
  EXPECT_TRUE(ReachesPupil(Through(Reach::kRowSchool, year), pupil_));
  EXPECT_TRUE(ReachesResult(Through(Reach::kRowSchool, year), pupil_, "english"));
}

TEST_F(PupilReachTest, ATeacherReachesWhomTheyTeachNow) {
  Grant grant;
  grant.schools = {"northgate"};
  EXPECT_FALSE(ReachesPupil(Through(Reach::kOwn, grant), pupil_));
  pupil_.taught = true;
  EXPECT_TRUE(ReachesPupil(Through(Reach::kOwn, grant), pupil_));
  pupil_.school = "elmwood";
  EXPECT_FALSE(ReachesPupil(Through(Reach::kOwn, grant), pupil_)) << "the grant is for another school";
}

TEST_F(PupilReachTest, APupilOfNoSchoolIsTheTrusts) {
  pupil_.school.clear();
  Grant school, trust;
  school.schools = {"northgate"};
  EXPECT_FALSE(ReachesPupil(Through(Reach::kRowSchool, school), pupil_));
  EXPECT_TRUE(ReachesPupil(Through(Reach::kRowSchool, trust), pupil_));
}

}  // namespace
}  // namespace fivestrand::assessment::domain
