#include "base/text.hpp"
#include "simulate/contains.hpp"
#include "simulate/identity.hpp"
#include "simulate/read_anthropic.hpp"

#include <algorithm>
#include <array>

namespace sluice::simulate::anthropic {
namespace {

constexpr std::size_t longest_identifier = 256;

/// The members of the blocks that clients write; blocks of server tools are not looked into.
struct BlockMembers {
  std::string_view type;
  std::array<std::string_view, 7> known;
};
constexpr std::array block_members{
    BlockMembers{"text", {"type", "text", "cache_control", "citations"}},
    BlockMembers{"image", {"type", "source", "cache_control"}},
    BlockMembers{"document", {"type", "source", "cache_control", "title", "context", "citations"}},
    BlockMembers{"tool_use", {"type", "id", "name", "input", "cache_control", "caller"}},
    BlockMembers{"tool_result", {"type", "tool_use_id", "content", "is_error", "cache_control"}},
    BlockMembers{"thinking", {"type", "thinking", "signature"}},
    BlockMembers{"redacted_thinking", {"type", "data"}},
};

std::string numbered(std::string_view place, std::size_t index) {
  return std::string(place) + "." + std::to_string(index);
}

bool is_thought(json::Value block) {
  return block["type"].equals("thinking") || block["type"].equals("redacted_thinking");
}

}  // namespace

Objection MessageReader::read(json::Value messages) {
  if (!messages.exists()) return field_required("messages");
  if (!messages.is_array()) return complain("messages: Input should be a valid list");
  const std::size_t count = messages.size();
  if (count == 0) return complain("messages: at least one message is required");
  std::size_t index = 0;
  for (json::Value message : messages.elements()) {
    if (auto objection = read_message(message, index, index + 1 == count)) return objection;
    ++index;
  }
  if (!calls_.empty() && last_role_ == "assistant") return check_answered({}, index - 1);
  return check_thought_first();
}

Objection MessageReader::read_message(json::Value message, std::size_t index, bool last) {
  constexpr std::array<std::string_view, 2> known{"role", "content"};
  const std::string place = numbered("messages", index);
  if (!message.is_object())
    return complain(place + ": Input should be a valid dictionary or object to extract fields from");
  if (auto objection = check_members(message, place, known)) return objection;
  const std::string role = message["role"].string();
  if (role == "system")
    return complain(
        "messages: Unexpected role \"system\". The Messages API accepts a top-level `system` parameter, not "
        "\"system\" as an input message role.");
  if (role != "user" && role != "assistant")
    return complain(place + ".role: Input should be 'user' or 'assistant'");
  if (index == 0 && role != "user") return complain("messages: first message must use the \"user\" role");
  if (role == last_role_)
    return complain(
        "messages: roles must alternate between \"user\" and \"assistant\", but found multiple \"" + role +
        "\" roles in a row");
  last_role_ = role;

  const json::Value content = message["content"];
  if (!content.exists()) return field_required(place + ".content");
  if (role == "user" && index > 0)
    if (auto objection = check_answered(content, index - 1)) return objection;
  if (role == "assistant") {
    calls_.clear();
    last_assistant_ = content;
    last_assistant_index_ = index;
  }
  if (content.is_string()) return read_string(content, index, last);
  if (!content.is_array()) return complain(place + ".content: Input should be a valid list");
  if (content.size() == 0 && !(last && role == "assistant"))
    return complain(
        place + ": all messages must have non-empty content except for the optional final assistant message");
  return role == "user" ? read_user(content, place) : read_assistant(content, place, index, last);
}

Objection MessageReader::read_string(json::Value content, std::size_t index, bool last) {
  const std::string text = content.string();
  const bool final_assistant = last && last_role_ == "assistant";
  if (text.empty() && !final_assistant)
    return complain(
        numbered("messages", index) +
        ": all messages must have non-empty content except for the optional final assistant message");
  if (!text.empty() && trim(text).empty())
    return complain("messages: text content blocks must contain non-whitespace text");
  if (final_assistant && trim(text).size() != text.size() && text.back() != trim(text).back())
    return complain("messages: final assistant content cannot end with trailing whitespace");
  reading_.count(text);
  if (last_role_ == "user") {
    continues_calls_ = false;
    reading_.user_says(text);
  }
  return std::nullopt;
}

Objection MessageReader::read_user(json::Value content, const std::string& place) {
  std::string text;
  std::size_t number = 0;
  bool results = false;
  for (json::Value block : content.elements()) {
    const std::string here = numbered(place + ".content", number++);
    if (block["type"].equals("tool_use") || is_thought(block))
      return complain(here + ": `" + block["type"].string() + "` blocks can only be in `assistant` messages");
    results |= block["type"].equals("tool_result");
    if (auto objection = read_block(block, here, text)) return objection;
  }
  continues_calls_ = results;
  reading_.user_says(std::move(text));
  return std::nullopt;
}

Objection MessageReader::read_assistant(json::Value content, const std::string& place, std::size_t index,
                                        bool last) {
  std::string text;
  std::size_t number = 0;
  json::Value block;
  for (json::Value next : content.elements()) {
    block = next;
    const std::string here = numbered(place + ".content", number++);
    if (block["type"].equals("tool_result"))
      return complain(here + ": `tool_result` blocks can only be in `user` messages");
    if (auto objection = read_block(block, here, text)) return objection;
  }
  if (!last) return std::nullopt;
  if (is_thought(block))
    return complain(numbered("messages", index) +
                    ": The final block in an assistant message cannot be `thinking`.");
  if (!text.empty() && block["type"].equals("text") && std::string_view(" \t\r\n").contains(text.back()))
    return complain("messages: final assistant content cannot end with trailing whitespace");
  return std::nullopt;
}

Objection MessageReader::read_block(json::Value block, const std::string& place, std::string& text) {
  const std::string type = block["type"].string();
  if (type.empty()) return field_required(place + ".type");
  const auto* members = std::ranges::find(block_members, type, &BlockMembers::type);
  if (members != block_members.end())
    if (auto objection = check_members(block, place + "." + type, members->known)) return objection;
  Objection objection;
  if (type == "text") objection = read_text(block, place, text);
  if (type == "image" || type == "document") objection = read_source(block, place, type);
  if (is_thought(block)) objection = read_thought(block, place);
  if (type == "tool_use") objection = read_tool_use(block, place);
  if (type == "tool_result") objection = read_tool_result(block, place);
  note_breakpoint(block);
  return objection;
}

Objection MessageReader::read_text(json::Value block, const std::string& place, std::string& text) {
  const json::Value words = block["text"];
  if (!words.is_string()) return field_required(place + ".text.text");
  if (words.text().empty()) return complain("messages: text content blocks must be non-empty");
  if (words.text().is_blank())
    return complain("messages: text content blocks must contain non-whitespace text");
  if (!text.empty()) text += '\n';
  text += words.string();
  reading_.count(words.string());
  return std::nullopt;
}

Objection MessageReader::read_source(json::Value block, const std::string& place, std::string_view type) {
  const json::Value source = block["source"];
  const std::string kind = source["type"].string();
  const std::string here = place + "." + std::string(type) + ".source";
  if (kind.empty()) return field_required(here);
  ++(type == "image" ? reading_.images : reading_.documents);
  if (kind == "url" && !source["url"].is_string()) return field_required(here + ".url.url");
  if (kind != "base64") return std::nullopt;
  const std::string media = source["media_type"].string();
  constexpr std::array images{"image/jpeg", "image/png", "image/gif", "image/webp"};
  if (type == "image" && !contains(images, media))
    return complain(
        here + ".base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'");
  if (type == "document" && media != "application/pdf")
    return complain(here + ".base64.media_type: Input should be 'application/pdf'");
  if (!source["data"].is_string() || !is_base64(source["data"].string()))
    return complain(here + ".base64.data: Input should be valid base64");
  return std::nullopt;
}

Objection MessageReader::read_thought(json::Value block, const std::string& place) {
  if (block["type"].equals("redacted_thinking")) {
    if (verify("redacted", block["data"].string())) return std::nullopt;
    return complain(place + ": Invalid `data` in `redacted_thinking` block");
  }
  if (!block["signature"].is_string()) return field_required(place + ".thinking.signature");
  if (!block["thinking"].is_string()) return field_required(place + ".thinking.thinking");
  if (!verify(block["thinking"].string(), block["signature"].string()))
    return complain(place + ": Invalid `signature` in `thinking` block");
  reading_.count(block["thinking"].string());
  return std::nullopt;
}

Objection MessageReader::read_tool_use(json::Value block, const std::string& place) {
  const std::string here = place + ".tool_use";
  const std::string id = block["id"].string();
  const std::string name = block["name"].string();
  if (!is_identifier(id, longest_identifier))
    return complain(here + ".id: String should match pattern '^[a-zA-Z0-9_-]+$'");
  if (!is_identifier(name, longest_identifier))
    return complain(here + ".name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
  if (!block["input"].is_object()) return complain(here + ".input: Input should be a valid dictionary");
  if (contains(ids_, id)) return complain("messages: `tool_use` ids must be unique");
  ids_.push_back(id);
  calls_.push_back({id, name});
  reading_.count(block["input"].raw());
  return std::nullopt;
}

Objection MessageReader::read_tool_result(json::Value block, const std::string& place) {
  const std::string id = block["tool_use_id"].string();
  const auto call = std::ranges::find(calls_, id, &ToolCall::id);
  if (call == calls_.end())
    return complain(
        place + ": unexpected `tool_use_id` found in `tool_result` blocks: " + id +
        ". Each `tool_result` block must have a corresponding `tool_use` block in the previous message.");
  const json::Value content = block["content"];
  std::string text = content.string();
  if (content.is_string()) {
    reading_.count(text);
  } else if (content && !content.is_array()) {
    return complain(place + ".tool_result.content: Input should be a valid list");
  }
  std::size_t number = 0;
  for (json::Value part : content.elements())
    if (auto objection = read_block(part, numbered(place + ".tool_result.content", number++), text))
      return objection;
  if (block["is_error"].boolean() == true) text.insert(0, "an error: ");
  reading_.tool_answers(call->name, std::move(text));
  return std::nullopt;
}

/// Every call of the last assistant message has its result in the blocks that come first in the next message.
Objection MessageReader::check_answered(json::Value content, std::size_t index) {
  std::vector<std::string> answered;
  for (json::Value block : content.elements()) {
    if (!block["type"].equals("tool_result")) break;
    const std::string id = block["tool_use_id"].string();
    if (contains(answered, id))
      return complain(
          "messages: each tool_use must have a single result. Found multiple `tool_result` blocks with id: " +
          id);
    answered.push_back(id);
  }
  std::string open;
  for (const ToolCall& call : calls_)
    if (!contains(answered, call.id)) open += (open.empty() ? "" : ", ") + call.id;
  if (open.empty()) return std::nullopt;
  return complain(
      numbered("messages", index) +
      ": `tool_use` ids were found without `tool_result` blocks immediately after: " + open +
      ". Each `tool_use` block must have a corresponding `tool_result` block in the next message.");
}

/// Asked only of the turn that the answer will continue.
Objection MessageReader::check_thought_first() const {
  const json::Value first = last_assistant_[0];
  if (!must_think_ || !continues_calls_ || is_thought(first)) return std::nullopt;
  return complain(
      numbered("messages", last_assistant_index_) +
      ".content.0.type: Expected `thinking` or `redacted_thinking`, but found `" + first["type"].string() +
      "`. When `thinking` is enabled, a final `assistant` message must start with a thinking block "
      "(preceeding "
      "the lastmost set of `tool_use` and `tool_result` blocks). We recommend you include thinking blocks "
      "from "
      "previous turns. To avoid this requirement, disable `thinking`. Please consult our documentation at "
      "https://docs.claude.com/en/docs/build-with-claude/extended-thinking");
}

void MessageReader::note_breakpoint(json::Value block) {
  if (!block["cache_control"]) return;
  ++breakpoints_;
  reading_.cache_breakpoint();
}

}  // namespace sluice::simulate::anthropic
