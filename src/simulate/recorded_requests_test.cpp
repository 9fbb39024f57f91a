// What real providers took, the simulator takes: its checks refuse nothing that their servers answered.

#include "simulate/test_server.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace sluice::simulate {
namespace {

namespace fs = std::filesystem;

fs::path shared_corpus() {
  const char* const named = std::getenv("SLUICE_SHARED");
  return (named ? fs::path(named) : fs::path(SLUICE_SOURCE_DIR) / ".." / "shared") / "data" / "corpus";
}

/// A request that its provider answered with 200; empty where the recording holds none, or is of an endpoint
/// that is not simulated.
std::optional<Question> recorded_question(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const Json recording(std::string(std::istreambuf_iterator<char>(in), {}));
  const json::Value request = recording["request"];
  if (recording["response"]["status"].integer() != 200 || !request["body"].is_object()) return std::nullopt;
  const std::string path = request["path"].string();
  const std::string_view bare = std::string_view(path).substr(0, path.find('?'));
  const bool known = bare.ends_with("/chat/completions") || bare.ends_with("/messages") ||
                     bare.ends_with(":generateContent") || bare.ends_with(":streamGenerateContent");
  if (!known) return std::nullopt;
  std::string target;  // recordings have placeholders in angle brackets
  for (const char c : path) target += c == '<' || c == '>' ? "%3C" : std::string(1, c);
  return Question{.path = target,
                  .body = std::string(request["body"].raw()),
                  .fields = std::string(openai_key) + std::string(anthropic_key) + std::string(google_key)};
}

TEST(RecordedRequests, AreTaken) {
  if (!fs::exists(shared_corpus())) GTEST_SKIP() << "no recordings at " << shared_corpus();
  const TestServer server;
  std::map<std::string, std::size_t> taken;
  std::size_t foreign_signatures = 0;
  for (const std::string api :
       {"openai.chat", "anthropic.messages", "gemini.generateContent", "gemini.streamGenerateContent"})
    for (const auto& entry : fs::directory_iterator(shared_corpus() / api)) {
      const auto question = recorded_question(entry.path());
      if (!question) continue;
      const Reply reply = ask(server, *question);
      EXPECT_FALSE(reply.failure) << entry.path();
      // Signatures and ciphers are the real models'; nobody else can have made them.
      if (reply.status == 400 &&
          (reply.body.contains("signature") || reply.body.contains("redacted_thinking"))) {
        ++foreign_signatures;
        continue;
      }
      // The one host that takes an empty list of tools; most refuse it, and a gateway has no reason to send
      // one.
      if (entry.path().stem().string().starts_with("huggingface") &&
          reply.body.contains("'tools': empty array"))
        continue;
      EXPECT_EQ(reply.status, 200) << entry.path() << "\n" << reply.body.substr(0, 1000);
      ++taken[api];
    }
  EXPECT_GT(taken["openai.chat"], 100U);
  EXPECT_GT(taken["anthropic.messages"], 50U);
  EXPECT_GT(taken["gemini.generateContent"], 25U);
  EXPECT_GT(taken["gemini.streamGenerateContent"], 20U);
  EXPECT_LT(foreign_signatures, 40U);
}

}  // namespace
}  // namespace sluice::simulate
