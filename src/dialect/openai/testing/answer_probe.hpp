#pragma once
// For tests: decodes an answer, and plays a client that gets conforming JSON as it is and the rest from
// events.

#include "chat/fold.hpp"
#include "dialect/openai/openai.hpp"
#include "json/document.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::dialect::openai::probe {

struct SseEvent {
  std::string type, data;
};

/// Good enough for recordings: the one that is used is in src/http, which dialects do not know.
inline std::vector<SseEvent> split_sse(std::string_view raw) {
  std::vector<SseEvent> events;
  SseEvent event;
  bool has_data = false;
  const auto line_done = [&](std::string_view line) {
    if (line.empty()) {
      if (has_data) events.push_back(event);
      event = {};
      has_data = false;
    } else if (line.starts_with("data:")) {
      line.remove_prefix(line.starts_with("data: ") ? 6 : 5);
      if (has_data) event.data += '\n';
      event.data += line;
      has_data = true;
    } else if (line.starts_with("event:")) {
      event.type = line.substr(line.starts_with("event: ") ? 7 : 6);
    }
  };
  while (!raw.empty()) {
    const std::size_t end = raw.find('\n');
    std::string_view line = raw.substr(0, end);
    raw.remove_prefix(end == std::string_view::npos ? raw.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    line_done(line);
  }
  if (has_data) events.push_back(event);
  return events;
}

struct SeenCall {
  std::string id, name, arguments;
  bool operator==(const SeenCall&) const = default;
};

struct SeenChoice {
  std::string text, refusal, reasoning;
  std::vector<SeenCall> calls;
  std::vector<std::string> finish;
  int roles = 0;
};

/// What a strict OpenAI client has at the end. Departures from OpenAI's shapes are test failures.
class ClientView final : public chat::EventSink {
 public:
  /// An encoder may or may not make a chunk, and with it send the role, of members kept by name only.
  explicit ClientView(bool extras_make_chunks) : extras_make_chunks_(extras_make_chunks) {}

  std::map<std::uint32_t, SeenChoice> choices;
  chat::Fold fold;
  std::string id, log;
  int natives = 0, passed = 0;

  void begin_native(const chat::Native& native) override {
    EXPECT_FALSE(inside_);
    inside_ = true;
    ++natives;
    passes_ = native.conforms;
    log += passes_ ? "[pass]" : "[rebuild]";
    if (!passes_) return;
    ++passed;
    if (native.json["object"].equals("chat.completion")) return read_body(native.json);
    read_chunk(native.json);
  }
  void end_native() override {
    EXPECT_TRUE(inside_);
    inside_ = passes_ = false;
  }

  void on(const chat::Start& e) override {
    EXPECT_EQ(started_++, 0);
    if (id.empty()) id = e.id.decode();
    fold.on(e);
  }
  void on(const chat::TextDelta& e) override {
    if (opens(e.choice, !e.text.empty())) choices[e.choice].text += e.text.decode();
    fold.on(e);
  }
  void on(const chat::RefusalDelta& e) override {
    if (opens(e.choice)) choices[e.choice].refusal += e.text.decode();
    fold.on(e);
  }
  void on(const chat::ReasoningDelta& e) override {
    if (opens(e.choice)) choices[e.choice].reasoning += e.text.decode();
    fold.on(e);
  }
  void on(const chat::ReasoningDetail& e) override {
    opens(e.choice);
    fold.on(e);
  }
  void on(const chat::ToolCallStart& e) override {
    EXPECT_FALSE(e.id.empty());
    if (opens(e.choice)) {
      EXPECT_EQ(choices[e.choice].calls.size(), e.call);
      choices[e.choice].calls.push_back({e.id.decode(), e.name.decode(), {}});
    }
    fold.on(e);
  }
  void on(const chat::ToolCallDelta& e) override {
    if (opens(e.choice)) {
      ASSERT_LT(e.call, choices[e.choice].calls.size());
      choices[e.choice].calls[e.call].arguments += e.arguments.decode();
    }
    fold.on(e);
  }
  void on(const chat::Annotation& e) override { fold.on(e); }
  void on(const chat::Image& e) override { fold.on(e); }
  void on(const chat::Extra& e) override {
    if (e.place != chat::Extra::Place::answer) opens(e.choice, extras_make_chunks_);
    fold.on(e);
  }
  void on(const chat::UsageUpdate& e) override { fold.on(e); }
  void on(const chat::Finish& e) override {
    if (opens(e.choice)) choices[e.choice].finish.emplace_back(chat::name(e.reason));
    fold.on(e);
  }
  void on(const chat::End& e) override {
    EXPECT_FALSE(inside_);
    fold.on(e);
  }

 private:
  /// Whether the event makes the client see something.
  bool opens(std::uint32_t choice, bool makes_chunk = true) {
    EXPECT_EQ(started_, 1) << "Start comes first";
    if (passes_) return false;
    if (makes_chunk && choices[choice].roles == 0) choices[choice].roles = 1;
    return true;
  }

  void read_said(SeenChoice& seen, json::Value said) {
    EXPECT_TRUE(!said["content"] || said["content"].is_string()) << said.raw();
    seen.text += said["content"].string();
    seen.refusal += said["refusal"].string();
    seen.reasoning += said["reasoning_content"].string();
    EXPECT_TRUE(said["reasoning"].text().empty()) << said.raw();
    if (said["role"].exists()) {
      EXPECT_TRUE(said["role"].equals("assistant"));
      ++seen.roles;
    }
    const json::Value legacy = said["function_call"];
    if (!legacy.exists()) return;
    if (seen.calls.empty()) seen.calls.push_back({"legacy", legacy["name"].string(), {}});
    seen.calls[0].arguments += legacy["arguments"].string();
  }

  void read_finish(SeenChoice& seen, json::Value reason) {
    if (reason.is_string()) seen.finish.push_back(reason.string());
  }

  void read_chunk(json::Value chunk) {
    EXPECT_TRUE(chunk["object"].equals("chat.completion.chunk"));
    if (id.empty()) id = chunk["id"].string();
    EXPECT_EQ(chunk["id"].string(), id);
    EXPECT_FALSE(id.empty());
    EXPECT_TRUE(chunk["created"].is_number());
    EXPECT_TRUE(chunk["model"].is_string());
    EXPECT_FALSE(chunk["usage"]) << "when usage is sent is not the host's choice";
    EXPECT_TRUE(chunk["choices"].is_array());
    for (json::Value choice : chunk["choices"].elements()) {
      ASSERT_TRUE(choice["index"].is_number()) << chunk.raw();
      SeenChoice& seen = choices[static_cast<std::uint32_t>(*choice["index"].integer())];
      EXPECT_TRUE(seen.finish.empty()) << "something follows the finish: " << chunk.raw();
      ASSERT_TRUE(choice["delta"].is_object()) << chunk.raw();
      read_said(seen, choice["delta"]);
      for (json::Value call : choice["delta"]["tool_calls"].elements()) read_call_delta(seen, call);
      read_finish(seen, choice["finish_reason"]);
    }
  }

  void read_call_delta(SeenChoice& seen, json::Value call) {
    const auto index = static_cast<std::size_t>(call["index"].integer().value_or(999));
    ASSERT_LE(index, seen.calls.size()) << call.raw();
    if (index == seen.calls.size()) {
      EXPECT_TRUE(call["type"].equals("function") || call["type"].equals("custom")) << call.raw();
      const json::Value inner = call["type"].equals("custom") ? call["custom"] : call["function"];
      seen.calls.push_back({call["id"].string(), inner["name"].string(), {}});
      EXPECT_FALSE(seen.calls.back().name.empty());
    } else {
      EXPECT_FALSE(call["id"].exists()) << call.raw();
      EXPECT_FALSE(call["function"]["name"].exists()) << call.raw();
    }
    seen.calls[index].arguments += call["function"]["arguments"].string() + call["custom"]["input"].string();
  }

  void read_body(json::Value body) {
    std::uint32_t at = 0;
    for (json::Value choice : body["choices"].elements()) {
      SeenChoice& seen = choices[at];
      EXPECT_EQ(choice["index"].integer(), at++);
      read_said(seen, choice["message"]);
      for (json::Value call : choice["message"]["tool_calls"].elements()) {
        const json::Value inner = call["type"].equals("custom") ? call["custom"] : call["function"];
        seen.calls.push_back({call["id"].string(), inner["name"].string(),
                              inner["arguments"].string() + inner["input"].string()});
      }
      read_finish(seen, choice["finish_reason"]);
    }
  }

  bool extras_make_chunks_;
  bool inside_ = false, passes_ = false;
  int started_ = 0;
};

/// A decoded answer.
struct Answer {
  explicit Answer(bool extras_make_chunks = false) : view(extras_make_chunks) {}
  ClientView view;
  std::optional<Error> error;
  const chat::Response& response() const { return view.fold.response(); }
  const chat::Choice& choice(std::size_t at = 0) const { return response().choices.at(at); }
};

struct Setting {
  bool legacy_functions = false;
  bool extras_make_chunks = false;
  bool closes = true;  ///< the provider closes the stream at the end
  const RenamedTools* renamed_tools = nullptr;
};

inline const RenamedTools& no_renamed_tools() {
  static const RenamedTools none;
  return none;
}

inline std::unique_ptr<Answer> decode_events(const std::vector<SseEvent>& events, const Setting& set = {}) {
  const AnswerContext context{.renamed_tools = set.renamed_tools ? *set.renamed_tools : no_renamed_tools(),
                              .seed = 7,
                              .legacy_functions = set.legacy_functions};
  auto answer = std::make_unique<Answer>(set.extras_make_chunks);
  const auto decoder = new_stream_decoder(context);
  for (const SseEvent& event : events) {
    auto done = decoder->on_message(event.type, event.data, answer->view);
    if (done) continue;
    answer->error = std::move(done.error());
    return answer;
  }
  if (!set.closes) return answer;
  if (auto done = decoder->finish(answer->view); !done) answer->error = std::move(done.error());
  return answer;
}

inline std::unique_ptr<Answer> decode_body(std::string_view body, const Setting& set = {}) {
  const AnswerContext context{.renamed_tools = set.renamed_tools ? *set.renamed_tools : no_renamed_tools(),
                              .seed = 7,
                              .legacy_functions = set.legacy_functions};
  auto answer = std::make_unique<Answer>(set.extras_make_chunks);
  if (auto done = decode_response(body, context, answer->view); !done)
    answer->error = std::move(done.error());
  return answer;
}

/// The client saw what the events told, each choice once and whole.
inline void expect_view_equals_fold(const Answer& answer) {
  for (std::uint32_t at = 0; at < answer.response().choices.size(); ++at) {
    const chat::Choice& told = answer.choice(at);
    const auto found = answer.view.choices.find(at);
    ASSERT_NE(found, answer.view.choices.end());
    const SeenChoice& seen = found->second;
    EXPECT_EQ(seen.text, json::Text(told.text_escaped).decode());
    EXPECT_EQ(seen.refusal, json::Text(told.refusal_escaped).decode());
    EXPECT_EQ(seen.reasoning, json::Text(told.reasoning_escaped).decode());
    ASSERT_EQ(seen.calls.size(), told.tool_calls.size());
    for (std::size_t call = 0; call < seen.calls.size(); ++call) {
      if (seen.calls[call].id != "legacy") {
        EXPECT_EQ(seen.calls[call].id, json::Text(told.tool_calls[call].id_escaped).decode());
      }
      EXPECT_EQ(seen.calls[call].name, json::Text(told.tool_calls[call].name_escaped).decode());
      EXPECT_EQ(seen.calls[call].arguments, json::Text(told.tool_calls[call].arguments_escaped).decode());
    }
    EXPECT_EQ(seen.finish.size(), answer.error ? seen.finish.size() : 1U);
    if (!answer.error) EXPECT_EQ(seen.roles, 1);
  }
}

}  // namespace sluice::dialect::openai::probe
