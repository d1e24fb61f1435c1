#include "services/suite/cli/settings.h"

namespace fivestrand::cli {

std::string SettingText(const app::ConfigTable& config, std::string_view key) {
  for (const auto& option : config.options()) {
    if (option->key == key) return option->text;
  }
  return {};
}

bool SettingOn(const app::ConfigTable& config, std::string_view key) {
  const std::string text = SettingText(config, key);
  return text == "true" || text == "yes" || text == "1";
}

std::string SigningKeyFile(const app::ConfigTable& config) {
  const std::string given = SettingText(config, "signing_key_file");
  return given.empty() ? SettingText(config, "data_dir") + "/gateway/signing-key.pem" : given;
}

std::string LeadershipAddress(const app::ConfigTable& config) {
  const std::string listen = SettingText(config, "leadership_grpc_listen");
  return listen.empty() ? "127.0.0.1:9090" : listen;
}

std::string AssessmentAddress(const app::ConfigTable& config) {
  const std::string listen = SettingText(config, "assessment_grpc_listen");
  return listen.empty() ? "127.0.0.1:9090" : listen;
}

}  // namespace fivestrand::cli
