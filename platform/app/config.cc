#include "platform/app/config.h"

#include <cctype>
#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::app {
namespace {

constexpr char kEnvironmentPrefix[] = "FIVESTRAND_";
constexpr char kFileKey[] = "config_file";

std::string FlagOf(const std::string& key) {
  return absl::StrCat("--", absl::StrReplaceAll(key, {{"_", "-"}}));
}
std::string VariableOf(const std::string& key) {
  return absl::StrCat(kEnvironmentPrefix, absl::AsciiStrToUpper(key));
}
std::string KeyOfFlag(const std::string& flag) {
  return absl::StrReplaceAll(flag, {{"-", "_"}});
}

absl::Status Refuse(std::string_view key, std::string_view source, std::string_view why) {
  return status::InvalidField(key, absl::StrCat(AbslView(why), " (from ", AbslView(source), ")"));
}

absl::Status Apply(Option* option, const std::string& text, const std::string& source) {
  if (const absl::Status status = option->parse(text); !status.ok()) return Refuse(option->key, source, StdView(status.message()));
  option->text = text;
  option->source = source;
  return absl::OkStatus();
}

// postgres://user:secret@host: the part between the colon and the at sign is nobody's business.
std::string WithoutPassword(const std::string& text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string::npos) return text;
  const std::size_t at = text.find('@', scheme);
  const std::size_t colon = text.find(':', scheme + 3);
  if (at == std::string::npos || colon == std::string::npos || colon > at) return text;
  return absl::StrCat(text.substr(0, colon + 1), "...", text.substr(at));
}

absl::StatusOr<bool> ParseBool(const std::string& text) {
  if (text == "true" || text == "yes" || text == "1") return true;
  if (text == "false" || text == "no" || text == "0") return false;
  return absl::InvalidArgumentError("is not true or false");
}

}  // namespace

template <typename T>
Value<T> ConfigTable::Add(std::string key, std::string kind, std::string initial, std::string help, T value,
                          std::function<absl::Status(const std::string&, T*)> parse) {
  auto held = std::make_shared<T>(std::move(value));
  if (Find(key) != nullptr && duplicate_.empty()) duplicate_ = key;
  auto option = std::make_unique<Option>();
  option->key = std::move(key);
  option->kind = std::move(kind);
  option->initial = initial;
  option->text = std::move(initial);
  option->help = std::move(help);
  option->parse = [held, parse = std::move(parse)](const std::string& text) {
    return parse(text, held.get());
  };
  options_.push_back(std::move(option));
  return Value<T>(std::move(held));
}

Value<std::string> ConfigTable::Text(std::string key, std::string initial, std::string help) {
  return Add<std::string>(std::move(key), "text", initial, std::move(help), initial,
                          [](const std::string& text, std::string* value) {
                            *value = text;
                            return absl::OkStatus();
                          });
}

Value<std::string> ConfigTable::Path(std::string key, std::string initial, std::string help) {
  Value<std::string> value = Text(std::move(key), std::move(initial), std::move(help));
  options_.back()->kind = "path";
  return value;
}

Value<std::string> ConfigTable::Choice(std::string key, std::string initial, std::vector<std::string> choices, std::string help) {
  const std::string kind = absl::StrJoin(choices, ", ");
  return Add<std::string>(std::move(key), kind, initial, std::move(help), initial,
                          [choices = std::move(choices), kind](const std::string& text, std::string* value) {
                            for (const std::string& choice : choices) {
                              if (choice == text) {
                                *value = text;
                                return absl::OkStatus();
                              }
                            }
                            return absl::InvalidArgumentError(absl::StrCat("is not one of ", kind));
                          });
}

Value<std::vector<std::string>> ConfigTable::List(std::string key, std::string help) {
  using Texts = std::vector<std::string>;
  return Add<Texts>(std::move(key), "list", "", std::move(help), {}, [](const std::string& text, Texts* value) {
    value->clear();
    for (const absl::string_view part : absl::StrSplit(text, ',', absl::SkipWhitespace()))
      value->emplace_back(absl::StripAsciiWhitespace(part));
    return absl::OkStatus();
  });
}

Value<int64_t> ConfigTable::Number(std::string key, int64_t initial, int64_t min, int64_t max, std::string help) {
  return Add<int64_t>(std::move(key), absl::StrCat("number, ", min, " to ", max), absl::StrCat(initial), std::move(help), initial,
                      [min, max](const std::string& text, int64_t* value) {
                        int64_t number = 0;
                        if (!absl::SimpleAtoi(text, &number) || number < min || number > max) {
                          return absl::InvalidArgumentError(absl::StrCat("is not a whole number from ", min, " to ", max));
                        }
                        *value = number;
                        return absl::OkStatus();
                      });
}

