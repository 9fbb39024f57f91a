#include "dialect/openai/decode_tools.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sluice::dialect::openai {
namespace {

using Choice = chat::ToolChoice::Kind;

/// `name`, `description`, `parameters`, `strict`: the same in `tools[].function` and in `functions[]`.
Result<chat::Tool> function(json::Value declared, const Place& at) {
  auto name = required_text(declared["name"], at.member("name"));
  if (!name) return fail(name);
  auto description = optional_text(declared["description"], at.member("description"));
  if (!description) return fail(description);
  auto parameters = optional_object(declared["parameters"], at.member("parameters"));
  if (!parameters) return fail(parameters);
  auto strict = optional_boolean(declared["strict"], at.member("strict"));
  if (!strict) return fail(strict);
  return chat::Tool{.name = *name, .description = *description, .parameters = *parameters, .strict = *strict};
}

Result<chat::Tool> custom(json::Value declared, const Place& at) {
  auto name = required_text(declared["name"], at.member("name"));
  if (!name) return fail(name);
  auto description = optional_text(declared["description"], at.member("description"));
  if (!description) return fail(description);
  return chat::Tool{.kind = chat::Tool::Kind::custom, .name = *name, .description = *description};
}

Result<chat::Tool> tool(json::Value source, const Place& at) {
  if (!source.is_object()) return refuse_value(at, source, "an object");
  const json::Value type = source["type"];
  const bool is_custom = type.equals("custom");
  if (!is_custom && !type.equals("function"))
    return refuse_value(at.member("type"), type, listed({"function", "custom"}));
  const std::string_view member = is_custom ? "custom" : "function";
  auto declared = required_object(source[member], at.member(member));
  if (!declared) return fail(declared);
  auto decoded = is_custom ? custom(*declared, at.member(member)) : function(*declared, at.member(member));
  if (!decoded) return fail(decoded);
  auto cache_control = optional_object(source["cache_control"], at.member("cache_control"));
  if (!cache_control) return fail(cache_control);
  decoded->cache_control = *cache_control ? *cache_control : (*declared)["cache_control"];
  return decoded;
}

Result<chat::Tool> legacy_function(json::Value source, const Place& at) {
  if (!source.is_object()) return refuse_value(at, source, "an object");
  return function(source, at);
}

Result<> decode_list(json::Value list, const Place& at,
                     Result<chat::Tool> (*decode)(json::Value, const Place&), chat::Request& request) {
  if (!list.is_array()) return refuse_value(at, list, "an array");
  std::size_t index = 0;
  for (json::Value source : list.elements()) {
    auto decoded = decode(source, at.at(index++));
    if (!decoded) return fail(decoded);
    decoded->source = source;
    request.tools.push_back(std::move(*decoded));
  }
  return {};
}

/// Sorts, because a hostile list may be long.
Result<> refuse_duplicates(const Place& at, chat::Request& request) {
  std::pmr::vector<std::pair<std::string_view, std::size_t>> names(request.tools.get_allocator());
  names.reserve(request.tools.size());
  for (const chat::Tool& tool : request.tools) {
    const bool escaped = tool.name.has_escapes();
    names.emplace_back(escaped ? request.keep(tool.name.decode()) : tool.name.escaped(), names.size());
  }
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names, {}, &std::pair<std::string_view, std::size_t>::first);
  if (twice == names.end()) return {};
  return refuse(at.at((twice + 1)->second), "has the name `" + std::string(twice->first.substr(0, 128)) +
                                                "`, which another tool has already");
}

bool is_offered(json::Text name, const chat::Request& request) {
  return std::ranges::any_of(request.tools, [&](const chat::Tool& t) {
    return t.name.escaped() == name.escaped() || name.equals(t.name.decode());
  });
}

Result<> choose_named(json::Value name, const Place& at, chat::Request& request) {
  auto text = required_text(name, at);
  if (!text) return fail(text);
  if (!is_offered(*text, request)) return refuse_value(at, name, "the name of one of the tools offered");
  request.tool_choice = {Choice::named, *text};
  return {};
}

