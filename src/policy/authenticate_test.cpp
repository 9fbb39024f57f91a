#include "policy/authenticate.hpp"

#include <gtest/gtest.h>

namespace sluice::policy {
namespace {

Authenticator two_keys() { return Authenticator({{"dev", Secret("sk-1")}, {"ci", Secret("sk-2")}}); }

std::string name_of(const Result<Caller>& caller) { return caller ? std::string(caller->name) : "refused"; }

TEST(Authenticator, FindsTheKeyWhereverItIsSent) {
  const auto keys = two_keys();
  EXPECT_EQ(name_of(keys.identify({.authorization = "Bearer sk-1"}, false)), "dev");
  EXPECT_EQ(name_of(keys.identify({.authorization = "bEARER   sk-2 "}, false)), "ci");
  EXPECT_EQ(name_of(keys.identify({.authorization = "sk-2"}, false)), "ci");
  EXPECT_EQ(name_of(keys.identify({.x_api_key = "sk-1"}, false)), "dev");
  EXPECT_EQ(name_of(keys.identify({.api_key = "sk-1"}, false)), "dev");
  EXPECT_EQ(name_of(keys.identify({.x_goog_api_key = "sk-1"}, false)), "dev");
  EXPECT_EQ(name_of(keys.identify({.authorization = "Bearer sk-1", .x_api_key = "sk-1"}, false)), "dev");
}

TEST(Authenticator, RefusesWithoutRepeatingTheKey) {
  const auto keys = two_keys();
  for (const Credentials& bad :
       {Credentials{}, Credentials{.authorization = "Bearer "}, Credentials{.authorization = "Bearer sk-secret"},
        Credentials{.authorization = "Basic sk-1"}, Credentials{.authorization = "sk-1", .x_api_key = "sk-2"}}) {
    const auto caller = keys.identify(bad, true);
    ASSERT_FALSE(caller);
    EXPECT_EQ(caller.error().code(), ErrorCode::unauthenticated);
    EXPECT_EQ(caller.error().message().find("sk-"), std::string::npos);
  }
}

TEST(Authenticator, WithoutKeysServesThisMachineOnly) {
  const Authenticator open({});
  EXPECT_EQ(name_of(open.identify({.authorization = "Bearer anything"}, true)), "local");
  EXPECT_EQ(name_of(open.identify({}, false)), "refused");
}

}  // namespace
}  // namespace sluice::policy
