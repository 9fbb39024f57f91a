// Replays recorded answers of the Messages API and compares the events with an independent, plain reading of
// the same bytes.

#include "base/text.hpp"
#include "chat/fold.hpp"
#include "dialect/anthropic/anthropic.hpp"
#include "json/writer.hpp"
#include "tests/golden.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace sluice::dialect::anthropic {
namespace {

namespace fs = std::filesystem;

fs::path corpus() {
  const char* shared = std::getenv("SLUICE_SHARED");
  return fs::path(shared ? shared : SLUICE_SOURCE_DIR "/../shared") / "data" / "corpus" /
         "anthropic.messages";
}

struct Recording {
  std::string name;
  int status = 0;
  std::string body;                 ///< whole answers
  std::vector<std::string> events;  ///< streams: the data of each
};

/// The data lines; events of recordings have one each.
std::vector<std::string> data_of(const std::string& raw) {
  std::vector<std::string> out;
  std::istringstream lines(raw);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("data:")) out.emplace_back(trim(std::string_view(line).substr(5)));
  return out;
}

std::vector<Recording> recordings() {
  std::vector<Recording> out;
  if (!fs::exists(corpus())) return out;
  for (const auto& entry : fs::directory_iterator(corpus())) {
    const std::string text = golden::read(entry.path());
    json::Document document;
    const auto root = document.parse(text);
    if (!root) continue;
    const json::Value response = (*root)["response"];
    Recording recording{.name = entry.path().stem().string(),
                        .status = static_cast<int>(response["status"].integer().value_or(0))};
    if (const json::Value body = response["body"]; body.exists()) {
      recording.body = body.raw();
    } else {
      recording.events = data_of(response["raw"].string());
    }
    out.push_back(std::move(recording));
  }
  std::ranges::sort(out, {}, &Recording::name);
  return out;
}

/// What the answer says, by the API's documents.
struct Said {
  std::string text, thoughts, stop_reason;
  std::vector<std::pair<std::string, std::string>> calls;  ///< name, arguments
  std::vector<std::string> signatures;
  std::size_t urls = 0;
  std::map<std::string, std::int64_t> usage;
  bool complete = false;
};

void read_usage(json::Value usage, Said& said) {
  for (const json::Member& member : usage.members())
    if (member.value.is_number()) said.usage[member.key.decode()] = member.value.integer().value_or(0);
  const json::Value thinking = usage["output_tokens_details"]["thinking_tokens"];
  if (thinking.is_number()) said.usage["thinking"] = *thinking.integer();
  std::int64_t input = 0, output = 0, read = 0;
  bool compacted = false;
  for (json::Value round : usage["iterations"].elements()) {
    compacted |= round["type"].equals("compaction");
    input += round["input_tokens"].integer().value_or(0);
    output += round["output_tokens"].integer().value_or(0);
    read += round["cache_read_input_tokens"].integer().value_or(0);
  }
  if (!compacted) return;
  said.usage["input_tokens"] = input;
  said.usage["output_tokens"] = output;
  said.usage["cache_read_input_tokens"] = read;
}

bool cites_an_address(json::Value citation) {
  return citation["url"].exists() || citation["source"].string().starts_with("http");
}

void read_block(json::Value block, Said& said) {
  said.text += block["type"].equals("text") ? block["text"].string() : "";
  said.thoughts += block["thinking"].string();
  if (!block["signature"].text().empty()) said.signatures.push_back(block["signature"].string());
  if (block["type"].equals("redacted_thinking")) said.signatures.push_back(block["data"].string());
  for (json::Value citation : block["citations"].elements()) said.urls += cites_an_address(citation);
  if (block["type"].equals("tool_use"))
    said.calls.emplace_back(block["name"].string(), block["input"].size() ? block["input"].raw() : "");
}

