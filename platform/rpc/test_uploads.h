// For tests: client streams of the test contract.
#ifndef FIVESTRAND_PLATFORM_RPC_TEST_UPLOADS_H_
#define FIVESTRAND_PLATFORM_RPC_TEST_UPLOADS_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

#include "platform/rpc/test_notes.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"

namespace fivestrand::rpc {

using rpctest::v1::ImportNotesRequest;
using rpctest::v1::ImportNotesResponse;

using Body = std::function<absl::Status(const CallContext&, const ImportNotesRequest&, StreamReader&, ImportNotesResponse*)>;

inline ImportNotesRequest Chunk(std::size_t size, const std::string& parent = "") {
  ImportNotesRequest request;
  request.set_parent(parent);
  request.set_chunk(std::string(size, 'x'));
  return request;
}
inline ImportNotesRequest First(const std::string& parent = "trusts/t/schools/s") {
  return Chunk(1, parent);
}

inline absl::Status CountAll(const CallContext&, const ImportNotesRequest& first, StreamReader& rest,
                             ImportNotesResponse* response) {
  int64_t messages = 1;
  int64_t bytes = static_cast<int64_t>(first.chunk().size());
  ImportNotesRequest next;
  while (true) {
    FIVESTRAND_ASSIGN_OR_RETURN(const bool more, rest.Next(&next));
    if (!more) break;
    ++messages;
    bytes += static_cast<int64_t>(next.chunk().size());
  }
  response->set_messages(messages);
  response->set_bytes(bytes);
  return absl::OkStatus();
}

class UploadTest : public ::testing::Test {
 protected:
  void Serve(Body body, ServerOptions options) {
    auto server = std::make_unique<Server>(std::move(options));
    server->HandleClientStream<ImportNotesRequest, ImportNotesResponse>(NoteMethod("ImportNotes"), std::move(body));
    notes_.Start(std::move(server));
  }
  void Serve(Body body) { Serve(std::move(body), notes_.Options()); }
  // What a body gets that reads to the end, kept for the test to look at.
  Body Watched() {
    return [this](const CallContext& context, const ImportNotesRequest& first, StreamReader& rest,
                  ImportNotesResponse* response) -> absl::Status {
      ++bodies_;
      const absl::Status status = CountAll(context, first, rest, response);
      seen_ = status;
      ended_.Notify();
      return status;
    };
  }
  std::unique_ptr<UploadCall> Open(const std::string& method = "ImportNotes") {
    return notes_.client->Upload(NoteMethod(method), TestNotes::With(notes_.Token()));
  }
  absl::Status SendAll(const std::vector<ImportNotesRequest>& messages, const CallOptions& options) {
    auto call = notes_.client->Upload(NoteMethod("ImportNotes"), options);
    for (const auto& message : messages) {
      if (!call->Send(message)) break;
    }
    return call->Finish(&response_);
  }
  absl::Status SendAll(const std::vector<ImportNotesRequest>& messages) {
    return SendAll(messages, TestNotes::With(notes_.Token()));
  }
  template <typename Condition>
  static void Await(Condition condition) {
    while (!condition()) std::this_thread::yield();
  }

  std::atomic<int> bodies_{0};
  absl::Status seen_;
  absl::Notification ended_;
  TestNotes notes_;
  ImportNotesResponse response_;
};

}  // namespace fivestrand::rpc

#endif  // FIVESTRAND_PLATFORM_RPC_TEST_UPLOADS_H_
