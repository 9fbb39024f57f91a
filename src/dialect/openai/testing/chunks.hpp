#pragma once
// For tests: chunks of a well-behaved host, to be spoiled one quirk at a time, and what becomes of them.

#include "dialect/openai/testing/answer_probe.hpp"

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::dialect::openai::probe {

inline constexpr std::string_view done = "[DONE]";

/// A chunk of a well-behaved host around `choices`; `more` is further members.
inline std::string chunk(std::string_view choices, std::string_view more = "") {
  return R"({"id":"c1","object":"chat.completion.chunk","created":1700000000,"model":"m",)" +
         std::string(more) + R"("choices":[)" + std::string(choices) + "]}";
}
inline std::string delta(std::string_view members, std::string_view finish = "null") {
  return chunk(R"({"index":0,"delta":{)" + std::string(members) + R"(},"finish_reason":)" +
               std::string(finish) + "}");
}
inline std::string calls(std::string_view entries, std::string_view finish = "null") {
  return delta(R"("tool_calls":[)" + std::string(entries) + "]", finish);
}
inline const std::string role = delta(R"("role":"assistant","content":"")");
inline const std::string stop = delta("", "\"stop\"");
inline const std::string tool_stop = delta("", "\"tool_calls\"");
inline constexpr std::string_view usage_chunk =
    R"({"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}})";

inline std::unique_ptr<Answer> decode(std::initializer_list<std::string_view> data, const Setting& set = {}) {
  std::vector<SseEvent> events;
  for (std::string_view text : data) events.push_back({"", std::string(text)});
  auto answer = decode_events(events, set);
  if (!answer->error) expect_view_equals_fold(*answer);
  return answer;
}

inline std::string text(const Answer& answer) {
  return json::Text(answer.choice().text_escaped).decode();
}
inline std::string finish(const Answer& answer, std::size_t choice = 0) {
  return std::string(chat::name(answer.choice(choice).finish.value()));
}
inline std::string arguments(const Answer& answer, std::size_t call = 0) {
  return json::Text(answer.choice().tool_calls.at(call).arguments_escaped).decode();
}

}  // namespace sluice::dialect::openai::probe
