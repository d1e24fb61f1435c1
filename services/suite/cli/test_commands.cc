#include "services/suite/cli/test_commands.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"

#include "platform/status/views.h"
#include "platform/store/store.h"
#include "services/leadership/app/leadership_spec.h"
#include "services/suite/cli/trust_command.h"

namespace fivestrand::cli {

CommandTest::CommandTest()
    : service_(testing::EngineKind::kSqlite, leadership::LeadershipSpec(),
               absl::FromCivil(absl::CivilMinute(2026, 11, 24, 10, 0), absl::UTCTimeZone())) {
  std::string folder = ::testing::TempDir() + "/commands-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) std::abort();
  folder_ = folder;
}

CommandTest::~CommandTest() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

int CommandTest::Run(Command command, const std::string& path, bool dry_run) {
  return RunAs(testing::TestService::Operator(), command, path, dry_run);
}

int CommandTest::RunAs(const identity::Caller& caller, Command command, const std::string& path, bool dry_run) {
  out_.str("");
  err_.str("");
  return command(As(caller), console_, {.trust = "trusts/acorn", .path = path, .dry_run = dry_run});
}

std::string CommandTest::File(std::string_view content) {
  const std::string path = absl::StrCat(folder_, "/", ++files_);
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

void CommandTest::MakeTrust(const std::string& group_code) {
  ASSERT_EQ(CreateTrust(As(testing::TestService::Operator()), console_, {"trusts/acorn", "Acorn Learning Trust", group_code}), 0)
      << err_.str();
}

int CommandTest::CountIn(testing::TestService& service, std::string_view table) {
  int count = -1;
  const absl::Status status = service.store().Read(absl::Now() + absl::Seconds(10), [&](store::Session& session) {
    return session.Query(absl::StrCat("SELECT COUNT(*) FROM ", AbslView(table)), {}, [&](const store::Row& row) {
      count = static_cast<int>(row.Int(0));
      return absl::OkStatus();
    });
  });
  EXPECT_TRUE(status.ok()) << status;
  return count;
}

std::vector<std::string> CommandTest::errors() const {
  std::vector<std::string> lines;
  for (const absl::string_view line : absl::StrSplit(err_.str(), '\n', absl::SkipEmpty())) {
    // Progress.
    if (line[0] != '[') lines.emplace_back(line);
  }
  return lines;
}

}  // namespace fivestrand::cli
