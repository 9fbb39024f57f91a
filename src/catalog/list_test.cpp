#include "catalog/list.hpp"

#include "json/document.hpp"

#include <gtest/gtest.h>

namespace sluice::catalog {
namespace {

const Model sonnet{.id = "claude-sonnet-4-20250514",
                   .name = "Claude 4 Sonnet",
                   .creator = "Anthropic",
                   .lmarena_score = 1389,
                   .latency_per_10k_tokens_s = 5.1,
                   .context_window = 200000,
                   .regions = {Region::us, Region::eu},
                   .prices = Prices{.input = 3, .output = 15, .cache_read = 0.3},
                   .streaming = true,
                   .tools = true,
                   .prompt_caching = "explicit"};
const Model bare{.id = "mine",
                 .name = "Größe \"7\"",
                 .creator = "",
                 .context_window = 1048576,
                 .regions = {Region::global}};
const std::vector<const Model*> both{&sonnet, &bare};

TEST(ModelJson, IsOpenAisObjectAndMore) {
  std::string out;
  append_model_json(sonnet, out);
  EXPECT_EQ(
      out,
      R"({"id":"claude-sonnet-4-20250514","object":"model","created":1747180800,"owned_by":"Anthropic",)"
      R"("name":"Claude 4 Sonnet","lmarena_score":1389,"latency_per_10k_tokens":5.1,"context_length":200000,)"
      R"("regions":["us","eu"],"pricing":{"unit":"USD per 1M tokens","input":3,"output":15,"cache_read":0.3,)"
      R"("cache_write":null},"capabilities":{"streaming":true,"tools":true,"structured_outputs":null,)"
      R"("prompt_caching":"explicit"}})");
}

TEST(ModelJson, SaysNullForWhatIsUnknown) {
  std::string out;
  append_model_json(bare, out);
  json::Document document;
  const auto root = document.parse(out);
  ASSERT_TRUE(root) << out;
  EXPECT_EQ((*root)["name"].string(), "Größe \"7\"");
  EXPECT_EQ((*root)["created"].integer(), 0);
  for (const char* field : {"lmarena_score", "latency_per_10k_tokens", "pricing"})
    EXPECT_TRUE((*root)[field].is_null()) << field;
}

TEST(ModelJson, TakesOnlyRealDatesFromIds) {
  for (const char* id : {"x-20251301", "x-2025", "x20250101", "x-2025010a", "20250101"}) {
    std::string out;
    append_model_json(Model{.id = id}, out);
    EXPECT_NE(out.find("\"created\":0,"), std::string::npos) << out;
  }
}

TEST(ListJson, IsOpenAisList) {
  std::string out;
  append_list_json(both, out);
  json::Document document;
  const auto root = document.parse(out);
  ASSERT_TRUE(root) << out;
  EXPECT_TRUE((*root)["object"].equals("list"));
  EXPECT_EQ((*root)["data"].size(), 2U);
  EXPECT_TRUE((*root)["data"][1]["id"].equals("mine"));

  out.clear();
  append_list_json({}, out);
  EXPECT_EQ(out, R"({"object":"list","data":[]})");
}

TEST(ListText, AlignsAndDashesTheUnknown) {
  EXPECT_EQ(
      list_text(both, 0, false),
      "MODEL                     NAME             CREATOR    QUALITY  S/10K  CONTEXT  $/M IN  $/M OUT  "
      "REGIONS\n"
      "claude-sonnet-4-20250514  Claude 4 Sonnet  Anthropic     1389    5.1     200k       3       15  "
      "us eu\n"
      "mine                      Größe \"7\"        -                -      -    1.05M       -        - "
      " global\n");
}

TEST(ListText, LeavesColumnsOutWhereTheTerminalIsNarrow) {
  EXPECT_EQ(list_text(both, 80, false),
            "MODEL                     QUALITY  S/10K  CONTEXT  $/M IN  $/M OUT  REGIONS\n"
            "claude-sonnet-4-20250514     1389    5.1     200k       3       15  us eu\n"
            "mine                            -      -    1.05M       -        -  global\n");
  EXPECT_EQ(list_text(both, 10, true), "\x1b[1mMODEL\x1b[0m\nclaude-sonnet-4-20250514\nmine\n");
}

TEST(ListText, IsAHeadingWhereThereIsNothing) {
  EXPECT_EQ(list_text({}, 0, false),
            "MODEL  NAME  CREATOR  QUALITY  S/10K  CONTEXT  $/M IN  $/M OUT  REGIONS\n");
}

}  // namespace
}  // namespace sluice::catalog
