#include "platform/app/config.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fivestrand::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ConfigTest : public ::testing::Test {
 protected:
  ConfigTest()
      : text_(table_.Text("db_url", "sqlite", "Where the records are.")),
        number_(table_.Number("max_calls", 10, 1, 100, "How many.")),
        flag_(table_.Bool("reflection", false, "Whether.")),
        duration_(table_.Duration("drain_delay", absl::Seconds(5), "How long.")),
        choice_(table_.Choice("log_level", "info", {"debug", "info"}, "How much.")),
        list_(table_.List("origins", "Which.")) {}

  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "fivestrand-config-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string File(const std::string& content) {
    const std::string path = directory_ + "/config";
    std::ofstream(path) << content;
    return path;
  }

  absl::Status Parse(std::vector<std::string> arguments, std::map<std::string, std::string> environment = {},
                     std::vector<ConfigTable*> extra = {}) {
    environment_ = std::move(environment);
    ConfigInputs inputs;
    inputs.arguments = std::move(arguments);
    inputs.environment = [this](const std::string& name) {
      const auto found = environment_.find(name);
      return found == environment_.end() ? nullptr : found->second.c_str();
    };
    for (const auto& [name, value] : environment_) inputs.environment_names.push_back(name);
    return table_.Parse(inputs, &positional_, extra);
  }

  ConfigTable table_;
  Value<std::string> text_;
  Value<int64_t> number_;
  Value<bool> flag_;
  Value<absl::Duration> duration_;
  Value<std::string> choice_;
  Value<std::vector<std::string>> list_;
  std::map<std::string, std::string> environment_;
  std::vector<std::string> positional_;
  std::string directory_;
};

TEST_F(ConfigTest, DefaultsHoldUntilSomethingIsSaid) {
  ASSERT_TRUE(Parse({}).ok());
  EXPECT_EQ(*text_, "sqlite");
  EXPECT_EQ(*number_, 10);
  EXPECT_FALSE(*flag_);
  EXPECT_EQ(*duration_, absl::Seconds(5));
  EXPECT_THAT(*list_, IsEmpty());
}

TEST_F(ConfigTest, DefaultThenFileThenEnvironmentThenFlag) {
  const std::string file = File("# all four\ndb_url = file\n max_calls=2\n\nreflection = true\n");
  ASSERT_TRUE(
      Parse({"--config-file", file, "--db-url=flag"}, {{"FIVESTRAND_DB_URL", "environment"}, {"FIVESTRAND_MAX_CALLS", "3"}}).ok());
  EXPECT_EQ(*text_, "flag");
  EXPECT_EQ(*number_, 3);
  EXPECT_TRUE(*flag_);
  EXPECT_EQ(*duration_, absl::Seconds(5));
  EXPECT_THAT(table_.Print(), HasSubstr("db_url = flag  # --db-url\nmax_calls = 3  # FIVESTRAND_MAX_CALLS\nreflection = true  # " +
                                        file + ":5\ndrain_delay = 5s  # default\n"));
}

TEST_F(ConfigTest, TheFileCanBeNamedInTheEnvironment) {
  ASSERT_TRUE(Parse({}, {{"FIVESTRAND_CONFIG_FILE", File("db_url = file")}}).ok());
  EXPECT_EQ(*text_, "file");
  EXPECT_THAT(table_.unknown_variables(), IsEmpty());
}

TEST_F(ConfigTest, AllFormsOfFlags) {
  ASSERT_TRUE(
      Parse({"audit", "verify", "--reflection", "--max-calls", "7", "--origins=a, b", "--drain-delay=1m30s", "--", "--not-a-flag"})
          .ok());
  EXPECT_TRUE(*flag_);
  EXPECT_EQ(*number_, 7);
  EXPECT_EQ(*duration_, absl::Seconds(90));
  EXPECT_THAT(*list_, ElementsAre("a", "b"));
  EXPECT_THAT(positional_, ElementsAre("audit", "verify", "--not-a-flag"));
  ASSERT_TRUE(Parse({"--no-reflection"}).ok());
  EXPECT_FALSE(*flag_);
}

