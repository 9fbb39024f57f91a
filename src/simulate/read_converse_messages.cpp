#include "simulate/contains.hpp"
#include "simulate/identity.hpp"
#include "simulate/read_converse.hpp"

#include <algorithm>
#include <array>

namespace sluice::simulate::converse {
namespace {

/// Letters, digits, `_` and `-`, and `more`.
bool fits(std::string_view text, std::size_t most, std::string_view more = "") {
  const auto allowed = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || more.contains(c);
  };
  return !text.empty() && text.size() <= most && std::ranges::all_of(text, allowed);
}

Complaint wrong(const std::string& place, const std::string& what) {
  return complain("1 validation error detected: Value at '" + place +
                  "' failed to satisfy constraint: " + what);
}

}  // namespace

Objection MessagesReader::read(json::Value messages) {
  if (!messages.is_array() || messages.size() == 0)
    return complain(
        "A conversation must start with a user message. Try again with a conversation that starts with a "
        "user message.");
  std::size_t index = 0;
  for (json::Value message : messages.elements())
    if (auto objection = read_message(message, "messages." + std::to_string(index++))) return objection;
  if (calls_.empty()) return std::nullopt;
  return complain("Expected toolResult blocks at messages." + std::to_string(index) +
                  ".content for the following Ids: " + calls_.front().id);
}

Objection MessagesReader::read_message(json::Value message, const std::string& place) {
  const std::string role = message["role"].string();
  if (role != "user" && role != "assistant")
    return wrong(place + ".role", "Member must be one of [user, assistant]");
  of_user_ = role == "user";
  if (!of_user_ && place == "messages.0")
    return complain(
        "A conversation must start with a user message. Try again with a conversation that starts with a "
        "user message.");
  const json::Value content = message["content"];
  if (content.size() == 0 || !content.is_array())
    return complain("The content field in the Message object at " + place +
                    " is empty. Add a ContentBlock object to the content field and try again.");
  said_.clear();
  has_document_ = has_results_ = false;
  std::size_t index = 0;
  if (!of_user_)
    if (auto objection = check_results(place)) return objection;
  for (json::Value block : content.elements())
    if (auto objection = read_block(block, place + ".content." + std::to_string(index++))) return objection;
  if (has_document_ && said_.empty() && !has_results_)
    return complain("The message at " + place + " includes a document, so it must include a text block too.");
  if (!of_user_) return std::nullopt;
  if (auto objection = check_results(place)) return objection;
  reading_.user_says(said_);
  return std::nullopt;
}

/// All calls of the message before must have been answered by now.
Objection MessagesReader::check_results(const std::string& place) {
  const auto open = std::ranges::find(calls_, false, &PendingCall::answered);
  if (open != calls_.end())
    return complain("Expected toolResult blocks at " + place + ".content for the following Ids: " + open->id);
  calls_.clear();
  return std::nullopt;
}

Objection MessagesReader::read_block(json::Value block, const std::string& place) {
  if (!block.is_object() || block.size() != 1)
    return complain("The ContentBlock object at " + place + " must set one of its members.");
  if (block["text"].exists()) return read_text(block["text"], place);
  if (block["toolUse"].exists()) return read_call(block["toolUse"], place);
  if (block["toolResult"].exists()) return read_result(block["toolResult"], place);
  if (block["reasoningContent"].exists()) return read_thought(block["reasoningContent"], place);
  for (std::string_view kind : {"image", "document", "audio", "video"})
    if (block[kind].exists()) return read_media(kind, block[kind], place);
  if (block["cachePoint"]["type"].equals("default")) {
    reading_.cache_breakpoint();
    return std::nullopt;
  }
  for (std::string_view kind : {"guardContent", "citationsContent", "searchResult"})
    if (block[kind].exists()) {
      if (of_user_) said_ += block[kind].raw();
      reading_.count(block[kind].raw());
      return std::nullopt;
    }
  return complain("The ContentBlock object at " + place + " sets a member that is not known.");
}

Objection MessagesReader::read_text(json::Value text, const std::string& place) {
  if (text.text().is_blank())
    return complain("The text field in the ContentBlock object at " + place +
                    " is blank. Add text to the text field, and try again.");
  said_.append(said_.empty() ? "" : "\n").append(text.string());
  reading_.count(text.text().escaped());
  return std::nullopt;
}

Objection MessagesReader::read_call(json::Value call, const std::string& place) {
  const std::string id = call["toolUseId"].string(), name = call["name"].string();
  if (!fits(id, 64, ".:")) return wrong(place + ".toolUse.toolUseId", "Member must satisfy [a-zA-Z0-9_.:-]+");
  if (!fits(name, 64)) return wrong(place + ".toolUse.name", "Member must satisfy [a-zA-Z0-9_-]+");
  if (!call["input"].is_object())
    return complain("The format of the value at " + place +
                    ".toolUse.input is invalid. Provide a json object for the "
                    "field and try again.");
  reading_.count(call["input"].raw());
  has_calls_ = true;
  if (call["type"].equals("server_tool_use")) return std::nullopt;
  if (contains(calls_, id, &PendingCall::id))
    return complain("The toolUse ids at " + place + " must be unique.");
  calls_.push_back({id, name});
  return std::nullopt;
}

