#include "simulate/contains.hpp"
#include "simulate/identity.hpp"
#include "simulate/openai_complaints.hpp"
#include "simulate/read_responses.hpp"
#include "simulate/responses.hpp"

#include <algorithm>
#include <array>

namespace sluice::simulate::responses {
namespace {

using openai::at;
using openai::complain;
using openai::empty_array;
using openai::missing;
using openai::string_too_long;
using openai::unsupported_choice;
using openai::wrong_type;

constexpr std::size_t longest_call_id = 64;
constexpr std::array roles{"user", "assistant", "system", "developer"};

/// Items of tools that OpenAI runs, and their results; they go back as they came.
constexpr std::array hosted_items{"web_search_call",
                                  "file_search_call",
                                  "code_interpreter_call",
                                  "image_generation_call",
                                  "mcp_call",
                                  "mcp_list_tools",
                                  "mcp_approval_request",
                                  "mcp_approval_response",
                                  "computer_call",
                                  "computer_call_output",
                                  "local_shell_call",
                                  "local_shell_call_output",
                                  "shell_call",
                                  "shell_call_output",
                                  "apply_patch_call",
                                  "apply_patch_call_output",
                                  "tool_search_call",
                                  "tool_search_output",
                                  "compaction",
                                  "program",
                                  "program_output"};

Complaint not_found(const std::string& id, const std::string& place) {
  return {
      404, "invalid_request_error",
      "Item with id '" + id +
          "' not found. Items are not persisted when `store` is set to false. Try again with `store` set to "
          "true, or remove this item from your input.",
      place.substr(0, place.find('['))};
}

}  // namespace

Objection InputReader::read(json::Value input) {
  if (!input) return missing("input");
  if (input.is_string()) {
    reading_.count(input.string());
    reading_.user_says(input.string());
    return std::nullopt;
  }
  if (!input.is_array()) return wrong_type("input", "one of a string or array of input items", input);
  if (input.size() == 0) return empty_array("input");
  std::size_t index = 0;
  for (json::Value item : input.elements())
    if (auto objection = read_item(item, at("input", index++))) return objection;
  if (!open_thought_.empty())
    return complain(
        "Item '" + open_thought_ + "' of type 'reasoning' was provided without its required following item.",
        "input");
  return unanswered();
}

Objection InputReader::unanswered() const {
  const auto open = std::ranges::find(calls_, false, &PendingCall::answered);
  if (open == calls_.end()) return std::nullopt;
  return complain("No tool output found for function call " + open->id + ".", "input");
}

Objection InputReader::read_item(json::Value item, const std::string& place) {
  if (!item.is_object()) return wrong_type(place, "an input item", item);
  const std::string type = item["type"].string();
  if (type == "reasoning") return read_reasoning(item, place);
  if (type.empty() || type == "message") return read_message(item, place);
  if (type == "item_reference") return not_found(item["id"].string(), place);
  if (type == "function_call_output" || type == "custom_tool_call_output") return read_result(item, place);
  if (type == "function_call" || type == "custom_tool_call") return read_call(item, place);
  if (!contains(hosted_items, type))
    return complain("Invalid value: '" + type +
                        "'. Supported values are: 'message', 'reasoning', "
                        "'function_call', 'function_call_output', and those of hosted tools.",
                    place, "invalid_value");
  open_thought_.clear();
  reading_.count(item.raw());
  return std::nullopt;
}

Objection InputReader::read_message(json::Value item, const std::string& place) {
  const std::string role = item["role"].string();
  if (!item["role"].exists()) return missing(place + ".role");
  if (!contains(roles, role))
    return unsupported_choice(place, role, "'assistant', 'system', 'developer', and 'user'");
  if (!item["content"]) return missing(place + ".content");
  if (role == "assistant") {
    open_thought_.clear();
  } else if (!open_thought_.empty()) {
    return complain(
        "Item '" + open_thought_ + "' of type 'reasoning' was provided without its required following item.",
        "input");
  }
  std::string text;
  if (auto objection = read_content(item["content"], place + ".content", role == "assistant", text))
    return objection;
  if (role == "user") {
    reading_.user_says(std::move(text));
  } else if (role != "assistant") {
    reading_.system_says(text);
  }
  return std::nullopt;
}

Objection InputReader::read_content(json::Value content, const std::string& place, bool of_model,
                                    std::string& text) {
  if (content.is_string()) {
    text = content.string();
    reading_.count(text);
    return std::nullopt;
  }
  if (!content.is_array()) return wrong_type(place, "one of a string or array of content parts", content);
  std::size_t index = 0;
  for (json::Value part : content.elements())
    if (auto objection = read_part(part, at(place, index++), of_model, text)) return objection;
  return std::nullopt;
}

Objection InputReader::read_part(json::Value part, const std::string& place, bool of_model,
                                 std::string& text) {
  const std::string type = part["type"].string();
  if (type.empty()) return missing(place + ".type");
  const bool said = type == "output_text" || type == "refusal";
  if (of_model != said)
    return unsupported_choice(place, type,
                              of_model ? "'output_text' and 'refusal'"
                                       : "'input_text', 'input_image', 'input_audio', and 'input_file'");
  if (said || type == "input_text") {
    const std::string_view member = type == "refusal" ? "refusal" : "text";
    const json::Value words = part[member];
    if (!words.exists()) return missing(place + "." + std::string(member));
    if (!words.is_string()) return wrong_type(place + "." + std::string(member), "a string", words);
    if (!text.empty()) text += '\n';
    text += words.string();
    reading_.count(words.string());
    return std::nullopt;
  }
  if (type == "input_image") return read_image(part, place);
  if (type == "input_file") return read_file(part, place);
  if (type != "input_audio")
    return unsupported_choice(place, type, "'input_text', 'input_image', 'input_audio', and 'input_file'");
  if (!part["input_audio"]["data"].is_string()) return missing(place + ".input_audio.data");
  ++reading_.recordings;
  return std::nullopt;
}

Objection InputReader::read_image(json::Value part, const std::string& place) {
  const json::Value url = part["image_url"];
  if (url && !url.is_string()) return wrong_type(place + ".image_url", "an image URL", url);
  if (!url && !part["file_id"].is_string()) return missing(place + ".image_url");
  constexpr std::array formats{"data:image/png;",  "data:image/jpeg;", "data:image/gif;",
                               "data:image/webp;", "https://",         "http://"};
  const std::string address = url.string();
  if (url &&
      std::ranges::none_of(formats, [&](std::string_view start) { return address.starts_with(start); }))
    return complain(
        "The image data you provided does not represent a valid image. Please check your input and try again "
        "with "
        "one of the supported image formats: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'].",
        place + ".image_url", "invalid_value");
  ++reading_.images;
  return std::nullopt;
}

Objection InputReader::read_file(json::Value part, const std::string& place) {
  const bool by_data = part["file_data"].is_string();
  if (!by_data && !part["file_id"].is_string() && !part["file_url"].is_string())
    return missing(place + ".file_id");
  if (by_data && !part["filename"].is_string()) return missing(place + ".filename");
  if (by_data && !part["file_data"].string().starts_with("data:"))
    return complain("Invalid '" + place + ".file_data': expected a base64-encoded data URL with a MIME type.",
                    place + ".file_data", "invalid_value");
  ++reading_.documents;
  return std::nullopt;
}

Objection InputReader::read_call(json::Value item, const std::string& place) {
  open_thought_.clear();
  const std::string id = item["call_id"].string();
  if (id.empty()) return missing(place + ".call_id");
  if (id.size() > longest_call_id) return string_too_long(place + ".call_id", longest_call_id, id.size());
  if (item["name"].text().empty()) return missing(place + ".name");
  const std::string_view input = item["type"].equals("function_call") ? "arguments" : "input";
  const std::string param = place + "." + std::string(input);
  if (!item[input].exists()) return missing(param);
  if (!item[input].is_string()) return wrong_type(param, "a string", item[input]);
  if (const std::string own = item["id"].string();
      !own.empty() && !own.starts_with("fc") && !own.starts_with("ctc"))
    return complain("Invalid '" + place + ".id': '" + own + "'. Expected an ID that begins with 'fc'.",
                    place + ".id", "invalid_value");
  if (contains(calls_, id, &PendingCall::id))
    return complain("Duplicate item found with call_id " + id + ".", place, "invalid_value");
  reading_.count(item[input].string());
  calls_.push_back({id, item["name"].string()});
  return std::nullopt;
}

Objection InputReader::read_result(json::Value item, const std::string& place) {
  const std::string id = item["call_id"].string();
  if (id.empty()) return missing(place + ".call_id");
  const auto call = std::ranges::find(calls_, id, &PendingCall::id);
  if (call == calls_.end())
    return complain("No tool call found for function call output with call_id " + id + ".", "input");
  if (!item["output"].exists()) return missing(place + ".output");
  std::string text;
  if (auto objection = read_content(item["output"], place + ".output", false, text)) return objection;
  call->answered = true;
  reading_.tool_answers(call->name, std::move(text));
  return std::nullopt;
}

/// What the simulator encrypted it knows again; anything else it cannot have made.
Objection InputReader::read_reasoning(json::Value item, const std::string& place) {
  if (!item["summary"].is_array()) return missing(place + ".summary");
  const json::Value id = item["id"];
  if (id && id.text().empty())
    return complain("Invalid '" + place + ".id': ''. Expected an ID that begins with 'rs'.", place + ".id",
                    "invalid_value");
  if (item["content"].size() > 0)
    return complain(
        "Invalid '" + place +
            ".content': array too long. Expected an array with maximum length 0, but got an array "
            "with length " +
            std::to_string(item["content"].size()) + " instead.",
        place + ".content", "array_above_max_length");
  open_thought_ = id ? id.string() : place;
  if (!item["encrypted_content"].is_string()) return not_found(open_thought_, place);
  if (verify(reasoning_seal, item["encrypted_content"].string())) return std::nullopt;
  return complain("The encrypted content for item " + open_thought_ +
                      " could not be verified. Reason: Encrypted content could not be decrypted or parsed.",
                  "", "invalid_encrypted_content");
}

}  // namespace sluice::simulate::responses
