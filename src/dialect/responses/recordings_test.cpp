// Replays recorded answers of the API and compares the events with an independent, plain reading of the same
// bytes.

#include "dialect/responses/recordings.hpp"

#include "chat/fold.hpp"
#include "dialect/responses/responses.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace sluice::dialect::responses {
namespace {

/// What the answer says, by the API's documents: items as they are at last.
struct Said {
  std::string text, refusal, status, reason;
  std::vector<std::pair<std::string, std::string>> calls;  ///< name, arguments
  std::vector<std::string> summaries, encrypted, thoughts;
  std::size_t urls = 0, others = 0;
  std::map<std::string, std::int64_t> usage;
  std::string error;
  bool complete = false;
};

void read_message(json::Value item, Said& said) {
  for (json::Value part : item["content"].elements()) {
    said.text += part["text"].string();
    said.refusal += part["refusal"].string();
    for (json::Value annotation : part["annotations"].elements())
      said.urls += annotation["type"].equals("url_citation");
  }
}

void read_item(json::Value item, const Recording& recording, Said& said) {
  const std::string type = item["type"].string();
  if (type == "message") {
    read_message(item, said);
  } else if (type == "reasoning") {
    for (json::Value part : item["summary"].elements()) said.summaries.push_back(part["text"].string());
    for (json::Value part : item["content"].elements()) said.thoughts.push_back(part["text"].string());
    if (item["encrypted_content"]) said.encrypted.push_back(item["encrypted_content"].string());
  } else if (type == "function_call") {
    said.calls.emplace_back(item["name"].string(), item["arguments"].string());
  } else if (type == "custom_tool_call" && recording.custom_tools) {
    said.calls.emplace_back(item["name"].string(), item["input"].string());
  } else {
    ++said.others;
  }
}

void read_end(json::Value response, Said& said) {
  said.complete = true;
  said.status = response["status"].string();
  said.reason = response["incomplete_details"]["reason"].string();
  said.error = response["error"]["message"].string();
  const json::Value usage = response["usage"];
  if (usage["input_tokens"].is_number()) said.usage["input"] = *usage["input_tokens"].integer();
  if (usage["output_tokens"].is_number()) said.usage["output"] = *usage["output_tokens"].integer();
  said.usage["cached"] = usage["input_tokens_details"]["cached_tokens"].integer().value_or(0);
  said.usage["reasoning"] = usage["output_tokens_details"]["reasoning_tokens"].integer().value_or(0);
}

Said read_plainly(const Recording& recording, std::size_t most_events) {
  Said said;
  if (recording.events.empty()) {
    json::Document document;
    const json::Value body = *document.parse(recording.body);
    for (json::Value item : body["output"].elements()) read_item(item, recording, said);
    read_end(body, said);
    return said;
  }
  for (const std::string& data : recording.events) {
    if (most_events-- == 0) break;
    if (data == "[DONE]") continue;
    json::Document document;
    const json::Value event = *document.parse(data);
    const std::string type = event["type"].string();
    if (type == "response.output_item.done") read_item(event["item"], recording, said);
    if (type == "error") said.error = event["error"]["message"].string();
    if (type == "response.completed" || type == "response.incomplete" || type == "response.failed")
      read_end(event["response"], said);
  }
  return said;
}

/// Text as its deltas tell it, in an answer that was cut short.
std::string text_of_deltas(const Recording& recording, std::size_t most_events) {
  std::string text;
  for (const std::string& data : recording.events) {
    if (most_events-- == 0) break;
    json::Document document;
    const auto event = document.parse(data);
    if (event && (*event)["type"].equals("response.output_text.delta")) text += (*event)["delta"].string();
  }
  return text;
}

/// One recording was edited: its pieces say something else than its end.
bool contradicts_itself(const Recording& recording) {
  return !read_plainly(recording, static_cast<std::size_t>(-1))
              .text.starts_with(text_of_deltas(recording, static_cast<std::size_t>(-1)));
}

std::string plain(const std::string& escaped) {
  return json::Text(escaped).decode();
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() || part.empty() ? "" : "\n\n") + part;
  return out;
}

