// `import people`, `import bank-holidays` and `token` against the service itself.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "fivestrand/leadership/v1/calendar_service.pb.h"
#include "fivestrand/leadership/v1/people_service.pb.h"
#include "fivestrand/leadership/v1/visibility_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/suite/cli/import_file.h"
#include "services/suite/cli/test_commands.h"
#include "services/suite/cli/trust_command.h"

namespace fivestrand::cli {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TestService;

constexpr char kExcerpt[] = "services/suite/cli/testdata/gias-excerpt.csv";
constexpr char kBankHolidays[] = "services/suite/cli/testdata/bank-holidays.json";
constexpr char kPeople[] =
    "Given name;Family name;Email;Post;Kind;School URN;Start date;Home address\n"
    "Ada;Byrne;Ada.Byrne@acorn.example;Headteacher;headteacher;999105;2024-09-01;1 Secret Street\n"
    "Ben;Cole;ben.cole@acorn.example;Lead of maths;middle leader;999105;01/09/2023;2 Secret Street\n"
    "Cat;Dale;cat.dale@acorn.example;Chief executive;CEO;;2019-09-01;3 Secret Street\n";

class ImportPeopleTest : public CommandTest {
 protected:
  void SetUp() override {
    MakeTrust("99901");
    ASSERT_EQ(Run(&ImportSchools, kExcerpt), 0) << err_.str();
  }

  leadership::v1::ListRoleGrantsResponse Grants() {
    leadership::v1::ListRoleGrantsRequest request;
    request.set_parent("trusts/acorn");
    return Ask<leadership::v1::ListRoleGrantsResponse>("PeopleService.ListRoleGrants", request);
  }

  std::string PersonNamed(const std::string& display_name) {
    leadership::v1::ListPeopleRequest request;
    request.set_parent("trusts/acorn");
    request.set_filter(absl::StrCat("display_name = \"", display_name, "\""));
    const auto people = Ask<leadership::v1::ListPeopleResponse>("PeopleService.ListPeople", request);
    return people.people_size() == 1 ? people.people(0).name() : "";
  }