Said read_plainly(const Recording& recording, std::size_t most_events) {
  Said said;
  if (recording.events.empty()) {
    json::Document document;
    const auto root = document.parse(recording.body);
    for (json::Value block : (*root)["content"].elements()) read_block(block, said);
    said.stop_reason = (*root)["stop_reason"].string();
    read_usage((*root)["usage"], said);
    said.complete = true;
  }
  std::map<std::int64_t, std::size_t> call_of_block;
  for (const std::string& data : recording.events) {
    if (most_events-- == 0) break;
    json::Document document;
    const json::Value event = *document.parse(data);
    const json::Value delta = event["delta"];
    if (event["type"].equals("message_start")) read_usage(event["message"]["usage"], said);
    if (event["type"].equals("message_delta")) {
      read_usage(event["usage"], said);
      if (delta["stop_reason"].is_string()) said.stop_reason = delta["stop_reason"].string();
    }
    if (event["content_block"].exists()) {
      if (event["content_block"]["type"].equals("tool_use"))
        call_of_block[*event["index"].integer()] = said.calls.size();
      read_block(event["content_block"], said);
    }
    if (event["type"].equals("content_block_delta")) {
      said.text += delta["text"].string();
      said.thoughts += delta["thinking"].string();
      said.urls += cites_an_address(delta["citation"]);
      if (delta["signature"].exists()) said.signatures.push_back(delta["signature"].string());
      const auto call = call_of_block.find(*event["index"].integer());
      if (call != call_of_block.end()) said.calls[call->second].second += delta["partial_json"].string();
    }
    said.complete |= event["type"].equals("message_stop");
  }
  return said;
}

std::string plain(const std::string& escaped) {
  return json::Text(escaped).decode();
}

void expect_calls(const chat::Choice& choice, const Said& said) {
  ASSERT_EQ(choice.tool_calls.size(), said.calls.size());
  for (std::size_t i = 0; i < said.calls.size(); ++i) {
    EXPECT_EQ(plain(choice.tool_calls[i].name_escaped), said.calls[i].first);
    EXPECT_FALSE(choice.tool_calls[i].id_escaped.empty());
    const std::string got = plain(choice.tool_calls[i].arguments_escaped);
    const std::string want = said.calls[i].second.empty() ? "{}" : said.calls[i].second;
    json::Document got_document, want_document;
    ASSERT_TRUE(got_document.parse(got)) << got;
    ASSERT_TRUE(want_document.parse(want)) << want;
    EXPECT_EQ(golden::difference(want_document.root(), got_document.root()), "");
  }
}

void expect_usage(const chat::Usage& usage, std::map<std::string, std::int64_t> counts) {
  EXPECT_EQ(usage.input, counts["input_tokens"] + counts["cache_read_input_tokens"] +
                             counts["cache_creation_input_tokens"]);
  EXPECT_EQ(usage.output, counts["output_tokens"]);
  EXPECT_EQ(usage.cache_read.value_or(0), counts["cache_read_input_tokens"]);
  EXPECT_EQ(usage.cache_write.value_or(0), counts["cache_creation_input_tokens"]);
  EXPECT_EQ(usage.reasoning.value_or(0), counts["thinking"]);
}

chat::FinishReason expected_finish(const Said& said) {
  using chat::FinishReason;
  if (said.stop_reason == "max_tokens") return FinishReason::length;
  return said.calls.empty() ? FinishReason::stop : FinishReason::tool_calls;
}

std::vector<std::string> signatures_of(const chat::Choice& choice) {
  std::vector<std::string> out;
  for (const chat::ReasoningBlock& block : choice.reasoning) {
    EXPECT_EQ(block.format, "anthropic-claude-v1");
    const bool opaque = block.kind == chat::ReasoningBlock::Kind::opaque;
    out.push_back(plain(opaque ? block.data_escaped : block.signature_escaped));
  }
  return out;
}

class AnthropicRecordings : public testing::Test {
 protected:
  void SetUp() override {
    if (recordings_.empty()) GTEST_SKIP() << "no recordings at " << corpus();
  }