constexpr std::pair<std::string_view, Choice> choice_words[] = {
    {"none", Choice::none}, {"auto", Choice::automatic}, {"required", Choice::required}};

std::optional<Choice> choice_word(json::Value value) {
  for (const auto& [word, kind] : choice_words)
    if (value.equals(word)) return kind;
  return std::nullopt;
}

/// The name in a choice or in an entry of `allowed_tools`, `{"type":"function","function":{"name":...}}`.
json::Value named_tool(json::Value entry) {
  return entry["type"].equals("custom") ? entry["custom"]["name"] : entry["function"]["name"];
}

/// `{"type":"allowed_tools","allowed_tools":{"mode":...,"tools":[...]}}`: the others are not offered.
Result<> restrict_tools(json::Value allowed, const Place& at, chat::Request& request) {
  const auto mode = choice_word(allowed["mode"]);
  if (!mode || *mode == Choice::none)
    return refuse_value(at.member("mode"), allowed["mode"], listed({"auto", "required"}));
  const Place place = at.member("tools");
  const json::Value list = allowed["tools"];
  if (!list.is_array() || list.size() == 0)
    return refuse_value(place, list, "an array with at least one tool");
  std::pmr::vector<chat::Tool> kept(request.tools.get_allocator());
  std::size_t index = 0;
  for (json::Value entry : list.elements()) {
    const json::Value name = named_tool(entry);
    const auto tool = std::ranges::find_if(request.tools, [&](const chat::Tool& t) {
      return !t.name.empty() && t.name.escaped() == name.text().escaped();
    });
    if (tool == request.tools.end())
      return refuse_value(place.at(index), entry, "one of the tools offered, as {type, function: {name}}");
    kept.push_back(*tool);
    ++index;
  }
  request.tools = std::move(kept);
  request.tool_choice.kind = *mode;
  return {};
}

Result<> decode_choice(json::Value choice, const Place& at, chat::Request& request) {
  if (!choice) return {};
  if (const auto kind = choice_word(choice)) {
    request.tool_choice.kind = *kind;
    return {};
  }
  const json::Value type = choice["type"];
  if (type.equals("allowed_tools")) {
    auto allowed = required_object(choice["allowed_tools"], at.member("allowed_tools"));
    if (!allowed) return fail(allowed);
    return restrict_tools(*allowed, at.member("allowed_tools"), request);
  }
  if (type.equals("function"))
    return choose_named(choice["function"]["name"], at.member("function").member("name"), request);
  if (type.equals("custom"))
    return choose_named(choice["custom"]["name"], at.member("custom").member("name"), request);
  return refuse_value(
      at, choice, "`none`, `auto`, `required` or an object of type `function`, `custom` or `allowed_tools`");
}

Result<> decode_function_call(json::Value choice, const Place& at, chat::Request& request) {
  if (!choice) return {};
  if (choice.is_object()) return choose_named(choice["name"], at.member("name"), request);
  const auto kind = choice_word(choice);
  if (!kind || *kind == Choice::required)
    return refuse_value(at, choice, "`none`, `auto` or an object with a `name`");
  request.tool_choice.kind = *kind;
  return {};
}

}  // namespace

Result<> decode_tools(const ToolMembers& members, chat::Request& request) {
  if (members.tools && members.functions) return refuse(Place("functions"), "cannot stand beside `tools`");
  const bool legacy = bool(members.functions);
  if (!legacy && !members.tools) return {};
  const Place place(legacy ? "functions" : "tools");
  auto listed = decode_list(legacy ? members.functions : members.tools, place,
                            legacy ? legacy_function : tool, request);
  if (!listed) return fail(listed);
  if (request.tools.empty()) return {};
  if (auto unique = refuse_duplicates(place, request); !unique) return fail(unique);
  request.legacy_functions = legacy;
  request.parallel_tool_calls = members.parallel_tool_calls;
  if (legacy) return decode_function_call(members.function_call, Place("function_call"), request);
  return decode_choice(members.tool_choice, Place("tool_choice"), request);
}

}  // namespace sluice::dialect::openai
