#include "platform/identity/key_source.h"

#include <arpa/inet.h>
#include <condition_variable>
#include <fstream>
#include <functional>
#include <mutex>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "gtest/gtest.h"

#include "platform/crypto/temporary_folder.h"
#include "platform/identity/fetch_url.h"
#include "platform/identity/test_keys.h"

namespace fivestrand::identity {
namespace {

using absl::StatusCode;

// What the fetch of a source answers, with a count that a test can wait for.
class Answers {
 public:
  FetchKeys Fetch() {
    return [this](const std::atomic<bool>&) {
      std::lock_guard lock(mutex_);
      ++fetches_;
      changed_.notify_all();
      return answer_;
    };
  }
  void Set(absl::StatusOr<std::string> answer) {
    std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }
  bool WaitForFetches(int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return fetches_ >= count; });
  }
  int fetches() {
    std::lock_guard lock(mutex_);
    return fetches_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  absl::StatusOr<std::string> answer_ = absl::UnavailableError("not up yet");
  int fetches_ = 0;
};

// Polls: a source tells nobody when it has taken up keys.
bool Eventually(const std::function<bool()>& holds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

TEST(MemoryKeySource, KeepsItsKeysWhenTheNewOnesAreDamaged) {
  const TestKey key;
  const auto source = NewMemoryKeySource();
  EXPECT_EQ(source->Keys(), nullptr);
  const uint64_t none = source->generation();
  ASSERT_TRUE(source->Set(key.Jwks()).ok());
  const uint64_t first = source->generation();
  EXPECT_NE(first, none);
  EXPECT_EQ(source->Set("nonsense").code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(source->Keys()->Contains(key.kid()));
  ASSERT_TRUE(source->Set(key.Jwks()).ok());
  EXPECT_EQ(source->generation(), first) << "unchanged keys are no new generation";
}

TEST(RefreshingKeySource, FetchesAtOnceAndUntilItWorks) {
  const TestKey key;
  Answers answers;
  const auto source =
      NewRefreshingKeySource(answers.Fetch(), {.min_interval = absl::Milliseconds(5), .first_retry = absl::Milliseconds(1)});
  ASSERT_TRUE(answers.WaitForFetches(3));
  EXPECT_EQ(source->Keys(), nullptr);
  EXPECT_EQ(source->last_error().code(), StatusCode::kUnavailable);
  answers.Set(key.Jwks());
  ASSERT_TRUE(Eventually([&] { return source->Keys() != nullptr && source->last_error().ok(); }));
  EXPECT_TRUE(source->Keys()->Contains(key.kid()));
}

TEST(RefreshingKeySource, FetchesOnRequestAndTakesUpTheNewKeys) {
  const TestKey before;
  const TestKey after;
  Answers answers;
  answers.Set(before.Jwks());
  const auto source = NewRefreshingKeySource(answers.Fetch(), {.min_interval = absl::ZeroDuration(), .max_age = absl::Hours(1)});
  ASSERT_TRUE(Eventually([&] { return source->Keys() != nullptr; }));
  answers.Set(after.Jwks());
  source->RequestRefresh();
  ASSERT_TRUE(Eventually([&] { return source->Keys()->Contains(after.kid()); }));
  EXPECT_FALSE(source->Keys()->Contains(before.kid()));
}

TEST(RefreshingKeySource, MadeUpKeyIdsDoNotDriveIt) {
  Answers answers;
  answers.Set(TestKey().Jwks());
  const auto source = NewRefreshingKeySource(answers.Fetch(), {.min_interval = absl::Hours(1), .max_age = absl::Hours(2)});
  ASSERT_TRUE(Eventually([&] { return source->Keys() != nullptr; }));
  for (int i = 0; i < 10'000; ++i) source->RequestRefresh();
  EXPECT_EQ(answers.fetches(), 1);
}

TEST(RefreshingKeySource, KeepsItsKeysWhenAFetchFails) {
  const TestKey key;
  Answers answers;
  answers.Set(key.Jwks());
  const auto source = NewRefreshingKeySource(answers.Fetch(), {.min_interval = absl::ZeroDuration(), .max_age = absl::Hours(1)});
  ASSERT_TRUE(Eventually([&] { return source->Keys() != nullptr; }));
  answers.Set(std::string("nonsense"));
  source->RequestRefresh();
  ASSERT_TRUE(Eventually([&] { return !source->last_error().ok(); }));
  EXPECT_TRUE(source->Keys()->Contains(key.kid()));
}

TEST(RefreshingKeySource, LooksAgainWithoutBeingAsked) {
  Answers answers;
  answers.Set(TestKey().Jwks());
  const auto source =
      NewRefreshingKeySource(answers.Fetch(), {.min_interval = absl::ZeroDuration(), .max_age = absl::Milliseconds(5)});
  EXPECT_TRUE(answers.WaitForFetches(3));
}

TEST(FileKeySource, FollowsTheFile) {
  const TestKey before;
  const TestKey after;
  const crypto::TemporaryFolder folder;
  const std::string path = folder.File("jwks.json");
  const auto source = NewFileKeySource(
      path, {.min_interval = absl::Milliseconds(2), .max_age = absl::Milliseconds(2), .first_retry = absl::Milliseconds(1)});
  ASSERT_TRUE(Eventually([&] { return source->last_error().code() == StatusCode::kNotFound; }));
  std::ofstream(path) << before.Jwks();
  ASSERT_TRUE(Eventually([&] { return source->Keys() != nullptr && source->Keys()->Contains(before.kid()); }));
  std::ofstream(path, std::ios::trunc) << after.Jwks();
  EXPECT_TRUE(Eventually([&] { return source->Keys()->Contains(after.kid()); }));
}

// Answers every connection on a loopback port with the same bytes; with none it holds the connection open.
class TinyServer {
 public:
  explicit TinyServer(std::string answer) : answer_(std::move(answer)), listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), length), 0);
    EXPECT_EQ(listen(listener_, 8), 0);
    EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length), 0);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/jwks.json";
    thread_ = std::thread([this] { Serve(); });
  }
  ~TinyServer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
    for (int held : held_) close(held);
  }
  const std::string& url() const { return url_; }
  int connections() const { return connections_; }

 private:
  void Serve() {
    for (int peer; (peer = accept(listener_, nullptr, nullptr)) >= 0;) {
      ++connections_;
      if (answer_.empty()) {
        held_.push_back(peer);
        continue;
      }
      std::string request;
      char buffer[1024];
      while (request.find("\r\n\r\n") == std::string::npos) {
        const ssize_t got = recv(peer, buffer, sizeof(buffer), 0);
        if (got <= 0) break;
        request.append(buffer, static_cast<size_t>(got));
      }
      std::string_view rest = answer_;
      while (!rest.empty()) {
        const ssize_t sent = send(peer, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent <= 0) break;
        rest.remove_prefix(static_cast<size_t>(sent));
      }
      close(peer);
    }
  }

  const std::string answer_;
  const int listener_;
  std::string url_;
  std::atomic<int> connections_ = 0;
  std::vector<int> held_;
  std::thread thread_;
};

