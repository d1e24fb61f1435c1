// A leadership service to run commands against, and what they write. For the tests of this folder.
#ifndef FIVESTRAND_SERVICES_SUITE_CLI_TEST_COMMANDS_H_
#define FIVESTRAND_SERVICES_SUITE_CLI_TEST_COMMANDS_H_

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"

#include "platform/identity/token.h"
#include "platform/testing/test_service.h"
#include "services/suite/cli/connection.h"
#include "services/suite/cli/console.h"
#include "services/suite/cli/import_command.h"

namespace fivestrand::cli {

// Signs with the key that the service trusts.
class ServiceSigner final : public identity::TokenSigner {
 public:
  explicit ServiceSigner(testing::TestService* service) : service_(service) {}
  absl::StatusOr<std::string> Sign(const identity::Caller& caller) const override { return service_->TokenFor(caller); }
  std::string Jwks() const override { return {}; }
  std::string kid() const override { return {}; }
  absl::Status Reload() override { return absl::OkStatus(); }

 private:
  testing::TestService* const service_;
};

// It is Tuesday 24 November 2026, 10:00, and the store is empty.
class CommandTest : public ::testing::Test {
 protected:
  CommandTest();
  ~CommandTest() override;

  using Command = int (*)(const Connection&, const Console&, const ImportOptions&);
  // Runs a command on a file, forgetting what was written before.
  int Run(Command command, const std::string& path, bool dry_run = false);
  int RunAs(const identity::Caller& caller, Command command, const std::string& path, bool dry_run = false);
  // Path of a new file with this content.
  std::string File(std::string_view content);
  // Creates trusts/acorn.
  void MakeTrust(const std::string& group_code);

  template <typename Response>
  Response Ask(const std::string& method, const google::protobuf::Message& request) {
    auto response = service_.Call<Response>(testing::TestService::Operator(), "fivestrand.leadership.v1." + method, request);
    EXPECT_TRUE(response.ok()) << method << ": " << response.status();
    return response.ok() ? *response : Response();
  }
  // Rows of a table.
  static int CountIn(testing::TestService& service, std::string_view table);
  int Count(std::string_view table) { return CountIn(service_, table); }
  Connection As(const identity::Caller& caller) { return {&service_.client(), service_.TokenFor(caller)}; }
  std::string out() const { return out_.str(); }
  std::vector<std::string> errors() const;

  testing::TestService service_;
  ServiceSigner signer_{&service_};
  std::ostringstream out_, err_;
  const Console console_{&out_, &err_, false};

 private:
  std::string folder_;
  int files_ = 0;
};

}  // namespace fivestrand::cli

#endif  // FIVESTRAND_SERVICES_SUITE_CLI_TEST_COMMANDS_H_
