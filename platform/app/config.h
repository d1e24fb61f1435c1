// One table of options per program. Each row is a flag (--db-url), an environment variable (FIVESTRAND_DB_URL), a key of the
// configuration file (db_url = ...) and a line of the reference page. Weakest first: default, file, environment, flag.
//
// A secret is never a value: an option holds the path of the file that has it, and its name ends in _file.
#ifndef FIVESTRAND_PLATFORM_APP_CONFIG_H_
#define FIVESTRAND_PLATFORM_APP_CONFIG_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace fivestrand::app {

// The value of an option. Holds the default until the program's configuration was read, which is before any OnStart.
template <typename T>
class Value {
 public:
  explicit Value(std::shared_ptr<const T> value) : value_(std::move(value)) {}
  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_.get(); }

 private:
  std::shared_ptr<const T> value_;
};

struct Option {
  std::string key;      // lower snake case, prefix included
  std::string kind;     // "text", "number", "yes or no", "duration", "path", "list", or the choices
  std::string initial;  // the default as text
  std::string help;     // one sentence
  std::function<absl::Status(const std::string& text)> parse;

  std::string text;  // as set
  std::string source = "default";
};

// Where values come from, in tests too.
struct ConfigInputs {
  // Without the program's name.
  std::vector<std::string> arguments;
  // The value of an environment variable, or null; and all their names, to find misspelt ones.
  std::function<const char*(const std::string& name)> environment;
  std::vector<std::string> environment_names;
};

class ConfigTable {
 public:
  ConfigTable() = default;
  ConfigTable(const ConfigTable&) = delete;
  ConfigTable& operator=(const ConfigTable&) = delete;

  // Adding a key twice is a bug that Parse reports.
  Value<std::string> Text(std::string key, std::string initial, std::string help);
  Value<std::string> Path(std::string key, std::string initial, std::string help);
  Value<std::string> Choice(std::string key, std::string initial, std::vector<std::string> choices, std::string help);
  Value<std::vector<std::string>> List(std::string key, std::string help);  // comma-separated
  Value<int64_t> Number(std::string key, int64_t initial, int64_t min, int64_t max, std::string help);
  Value<bool> Bool(std::string key, bool initial, std::string help);
  Value<absl::Duration> Duration(std::string key, absl::Duration initial, std::string help);  // 500ms, 10s, 5m, 2h

  // Sets every value; `positional` gets the arguments that are not flags, in order. INVALID_ARGUMENT names the key, where it came
  // from, and what is wrong: an unknown key, a value that does not parse, a file that cannot be read. A flag is --key=value,
  // --key value, or --key / --no-key for a yes or no. The file is named by --config-file or FIVESTRAND_CONFIG_FILE.
  // An unknown variable of the environment is no error, because programs share it (one ConfigMap for all): see unknown_variables().
  // `flags_only` are the options of a command, or of several that run together: flags count there too, file and environment do not.
  absl::Status Parse(const ConfigInputs& inputs, std::vector<std::string>* positional,
                     const std::vector<ConfigTable*>& flags_only = {});
  // FIVESTRAND_... variables that Parse had no use for.
  const std::vector<std::string>& unknown_variables() const { return unknown_variables_; }

  // key = value lines with where each came from, as --print-config shows them: passwords in URLs are left out.
  std::string Print() const;
  std::string Help() const;
  // Rows of docs/reference/config.md.
  std::string Markdown() const;
  const std::vector<std::unique_ptr<Option>>& options() const { return options_; }

 private:
  template <typename T>
  Value<T> Add(std::string key, std::string kind, std::string initial, std::string help, T value,
               std::function<absl::Status(const std::string&, T*)> parse);
  Option* Find(std::string_view key);
  absl::Status ReadFile(const std::string& path);
  absl::Status ReadEnvironment(const ConfigInputs& inputs);
  absl::Status ReadFlags(const ConfigInputs& inputs, std::vector<std::string>* positional,
                         const std::vector<ConfigTable*>& flags_only);

  std::vector<std::unique_ptr<Option>> options_;
  std::vector<std::string> unknown_variables_;
  std::string duplicate_;
};

// The options of one service: in a program of its own `db_url`, in the suite `leadership_db_url`.
class ConfigScope {
 public:
  ConfigScope(ConfigTable* table, std::string prefix) : table_(table), prefix_(std::move(prefix)) {}

  Value<std::string> Text(std::string_view key, std::string initial, std::string help);
  Value<std::string> Path(std::string_view key, std::string initial, std::string help);
  Value<std::string> Choice(std::string_view key, std::string initial, std::vector<std::string> choices, std::string help);
  Value<std::vector<std::string>> List(std::string_view key, std::string help);
  Value<int64_t> Number(std::string_view key, int64_t initial, int64_t min, int64_t max, std::string help);
  Value<bool> Bool(std::string_view key, bool initial, std::string help);
  Value<absl::Duration> Duration(std::string_view key, absl::Duration initial, std::string help);

 private:
  std::string Key(std::string_view key) const;

  ConfigTable* table_;
  std::string prefix_;
};

// The content of a secret's file without its last newline. INVALID_ARGUMENT (naming the path only) when it cannot be read or is
// empty.
absl::StatusOr<std::string> ReadSecretFile(const std::string& path);

}  // namespace fivestrand::app

#endif  // FIVESTRAND_PLATFORM_APP_CONFIG_H_