  static identity::Caller HrDirector() { return TestService::Person("acorn", "hr", type::v1::ROLE_HR_DIRECTOR); }
};

TEST_F(ImportPeopleTest, TakesPeopleWithPostsAndTheRolesThatGoWithThem) {
  ASSERT_EQ(Run(&ImportPeople, File(kPeople)), 0) << err_.str();
  // A person and a post each.
  EXPECT_EQ(out(), "import people: created 6, updated 0, unchanged 0\n");
  EXPECT_EQ(Grants().role_grants_size(), 3);

  leadership::v1::ListPostsRequest list;
  list.set_parent("trusts/acorn");
  list.set_filter(absl::StrCat("person = \"", PersonNamed("Ben Cole"), "\""));
  const auto posts = Ask<leadership::v1::ListPostsResponse>("PeopleService.ListPosts", list);
  ASSERT_EQ(posts.posts_size(), 1);
  EXPECT_EQ(posts.posts(0).kind(), leadership::v1::Post::MIDDLE_LEADER);
  EXPECT_EQ(posts.posts(0).school(), "trusts/acorn/schools/northgate-academy");
  EXPECT_EQ(posts.posts(0).start_date().month(), 9);

  leadership::v1::GetPersonRequest get;
  get.set_name(PersonNamed("Ada Byrne"));
  EXPECT_EQ(Ask<leadership::v1::Person>("PeopleService.GetPerson", get).email(), "ada.byrne@acorn.example");
}

TEST_F(ImportPeopleTest, TheSameListTwiceChangesNothing) {
  ASSERT_EQ(Run(&ImportPeople, File(kPeople)), 0) << err_.str();
  const int events = Count("outbox");
  ASSERT_EQ(Run(&ImportPeople, File(kPeople)), 0) << err_.str();
  EXPECT_EQ(out(), "import people: created 0, updated 0, unchanged 6\n");
  EXPECT_EQ(Count("outbox"), events);
}

TEST_F(ImportPeopleTest, ReportsEveryBadRowAndWritesNothing) {
  const std::string longest(81, 'n');
  EXPECT_EQ(Run(&ImportPeople, File(absl::StrCat(kPeople,
                                                 "Dee;Eden;dee.eden@acorn.example;Teacher;teacher;999105;2023-09-31;\n"
                                                 "Ed;Fry;ed.fry@acorn.example;Teacher;teacher;100000;2023-09-01;\n"
                                                 "Ada;Byrne;ADA.BYRNE@acorn.example;Headteacher;headteacher;999105;2024-09-01;\n",
                                                 longest, ";Gale;gale@acorn.example;Teacher;teacher;999105;2023-09-01;\n",
                                                 "Hal;Ives;two@signs@acorn.example;Teacher;wizard;999105;2023-09-01;\n"
                                                 "Ira;Jay;ira@acorn.example;Teacher;teacher;999105;2023-09-01;;one;more\n"))),
            1);
  EXPECT_THAT(errors(),
              ElementsAre("line 5, column start date: must be a date written as yyyy-mm-dd",
                          "line 5, column start date: is required with a post",
                          "line 6, column school urn: is no school of this trust; import schools first",
                          "line 7, column email: stands with the same post in line 2 already",
                          "line 8, column given name: is longer than 80 characters",
                          "line 9, column email: must be a work address such as name@trust.example",
                          AllOf(HasSubstr("line 9, column kind: must be one of"), Not(HasSubstr("wizard"))),
                          AllOf(HasSubstr("line 10, column 9: lies beyond the header"), HasSubstr("10 cells and the header 8")),
                          "import people: 8 errors, nothing was written"));
  EXPECT_EQ(Count("person"), 0);
  EXPECT_EQ(Count("post"), 0);
}

TEST_F(ImportPeopleTest, ADryRunWritesNothing) {
  ASSERT_EQ(Run(&ImportPeople, File(kPeople), /*dry_run=*/true), 0) << err_.str();
  EXPECT_EQ(out(), "import people: dry run, nothing written: would be created 6, updated 0, unchanged 0\n");
  EXPECT_EQ(Count("person"), 0);
}

TEST_F(ImportPeopleTest, AnHrDirectorImportsButGrantsNoRoles) {
  ASSERT_EQ(RunAs(HrDirector(), &ImportPeople, File(kPeople)), 0) << err_.str();
  EXPECT_EQ(Count("person"), 3);
  EXPECT_EQ(Count("post"), 3);
  EXPECT_EQ(Grants().role_grants_size(), 0);

  const std::string with_role =
      "Given name,Family name,Email,Post,Kind,School URN,Start date,Role\n"
      "Dee,Eden,dee.eden@acorn.example,Teacher,teacher,999105,2023-09-01,administrator\n";
  EXPECT_EQ(RunAs(HrDirector(), &ImportPeople, File(with_role)), 1);
  EXPECT_THAT(errors(), Contains("line 2, column role: you may not grant roles; leave it empty"));
  EXPECT_EQ(Count("person"), 3);

  ASSERT_EQ(Run(&ImportPeople, File(with_role)), 0) << err_.str();
  ASSERT_EQ(Grants().role_grants_size(), 1);
  EXPECT_EQ(Grants().role_grants(0).role(), type::v1::ROLE_ADMINISTRATOR);
}

TEST_F(ImportPeopleTest, ATeacherMayNotImport) {
  EXPECT_EQ(RunAs(TestService::Person("acorn", "t", type::v1::ROLE_TEACHER, {"northgate-academy"}), &ImportPeople, File(kPeople)),
            1);
  EXPECT_EQ(Count("person"), 0);
}

TEST_F(ImportPeopleTest, SendsOnlyTheColumnsThatItNeeds) {
  const auto table = ReadImportTable(kPeople, {.columns = PersonColumns(), .max_rows = 100}, [](double) {});
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(table->columns, ElementsAre("Given name", "Family name", "Email", "Post", "Kind", "School URN", "Start date"));
  for (const auto& row : table->rows) EXPECT_THAT(row.ShortDebugString(), Not(HasSubstr("Secret")));
  const auto too_many = ReadImportTable(kPeople, {.columns = PersonColumns(), .max_rows = 2}, [](double) {});
  EXPECT_THAT(std::string(too_many.status().message()), HasSubstr("more than 2 rows"));
}

TEST_F(ImportPeopleTest, ATokenHasTheRolesThatThePersonHas) {
  ASSERT_EQ(Run(&ImportPeople, File(kPeople)), 0) << err_.str();
  const Connection process = As(TestService::Process());
  out_.str("");
  ASSERT_EQ(PrintPersonToken(process, signer_, console_, PersonNamed("Ada Byrne")), 0) << err_.str();
  std::string token = out();
  ASSERT_EQ(token.back(), '\n');
  token.pop_back();
  const Connection ada{&service_.client(), token};
  leadership::v1::ListDropInsRequest list;
  leadership::v1::ListDropInsResponse drop_ins;
  list.set_parent("trusts/acorn/schools/northgate-academy");
  EXPECT_TRUE(Call(ada, "VisibilityService.ListDropIns", list, &drop_ins).ok());
  list.set_parent("trusts/acorn/schools/kingsbridge-school");
  EXPECT_FALSE(Call(ada, "VisibilityService.ListDropIns", list, &drop_ins).ok());

  out_.str("");
  EXPECT_EQ(PrintPersonToken(process, signer_, console_, "trusts/acorn/people/nobody"), 1);
  EXPECT_EQ(out(), "");
  ASSERT_EQ(PrintOperatorToken(signer_, console_), 0);
  token = out();
  token.pop_back();
  leadership::v1::ListRoleGrantsRequest grants;
  grants.set_parent("trusts/acorn");
  leadership::v1::ListRoleGrantsResponse response;
  EXPECT_TRUE(Call({&service_.client(), token}, "PeopleService.ListRoleGrants", grants, &response).ok());
}

class ImportBankHolidaysTest : public CommandTest {
 protected:
  void SetUp() override { MakeTrust(""); }
  std::string Titles() {
    leadership::v1::ListBankHolidaysRequest request;
    request.set_parent("trusts/acorn");
    request.set_order_by("date");
    const auto listed = Ask<leadership::v1::ListBankHolidaysResponse>("CalendarService.ListBankHolidays", request);
    std::string titles;
    for (const auto& holiday : listed.bank_holidays()) {
      absl::StrAppend(&titles, holiday.name().substr(holiday.name().rfind('/') + 1), " ", holiday.title(), "\n");
    }
    return titles;
  }
};

TEST_F(ImportBankHolidaysTest, TakesTheDaysOfEnglandAndWales) {
  ASSERT_EQ(Run(&ImportBankHolidays, kBankHolidays), 0) << err_.str();
  EXPECT_EQ(out(), "import bank-holidays: created 4, updated 0, unchanged 0\n");
  EXPECT_EQ(Titles(), "2026-01-01 New Year’s Day\n2026-04-03 Good Friday\n2026-04-06 Easter Monday\n2026-12-28 Boxing Day\n");
  ASSERT_EQ(Run(&ImportBankHolidays, kBankHolidays), 0) << err_.str();
  EXPECT_EQ(out(), "import bank-holidays: created 0, updated 0, unchanged 4\n");
}

TEST_F(ImportBankHolidaysTest, CorrectsTitlesAndLeavesWhatWasDeleted) {
  ASSERT_EQ(Run(&ImportBankHolidays, kBankHolidays), 0) << err_.str();
  leadership::v1::DeleteBankHolidayRequest remove;
  remove.set_name("trusts/acorn/bankHolidays/2026-04-06");
  Ask<leadership::v1::BankHoliday>("CalendarService.DeleteBankHoliday", remove);
  auto json = ReadFile(kBankHolidays, 1 << 20);
  ASSERT_TRUE(json.ok());
  const std::string changed = absl::StrReplaceAll(*json, {{"Good Friday", "Good Friday (moved)"}, {"2026-01-01", "2027-01-01"}});
  ASSERT_EQ(Run(&ImportBankHolidays, File(changed), /*dry_run=*/true), 0) << err_.str();
  EXPECT_EQ(out(), "1 left deleted\nimport bank-holidays: dry run, nothing written: would be created 1, updated 1, unchanged 1\n");
  EXPECT_THAT(Titles(), HasSubstr("Good Friday\n"));
  ASSERT_EQ(Run(&ImportBankHolidays, File(changed)), 0) << err_.str();
  EXPECT_EQ(Titles(),
            "2026-01-01 New Year’s Day\n2026-04-03 Good Friday (moved)\n2026-12-28 Boxing Day\n2027-01-01 New Year’s Day\n");
}

TEST_F(ImportBankHolidaysTest, SaysWhatIsWrong) {
  EXPECT_EQ(Run(&ImportBankHolidays, File("{\"england-and-wales\":{\"events\":[{\"title\":\"x\",\"date\":\"soon\"}]}}")), 1);
  EXPECT_THAT(errors(), Contains(HasSubstr("england-and-wales.events[0].date")));
  EXPECT_EQ(Count("bank_holiday"), 0);
}

}  // namespace
}  // namespace fivestrand::cli
