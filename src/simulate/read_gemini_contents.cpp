#include "base/text.hpp"
#include "simulate/contains.hpp"
#include "simulate/identity.hpp"
#include "simulate/read_gemini.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace sluice::simulate::gemini {
namespace {

constexpr std::array<std::string_view, 2> content_members{"role", "parts"};
constexpr std::array<std::string_view, 14> part_members{"text",
                                                        "inlineData",
                                                        "fileData",
                                                        "functionCall",
                                                        "functionResponse",
                                                        "executableCode",
                                                        "toolCall",
                                                        "toolResponse",
                                                        "thought",
                                                        "thoughtSignature",
                                                        "codeExecutionResult",
                                                        "videoMetadata",
                                                        "mediaResolution",
                                                        "partMetadata"};
constexpr std::array<std::string_view, 5> call_members{"name", "args", "partialArgs", "willContinue", "id"};
constexpr std::array<std::string_view, 6> response_members{"name",         "response",   "parts",
                                                           "willContinue", "scheduling", "id"};
/// Texts that Google takes in place of a signature for calls which its models did not make, also as base64.
constexpr std::array<std::string_view, 2> accepted_dummies{"skip_thought_signature_validator",
                                                           "context_engineering_is_the_way_to_go"};

std::string at(std::string_view place, std::size_t index) {
  return std::string(place) + "[" + std::to_string(index) + "]";
}

/// Protocol buffers take both alphabets of RFC 4648, with and without padding.
bool is_any_base64(std::string_view text) {
  const auto letter = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("+/-_").contains(c);
  };
  const std::size_t end = std::min(text.find('='), text.size());
  return std::ranges::all_of(text.substr(0, end), letter) &&
         text.substr(end).find_first_not_of('=') == std::string_view::npos;
}

bool is_dummy(const std::string& signature) {
  const auto decoded = decode_base64(signature);
  return contains(accepted_dummies, signature) || (decoded && contains(accepted_dummies, *decoded));
}

}  // namespace

Objection ContentReader::read(json::Value contents) {
  if (!contents || contents.size() == 0) return invalid_field("contents", "contents is not specified");
  if (contents.is_object()) return read_content(contents, 0);  // one in place of a list is taken
  std::size_t index = 0;
  for (json::Value content : contents.elements())
    if (auto objection = read_content(content, index++)) return objection;
  if (!unsigned_call_.empty()) {
    Complaint complaint = complain(
        "Function call is missing a thought_signature in functionCall parts. This is required for tools to "
        "work correctly, "
        "and missing thought_signature may lead to degraded model performance. Additional data, function "
        "call "
        "`default_api:" +
        unsigned_call_ +
        "` . Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.");
    return complaint;
  }
  return std::nullopt;
}

Objection ContentReader::read_content(json::Value content, std::size_t index) {
  const std::string place = at("contents", index);
  if (auto objection = check_members(content, place, content_members)) return objection;
  const std::string role = content["role"] ? content["role"].string() : "user";
  if (role != "user" && role != "model") return complain("Please use a valid role: user, model.");
  const json::Value parts = content["parts"];
  if (parts.size() == 0) return invalid_field(place + ".parts", "contents.parts must not be empty.");
  Turn turn;
  std::size_t number = 0;
  if (parts.is_object()) {
    if (auto objection = read_part(parts, at(place + ".parts", 0), turn)) return objection;
  }
  for (json::Value part : parts.elements())
    if (auto objection = read_part(part, at(place + ".parts", number++), turn)) return objection;
  if (auto objection = check_turn(turn, role, index)) return objection;

  if (role == "user" && turn.others > 0) {
    reading_.user_says(std::move(turn.text));
    unsigned_call_.clear();  // signatures are asked for since the user last spoke
  }
  if (unsigned_call_.empty()) unsigned_call_ = std::move(turn.unsigned_call);
  open_calls_ = std::move(turn.calls);
  after_user_ = role == "user";
  return std::nullopt;
}

/// Calls come from the model behind a user's turn; their responses are the next turn, all of them, by name.
Objection ContentReader::check_turn(const Turn& turn, std::string_view role, std::size_t index) {
  if (!turn.calls.empty() && (role != "model" || !after_user_))
    return complain(
        "Please ensure that function call turn comes immediately after a user turn or after a function "
        "response turn.");
  if (turn.responses > 0 && (role != "user" || open_calls_.empty()))
    return complain(
        "Please ensure that function response turn comes immediately after a function call turn.");
  if (turn.responses != open_calls_.size())
    return complain(
        "Please ensure that the number of function response parts is equal to the number of function call "
        "parts "
        "of the function call turn.");
  if (variant_.gemini_3 && turn.responses > 0 && turn.others > 0)
    return complain("Please ensure that the function response turn at contents[" + std::to_string(index) +
                    "] holds only function response parts.");
  return std::nullopt;
}

