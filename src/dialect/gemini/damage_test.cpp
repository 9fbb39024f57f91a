// Hostile input: answers and requests in which one value has been replaced by another. Nothing may crash, an
// answer that counts as complete must be whole, and a request that is sent must be JSON.

#include "tests/damage.hpp"

#include "catalog/families.hpp"
#include "chat/fold.hpp"
#include "dialect/gemini/gemini.hpp"
#include "dialect/gemini/recordings.hpp"
#include "dialect/host_profile.hpp"
#include "dialect/openai/openai.hpp"
#include "tests/golden.hpp"

#include <gtest/gtest.h>

#include <memory_resource>
#include <random>

namespace sluice::dialect::gemini {
namespace {

using damage::damaged;

/// Holds a decoder to the order of events.
class Strict final : public chat::EventSink {
 public:
  void on(const chat::Start&) override { EXPECT_EQ(starts_++, 0); }
  void on(const chat::TextDelta& e) override { open(e.choice); }
  void on(const chat::RefusalDelta& e) override { open(e.choice); }
  void on(const chat::ReasoningDelta& e) override { open(e.choice); }
  void on(const chat::ToolCallStart& e) override {
    open(e.choice);
    EXPECT_EQ(e.call, calls_[e.choice].size());
    EXPECT_FALSE(e.id.empty());
    calls_[e.choice].emplace_back();
  }
  void on(const chat::ToolCallDelta& e) override {
    open(e.choice);
    ASSERT_LT(e.call, calls_[e.choice].size());
    calls_[e.choice][e.call].append(e.arguments.escaped());
  }
  void on(const chat::UsageUpdate& e) override { EXPECT_GE(e.usage.total(), 0); }
  void on(const chat::Finish& e) override { EXPECT_TRUE(finished_.emplace(e.choice, e.reason).second); }
  void on(const chat::End&) override {
    for (const auto& [choice, calls] : calls_) {
      EXPECT_TRUE(finished_.contains(choice));
      for (const std::string& arguments : calls) {
        json::Document document;
        EXPECT_TRUE(document.parse(json::Text(arguments).decode())) << arguments;
      }
    }
  }

 private:
  void open(std::uint32_t choice) {
    EXPECT_EQ(starts_, 1);
    EXPECT_FALSE(finished_.contains(choice));
  }
  int starts_ = 0;
  std::map<std::uint32_t, std::vector<std::string>> calls_;
  std::map<std::uint32_t, chat::FinishReason> finished_;
};

TEST(GeminiDamage, AnswersFailOrAreWhole) {
  const auto all = recordings();
  if (all.empty()) GTEST_SKIP() << "no recordings at " << corpus();
  std::mt19937 random(7);
  const RenamedTools names;
  const AnswerContext context{.renamed_tools = names};
  for (const Recording& recording : all) {
    SCOPED_TRACE(recording.name);
    if (!recording.stream) {
      for (const std::string& body : damaged(recording.body, 100, random)) {
        Strict sink;
        (void)decode_response(body, context, sink);
        (void)decode_error({.status = 400, .body = body});
      }
      continue;
    }
    const auto data = events(recording.body);
    for (int i = 0; i < 50; ++i) {
      const std::size_t hit = random() % data.size();
      const auto decoder = new_stream_decoder(context);
      Strict sink;
      bool going = true;
      for (std::size_t at = 0; at < data.size() && going; ++at)
        going =
            decoder->on_message("", at == hit ? damaged(data[at], 1, random)[0] : data[at], sink).has_value();
      if (going) (void)decoder->finish(sink);
    }
  }
}

TEST(GeminiDamage, RequestsAreRefusedOrSentAsJson) {
  const golden::fs::path requests = SLUICE_SOURCE_DIR "/src/dialect/testdata/requests";
  const auto families = catalog::built_in_families();
  std::mt19937 random(7);
  std::size_t sent = 0;
  for (const std::string& name : golden::cases(requests, "gemini")) {
    for (const std::string& body : damaged(golden::read(requests / (name + ".json")), 200, random)) {
      json::Document document, written;
      const auto root = document.parse(body);
      ASSERT_TRUE(root) << body;
      std::pmr::monotonic_buffer_resource arena;
      chat::Request request(&arena);
      if (!openai::decode_request(*root, request)) continue;
      const HostProfile host{};
      Outgoing out;
      if (!encode_request(request, {request.model, families->capabilities(request.model), host}, out))
        continue;
      ++sent;
      const auto valid = written.parse(out.body);
      ASSERT_TRUE(valid) << valid.error().message() << "\n" << body << "\n" << out.body;
      EXPECT_GE((*valid)["contents"].size(), 1U) << out.body;
      for (json::Value entry : (*valid)["contents"].elements())
        EXPECT_GE(entry["parts"].size(), 1U) << out.body;
    }
  }
  EXPECT_GT(sent, 1000U);
}

}  // namespace
}  // namespace sluice::dialect::gemini
