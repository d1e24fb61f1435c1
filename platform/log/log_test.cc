#include "platform/log/log.h"

#include <limits>

#include "gtest/gtest.h"

namespace fivestrand::log {
namespace {

TEST(LogTest, OneObjectALineWithFixedKeysFirst) {
  std::string out;
  Logger logger(
      Level::kInfo, [&](std::string_view line) { out.append(line); }, [] { return absl::FromUnixMillis(1500); });
  logger.Info("started", {{"port", 8080}, {"ready", true}, {"share", 0.5}, {"bad", std::numeric_limits<double>::infinity()}});
  logger.Debug("not shown");
  logger.Error("odd \"text\"\n\x01", {{"ключ", std::string("é\\")}});
  EXPECT_EQ(out,
            "{\"time\":\"1970-01-01T00:00:01.500000Z\",\"level\":\"info\",\"message\":\"started\",\"port\":8080,\"ready\":true,"
            "\"share\":0.5,\"bad\":null}\n"
            "{\"time\":\"1970-01-01T00:00:01.500000Z\",\"level\":\"error\",\"message\":\"odd \\\"text\\\"\\n\\u0001\","
            "\"ключ\":\"é\\\\\"}\n");
}

TEST(LogTest, BytesThatAreNotTextLeaveALineThatReads) {
  std::string out;
  Logger logger(
      Level::kInfo, [&](std::string_view line) { out.append(line); }, [] { return absl::UnixEpoch(); });
  logger.Info("bad \xff\xc3 end", {});
  EXPECT_NE(out.find("\"bad \xEF\xBF\xBD\xEF\xBF\xBD end\""), std::string::npos) << out;
}

TEST(LogTest, LevelsParseAndFilter) {
  for (const Level level : {Level::kDebug, Level::kInfo, Level::kWarning, Level::kError}) {
    EXPECT_EQ(*ParseLevel(LevelName(level)), level);
  }
  EXPECT_FALSE(ParseLevel("loud").ok());
  int lines = 0;
  Logger logger(Level::kError, [&](std::string_view) { ++lines; });
  logger.Warning("w");
  EXPECT_EQ(lines, 0);
  logger.set_level(Level::kWarning);
  logger.Warning("w");
  EXPECT_EQ(lines, 1);
}

}  // namespace
}  // namespace fivestrand::log
