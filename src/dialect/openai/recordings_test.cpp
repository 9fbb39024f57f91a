// Every recorded answer of the shared corpus, decoded, and compared with what an independent reader finds in
// the same bytes. The recordings are read where they are; without them the tests say so and are skipped.

#include "base/text.hpp"
#include "dialect/openai/testing/answer_probe.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace sluice::dialect::openai {
namespace {

namespace fs = std::filesystem;
using probe::SseEvent;

fs::path recordings() {
  const char* shared = std::getenv("SLUICE_SHARED");
  const fs::path root = shared ? fs::path(shared) : fs::path(SLUICE_SOURCE_DIR) / ".." / "shared";
  return root / "data" / "corpus" / "openai.chat";
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// ---- the independent reader -------------------------------------------------------------------------

struct ExpectedCall {
  std::string id;
  std::optional<std::int64_t> number;
  std::string name, arguments;
};

struct ExpectedChoice {
  std::string text, refusal, thought;
  std::vector<ExpectedCall> calls;
  std::vector<std::string> finish;
};

struct Expected {
  std::map<std::int64_t, ExpectedChoice> choices;
  json::Value usage;
  std::string error;  ///< raw JSON; empty if none
  bool finished = false, error_is_optional = false;
};

void expect_content(ExpectedChoice& choice, json::Value content) {
  choice.text += content.string();
  for (json::Value part : content.elements()) {
    if (part["type"].equals("thinking")) {
      for (json::Value inner : part["thinking"].elements()) choice.thought += inner["text"].string();
    } else {
      choice.text += part["text"].string();
    }
  }
}

void expect_call(ExpectedChoice& choice, json::Value entry, json::Value inner, std::string_view arguments_key,
                 std::optional<std::int64_t> number) {
  const std::string id = entry["id"].string();
  const auto known = std::find_if(choice.calls.rbegin(), choice.calls.rend(), [&](const ExpectedCall& c) {
    return id.empty() ? !number || c.number == number : c.id == id;
  });
  const bool is_new = known == choice.calls.rend();
  if (is_new) choice.calls.push_back({id, number, "", ""});
  ExpectedCall& call = is_new ? choice.calls.back() : *known;
  if (call.name.empty()) call.name = inner["name"].string();
  const json::Value arguments = inner[arguments_key];
  if (arguments) call.arguments += arguments.is_string() ? arguments.string() : std::string(arguments.raw());
}

void expect_said(ExpectedChoice& choice, json::Value said) {
  expect_content(choice, said["content"]);
  choice.refusal += said["refusal"].string();
  for (std::string_view name : {"reasoning_content", "reasoning"}) choice.thought += said[name].string();
  for (json::Value detail : said["reasoning_details"].elements())
    choice.thought += detail["text"].string() + detail["summary"].string();
  const json::Value legacy = said["function_call"];
  const bool has_legacy = !legacy["name"].text().empty() || (legacy && !choice.calls.empty());
  for (json::Value call : said["tool_calls"].elements()) {
    const bool custom = call["type"].equals("custom");
    expect_call(choice, call, call[custom ? "custom" : "function"], custom ? "input" : "arguments",
                call["index"].integer());
  }
  if (has_legacy) expect_call(choice, legacy, legacy, "arguments", 0);
}

/// True if nothing behind this JSON matters.
bool expect_json(Expected& expected, json::Value json, bool stream) {
  std::string error = json["error"] ? std::string(json.raw()) : "";
  bool finishes = false;
  for (json::Value entry : json["choices"].elements()) {
    ExpectedChoice& choice = expected.choices[entry["index"].integer().value_or(0)];
    expect_said(choice, entry[stream ? "delta" : "message"]);
    if (entry["finish_reason"].is_string()) {
      choice.finish.push_back(entry["finish_reason"].string());
      finishes |= !choice.finish.back().empty();
    }
    if (entry["error"]) error = std::string(entry.raw());
  }
  expected.finished |= finishes;
  json::Value usage = json["usage"].size() > 0 ? json["usage"] : json["x_groq"]["usage"];
  if (usage["prompt_tokens"] || usage["completion_tokens"]) expected.usage = usage;
  if (error.empty()) return false;
  expected.error = error;
  expected.error_is_optional = expected.finished && !finishes;
  return !expected.error_is_optional;
}

std::string finish_class(const std::string& native) {
  static const std::map<std::string, std::string> classes{{"max_tokens", "length"},
                                                          {"length", "length"},
                                                          {"model_length", "length"},
                                                          {"tool_use", "tool_calls"},
                                                          {"tool_calls", "tool_calls"},
                                                          {"tool_call", "tool_calls"},
                                                          {"function_call", "tool_calls"},
                                                          {"refusal", "content_filter"},
                                                          {"sensitive", "content_filter"},
                                                          {"content_filter", "content_filter"},
                                                          {"content_filtered", "content_filter"},
                                                          {"error", "error"}};
  const auto found = classes.find(ascii_lower(native));
  return found == classes.end() ? "stop" : found->second;
}

std::set<std::string> accepted_finish(const ExpectedChoice& choice) {
  std::set<std::string> classes;
  for (const std::string& native : choice.finish) classes.insert(finish_class(native));
  if (classes.empty()) classes = {"stop", "error"};
  if (!choice.calls.empty() && classes == std::set<std::string>{"stop"}) return {"tool_calls"};
  if (choice.calls.empty() && classes == std::set<std::string>{"tool_calls"}) return {"stop"};
  return classes;
}

// ---- comparison -------------------------------------------------------------------------------------

void compare_arguments(const ExpectedCall& want, const chat::ToolCall& got, bool cut_off) {
  const bool made_up = trim(want.arguments).empty() && !got.custom && !cut_off;
  EXPECT_EQ(json::Text(got.arguments_escaped).decode(), made_up ? "{}" : want.arguments);
}

void compare_choice(const ExpectedChoice& want, const chat::Choice& got) {
  EXPECT_EQ(json::Text(got.text_escaped).decode(), want.text);
  EXPECT_EQ(json::Text(got.refusal_escaped).decode(), want.refusal);
  EXPECT_EQ(json::Text(got.reasoning_escaped).is_blank(), trim(want.thought).empty());
  ASSERT_EQ(got.tool_calls.size(), want.calls.size());
  std::set<std::string> ids;
  for (std::size_t i = 0; i < want.calls.size(); ++i) {
    const chat::ToolCall& call = got.tool_calls[i];
    EXPECT_EQ(json::Text(call.name_escaped).decode(), want.calls[i].name);
    EXPECT_TRUE(ids.insert(call.id_escaped).second) << "ids differ";
    EXPECT_FALSE(call.id_escaped.empty());
    if (!want.calls[i].id.empty()) EXPECT_EQ(call.id_escaped, want.calls[i].id);
    compare_arguments(want.calls[i], call, got.finish == chat::FinishReason::length);
  }
  ASSERT_TRUE(got.finish);
  EXPECT_TRUE(accepted_finish(want).contains(std::string(chat::name(*got.finish))))
      << chat::name(*got.finish);
}

void compare_usage(json::Value want, const std::optional<chat::Usage>& got) {
  if (!want) return;
  ASSERT_TRUE(got);
  const auto prompt = want["prompt_tokens"].integer().value_or(0);
  const auto completion = want["completion_tokens"].integer().value_or(0);
  const auto cached = want["prompt_tokens_details"]["cached_tokens"].integer();
  const auto reasoning = want["completion_tokens_details"]["reasoning_tokens"].integer();
  if (cached) EXPECT_EQ(got->cache_read, cached);
  if (reasoning) EXPECT_EQ(got->reasoning, reasoning);
  EXPECT_TRUE(got->input == prompt || got->input == prompt + cached.value_or(0));
  EXPECT_TRUE(got->output == completion || got->output == completion + reasoning.value_or(0));
}

struct Recording {
  json::Document document;
  std::string text;
  json::Value response;
  bool stream = false;
  std::vector<SseEvent> events;
  std::string body;
};

class ChatRecordings : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam().empty()) GTEST_SKIP() << "no recordings at " << recordings() << "; set SLUICE_SHARED";
    recording_.text = read_file(recordings() / (GetParam() + ".json"));
    const auto root = recording_.document.parse(recording_.text);
    ASSERT_TRUE(root) << root.error().message();
    recording_.response = (*root)["response"];
    recording_.stream = !recording_.response["body"].exists();
    if (!recording_.stream) recording_.body = recording_.response["body"].raw();
    if (recording_.response["raw"].is_string()) {
      const std::string raw = recording_.response["raw"].string();
      if (status() < 400) recording_.events = probe::split_sse(raw);
      if (status() >= 400) recording_.body = raw;
    }
  }

  int status() const { return static_cast<int>(recording_.response["status"].integer().value_or(0)); }

  std::unique_ptr<probe::Answer> decode(const probe::Setting& set = {}) const {
    return recording_.stream ? probe::decode_events(recording_.events, set)
                             : probe::decode_body(recording_.body, set);
  }

  Recording recording_;
};

