#include "dialect/gemini/encode_tools.hpp"

#include "dialect/gemini/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace sluice::dialect::gemini {
namespace {

using Choice = chat::ToolChoice::Kind;

Result<> write_function(const chat::Tool& tool, const std::string& path, Encoding& encoding) {
  if (tool.kind != chat::Tool::Kind::function)
    return refuse(path + ".type", "tools of other types than `function`", encoding);
  if (tool.cache_control) encoding.repeated.cache_control.at([&] { return path + ".cache_control"; });
  json::Writer& body = encoding.body;
  body.begin_object().key("name").string(tool_name(tool.name, encoding));
  if (!tool.description.empty()) body.key("description").text(tool.description);
  if (!takes_no_arguments(tool.parameters)) {
    body.key("parametersJsonSchema");
    if (!append_parameters(encoding.out.body, tool.parameters))
      encoding.repeated.schema.at([&] { return path + ".function.parameters"; });
  }
  body.end_object();
  return {};
}

Result<> write_functions(Encoding& encoding) {
  const chat::Request& request = encoding.request;
  encoding.body.begin_object().key("functionDeclarations").begin_array();
  for (const chat::Tool& tool : request.tools) {
    const std::string path =
        fmt::format("{}[{}]", request.legacy_functions ? "functions" : "tools", tool.index);
    if (auto written = write_function(tool, path, encoding); !written) return fail(written);
  }
  encoding.body.end_array().end_object();
  return {};
}

/// OpenAI's web_search_options: an empty object asks for a search with the usual settings.
bool wants_search(Encoding& encoding) {
  const json::Value options = encoding.request.source["web_search_options"];
  if (!options) return false;
  if (!encoding.request.tools.empty()) {
    encoding.changes().dropped("web_search_options",
                               "Gemini's search cannot stand beside the client's own tools");
    return false;
  }
  if (options.size() > 0)
    encoding.changes().dropped("web_search_options", "Gemini's search has no options; it was sent without");
  return true;
}

bool is_strict(const chat::Tool& tool) {
  return tool.strict.value_or(false);
}

/// The mode of functionCallingConfig; nothing where Gemini's default is meant.
std::optional<std::string_view> mode(Encoding& encoding) {
  const chat::Request& request = encoding.request;
  const auto& capabilities = encoding.capabilities();
  const bool strict = std::ranges::any_of(request.tools, is_strict);
  if (strict && !capabilities.strict_tools)
    encoding.changes().dropped("tools", "this model cannot be held to the schemas of `strict` tools");
  // VALIDATED is AUTO, held to the schemas.
  const std::string_view automatic = strict && capabilities.strict_tools ? "VALIDATED" : "AUTO";
  switch (request.tool_choice.kind) {
    case Choice::none:
      return "NONE";
    case Choice::automatic:
      return automatic;
    case Choice::required:
    case Choice::named:
      if (capabilities.forced_tool_choice) return "ANY";
      encoding.changes().mapped("tool_choice", "this model cannot be made to call a tool; `auto` was sent");
      return automatic;
    case Choice::unset:
      break;
  }
  return automatic == "VALIDATED" ? std::optional(automatic) : std::nullopt;
}

void write_tool_config(Encoding& encoding) {
  const auto chosen = mode(encoding);
  if (!chosen) return;
  json::Writer& body = encoding.body;
  body.key("toolConfig")
      .begin_object()
      .key("functionCallingConfig")
      .begin_object()
      .key("mode")
      .string(*chosen);
  const chat::ToolChoice& choice = encoding.request.tool_choice;
  if (choice.kind == Choice::named && *chosen == "ANY") {
    body.key("allowedFunctionNames").begin_array();
    body.string(tool_name(choice.name, encoding)).end_array();
  }
  body.end_object().end_object();
}

}  // namespace

void name_tools(Encoding& encoding) {
  for (const chat::Tool& tool : encoding.request.tools) tool_name(tool.name, encoding);
}

Result<> write_tools(Encoding& encoding) {
  const bool has_tools = !encoding.request.tools.empty();
  const bool searches = wants_search(encoding);
  if (!has_tools && !searches) return {};
  encoding.body.key("tools").begin_array();
  if (has_tools) {
    if (auto written = write_functions(encoding); !written) return fail(written);
  }
  if (searches) encoding.body.raw(R"({"googleSearch":{}})");
  encoding.body.end_array();
  if (!has_tools) return {};
  write_tool_config(encoding);
  if (encoding.request.parallel_tool_calls == false && encoding.request.tool_choice.kind != Choice::none)
    encoding.changes().dropped(encoding.request.legacy_functions ? "functions" : "parallel_tool_calls",
                               "Gemini cannot be kept from calling several tools at once");
  return {};
}

}  // namespace sluice::dialect::gemini