  Result<> replay(const Recording& recording, std::size_t most_events, chat::EventSink& sink,
                  bool whole = true) const {
    if (recording.events.empty()) return decode_response(recording.body, context_, sink);
    const auto decoder = new_stream_decoder(context_);
    for (const std::string& data : recording.events) {
      if (most_events-- == 0) break;
      EXPECT_FALSE(whole && decoder->done());
      if (auto done = decoder->on_message("", data, sink); !done) return fail(done);
    }
    return decoder->finish(sink);
  }

  static constexpr std::size_t all_events = static_cast<std::size_t>(-1);
  const std::vector<Recording> recordings_ = recordings();
  RenamedTools names_;
  AnswerContext context_{.renamed_tools = names_};
};

TEST_F(AnthropicRecordings, SayWhatTheProviderSaid) {
  for (const Recording& recording : recordings_) {
    if (recording.status != 200) continue;
    SCOPED_TRACE(recording.name);
    chat::Fold fold;
    const auto done = replay(recording, all_events, fold);
    ASSERT_TRUE(done) << done.error().message();
    const Said said = read_plainly(recording, all_events);
    const chat::Response& response = fold.response();
    EXPECT_TRUE(response.ended);
    ASSERT_EQ(response.choices.size(), 1U);
    const chat::Choice& choice = response.choices[0];
    EXPECT_EQ(plain(choice.text_escaped), said.text);
    EXPECT_EQ(plain(choice.reasoning_escaped), said.thoughts);
    EXPECT_EQ(signatures_of(choice), said.signatures);
    EXPECT_EQ(choice.annotations.size(), said.urls);
    EXPECT_EQ(plain(choice.native_finish_escaped), said.stop_reason);
    EXPECT_EQ(choice.finish, expected_finish(said));
    expect_calls(choice, said);
    ASSERT_TRUE(response.usage);
    expect_usage(*response.usage, said.usage);
    for (const std::string& annotation : choice.annotations) {
      json::Document document;
      EXPECT_TRUE(document.parse(annotation)) << annotation;
    }
    for (const chat::ExtraMember& extra : choice.message_extras) {
      json::Document document;
      EXPECT_TRUE(document.parse(extra.json)) << extra.json;
    }
  }
}

TEST_F(AnthropicRecordings, CutAfterAnyEventNeverPretendToBeComplete) {
  for (const Recording& recording : recordings_) {
    if (recording.status != 200) continue;
    SCOPED_TRACE(recording.name);
    for (std::size_t kept = 0; kept + 1 < recording.events.size(); ++kept) {
      const Said said = read_plainly(recording, kept);
      if (said.complete) continue;
      chat::Fold fold;
      const auto done = replay(recording, kept, fold);
      ASSERT_FALSE(done) << "after " << kept << " events";
      EXPECT_EQ(done.error().code(), ErrorCode::upstream_truncated);
      EXPECT_FALSE(fold.response().ended);
      const std::string text =
          fold.response().choices.empty() ? "" : plain(fold.response().choices[0].text_escaped);
      EXPECT_EQ(text, said.text);
      for (const chat::Choice& choice : fold.response().choices) EXPECT_FALSE(choice.finish);
    }
  }
}

TEST_F(AnthropicRecordings, CutInsideAnEventAreErrors) {
  for (const Recording& recording : recordings_) {
    if (recording.events.empty()) continue;
    for (std::size_t at = 0; at < recording.events.size(); at += 7) {
      const std::string& event = recording.events[at];
      chat::Fold fold;
      const auto decoder = new_stream_decoder(context_);
      for (std::size_t i = 0; i < at; ++i) ASSERT_TRUE(decoder->on_message("", recording.events[i], fold));
      const auto cut = decoder->on_message("", std::string_view(event).substr(0, event.size() / 2), fold);
      ASSERT_FALSE(cut) << recording.name;
      EXPECT_EQ(cut.error().code(), ErrorCode::upstream_protocol);
    }
  }
}