Value<bool> ConfigTable::Bool(std::string key, bool initial, std::string help) {
  return Add<bool>(std::move(key), "yes or no", initial ? "true" : "false", std::move(help), initial,
                   [](const std::string& text, bool* value) {
                     FIVESTRAND_ASSIGN_OR_RETURN(*value, ParseBool(text));
                     return absl::OkStatus();
                   });
}

Value<absl::Duration> ConfigTable::Duration(std::string key, absl::Duration initial, std::string help) {
  return Add<absl::Duration>(std::move(key), "duration", absl::FormatDuration(initial), std::move(help), initial,
                             [](const std::string& text, absl::Duration* value) {
                               absl::Duration duration;
                               if (!absl::ParseDuration(text, &duration) || duration < absl::ZeroDuration()) {
                                 return absl::InvalidArgumentError("is not a duration, such as 500ms, 10s, 5m or 2h");
                               }
                               *value = duration;
                               return absl::OkStatus();
                             });
}

Option* ConfigTable::Find(std::string_view key) {
  for (const auto& option : options_) {
    if (option->key == key) return option.get();
  }
  return nullptr;
}

absl::Status ConfigTable::Parse(const ConfigInputs& inputs, std::vector<std::string>* positional,
                                const std::vector<ConfigTable*>& flags_only) {
  if (!duplicate_.empty()) return Refuse(duplicate_, "the program", "is declared twice");
  // Only the name of the file is needed before the file is read, whatever else is wrong with the flags.
  std::string file;
  if (const char* named = inputs.environment(VariableOf(kFileKey)); named != nullptr) file = named;
  for (std::size_t i = 0; i < inputs.arguments.size(); ++i) {
    const std::string& argument = inputs.arguments[i];
    const std::string flag = FlagOf(kFileKey);
    if (argument == flag && i + 1 < inputs.arguments.size()) file = inputs.arguments[i + 1];
    if (absl::StartsWith(argument, flag + "=")) file = argument.substr(flag.size() + 1);
  }
  if (!file.empty()) FIVESTRAND_RETURN_IF_ERROR(ReadFile(file));
  FIVESTRAND_RETURN_IF_ERROR(ReadEnvironment(inputs));
  return ReadFlags(inputs, positional, flags_only);
}

absl::Status ConfigTable::ReadFile(const std::string& path) {
  std::ifstream in(path);
  if (!in) return status::InvalidField(kFileKey, absl::StrCat(path, " cannot be read"));
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    const std::string source = absl::StrCat(path, ":", number);
    const absl::string_view text = absl::StripAsciiWhitespace(line);
    if (text.empty() || text[0] == '#') continue;
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('=', 1));
    const std::string key(absl::StripAsciiWhitespace(parts.first));
    if (!absl::StrContains(text, "=")) return Refuse(key, source, "is not of the form key = value");
    Option* const option = Find(key);
    if (option == nullptr) return Refuse(key, source, "is no key of this program");
    FIVESTRAND_RETURN_IF_ERROR(Apply(option, std::string(absl::StripAsciiWhitespace(parts.second)), source));
  }
  return absl::OkStatus();
}

absl::Status ConfigTable::ReadEnvironment(const ConfigInputs& inputs) {
  for (const auto& option : options_) {
    const std::string variable = VariableOf(option->key);
    if (const char* value = inputs.environment(variable); value != nullptr)
      FIVESTRAND_RETURN_IF_ERROR(Apply(option.get(), value, variable));
  }
  for (const std::string& name : inputs.environment_names) {
    if (!absl::StartsWith(name, kEnvironmentPrefix) || name == VariableOf(kFileKey)) continue;
    if (Find(absl::AsciiStrToLower(name.substr(sizeof(kEnvironmentPrefix) - 1))) == nullptr) unknown_variables_.push_back(name);
  }
  return absl::OkStatus();
}

