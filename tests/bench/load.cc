#include "tests/bench/load.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <grpcpp/channel.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <memory>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

#include "platform/rpc/bytes.h"

namespace fivestrand::bench {
namespace {

struct Call {
  std::unique_ptr<grpc::ClientContext> context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::ByteBuffer reply;
  grpc::Status status;
  absl::Time begun;
};

double Percentile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// wrk writes 1.23ms, 850.00us or 1.2s.
double Microseconds(const std::string& text) {
  double number = std::atof(text.c_str());
  if (text.find("us") != std::string::npos) return number;
  if (text.find("ms") != std::string::npos) return number * 1e3;
  return number * 1e6;
}

}  // namespace

LoadResult GrpcLoad(const std::string& target, const std::string& path, const std::string& token,
                    std::function<std::string(std::int64_t n)> request, int in_flight, absl::Duration length) {
  auto channel = grpc::CreateChannel(target, grpc::InsecureChannelCredentials());
  channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10));
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  std::int64_t next = 0;
  const std::string authorization = absl::StrCat("Bearer ", token);
  auto begin = [&](Call* call) {
    call->context = std::make_unique<grpc::ClientContext>();
    if (!token.empty()) call->context->AddMetadata("authorization", authorization);
    call->context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    call->reply.Clear();
    call->begun = absl::Now();
    call->reader = stub.PrepareUnaryCall(call->context.get(), path, rpc::ToByteBuffer(request(next++)), &queue);
    call->reader->StartCall();
    call->reader->Finish(&call->reply, &call->status, call);
  };
  std::vector<Call> calls(static_cast<size_t>(in_flight));
  const absl::Time start = absl::Now(), counted_from = start + length / 5, stop = start + length;
  for (Call& call : calls) begin(&call);
  LoadResult result;
  std::vector<double> latencies;
  int open = in_flight;
  void* tag = nullptr;
  bool ok = false;
  std::int64_t counted = 0;
  absl::Time last = counted_from;
  while (open > 0 && queue.Next(&tag, &ok)) {
    auto* call = static_cast<Call*>(tag);
    const absl::Time now = absl::Now();
    if (!call->status.ok()) ++result.failures;
    if (now >= counted_from && now < stop) {
      ++counted;
      latencies.push_back(absl::ToDoubleMicroseconds(now - call->begun));
      last = now;
    }
    if (now < stop) {
      begin(call);
    } else {
      --open;
    }
  }
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
  result.per_second = static_cast<double>(counted) / absl::ToDoubleSeconds(last - counted_from);
  result.p50_us = Percentile(latencies, 0.5);
  result.p99_us = Percentile(latencies, 0.99);
  return result;
}

LoadResult HttpLoad(const HttpRequest& request, int connections, absl::Duration length) {
  const std::filesystem::path script = std::filesystem::temp_directory_path() / absl::StrCat("fivestrand-bench-", getpid(), ".lua");
  {
    std::ofstream out(script);
    out << "wrk.headers[\"authorization\"] = \"Bearer " << request.token << "\"\n";
    if (!request.body.empty()) {
      out << "wrk.method = \"POST\"\nwrk.headers[\"content-type\"] = \"" << request.content_type << "\"\nwrk.body = \"";
      // Lua reads \ddd as a byte.
      for (unsigned char c : request.body) {
        char escaped[8];
        std::snprintf(escaped, sizeof escaped, "\\%03d", c);
        out << escaped;
      }
      out << "\"\n";
    }
  }
  const std::string command = absl::StrCat("wrk -t1 -c", connections, " -d", absl::ToInt64Seconds(length), "s --latency -s ",
                                           script.string(), " '", request.url, "' 2>&1");
  LoadResult result;
  FILE* pipe = popen(command.c_str(), "r");
  char line[512];
  while (pipe != nullptr && std::fgets(line, sizeof line, pipe) != nullptr) {
    std::vector<std::string> words = absl::StrSplit(line, absl::ByAnyChar(" \t\n"), absl::SkipEmpty());
    if (words.size() < 2) continue;
    if (words[0] == "Requests/sec:") result.per_second = std::atof(words[1].c_str());
    if (words[0] == "50%") result.p50_us = Microseconds(words[1]);
    if (words[0] == "99%") result.p99_us = Microseconds(words[1]);
    if (words[0] == "Non-2xx") result.failures = std::atoll(words.back().c_str());
  }
  if (pipe == nullptr || pclose(pipe) != 0) result.failures = -1;
  std::filesystem::remove(script);
  return result;
}

}  // namespace fivestrand::bench
