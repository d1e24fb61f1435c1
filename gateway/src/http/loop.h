// One thread with its asio context and the connections that live on it. Included by server.cc and transport.cc only.
#ifndef FIVESTRAND_GATEWAY_SRC_HTTP_LOOP_H_
#define FIVESTRAND_GATEWAY_SRC_HTTP_LOOP_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gateway/src/http/connection.h"

namespace fivestrand::gateway::http {

// How many connections all loops of a server have open. Thread-safe.
class OpenConnections {
 public:
  void Add(int change) {
    const std::lock_guard lock(mutex_);
    count_ += change;
    if (count_ == 0) none_.notify_all();
  }
  int count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  void AwaitNone(std::chrono::nanoseconds patience) {
    std::unique_lock lock(mutex_);
    none_.wait_for(lock, patience, [this] { return count_ == 0; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable none_;
  int count_ = 0;
};

class IoLoop final : public Loop, public ConnectionHost {
 public:
  IoLoop(const ServerOptions* options, Handler* handler, OpenConnections* open);
  ~IoLoop() override;

  void Run();
  // From any thread but the loop's own.
  void StopAndJoin();

  // On the loop's thread.
  void Adopt(std::shared_ptr<Connection> connection);
  void BeginDrain();
  void CloseAll();

  boost::asio::io_context& context() { return context_; }

  void Post(absl::AnyInvocable<void()> work) override;
  void RunAfter(std::chrono::milliseconds delay, absl::AnyInvocable<void()> work) override;
  std::shared_ptr<ClientSocket> NewClientSocket(std::shared_ptr<ClientTls> tls) override;
  const ServerOptions& options() const override { return *options_; }
  Handler& handler() override { return *handler_; }
  Loop& loop() override { return *this; }
  TimePoint Now() override { return std::chrono::steady_clock::now(); }
  std::string_view DateLine() override { return date_line_; }
  bool draining() const override { return draining_; }
  void Closed(Connection* connection) override;

 private:
  void RunPosted();
  void ArmTick();
  void RefreshDate();
  std::vector<std::shared_ptr<Connection>> Snapshot() const;

  const ServerOptions* const options_;
  Handler* const handler_;
  OpenConnections* const open_;
  boost::asio::io_context context_{1};
  boost::asio::steady_timer tick_{context_};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{context_.get_executor()};
  std::thread thread_;
  std::unordered_map<Connection*, std::shared_ptr<Connection>> connections_;
  bool draining_ = false;
  std::string date_line_;
  int64_t date_second_ = -1;

  std::mutex mutex_;  // of the next two
  bool scheduled_ = false;
  std::vector<absl::AnyInvocable<void()>> posted_;
  std::vector<absl::AnyInvocable<void()>> running_;
};

}  // namespace fivestrand::gateway::http

#endif  // FIVESTRAND_GATEWAY_SRC_HTTP_LOOP_H_
