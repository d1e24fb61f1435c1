#include "platform/rpc/transport_log.h"

#include <atomic>
#include <grpc/support/log.h>
#include <string_view>

#include "google/protobuf/stubs/logging.h"

#include "platform/log/log.h"

namespace fivestrand::rpc {
namespace {

// The libraries take plain functions, so the logger has to be where those find it.
std::atomic<log::Logger*> transport_logger{nullptr};

// Long error chains of gRPC hold addresses and file names of its own sources; the head says what happened.
constexpr std::size_t kMaxText = 300;

void Log(log::Level level, std::string_view library, std::string_view text) {
  if (log::Logger* const logger = transport_logger.load(std::memory_order_acquire); logger != nullptr) {
    logger->Log(level, "transport", {{"library", library}, {"text", text.substr(0, kMaxText)}});
  }
}

void LogGrpc(gpr_log_func_args* args) {
  Log(args->severity == GPR_LOG_SEVERITY_ERROR ? log::Level::kWarning : log::Level::kDebug, "grpc", args->message);
}

// Protobuf complains about what peers send, which their callers are told anyway.
void LogProtobuf(google::protobuf::LogLevel level, const char*, int, const std::string& message) {
  Log(level == google::protobuf::LOGLEVEL_FATAL ? log::Level::kError : log::Level::kDebug, "protobuf", message);
}

}  // namespace

void RouteTransportLogs(log::Logger* logger) {
  transport_logger.store(logger, std::memory_order_release);
  gpr_set_log_function(&LogGrpc);
  google::protobuf::SetLogHandler(&LogProtobuf);
}

}  // namespace fivestrand::rpc
