#include "dialect/ollama/encode_tools.hpp"

#include <string>

namespace sluice::dialect::ollama {
namespace {

using Kind = chat::ToolChoice::Kind;

void write_tool(const chat::Tool& tool, const std::string& path, Encoding& encoding) {
  json::Writer& body = encoding.body;
  if (tool.cache_control) encoding.repeated.cache_control.at([&] { return path + ".cache_control"; });
  if (tool.strict == true) encoding.repeated.strict.at([&] { return path + ".function.strict"; });
  body.begin_object()
      .key("type")
      .string("function")
      .key("function")
      .begin_object()
      .key("name")
      .text(tool.name);
  if (!tool.description.empty()) body.key("description").text(tool.description);
  body.key("parameters")
      .raw(tool.parameters ? tool.parameters.raw() : R"({"type":"object","properties":{}})");
  body.end_object().end_object();
}

void report_choice(Encoding& encoding) {
  switch (encoding.request.tool_choice.kind) {
    case Kind::required:
      encoding.changes().dropped("tool_choice", "Ollama cannot force a model to call a tool");
      break;
    case Kind::named:
      encoding.changes().mapped(
          "tool_choice", "Ollama cannot force a model to call a tool; the named one is the only one offered");
      break;
    case Kind::none:
      encoding.changes().mapped("tool_choice", "Ollama has no such choice; the tools were left out");
      break;
    case Kind::unset:
    case Kind::automatic:
      break;
  }
  if (encoding.request.parallel_tool_calls == false)
    encoding.changes().dropped("parallel_tool_calls", "Ollama cannot keep a model to one call at a time");
}

}  // namespace

Result<> write_tools(Encoding& encoding) {
  const chat::Request& request = encoding.request;
  if (request.tools.empty()) return {};
  const auto path_of = [&](const chat::Tool& tool) {
    return (request.legacy_functions ? "functions[" : "tools[") + std::to_string(tool.index) + "]";
  };
  for (const chat::Tool& tool : request.tools)
    if (tool.kind != chat::Tool::Kind::function)
      return fail(Error(ErrorCode::unsupported_parameter, path_of(tool) + ".type: `" +
                                                              std::string(encoding.target.model) +
                                                              "` takes only tools of the type `function`")
                      .with_param(path_of(tool) + ".type"));
  report_choice(encoding);
  if (request.tool_choice.kind == Kind::none) return {};
  const bool only_named = request.tool_choice.kind == Kind::named;
  const std::string named = request.tool_choice.name.decode();
  encoding.body.key("tools").begin_array();
  for (const chat::Tool& tool : request.tools) {
    if (only_named && !tool.name.equals(named)) continue;
    write_tool(tool, path_of(tool), encoding);
  }
  encoding.body.end_array();
  return {};
}

}  // namespace sluice::dialect::ollama