std::string Http(const std::string& status, const std::string& body, const std::string& headers = "") {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n" + headers +
         "\r\n" + body;
}

TEST(UrlKeySource, FetchesKeys) {
  const TestKey key;
  const TinyServer server(Http("200 OK", key.Jwks()));
  const auto source = NewUrlKeySource(server.url());
  ASSERT_TRUE(Eventually([&] { return source->Keys() != nullptr; }));
  EXPECT_TRUE(source->Keys()->Contains(key.kid()));
}

TEST(FetchUrl, RefusesOtherAnswers) {
  const std::atomic<bool> stop = false;
  const TinyServer missing(Http("404 Not Found", TestKey().Jwks()));
  EXPECT_EQ(FetchUrl(missing.url(), {}, stop).status().code(), StatusCode::kUnavailable);
  const TinyServer target(Http("200 OK", "{}"));
  const TinyServer redirect(Http("302 Found", "", "Location: " + target.url() + "\r\n"));
  EXPECT_EQ(FetchUrl(redirect.url(), {}, stop).status().code(), StatusCode::kUnavailable);
  EXPECT_EQ(target.connections(), 0);
  const TinyServer large(Http("200 OK", std::string(2000, ' ')));
  EXPECT_EQ(FetchUrl(large.url(), {.max_bytes = 1999}, stop).status().code(), StatusCode::kUnavailable);
  EXPECT_TRUE(FetchUrl(large.url(), {.max_bytes = 2000}, stop).ok());
  for (const char* url : {"", "nonsense://x", "file:///etc/passwd", "ftp://127.0.0.1/"})
    EXPECT_FALSE(FetchUrl(url, {}, stop).ok()) << url;
}

TEST(FetchUrl, GivesUpInTimeOrWhenStopped) {
  const TinyServer silent("");
  std::atomic<bool> stop = false;
  EXPECT_EQ(FetchUrl(silent.url(), {.timeout = absl::Milliseconds(100)}, stop).status().code(), StatusCode::kUnavailable);
  stop = true;
  EXPECT_EQ(FetchUrl(silent.url(), {.timeout = absl::Hours(1)}, stop).status().code(), StatusCode::kUnavailable);
}

}  // namespace
}  // namespace fivestrand::identity
