#include "dialect/responses/encode_tools.hpp"

#include "json/patch.hpp"

#include <algorithm>
#include <limits>
#include <string>

namespace sluice::dialect::responses {
namespace {

using Choice = chat::ToolChoice::Kind;
using Kind = chat::Tool::Kind;

constexpr std::string_view empty_schema = R"({"type":"object","properties":{}})";

class ToolWriter {
 public:
  explicit ToolWriter(Encoding& encoding)
      : encoding_(encoding), body_(encoding.body), request_(encoding.request) {}

  void write() {
    const json::Value search = request_.other("web_search_options");
    const bool offers_none = request_.tools.empty() && request_.hosted_tools.empty();
    if (offers_none && !search.is_object()) return;
    body_.key("tools").begin_array();
    write_list();
    if (search.is_object()) write_search(search);
    body_.end_array();
    if (offers_none) return;
    write_choice();
    if (request_.parallel_tool_calls) body_.key("parallel_tool_calls").boolean(*request_.parallel_tool_calls);
  }

 private:
  /// In the client's order: prompts that are kept by the provider begin with the tools.
  void write_list() {
    auto hosted = request_.hosted_tools.begin();
    const auto write_hosted_before = [&](std::uint32_t index) {
      for (; hosted != request_.hosted_tools.end() && hosted->index < index; ++hosted)
        body_.raw(hosted->source.raw());
    };
    for (const chat::Tool& tool : request_.tools) {
      write_hosted_before(tool.index);
      write_tool(tool,
                 (request_.legacy_functions ? "functions[" : "tools[") + std::to_string(tool.index) + "]");
    }
    write_hosted_before(std::numeric_limits<std::uint32_t>::max());
  }

  void write_tool(const chat::Tool& tool, const std::string& path) {
    if (tool.cache_control) encoding_.repeated.cache_control.at([&] { return path + ".cache_control"; });
    switch (tool.kind) {
      case Kind::function:
        return write_function(tool, path);
      case Kind::custom:
        return write_custom(tool);
    }
  }

  void begin_tool(std::string_view type, const chat::Tool& tool) {
    body_.begin_object().key("type").string(type).key("name").string(tool_name(tool.name, encoding_));
    if (!tool.description.empty()) body_.key("description").text(tool.description);
  }

  /// Unlike chat completions, this API holds the model to a schema unless it is told not to.
  void write_function(const chat::Tool& tool, const std::string& path) {
    begin_tool("function", tool);
    body_.key("parameters");
    write_schema(tool.parameters, path);
    const bool strict = tool.strict == true;
    if (strict && !encoding_.model().strict_tools)
      encoding_.repeated.strict.at([&] { return path + ".function.strict"; });
    body_.key("strict").boolean(strict && encoding_.model().strict_tools).end_object();
  }

  /// The schema as it is, except that its root must be of the type `object`.
  void write_schema(json::Value schema, const std::string& path) {
    if (!schema) {
      body_.raw(empty_schema);
      return;
    }
    const json::Value type = schema["type"];
    if (type.equals("object")) {
      body_.raw(schema.raw());
      return;
    }
    std::string whole;
    json::Patch patch(schema);
    patch.set("type", R"("object")");
    if (!schema["properties"] && !schema["$ref"] && !schema["anyOf"] && !schema["allOf"])
      patch.set("properties", "{}");
    patch.append_to(whole);
    body_.raw(whole);
    if (type) encoding_.repeated.schema_type.at([&] { return path + ".function.parameters.type"; });
  }

  /// Chat completions wrap a grammar once more than this API.
  void write_custom(const chat::Tool& tool) {
    begin_tool("custom", tool);
    const json::Value format = tool.source["custom"]["format"];
    const json::Value grammar = format["grammar"];
    if (grammar.is_object()) {
      body_.key("format").begin_object().key("type").string("grammar");
      for (const json::Member& member : grammar.members()) body_.key(member.key).raw(member.value.raw());
      body_.end_object();
    } else if (format.is_object()) {
      body_.key("format").raw(format.raw());
    }
    body_.end_object();
  }

  void write_search(json::Value options) {
    body_.begin_object().key("type").string("web_search");
    for (const json::Member& option : options.members()) {
      const json::Value place = option.value["approximate"];
      if (!option.key.equals("user_location") || !place.is_object()) {
        body_.key(option.key).raw(option.value.raw());
        continue;
      }
      body_.key("user_location").begin_object().key("type").string("approximate");
      for (const json::Member& member : place.members())
        if (!member.key.equals("type")) body_.key(member.key).raw(member.value.raw());
      body_.end_object();
    }
    body_.end_object();
  }

  void write_choice() {
    const chat::ToolChoice& choice = request_.tool_choice;
    switch (settled(choice.kind)) {
      case Choice::unset:
        if (choice.hosted) body_.key("tool_choice").raw(choice.hosted.raw());
        return;
      case Choice::none:
        body_.key("tool_choice").string("none");
        return;
      case Choice::automatic:
        body_.key("tool_choice").string("auto");
        return;
      case Choice::required:
        body_.key("tool_choice").string("required");
        return;
      case Choice::named:
        body_.key("tool_choice")
            .begin_object()
            .key("type")
            .string(is_custom(choice.name) ? "custom" : "function");
        body_.key("name").string(tool_name(choice.name, encoding_)).end_object();
    }
  }

  /// What is chosen, as far as the model can be held to it.
  Choice settled(Choice asked) {
    const bool forced = asked == Choice::required || asked == Choice::named;
    const bool thinks_too_much =
        encoding_.reasoning.reasons && !encoding_.model().forced_tool_choice_while_thinking;
    if (!forced || (encoding_.model().forced_tool_choice && !thinks_too_much)) return asked;
    encoding_.changes().mapped(request_.legacy_functions ? "function_call" : "tool_choice",
                               "sent as `auto`: this model cannot be told to call a tool");
    return Choice::automatic;
  }

  bool is_custom(json::Text name) const {
    std::string buffer;
    const std::string_view plain = name.decode(buffer);
    return std::ranges::any_of(request_.tools, [&](const chat::Tool& tool) {
      return tool.kind == Kind::custom && tool.name.equals(plain);
    });
  }

  Encoding& encoding_;
  json::Writer& body_;
  const chat::Request& request_;
};

}  // namespace

void name_tools(Encoding& encoding) {
  for (const chat::Tool& tool : encoding.request.tools) tool_name(tool.name, encoding);
}

void write_tools(Encoding& encoding) {
  ToolWriter(encoding).write();
}

}  // namespace sluice::dialect::responses
