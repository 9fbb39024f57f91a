#include "store/row_json.hpp"

#include "json/document.hpp"
#include "store/testing.hpp"

#include <gtest/gtest.h>

namespace sluice::store {
namespace {

TEST(RowJson, ShowsAllThatIsKnown) {
  RequestRow row;
  row.id = "0193571e-7c8b-7f00-8a3b-000000000001";
  row.started_ms = 1'760'000'000'123;
  row.key = "dev";
  row.client = "127.0.0.1";
  row.region = "eu";
  row.model_asked = "claude";
  row.model = "claude-sonnet-4-6";
  row.provider = "anthropic";
  row.upstream_model = "claude-sonnet-4-6-20260101";
  row.target_region = "eu";
  row.stream = true;
  row.http_status = 200;
  row.upstream_status = 200;
  row.finish_reason = "stop";
  row.native_finish_reason = "end_turn";
  row.input_tokens = 15;
  row.output_tokens = 8;
  row.cache_read_tokens = 4;
  row.total_us = 275510;
  row.overhead_us = 90;
  row.first_token_us = 120000;
  row.bytes_in = 200;
  row.bytes_out = 900;
  row.attempts = R"([{"provider":"openai","error":"timeout"}])";
  std::string out;
  append_json(out, row);
  EXPECT_EQ(out,
            R"({"request_id":"0193571e-7c8b-7f00-8a3b-000000000001","object":"request","created":1760000000,)"
            R"("started_ms":1760000000123,"key":"dev","client_address":"127.0.0.1","region":"eu",)"
            R"("requested_model":"claude","model":"claude-sonnet-4-6","provider":"anthropic",)"
            R"("upstream_model":"claude-sonnet-4-6-20260101","upstream_region":"eu","stream":true,)"
            R"("http_status_code":200,"llm_status_code":200,"error":null,"finish_reason":"stop",)"
            R"("native_finish_reason":"end_turn","usage":{"prompt_tokens":15,"completion_tokens":8,)"
            R"("input_tokens":15,"output_tokens":8,"total_tokens":23,)"
            R"("prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":null},)"
            R"("completion_tokens_details":{"reasoning_tokens":null}},"response_time":275510000,)"
            R"("timings_us":{"total":275510,"gateway_overhead":90,"connect":null,"first_byte":null,)"
            R"("first_token":120000},"bytes":{"in":200,"out":900},)"
            R"("sluice":{"attempts":[{"provider":"openai","error":"timeout"}],"changes":[]}})");
}

TEST(RowJson, IsJsonWhateverTheRowHolds) {
  RequestRow hostile = full_row();
  hostile.model_asked = std::string("\0\x1b\"\\\xff</script>", 14);
  for (const RequestRow& row : {RequestRow{}, hostile}) {
    std::string out;
    append_json(out, row);
    json::Document document;
    const auto root = document.parse(out);
    ASSERT_TRUE(root) << out;
    EXPECT_EQ((*root)["error"].is_null(), row.error_code.empty());
    EXPECT_EQ((*root)["usage"].is_null(), !row.input_tokens.has_value());
    EXPECT_EQ((*root)["provider"].is_null(), row.provider.empty());
  }
}

}  // namespace
}  // namespace sluice::store
