#include "policy/authenticate.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace sluice::policy {
namespace {

Authenticator two_keys() {
  auto ring = KeyRing::build(std::vector<NamedKey>{{"dev", Secret("sk-1")}, {"ci", Secret("sk-2")}});
  return Authenticator(std::move(*ring));
}

std::string name_of(const Result<Caller>& caller) {
  return caller ? std::string(caller->name) : "refused";
}

TEST(Authenticator, FindsTheKeyWhereverItIsSent) {
  const auto keys = two_keys();
  EXPECT_EQ(name_of(keys.identify({.authorization = "Bearer sk-1"}, false)), "dev");
  EXPECT_EQ(name_of(keys.identify({.authorization = "bEARER   sk-2 "}, false)), "ci");
  EXPECT_EQ(name_of(keys.identify({.authorization = "sk-2"}, false)), "ci");
  EXPECT_EQ(name_of(keys.identify({.x_api_key = "sk-1"}, false)), "dev");
  EXPECT_EQ(name_of(keys.identify({.api_key = "sk-1"}, false)), "dev");
  EXPECT_EQ(name_of(keys.identify({.x_goog_api_key = "sk-1"}, false)), "dev");
  EXPECT_EQ(name_of(keys.identify({.authorization = "Bearer sk-1", .x_api_key = "sk-1"}, false)), "dev");
  EXPECT_EQ(name_of(keys.identify({.authorization = "", .x_api_key = " sk-1 "}, false)), "dev");
  EXPECT_EQ(name_of(keys.identify({.authorization = "Bearer", .api_key = "sk-2"}, false)), "ci");
}

TEST(Authenticator, RefusesWithoutRepeatingTheKey) {
  const auto keys = two_keys();
  for (const Credentials& bad :
       {Credentials{}, Credentials{.authorization = "Bearer "},
        Credentials{.authorization = "Bearer sk-secret"}, Credentials{.authorization = "Basic sk-1"},
        Credentials{.authorization = "Bearersk-1"}, Credentials{.authorization = "Bearer Bearer sk-1"},
        Credentials{.x_api_key = "Bearer sk-1"}, Credentials{.api_key = "sk-"},
        Credentials{.authorization = "sk-1", .x_api_key = "sk-2"}}) {
    const auto caller = keys.identify(bad, true);
    ASSERT_FALSE(caller);
    EXPECT_EQ(caller.error().code(), ErrorCode::unauthenticated);
    EXPECT_EQ(caller.error().message().find("sk-"), std::string::npos);
  }
}

TEST(Authenticator, SaysWhatToDo) {
  const auto keys = two_keys();
  const std::string accepted =
      "; send a key as 'Authorization: Bearer KEY', or in x-api-key, api-key or x-goog-api-key";
  EXPECT_EQ(keys.identify({}, true).error().message(), "the request carries no key" + accepted);
  EXPECT_EQ(keys.identify({.authorization = "bearer  "}, true).error().message(),
            "the request carries no key" + accepted);
  EXPECT_EQ(keys.identify({.api_key = "x"}, true).error().message(), "the key is not known here" + accepted);
  EXPECT_EQ(keys.identify({.x_api_key = "sk-1", .x_goog_api_key = "sk-2"}, true).error().message(),
            "the request carries several different keys" + accepted);
}

TEST(Authenticator, WithoutKeysServesThisMachineOnly) {
  const Authenticator open{KeyRing()};
  EXPECT_EQ(name_of(open.identify({.authorization = "Bearer anything"}, true)), "local");
  EXPECT_EQ(name_of(open.identify({}, false)), "refused");
  EXPECT_NE(open.identify({}, false).error().message().find("'keys' in the configuration"),
            std::string::npos);
}

}  // namespace
}  // namespace sluice::policy
