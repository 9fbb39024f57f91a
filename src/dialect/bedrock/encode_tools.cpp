#include "dialect/bedrock/encode_tools.hpp"

#include "dialect/tool_schema.hpp"

#include <algorithm>

namespace sluice::dialect::bedrock {
namespace {

using Kind = chat::ToolChoice::Kind;

bool has_calls(const History& history) {
  return std::ranges::any_of(history.turns, [](const Turn& turn) { return !turn.calls.empty(); });
}

std::string path_of_tool(const chat::Request& request, const chat::Tool& tool) {
  return (request.legacy_functions ? "functions[" : "tools[") + std::to_string(tool.index) + "]";
}

/// Where the model cannot be forced, it is asked, and offered nothing else where one tool was named.
void settle_force(bool thinks, Encoding& encoding, ToolPlan& plan) {
  const auto& model = encoding.capabilities();
  const bool named = plan.choice == Kind::named;
  if (!model.forced_tool_choice || (thinks && !model.forced_tool_choice_while_thinking)) {
    plan.only_named = named;
    plan.choice = Kind::automatic;
    encoding.changes().mapped("tool_choice",
                              named ? "this model cannot be forced; the named tool is the only one offered"
                                    : "this model cannot be forced to call a tool; sent as `auto`");
  } else if (named && !model.converse.named_tool_choice) {
    plan.only_named = true;
    plan.choice = Kind::required;
    encoding.changes().mapped("tool_choice", "the named tool is the only one offered, and must be called");
  }
}

/// There is no such choice: the tools are left out, unless earlier calls need them.
void settle_none(bool history_has_calls, Encoding& encoding, ToolPlan& plan) {
  plan.offered = history_has_calls;
  plan.choice = Kind::unset;
  if (history_has_calls) plan.instruction = "Do not call any tool in your answer.";
  encoding.changes().add(history_has_calls ? chat::Change::Kind::emulated : chat::Change::Kind::mapped,
                         "tool_choice",
                         history_has_calls ? "this API has no such choice; the system prompt asks for it"
                                           : "this API has no such choice; the tools were left out");
}

/// Returns whether the model is held to it.
bool write_schema(const chat::Tool& tool, const std::string& path, Encoding& encoding) {
  const bool possible = tool.strict == true && encoding.capabilities().strict_tools;
  if (possible)
    return write_strict_tool_schema(tool.parameters, path, schema::Subset::converse, encoding.body,
                                    encoding.repeated.strict, encoding.changes());
  if (tool.strict == true) encoding.repeated.not_strict.at([&] { return path + ".function.strict"; });
  write_tool_schema(tool.parameters, path, encoding.body, encoding.changes());
  return false;
}

void write_tool(const chat::Tool& tool, const std::string& path, std::string_view name, Encoding& encoding) {
  json::Writer& json = encoding.body;
  json.begin_object().key("toolSpec").begin_object().key("name").string(name);
  if (!tool.description.is_blank()) json.key("description").text(tool.description);
  json.key("inputSchema").begin_object().key("json");
  const bool strict = write_schema(tool, path, encoding);
  json.end_object();
  if (strict) json.key("strict").boolean(true);
  json.end_object().end_object();
  if (encoding.rules().cache_points == catalog::ConverseRules::Cache::all) {
    encoding.cache_points.mark(json, tool.cache_control);
  } else if (tool.cache_control) {
    encoding.repeated.cache_control.at([&] { return path + ".cache_control"; });
  }
}

void write_placeholder(json::Writer& json) {
  json.begin_object().key("toolSpec").begin_object().key("name").string("unavailable");
  json.key("description").string("Stands for tools that are no longer there. Do not call it.");
  json.key("inputSchema").begin_object().key("json").raw(R"({"type":"object","properties":{}})");
  json.end_object().end_object().end_object();
}

void write_choice(const ToolPlan& plan, Encoding& encoding) {
  if (plan.choice == Kind::unset) return;
  json::Writer& json = encoding.body;
  json.key("toolChoice").begin_object();
  if (plan.choice == Kind::named) {
    json.key("tool").begin_object().key("name").string(
        encoding.out.renamed_tools.sent(encoding.request.tool_choice.name, max_tool_name));
  } else {
    json.key(plan.choice == Kind::required ? "any" : "auto").begin_object();
  }
  json.end_object().end_object();
}

}  // namespace

ToolPlan plan_tools(const History& history, bool thinks, Encoding& encoding) {
  const chat::Request& request = encoding.request;
  ToolPlan plan;
  const bool calls = has_calls(history);
  if (request.tools.empty()) {
    plan.placeholder = calls;
    if (calls)
      encoding.changes().add(
          chat::Change::Kind::emulated, "tools",
          "this API wants tools where the conversation has calls; one that does nothing was offered");
    return plan;
  }
  plan.offered = true;
  plan.choice = request.tool_choice.kind;
  if (plan.choice == Kind::required || plan.choice == Kind::named) settle_force(thinks, encoding, plan);
  if (plan.choice == Kind::none) settle_none(calls, encoding, plan);
  if (plan.offered && request.parallel_tool_calls == false && !encoding.rules().claude_members)
    encoding.changes().dropped("parallel_tool_calls", "this model cannot be kept to one call at a time");
  return plan;
}

Result<> write_tools(const ToolPlan& plan, Encoding& encoding) {
  const chat::Request& request = encoding.request;
  for (const chat::Tool& tool : request.tools)
    if (tool.kind != chat::Tool::Kind::function)
      return refuse(path_of_tool(request, tool) + ".type", "tools of other types than `function`", encoding);
  if (!plan.offered && !plan.placeholder) return {};
  encoding.body.key("toolConfig").begin_object().key("tools").begin_array();
  const std::string named = request.tool_choice.name.decode();
  for (const chat::Tool& tool : request.tools) {
    if (!plan.offered) break;
    const std::string_view name = encoding.out.renamed_tools.sent(tool.name, max_tool_name);
    if (plan.only_named && !tool.name.equals(named)) continue;
    write_tool(tool, path_of_tool(request, tool), name, encoding);
  }
  if (plan.placeholder) write_placeholder(encoding.body);
  encoding.body.end_array();
  write_choice(plan, encoding);
  encoding.body.end_object();
  return {};
}

}  // namespace sluice::dialect::bedrock
