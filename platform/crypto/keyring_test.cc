#include "platform/crypto/keyring.h"

#include <atomic>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/crypto/secret_file.h"
#include "platform/crypto/temporary_folder.h"

namespace fivestrand::crypto {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

std::string Content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool Same(const SecretKey& a, const SecretKey& b) {
  return std::memcmp(a.data(), b.data(), kKeyBytes) == 0;
}

class KeyringTest : public ::testing::Test {
 protected:
  void Write(const std::string& content) {
    std::ofstream(path_, std::ios::trunc) << content;
    ASSERT_EQ(chmod(path_.c_str(), 0600), 0);
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.File("keyring.json");
};

TEST_F(KeyringTest, CreatesAPrivateFileOnce) {
  ASSERT_TRUE(Keyring::Create(path_, kNow).ok());
  struct stat info {};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  const std::string before = Content(path_);
  EXPECT_EQ(Keyring::Create(path_, kNow).code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(Content(path_), before);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1) << "a temporary file was left";
}

TEST_F(KeyringTest, RefusesAFileThatOthersCanRead) {
  ASSERT_TRUE(Keyring::Create(path_, kNow).ok());
  for (mode_t mode : {0604, 0640, 0660, 0602, 0601}) {
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
    EXPECT_EQ(Keyring::Load(path_).status().code(), StatusCode::kFailedPrecondition) << std::oct << mode;
  }
  ASSERT_EQ(chmod(path_.c_str(), 0400), 0);
  EXPECT_TRUE(Keyring::Load(path_).ok());
}

TEST_F(KeyringTest, RefusesWhatIsNoFile) {
  EXPECT_EQ(Keyring::Load(path_).status().code(), StatusCode::kNotFound);
  EXPECT_EQ(Keyring::Load(folder_.path()).status().code(), StatusCode::kFailedPrecondition);
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_EQ(Keyring::Load(path_).status().code(), StatusCode::kFailedPrecondition);
}

TEST_F(KeyringTest, RefusesDamagedContentWithoutShowingIt) {
  constexpr char kKey[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  const std::string good = std::string(R"({"format":1,"primary":1,"keys":[{"version":1,"key":")") + kKey + R"("}]})";
  Write(good);
  ASSERT_TRUE(Keyring::Load(path_).ok());
  const std::string key = std::string(R"("key":")") + kKey + "\"";
  for (const std::string& bad :
       {std::string(), std::string("[]"), good.substr(0, good.size() - 1),
        std::string(R"({"format":2,"primary":1,"keys":[{"version":1,)") + key + "}]}",
        std::string(R"({"format":1,"primary":2,"keys":[{"version":1,)") + key + "}]}",
        std::string(R"({"format":1,"primary":1,"keys":[]})"),
        std::string(R"({"format":1,"primary":0,"keys":[{"version":0,)") + key + "}]}",
        std::string(R"({"format":1,"primary":1,"keys":[{"version":1,"key":"AAAA"}]})"),
        std::string(R"({"format":1,"primary":1,"keys":[{"version":1,)") + key + R"(},{"version":1,)" + key + "}]}",
        std::string(R"({"format":1,"primary":1,"keys":[{"version":-1,)") + key + "}]}"}) {
    Write(bad);
    const absl::Status status = Keyring::Load(path_).status();
    EXPECT_EQ(status.code(), StatusCode::kDataLoss) << bad;
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("AAAA")));
    EXPECT_FALSE(Keyring::Rotate(path_, kNow).ok());
    EXPECT_EQ(Content(path_), bad);
  }
  Write(std::string(kMaxSecretFileBytes + 1, ' '));
  EXPECT_EQ(Keyring::Load(path_).status().code(), StatusCode::kFailedPrecondition);
}

TEST_F(KeyringTest, RotationKeepsOldVersionsUntilRemoved) {
  ASSERT_TRUE(Keyring::Create(path_, kNow).ok());
  const auto before = Keyring::Load(path_).value();
  EXPECT_EQ(Keyring::Rotate(path_, kNow).value(), 2u);
  const auto after = Keyring::Load(path_).value();
  EXPECT_EQ(after->primary(), 2u);
  EXPECT_THAT(after->versions(), ElementsAre(1, 2));
  EXPECT_TRUE(Same(before->Derive("x", 1).value(), after->Derive("x", 1).value()));
  EXPECT_EQ(before->Derive("x", 2).status().code(), StatusCode::kNotFound);

  EXPECT_EQ(Keyring::Remove(path_, 2).code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(Keyring::Remove(path_, 7).code(), StatusCode::kNotFound);
  EXPECT_TRUE(Keyring::Remove(path_, 1).ok());
  EXPECT_THAT(Keyring::Load(path_).value()->versions(), ElementsAre(2));
  EXPECT_EQ(Keyring::Rotate(path_, kNow).value(), 3u);
}

TEST_F(KeyringTest, PurposesAndVersionsGiveDifferentKeys) {
  ASSERT_TRUE(Keyring::Create(path_, kNow).ok());
  ASSERT_TRUE(Keyring::Rotate(path_, kNow).ok());
  const auto ring = Keyring::Load(path_).value();
  EXPECT_TRUE(Same(ring->Derive("a", 1).value(), ring->Derive("a", 1).value()));
  EXPECT_FALSE(Same(ring->Derive("a", 1).value(), ring->Derive("b", 1).value()));
  EXPECT_FALSE(Same(ring->Derive("a", 1).value(), ring->Derive("a", 2).value()));
  EXPECT_FALSE(Same(Keyring::NewInMemory()->Derive("a", 1).value(), Keyring::NewInMemory()->Derive("a", 1).value()));
}

TEST_F(KeyringTest, RotationsAtOnceLoseNone) {
  ASSERT_TRUE(Keyring::Create(path_, kNow).ok());
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { EXPECT_TRUE(Keyring::Rotate(path_, kNow).ok()); });
  for (auto& thread : threads) thread.join();
  const auto ring = Keyring::Load(path_).value();
  EXPECT_EQ(ring->versions().size(), 9u);
  EXPECT_EQ(ring->primary(), 9u);
}

TEST_F(KeyringTest, CreationsAtOnceMakeOne) {
  std::vector<std::thread> threads;
  std::atomic<int> created = 0;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { created += Keyring::Create(path_, kNow).ok() ? 1 : 0; });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(created, 1);
}

}  // namespace
}  // namespace fivestrand::crypto
