#include "platform/crypto/field_cipher.h"

#include <atomic>
#include <set>
#include <thread>

#include "gtest/gtest.h"

#include "platform/crypto/fake_data_key_store.h"
#include "platform/crypto/temporary_folder.h"

namespace fivestrand::crypto {
namespace {

using absl::StatusCode;

constexpr char kField[] = "trusts/acorn/schools/oak/notes/n#text";

class FieldCipherTest : public ::testing::Test {
 protected:
  std::unique_ptr<FieldCipher> NewCipher(std::shared_ptr<const Keyring> keyring, size_t max_trusts = 1024) {
    return FieldCipher::Create(std::move(keyring), &store_, {.clock = [this] { return now_; }, .max_trusts = max_trusts});
  }

  absl::Time now_ = absl::FromUnixSeconds(1'790'000'000);
  FakeDataKeyStore store_;
  std::shared_ptr<const Keyring> keyring_ = Keyring::NewInMemory();
  std::unique_ptr<FieldCipher> cipher_ = NewCipher(keyring_);
};

TEST_F(FieldCipherTest, OpensWhatItSealed) {
  for (const std::string& text : {std::string(), std::string("x"), std::string("Sehr müde\0.", 12), std::string(100'000, 'a')}) {
    const auto sealed = cipher_->Seal("acorn", kField, text);
    ASSERT_TRUE(sealed.ok()) << sealed.status();
    EXPECT_EQ(sealed->size(), text.size() + kOverheadBytes);
    EXPECT_EQ(cipher_->Open("acorn", kField, *sealed).value(), text);
  }
  EXPECT_EQ(store_.rows(), 1u);
}

TEST_F(FieldCipherTest, SameTextNeverSealsTheSame) {
  std::set<std::string> all;
  for (int i = 0; i < 100; ++i) all.insert(cipher_->Seal("acorn", kField, "same").value());
  EXPECT_EQ(all.size(), 100u);
}

TEST_F(FieldCipherTest, EveryChangedByteIsDataLoss) {
  const std::string sealed = cipher_->Seal("acorn", kField, "secret").value();
  for (size_t i = 0; i < sealed.size(); ++i) {
    for (int bit : {0, 7}) {
      std::string changed = sealed;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      EXPECT_EQ(cipher_->Open("acorn", kField, changed).status().code(), StatusCode::kDataLoss) << "byte " << i;
    }
  }
  for (size_t length = 0; length < sealed.size(); ++length) {
    EXPECT_EQ(cipher_->Open("acorn", kField, sealed.substr(0, length)).status().code(), StatusCode::kDataLoss) << length;
  }
  EXPECT_EQ(cipher_->Open("acorn", kField, sealed + "x").status().code(), StatusCode::kDataLoss);
}

TEST_F(FieldCipherTest, OpensOnlyInItsPlace) {
  const std::string sealed = cipher_->Seal("acorn", kField, "secret").value();
  ASSERT_TRUE(cipher_->Prepare("birch").ok());
  EXPECT_EQ(cipher_->Open("acorn", "other", sealed).status().code(), StatusCode::kDataLoss);
  EXPECT_EQ(cipher_->Open("acorn", "", sealed).status().code(), StatusCode::kDataLoss);
  EXPECT_EQ(cipher_->Open("birch", kField, sealed).status().code(), StatusCode::kDataLoss);
  EXPECT_EQ(cipher_->Open("unknown", kField, sealed).status().code(), StatusCode::kDataLoss);
  EXPECT_EQ(store_.rows(), 2u) << "opening made a key";
}

TEST_F(FieldCipherTest, PartsOfTheContextDoNotRunTogether) {
  const std::string sealed = cipher_->Seal("acorn", "ab", "secret").value();
  EXPECT_FALSE(cipher_->Open("acorna", "b", sealed).ok());
}

TEST_F(FieldCipherTest, AnotherKeyringOpensNothing) {
  const std::string sealed = cipher_->Seal("acorn", kField, "secret").value();
  auto stranger = NewCipher(Keyring::NewInMemory());
  EXPECT_EQ(stranger->Open("acorn", kField, sealed).status().code(), StatusCode::kDataLoss);
  // And it must not replace the key that it cannot read.
  EXPECT_EQ(stranger->Seal("acorn", kField, "text").status().code(), StatusCode::kDataLoss);
  EXPECT_EQ(store_.rows(), 1u);
}

TEST_F(FieldCipherTest, WrappedKeyOfAnotherTrustOrVersionIsDataLoss) {
  ASSERT_TRUE(cipher_->Prepare("acorn").ok());
  ASSERT_TRUE(cipher_->Prepare("birch").ok());
  std::string wrapped;
  store_.Change("acorn", 1, [&](WrappedDataKey* key) { wrapped = key->wrapped; });
  store_.Change("birch", 1, [&](WrappedDataKey* key) { std::swap(wrapped, key->wrapped); });
  EXPECT_EQ(NewCipher(keyring_)->Prepare("birch"), absl::OkStatus()) << "loading alone is no error";
  EXPECT_EQ(NewCipher(keyring_)->Seal("birch", kField, "x").status().code(), StatusCode::kDataLoss);
  store_.Change("birch", 1, [&](WrappedDataKey* key) { std::swap(wrapped, key->wrapped); });
  EXPECT_TRUE(NewCipher(keyring_)->Seal("birch", kField, "x").ok());
  for (size_t i = 0; i < wrapped.size(); ++i) {
    store_.Change("birch", 1, [&](WrappedDataKey* key) { key->wrapped[i] ^= 1; });
    EXPECT_EQ(NewCipher(keyring_)->Seal("birch", kField, "x").status().code(), StatusCode::kDataLoss) << i;
    store_.Change("birch", 1, [&](WrappedDataKey* key) { key->wrapped[i] ^= 1; });
  }
}

TEST_F(FieldCipherTest, StoreFailuresPassThrough) {
  store_.FailWith(absl::UnavailableError("away"));
  EXPECT_EQ(cipher_->Seal("acorn", kField, "x").status().code(), StatusCode::kUnavailable);
  EXPECT_EQ(cipher_->Open("acorn", kField, std::string(1, '\1') + std::string(60, 'x')).status().code(), StatusCode::kUnavailable);
  EXPECT_EQ(cipher_->Rewrap("acorn").status().code(), StatusCode::kUnavailable);
  EXPECT_EQ(cipher_->RotateDataKey("acorn").status().code(), StatusCode::kUnavailable);
}

TEST_F(FieldCipherTest, KnownKeysNeedNoStore) {
  const std::string sealed = cipher_->Seal("acorn", kField, "secret").value();
  const int loads = store_.loads();
  store_.FailWith(absl::UnavailableError("away"));
  EXPECT_TRUE(cipher_->Seal("acorn", kField, "x").ok());
  EXPECT_TRUE(cipher_->Open("acorn", kField, sealed).ok());
  EXPECT_EQ(store_.loads(), loads);
  // Even when it is time to look again.
  now_ += absl::Hours(1);
  EXPECT_TRUE(cipher_->Seal("acorn", kField, "x").ok());
  EXPECT_EQ(store_.loads(), loads + 1);
}

TEST_F(FieldCipherTest, RotatedDataKeySealsAndOldOnesOpen) {
  const std::string before = cipher_->Seal("acorn", kField, "before").value();
  auto other_process = NewCipher(keyring_);
  ASSERT_TRUE(other_process->Prepare("acorn").ok());
  EXPECT_EQ(cipher_->RotateDataKey("acorn").value(), 2u);
  const std::string after = cipher_->Seal("acorn", kField, "after").value();
  EXPECT_EQ(before[4], 1);
  EXPECT_EQ(after[4], 2);
  EXPECT_EQ(cipher_->Open("acorn", kField, before).value(), "before");
  EXPECT_EQ(other_process->Open("acorn", kField, after).value(), "after") << "a version that it had not loaded";
}

TEST_F(FieldCipherTest, AnotherProcessTakesUpTheRotationInTime) {
  auto other_process = NewCipher(keyring_);
  ASSERT_TRUE(other_process->Prepare("acorn").ok());
  ASSERT_EQ(cipher_->RotateDataKey("acorn").value(), 2u);
  EXPECT_EQ(other_process->Seal("acorn", kField, "x").value()[4], 1);
  now_ += absl::Minutes(10);
  EXPECT_EQ(other_process->Seal("acorn", kField, "x").value()[4], 2);
}

TEST_F(FieldCipherTest, RotatesATrustThatHadNoKey) {
  EXPECT_EQ(cipher_->RotateDataKey("acorn").value(), 1u);
}

TEST_F(FieldCipherTest, RewrapMovesToTheNewKeyringVersion) {
  const TemporaryFolder folder;
  const std::string path = folder.File("keyring.json");
  ASSERT_TRUE(Keyring::Create(path, now_).ok());
  auto old_cipher = NewCipher(Keyring::Load(path).value());
  const std::string sealed = old_cipher->Seal("acorn", kField, "secret").value();
  ASSERT_EQ(old_cipher->RotateDataKey("acorn").value(), 2u);
  const std::string sealed2 = old_cipher->Seal("acorn", kField, "secret 2").value();

  ASSERT_EQ(Keyring::Rotate(path, now_).value(), 2u);
  auto cipher = NewCipher(Keyring::Load(path).value());
  EXPECT_EQ(cipher->Open("acorn", kField, sealed).value(), "secret") << "before the rewrap";
  EXPECT_EQ(cipher->Rewrap("acorn").value(), 2);
  EXPECT_EQ(cipher->Rewrap("acorn").value(), 0) << "again";
  store_.Change("acorn", 1, [](WrappedDataKey* key) { EXPECT_EQ(key->kek_version, 2u); });

  ASSERT_TRUE(Keyring::Remove(path, 1).ok());
  auto later = NewCipher(Keyring::Load(path).value());
  EXPECT_EQ(later->Open("acorn", kField, sealed).value(), "secret");
  EXPECT_EQ(later->Open("acorn", kField, sealed2).value(), "secret 2");
  EXPECT_EQ(old_cipher->Open("acorn", kField, sealed).value(), "secret") << "a process that still has the old keyring";
}

TEST_F(FieldCipherTest, RewrapWithoutTheOldVersionIsDataLoss) {
  ASSERT_TRUE(cipher_->Prepare("acorn").ok());
  const TemporaryFolder folder;
  const std::string path = folder.File("keyring.json");
  ASSERT_TRUE(Keyring::Create(path, now_).ok());
  ASSERT_TRUE(Keyring::Rotate(path, now_).ok());
  auto stranger = NewCipher(Keyring::Load(path).value());
  EXPECT_EQ(stranger->Rewrap("acorn").status().code(), StatusCode::kDataLoss);
}

TEST_F(FieldCipherTest, TakesUpANewKeyringWhileRunning) {
  const TemporaryFolder folder;
  const std::string path = folder.File("keyring.json");
  ASSERT_TRUE(Keyring::Create(path, now_).ok());
  auto cipher = NewCipher(Keyring::Load(path).value());
  const std::string sealed = cipher->Seal("acorn", kField, "secret").value();
  ASSERT_TRUE(Keyring::Rotate(path, now_).ok());
  cipher->SetKeyring(Keyring::Load(path).value());
  EXPECT_EQ(cipher->Rewrap("acorn").value(), 1);
  EXPECT_EQ(cipher->Open("acorn", kField, sealed).value(), "secret");
}

TEST_F(FieldCipherTest, HoldsABoundedNumberOfTrusts) {
  auto cipher = NewCipher(keyring_, 2);
  for (const char* trust : {"a", "b", "c"}) ASSERT_TRUE(cipher->Prepare(trust).ok());
  const int loads = store_.loads();
  ASSERT_TRUE(cipher->Seal("c", kField, "x").ok());
  ASSERT_TRUE(cipher->Seal("b", kField, "x").ok());
  EXPECT_EQ(store_.loads(), loads);
  ASSERT_TRUE(cipher->Seal("a", kField, "x").ok());
  EXPECT_EQ(store_.loads(), loads + 1) << "the longest unused one was dropped";
  ASSERT_TRUE(cipher->Seal("b", kField, "x").ok());
  EXPECT_EQ(store_.loads(), loads + 1);
}

// Processes and threads that all find no key at the same time must end with the same one.
TEST_F(FieldCipherTest, FirstKeyIsOneForAll) {
  for (int round = 0; round < 20; ++round) {
    const std::string trust = "trust-" + std::to_string(round);
    std::vector<std::unique_ptr<FieldCipher>> processes;
    for (int i = 0; i < 4; ++i) processes.push_back(NewCipher(keyring_));
    std::vector<std::string> sealed(8);
    std::vector<std::thread> threads;
    std::atomic<int> ready = 0;
    for (size_t i = 0; i < sealed.size(); ++i) {
      threads.emplace_back([&, i] {
        ++ready;
        while (ready < static_cast<int>(sealed.size())) std::this_thread::yield();
        auto text = processes[i % processes.size()]->Seal(trust, kField, "text");
        EXPECT_TRUE(text.ok()) << text.status();
        if (text.ok()) sealed[i] = *std::move(text);
      });
    }
    for (auto& thread : threads) thread.join();
    auto reader = NewCipher(keyring_);
    for (const std::string& text : sealed) EXPECT_EQ(reader->Open(trust, kField, text).value(), "text");
  }
  EXPECT_EQ(store_.rows(), 20u);
}

TEST_F(FieldCipherTest, RotationsRaceSafely) {
  std::vector<std::thread> threads;
  std::atomic<bool> stop = false;
  threads.emplace_back([&] {
    for (int i = 0; i < 30; ++i) EXPECT_TRUE(cipher_->RotateDataKey("acorn").ok());
    stop = true;
  });
  auto other = NewCipher(keyring_);
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      while (!stop) {
        const auto sealed = cipher_->Seal("acorn", kField, "text");
        ASSERT_TRUE(sealed.ok());
        EXPECT_EQ(other->Open("acorn", kField, *sealed).value_or("lost"), "text");
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace fivestrand::crypto
