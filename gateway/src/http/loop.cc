#include "gateway/src/http/loop.h"

#include <boost/asio/post.hpp>

#include "absl/strings/str_cat.h"

#include "gateway/src/http/client_transport.h"

namespace fivestrand::gateway::http {

IoLoop::IoLoop(const ServerOptions* options, Handler* handler, OpenConnections* open)
    : options_(options), handler_(handler), open_(open) {
  RefreshDate();
}

IoLoop::~IoLoop() {
  StopAndJoin();
}

void IoLoop::Run() {
  thread_ = std::thread([this] {
    ArmTick();
    context_.run();
  });
}

void IoLoop::StopAndJoin() {
  if (!thread_.joinable()) return;
  work_.reset();
  context_.stop();
  thread_.join();
}

void IoLoop::Post(absl::AnyInvocable<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(work));
    if (scheduled_) return;
    scheduled_ = true;
  }
  boost::asio::post(context_, [this] { RunPosted(); });
}

void IoLoop::RunAfter(std::chrono::milliseconds delay, absl::AnyInvocable<void()> work) {
  auto timer = std::make_shared<boost::asio::steady_timer>(context_, delay);
  timer->async_wait([timer, work = std::make_shared<absl::AnyInvocable<void()>>(std::move(work))](boost::system::error_code error) {
    if (!error) (*work)();
  });
}

std::shared_ptr<ClientSocket> IoLoop::NewClientSocket(std::shared_ptr<ClientTls> tls) {
  return MakeClientSocket(context_, std::move(tls));
}

void IoLoop::RunPosted() {
  {
    const std::lock_guard lock(mutex_);
    running_.swap(posted_);
    scheduled_ = false;
  }
  for (auto& work : running_) {
    work();
    work = nullptr;  // What it holds goes now, not after the whole batch.
  }
  running_.clear();
}

void IoLoop::Adopt(std::shared_ptr<Connection> connection) {
  open_->Add(+1);
  if (options_->on_connections) options_->on_connections(+1);
  Connection* key = connection.get();
  connections_.emplace(key, std::move(connection));
}

void IoLoop::Closed(Connection* connection) {
  if (connections_.erase(connection) == 0) return;
  open_->Add(-1);
  if (options_->on_connections) options_->on_connections(-1);
}

std::vector<std::shared_ptr<Connection>> IoLoop::Snapshot() const {
  std::vector<std::shared_ptr<Connection>> all;
  all.reserve(connections_.size());
  for (const auto& [key, connection] : connections_) all.push_back(connection);
  return all;
}

void IoLoop::BeginDrain() {
  draining_ = true;
  for (const auto& connection : Snapshot()) connection->BeginDrain();
}

void IoLoop::CloseAll() {
  for (const auto& connection : Snapshot()) connection->Close();
}

void IoLoop::ArmTick() {
  tick_.expires_after(options_->tick);
  tick_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    RefreshDate();
    const TimePoint now = Now();
    for (const auto& connection : Snapshot()) connection->Tick(now);
    ArmTick();
  });
}

void IoLoop::RefreshDate() {
  const absl::Time now = options_->wall_clock();
  const int64_t second = absl::ToUnixSeconds(now);
  if (second == date_second_) return;
  date_second_ = second;
  date_line_ = absl::StrCat("Date: ", absl::FormatTime("%a, %d %b %Y %H:%M:%S", now, absl::UTCTimeZone()), " GMT\r\n");
}

}  // namespace fivestrand::gateway::http
