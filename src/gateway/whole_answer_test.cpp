// A recorded stream of Converse or of Ollama, and the whole answer that the provider would have given in its
// place: both are told alike.

#include "chat/fold.hpp"
#include "dialect/dialect.hpp"
#include "dialect/tool_arguments.hpp"
#include "gateway/testing/framed.hpp"
#include "gateway/testing/recordings.hpp"
#include "json/document.hpp"
#include "json/writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

namespace sluice::gateway {
namespace {

using gateway::testing::FramedMessage;
using gateway::testing::RecordedStream;

/// A block of Converse, as its pieces add up.
struct Block {
  std::string start, text, thought, signature, redacted, input;  ///< escaped
  std::vector<std::string> citations, results;
};

void add_delta(json::Value delta, Block& block) {
  block.text += delta["text"].text().escaped();
  block.thought += delta["reasoningContent"]["text"].text().escaped();
  block.signature += delta["reasoningContent"]["signature"].text().escaped();
  block.redacted += delta["reasoningContent"]["redactedContent"].text().escaped();
  block.input += delta["toolUse"]["input"].string();
  if (delta["citation"]) block.citations.emplace_back(delta["citation"].raw());
  for (json::Value result : delta["toolResult"].elements()) block.results.emplace_back(result.raw());
}

std::string joined(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& one : list) out.append(out.empty() ? "" : ",").append(one);
  return "[" + out + "]";
}

/// The members of a block's start, with its content behind them.
std::string completed(const Block& block) {
  json::Document document;
  const json::Value start = *document.parse(block.start);
  const bool call = start["toolUse"].exists();
  std::string inner(start[call ? "toolUse" : "toolResult"].raw());
  inner.pop_back();
  inner += call ? ",\"input\":" + (block.input.empty() ? "{}" : block.input)
                : ",\"content\":" + joined(block.results);
  return (call ? R"({"toolUse":)" : R"({"toolResult":)") + inner + "}}";
}

std::string whole_block(const Block& block) {
  std::string out;
  json::Writer json(out);
  if (!block.start.empty()) return completed(block);
  json.begin_object();
  if (!block.redacted.empty()) {
    json.key("reasoningContent")
        .begin_object()
        .key("redactedContent")
        .text(json::Text(block.redacted))
        .end_object();
  } else if (!block.thought.empty() || !block.signature.empty()) {
    json.key("reasoningContent").begin_object().key("reasoningText").begin_object();
    json.key("text").text(json::Text(block.thought));
    if (!block.signature.empty()) json.key("signature").text(json::Text(block.signature));
    json.end_object().end_object();
  } else if (!block.citations.empty()) {
    json.key("citationsContent").begin_object().key("citations").raw(joined(block.citations));
    json.key("content").begin_array().begin_object().key("text").text(json::Text(block.text)).end_object();
    json.end_array().end_object();
  } else {
    json.key("text").text(json::Text(block.text));
  }
  json.end_object();
  return out;
}

/// Empty if the stream holds no complete answer.
std::string whole_converse(const std::vector<FramedMessage>& messages) {
  std::map<std::int64_t, Block> blocks;
  std::string stop, metadata = "{}";
  for (const FramedMessage& message : messages) {
    json::Document document;
    const json::Value event = *document.parse(message.data);
    const auto index = event["contentBlockIndex"].integer();
    if (message.type == "contentBlockStart") blocks[*index].start = event["start"].raw();
    if (message.type == "contentBlockDelta") add_delta(event["delta"], blocks[*index]);
    if (message.type == "messageStop") stop = event["stopReason"].raw();
    if (message.type == "metadata") metadata = event.raw();
  }
  if (stop.empty()) return {};
  std::vector<std::string> content;
  for (const auto& [index, block] : blocks) content.push_back(whole_block(block));
  metadata.pop_back();
  return metadata + (metadata.size() > 1 ? "," : "") + R"("stopReason":)" + stop +
         R"(,"output":{"message":{"role":"assistant","content":)" + joined(content) + "}}}";
}

std::string whole_ollama(const std::vector<FramedMessage>& messages) {
  std::string text, thought, last;
  std::vector<std::string> calls;
  for (const FramedMessage& message : messages) {
    json::Document document;
    const json::Value line = *document.parse(message.data);
    text += line["message"]["content"].text().escaped();
    thought += line["message"]["thinking"].text().escaped();
    for (json::Value call : line["message"]["tool_calls"].elements()) calls.emplace_back(call.raw());
    if (line["done"].boolean() == true) last = message.data;
  }
  if (last.empty()) return {};
  std::string body;
  json::Document document;
  json::Writer json(body);
  json.begin_object();
  const json::Value end = *document.parse(last);
  for (const json::Member& member : end.members())
    if (!member.key.equals("message")) json.key(member.key).raw(member.value.raw());
  json.key("message").begin_object().key("content").text(json::Text(text));
  json.key("thinking")
      .text(json::Text(thought))
      .key("tool_calls")
      .raw(joined(calls))
      .end_object()
      .end_object();
  return body;
}

/// Arguments without the white space that models write between tokens.
std::string compact(const chat::ToolCall& call) {
  std::string out;
  dialect::append_arguments_text(out, json::Text(call.arguments_escaped).decode());
  return out;
}

void expect_same(const chat::Choice& streamed, const chat::Choice& whole) {
  EXPECT_EQ(streamed.text_escaped, whole.text_escaped);
  EXPECT_EQ(streamed.reasoning_escaped, whole.reasoning_escaped);
  EXPECT_EQ(streamed.finish, whole.finish);
  EXPECT_EQ(streamed.native_finish_escaped, whole.native_finish_escaped);
  EXPECT_EQ(streamed.annotations, whole.annotations);
  ASSERT_EQ(streamed.tool_calls.size(), whole.tool_calls.size());
  for (std::size_t i = 0; i < whole.tool_calls.size(); ++i) {
    EXPECT_EQ(streamed.tool_calls[i].id_escaped, whole.tool_calls[i].id_escaped);
    EXPECT_EQ(streamed.tool_calls[i].name_escaped, whole.tool_calls[i].name_escaped);
    EXPECT_EQ(compact(streamed.tool_calls[i]), compact(whole.tool_calls[i]));
  }
  ASSERT_EQ(streamed.reasoning.size(), whole.reasoning.size());
  for (std::size_t i = 0; i < whole.reasoning.size(); ++i) {
    EXPECT_EQ(streamed.reasoning[i].signature_escaped, whole.reasoning[i].signature_escaped);
    EXPECT_EQ(streamed.reasoning[i].data_escaped, whole.reasoning[i].data_escaped);
    EXPECT_EQ(streamed.reasoning[i].format, whole.reasoning[i].format);
  }
  ASSERT_EQ(streamed.message_extras.size(), whole.message_extras.size());
  for (std::size_t i = 0; i < whole.message_extras.size(); ++i)
    EXPECT_EQ(streamed.message_extras[i].json, whole.message_extras[i].json);
}

TEST(WholeAnswers, AreToldAsTheirStreamsWere) {
  std::size_t compared = 0;
  for (const RecordedStream& stream : gateway::testing::recorded_streams()) {
    const bool converse = stream.dialect->api == "bedrock.converse";
    if (!converse && stream.dialect->api != "ollama") continue;
    SCOPED_TRACE(stream.name);
    const std::array pieces{stream.bytes};
    const auto framed = gateway::testing::read_frames(stream.dialect->framing, pieces);
    ASSERT_TRUE(framed.result);
    const std::string body = converse ? whole_converse(framed.messages) : whole_ollama(framed.messages);
    if (body.empty()) continue;
    const dialect::RenamedTools renamed;
    const dialect::AnswerContext context{.renamed_tools = renamed, .seed = 7};
    chat::Fold streamed, whole;
    const auto decoder = stream.dialect->new_stream_decoder(context);
    for (const FramedMessage& message : framed.messages)
      ASSERT_TRUE(decoder->on_message(message.type, message.data, streamed));
    ASSERT_TRUE(decoder->finish(streamed));
    const auto decoded = stream.dialect->decode_response(body, context, whole);
    ASSERT_TRUE(decoded) << decoded.error().message() << body;
    ASSERT_EQ(streamed.response().choices.size(), 1U);
    expect_same(streamed.response().choices[0], whole.response().choices.at(0));
    ASSERT_TRUE(streamed.response().usage && whole.response().usage);
    EXPECT_EQ(streamed.response().usage->input, whole.response().usage->input);
    EXPECT_EQ(streamed.response().usage->output, whole.response().usage->output);
    EXPECT_TRUE(streamed.response().ended && whole.response().ended);
    ++compared;
  }
  if (compared == 0)
    GTEST_SKIP() << "no recordings at " << gateway::testing::recordings_folder() << "; set SLUICE_SHARED";
}

}  // namespace
}  // namespace sluice::gateway
