// Settings of other parts of the program that the commands need: where the gateway's signing key is, where leadership listens.
#ifndef FIVESTRAND_SERVICES_SUITE_CLI_SETTINGS_H_
#define FIVESTRAND_SERVICES_SUITE_CLI_SETTINGS_H_

#include <string>
#include <string_view>

#include "platform/app/config.h"

namespace fivestrand::cli {

// As they stand once the configuration was read; empty and false when the program has no such option.
std::string SettingText(const app::ConfigTable& config, std::string_view key);
bool SettingOn(const app::ConfigTable& config, std::string_view key);

// The key file that the gateway of this configuration signs with.
std::string SigningKeyFile(const app::ConfigTable& config);
// Where leadership, and assessment, of this configuration can be called.
std::string LeadershipAddress(const app::ConfigTable& config);
std::string AssessmentAddress(const app::ConfigTable& config);

}  // namespace fivestrand::cli

#endif  // FIVESTRAND_SERVICES_SUITE_CLI_SETTINGS_H_