absl::Status ConfigTable::ReadFlags(const ConfigInputs& inputs, std::vector<std::string>* positional,
                                    const std::vector<ConfigTable*>& flags_only) {
  // Commands that run together may each have an option of that name.
  const auto find = [&](const std::string& key) {
    std::vector<Option*> options;
    if (Option* const option = Find(key); option != nullptr) options.push_back(option);
    for (ConfigTable* const table : flags_only) {
      if (Option* const option = table->Find(key); option != nullptr) options.push_back(option);
    }
    return options;
  };
  const auto is_switch = [](const std::vector<Option*>& options) {
    return !options.empty() && options.front()->kind == "yes or no";
  };
  bool flags = true;
  for (std::size_t i = 0; i < inputs.arguments.size(); ++i) {
    const std::string& argument = inputs.arguments[i];
    if (!flags || !absl::StartsWith(argument, "--")) {
      positional->push_back(argument);
      continue;
    }
    if (argument == "--") {
      flags = false;
      continue;
    }
    const std::size_t equals = argument.find('=');
    const std::string flag = argument.substr(0, equals);
    const std::string key = KeyOfFlag(flag.substr(2));
    std::vector<Option*> options = find(key);
    std::string value;
    if (equals != std::string::npos) {
      value = argument.substr(equals + 1);
    } else if (is_switch(options)) {
      value = "true";
    } else if (options.empty() && absl::StartsWith(key, "no_") && is_switch(find(key.substr(3)))) {
      options = find(key.substr(3));
      value = "false";
    } else if (i + 1 < inputs.arguments.size()) {
      value = inputs.arguments[++i];
    } else if (!options.empty() || key == kFileKey) {
      return Refuse(key, flag, "has no value");
    }
    if (key == kFileKey) continue;
    if (options.empty()) return Refuse(key, flag, "is no option of this program; --help lists them");
    for (Option* const option : options) FIVESTRAND_RETURN_IF_ERROR(Apply(option, value, flag));
  }
  return absl::OkStatus();
}

std::string ConfigTable::Print() const {
  std::string out;
  for (const auto& option : options_)
    absl::StrAppend(&out, option->key, " = ", WithoutPassword(option->text), "  # ", option->source, "\n");
  return out;
}

std::string ConfigTable::Help() const {
  std::string out;
  for (const auto& option : options_) {
    absl::StrAppend(&out, "  ", FlagOf(option->key), option->kind == "yes or no" ? "" : absl::StrCat("=<", option->kind, ">"),
                    "\n      ", option->help, option->initial.empty() ? "" : absl::StrCat(" [", option->initial, "]"), "\n");
  }
  return out;
}

std::string ConfigTable::Markdown() const {
  std::string out = "| file key | flag | environment | value | default | meaning |\n| --- | --- | --- | --- | --- | --- |\n";
  for (const auto& option : options_) {
    absl::StrAppend(&out, "| `", option->key, "` | `", FlagOf(option->key), "` | `", VariableOf(option->key), "` | ", option->kind,
                    " | ", option->initial.empty() ? "" : absl::StrCat("`", option->initial, "`"), " | ",
                    absl::StrReplaceAll(option->help, {{"|", "\\|"}}), " |\n");
  }
  return out;
}

std::string ConfigScope::Key(std::string_view key) const {
  return prefix_.empty() ? std::string(key) : absl::StrCat(prefix_, "_", AbslView(key));
}

Value<std::string> ConfigScope::Text(std::string_view key, std::string initial, std::string help) {
  return table_->Text(Key(key), std::move(initial), std::move(help));
}
Value<std::string> ConfigScope::Path(std::string_view key, std::string initial, std::string help) {
  return table_->Path(Key(key), std::move(initial), std::move(help));
}
Value<std::string> ConfigScope::Choice(std::string_view key, std::string initial, std::vector<std::string> choices,
                                       std::string help) {
  return table_->Choice(Key(key), std::move(initial), std::move(choices), std::move(help));
}
Value<std::vector<std::string>> ConfigScope::List(std::string_view key, std::string help) {
  return table_->List(Key(key), std::move(help));
}
Value<int64_t> ConfigScope::Number(std::string_view key, int64_t initial, int64_t min, int64_t max, std::string help) {
  return table_->Number(Key(key), initial, min, max, std::move(help));
}
Value<bool> ConfigScope::Bool(std::string_view key, bool initial, std::string help) {
  return table_->Bool(Key(key), initial, std::move(help));
}
Value<absl::Duration> ConfigScope::Duration(std::string_view key, absl::Duration initial, std::string help) {
  return table_->Duration(Key(key), initial, std::move(help));
}

absl::StatusOr<std::string> ReadSecretFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream content;
  content << in.rdbuf();
  std::string secret = content.str();
  if (!in) return status::InvalidField("file", absl::StrCat(path, " cannot be read"));
  if (!secret.empty() && secret.back() == '\n') secret.pop_back();
  if (secret.empty()) return status::InvalidField("file", absl::StrCat(path, " is empty"));
  return secret;
}

}  // namespace fivestrand::app
