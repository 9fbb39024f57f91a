// Replays recorded answers of the API and compares what comes out with an independent reading of the same
// bytes.

#include "dialect/gemini/recordings.hpp"

#include "chat/fold.hpp"
#include "dialect/gemini/gemini.hpp"

#include <gtest/gtest.h>

#include <set>

namespace sluice::dialect::gemini {
namespace {

using Leaves = std::map<std::string, std::string>;

void collect_leaves(json::Value value, const std::string& path, Leaves& leaves) {
  std::size_t index = 0;
  for (const json::Member& member : value.members())
    collect_leaves(member.value, path + "." + member.key.decode(), leaves);
  for (json::Value element : value.elements())
    collect_leaves(element, path + "[" + std::to_string(index++) + "]", leaves);
  if (value.is_string()) leaves[path] = value.string();
  if (value.is_number() || value.is_boolean()) leaves[path] = value.raw();
}

/// What the provider's own bytes say, read in the plainest way.
struct Said {
  std::string text, thoughts, finish;
  std::vector<std::string> names, signatures, opaque;
  std::vector<std::string> arguments;  ///< canonical; empty where they came in pieces
  std::vector<Leaves> pieces;
};
struct Answer {
  std::map<std::int64_t, Said> choices;
  std::map<std::string, std::int64_t> counts;
  bool blocked = false;
};

void read_call(json::Value part, Said& said) {
  const json::Value call = part["functionCall"];
  if (call["name"]) {
    said.names.push_back(call["name"].string());
    said.signatures.push_back(part["thoughtSignature"].string());
    const bool whole = !call["willContinue"];
    said.arguments.push_back(!whole ? "" : call["args"] ? canonical(call["args"]) : "{}");
    said.pieces.emplace_back();
  }
  for (json::Value piece : call["partialArgs"].elements()) {
    std::string& leaf = said.pieces.back()[piece["jsonPath"].string()];
    leaf += piece["stringValue"] ? piece["stringValue"].string() : std::string(piece["numberValue"].raw());
  }
}

void read_chunk(json::Value chunk, Answer& answer) {
  for (const json::Member& member : chunk["usageMetadata"].members())
    if (member.value.is_number()) answer.counts[member.key.decode()] = *member.value.integer();
  answer.blocked |= bool(chunk["promptFeedback"]["blockReason"]);
  for (json::Value candidate : chunk["candidates"].elements()) {
    Said& said = answer.choices[candidate["index"].integer().value_or(0)];
    for (json::Value part : candidate["content"]["parts"].elements()) {
      if (part["functionCall"]) {
        read_call(part, said);
      } else if (!part["toolCall"] && !part["toolResponse"]) {
        if (part["thoughtSignature"]) said.opaque.push_back(part["thoughtSignature"].string());
        (part["thought"] ? said.thoughts : said.text) += part["text"].string();
      }
    }
    const json::Value finish = candidate["finishReason"];
    if (finish.is_string()) said.finish = finish.string();
    if (finish.is_number()) said.finish = finish.integer() == 1 ? "STOP" : "MAX_TOKENS";
  }
}

Answer read_plainly(const Recording& recording) {
  Answer answer;
  std::vector<std::string> chunks{recording.body};
  if (recording.stream) chunks = events(recording.body);
  for (const std::string& text : chunks) {
    json::Document document;
    const auto root = document.parse(text);
    if (root && root->is_array())
      for (json::Value chunk : root->elements()) read_chunk(chunk, answer);
    else if (root)
      read_chunk(*root, answer);
  }
  return answer;
}

std::string plain(const std::string& escaped) {
  return json::Text(escaped).decode();
}

void expect_same(const chat::Choice& choice, const Said& said) {
  EXPECT_EQ(plain(choice.text_escaped), said.text);
  EXPECT_EQ(plain(choice.reasoning_escaped), said.thoughts);
  EXPECT_EQ(plain(choice.native_finish_escaped), said.finish);
  ASSERT_EQ(choice.tool_calls.size(), said.names.size());
  std::set<std::string> ids;
  for (std::size_t i = 0; i < said.names.size(); ++i) {
    const chat::ToolCall& call = choice.tool_calls[i];
    EXPECT_EQ(plain(call.name_escaped), said.names[i]);
    EXPECT_EQ(plain(call.signature_escaped), said.signatures[i]);
    EXPECT_TRUE(ids.insert(call.id_escaped).second && !call.id_escaped.empty()) << call.id_escaped;
    const std::string arguments = plain(call.arguments_escaped);
    json::Document document;
    const auto root = document.parse(arguments);
    ASSERT_TRUE(root) << arguments;
    if (!said.arguments[i].empty()) {
      EXPECT_EQ(canonical(*root), said.arguments[i]);
    } else {
      Leaves leaves;
      collect_leaves(*root, "$", leaves);
      EXPECT_EQ(leaves, said.pieces[i]);
    }
  }
  std::vector<std::string> opaque;
  for (const chat::ReasoningBlock& block : choice.reasoning) {
    EXPECT_EQ(block.format, "google-gemini-v1");
    opaque.push_back(plain(block.data_escaped));
  }
  EXPECT_EQ(opaque, said.opaque);
}

void expect_usage(const chat::Response& response, std::map<std::string, std::int64_t> counts) {
  if (counts.empty()) {
    EXPECT_FALSE(response.usage);
    return;
  }
  ASSERT_TRUE(response.usage);
  EXPECT_EQ(response.usage->input, counts["promptTokenCount"] + counts["toolUsePromptTokenCount"]);
  EXPECT_EQ(response.usage->output, counts["candidatesTokenCount"] + counts["thoughtsTokenCount"]);
  EXPECT_EQ(response.usage->cache_read.value_or(0), counts["cachedContentTokenCount"]);
  EXPECT_EQ(response.usage->reasoning.value_or(0), counts["thoughtsTokenCount"]);
}

void expect_finish(const chat::Choice& choice, const Said& said) {
  using chat::FinishReason;
  const std::map<std::string, FinishReason> others{{"MAX_TOKENS", FinishReason::length},
                                                   {"SAFETY", FinishReason::content_filter},
                                                   {"MODEL_ARMOR", FinishReason::content_filter}};
  const auto row = others.find(said.finish);
  const auto natural = said.names.empty() ? FinishReason::stop : FinishReason::tool_calls;
  EXPECT_EQ(choice.finish, row == others.end() ? natural : row->second);
}

Result<> replay(const Recording& recording, std::size_t most_events, chat::EventSink& sink) {
  const RenamedTools names;
  const AnswerContext context{.renamed_tools = names};
  if (!recording.stream) return decode_response(recording.body, context, sink);
  const auto decoder = new_stream_decoder(context);
  for (const std::string& data : events(recording.body)) {
    if (most_events-- == 0) break;
    if (auto done = decoder->on_message("", data, sink); !done) return fail(done);
    EXPECT_FALSE(decoder->done());
  }
  return decoder->finish(sink);
}

constexpr std::size_t all_events = static_cast<std::size_t>(-1);

class Recordings : public testing::Test {
 protected:
  void SetUp() override {
    if (recordings_.empty()) GTEST_SKIP() << "no recordings at " << corpus();
  }
  const std::vector<Recording> recordings_ = recordings();
};

TEST_F(Recordings, SayWhatTheProviderSaid) {
  for (const Recording& recording : recordings_) {
    if (recording.status != 200) continue;
    SCOPED_TRACE(recording.name);
    chat::Fold fold;
    const auto done = replay(recording, all_events, fold);
    ASSERT_TRUE(done) << done.error().message();
    const Answer answer = read_plainly(recording);
    const chat::Response& response = fold.response();
    EXPECT_TRUE(response.ended);
    expect_usage(response, answer.counts);
    if (answer.blocked && answer.choices.empty()) {
      ASSERT_EQ(response.choices.size(), 1U);
      EXPECT_EQ(response.choices[0].finish, chat::FinishReason::content_filter);
      EXPECT_TRUE(response.choices[0].refusal_escaped.starts_with("blocked: "));
      continue;
    }
    ASSERT_EQ(response.choices.size(), answer.choices.size());
    for (const auto& [index, said] : answer.choices) {
      expect_same(response.choices[static_cast<std::size_t>(index)], said);
      expect_finish(response.choices[static_cast<std::size_t>(index)], said);
    }
  }
}

TEST_F(Recordings, AreTheSameAsOneArray) {
  for (const Recording& recording : recordings_) {
    if (!recording.stream) continue;
    SCOPED_TRACE(recording.name);
    chat::Fold streamed, whole;
    ASSERT_TRUE(replay(recording, all_events, streamed));
    Recording array{.name = recording.name, .status = 200, .body = "["};
    for (const std::string& event : events(recording.body)) array.body += event + "\n,\r\n";
    array.body.resize(array.body.size() - 4);
    array.body += "]";
    ASSERT_TRUE(replay(array, all_events, whole));
    ASSERT_EQ(streamed.response().choices.size(), whole.response().choices.size());
    for (std::size_t i = 0; i < streamed.response().choices.size(); ++i) {
      EXPECT_EQ(streamed.response().choices[i].text_escaped, whole.response().choices[i].text_escaped);
      EXPECT_EQ(streamed.response().choices[i].finish, whole.response().choices[i].finish);
    }
  }
}

TEST_F(Recordings, CutAfterAnyEventNeverPretendToBeComplete) {
  for (const Recording& recording : recordings_) {
    if (!recording.stream || recording.status != 200) continue;
    SCOPED_TRACE(recording.name);
    const auto all = events(recording.body);
    for (std::size_t kept = 0; kept < all.size(); ++kept) {
      Recording cut = recording;
      cut.body.clear();
      for (std::size_t i = 0; i < kept; ++i) cut.body += "data: " + all[i] + "\n\n";
      chat::Fold fold;
      const auto done = replay(recording, kept, fold);
      bool told_finish = false;
      for (const auto& [index, said] : read_plainly(cut).choices) told_finish |= !said.finish.empty();
      EXPECT_EQ(done.has_value(), told_finish) << "after " << kept << " events";
      if (!done) {
        EXPECT_EQ(done.error().code(), ErrorCode::upstream_truncated);
        EXPECT_FALSE(fold.response().ended);
        for (const chat::Choice& choice : fold.response().choices) EXPECT_FALSE(choice.finish);
      }
    }
  }
}

TEST_F(Recordings, CutInsideAnEventAreErrors) {
  for (const Recording& recording : recordings_) {
    if (!recording.stream) continue;
    const std::string first = events(recording.body).front();
    const RenamedTools names;
    const AnswerContext context{.renamed_tools = names};
    for (std::size_t size = 0; size < std::min<std::size_t>(first.size(), 600); ++size) {
      chat::Fold fold;
      const auto decoder = new_stream_decoder(context);
      const auto done = decoder->on_message("", std::string_view(first).substr(0, size), fold);
      ASSERT_FALSE(done) << recording.name << " cut at " << size;
      EXPECT_EQ(done.error().code(), ErrorCode::upstream_protocol);
    }
  }
}

TEST_F(Recordings, OfErrorsKeepTheirMeaning) {
  for (const Recording& recording : recordings_) {
    if (recording.status == 200) continue;
    SCOPED_TRACE(recording.name);
    const Error error = decode_error({.status = recording.status, .body = recording.body});
    json::Document document;
    const auto root = document.parse(recording.body);
    ASSERT_TRUE(root);
    const json::Value said = root->is_array() ? (*root)[0]["error"] : (*root)["error"];
    EXPECT_EQ(error.message(), said["message"].string());
    EXPECT_EQ(error.upstream_status(), recording.status);
    if (said["details"].raw().find("API_KEY_INVALID") != std::string_view::npos) {
      EXPECT_EQ(error.code(), ErrorCode::upstream_auth);
    }
    if (recording.status == 429) {
      EXPECT_EQ(error.code(), ErrorCode::upstream_rate_limited);
      EXPECT_TRUE(error.retry_after());
    }
  }
}

}  // namespace
}  // namespace sluice::dialect::gemini