void expect_reasoning(const chat::Choice& choice, const Said& said) {
  std::vector<std::string> summaries, encrypted;
  for (const chat::ReasoningBlock& block : choice.reasoning) {
    const bool opaque = block.kind == chat::ReasoningBlock::Kind::opaque;
    (opaque ? encrypted : summaries).push_back(plain(opaque ? block.data_escaped : block.text_escaped));
    EXPECT_FALSE(block.format.empty());
  }
  EXPECT_EQ(summaries, said.summaries);
  EXPECT_EQ(encrypted, said.encrypted);
  const std::string both = joined(said.summaries) + joined(said.thoughts);
  if (said.summaries.empty() || said.thoughts.empty()) {
    EXPECT_EQ(plain(choice.reasoning_escaped), both);
  }
}

void expect_same(const chat::Choice& choice, const Said& said) {
  EXPECT_EQ(plain(choice.text_escaped), said.text);
  EXPECT_EQ(plain(choice.refusal_escaped), said.refusal);
  EXPECT_EQ(choice.annotations.size(), said.urls);
  expect_reasoning(choice, said);
  ASSERT_EQ(choice.tool_calls.size(), said.calls.size());
  for (std::size_t i = 0; i < said.calls.size(); ++i) {
    EXPECT_EQ(plain(choice.tool_calls[i].name_escaped), said.calls[i].first);
    EXPECT_EQ(plain(choice.tool_calls[i].arguments_escaped), said.calls[i].second);
    EXPECT_FALSE(choice.tool_calls[i].id_escaped.empty());
  }
  for (const chat::ExtraMember& extra : choice.message_extras) {
    json::Document document;
    const auto root = document.parse(extra.json);
    ASSERT_TRUE(root) << extra.json;
    if (extra.name_escaped == "provider_blocks") {
      EXPECT_EQ(root->size() + choice.images.size(), said.others);
    }
  }
}

chat::FinishReason expected_finish(const Said& said) {
  using chat::FinishReason;
  if (said.status == "incomplete")
    return said.reason == "content_filter" ? FinishReason::content_filter : FinishReason::length;
  return said.calls.empty() ? FinishReason::stop : FinishReason::tool_calls;
}

class ResponsesRecordings : public testing::Test {
 protected:
  void SetUp() override {
    if (recordings_.empty()) GTEST_SKIP() << "no recordings at " << corpus();
  }

  Result<> replay(const Recording& recording, std::size_t most_events, chat::EventSink& sink) const {
    const AnswerContext context{.renamed_tools = names_, .custom_tools = recording.custom_tools};
    if (recording.events.empty()) return decode_response(recording.body, context, sink);
    const auto decoder = new_stream_decoder(context);
    for (const std::string& data : recording.events) {
      if (most_events-- == 0) break;
      if (auto done = decoder->on_message("", data, sink); !done) return fail(done);
    }
    return decoder->finish(sink);
  }

  static constexpr std::size_t all_events = static_cast<std::size_t>(-1);
  const std::vector<Recording> recordings_ = recordings();
  RenamedTools names_;
};

