#include "simulate/contains.hpp"
#include "simulate/openai_complaints.hpp"
#include "simulate/read_openai.hpp"

#include <algorithm>
#include <array>

namespace sluice::simulate::openai {
namespace {

constexpr std::size_t longest_call_id = 40;

}  // namespace

Objection MessageReader::read(json::Value messages) {
  if (!messages.exists()) return missing("messages");
  if (!messages.is_array()) return wrong_type("messages", "an array of objects", messages);
  if (messages.size() == 0) return empty_array("messages");
  std::size_t index = 0;
  for (json::Value message : messages.elements()) {
    if (auto objection = read_message(message, index)) return objection;
    ++index;
  }
  return unanswered(index);
}

Objection MessageReader::unanswered(std::size_t index) const {
  std::string ids;
  for (const PendingCall& call : calls_)
    if (!call.answered) ids += (ids.empty() ? "" : ", ") + call.id;
  if (ids.empty()) return std::nullopt;
  return complain(
      "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
      "'tool_call_id'. The following tool_call_ids did not have response messages: " +
          ids,
      "messages.[" + std::to_string(index) + "].role");
}

Objection MessageReader::read_message(json::Value message, std::size_t index) {
  constexpr std::array roles{"system", "developer", "user", "assistant", "tool", "function"};
  const std::string place = at("messages", index);
  if (!message.is_object()) return wrong_type(place, "an object", message);
  const std::string role = message["role"].string();
  if (!message["role"].exists()) return missing(place + ".role");
  if (!contains(roles, role))
    return unsupported_choice(place + ".role", role,
                              "'system', 'assistant', 'user', 'function', 'tool', and 'developer'");
  if (role != "tool") {
    if (auto objection = unanswered(index)) return objection;
    calls_.clear();
  }
  if (role == "assistant") return read_assistant(message, index);

  std::string text;
  const json::Value content = message["content"];
  if (!content)
    return complain("Invalid value for 'content': expected a string, got null.",
                    "messages.[" + std::to_string(index) + "].content");
  const std::size_t images = reading_.images;
  if (auto objection = read_content(content, place + ".content", text)) return objection;
  if (own_ && role != "user" && reading_.images > images)
    return complain(
        "Invalid '" + place +
            "'. Image URLs are only allowed for messages with role 'user', but this message with role '" +
            role + "' contains an image URL.",
        place, "invalid_value");
  if (role == "tool") return read_tool_result(message, index, std::move(text));
  if (role == "function") {
    if (!message["name"].is_string()) return missing(place + ".name");
    reading_.tool_answers(message["name"].string(), std::move(text));
  }
  if (role == "user") {
    reading_.user_says(std::move(text));
  } else if (role == "system" || role == "developer") {
    reading_.system_says(text);
  }
  return std::nullopt;
}

Objection MessageReader::read_content(json::Value content, const std::string& place, std::string& text) {
  if (content.is_string()) {
    text = content.string();
    reading_.count(text);
    return std::nullopt;
  }
  if (!content.is_array()) return wrong_type(place, "one of a string or array of objects", content);
  if (content.size() == 0) return empty_array(place);
  std::size_t index = 0;
  for (json::Value part : content.elements())
    if (auto objection = read_part(part, at(place, index++), text)) return objection;
  return std::nullopt;
}

Objection MessageReader::read_part(json::Value part, const std::string& place, std::string& text) {
  const std::string type = part["type"].string();
  if (!part["type"].is_string()) return missing(place + ".type");
  if (type == "text" || type == "refusal") {
    const json::Value words = part[type];
    if (!words.is_string()) return wrong_type(place + "." + type, "a string", words);
    if (!text.empty()) text += '\n';
    text += words.string();
    reading_.count(words.string());
  } else if (type == "image_url") {
    const std::string url = part["image_url"]["url"].string();
    if (url.empty()) return missing(place + ".image_url.url");
    constexpr std::array formats{"data:image/png;",  "data:image/jpeg;", "data:image/gif;",
                                 "data:image/webp;", "https://",         "http://"};
    if (std::ranges::none_of(formats, [&](std::string_view start) { return url.starts_with(start); }))
      return complain(
          "You uploaded an unsupported image. Please make sure your image has of one the following formats: "
          "['png', 'jpeg', 'gif', 'webp'].",
          "", "invalid_image_format");
    ++reading_.images;
  } else if (type == "file") {
    const json::Value file = part["file"];
    if (!file["file_data"].is_string() && !file["file_id"].is_string())
      return missing(place + ".file.file_id");
    ++reading_.documents;
  } else if (type == "input_audio") {
    if (!part["input_audio"]["data"].is_string()) return missing(place + ".input_audio.data");
    ++reading_.recordings;
  } else {
    return unsupported_choice(place + ".type", type,
                              "'text', 'image_url', 'input_audio', 'refusal', 'audio', and 'file'");
  }
  if (part["cache_control"]) reading_.cache_breakpoint();
  return std::nullopt;
}

Objection MessageReader::read_assistant(json::Value message, std::size_t index) {
  const std::string place = at("messages", index);
  const json::Value calls = message["tool_calls"];
  const json::Value content = message["content"];
  if (!content && !calls && !message["function_call"] && !message["refusal"] && !message["audio"])
    return complain("Invalid value for 'content': expected a string, got null.",
                    "messages.[" + std::to_string(index) + "].content");
  std::string text;
  if (content)
    if (auto objection = read_content(content, place + ".content", text)) return objection;
  if (!calls) return std::nullopt;
  if (!calls.is_array()) return wrong_type(place + ".tool_calls", "an array of objects", calls);
  if (calls.size() == 0) return empty_array(place + ".tool_calls");
  std::size_t number = 0;
  for (json::Value call : calls.elements())
    if (auto objection = read_call(call, at(place + ".tool_calls", number++))) return objection;
  return std::nullopt;
}

Objection MessageReader::read_call(json::Value call, const std::string& place) {
  const std::string id = call["id"].string();
  if (id.empty()) return missing(place + ".id");
  if (id.size() > longest_call_id) return string_too_long(place + ".id", longest_call_id, id.size());
  const std::string type = call["type"].string();
  if (type != "function" && type != "custom")
    return call["type"].exists() ? unsupported_choice(place + ".type", type, "'function' and 'custom'")
                                 : missing(place + ".type");
  const json::Value called = call[type];
  const std::string_view input = type == "function" ? "arguments" : "input";
  const std::string name = called["name"].string();
  if (name.empty()) return missing(place + "." + type + ".name");
  if (!called[input].is_string()) {
    const std::string param = place + "." + type + "." + std::string(input);
    return called[input].exists() ? wrong_type(param, "a string", called[input]) : missing(param);
  }
  if (contains(calls_, id, &PendingCall::id))
    return complain("Invalid value for '" + place + ".id': duplicate id '" + id + "'.", place + ".id",
                    "invalid_value");
  reading_.count(called[input].string());
  calls_.push_back({id, name});
  return std::nullopt;
}

Objection MessageReader::read_tool_result(json::Value message, std::size_t index, std::string text) {
  const std::string position = "messages.[" + std::to_string(index) + "]";
  if (calls_.empty())
    return complain(
        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with "
        "'tool_calls'.",
        position + ".role");
  const std::string id = message["tool_call_id"].string();
  if (id.empty()) return missing(at("messages", index) + ".tool_call_id");
  const auto call = std::ranges::find(calls_, id, &PendingCall::id);
  if (call == calls_.end())
    return complain(
        "Invalid parameter: 'tool_call_id' of '" + id + "' not found in 'tool_calls' of previous message.",
        position + ".tool_call_id");
  call->answered = true;
  reading_.tool_answers(call->name, std::move(text));
  return std::nullopt;
}

}  // namespace sluice::simulate::openai
