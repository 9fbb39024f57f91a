#include "gateway/testing/recordings.hpp"

#include "base/text.hpp"
#include "gateway/testing/aws_frames.hpp"
#include "json/document.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>

namespace sluice::gateway::testing {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Nothing if the recording is no stream of events.
std::optional<RecordedStream> read_recording(const fs::path& path, const dialect::Dialect& dialect) {
  const std::string text = read_file(path);
  json::Document document;
  const auto root = document.parse(text);
  if (!root) return std::nullopt;
  const json::Value response = (*root)["response"];
  if (response["status"].integer().value_or(0) != 200 || !response["raw"].is_string()) return std::nullopt;
  RecordedStream stream{.name = path.stem().string(), .dialect = &dialect, .bytes = response["raw"].string()};
  if (response["encoding"].equals("base64")) stream.bytes = decode_base64(stream.bytes).value_or("");
  if (dialect.framing == dialect::Framing::sse && stream.bytes.find("data:") == std::string::npos)
    return std::nullopt;
  for (json::Value length : response["chunk_lengths"].elements())
    stream.reads.push_back(static_cast<std::size_t>(length.integer().value_or(0)));
  return stream;
}

constexpr std::string_view claude_begins =
    "event: message_start\n"
    R"(data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],)"
    R"("model":"claude-sonnet-4-6","stop_reason":null,"usage":{"input_tokens":9,"output_tokens":1}}})"
    "\n\nevent: content_block_start\n"
    R"(data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"
    "\n\nevent: ping\ndata: {\"type\": \"ping\"}\n\nevent: content_block_delta\n"
    R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"It is \u00fc"}})"
    "\n\n";

std::string claude_fails(std::string_view type, std::string_view message) {
  std::string stream(claude_begins);
  stream.append("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"").append(type);
  stream.append("\",\"message\":\"").append(message).append("\"},\"request_id\":\"req_1\"}\n\n");
  return stream;
}

constexpr std::string_view chat_begins =
    R"(data: {"id":"c-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,)"
    R"("delta":{"role":"assistant","content":"It is"},"finish_reason":null}]})"
    "\r\n\r\n";
constexpr std::string_view chat_calls =
    R"(data: {"id":"c-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,)"
    R"("delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f",)"
    R"("arguments":"{\"a\":"}}]},"finish_reason":null}]})"
    "\r\n\r\n";
constexpr std::string_view chat_error =
    R"(data: {"error":{"message":"The server had an error","type":"server_error","code":null}})"
    "\r\n\r\n";
constexpr std::string_view gemini_begins =
    R"(data: {"candidates":[{"content":{"parts":[{"text":"It is"}],"role":"model"},"index":0}],)"
    R"("usageMetadata":{"promptTokenCount":4},"modelVersion":"gemini-3-pro","responseId":"r1"})"
    "\r\n\r\n";
constexpr std::string_view gemini_error =
    R"(data: {"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}})"
    "\r\n\r\n";

constexpr std::string_view responses_begins =
    "event: response.created\n"
    R"(data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","model":"gpt-5","created_at":1}})"
    "\n\nevent: response.output_text.delta\n"
    R"(data: {"type":"response.output_text.delta","sequence_number":1,"output_index":0,"content_index":0,"delta":"It is"})"
    "\n\n";
constexpr std::string_view responses_error =
    "event: error\n"
    R"(data: {"type":"error","sequence_number":2,"code":"server_error","message":"The server had an error","param":null})"
    "\n\n";
constexpr std::string_view responses_failed =
    "event: response.failed\n"
    R"(data: {"type":"response.failed","sequence_number":2,"response":{"id":"resp_1","status":"failed",)"
    R"("error":{"code":"rate_limit_exceeded","message":"Rate limit reached"}}})"
    "\n\n";

std::string converse_begins() {
  return aws_event("messageStart", R"({"p":"ab","role":"assistant"})") +
         aws_event("contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":"It is"},"p":"abc"})");
}

constexpr std::string_view ollama_begins =
    R"({"model":"m","message":{"role":"assistant","content":"It is"},"done":false})"
    "\n";

}  // namespace

std::string recordings_folder() {
  const char* shared = std::getenv("SLUICE_SHARED");
  const fs::path root = shared ? fs::path(shared) : fs::path(SLUICE_SOURCE_DIR) / ".." / "shared";
  return root / "data" / "corpus";
}

std::vector<RecordedStream> recorded_streams() {
  constexpr std::array folders{std::pair{"openai.chat", "openai.chat"},
                               std::pair{"openai.responses", "openai.responses"},
                               std::pair{"anthropic.messages", "anthropic.messages"},
                               std::pair{"gemini.streamGenerateContent", "gemini"},
                               std::pair{"bedrock.converse-stream", "bedrock.converse"},
                               std::pair{"ollama.chat", "ollama"}};
  std::vector<RecordedStream> streams;
  for (const auto& [folder, api] : folders) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(fs::path(recordings_folder()) / folder, none))
      if (auto stream = read_recording(entry.path(), *dialect::find(api)))
        streams.push_back(std::move(*stream));
  }
  std::ranges::sort(streams, {}, &RecordedStream::name);
  return streams;
}

std::vector<RecordedStream> synthetic_streams() {
  const dialect::Dialect* chat = dialect::find("openai.chat");
  const dialect::Dialect* responses = dialect::find("openai.responses");
  const dialect::Dialect* claude = dialect::find("anthropic.messages");
  const dialect::Dialect* gemini = dialect::find("gemini");
  const dialect::Dialect* converse = dialect::find("bedrock.converse");
  const dialect::Dialect* ollama = dialect::find("ollama");
  std::vector<RecordedStream> streams;
  const auto add = [&](std::string name, const dialect::Dialect* dialect, std::string bytes) {
    streams.push_back(
        {.name = std::move(name), .dialect = dialect, .bytes = std::move(bytes), .synthetic = true});
  };
  add("claude-overloaded", claude, claude_fails("overloaded_error", "Overloaded"));
  add("claude-rate-limited", claude, claude_fails("rate_limit_error", "Number of tokens has exceeded"));
  add("claude-broken", claude, claude_fails("api_error", "Internal server error"));
  add("claude-late", claude, claude_fails("timeout_error", "Request timed out"));
  add("chat-server-error", chat, std::string(chat_begins).append(chat_error));
  add("chat-error-in-a-call", chat, std::string(chat_begins).append(chat_calls).append(chat_error));
  add("responses-error", responses, std::string(responses_begins).append(responses_error));
  add("responses-rate-limited", responses, std::string(responses_begins).append(responses_failed));
  add("converse-throttled", converse,
      converse_begins() + aws_exception("throttlingException", R"({"message":"Too many requests"})"));
  add("converse-unknown-failure", converse,
      converse_begins() + aws_error("InternalError", "An internal server error occurred"));
  add("ollama-failed", ollama, std::string(ollama_begins).append("{\"error\":\"the model crashed\"}\n"));
  add("gemini-unavailable", gemini, std::string(gemini_begins).append(gemini_error));
  return streams;
}

}  // namespace sluice::gateway::testing