TEST_F(ResponsesRecordings, SayWhatTheProviderSaid) {
  for (const Recording& recording : recordings_) {
    if (recording.status != 200 || contradicts_itself(recording)) continue;
    SCOPED_TRACE(recording.name);
    const Said said = read_plainly(recording, all_events);
    chat::Fold fold;
    const auto done = replay(recording, all_events, fold);
    if (!said.error.empty() || said.status == "queued") {
      ASSERT_FALSE(done);
      if (!said.error.empty()) {
        EXPECT_EQ(done.error().message(), said.error);
      }
      continue;
    }
    ASSERT_TRUE(done) << done.error().message();
    const chat::Response& response = fold.response();
    EXPECT_TRUE(response.ended);
    ASSERT_EQ(response.choices.size(), 1U);
    expect_same(response.choices[0], said);
    EXPECT_EQ(response.choices[0].finish, expected_finish(said));
    if (!said.usage.contains("input")) continue;
    ASSERT_TRUE(response.usage);
    EXPECT_EQ(response.usage->input, said.usage.at("input"));
    EXPECT_EQ(response.usage->output, said.usage.at("output"));
    EXPECT_EQ(response.usage->cache_read.value_or(0), said.usage.at("cached"));
    EXPECT_EQ(response.usage->reasoning.value_or(0), said.usage.at("reasoning"));
  }
}

TEST_F(ResponsesRecordings, CutAfterAnyEventNeverPretendToBeComplete) {
  for (const Recording& recording : recordings_) {
    if (recording.status != 200) continue;
    SCOPED_TRACE(recording.name);
    for (std::size_t kept = 0; kept < recording.events.size(); ++kept) {
      const Said said = read_plainly(recording, kept);
      if (said.complete || !said.error.empty()) continue;
      chat::Fold fold;
      const auto done = replay(recording, kept, fold);
      ASSERT_FALSE(done) << "after " << kept << " events";
      EXPECT_EQ(done.error().code(), ErrorCode::upstream_truncated);
      EXPECT_FALSE(fold.response().ended);
      const bool silent = fold.response().choices.empty();
      EXPECT_EQ(silent ? "" : plain(fold.response().choices[0].text_escaped),
                text_of_deltas(recording, kept));
      for (const chat::Choice& choice : fold.response().choices) EXPECT_FALSE(choice.finish);
    }
  }
}

TEST_F(ResponsesRecordings, CutInsideAnEventAreErrors) {
  for (const Recording& recording : recordings_) {
    const AnswerContext context{.renamed_tools = names_};
    for (std::size_t at = 0; at < recording.events.size(); at += 7) {
      const std::string& event = recording.events[at];
      if (event == "[DONE]") continue;
      chat::Fold fold;
      const auto decoder = new_stream_decoder(context);
      bool going = true;
      for (std::size_t i = 0; i < at && going; ++i)
        going = decoder->on_message("", recording.events[i], fold).has_value();
      if (!going) break;
      const auto cut = decoder->on_message("", std::string_view(event).substr(0, event.size() / 2), fold);
      ASSERT_FALSE(cut) << recording.name;
      EXPECT_EQ(cut.error().code(), ErrorCode::upstream_protocol);
    }
  }
}

/// What is encrypted is so anew each time that it is sent.
std::string told(const chat::Response& response) {
  std::string out = response.id_escaped + "|" + response.model_escaped;
  for (const chat::Choice& choice : response.choices) {
    out += "\ntext " + choice.text_escaped + "\nrefusal " + choice.refusal_escaped + "\nthoughts " +
           choice.reasoning_escaped + "\nnative " + choice.native_finish_escaped;
    for (const chat::ReasoningBlock& block : choice.reasoning)
      out += "\nblock " + block.text_escaped + "|" + (block.data_escaped.empty() ? "" : "encrypted") + "|" +
             block.id_escaped + "|" + block.format;
    for (const chat::ToolCall& call : choice.tool_calls)
      out += "\ncall " + call.id_escaped + "|" + call.name_escaped + "|" + call.arguments_escaped;
    for (const std::string& json : choice.annotations) out += "\n" + json;
    for (const std::string& json : choice.images) out += "\n" + json;
    for (const chat::ExtraMember& extra : choice.choice_extras) out += "\n" + extra.name_escaped + extra.json;
    for (const chat::ExtraMember& extra : choice.message_extras) {
      json::Document document;
      const auto root = document.parse(extra.json);
      out += "\n" + extra.name_escaped;
      for (json::Value block : root->elements()) out += " " + block["type"].string() + block["id"].string();
    }
  }
  if (response.usage) out += "\nusage " + std::to_string(response.usage->total());
  return out;
}

