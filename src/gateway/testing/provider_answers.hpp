#pragma once
// For tests: the same short answer, "Hello there", of every kind of provider, made by hand.

#include <string_view>

namespace sluice::gateway::testing {

inline constexpr std::string_view chat_answer =
    R"({"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-native","choices":[{"index":0,)"
    R"("message":{"role":"assistant","content":"Hello there"},"finish_reason":"stop"}],)"
    R"("usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}})";
inline constexpr std::string_view claude_answer =
    R"({"id":"msg_1","type":"message","role":"assistant","model":"claude-native","content":[{"type":"text",)"
    R"("text":"Hello there"}],"stop_reason":"end_turn","usage":{"input_tokens":5,"output_tokens":2}})";
inline constexpr std::string_view gemini_answer =
    R"({"candidates":[{"content":{"parts":[{"text":"Hello there"}],"role":"model"},"finishReason":"STOP","index":0}],)"
    R"("usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":2,"totalTokenCount":7},"responseId":"r1"})";

inline constexpr std::string_view chat_begins =
    R"(data: {"id":"c-1","object":"chat.completion.chunk","created":1,"model":"gpt-native","choices":[{"index":0,)"
    R"("delta":{"role":"assistant","content":"Hello"},"finish_reason":null}]})"
    "\n\n";
inline constexpr std::string_view chat_ends =
    R"(data: {"id":"c-1","object":"chat.completion.chunk","created":1,"model":"gpt-native","choices":[{"index":0,)"
    R"("delta":{"content":" there"},"finish_reason":"stop"}]})"
    "\n\ndata: "
    "{\"id\":\"c-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-native\",\"choices\":"
    "[],"
    "\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2,\"total_tokens\":7}}\n\n";
inline constexpr std::string_view done = "data: [DONE]\n\n";
inline constexpr std::string_view claude_stream =
    R"(data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],)"
    R"("model":"claude-native","stop_reason":null,"usage":{"input_tokens":5,"output_tokens":1}}})"
    "\n\n"
    R"(data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"
    "\n\n"
    R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello there"}})"
    "\n\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
    R"(data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}})"
    "\n\ndata: {\"type\":\"message_stop\"}\n\n";

}  // namespace sluice::gateway::testing
