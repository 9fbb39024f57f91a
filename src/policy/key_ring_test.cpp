#include "policy/key_ring.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace sluice::policy {
namespace {

std::string why_not(const std::vector<NamedKey>& keys) {
  const auto ring = KeyRing::build(keys);
  return ring ? "built" : ring.error().message();
}

TEST(KeyRing, FindsEveryOneOfManyKeysAndNoOther) {
  constexpr int count = 100'000;
  std::vector<NamedKey> keys;
  for (int i = 0; i < count; ++i)
    keys.push_back({"caller-" + std::to_string(i), Secret("sk-" + std::to_string(i))});
  const auto ring = KeyRing::build(keys);
  ASSERT_TRUE(ring) << ring.error().message();
  EXPECT_EQ(ring->size(), static_cast<std::size_t>(count));
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i)
    ASSERT_EQ(ring->find("sk-" + std::to_string(i)), "caller-" + std::to_string(i));
  // A search through all keys would take a thousand times as long.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  for (const char* unknown : {"", "sk-", "sk-100000", "sk-1 ", "SK-1", "caller-1"})
    EXPECT_EQ(ring->find(unknown), std::nullopt) << unknown;
}

TEST(KeyRing, NamesOutliveAMove) {
  auto ring = KeyRing::build(std::vector<NamedKey>{{"a", Secret("k1")}, {"b", Secret("k2")}});
  ASSERT_TRUE(ring);
  const KeyRing moved = std::move(*ring);
  EXPECT_EQ(moved.find("k1"), "a");
  EXPECT_EQ(moved.find("k2"), "b");
}

TEST(KeyRing, OneCallerMayHaveSeveralKeys) {
  const auto ring = KeyRing::build(std::vector<NamedKey>{{"a", Secret("old")}, {"a", Secret("new")}});
  ASSERT_TRUE(ring);
  EXPECT_EQ(ring->find("old"), "a");
  EXPECT_EQ(ring->find("new"), "a");
}

TEST(KeyRing, AnEmptyRingKnowsNobody) {
  EXPECT_EQ(KeyRing().find("x"), std::nullopt);
  const auto ring = KeyRing::build({});
  ASSERT_TRUE(ring);
  EXPECT_TRUE(ring->empty());
  EXPECT_EQ(ring->find(""), std::nullopt);
}

TEST(KeyRing, SaysWhichKeyCannotBeUsedWithoutShowingIt) {
  EXPECT_EQ(why_not({{"dev", Secret("ok")}, {"ci", Secret("")}}), "keys[1] (ci): the secret is empty");
  EXPECT_EQ(why_not({{"", Secret("k")}}), "keys[0]: the name is missing");
  for (const char* secret : {"se cret", "secret\n", "\tsecret",
                             "s\xc3\xa9"
                             "cret"})
    EXPECT_EQ(why_not({{"dev", Secret(secret)}}),
              "keys[0] (dev): a secret may hold visible ASCII characters only, no spaces");
  const std::string twice =
      why_not({{"dev", Secret("same")}, {"x", Secret("other")}, {"ci", Secret("same")}});
  EXPECT_TRUE(twice == "keys: `dev` and `ci` have the same secret" ||
              twice == "keys: `ci` and `dev` have the same secret")
      << twice;
}

}  // namespace
}  // namespace sluice::policy