/// The last event of a stream holds the whole answer as a body would.
TEST_F(ResponsesRecordings, OfStreamsAreTheSameAsWholeAnswers) {
  std::size_t compared = 0;
  for (const Recording& recording : recordings_) {
    if (recording.events.empty() || recording.status != 200 || contradicts_itself(recording)) continue;
    SCOPED_TRACE(recording.name);
    json::Document document;
    Recording whole{.name = recording.name, .status = 200, .custom_tools = recording.custom_tools};
    for (const std::string& event : recording.events) {
      if (event == "[DONE]") continue;
      const json::Value response = (*document.parse(event))["response"];
      const bool complete = response["status"].equals("completed") || response["status"].equals("incomplete");
      if (complete && response["output"].size() > 0) whole.body = response.raw();
    }
    if (whole.body.empty()) continue;
    chat::Fold streamed, folded;
    ASSERT_TRUE(replay(recording, all_events, streamed));
    ASSERT_TRUE(replay(whole, all_events, folded));
    EXPECT_EQ(told(streamed.response()), told(folded.response()));
    ++compared;
  }
  EXPECT_GT(compared, 25U);
}

TEST_F(ResponsesRecordings, OfErrorsKeepTheirMeaning) {
  const std::map<int, ErrorCode> codes{{400, ErrorCode::upstream_invalid_request},
                                       {401, ErrorCode::upstream_auth}};
  for (const Recording& recording : recordings_) {
    if (recording.status == 200) continue;
    SCOPED_TRACE(recording.name);
    json::Document document;
    const json::Value body = *document.parse(recording.body);
    const json::Value error = body["error"];
    const Error decoded = decode_error({.status = recording.status, .body = recording.body});
    const json::Value words = error.is_string()  ? error
                              : error["message"] ? error["message"]
                                                 : body["detail"];
    if (recording.status != 401 && !error.is_string()) {  // those quote a key
      EXPECT_EQ(decoded.message(), words.string());
    }
    EXPECT_EQ(decoded.upstream_status(), recording.status);
    const bool too_long = error["code"].equals("context_length_exceeded");
    const ErrorCode expected = too_long            ? ErrorCode::context_length_exceeded
                               : error.is_string() ? ErrorCode::upstream_auth
                                                   : codes.at(recording.status);
    EXPECT_EQ(decoded.code(), expected);
  }
}

/// Bytes changed, events lost, repeated or swapped: whatever comes of it, it is an answer or an error.
TEST_F(ResponsesRecordings, SurviveDamage) {
  std::minstd_rand random(17);
  for (const Recording& recording : recordings_) {
    SCOPED_TRACE(recording.name);
    for (int round = 0; round < 20; ++round) {
      Recording damaged = recording;
      const bool streamed = !damaged.events.empty();
      const std::size_t at = streamed ? random() % damaged.events.size() : 0;
      std::string& text = streamed ? damaged.events[at] : damaged.body;
      if (text.empty()) continue;
      switch (random() % (streamed ? 4 : 1)) {
        case 0:
          text[random() % text.size()] = static_cast<char>(random() % 128);
          break;
        case 1:
          damaged.events.erase(damaged.events.begin() + static_cast<std::ptrdiff_t>(at));
          break;
        case 2:
          damaged.events.insert(damaged.events.begin() + static_cast<std::ptrdiff_t>(at), damaged.events[at]);
          break;
        case 3:
          std::swap(damaged.events[at], damaged.events[random() % damaged.events.size()]);
          break;
      }
      chat::Fold fold;
      const auto done = replay(damaged, all_events, fold);
      EXPECT_EQ(done.has_value(), fold.response().ended);
    }
  }
}

}  // namespace
}  // namespace sluice::dialect::responses