/// A whole answer of the same blocks must be told as the stream was.
TEST_F(AnthropicRecordings, OfStreamsAreTheSameAsWholeAnswers) {
  for (const Recording& recording : recordings_) {
    if (recording.events.empty()) continue;
    SCOPED_TRACE(recording.name);
    chat::Fold streamed, whole;
    ASSERT_TRUE(replay(recording, all_events, streamed));
    const chat::Choice& choice = streamed.response().choices.at(0);
    std::string body;
    json::Writer json(body);
    json.begin_object()
        .key("id")
        .text(json::Text(streamed.response().id_escaped))
        .key("content")
        .begin_array();
    json.begin_object()
        .key("type")
        .string("text")
        .key("text")
        .text(json::Text(choice.text_escaped))
        .end_object();
    for (const chat::ToolCall& call : choice.tool_calls) {
      json.begin_object().key("type").string("tool_use").key("id").text(json::Text(call.id_escaped));
      json.key("name")
          .text(json::Text(call.name_escaped))
          .key("input")
          .raw(plain(call.arguments_escaped))
          .end_object();
    }
    json.end_array().key("stop_reason").text(json::Text(choice.native_finish_escaped)).end_object();
    ASSERT_TRUE(decode_response(body, context_, whole)) << body;
    const chat::Choice& again = whole.response().choices.at(0);
    EXPECT_EQ(again.text_escaped, choice.text_escaped);
    EXPECT_EQ(again.finish, choice.finish);
    ASSERT_EQ(again.tool_calls.size(), choice.tool_calls.size());
    for (std::size_t i = 0; i < choice.tool_calls.size(); ++i)
      EXPECT_EQ(again.tool_calls[i].name_escaped, choice.tool_calls[i].name_escaped);
  }
}

TEST_F(AnthropicRecordings, OfErrorsKeepTheirMeaning) {
  const std::map<int, ErrorCode> codes{{400, ErrorCode::upstream_invalid_request},
                                       {401, ErrorCode::upstream_auth},
                                       {404, ErrorCode::upstream_model_unavailable}};
  for (const Recording& recording : recordings_) {
    if (recording.status == 200) continue;
    SCOPED_TRACE(recording.name);
    json::Document document;
    const json::Value said = (*document.parse(recording.body))["error"];
    const Error error = decode_error({.status = recording.status, .body = recording.body});
    EXPECT_EQ(error.message(), said["message"].string());
    EXPECT_EQ(error.native_code(), said["type"].string());
    EXPECT_EQ(error.upstream_status(), recording.status);
    const json::Value id = document.root()["request_id"];
    if (id.is_string()) {
      EXPECT_EQ(error.metadata(), R"({"upstream_request_id":)" + std::string(id.raw()) + "}");
    }
    const bool too_long = said["message"].string().starts_with("prompt is too long");
    EXPECT_EQ(error.code(), too_long ? ErrorCode::context_length_exceeded : codes.at(recording.status));
  }
}

/// Bytes changed, events lost, repeated or swapped: whatever comes of it, it is an answer or an error.
TEST_F(AnthropicRecordings, SurviveDamage) {
  std::minstd_rand random(17);
  for (const Recording& recording : recordings_) {
    SCOPED_TRACE(recording.name);
    for (int round = 0; round < 20; ++round) {
      Recording damaged = recording;
      const bool streamed = !damaged.events.empty();
      const std::size_t at = streamed ? random() % damaged.events.size() : 0;
      std::string& text = streamed ? damaged.events[at] : damaged.body;
      if (text.empty()) continue;
      switch (random() % (streamed ? 5 : 2)) {
        case 0:
          text[random() % text.size()] = static_cast<char>(random());
          break;
        case 1:
          text.erase(random() % text.size(), 1 + random() % 9);
          break;
        case 2:
          damaged.events.erase(damaged.events.begin() + static_cast<std::ptrdiff_t>(at));
          break;
        case 3:
          damaged.events.push_back(damaged.events[at]);
          break;
        default:
          std::swap(damaged.events[at], damaged.events[random() % damaged.events.size()]);
      }
      chat::Fold fold;
      const auto done = replay(damaged, all_events, fold, false);
      EXPECT_EQ(done.has_value(), fold.response().ended);
    }
  }
}

}  // namespace
}  // namespace sluice::dialect::anthropic
