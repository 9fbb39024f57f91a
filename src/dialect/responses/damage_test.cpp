// Hostile requests: nothing may crash, and what is sent must be JSON in which every result has its call.

#include "tests/damage.hpp"

#include "catalog/families.hpp"
#include "dialect/host_profile.hpp"
#include "dialect/openai/openai.hpp"
#include "dialect/responses/responses.hpp"
#include "tests/golden.hpp"

#include <gtest/gtest.h>

#include <memory_resource>
#include <random>
#include <set>
#include <string>

namespace sluice::dialect::responses {
namespace {

void expect_consistent(json::Value input, const std::string& body) {
  std::set<std::string> open;
  EXPECT_TRUE(input.is_array()) << body;
  bool after_thought = false;
  for (json::Value item : input.elements()) {
    const std::string type = item["type"].string(), id = item["call_id"].string();
    if (type.ends_with("_call")) {
      EXPECT_TRUE(open.insert(id).second) << id << " is called twice\n" << body;
    }
    if (type.ends_with("_output")) {
      EXPECT_EQ(open.erase(id), 1U) << id << " answers nothing\n" << body;
    }
    const bool of_model = type == "reasoning" || type.ends_with("_call") || item["role"].equals("assistant");
    EXPECT_TRUE(of_model || !after_thought) << "a thought that leads to nothing\n" << body;
    after_thought = type == "reasoning";
  }
  EXPECT_TRUE(open.empty() && !after_thought) << body;
}

TEST(ResponsesDamage, RequestsAreRefusedOrSentAsJson) {
  const golden::fs::path requests = SLUICE_SOURCE_DIR "/src/dialect/testdata/requests";
  const auto families = catalog::built_in_families();
  std::mt19937 random(7);
  std::size_t sent = 0;
  for (const std::string& name : golden::cases(requests, "responses")) {
    for (const std::string& body : damage::damaged(golden::read(requests / (name + ".json")), 200, random)) {
      json::Document document, written;
      const auto root = document.parse(body);
      ASSERT_TRUE(root) << body;
      std::pmr::monotonic_buffer_resource arena;
      chat::Request request(&arena);
      if (!openai::decode_request(*root, request)) continue;
      Outgoing out;
      const Target target{"gpt-5", families->capabilities("gpt-5"), profile_for("api.openai.com")};
      if (!encode_request(request, target, out)) continue;
      ++sent;
      const auto valid = written.parse(out.body);
      ASSERT_TRUE(valid) << valid.error().message() << "\n" << body << "\n" << out.body;
      expect_consistent((*valid)["input"], out.body);
    }
  }
  EXPECT_GT(sent, 1000U);
}

}  // namespace
}  // namespace sluice::dialect::responses
