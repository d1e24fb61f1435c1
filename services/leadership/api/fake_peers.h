// Services beside leadership that answer what a test tells them.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_API_FAKE_PEERS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_API_FAKE_PEERS_H_

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "platform/rpc/bytes.h"
#include "services/leadership/api/gather.h"

namespace fivestrand::leadership::api {

// Each method of each service is away until it is given an answer: `cpd/ListMeasures`.
class FakePeers : public EvidencePeers {
 public:
  using Answer = std::function<absl::StatusOr<std::string>(const std::string& bytes)>;

  void CallAsync(std::string_view service, std::string_view path, grpc::ByteBuffer request, const rpc::CallOptions& options,
                 std::function<void(absl::Status, grpc::ByteBuffer)> done) override {
    Answer answer;
    {
      std::lock_guard lock(mutex_);
      const std::string called = absl::StrCat(std::string(service), std::string(path.substr(path.rfind('/'))));
      calls_.push_back(called);
      options_ = options;
      const auto found = answers_.find(called);
      if (found != answers_.end()) answer = found->second;
    }
    if (!answer) return done(absl::UnavailableError("away"), {});
    // As a real one: on another thread, and perhaps after everything else.
    threads_.emplace_back([answer, bytes = rpc::ToString(request), done] {
      absl::StatusOr<std::string> reply = answer(bytes);
      done(reply.status(), reply.ok() ? rpc::ToByteBuffer(*std::move(reply)) : grpc::ByteBuffer());
    });
  }

  template <typename Request, typename Response>
  void On(const std::string& call, std::function<absl::StatusOr<Response>(const Request&)> body) {
    std::lock_guard lock(mutex_);
    answers_[call] = [body](const std::string& bytes) -> absl::StatusOr<std::string> {
      Request request;
      EXPECT_TRUE(request.ParseFromString(bytes));
      absl::StatusOr<Response> response = body(request);
      if (!response.ok()) return response.status();
      return response->SerializeAsString();
    };
  }

  std::vector<std::string> TakeCalls() {
    std::lock_guard lock(mutex_);
    return std::exchange(calls_, {});
  }
  rpc::CallOptions options() {
    std::lock_guard lock(mutex_);
    return options_;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Answer> answers_;
  std::vector<std::string> calls_;
  rpc::CallOptions options_;
  std::vector<std::jthread> threads_;  // used by one call at a time
};

}  // namespace fivestrand::leadership::api

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_API_FAKE_PEERS_H_