TEST_F(ConfigTest, UnknownKeysAndBadValuesAreRefusedWithTheirPlace) {
  const auto message = [](const absl::Status& status) {
    return std::string(status.message());
  };
  EXPECT_THAT(message(Parse({"--db-ulr=x"})), HasSubstr("db_ulr: is no option of this program"));
  EXPECT_THAT(message(Parse({"--no-db-url"})), HasSubstr("is no option"));
  EXPECT_THAT(message(Parse({"--max-calls"})), HasSubstr("has no value"));
  EXPECT_THAT(message(Parse({"--max-calls=101"})), HasSubstr("max_calls: is not a whole number from 1 to 100 (from --max-calls)"));
  EXPECT_THAT(message(Parse({}, {{"FIVESTRAND_DRAIN_DELAY", "soon"}})), HasSubstr("drain_delay: is not a duration"));
  EXPECT_THAT(message(Parse({"--drain-delay=-1s"})), HasSubstr("is not a duration"));
  EXPECT_THAT(message(Parse({"--log-level=loud"})), HasSubstr("log_level: is not one of debug, info"));
  EXPECT_THAT(message(Parse({"--reflection=maybe"})), HasSubstr("is not true or false"));
  const std::string file = File("db_url = x\ndb_ulr = y\n");
  EXPECT_THAT(message(Parse({"--config-file=" + file})), HasSubstr("db_ulr: is no key of this program (from " + file + ":2)"));
  EXPECT_THAT(message(Parse({"--config-file=" + File("db_url")})), HasSubstr("is not of the form key = value"));
  EXPECT_THAT(message(Parse({"--config-file=/no/such/file"})), HasSubstr("/no/such/file cannot be read"));
}

TEST_F(ConfigTest, UnknownVariablesAreListed) {
  ASSERT_TRUE(Parse({}, {{"FIVESTRAND_DB_ULR", "x"}, {"OTHER", "y"}}).ok());
  EXPECT_THAT(table_.unknown_variables(), ElementsAre("FIVESTRAND_DB_ULR"));
}

TEST_F(ConfigTest, ACommandHasFlagsOfItsOwn) {
  ConfigTable command;
  ConfigTable of_another_service;
  const auto dry_run = command.Bool("dry_run", false, "Whether.");
  const auto its_dry_run = of_another_service.Bool("dry_run", false, "Whether.");
  ASSERT_TRUE(Parse({"import", "--dry-run", "file.csv", "--max-calls=4"}, {}, {&command, &of_another_service}).ok());
  EXPECT_TRUE(*dry_run);
  EXPECT_TRUE(*its_dry_run);
  EXPECT_THAT(positional_, ElementsAre("import", "file.csv"));
  EXPECT_FALSE(Parse({"--dry-run"}).ok());
}

TEST_F(ConfigTest, AKeyIsDeclaredOnce) {
  table_.Text("db_url", "", "Again.");
  EXPECT_THAT(std::string(Parse({}).message()), HasSubstr("db_url: is declared twice"));
}

TEST_F(ConfigTest, PasswordsAreNotPrinted) {
  ASSERT_TRUE(Parse({"--db-url=postgres://me:secret@host/db"}).ok());
  EXPECT_THAT(table_.Print(), Not(HasSubstr("secret")));
  EXPECT_THAT(table_.Print(), HasSubstr("postgres://me:...@host/db"));
}

TEST_F(ConfigTest, ReferenceAndHelpNameAllForms) {
  EXPECT_THAT(table_.Markdown(),
              HasSubstr("| `drain_delay` | `--drain-delay` | `FIVESTRAND_DRAIN_DELAY` | duration | `5s` | How long. |"));
  EXPECT_THAT(table_.Help(), HasSubstr("  --max-calls=<number, 1 to 100>\n      How many. [10]\n"));
}

TEST_F(ConfigTest, ScopesHaveAPrefixInTheSuite) {
  ConfigScope scope(&table_, "leadership");
  const auto value = scope.Text("db_url", "", "Its own.");
  ConfigScope plain(&table_, "");
  plain.Text("portal_dir", "", "Files.");
  ASSERT_TRUE(Parse({"--leadership-db-url=x", "--portal-dir=y"}).ok());
  EXPECT_EQ(*value, "x");
  EXPECT_EQ(*text_, "sqlite");
}

TEST_F(ConfigTest, SecretsAreReadFromFiles) {
  EXPECT_EQ(*ReadSecretFile(File("s3cret\n")), "s3cret");
  EXPECT_FALSE(ReadSecretFile(File("\n")).ok());
  EXPECT_THAT(std::string(ReadSecretFile("/no/such").status().message()), HasSubstr("/no/such cannot be read"));
}

}  // namespace
}  // namespace fivestrand::app
