#include "platform/log/log.h"

#include <cmath>
#include <mutex>
#include <unistd.h>

#include "absl/strings/str_cat.h"

#include "platform/log/json_string.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::log {
namespace {

void AppendValue(const Field& field, std::string* out) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    AppendJsonString(*text, out);
  } else if (const auto* integer = std::get_if<int64_t>(&field.value)) {
    absl::StrAppend(out, *integer);
  } else if (const auto* real = std::get_if<double>(&field.value)) {
    // JSON has no infinity.
    if (std::isfinite(*real)) {
      absl::StrAppend(out, *real);
    } else {
      out->append("null");
    }
  } else {
    out->append(std::get<bool>(field.value) ? "true" : "false");
  }
}

}  // namespace

absl::StatusOr<Level> ParseLevel(std::string_view name) {
  for (const Level level : {Level::kDebug, Level::kInfo, Level::kWarning, Level::kError}) {
    if (LevelName(level) == name) return level;
  }
  return status::InvalidField("level", "is not one of debug, info, warning, error");
}

std::string_view LevelName(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "error";
}

Logger::Logger(Level level, std::function<void(std::string_view)> write, std::function<absl::Time()> clock)
    : level_(level), write_(std::move(write)), clock_(std::move(clock)) {}

void Logger::Log(Level level, std::string_view message, std::initializer_list<Field> fields) {
  if (!Enabled(level)) return;
  std::string line = "{\"time\":\"";
  line.append(absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", clock_(), absl::UTCTimeZone()));
  line.append("\",\"level\":\"").append(LevelName(level)).append("\",\"message\":");
  AppendJsonString(message, &line);
  for (const Field& field : fields) {
    line.push_back(',');
    AppendJsonString(field.key, &line);
    line.push_back(':');
    AppendValue(field, &line);
  }
  line.append("}\n");
  const std::lock_guard lock(mutex_);
  write_(line);
}

void WriteToStderr(std::string_view line) {
  while (!line.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
    if (written <= 0) return;  // Nobody is left to be told.
    line.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace fivestrand::log
