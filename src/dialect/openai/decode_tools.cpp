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

/// Providers have types of their own for the tools that they run themselves; whoever knows none of that type
/// refuses it.
Result<chat::Tool> hosted(json::Value source, json::Value type, const Place& at) {
  if (type.text().empty() || source["function"] || source["custom"])
    return refuse_value(at.member("type"), type,
                        "`function`, `custom` or a type of tool that the provider runs");
  return chat::Tool{.kind = chat::Tool::Kind::hosted};
}

Result<chat::Tool> tool(json::Value source, const Place& at) {
  if (!source.is_object()) return refuse_value(at, source, "an object");
  const json::Value type = source["type"];
  const bool is_custom = type.equals("custom");
  if (!is_custom && !type.equals("function")) return hosted(source, type, at);
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

/// Names of the tools offered, sorted: a hostile list may be long.
class OfferedNames {
 public:
  /// Fails if two tools share a name.
  static Result<OfferedNames> of(chat::Request& request, const Place& at) {
    OfferedNames offered(request);
    for (std::size_t i = 0; i < request.tools.size(); ++i)
      if (const chat::Tool& tool = request.tools[i]; tool.kind != chat::Tool::Kind::hosted)
        offered.names_.emplace_back(offered.plain(tool.name), i);
    std::ranges::sort(offered.names_);
    const auto twice = std::ranges::adjacent_find(offered.names_, {}, &Name::first);
    if (twice == offered.names_.end()) return offered;
    const std::string name(twice->first.substr(0, most_shown));
    return refuse(at.at((twice + 1)->second), "has the name `" + name + "`, which another tool has already");
  }

  /// The index of the tool with that name.
  std::optional<std::size_t> find(json::Text name) const {
    const auto at = std::ranges::lower_bound(names_, plain(name), {}, &Name::first);
    if (at == names_.end() || !name.equals(at->first)) return std::nullopt;
    return at->second;
  }

 private:
  using Name = std::pair<std::string_view, std::size_t>;
  static constexpr std::size_t most_shown = 64;

  explicit OfferedNames(chat::Request& request) : request_(&request), names_(request.tools.get_allocator()) {
    names_.reserve(request.tools.size());
  }
  std::string_view plain(json::Text name) const {
    return name.has_escapes() ? request_->keep(name.decode()) : name.escaped();
  }

  chat::Request* request_;
  std::pmr::vector<Name> names_;
};

Result<> choose_named(json::Value name, const Place& at, const OfferedNames& offered,
                      chat::Request& request) {
  auto text = required_text(name, at);
  if (!text) return fail(text);
  if (!offered.find(*text)) return refuse_value(at, name, "the name of one of the tools offered");
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
Result<> restrict_tools(json::Value allowed, const Place& at, const OfferedNames& offered,
                        chat::Request& request) {
  const auto mode = choice_word(allowed["mode"]);
  if (!mode || *mode == Choice::none)
    return refuse_value(at.member("mode"), allowed["mode"], listed({"auto", "required"}));
  const Place place = at.member("tools");
  const json::Value list = allowed["tools"];
  if (!list.is_array() || list.size() == 0)
    return refuse_value(place, list, "an array with at least one tool");
  std::pmr::vector<bool> keep(request.tools.size(), false, request.tools.get_allocator());
  std::size_t index = 0;
  for (json::Value entry : list.elements()) {
    const auto tool = offered.find(named_tool(entry).text());
    if (!tool)
      return refuse_value(place.at(index), entry, "one of the tools offered, as {type, function: {name}}");
    keep[*tool] = true;
    ++index;
  }
  std::pmr::vector<chat::Tool> kept(request.tools.get_allocator());
  for (std::size_t i = 0; i < keep.size(); ++i)
    if (keep[i]) kept.push_back(request.tools[i]);
  request.tools = std::move(kept);
  request.tool_choice.kind = *mode;
  return {};
}

Result<> decode_choice(json::Value choice, const Place& at, const OfferedNames& offered,
                       chat::Request& request) {
  if (!choice) return {};
  if (const auto kind = choice_word(choice)) {
    request.tool_choice.kind = *kind;
    return {};
  }
  const json::Value type = choice["type"];
  if (type.equals("allowed_tools")) {
    auto allowed = required_object(choice["allowed_tools"], at.member("allowed_tools"));
    if (!allowed) return fail(allowed);
    return restrict_tools(*allowed, at.member("allowed_tools"), offered, request);
  }
  if (type.equals("function"))
    return choose_named(choice["function"]["name"], at.member("function").member("name"), offered, request);
  if (type.equals("custom"))
    return choose_named(choice["custom"]["name"], at.member("custom").member("name"), offered, request);
  return refuse_value(
      at, choice, "`none`, `auto`, `required` or an object of type `function`, `custom` or `allowed_tools`");
}

Result<> decode_function_call(json::Value choice, const Place& at, const OfferedNames& offered,
                              chat::Request& request) {
  if (!choice) return {};
  if (choice.is_object()) return choose_named(choice["name"], at.member("name"), offered, request);
  const auto kind = choice_word(choice);
  if (!kind || *kind == Choice::required)
    return refuse_value(at, choice, "`none`, `auto` or an object with a `name`");
  request.tool_choice.kind = *kind;
  return {};
}

Result<> decode_current(const ToolMembers& members, chat::Request& request) {
  const Place place("tools");
  if (auto done = decode_list(members.tools, place, tool, request); !done) return fail(done);
  if (request.tools.empty()) return {};
  auto offered = OfferedNames::of(request, place);
  if (!offered) return fail(offered);
  request.parallel_tool_calls = members.parallel_tool_calls;
  return decode_choice(members.tool_choice, Place("tool_choice"), *offered, request);
}

/// A `function_call` holds one call, so the model is asked for no more.
Result<> decode_legacy(const ToolMembers& members, chat::Request& request) {
  const Place place("functions");
  if (auto done = decode_list(members.functions, place, legacy_function, request); !done) return fail(done);
  if (request.tools.empty()) return {};
  auto offered = OfferedNames::of(request, place);
  if (!offered) return fail(offered);
  request.legacy_functions = true;
  request.parallel_tool_calls = false;
  return decode_function_call(members.function_call, Place("function_call"), *offered, request);
}

}  // namespace

Result<> decode_tools(const ToolMembers& members, chat::Request& request) {
  if (members.tools && members.functions) return refuse(Place("functions"), "cannot stand beside `tools`");
  if (members.functions) return decode_legacy(members, request);
  if (members.tools) return decode_current(members, request);
  const json::Value choice = members.tool_choice;
  if (choice && !choice.equals("none") && !choice.equals("auto"))
    return refuse_value(Place("tool_choice"), choice, "`none` or `auto` where there are no `tools`");
  return {};
}

}  // namespace sluice::dialect::openai
