#include "dialect/openai/decode_tools.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
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

/// A type that is neither is one of the provider's own tools.
bool is_hosted(json::Value tool) {
  const json::Value type = tool["type"];
  return type.is_string() && !type.text().empty() && !type.equals("function") && !type.equals("custom") &&
         !tool["function"] && !tool["custom"];
}

Result<chat::Tool> tool(json::Value source, const Place& at) {
  const json::Value type = source["type"];
  const bool is_custom = type.equals("custom");
  if (!is_custom && !type.equals("function"))
    return refuse_word(at.member("type"), type, {"function", "custom"});
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

/// `decode` reads an entry of the list.
Result<> decode_list(json::Value list, const Place& at,
                     Result<chat::Tool> (*decode)(json::Value, const Place&), chat::Request& request) {
  if (!list.is_array()) return refuse_type(at, list, "an array");
  std::uint32_t index = 0;
  for (json::Value source : list.elements()) {
    const Place place = at.at(index);
    if (!source.is_object()) return refuse_type(place, source, "an object");
    if (decode == tool && is_hosted(source)) {
      request.hosted_tools.push_back({source, index++});
      continue;
    }
    auto decoded = decode(source, place);
    if (!decoded) return fail(decoded);
    decoded->source = source;
    decoded->index = index++;
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
    for (const chat::Tool& tool : request.tools)
      offered.names_.emplace_back(offered.plain(tool.name), offered.names_.size());
    std::ranges::sort(offered.names_);
    const auto twice = std::ranges::adjacent_find(offered.names_, {}, &Name::first);
    if (twice == offered.names_.end()) return offered;
    const std::string name(twice->first.substr(0, most_shown));
    const std::uint32_t second = request.tools[(twice + 1)->second].index;
    return refuse(at.at(second), "has the name `" + name + "`, which another tool has already");
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
  if (!offered.find(*text)) return refuse(at, "is not the name of one of the tools offered");
  request.tool_choice = {Choice::named, *text, {}};
  return {};
}

/// `any` is what Anthropic and Mistral call it.
constexpr std::pair<std::string_view, Choice> choice_words[] = {{"none", Choice::none},
                                                                {"auto", Choice::automatic},
                                                                {"required", Choice::required},
                                                                {"any", Choice::required}};

std::optional<Choice> choice_word(json::Value value) {
  for (const auto& [word, kind] : choice_words)
    if (value.equals(word)) return kind;
  return std::nullopt;
}

/// The name in a choice or in an entry of `allowed_tools`, `{"type":"function","function":{"name":...}}`.
json::Value named_tool(json::Value entry) {
  return entry["type"].equals("custom") ? entry["custom"]["name"] : entry["function"]["name"];
}

/// The hosted tools of that type, which is their only name.
auto hosted_of(const chat::Request& request, json::Value type) {
  return request.hosted_tools | std::views::filter([type = type.string()](const chat::HostedTool& tool) {
           return tool.source["type"].equals(type);
         });
}

/// `{"type":"allowed_tools","allowed_tools":{"mode":...,"tools":[...]}}`: the others are not offered.
Result<> restrict_tools(json::Value allowed, const Place& at, const OfferedNames& offered,
                        chat::Request& request) {
  const auto mode = choice_word(allowed["mode"]);
  if (!mode || *mode == Choice::none)
    return refuse_word(at.member("mode"), allowed["mode"], {"auto", "required"});
  const Place place = at.member("tools");
  const json::Value list = allowed["tools"];
  if (!list.is_array()) return refuse_type(place, list, "an array of tools");
  if (list.size() == 0) return refuse_empty_array(place);
  std::pmr::vector<bool> keep(request.tools.size(), false, request.tools.get_allocator());
  std::pmr::vector<chat::HostedTool> kept_hosted(request.hosted_tools.get_allocator());
  std::size_t index = 0;
  for (json::Value entry : list.elements()) {
    const Place entry_place = place.at(index++);
    if (const auto tool = offered.find(named_tool(entry).text())) {
      keep[*tool] = true;
      continue;
    }
    const std::size_t before = kept_hosted.size();
    std::ranges::copy(hosted_of(request, entry["type"]), std::back_inserter(kept_hosted));
    if (kept_hosted.size() == before)
      return refuse(entry_place, "is not one of the tools offered, as {type, function: {name}}");
  }
  std::pmr::vector<chat::Tool> kept(request.tools.get_allocator());
  for (std::size_t i = 0; i < keep.size(); ++i)
    if (keep[i]) kept.push_back(request.tools[i]);
  request.tools = std::move(kept);
  request.hosted_tools = std::move(kept_hosted);
  request.tool_choice.kind = *mode;
  return {};
}

/// `auto`, ..., or the name of a tool, as Hugging Face takes it.
Result<> choose_by_word(json::Value choice, const Place& at, const OfferedNames& offered,
                        chat::Request& request) {
  if (const auto kind = choice_word(choice)) {
    request.tool_choice.kind = *kind;
    return {};
  }
  if (!offered.find(choice.text())) return refuse_word(at, choice, {"none", "auto", "required", "any"});
  request.tool_choice = {Choice::named, choice.text(), {}};
  return {};
}

/// Where an object names the tool: OpenAI's forms of Chat and of Responses, and Anthropic's.
Result<> choose_by_object(json::Value choice, const Place& at, const OfferedNames& offered,
                          chat::Request& request) {
  const bool custom = choice["type"].equals("custom");
  const std::string_view member = custom ? "custom" : "function";
  if (choice["name"] && !choice[member])
    return choose_named(choice["name"], at.member("name"), offered, request);
  return choose_named(choice[member]["name"], at.member(member).member("name"), offered, request);
}

Result<> decode_choice(json::Value choice, const Place& at, const OfferedNames& offered,
                       chat::Request& request) {
  if (!choice) return {};
  if (choice.is_string()) return choose_by_word(choice, at, offered, request);
  const json::Value type = choice["type"];
  if (type.equals("allowed_tools")) {
    auto allowed = required_object(choice["allowed_tools"], at.member("allowed_tools"));
    if (!allowed) return fail(allowed);
    return restrict_tools(*allowed, at.member("allowed_tools"), offered, request);
  }
  if (const auto kind = choice_word(type)) {
    request.tool_choice.kind = *kind;
    return {};
  }
  const bool names_one = type.equals("function") || type.equals("custom") || type.equals("tool");
  if (names_one || (!type && choice["function"])) return choose_by_object(choice, at, offered, request);
  if (is_hosted(choice) && !request.hosted_tools.empty()) {
    request.tool_choice.hosted = choice;
    return {};
  }
  if (choice.is_object())
    return refuse_word(at.member("type"), type,
                       {"function", "custom", "allowed_tools", "none", "auto", "required", "any", "tool"});
  return refuse_type(at, choice, "one of a string or an object with a `type`");
}

Result<> decode_function_call(json::Value choice, const Place& at, const OfferedNames& offered,
                              chat::Request& request) {
  if (!choice) return {};
  if (choice.is_object()) return choose_named(choice["name"], at.member("name"), offered, request);
  const auto kind = choice_word(choice);
  if (!kind || *kind == Choice::required) return refuse_word(at, choice, {"none", "auto"});
  request.tool_choice.kind = *kind;
  return {};
}

Result<> decode_current(const ToolMembers& members, chat::Request& request) {
  const Place place("tools");
  if (auto done = decode_list(members.tools, place, tool, request); !done) return fail(done);
  if (request.tools.empty() && request.hosted_tools.empty()) return {};
  auto offered = OfferedNames::of(request, place);
  if (!offered) return fail(offered);
  request.parallel_tool_calls = members.parallel_tool_calls;
  return decode_choice(members.tool_choice, Place("tool_choice"), *offered, request);
}

/// A `function_call` holds one call, so the model is asked for no more.
Result<> decode_legacy(const ToolMembers& members, chat::Request& request) {
  const Place place("functions");
  if (auto done = decode_list(members.functions, place, function, request); !done) return fail(done);
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
    return refuse(Place("tool_choice"), "is only allowed to be `none` or `auto` where there are no `tools`");
  return {};
}

}  // namespace sluice::dialect::openai
