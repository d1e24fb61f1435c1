#include "platform/identity/service_keys.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

#include "platform/identity/keys.h"
#include "platform/names/names.h"
#include "platform/status/macros.h"
#include "platform/status/views.h"

namespace fivestrand::identity {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::string_view kPrefix = "service/";
constexpr std::size_t kMaxFileBytes = 64 * 1024;
constexpr std::size_t kMaxServices = 30;

using KeysByService = std::map<std::string, std::string, std::less<>>;

// The members of `keys`; null when it is no key set.
Json KeysOf(std::string_view jwks) {
  const Json set = ParseObject(jwks);
  const auto keys = set.find("keys");
  return keys != set.end() && keys->is_array() ? *keys : Json();
}

absl::Status CheckBound(std::string_view service, std::string_view jwks) {
  const Json keys = KeysOf(jwks);
  if (keys.is_null()) return absl::InvalidArgumentError(absl::StrCat("the keys of ", AbslView(service), " are no key set"));
  for (const Json& key : keys) {
    if (!key.is_object() || ServiceOfKey(TextMember(key, "kid")) != service)
      return absl::InvalidArgumentError(absl::StrCat("the keys of ", AbslView(service), " hold one that is not bound to it"));
  }
  return KeySet::Parse(jwks).status();
}

absl::StatusOr<std::string> ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat("cannot open ", path.string()));
  std::string text(kMaxFileBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMaxFileBytes) return absl::InvalidArgumentError(absl::StrCat(path.string(), " is too long"));
  return text;
}

class HeldServiceKeys : public ServiceKeys {
 public:
  HeldServiceKeys(std::string directory, RefreshOptions options) : directory_(std::move(directory)), held_(NewMemoryKeySource()) {
    // An empty set rather than none: that no service has a key here is known.
    (void)held_->Set(R"({"keys":[]})");
    if (directory_.empty()) return;
    FetchDirectory();
    refresher_ = NewRefreshingKeySource(
        [this](const std::atomic<bool>&) -> absl::StatusOr<std::string> {
          FetchDirectory();
          // What the refresher itself holds is not used: it keeps the time.
          return std::string(R"({"keys":[]})");
        },
        options);
  }

  std::shared_ptr<const KeySet> Keys() const override { return held_->Keys(); }
  std::uint64_t generation() const override { return held_->generation(); }
  void RequestRefresh() override {
    if (refresher_ != nullptr) refresher_->RequestRefresh();
  }
  absl::Status last_error() const override {
    const std::lock_guard lock(mutex_);
    return last_error_;
  }

  absl::Status Set(std::string_view service, std::string_view jwks_json) override {
    FIVESTRAND_RETURN_IF_ERROR(CheckBound(service, jwks_json));
    const std::lock_guard lock(mutex_);
    given_[std::string(service)] = std::string(jwks_json);
    return Publish();
  }

 private:
  void FetchDirectory() {
    KeysByService found;
    absl::Status error;
    std::error_code code;
    for (fs::directory_iterator at(directory_, code), end; !code && at != end; at.increment(code)) {
      const fs::path& path = at->path();
      if (path.extension() != ".json") continue;
      const std::string service = path.stem().string();
      absl::StatusOr<std::string> text = ReadFile(path);
      absl::Status status = text.ok() ? CheckBound(service, *text) : text.status();
      if (status.ok() && found.size() == kMaxServices) status = absl::InvalidArgumentError("too many files of service keys");
      error.Update(status);
      if (status.ok()) found[service] = *std::move(text);
    }
    if (code) error.Update(absl::NotFoundError(absl::StrCat("cannot read ", directory_, ": ", code.message())));
    const std::lock_guard lock(mutex_);
    // A directory that is away for a moment, as while a volume is replaced, takes no keys away.
    if (!code) in_files_ = std::move(found);
    error.Update(Publish());
    last_error_ = std::move(error);
  }

  // Under the mutex.
  absl::Status Publish() {
    std::vector<std::string> texts;
    for (const auto& [service, text] : given_) texts.push_back(text);
    for (const auto& [service, text] : in_files_) texts.push_back(text);
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string merged, MergeKeySets(texts));
    return held_->Set(merged);
  }

  const std::string directory_;
  const std::shared_ptr<MemoryKeySource> held_;
  mutable std::mutex mutex_;
  KeysByService given_, in_files_;
  absl::Status last_error_;
  std::unique_ptr<KeySource> refresher_;  // Last: its thread uses the others.
};

}  // namespace

std::string ServiceKeyPrefix(std::string_view service) {
  return absl::StrCat(AbslView(kPrefix), AbslView(service), "/");
}

std::string_view ServiceOfKey(std::string_view kid) {
  if (!kid.starts_with(kPrefix)) return {};
  kid.remove_prefix(kPrefix.size());
  const std::size_t end = kid.find('/');
  if (end == std::string_view::npos || end + 1 == kid.size()) return {};
  const std::string_view service = kid.substr(0, end);
  return names::ValidId(service) ? service : std::string_view();
}

absl::StatusOr<std::string> MergeKeySets(const std::vector<std::string>& jwks_texts) {
  Json all = Json::array();
  for (const std::string& text : jwks_texts) {
    Json keys = KeysOf(text);
    if (keys.is_null()) return absl::InvalidArgumentError("not a JSON Web Key Set");
    for (Json& key : keys) all.push_back(std::move(key));
  }
  return Json({{"keys", std::move(all)}}).dump();
}

std::shared_ptr<ServiceKeys> NewServiceKeys(std::string directory, RefreshOptions options) {
  return std::make_shared<HeldServiceKeys>(std::move(directory), options);
}

}  // namespace fivestrand::identity
