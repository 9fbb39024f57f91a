#include "dialect/host_profile.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace sluice::dialect {
namespace {

TEST(HostProfile, IsFoundByTheHostOfTheBaseAddress) {
  EXPECT_EQ(profile_for("api.openai.com").name, "openai");
  EXPECT_EQ(profile_for("eu.api.openai.com").name, "openai");
  EXPECT_EQ(profile_for("my-resource.openai.azure.com").name, "azure");
  EXPECT_EQ(profile_for("API.GROQ.COM").name, "groq");
  EXPECT_EQ(profile_for("dashscope-intl.aliyuncs.com").name, "dashscope");
  EXPECT_EQ(profile_for("ws.eu-central-1.maas.aliyuncs.com").name, "dashscope");
  EXPECT_EQ(profile_for("europe-west1-aiplatform.googleapis.com").name, "google");
  EXPECT_EQ(profile_for("bedrock-mantle.us-east-1.api.aws").name, "bedrock");
}

TEST(HostProfile, OfAnUnknownHostChangesAsLittleAsPossible) {
  for (std::string_view host :
       {"127.0.0.1", "localhost", "llm.example.org", "", "openai.com.evil.org", "myapi.x.ai"}) {
    const HostProfile& row = profile_for(host);
    EXPECT_EQ(row.name, "unknown") << host;
    EXPECT_TRUE(row.refused.empty() && row.known.empty() && row.known_in_message.empty());
    EXPECT_EQ(row.reasoning_history, ReasoningHistory::unchanged);
  }
  EXPECT_EQ(host_profiles().back().name, "unknown");
}

TEST(HostProfile, IsFoundByName) {
  ASSERT_TRUE(profile_named("vllm"));
  EXPECT_FALSE(profile_named("vllm")->developer_role);
  EXPECT_FALSE(profile_named("no such host"));
}

TEST(HostProfile, SuffixesDoNotHideEachOther) {
  std::set<std::string> suffixes;
  for (const HostProfile& row : host_profiles()) {
    EXPECT_FALSE(row.name.empty());
    if (row.host_suffix.empty()) continue;
    EXPECT_TRUE(suffixes.insert(std::string(row.host_suffix)).second) << row.host_suffix;
    EXPECT_EQ(profile_for(row.host_suffix).name, row.name);
  }
}

}  // namespace
}  // namespace sluice::dialect
