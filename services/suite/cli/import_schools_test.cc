// `import schools` against the service itself.
#include <fstream>
#include <map>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "fivestrand/leadership/v1/organisation_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/suite/cli/import_file.h"
#include "services/suite/cli/test_commands.h"
#include "services/suite/cli/trust_command.h"

namespace fivestrand::cli {
namespace {

using leadership::v1::School;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kExcerpt[] = "services/suite/cli/testdata/gias-excerpt.csv";

std::string Day(const google::type::Date& date) {
  return absl::StrCat(date.year(), "-", date.month(), "-", date.day());
}

class ImportSchoolsTest : public CommandTest {
 protected:
  std::map<std::string, School> Schools() {
    leadership::v1::ListSchoolsRequest request;
    request.set_parent("trusts/acorn");
    const auto listed = Ask<leadership::v1::ListSchoolsResponse>("OrganisationService.ListSchools", request);
    std::map<std::string, School> schools;
    for (const School& school : listed.schools()) schools[school.urn()] = school;
    return schools;
  }

  static std::string Excerpt() {
    auto bytes = ReadFile(kExcerpt, 1 << 20);
    EXPECT_TRUE(bytes.ok()) << bytes.status();
    return bytes.ok() ? *bytes : "";
  }
};

TEST_F(ImportSchoolsTest, TakesTheTrustsOwnSchools) {
  MakeTrust("99901");
  ASSERT_EQ(Run(&ImportSchools, kExcerpt), 0) << err_.str();
  EXPECT_EQ(out(), "3 rows of other trusts left out\nimport schools: created 8, updated 0, unchanged 0\n");
  EXPECT_THAT(errors(), ElementsAre(absl::StrCat(kExcerpt, " is not UTF-8 and was read as Windows-1252")));

  const auto schools = Schools();
  ASSERT_EQ(schools.size(), 8u);
  int open = 0;
  for (const auto& [urn, school] : schools) open += school.status() == School::OPEN;
  EXPECT_EQ(open, 7);

  const School& northgate = schools.at("999105");
  EXPECT_EQ(northgate.name(), "trusts/acorn/schools/northgate-academy");
  EXPECT_EQ(northgate.display_name(), "Northgate Academy");
  EXPECT_EQ(northgate.laestab(), "9994001");
  EXPECT_EQ(northgate.ukprn(), "99999105");
  EXPECT_EQ(northgate.phase(), type::v1::PHASE_SECONDARY);
  EXPECT_EQ(northgate.lowest_age(), 11);
  EXPECT_EQ(northgate.highest_age(), 16);
  EXPECT_EQ(Day(northgate.open_date()), "2025-1-1");
  EXPECT_FALSE(northgate.has_close_date());
  EXPECT_EQ(northgate.pupil_count(), 905);
  EXPECT_EQ(northgate.capacity(), 950);
  EXPECT_EQ(northgate.town(), "Fictional Town");
  EXPECT_EQ(northgate.postcode(), "ZZ99 5ZZ");

  EXPECT_EQ(schools.at("999102").name(), "trusts/acorn/schools/st-brannocs-church-of-england-primary-ac");
  EXPECT_EQ(schools.at("999102").display_name(), "St Brannoc’s Church of England Primary Academy");
  EXPECT_EQ(schools.at("999107").phase(), type::v1::PHASE_NOT_APPLICABLE);
  EXPECT_EQ(schools.at("999108").status(), School::PROPOSED);
  EXPECT_EQ(Day(schools.at("999108").open_date()), "2027-4-1");
}

TEST_F(ImportSchoolsTest, TheSameFileTwiceChangesNothing) {
  MakeTrust("99901");
  ASSERT_EQ(Run(&ImportSchools, kExcerpt), 0) << err_.str();
  const auto before = Schools();
  const int events = Count("outbox");
  ASSERT_EQ(Run(&ImportSchools, kExcerpt), 0) << err_.str();
  EXPECT_THAT(out(), HasSubstr("created 0, updated 0, unchanged 8"));
  EXPECT_EQ(Count("outbox"), events);
  for (const auto& [urn, school] : Schools()) EXPECT_EQ(school.etag(), before.at(urn).etag());
}

TEST_F(ImportSchoolsTest, AnotherExtractUpdates) {
  MakeTrust("99901");
  ASSERT_EQ(Run(&ImportSchools, kExcerpt), 0) << err_.str();
  const std::string later =
      absl::StrReplaceAll(Excerpt(), {{"\"905\"", "\"917\""}, {"Hazelmere Primary School", "Hazelmere Community Primary"}});
  ASSERT_EQ(Run(&ImportSchools, File(later)), 0) << err_.str();
  EXPECT_THAT(out(), HasSubstr("created 0, updated 2, unchanged 6"));
  EXPECT_EQ(Schools().at("999105").pupil_count(), 917);
  // The address of a school stays when its name changes.
  EXPECT_EQ(Schools().at("999101").name(), "trusts/acorn/schools/hazelmere-primary-school");
}

TEST_F(ImportSchoolsTest, ADryRunWritesNothing) {
  MakeTrust("99901");
  ASSERT_EQ(Run(&ImportSchools, kExcerpt, /*dry_run=*/true), 0) << err_.str();
  EXPECT_THAT(out(), HasSubstr("import schools: dry run, nothing written: would be created 8, updated 0, unchanged 0\n"));
  EXPECT_THAT(Schools(), IsEmpty());
}

TEST_F(ImportSchoolsTest, ReportsEveryBadRowAndWritesNothing) {
  MakeTrust("99901");
  const std::string longest(121, 'x');
  const std::string bad = absl::StrReplaceAll(Excerpt(), {{"\"999101\"", "\"99910\""},
                                                          {"\"999103\"", "\"999102\""},
                                                          {"Ashdown Junior School", longest},
                                                          {"\"01-01-2025\"", "\"31-02-2025\""},
                                                          {"\"1284\"", "\"many\""},
                                                          {"\"Proposed to open\"", "\"Proposed to open\",\"one cell more\""}});
  EXPECT_EQ(Run(&ImportSchools, File(bad)), 1);
  EXPECT_THAT(errors(),
              AllOf(Contains("line 4, column URN: must be 6 digits"), Contains("line 6, column URN: stands in line 5 already"),
                    Contains("line 7, column EstablishmentName: is longer than 120 characters"),
                    Contains("line 8, column OpenDate: must be a date written as dd-mm-yyyy"),
                    Contains("line 9, column NumberOfPupils: must be a whole number from 0 to 20000")));
  // A cell too many shifts the row and runs over its end.
  EXPECT_THAT(errors(), Contains(AllOf(HasSubstr("line 12, column "), HasSubstr("lies beyond the header"))));
  EXPECT_EQ(errors().back(), "import schools: 6 errors, nothing was written");
  EXPECT_THAT(errors(), Not(Contains(HasSubstr(longest))));
  EXPECT_THAT(Schools(), IsEmpty());
}

TEST_F(ImportSchoolsTest, ReportsWhatTheContractRefuses) {
  MakeTrust("99901");
  EXPECT_EQ(Run(&ImportSchools, File(absl::StrReplaceAll(Excerpt(), {{"ZZ99 5ZZ", "NO CODE"}}))), 1);
  EXPECT_THAT(errors(), Contains("line 8, column Postcode: must be a postcode such as SW1A 1AA"));
  EXPECT_THAT(Schools(), IsEmpty());
}

TEST_F(ImportSchoolsTest, NeedsATrustThatIsThere) {
  EXPECT_EQ(Run(&ImportSchools, kExcerpt), 1);
  EXPECT_THAT(errors(), Contains(HasSubstr("make it first: trust create acorn")));
}

TEST_F(ImportSchoolsTest, NeedsTheGroupCodeToKnowTheTrustsOwn) {
  MakeTrust("");
  EXPECT_EQ(Run(&ImportSchools, kExcerpt), 1);
  EXPECT_THAT(errors(), Contains(HasSubstr("has no group code")));
  EXPECT_THAT(Schools(), IsEmpty());
}

TEST_F(ImportSchoolsTest, SaysThatNoRowIsTheTrusts) {
  MakeTrust("123");
  EXPECT_EQ(Run(&ImportSchools, kExcerpt), 1);
  EXPECT_THAT(errors(), Contains("import schools: the file has no school with 123 as its Trusts (code)"));
}

TEST_F(ImportSchoolsTest, NamesTheColumnsThatAreMissing) {
  MakeTrust("99901");
  EXPECT_EQ(Run(&ImportSchools, File("URN,EstablishmentStatus (code)\n999101,1\n")), 1);
  EXPECT_THAT(errors(), AllOf(Contains(HasSubstr("the column EstablishmentName is missing")),
                              Contains(HasSubstr("the column PhaseOfEducation (code) is missing"))));
}

TEST_F(ImportSchoolsTest, TakesAShortListByHand) {
  MakeTrust("");
  ASSERT_EQ(
      Run(&ImportSchools, File("\xEF\xBB\xBFurn;Establishment Name;Phase of education (code);Establishment status (code);Town\r"
                               "999201;\"Elm; \"\"Grove\"\"\";2;1;Zürich\r\r")),
      0)
      << err_.str();
  EXPECT_EQ(Schools().at("999201").display_name(), "Elm; \"Grove\"");
  EXPECT_EQ(Schools().at("999201").town(), "Zürich");
}

TEST_F(ImportSchoolsTest, SaysWhatIsWrongWithAFileThatIsNone) {
  MakeTrust("99901");
  EXPECT_EQ(Run(&ImportSchools, "services/suite/cli/testdata/none.csv"), 1);
  EXPECT_THAT(errors(), ElementsAre("import schools: services/suite/cli/testdata/none.csv: the file cannot be read"));
  EXPECT_EQ(Run(&ImportSchools, "services/suite/cli/testdata"), 1);
  EXPECT_THAT(errors(), Contains(HasSubstr("cannot be read")));
  EXPECT_EQ(Run(&ImportSchools, File("")), 1);
  EXPECT_THAT(errors(), Contains(HasSubstr("the file is empty")));
}

TEST_F(ImportSchoolsTest, TrustCreateCreatesAndChanges) {
  const Connection connection = As(testing::TestService::Operator());
  const auto run = [&](const std::string& name, const std::string& code) {
    out_.str("");
    const int exit_code = CreateTrust(connection, console_, {"trusts/acorn", name, code});
    return absl::StrCat(exit_code, " ", out_.str());
  };
  EXPECT_EQ(run("", "99901"), "1 ");
  EXPECT_THAT(errors(), Contains(HasSubstr("--name")));
  EXPECT_EQ(run("Acorn", ""), "0 trusts/acorn created\n");
  EXPECT_EQ(run("", "99901"), "0 trusts/acorn updated\n");
  EXPECT_EQ(run("Acorn", "99901"), "0 trusts/acorn unchanged\n");
  leadership::v1::GetTrustRequest get;
  get.set_name("trusts/acorn");
  const auto trust = Ask<leadership::v1::Trust>("OrganisationService.GetTrust", get);
  EXPECT_EQ(trust.display_name(), "Acorn");
  EXPECT_EQ(trust.group_code(), "99901");
}

}  // namespace
}  // namespace fivestrand::cli
