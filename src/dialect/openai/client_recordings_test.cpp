// What a client sees of every recorded answer of the shared corpus, asked for as it was recorded and in the
// other form: OpenAI's shapes in all four cases, and the same things said. The recordings are read where they
// are; without them the tests say so and are skipped.

#include "dialect/dialect.hpp"
#include "dialect/openai/encode_stream.hpp"
#include "dialect/openai/testing/answer_probe.hpp"
#include "dialect/openai/testing/strict_client.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace sluice::dialect::openai {
namespace {

namespace fs = std::filesystem;

fs::path corpus() {
  const char* shared = std::getenv("SLUICE_SHARED");
  const fs::path root = shared ? fs::path(shared) : fs::path(SLUICE_SOURCE_DIR) / ".." / "shared";
  return root / "data" / "corpus";
}

struct RecordedApi {
  std::string_view folder, api;
};

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class ClientOfRecordings : public testing::TestWithParam<RecordedApi> {};

/// Tells the answer of one recording to `sink`; false if the provider's answer is a failure.
bool tell(const Dialect& dialect, json::Value response, chat::EventSink& sink) {
  const AnswerContext context{.renamed_tools = probe::no_renamed_tools(), .seed = 7};
  if (response["status"].integer().value_or(0) >= 400) return false;
  if (response["body"].is_object())
    return dialect.decode_response(response["body"].raw(), context, sink).has_value();
  const auto decoder = dialect.new_stream_decoder(context);
  for (const probe::SseEvent& event : probe::split_sse(response["raw"].string())) {
    if (!decoder->on_message(event.type, event.data, sink)) return false;
    if (decoder->done()) return true;
  }
  return decoder->finish(sink).has_value();
}

void expect_same_answer(const Seen& streamed, const Seen& whole) {
  EXPECT_EQ(streamed.departures_joined(), "");
  EXPECT_EQ(whole.departures_joined(), "");
  ASSERT_EQ(streamed.choices.size(), whole.choices.size());
  for (const auto& [index, said] : whole.choices) {
    const Said& also = streamed.choices.at(index);
    EXPECT_EQ(also.text, said.text);
    EXPECT_EQ(also.refusal, said.refusal);
    EXPECT_EQ(also.reasoning, said.reasoning);
    EXPECT_TRUE(also.calls == said.calls);
    EXPECT_EQ(also.finish, said.finish);
    EXPECT_EQ(also.images, said.images);
  }
  if (!whole.usage.empty()) EXPECT_EQ(streamed.usage, whole.usage);
}

TEST_P(ClientOfRecordings, SeesTheSameInBothForms) {
  const fs::path folder = corpus() / GetParam().folder;
  if (!fs::is_directory(folder)) GTEST_SKIP() << "no recordings at " << folder << "; set SLUICE_SHARED";
  const Dialect* dialect = find(GetParam().api);
  ASSERT_TRUE(dialect);
  const Envelope envelope{.request_id = "req", .model = "public", .created = 9, .include_usage = true};
  int answers = 0;
  for (const auto& file : fs::directory_iterator(folder)) {
    SCOPED_TRACE(file.path().stem().string());
    const std::string text = read_file(file.path());
    json::Document document;
    const auto root = document.parse(text);
    ASSERT_TRUE(root);
    std::string stream, body;
    StreamEncoder stream_encoder(envelope, stream);
    AnswerEncoder answer_encoder(envelope);
    const bool told = tell(*dialect, (*root)["response"], stream_encoder);
    ASSERT_EQ(tell(*dialect, (*root)["response"], answer_encoder), told);
    if (!told) continue;
    ++answers;
    answer_encoder.encode({}, body);
    expect_same_answer(read_stream(stream, {"public", "req", true}), read_answer(body, {"public", "req"}));
  }
  EXPECT_GT(answers, 0);
}

INSTANTIATE_TEST_SUITE_P(Apis, ClientOfRecordings,
                         testing::Values(RecordedApi{"openai.chat", "openai.chat"},
                                         RecordedApi{"anthropic.messages", "anthropic.messages"},
                                         RecordedApi{"gemini.generateContent", "gemini"},
                                         RecordedApi{"gemini.streamGenerateContent", "gemini"}),
                         [](const auto& info) {
                           std::string name(info.param.folder);
                           std::ranges::replace(name, '.', '_');
                           return name;
                         });

}  // namespace
}  // namespace sluice::dialect::openai