Objection MessagesReader::read_result(json::Value result, const std::string& place) {
  if (!of_user_) return std::nullopt;  // of a tool that AWS runs
  const std::string id = result["toolUseId"].string();
  const auto call = std::ranges::find(calls_, id, &PendingCall::id);
  if (call == calls_.end())
    return complain("The number of toolResult blocks at " + place.substr(0, place.rfind('.')) +
                    " exceeds the number of toolUse blocks of previous turn.");
  if (result["content"].size() == 0) return wrong(place + ".toolResult.content", "Member must not be empty");
  if (const json::Value status = result["status"];
      status && !status.equals("success") && !status.equals("error"))
    return wrong(place + ".toolResult.status", "Member must be one of [success, error]");
  std::string text;
  for (json::Value part : result["content"].elements()) {
    text += part["text"].string();
    if (part["json"].exists()) text += part["json"].raw();
    if (part["json"].exists() && !part["json"].is_object())
      return complain("The format of the value at " + place + ".toolResult.content.json is invalid.");
    for (std::string_view kind : {"image", "document"})
      if (part[kind].exists())
        if (auto objection = read_media(kind, part[kind], place)) return objection;
  }
  call->answered = has_results_ = has_calls_ = true;
  reading_.count(text);
  reading_.tool_answers(call->name, std::move(text));
  return std::nullopt;
}

Objection MessagesReader::read_media(std::string_view kind, json::Value media, const std::string& place) {
  const json::Value source = media["source"];
  const bool bytes = source["bytes"].is_string() && is_base64(source["bytes"].string());
  if (source.size() != 1 || !(bytes || source["s3Location"]["uri"].is_string() ||
                              source["text"].is_string() || source["content"].is_array()))
    return complain("The source of the " + std::string(kind) + " at " + place + " is invalid.");
  if (!media["format"].is_string() && kind != "document")
    return wrong(place + "." + std::string(kind) + ".format", "Member must not be null");
  if (kind == "image") ++reading_.images;
  if (kind == "audio" || kind == "video") ++reading_.recordings;
  reading_.count(source.raw());
  if (kind != "document") return std::nullopt;
  ++reading_.documents;
  has_document_ = true;
  const std::string name = media["name"].string();
  if (!fits(name, 200, " ()[]") || name.contains("  "))
    return complain(
        "The file name provided is not valid: only alphanumeric characters, whitespace characters, hyphens, "
        "parentheses and square brackets are allowed, and no more than one consecutive whitespace.");
  if (!document_names_.insert(name).second) return complain("The names of documents must be unique.");
  return std::nullopt;
}

Objection MessagesReader::read_thought(json::Value thought, const std::string& place) {
  const json::Value text = thought["reasoningText"];
  reading_.count(thought.raw());
  if (!claude_ || !text) return std::nullopt;
  if (verify(text["text"].string(), text["signature"].string())) return std::nullopt;
  return complain("The model returned the following errors: " + place +
                  ": Invalid `signature` in `thinking` block");
}

Objection read_tools(json::Value config, Reading& reading) {
  if (!config) return std::nullopt;
  if (config["tools"].size() == 0)
    return wrong("toolConfig.tools", "Member must have length greater than or equal to 1");
  for (json::Value tool : config["tools"].elements()) {
    if (tool["cachePoint"] || tool["systemTool"]) continue;
    const json::Value spec = tool["toolSpec"], schema = spec["inputSchema"]["json"];
    const std::string name = spec["name"].string();
    if (!fits(name, 64)) return wrong("toolConfig.tools.toolSpec.name", "Member must satisfy [a-zA-Z0-9_-]+");
    if (spec["description"].is_string() && spec["description"].text().empty())
      return wrong("toolConfig.tools.toolSpec.description",
                   "Member must have length greater than or equal to 1");
    if (!schema["type"].equals("object"))
      return complain("The value at toolConfig.tools." + name +
                      ".toolSpec.inputSchema.json.type must be one of the "
                      "following: object.");
    if (contains(reading.tools, name, &Tool::name)) return complain("The tool names must be unique: " + name);
    reading.tools.push_back({.name = name, .schema = std::string(schema.raw())});
    reading.count(tool.raw());
  }
  const json::Value choice = config["toolChoice"];
  if (choice["any"].exists() || choice["tool"].exists()) reading.tool_use = ToolUse::forced;
  if (const json::Value named = choice["tool"]["name"]) {
    if (!contains(reading.tools, named.string(), &Tool::name))
      return complain("The tool '" + named.string() + "' that toolChoice names is not in toolConfig.");
    reading.allowed_tools = {named.string()};
  }
  return std::nullopt;
}

}  // namespace sluice::simulate::converse
