// What real providers took, the simulator takes: its checks refuse nothing that their servers answered.

#include "simulate/anthropic.hpp"
#include "simulate/converse.hpp"
#include "simulate/gemini.hpp"
#include "simulate/identity.hpp"
#include "simulate/ollama.hpp"
#include "simulate/openai.hpp"
#include "simulate/responses.hpp"
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
  const bool known = bare.ends_with("/chat/completions") || bare.ends_with("/responses") ||
                     bare.ends_with("/messages") || bare.ends_with(":generateContent") ||
                     bare.ends_with(":streamGenerateContent") || bare.ends_with("/converse") ||
                     bare.ends_with("/converse-stream") || bare.ends_with("/api/chat");
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
       {"openai.chat", "openai.responses", "anthropic.messages", "gemini.generateContent",
        "gemini.streamGenerateContent", "bedrock.converse", "bedrock.converse-stream", "ollama.chat"})
    for (const auto& entry : fs::directory_iterator(shared_corpus() / api)) {
      const auto question = recorded_question(entry.path());
      if (!question) continue;
      const Reply reply = ask(server, *question);
      EXPECT_FALSE(reply.failure) << entry.path();
      // Signatures and ciphers are the real models'; nobody else can have made them.
      if (reply.status == 400 &&
          (reply.body.contains("signature") || reply.body.contains("redacted_thinking") ||
           reply.body.contains("invalid_encrypted_content"))) {
        ++foreign_signatures;
        continue;
      }
      // The one host that takes an empty list of tools; most refuse it, and a gateway has no reason to send
      // one.
      if (entry.path().stem().string().starts_with("huggingface") &&
          reply.body.contains("'tools': empty array"))
        continue;
      // Answers that their provider remembers and the simulator never gave.
      if (reply.body.contains("previous_response_not_found")) continue;
      EXPECT_EQ(reply.status, 200) << entry.path() << "\n" << reply.body.substr(0, 1000);
      ++taken[api];
    }
  EXPECT_GT(taken["openai.chat"], 100U);
  EXPECT_GT(taken["openai.responses"], 30U);
  EXPECT_GT(taken["anthropic.messages"], 50U);
  EXPECT_GT(taken["gemini.generateContent"], 25U);
  EXPECT_GT(taken["gemini.streamGenerateContent"], 20U);
  EXPECT_GT(taken["bedrock.converse"], 10U);
  EXPECT_GT(taken["bedrock.converse-stream"], 10U);
  EXPECT_GT(taken["ollama.chat"], 1U);
  EXPECT_LT(foreign_signatures, 45U);
}

/// The body with one of its values replaced by something else.
std::string mutated(std::string_view body, std::uint64_t seed) {
  json::Document document;
  json::Value value = *document.parse(body);
  for (std::uint64_t step = 0; step < 12; ++step) {  // down to some value
    const std::size_t size = value.size();
    if (size == 0 || mix(seed, step) % 6 == 0) break;
    std::size_t index = mix(seed, 100 + step) % size;
    for (const json::Member& member : value.members())
      if (index-- == 0) value = member.value;
    if (value.is_array()) value = value[index];
  }
  constexpr std::array replacements{"null", "1",   "-7.5e3", "\"\"",      "\"x\"",       "{}",
                                    "[]",   "[1]", "true",   "{\"a\":1}", "\"\\ud800\"", "[[],{}]"};
  std::string out(body);
  return out.replace(value.offset(), value.raw().size(), replacements[mix(seed, 999) % replacements.size()]);
}

/// Whether everything that a script sends can be read.
void expect_readable(const Script& script, const std::string& body) {
  std::string text;
  for (const std::string& message : script.messages) text += message;
  json::Document document;
  if (!script.streamed || text.starts_with('[')) {
    EXPECT_TRUE(document.parse(text)) << body << "\n" << text;
    return;
  }
  if (text.starts_with('{')) {  // lines
    for (const std::string& line : script.messages) EXPECT_TRUE(document.parse(line)) << body << "\n" << line;
    return;
  }
  for (const std::string& event : events_of(text, text.contains("\r\n\r\n") ? "\r\n" : "\n"))
    EXPECT_TRUE(event == "[DONE]" || document.parse(event)) << body << "\n" << event;
}

TEST(RecordedRequests, MayBeBrokenAnywhere) {
  if (!fs::exists(shared_corpus())) GTEST_SKIP() << "no recordings at " << shared_corpus();
  std::size_t answered = 0;
  std::size_t refused = 0;
  for (const std::string api : {"openai.chat", "openai.responses", "anthropic.messages",
                                "gemini.streamGenerateContent", "bedrock.converse", "ollama.chat"})
    for (const auto& entry : fs::directory_iterator(shared_corpus() / api)) {
      const auto question = recorded_question(entry.path());
      if (!question || question->body.size() > 100'000) continue;
      const bool google = api.starts_with("gemini"), aws = api.starts_with("bedrock");
      const auto read = google                      ? gemini::read_request
                        : api == "openai.chat"      ? openai::read_request
                        : api == "openai.responses" ? responses::read_request
                        : api == "ollama.chat"      ? ollama::read_request
                        : aws                       ? converse::read_request
                                                    : anthropic::read_request;
      const auto write = google                      ? gemini::write_answer
                         : api == "openai.chat"      ? openai::write_answer
                         : api == "openai.responses" ? responses::write_answer
                         : api == "ollama.chat"      ? ollama::write_answer
                         : aws                       ? converse::write_answer
                                                     : anthropic::write_answer;
      for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const std::string body = mutated(question->body, seed);
        const Received request{.path = aws ? "/model/us.amazon.nova-pro-v1:0/converse"
                                           : "/v1beta/models/gemini-2.5-flash:streamGenerateContent",
                               .query = seed % 2 == 0 ? "alt=sse" : "",
                               .fields = {{"authorization", "***"}, {"anthropic-version", "2023-06-01"}},
                               .body = body};
        const auto reading = read(request);
        ++(reading ? answered : refused);
        if (reading) expect_readable(write(*reading, plan_answer(*reading, 20), 4), body);
      }
    }
  EXPECT_GT(answered, 1000U);
  EXPECT_GT(refused, 1000U);
}

}  // namespace
}  // namespace sluice::simulate