Objection ContentReader::read_part(json::Value part, const std::string& place, Turn& turn) {
  if (auto objection = check_members(part, place, part_members)) return objection;
  if (const json::Value call = get(part, "functionCall")) return read_call(part, place, turn);
  if (const json::Value response = get(part, "functionResponse")) return read_response(response, place, turn);
  const json::Value text = part["text"];
  if (!text) {
    if (part.size() == 0)
      return invalid_field(place + ".data", "required oneof field 'data' must have one initialized field");
    ++turn.others;
    return read_data(part, place);
  }
  if (!text.is_string()) return invalid_value(place + ".text", "TYPE_STRING", text);
  const bool thought = part["thought"].boolean() == true;
  if (auto objection = read_signature(part, thought ? text.string() : std::string())) return objection;
  reading_.count(text.string());
  ++turn.others;
  if (thought) return std::nullopt;
  if (!turn.text.empty()) turn.text += '\n';
  turn.text += text.string();
  return std::nullopt;
}

Objection ContentReader::read_data(json::Value part, const std::string& place) {
  const json::Value inline_data = get(part, "inlineData");
  const json::Value file = get(part, "fileData");
  const json::Value data = inline_data ? inline_data : file;
  if (!data) return std::nullopt;  // code and results of Google's own tools
  const std::string type = get(data, "mimeType").string();
  constexpr std::array known{"image/", "audio/", "video/", "text/", "application/pdf", "application/json"};
  if (inline_data &&
      std::ranges::none_of(known, [&](std::string_view start) { return type.starts_with(start); }))
    return complain("Unsupported MIME type: " + type);
  if (inline_data && !is_any_base64(data["data"].string()))
    return complain("Invalid value at '" + place + ".inline_data.data' (TYPE_BYTES), Base64 decoding failed");
  if (file && !get(file, "fileUri").is_string())
    return invalid_field(place + ".file_data.file_uri", "file_uri must be set");
  ++(type.starts_with("image/")   ? reading_.images
     : type.starts_with("audio/") ? reading_.recordings
                                  : reading_.documents);
  return std::nullopt;
}

/// A signature vouches for the name of a call or the text of a thought. It is bytes, in either alphabet of
/// base64.
Objection ContentReader::read_signature(json::Value part, std::string_view subject) {
  std::string signature = get(part, "thoughtSignature").string();
  if (signature.empty() || is_dummy(signature)) return std::nullopt;
  std::ranges::replace(signature, '-', '+');
  std::ranges::replace(signature, '_', '/');
  if (verify(subject, signature)) return std::nullopt;
  return complain("Corrupted thought signature.");
}

Objection ContentReader::read_call(json::Value part, const std::string& place, Turn& turn) {
  const std::string here = place + ".function_call";
  const json::Value call = get(part, "functionCall");
  // Where calls have no ids, the list of members ends before it.
  const auto known = std::span(call_members).first(call_members.size() - (variant_.takes_ids ? 0 : 1));
  if (auto objection = check_members(call, here, known)) return objection;
  const std::string name = call["name"].string();
  if (name.empty()) return invalid_field(here + ".name", "Name cannot be empty.");
  if (call["args"] && !call["args"].is_object())
    return invalid_value(here + ".args", "type.googleapis.com/google.protobuf.Struct", call["args"]);
  if (auto objection = read_signature(part, name)) return objection;
  if (variant_.gemini_3 && turn.calls.empty() && !get(part, "thoughtSignature")) turn.unsigned_call = name;
  reading_.count(call["args"].raw());
  turn.calls.push_back({call["id"].string(), name});
  return std::nullopt;
}

Objection ContentReader::read_response(json::Value response, const std::string& place, Turn& turn) {
  const std::string here = place + ".function_response";
  const auto known =
      std::span(response_members).first(response_members.size() - (variant_.takes_ids ? 0 : 1));
  if (auto objection = check_members(response, here, known)) return objection;
  const std::string name = response["name"].string();
  const json::Value value = response["response"];
  if (name.empty()) return invalid_field(here + ".name", "Name cannot be empty.");
  if (!value.is_object())
    return invalid_value(here + ".response", "type.googleapis.com/google.protobuf.Struct", value);
  const std::size_t number = turn.responses++;
  if (number >= open_calls_.size()) return std::nullopt;  // check_turn says so
  if (!contains(open_calls_, name, &FunctionCall::name))
    return complain("Please ensure that the function response name '" + name + "' at " + here +
                    " matches a function call of the function call turn.");
  const std::string id = response["id"].string();
  if (!id.empty() && !contains(open_calls_, id, &FunctionCall::id))
    return complain("Please ensure that the function response id '" + id + "' at " + here +
                    " matches a function call of the function call turn.");
  reading_.count(value.raw());
  reading_.tool_answers(name, value.size() == 1 && value["output"].is_string() ? value["output"].string()
                                                                               : std::string(value.raw()));
  return std::nullopt;
}

}  // namespace sluice::simulate::gemini