TEST_P(ChatRecordings, AreToldAsTheyAre) {
  if (status() >= 400) return;
  std::vector<std::string> texts;
  if (!recording_.stream) texts.push_back(recording_.body);
  for (const SseEvent& event : recording_.events)
    if (trim(event.data) != "[DONE]") texts.push_back(event.data);
  std::vector<std::unique_ptr<json::Document>> documents;
  Expected expected;
  for (const std::string& text : texts) {
    documents.push_back(std::make_unique<json::Document>());
    const auto json = documents.back()->parse(text);
    ASSERT_TRUE(json) << text;
    if (expect_json(expected, *json, recording_.stream)) break;
  }

  for (const bool extras_make_chunks : {false, true}) {
    const auto answer = decode({.extras_make_chunks = extras_make_chunks});
    if (!expected.error.empty() && !expected.error_is_optional) {
      ASSERT_TRUE(answer->error);
      EXPECT_GE(answer->error->traits().http_status, 400);
      EXPECT_FALSE(answer->error->message().empty());
      continue;
    }
    ASSERT_FALSE(answer->error) << answer->error->message();
    EXPECT_TRUE(answer->response().ended);
    ASSERT_EQ(answer->response().choices.size(), expected.choices.size());
    for (const auto& [at, choice] : expected.choices)
      compare_choice(choice, answer->choice(static_cast<std::size_t>(at)));
    compare_usage(expected.usage, answer->response().usage);
    probe::expect_view_equals_fold(*answer);
  }
}

