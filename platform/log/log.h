// JSON logs: one object a line, fixed keys first (time, level, message), then the fields given.
//
// Never log personal data: names of persons, texts that they wrote, tokens. Resource names of persons are personal data.
#ifndef FIVESTRAND_PLATFORM_LOG_LOG_H_
#define FIVESTRAND_PLATFORM_LOG_LOG_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace fivestrand::log {

// debug: what a developer follows one call with. info: what changes once in a while (started, draining). warning: something will
// need a person if it goes on. error: something failed that should not; a person should look.
enum class Level { kDebug = 0, kInfo = 1, kWarning = 2, kError = 3 };

absl::StatusOr<Level> ParseLevel(std::string_view name);
std::string_view LevelName(Level level);

struct Field {
  std::string_view key;
  std::variant<std::string_view, int64_t, double, bool> value;

  Field(std::string_view key, std::string_view value) : key(key), value(value) {}
  Field(std::string_view key, const std::string& value) : key(key), value(std::string_view(value)) {}
  Field(std::string_view key, const char* value) : key(key), value(std::string_view(value)) {}
  Field(std::string_view key, int64_t value) : key(key), value(value) {}
  Field(std::string_view key, int value) : key(key), value(static_cast<int64_t>(value)) {}
  Field(std::string_view key, std::size_t value) : key(key), value(static_cast<int64_t>(value)) {}
  Field(std::string_view key, double value) : key(key), value(value) {}
  Field(std::string_view key, bool value) : key(key), value(value) {}
};

// Thread-safe.
class Logger {
 public:
  // `write` gets whole lines, newline included, from one thread at a time.
  Logger(Level level, std::function<void(std::string_view)> write, std::function<absl::Time()> clock = &absl::Now);
  virtual ~Logger() = default;

  bool Enabled(Level level) const { return level >= level_.load(std::memory_order_relaxed); }
  void set_level(Level level) { level_.store(level, std::memory_order_relaxed); }
  Level level() const { return level_.load(std::memory_order_relaxed); }

  void Log(Level level, std::string_view message, std::initializer_list<Field> fields = {});
  void Debug(std::string_view message, std::initializer_list<Field> fields = {}) { Log(Level::kDebug, message, fields); }
  void Info(std::string_view message, std::initializer_list<Field> fields = {}) { Log(Level::kInfo, message, fields); }
  void Warning(std::string_view message, std::initializer_list<Field> fields = {}) { Log(Level::kWarning, message, fields); }
  void Error(std::string_view message, std::initializer_list<Field> fields = {}) { Log(Level::kError, message, fields); }

 private:
  std::atomic<Level> level_;
  std::mutex mutex_;  // one line at a time
  std::function<void(std::string_view)> write_;
  std::function<absl::Time()> clock_;
};

// A sink for Logger: standard error, one write call a line.
void WriteToStderr(std::string_view line);

}  // namespace fivestrand::log

#endif  // FIVESTRAND_PLATFORM_LOG_LOG_H_
