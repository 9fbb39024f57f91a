// What Gemini answered, through an OpenAI client and back: the next request must hold the model's own words,
// calls and signatures.

#include "catalog/families.hpp"
#include "dialect/gemini/gemini.hpp"
#include "dialect/gemini/recordings.hpp"
#include "dialect/host_profile.hpp"
#include "dialect/openai/encode_stream.hpp"
#include "dialect/openai/openai.hpp"
#include "dialect/openai/testing/strict_client.hpp"
#include "json/writer.hpp"

#include <gtest/gtest.h>

#include <memory_resource>

namespace sluice::dialect::gemini {
namespace {

/// What is said in a `model` entry or in an answer's candidate.
struct Said {
  std::string text;
  std::vector<std::string> calls;       ///< name and arguments, canonical
  std::vector<std::string> signatures;  ///< of each call
  std::vector<std::string> others;      ///< of text
  bool operator==(const Said&) const = default;
};

void read_parts(json::Value parts, Said& said) {
  for (json::Value part : parts.elements()) {
    if (part["toolCall"] || part["toolResponse"]) continue;
    const std::string signature = part["thoughtSignature"].string();
    if (const json::Value call = part["functionCall"]) {
      said.calls.push_back(call["name"].string() + (call["args"] ? canonical(call["args"]) : "{}"));
      said.signatures.push_back(signature);
    } else {
      if (!part["thought"]) said.text += part["text"].string();
      if (!signature.empty()) said.others.push_back(signature);
    }
  }
}

/// The first candidate, over all chunks.
Said said_by(const Recording& recording) {
  Said said;
  const auto chunks = recording.stream ? events(recording.body) : std::vector{recording.body};
  for (const std::string& text : chunks) {
    json::Document document;
    const auto root = document.parse(text);
    if (root->is_array())
      for (json::Value chunk : root->elements()) read_parts(chunk["candidates"][0]["content"]["parts"], said);
    else
      read_parts((*root)["candidates"][0]["content"]["parts"], said);
  }
  return said;
}

Result<> replay(const Recording& recording, chat::EventSink& sink) {
  const RenamedTools names;
  const AnswerContext context{.renamed_tools = names, .seed = 1};
  if (!recording.stream) return decode_response(recording.body, context, sink);
  const auto decoder = new_stream_decoder(context);
  for (const std::string& data : events(recording.body))
    if (auto done = decoder->on_message("", data, sink); !done) return fail(done);
  return decoder->finish(sink);
}

/// The next request of a client that keeps the message as it got it, and answers every call.
std::string next_request(json::Value message) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("model").string("gemini-2.5-flash").key("messages").begin_array();
  writer.raw(R"({"role":"user","content":"Go on."})").raw(message.raw());
  for (json::Value call : message["tool_calls"].elements()) {
    writer.begin_object().key("role").string("tool").key("tool_call_id").raw(call["id"].raw());
    writer.key("content").string("done").end_object();
  }
  writer.raw(R"({"role":"user","content":"And?"})").end_array().end_object();
  return body;
}

Said said_to_gemini(json::Value message) {
  static const auto families = catalog::built_in_families();
  const std::string body = next_request(message);
  json::Document document, sent;
  const auto root = document.parse(body);
  std::pmr::monotonic_buffer_resource arena;
  chat::Request request(&arena);
  const auto decoded = openai::decode_request(*root, request);
  EXPECT_TRUE(decoded) << decoded.error().message();
  const HostProfile host{};
  Outgoing out;
  const auto encoded =
      encode_request(request, {request.model, families->capabilities(request.model), host}, out);
  EXPECT_TRUE(encoded);
  const auto written = sent.parse(out.body);
  EXPECT_TRUE(written) << out.body;
  Said said;
  for (json::Value entry : (*written)["contents"].elements())
    if (entry["role"].equals("model")) read_parts(entry["parts"], said);
  return said;
}

const openai::Envelope envelope{.request_id = "r", .model = "m", .created = 1, .include_usage = true};

class GeminiRoundTrip : public testing::Test {
 protected:
  void SetUp() override {
    if (recordings_.empty()) GTEST_SKIP() << "no recordings at " << corpus();
  }
  const std::vector<Recording> recordings_ = recordings();
};

TEST_F(GeminiRoundTrip, TheNextRequestHoldsWhatWasAnswered) {
  for (const Recording& recording : recordings_) {
    if (recording.status != 200 || recording.body.find("partialArgs") != std::string::npos) continue;
    SCOPED_TRACE(recording.name);
    openai::AnswerEncoder encoder(envelope);
    ASSERT_TRUE(replay(recording, encoder));
    std::string body;
    encoder.encode({}, body);
    json::Document document;
    const auto root = document.parse(body);
    ASSERT_TRUE(root) << body;
    const json::Value message = (*root)["choices"][0]["message"];
    if (message["refusal"]) continue;  // the gateway's word for a filter
    EXPECT_EQ(said_to_gemini(message), said_by(recording)) << body.substr(0, 2000);
  }
}

TEST_F(GeminiRoundTrip, AStrictClientIsToldTheSameEitherWay) {
  const openai::Expectation expected{.model = "m", .request_id = "r", .include_usage = true};
  for (const Recording& recording : recordings_) {
    if (recording.status != 200) continue;
    SCOPED_TRACE(recording.name);
    std::string body, stream;
    openai::AnswerEncoder whole(envelope);
    ASSERT_TRUE(replay(recording, whole));
    whole.encode({}, body);
    openai::StreamEncoder streamed(envelope, stream);
    ASSERT_TRUE(replay(recording, streamed));
    const openai::Seen answer = read_answer(body, expected), events = read_stream(stream, expected);
    EXPECT_EQ(answer.departures_joined(), "");
    EXPECT_EQ(events.departures_joined(), "");
    EXPECT_EQ(answer.choices, events.choices);
    EXPECT_EQ(answer.usage, events.usage);
  }
}

}  // namespace
}  // namespace sluice::dialect::gemini