/// Cut behind any event, a stream is never told as complete unless the provider had said why it ends.
TEST_P(ChatRecordings, CutShortAreNeverComplete) {
  if (status() >= 400 || !recording_.stream) return;
  bool finished = false;
  for (std::size_t cut = 0; cut < recording_.events.size(); ++cut) {
    // The middle of a long stream is all alike.
    constexpr std::size_t interesting = 40;
    const bool alike = cut > interesting && cut + interesting < recording_.events.size();
    if (!alike || cut % 8 == 0) {
      const auto answer = probe::decode_events(
          {recording_.events.begin(), recording_.events.begin() + static_cast<std::ptrdiff_t>(cut)});
      EXPECT_EQ(answer->response().ended, !answer->error);
      EXPECT_TRUE(finished || answer->error) << "behind event " << cut;
      for (const chat::Choice& choice : answer->response().choices) EXPECT_TRUE(finished || !choice.finish);
    }
    json::Document document;
    if (const auto json = document.parse(recording_.events[cut].data))
      for (json::Value choice : (*json)["choices"].elements())
        finished |= !choice["finish_reason"].text().empty();
  }
}

TEST_P(ChatRecordings, OfFailuresKeepTheProvidersWords) {
  if (status() < 400) return;
  const Error error = decode_error({.status = status(), .body = recording_.body});
  EXPECT_GE(error.traits().http_status, 400);
  EXPECT_EQ(error.upstream_status(), status());
  EXPECT_FALSE(error.message().empty());
  EXPECT_FALSE(error.message().starts_with('{')) << error.message();
}

std::vector<std::string> names() {
  std::vector<std::string> found;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(recordings(), none))
    if (entry.path().extension() == ".json") found.push_back(entry.path().stem().string());
  std::ranges::sort(found);
  if (found.empty()) found.emplace_back();
  return found;
}

INSTANTIATE_TEST_SUITE_P(OpenAi, ChatRecordings, testing::ValuesIn(names()), [](const auto& info) {
  std::string name = info.param.empty() ? "absent" : info.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace
}  // namespace sluice::dialect::openai
